"""Cells of people that a changed spec changes: values that it calls otherwise, numbers of a new id field.

Knows each with its reason. Writes nothing: edits are returned.
"""

from __future__ import annotations

from crmsheet.api.restructuring.change import Change
from crmsheet.excel.values import same_value
from crmsheet.model.carrying import Carried
from crmsheet.refresh import Note, NoteKind
from crmsheet.refresh.structure.arrange import Arrangement
from crmsheet.sheetml.edits import CellEdit, EditKind


def user_cells(
    change: Change, over: Carried, arrangement: Arrangement
) -> tuple[tuple[tuple[str, CellEdit], ...], tuple[Note, ...]]:
    """Cells of tables that hold another value now: list values that the spec relabelled, new numbers."""
    edits: list[tuple[str, CellEdit]] = []
    notes: list[Note] = []
    counts: dict[tuple[str, str, str], int] = {}
    for table in change.new.tables:
        former = change.pairs.tables.get(table.id)
        place = arrangement.layout.tables.get(table.id)
        if former is None or place is None or former not in change.reading.tables:
            continue
        held = change.reading.tables[former]
        for f in table.fields:
            if f.type.computed or f.id not in place.columns:
                continue
            at = place.columns[f.id]
            for row, value in zip(place.rows, over.state.tables[table.id].columns[f.id], strict=True):
                cell = held.cells.at(row, at) if at <= held.part.ref.right else None
                there = cell.value if cell is not None else None
                if value is not None and not same_value(there, value):
                    edits.append((place.sheet, CellEdit(row, at, EditKind.VALUE, value)))
                    if isinstance(there, str) and f.list:
                        key = f.list, there, str(value)
                        counts[key] = counts.get(key, 0) + 1
    for list_id, words in over.relabelled.items():
        label = change.new.list(list_id).label.text(change.record.language)
        for old, new in words.items():
            cells = sum(n for (which, was, _), n in counts.items() if which == list_id and old in was)
            notes.append(
                Note(
                    NoteKind.LIST_RELABELLED,
                    arrangement.layout.sheets.get("lists", ""),
                    "",
                    label,
                    old,
                    f"{new} ({cells})",
                )
            )
    return tuple(edits), tuple(notes)
