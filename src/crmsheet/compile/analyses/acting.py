"""Actions and what came after: the figure an action is about, before and after its start.

Knows its table, and which figure of which rows an action is about. The comparison is `analysis.beforeafter`.
"""

from __future__ import annotations

from typing import Final

from crmsheet.analysis.beforeafter import LEAST_DAYS, BeforeAfter, Standing, before_after, moved
from crmsheet.analysis.gates import Estimate, closed
from crmsheet.compile import board_theme as theme
from crmsheet.compile.analyses import effect_words as said
from crmsheet.compile.analyses import words
from crmsheet.compile.analyses.facts import Facts, adds_up
from crmsheet.compile.analyses.numbers import amount, change, signed
from crmsheet.compile.analyses.panels import Found, Panel, Track
from crmsheet.compile.analyses.spans import Scope, spans
from crmsheet.compile.metricparts import tables
from crmsheet.compile.number_formats import is_share
from crmsheet.compile.pieces import Context
from crmsheet.excel.dates import date_of
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Measure, walk
from crmsheet.model.boards import AnalysisBlock
from crmsheet.model.history import Point
from crmsheet.model.metrics import Metric, MetricType
from crmsheet.model.spec import FieldType, Model, Table
from crmsheet.structs import dataclass, replace

_FIGURE: Final = replace(theme.ROW_FIGURE, shrink=True)
_TRACKS: Final = (
    Track(11, theme.ROW_SMALL),
    Track(6, theme.ROW_SMALL),
    Track(4, theme.ROW_SMALL),
    Track(5, _FIGURE),
    Track(5, _FIGURE),
    Track(4, _FIGURE),
    Track(4, _FIGURE),
    Track(9, theme.ROW_SMALL),
)
_HEIGHT: Final = 38.0
_MONTH: Final = 30.4375


@dataclass(frozen=True, slots=True)
class _Action:
    """A row of the plan: what it is called, the day it began, its figure (None: none known), what that is narrowed to,
    and the first dimension that its figure is not known by."""

    name: str
    began: float
    metric: Metric | None
    scope: Scope
    unknown: str = ""


def effects_panel(context: Context, block: AnalysisBlock) -> Panel:
    most = round(block.last * _MONTH)

    def found(facts: Facts) -> Found:
        actions = _actions(facts, block)
        told = [one for one in actions if one.metric is not None]
        rows: list[tuple[Value, ...]] = []
        compared = unusual = 0
        for one in told:
            row, result = _row(facts, one, most)
            rows.append(row)
            compared += result is not None and result.standing is Standing.OK
            unusual += result is not None and result.earlier > 0 and result.as_large == 0
        method = words.DOT.join(
            (
                context.text(said.METHOD).format(days=most, least=LEAST_DAYS),
                words.N.format(n=len(told)),
            )
        )
        many = said.ONE_SAID if len(told) == 1 else said.SAID
        text = context.text(many).format(n=len(told), compared=compared, unusual=unusual)
        if not told:
            text = context.text(said.NONE)
        if len(actions) > len(told):
            more = len(actions) - len(told)
            text += context.text(said.ONE_UNNAMED if more == 1 else said.UNNAMED).format(n=more)
        heads = (
            said.ACTION,
            said.FIGURE,
            said.SINCE,
            said.BEFORE,
            said.AFTER,
            said.CHANGED,
            said.YEAR_BEFORE,
            said.READING,
        )
        return Found(text, method, tuple(map(context.text, heads)) if rows else (), tuple(rows[: block.top]))

    heights = dict.fromkeys(range(block.top), _HEIGHT)
    return Panel(context.text(said.EFFECTS), _TRACKS, block.top, found, heights=heights)


def _actions(facts: Facts, block: AnalysisBlock) -> list[_Action]:
    """The actions that have begun, the last first."""
    context, model = facts.context, facts.context.model
    begun = model.metric(block.metrics[0])
    table = model.table(begun.table)
    about = block.by[0]
    items = {row.label: row.id for row in context.state.lists.get(about.list, ())}
    figures = dict(block.figures)
    areas = facts.labels(table.id, about.path(table.id))
    narrowed = [(d, facts.labels(table.id, d.path(table.id))) for d in block.by[1:]]
    names = _names(facts, table)
    actions = []
    for row, day in enumerate(facts.starts(begun.id)):
        if day is None:
            continue
        metric_id = figures.get(items.get(areas[row], ""), "")
        metric = model.metric(metric_id) if metric_id else None
        scope = tuple((d, held[row]) for d, held in narrowed if held[row])
        unknown = ""
        if metric is not None:
            missing = (d for d, _ in scope if not all(d.path(t) for t in tables(model, metric.id)))
            unknown = next((context.text(d.label) for d in missing), "")
        actions.append(_Action(names[row], day, metric, scope, unknown))
    return sorted(actions, key=lambda one: (-one.began, one.name))


