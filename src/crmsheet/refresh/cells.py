"""Owned cells against the cells that are there: which differ in meaning, and the edits that mend them.

Knows formulas as texts that may be written differently, and values with their types. Does not know which
cells are owned: the plan says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from crmsheet.compile.calc import SHEET as CALC_SHEET
from crmsheet.excel.number_formats import formatted
from crmsheet.excel.numbers import general_text
from crmsheet.excel.references import a1
from crmsheet.excel.values import ExcelError, Value, same_value
from crmsheet.messages import say
from crmsheet.model.layout import AnchorPlace, Layout, TablePlace
from crmsheet.plan.cells import Block, Role
from crmsheet.plan.place import Addresses
from crmsheet.plan.tables import ColumnRole, PlanColumn, PlanTable
from crmsheet.refresh.aging import UNAGED, Aged
from crmsheet.refresh.meaning import Meanings
from crmsheet.refresh.notes import Note, NoteKind
from crmsheet.sheetml.contents import Contents, SheetCells
from crmsheet.sheetml.decode import Cell
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.rowwriting import AS_THE_COLUMN, ColumnFormat, FreshRows
from crmsheet.sheetml.styles import Styles
from crmsheet.structs import dataclass, field, replace

_MANY = 5
"""From so many cells on, what was done to them alike is told once."""


@dataclass(slots=True)
class Edits:
    """The edits found so far, by sheet name, and what is to be told of them."""

    cells: dict[str, list[CellEdit]] = field(default_factory=dict)
    fresh: dict[str, tuple[FreshRows, ...]] = field(default_factory=dict)
    """Rows that are put in whole."""
    notes: list[Note] = field(default_factory=list)
    values_changed: int = 0

    def add(self, sheet: str, edit: CellEdit) -> None:
        self.cells.setdefault(sheet, []).append(edit)


@dataclass(frozen=True, slots=True)
class CellDifference:
    """Compares what is owned with what is there, in one workbook."""

    contents: Contents
    layout: Layout
    addresses: Addresses
    meanings: Meanings
    edits: Edits
    age: Aged = UNAGED
    """What an earlier version wrote otherwise: that it differs is not people's."""
    only: Mapping[str, Set[tuple[int, int]]] | None = None
    """By sheet name the cells that are looked at; None for all."""
    fresh: Mapping[str, range] = field(default_factory=dict)
    """By table id the last of its rows, if none of their cells is written yet."""

    def table(self, table: PlanTable, adopted: frozenset[int]) -> None:
        """Computed, assigned and id cells of every row; `adopted` are sheet rows new to the table."""
        place = self.layout.tables[table.id]
        cells = self.contents.sheet(place.sheet)
        assert cells is not None
        rows = place.rows or (place.header_row + 1,)
        pattern = next((r for r in reversed(rows) if r not in adopted), place.header_row + 1)
        fresh = self.fresh.get(table.id, range(0))
        if fresh:
            self._put_in(table, place, cells, fresh, pattern)
            rows = rows[: -len(fresh)]
        told = len(self.edits.notes)
        for column in table.columns:
            if column.role is ColumnRole.INPUT:
                continue
            if self.only is None:
                self._column(table.id, column, place, cells, rows, adopted, pattern)
            else:
                self._some_of_column(column, place, cells, rows)
        self.edits.notes[told:] = _columns_together(self.edits.notes[told:])

    def _put_in(
        self, table: PlanTable, place: TablePlace, cells: SheetCells, fresh: range, pattern: int
    ) -> None:
        """The last rows of a table, all of their cells."""
        if place.rows[-len(fresh) :] != tuple(fresh):
            raise ValueError(f"the last rows of {table.id} are not those that are fresh")
        formats: dict[int, ColumnFormat] = {}
        columns: dict[int, Sequence[Value]] = {}
        for column in table.columns:
            at, values = place.columns[column.id], column.values[-len(fresh) :]
            like = cells.at(pattern, at)
            text = self.addresses.text(column.formula) if column.formula is not None else ""
            if not text and "" in values:
                values = tuple([None if value == "" else value for value in values])
            if text or column.role is ColumnRole.COMPUTED:
                self.edits.values_changed += len(values) if text else len(values) - values.count(None)
            formats[at] = ColumnFormat(at, AS_THE_COLUMN if like is None else like.style, text)
            columns[at] = values
        rows = FreshRows(
            fresh.start,
            len(fresh),
            tuple(formats[at] for at in sorted(formats)),
            tuple(columns[at] for at in sorted(columns)),
        )
        self.edits.fresh[place.sheet] = (*self.edits.fresh.get(place.sheet, ()), rows)

    def _some_of_column(
        self, column: PlanColumn, place: TablePlace, cells: SheetCells, rows: tuple[int, ...]
    ) -> None:
        at = place.columns[column.id]
        assert self.only is not None
        wanted = {row for row, where in self.only.get(place.sheet, ()) if where == at}
        if not wanted:
            return
        text = self.addresses.text(column.formula) if column.formula is not None else ""
        for row, value in zip(rows, column.values, strict=True):
            if row in wanted:
                self._cell(column, place, row, cells.at(row, at), text, value, None)

    def _looked_at(self, sheet: str, row: int, column: int) -> bool:
        return self.only is None or (row, column) in self.only.get(sheet, ())

    def _column(
        self,
        table: str,
        column: PlanColumn,
        place: TablePlace,
        cells: SheetCells,
        rows: tuple[int, ...],
        adopted: frozenset[int],
        pattern: int,
    ) -> None:
        at = place.columns[column.id]
        header = place.headers[column.id]
        like = cells.at(pattern, at)
        fresh_style = like.style if like is not None else None
        text = self.addresses.text(column.formula) if column.formula is not None else ""
        there, formulas = cells.rows.column(at, rows)
        known: str | None = text or None
        others: dict[str, list[tuple[int, Value]]] = {}
        for row, value, held, formula in zip(rows, column.values[: len(rows)], there, formulas, strict=True):
            # Tens of thousands are as they should be: the same formula, the same value of the same type.
            if held == value and held.__class__ is value.__class__ and held is not None:
                if formula is known:
                    continue
                if formula == text and text:
                    known = formula
                    continue
            if text and formula is not None and row not in adopted:
                # Formulas are judged without a look at their rows, which as a whole take much room.
                if not self.meanings.same(text, formula, place.sheet, row, at):
                    others.setdefault(formula, []).append((row, value))
                elif not same_value(held, value):
                    self.edits.values_changed += 1
                    self.edits.add(place.sheet, CellEdit(row, at, EditKind.CACHE, value))
                continue
            cell = cells.at(row, at)
            style = fresh_style if row in adopted and (cell is None or cell.style == 0) else None
            self._cell(column, place, row, cell, text, value, style)
        for other, places in others.items():
            many = len(places) >= _MANY and 2 * len(places) > len(rows)
            kind = NoteKind.FORMULA_RESTORED
            if self.age.wrote(table, column.id, other) or (many and self.age.column(table, column.id)):
                kind, many = NoteKind.UPGRADED, True
            self._replaced(place.sheet, at, header, text, other, places, kind, together=many)

    def _cell(
        self,
        column: PlanColumn,
        place: TablePlace,
        row: int,
        cell: Cell | None,
        text: str,
        value: Value,
        style: int | None,
    ) -> None:
        at, header = place.columns[column.id], place.headers[column.id]
        if text:
            self._formula(place.sheet, row, at, cell, text, value, header, style)
        elif not (column.role is ColumnRole.ASSIGNED and cell is not None and cell.value not in (None, "")):
            if column.role is ColumnRole.COMPUTED:
                self._snapshot(place.sheet, row, at, cell, value, header, style)
            else:
                self._value(place.sheet, row, at, cell, value, header, style, quiet=True)

    def shown_in(self, cell: Cell | None, value: Value) -> str:
        """A value as people read it in a cell: a day as a day."""
        if cell is None or isinstance(value, bool) or not isinstance(value, int | float):
            return shown(value)
        styles = Styles.of(self.contents.package)
        if not styles.is_date(cell.style):
            return shown(value)
        return shown(formatted(value, styles.number_format(cell.style)))

    def _replaced(
        self,
        sheet: str,
        at: int,
        header: str,
        text: str,
        other: str,
        places: Sequence[tuple[int, Value]],
        kind: NoteKind,
        *,
        together: bool,
    ) -> None:
        """Our formula in the place of another one, told once where most of a column had that, or an earlier version
        had it there."""
        self.edits.values_changed += len(places)
        for row, value in places:
            self.edits.add(sheet, CellEdit(row, at, EditKind.FORMULA, value, text))
        old = shown("=" + other)
        if together:
            cells = f"{a1(places[0][0], at)}:{a1(places[-1][0], at)}"
            self.edits.notes.append(
                Note(kind, sheet, cells, header, old, say("{count:,} cells", count=len(places)))
            )
            return
        held = self.contents.sheet(sheet)
        self.edits.notes += [
            Note(
                kind,
                sheet,
                a1(row, at),
                header,
                old,
                self.shown_in(held.at(row, at) if held else None, value),
            )
            for row, value in places
        ]

    def block(self, block: Block, place: AnchorPlace) -> None:
        """The owned cells of a block."""
        cells = self.contents.sheet(place.sheet)
        assert cells is not None
        told = len(self.edits.notes)
        for planned in block.cells:
            if planned.role not in (Role.OWNED, Role.KEPT):
                continue
            row, at = place.rows[planned.row], place.columns[planned.column]
            if not self._looked_at(place.sheet, row, at):
                continue
            cell = cells.at(row, at)
            if planned.formula is not None and not planned.snapshot:
                self._formula(
                    place.sheet, row, at, cell, self.addresses.text(planned.formula), planned.value, "", None
                )
            elif planned.snapshot:
                self._snapshot(place.sheet, row, at, cell, planned.value)
            elif planned.value is not None or planned.role is Role.KEPT:
                quiet = planned.role is Role.KEPT
                self._value(place.sheet, row, at, cell, planned.value, "", None, quiet=quiet)
        if self.age.block(block.anchor):
            self.edits.notes[told:] = _together(self.edits.notes[told:], block, known=self.age.known)

    def _formula(
        self,
        sheet: str,
        row: int,
        at: int,
        cell: Cell | None,
        text: str,
        value: Value,
        header: str,
        style: int | None,
    ) -> None:
        if cell is None or cell.formula is None:
            if cell is not None and cell.value not in (None, ""):
                self.edits.notes.append(
                    Note(
                        NoteKind.FORMULA_RESTORED,
                        sheet,
                        a1(row, at),
                        header,
                        self.shown_in(cell, cell.value),
                        self.shown_in(cell, value),
                    )
                )
            self.edits.values_changed += 1
            self.edits.add(sheet, CellEdit(row, at, EditKind.FORMULA, value, text, style))
        elif not self.meanings.same(text, cell.formula, sheet, row, at):
            self.edits.notes.append(
                Note(
                    NoteKind.FORMULA_RESTORED,
                    sheet,
                    a1(row, at),
                    header,
                    shown("=" + cell.formula),
                    self.shown_in(cell, value),
                )
            )
            self.edits.values_changed += 1
            self.edits.add(sheet, CellEdit(row, at, EditKind.FORMULA, value, text, style))
        elif not same_value(cell.value, value):
            self.edits.values_changed += 1
            self.edits.add(sheet, CellEdit(row, at, EditKind.CACHE, value, style=style))

    def _snapshot(
        self,
        sheet: str,
        row: int,
        at: int,
        cell: Cell | None,
        value: Value,
        header: str = "",
        style: int | None = None,
    ) -> None:
        """A value that each refresh computes anew: another one is no repair, a formula in its place is."""
        there = cell.value if cell is not None else None
        if cell is not None and cell.computes:
            self._value(sheet, row, at, cell, value, header, style, quiet=False)
        elif not same_value(there, value) and not (there in (None, "") and value in (None, "")):
            self.edits.values_changed += 1
            self.edits.add(sheet, CellEdit(row, at, EditKind.VALUE, value, style=style))

    def _value(
        self,
        sheet: str,
        row: int,
        at: int,
        cell: Cell | None,
        value: Value,
        header: str,
        style: int | None,
        *,
        quiet: bool,
    ) -> None:
        there = cell.value if cell is not None else None
        if cell is not None and not cell.computes and same_value(there, value):
            return
        if (cell is None or cell.formula is None) and there in (None, "") and value in (None, ""):
            return
        if not quiet:
            self.edits.values_changed += 1
            if there not in (None, ""):
                old = "=" + cell.formula if cell and cell.formula is not None else self.shown_in(cell, there)
                self.edits.notes.append(
                    Note(NoteKind.TEXT_RESTORED, sheet, a1(row, at), header, old, self.shown_in(cell, value))
                )
        self.edits.add(sheet, CellEdit(row, at, EditKind.VALUE, value, style=style))


