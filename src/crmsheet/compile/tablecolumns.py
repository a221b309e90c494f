"""The columns of a board table by values: figures of metrics, and what a ranking tells of its rows.

Knows for each column where its numbers stand, in the rows of the table's grid: the values shown, "other", the
total. Does not know how columns share the width (`tables_by`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, assert_never

from crmsheet.compile import board_theme as theme
from crmsheet.compile import board_words as words
from crmsheet.compile import number_formats as formats
from crmsheet.compile.board_theme import with_format
from crmsheet.compile.calc import CalcBlock, calc_anchor
from crmsheet.compile.forms import equal_to
from crmsheet.compile.grids import Grid, nothing_in
from crmsheet.compile.measures import target_value
from crmsheet.compile.metricparts import parts
from crmsheet.compile.metrics import cost, value
from crmsheet.compile.number_formats import change_format, is_balance, is_share, metric_format
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import NA, both, call, if_, is_number, op
from crmsheet.compile.slices import Slice
from crmsheet.compile.windows import board_windows
from crmsheet.formulas.tree import Area, Name, Node, Number, Spot
from crmsheet.model.boards import Board, Figure, TableBlock
from crmsheet.model.metrics import Good, Metric
from crmsheet.plan.cells import Block
from crmsheet.plan.looks import Style
from crmsheet.structs import dataclass, field

CLASSES: Final = ("A", "B", "C")
_ROUND: Final = 9
"""Running shares are rounded, so that noise of additions moves no row into another class."""
_REACHED: Final = 1.0
_NEAR: Final = 0.9
_FIRST: Final = 1


@dataclass(frozen=True, slots=True)
class TableColumn:
    """`values` has a cell for each shown value, for "other" and for the total. `good` colours changes, `aimed`
    attainments."""

    head: str
    values: Area
    style: Style
    least: int = 4
    """Grid columns that its numbers need."""
    numeric: bool = True
    good: Good = Good.NONE
    aimed: bool = False


@dataclass(slots=True)
class TableColumns:
    """All columns but the labels: `before` them the place, behind them the figures; and what they need."""

    before: list[TableColumn] = field(default_factory=list)
    behind: list[TableColumn] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    pairs: int = 0


def table_columns(context: Context, board: Board, block: TableBlock, numbers: Grid) -> TableColumns:
    found = TableColumns()
    further = CalcBlock(calc_anchor(board.id, f"{block.id}.figures"))
    several = sum(len(block.shown(m)) > 1 for m in block.metrics) > 1
    for metric_id in block.metrics:
        metric = context.model.metric(metric_id)
        filler = _Filler(context, board, block, numbers, further, metric)
        for figure in block.shown(metric_id):
            column = filler.column(figure)
            if several and figure is not Figure.VALUE:
                column = _renamed(column, f"{context.text(metric.label)} {column.head}")
            found.behind.append(column)
        found.pairs += filler.pairs
    if further.cells:
        found.blocks.append(further.placed())
    _add_ranking(context, board, block, numbers, found)
    return found


def _renamed(column: TableColumn, head: str) -> TableColumn:
    return TableColumn(
        head, column.values, column.style, column.least, column.numeric, column.good, column.aimed
    )


@dataclass(slots=True)
class _Filler:
    """The figures of one metric, each filled when it is asked for."""

    context: Context
    board: Board
    block: TableBlock
    numbers: Grid
    calc: CalcBlock
    metric: Metric
    pairs: int = 0
    _done: dict[Figure, int] = field(default_factory=dict)

    def column(self, figure: Figure) -> TableColumn:
        context, metric = self.context, self.metric
        code = metric_format(context, metric)
        style = with_format(theme.ROW_FIGURE, code)
        least = 4 if "." in code or "¥" in code or "$" in code else 3
        label = context.text(metric.label)
        match figure:
            case Figure.VALUE:
                at = self.numbers.column(metric.id)
                area = Area(self.numbers.block.anchor, self.numbers.top, at, self.numbers.total, at)
                return TableColumn(label, area, style, least)
            case Figure.PREVIOUS:
                return TableColumn(context.text(words.PREVIOUS), self._area(figure), style, least)
            case Figure.CHANGE:
                change = with_format(theme.ROW_FIGURE, change_format(context, metric))
                return TableColumn(
                    context.text(words.CHANGE), self._area(figure), change, 4, good=metric.good
                )
            case Figure.TARGET:
                return TableColumn(context.text(words.TARGET), self._area(figure), style, least)
            case Figure.ATTAINMENT:
                reached = with_format(theme.ROW_FIGURE, formats.ATTAINMENT)
                return TableColumn(context.text(words.ATTAINMENT), self._area(figure), reached, 3, aimed=True)
            case _:
                assert_never(figure)

    def _area(self, figure: Figure) -> Area:
        at = self._filled(figure)
        return Area(self.calc.anchor, _FIRST, at, _FIRST + self.numbers.rows + 1, at)

    def _filled(self, figure: Figure) -> int:
        """The column of a figure in the hidden block, filled with what it needs."""
        if figure in self._done:
            return self._done[figure]
        match figure:
            case Figure.PREVIOUS:
                at = self._previous()
            case Figure.CHANGE:
                before = self._filled(Figure.PREVIOUS)
                at = self._each(
                    figure, lambda k: self._change(self._value(k), self.calc.spot(_FIRST + k, before))
                )
            case Figure.TARGET:
                at = self._each(figure, lambda k: target_value(self.metric, self._slice(k)))
            case Figure.ATTAINMENT:
                aim = self._filled(Figure.TARGET)
                at = self._each(figure, lambda k: _attained(self._value(k), self.calc.spot(_FIRST + k, aim)))
            case Figure.VALUE:
                raise ValueError("values stand in the grid")
            case _:
                assert_never(figure)
        self._done[figure] = at
        return at

    def _value(self, k: int) -> Spot:
        return Spot(self.numbers.block.anchor, self.numbers.top + k, self.numbers.column(self.metric.id))

    def _slice(self, k: int) -> Slice:
        """The rows of one line of the table in the board's window."""
        whole = Slice(self.board, board_windows(self.board).current, self.block.ignores)
        if k > self.numbers.rows:
            return whole
        return whole.of(self.block.by, self._criterion(k))

    def _criterion(self, k: int) -> Node:
        """The criterion of a shown value, in column 0 of the hidden block."""
        at = self.calc.spot(_FIRST + k, 0)
        if not any((c.row, c.column) == (_FIRST + k, 0) for c in self.calc.cells):
            label = Spot(self.numbers.block.anchor, self.numbers.top + k, 0)
            self.calc.put(_FIRST + k, 0, if_(op(label, "=", ""), "=" + words.SENTINEL, equal_to(label)))
        return at

    def _each(self, figure: Figure, formula: Callable[[int], Node]) -> int:
        """A column with a formula for each shown value and the total; "other" has none."""
        at = max(1, self.calc.columns)
        self.calc.put(0, at, f"{self.metric.id} {figure}")
        for k in range(self.numbers.rows + 2):
            self.calc.put(_FIRST + k, at, NA if k == self.numbers.rows else formula(k))
        return at

    def _previous(self) -> int:
        """Every part of the metric in the window before; the last column is the metric's own."""
        context = self.context
        chain = parts(context.model, [self.metric.id])
        left = max(1, self.calc.columns)
        columns = {part.id: left + i for i, part in enumerate(chain)}
        windows = board_windows(self.board)
        for part in chain:
            self.pairs += cost(context, part) * (self.numbers.rows + 1)
            self.calc.put(0, columns[part.id], f"{part.id} {Figure.PREVIOUS}")
            for k in range(self.numbers.rows + 2):
                row = _FIRST + k
                if k == self.numbers.rows:
                    self.calc.put(row, columns[part.id], NA)
                    continue
                slice_ = self._slice(k).within(windows.previous)

                def of(part_id: str, row: int = row) -> Node:
                    return self.calc.spot(row, columns[part_id])

                formula = value(context.model, part, slice_, of)
                self.calc.put(row, columns[part.id], if_(is_number(windows.previous.start), formula, NA))
        return columns[self.metric.id]

    def _change(self, current: Node, before: Node) -> Node:
        comparable = both(is_number(current), is_number(before))
        difference = op(current, "-", before)
        if is_share(self.context, self.metric):
            return if_(comparable, op(difference, "*", 100), NA)
        if is_balance(self.context, self.metric):
            return if_(comparable, difference, NA)
        growth = op(difference, "/", before)
        return if_(comparable, if_(op(before, ">", 0), growth, NA), NA)


