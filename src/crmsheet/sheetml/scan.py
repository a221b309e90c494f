"""A worksheet part, read: cells as values, and where everything stands.

Knows rows, cells, shared formulas resolved to each cell's own text, array and data-table ranges, merges,
the frame around the rows. Reads what real programs write (prefixes, rows and cells without references,
comments, far-corner cells) and never allocates by coordinates.
Does not change anything (`splice`) and does not know tables or rules.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final, Never, TypeAlias

from crmsheet.excel import limits
from crmsheet.excel.references import RangeRef, a1, range_or_none
from crmsheet.messages import say
from crmsheet.opc.condensing import Texts
from crmsheet.opc.held import HeldBytes
from crmsheet.opc.package import Package
from crmsheet.opc.refusals import Refusal
from crmsheet.opc.xmltree import Element, attribute_text, parse_around, parse_tree
from crmsheet.sheetml.alike import AlikeReader, Block
from crmsheet.sheetml.decode import LOGICAL, Cell, CellKind, FormulaTag, RawCell, decoded
from crmsheet.sheetml.pieces import children_of, pieces_of
from crmsheet.sheetml.rowcells import Memory, RowReader
from crmsheet.sheetml.rowfinding import find_rows
from crmsheet.sheetml.sharedstrings import SharedStrings
from crmsheet.sheetml.spans import CellSpan, Rows, cells_of_row, column_number
from crmsheet.sheetml.specials import (
    SpecialFormula,
    SpecialFormulas,
    shared_formula,
    special_formula,
    special_of,
)
from crmsheet.structs import dataclass, field, replace

_SHEETS: Final = ("worksheet", "chartsheet", "dialogsheet", "macrosheet")
Strings: TypeAlias = SharedStrings | Sequence[str]
_NO_STRINGS: Final[tuple[str, ...]] = ()


@dataclass(slots=True)
class Memo:
    """What a scan found out once asked."""

    frame: Element | None = None
    specials: SpecialFormulas | None = None
    alike: bytearray | None = None
    """Of each row, by its index, whether it is written like one that stands for it and so as well-formed."""


@dataclass(frozen=True, slots=True)
class SheetScan:
    """One worksheet part. Its spans are offsets into `data`, which may be condensed: `marks` says of what."""

    held: HeldBytes = field(repr=False)
    rows: Rows
    file: str = ""
    part: str = ""
    date1904: bool = False
    marks: Texts = field(default_factory=Texts, repr=False, compare=False)
    _memo: Memo = field(default_factory=Memo, repr=False, compare=False)

    @staticmethod
    def of(package: Package, part: str, *, thorough: bool | None = None) -> SheetScan:
        """The worksheet part of a package; refused when it is none."""
        held = package.held(part)
        rows = find_rows(held.data, package.file, part, thorough=thorough)
        marks = package.texts(part) or Texts()
        scan = SheetScan(held, rows, package.file, part, package.workbook.date1904, marks)
        if scan.frame.local not in _SHEETS:
            raise Refusal.DAMAGED.error(
                package.file, part, say("A sheet is a <{local}>.", local=scan.frame.local)
            )
        return scan

    @property
    def data(self) -> bytes:
        return self.held.data

    @property
    def prefix(self) -> str:
        return self.rows.prefix

    @property
    def frame(self) -> Element:
        """The tree of the part without its rows; the spans are right for `data`."""
        if self._memo.frame is None:
            if self.rows.start < 0:
                self._memo.frame = parse_tree(self.data, self.file, self.part)
            else:
                inner = self.rows.open_end, self.rows.close_start
                self._memo.frame = parse_around(*self._around_rows, inner, self.file, self.part)
        return self._memo.frame

    @property
    def merges(self) -> tuple[RangeRef, ...]:
        """Merged cells; ranges that cannot be read are left out."""
        holder = self.frame.child("mergeCells")
        ranges = (range_or_none(e.get("ref")) for e in holder.all("mergeCell")) if holder is not None else ()
        return tuple(r for r in ranges if r is not None)

    @property
    def dimension(self) -> RangeRef | None:
        """What the part says is used; often wrong, so never rely on it."""
        element = self.frame.child("dimension")
        return range_or_none(element.get("ref")) if element is not None else None

    def index_of(self, row: int) -> int | None:
        """The index of a 0-based row in `rows`; None when the part has no such row."""
        numbers = self.rows.numbers
        if not self.rows.in_order:
            return next((i for i, number in enumerate(numbers) if number == row), None)
        index = bisect_left(numbers, row)
        return index if index < len(numbers) and numbers[index] == row else None

    def cells_at(self, index: int) -> tuple[CellSpan, ...]:
        """The cells of the row with that index in `rows`, in the order written."""
        return cells_of_row(self.data, self.rows, index, self.file, self.part)

    def ordered_cells_at(self, index: int) -> tuple[CellSpan, ...]:
        """The same; refused when one is double, out of order, or says it is in another row."""
        cells = self.cells_at(index)
        row, last = self.rows.numbers[index], -1
        for cell in cells:
            if cell.row != row or cell.column <= last:
                self._refuse_place(cell.row, cell.column)
            last = cell.column
        return cells

    def uncertain(self) -> bytes:
        """What of the part may not be well-formed, as a part: all but rows that are written like others."""
        pieces = self._uncertain_rows()
        if not pieces:
            return self.data
        head, tail = self._around_rows
        return b"".join((head, *pieces, tail))

    @property
    def _around_rows(self) -> tuple[bytes, bytes]:
        """What stands before the first row and behind the last."""
        held = self.held
        return held.between(0, self.rows.open_end), held.between(self.rows.close_start, held.size)

    def _uncertain_rows(self) -> list[bytes]:
        """The rows that are not written like others; nothing when that is not known."""
        alike, rows = self._memo.alike, self.rows
        if alike is None or rows.starts[1:] != rows.ends[:-1]:
            return []
        return [
            self.held.between(start, end)
            for start, end, known in zip(rows.starts, rows.ends, alike, strict=True)
            if not known
        ]

    @property
    def alike_rows(self) -> bytearray | None:
        return self._memo.alike

    def known_alike(self, alike: bytearray) -> None:
        """Note the rows for which another one stands."""
        self._memo.alike = alike

    def _refuse_place(self, row: int, column: int) -> Never:
        raise Refusal.DISORDER.error(self.file, self.part, say("Cell {row}.", row=a1(row, column)))

    def span(self, row: int, column: int) -> CellSpan | None:
        """Where a cell stands; None when it is not written."""
        index = self.index_of(row)
        if index is None:
            return None
        return next((c for c in self.cells_at(index) if c.column == column and c.row == row), None)

    def raw(self, span: CellSpan) -> RawCell:
        """The pieces of a cell."""
        return pieces_of(self.data, span, self.prefix, self.file, self.part)

    def children(self, span: CellSpan) -> tuple[tuple[str, int, int], ...]:
        """The elements inside a cell: (local name, start, end)."""
        thorough = self.rows.cells is not None
        return children_of(self.data, span, self.prefix, self.file, self.part, thorough=thorough)

    def cell(
        self, row: int, column: int, strings: SharedStrings | Sequence[str] = _NO_STRINGS
    ) -> Cell | None:
        """One cell; None when it is not written."""
        span = self.span(row, column)
        return None if span is None else self._decode(span, _texts(strings))

    def cells(
        self,
        strings: SharedStrings | Sequence[str] = _NO_STRINGS,
        top: int = 0,
        bottom: int = limits.ROWS - 1,
    ) -> Iterator[Cell]:
        """All cells written in rows `top` to `bottom`, in the order of the part."""
        for _, cells in self.cell_rows(strings, top, bottom):
            yield from cells

    def cell_rows(
        self,
        strings: SharedStrings | Sequence[str] = _NO_STRINGS,
        top: int = 0,
        bottom: int = limits.ROWS - 1,
    ) -> Iterator[tuple[int, list[Cell]]]:
        """The same by row: (row, its cells), also for rows without cells. The fast way to read a sheet.

        Refused when rows or cells are out of order or double: nobody can say which of them counts.
        """
        first, last = bisect_left(self.rows.numbers, top), bisect_right(self.rows.numbers, bottom)
        yield from self.cell_rows_at(range(first, last), strings)

    def cell_rows_at(
        self,
        indexes: Iterable[int],
        strings: SharedStrings | Sequence[str] = _NO_STRINGS,
        memory: Memory | None = None,
    ) -> Iterator[tuple[int, list[Cell]]]:
        """The same for rows by their indexes in `rows`."""
        self.refuse_disorder()
        texts = _texts(strings)
        reader = RowReader(
            *(self.data, self.prefix.encode(), texts, self.date1904, self.formula_text),
            memory or Memory(self.marks),
        )
        for index in indexes:
            row = self.rows.numbers[index]
            yield row, self._row_cells(index, row, texts, reader)

    def alone(self, indexes: Sequence[int]) -> SheetScan:
        """These rows (rising) without the others: so that few bytes are asked for, of a part that was spliced."""
        rows = self.rows
        pieces = [self.held.between(rows.starts[i], rows.ends[i]) for i in indexes]
        ends = array("q", accumulate(map(len, pieces)))
        moved = [end - rows.ends[i] for i, end in zip(indexes, ends, strict=True)]

        def of(places: array[int]) -> array[int]:
            return array("q", (places[i] + by for i, by in zip(indexes, moved, strict=True)))

        near = replace(
            rows,
            start=0,
            open_end=0,
            close_start=ends[-1] if ends else 0,
            end=ends[-1] if ends else 0,
            numbers=array("q", (rows.numbers[i] for i in indexes)),
            starts=of(rows.starts),
            open_ends=of(rows.open_ends),
            close_starts=of(rows.close_starts),
            ends=ends,
        )
        memo = Memo(specials=self.special_formulas)
        return replace(self, held=HeldBytes(b"".join(pieces)), rows=near, _memo=memo)

    def alike(self, strings: SharedStrings | Sequence[str], memory: Memory) -> Iterator[Block]:
        """Rows that are written alike, in blocks; nothing is said of the others."""
        self.refuse_disorder()
        reader = AlikeReader(
            self.data, self.rows, self.prefix.encode(), _texts(strings), self.date1904, memory
        )
        yield from reader.blocks()

    def _row_cells(self, index: int, row: int, texts: Sequence[str], reader: RowReader) -> list[Cell]:
        rows = self.rows
        found = None
        if rows.cells is None:
            found = reader.cells(row, rows.open_ends[index], rows.close_starts[index])
        if found is None:
            found = [self._decode(span, texts) for span in self.ordered_cells_at(index)]
        return found

    def _decode(self, span: CellSpan, texts: Sequence[str]) -> Cell:
        raw = self.raw(span)
        kind, value = decoded(raw, texts, date1904=self.date1904)
        if kind is CellKind.BROKEN and raw.type == "s" and texts is not _NO_STRINGS:
            self._refuse_string(span.row, span.column)
        formula = None if raw.formula is None else self.formula_text(span.row, span.column, raw.formula)
        tag = raw.formula
        if tag is not None and not tag.type and tag.text in LOGICAL and kind is CellKind.NUMBER:
            kind, value = CellKind.BOOLEAN, LOGICAL[tag.text]
        return Cell(span.row, span.column, raw.style, kind, value, formula)

    def _refuse_string(self, row: int, column: int) -> Never:
        reason = f"The text of cell {a1(row, column)} is missing."
        raise Refusal.DAMAGED.error(self.file, self.part, reason)

    def formula_text(self, row: int, column: int, tag: FormulaTag) -> str:
        """The cell's own formula: shared ones are moved to where the cell is."""
        if tag.type == "dataTable":
            return f"TABLE({tag.attributes.get('r1', '')},{tag.attributes.get('r2', '')})"
        if tag.type == "shared" and not tag.text:
            return self.special_formulas.shared_text(tag.shared_index, row, column)
        # What a mark stands for is as it was written.
        text = self.marks.texts.get(tag.text.encode()) if self.marks.texts else None
        return tag.text if text is None else attribute_text(text)

    @property
    def special_formulas(self) -> SpecialFormulas:
        """Masters of shared formulas, array formulas, data tables."""
        if self._memo.specials is None:
            pattern = special_formula(self.prefix.encode())
            # A row that is written like another one has the same formulas.
            known = not any(pattern.search(piece) for piece in self._uncertain_rows() or (self.data,))
            found = () if known else tuple(self._specials())
            self._memo.specials = SpecialFormulas(found, self.file, self.part)
        return self._memo.specials

    def shared_cells(self, shared_index: str) -> tuple[CellSpan, ...]:
        """All cells that take part in a shared formula, in the order written."""
        pattern = shared_formula(self.prefix.encode(), shared_index.encode())
        return tuple(
            span
            for span, tag in self._formulas(pattern)
            if tag.type == "shared" and tag.shared_index == shared_index
        )

    def _specials(self) -> Iterator[SpecialFormula]:
        for span, tag in self._formulas(special_formula(self.prefix.encode())):
            special = special_of(span, tag)
            if special is not None:
                yield special

    def _formulas(self, pattern: re.Pattern[bytes]) -> Iterator[tuple[CellSpan, FormulaTag]]:
        """Cells whose `<f>` the pattern finds; all cells with a formula when the part was read thoroughly."""
        rows = self.rows
        if rows.start < 0:
            return
        if rows.cells is not None:
            for spans in rows.cells:
                for span in spans:
                    tag = self.raw(span).formula
                    if tag is not None:
                        yield span, tag
            return
        index = -1
        cells: tuple[CellSpan, ...] = ()
        for match in pattern.finditer(self.data, rows.open_end, rows.close_start):
            at = match.start()
            if index < 0 or not rows.starts[index] <= at < rows.ends[index]:
                index = max(0, bisect_right(rows.starts, at) - 1)
                cells = self.cells_at(index)
            found = next((c for c in cells if c.start < at < c.end), None)
            tag = self.raw(found).formula if found is not None else None
            if found is not None and tag is not None:
                yield found, tag

    @property
    def bounds(self) -> RangeRef | None:
        """The rectangle around all cells written, blank ones too; None without any.

        Look at it before handing a file to a program that allocates by coordinates: one stray cell in the
        far corner makes it as large as the sheet.
        """
        rows, columns = set[int](), set[int]()
        count_tags, find_letters = _tags_and_letters(self.prefix.encode())
        for index, row in enumerate(self.rows.numbers):
            start, end = self.rows.open_ends[index], self.rows.close_starts[index]
            letters = find_letters.findall(self.data, start, end)
            if self.rows.cells is None and len(letters) == len(count_tags.findall(self.data, start, end)):
                columns.update(map(column_number, set(letters)))
                rows.update((row,) if letters else ())
            else:
                columns.update(c.column for c in self.cells_at(index))
                rows.update(c.row for c in self.cells_at(index))
        return RangeRef(min(rows), min(columns), max(rows), max(columns)) if rows else None

    def refuse_disorder(self) -> None:
        """Raise when rows are out of order or double: such a part is read, never changed."""
        if not self.rows.in_order:
            raise Refusal.DISORDER.error(self.file, self.part)


def scan_sheet(
    data: bytes,
    *,
    file: str = "",
    part: str = "",
    date1904: bool = False,
    thorough: bool | None = None,
    marks: Texts | None = None,
) -> SheetScan:
    """A worksheet part in UTF-8. `thorough` forces the slow or the fast way of finding rows and cells."""
    rows = find_rows(data, file, part, thorough=thorough)
    return SheetScan(HeldBytes(data), rows, file, part, date1904, marks or Texts())


def _texts(strings: SharedStrings | Sequence[str]) -> Sequence[str]:
    return strings.texts if isinstance(strings, SharedStrings) else strings


@lru_cache(maxsize=16)
def _tags_and_letters(prefix: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    p = re.escape(prefix)
    return re.compile(rb"<%bc[\s/>]" % p), re.compile(rb'<%bc r="([A-Z]{1,3})[1-9][0-9]{0,6}"' % p)
