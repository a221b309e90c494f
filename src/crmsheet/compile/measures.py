"""Metrics measured over a board's window: the numbers behind cards and indicator rows.

Knows the row of each metric in a hidden block: value, reason, the window before, change, target, attainment,
status, sample. Does not know how they are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, assert_never

from crmsheet.compile import board_words as words
from crmsheet.compile.calc import CalcBlock
from crmsheet.compile.live import CELL, cell_note, too_dear
from crmsheet.compile.lookback import reframed
from crmsheet.compile.metricparts import Part, is_stock, measures, parts, sample, tables
from crmsheet.compile.metrics import cost, reason, value
from crmsheet.compile.number_formats import is_balance, is_share
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import NA, both, if_, is_number, iso_date, joined, op
from crmsheet.compile.slices import Slice, target_criteria, target_fits
from crmsheet.compile.symbols import AS_OF
from crmsheet.compile.windows import Window, board_windows, span
from crmsheet.diagnostics import Diagnostic
from crmsheet.formulas.tree import Call, Column, Name, Node, Spot, Text
from crmsheet.model.boards import Board
from crmsheet.model.metrics import Good, Metric, MetricType, PeriodAgg, Span
from crmsheet.model.words import Label
from crmsheet.structs import dataclass

_HEADS: Final = (
    "metric",
    "value",
    "reason",
    "previous",
    "previous reason",
    "change",
    "change reason",
    "target",
    "attainment",
    "status",
    "n",
    "note",
)
_WATCH_UP: Final = 0.9
_WATCH_DOWN: Final = 1.1
_A_NUMBER: Final = ">-1E+99"
"""A criterion that every number meets, and neither blanks nor texts."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Where the numbers of one metric stand; `n` None when it has no sample to speak of."""

    metric: Metric
    value: Spot
    reason: Spot
    previous: Spot
    change: Spot
    target: Spot
    attainment: Spot
    status: Spot
    n: Spot | None
    note: Spot


@dataclass(frozen=True, slots=True)
class Wanted:
    metric: str
    ignores: tuple[str, ...] = ()


def measured(
    context: Context, board: Board, calc: CalcBlock, wanted: Iterable[Wanted]
) -> tuple[Measured, ...]:
    """Fill a hidden block with the rows that the wanted metrics need; one that is wanted twice is there once."""
    for column, head in enumerate(_HEADS):
        calc.put(0, column, head)
    rows: dict[tuple[tuple[str, ...], str], int] = {}
    done: dict[Wanted, Measured] = {}
    asked = tuple(wanted)
    for item in dict.fromkeys(asked):
        for part in parts(context.model, [item.metric]):
            if (item.ignores, part.id) not in rows:
                row = rows[item.ignores, part.id] = len(rows) + 1
                _fill_values(context, board, calc, part, item.ignores, row, rows)
        row = rows[item.ignores, item.metric]
        n = sample(context.model, item.metric)
        n_row = rows[item.ignores, n] if n else None
        done[item] = _fill_comparisons(context, board, calc, item, row, n_row)
    return tuple(done[item] for item in asked)


def dear_metrics(context: Context, board: Board, wanted: Iterable[Wanted]) -> tuple[Diagnostic, ...]:
    """A finding that says which of the metrics are values of this refresh."""
    return too_dear(context, board, {item.metric: _dearest(context, item.metric) for item in wanted})


def _dearest(context: Context, metric: str) -> int:
    """How many pairs of rows one cell of a metric compares at most."""
    return max(cost(context, part) for part in parts(context.model, [metric]))


def _fill_values(
    context: Context,
    board: Board,
    calc: CalcBlock,
    part: Part,
    ignores: tuple[str, ...],
    row: int,
    rows: dict[tuple[tuple[str, ...], str], int],
) -> None:
    """A part's value and reason, in the window and in the one before."""
    windows = board_windows(board)
    calc.put(row, 0, part.id)
    for column, window in ((1, windows.current), (3, windows.previous)):
        slice_ = Slice(board, window, ignores)

        def of(part_id: str, column: int = column) -> Node:
            return calc.spot(rows[ignores, part_id], column)

        def reason_of(part_id: str, column: int = column) -> Node:
            return calc.spot(rows[ignores, part_id], column + 1)

        formula = value(context.model, part, slice_, of)
        why: Node | str = reason(context, part, calc.spot(row, column), of, reason_of)
        if column == 3:
            formula = if_(is_number(windows.previous.start), formula, NA)
            none = context.text(words.NO_COMPARISON)
            why = if_(is_number(windows.previous.start), why, none)
            if is_stock(context.model, part.metric.id):
                formula, why = NA, context.text(words.STOCK_HISTORY)
        calc.put(row, column, formula, snapshot=cost(context, part) > CELL)
        calc.put(row, column + 1, why)


