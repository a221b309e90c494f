"""Rows between and below the data that are none: totals, section rows, notes, units, headers again.

Knows words and formulas that give them away. Does not know headers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from crmsheet.adopt.surface import LeftOut, Region, Surface, row_text, text_of
from crmsheet.structs import replace

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


def without_totals(surface: Surface, region: Region) -> Region:
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
        text = row_text(surface, row, region.columns)
        if why == "section":
            heading = text
        left_out.append(LeftOut(row, why, text))
    several = len({s for s in sections.values() if s}) > 1
    return replace(region, rows=tuple(data), left_out=tuple(left_out), sections=sections if several else None)


def _no_data(surface: Surface, region: Region, row: int, *, behind: bool) -> str:
    """Why a row is no data; "" when it is."""
    filled = surface.filled(row, region.columns)
    texts = [(c, text_of(surface.value(row, c))) for c in filled if isinstance(surface.value(row, c), str)]
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
        text = text_of(surface.value(row, column))
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
