"""Formulas that people wrote and that read cells a refresh changes, or have no value at all.

Knows how far a change reaches, through other formulas of theirs and through names, and which formulas lost
their values when another program saved the workbook. Those whose functions we know get their value, for the
others Excel is asked to recalculate. Never touches a formula itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from crmsheet.errors import InternalError
from crmsheet.excel.references import RangeRef, a1
from crmsheet.excel.values import Value, same_value
from crmsheet.formulas.evaluate import Evaluator
from crmsheet.formulas.functions.table import Argument
from crmsheet.formulas.ranges import RangeValue
from crmsheet.formulas.semantics import result
from crmsheet.formulas.tree import Area, Node, Spot
from crmsheet.refresh.cells import shown
from crmsheet.refresh.meaning import Meanings
from crmsheet.refresh.notes import Note, NoteKind
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.decode import Cell, CellKind
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.grid import is_covered
from crmsheet.sheetml.names import defined_names
from crmsheet.sheetml.rowwriting import FreshRows
from crmsheet.structs import dataclass, field

Place = tuple[str, int, int]
"""A cell: its sheet's name in lower case, row, column."""


class _UnknownError(Exception):
    """A value that cannot be computed here."""


@dataclass(frozen=True, slots=True)
class UserFormulas:
    """What became of them: edits of cached values by sheet name, and what to tell people."""

    edits: tuple[tuple[str, CellEdit], ...] = ()
    notes: tuple[Note, ...] = ()


def user_formulas(
    contents: Contents,
    meanings: Meanings,
    changes: Mapping[str, Sequence[CellEdit]],
    owned: Mapping[str, Sequence[RangeRef]],
    today: int,
    fresh: Sequence[RangeRef] = (),
    put_in: Mapping[str, Sequence[FreshRows]] | None = None,
) -> UserFormulas:
    """Recompute what reads changed cells, and what has no value. `changes` and `owned` go by sheet name;
    `owned` are the ranges whose formulas are ours. `today` is the serial of the calendar day, for TODAY() in
    people's formulas. `fresh` are rows that tables grow by: what reads such a table reads them from now on. `put_in`
    are, by sheet name, the rows that are put in whole."""
    changed: dict[Place, Value] = {
        (sheet.lower(), e.row, e.column): e.value
        for sheet, edits in changes.items()
        for e in edits
        if e.kind is not EditKind.STYLE
    }
    if not changed and not fresh and not _may_lack_values(contents):
        return UserFormulas()
    book = _Book(contents, meanings, changed, owned, today, fresh)
    if not book.formulas:
        return UserFormulas()
    book.know(put_in or {})
    edits: list[tuple[str, CellEdit]] = []
    notes: list[Note] = []
    filled: dict[str, int] = {}
    reached = book.reached()
    lacking = book.lacking()
    book.settle()
    for place in sorted(reached | lacking):
        sheet = book.sheet_names[place[0]]
        cell = book.formulas[place]
        where = a1(place[1], place[2])
        try:
            value = book.value(place)
        except (_UnknownError, InternalError, RecursionError):
            notes.append(Note(NoteKind.USER_FORMULA_LEFT, sheet, where, old=shown("=" + str(cell.formula))))
            continue
        if place not in reached:
            edits.append((sheet, CellEdit(place[1], place[2], EditKind.CACHE, value)))
            filled[sheet] = filled.get(sheet, 0) + 1
        elif not same_value(value, cell.value):
            edits.append((sheet, CellEdit(place[1], place[2], EditKind.CACHE, value)))
            notes.append(
                Note(NoteKind.USER_FORMULA_COMPUTED, sheet, where, old=shown(cell.value), new=shown(value))
            )
    notes += [Note(NoteKind.USER_FORMULAS_FILLED, sheet, new=f"{count:,}") for sheet, count in filled.items()]
    return UserFormulas(tuple(edits), tuple(notes))


def _may_lack_values(contents: Contents) -> bool:
    sheets = (contents.sheet(sheet.name) for sheet in contents.package.workbook.sheets)
    return any(sheet.rows.lacks_values for sheet in sheets if sheet is not None)


