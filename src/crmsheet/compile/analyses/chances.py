"""Calibrated chances: of the things that reached a stage, how many were won, beside the chance that the list assumes.

Knows its table. The statistics are `analysis.conversion`, `analysis.calibration` and `analysis.proportions`.
"""

from __future__ import annotations

from typing import Final

from crmsheet.analysis.calibration import PRIOR_DEALS, RELIABLE, chance
from crmsheet.analysis.conversion import LEAST, closings
from crmsheet.analysis.proportions import share
from crmsheet.compile import board_theme as theme
from crmsheet.compile.analyses import log_words, words
from crmsheet.compile.analyses.facts import Facts
from crmsheet.compile.analyses.logged import LOST, WON, ends, stage_paths, watched_since
from crmsheet.compile.analyses.numbers import percent
from crmsheet.compile.analyses.panels import Found, Panel, Track
from crmsheet.compile.board_theme import with_format
from crmsheet.compile.number_formats import COUNT, SHARE
from crmsheet.compile.pieces import Context
from crmsheet.excel.dates import date_of
from crmsheet.excel.values import Value
from crmsheet.model.boards import AnalysisBlock
from crmsheet.model.words import Label

PROBABILITY: Final = "probability"
_SPARE: Final = 2
_NONE: Final = "–"


def chances_panel(context: Context, block: AnalysisBlock) -> Panel:
    metric = context.model.metric(block.metrics[0])
    field = context.model.table(metric.table).field(block.by[0].path(metric.table))
    rate = with_format(theme.ROW_FIGURE, SHARE)
    count = with_format(theme.ROW_FIGURE, COUNT)
    tracks = (
        Track(12, theme.ROW_LABEL),
        Track(6, rate),
        Track(5, count),
        Track(5, count),
        Track(5, rate),
        Track(6, rate),
        Track(9, theme.ROW_SMALL),
    )

    def found(facts: Facts) -> Found:
        rows = context.state.lists.get(field.list, ())
        since = date_of(watched_since(facts)).isoformat()
        paths = stage_paths(facts, metric, field)
        told = closings(paths, [row.id for row in rows], ends(rows, WON), ends(rows, LOST))
        labels = {row.id: row.label for row in rows}
        assumed = {row.id: _number(row.attributes.get(PROBABILITY)) for row in rows}
        n = max((one.won + one.lost for one in told), default=0)
        method = words.DOT.join(
            (
                context.text(log_words.CHANCES_METHOD).format(prior=PRIOR_DEALS),
                context.text(log_words.LOGGED_SINCE).format(date=since),
                words.N.format(n=n),
            )
        )
        table: list[tuple[Value, ...]] = []
        off: list[tuple[float, str]] = []
        for one in told:
            known = assumed[one.stage]
            if known is None:
                continue
            result = chance(one.won, one.lost, known)
            closed = one.won + one.lost
            table.append(
                (
                    labels[one.stage],
                    known,
                    closed,
                    one.won,
                    _NONE if result.seen is None or closed < LEAST else result.seen,
                    result.value if closed >= LEAST else _NONE,
                    context.text(_reading(one.won, closed, known)).format(least=RELIABLE),
                )
            )
            if closed >= RELIABLE and result.seen is not None:
                said = context.text(log_words.CHANCES_SAID).format(
                    n=n,
                    of=closed,
                    stage=labels[one.stage],
                    assumed=percent(known),
                    seen=percent(result.seen),
                    suggested=percent(result.value),
                )
                off.append((abs(result.value - known), said))
        if not n:
            return Found(context.text(log_words.NOTHING_LOGGED).format(date=since), method)
        text = max(off)[1] if off else context.text(log_words.CHANCES_FEW).format(n=n, least=RELIABLE)
        heads = (
            log_words.STAGE,
            log_words.ASSUMED,
            log_words.ENDED,
            log_words.WON,
            log_words.SEEN,
            log_words.SUGGESTED,
            log_words.READING,
        )
        return Found(text, method, tuple(map(context.text, heads)), tuple(table))

    title = context.text(log_words.CHANCES).format(field=context.text(field.label))
    return Panel(title, tracks, len(context.model.list(field.list).items) + _SPARE, found)


def _reading(won: int, closed: int, assumed: float) -> Label:
    """Whether the assumed chance lies within the 95 % limits of the share seen."""
    if closed < RELIABLE:
        return log_words.TOO_FEW_CLOSED
    seen = share(won, closed)
    if seen.low is None or seen.high is None or seen.low <= assumed <= seen.high:
        return log_words.AS_ASSUMED
    return log_words.LOWER if seen.high < assumed else log_words.HIGHER


def _number(value: Value) -> float | None:
    return (
        float(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
        else None
    )
