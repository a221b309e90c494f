"""Windows of time: what "this month" is, what it is compared with, and which one a board shows.

Knows half-open windows `[start, end)` of date serials and their comparison windows: a running window is
compared with as many days of the one before (never past its end), a past one with the whole one before,
windows of years with the same calendar days a year earlier (29 February with 28). Does not know metrics.
"""

from __future__ import annotations

from typing import Final

from crmsheet.compile import board_words as words
from crmsheet.compile.calc import CalcBlock, calc_anchor
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import NA, call, if_, iso_date, joined, op
from crmsheet.compile.symbols import AS_OF, selector_anchor, selector_column
from crmsheet.excel.dates import last_serial
from crmsheet.formulas.tree import Area, Name, Node, Number, Spot
from crmsheet.model.boards import Board
from crmsheet.plan.book import PlanName
from crmsheet.plan.cells import Block
from crmsheet.structs import dataclass

ANCHOR: Final = "calc.windows"
OPTIONS: Final = "options:period"
"""Name: the windows' labels, the source of period drop-downs."""
DEFAULT: Final = "this_month"

_FIRST: Final = 4
_IDS: Final = tuple(words.WINDOWS)
_DATE: Final = "yyyy-mm-dd"
_LABEL, _START, _END, _BEFORE, _BEFORE_END, _FULL_END = range(6)

