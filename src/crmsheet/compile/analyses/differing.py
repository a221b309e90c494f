"""What changed since the date that was remembered last: figures, and rows that were added, deleted or altered.

Knows history and the change log. Does not know why anything changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from crmsheet.compile import board_theme as theme
from crmsheet.compile.analyses import change_words as said
from crmsheet.compile.analyses import words
from crmsheet.compile.analyses.facts import Facts, month_of
from crmsheet.compile.analyses.logged import since, watched_since
from crmsheet.compile.analyses.numbers import amount, change, signed
from crmsheet.compile.analyses.panels import Found, Panel, Track
from crmsheet.compile.frame import sheet_name
from crmsheet.compile.ledgers import CHANGES, FIGURES, token_text
from crmsheet.compile.pieces import Context
from crmsheet.compile.reckoning import window_text
from crmsheet.excel.dates import date_of
from crmsheet.excel.values import Value
from crmsheet.model.boards import AnalysisBlock
from crmsheet.model.changelog import Change, audited_fields
from crmsheet.model.history import Point, SeriesKey
from crmsheet.model.metrics import Metric
from crmsheet.model.spec import Field, FieldType, Table
from crmsheet.structs import dataclass

_TRACKS: Final = (
    Track(18, theme.ROW_LABEL),
    Track(6, theme.ROW_FIGURE),
    Track(6, theme.ROW_FIGURE),
    Track(6, theme.ROW_FIGURE),
    Track(12, theme.ROW_SMALL),
)
_NAMED: Final = 3
_DASH: Final = "–"
_ID: Final = "_id"
_CHOICES: Final = (FieldType.CHOICE, FieldType.BOOLEAN, FieldType.REFERENCE)


def changes_panel(context: Context, block: AnalysisBlock) -> Panel:
    def found(facts: Facts) -> Found:
        return changes_found(facts, block.metrics)

    return Panel(context.text(said.CHANGES), _TRACKS, block.top, found)


def changes_found(facts: Facts, metrics: Iterable[str]) -> Found:
    """What differs from the last date before the as-of day; figures first, then rows by table."""
    context = facts.context
    before = _before(facts)
    if not before:
        return Found(context.text(said.FIRST), _method(context, context.as_of))
    figures = [row for m in metrics if (row := _figure(facts, context.model.metric(m), before)) is not None]
    rows = _rows(facts, before)
    counts = {"added": 0, "gone": 0, "edited": 0}
    for one in rows:
        counts[one.kind] += one.n
    text = context.text(said.SAID).format(date=date_of(before).isoformat(), figures=len(figures), **counts)
    table = (*figures, *(_shown(context, one) for one in rows))
    heads = (said.WHAT, said.BEFORE, said.NOW, said.CHANGED, said.WHICH)
    return Found(text, _method(context, before), tuple(map(context.text, heads)) if table else (), table)


def _before(facts: Facts) -> int:
    """The last date remembered before the as-of day; of the log alone the day before what it found last; 0 for none."""
    context = facts.context
    days = {day for one in facts.rows.history.series.values() for day in one.points}
    if context.model.history is None:
        days = {watched_since(facts), *(one.day for one in context.changes)}
    return max((day for day in days if day < context.as_of), default=0)


def _method(context: Context, before: int) -> str:
    rules = context.model.history
    labels = {(True, True): said.METHOD, (True, False): said.FIGURES_ONLY}
    label = labels.get((rules is not None, context.model.audits), said.ROWS_ONLY)
    text = context.text(label).format(history=sheet_name(context, FIGURES), log=sheet_name(context, CHANGES))
    window = window_text(context, rules) if rules is not None else ""
    if not window or rules is None:
        return text
    anew = rules.period == "this_month" and month_of(before) != month_of(context.as_of)
    return words.DOT.join((text, window.lower())) + (context.text(said.ANEW) if anew else "")


def _figure(facts: Facts, metric: Metric, before: int) -> tuple[Value, ...] | None:
    """A figure that is not as it was; None of others."""
    context = facts.context
    series = facts.rows.history.series.get(SeriesKey(metric.id))
    if series is None:
        return None
    old, new = series.points.get(before), series.points.get(context.as_of)
    if old is None or new is None or old.same(new) or (old.value is None and new.value is None):
        return None
    moved = ""
    if old.value is not None and new.value is not None:
        moved = change(context, metric, old.value, new.value) or signed(
            context, metric, new.value - old.value
        )
    sample = "" if new.n is None else words.N.format(n=f"{new.n:,}")
    return (
        context.text(metric.label),
        _value(context, metric, old),
        _value(context, metric, new),
        moved,
        sample,
    )


def _value(context: Context, metric: Metric, point: Point) -> str:
    return _DASH if point.value is None else amount(context, metric, point.value)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of which the same can be told: added, gone, edited; how many, and what some are called."""

    kind: str
    what: str
    n: int
    names: tuple[str, ...]


