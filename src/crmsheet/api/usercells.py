"""The cells of people that a refresh fills or changes, each with its reason; every other one is left alone.

Two cases: a row typed since the last refresh gets the spec's defaults in its empty cells; a list value that
people relabelled on the Lists sheet is relabelled in the rows that hold it. Knows no more of a workbook than
its reading, and writes nothing: edits are returned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crmsheet.compile.symbols import AS_OF
from crmsheet.excel.dates import serial_of_parts
from crmsheet.excel.references import a1
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Boolean, Call, Item, Name, Node, Number, Text
from crmsheet.model.literals import default
from crmsheet.model.several import parted, reworded, with_signs
from crmsheet.model.spec import Field, FieldType, Table
from crmsheet.model.state import State, TableState
from crmsheet.read import Reading
from crmsheet.refresh import Note, NoteKind
from crmsheet.sheetml.contents import SheetCells
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.structs import dataclass, replace


@dataclass(frozen=True, slots=True)
class UserCells:
    """A reading with these cells as they will be, the edits that make them so, and what to tell people."""

    reading: Reading
    edits: tuple[tuple[str, CellEdit], ...]
    notes: tuple[Note, ...]


def settled(reading: Reading, as_of: int) -> UserCells:
    """The reading with defaults filled and relabelled values carried into the rows."""
    edits: list[tuple[str, CellEdit]] = []
    notes: list[Note] = []
    tables: dict[str, TableState] = dict(reading.state.tables)
    words = dict(_new_words(reading))
    counts: dict[tuple[str, str], int] = {}
    for table in reading.record.model.tables:
        columns = dict(tables[table.id].columns)
        for field in table.fields:
            if field.type.computed or field.id not in columns:
                continue
            column = list(columns[field.id])
            signed = with_signs(row.label for row in reading.state.lists.get(field.list, ()))
            for index, label in _relabelled(field, column, words.get(field.list, {}), signed):
                old = str(column[index])
                counts[field.list, old] = counts.get((field.list, old), 0) + 1
                column[index] = label
                edits.append(_edit(reading, table, field, index, label))
            for index, value in _defaults(reading, table, field, column, as_of):
                column[index] = value
                edits.append(_edit(reading, table, field, index, value))
                notes.append(_filled_note(reading, table, field, index, value))
            columns[field.id] = tuple(column)
        tables[table.id] = replace(tables[table.id], columns=columns)
    for list_id, mapping in words.items():
        label = reading.record.model.list(list_id).label.text(reading.record.language)
        for old, new in mapping.items():
            cells = sum(
                n
                for (of, text), n in counts.items()
                if of == list_id and old in parted(text, with_signs((old,)))
            )
            notes.append(
                Note(
                    NoteKind.LIST_RELABELLED,
                    reading.layout.sheets.get("lists", ""),
                    "",
                    label,
                    old,
                    f"{new} ({cells})",
                )
            )
    selectors, chosen = _selectors(reading, words)
    edits += chosen
    if not edits:
        return UserCells(reading, (), tuple(notes))
    state = replace(reading.state, tables=tables, selectors=selectors)
    return UserCells(replace(reading, state=state), tuple(edits), tuple(notes))


def _new_words(reading: Reading) -> Iterator[tuple[str, Mapping[str, str]]]:
    """List id to old label to new label, of items that people relabelled; an old word that another item has
    now is left out, since nobody can tell which of the two a row means."""
    for list_id, before in reading.record.lists.items():
        now = reading.state.lists.get(list_id, ())
        taken = {row.label for row in now}
        changed = {
            before[row.id]: row.label
            for row in now
            if row.label
            and before.get(row.id, row.label) not in ("", row.label)
            and before[row.id] not in taken
        }
        if changed:
            yield list_id, changed


def _relabelled(
    field: Field, column: list[Value], words: Mapping[str, str], signed: frozenset[str]
) -> Iterator[tuple[int, str]]:
    if not words or field.type not in (FieldType.CHOICE, FieldType.MULTI_CHOICE):
        return
    for index, value in enumerate(column):
        if isinstance(value, str):
            several = field.type is FieldType.MULTI_CHOICE
            new = reworded(value, words, signed) if several else words.get(value, value)
            if new != value:
                yield index, new


def _defaults(
    reading: Reading, table: Table, field: Field, column: list[Value], as_of: int
) -> Iterator[tuple[int, Value]]:
    """Empty cells of a field with a default, in rows new to the workbook."""
    given = default(field)
    value = _constant(given, reading.state, as_of) if given is not None else None
    if value is not None:
        for index in reading.rows[table.id].identity.new:
            if column[index] is None or column[index] == "":
                yield index, value


def _constant(node: Node, state: State, as_of: int) -> Value:
    """What a default says; None for what depends on the row."""
    match node:
        case Number(value):
            return int(value) if value.is_integer() else value
        case Text(value) | Boolean(value):
            return value
        case Call("DATE", (Number(year), Number(month), Number(day))):
            return serial_of_parts(int(year), int(month), int(day))
        case Item(list_id, item):
            return next((r.label for r in state.lists.get(list_id, ()) if r.id == item), None)
        case Name(name):
            return as_of if name == AS_OF else state.settings.get(name)
        case _:
            return None


def _selectors(
    reading: Reading, words: Mapping[str, Mapping[str, str]]
) -> tuple[dict[str, Value], list[tuple[str, CellEdit]]]:
    """Selectors that show a relabelled value follow it."""
    values = dict(reading.state.selectors)
    edits: list[tuple[str, CellEdit]] = []
    for board in reading.record.model.boards:
        for selector in board.selectors:
            key = f"{board.id}.{selector.id}"
            new = words.get(selector.list, {}).get(str(values.get(key)))
            if new is not None:
                anchor, row, column = reading.record.inputs[f"selectors.{key}"]
                place = reading.layout.anchors[anchor]
                values[key] = new
                edits.append(
                    (place.sheet, CellEdit(place.rows[row], place.columns[column], EditKind.VALUE, new))
                )
    return values, edits


def _edit(reading: Reading, table: Table, field: Field, index: int, value: Value) -> tuple[str, CellEdit]:
    place = reading.layout.tables[table.id]
    return place.sheet, CellEdit(place.rows[index], place.columns[field.id], EditKind.VALUE, value)


def _filled_note(reading: Reading, table: Table, field: Field, index: int, value: Value) -> Note:
    from crmsheet.checks.subject import shown_value

    place = reading.layout.tables[table.id]
    cell = a1(place.rows[index], place.columns[field.id])
    return Note(
        NoteKind.DEFAULT_FILLED,
        place.sheet,
        cell,
        place.headers[field.id],
        "",
        shown_value(value, field.type),
    )


def is_held_back(cells: SheetCells, row: int, column: int) -> bool:
    """Whether a cell is not to be written: people's formula stands there, or it lies hidden under a merged one."""
    there = cells.at(row, column)
    if there is not None and there.formula is not None:
        return True
    return any(
        m.top <= row <= m.bottom and m.left <= column <= m.right and (row, column) != (m.top, m.left)
        for m in cells.scan.merges
    )
