"""Where the tables of a sheet stand: header rows, data rows, and what is neither.

Knows titles above, headers of several rows, merged cells, totals, section rows, notes below, blank rows and
columns, several tables beside and below each other. Does not know what columns hold.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from crmsheet.excel.references import RangeRef
from crmsheet.intake.books import BookCell, BookSheet
from crmsheet.intake.dates import written_date
from crmsheet.intake.grids import Raw
from crmsheet.intake.numbers import written_number
from crmsheet.intake.texts import cleaned, name_form

_TOTALS: Final = re.compile(
    r"(?:合计|总计|小计|共计|汇总|累计|平均|平均值|总和|总数|本页小计|(?:grand|sub)?-?totals?|sum|average|avg|count)"
    r"(?:[:：(（].*)?|.{1,12}(?:合计|小计|总计)|(?:grand|sub)\s*total.*|totals?\s.{1,20}|.{1,20}\stotals?",
    re.IGNORECASE,
)
_TOTAL_FORMULA: Final = re.compile(r"^=\+?(?:SUM|SUBTOTAL|AVERAGE|COUNTA?|AGGREGATE)\(", re.IGNORECASE)
_UNIT: Final = re.compile(
    r"[(（\[【]?\s*(?:单位[:：]?\s*)?(?:百万|千万|万|亿|千)?"
    r"(?:元|美元|人民币|个|件|台|套|人|天|日|次|家|箱|吨|公斤|kg|g|t|pcs|%|rmb|cny|usd|eur|gbp|k€|€|\$|¥|days?|hours?|h)"
    r"\s*[)）\]】]?",
    re.IGNORECASE,
)
_HEADER_ROWS: Final = 3
_TITLE_ROWS: Final = 12
_LONGEST_HEADER: Final = 80


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows (0-based) that are no data, with the reason's word."""

    row: int
    why: str
    """`title`, `total`, `note`, `section`, `header` or `units`."""
    text: str


@dataclass(frozen=True, slots=True)
class Region:
    """A table as it stands. Rows and columns are the sheet's, 0-based."""

    columns: tuple[int, ...]
    headers: tuple[str, ...]
    """One for each column; "" where the sheet has none."""
    header_rows: tuple[int, ...]
    rows: tuple[int, ...]
    left_out: tuple[LeftOut, ...] = ()
    name: str = ""
    """Of an Excel table: its name. Else the title above it, if there is one."""
    sections: Mapping[int, str] | None = None
    """Headings between the rows: for each data row the one it stands under."""


@dataclass(frozen=True, slots=True)
class Layout:
    """All tables of a sheet, and the texts that belong to none."""

    regions: tuple[Region, ...]
    strays: tuple[tuple[int, int], ...] = ()
    """Cells in no table, no title, no note."""


class Surface:
    """A sheet's cells, with merged ones filled down where they stand for several rows."""

    def __init__(self, sheet: BookSheet) -> None:
        self.sheet = sheet
        self.cells: dict[tuple[int, int], BookCell] = dict(sheet.cells)
        self.wide: dict[tuple[int, int], RangeRef] = {}
        for area in sheet.merged:
            first = sheet.cells.get((area.top, area.left))
            if first is None:
                continue
            if area.columns > 1:
                self.wide[area.top, area.left] = area
            if area.rows > 1 and area.rows <= 5000:
                for row in range(area.top + 1, area.bottom + 1):
                    self.cells[row, area.left] = first

    def value(self, row: int, column: int) -> Raw:
        cell = self.cells.get((row, column))
        return cell.value if cell is not None else None

    def filled(self, row: int, columns: Sequence[int]) -> tuple[int, ...]:
        return tuple(c for c in columns if (row, c) in self.cells)


def layout(sheet: BookSheet) -> Layout:
    """The tables of a sheet."""
    surface = Surface(sheet)
    regions = [
        found
        for table in sheet.tables
        if (found := _of_table(surface, table.area, table.header, table.totals, table.name))
    ]
    covered = [table.area for table in sheet.tables]
    free = {
        place: cell
        for place, cell in surface.cells.items()
        if not any(a.top <= place[0] <= a.bottom and a.left <= place[1] <= a.right for a in covered)
    }
    used: set[tuple[int, int]] = set()
    for block in _bands(free):
        for region in _in_band(surface, block):
            regions.append(region)
            rows = {*region.header_rows, *region.rows, *(x.row for x in region.left_out)}
            used.update(p for p in block if p[0] in rows)
    strays = sorted(set(free) - used)
    ordered = sorted(regions, key=lambda r: ((r.header_rows or r.rows)[0], r.columns[0]))
    return Layout(tuple(ordered), tuple(strays))


