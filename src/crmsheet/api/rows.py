"""Rows (demo data, files from outside) as the State of a new workbook.

Knows what a new workbook begins with: ids, numbers, lists. Does not judge values: what does not fit stays as it
is, and `checks` says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Final

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

_TOGETHER: Final = 500


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
        raws = _columns(given, [field.id for field in table.fields if not field.type.computed])
        for field in table.fields:
            if not field.type.computed:
                raw = raws.pop(field.id)
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


def _columns(rows: Sequence[Mapping[str, Raw]], fields: Sequence[str]) -> dict[str, list[Raw]]:
    """What rows hold of each field. Some rows at a time: of very many each is looked at sooner once for all fields."""
    columns: dict[str, list[Raw]] = {field: [] for field in fields}
    for first in range(0, len(rows), _TOGETHER):
        some = rows[first : first + _TOGETHER]
        for field, column in columns.items():
            column.extend(_column(some, field))
    return columns


def _column(rows: Sequence[Mapping[str, Raw]], field: str) -> list[Raw]:
    """What rows hold of a field; most hold something of all."""
    try:
        return list(map(itemgetter(field), rows))
    except KeyError:
        return [row.get(field) for row in rows]
