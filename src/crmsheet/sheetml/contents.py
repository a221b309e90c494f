"""The cells of a workbook, sheet by sheet, each decoded once when it is first asked for.

Knows how to look up a cell by row and column. Does not know what stands where.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from crmsheet.errors import WorkbookRefused
from crmsheet.opc.package import Package
from crmsheet.opc.workbook import Sheet
from crmsheet.sheetml.decode import Cell
from crmsheet.sheetml.following import moved_rows
from crmsheet.sheetml.grid import CellRows
from crmsheet.sheetml.rowcells import Memory
from crmsheet.sheetml.rowfinding import misleading
from crmsheet.sheetml.scan import Memo, SheetScan
from crmsheet.sheetml.sharedstrings import SharedStrings
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.structs import dataclass, field, replace

_ROWS_KEPT: Final = 5_000
_LARGE: Final = 2**20
_MOST_CHANGED: Final = 5_000
"""Rows decoded one by one; when more changed, all rows together are decoded sooner."""


@dataclass(frozen=True, slots=True)
class SheetCells:
    """A worksheet's cells by row. Rows and columns are 0-based."""

    sheet: Sheet
    scan: SheetScan
    rows: CellRows = field(repr=False)
    _by_column: dict[int, dict[int, Cell]] = field(default_factory=dict, repr=False, compare=False)

    def at(self, row: int, column: int) -> Cell | None:
        """The cell, or None when it is not written."""
        known = self._by_column.get(row)
        return self.rows.cell(row, column) if known is None else known.get(column)

    def row(self, row: int) -> Mapping[int, Cell]:
        """The written cells of a row by column."""
        found = self._by_column.get(row)
        if found is None:
            if len(self._by_column) >= _ROWS_KEPT:
                self._by_column.clear()
            found = self._by_column[row] = {c.column: c for c in self.rows.get(row, ())}
        return found


