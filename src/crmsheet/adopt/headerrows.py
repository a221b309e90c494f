"""Which rows of a region are its header, and what each column is called by them.

Knows titles above, headers of several rows, merged cells in them, periods and years as headers. Does not know data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from crmsheet.adopt.surface import Surface, text_of, value_kind
from crmsheet.intake.books import BookCell
from crmsheet.intake.grids import Raw

_HEADER_ROWS: Final = 3
_LONGEST_HEADER: Final = 80
TITLE_ROWS: Final = 12


def header_like(cells: Mapping[tuple[int, int], BookCell], rows: Sequence[int]) -> int | None:
    """The first row that holds more than one cell."""
    counts: dict[int, int] = {}
    for row, _ in cells:
        counts[row] = counts.get(row, 0) + 1
    return next((row for row in rows if counts.get(row, 0) > 1), rows[0] if rows else None)


def header_row(surface: Surface, rows: Sequence[int], columns: Sequence[int]) -> int | None:
    """The index of the row that names the columns: texts only, as wide as the rows below it."""
    widths = [len(surface.filled(r, columns)) for r in rows]
    if not widths:
        return None
    widest = max(widths[: 2 * TITLE_ROWS])
    for index, row in enumerate(rows[:TITLE_ROWS]):
        filled = surface.filled(row, columns)
        if len(filled) < max(1 if widest == 1 else 2, (widest + 1) // 2):
            continue
        texts = [text_of(surface.value(row, c)) for c in filled]
        kinds = [value_kind(surface.value(row, c)) for c in filled]
        plain = sum(k == "text" for k in kinds)
        years = sum(
            k == "number" and is_year(surface.value(row, c)) for k, c in zip(kinds, filled, strict=True)
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
        and all(value_kind(surface.value(rows[index + 1], c)) == "text" for c in other)
    )


def _wide_in(surface: Surface, row: int) -> bool:
    return any(r == row for r, _ in surface.wide)


def _below_numbers(surface: Surface, rows: Sequence[int], index: int, columns: Sequence[int]) -> bool:
    below = rows[index + 1 : index + 6]
    return any(value_kind(surface.value(r, c)) == "number" for r in below for c in columns[1:])


def is_period(text: str) -> bool:
    """A year, month or quarter, as columns of figures are called."""
    return (
        re.fullmatch(r"(?:19|20)\d{2}年?|\d{1,2}月?|[QqHh]\d|(?:19|20)\d{2}[-/.年]\d{1,2}月?", text)
        is not None
    )


def is_year(value: Raw) -> bool:
    return isinstance(value, int | float) and 1990 <= value <= 2100


def headers_of(
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
            text = text_of(surface.value(row, column))
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
    if not text_of(surface.value(below, column)) or surface.value(below, column) == surface.value(
        row, column
    ):
        return last
    for other in columns:
        if other <= column:
            continue
        if text_of(surface.value(row, other)) or not text_of(surface.value(below, other)):
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
    kinds = {value_kind(surface.value(row, c)) for c in own if not is_period(text_of(surface.value(row, c)))}
    if not own or kinds - {"text"}:
        return False
    wide = [a for (r, c), a in surface.wide.items() if r == above and a.left in columns]
    if any(a.rows == 1 and any(a.left <= c <= a.right for c in own) for a in wide) and any(
        (above, c) in surface.cells for c in columns
    ):
        return True
    tall = len(own) < len(filled)
    gaps = [c for c in own if (above, c) not in surface.cells]
    texts = [text_of(surface.value(row, c)) for c in own]
    # Without merged cells the row must name what the one above leaves blank, and be unlike the data below it.
    below = rows[head + depth + 1 : head + depth + 6]
    unlike = any(value_kind(surface.value(r, c)) in ("number", "date", "boolean") for r in below for c in own)
    return len(set(texts)) == len(texts) and (tall or len(gaps) >= 1) and unlike and (bool(gaps) or tall)
