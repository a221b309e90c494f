"""Metrics and their targets.

Knows dbt's metric types and what each needs. Does not know boards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from crmsheet.formulas.tree import Measure, Node, walk
from crmsheet.model.metrics import Aggregation, Metric, MetricType, Target
from crmsheet.model.spec import FieldType
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.expressions import Expressions
from crmsheet.spec.resolve.kinds import NUMERIC, TEMPORAL
from crmsheet.spec.resolve.labels import Labels
from crmsheet.spec.resolve.paths import Paths
from crmsheet.spec.shapes.metrics import MetricShape, MetricWord, TargetShape
from crmsheet.spec.shapes.problems import did_you_mean

_BELONG: Final = {
    MetricWord.SIMPLE: ("table", "agg", "field", "time", "filter"),
    MetricWord.RATIO: ("numerator", "denominator"),
    MetricWord.DERIVED: ("expr",),
}
_TYPE_KEYS: Final = ("table", "agg", "field", "time", "filter", "numerator", "denominator", "expr")


@dataclass(frozen=True, slots=True)
class Metrics:
    """Resolves metrics."""

    shapes: dict[str, MetricShape]
    paths: Paths
    labels: Labels
    expressions: Expressions
    problems: Problems

    def resolved(self, name: str, shown: frozenset[str]) -> Metric | None:
        """A metric, None when its type is not available; helpers that no board shows need no label."""
        shape = self.shapes[name]
        path: Path = ("metrics", name)
        if shape.type in (MetricWord.CUMULATIVE, MetricWord.CONVERSION):
            self.problems.error(
                Code.NOT_AVAILABLE,
                (*path, "type"),
                f"metrics of type {shape.type} are not available in this version",
                remedy="Available: simple, ratio, derived.",
                allowed=("simple", "ratio", "derived"),
            )
            self.problems.broken.add(path)
            return None
        for key in _TYPE_KEYS:
            if key in shape.model_fields_set and key not in _BELONG[shape.type]:
                self.problems.error(
                    Code.DOES_NOT_APPLY,
                    (*path, key),
                    f"`{key}` means nothing for a metric of type {shape.type}",
                    remedy=f"A {shape.type} metric has {', '.join(_BELONG[shape.type])}.",
                    key=True,
                )
        table = self._table(shape, path) if shape.type is MetricWord.SIMPLE else ""
        simple = shape.type is MetricWord.SIMPLE
        return Metric(
            name,
            self.labels.of(shape.label, name, path, shown=name in shown),
            MetricType(shape.type.value),
            description=self.labels.text(shape.description, (*path, "description")),
            format=shape.format or self._format(shape, table),
            good=shape.good,
            min_n=shape.min_n,
            table=table,
            agg=shape.agg or Aggregation.COUNT,
            field=self._field(shape, table, path) if simple else "",
            time=self._time(shape, table, path) if simple else "",
            filter=self.expressions.condition(shape.filter, (*path, "filter"), table)
            if shape.filter is not None and table
            else None,
            numerator=self._part(name, "numerator") if shape.type is MetricWord.RATIO else "",
            denominator=self._part(name, "denominator") if shape.type is MetricWord.RATIO else "",
            expr=self._derived(shape, path) if shape.type is MetricWord.DERIVED else None,
            target=self._target(shape.target, (*path, "target")) if shape.target else None,
        )

    def _missing(self, shape: MetricShape, path: Path, key: str) -> None:
        if not self.problems.is_broken(*path[:2]):
            self.problems.error(
                Code.MISSING_KEY,
                path,
                f"a {shape.type} metric needs `{key}`",
                remedy=f"A {shape.type} metric has {', '.join(_BELONG[shape.type])}.",
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
                Code.UNKNOWN_TABLE, path, f"there is no table '{table}'", remedy=remedy, allowed=allowed
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
        if shape.type is MetricWord.RATIO:
            return "percent"
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
                    "count counts rows and takes no field",
                    remedy=f"""Remove it, or count rows where it is filled:  filter: '[{shape.field}]<>""'""",
                )
            return ""
        if shape.field is None:
            self._missing(shape, path, "field")
            return ""
        if not self._has_field(table, shape.field, (*path, "field")):
            return ""
        kind = self.paths.kinds.of(table, shape.field)
        dates = agg in (Aggregation.MIN, Aggregation.MAX) and kind.type in TEMPORAL
        if kind.type not in NUMERIC and not dates and agg is not Aggregation.COUNT_DISTINCT:
            self.problems.error(
                Code.METRIC_FIELD,
                (*path, "field"),
                f"{agg} needs numbers; '{table}.{shape.field}' is {kind.type}",
                remedy="Name a field with numbers, or use `agg: count`.",
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
                f"'{table}.{shape.time}' is {kind.type}, not a date",
                remedy=f"Dates of '{table}': {', '.join(dates)}"
                if dates
                else f"'{table}' has no date field.",
                allowed=dates,
            )
            return ""
        return shape.time

    def _part(self, name: str, key: str) -> str:
        shape = self.shapes[name]
        path: Path = ("metrics", name)
        wanted = shape.numerator if key == "numerator" else shape.denominator
        if wanted is None:
            self._missing(shape, path, key)
            return ""
        part = self.shapes.get(wanted)
        if part is None:
            self.unknown(wanted, (*path, key))
            return ""
        if part.type is not MetricWord.SIMPLE:
            self.problems.error(
                Code.METRIC_PART,
                (*path, key),
                f"'{wanted}' is a {part.type} metric; a ratio divides simple ones",
                remedy="For a quotient of other metrics use `type: derived` with an expression.",
            )
        return wanted

    def unknown(self, wanted: str, path: Path) -> None:
        """Reports that there is no such metric."""
        if not self.problems.is_broken("metrics", wanted):
            remedy, allowed = did_you_mean(wanted, self.shapes)
            self.problems.error(
                Code.UNKNOWN_METRIC, path, f"there is no metric '{wanted}'", remedy=remedy, allowed=allowed
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
                "the expression names no metric",
                remedy="Write metric ids.",
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
                    Code.TARGET, (*path, "field"), f"'{table}.{shape.field}' is {kind.type}, not a number"
                )
        if shape.time is not None and self._has_field(table, shape.time, (*path, "time")):
            kind = kinds.of(table, shape.time)
            if kind.type not in TEMPORAL:
                self.problems.error(
                    Code.TARGET,
                    (*path, "time"),
                    f"'{table}.{shape.time}' is {kind.type}, not a date",
                    remedy="The month of a target is a date, such as its first day.",
                )
        by = tuple(
            (key, field)
            for key, field in shape.by.items()
            if self._has_field(table, field, (*path, "by", key))
        )
        where = self.expressions.condition(shape.where, (*path, "where"), table) if shape.where else None
        return Target(table, shape.field, where, by, shape.time or "")
