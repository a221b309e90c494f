"""The rows of a table as people left it: values by column, rows typed just below it, which row is which.

Knows when a row below a table belongs to it. Does not know where the table's columns are found (`columns`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

from crmsheet.diagnostics import FilePlace
from crmsheet.excel.references import RangeRef
from crmsheet.excel.values import Value
from crmsheet.model.baseline import TableMark
from crmsheet.model.identity import (
    Identified,
    ObservedRows,
    hash_of_texts,
    identified,
    remembered,
    row_hashes,
    value_text,
    value_texts,
)
from crmsheet.model.rowsums import TOGETHER, RowSums
from crmsheet.model.spec import Field, FieldType, Table
from crmsheet.model.state import TableState
from crmsheet.read.refusals import Refusal
from crmsheet.sheetml.contents import SheetCells
from crmsheet.sheetml.decode import Cell
from crmsheet.structs import dataclass

TOTALS = frozenset(
    {"合计", "总计", "小计", "汇总", "平均", "total", "totals", "sum", "subtotal", "grand total", "average"}
)
_MOST_ADOPTED = 100_000
_TOGETHER = 16_384
"""Rows whose values are texts at one time."""
_TEXTUAL = (
    FieldType.NUMBER,
    FieldType.INTEGER,
    FieldType.CURRENCY,
    FieldType.PERCENT,
    FieldType.RATING,
    FieldType.DATE,
    FieldType.DATETIME,
)


@dataclass(frozen=True, slots=True)
class FoundRows:
    """A table's rows: `rows` are sheet rows in order, `adopted` those of them that stood below the table."""

    state: TableState
    rows: tuple[int, ...]
    adopted: tuple[int, ...]
    identity: Identified
    hashes: tuple[str, ...] = ()
    """Of the rows as found, with their keys' texts."""
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extent:
    """A table's data rows, 0-based and inclusive, and the sheet columns of its fields and of `_id`."""

    first: int
    last: int
    columns: Mapping[str, int]
    id_column: int
    has_totals: bool


@dataclass(frozen=True, slots=True)
class KnownRows:
    """A table's rows as they were found in an earlier state of the same sheet."""

    cells: SheetCells
    columns: Mapping[str, int]
    found: FoundRows
    book_code: str


def found_rows(
    table: Table,
    cells: SheetCells,
    extent: Extent,
    mark: TableMark,
    book_code: str,
    next_row: int,
    known: KnownRows | None = None,
) -> FoundRows:
    """Read the rows of a table and tell which is which. Of rows that are as `known` is their content, too."""
    inputs = [
        (f, extent.columns[f.id]) for f in table.fields if not f.type.computed and f.id in extent.columns
    ]
    rows = list(range(extent.first, extent.last + 1))
    adopted = () if extent.has_totals else tuple(_adopted(table, cells, extent, inputs))
    rows += adopted
    written = [v if isinstance(v, str) else "" for v in cells.rows.column(extent.id_column, rows)[0]]
    if known is not None and _as_known(known, cells, extent, rows, book_code):
        columns, observed = _again(table, known, cells, inputs, rows, written)
    else:
        columns = {field.id: tuple(cells.rows.column(column, rows)[0]) for field, column in inputs}
        observed = _observed(table, columns, written, book_code, mark)
    if len(rows) == 1 and observed.blank[0] and not written[0]:
        return FoundRows(TableState((), dict.fromkeys(columns, ())), (), (), Identified((), next_row))
    identity = identified(observed, mark.rows, book_code, next_row, _under_key(table, columns, book_code))
    hashes, keys = tuple(observed.hashes), tuple(observed.keys)
    return FoundRows(TableState(identity.ids, columns), tuple(rows), adopted, identity, hashes, keys)


def _as_known(
    known: KnownRows, cells: SheetCells, extent: Extent, rows: Sequence[int], book_code: str
) -> bool:
    """Whether what is known of a table helps: the same rows and columns of a sheet most of which is shared."""
    return (
        known.cells.rows.shared_with(cells.rows)
        and known.book_code == book_code
        and known.found.rows == tuple(rows)
        and len(known.found.hashes) == len(rows)
        and all(known.columns.get(field) == column for field, column in extent.columns.items())
        and known.found.state.columns.keys() <= extent.columns.keys()
    )


