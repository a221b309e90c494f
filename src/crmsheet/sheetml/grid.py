"""The cells of a worksheet by row, held as compactly as they are written.

Knows that rows written alike are held by column (`alike`) and all others cell by cell, and gives both as rows
of cells, as columns, or as the cells that have a formula. Does not know what stands where.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeVar, cast

from crmsheet.excel.values import Value
from crmsheet.sheetml.alike import AlikeColumn, Block
from crmsheet.sheetml.decode import Cell, CellKind
from crmsheet.sheetml.rowwriting import FreshRows
from crmsheet.sheetml.scan import SheetScan
from crmsheet.structs import dataclass, field

Covered = Mapping[int, Sequence[tuple[int, int]]]
"""By column: rows that are left out, as (top, bottom)."""
_Others = tuple[list[int], dict[int, list[tuple[int, Cell]]]]
_NOWHERE: Final = -1
_T = TypeVar("_T")
_S = TypeVar("_S", "array[int]", list[object])


@dataclass(frozen=True, slots=True)
class Fresh:
    """Rows that came into a sheet, and their columns."""

    rows: range
    columns: frozenset[int]

    @staticmethod
    def of(rows: FreshRows) -> Fresh:
        first = rows.first_row
        return Fresh(range(first, first + rows.length), frozenset(f.column for f in rows.formats))


@dataclass(frozen=True, slots=True)
class CellRows(Mapping[int, Sequence[Cell]]):
    """All rows written, in order: row number to its cells."""

    scan: SheetScan
    blocks: tuple[Block, ...] = field(repr=False)
    others: Mapping[int, Sequence[Cell]] = field(repr=False)
    """The rows that are in no block, and those that are not as in theirs any more."""
    _block_of: array[int] = field(repr=False)
    """Of each row, by its index, the number of its block."""
    _at: array[int] = field(repr=False)
    """Of each row its place in its block."""
    _memo: list[_Others] = field(default_factory=list, repr=False, compare=False)

    @staticmethod
    def of(scan: SheetScan, blocks: Sequence[Block], others: Mapping[int, Sequence[Cell]]) -> CellRows:
        size = len(scan.rows)
        block_of, place = array("l", [_NOWHERE]) * size, array("l", [0]) * size
        for number, block in enumerate(blocks):
            for at, index in enumerate(block.indexes):
                block_of[index] = number
                place[index] = at
        return CellRows(scan, tuple(blocks), others, block_of, place)

    def patched(self, scan: SheetScan, changed: Mapping[int, Sequence[Cell]]) -> CellRows:
        """The same rows in a part in which only these differ."""
        return CellRows(scan, self.blocks, {**self.others, **changed}, self._block_of, self._at)

    def __len__(self) -> int:
        return len(self._block_of)

    def __iter__(self) -> Iterator[int]:
        return iter(self.scan.rows.numbers)

    def __contains__(self, row: object) -> bool:
        return isinstance(row, int) and self.scan.index_of(row) is not None

    def __getitem__(self, row: int) -> Sequence[Cell]:
        found = self.others.get(row)
        if found is not None:
            return found
        index = self.scan.index_of(row)
        if index is None or self._block_of[index] == _NOWHERE:
            raise KeyError(row)
        return self.blocks[self._block_of[index]].cells(self._at[index], self.scan.formula_text)

    def cell(self, row: int, column: int) -> Cell | None:
        """One cell; None when it is not written."""
        found = self.others.get(row)
        if found is None:
            index = self.scan.index_of(row)
            if index is None or self._block_of[index] == _NOWHERE:
                return None
            block = self.blocks[self._block_of[index]]
            held = _column_of(block, column)
            return None if held is None else held.cell(row, self._at[index], self.scan.formula_text)
        return next((c for c in found if c.column == column), None)

    def styles(self, column: int, rows: Sequence[int]) -> list[int]:
        """The styles of a column in these rows (rising); -1 where no cell is written."""
        return self._picked(self._whole(column)[2], -1, rows)

    def differing_cells(self, new: CellRows, fresh: Sequence[Fresh] = ()) -> Iterator[tuple[int, int]]:
        """The cells, as row and column, that have another value, formula or style in another state; without those of
        the fresh rows, of which other cells count."""
        numbers = self.scan.rows.numbers
        kept = _without(new.scan.rows.numbers, fresh)
        if self.shared_with(new) or numbers != _put_together(new.scan.rows.numbers, kept):
            for row in self.differing(new):
                old_cells = {c.column: c for c in self.get(row, ())}
                new_cells = {c.column: c for c in new.get(row, ())}
                columns = old_cells.keys() | new_cells.keys()
                for column in columns.difference(*(f.columns for f in fresh if row in f.rows)):
                    if _meaning(old_cells.get(column)) != _meaning(new_cells.get(column)):
                        yield row, column
            return
        for column in sorted(self._columns() | new._columns()):
            found: set[int] = set()
            now = new._whole(column)
            pairs = zip(self._whole(column), now, strict=True)
            for one, other in cast("Iterator[tuple[list[object], list[object]]]", pairs):
                for row, a, b in zip(
                    numbers, _put_together(other, kept) if fresh else other, one, strict=True
                ):
                    # TRUE and 1 are equal in Python and different in a cell.
                    if a is not b and (a != b or a.__class__ is not b.__class__):
                        found.add(row)
            for rows in fresh:
                if column not in rows.columns:
                    found.update(
                        row
                        for row, style in zip(rows.rows, new.styles(column, rows.rows), strict=True)
                        if style >= 0
                    )
            yield from ((row, column) for row in sorted(found))

    def shared_with(self, new: CellRows) -> bool:
        """Whether another state of this sheet was made from this one, row by row."""
        return new.blocks is self.blocks and new._block_of is self._block_of

    def differing(self, new: CellRows) -> list[int]:
        """The rows that may differ in another state of this sheet."""
        if self.shared_with(new):
            return sorted(self.others.keys() | new.others.keys())
        numbers = self.scan.rows.numbers
        if numbers != new.scan.rows.numbers:
            return sorted({*self, *new})
        return sorted({row for row, _ in self.differing_cells(new)})

    def _columns(self) -> set[int]:
        """All columns that have a cell."""
        return {c.column for b in self.blocks for c in b.columns} | {
            c.column for cells in self.others.values() for c in cells
        }

    def column(self, column: int, rows: Sequence[int]) -> tuple[list[Value], list[str | None]]:
        """Of a column in these rows (rising) the values and the formulas; None where no cell is written."""
        values, formulas, _ = self._whole(column)
        return self._picked(values, None, rows), self._picked(formulas, None, rows)

    def _whole(self, column: int) -> tuple[list[Value], list[str | None], list[int]]:
        """Of a column the values, formulas and styles of all rows; the style is -1 where no cell is written."""
        size = len(self._block_of)
        values: list[Value] = [None] * size
        formulas: list[str | None] = [None] * size
        styles = [-1] * size
        for block in self.blocks:
            found = _column_of(block, column)
            if found is None:
                continue
            texts = self._formulas(block, found)
            looks = found.styles if isinstance(found.styles, list) else [found.styles] * len(block.numbers)
            first, last = block.indexes[0], block.indexes[-1] + 1
            if last - first == len(block.indexes):
                values[first:last] = found.values
                formulas[first:last] = texts
                styles[first:last] = looks
            else:
                for at, index in enumerate(block.indexes):
                    values[index] = found.values[at]
                    formulas[index] = texts[at]
                    styles[index] = looks[at]
        places, by_column = self._others
        if self.blocks:
            for place in places:
                values[place], formulas[place], styles[place] = None, None, -1
        for place, cell in by_column.get(column, ()):
            values[place], formulas[place], styles[place] = cell.value, cell.formula, cell.style
        return values, formulas, styles

    @property
    def _others(self) -> _Others:
        """Of the rows that are in no block the places, and their cells by column."""
        if not self._memo:
            places: list[int] = []
            by_column: dict[int, list[tuple[int, Cell]]] = {}
            for row, cells in self.others.items():
                place = self.scan.index_of(row)
                assert place is not None
                places.append(place)
                for cell in cells:
                    by_column.setdefault(cell.column, []).append((place, cell))
            self._memo.append((places, by_column))
        return self._memo[0]

    def _formulas(self, block: Block, found: AlikeColumn) -> list[str | None]:
        if found.tag is None:
            return [found.formula] * len(block.numbers)
        own, column, tag = self.scan.formula_text, found.column, found.tag
        return [own(row, column, tag) for row in block.numbers]

    def _picked(self, found: list[_T], nothing: _T, rows: Sequence[int]) -> list[_T]:
        """What belongs to some rows, out of what belongs to each."""
        numbers = self.scan.rows.numbers
        if not rows:
            return []
        first, count = bisect_left(numbers, rows[0]), len(rows)
        # Both rise: without gaps they are the same when their ends are.
        if (
            rows[-1] - rows[0] == count - 1
            and first + count <= len(numbers)
            and numbers[first + count - 1] == rows[-1]
        ):
            return found[first : first + count]
        at = {row: index for index, row in enumerate(numbers)}
        return [nothing if (index := at.get(row)) is None else found[index] for row in rows]

    def last_down_to(self, bottom: int) -> int:
        """The last row written down to `bottom`; -1 without any."""
        index = bisect_left(self.scan.rows.numbers, bottom + 1)
        return self.scan.rows.numbers[index - 1] if index else -1

    def formula_cells(self, covered: Covered) -> Iterator[Cell]:
        """The cells with a formula, without those that are covered."""
        for block in self.blocks:
            held = [c for c in block.columns if not (c.formula is None and c.tag is None)]
            open_ = [
                c for c in held if not _all_covered(covered, c.column, block.numbers[0], block.numbers[-1])
            ]
            if open_:
                wanted = {c.column for c in open_}
                for at, row in enumerate(block.numbers):
                    if row not in self.others:
                        for cell in block.cells(at, self.scan.formula_text):
                            if cell.column in wanted and not is_covered(covered, cell.row, cell.column):
                                yield cell
        for cells in self.others.values():
            for cell in cells:
                if cell.formula is not None and not is_covered(covered, cell.row, cell.column):
                    yield cell

    @property
    def lacks_values(self) -> bool:
        """Whether a formula has no value, as in what programs save that do not compute."""
        for block in self.blocks:
            for c in block.columns:
                if c.formula is None and c.tag is None:
                    continue
                if c.kinds is CellKind.BLANK or (isinstance(c.kinds, list) and CellKind.BLANK in c.kinds):
                    return True
        return any(
            c.formula is not None and c.kind is CellKind.BLANK
            for cells in self.others.values()
            for c in cells
        )


def _without(numbers: Sequence[int], fresh: Sequence[Fresh]) -> list[slice]:
    """The places of all rows but the fresh ones, of which all are there or none."""
    kept: list[slice] = []
    done = 0
    for rows in sorted((f.rows for f in fresh), key=lambda r: r.start):
        start, stop = bisect_left(numbers, rows.start), bisect_left(numbers, rows.stop)
        kept.append(slice(done, start))
        done = stop
    return [*kept, slice(done, None)]


def _put_together(values: _S, kept: Sequence[slice]) -> _S:
    """The values at these places, in order."""
    found = values[kept[0]]
    for places in kept[1:]:
        found += values[places]
    return found


def _meaning(cell: Cell | None) -> tuple[int, type, Value, str | None] | None:
    return None if cell is None else (cell.style, type(cell.value), cell.value, cell.formula)


def _column_of(block: Block, column: int) -> AlikeColumn | None:
    return next((c for c in block.columns if c.column == column), None)


def is_covered(covered: Covered, row: int, column: int) -> bool:
    return any(top <= row <= bottom for top, bottom in covered.get(column, ()))


def _all_covered(covered: Covered, column: int, first: int, last: int) -> bool:
    return any(top <= first and last <= bottom for top, bottom in covered.get(column, ()))
