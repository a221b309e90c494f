"""How long deals stay in each stage and where they go from there, by the change log.

Knows its table. The statistic is `analysis.stages`.
"""

from __future__ import annotations

from typing import Final

from crmsheet.analysis.gates import Gate
from crmsheet.analysis.stages import courses
from crmsheet.compile import board_theme as theme
from crmsheet.compile.analyses import log_words, words
from crmsheet.compile.analyses.facts import Facts
from crmsheet.compile.analyses.logged import LOST, ends, stage_paths, watched_since
from crmsheet.compile.analyses.panels import Found, Panel, Track
from crmsheet.compile.board_theme import with_format
from crmsheet.compile.number_formats import COUNT, SHARE
from crmsheet.compile.pieces import Context
from crmsheet.excel.dates import date_of
from crmsheet.excel.values import Value
from crmsheet.model.boards import AnalysisBlock

_SPARE: Final = 2
"""Rows for stages that people add."""
_NONE: Final = "–"


def stages_panel(context: Context, block: AnalysisBlock) -> Panel:
    metric = context.model.metric(block.metrics[0])
    by = block.by[0]
    field = context.model.table(metric.table).field(by.path(metric.table))
    count = with_format(theme.ROW_FIGURE, COUNT)
    days = with_format(theme.ROW_FIGURE, context.text(log_words.DAYS_FORMAT))
    tracks = (
        Track(14, theme.ROW_LABEL),
        Track(6, count),
        Track(8, days),
        Track(6, count),
        Track(6, count),
        Track(8, with_format(theme.ROW_FIGURE, SHARE)),
    )

    def found(facts: Facts) -> Found:
        rows = context.state.lists.get(field.list, ())
        lost = ends(rows, LOST)
        paths = stage_paths(facts, metric, field)
        since = watched_since(facts)
        told = courses(paths, [row.id for row in rows], since, lost)
        number = sum(len(path.moves) for path in paths)
        method = words.DOT.join(
            (
                context.text(log_words.STAGES_METHOD),
                context.text(log_words.LOGGED_SINCE).format(date=date_of(since).isoformat()),
                words.N.format(n=number),
            )
        )
        if not number:
            return Found(
                context.text(log_words.NOTHING_LOGGED).format(date=date_of(since).isoformat()), method
            )
        labels = {row.id: row.label for row in rows}
        table: list[tuple[Value, ...]] = [
            (
                labels[one.stage],
                one.present,
                _NONE if one.days.value is None else one.days.value,
                one.days.n,
                one.left,
                _NONE if one.onward.value is None else one.onward.value,
            )
            for one in told
        ]
        slow = [one for one in told if one.days.value is not None and one.days.gate is not Gate.SMALL_N]
        said = context.text(log_words.STAGES_FEW)
        if slow:
            slowest = max(slow, key=lambda one: one.days.value or 0)
            said = context.text(log_words.STAGES_SAID).format(
                stage=labels[slowest.stage], days=f"{slowest.days.value:g}", n=slowest.days.n
            )
        heads = (
            log_words.STAGE,
            log_words.IN_IT,
            log_words.DAYS_IN_IT,
            log_words.STAYS,
            log_words.LEFT_IT,
            log_words.WENT_ON,
        )
        return Found(said, method, tuple(map(context.text, heads)), tuple(table))

    title = context.text(log_words.STAGES).format(field=context.text(field.label))
    room = len(context.model.list(field.list).items) + _SPARE
    return Panel(title, tracks, room, found)
