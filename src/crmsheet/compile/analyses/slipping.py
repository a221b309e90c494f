"""Days that were promised and put off, by the change log: of whom, how often, by how much.

Knows its table. The statistic is `analysis.slips`.
"""

from __future__ import annotations

from typing import Final

from crmsheet.analysis.slips import slips
from crmsheet.compile import board_theme as theme
from crmsheet.compile.analyses import log_words, words
from crmsheet.compile.analyses.facts import EVERYWHERE, Facts
from crmsheet.compile.analyses.logged import Moved, moves, watched_since
from crmsheet.compile.analyses.panels import Found, Panel, Track
from crmsheet.compile.board_theme import with_format
from crmsheet.compile.number_formats import COUNT, SHARE
from crmsheet.compile.pieces import Context
from crmsheet.excel.dates import date_of
from crmsheet.excel.values import Value
from crmsheet.model.boards import AnalysisBlock
from crmsheet.model.changelog import audited_fields
from crmsheet.model.spec import Field, FieldType, Table

_ID: Final = "_id"
_NONE: Final = "–"


def promised(table: Table) -> tuple[Field, ...]:
    """The audited days of a table."""
    return tuple(f for f in audited_fields(table) if f.type is FieldType.DATE)


def slip_panel(context: Context, block: AnalysisBlock) -> Panel:
    metric = context.model.metric(block.metrics[0])
    field = promised(context.model.table(metric.table))[0]
    by = block.by[0] if block.by else None
    count = with_format(theme.ROW_FIGURE, COUNT)
    tracks = (
        Track(16, theme.ROW_LABEL),
        Track(6, count),
        Track(6, count),
        Track(6, with_format(theme.ROW_FIGURE, SHARE)),
        Track(6, count),
        Track(8, with_format(theme.ROW_FIGURE, context.text(log_words.DAYS_FORMAT))),
    )

    def found(facts: Facts) -> Found:
        logged = moves(facts, metric.table, field.id)
        groups = facts.labels(metric.table, by.path(metric.table)) if by is not None else None
        now = facts.rows.column(metric.table, field.id)
        starts = facts.starts(metric.id)
        promises: dict[str, list[list[float]]] = {EVERYWHERE: []}
        for row, id_ in enumerate(facts.rows.column(metric.table, _ID)):
            if starts[row] is None:
                continue
            days = _days(logged.get(str(id_), []), now[row])
            promises[EVERYWHERE].append(days)
            if groups is not None and groups[row]:
                promises.setdefault(groups[row], []).append(days)
        since = date_of(watched_since(facts)).isoformat()
        every = slips(promises[EVERYWHERE])
        method = words.DOT.join(
            (
                context.text(log_words.SLIPS_METHOD),
                context.text(log_words.LOGGED_SINCE).format(date=since),
                words.N.format(n=every.n),
            )
        )
        if not every.times:
            return Found(context.text(log_words.NOTHING_LOGGED).format(date=since), method)
        told = [(name, slips(promises[name])) for name in sorted(promises) if name != EVERYWHERE]
        told.sort(key=lambda pair: (-pair[1].later, pair[0]))
        told = [*told[: block.top], (context.text(words.ALL), every)]
        table: list[tuple[Value, ...]] = [
            (
                name,
                one.n,
                one.later,
                one.later / one.n if one.n else _NONE,
                one.times,
                _NONE if one.days.value is None else one.days.value,
            )
            for name, one in told
        ]
        typical = _NONE if every.days.value is None else f"{every.days.value:g}"
        said = context.text(log_words.SLIPS_SAID).format(n=every.n, later=every.later, days=typical)
        label = context.text(by.label) if by is not None else ""
        heads = (log_words.ROWS, log_words.LATER, log_words.LATER_SHARE, log_words.PUT_OFF, log_words.LATE_BY)
        return Found(said, method, (label, *map(context.text, heads)), tuple(table))

    title = context.text(log_words.SLIPS).format(field=context.text(field.label))
    return Panel(title, tracks, block.top + 1, found, total=context.text(words.ALL))


def _days(steps: list[Moved], now: Value) -> list[float]:
    """The days promised one after the other; what was blank is no promise."""
    values = [steps[0].old, *(step.new for step in steps)] if steps else [now]
    return [float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
