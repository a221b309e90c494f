"""Rows of people's that a command enters into a filled workbook: changed, added, taken out.

Knows which cells that means, where new rows find room, and what is in the way. Nothing of people's shifts: a row that
is taken out leaves a blank one, which the next new row fills. Does not know where rows come from, nor what they mean;
the reading it gives back is recomputed like any other.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import islice

from crmsheet.api.entries import Entered, Entering, NewRow
from crmsheet.api.usercells import is_held_back
from crmsheet.diagnostics import CellPlace, Diagnostic
from crmsheet.errors import WorkbookRefused
from crmsheet.excel import limits
from crmsheet.excel.references import RangeRef, a1
from crmsheet.excel.values import Value, same_value
from crmsheet.messages import say
from crmsheet.model.identity import row_id
from crmsheet.model.spec import FieldType, Table
from crmsheet.model.state import TableState
from crmsheet.model.visible_ids import filled
from crmsheet.read import Reading
from crmsheet.refresh import Note, NoteKind
from crmsheet.refresh.cells import shown
from crmsheet.refresh.structure.ground import Ground
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.structs import replace


def entered(reading: Reading, contents: Contents, entering: Entering) -> Entered:
    """Carry changes out in a reading. Raises WorkbookRefused where rows find no room, KeyError for a table, field or
    row that is not there, ValueError where a row id is added that is taken."""
    edits: list[tuple[str, CellEdit]] = []
    notes: list[Note] = []
    fresh: dict[str, range] = {}
    for table_id, changes in entering.items():
        if changes:
            work = _Work(reading, contents, reading.record.model.table(table_id))
            work.remove(changes.removals)
            work.update(changes.updates)
            work.add(changes.additions)
            reading = work.done()
            edits += ((work.place.sheet, edit) for edit in work.edits.values())
            notes += work.notes
            if work.fresh:
                fresh[table_id] = work.fresh
    return Entered(reading, tuple(edits), tuple(notes), fresh)


class _Work:
    """One table as its rows change."""

    def __init__(self, reading: Reading, contents: Contents, table: Table) -> None:
        self.reading, self.contents, self.table = reading, contents, table
        self.found = reading.tables[table.id]
        self.place = reading.layout.tables[table.id]
        state = reading.state.tables[table.id]
        self.ids = list(state.ids)
        self.columns = {name: list(values) for name, values in state.columns.items()}
        self.inputs = frozenset(self.place.columns[name] for name in self.columns)
        self.theirs = frozenset(range(self.place.first_column, self.place.last_column + 1)).difference(
            self.place.columns.values()
        )
        self.rows = list(self.place.rows)
        self.index = {id_: index for index, id_ in enumerate(self.ids) if id_}
        self.emptied: set[int] = set()
        self.new: list[int] = []
        self.fresh = range(0)
        self.renamed: list[int] = []
        self.next_row = reading.next_row
        self.edits: dict[tuple[int, int], CellEdit] = {}
        self.notes: list[Note] = []

    def _write(self, row: int, column: int, value: Value, style: int | None = None) -> None:
        self.edits[row, column] = CellEdit(row, column, EditKind.VALUE, value, style=style)

    def remove(self, removals: Iterable[str]) -> None:
        for id_ in removals:
            index = self.index.pop(id_)
            row = self.rows[index]
            for column, cell in self.found.cells.row(row).items():
                # What people compute in a column of their own goes on for the next row that stands here.
                typed = column in self.theirs and cell.formula is None
                if (typed or column in self.inputs) and (cell.value is not None or cell.formula is not None):
                    self._write(row, column, None)
            self.ids[index] = ""
            for values in self.columns.values():
                values[index] = None
            self.emptied.add(row)

    def update(self, updates: Mapping[str, Mapping[str, Value]]) -> None:
        for id_, values in updates.items():
            index = self.index[id_]
            row = self.rows[index]
            for name, value in values.items():
                column, old = self.place.columns[name], self.columns[name][index]
                if same_value(old, value):
                    continue
                if is_held_back(self.found.cells, row, column):
                    header = self.place.headers[name]
                    at = a1(row, column)
                    self.notes.append(
                        Note(NoteKind.CELL_HELD_BACK, self.place.sheet, at, header, shown(old), shown(value))
                    )
                    continue
                self.columns[name][index] = value
                self._write(row, column, value)
                if name == self.table.key:
                    self.renamed.append(index)

    def add(self, additions: Sequence[NewRow]) -> None:
        if not additions:
            return
        self._ensure_right(additions)
        free, below = self._room(len(additions))
        if self._is_unwritten(below):
            self.fresh = below
        styles = self._styles()
        ids = {f.id for f in self.table.fields if f.type is FieldType.ID}
        own = [(n, v, self.place.columns[n], styles.get(n), n in ids) for n, v in self.columns.items()]
        for new, row in zip(additions, (*free, *below), strict=True):
            index = self._placed(row)
            self.ids[index] = new.id or row_id(self.reading.record.book_code, self.next_row)
            self.next_row += not new.id
            self.index[self.ids[index]] = index
            self.new.append(index)
            for name, values, column, style, assigned in own:
                values[index] = value = new.values.get(name)
                # Visible ids are put into their empty cells with all else that is ours.
                if value is not None and not assigned and row not in self.fresh:
                    cell = self.found.cells.at(row, column) if row <= self.found.last_row else None
                    self._write(row, column, value, style if cell is None or not cell.style else None)

    def _ensure_right(self, additions: Sequence[NewRow]) -> None:
        taken = {id_ for mark in self.reading.record.tables.values() for id_ in mark.rows}
        taken.update(id_ for state in self.reading.state.tables.values() for id_ in state.ids)
        for new in additions:
            if new.id in taken and new.id:
                raise ValueError(f"the row id {new.id} is taken")
            if unknown := new.values.keys() - self.columns.keys():
                raise KeyError(", ".join(sorted(unknown)))

    def _is_unwritten(self, rows: range) -> bool:
        """Whether rows below the table can be put in whole: none of them is written, for this table or another."""
        numbers = self.found.cells.scan.rows.numbers
        alone = [t.sheet for t in self.reading.layout.tables.values()].count(self.place.sheet) == 1
        return bool(rows) and alone and bisect_left(numbers, rows.start) == bisect_left(numbers, rows.stop)

    def _placed(self, row: int) -> int:
        """The index of a sheet row in the state, which has one from now on."""
        if row not in self._indexes:
            self._indexes[row] = len(self.rows)
            self.rows.append(row)
            self.ids.append("")
            for values in self.columns.values():
                values.append(None)
        return self._indexes[row]

    @cached_property
    def _indexes(self) -> dict[int, int]:
        return {row: index for index, row in enumerate(self.rows)}

    def _styles(self) -> dict[str, int]:
        """The format that input cells have, by field: that of the table's last row."""
        cells = {
            name: self.found.cells.at(self.found.last_row, self.place.columns[name]) for name in self.columns
        }
        return {name: cell.style for name, cell in cells.items() if cell is not None}

    def _room(self, count: int) -> tuple[list[int], range]:
        """The sheet rows where so many rows find room: blank rows of the table first, then those below it."""
        inside = range(self.found.first_row, self.found.last_row + 1)
        used = {row for row, id_ in zip(self.rows, self.ids, strict=True) if id_}
        free = list(islice((row for row in inside if row not in used and self._is_blank(row)), count))
        first = max((self.found.last_row, *self.rows)) + 1
        below = range(first, first + count - len(free))
        if below:
            self._ensure_free(below)
        return free, below

    def _is_blank(self, row: int) -> bool:
        if row in self.emptied:
            return True
        return not any(
            cell.value not in (None, "") and (column in self.inputs or cell.formula is None)
            for column, cell in self.found.cells.row(row).items()
            if column in self.inputs or column in self.theirs
        )

    def _ensure_free(self, rows: range) -> None:
        """Raise WorkbookRefused when something stands where a table is to grow."""
        sheet, label = self.place.sheet, self.table.label.text(self.reading.record.language)
        if self.found.part.totals_rows:
            raise _no_room(
                sheet, label, len(rows), rows[0] - 1, self.place.first_column, say("its total row")
            )
        if rows[-1] >= limits.ROWS:
            raise _no_room(
                sheet,
                label,
                len(rows),
                limits.ROWS - 1,
                self.place.first_column,
                say("the end of the sheet"),
            )
        ground = Ground.of(self.contents, sheet, (), first_row=rows[0])
        area = RangeRef(rows[0], self.place.first_column, rows[-1], self.place.last_column)
        taken = ground.first_taken(area)
        if taken is not None:
            raise _no_room(sheet, label, len(rows), *taken, say("what stands there"))

    def done(self) -> Reading:
        """The reading with the rows as they are now."""
        reading, table = self.reading, self.table
        next_ids = dict(reading.next_ids)
        columns = {name: tuple(values) for name, values in self.columns.items()}
        blank = [not id_ for id_ in self.ids]
        for field_ in table.fields:
            if field_.type is FieldType.ID and field_.id in columns:
                key = f"{table.id}.{field_.id}"
                columns[field_.id], next_ids[key] = filled(
                    columns[field_.id], blank, field_.format, next_ids.get(key, 1)
                )
        rows, found = tuple(self.rows), reading.rows[table.id]
        below = tuple(self.rows[index] for index in self.new if self.rows[index] > self.found.last_row)
        identity = replace(
            found.identity,
            ids=tuple(self.ids),
            next_row=self.next_row,
            new=(*found.identity.new, *self.new),
            renamed=(*found.identity.renamed, *(i for i in self.renamed if i not in found.identity.renamed)),
        )
        return replace(
            reading,
            state=replace(
                reading.state,
                tables={**reading.state.tables, table.id: TableState(tuple(self.ids), columns)},
            ),
            layout=replace(
                reading.layout, tables={**reading.layout.tables, table.id: replace(self.place, rows=rows)}
            ),
            rows={
                **reading.rows,
                table.id: replace(found, rows=rows, adopted=(*found.adopted, *below), identity=identity),
            },
            next_row=self.next_row,
            next_ids=next_ids,
        )


def _no_room(sheet: str, label: str, count: int, row: int, column: int, what: str) -> WorkbookRefused:
    return WorkbookRefused(
        Diagnostic(
            "W220",
            say(
                "{count:,} new rows find no room below the table '{label}': {what} is in the way",
                count=count,
                label=label,
                what=what,
            ),
            CellPlace(sheet, a1(row, column)),
            remedy=say(
                "Move that aside (Total Row: Table Design, clear the tick), save the workbook and run again."
            ),
        )
    )
