"""What a chart says: its title with the unit, the note below it, its alternative text.

Knows the parts of a note: definition, time, number of cases, as-of date. Does not know how charts look.
"""

from __future__ import annotations

from typing import Final

from crmsheet.compile import board_words
from crmsheet.compile.charting import words
from crmsheet.compile.charting.plots import Plot, Sketch, axis_unit
from crmsheet.compile.grids import Grid
from crmsheet.compile.live import snapshot_note
from crmsheet.compile.measures import definition, ignored_note
from crmsheet.compile.metricparts import Part, PartKind
from crmsheet.compile.metrics import value
from crmsheet.compile.shorthand import NA, call, if_, is_number, iso_date, joined, op
from crmsheet.compile.slices import Slice
from crmsheet.compile.symbols import AS_OF
from crmsheet.compile.windows import Window, board_windows
from crmsheet.formulas.tree import Area, Name, Node
from crmsheet.model.boards import ChartType
from crmsheet.model.metrics import Metric, MetricType
from crmsheet.model.words import Language

_DEFINED: Final = 2
"""So many metrics are defined below a chart; the Guide defines all."""
_NO_UNIT: Final = (ChartType.DOUGHNUT, ChartType.FUNNEL, ChartType.COMBO, ChartType.SCATTER)
"""Kinds without an axis of values, or with titles at their axes."""


def chart_title(sketch: Sketch) -> str:
    """The chart's own title, else what it shows by what; the unit behind it."""
    context, block = sketch.context, sketch.block
    if block.title is not None:
        text = context.text(block.title)
    else:
        text = context.text(board_words.SEPARATOR).join(context.text(m.label) for m in sketch.metrics)
        dimensions = [d for d in (block.by, block.series) if d is not None]
        if dimensions:
            text += words.DOT + " × ".join(context.text(d.label) for d in dimensions)
    units = {axis_unit(context, m) for m in sketch.metrics}
    if len(units) == 1 and block.type not in _NO_UNIT and not block.share:
        text = with_unit(sketch, text, units.pop())
    return text


def with_unit(sketch: Sketch, text: str, name: str) -> str:
    if not name:
        return text
    return f"{text} ({name})" if sketch.context.language is Language.EN else f"{text}（{name}）"


def metric_title(sketch: Sketch, metric: Metric) -> str:
    """The title of an axis: a metric and its unit."""
    return with_unit(sketch, sketch.context.text(metric.label), axis_unit(sketch.context, metric))


def alt_text(sketch: Sketch) -> str:
    kind = words.KINDS[sketch.block.type.value].text(sketch.context.language)
    return f"{kind}{sketch.context.text(board_words.OF)}{chart_title(sketch)}"


def chart_note(sketch: Sketch, plot: Plot) -> Node:
    """Definition · time · n · as-of; then what the kind of chart has to add."""
    context = sketch.context
    parts: list[Node | str] = []
    if len(sketch.metrics) <= _DEFINED:
        parts += [_definition(sketch, m, alone=len(sketch.metrics) == 1) for m in sketch.metrics]
    parts.append(plot.window)
    if plot.n is not None:
        parts.append(joined(context.text(words.SAMPLE), if_(is_number(plot.n), plot.n, 0)))
    parts.append(joined(context.text(words.AS_OF), iso_date(Name(AS_OF))))
    parts += plot.remarks
    text: list[Node | str] = []
    for index, part in enumerate(parts):
        # What a remark has to say may be nothing today.
        live = index >= len(parts) - len(plot.remarks) and not isinstance(part, str)
        dotted = if_(op(part, "=", ""), "", joined(words.DOT, part)) if live else joined(words.DOT, part)
        text.append(part if index == 0 else dotted)
    ignored = ignored_note(context, sketch.board, sketch.block.metrics, sketch.block.ignores)
    return joined(*text, ignored, snapshot_note(context, plot.pairs))


def _definition(sketch: Sketch, metric: Metric, *, alone: bool) -> str:
    meaning = definition(sketch.context, metric.id)
    label = sketch.context.text(metric.label)
    if alone or meaning.startswith(label):
        return meaning
    return f"{label}{sketch.context.text(words.COLON)}{meaning}"


def cases(sketch: Sketch, metric: Metric, window: Window | None = None) -> Node | None:
    """How many rows a metric was computed over; None where that says nothing."""
    model = sketch.context.model
    match metric.type:
        case MetricType.SIMPLE if not metric.per_row:
            whole = window or board_windows(sketch.board).current
            slice_ = Slice(sketch.board, whole, sketch.block.ignores)
            return value(model, Part(metric.id, metric, PartKind.COUNT), slice_, lambda _: NA)
        case MetricType.RATIO:
            return cases(sketch, model.metric(metric.denominator), window)
        case _:
            return None


def left_out(sketch: Sketch, numbers: Grid) -> tuple[Node, ...]:
    """Of metrics that are not shown for few cases: that this is why something is missing, while it is."""
    found: list[Node] = []
    for metric in sketch.metrics:
        if not metric.min_n:
            continue
        if sketch.timed:
            missing = op(call("COUNT", numbers.values(metric.id)), "<", numbers.rows)
        else:
            every = numbers.every(metric.id)
            labels = Area(every.anchor, every.top, 0, every.bottom, 0)
            missing = op(call("COUNT", every), "<", call("COUNTIF", labels, "?*"))
        said = sketch.context.text(words.LEFT_OUT)
        said = said.format(what=sketch.context.text(metric.label), n=metric.min_n)
        found.append(if_(missing, said, ""))
    return tuple(found)


def no_target(sketch: Sketch, aims: Area) -> Node:
    """That there is no target, where a chart shows none."""
    return if_(op(call("COUNT", aims), "=", 0), sketch.context.text(words.NO_TARGET), "")


def window_text(sketch: Sketch) -> Node | str:
    """The board's window in words; of stocks, that they have none."""
    return board_windows(sketch.board).span


def rounded(number: Node, code: str) -> Node:
    return if_(is_number(number), call("TEXT", number, code), "–")