def _again(
    table: Table,
    known: KnownRows,
    cells: SheetCells,
    inputs: Sequence[tuple[Field, int]],
    rows: Sequence[int],
    written: Sequence[str],
) -> tuple[dict[str, tuple[Value, ...]], ObservedRows]:
    """Columns and rows as they are, looking only at rows that differ; the rows of a table have no gaps."""
    first, last = rows[0], rows[-1]
    changed = [row - first for row in known.cells.rows.differing(cells.rows) if first <= row <= last]
    columns: dict[str, tuple[Value, ...]] = {}
    for field, column in inputs:
        values = list(known.found.state.columns[field.id])
        for index in changed:
            cell = cells.row(first + index).get(column)
            values[index] = cell.value if cell is not None else None
        columns[field.id] = tuple(values) if changed else known.found.state.columns[field.id]
    hashes, keys = list(known.found.hashes), list(known.found.keys)
    blank = [not id_ for id_ in known.found.identity.ids]
    if changed:
        own = {f.id: tuple(columns[f.id][i] for i in changed) for f in table.fields if f.id in columns}
        fresh = _observed(table, own, [written[i] for i in changed], known.book_code)
        for at, index in enumerate(changed):
            hashes[index], keys[index], blank[index] = fresh.hashes[at], fresh.keys[at], fresh.blank[at]
    return columns, ObservedRows(written, keys, hashes, blank)


def _observed(
    table: Table,
    columns: Mapping[str, tuple[Value, ...]],
    written: Sequence[str],
    book_code: str,
    mark: TableMark | None = None,
) -> ObservedRows:
    hashes: list[str] = []
    keys: list[str] = []
    blank: list[bool] = []
    known = remembered(written, {} if mark is None else mark.rows)
    sums = RowSums(book_code, "" if mark is None else mark.sums)
    for first, last, as_known in _runs(table, columns, written, known, sums):
        if as_known:
            pairs, empty = cast("Sequence[tuple[str, str]]", known[first:last]), [False] * (last - first)
        else:
            some = {field: values[first:last] for field, values in columns.items()}
            pairs, empty = _observed_together(table, some, known[first:last], book_code)
        hashes += [digest for digest, _ in pairs]
        keys += [key for _, key in pairs]
        blank += empty
    return ObservedRows(written, keys, hashes, blank)


def _runs(
    table: Table,
    columns: Mapping[str, tuple[Value, ...]],
    written: Sequence[str],
    known: Sequence[tuple[str, str] | None],
    sums: RowSums,
) -> Iterator[tuple[int, int, bool]]:
    """The rows in runs: from, to, and whether the run is as it is remembered."""
    if not sums:
        for first in range(0, len(written), _TOGETHER):
            yield first, min(first + _TOGETHER, len(written)), False
        return
    own = {f.id: columns[f.id] for f in table.fields if f.id in columns}
    begun = 0
    for first in range(0, len(written), TOGETHER):
        if first - begun >= _TOGETHER:
            yield begun, first, False
            begun = first
        if sums.hold(written, own, known, first):
            if first > begun:
                yield begun, first, False
            begun = min(first + TOGETHER, len(written))
            yield first, begun, True
    if begun < len(written):
        yield begun, len(written), False


def _observed_together(
    table: Table,
    columns: Mapping[str, tuple[Value, ...]],
    known: Sequence[tuple[str, str] | None],
    book_code: str,
) -> tuple[Sequence[tuple[str, str]], list[bool]]:
    """Hash and key of each row, and whether it is blank."""
    size = len(known)
    own = {f.id: value_texts(columns[f.id]) for f in table.fields if f.id in columns}
    keys = own.get(table.key, [""] * size)
    blank = _blank([own[f.id] for f in table.fields if f.id in columns and f.type is not FieldType.ID], size)
    hashes = row_hashes(book_code, tuple(own.values()), size)
    # Of rows as remembered the very texts that are: there may be a million.
    found = zip(hashes, keys, strict=True)
    return [old if old == pair else pair for old, pair in zip(known, found, strict=True)], blank


