"""Metrics broken down by a dimension: the hidden tables behind board tables and charts.

Knows all of a grid's numbers: one row a value, "other" for everything that no row shows, the total; the
order of rankings with its ties; rows of time. Does not know how they are displayed.

A grid by values first computes every value and the total, then the rows that are shown: all of them or the
top n, then "other" as total minus shown, so that a column always adds up.
"""

from __future__ import annotations

from typing import Final

from crmsheet.compile import board_words as words
from crmsheet.compile.calc import CalcBlock
from crmsheet.compile.dimensions import (
    Values,
    bucket_end,
    bucket_label,
    bucket_start,
    last_day,
    short_label,
    values,
)
from crmsheet.compile.measures import target_value
from crmsheet.compile.metricparts import ADDITIVE, COMPOSED, Part, is_stock, parts
from crmsheet.compile.metrics import Cells, composed, cost, value
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import NA, call, if_, is_number, op
from crmsheet.compile.slices import Slice, target_fits
from crmsheet.compile.windows import Window, board_windows
from crmsheet.formulas.tree import Area, Binary, Item, Node, Spot
from crmsheet.model.boards import Board, Dimension
from crmsheet.plan.cells import Block
from crmsheet.structs import dataclass, replace

_FIRST: Final = 1
_VALUES: Final = 3
"""The first column of numbers; before it label, criterion or rank, position."""
FIXED: Final = 6
"""Rows of a grid by values that are not values: heads, totals, other."""
_SPARE_RANKED: Final = 20
"""Room for values still to come where all are ranked and few are shown."""
_LAST: Final = 9.9e307
_ROUND: Final = 6
"""Ranks and remainders are rounded, so that noise of additions is neither a rank nor a rest."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A finished hidden table. Rows `top` to `bottom` are shown values, column 0 their labels.

    `other` and `total` are rows, -1 for none. `order` says for each display row which row of
    `top`… it shows (1-based), with `other` and `total` behind the values in use.
    """

    block: Block
    top: int
    bottom: int
    other: int
    total: int
    columns: tuple[tuple[str, int], ...]
    order: Area | None = None
    target: int = -1
    short: int = 0
    """The column of labels for an axis."""
    pairs: int = 0
    listed: tuple[int, int] = (0, -1)
    """First and last row of all values, by values; of each its criterion in column 1."""

    @property
    def rows(self) -> int:
        """Rows of values that can be shown."""
        return self.bottom - self.top + 1

    def column(self, metric: str) -> int:
        return dict(self.columns)[metric]

    def labels(self, bottom: int = -1) -> Area:
        return Area(self.block.anchor, self.top, self.short, max(bottom, self.bottom), self.short)

    def values(self, metric: str, bottom: int = -1) -> Area:
        column = self.column(metric)
        return Area(self.block.anchor, self.top, column, max(bottom, self.bottom), column)

    def head(self, metric: str) -> Spot:
        return Spot(self.block.anchor, self.top - 1, self.column(metric))

    def every(self, metric: str) -> Area:
        """The numbers of all values, shown or not."""
        return Area(
            self.block.anchor, self.listed[0], self.column(metric), self.listed[1], self.column(metric)
        )

    def criterion(self, row: int) -> Node:
        """The criterion of the value that a row shows; an error where it shows none."""
        criteria = Area(self.block.anchor, self.listed[0], 1, self.listed[1], 1)
        return call("INDEX", criteria, Spot(self.block.anchor, row, 2))


@dataclass(frozen=True, slots=True)
class GridRequest:
    """What a block wants: metrics by a dimension, the top n of them or all, with room for `spare` more."""

    anchor: str
    metrics: tuple[str, ...]
    by: Dimension
    ignores: tuple[str, ...] = ()
    top: int | None = None
    spare: int = 0
    last: int = 12
    totals: bool = True
    sort: str = ""
    """The metric that orders all values; the top n are those of it, else of the first."""
    descending: bool = True
    positive: bool = False
    """Only values above 0 are ranked."""
    filled: bool = False
    """Places of a ranking that are free go to the values that have nothing."""
    limit: Node | None = None
    """Of the top so many at most, as a setting has it now."""
    least: Node | float | None = None
    """The share of the total that a value must have to be shown."""
    omit: tuple[str, ...] = ()
    """Items of the dimension's list that have no row: what they have is "other"."""
    window: Window | None = None
    """Another than the board's; its ends may be #N/A, then its numbers are."""


