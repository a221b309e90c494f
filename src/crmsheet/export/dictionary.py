"""What is said about a book beside its rows: every field, every metric, the settings.

Knows what the spec says of them. Does not know how they are computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crmsheet.excel.numbers import general_text
from crmsheet.excel.values import Value
from crmsheet.export.entry import ROW_ID, Entry, Exported, text_columns
from crmsheet.export.relations import Column, Kind, Relation, Stored
from crmsheet.export.source import Source
from crmsheet.export.typed import typed
from crmsheet.formulas.render import to_spec
from crmsheet.formulas.tree import Node
from crmsheet.model.metrics import Metric, Span
from crmsheet.model.spec import Field, FieldType, Table
from crmsheet.model.words import Label

FIELDS = "_fields"
METRICS = "_metrics"
SETTINGS = "_settings"
_FIELD_TEXTS = (
    "table",
    "column",
    "field",
    "table_label_zh",
    "table_label_en",
    "label_zh",
    "label_en",
    "type",
    "stored_as",
    "unit",
    "list",
    "references",
    "definition",
    "help_zh",
    "help_en",
)
_METRIC_TEXTS = (
    "metric",
    "label_zh",
    "label_en",
    "type",
    "table",
    "agg",
    "field",
    "time",
    "filter",
    "expr",
    "numerator",
    "denominator",
    "of_metric",
    "base",
    "conversion",
    "entity",
    "window",
    "offset_window",
    "grain_to_date",
    "format",
    "unit",
    "good",
    "target",
    "description_zh",
    "description_en",
    "definition_zh",
    "definition_en",
    "edge_zh",
    "edge_en",
    "source_zh",
    "source_en",
)


def field_relation(entry: Entry, relations: Mapping[str, Relation]) -> Relation:
    """The data dictionary: a row for each exported column of a table."""
    texts: list[tuple[str | None, ...]] = []
    flags: list[tuple[bool, bool, bool, bool, bool]] = []
    for table in entry.tables:
        stored = {c.id: c.stored for c in relations[table.id].columns}
        row_id = Field(ROW_ID, Label("行号", "Row id"), FieldType.TEXT)
        texts.append(_field(entry, table, row_id, ROW_ID, "row_id", stored[ROW_ID], ""))
        flags.append((True, True, False, False, False))
        for one in entry.fields(table):
            own = one.own
            told = (own.required, own.unique, own.type.computed, own.private, own.audit)
            if one.column:
                type_ = own.type.value
                texts.append(_field(entry, table, own, one.column, type_, stored[one.column], _list(one)))
                flags.append(told)
            if one.id_column:
                kind = "row_id" if one.meaning.table else "item_id"
                texts.append(
                    _field(entry, table, own, one.id_column, kind, stored[one.id_column], _list(one))
                )
                flags.append(told)
    columns = text_columns(_FIELD_TEXTS, texts)
    names = ("required", "unique", "computed", "private", "audit")
    truths = (Column(n, Stored.BOOLEAN, tuple(f[i] for f in flags)) for i, n in enumerate(names))
    return Relation(FIELDS, Kind.ABOUT, (*columns, *truths))


def _list(one: Exported) -> str:
    return one.meaning.list


def _field(
    entry: Entry, table: Table, own: Field, column: str, kind: str, stored: Stored, list_id: str
) -> tuple[str | None, ...]:
    source = entry.source
    meant = source.meaning(table, own) if own.id != ROW_ID else None
    return (
        table.id,
        column,
        own.id,
        table.label.zh,
        table.label.en,
        own.label.zh,
        own.label.en,
        kind,
        stored.value,
        field_unit(source, own) if kind not in ("row_id", "item_id") else None,
        list_id,
        meant.table if meant is not None else None,
        field_definition(own, table.id),
        own.help.zh if own.help else None,
        own.help.en if own.help else None,
    )


def field_unit(source: Source, own: Field) -> str | None:
    kind = own.result if own.type.computed else own.type
    return _unit(source, own.format, kind)


def _unit(source: Source, format_: str, kind: FieldType | None = None) -> str | None:
    if kind is FieldType.CURRENCY or format_.startswith("currency"):
        return source.model.currency
    if kind is FieldType.PERCENT or format_.startswith("percent"):
        return "ratio"
    return "days" if format_ == "days" else None


def field_definition(own: Field, table: str) -> str | None:
    """How a computed field is computed, in the words of the spec."""
    if own.lookup is not None:
        found = f"{own.lookup.via}.{own.lookup.field}"
    elif own.rollup is not None:
        r = own.rollup
        what = f"{r.table}[{r.field}]" if r.field else r.table
        where = f" where {to_spec(r.where, r.table)}" if r.where is not None else ""
        found = f"{r.agg}({what}) via {r.via}{where}"
    elif own.of:
        by = f" by {own.words}" if own.words else ""
        found = f"{own.type} of {own.of}{by}"
    elif own.expr is not None:
        found = to_spec(own.expr, table)
    else:
        return None
    return f"{found}, unless {own.override} is filled" if own.override else found


def metric_relation(source: Source) -> Relation:
    """The definitions of all metrics."""
    return Relation(
        METRICS, Kind.ABOUT, text_columns(_METRIC_TEXTS, [_metric(source, m) for m in source.model.metrics])
    )


def _metric(source: Source, metric: Metric) -> tuple[str | None, ...]:
    target = metric.target
    return (
        metric.id,
        metric.label.zh,
        metric.label.en,
        metric.type.value,
        metric.table,
        metric.agg.value if metric.table else None,
        metric.field,
        metric.time,
        _expression(metric.filter, metric.table),
        _expression(metric.expr if metric.expr is not None else metric.having, ""),
        metric.numerator,
        metric.denominator,
        metric.metric,
        metric.base,
        metric.conversion,
        metric.entity,
        _span(metric.window),
        _span(metric.offset_window),
        metric.grain_to_date.value if metric.grain_to_date is not None else None,
        metric.format,
        _unit(source, metric.format),
        metric.good.value,
        f"{target.table}[{target.field}]" if target is not None else None,
        *_both(metric.description),
        *_both(metric.definition),
        *_both(metric.edge),
        *_both(metric.source),
    )


def _expression(node: Node | None, table: str) -> str | None:
    return to_spec(node, table) if node is not None else None


def _span(span: Span | None) -> str | None:
    return f"{'within ' * span.within}{span.count} {span.unit}" if span is not None else None


def _both(label: Label | None) -> tuple[str | None, str | None]:
    return (label.zh, label.en) if label is not None else (None, None)


def setting_relation(source: Source) -> Relation:
    """The settings, as the book has them."""
    settings = source.model.settings
    texts = [
        (
            s.id,
            s.label.zh,
            s.label.en,
            s.type.value,
            _shown(s.type, source.state.settings.get(s.id, s.value)),
        )
        for s in settings
    ]
    return Relation(
        SETTINGS, Kind.ABOUT, text_columns(("setting", "label_zh", "label_en", "type", "value"), texts)
    )


def _shown(kind: FieldType, value: Value) -> str | None:
    (found,) = typed(kind, [value]).values
    if isinstance(found, bool):
        return "true" if found else "false"
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and kind not in (FieldType.DATE, FieldType.DATETIME)
    ):
        return general_text(value)
    return None if found is None else str(found)


def about_relation(about: Mapping[str, str]) -> Relation:
    rows: Iterable[tuple[str, str]] = about.items()
    return Relation("_book", Kind.ABOUT, text_columns(("name", "value"), list(rows)))
