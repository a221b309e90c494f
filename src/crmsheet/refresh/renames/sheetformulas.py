"""The formulas in the cells of a sheet, each as it reads from now on.

Knows formulas of one cell, shared ones, arrays and data tables, and that only the text inside `<f>` changes:
results and attributes stay as they are. Does not know what a formula means.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from crmsheet.excel.references import RangeRef, a1, parse_cell
from crmsheet.formulas.renaming import Renames, renamed
from crmsheet.opc.workbook import Sheet
from crmsheet.opc.xmltree import ATTRIBUTE, TAG_END, attribute_text
from crmsheet.refresh.renames.spots import Mention, Naming, Spot, formula_bytes
from crmsheet.refresh.renames.texts import OldTexts
from crmsheet.sheetml.scan import SheetScan
from crmsheet.sheetml.shift import shifted
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.sheetml.spans import CellSpan
from crmsheet.sheetml.specials import SpecialFormula
from crmsheet.sheetml.tables import Table
from crmsheet.structs import dataclass, field

_WITH_TABLE: Final = re.compile(rb"[\w.\x80-\xff]\[(?:[^\[\]]|\[[^\[\]]*\])*\]")
"""The brackets behind a table's name."""


@dataclass(slots=True)
class SheetReader:
    """One sheet's formulas before and after; a text that repeats in many cells is read once."""

    naming: Naming
    sheet: Sheet
    scan: SheetScan
    tables: Sequence[Table]
    left: list[tuple[int, str]] = field(default_factory=list)
    """Where formulas begin that hold an old name in a text, and the text."""
    _renames: Renames = field(init=False)
    _old: OldTexts = field(init=False)
    _old_texts: dict[bytes, str] = field(default_factory=dict)
    _read: dict[tuple[bytes, str], bytes | None] = field(default_factory=dict)
    _same_everywhere: dict[bytes, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._renames = self.naming.on(self.sheet)
        self._old = OldTexts.of(self._renames)

    def spots(self) -> Iterator[Spot]:
        """The changes of all `<f>`."""
        if self.scan.rows.start < 0:
            return
        for start, end, cell in self._texts():
            raw = self.scan.data[start:end]
            new = self._new(raw, start, cell)
            if b'"' in raw or b"&quot;" in raw:
                self._look_for_old_text(raw, start, cell)
            if new is not None:
                yield Spot(Mention.CELL, Replacement(start, end, new))
        if self._renames.moves:
            for special in self.scan.special_formulas:
                for replacement in self._apart(special):
                    yield Spot(Mention.CELL, replacement)

    def first_left(self) -> tuple[str, str]:
        """The first cell with an old name in a text, and the text."""
        start, text = self.left[0]
        cell = self._cell_at(start)
        return "" if cell is None else a1(cell.row, cell.column), text

    def _look_for_old_text(self, raw: bytes, start: int, cell: CellSpan | None) -> None:
        text = self._old_texts.get(raw)
        if text is None:
            text = self._old_texts[raw] = self._old.in_formula(self._text(raw, cell))
        if text:
            self.left.append((start, text))

    def _texts(self) -> Iterator[tuple[int, int, CellSpan | None]]:
        """Where the texts of formulas begin and end; with their cells where those are known anyway."""
        scan = self.scan
        if scan.rows.cells is None:
            pattern = _formula_text(scan.prefix.encode())
            for match in pattern.finditer(scan.data, scan.rows.open_end, scan.rows.close_start):
                yield *match.span(1), None
            return
        for cells in scan.rows.cells:
            for cell in cells:
                span = _text_span(scan, cell)
                if span is not None and span[0] < span[1]:
                    yield *span, cell

    def _new(self, raw: bytes, start: int, cell: CellSpan | None) -> bytes | None:
        """The bytes of a formula from now on; None where it stays."""
        table = ""
        may_be_bare = self.tables and self._renames.columns and b"[" in _WITH_TABLE.sub(b"", raw)
        if may_be_bare and not self._is_same_everywhere(raw, cell):
            table = self._table_at(start, cell)
        key = (raw, table)
        if key not in self._read:
            text = self._text(raw, cell)
            new = renamed(text, self._renames, own_table=table, sheet=self.sheet.name)
            self._read[key] = None if new == text else formula_bytes(new)
        return self._read[key]

    def _text(self, raw: bytes, cell: CellSpan | None) -> str:
        if cell is not None and b"<" in raw:
            tag = self.scan.raw(cell).formula
            return "" if tag is None else tag.text
        return attribute_text(raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))

    def _is_same_everywhere(self, raw: bytes, cell: CellSpan | None) -> bool:
        """Whether a text means the same in and outside the tables of this sheet."""
        found = self._same_everywhere.get(raw)
        if found is None:
            text = self._text(raw, cell)
            outside = renamed(text, self._renames, sheet=self.sheet.name)
            found = all(
                renamed(text, self._renames, own_table=t.name, sheet=self.sheet.name) == outside
                for t in self.tables
            )
            self._same_everywhere[raw] = found
        return found

    def _table_at(self, start: int, cell: CellSpan | None) -> str:
        found = self._cell_at(start) if cell is None else cell
        if found is None:
            return ""
        return next((t.name for t in self.tables if t.ref.contains(found.row, found.column)), "")

    def _cell_at(self, at: int) -> CellSpan | None:
        """The cell whose bytes hold an offset."""
        index = bisect_right(self.scan.rows.starts, at) - 1
        return next((c for c in self.scan.cells_at(index) if c.start < at < c.end), None)

    # Moved cells: shared formulas, whose cells need not all follow, and data tables

    def _apart(self, special: SpecialFormula) -> Iterator[Replacement]:
        """What a formula needs besides its own text."""
        if special.type == "shared":
            yield from self._shared(special)
        elif special.type == "dataTable":
            yield from self._inputs(special)

    def _shared(self, master: SpecialFormula) -> Iterator[Replacement]:
        """The cells that would read wrong when only the first one's text changes get a text of their own."""
        scan, name = self.scan, self.sheet.name
        new = renamed(master.text, self._renames, sheet=name)
        for cell in scan.shared_cells(master.shared_index):
            if scan.special_formulas.master_of(master.shared_index, cell.row, cell.column) != master:
                continue
            rows, columns = cell.row - master.row, cell.column - master.column
            if (rows, columns) == (0, 0):
                continue
            own = renamed(shifted(master.text, rows, columns), self._renames, sheet=name)
            tag = scan.raw(cell).formula
            if tag is None or tag.text or own == shifted(new, rows, columns):
                continue
            at = next((start, end) for local, start, end in scan.children(cell) if local == "f")
            element = f"{scan.prefix}f".encode()
            yield Replacement(*at, b"<%b>%b</%b>" % (element, formula_bytes(own), element))

    def _inputs(self, special: SpecialFormula) -> Iterator[Replacement]:
        """`r1` and `r2`, the input cells of a data table."""
        scan = self.scan
        cell = scan.span(special.row, special.column)
        if cell is None:
            return
        at = next(start for local, start, _ in scan.children(cell) if local == "f")
        tag = TAG_END.match(scan.data, at)
        assert tag is not None
        for match in ATTRIBUTE.finditer(scan.data, at, tag.end()):
            if match[1] in (b"r1", b"r2"):
                number = 2 if match[2] is not None else 3
                new = moved_cell(match[number].decode(), self._renames, self.sheet.name)
                if new.encode() != match[number]:
                    yield Replacement(*match.span(number), new.encode())


def moved_cell(ref: str, renames: Renames, sheet: str) -> str:
    """A cell or range of a sheet where it is from now on; what cannot be read stays."""
    try:
        cell = parse_cell(ref)
    except ValueError:
        return ref
    area = RangeRef(cell.row, cell.column, cell.row, cell.column)
    new = renames.moved(sheet, area)
    return ref if new == area else a1(new.top, new.left)


def _text_span(scan: SheetScan, cell: CellSpan) -> tuple[int, int] | None:
    """The text of a cell's `<f>` wherever anything at all may stand beside it."""
    for local, start, end in scan.children(cell):
        tag = TAG_END.match(scan.data, start) if local == "f" else None
        if tag is not None:
            close = scan.data.rfind(b"</", tag.end(), end)
            return (tag.end(), close) if close >= 0 else None
    return None


@lru_cache(maxsize=16)
def _formula_text(prefix: bytes) -> re.Pattern[bytes]:
    p = re.escape(prefix)
    return re.compile(rb"<%bf(?:\s[^>]*)?(?<!/)>([^<]+)</%bf\s*>" % (p, p))
