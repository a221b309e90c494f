"""How long deals stay in each stage and where they go from there, by the change log.

Knows its table. The statistic is `analysis.stages`.
"""

from __future__ import annotations

from typing import Final

from crmsheet.analysis.gates import Gate
from crmsheet.analysis.stages import Path, courses
from crmsheet.compile import board_theme as theme
from crmsheet.compile.analyses import words
from crmsheet.compile.analyses.facts import Facts
from crmsheet.compile.analyses.logged import moves, watched_since
from crmsheet.compile.analyses.panels import Found, Panel, Track
from crmsheet.compile.board_theme import with_format
from crmsheet.compile.number_formats import COUNT, SHARE
from crmsheet.compile.pieces import Context
from crmsheet.excel.dates import date_of
from crmsheet.excel.values import Value
from crmsheet.model.boards import AnalysisBlock
from crmsheet.model.changelog import ITEM

_SPARE: Final = 2
"""Rows for stages that people add."""
_ID: Final = "_id"
_KIND: Final = "kind"
_LOST: Final = "lost"
_NONE: Final = "–"


def stages_panel(context: Context, block: AnalysisBlock) -> Panel:
    metric = context.model.metric(block.metrics[0])
    by = block.by[0]
    field = context.model.table(metric.table).field(by.path(metric.table))
    count = with_format(theme.ROW_FIGURE, COUNT)
    days = with_format(theme.ROW_FIGURE, context.text(words.DAYS_FORMAT))
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
        items = {row.label: row.id for row in rows}
        lost = [row.id for row in rows if row.attributes.get(_KIND) == _LOST]
        logged = moves(facts, metric.table, field.id)
        starts = facts.starts(metric.id)
        now = facts.rows.column(metric.table, field.id)
        paths = []
        for row, id_ in enumerate(facts.rows.column(metric.table, _ID)):
            began = starts[row]
            if began is None:
                continue
            steps = logged.get(str(id_), [])
            first = steps[0].old if steps else items.get(str(now[row]), "")
            if steps and steps[0].old in (None, ""):
                first, steps = steps[0].new, steps[1:]
            paths.append(Path(began, _stage(first), tuple((s.day, _stage(s.new)) for s in steps)))
        since = watched_since(facts)
        told = courses(paths, [row.id for row in rows], since, lost)
        number = sum(len(path.moves) for path in paths)
        method = words.DOT.join(
            (
                context.text(words.STAGES_METHOD),
                context.text(words.LOGGED_SINCE).format(date=date_of(since).isoformat()),
                words.N.format(n=number),
            )
        )
        if not number:
            return Found(context.text(words.NOTHING_LOGGED).format(date=date_of(since).isoformat()), method)
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
        said = context.text(words.STAGES_FEW)
        if slow:
            slowest = max(slow, key=lambda one: one.days.value or 0)
            said = context.text(words.STAGES_SAID).format(
                stage=labels[slowest.stage], days=f"{slowest.days.value:g}", n=slowest.days.n
            )
        heads = (words.STAGE, words.IN_IT, words.DAYS_IN_IT, words.STAYS, words.LEFT_IT, words.WENT_ON)
        return Found(said, method, tuple(map(context.text, heads)), tuple(table))

    title = context.text(words.STAGES).format(field=context.text(field.label))
    room = len(context.model.list(field.list).items) + _SPARE
    return Panel(title, tracks, room, found)


def _stage(value: Value) -> str:
    """An item's id, of a token or by itself."""
    return str(value or "").removeprefix(ITEM)
