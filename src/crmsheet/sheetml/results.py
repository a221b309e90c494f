"""New results of a column's formulas, all at once.

Knows how nearly all programs write a cell with a formula, and that where a whole column changes, one search finds all
its cells. Cells that it does not find so are left to `splice`, which gives the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from crmsheet.excel.references import column_letters
from crmsheet.excel.values import Value
from crmsheet.sheetml.cells import type_and_content
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.sheetml.spans import Rows

_HERE: Final = "<f/>"
"""Stands for a formula whose bytes are kept."""
Retagged: TypeAlias = Callable[[bytes, str], bytes]
"""The attributes of a cell's start tag with another type."""


def new_results(
    data: bytes,
    rows: Rows,
    indexes: Mapping[int, int],
    results: Mapping[int, Mapping[int, Value]],
    tag: Retagged,
) -> dict[int, list[tuple[int, Replacement]]]:
    """By row the spans, each with its column, that give cells with formulas their results (by row and column); only
    rows of which all cells were found. `indexes` are those of the rows, which are known to be in order, in `rows`."""
    found: dict[int, list[tuple[int, Replacement]]] = {row: [] for row in results}
    missing = {row: len(cells) for row, cells in results.items()}
    contents: dict[tuple[type, Value], tuple[str, bytes]] = {}
    tags: dict[tuple[bytes, str], bytes] = {}
    closed = f"</{rows.prefix}c>".encode()
    for column in sorted({column for cells in results.values() for column in cells}):
        for match in _cells(rows.prefix.encode(), column_letters(column).encode()).finditer(
            data, rows.open_end, rows.close_start
        ):
            row = int(match[1]) - 1
            cells = results.get(row)
            if cells is None or column not in cells:
                continue
            start, end = match.span()
            if not rows.starts[indexes[row]] < start < rows.ends[indexes[row]]:
                continue
            value, attributes = cells[column], match[2]
            key = (value.__class__, value)
            written = contents.get(key)
            if written is None:
                type_, content = type_and_content(value, _HERE, rows.prefix)
                written = contents[key] = type_, content[len(_HERE) :].encode() + closed
            kind, new = written
            changed = tags.get((attributes, kind))
            if changed is None:
                changed = tags[attributes, kind] = tag(attributes, kind)
            missing[row] -= 1
            kept = match.end(3)
            if changed != attributes:
                opened, inside = match.span(2)
                whole = data[start:opened] + changed + data[inside:kept] + new
                found[row].append((column, Replacement(start, end, whole)))
            elif not data.startswith(new, kept) or kept + len(new) != end:
                found[row].append((column, Replacement(kept, end, new)))
    return {row: spans for row, spans in found.items() if not missing[row]}


@lru_cache(maxsize=64)
def _cells(prefix: bytes, column: bytes) -> re.Pattern[bytes]:
    """The cells of a column that have a formula: row, attributes, and what follows these up to the result."""
    p = re.escape(prefix)
    return re.compile(
        rb'<%bc r="%b([1-9][0-9]{0,6})"([^>/]*+)(>' % (p, column)
        + rb'<%bf(?: [\w:]++="[^"<>]*+")*+(?:/>|>[^<]*+</%bf>))' % (p, p)
        + rb"(?:<%bv(?: [^>]*+)?>[^<]*+</%bv>)?+</%bc>" % (p, p, p)
    )
