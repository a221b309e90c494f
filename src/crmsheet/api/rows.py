"""Rows (demo data, files from outside) as the State of a new workbook.

Knows what a new workbook begins with: ids, numbers, lists. Does not judge values: what does not fit stays as it
is, and `checks` says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter

from crmsheet.excel.values import Value
from crmsheet.intake.evidence import evidence
from crmsheet.intake.grids import Raw, Rows
from crmsheet.intake.values import Converter
from crmsheet.model.identity import row_ids
from crmsheet.model.spec import FieldType, Model
from crmsheet.model.state import ListRow, State, TableState
from crmsheet.model.visible_ids import filled
from crmsheet.model.words import Language

__all__ = ["Raw", "Rows", "initial_state"]


def initial_state(
    model: Model, language: Language, rows: Rows, book_code: str
) -> tuple[State, int, dict[str, int]]:
    """The State of a new workbook, the next row number, and the next visible number by `table.field`."""
    next_row = 1
    next_ids: dict[str, int] = {}
    tables: dict[str, TableState] = {}
    lists = {
        x.id: tuple(ListRow(i.id, i.label.text(language), i.parent, dict(i.attributes)) for i in x.items)
        for x in model.lists
    }
    for table in model.tables:
        given = rows.get(table.id, ())
        ids = tuple(row_ids(book_code, next_row, len(given)))
        next_row += len(given)
        columns: dict[str, tuple[Value, ...]] = {}
        for field in table.fields:
            if not field.type.computed:
                raw = _column(given, field.id)
                convert = Converter(model, language, field, evidence=evidence(field, raw))
                columns[field.id] = tuple(convert.column(raw).values)
        for field in table.fields:
            if field.type is FieldType.ID:
                columns[field.id], next_ids[f"{table.id}.{field.id}"] = filled(
                    columns[field.id], [False] * len(ids), field.format, 1
                )
        tables[table.id] = TableState(ids, columns)
    settings = {s.id: s.value for s in model.settings}
    return State(tables, lists, settings), next_row, next_ids


def _column(rows: Sequence[Mapping[str, Raw]], field: str) -> list[Raw]:
    """What rows hold of a field; most hold something of all."""
    try:
        return list(map(itemgetter(field), rows))
    except KeyError:
        return [row.get(field) for row in rows]
