"""Record selectors: one row of a table is chosen, always, by its key or by part of it.

Knows the hidden cells behind such a selector, its drop-down and what to say when nothing fits. Does not know
what is shown of the row.

Thousands of names are too many to scroll through. So people may type a part of a name: the first row that
contains it is shown, and the drop-down offers only the names that contain it, until a whole name is chosen.
"""

from __future__ import annotations

from typing import Final

from crmsheet.compile import board_words as words
from crmsheet.compile.calc import CalcBlock, calc_anchor
from crmsheet.compile.forms import equal_to, escaped
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import call, if_, joined, op
from crmsheet.compile.symbols import selector_anchor, selector_column
from crmsheet.compile.windows import ROWS
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Binary, Column, Node, Spot
from crmsheet.model.boards import Board, Selector

OFFERED: Final = 50
"""Names that the drop-down offers while a part of a name is typed."""
_CRITERION, _MODE, _KEY, _PLACE, _HOW, _PATTERN, _NOTICE = range(1, 8)
_WHOLE, _PART, _NONE = 1, 2, 3
_ONE: Final = 2
"""The mode of a selector that chooses one value."""


def row_of(board: Board, selector: Selector) -> int:
    """A selector's row in its board's hidden block."""
    return ROWS + board.selectors.index(selector)


def chosen_key(board: Board, selector: Selector) -> Spot:
    """The key of the row that is shown; what was typed when there is no such row."""
    return Spot(calc_anchor(board.id), row_of(board, selector), _KEY)


def chosen_place(board: Board, selector: Selector) -> Spot:
    """Where the row stands in its table; empty text when there is none."""
    return Spot(calc_anchor(board.id), row_of(board, selector), _PLACE)


def record_selector(board: Board, table: str) -> Selector | None:
    """The selector that chooses a row of a table."""
    return next((s for s in board.selectors if s.record and s.table == table), None)


def fill_record(context: Context, board: Board, selector: Selector, calc: CalcBlock) -> Spot:
    """The hidden cells of a record selector; gives that of its criterion."""
    row = row_of(board, selector)
    table = context.model.table(selector.table)
    keys = Column(table.id, table.key)
    typed = Spot(selector_anchor(board.id), 1, selector_column(board, board.selectors.index(selector)))
    blank = op(typed, "=", "")
    calc.put(row, _MODE, _ONE)
    pattern = calc.put(row, _PATTERN, if_(blank, "?*", joined("*", escaped(typed), "*")))
    whole = call("ISNUMBER", call("MATCH", escaped(typed), keys, 0))
    some = call("ISNUMBER", call("MATCH", pattern, keys, 0))
    nothing = if_(some, if_(blank, _WHOLE, _PART), _NONE)
    how = calc.put(row, _HOW, if_(blank, nothing, if_(whole, _WHOLE, nothing)))
    wanted = if_(blank, pattern, if_(op(how, "=", _PART), pattern, escaped(typed)))
    place = calc.put(row, _PLACE, call("IFERROR", call("MATCH", wanted, keys, 0), ""))
    found = op(call("INDEX", keys, place), "&", "")
    key = calc.put(row, _KEY, if_(op(place, "=", ""), op(typed, "&", ""), found))
    # No row has an empty key: without any row nothing may pass.
    one = if_(op(key, "=", ""), "=" + words.SENTINEL, equal_to(key))
    calc.put(row, _NOTICE, _notice(context, typed, key, how, call("COUNTIF", keys, pattern)))
    return calc.put(row, _CRITERION, one)


def record_options(context: Context, board: Board, selector: Selector) -> tuple[CalcBlock, Node]:
    """The names that contain what was typed, and the source of the drop-down: these, or all names."""
    row = row_of(board, selector)
    anchor = calc_anchor(board.id)
    how, pattern = Spot(anchor, row, _HOW), Spot(anchor, row, _PATTERN)
    table = context.model.table(selector.table)
    keys = Column(table.id, table.key)
    calc = CalcBlock(f"options.{board.id}.{selector.id}")
    for k in range(OFFERED):
        found = call("MATCH", pattern, keys, 0)
        if k:
            before = calc.spot(k - 1, 1)
            rest = Binary(
                ":", call("INDEX", keys, op(before, "+", 1)), call("INDEX", keys, call("ROWS", keys))
            )
            # Behind the last row the range would turn round.
            after = op(before, "+", call("MATCH", pattern, rest, 0))
            found = if_(op(before, "<", call("ROWS", keys)), after, "")
        place = calc.put(k, 1, if_(op(how, "=", _PART), call("IFERROR", found, ""), ""))
        calc.put(k, 0, if_(op(place, "=", ""), "", op(call("INDEX", keys, place), "&", "")))
    cut = Binary(
        ":",
        calc.spot(0, 0),
        call("INDEX", calc.column(0, 0, OFFERED - 1), call("COUNT", calc.column(1, 0, OFFERED - 1))),
    )
    return calc, if_(op(how, "=", _PART), cut, keys)


def record_notice(board: Board, selector: Selector) -> Spot:
    """What to say of the choice: empty while a whole name is chosen."""
    return Spot(calc_anchor(board.id), row_of(board, selector), _NOTICE)


def _notice(context: Context, typed: Node, key: Node, how: Node, several: Node) -> Node:
    part = joined(
        words.WARNING + " “", typed, context.text(words.PART_OF), several, context.text(words.PART_SHOWN), key
    )
    unknown = joined(words.WARNING + " ", context.text(words.UNKNOWN_CHOICE), typed)
    none = if_(op(typed, "=", ""), context.text(words.NO_ROWS), unknown)
    return if_(op(how, "=", _WHOLE), "", if_(op(how, "=", _PART), part, none))


def first_key(context: Context, selector: Selector) -> Value:
    """The key of a table's first row that has one."""
    table = context.model.table(selector.table)
    state = context.state.tables.get(table.id)
    keys = state.columns.get(table.key, ()) if state is not None else ()
    return next((key for key in keys if key not in (None, "")), None)
