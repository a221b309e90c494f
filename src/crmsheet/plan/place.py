"""Symbols to real places: a Plan's references as Excel addresses in a given Layout.

Knows the default layout of a plan, and how each kind of reference is written in a cell and in a rule.
Does not know which layout is right: build uses the default one, refresh the observed one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from crmsheet.excel.escaping import table_cell, table_column, table_header
from crmsheet.excel.references import RangeRef, a1, column_letters, sheet_prefix
from crmsheet.formulas.render import render
from crmsheet.formulas.tree import Node
from crmsheet.model.layout import AnchorPlace, Layout, TablePlace
from crmsheet.plan.book import Plan, PlanName
from crmsheet.plan.cells import Block
from crmsheet.structs import dataclass, field

ANCHOR_PREFIX = "_crm."
"""Hidden names that mark blocks begin so; `_crm.` + anchor must be a legal Excel name."""
Texts: TypeAlias = dict[int, tuple[Node, str]]
"""By the number of a formula's object the formula, held so that no other one can have the number, and its text."""


def anchor_name(anchor: str) -> str:
    """The hidden workbook name of a block."""
    return ANCHOR_PREFIX + anchor


def item_name(list_id: str, item_id: str) -> str:
    """The symbolic id of the name of one list row's label cell."""
    return f"{list_id}.{item_id}"


def default_layout(plan: Plan) -> Layout:
    """Where everything stands in a workbook just built."""
    tables = {}
    sheets = {s.id: s.name for s in plan.sheets}
    for t in plan.tables:
        tables[t.id] = TablePlace(
            sheet=sheets[t.sheet],
            header_row=t.row,
            first_column=t.column,
            last_column=t.column + len(t.columns) - 1,
            columns={c.id: t.column + i for i, c in enumerate(t.columns)},
            headers={c.id: c.header for c in t.columns},
            rows=tuple(range(t.row + 1, t.row + 1 + t.size)),
            name=t.name,
        )
    anchors = {
        b.anchor: AnchorPlace(
            sheets[b.sheet],
            tuple(range(b.row, b.row + b.rows)),
            tuple(range(b.column, b.column + b.columns)),
        )
        for b in plan.blocks
    }
    return Layout(sheets, tables, anchors)


@dataclass(frozen=True, slots=True)
class Addresses:
    """References of cell formulas: structured references to tables, absolute A1 with sheet for blocks.

    Implements `formulas.render.Addresses`.
    """

    layout: Layout
    names: Mapping[str, str]
    """Symbolic id to Excel name, for `Name` and (by `item_name`) `Item`."""
    _known: dict[tuple[str, int, int, int, int], str] = field(default_factory=dict, repr=False, compare=False)
    """Formulas of a workbook name its cells a hundred thousand times, most of them often."""
    texts: Texts = field(default_factory=dict, repr=False, compare=False)
    """What was asked for already."""

    def text(self, formula: Node) -> str:
        """The text of a cell's formula, without the equals sign: it is printed, compared and written."""
        known = self.texts.get(id(formula))
        if known is None:
            known = self.texts[id(formula)] = (formula, render(formula, self))
        return known[1]

    def cell(self, table: str, field: str) -> str:
        place = self.layout.tables[table]
        return table_cell(place.name, place.headers[field])

    def column(self, table: str, field: str) -> str:
        place = self.layout.tables[table]
        return table_column(place.name, place.headers[field])

    def name(self, id: str) -> str:
        return self.names[id]

    def item(self, list: str, item: str) -> str:
        return self.names[item_name(list, item)]

    def spot(self, anchor: str, row: int, column: int) -> str:
        return self.area(anchor, row, column, row, column)

    def area(self, anchor: str, top: int, left: int, bottom: int, right: int) -> str:
        key = (anchor, top, left, bottom, right)
        known = self._known.get(key)
        if known is None:
            place = self.layout.anchors[anchor]
            known = self._known[key] = RangeRef(
                place.rows[top], place.columns[left], place.rows[bottom], place.columns[right], place.sheet
            ).absolute()
        return known


@dataclass(frozen=True, slots=True)
class _OutsideCells:
    """What is referred to everywhere as it is in a cell: all that does not stand in a table."""

    base: Addresses

    def name(self, id: str) -> str:
        return self.base.name(id)

    def item(self, list: str, item: str) -> str:
        return self.base.item(list, item)

    def spot(self, anchor: str, row: int, column: int) -> str:
        return self.base.spot(anchor, row, column)

    def area(self, anchor: str, top: int, left: int, bottom: int, right: int) -> str:
        return self.base.area(anchor, top, left, bottom, right)