def grid(context: Context, board: Board, request: GridRequest) -> Grid:
    if request.by.grain is not None:
        return _by_time(context, board, request)
    return _by_value(context, board, request)


@dataclass(frozen=True, slots=True)
class _Frame:
    """A grid being filled: its block, its parts and the column of each."""

    context: Context
    calc: CalcBlock
    chain: tuple[Part, ...]
    columns: dict[str, int]

    def of(self, row: int) -> Cells:
        """The value cells of one row."""
        return lambda part_id: self.calc.spot(row, self.columns[part_id])

    def heads(self, row: int) -> None:
        for part in self.chain:
            text = self.context.text(part.metric.label) if part.id == part.metric.id else part.id
            self.calc.put(row, self.columns[part.id], text)

    def pairs(self, rows: int) -> int:
        return sum(cost(self.context, part) for part in self.chain) * rows


def _frame(context: Context, request: GridRequest) -> _Frame:
    chain = parts(context.model, request.metrics)
    columns = {part.id: _VALUES + i for i, part in enumerate(chain)}
    return _Frame(context, CalcBlock(request.anchor), chain, columns)


def _by_value(context: Context, board: Board, request: GridRequest) -> Grid:
    frame = _frame(context, request)
    calc = frame.calc
    found = values(context, request.by)
    capacity = _capacity(context, request, found.known)
    shown = capacity if request.top is None else request.top
    total = _FIRST + capacity
    first = total + 3
    other = first + shown
    _all_rows(frame, board, request, found, capacity)
    frame.heads(first - 1)
    ranks = calc.column(_VALUES + len(frame.chain), _FIRST, total - 1)
    for k in range(shown):
        _shown_row(frame, first + k, k, ranks, request, calc.spot(total, frame.columns[request.metrics[0]]))
    _other_row(frame, first, other, total)
    for column in (0, *frame.columns.values()):
        calc.put(other + 1, column, calc.spot(total, column))
    order = _order(frame, first, shown, totals=request.totals)
    columns = tuple((m, frame.columns[m]) for m in request.metrics)
    pairs = frame.pairs(capacity + 1)
    grid_ = Grid(calc.placed(), first, other - 1, other, other + 1, columns, order, pairs=pairs)
    return replace(grid_, listed=(_FIRST, total - 1))