# Rows of a board's own block that this module fills, values in column 1.
_INDEX, _W_START, _W_END, _W_BEFORE, _W_BEFORE_END, _W_FULL_END, _NAME, _SPAN, _BEFORE_SPAN = range(9)
ROWS: Final = 9


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open window; both ends are trees that give date serials."""

    start: Node
    end: Node


@dataclass(frozen=True, slots=True)
class BoardWindows:
    """The window a board shows, the one it is compared with, and their texts."""

    current: Window
    previous: Window
    full_end: Node
    """Where the current window will end when it has passed."""
    name: Node
    span: Node
    previous_span: Node


def board_windows(board: Board) -> BoardWindows:
    anchor = calc_anchor(board.id)
    spots = [Spot(anchor, row, 1) for row in range(ROWS)]
    return BoardWindows(
        Window(spots[_W_START], spots[_W_END]),
        Window(spots[_W_BEFORE], spots[_W_BEFORE_END]),
        spots[_W_FULL_END],
        spots[_NAME],
        spots[_SPAN],
        spots[_BEFORE_SPAN],
    )


def _starts(context: Context) -> tuple[Node, Node, Node, Node]:
    """The first day of the month, quarter, year and week of the as-of date; quarters and years are fiscal."""
    as_of = Name(AS_OF)
    month = op(op(as_of, "-", call("DAY", as_of)), "+", 1)
    since = op(call("MONTH", as_of), "-", context.model.fiscal_year_start)
    quarter = call("EDATE", Spot(ANCHOR, 0, 1), op(0, "-", call("MOD", since, 3)))
    year = call("EDATE", Spot(ANCHOR, 0, 1), op(0, "-", call("MOD", since, 12)))
    week = op(op(as_of, "-", call("WEEKDAY", as_of, 2)), "+", 1)
    return month, quarter, year, week


def _running(start: Node, months: int) -> tuple[Node, Node, Node, Node, Node]:
    """From the start of a month or quarter up to and with the as-of date."""
    tomorrow = op(Name(AS_OF), "+", 1)
    before = call("EDATE", start, -months)
    same_days = op(before, "+", op(tomorrow, "-", start))
    return start, tomorrow, before, call("MIN", same_days, start), call("EDATE", start, months)


def _past(start: Node, months: int) -> tuple[Node, Node, Node, Node, Node]:
    """The whole month, quarter or year before the one that begins at `start`."""
    before = call("EDATE", start, -months)
    return before, start, call("EDATE", start, -2 * months), before, start


def _window(window: str) -> tuple[Node, Node, Node, Node, Node]:
    """Start, end, comparison start and end, full end."""
    month, quarter, year, week = (Spot(ANCHOR, row, 1) for row in range(_FIRST))
    as_of = Name(AS_OF)
    tomorrow = op(as_of, "+", 1)

    match window:
        case "this_month":
            return _running(month, 1)
        case "last_month":
            return _past(month, 1)
        case "this_quarter":
            return _running(quarter, 3)
        case "last_quarter":
            return _past(quarter, 3)
        case "this_year":
            year_ago = op(call("EDATE", as_of, -12), "+", 1)
            return year, tomorrow, call("EDATE", year, -12), year_ago, call("EDATE", year, 12)
        case "last_year":
            return _past(year, 12)
        case "last_12_months":
            start = call("EDATE", tomorrow, -12)
            return start, tomorrow, call("EDATE", tomorrow, -24), start, tomorrow
        case "today" | "last_7_days" | "last_30_days" | "last_90_days":
            days = {"today": 1, "last_7_days": 7, "last_30_days": 30, "last_90_days": 90}[window]
            start = op(tomorrow, "-", days)
            return start, tomorrow, op(tomorrow, "-", 2 * days), start, tomorrow
        case "yesterday":
            return op(as_of, "-", 1), as_of, op(as_of, "-", 2), op(as_of, "-", 1), as_of
        case "this_week":
            before = op(week, "-", 7)
            return week, tomorrow, before, op(before, "+", op(tomorrow, "-", week)), op(week, "+", 7)
        case "last_week":
            return op(week, "-", 7), week, op(week, "-", 14), op(week, "-", 7), week
        case "all":
            return Number(1), Number(last_serial()), NA, NA, Number(last_serial())
        case _:
            raise ValueError(f"no window {window}")


def window(window_id: str) -> Window:
    """One of the windows, as of the as-of date."""
    row = _FIRST + _IDS.index(window_id)
    return Window(Spot(ANCHOR, row, _START), Spot(ANCHOR, row, _END))


def windows_block(context: Context) -> Block:
    """All windows as of the as-of date, a row each."""
    calc = CalcBlock(ANCHOR)
    for row, (label, formula) in enumerate(
        zip(("month", "quarter", "year", "week"), _starts(context), strict=True)
    ):
        calc.put(row, 0, label)
        calc.put(row, 1, formula, _DATE)
    for index, window in enumerate(_IDS):
        row = _FIRST + index
        calc.put(row, _LABEL, context.text(words.WINDOWS[window]))
        for column, formula in enumerate(_window(window), start=1):
            calc.put(row, column, formula, _DATE)
    return calc.placed()


def windows_name() -> PlanName:
    return PlanName(OPTIONS, "_options.period", _column(_LABEL), hidden=True)


def _column(column: int) -> Area:
    return Area(ANCHOR, _FIRST, column, _FIRST + len(_IDS) - 1, column)


def default_window(board: Board) -> str:
    """The window of a board until somebody chooses another."""
    chosen = next((s.default for s in board.selectors if s.is_period), "")
    return chosen if chosen in words.WINDOWS else DEFAULT


def fill_board_windows(context: Context, board: Board, calc: CalcBlock) -> None:
    """The rows of a board's block that say which window it shows."""
    language = context.language
    default = _IDS.index(default_window(board)) + 1
    period = next((i for i, s in enumerate(board.selectors) if s.is_period), None)
    index: Node | float = default
    if period is not None:
        chosen = Spot(selector_anchor(board.id), 1, selector_column(board, period))
        index = call("IFERROR", call("MATCH", chosen, _column(_LABEL), 0), default)
    at = calc.put(_INDEX, 1, index)
    for row, column in (
        (_W_START, _START),
        (_W_END, _END),
        (_W_BEFORE, _BEFORE),
        (_W_BEFORE_END, _BEFORE_END),
        (_W_FULL_END, _FULL_END),
    ):
        calc.put(row, 1, call("INDEX", _column(column), at), _DATE)
    calc.put(_NAME, 1, call("INDEX", _column(_LABEL), at))
    spots = [Spot(calc.anchor, row, 1) for row in range(ROWS)]
    endless = op(spots[_W_END], ">=", call("DATE", 9999, 12, 31))
    everything = words.ALL_TIME_SPAN.text(language)
    calc.put(_SPAN, 1, if_(endless, everything, span(Window(spots[_W_START], spots[_W_END]))))
    before = Window(spots[_W_BEFORE], spots[_W_BEFORE_END])
    calc.put(_BEFORE_SPAN, 1, if_(call("ISNUMBER", before.start), span(before), ""))
    for row, label in enumerate(
        (
            "window",
            "start",
            "end",
            "comparison start",
            "comparison end",
            "full end",
            "name",
            "span",
            "comparison",
        )
    ):
        calc.put(row, 0, label)


def span(window: Window) -> Node:
    """A window in words: its first and last day."""
    return joined(iso_date(window.start), " – ", iso_date(op(window.end, "-", 1)))