def _attained(current: Node, target: Node) -> Node:
    reached = op(current, "/", target)
    return if_(both(is_number(current), is_number(target)), if_(op(target, ">", 0), reached, NA), NA)


def _add_ranking(
    context: Context, board: Board, block: TableBlock, numbers: Grid, found: TableColumns
) -> None:
    """Place, share, running share and class, in a hidden block beside the grid's rows."""
    ranking = block.ranking
    if ranking.rank or ranking.share or ranking.cumulative or ranking.limits:
        calc = CalcBlock(calc_anchor(board.id, f"{block.id}.ranking"))
        anchor = numbers.block.anchor
        at = numbers.column(block.sort or block.metrics[0])
        total = Spot(anchor, numbers.total, at)
        for column, head in enumerate(("rank", "share", "running share", "class")):
            calc.put(0, column, head)
        for k in range(numbers.rows + 2):
            own = Spot(anchor, numbers.top + k, at)
            for column, content in enumerate(_ranked(calc, numbers, block, k, own, total)):
                calc.put(_FIRST + k, column, content)
        found.blocks.append(calc.placed())
        shown = (
            (ranking.rank, words.RANK, theme.ROW_CENTER, 2, False),
            (ranking.share, words.SHARE, with_format(theme.ROW_FIGURE, formats.SHARE), 3, True),
            (ranking.cumulative, words.CUMULATIVE, with_format(theme.ROW_FIGURE, formats.SHARE), 3, True),
            (bool(ranking.limits), words.CLASS, theme.ROW_CENTER, 2, False),
        )
        for column, (wanted, label, style, least, numeric) in enumerate(shown):
            if wanted:
                area = Area(calc.anchor, _FIRST, column, _FIRST + numbers.rows + 1, column)
                made = TableColumn(context.text(label), area, style, least, numeric)
                (found.behind if column else found.before).append(made)