def _fill_comparisons(
    context: Context, board: Board, calc: CalcBlock, item: Wanted, row: int, n_row: int | None
) -> Measured:
    metric = context.model.metric(item.metric)
    current, before = calc.spot(row, 1), calc.spot(row, 3)
    comparable, difference = both(is_number(current), is_number(before)), op(current, "-", before)
    if is_share(context, metric):
        # A share that rises from 20 % to 25 % has changed by five points, not by a quarter.
        change: Node = if_(comparable, op(difference, "*", 100), NA)
        why: Node = if_(comparable, "", context.text(words.NO_DATA))
    elif is_balance(context, metric):
        change = if_(comparable, difference, NA)
        why = if_(comparable, "", context.text(words.NO_DATA))
    else:
        growth = op(difference, "/", before)
        change = if_(comparable, if_(op(before, ">", 0), growth, NA), NA)
        base = if_(op(before, "=", 0), context.text(words.ZERO_BASE), context.text(words.NEGATIVE_BASE))
        why = if_(comparable, if_(op(before, ">", 0), "", base), context.text(words.NO_DATA))
    change_spot = calc.put(row, 5, change)
    calc.put(row, 6, if_(op(calc.spot(row, 4), "<>", ""), calc.spot(row, 4), why))
    target = calc.put(row, 7, target_value(metric, Slice(board, board_windows(board).current, item.ignores)))
    reached = op(current, "/", target)
    attainment = calc.put(
        row, 8, if_(both(is_number(current), is_number(target)), if_(op(target, ">", 0), reached, NA), NA)
    )
    status = calc.put(row, 9, _status(context, board, metric, current, change_spot, target))
    n = calc.put(row, 10, calc.spot(n_row, 1)) if n_row is not None else None
    note = calc.put(row, 11, _note(context, board, item, calc.spot(row, 2)))
    return Measured(
        metric, current, calc.spot(row, 2), before, change_spot, target, attainment, status, n, note
    )


def shown_change(context: Context, one: Measured) -> Node:
    """The change, "new" over 0 where there is something now, else a dash."""
    new = both(op(one.previous, "=", 0), op(one.value, "<>", 0))
    over_nothing = if_(new, context.text(words.NEW), words.DASH)
    told = if_(is_number(one.value), if_(is_number(one.previous), over_nothing, words.DASH), words.DASH)
    return if_(is_number(one.change), one.change, told)


def target_value(metric: Metric, slice_: Slice) -> Node:
    """The sum of the target rows of a slice; #N/A when there are none or none that fit its selectors.

    A row whose number is still to be filled in is no target of 0.
    """
    fits = target_fits(metric, slice_)
    if fits is None or metric.target is None:
        return NA
    pairs: list[Node] = []
    for column, criterion in target_criteria(metric, slice_):
        pairs += [column, criterion]
    number = Column(metric.target.table, metric.target.field)
    filled = Call("COUNTIFS", (number, Text(_A_NUMBER), *pairs))
    return if_(fits, if_(op(filled, "=", 0), NA, Call("SUMIFS", (number, *pairs))), NA)


def _status(
    context: Context, board: Board, metric: Metric, current: Node, change: Node, target: Node
) -> Node:
    """On track, watch or behind: against the part of the target that is due by now; without a target, how it
    changed."""
    due: Node = target
    if metric.type is MetricType.SIMPLE and metric.agg.value in ("sum", "count") and metric.time:
        windows = board_windows(board)
        elapsed = op(windows.current.end, "-", windows.current.start)
        due = op(op(target, "*", elapsed), "/", op(windows.full_end, "-", windows.current.start))
    down = metric.good is Good.DOWN
    reaches, limit = ("<=", _WATCH_DOWN) if down else (">=", _WATCH_UP)
    behind = if_(
        op(current, reaches, op(due, "*", limit)), context.text(words.WATCH), context.text(words.BEHIND)
    )
    against_target = if_(op(current, reaches, due), context.text(words.ON_TRACK), behind)
    if metric.good is Good.NONE:
        trend: Node | str = ""
    else:
        better, worse = (words.WORSENING, words.IMPROVING) if down else (words.IMPROVING, words.WORSENING)
        steady = if_(op(change, "<", 0), context.text(worse), context.text(words.STEADY))
        trend = if_(is_number(change), if_(op(change, ">", 0), context.text(better), steady), "")
    return if_(is_number(current), if_(is_number(target), against_target, trend), "")


