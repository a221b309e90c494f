"""Conversion by cohort: of those that began in a month, how many reached each stage.

Knows its table. The statistic is `analysis.conversion`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from crmsheet.analysis.conversion import LEAST, Course, course
from crmsheet.analysis.stages import Path
from crmsheet.compile import board_theme as theme
from crmsheet.compile.analyses import log_words, words
from crmsheet.compile.analyses.facts import Facts, month_label, month_of
from crmsheet.compile.analyses.logged import LOST, WON, ends, stage_paths, watched_since
from crmsheet.compile.analyses.numbers import percent
from crmsheet.compile.analyses.panels import FIRST, IMMATURE, Found, Panel, Track
from crmsheet.compile.board_theme import with_format
from crmsheet.compile.faces import Face
from crmsheet.compile.number_formats import COUNT
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import op
from crmsheet.excel.dates import date_of
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Spot
from crmsheet.model.boards import AnalysisBlock
from crmsheet.model.metrics import Metric
from crmsheet.model.spec import Field, ListItem
from crmsheet.plan.cells import CellHighlight

_LABEL: Final = 8
_SIZE: Final = 5
_ROOM: Final = 30
MOST: Final = 7
"""Stages that there is room for; of more the last ones."""
_IMMATURE: Final = 0.2
_NONE: Final = "–"
_KIND: Final = "kind"


def conversion_panel(context: Context, block: AnalysisBlock) -> Panel:
    metric = context.model.metric(block.metrics[0])
    field = context.model.table(metric.table).field(block.by[0].path(metric.table))
    stages = _stages(context, field)
    count = with_format(theme.ROW_FIGURE, COUNT)
    span = _ROOM // max(1, len(stages))
    tracks = (
        Track(_LABEL, theme.ROW_LABEL),
        Track(_SIZE, count),
        *[Track(span, with_format(theme.ROW_CENTER, "0%"))] * len(stages),
        Track(_SIZE, count),
    )

    def found(facts: Facts) -> Found:
        return _found(facts, block, metric, field, stages)

    def marks(face: Face) -> None:
        left = _LABEL + _SIZE
        right = left + span * len(stages)
        late = op(op(Spot(face.anchor, FIRST, right), "/", Spot(face.anchor, FIRST, _LABEL)), ">", _IMMATURE)
        face.highlights.append(
            CellHighlight(FIRST, left, FIRST + block.last, right, late, IMMATURE, by_row=True)
        )

    title = context.text(log_words.CONVERSION).format(field=context.text(field.label))
    return Panel(title, tracks, block.last + 1, found, marks, context.text(words.TOTAL))


def _stages(context: Context, field: Field) -> list[ListItem]:
    """The stages that stand in columns: those after the first that are no loss."""
    items = [i for i in context.model.list(field.list).items if i.attribute(_KIND) != LOST]
    return items[1:][-MOST:]


def _found(facts: Facts, block: AnalysisBlock, metric: Metric, field: Field, stages: list[ListItem]) -> Found:
    context = facts.context
    rows = context.state.lists.get(field.list, ())
    order, won, lost = [row.id for row in rows], ends(rows, WON), ends(rows, LOST)
    since = watched_since(facts)
    last = month_of(context.as_of)
    by_month: dict[int, list[Path]] = defaultdict(list)
    for path in stage_paths(facts, metric, field):
        # What began before anybody watched may have been further than is known.
        if path.began >= since and last - block.last < month_of(path.began):
            by_month[month_of(path.began)].append(path)
    together = [path for month in sorted(by_month) for path in by_month[month]]
    first = f"{month_label(last - block.last + 1)}-01"
    watched = date_of(since).isoformat()
    date = max(watched, first)
    method = words.DOT.join(
        (
            context.text(log_words.CONVERSION_METHOD).format(least=LEAST),
            context.text(log_words.LOGGED_SINCE).format(date=watched),
            words.N.format(n=len(together)),
        )
    )
    if len(together) < LEAST:
        said = context.text(log_words.CONVERSION_FEW).format(date=date, n=len(together), least=LEAST)
        return Found(said, method)
    places = [stage for stage in order if stage not in lost]
    told = [(month_label(month), course(by_month[month], order, won, lost)) for month in sorted(by_month)]
    every = course(together, order, won, lost)
    labels = {row.id: row.label for row in rows}
    shown = [stage.id for stage in stages if stage.id in places]
    table = [_row(label, one, places, shown) for label, one in [*told, (context.text(words.TOTAL), every)]]
    final = every.reached[places.index(shown[-1])].value if shown else None
    said = context.text(log_words.CONVERSION_SAID).format(
        date=date,
        n=every.n,
        share=percent(final),
        stage=labels.get(shown[-1], "") if shown else "",
        open=every.open,
    )
    heads = (log_words.BEGAN, log_words.SIZE)
    names = [labels.get(stage.id, context.text(stage.label)) for stage in stages]
    return Found(
        said, method, (*map(context.text, heads), *names, context.text(log_words.OPEN)), tuple(table)
    )


def _row(label: str, one: Course, places: list[str], shown: list[str]) -> tuple[Value, ...]:
    shares = [one.reached[places.index(stage)].value for stage in shown]
    return label, one.n, *(_NONE if value is None else value for value in shares), one.open