def _ranked(
    calc: CalcBlock, numbers: Grid, block: TableBlock, k: int, own: Spot, total: Spot
) -> Iterator[Node | str]:
    """Place, share, running share and class of a line; "other" and the total have a share only."""
    anchor, row = numbers.block.anchor, _FIRST + k
    single = k < numbers.rows
    used = op(Spot(anchor, numbers.top + k, 2), "<>", "")
    order, before = Spot(anchor, numbers.top + k, 1), Spot(anchor, numbers.top + k - 1, 1)
    place: Node = Number(k + 1)
    if k and single:
        place = if_(op(order, "=", before), calc.spot(row - 1, 0), place)
    # Where nobody has anything, nobody is first.
    nothing = nothing_in(Area(anchor, numbers.top, own.column, numbers.bottom, own.column))
    place = if_(nothing, words.DASH, place) if single else place
    yield if_(both(used, is_number(own)), place, "") if single else ""
    share = if_(both(is_number(own), op(total, ">", 0)), op(own, "/", total), NA)
    yield call("IFERROR", share, NA)
    running: Node = calc.spot(row, 1)
    if k and single:
        running = op(calc.spot(row - 1, 2), "+", running)
    yield call("IFERROR", call("ROUND", running, _ROUND), NA) if single else NA
    if not single or not block.ranking.limits:
        yield ""
        return
    # By the share down to the row before: the first row is A even if it alone passes the limit.
    above = call("ROUND", op(calc.spot(row, 2), "-", calc.spot(row, 1)), _ROUND)
    first, second = (Name(x) if isinstance(x, str) else Number(x) for x in block.ranking.limits)
    a, b, c = CLASSES
    class_ = if_(op(above, "<", first), a, if_(op(above, "<", second), b, c))
    class_ = if_(nothing, words.DASH, if_(op(own, ">", 0), class_, c))
    yield if_(used, call("IFERROR", class_, ""), "")


def colours(column: TableColumn, spot: Node) -> Iterator[tuple[Node, bool]]:
    """Conditions on a column's cell, each with whether it is good news."""
    number = is_number(spot)
    if column.aimed:
        yield both(number, op(spot, ">=", _REACHED)), True
        yield both(number, op(spot, "<", _NEAR)), False
    elif column.good is not Good.NONE:
        up = column.good is Good.UP
        yield both(number, op(spot, ">", 0)), up
        yield both(number, op(spot, "<", 0)), not up
