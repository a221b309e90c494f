"""Charts: native ones over the hidden tables.

Knows which kind of chart is made where, and how chart and note stand below each other. Does not know any kind
from inside (`charting`), nor chart XML.
"""

from __future__ import annotations

from typing import Final, assert_never

from crmsheet.compile import board_theme, theme
from crmsheet.compile.board_theme import GRID, GRID_PIXELS, GRID_WIDTH, ROW_PIXELS
from crmsheet.compile.charting import words
from crmsheet.compile.charting.plots import Plot, Sketch
from crmsheet.compile.charting.wording import alt_text, chart_note, chart_title
from crmsheet.compile.charting.zero import kept_in_order
from crmsheet.compile.faces import Face, face_anchor
from crmsheet.compile.grids import nothing_in
from crmsheet.compile.layout import Widget
from crmsheet.compile.live import missing_numbers, within_budget
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import both, if_
from crmsheet.formulas.tree import Call, Node, Text, walk
from crmsheet.model.boards import Board, ChartBlock, ChartType
from crmsheet.plan.charts import PlanChart
from crmsheet.structs import replace

_ROWS: Final = 13
_MIDDLE: Final = 5
_GUTTER: Final = 12
_NOTE_LINE: Final = 12.0
_NOTE_CHARACTER: Final = 0.82
"""The width of a small character in that of a usual one."""
_LONGEST_NOTE: Final = 4
_LIVE_WIDTH: Final = 12
"""About how wide what a formula says is."""


def chart_widget(context: Context, board: Board, block: ChartBlock, width: int) -> Widget:
    sketch = Sketch(context, board, block)
    plot = kept_in_order(sketch, _plot(sketch))
    anchor = face_anchor(board.id, block.id)
    face = Face(anchor, board.id, width)
    note = chart_note(sketch, plot)
    # Beside another chart a note ends where its own chart ends.
    told = width if width == GRID else width - 1
    face.put(_ROWS, 0, note, replace(board_theme.NOTE, wrap=True, vertical=theme.BODY.vertical), span=told)
    # A chart is transparent: what stands behind it is read where it draws nothing, at once in every program.
    face.put(_MIDDLE, width // 2, _nothing(context, plot), board_theme.UNDERNEATH)
    chart = PlanChart(
        anchor + ".chart",
        board.id,
        0,
        0,
        width * GRID_PIXELS - _GUTTER,
        _ROWS * ROW_PIXELS,
        plot.mark,
        plot.series,
        title=chart_title(sketch),
        alt_text=alt_text(sketch),
        values=plot.values,
        second=plot.second,
        across=plot.across,
        stacked=plot.stacked,
        share=plot.share,
        overlaid=plot.overlaid,
        legend=plot.legend,
        data_labels=plot.data_labels,
        gap=plot.gap,
        font=theme.FONTS[context.language],
    )
    first, findings = within_budget(context, board, block.id, plot.calc[0], plot.pairs)
    if block.by is not None:
        findings += missing_numbers(context, board, block.id, block.metrics, block.by)
    return Widget(
        width,
        _ROWS + 1,
        (face.placed(),),
        (chart,),
        heights={_ROWS: _NOTE_LINE * note_lines(note, told)},
        calc=(first, *plot.calc[1:]),
        findings=findings,
        fillings=plot.fillings,
    )


def _nothing(context: Context, plot: Plot) -> Node:
    """Words where a chart has no number but 0."""
    areas = dict.fromkeys(s.values for s in plot.series if not s.spacer)
    return if_(both(*map(nothing_in, areas)), context.text(words.NOTHING), "")


def _plot(sketch: Sketch) -> Plot:
    """The chart itself, made by its kind's module: a board shows few of the kinds."""
    if sketch.block.series is not None:
        from crmsheet.compile.charting.clusters import clusters

        return clusters(sketch)
    match sketch.block.type:
        case ChartType.LINE:
            from crmsheet.compile.charting.trends import line

            return line(sketch)
        case ChartType.COLUMN | ChartType.BAR | ChartType.DOUGHNUT:
            from crmsheet.compile.charting.comparisons import comparison

            return comparison(sketch)
        case ChartType.COMBO:
            from crmsheet.compile.charting.combos import combo

            return combo(sketch)
        case ChartType.SCATTER:
            from crmsheet.compile.charting.scatter import scatter

            return scatter(sketch)
        case ChartType.PARETO:
            from crmsheet.compile.charting.pareto import pareto

            return pareto(sketch)
        case ChartType.FUNNEL:
            from crmsheet.compile.charting.funnel import funnel

            return funnel(sketch)
        case ChartType.BULLET:
            from crmsheet.compile.charting.bullet import bullet

            return bullet(sketch)
        case ChartType.WATERFALL:
            from crmsheet.compile.charting.waterfall import waterfall

            return waterfall(sketch)
        case ChartType.CONTROL:
            from crmsheet.compile.charting.control import control

            return control(sketch)
        case ChartType.HISTORY:
            from crmsheet.compile.charting.recorded import recorded

            return recorded(sketch)
        case _:
            assert_never(sketch.block.type)


def note_lines(note: Node, width: int) -> int:
    """How many lines a note takes: its texts, and about as much for each thing that is computed."""
    fixed = sum(theme.text_width(n.value) for n in walk(note) if isinstance(n, Text))
    live = sum(_LIVE_WIDTH for n in walk(note) if isinstance(n, Call) and n.function == "TEXT")
    room = width * GRID_WIDTH / _NOTE_CHARACTER
    return max(2, min(_LONGEST_NOTE, -(-(fixed + live) // int(room))))