def _names(facts: Facts, table: Table) -> list[str]:
    """What people call each row: its key, and the first text beside it."""
    texts = (f for f in table.fields if f.type in (FieldType.TEXT, FieldType.LONG_TEXT) and f.id != table.key)
    first = next(texts, None)
    keys = [str(v or "") for v in facts.rows.column(table.id, table.key)]
    if first is None:
        return keys
    return [
        " ".join(filter(None, (key, str(text or ""))))
        for key, text in zip(keys, facts.rows.column(table.id, first.id), strict=True)
    ]


def _row(facts: Facts, one: _Action, most: int) -> tuple[tuple[Value, ...], BeforeAfter | None]:
    context, metric = facts.context, one.metric
    assert metric is not None
    figure = words.DOT.join((context.text(metric.label), *(value for _, value in one.scope)))
    head = (one.name, figure, date_of(one.began).isoformat())
    if has_spans(context.model, metric):
        if one.unknown:
            return (*head, "", "", "", "", context.text(said.NOT_SO).format(by=one.unknown)), None
        series = spans(facts, metric, one.scope)
        now = facts.context.as_of
        result = before_after(series.value, one.began, now, most, series.first, relative=adds_up(metric))
        reading = _reading(context, result)
    else:
        result = _remembered(facts, metric, one, most)
        reading = context.text(said.NOT_REMEMBERED)
        if result.standing is Standing.EARLY:
            reading = _reading(context, result)
        elif result.change is not None:
            reading = context.text(said.REMEMBERED)
    values = [
        "" if side.value is None else amount(context, metric, side.value)
        for side in (result.before, result.after)
    ]
    changes = [_shown(context, metric, by) for by in (result.change, result.year_before)]
    return (*head, *values, *changes, reading), result


def _shown(context: Context, metric: Metric, by: float | None) -> str:
    """A change as cards show it: in percent of sums, in points of shares, else as it is."""
    if by is None:
        return ""
    if adds_up(metric):
        return f"{by:+.0%}"
    return change(context, metric, 0, by) if is_share(context, metric) else signed(context, metric, by)


def _reading(context: Context, result: BeforeAfter) -> str:
    cases = {"before": result.before.n, "after": result.after.n, "days": result.days, "least": LEAST_DAYS}
    match result.standing:
        case Standing.EARLY:
            return context.text(said.EARLY).format(**cases)
        case Standing.NO_BEFORE:
            return context.text(said.NO_BEFORE).format(**cases)
        case Standing.FEW:
            return context.text(said.FEW).format(**cases)
        case Standing.OK:
            text = context.text(said.CASES).format(**cases)
            usual = said.USUAL if result.earlier else said.UNKNOWN
            return text + context.text(usual).format(as_large=result.as_large, earlier=result.earlier)


def _remembered(facts: Facts, metric: Metric, one: _Action, most: int) -> BeforeAfter:
    """A figure that has no time of its own, as it was remembered last before the start and last since."""
    began, now = one.began, facts.context.as_of
    if now + 1 - began < LEAST_DAYS:
        return BeforeAfter(Standing.EARLY, max(0, int(now + 1 - began)), closed(0), closed(0))
    points: dict[int, Point] = {}
    for key, series in facts.rows.history.series.items():
        wanted = (one.scope[0][0].id, one.scope[0][1]) if one.scope else ("", "")
        if key.metric == metric.id and (key.by, series.member) == wanted and len(one.scope) < 2:
            points = dict(series.points)
    earlier = [day for day in points if began - most <= day < began]
    later = [day for day in points if began + LEAST_DAYS <= day + 1 and day <= min(now, began + most)]
    before, after = (_estimate(points[max(days)]) if days else closed(0) for days in (earlier, later))
    if before.value is None or after.value is None:
        return BeforeAfter(Standing.NO_BEFORE, 0, before, after)
    return BeforeAfter(
        Standing.OK, int(max(later) - began), before, after, moved(before, after, relative=adds_up(metric))
    )


def _estimate(point: Point) -> Estimate:
    return Estimate(point.value, round(point.n or 0))


def has_spans(model: Model, metric: Metric) -> bool:
    """Whether a metric has a value of any span of days: all its parts have a time."""
    match metric.type:
        case MetricType.SIMPLE:
            return bool(metric.time) and not metric.per_row
        case MetricType.RATIO:
            return all(has_spans(model, model.metric(m)) for m in (metric.numerator, metric.denominator))
        case MetricType.DERIVED if metric.offset_window is None and metric.expr is not None:
            return all(
                has_spans(model, model.metric(n.metric)) for n in walk(metric.expr) if isinstance(n, Measure)
            )
        case _:
            return False
