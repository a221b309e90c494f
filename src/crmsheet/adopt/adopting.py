"""A workbook as people keep it, to a spec in draft.

Knows the order of the steps. Does not know what they do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crmsheet.adopt.drafts import Draft, FieldDraft, Remark, TableDraft
from crmsheet.adopt.kinds import Kind
from crmsheet.adopt.links import linked
from crmsheet.adopt.naming import is_chinese
from crmsheet.adopt.tables import drafted
from crmsheet.excel.references import column_letters
from crmsheet.intake.books import Book
from crmsheet.intake.grids import Raw
from crmsheet.model.spec import FieldType
from crmsheet.model.words import Language
from crmsheet.structs import replace


def draft_of(book: Book) -> Draft:
    """The tables of a workbook in draft; without any, nothing in it looks like one."""
    return linked(drafted(book))


def language_of(draft: Draft) -> Language:
    """The language that most headers are in."""
    headers = [f.header for t in draft.tables for f in t.fields if f.header]
    chinese = sum(is_chinese(h) for h in headers)
    return Language.ZH if chinese * 2 >= max(1, len(headers)) else Language.EN


def rows_of(draft: Draft) -> Mapping[str, Sequence[Mapping[str, Raw]]]:
    """The rows of each table, by field id."""
    return {t.id: _rows(t) for t in draft.tables}


def _rows(table: TableDraft) -> list[dict[str, Raw]]:
    inputs = [f for f in table.fields if not f.expr and not f.rollup]
    return [{f.id: f.raw[i] for f in inputs} for i in range(table.size)]


def without(draft: Draft, table_id: str, item: str, why: str) -> Draft:
    """The draft with one thing taken back to what is always possible: a formula to its values, a reference or list
    to text, a rule to nothing. The reason is told."""
    tables = tuple(_without(t, item) if t.id == table_id else t for t in draft.tables)
    table = next(t for t in draft.tables if t.id == table_id)
    place = next((column_letters(f.column) for f in table.fields if f.id == item and f.column >= 0), "")
    remarks = tuple(r for r in draft.remarks if r.about != f"{table_id}.{item}")
    return replace(draft, tables=tables, remarks=(*remarks, Remark(table.sheet, place, why)))


def _without(table: TableDraft, item: str) -> TableDraft:
    rules = tuple(r for r in table.rules if r.id != item)
    return replace(table, rules=rules, fields=tuple(_plain(f) if f.id == item else f for f in table.fields))


def _plain(field: FieldDraft) -> FieldDraft:
    if field.expr or field.rollup:
        return replace(field, expr="", rollup=())
    return replace(field, kind=Kind(FieldType.TEXT), list="", table="", unique=False)
