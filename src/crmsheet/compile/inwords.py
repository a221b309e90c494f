"""Formulas, fields and metrics in the words of the workbook, for the Guide.

Knows labels. Does not know addresses: a formula here is to be read, not computed.
"""

from __future__ import annotations

from typing import assert_never

from crmsheet.compile.measures import reach_text, span_text
from crmsheet.compile.scope import DATES, Scope
from crmsheet.compile.symbols import AS_OF
from crmsheet.compile.validations import allowed_text
from crmsheet.compile.words import AGGREGATIONS, TYPES, attribute_label, say
from crmsheet.formulas.render import render
from crmsheet.formulas.tree import Measure, Name, Node, rewritten
from crmsheet.model.metrics import Aggregation, Metric, MetricType
from crmsheet.model.spec import Field, FieldType, Rollup, Table
from crmsheet.model.words import Label
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class LabelAddresses:
    """References as labels; implements `formulas.render.Addresses`."""

    scope: Scope

    def cell(self, table: str, field: str) -> str:
        return f"[{self._field(table, field)}]"

    def column(self, table: str, field: str) -> str:
        return f"{self.scope.table_label(table)}[{self._field(table, field)}]"

    def name(self, id: str) -> str:
        if id == AS_OF:
            return self.scope.say("today")
        for setting in self.scope.context.model.settings:
            if setting.id == id:
                return self.scope.context.text(setting.label)
        for metric in self.scope.context.model.metrics:
            if metric.id == id:
                return metric_called(self.scope, metric)
        return id

    def item(self, list: str, item: str) -> str:
        return f'"{self.scope.lists[list].label(self.scope.context, item)}"'

    def spot(self, anchor: str, row: int, column: int) -> str:
        return f"{anchor}({row},{column})"

    def area(self, anchor: str, top: int, left: int, bottom: int, right: int) -> str:
        return f"{anchor}({top},{left},{bottom},{right})"

    def _field(self, table: str, field: str) -> str:
        owner = self.scope.table(table)
        return self.scope.label(owner.field(field)) if owner.has_field(field) else field


def formula_text(scope: Scope, node: Node) -> str:
    """A formula with labels instead of references."""
    named = rewritten(node, lambda n: Name(n.metric) if isinstance(n, Measure) else None)
    return render(named, LabelAddresses(scope))


def type_text(scope: Scope, field: Field) -> str:
    return TYPES[field.type].text(scope.context.language)


def field_text(scope: Scope, table: Table, field: Field) -> str:
    """Help, and what a field accepts or how it is computed."""
    about = scope.context.text(field.help) if field.help else ""
    if field.type is FieldType.ID and about:
        return _sentence(scope, about)
    gap = "" if scope.context.language == "zh" else " "
    return gap.join(part for part in (_sentence(scope, about), _accepts(scope, table, field)) if part)


def _sentence(scope: Scope, text: str) -> str:
    """A text with a full stop."""
    stop = "。" if scope.context.language == "zh" else "."
    return text if not text or text[-1] in "。.！!？?…" else text + stop


def _accepts(scope: Scope, table: Table, field: Field) -> str:
    if field.rollup is not None:
        return _sentence(scope, rollup_text(scope, field.rollup))
    if field.lookup is not None:
        via = table.field(field.lookup.via)
        return _sentence(scope, f"{scope.label(via)} → {_lookup_target(scope, via, field.lookup.field)}")
    if field.expr is not None:
        return f"= {formula_text(scope, field.expr)}"
    if field.of:
        return scope.say(field.type, text=scope.label(table.field(field.of)))
    if field.type is FieldType.ID:
        return scope.say("assigned")
    if field.type is FieldType.CHOICE and not field.depends_on and scope.lists[field.list].options:
        labels = scope.say("list_join").join(scope.lists[field.list].options)
        return _sentence(scope, scope.say("one_of", options=labels))
    return allowed_text(scope, table, field)