def _of_table(surface: Surface, area: RangeRef, header: bool, totals: int, name: str) -> Region | None:
    columns = tuple(range(area.left, area.right + 1))
    first = area.top + (1 if header else 0)
    rows = tuple(r for r in range(first, area.bottom + 1 - totals) if surface.filled(r, columns))
    if not header and not rows:
        return None
    headers = tuple(_text(surface.value(area.top, c)) if header else "" for c in columns)
    left_out = tuple(
        LeftOut(row, "total", _row_text(surface, row, columns))
        for row in range(area.bottom + 1 - totals, area.bottom + 1)
    )
    region = Region(columns, headers, (area.top,) if header else (), rows, left_out, name)
    return _without_totals(surface, region)


def _bands(cells: Mapping[tuple[int, int], BookCell]) -> Iterator[frozenset[tuple[int, int]]]:
    """Groups of cells side by side that belong to different tables: parted by blank columns, unless they are one
    table with a blank column in it."""
    if not cells:
        return
    columns = sorted({c for _, c in cells})
    groups: list[list[int]] = [[columns[0]]]
    for before, column in pairwise(columns):
        if column > before + 1:
            groups.append([])
        groups[-1].append(column)
    parts = [{p for p in cells if group[0] <= p[1] <= group[-1]} for group in groups]
    merged: list[set[tuple[int, int]]] = [parts[0]]
    for part in parts[1:]:
        if _one_table(merged[-1], part, cells):
            merged[-1] |= part
        else:
            merged.append(part)
    for part in merged:
        yield frozenset(part)


def _one_table(
    left: set[tuple[int, int]], right: set[tuple[int, int]], cells: Mapping[tuple[int, int], BookCell]
) -> bool:
    """Whether two groups of columns are halves of one table: rows run the same way, headers do not repeat."""
    rows_left, rows_right = {r for r, _ in left}, {r for r, _ in right}
    if len(rows_right) < 2 or len(rows_left) < 2:
        # A lone cell beside a table is a title or a note of it; a narrow column that is nearly blank too.
        return True
    both = rows_left & rows_right
    # A sparse column belongs to its neighbours' rows.
    if not (
        len(both) >= 0.8 * len(rows_right) and max(rows_left) - max(rows_right) <= 0.2 * len(rows_left) + 1
    ):
        return False
    first = _header_like(cells, sorted(rows_left)), _header_like(cells, sorted(rows_right))
    if first[0] is None or first[1] is None or first[0] != first[1]:
        return False
    names_left = {_text(cells[p].value) for p in left if p[0] == first[0]}
    names_right = {_text(cells[p].value) for p in right if p[0] == first[1]}
    full = [abs(max(rows_left) - max(rows_right)) <= 1, not names_left & names_right]
    return all(full)


def _header_like(cells: Mapping[tuple[int, int], BookCell], rows: Sequence[int]) -> int | None:
    """The first row that holds more than one cell."""
    counts: dict[int, int] = {}
    for row, _ in cells:
        counts[row] = counts.get(row, 0) + 1
    return next((row for row in rows if counts.get(row, 0) > 1), rows[0] if rows else None)


def _in_band(surface: Surface, block: frozenset[tuple[int, int]]) -> Iterator[Region]:
    """The tables below each other in a band of columns."""
    columns = tuple(sorted({c for _, c in block}))
    rows = sorted({r for r, _ in block})
    starts = _starts(surface, rows, columns)
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else len(rows)
        found = _region(surface, rows[start:end], columns)
        if found is not None:
            yield found


