"""Metrics and their targets.

Knows dbt's metric types and what each is made of. Does not know boards, nor how tables and fields are found
(`metricsources`, `metricrows`).
"""

from __future__ import annotations

from typing import Final, assert_never

from crmsheet.formulas.tree import Measure, Node, walk
from crmsheet.messages import listed, say
from crmsheet.model.metrics import Aggregation, Metric, MetricType, NotApplicable, Span, Target
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.expressions import Expressions
from crmsheet.spec.resolve.formats import check_format
from crmsheet.spec.resolve.kinds import NUMERIC, TEMPORAL
from crmsheet.spec.resolve.labels import Labels
from crmsheet.spec.resolve.metricrows import MetricRows
from crmsheet.spec.resolve.metricsources import BELONG, MetricSources
from crmsheet.spec.resolve.paths import Paths
from crmsheet.spec.resolve.spans import span
from crmsheet.spec.shapes.metrics import MetricShape, MetricWord, TargetShape
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.structs import dataclass, replace

_TYPE_KEYS: Final = tuple(dict.fromkeys(key for keys in BELONG.values() for key in keys))
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
            if key in shape.model_fields_set and key not in BELONG[shape.type]:
                self.problems.error(
                    Code.DOES_NOT_APPLY,
                    (*path, key),
                    say("`{key}` means nothing for a metric of type {type}", key=key, type=shape.type),
                    remedy=say(
                        "A {type} metric has {belong}.", type=shape.type, belong=listed(BELONG[shape.type])
                    ),
                    key=True,
                )
        check_format(shape.format, path, self.problems)
        table = self._sources.table(shape, path) if shape.type is MetricWord.SIMPLE else ""
        common = Metric(
            name,
            self.labels.of(shape.label, name, path, shown=name in shown),
            MetricType(shape.type.value),
            description=self.labels.text(shape.description, (*path, "description")),
            format=shape.format or self._sources.format(shape, table),
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
            field=self._sources.field(shape, table, path),
            time=self._sources.time(shape, table, path),
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
            window=self._span(shape.window, (*path, "window"), looks_back=True),
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
        entity = self._sources.entity(shape, tables, path)
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

    @property
    def _sources(self) -> MetricSources:
        return MetricSources(self.shapes, self.paths, self.problems)

    @property
    def _rows(self) -> MetricRows:
        return MetricRows(self.shapes, self.paths, self.expressions, self.problems)

    def _span(self, text: str | None, path: Path, *, looks_back: bool = False) -> Span | None:
        settings = self.expressions.settings
        return span(text, path, settings, self.problems, looks_back=looks_back) if text is not None else None

    def _not_applicable(self, shape: MetricShape, path: Path) -> tuple[NotApplicable, ...]:
        found = []
        for index, one in enumerate(shape.not_applicable):
            at = (*path, "not_applicable", index)
            when = self.expressions.measures(one.when, (*at, "when"))
            reason = self.labels.text(one.reason, (*at, "reason"))
            if when is not None and reason is not None:
                found.append(NotApplicable(when, reason))
        return tuple(found)

    def _part(self, name: str, key: str, types: tuple[MetricWord, ...]) -> str:
        """Another metric that this one is made of, of one of these types."""
        shape = self.shapes[name]
        path: Path = ("metrics", name)
        wanted: str | None = getattr(shape, key)
        if wanted is None:
            self._sources.missing(shape, path, key)
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
            self._sources.missing(shape, path, "expr")
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
        table = self._sources.known_table(shape.table, (*path, "table"))
        if not table:
            return None
        if self._sources.has_field(table, shape.field, (*path, "field")):
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
        if shape.time is not None and self._sources.has_field(table, shape.time, (*path, "time")):
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
            if self._sources.has_field(table, field, (*path, "by", key))
        )
        where = self.expressions.condition(shape.where, (*path, "where"), table) if shape.where else None
        return Target(table, shape.field, where, by, shape.time or "")
