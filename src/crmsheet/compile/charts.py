"""Charts: native ones over the hidden tables.

Knows which areas a chart shows, its colours and titles. Does not know chart XML or how numbers are computed.
"""

from __future__ import annotations

from typing import Final

from crmsheet.compile import board_words as words
from crmsheet.compile import theme
from crmsheet.compile.board_theme import GRID_PIXELS, ROW_PIXELS
from crmsheet.compile.calc import calc_anchor
from crmsheet.compile.dimensions import values
from crmsheet.compile.faces import Face, face_anchor
from crmsheet.compile.grids import FIXED, Grid, GridRequest, grid
from crmsheet.compile.layout import Widget
from crmsheet.compile.live import missing_numbers, snapshot_note, within_budget
from crmsheet.compile.measures import ignored_note, scope_note
from crmsheet.compile.number_formats import Shown, metric_format, unit
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import joined
from crmsheet.formulas.tree import Area, Node, Spot
from crmsheet.model.boards import Board, ChartBlock, ChartType
from crmsheet.plan.charts import PlanChart, Series

_ROWS: Final = 13
_SLICES: Final = 6
_BARS: Final = 12
_GUTTER: Final = 12


def chart_widget(context: Context, board: Board, block: ChartBlock, width: int) -> Widget:
    request = GridRequest(
        calc_anchor(board.id, block.id),
        block.metrics,
        block.by,
        block.ignores,
        top=_top(context, board, block),
        last=block.last,
        positive=block.type is ChartType.DOUGHNUT,
    )
    numbers = grid(context, board, request)
    face = Face(face_anchor(board.id, block.id), board.id, width)
    face.note(_ROWS, joined(_note(context, board, block, numbers), snapshot_note(context, numbers.pairs)))
    face.rows = _ROWS + 1
    chart = PlanChart(
        face_anchor(board.id, block.id) + ".chart",
        board.id,
        0,
        0,
        width * GRID_PIXELS - _GUTTER,
        _ROWS * ROW_PIXELS,
        block.type,
        _series(context, block, numbers),
        title=chart_title(context, block),
        alt_text=_alt_text(context, block),
        number_format=metric_format(context, context.model.metric(block.metrics[0]), Shown.AXIS),
        stacked=block.stacked,
        legend=len(block.metrics) > 1 or numbers.target > 0 or block.type is ChartType.DOUGHNUT,
        data_labels=block.type in (ChartType.DOUGHNUT, ChartType.BAR),
        font=theme.FONTS[context.language],
    )
    calc, findings = within_budget(context, board, block.id, numbers.block, numbers.pairs)
    findings += missing_numbers(context, board, block.id, block.metrics, block.by)
    return Widget(width, _ROWS + 1, (face.placed(),), (chart,), calc=(calc,), findings=findings)


def _top(context: Context, board: Board, block: ChartBlock) -> int | None:
    """How many values are shown; a ranking when there would be too many slices or bars."""
    if block.by.grain is not None or block.top is not None:
        return block.top
    most = _SLICES - 1 if block.type is ChartType.DOUGHNUT else _BARS
    built = context.sizes.get(calc_anchor(board.id, block.id), (0, 0))[0]
    if built:
        # As it was built, whatever the number of values is by now: only a ranking is as high as this.
        return most if built > 2 * most + FIXED else None
    return most if values(context, block.by).known > most else None


def _series(context: Context, block: ChartBlock, numbers: Grid) -> tuple[Series, ...]:
    last = numbers.bottom if block.by.grain is not None else numbers.other
    found: list[Series] = []
    for index, metric_id in enumerate(block.metrics):
        metric = context.model.metric(metric_id)
        colour = theme.CATEGORICAL[index % len(theme.CATEGORICAL)]
        points: tuple[str, ...] = ()
        if block.type is ChartType.DOUGHNUT:
            points = (
                *(theme.CATEGORICAL[i % len(theme.CATEGORICAL)] for i in range(numbers.rows)),
                theme.OTHER,
            )
        elif block.by.grain is None and len(block.metrics) == 1:
            points = (*([colour] * numbers.rows), theme.OTHER)
        found.append(
            Series(
                numbers.head(metric_id),
                numbers.labels(last),
                numbers.values(metric_id, last),
                colour,
                point_colors=points,
                number_format=label_format(metric_format(context, metric, Shown.AXIS)),
            )
        )
    if numbers.target > 0:
        column = numbers.target
        aims = Area(numbers.block.anchor, numbers.top, column, numbers.bottom, column)
        head = Spot(numbers.block.anchor, numbers.top - 1, column)
        found.append(Series(head, numbers.labels(), aims, theme.MUTED, dashed=True))
    return tuple(found)


def chart_title(context: Context, block: ChartBlock) -> str:
    """The chart's own title, else what it shows by what; the unit behind it."""
    metrics = [context.model.metric(m) for m in block.metrics]
    if block.title is not None:
        text = context.text(block.title)
    else:
        names = context.text(words.SEPARATOR).join(context.text(m.label) for m in metrics)
        text = f"{names} · {context.text(block.by.label)}"
    units = {_axis_unit(context, m.id) for m in metrics} - {""}
    if len(units) == 1 and block.type is not ChartType.DOUGHNUT:
        text += f" ({units.pop()})" if context.language.value == "en" else f"（{units.pop()}）"
    return text


def label_format(code: str) -> str:
    """A format for labels beside bars: nothing where there is nothing."""
    return code if ";" in code else f"{code};-{code};"


def _axis_unit(context: Context, metric_id: str) -> str:
    """The unit in which the axis counts."""
    metric = context.model.metric(metric_id)
    name = unit(context, metric)
    code = metric_format(context, metric, Shown.AXIS)
    if name and "万" in code:
        return "万" + name
    return "thousand " + name if name and '"K"' in code else name


def _note(context: Context, board: Board, block: ChartBlock, numbers: Grid) -> Node | str:
    if block.by.grain is None:
        return scope_note(context, board, block.metrics, block.ignores)
    first = Spot(numbers.block.anchor, numbers.top, 0)
    last = Spot(numbers.block.anchor, numbers.bottom, 0)
    return joined(first, " – ", last, ignored_note(context, board, block.metrics, block.ignores))


def _alt_text(context: Context, block: ChartBlock) -> str:
    kind = words.CHARTS[block.type.value].text(context.language)
    return f"{kind}{context.text(words.OF)}{chart_title(context, block)}"
