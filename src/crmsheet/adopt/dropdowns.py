"""The options of drop-downs in a sheet that people have: written in the rule, or cells of some sheet.

Knows where they stand. Does not know what becomes of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from crmsheet.adopt.drafts import Remark
from crmsheet.adopt.kinds import shown
from crmsheet.adopt.surface import Region
from crmsheet.excel.references import RangeRef, column_letters, parse_range
from crmsheet.intake.books import Book, BookList, BookSheet
from crmsheet.messages import say
from crmsheet.structs import replace

_MOST_OPTIONS: Final = 500


def list_sources(book: Book) -> dict[str, tuple[RangeRef, ...]]:
    """Ranges that drop-downs take their options from, by sheet."""
    found: dict[str, tuple[RangeRef, ...]] = {}
    for sheet in book.sheets:
        for rule in sheet.lists:
            area = _source(book, sheet, rule.formula)
            if area is not None:
                name = area.sheet.casefold()
                found[name] = (*found.get(name, ()), area)
    return found


def _source(book: Book, sheet: BookSheet, formula: str) -> RangeRef | None:
    text = formula.removeprefix("=").strip()
    if text.startswith('"'):
        return None
    text = book.names.get(text.casefold(), text)
    try:
        area = parse_range(text.removeprefix("="))
    except ValueError:
        return None
    return area if area.sheet else replace(area, sheet=sheet.name)


def only_options(region: Region, options: Sequence[RangeRef]) -> bool:
    """Whether all that a region holds are options of drop-downs."""

    def covered(column: int) -> bool:
        return any(
            a.left <= column <= a.right and a.top <= region.rows[0] + 1 and a.bottom >= region.rows[-1] - 1
            for a in options
        )

    return bool(region.rows) and all(covered(c) for c in region.columns)


def offered_in(
    book: Book, sheet: BookSheet, region: Region, column: int, remarks: list[Remark]
) -> tuple[str, ...]:
    """The options that most cells of a column are offered."""
    if not region.rows:
        return ()
    for rule in sheet.lists:
        inside = sum(
            any(a.left <= column <= a.right and a.top <= r <= a.bottom for a in rule.cells)
            for r in region.rows
        )
        if inside < len(region.rows) / 2:
            continue
        options = _options(book, sheet, rule)
        if options:
            return options
        remarks.append(
            Remark(
                sheet.name,
                f"{column_letters(column)}{region.rows[0] + 1}:{column_letters(column)}{region.rows[-1] + 1}",
                say(
                    "the options of this drop-down are computed ({formula}); they were taken from the values",
                    formula=rule.formula,
                ),
            )
        )
    return ()


def _options(book: Book, sheet: BookSheet, rule: BookList) -> tuple[str, ...]:
    text = rule.formula.removeprefix("=").strip()
    if text.startswith('"'):
        found = [t.strip() for t in text.strip('"').split(",")]
    else:
        area = _source(book, sheet, text)
        there = book.sheet(area.sheet) if area is not None else None
        if area is None or there is None:
            return ()
        cells = [
            c
            for p, c in sorted(there.cells.items())
            if area.top <= p[0] <= area.bottom and area.left <= p[1] <= area.right
        ]
        found = [shown(c.value) for c in cells[:_MOST_OPTIONS]]
    return tuple(dict.fromkeys(t for t in found if t))