def _note(context: Context, board: Board, item: Wanted, why: Node) -> Node:
    """Why there is no number; else the window, and what the number does not follow."""
    dearest = _dearest(context, item.metric)
    scope = joined(scope_note(context, board, (item.metric,), item.ignores), cell_note(context, dearest))
    return if_(op(why, "<>", ""), why, scope)


def scope_note(context: Context, board: Board, metrics: Iterable[str], ignores: tuple[str, ...]) -> Node:
    """The window that metrics are measured over, and the selectors that they do not follow."""
    ids = tuple(metrics)
    if all(is_stock(context.model, m) for m in ids):
        as_of = joined(context.text(words.AS_OF), iso_date(Name(AS_OF)), context.text(words.STOCK))
        return joined(as_of, ignored_note(context, board, ids, ignores))
    shown = board_windows(board).current
    one = context.model.metric(ids[0])
    if len(ids) == 1 and one.type is MetricType.CUMULATIVE:
        return joined(_own_span(context, one, shown), ignored_note(context, board, ids, ignores))
    return joined(board_windows(board).span, ignored_note(context, board, ids, ignores))


def _own_span(context: Context, metric: Metric, window: Window) -> Node:
    """The window that a cumulative metric makes of the board's, in words."""
    own = reframed(context.model, metric, window)
    if metric.window is None and metric.grain_to_date is None:
        return joined(context.text(words.UP_TO), iso_date(op(own.end, "-", 1)))
    return span(own)


def ignored_note(context: Context, board: Board, metrics: Iterable[str], ignores: tuple[str, ...]) -> str:
    """The selectors that do not reach all of the metrics, in words; empty when all do."""
    facts = {t for m in metrics for t in tables(context.model, m)}
    labels = [
        context.text(s.label)
        for s in board.selectors
        if not s.is_period and (s.id in ignores or any(not s.path(t) for t in facts))
    ]
    if not labels:
        return ""
    return context.text(words.IGNORES) + context.text(words.SEPARATOR).join(labels)


def definition(context: Context, metric_id: str) -> str:
    """What a metric means: its definition or description, else how it is computed."""
    model = context.model
    metric = model.metric(metric_id)
    told = metric.definition or metric.description
    if told is not None:
        return context.text(told)
    match metric.type:
        case MetricType.RATIO:
            pair = (model.metric(metric.numerator), model.metric(metric.denominator))
            return " ÷ ".join(context.text(m.label) for m in pair)
        case MetricType.CONVERSION:
            pair = (model.metric(metric.base), model.metric(metric.conversion))
            text = " → ".join(context.text(m.label) for m in pair)
            return text + span_text(context, metric.window) if metric.window is not None else text
        case MetricType.CUMULATIVE:
            return context.text(model.metric(metric.metric).label) + reach_text(context, metric)
        case MetricType.DERIVED:
            needed = [context.text(model.metric(m).label) for m in measures(metric)]
            text = context.text(words.COMPUTED_FROM) + context.text(words.SEPARATOR).join(needed)
            return text + reach_text(context, metric)
        case MetricType.SIMPLE:
            table = model.table(metric.table)
            what = context.text(table.label)
            if metric.field:
                what += " · " + context.text(table.field(metric.field).label)
            text = context.text(words.AGGREGATIONS[metric.agg.value]) + context.text(words.OF) + what
            if metric.time:
                by: Label = table.field(metric.time).label
                text += context.text(words.BY_TIME) + context.text(by)
            return text
        case _:
            assert_never(metric.type)


def span_text(context: Context, span: Span) -> str:
    """A length of time in words."""
    if span.count == 1:
        return context.text(words.ONE_SPAN[span.unit])
    count = str(span.count)
    if isinstance(span.count, str):
        found = [s for s in context.model.settings if s.id == span.count]
        count = f"[{context.text(found[0].label)}]" if found else count
    return context.text(words.SPANS[span.unit]).format(count=count)


def reach_text(context: Context, metric: Metric) -> str:
    """The window a metric makes of the board's, in words; empty for its own."""
    if metric.offset_window is not None:
        return context.text(words.EARLIER).format(span=span_text(context, metric.offset_window))
    if metric.type is not MetricType.CUMULATIVE:
        return ""
    if metric.grain_to_date is not None:
        text = context.text((words.WHOLE if metric.whole else words.TO_DATE)[metric.grain_to_date])
    elif metric.window is not None:
        text = context.text(words.TRAILING).format(span=span_text(context, metric.window))
    else:
        text = context.text(words.EVER)
    return text + (context.text(words.AT_START) if metric.period_agg is PeriodAgg.FIRST else "")