def _rows(facts: Facts, before: int) -> list[_Rows]:
    """What the log says of the days after a date, table by table; altered cells as they were first and are last."""
    context = facts.context
    log = since(facts, before)
    found: list[_Rows] = []
    for table in context.model.tables:
        own = [one for one in log if one.table == table.id]
        if own:
            found += _of_table(facts, table, own)
    order = ("added", "gone", "edited")
    return sorted(found, key=lambda one: (order.index(one.kind), -one.n))


def _of_table(facts: Facts, table: Table, log: list[Change]) -> list[_Rows]:
    context = facts.context
    label = context.text(table.label)
    present = {str(v) for v in facts.rows.column(table.id, _ID)}
    by_row: dict[str, list[Change]] = defaultdict(list)
    for one in log:
        by_row[one.row].append(one)
    gone = [steps[-1].key for steps in by_row.values() if not steps[-1].field]
    fresh = _fresh(facts, table, by_row)
    fields = {f.id: f for f in audited_fields(table)}
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row, steps in by_row.items():
        if row in fresh or row not in present:
            continue
        ends: dict[str, tuple[str, str]] = {}
        for step in steps:
            ends[step.field] = (ends.get(step.field, (step.old,))[0], step.new)
        for field, (old, new) in ends.items():
            if field in fields and old != new:
                told = (old, new) if fields[field].type in _CHOICES else ("", "")
                groups[field, *told].append(steps[-1].key)
    parts = [("added", said.ADDED, [by_row[row][-1].key for row in fresh]), ("gone", said.GONE, gone)]
    found = [
        _Rows(kind, context.text(words_).format(table=label), len(n), tuple(n))
        for kind, words_, n in parts
        if n
    ]
    for (field, old, new), names in groups.items():
        found.append(
            _Rows("edited", _moved(context, label, fields[field], old, new), len(names), tuple(names))
        )
    return found


def _fresh(facts: Facts, table: Table, by_row: dict[str, list[Change]]) -> list[str]:
    """The rows that were added: all that they hold in audited fields was filled in at once, from nothing."""
    columns = {f.id: facts.rows.column(table.id, f.id) for f in audited_fields(table)}
    at = {str(id_): row for row, id_ in enumerate(facts.rows.column(table.id, _ID))}
    found = []
    for row, steps in by_row.items():
        first = [one for one in steps if one.day == steps[0].day]
        if row not in at or any(one.old for one in first):
            continue
        filled = {field for field, cells in columns.items() if cells[at[row]] not in (None, "")}
        if filled <= {one.field for one in steps}:
            found.append(row)
    return found


def _moved(context: Context, table: str, field: Field, old: str, new: str) -> str:
    names = {"table": table, "field": context.text(field.label)}
    if not old and not new:
        return context.text(said.EDITED).format(**names)
    texts = [str(token_text(context, field, token) or context.text(said.BLANK)) for token in (old, new)]
    return context.text(said.MOVED).format(old=texts[0], new=texts[1], **names)


def _shown(context: Context, one: _Rows) -> tuple[Value, ...]:
    names = context.text(words.AND).join(filter(None, one.names[:_NAMED]))
    if len(one.names) > _NAMED:
        names += context.text(said.MORE)
    rows = context.text(said.ONE_ROW if one.n == 1 else said.ROWS).format(n=f"{one.n:,}")
    return one.what, "", "", rows, names
