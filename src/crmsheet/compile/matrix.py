"""A metric by two dimensions: the hidden tables behind clusters of columns and heat maps.

Knows what the rows and columns of such a table are: values of a dimension with the rest as the last of them,
periods one after the other, or the same months or quarters of several years. Rests are totals minus what is
shown, so that rows and columns add up. Does not know how the numbers are displayed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from crmsheet.compile import board_words
from crmsheet.compile.calc import CalcBlock
from crmsheet.compile.dimensions import bucket_end, bucket_label, bucket_start, last_day, short_label
from crmsheet.compile.grids import Grid, GridRequest, grid
from crmsheet.compile.metricparts import ADDITIVE, COMPOSED, Part, is_stock, parts
from crmsheet.compile.metrics import composed, cost, value
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import NA, call, if_, joined, op
from crmsheet.compile.slices import Slice
from crmsheet.compile.windows import Window, board_windows
from crmsheet.formulas.patterns import Pattern, holes
from crmsheet.formulas.tree import Area, Node, Spot
from crmsheet.model.boards import Board, Dimension, Grain
from crmsheet.model.words import Language
from crmsheet.plan.cells import Beside, Block, Family, Hole
from crmsheet.structs import dataclass

_LABEL: Final = 0
_FIRST: Final = 3
"""The first row and column of numbers; before them label, criterion or start, end."""
_NOBODY: Final = "=" + board_words.SENTINEL
_ROUND: Final = 6
_PER_YEAR: Final = {Grain.QUARTER: 4, Grain.MONTH: 12}
_DATE: Final = "yyyy-mm-dd"


@dataclass(frozen=True, slots=True)
class Side:
    """One dimension of a matrix: so many of its values, the largest, or all; of periods so many."""

    by: Dimension
    top: int | None = None
    limit: Node | None = None
    filled: bool = False
    """Whether free places go to values that have nothing: the legend of a chart names them all."""


@dataclass(frozen=True, slots=True)
class MatrixRequest:
    """`rows` by `columns`; `last` periods. Months or quarters by years show whole years."""

    anchor: str
    metric: str
    rows: Side
    columns: Side
    last: int = 12
    ignores: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matrix:
    """A finished table: `rows` rows and `columns` columns of numbers, the rest included where there is one."""

    block: Block
    behind: tuple[Block, ...]
    rows: int
    columns: int
    step: int
    """Cells a column of numbers takes: the parts of the metric."""
    rest_row: bool
    rest_column: bool
    window: Window
    span: Node
    pairs: int

    def labels(self) -> Area:
        return Area(self.block.anchor, _FIRST, _LABEL, _FIRST + self.rows - 1, _LABEL)

    def label(self, row: int) -> Spot:
        return Spot(self.block.anchor, _FIRST + row, _LABEL)

    def head(self, column: int) -> Spot:
        return Spot(self.block.anchor, 0, self._at(column))

    def shown_head(self, column: int) -> Spot:
        """The head as cells show it: of a free place none, of the rest only while there is one."""
        return Spot(self.block.anchor, 2 if self.rest_column else 0, self._at(column))

    def values(self, column: int) -> Area:
        at = self._at(column)
        return Area(self.block.anchor, _FIRST, at, _FIRST + self.rows - 1, at)

    def spot(self, row: int, column: int) -> Spot:
        return Spot(self.block.anchor, _FIRST + row, self._at(column))

    def _at(self, column: int) -> int:
        return _FIRST + column * self.step + self.step - 1


@dataclass(frozen=True, slots=True)
class _Member:
    """One row or column: its label, and the cells that say what makes it up."""

    label: Node | str
    cells: tuple[Spot, Spot]
    """Of a value its label and its criterion, of a period its start and the day behind its end."""


@dataclass(slots=True)
class _Table:
    """A matrix being filled."""

    context: Context
    board: Board
    request: MatrixRequest
    calc: CalcBlock
    chain: tuple[Part, ...]
    behind: list[Grid]

    def at(self, column: int, part: int) -> int:
        return _FIRST + column * len(self.chain) + part


def matrix(context: Context, board: Board, request: MatrixRequest) -> Matrix:
    chain = tuple(parts(context.model, [request.metric]))
    # The metric's own cell is the last of its parts.
    chain = tuple(sorted(chain, key=lambda p: p.id == request.metric))
    table = _Table(context, board, request, CalcBlock(request.anchor), chain, [])
    windows = board_windows(board)
    day = last_day(windows)
    rows_by, columns_by = request.rows.by, request.columns.by
    whole = windows.current
    timed: tuple[_Member, ...] = ()
    grain = rows_by.grain or columns_by.grain
    if rows_by.grain is not None and columns_by.grain is not None:
        return _years(table, day)
    if grain is not None:
        timed = _buckets(table, grain, day, down=rows_by.grain is not None)
        whole = Window(timed[0].cells[0], timed[-1].cells[1])
    rows = timed if rows_by.grain is not None else _values(table, request.rows, whole, down=True)
    columns = timed if columns_by.grain is not None else _values(table, request.columns, whole, down=False)
    return _filled(table, rows, columns, whole, _span(timed, windows.span))


def _span(timed: Sequence[_Member], otherwise: Node) -> Node:
    return joined(timed[0].label, " – ", timed[-1].label) if timed else otherwise


def _buckets(table: _Table, grain: Grain, day: Node, *, down: bool) -> tuple[_Member, ...]:
    """Periods one after the other, the last the one that is running."""
    calc, last = table.calc, table.request.last
    day = calc.put(0, 1, day, _DATE)
    found = []
    for k in range(last):
        row, column = (_FIRST + k, 1) if down else (1, table.at(k, len(table.chain) - 1))
        start = calc.put(row, column, bucket_start(table.context, grain, day, last - 1 - k), _DATE)
        end_at = (row, column + 1) if down else (row + 1, column)
        end = calc.put(*end_at, call("MIN", bucket_end(grain, start), op(day, "+", 1)), _DATE)
        found.append(_Member(short_label(table.context, grain, start), (start, end)))
    return tuple(found)


def _values(table: _Table, side: Side, whole: Window, *, down: bool) -> tuple[_Member, ...]:
    """The values of a dimension in the order of its own grid, each criterion once in a cell; the rest and the total come
    of themselves."""
    request = table.request
    numbers = grid(
        table.context,
        table.board,
        GridRequest(
            f"{request.anchor}.{'rows' if down else 'columns'}",
            (request.metric,),
            side.by,
            request.ignores,
            top=side.top,
            limit=side.limit,
            filled=side.filled,
            window=whole,
        ),
    )
    table.behind.append(numbers)
    found = []
    for k, row in enumerate(range(numbers.top, numbers.bottom + 1)):
        label = Spot(numbers.block.anchor, row, 0)
        at = (_FIRST + k, 1) if down else (1, table.at(k, len(table.chain) - 1))
        criterion = table.calc.put(*at, call("IFERROR", numbers.criterion(row), _NOBODY))
        found.append(_Member(label, (label, criterion)))
    return tuple(found)


def _filled(
    table: _Table, rows: tuple[_Member, ...], columns: tuple[_Member, ...], whole: Window, span: Node
) -> Matrix:
    """Numbers of all members; behind those of values the rest, then the total that it is taken from."""
    calc, chain = table.calc, table.chain
    by_rows, by_columns = table.request.rows.by.grain is None, table.request.columns.by.grain is None
    labels: list[Node | str] = [m.label for m in rows]
    heads: list[Node | str] = [m.label for m in columns]
    rest = table.context.text(board_words.OTHER)
    extra_rows, extra_columns = (2 if by_rows else 0), (2 if by_columns else 0)
    total = table.context.text(board_words.TOTAL)
    if by_rows:
        last = table.at(len(heads) + (1 if by_columns else 0) - 1, len(chain) - 1)
        numbers = Area(calc.anchor, _FIRST + len(rows), _FIRST, _FIRST + len(rows), last)
        labels += [_if_any(numbers, rest), total]
    for k, label in enumerate(labels):
        calc.put(_FIRST + k, _LABEL, label)
    if by_columns:
        at = table.at(len(columns), len(chain) - 1)
        numbers = Area(calc.anchor, _FIRST, at, _FIRST + len(labels) - (2 if by_rows else 1), at)
        for j, head in enumerate(heads):
            calc.put(2, table.at(j, len(chain) - 1), head)
        # A chart's legend would call a series without a name by its column.
        heads = [if_(op(head, "=", ""), board_words.NOBODY, head) for head in heads]
        heads += [rest, total]
        calc.put(2, table.at(len(columns), len(chain) - 1), _if_any(numbers, rest))
    for j, head in enumerate(heads):
        calc.put(0, table.at(j, len(chain) - 1), head)
    for some_rows in (rows, ()) if by_rows else (rows,):
        for some_columns in (columns, ()) if by_columns else (columns,):
            # Behind the rest, the total.
            top, left = 0 if some_rows else len(rows) + 1, 0 if some_columns else len(columns) + 1
            _rectangle(table, top, left, some_rows, some_columns, whole)
    if by_rows:
        for j in range(len(columns) + extra_columns):
            _rest(table, len(rows), j, [(r, j) for r in range(len(rows))], (len(rows) + 1, j))
    if by_columns:
        for k in (k for k in range(len(rows) + extra_rows) if not by_rows or k != len(rows)):
            _rest(table, k, len(columns), [(k, c) for c in range(len(columns))], (k, len(columns) + 1))
    cells = (len(rows) + extra_rows) * (len(columns) + extra_columns)
    pairs = sum(cost(table.context, part) for part in chain) * cells + sum(g.pairs for g in table.behind)
    return Matrix(
        calc.placed(),
        tuple(g.block for g in table.behind),
        len(rows) + (1 if by_rows else 0),
        len(columns) + (1 if by_columns else 0),
        len(chain),
        by_rows,
        by_columns,
        whole,
        span,
        pairs,
    )


def _if_any(numbers: Area, text: str) -> Node:
    """A label for the rest, empty while there is none."""
    some = op(op(call("COUNTIF", numbers, ">0"), "+", call("COUNTIF", numbers, "<0")), ">", 0)
    return if_(some, text, "")


def _rectangle(
    table: _Table, top: int, left: int, rows: Sequence[_Member], columns: Sequence[_Member], whole: Window
) -> None:
    """The numbers of some rows by some columns, from a row and column of numbers on; no rows or columns are all that
    there are, in one."""
    calc, chain = table.calc, range(len(table.chain))
    down, across = max(1, len(rows)), max(1, len(columns))
    inside: list[Hole | Beside] = [Hole(tuple([m.cells[n] for m in rows]), down=1) for n in range(2) if rows]
    inside += [Hole(tuple([m.cells[n] for m in columns]), across=1) for n in range(2) if columns]
    inside += [Beside(calc.spot(_FIRST + top, table.at(left, part)), len(chain)) for part in chain]
    for part, pattern in zip(chain, _patterns(table, rows, columns, whole), strict=True):
        at = _FIRST + top, table.at(left, part)
        calc.put_all(Family(pattern, tuple(inside), *at, down, across, step=len(chain)))


def _patterns(
    table: _Table, rows: Sequence[_Member], columns: Sequence[_Member], whole: Window
) -> list[Pattern]:
    """The formulas of such numbers, part by part. In their holes: the cells of the row, those of the column, the cells
    of the parts."""
    request, context = table.request, table.context
    free = iter(holes((2 if rows else 0) + (2 if columns else 0) + len(table.chain)))
    slice_ = Slice(table.board, whole, request.ignores)
    needed: list[Dimension] = []
    labels: list[Node] = []
    sides = ((rows, request.rows.by, Slice.of), (columns, request.columns.by, Slice.crossed))
    for by, chosen in ((by, chosen) for members, by, chosen in sides if members):
        first, second = next(free), next(free)
        if by.grain is not None:
            slice_ = slice_.within(Window(first, second))
        else:
            slice_ = chosen(slice_, by, second)
            needed.append(by)
            labels.append(first)
    cells = tuple(free)
    timed = slice_.window is not whole
    found = []
    for part in table.chain:
        formula: Node = NA
        reached = all(d.path(part.metric.table) for d in needed)
        known = not (timed and is_stock(context.model, part.metric.id))
        if part.kind in COMPOSED or (reached and known):
            formula = value(context.model, part, slice_, lambda id_: cells[_index(table, id_)])
        for label in labels:
            # A place that no value takes has no number.
            formula = if_(op(label, "=", ""), NA, formula)
        found.append(Pattern(formula))
    return found


def _index(table: _Table, part_id: str) -> int:
    return next(i for i, p in enumerate(table.chain) if p.id == part_id)


def _rest(table: _Table, k: int, j: int, shown: Sequence[tuple[int, int]], total: tuple[int, int]) -> None:
    """What all shown cells of a row or column leave of its total; nothing for what does not add up."""
    calc = table.calc

    def of(part_id: str) -> Node:
        return calc.spot(_FIRST + k, table.at(j, _index(table, part_id)))

    for index, part in enumerate(table.chain):
        rest: Node = NA
        if part.kind in ADDITIVE:
            down = len({c for _, c in shown}) == 1
            first, last = shown[0], shown[-1]
            if down or len(table.chain) == 1:
                area = Area(
                    calc.anchor,
                    _FIRST + first[0],
                    table.at(first[1], index),
                    _FIRST + last[0],
                    table.at(last[1], index),
                )
                used: Node = call("SUMIF", area, ">-1E+300")
            else:
                cells = [calc.spot(_FIRST + r, table.at(c, index)) for r, c in shown]
                used = call("SUM", *[call("IFERROR", cell, 0) for cell in cells])
            whole = calc.spot(_FIRST + total[0], table.at(total[1], index))
            rest = call("ROUND", op(whole, "-", used), _ROUND)
        elif part.kind in COMPOSED:
            rest = composed(part, of)
        calc.put(_FIRST + k, table.at(j, index), rest)


def _years(table: _Table, day: Node) -> Matrix:
    """The same months or quarters of several years side by side; what is yet to come is a gap."""
    request, calc, context = table.request, table.calc, table.context
    grain = request.rows.by.grain
    assert grain is not None
    count = _PER_YEAR[grain]
    years = max(1, -(-request.last // count))
    day = calc.put(0, 1, day, _DATE)
    starts = []
    for j in range(years):
        column = table.at(j, len(table.chain) - 1)
        start = calc.put(1, column, bucket_start(context, Grain.YEAR, day, years - 1 - j), _DATE)
        calc.put(0, column, bucket_label(context, Grain.YEAR, start))
        starts.append(start)
    spare = table.at(years, 0)
    """Behind the numbers, the start and end of each."""
    whole = Window(starts[0], op(day, "+", 1))
    for k in range(count):
        row = _FIRST + k
        months = 12 // count * k
        name: Node | str
        if grain is Grain.QUARTER:
            name = f"Q{k + 1}"
        else:
            number = call("MONTH", call("EDATE", starts[-1], months))
            name = joined(number, "月") if context.language is Language.ZH else joined("M", number)
        calc.put(row, _LABEL, name)
        for j in range(years):
            start = calc.put(row, spare + 2 * j, call("EDATE", starts[j], months), _DATE)
            ends = call("MIN", call("EDATE", start, 12 // count), op(day, "+", 1))
            end = calc.put(row, spare + 2 * j + 1, ends, _DATE)
            slice_ = Slice(table.board, Window(start, end), request.ignores)

            def of(part_id: str, k: int = k, j: int = j) -> Node:
                return calc.spot(_FIRST + k, table.at(j, _index(table, part_id)))

            for index, part in enumerate(table.chain):
                formula: Node = NA
                if part.kind in COMPOSED or not is_stock(context.model, part.metric.id):
                    formula = if_(op(start, ">", day), NA, value(context.model, part, slice_, of))
                calc.put(row, table.at(j, index), formula)
    pairs = sum(cost(context, part) for part in table.chain) * count * years
    span = joined(
        bucket_label(context, Grain.YEAR, starts[0]), " – ", bucket_label(context, Grain.YEAR, starts[-1])
    )
    return Matrix(calc.placed(), (), count, years, len(table.chain), False, False, whole, span, pairs)
