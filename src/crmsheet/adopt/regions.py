"""Where the tables of a sheet stand: header rows, data rows, and what is neither.

Knows titles above, headers of several rows, merged cells, totals, section rows, notes below, blank rows and
columns, several tables beside and below each other. Does not know what columns hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from crmsheet.adopt.headerrows import TITLE_ROWS, header_like, header_row, headers_of
from crmsheet.adopt.surface import LeftOut, Region, Surface, row_text, text_of, value_kind
from crmsheet.adopt.totals import without_totals
from crmsheet.excel.references import RangeRef
from crmsheet.intake.books import BookCell, BookSheet
from crmsheet.intake.texts import name_form
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """All tables of a sheet, and the texts that belong to none."""

    regions: tuple[Region, ...]
    strays: tuple[tuple[int, int], ...] = ()
    """Cells in no table, no title, no note."""


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
    headers = tuple(text_of(surface.value(area.top, c)) if header else "" for c in columns)
    left_out = tuple(
        LeftOut(row, "total", row_text(surface, row, columns))
        for row in range(area.bottom + 1 - totals, area.bottom + 1)
    )
    region = Region(columns, headers, (area.top,) if header else (), rows, left_out, name)
    return without_totals(surface, region)


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
    first = header_like(cells, sorted(rows_left)), header_like(cells, sorted(rows_right))
    if first[0] is None or first[1] is None or first[0] != first[1]:
        return False
    names_left = {text_of(cells[p].value) for p in left if p[0] == first[0]}
    names_right = {text_of(cells[p].value) for p in right if p[0] == first[1]}
    full = [abs(max(rows_left) - max(rows_right)) <= 1, not names_left & names_right]
    return all(full)


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
        ahead = rows[index : index + TITLE_ROWS]
        head = header_row(surface, ahead, columns)
        if head is None:
            continue
        before = rows[starts[-1] : index]
        known = header_row(surface, before, columns)
        if known is None:
            if len(before) > 3:
                starts.append(index)
            continue
        filled, mine = surface.filled(ahead[head], columns), surface.filled(before[known], columns)
        same = sum(
            name_form(text_of(surface.value(ahead[head], c)))
            == name_form(text_of(surface.value(before[known], c)))
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
        seen = [k for r in data[-30:] if (k := value_kind(surface.value(r, column)))]
        other = [k for k in seen if k != "text"]
        if (seen and len(other) >= len(seen) / 2) or not seen:
            kinds += 1
    return kinds > 0


def _region(surface: Surface, rows: Sequence[int], columns: Sequence[int]) -> Region | None:
    """The table in these rows, None when there is none."""
    head = header_row(surface, rows, columns)
    if head is None:
        return _headless(surface, rows, columns)
    headers, depth = headers_of(surface, rows, head, columns)
    data = rows[head + depth :]
    titles = tuple(LeftOut(r, "title", row_text(surface, r, columns)) for r in rows[:head])
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
    return without_totals(surface, region)


def _headless(surface: Surface, rows: Sequence[int], columns: Sequence[int]) -> Region | None:
    """Rows of data without any header."""
    width = len(columns)
    if len(rows) < 3 or width < 2:
        return None
    full = [r for r in rows if len(surface.filled(r, columns)) >= max(2, width // 2)]
    if len(full) < 3 or len(full) < len(rows) * 0.7:
        return None
    left_out = tuple(LeftOut(r, "note", row_text(surface, r, columns)) for r in rows if r not in full)
    region = Region(tuple(columns), ("",) * width, (), tuple(full), left_out)
    return without_totals(surface, region)