def _capacity(context: Context, request: GridRequest, known: int) -> int:
    """Rows for values. A block that stands in a workbook keeps its size, and what does not fit is in "other"; but a
    ranking looks at all values: one without a row could be the largest."""
    built = context.sizes.get(request.anchor, (0, 0))[0]
    if request.top is None:
        return max(1, (built - FIXED) // 2 if built else known + request.spare)
    room = built - FIXED - request.top
    if built and (room >= known or context.as_it_is):
        return max(1, room)
    return max(1, known + max(_SPARE_RANKED, known // 2))


def _all_rows(frame: _Frame, board: Board, request: GridRequest, found: Values, capacity: int) -> None:
    """Every value of the dimension with its numbers and its rank, and the total."""
    context, calc = frame.context, frame.calc
    whole = Slice(board, request.window or board_windows(board).current, request.ignores)
    rank_column = _VALUES + len(frame.chain)
    frame.heads(0)
    for k in range(capacity):
        row = _FIRST + k
        label = calc.put(row, 0, found.label(context, k))
        criterion = calc.put(row, 1, found.criterion(k, label))
        slice_ = whole.of(request.by, criterion)
        for part in frame.chain:
            formula: Node = NA
            # What the dimension does not reach has no numbers by its values.
            if part.kind in COMPOSED or request.by.path(part.metric.table):
                formula = _within(request, value(context.model, part, slice_, frame.of(row)))
            calc.put(row, frame.columns[part.id], if_(op(label, "=", ""), "", formula))
        rank: Node = if_(op(label, "=", ""), "", k + 1)
        if request.top is not None or request.sort:
            own = calc.spot(row, frame.columns[request.sort or request.metrics[0]])
            rank = call("ROUND", own, _ROUND)
            if request.descending == (request.top is None):
                rank = op(0, "-", rank)
            # Where all values stand, those without a number come last.
            none = "" if request.top is not None else if_(op(label, "=", ""), "", _LAST)
            if request.top is not None and request.descending and not request.positive and not request.filled:
                # Of the largest, those of which there is nothing are none.
                rank = if_(_nothing(Area(calc.anchor, row, _VALUES, row, rank_column - 1)), "", rank)
            free: Node | str = if_(op(label, "=", ""), "", -k - 1) if request.filled else ""
            if request.positive:
                rank = if_(op(own, ">", 0), rank, free)
            rank = if_(is_number(own), rank, free if request.filled else none)
        if request.omit:
            left_out = [op(label, "=", Item(request.by.list, item)) for item in request.omit]
            rank = if_(call("OR", *left_out), "", rank)
        calc.put(row, rank_column, rank)
    total = _FIRST + capacity
    calc.put(total, 0, context.text(words.TOTAL))
    for part in frame.chain:
        sum_ = _within(request, value(context.model, part, whole, frame.of(total)))
        calc.put(total, frame.columns[part.id], sum_)


def _nothing(numbers: Area) -> Node:
    """Whether a row has no number but 0."""
    if numbers.left == numbers.right:
        return op(Spot(numbers.anchor, numbers.top, numbers.left), "=", 0)
    return nothing_in(numbers)


def nothing_in(numbers: Area) -> Node:
    """Whether an area has no number but 0; what is no number counts for nothing."""
    return op(op(call("COUNTIF", numbers, ">0"), "+", call("COUNTIF", numbers, "<0")), "=", 0)


def _within(request: GridRequest, number: Node) -> Node:
    """A number over the window asked for. In a criterion Excel takes #N/A for something to look for, LibreOffice
    for an error."""
    return number if request.window is None else if_(is_number(request.window.start), number, NA)


def _shown_row(frame: _Frame, row: int, k: int, ranks: Area, request: GridRequest, total: Node) -> None:
    """The k-th rank, the row it stands in, and what stands there."""
    calc = frame.calc
    ordered = call("SMALL" if request.top is None else "LARGE", ranks, k + 1)
    if request.least is not None:
        ordered = if_(op(ordered, "<", op(total, "*", request.least)), "", ordered)
    if request.limit is not None:
        ordered = if_(op(request.limit, ">", k), ordered, "")
    rank = calc.put(row, 1, call("IFERROR", ordered, ""))
    before = calc.spot(row - 1, 1) if k else None
    place = calc.put(row, 2, position(before, calc.spot(row - 1, 2), rank, ranks))
    for column in (0, *frame.columns.values()):
        found = call("INDEX", calc.column(column, ranks.top, ranks.bottom), place)
        calc.put(row, column, if_(op(place, "=", ""), "" if column == 0 else NA, found))


def position(before: Node | None, place_before: Node, rank: Node, ranks: Node) -> Node:
    """The row a rank stands in: of equal ranks, the next behind the row of the one before."""
    found = call("MATCH", rank, ranks, 0)
    if before is not None:
        start = call("INDEX", ranks, op(place_before, "+", 1))
        rest = Binary(":", start, call("INDEX", ranks, call("ROWS", ranks)))
        after = op(place_before, "+", call("MATCH", rank, rest, 0))
        found = if_(op(rank, "=", before), after, found)
    return if_(op(rank, "=", ""), "", found)


def _other_row(frame: _Frame, first: int, other: int, total: int) -> None:
    """Everything that no shown row has. Column 1: whether there is anything; column 2: the rows in use."""
    calc = frame.calc
    # No label without anything behind it: a chart would show it.
    calc.put(other, 0, if_(op(calc.spot(other, 1), "=", 1), frame.context.text(words.OTHER), ""))
    tests = []
    for part in frame.chain:
        column = frame.columns[part.id]
        rest: Node = NA
        if part.kind in ADDITIVE:
            # SUM would pass on the #N/A of unused rows; SUMIF takes numbers only.
            shown = call("SUMIF", calc.column(column, first, other - 1), ">-1E+300")
            rest = call("ROUND", op(calc.spot(total, column), "-", shown), _ROUND)
            tests.append(call("IFERROR", op(calc.spot(other, column), "<>", 0), False))
        elif part.kind in COMPOSED:
            rest = composed(part, frame.of(other))
        calc.put(other, column, rest)
    calc.put(other, 1, if_(call("OR", *tests), 1, 0) if tests else 0)
    calc.put(other, 2, call("COUNT", calc.column(2, first, other - 1)))


def _order(frame: _Frame, first: int, shown: int, *, totals: bool) -> Area:
    """For each display row the row it shows, 1-based: rows in use, "other" if there is any, the total."""
    calc = frame.calc
    column = _VALUES + len(frame.chain) + 1
    flag, used = calc.spot(first + shown, 1), calc.spot(first + shown, 2)
    for k in range(shown + 2):
        # Where there is nothing, there is nothing to add up.
        is_total = if_(op(op(used, "+", flag), "=", k), shown + 2, "") if totals and k else ""
        is_other = if_(op(op(used, "=", k), "*", flag), shown + 1, is_total)
        calc.put(first + k, column, if_(op(used, ">", k), k + 1, is_other))
    return calc.column(column, first, first + shown + 1)


def _by_time(context: Context, board: Board, request: GridRequest) -> Grid:
    model = context.model
    grain = request.by.grain
    assert grain is not None
    frame = _frame(context, request)
    calc, chain = frame.calc, frame.chain
    single = model.metric(request.metrics[0]) if len(request.metrics) == 1 else None
    whole = Slice(board, board_windows(board).current, request.ignores)
    targeted = single is not None and target_fits(single, whole) is not None
    target = _VALUES + len(chain) if targeted else -1
    short = _VALUES + len(chain) + (1 if target > 0 else 0)
    count = request.last
    windows = board_windows(board)
    total = _FIRST + count
    day = calc.put(total + 1, 1, last_day(windows), "yyyy-mm-dd")
    frame.heads(0)
    if target > 0:
        calc.put(0, target, context.text(words.TARGET))
    for k in range(count + 1):
        row = _FIRST + k
        if k < count:
            start = calc.put(row, 1, bucket_start(context, grain, day, count - 1 - k), "yyyy-mm-dd")
            # The running bucket ends with the as-of date, as the board's window does.
            end = calc.put(row, 2, call("MIN", bucket_end(grain, start), op(day, "+", 1)), "yyyy-mm-dd")
            calc.put(row, 0, bucket_label(context, grain, start))
            calc.put(row, short, short_label(context, grain, start))
        else:
            start = calc.put(row, 1, calc.spot(_FIRST, 1), "yyyy-mm-dd")
            end = calc.put(row, 2, calc.spot(total - 1, 2), "yyyy-mm-dd")
            calc.put(row, 0, context.text(words.TOTAL))
        slice_ = Slice(board, Window(start, end), request.ignores)
        for part in chain:
            formula: Node = NA
            if part.kind in COMPOSED or not is_stock(model, part.metric.id):
                formula = value(model, part, slice_, frame.of(row))
            calc.put(row, frame.columns[part.id], formula)
        if target > 0 and single is not None:
            calc.put(row, target, target_value(single, slice_))
    return Grid(
        calc.placed(),
        _FIRST,
        total - 1,
        -1,
        total,
        tuple((m, frame.columns[m]) for m in request.metrics),
        target=target,
        short=short,
        pairs=frame.pairs(count + 1),
    )