def _blank(columns: Sequence[Sequence[str]], size: int) -> list[bool]:
    """Which rows hold nothing in these columns of texts: a blank has none, empty text only its mark."""
    waiting: Sequence[int] = range(size)
    for texts in columns:
        waiting = [index for index in waiting if len(texts[index]) < 2]
        if not waiting:
            return [False] * size
    blank = [False] * size
    for index in waiting:
        blank[index] = True
    return blank


def _under_key(
    table: Table, columns: Mapping[str, tuple[Value, ...]], book_code: str
) -> Callable[[int, str], str] | None:
    """The hash a row would have under another key; None where keys are not typed."""
    own = [f.id for f in table.fields if f.id in columns]
    if table.key not in own:
        return None
    at = own.index(table.key)

    def digest(index: int, key: str) -> str:
        texts = [value_text(columns[f][index]) for f in own]
        texts[at] = key
        return hash_of_texts(book_code, texts)

    return digest


def _adopted(
    table: Table, cells: SheetCells, extent: Extent, inputs: Sequence[tuple[Field, int]]
) -> list[int]:
    """The rows directly below the table that are rows of it."""
    key_column = extent.columns.get(table.key)
    merges = cells.scan.merges
    adopted: list[int] = []
    for row in range(extent.last + 1, extent.last + 1 + _MOST_ADOPTED):
        found = cells.row(row)
        if not _belongs(table, found, inputs, key_column) or _merged(row, extent, merges):
            break
        adopted.append(row)
    return adopted


def _belongs(
    table: Table,
    found: Mapping[int, Cell],
    inputs: Sequence[tuple[Field, int]],
    key_column: int | None,
) -> bool:
    filled = [(f, found[c]) for f, c in inputs if c in found and found[c].value not in (None, "")]
    if not filled or any(cell.computes for _, cell in filled):
        return False
    if any(
        isinstance(c.value, str) and c.value.strip().rstrip(":：").casefold() in TOTALS for _, c in filled[:2]
    ):
        return False
    key = found.get(key_column) if key_column is not None else None
    key_is_given = table.has_field(table.key) and table.field(table.key).type is not FieldType.ID
    if key_is_given and (key is None or key.value in (None, "")):
        # A row without its key is one when it is filled like one; a remark below the table is not.
        if len(filled) < 3:
            return False
    elif not key_is_given and len(filled) < 2:
        return False
    fitting = sum(_fits(field, cell.value) for field, cell in filled)
    return fitting * 2 > len(filled)


def _fits(field: Field, value: Value) -> bool:
    if field.type in _TEXTUAL:
        return isinstance(value, int | float) or (isinstance(value, str) and any(c.isdigit() for c in value))
    return True


def _merged(row: int, extent: Extent, merges: Sequence[RangeRef]) -> bool:
    left, right = min(extent.columns.values()), max(*extent.columns.values(), extent.id_column)
    return any(m.top <= row <= m.bottom and m.left <= right and m.right >= left for m in merges)


def ensure_plausible(
    label: str, found: FoundRows, mark: TableMark, place: FilePlace, *, accept_deletions: bool
) -> None:
    """Raise WorkbookRefused when too many rows disagree with their ids, or too many are gone."""
    known = len(mark.rows)
    doubtful = len(found.identity.doubtful)
    # A few rows with each other's keys were renamed; many are a key column that was sorted alone.
    crossed = len(found.identity.crossed)
    if doubtful > max(3, known // 20) or crossed > max(9, known // 5):
        raise Refusal.ROWS_MIXED.error(place, count=doubtful + crossed, known=known, table=label)
    missing = len(found.identity.missing)
    if not accept_deletions and missing > max(3, known // 5):
        raise Refusal.ROWS_DELETED.error(place, count=missing, known=known, table=label)
