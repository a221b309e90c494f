"""Prints of what a plan asks for: short sums by which a later version knows what this one wrote.

A print is over what is said, not over how this version keeps it: attributes that have their usual value are left out, so
that a new one changes no print, and places are those of a new workbook, wherever people moved things. What formulas
result in is not in it. Does not know where prints are kept (`model.written`) nor what they are compared for.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from enum import Enum
from hashlib import blake2b
from typing import Final, cast

from crmsheet.excel.values import Value
from crmsheet.formulas.render import render
from crmsheet.model.written import PRINT
from crmsheet.patterns import regex
from crmsheet.plan.book import Plan
from crmsheet.plan.cells import Block, Role, parted
from crmsheet.plan.charts import DRAWN_AS, PlanChart
from crmsheet.plan.looks import Style
from crmsheet.plan.place import Addresses
from crmsheet.plan.tables import PlanTable
from crmsheet.structs import fields, is_dataclass

_BYTES: Final = PRINT * 3 // 4
_PLACE: Final = frozenset(("sheet", "row", "column", "width", "height"))
"""Of a chart: where it stands is people's."""


_PLACES: Final = regex(
    r"(?:'(?:[^']|'')*'!|[^\W\d][\w.]*!)?\$?[a-z]{1,3}\$?[0-9]{1,7}(?::\$?[a-z]{1,3}\$?[0-9]{1,7})?(?![\w(.])"
)
"""Cells and ranges, with their sheet."""


def words_of(formula: str) -> str:
    """A formula without its addresses: where its cells are changes with every row that people put in."""
    return _PLACES.sub("@", "".join(formula.lower().split()))


def print_of(*parts: object) -> str:
    """The print of some texts, numbers and tuples of them."""
    told = blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest()
    return base64.b64encode(told).decode("ascii")


def said(thing: object) -> object:
    """A plain value, or what a data class says beyond what is usual; its kind is left out."""
    if isinstance(thing, Enum):
        return thing.value
    if isinstance(thing, tuple):
        return tuple([said(part) for part in thing])
    if is_dataclass(thing):
        return tuple(_attributes(thing, frozenset()))
    return thing


def _attributes(thing: object, besides: frozenset[str]) -> Iterator[tuple[str, object]]:
    for attribute in fields(cast("type", thing)):
        value = getattr(thing, attribute.name)
        if attribute.name not in besides and value != attribute.default:
            yield attribute.name, said(value)


def column_prints(table: PlanTable, addresses: Addresses) -> Iterator[str]:
    """Of each column the print of its formula."""
    for column in table.columns:
        yield print_of(addresses.text(column.formula) if column.formula is not None else "")


class Looks(dict[Style, str]):
    """The print of each look of a cell: a workbook has a few dozen, and thousands of cells."""

    def __missing__(self, style: Style) -> str:
        told = self[style] = print_of(said(style))
        return told


def column_looks(table: PlanTable, looks: Looks) -> Iterator[str]:
    """Of each column the print of how it looks."""
    for column in table.columns:
        yield print_of(looks[column.style], looks[column.header_style])


def block_words(block: Block, addresses: Addresses) -> str:
    """The print of a block's formulas and texts."""
    single, families = parted(block.cells)
    texts: list[tuple[object, ...]] = []
    for cell in single:
        if cell.role is Role.OWNED and cell.formula is not None:
            texts.append((cell.row, cell.column, addresses.text(cell.formula), cell.snapshot))
        elif cell.role is Role.OWNED and _told(cell.value):
            texts.append((cell.row, cell.column, cell.value))
    for family in families:
        first = next(family.fillings(), None)
        if first is not None:
            text = render(family.pattern.filled_once(first), addresses)
            place = family.row, family.column, family.rows, family.columns, family.step
            texts.append((*place, text, family.snapshot))
    return print_of(texts)


def _told(value: Value) -> bool:
    return isinstance(value, str) and value != ""


def block_form(block: Block, looks: Looks) -> str:
    """The print of what of a block is there besides what its cells hold."""
    single, families = parted(block.cells)
    cells = [(c.row, c.column, looks[c.style], c.role.value, bool(c.link)) for c in single]
    drawn = [(f.row, f.column, f.rows, f.columns, f.step, looks[f.style]) for f in families]
    return print_of(block.columns, cells, drawn, [(m.row, m.column, m.bottom, m.right) for m in block.merges])


def chart_print(charts: Iterable[PlanChart]) -> str:
    """The print of how charts are drawn, wherever they stand."""
    return print_of(DRAWN_AS, [tuple(_attributes(c, _PLACE)) for c in charts])


def widths_of(plan: Plan) -> Iterator[tuple[str, str]]:
    """By sheet the widths of its columns, as text: of a table by their ids, elsewhere by number."""
    tables = {t.sheet: t for t in plan.tables}
    for sheet in plan.sheets:
        table = tables.get(sheet.id)
        if table is not None:
            yield sheet.id, " ".join(f".{c.id}:{c.width:g}" for c in table.columns if not c.hidden)
        elif sheet.widths:
            yield sheet.id, " ".join(f"{w.first}-{w.last}:{w.width:g}" for w in sheet.widths if not w.hidden)