@dataclass(frozen=True, slots=True)
class Contents:
    """All worksheets of a package; `condensing` ones hold large parts condensed, and `looking` ones, into which nothing
    is to be written, only until their cells are known."""

    package: Package
    condensing: bool = False
    looking: bool = False
    _strings: list[SharedStrings] = field(default_factory=list, repr=False, compare=False)
    _sheets: dict[str, SheetCells] = field(default_factory=dict, repr=False, compare=False)
    _before: tuple[Contents, Mapping[str, Sequence[Replacement]]] | None = field(
        default=None, repr=False, compare=False
    )

    def following(self, package: Package, replaced: Mapping[str, Sequence[Replacement]]) -> Contents:
        """The contents of a package that differs from this one by `replaced` spans of some parts.

        Cells outside of the spans are those known already. That the bytes there are the same is for the
        caller to prove.
        """
        return Contents(package, _before=(self, replaced))

    def plain(self) -> Contents:
        """The same with all parts as they stand in the file."""
        if not any(self.package.texts(s.part) for s in self.package.workbook.sheets):
            return self
        return Contents(Package.of(self.package.data, self.package.file))

    def _carried(self, sheet: Sheet) -> SheetCells | None:
        """The cells of a sheet as far as they are those of the package before; None when nothing is known."""
        if self._before is None:
            return None
        before, replaced = self._before
        known = before._sheets.get(sheet.part)
        if known is None or before.package.workbook.date1904 != self.package.workbook.date1904:
            return None
        strings = self.strings.part
        if strings != before.strings.part or (strings and not self._same_bytes(before.package, strings)):
            return None
        spans = replaced.get(sheet.part, ())
        if not spans:
            same = self._same_bytes(before.package, sheet.part)
            return SheetCells(sheet, known.scan, known.rows) if same else None
        if before.package.texts(sheet.part) is None:
            self.package.known_as_utf8(sheet.part, before.package, (span.new for span in spans))
        elif self.package.texts(sheet.part) is None:
            return None
        held = self.package.held(sheet.part)
        moved = moved_rows(known.scan.rows, spans, held)
        if moved is None:
            return None
        rows, changed = moved
        if len(changed) > _MOST_CHANGED:
            with contextlib.suppress(WorkbookRefused):
                return _decoded_by(
                    replace(known.scan, held=held, rows=rows, _memo=Memo()), sheet, self.strings
                )
            return None
        alike = known.scan.alike_rows
        if alike is not None and not known.scan.special_formulas:
            # Rows without spans are as they were, also like others.
            alike = bytearray(alike)
            for index in changed:
                alike[index] = 0
            scan = replace(known.scan, held=held, rows=rows, _memo=Memo(alike=alike))
            again = dict(scan.alone(changed).cell_rows_at(range(len(changed)), self.strings))
        else:
            scan = replace(known.scan, held=held, rows=rows, _memo=Memo())
            again = dict(scan.cell_rows_at(changed, self.strings))
        return SheetCells(sheet, scan, known.rows.patched(scan, again))

    def let_go(self, parts: Iterable[str]) -> None:
        """Hold the bytes of these worksheets no longer, as far as they are condensed: the cells are known."""
        for part in parts:
            if part in self._sheets:
                self.package.let_go(part)

    def _same_bytes(self, before: Package, part: str) -> bool:
        old, new = before.find(part), self.package.find(part)
        return old is not None and new is not None and before.raw(old) == self.package.raw(new)

    @property
    def strings(self) -> SharedStrings:
        if not self._strings:
            self._strings.append(SharedStrings.of(self.package))
        return self._strings[0]

    def scan(self, name: str) -> SheetScan | None:
        """Where things stand in the worksheet of that name, without its cells; None when there is none."""
        sheet = self.package.workbook.sheet(name)
        if sheet is None or sheet.kind != "worksheet":
            return None
        found = self._sheets.get(sheet.part)
        if found is None and (found := self._carried(sheet)) is not None:
            self._sheets[sheet.part] = found
        if found is not None:
            return found.scan
        self._condense(sheet)
        return SheetScan.of(self.package, sheet.part)

    def sheet(self, name: str) -> SheetCells | None:
        """The cells of the worksheet of that name; None when there is none."""
        sheet = self.package.workbook.sheet(name)
        if sheet is None or sheet.kind != "worksheet":
            return None
        found = self._sheets.get(sheet.part)
        if found is None:
            found = self._carried(sheet)
            if found is None:
                self._condense(sheet)
                found = _decoded(sheet, self.package, self.strings)
                if self.looking:
                    self.package.let_go(sheet.part)
            self._sheets[sheet.part] = found
        return found

    def _condense(self, sheet: Sheet) -> None:
        if self.condensing:
            self.package.condense(sheet.part)


def _decoded(sheet: Sheet, package: Package, strings: SharedStrings) -> SheetCells:
    if len(package.xml(sheet.part)) > _LARGE:
        # Whether searching for tags is misled shows in what is not alike, which is soon looked through.
        with contextlib.suppress(WorkbookRefused):
            cells = _decoded_by(SheetScan.of(package, sheet.part, thorough=False), sheet, strings)
            if not misleading(cells.scan.uncertain()):
                return cells
    return _decoded_by(SheetScan.of(package, sheet.part), sheet, strings)


def _decoded_by(scan: SheetScan, sheet: Sheet, strings: SharedStrings) -> SheetCells:
    memory = Memory(scan.marks)
    blocks = list(scan.alike(strings, memory))
    held = bytearray(len(scan.rows))
    for block in blocks:
        for index in block.indexes:
            held[index] = 1
    rest = (index for index in range(len(held)) if not held[index])
    others = dict(scan.cell_rows_at(rest, strings, memory))
    for block in blocks:
        held[block.sample] = 0
    scan.known_alike(held)
    return SheetCells(sheet, scan, CellRows.of(scan, blocks, others))
