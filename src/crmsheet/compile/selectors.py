"""Selectors: the input cells on top of a board and the criteria they mean.

Knows the drop-downs' sources, the hidden criterion of each selector, and the same condition for one row.
Does not know metrics. Rows of the board's own block from `windows.ROWS` on belong to it.
"""

from __future__ import annotations

from typing import Final

from crmsheet.compile import board_words as words
from crmsheet.compile.calc import CalcBlock, calc_anchor
from crmsheet.compile.forms import equal_to
from crmsheet.compile.pieces import Context
from crmsheet.compile.records import chosen_key, fill_record, first_key, record_options
from crmsheet.compile.shorthand import both, call, if_, op
from crmsheet.compile.symbols import criterion, list_labels, selector_anchor, selector_column
from crmsheet.compile.windows import OPTIONS, ROWS, default_window
from crmsheet.excel.names import legal_name
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Binary, Cell, Column, Name, Node, Spot
from crmsheet.model.boards import Board, Selector
from crmsheet.plan.book import PlanName
from crmsheet.plan.cells import Block
from crmsheet.structs import dataclass

_CRITERION: Final = 1
_MODE: Final = 2
_SPARE_KEYS: Final = 50
_SPARE_ITEMS: Final = 10


@dataclass(frozen=True, slots=True)
class Chosen:
    """A selector as formulas see it; `mode` is 0 for all rows, 1 for blank ones, 2 for one value."""

    selector: Selector
    value: Spot
    mode: Spot

    def holds(self, cell: Cell) -> Node:
        """Whether this row passes."""
        if self.selector.record:
            return both(op(self.value, "<>", ""), op(cell, "=", self.value))
        one = if_(op(self.mode, "=", 1), op(cell, "=", ""), op(cell, "=", self.value))
        return if_(op(self.mode, "=", 0), True, one)


def chosen(board: Board, selector: Selector) -> Chosen:
    index = board.selectors.index(selector)
    row = ROWS + index
    typed = Spot(selector_anchor(board.id), 1, selector_column(board, index))
    return Chosen(
        selector,
        chosen_key(board, selector) if selector.record else typed,
        Spot(calc_anchor(board.id), row, _MODE),
    )


def options_name(board: Board, selector: Selector) -> str:
    """The symbolic id of the name of a drop-down's source."""
    return OPTIONS if selector.is_period else f"options:{board.id}.{selector.id}"


def fill_criteria(context: Context, board: Board, calc: CalcBlock) -> tuple[PlanName, ...]:
    """A row for each selector in the board's block: id, criterion, mode; the names of the criteria."""
    names = []
    everything = context.text(words.ALL)
    for index, selector in enumerate(board.selectors):
        row = ROWS + index
        calc.put(row, 0, selector.id)
        if selector.is_period:
            continue
        id_ = criterion(board.id, selector.id)
        name = legal_name(f"_criterion.{board.id}.{selector.id}")
        if selector.record:
            names.append(PlanName(id_, name, fill_record(context, board, selector, calc), hidden=True))
            continue
        value = Spot(selector_anchor(board.id), 1, selector_column(board, index))
        unset = call("OR", op(value, "=", ""), op(value, "=", everything))
        blank = if_(op(value, "=", context.text(words.BLANK)), 1, 2)
        mode = calc.put(row, _MODE, if_(unset, 0, blank))
        # Empty text as a criterion holds for blanks and for the empty texts of looked-up columns alike.
        one = if_(op(mode, "=", 1), "", equal_to(value))
        spot = calc.put(row, _CRITERION, if_(op(mode, "=", 0), "<>" + words.SENTINEL, one))
        names.append(PlanName(id_, name, spot, hidden=True))
    return tuple(names)


def option_blocks(context: Context, board: Board) -> tuple[tuple[Block, ...], tuple[PlanName, ...]]:
    """The sources of a board's drop-downs: All, blank where offered, then the labels as they are now."""
    blocks = []
    names = []
    for selector in board.selectors:
        if selector.is_period:
            continue
        name = legal_name(f"_options.{board.id}.{selector.id}")
        if selector.record:
            calc, source = record_options(context, board, selector)
            names.append(PlanName(options_name(board, selector), name, source, hidden=True))
            blocks.append(calc.placed())
            continue
        calc = CalcBlock(f"options.{board.id}.{selector.id}")
        fixed = [context.text(words.ALL)]
        if selector.offer_blank:
            fixed.append(context.text(words.BLANK))
        for row, text in enumerate(fixed):
            calc.put(row, 0, text)
        source, known, spare = _labels(context, selector)
        # A block that stands in a workbook keeps its size while all are in it.
        built = context.sizes.get(calc.anchor, (0, 0))[0] - len(fixed)
        size = max(1, built if built >= known or (built > 0 and context.as_it_is) else known + spare)
        for k in range(size):
            label = call("IFERROR", op(call("INDEX", source, k + 1), "&", ""), "")
            calc.put(len(fixed) + k, 0, label)
        whole = calc.column(0, 0, calc.rows - 1)
        cut = Binary(":", call("INDEX", whole, 1), call("INDEX", whole, call("COUNTIF", whole, "?*")))
        names.append(PlanName(options_name(board, selector), name, cut, hidden=True))
        blocks.append(calc.placed())
    return tuple(blocks), tuple(names)


def _labels(context: Context, selector: Selector) -> tuple[Node, int, int]:
    """Where the labels stand, how many there are, and how many more to make room for."""
    if selector.list:
        known = context.state.lists.get(selector.list, ())
        count = max(len(known), len(context.model.list(selector.list).items))
        return Name(list_labels(selector.list)), count, _SPARE_ITEMS
    table = context.model.table(selector.table)
    state = context.state.tables.get(table.id)
    size = state.size if state is not None else 0
    return Column(table.id, table.key), size, max(_SPARE_KEYS, size // 2)


def initial_value(context: Context, board: Board, selector: Selector) -> Value:
    """What stands in a selector's cell: what people chose, else the default."""
    kept = context.state.selectors.get(f"{board.id}.{selector.id}")
    if kept not in (None, ""):
        return kept
    if selector.is_period:
        return context.text(words.WINDOWS[default_window(board)])
    if selector.record:
        return selector.default or first_key(context, selector)
    if not selector.default:
        return context.text(words.ALL)
    if selector.list:
        return item_label(context, selector.list, selector.default)
    return selector.default


def item_label(context: Context, list_id: str, item_id: str) -> str:
    """The label of a list item as it is in the workbook."""
    for row in context.state.lists.get(list_id, ()):
        if row.id == item_id:
            return row.label
    return context.text(context.model.list(list_id).item(item_id).label)