def _lookup_target(scope: Scope, via: Field, target: str) -> str:
    if via.list:
        return attribute_label(scope.context.language, target)
    return scope.label(scope.table(via.table).field(target))


def rollup_text(scope: Scope, rollup: Rollup) -> str:
    fact = scope.table(rollup.table)
    name = scope.context.text(fact.label)
    if rollup.field:
        agg = _aggregation(scope, rollup.agg, fact.field(rollup.field))
        field = scope.label(fact.field(rollup.field))
        text = scope.say("metric_of", agg=agg, field=field, table=name)
    else:
        text = scope.say("metric_count", table=name)
    if rollup.where is not None:
        text += scope.say("metric_filter", filter=formula_text(scope, rollup.where))
    return text


def _aggregation(scope: Scope, agg: Aggregation, field: Field) -> str:
    kind = field.result if field.type.computed else field.type
    if kind in DATES and agg in (Aggregation.MIN, Aggregation.MAX):
        return scope.say("earliest" if agg is Aggregation.MIN else "latest")
    return AGGREGATIONS[agg].text(scope.context.language)


def metric_called(scope: Scope, metric: Metric) -> str:
    """A metric's name; helpers that have none are written out."""
    if metric.label == Label.same(metric.id):
        return f"({metric_text(scope, metric)})"
    return scope.context.text(metric.label)


def metric_text(scope: Scope, metric: Metric) -> str:
    """How a metric is computed."""
    model = scope.context.model
    match metric.type:
        case MetricType.RATIO:
            return scope.say(
                "metric_ratio",
                numerator=metric_called(scope, model.metric(metric.numerator)),
                denominator=metric_called(scope, model.metric(metric.denominator)),
            )
        case MetricType.DERIVED:
            text = formula_text(scope, metric.expr) if metric.expr is not None else ""
            return text + reach_text(scope.context, metric)
        case MetricType.CUMULATIVE:
            return metric_called(scope, model.metric(metric.metric)) + reach_text(scope.context, metric)
        case MetricType.CONVERSION:
            return scope.say(
                "metric_conversion" if metric.window is not None else "metric_conversion_ever",
                base=metric_called(scope, model.metric(metric.base)),
                conversion=metric_called(scope, model.metric(metric.conversion)),
                span=span_text(scope.context, metric.window) if metric.window is not None else "",
            )
        case MetricType.SIMPLE if metric.per_row:
            return _per_row_text(scope, metric)
        case MetricType.SIMPLE:
            text = rollup_text(scope, Rollup(metric.table, "", metric.agg, metric.field, metric.filter))
            if metric.time:
                time = scope.label(scope.table(metric.table).field(metric.time))
                text += scope.say("metric_time", time=time)
            return text
        case _:
            assert_never(metric.type)


def _per_row_text(scope: Scope, metric: Metric) -> str:
    """Rows counted by what other metrics are for each."""
    name = scope.context.text(scope.table(metric.table).label)
    if metric.expr is None and not metric.field:
        text = scope.say("metric_count", table=name)
    else:
        agg = AGGREGATIONS[metric.agg].text(scope.context.language)
        taken = formula_text(scope, metric.expr) if metric.expr is not None else ""
        taken = taken or scope.label(scope.table(metric.table).field(metric.field))
        text = scope.say("metric_of", agg=agg, field=taken, table=name)
    if metric.top is not None:
        text += scope.say("metric_first" if metric.top == 1 else "metric_top", count=metric.top)
    if metric.having is not None:
        text += scope.say("metric_filter", filter=formula_text(scope, metric.having))
    if metric.filter is not None:
        text += scope.say("metric_filter", filter=formula_text(scope, metric.filter))
    return text


def unit_text(scope: Scope, metric: Metric) -> str:
    word = metric.format or ("percent" if metric.type is MetricType.RATIO else "")
    if word.startswith("currency"):
        return scope.context.model.currency
    if word.startswith("percent") or word.endswith("%"):
        return "%"
    if word == "days":
        return say(scope.context.language, "unit_days")
    return say(scope.context.language, "unit_number")
