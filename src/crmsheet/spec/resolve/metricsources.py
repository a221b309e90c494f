"""What a metric is taken from: its table, field, date and entity, and how its values look.

Knows which keys a metric of each type has, and that what is missing or does not exist is told once. Does not know
what a metric does with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from crmsheet.messages import listed, say
from crmsheet.model.metrics import Aggregation
from crmsheet.model.spec import FieldType
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.kinds import NUMERIC, TEMPORAL
from crmsheet.spec.resolve.paths import Paths
from crmsheet.spec.shapes.metrics import MetricShape, MetricWord
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.structs import dataclass

BELONG: Final = {
    MetricWord.SIMPLE: ("table", "agg", "field", "time", "filter", "having", "expr", "top", "via"),
    MetricWord.RATIO: ("numerator", "denominator", "not_applicable"),
    MetricWord.DERIVED: ("expr", "offset_window", "sample", "not_applicable"),
    MetricWord.CUMULATIVE: ("metric", "window", "grain_to_date", "whole", "period_agg", "not_applicable"),
    MetricWord.CONVERSION: ("base", "conversion", "entity", "window", "via", "not_applicable"),
}


@dataclass(frozen=True, slots=True)
class MetricSources:
    """Finds what metrics name."""

    shapes: Mapping[str, MetricShape]
    paths: Paths
    problems: Problems

    def missing(self, shape: MetricShape, path: Path, key: str) -> None:
        """Reports that a metric lacks a key that its type needs."""
        if not self.problems.is_broken(*path[:2]):
            self.problems.error(
                Code.MISSING_KEY,
                path,
                say("a {type} metric needs `{key}`", type=shape.type, key=key),
                remedy=say(
                    "A {type} metric has {belong}.", type=shape.type, belong=listed(BELONG[shape.type])
                ),
                key=True,
            )

    def table(self, shape: MetricShape, path: Path) -> str:
        """The table whose rows count; empty when it is not named or not there."""
        if shape.table is None:
            self.missing(shape, path, "table")
            return ""
        return self.known_table(shape.table, (*path, "table"))

    def known_table(self, table: str, path: Path) -> str:
        """The table, if there is one of that name; else empty."""
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

    def has_field(self, table: str, field: str, path: Path) -> bool:
        """Whether a table has a field."""
        if self.paths.kinds.field(table, field) is not None:
            return True
        if not self.problems.is_broken("tables", table, "fields", field):
            self.paths.unknown(table, field, path)
        return False

    def entity(self, shape: MetricShape, tables: Sequence[str], path: Path) -> str:
        """The table that converts: named itself, or by a reference of a fact table."""
        if shape.entity is None:
            self.missing(shape, path, "entity")
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

    def field(self, shape: MetricShape, table: str, path: Path) -> str:
        """The field that is aggregated; empty where rows are counted."""
        agg = shape.agg
        if not table:
            return ""
        if agg is None:
            self.missing(shape, path, "agg")
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
                self.missing(shape, path, "field")
            return ""
        if shape.expr is not None:
            self.problems.error(
                Code.METRIC_FIELD,
                (*path, "field"),
                say("`expr` says what is taken of each row, `field` too"),
                remedy=say("Keep one of them."),
            )
        if not self.has_field(table, shape.field, (*path, "field")):
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

    def time(self, shape: MetricShape, table: str, path: Path) -> str:
        """The date that says when a row counts; empty without one."""
        if shape.time is None or not table:
            return ""
        at = (*path, "time")
        if not self.has_field(table, shape.time, at):
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

    def format(self, shape: MetricShape, table: str) -> str:
        """Without a format: a ratio is a percentage, an aggregate looks as its field does."""
        if shape.type in (MetricWord.RATIO, MetricWord.CONVERSION):
            return "percent"
        if shape.type is MetricWord.CUMULATIVE:
            inner = self.shapes.get(shape.metric or "")
            deep = inner is not None and inner.type is MetricWord.CUMULATIVE
            if inner is None or deep:
                return inner.format or "" if inner is not None else ""
            return inner.format or self.format(inner, inner.table or "")
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