@dataclass(slots=True)
class _Book:
    """A workbook as the environment of people's formulas; implements `formulas.evaluate.Environment`."""

    contents: Contents
    meanings: Meanings
    changed: dict[Place, Value]
    owned: Mapping[str, Sequence[RangeRef]]
    today: int
    fresh: Sequence[RangeRef] = ()
    sheet_names: dict[str, str] = field(default_factory=dict)
    formulas: dict[Place, Cell] = field(default_factory=dict)
    """People's formulas."""
    _arrays: set[Place] = field(default_factory=set)
    _values: dict[Place, Value] = field(default_factory=dict)
    _open: set[Place] = field(default_factory=set)
    _reads: dict[Place, tuple[RangeRef, ...]] = field(default_factory=dict)
    _order: list[Place] = field(default_factory=list)
    """Formulas as they were reached."""
    _unknown: set[Place] = field(default_factory=set)
    """Formulas that cannot be computed."""
    _cells_read: int = 0
    _reached: set[Place] = field(default_factory=set)
    """Formulas to be computed: their values in the workbook are not to be relied upon."""
    _names: dict[str, str] = field(default_factory=dict)
    _bottoms: dict[str, int] = field(default_factory=dict)
    _evaluator: Evaluator | None = None

    def __post_init__(self) -> None:
        package = self.contents.package
        self._names = {n.name.lower(): n.text for n in defined_names(package) if n.sheet_index is None}
        for sheet in package.workbook.sheets:
            cells = self.contents.sheet(sheet.name)
            if cells is None:
                continue
            key = sheet.name.lower()
            self.sheet_names[key] = sheet.name
            self._bottoms[key] = max(
                max(cells.rows, default=0), max((p[1] for p in self.changed if p[0] == key), default=0)
            )
            ours = _by_column(self.owned.get(sheet.name, ()))
            arrays = _by_column(area for area, _ in cells.scan.special_formulas.array_areas)
            for cell in cells.rows.formula_cells(ours):
                place = (key, cell.row, cell.column)
                self.formulas[place] = cell
                if is_covered(arrays, cell.row, cell.column):
                    self._arrays.add(place)

    def know(self, put_in: Mapping[str, Sequence[FreshRows]]) -> None:
        """Learn what stands in rows that are put in."""
        for sheet, found in put_in.items():
            key = sheet.lower()
            for rows in found:
                self._bottoms[key] = max(self._bottoms.get(key, 0), rows.area.bottom)
                for column, values in zip(rows.formats, rows.columns, strict=True):
                    self.changed.update(
                        ((key, row, column.column), value) for row, value in enumerate(values, rows.first_row)
                    )

    def lacking(self) -> set[Place]:
        """People's formulas that have no value."""
        found = {place for place, cell in self.formulas.items() if cell.kind is CellKind.BLANK}
        self._reached |= found
        return found

    def reached(self) -> set[Place]:
        """People's formulas that read a changed cell, directly or through others of theirs."""
        if not self.changed and not self.fresh:
            return set()
        for place, cell in self.formulas.items():
            self._reads[place] = self._areas(cell, place)
        marked: dict[str, set[tuple[int, int]]] = {}
        for area in self.fresh:
            marked.setdefault(area.sheet.lower(), set()).update(
                (row, column)
                for row in range(area.top, area.bottom + 1)
                for column in range(area.left, area.right + 1)
            )
        for sheet, row, column in self.changed:
            marked.setdefault(sheet, set()).add((row, column))
        near, wide = self._readers()
        waiting = set(self.formulas)
        while marked:
            # Only what was marked last is looked for: in a column where each cell reads the one above, all
            # against all would take the square of its length.
            found = {
                place
                for sheet, cells in marked.items()
                for row, column in cells
                for place in near.get((sheet, row, column), ())
                if place in waiting
            }
            found |= {
                p for p, areas in wide.items() if p in waiting and any(_touches(a, marked) for a in areas)
            }
            waiting -= found
            self._reached |= found
            self._order += sorted(found)
            marked = {}
            for sheet, row, column in found:
                marked.setdefault(sheet, set()).add((row, column))
        return set(self._reached)

    def _readers(self) -> tuple[dict[Place, list[Place]], dict[Place, list[RangeRef]]]:
        """By cell the formulas that read it in a small range; by formula the larger ranges it reads."""
        near: dict[Place, list[Place]] = {}
        wide: dict[Place, list[RangeRef]] = {}
        for place, areas in self._reads.items():
            for area in areas:
                if (area.bottom - area.top + 1) * (area.right - area.left + 1) > _FEW_CELLS:
                    wide.setdefault(place, []).append(area)
                    continue
                for row in range(area.top, area.bottom + 1):
                    for column in range(area.left, area.right + 1):
                        near.setdefault((area.sheet.lower(), row, column), []).append(place)
        return near, wide

    def settle(self) -> None:
        """Compute in the order in which formulas were reached, so that none has to wait for a long chain."""
        for place in self._order:
            with suppress(_UnknownError, InternalError, RecursionError):
                self.value(place)

    def _areas(self, cell: Cell, place: Place) -> tuple[RangeRef, ...]:
        from crmsheet.formulas.excel_text import references

        at = self.meanings.place(self.sheet_names[place[0]], cell.row, cell.column)
        seen: set[str] = set()
        found: list[RangeRef] = []
        waiting = [str(cell.formula)]
        while waiting:
            mentioned = references(waiting.pop(), at)
            found += mentioned.areas
            for name in mentioned.names - seen:
                seen.add(name)
                if name in self._names:
                    waiting.append(self._names[name])
        return tuple(found)

    def value(self, place: Place) -> Value:
        """What a cell holds after the refresh."""
        if place in self.changed:
            return self.changed[place]
        if place in self._reached:
            if place in self._unknown:
                raise _UnknownError
            if place not in self._values:
                try:
                    self._values[place] = self._computed(place)
                except (_UnknownError, InternalError):
                    # Once is enough: all that read it would try again, each with all that it reads.
                    self._unknown.add(place)
                    raise
            return self._values[place]
        cells = self.contents.sheet(self.sheet_names.get(place[0], ""))
        cell = cells.at(place[1], place[2]) if cells is not None else None
        return cell.value if cell is not None else None

    def _computed(self, place: Place) -> Value:
        if place in self._open or place in self._arrays:
            raise _UnknownError
        cell = self.formulas[place]
        node = self._tree(str(cell.formula), self.sheet_names[place[0]], place[1], place[2])
        if node is None:
            raise _UnknownError
        self._open.add(place)
        try:
            return result(self._evaluate(node))
        finally:
            self._open.discard(place)

    def _tree(self, text: str, sheet: str = "", row: int = 0, column: int = 0) -> Node | None:
        from crmsheet.formulas.excel_tree import excel_tree

        return excel_tree(text, self.meanings.place(sheet, row, column))

    def _evaluate(self, node: Node) -> Value:
        if self._evaluator is None:
            self._evaluator = Evaluator(self, self.today)
        return self._evaluator.compiled(node)(0)

    # What an evaluator asks for

    def column(self, table: str, field: str) -> Sequence[Value]:  # noqa: ARG002 - the protocol's words
        raise _UnknownError

    def item(self, list: str, item: str) -> Value:  # noqa: ARG002 - the protocol's words
        raise _UnknownError

    def name(self, id: str) -> Argument:
        """What a workbook name means: cells, or the value of its formula."""
        text = self._names.get(id)
        if text is None:
            raise _UnknownError
        node = self._tree(text)
        match node:
            case None:
                raise _UnknownError
            case Spot(sheet, row, column):
                return self.spot(sheet, row, column)
            case Area(sheet, top, left, bottom, right):
                return self.area(sheet, top, left, bottom, right)
            case _:
                return self._evaluate(node)

    def spot(self, anchor: str, row: int, column: int) -> Value:
        return self.value((anchor, row, column))

    def area(self, anchor: str, top: int, left: int, bottom: int, right: int) -> RangeValue:
        """A rectangle; whole columns end where the sheet's rows end."""
        bottom = max(top, min(bottom, self._bottoms.get(anchor, top)))
        size = (bottom - top + 1) * (right - left + 1)
        self._cells_read += size
        if size > _MOST_CELLS or self._cells_read > _MOST_CELLS_READ:
            raise _UnknownError
        cells = [
            self.value((anchor, row, column))
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]
        return RangeValue(bottom - top + 1, right - left + 1, cells)


_FEW_CELLS = 100
_MOST_CELLS = 5_000_000
_MOST_CELLS_READ = 30_000_000
"""By all formulas together; what is left then is left to Excel, which computes on several cores."""


def _by_column(ranges: Iterable[RangeRef]) -> dict[int, list[tuple[int, int]]]:
    """The rows that ranges cover in each column, as (top, bottom)."""
    found: dict[int, list[tuple[int, int]]] = {}
    for area in ranges:
        for column in range(area.left, area.right + 1):
            found.setdefault(column, []).append((area.top, area.bottom))
    return found


def _touches(area: RangeRef, marked: Mapping[str, set[tuple[int, int]]]) -> bool:
    """Whether a range holds one of the marked cells of its sheet."""
    cells = marked.get(area.sheet.lower())
    if not cells:
        return False
    size = (area.bottom - area.top + 1) * (area.right - area.left + 1)
    if size <= len(cells):
        return any(
            (row, column) in cells
            for row in range(area.top, area.bottom + 1)
            for column in range(area.left, area.right + 1)
        )
    return any(area.contains(row, column) for row, column in cells)
