"""The cells of a workbook, sheet by sheet, each decoded once when it is first asked for.

Knows how to look up a cell by row and column. Does not know what stands where.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crmsheet.opc.package import Package, Sheet
from crmsheet.sheetml.decode import Cell
from crmsheet.sheetml.scan import SheetScan
from crmsheet.sheetml.sharedstrings import SharedStrings


@dataclass(frozen=True, slots=True)
class SheetCells:
    """A worksheet's cells by row. Rows and columns are 0-based."""

    sheet: Sheet
    scan: SheetScan
    rows: Mapping[int, Sequence[Cell]] = field(repr=False)
    _by_column: dict[int, dict[int, Cell]] = field(default_factory=dict, repr=False, compare=False)

    def at(self, row: int, column: int) -> Cell | None:
        """The cell, or None when it is not written."""
        return self.row(row).get(column)

    def row(self, row: int) -> Mapping[int, Cell]:
        """The written cells of a row by column."""
        found = self._by_column.get(row)
        if found is None:
            found = self._by_column[row] = {c.column: c for c in self.rows.get(row, ())}
        return found


@dataclass(frozen=True, slots=True)
class Contents:
    """All worksheets of a package."""

    package: Package
    _strings: list[SharedStrings] = field(default_factory=list, repr=False, compare=False)
    _sheets: dict[str, SheetCells] = field(default_factory=dict, repr=False, compare=False)

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
        return found.scan if found is not None else SheetScan.of(self.package, sheet.part)

    def sheet(self, name: str) -> SheetCells | None:
        """The cells of the worksheet of that name; None when there is none."""
        sheet = self.package.workbook.sheet(name)
        if sheet is None or sheet.kind != "worksheet":
            return None
        found = self._sheets.get(sheet.part)
        if found is None:
            scan = SheetScan.of(self.package, sheet.part)
            found = SheetCells(sheet, scan, dict(scan.cell_rows(self.strings)))
            self._sheets[sheet.part] = found
        return found