@dataclass(frozen=True, slots=True)
class RuleAddresses(_OutsideCells):
    """References of validations and conditional formats of one table: its own cells as row-relative A1
    (`$C5`) of the first data row, its own columns as absolute ranges that reach `last_row`; all else by name.
    """

    table: str
    first_row: int
    last_row: int

    def cell(self, table: str, field: str) -> str:
        place = self._own(table)
        return f"${column_letters(place.columns[field])}{self.first_row + 1}"

    def column(self, table: str, field: str) -> str:
        place = self._own(table)
        column = place.columns[field]
        return RangeRef(self.first_row, column, self.last_row, column).absolute()

    def _own(self, table: str) -> TablePlace:
        if table != self.table:
            raise ValueError(f"a rule on {self.table} refers to {table}: it needs a workbook name")
        return self.base.layout.tables[table]


@dataclass(frozen=True, slots=True)
class NameAddresses(_OutsideCells):
    """References of workbook names: the cell of a row by its sheet and column, relative in its row (`Orders!$B1`: a
    name is written as it is seen from A1). All else is as in a cell."""

    base: Addresses

    def cell(self, table: str, field: str) -> str:
        place = self.base.layout.tables[table]
        return f"{sheet_prefix(place.sheet)}${column_letters(place.columns[field])}1"

    def column(self, table: str, field: str) -> str:
        return self.base.column(table, field)


@dataclass(frozen=True, slots=True)
class HeaderAddresses(NameAddresses):
    """Header cells in the place of columns, cells on top of the sheet in the place of those of a row."""

    def cell(self, table: str, field: str) -> str:
        place = self.base.layout.tables[table]
        return RangeRef(0, place.columns[field], 0, place.columns[field], place.sheet).absolute()

    def column(self, table: str, field: str) -> str:
        place = self.base.layout.tables[table]
        return table_header(place.name, place.headers[field])


def name_text(name: PlanName, base: Addresses) -> str:
    """What a workbook name means, as it stands in a file."""
    return render(name.target, HeaderAddresses(base) if name.headers else NameAddresses(base))


@dataclass(frozen=True, slots=True)
class BlockRuleAddresses:
    """References of validations and conditional formats of one block: blocks of the same sheet without the
    sheet's name, and the block's own cells `relative` to the top-left cell of the range if so wished
    (`by_row`: only their rows); all else as in a cell."""

    base: Addresses
    anchor: str
    relative: bool = True
    by_row: bool = False

    def cell(self, table: str, field: str) -> str:
        raise ValueError(f"a rule on block {self.anchor} refers to a row of {table}.{field}")

    def column(self, table: str, field: str) -> str:
        raise ValueError(f"a rule on block {self.anchor} refers to {table}.{field}: it needs a workbook name")

    def name(self, id: str) -> str:
        return self.base.name(id)

    def item(self, list: str, item: str) -> str:
        return self.base.item(list, item)

    def spot(self, anchor: str, row: int, column: int) -> str:
        place = self.base.layout.anchors[anchor]
        if self.relative and anchor == self.anchor:
            return ("$" if self.by_row else "") + a1(place.rows[row], place.columns[column])
        return self.area(anchor, row, column, row, column)

    def area(self, anchor: str, top: int, left: int, bottom: int, right: int) -> str:
        place = self.base.layout.anchors[anchor]
        if place.sheet != self.base.layout.anchors[self.anchor].sheet:
            return self.base.area(anchor, top, left, bottom, right)
        return RangeRef(
            place.rows[top], place.columns[left], place.rows[bottom], place.columns[right]
        ).absolute()


def names_of(plan: Plan) -> Mapping[str, str]:
    """Symbolic id to Excel name of every name the plan declares, block anchors included."""
    names = {n.id: n.name for n in plan.names}
    names.update({b.anchor: anchor_name(b.anchor) for b in plan.blocks if b.anchored})
    return names


def addresses(plan: Plan, layout: Layout, texts: Texts | None = None) -> Addresses:
    """`texts` are those of formulas where everything stands in the same places."""
    return Addresses(layout, names_of(plan), texts={} if texts is None else texts)


def in_place(plan: Plan, layout: Layout, other: Layout) -> bool:
    """Whether two layouts put everything that formulas of cells can name in the same places."""
    return (
        all(layout.sheets.get(s.id) == other.sheets.get(s.id) for s in plan.sheets)
        and all(_same_table(layout.tables.get(t.id), other.tables.get(t.id)) for t in plan.tables)
        and all(
            _same_cells(block, layout.anchors.get(block.anchor), other.anchors.get(block.anchor))
            for block in plan.blocks
            if block.anchored
        )
    )


def _same_table(one: TablePlace | None, other: TablePlace | None) -> bool:
    """Formulas name columns of tables by their headers."""
    return one is not None and other is not None and (one.name, one.headers) == (other.name, other.headers)


def _same_cells(block: Block, one: AnchorPlace | None, other: AnchorPlace | None) -> bool:
    return (
        one is not None
        and other is not None
        and one.sheet == other.sheet
        and one.rows[: block.rows] == other.rows[: block.rows]
        and one.columns[: block.columns] == other.columns[: block.columns]
    )


def contiguous(numbers: Iterable[int]) -> bool:
    """Whether rows or columns run without a gap."""
    values = list(numbers)
    return values == list(range(values[0], values[0] + len(values))) if values else True
