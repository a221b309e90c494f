"""A whole export: which relations there are, in order.

Knows the order. Does not know what stands in a relation, nor in which file.
"""

from __future__ import annotations

from crmsheet.export.dictionary import about_relation, field_relation, metric_relation, setting_relation
from crmsheet.export.entry import Entry, text_columns
from crmsheet.export.flat import flat
from crmsheet.export.relations import Dataset, Kind, Relation
from crmsheet.export.source import Shape, Source, Wish
from crmsheet.export.star import DATES, Star
from crmsheet.model.spec import FieldType

MISFITS = "_misfits"


def dataset(source: Source, wish: Wish) -> Dataset:
    """All that is asked for. Works inside the date system of the book."""
    entry = Entry(source, wish)
    tables = {t.id: entry.relation(t) for t in entry.tables}
    left_out = {t.id: n for t in entry.tables if (n := entry.left_out(t))}
    about = {
        "name": source.model.name,
        "title": source.model.title.text(source.shown),
        "book_code": source.book_code,
        "as_of": source.as_of.isoformat(),
        "language": source.shown.value,
        "currency": source.model.currency,
        "version": source.version,
    }
    relations: list[Relation] = []
    if Shape.TABLES in wish.shapes:
        relations += tables.values()
        relations += [
            entry.items(t, e)
            for t in entry.tables
            for e in entry.fields(t)
            if e.meaning.kind is FieldType.MULTI_CHOICE and e.meaning.list and e.column
        ]
        relations += [entry.list_rows(x) for x in entry.lists]
    relations += _shaped(entry, tables, wish)
    relations += (
        about_relation(about),
        field_relation(entry, tables),
        metric_relation(source),
        setting_relation(source),
    )
    if entry.misfits:
        texts = [(m.table, m.row, m.field, m.value) for m in entry.misfits]
        relations.append(
            Relation(MISFITS, Kind.ABOUT, text_columns(("table", "row_id", "field", "value"), texts))
        )
    return Dataset(about, tuple(relations), tuple(entry.misfits), left_out, len(entry.private))


def _shaped(entry: Entry, tables: dict[str, Relation], wish: Wish) -> list[Relation]:
    """The star, and what is joined of it."""
    if Shape.STAR not in wish.shapes and Shape.FLAT not in wish.shapes:
        return []
    star = Star(entry, tables)
    dimensions = {r.id: r for r in map(star.dimension, star.dimensions)}
    facts = [(t, star.fact(t)) for t in star.facts]
    if facts:
        dimensions[DATES] = star.days()
    found: list[Relation] = []
    if Shape.STAR in wish.shapes:
        found += [*dimensions.values(), *(fact for _, fact in facts)]
    if Shape.FLAT in wish.shapes:
        found += [flat(star.named("flat", t.id), fact, star.main_date(t), dimensions) for t, fact in facts]
    return found