def _columns_together(notes: Sequence[Note]) -> list[Note]:
    """The notes on a table, in one where several of its columns were an earlier version's."""
    ours = [n for n in notes if n.kind is NoteKind.UPGRADED]
    if len(ours) < 2:
        return list(notes)
    first = ours[0]
    told = Note(
        NoteKind.UPGRADED, first.sheet, first.cell, first.column, new=say("{count} columns", count=len(ours))
    )
    return [told, *(n for n in notes if n not in ours)]


def _together(notes: Sequence[Note], block: Block, *, known: bool) -> list[Note]:
    """The notes on a block of which an earlier version wrote some cells otherwise: where that is `known`, in one; else
    only many are, and of a few everybody can see what stood there."""
    ours = [
        n
        for n in notes
        if n.kind is NoteKind.TEXT_RESTORED
        or (n.kind is NoteKind.FORMULA_RESTORED and (n.old.startswith("=") or block.sheet == CALC_SHEET))
    ]
    if not ours:
        return list(notes)
    if len(ours) < _MANY and not known:
        return [replace(n, kind=NoteKind.UPGRADED) if n in ours else n for n in notes]
    first = ours[0]
    told = Note(
        NoteKind.UPGRADED, first.sheet, first.cell, block.anchor, new=say("{count:,} cells", count=len(ours))
    )
    return [*(n for n in notes if n not in ours), told]


def shown(value: Value) -> str:
    """A value as people read it, cut at 60 characters."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return general_text(value)
        case ExcelError():
            return value.value
        case str():
            return value if len(value) <= 60 else value[:59] + "…"
