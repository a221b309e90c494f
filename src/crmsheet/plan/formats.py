"""Which cell format a plan gives to each cell that people may format otherwise, in a few words.

Knows how a `Style` and a block's rows of them are said as text, and how they are read back, by later versions too: what
they no longer know is left out. Does not know where the text is kept (`model.written`) nor what it is compared with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from functools import lru_cache
from itertools import groupby
from typing import Final, TypeAlias

from crmsheet.model.written import Formats
from crmsheet.plan.book import Plan, SheetKind
from crmsheet.plan.cells import Block, parted
from crmsheet.plan.looks import Style
from crmsheet.structs import fields

Grid: TypeAlias = Mapping[tuple[int, int], Style]
"""Styles by offsets in a block."""
HIDDEN: Final = (SheetKind.CALC, SheetKind.BASELINE)
"""Sheets on which nothing is people's."""
_NOBODY: Final = "-"


class _Numbers:
    """Numbers of styles, given as they are asked for."""

    def __init__(self) -> None:
        self.styles: dict[Style, str] = {}
        self._met: dict[int, str] = {}
        """By identity: many cells share one object, and comparing styles takes its time."""

    def of(self, style: Style) -> str:
        number = self._met.get(id(style))
        if number is None:
            number = self._met[id(style)] = self.styles.setdefault(style, str(len(self.styles)))
        return number


def formats_of(plan: Plan) -> Formats:
    """The formats of all visible cells."""
    numbers = _Numbers()
    hidden = {s.id for s in plan.sheets if s.kind in HIDDEN}
    columns = {
        t.id: " ".join(numbers.of(s) for c in t.columns for s in (c.style, c.header_style))
        for t in plan.tables
    }
    blocks = {b.anchor: _rows(b, numbers) for b in plan.blocks if b.anchored and b.sheet not in hidden}
    return Formats(tuple(map(_said, numbers.styles)), columns, blocks)


def _rows(block: Block, numbers: _Numbers) -> str:
    """Runs of equal numbers, row by row; a row that is like the one before is only counted."""
    rows = [[_NOBODY] * block.columns for _ in range(block.rows)]
    single, families = parted(block.cells)
    for cell in single:
        rows[cell.row][cell.column] = numbers.of(cell.style)
    for family in families:
        for row, column in family.places():
            rows[row][column] = numbers.of(family.style)
    return ",".join(
        _times(" ".join([_times(number, run, "x") for number, run in groupby(row)]), alike, "*")
        for row, alike in groupby(rows)
    )


def _times(what: str, run: Iterable[object], sign: str) -> str:
    """An item, and how often it comes in a row if that is not once."""
    count = sum(1 for _ in run)
    return f"{what}{sign}{count}" if count > 1 else what


def _every(items: Iterable[str], sign: str) -> Iterator[str]:
    """Items that were counted, each as often as it is there."""
    for item in items:
        what, _, times = item.partition(sign)
        yield from [what] * int(times or "1")


def block_formats(formats: Formats, anchor: str) -> Grid:
    """The formats of a block's cells; nothing where nobody wrote them down."""
    text = formats.blocks.get(anchor, "")
    rows = _every(text.split(","), "*") if text else ()
    return {
        (row, column): style_of(formats.styles[int(number)])
        for row, runs in enumerate(rows)
        for column, number in enumerate(_every(runs.split(), "x"))
        if number != _NOBODY
    }


def column_formats(formats: Formats, table: str) -> list[tuple[Style, Style]]:
    """Of each column of a table the format of its cells and of its header."""
    styles = [style_of(formats.styles[int(n)]) for n in formats.columns.get(table, "").split()]
    return list(zip(styles[::2], styles[1::2], strict=True))


def _said(style: Style) -> str:
    """What a style says that is not usual, a line each."""
    said = [(a.name, getattr(style, a.name), a.default) for a in fields(Style)]
    return "\n".join(f"{name}={_text(value)}" for name, value, usual in said if value != usual)


def _text(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    return value if isinstance(value, str) else f"{value:g}"


def _number(text: str) -> float:
    number = float(text)
    return int(number) if number.is_integer() else number


@lru_cache(maxsize=1024)
def style_of(text: str) -> Style:
    """The style that says so."""
    usual = {a.name: a.default for a in fields(Style)}
    found: dict[str, object] = {}
    for line in text.splitlines():
        name, _, value = line.partition("=")
        default = usual.get(name)
        if isinstance(default, bool):
            found[name] = value == "1"
        elif isinstance(default, Enum):
            known = {e.value: e for e in type(default)}
            found[name] = known.get(value, default)
        elif default is not None:
            found[name] = value if isinstance(default, str) else _number(value)
    return Style(**found)  # type: ignore[arg-type] # by the types of the defaults
