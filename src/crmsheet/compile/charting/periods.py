"""Periods as statistics see them: which of them are over, and since when there are data.

Knows the rows of a grid by time. Does not know what is computed of them.
"""

from __future__ import annotations

from crmsheet.compile.charting.plots import Sketch
from crmsheet.compile.dimensions import bucket_end
from crmsheet.compile.grids import Grid, nothing_in
from crmsheet.compile.metricparts import COMPOSED, parts
from crmsheet.compile.shorthand import both, call, if_, joined, op
from crmsheet.compile.windows import Window
from crmsheet.formulas.tree import Column, Node, Spot

_NEVER = 2958465
"""The last day that Excel knows."""


def start_of(numbers: Grid, row: int) -> Spot:
    return Spot(numbers.block.anchor, row, 1)


def end_of(numbers: Grid, row: int) -> Spot:
    return Spot(numbers.block.anchor, row, 2)


def is_over(sketch: Sketch, numbers: Grid, row: int) -> Node:
    """Whether a period has ended: its row reaches to the end of the bucket."""
    grain = sketch.by.grain
    assert grain is not None
    return op(end_of(numbers, row), "=", bucket_end(grain, start_of(numbers, row)))


def first_day(sketch: Sketch, numbers: Grid) -> Node | float:
    """The first day there are data of; months before it are no zeros, but nothing. Where the periods have no number
    but 0 there is no such day, whatever the data are that selectors leave out."""
    columns = {
        (p.metric.table, p.metric.time)
        for p in parts(sketch.context.model, sketch.block.metrics)
        if p.kind not in COMPOSED and p.metric.time
    }
    found = [call("MIN", Column(*c)) for c in sorted(columns)]
    first: Node | float = call("MIN", *found) if found else 0
    nothing = both(*(nothing_in(numbers.values(m.id)) for m in sketch.metrics))
    return if_(nothing, _NEVER, first)


def counts(sketch: Sketch, numbers: Grid, row: int, first: Node) -> Node:
    """Whether a period belongs into statistics."""
    return both(is_over(sketch, numbers, row), op(end_of(numbers, row), ">", first))


def span_window(numbers: Grid) -> Window:
    """All periods of a grid as one window."""
    return Window(start_of(numbers, numbers.top), end_of(numbers, numbers.bottom))


def span_text(numbers: Grid) -> Node:
    """From the first period to the last, in words."""
    anchor = numbers.block.anchor
    return joined(Spot(anchor, numbers.top, 0), " – ", Spot(anchor, numbers.bottom, 0))
