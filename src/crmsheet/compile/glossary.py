"""The KPI glossary: every figure a board shows, with what it tells, how it is computed, its edges and its source.

Knows the columns of the sheet, and where each figure is shown: a row leads to the blocks that show it, and
these lead back to the row (`symbols.glossary_anchor`). Does not know how figures are computed (`inwords` says it).
"""

from __future__ import annotations

from typing import Final

from crmsheet.compile import theme
from crmsheet.compile.bands import metric_ids
from crmsheet.compile.faces import face_anchor
from crmsheet.compile.frame import Link, footer, sheet_name, title_rows, top_block
from crmsheet.compile.inwords import metric_text, unit_text
from crmsheet.compile.pieces import Context, Pieces
from crmsheet.compile.scope import Scope
from crmsheet.compile.symbols import glossary_anchor
from crmsheet.model.metrics import Good, Metric
from crmsheet.model.spec import Model
from crmsheet.model.words import Label
from crmsheet.plan.book import ColumnWidth, PlanSheet, PrintSetup, RowHeight, SheetKind
from crmsheet.plan.cells import Block, PlanCell
from crmsheet.plan.looks import Style
from crmsheet.structs import replace

SHEET: Final = "glossary"
_HEAD: Final = "glossary.head"
_COLUMNS: Final = (
    ("guide_metric", 20.0),
    ("glossary_tells", 24.0),
    ("guide_definition", 34.0),
    ("guide_formula", 38.0),
    ("glossary_edge", 34.0),
    ("guide_unit", 8.0),
    ("glossary_good", 9.0),
    ("guide_min_n", 11.0),
    ("glossary_source", 20.0),
)
_PLACES: Final = 3
"""Columns for the boards that show a figure."""
_PLACE_WIDTH: Final = 20.0
_MARGIN: Final = 0.6
_FIRST_ROW: Final = 3
_LINE: Final = 15.5
_NAME: Final = replace(theme.TABLE_CELL, bold=True)
_LINKED: Final = replace(theme.TABLE_CELL, color=theme.LINK_COLOR, underline=True)


def shown_metrics(model: Model) -> tuple[Metric, ...]:
    """The metrics that boards show, in the order of the spec."""
    shown = {m for board in model.boards for block in board.blocks for m in metric_ids(block)}
    return tuple(metric for metric in model.metrics if metric.id in shown)


def compiled_glossary(scope: Scope, links: tuple[Link, ...]) -> Pieces:
    """The sheet; nothing when no board shows a figure."""
    context = scope.context
    metrics = shown_metrics(context.model)
    if not metrics:
        return Pieces()
    widths = [_MARGIN, *(width for _, width in _COLUMNS), *([_PLACE_WIDTH] * _PLACES)]
    columns = tuple(ColumnWidth(i, i, width) for i, width in enumerate(widths))
    blocks = [_head(scope)]
    heights = [RowHeight(_FIRST_ROW, _FIRST_ROW, 34.0)]
    for index, metric in enumerate(metrics):
        row = _FIRST_ROW + 1 + index
        block, lines = _row(scope, metric, row)
        blocks.append(block)
        heights.append(RowHeight(row, row, max(1, lines) * _LINE + 4))
    name = sheet_name(context, SHEET)
    sheet = PlanSheet(
        SHEET,
        name,
        SheetKind.GLOSSARY,
        tab_color=theme.TAB_COLORS[SheetKind.GLOSSARY],
        freeze_row=_FIRST_ROW + 1,
        freeze_column=2,
        widths=columns,
        heights=(*title_rows(), *heights),
        gridlines=False,
        print_setup=PrintSetup(
            landscape=True, repeat_first=_FIRST_ROW, repeat_last=_FIRST_ROW, footer=footer(context)
        ),
    )
    top = top_block(SHEET, name, scope.say("glossary_hint"), columns, links)
    return Pieces(sheets=(sheet,), blocks=(top, *blocks))


def _head(scope: Scope) -> Block:
    texts = [scope.say(key) for key, _ in _COLUMNS]
    texts += [scope.say("glossary_shown"), *([""] * (_PLACES - 1))]
    cells = tuple(PlanCell(0, 1 + i, text or None, style=theme.TABLE_HEAD) for i, text in enumerate(texts))
    return Block(_HEAD, SHEET, _FIRST_ROW, 0, 1, 1 + len(texts), cells)


def _row(scope: Scope, metric: Metric, row: int) -> tuple[Block, int]:
    """A figure's row, and how many lines it takes."""
    texts = _texts(scope, metric)
    cells = [
        PlanCell(0, 1 + i, text or None, style=_NAME if i == 0 else theme.TABLE_CELL)
        for i, text in enumerate(texts)
    ]
    lines = max(
        theme.wrapped_lines(text, width - theme.INDENT)
        for text, (_, width) in zip(texts, _COLUMNS, strict=True)
    )
    first = 1 + len(_COLUMNS)
    places = _places(scope.context, metric.id)
    for i in range(_PLACES):
        text, anchor = places[i] if i < len(places) else ("", "")
        style: Style = _LINKED if anchor else theme.TABLE_CELL
        cells.append(PlanCell(0, first + i, text or None, style=style, link=anchor))
        lines = max(lines, theme.wrapped_lines(text, _PLACE_WIDTH - theme.INDENT))
    anchor = glossary_anchor(metric.id)
    return Block(anchor, SHEET, row, 0, 1, first + _PLACES, tuple(cells)), lines


def _texts(scope: Scope, metric: Metric) -> tuple[str, ...]:
    def said(label: Label | None) -> str:
        return "" if label is None else scope.context.text(label)

    tells, defined = metric.description, metric.definition
    if defined is None:
        # One text alone says what the figure is.
        tells, defined = None, metric.description
    good = {Good.UP: "good_up", Good.DOWN: "good_down", Good.NONE: "good_none"}[metric.good]
    definition = said(defined)
    if metric.target is not None:
        target = scope.say("has_target", table=sheet_name(scope.context, metric.target.table))
        definition += ("\n" if definition else "") + target
    return (
        said(metric.label),
        said(tells),
        definition,
        metric_text(scope, metric),
        said(metric.edge),
        unit_text(scope, metric),
        scope.say(good),
        str(metric.min_n) if metric.min_n else "",
        said(metric.source),
    )


def _places(context: Context, metric: str) -> tuple[tuple[str, str], ...]:
    """The boards that show a figure, each with the first block that does."""
    found = []
    for board in context.model.boards:
        block = next((b for b in board.blocks if metric in metric_ids(b)), None)
        if block is not None:
            found.append((f"→ {sheet_name(context, board.id)}", face_anchor(board.id, block.id)))
    return tuple(found)
