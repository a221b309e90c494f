"""Funnels: steps one below the other, each bar in the middle, with the share that got so far.

Knows the two kinds: several metrics are steps, each a share of the one before; the values of one metric by a
dimension, such as the stages in which deals stand, are shares of the total.
"""

from __future__ import annotations

from collections.abc import Sequence

from crmsheet.compile import board_words
from crmsheet.compile.board_theme import ACCENT
from crmsheet.compile.calc import CalcBlock
from crmsheet.compile.charting import words
from crmsheet.compile.charting.plots import BARS, Plot, Sketch, ranked
from crmsheet.compile.charting.wording import cases, window_text
from crmsheet.compile.metricparts import parts
from crmsheet.compile.metrics import cost, value
from crmsheet.compile.number_formats import Shown, metric_format
from crmsheet.compile.shorthand import NA, both, call, if_, is_number, joined, op
from crmsheet.compile.slices import Slice
from crmsheet.compile.windows import board_windows
from crmsheet.formulas.tree import Area, Node, Spot
from crmsheet.plan.cells import Block
from crmsheet.plan.charts import Axis, Mark, Series

_NAME, _VALUE, _SPACE, _RATE, _LABEL = range(5)
_GAP = 15


def funnel(sketch: Sketch) -> Plot:
    return _by_value(sketch) if sketch.block.by is not None else _of_steps(sketch)


def _of_steps(sketch: Sketch) -> Plot:
    context = sketch.context
    chain = parts(context.model, sketch.block.metrics)
    numbers = CalcBlock(sketch.anchor())
    row_of = {part.id: row for row, part in enumerate(chain)}
    slice_ = Slice(sketch.board, board_windows(sketch.board).current, sketch.block.ignores)

    def of(part_id: str) -> Node:
        return numbers.spot(row_of[part_id], 1)

    for row, part in enumerate(chain):
        numbers.put(row, 0, part.id)
        numbers.put(row, 1, value(context.model, part, slice_, of))
    rows = [(context.text(m.label), numbers.spot(row_of[m.id], 1)) for m in sketch.metrics]
    calc = _plot_block(sketch, rows, None)
    pairs = sum(cost(context, part) for part in chain)
    n = cases(sketch, sketch.metrics[0])
    return _plot(
        sketch, calc, len(rows), (numbers.placed(),), pairs, words.STEP_RATE.text(context.language), n
    )


def _by_value(sketch: Sketch) -> Plot:
    metric = sketch.metrics[0]
    numbers = sketch.grid(top=ranked(sketch, BARS))
    anchor, column = numbers.block.anchor, numbers.column(metric.id)
    rows = [
        (Spot(anchor, row, 0), Spot(anchor, row, column)) for row in range(numbers.top, numbers.other + 1)
    ]
    calc = _plot_block(sketch, rows, Spot(anchor, numbers.total, column))
    said = words.SHARE_RATE.text(sketch.context.language)
    return _plot(sketch, calc, len(rows), (numbers.block,), numbers.pairs, said, cases(sketch, metric))


def _plot_block(sketch: Sketch, rows: Sequence[tuple[Spot | str, Spot]], total: Spot | None) -> CalcBlock:
    context, metric = sketch.context, sketch.metrics[0]
    calc = CalcBlock(sketch.anchor("plot"))
    heads = ("", context.text(metric.label), context.text(words.SPACE), "%", "")
    for column, head in enumerate(heads):
        calc.put(0, column, head)
    found = calc.column(_VALUE, 1, len(rows))
    widest = call("MAXIFS", found, found, ">0")
    code = metric_format(context, metric, Shown.CARD)
    for k, (label, source) in enumerate(rows):
        row = k + 1
        name = calc.put(row, _NAME, label)
        shown: Node = source
        if total is not None:
            # No bar for a rest that is nothing, nor for a place that no value takes.
            shown = if_(op(name, "=", ""), NA, source)
        own = calc.put(row, _VALUE, shown)
        calc.put(
            row, _SPACE, if_(is_number(own), op(op(calc.spot(len(rows) + 1, _VALUE), "-", own), "/", 2), NA)
        )
        base = total if total is not None else calc.spot(row - 1, _VALUE) if k else None
        rate: Node = NA
        if base is not None:
            rate = if_(
                both(is_number(own), is_number(base)), if_(op(base, ">", 0), op(own, "/", base), NA), NA
            )
        rate_spot = calc.put(row, _RATE, rate, "0%")
        figures = joined(
            call("TEXT", own, code),
            if_(is_number(rate_spot), joined(" · ", call("TEXT", rate_spot, "0%")), ""),
        )
        text = joined(name, call("CHAR", 10), if_(is_number(own), figures, board_words.DASH))
        calc.put(row, _LABEL, if_(op(name, "=", ""), "", text))
    calc.put(len(rows) + 1, _VALUE, widest)
    return calc


def _plot(
    sketch: Sketch,
    calc: CalcBlock,
    count: int,
    behind: tuple[Block, ...],
    pairs: int,
    said: str,
    n: Node | None,
) -> Plot:
    labels = Area(calc.anchor, 1, _LABEL, count, _LABEL)
    return Plot(
        Mark.BAR,
        (
            Series(calc.spot(0, _SPACE), labels, calc.column(_SPACE, 1, count), spacer=True),
            Series(calc.spot(0, _VALUE), labels, calc.column(_VALUE, 1, count), ACCENT),
            Series(calc.spot(0, _SPACE), labels, calc.column(_SPACE, 1, count), spacer=True),
        ),
        (*behind, calc.placed()),
        window_text(sketch),
        Axis("0%", shown=False),
        pairs,
        # Room, bar and room are always as wide as the widest bar.
        share=True,
        gap=_GAP,
        remarks=(said,),
        n=n,
    )
