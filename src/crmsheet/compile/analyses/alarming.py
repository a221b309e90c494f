"""The list of alarms: where, which metric, when, by which rule, the number and its limit, what to do.

Knows its table and its words. What is an alarm is known by `watching`.
"""

from __future__ import annotations

from typing import Final

from crmsheet.analysis.alarms import BASELINE, Rule
from crmsheet.compile import board_theme as theme
from crmsheet.compile.analyses import words
from crmsheet.compile.analyses.facts import Facts, month_label
from crmsheet.compile.analyses.lagging import SPAN
from crmsheet.compile.analyses.numbers import amount, change
from crmsheet.compile.analyses.panels import FIRST, Found, Panel, Track
from crmsheet.compile.analyses.raising import Raised
from crmsheet.compile.analyses.watching import watched
from crmsheet.compile.faces import Face
from crmsheet.compile.number_formats import is_share
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import op
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Spot
from crmsheet.model.boards import AnalysisBlock
from crmsheet.plan.cells import CellHighlight
from crmsheet.structs import replace

_FIGURE: Final = replace(theme.ROW_FIGURE, shrink=True)
_TRACKS: Final = (
    Track(10, theme.ROW_LABEL),
    Track(5, theme.ROW_LABEL),
    Track(5, theme.ROW_LABEL),
    Track(8, theme.ROW_LABEL),
    Track(6, _FIGURE),
    Track(4, _FIGURE),
    Track(10, theme.ROW_SMALL),
)
_HEIGHT: Final = 25.0


def alarms_panel(context: Context, block: AnalysisBlock) -> Panel:
    def found(facts: Facts) -> Found:
        watch = watched(facts, block)
        raised = watch.raised
        if not watch.series or watch.base < BASELINE:
            said = context.text(words.TOO_FEW).format(
                least=BASELINE, unit=context.text(words.MONTHS_OVER), n=len(watch.months)
            )
        elif not raised:
            said = context.text(words.NO_ALARMS).format(series=watch.series)
        else:
            many = words.ONE_ALARM if len(raised) == 1 else words.SOME_ALARMS
            said = context.text(many).format(series=watch.series, n=len(raised))
            if len(raised) > block.top:
                said += context.text(words.FIRST).format(n=block.top)
        first = month_label(watch.months.start)
        base = context.text(words.WINDOW).format(
            first=first, last=month_label(watch.months.start + max(0, watch.base - 1))
        )
        method = context.text(words.ALARMS_METHOD).format(base=base, span=SPAN)
        if not watch.months:
            return Found(said, context.text(words.SHORT_BASE).format(least=BASELINE))
        window = context.text(words.WINDOW).format(first=first, last=month_label(watch.months[-1]))
        method = words.DOT.join((method, words.N.format(n=watch.series), window))
        heads = (
            words.WHERE,
            words.METRIC,
            words.WHEN,
            words.RULE,
            words.VALUE,
            words.BOUND,
            words.PLAY,
        )
        rows = tuple(_row(context, one) for one in raised)
        return Found(said, method, tuple(map(context.text, heads)) if rows else (), rows)

    def marks(face: Face) -> None:
        left = sum(track.span for track in _TRACKS[:3])
        right = left + _TRACKS[3].span - 1
        filled = op(Spot(face.anchor, FIRST, 0), "<>", "")
        face.highlights.append(
            CellHighlight(FIRST, left, FIRST + block.top - 1, right, filled, theme.BAD_TEXT, by_row=True)
        )

    heights = dict.fromkeys(range(block.top), _HEIGHT)
    return Panel(context.text(words.ALARMS), _TRACKS, block.top, found, marks, heights=heights)


def _row(context: Context, one: Raised) -> tuple[Value, ...]:
    value, bound = amount(context, one.metric, one.value), amount(context, one.metric, one.bound)
    moved = change(context, one.metric, one.usual, one.value)
    if one.rule is Rule.SILENT:
        value, bound = (context.text(words.DAYS).format(n=round(n)) for n in (one.value, one.bound))
        moved = ""
    return (
        where(context, one),
        context.text(one.metric.label),
        _when(context, one),
        context.text(words.RULES[one.rule]),
        f"{value} {moved}".strip(),
        bound,
        context.text(words.PLAYS[_play(context, one)]),
    )


def where(context: Context, one: Raised) -> str:
    """The group an alarm is about, as people call it."""
    return one.group if one.dimension is not None else context.text(words.ALL)


def _when(context: Context, one: Raised) -> str:
    month = month_label(one.month)
    match one.rule:
        case Rule.BEHIND:
            return context.text(words.RECENT_MONTHS).format(n=SPAN)
        case Rule.SILENT:
            return context.text(words.LAST_SEEN).format(month=month)
        case Rule.RUN_ABOVE | Rule.RUN_BELOW:
            return context.text(words.SINCE).format(month=month)
        case _:
            return month


def _play(context: Context, one: Raised) -> str:
    if one.rule in (Rule.SILENT, Rule.BEHIND):
        return one.rule.value
    return "rate" if is_share(context, one.metric) else "month"