def _starts(surface: Surface, rows: Sequence[int], columns: Sequence[int]) -> list[int]:
    """Where tables begin: behind a blank row, with a header whose texts stand over other kinds of values."""
    starts = [0]
    for index in range(1, len(rows)):
        if rows[index] == rows[index - 1] + 1:
            continue
        ahead = rows[index : index + _TITLE_ROWS]
        head = _header_row(surface, ahead, columns)
        if head is None:
            continue
        before = rows[starts[-1] : index]
        known = _header_row(surface, before, columns)
        if known is None:
            if len(before) > 3:
                starts.append(index)
            continue
        filled, mine = surface.filled(ahead[head], columns), surface.filled(before[known], columns)
        same = sum(
            name_form(_text(surface.value(ahead[head], c)))
            == name_form(_text(surface.value(before[known], c)))
            for c in filled
        )
        data = before[known + 1 :]
        below = ahead[head + 1 :]
        if same >= max(2, len(filled) // 2) and set(filled) == set(mine):
            continue  # the header repeated for the next page
        if data and below and _differs(surface, data, filled):
            starts.append(index)
    return starts


def _differs(surface: Surface, data: Sequence[int], columns: Sequence[int]) -> bool:
    """Whether a row of texts stands under values of other kinds, or under fewer columns than it has."""
    kinds = 0
    for column in columns:
        seen = [k for r in data[-30:] if (k := _kind(surface.value(r, column)))]
        other = [k for k in seen if k != "text"]
        if (seen and len(other) >= len(seen) / 2) or not seen:
            kinds += 1
    return kinds > 0


def _kind(value: Raw) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case dt.date() | dt.time() | dt.timedelta():
            return "date"
        case str():
            text = cleaned(value)
            if not text:
                return ""
            if written_date(text) is not None:
                return "date"
            return "number" if written_number(text) is not None else "text"
        case _:
            return "text"


def _header_row(surface: Surface, rows: Sequence[int], columns: Sequence[int]) -> int | None:
    """The index of the row that names the columns: texts only, as wide as the rows below it."""
    widths = [len(surface.filled(r, columns)) for r in rows]
    if not widths:
        return None
    widest = max(widths[: 2 * _TITLE_ROWS])
    for index, row in enumerate(rows[:_TITLE_ROWS]):
        filled = surface.filled(row, columns)
        if len(filled) < max(1 if widest == 1 else 2, (widest + 1) // 2):
            continue
        texts = [_text(surface.value(row, c)) for c in filled]
        kinds = [_kind(surface.value(row, c)) for c in filled]
        plain = sum(k == "text" for k in kinds)
        years = sum(
            k == "number" and _is_year(surface.value(row, c)) for k, c in zip(kinds, filled, strict=True)
        )
        # Months and years over columns of figures are headers too.
        months = sum(k == "date" for k in kinds)
        fits = plain == len(filled) or (
            plain >= 1
            and plain + years + months == len(filled)
            and _below_numbers(surface, rows, index, filled)
        )
        if fits and all(0 < len(t) <= _LONGEST_HEADER for t in texts) and len(set(texts)) > len(texts) / 2:
            if (
                len(filled) < widest - 1
                and index + 1 < len(rows)
                and not _wide_in(surface, row)
                and _better_below(surface, rows, index, columns)
            ):
                continue
            return index
        return None
    return None


def _better_below(surface: Surface, rows: Sequence[int], index: int, columns: Sequence[int]) -> bool:
    """Whether the next row is a header that names more columns: this one is a title with a remark beside it."""
    mine, other = surface.filled(rows[index], columns), surface.filled(rows[index + 1], columns)
    # Where each names what the other leaves blank, both are the header.
    return (
        set(mine) <= set(other)
        and len(other) > len(mine)
        and all(_kind(surface.value(rows[index + 1], c)) == "text" for c in other)
    )


def _wide_in(surface: Surface, row: int) -> bool:
    return any(r == row for r, _ in surface.wide)


def _below_numbers(surface: Surface, rows: Sequence[int], index: int, columns: Sequence[int]) -> bool:
    below = rows[index + 1 : index + 6]
    return any(_kind(surface.value(r, c)) == "number" for r in below for c in columns[1:])


def _is_period(text: str) -> bool:
    """A year, month or quarter, as columns of figures are called."""
    return (
        re.fullmatch(r"(?:19|20)\d{2}年?|\d{1,2}月?|[QqHh]\d|(?:19|20)\d{2}[-/.年]\d{1,2}月?", text)
        is not None
    )


def _is_year(value: Raw) -> bool:
    return isinstance(value, int | float) and 1990 <= value <= 2100


def _region(surface: Surface, rows: Sequence[int], columns: Sequence[int]) -> Region | None:
    """The table in these rows, None when there is none."""
    head = _header_row(surface, rows, columns)
    if head is None:
        return _headless(surface, rows, columns)
    headers, depth = _headers(surface, rows, head, columns)
    data = rows[head + depth :]
    titles = tuple(LeftOut(r, "title", _row_text(surface, r, columns)) for r in rows[:head])
    kept = tuple(c for c in columns if headers[c] or any((r, c) in surface.cells for r in data))
    if not kept or (not data and len(kept) < 2):
        return None
    wide = any(len(surface.filled(r, kept)) > 1 for r in data)
    if len(kept) > 1 and sum(bool(headers[c]) for c in kept) < 2 and not wide:
        return None
    if len(kept) == 1 and (len(data) < 3 or data[0] != rows[head + depth - 1] + 1):
        return None
    name = next((t.text for t in titles if 0 < len(t.text) <= 60), "")
    header_rows = tuple(rows[head : head + depth])
    region = Region(kept, tuple(headers[c] for c in kept), header_rows, tuple(data), titles, name)
    return _without_totals(surface, region)


def _headers(
    surface: Surface, rows: Sequence[int], head: int, columns: Sequence[int]
) -> tuple[dict[int, str], int]:
    """The header of each column, and how many rows they take."""
    depth = 1
    while (
        depth < _HEADER_ROWS
        and head + depth < len(rows) - 1
        and _goes_on(surface, rows, head, depth, columns)
    ):
        depth += 1
    parts: dict[int, list[str]] = {c: [] for c in columns}
    for level in range(depth):
        row = rows[head + level]
        spread = ""
        until = -1
        for column in columns:
            text = _text(surface.value(row, column))
            area = surface.wide.get((row, column))
            if text:
                spread, until = text, area.right if area is not None else column
                # A parent without a merge stands over the blank cells right of it.
                if area is None and level < depth - 1:
                    until = _run(surface, row, rows[head + level + 1], column, columns)
            elif column <= until:
                text = spread
            if text and (not parts[column] or parts[column][-1] != text):
                parts[column].append(text)
    return {c: " ".join(texts) for c, texts in parts.items()}, depth


def _run(surface: Surface, row: int, below: int, column: int, columns: Sequence[int]) -> int:
    """How far right a parent header reaches: over columns that are blank beside it and named below it."""
    last = column
    if not _text(surface.value(below, column)) or surface.value(below, column) == surface.value(row, column):
        return last
    for other in columns:
        if other <= column:
            continue
        if _text(surface.value(row, other)) or not _text(surface.value(below, other)):
            break
        last = other
    return last


def _goes_on(surface: Surface, rows: Sequence[int], head: int, depth: int, columns: Sequence[int]) -> bool:
    """Whether the row below the header is a part of it: texts only, under wide cells or filling its gaps."""
    row, above = rows[head + depth], rows[head + depth - 1]
    if row != above + 1:
        return False
    filled = surface.filled(row, columns)
    own = [c for c in filled if surface.cells[row, c] is not surface.cells.get((above, c))]
    kinds = {_kind(surface.value(row, c)) for c in own if not _is_period(_text(surface.value(row, c)))}
    if not own or kinds - {"text"}:
        return False
    wide = [a for (r, c), a in surface.wide.items() if r == above and a.left in columns]
    if any(a.rows == 1 and any(a.left <= c <= a.right for c in own) for a in wide) and any(
        (above, c) in surface.cells for c in columns
    ):
        return True
    tall = len(own) < len(filled)
    gaps = [c for c in own if (above, c) not in surface.cells]
    texts = [_text(surface.value(row, c)) for c in own]
    # Without merged cells the row must name what the one above leaves blank, and be unlike the data below it.
    below = rows[head + depth + 1 : head + depth + 6]
    unlike = any(_kind(surface.value(r, c)) in ("number", "date", "boolean") for r in below for c in own)
    return len(set(texts)) == len(texts) and (tall or len(gaps) >= 1) and unlike and (bool(gaps) or tall)


def _headless(surface: Surface, rows: Sequence[int], columns: Sequence[int]) -> Region | None:
    """Rows of data without any header."""
    width = len(columns)
    if len(rows) < 3 or width < 2:
        return None
    full = [r for r in rows if len(surface.filled(r, columns)) >= max(2, width // 2)]
    if len(full) < 3 or len(full) < len(rows) * 0.7:
        return None
    left_out = tuple(LeftOut(r, "note", _row_text(surface, r, columns)) for r in rows if r not in full)
    region = Region(tuple(columns), ("",) * width, (), tuple(full), left_out)
    return _without_totals(surface, region)


def _without_totals(surface: Surface, region: Region) -> Region:
    """The region without rows that are no data: totals, repeated headers, section headings, notes."""
    data: list[int] = []
    left_out = list(region.left_out)
    sections: dict[int, str] = {}
    heading = ""
    last_full = max(
        (i for i, r in enumerate(region.rows) if len(surface.filled(r, region.columns)) > 1), default=-1
    )
    for index, row in enumerate(region.rows):
        why = _no_data(surface, region, row, behind=index > last_full)
        if not why:
            data.append(row)
            sections[row] = heading
            continue
        text = _row_text(surface, row, region.columns)
        if why == "section":
            heading = text
        left_out.append(LeftOut(row, why, text))
    several = len({s for s in sections.values() if s}) > 1
    return replace(region, rows=tuple(data), left_out=tuple(left_out), sections=sections if several else None)


def _no_data(surface: Surface, region: Region, row: int, *, behind: bool) -> str:
    """Why a row is no data; "" when it is."""
    filled = surface.filled(row, region.columns)
    texts = [(c, _text(surface.value(row, c))) for c in filled if isinstance(surface.value(row, c), str)]
    named = dict(zip(region.columns, region.headers, strict=True))
    if texts and len(texts) == len(filled) and sum(named[c] == t for c, t in texts) > len(filled) / 2:
        return "header"
    words = [t for _, t in texts]
    if words and _TOTALS.fullmatch(words[0]) and len(words) <= max(2, len(filled) // 2):
        return "total"
    if (
        words
        and len(words) == len(filled)
        and row == region.rows[0]
        and all(_UNIT.fullmatch(w) for w in words)
    ):
        return "units"
    formulas = [c for c in filled if _TOTAL_FORMULA.match(surface.cells[row, c].formula)]
    if (
        formulas
        and len(formulas) >= len(filled) - 1
        and len(region.columns) > 2
        and _sums_above(surface, row, formulas)
    ):
        return "total"
    if len(filled) == 1 and len(region.columns) > 2:
        column = filled[0]
        wide = surface.wide.get((row, column))
        text = _text(surface.value(row, column))
        if wide is not None and wide.columns > len(region.columns) / 2:
            return "note" if behind else "section"
        if (
            behind
            and isinstance(surface.value(row, column), str)
            and (len(text) > 12 or re.match(r"[*※注备说]|note", text, re.IGNORECASE))
        ):
            return "note"
        if not behind and text and column == region.columns[0] and surface.cells[row, column].bold:
            return "section"
    return ""


def _sums_above(surface: Surface, row: int, columns: Sequence[int]) -> bool:
    """Whether formulas add up cells of their own column above this row."""
    pattern = re.compile(r"\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)")
    for column in columns:
        for match in pattern.finditer(surface.cells[row, column].formula):
            if match[1] == match[3] and int(match[4]) <= row + 1 and int(match[2]) < int(match[4]):
                return True
    return any("[" in surface.cells[row, c].formula for c in columns)


def _text(value: Raw) -> str:
    match value:
        case None:
            return ""
        case str():
            return " ".join(cleaned(value).split())
        case dt.datetime():
            return f"{value:%Y-%m}" if value.day == 1 else f"{value:%Y-%m-%d}"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def _row_text(surface: Surface, row: int, columns: Sequence[int]) -> str:
    texts = (_text(surface.value(row, c)) for c in columns)
    return " ".join(t for t in texts if t)[:200]
