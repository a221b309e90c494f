"""Metrics and their targets.

Knows dbt's metric types and what each needs. Does not know boards.
"""

from __future__ import annotations

from typing import Final, assert_never

from crmsheet.formulas.tree import Measure, Node, walk
from crmsheet.messages import listed, say
from crmsheet.model.metrics import Aggregation, Metric, MetricType, NotApplicable, Span, Target
from crmsheet.model.spec import FieldType
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.expressions import Expressions
from crmsheet.spec.resolve.kinds import NUMERIC, TEMPORAL
from crmsheet.spec.resolve.labels import Labels
from crmsheet.spec.resolve.metricrows import MetricRows
from crmsheet.spec.resolve.paths import Paths
from crmsheet.spec.resolve.spans import span
from crmsheet.spec.shapes.metrics import MetricShape, MetricWord, TargetShape
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.structs import dataclass, replace

_BELONG: Final = {
    MetricWord.SIMPLE: ("table", "agg", "field", "time", "filter", "having", "expr", "top", "via"),
    MetricWord.RATIO: ("numerator", "denominator", "not_applicable"),
    MetricWord.DERIVED: ("expr", "offset_window", "sample", "not_applicable"),
    MetricWord.CUMULATIVE: ("metric", "window", "grain_to_date", "whole", "period_agg", "not_applicable"),
    MetricWord.CONVERSION: ("base", "conversion", "entity", "window", "via", "not_applicable"),
}
_TYPE_KEYS: Final = tuple(dict.fromkeys(key for keys in _BELONG.values() for key in keys))
_TOTALS: Final = (MetricWord.SIMPLE, MetricWord.DERIVED, MetricWord.CUMULATIVE)
"""What a ratio divides: a rate of rates is nothing."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """Resolves metrics."""

    shapes: dict[str, MetricShape]
    paths: Paths
    labels: Labels
    expressions: Expressions
    problems: Problems

    def resolved(self, name: str, shown: frozenset[str]) -> Metric:
        """A metric; helpers that no board shows need no label."""
        shape = self.shapes[name]
        path: Path = ("metrics", name)
        for key in _TYPE_KEYS:
            if key in shape.model_fields_set and key not in _BELONG[shape.type]:
                self.problems.error(
                    Code.DOES_NOT_APPLY,
                    (*path, key),
                    say("`{key}` means nothing for a metric of type {type}", key=key, type=shape.type),
                    remedy=say(
                        "A {type} metric has {belong}.", type=shape.type, belong=listed(_BELONG[shape.type])
                    ),
                    key=True,
                )
        table = self._table(shape, path) if shape.type is MetricWord.SIMPLE else ""
        common = Metric(
            name,
            self.labels.of(shape.label, name, path, shown=name in shown),
            MetricType(shape.type.value),
            description=self.labels.text(shape.description, (*path, "description")),
            format=shape.format or self._format(shape, table),
            good=shape.good,
            min_n=shape.min_n,
            target=self._target(shape.target, (*path, "target")) if shape.target else None,
            not_applicable=self._not_applicable(shape, path),
            definition=self.labels.text(shape.definition, (*path, "definition")),
            edge=self.labels.text(shape.edge, (*path, "edge")),
            source=self.labels.text(shape.source, (*path, "source")),
        )
        match shape.type:
            case MetricWord.SIMPLE:
                return self._simple(common, shape, table, path)
            case MetricWord.RATIO:
                return replace(
                    common,
                    numerator=self._part(name, "numerator", _TOTALS),
                    denominator=self._part(name, "denominator", _TOTALS),
                )
            case MetricWord.DERIVED:
                return replace(
                    common,
                    expr=self._derived(shape, path),
                    offset_window=self._span(shape.offset_window, (*path, "offset_window")),
                    sample=self._part(name, "sample", tuple(MetricWord)) if shape.sample else "",
                )
            case MetricWord.CUMULATIVE:
                return self._cumulative(common, shape, path)
            case MetricWord.CONVERSION:
                return self._conversion(common, shape, path)
            case _:
                assert_never(shape.type)

    def _simple(self, common: Metric, shape: MetricShape, table: str, path: Path) -> Metric:
        having = self.expressions.measures(shape.having, (*path, "having")) if shape.having else None
        expr = self.expressions.measures(shape.expr, (*path, "expr")) if shape.expr else None
        if shape.top is not None and (shape.expr is None or shape.agg is not Aggregation.SUM):
            self.problems.error(
                Code.DOES_NOT_APPLY,
                (*path, "top"),
                say("`top` adds up the largest values of an expression for each row"),
                remedy=say("It needs  agg: sum  and  expr: …"),
                key=True,
            )
        per_row = shape.having is not None or shape.expr is not None
        if per_row and shape.agg is Aggregation.COUNT_DISTINCT:
            self.problems.error(
                Code.METRIC_FIELD,
                (*path, "agg"),
                say("count_distinct does not look at what metrics are for each row"),
                remedy=say("Use count: every row of the table is one of its own."),
            )
        via: tuple[tuple[str, str], ...] = ()
        if table and per_row:
            via = self._rows.ways(common.id, table, path, having, expr)
        filter_ = None
        if shape.filter is not None and table:
            filter_ = self.expressions.condition(shape.filter, (*path, "filter"), table)
        return replace(
            common,
            table=table,
            agg=shape.agg or Aggregation.COUNT,
            field=self._field(shape, table, path),
            time=self._time(shape, table, path),
            filter=filter_,
            having=having,
            expr=expr,
            top=shape.top,
            via=via,
        )

    def _cumulative(self, common: Metric, shape: MetricShape, path: Path) -> Metric:
        if shape.window is not None and shape.grain_to_date is not None:
            self.problems.error(
                Code.DOES_NOT_APPLY,
                (*path, "grain_to_date"),
                say("`window` and `grain_to_date` exclude each other"),
                remedy=say("Keep one: a window goes back so far, a grain to its beginning."),
                key=True,
            )
        if shape.whole and shape.grain_to_date is None:
            self.problems.error(
                Code.DOES_NOT_APPLY,
                (*path, "whole"),
                say("`whole` needs `grain_to_date`"),
                remedy=say("Such as  grain_to_date: quarter"),
                key=True,
            )
        return replace(
            common,
            metric=self._part(common.id, "metric", tuple(MetricWord)),
            window=self._span(shape.window, (*path, "window")),
            grain_to_date=shape.grain_to_date,
            whole=shape.whole,
            period_agg=shape.period_agg,
        )

    def _conversion(self, common: Metric, shape: MetricShape, path: Path) -> Metric:
        base = self._part(common.id, "base", (MetricWord.SIMPLE,))
        conversion = self._part(common.id, "conversion", (MetricWord.SIMPLE,))
        tables = []
        for key, metric in (("base", base), ("conversion", conversion)):
            given = self.shapes.get(metric)
            if given is None:
                continue
            tables.append(given.table or "")
            if given.agg is not Aggregation.COUNT or given.time is None:
                self.problems.error(
                    Code.METRIC_PART,
                    (*path, key),
                    say("'{metric}' counts no events", metric=metric),
                    remedy=say("A conversion goes from one count with a `time` to another."),
                )
        entity = self._entity(shape, tables, path)
        via: tuple[tuple[str, str], ...] = ()
        if entity:
            via = tuple(
                (fact, self._rows.way(fact, entity, shape.via.get(fact, ""), (*path, "entity"), common.id))
                for fact in dict.fromkeys(tables)
                if fact != entity and self.paths.kinds.table(fact) is not None
            )
        return replace(
            common,
            base=base,
            conversion=conversion,
            entity=entity,
            via=tuple((fact, way) for fact, way in via if way),
            window=self._span(shape.window, (*path, "window")),
        )

    def _entity(self, shape: MetricShape, tables: list[str], path: Path) -> str:
        """The table that converts: named itself, or by a reference of a fact table."""
        if shape.entity is None:
            self._missing(shape, path, "entity")
            return ""
        if self.paths.kinds.table(shape.entity) is not None:
            return shape.entity
        for table in tables:
            if self.paths.kinds.field(table, shape.entity) is not None:
                kind = self.paths.kinds.of(table, shape.entity)
                if kind.type is FieldType.REFERENCE:
                    return kind.table
        remedy, allowed = did_you_mean(shape.entity, self.paths.kinds.shape.tables)
        self.problems.error(
            Code.UNKNOWN_TABLE,
            (*path, "entity"),
            say("'{entity}' is neither a table nor a reference to one", entity=shape.entity),
            remedy=remedy,
            allowed=allowed,
        )
        return ""

    @property
    def _rows(self) -> MetricRows:
        return MetricRows(self.shapes, self.paths, self.expressions, self.problems)

    def _span(self, text: str | None, path: Path) -> Span | None:
        return span(text, path, self.expressions.settings, self.problems) if text is not None else None

    def _not_applicable(self, shape: MetricShape, path: Path) -> tuple[NotApplicable, ...]:
        found = []
        for index, one in enumerate(shape.not_applicable):
            at = (*path, "not_applicable", index)
            when = self.expressions.measures(one.when, (*at, "when"))
            reason = self.labels.text(one.reason, (*at, "reason"))
            if when is not None and reason is not None:
                found.append(NotApplicable(when, reason))
        return tuple(found)

    def _missing(self, shape: MetricShape, path: Path, key: str) -> None:
        if not self.problems.is_broken(*path[:2]):
            self.problems.error(
                Code.MISSING_KEY,
                path,
                say("a {type} metric needs `{key}`", type=shape.type, key=key),
                remedy=say(
                    "A {type} metric has {belong}.", type=shape.type, belong=listed(_BELONG[shape.type])
                ),
                key=True,
            )

    def _table(self, shape: MetricShape, path: Path) -> str:
        if shape.table is None:
            self._missing(shape, path, "table")
            return ""
        return self._known_table(shape.table, (*path, "table"))

    def _known_table(self, table: str, path: Path) -> str:
        if self.paths.kinds.table(table) is not None:
            return table
        if not self.problems.is_broken("tables", table):
            remedy, allowed = did_you_mean(table, self.paths.kinds.shape.tables)
            self.problems.error(
                Code.UNKNOWN_TABLE,
                path,
                say("there is no table '{table}'", table=table),
                remedy=remedy,
                allowed=allowed,
            )
        return ""

    def _has_field(self, table: str, field: str, path: Path) -> bool:
        if self.paths.kinds.field(table, field) is not None:
            return True
        if not self.problems.is_broken("tables", table, "fields", field):
            self.paths.unknown(table, field, path)
        return False

    def _format(self, shape: MetricShape, table: str) -> str:
        """Without a format: a ratio is a percentage, an aggregate looks as its field does."""
        if shape.type in (MetricWord.RATIO, MetricWord.CONVERSION):
            return "percent"
        if shape.type is MetricWord.CUMULATIVE:
            inner = self.shapes.get(shape.metric or "")
            deep = inner is not None and inner.type is MetricWord.CUMULATIVE
            if inner is None or deep:
                return inner.format or "" if inner is not None else ""
            return inner.format or self._format(inner, inner.table or "")
        if shape.type is MetricWord.DERIVED or not table:
            return ""
        if shape.agg in (None, Aggregation.COUNT, Aggregation.COUNT_DISTINCT):
            return "integer"
        field = self.paths.kinds.field(table, shape.field or "")
        kind = self.paths.kinds.of(table, shape.field) if shape.field and field else None
        if field is not None and field.format:
            return field.format
        formats = {
            FieldType.CURRENCY: "currency",
            FieldType.PERCENT: "percent",
            FieldType.DATE: "date",
            FieldType.INTEGER: "integer" if shape.agg is not Aggregation.AVERAGE else "",
        }
        return formats.get(kind.type, "") if kind else ""

    def _field(self, shape: MetricShape, table: str, path: Path) -> str:
        agg = shape.agg
        if not table:
            return ""
        if agg is None:
            self._missing(shape, path, "agg")
            return ""
        if agg is Aggregation.COUNT:
            if shape.field is not None:
                self.problems.error(
                    Code.METRIC_FIELD,
                    (*path, "field"),
                    say("count counts rows and takes no field"),
                    remedy=say(
                        "Remove it, or count rows where it is filled:  filter: '[{field}]<>\"\"'",
                        field=shape.field,
                    ),
                )
            return ""
        if shape.field is None:
            if shape.expr is None:
                self._missing(shape, path, "field")
            return ""
        if shape.expr is not None:
            self.problems.error(
                Code.METRIC_FIELD,
                (*path, "field"),
                say("`expr` says what is taken of each row, `field` too"),
                remedy=say("Keep one of them."),
            )
        if not self._has_field(table, shape.field, (*path, "field")):
            return ""
        kind = self.paths.kinds.of(table, shape.field)
        dates = agg in (Aggregation.MIN, Aggregation.MAX) and kind.type in TEMPORAL
        if kind.type not in NUMERIC and not dates and agg is not Aggregation.COUNT_DISTINCT:
            self.problems.error(
                Code.METRIC_FIELD,
                (*path, "field"),
                say(
                    "{agg} needs numbers; '{table}.{field}' is {type}",
                    agg=agg,
                    table=table,
                    field=shape.field,
                    type=kind.type,
                ),
                remedy=say("Name a field with numbers, or use `agg: count`."),
            )
        return shape.field

    def _time(self, shape: MetricShape, table: str, path: Path) -> str:
        if shape.time is None or not table:
            return ""
        at = (*path, "time")
        if not self._has_field(table, shape.time, at):
            return ""
        kind = self.paths.kinds.of(table, shape.time)
        if kind.type not in TEMPORAL:
            dates = [f for f in self.paths.fields(table) if self.paths.kinds.of(table, f).type in TEMPORAL]
            self.problems.error(
                Code.METRIC_TIME,
                at,
                say("'{table}.{time}' is {type}, not a date", table=table, time=shape.time, type=kind.type),
                remedy=say("Dates of '{table}': {dates}", table=table, dates=listed(dates))
                if dates
                else say("'{table}' has no date field.", table=table),
                allowed=dates,
            )
            return ""
        return shape.time

    def _part(self, name: str, key: str, types: tuple[MetricWord, ...]) -> str:
        """Another metric that this one is made of, of one of these types."""
        shape = self.shapes[name]
        path: Path = ("metrics", name)
        wanted: str | None = getattr(shape, key)
        if wanted is None:
            self._missing(shape, path, key)
            return ""
        part = self.shapes.get(wanted)
        if part is None:
            self.unknown(wanted, (*path, key))
            return ""
        if part.type not in types:
            quotient = types == _TOTALS
            self.problems.error(
                Code.METRIC_PART,
                (*path, key),
                say(
                    "'{wanted}' is a {type} metric; here stands one of type {types}",
                    wanted=wanted,
                    type=part.type,
                    types=listed(types),
                ),
                remedy=say("For a quotient of rates use `type: derived` with an expression.")
                if quotient
                else "",
            )
        return wanted

    def unknown(self, wanted: str, path: Path) -> None:
        """Reports that there is no such metric."""
        if not self.problems.is_broken("metrics", wanted):
            remedy, allowed = did_you_mean(wanted, self.shapes)
            self.problems.error(
                Code.UNKNOWN_METRIC,
                path,
                say("there is no metric '{wanted}'", wanted=wanted),
                remedy=remedy,
                allowed=allowed,
            )

    def _derived(self, shape: MetricShape, path: Path) -> Node | None:
        if shape.expr is None:
            self._missing(shape, path, "expr")
            return None
        node = self.expressions.measures(shape.expr, (*path, "expr"))
        if node is not None and not any(isinstance(n, Measure) for n in walk(node)):
            self.problems.error(
                Code.METRIC_PART,
                (*path, "expr"),
                say("the expression names no metric"),
                remedy=say("Write metric ids."),
            )
        return node

    def _target(self, shape: TargetShape, path: Path) -> Target | None:
        kinds = self.paths.kinds
        table = self._known_table(shape.table, (*path, "table"))
        if not table:
            return None
        if self._has_field(table, shape.field, (*path, "field")):
            kind = kinds.of(table, shape.field)
            if kind.type not in NUMERIC:
                self.problems.error(
                    Code.TARGET,
                    (*path, "field"),
                    say(
                        "'{table}.{field}' is {type}, not a number",
                        table=table,
                        field=shape.field,
                        type=kind.type,
                    ),
                )
        if shape.time is not None and self._has_field(table, shape.time, (*path, "time")):
            kind = kinds.of(table, shape.time)
            if kind.type not in TEMPORAL:
                self.problems.error(
                    Code.TARGET,
                    (*path, "time"),
                    say(
                        "'{table}.{time}' is {type}, not a date", table=table, time=shape.time, type=kind.type
                    ),
                    remedy=say("The month of a target is a date, such as its first day."),
                )
        by = tuple(
            (key, field)
            for key, field in shape.by.items()
            if self._has_field(table, field, (*path, "by", key))
        )
        where = self.expressions.condition(shape.where, (*path, "where"), table) if shape.where else None
        return Target(table, shape.field, where, by, shape.time or "")
