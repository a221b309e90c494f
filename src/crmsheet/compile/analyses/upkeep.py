"""Timeliness: whether rows are kept up, by the change log.

Knows its table. Cannot know of changes to fields that are not audited, and says which are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import median
from typing import Final

from crmsheet.compile import board_theme as theme
from crmsheet.compile.analyses import log_words, words
from crmsheet.compile.analyses.facts import EVERYWHERE, Facts
from crmsheet.compile.analyses.logged import ROW_ID, watched_since
from crmsheet.compile.analyses.numbers import percent
from crmsheet.compile.analyses.panels import Found, Panel, Track
from crmsheet.compile.board_theme import with_format
from crmsheet.compile.number_formats import COUNT, SHARE
from crmsheet.compile.pieces import Context
from crmsheet.excel.dates import date_of
from crmsheet.excel.values import Value
from crmsheet.model.boards import AnalysisBlock
from crmsheet.model.changelog import audited_fields
from crmsheet.model.spec import Table

_MONTH: Final = 30.4375
_LEAST: Final = 3
_NONE: Final = "–"


def timeliness_panel(context: Context, block: AnalysisBlock) -> Panel:
    metric = context.model.metric(block.metrics[0])
    table = context.model.table(metric.table)
    by = block.by[0] if block.by else None
    within = round(block.last * _MONTH)
    count = with_format(theme.ROW_FIGURE, COUNT)
    tracks = (
        Track(16, theme.ROW_LABEL),
        Track(7, count),
        Track(9, count),
        Track(7, with_format(theme.ROW_FIGURE, SHARE)),
        Track(9, with_format(theme.ROW_FIGURE, context.text(log_words.DAYS_FORMAT))),
    )

    def found(facts: Facts) -> Found:
        since = watched_since(facts)
        date = date_of(since).isoformat()
        ages = _ages(facts, table, metric.id, since)
        groups = facts.labels(table.id, by.path(table.id)) if by is not None else [EVERYWHERE] * len(ages)
        known = [(group, age) for group, age in zip(groups, ages, strict=True) if age is not None]
        fields = context.text(words.AND).join(context.text(f.label) for f in audited_fields(table))
        method = words.DOT.join(
            (
                context.text(log_words.UPKEEP_METHOD).format(fields=fields),
                context.text(log_words.LOGGED_SINCE).format(date=date),
                words.N.format(n=len(known)),
            )
        )
        if not known or context.as_of - since < within:
            return Found(context.text(log_words.UPKEEP_EARLY).format(date=date, days=within), method)
        by_group: dict[str, list[float]] = defaultdict(list)
        for group, age in known:
            if group:
                by_group[group].append(age)
        every = [age for _, age in known]
        told = sorted(by_group.items(), key=lambda pair: (_updated(pair[1], within) / len(pair[1]), pair[0]))
        rows = [_row(name, held, within) for name, held in told[: block.top]]
        rows.append(_row(context.text(words.ALL), every, within))
        updated = _updated(every, within)
        said = context.text(log_words.UPKEEP_SAID).format(
            n=len(every), updated=updated, days=within, share=percent(updated / len(every))
        )
        heads = (
            context.text(by.label) if by is not None else "",
            context.text(log_words.ROWS),
            context.text(log_words.UPDATED).format(days=within),
            context.text(log_words.SHARE),
            context.text(log_words.AGE),
        )
        return Found(said, method, heads, tuple(rows))

    title = context.text(log_words.UPKEEP).format(table=context.text(table.label))
    return Panel(
        title, tracks, (block.top if by is not None else 0) + 1, found, total=context.text(words.ALL)
    )


def _ages(facts: Facts, table: Table, metric: str, since: int) -> list[float | None]:
    """Days since each row was changed last, at least those since watching began; None of rows that do not count."""
    last: dict[str, int] = {}
    for one in facts.context.changes:
        if one.table == table.id and one.field:
            last[one.row] = one.day
    now = facts.context.as_of
    starts = facts.starts(metric)
    ids = facts.rows.column(table.id, ROW_ID)
    return [
        None
        if start is None
        else max(0, now - max(last.get(str(id_), since - 1), start if start >= since else 0))
        for id_, start in zip(ids, starts, strict=True)
    ]


def _updated(ages: Sequence[float], within: int) -> int:
    return sum(age < within for age in ages)


def _row(name: str, ages: Sequence[float], within: int) -> tuple[Value, ...]:
    updated = _updated(ages, within)
    typical: Value = median(ages) if len(ages) >= _LEAST else _NONE
    return name, len(ages), updated, updated / len(ages), typical
