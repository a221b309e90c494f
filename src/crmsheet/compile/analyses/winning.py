"""Win rates against each competitor, or by any other dimension: with limits, and against the others.

Knows its table. The limits are `analysis.proportions`.
"""

from __future__ import annotations

from collections import Counter

from crmsheet.analysis.proportions import LEAST, Share, share
from crmsheet.compile import board_theme as theme
from crmsheet.compile.analyses import words
from crmsheet.compile.analyses.facts import Facts, month_label
from crmsheet.compile.analyses.numbers import percent
from crmsheet.compile.analyses.panels import Found, Panel, Track
from crmsheet.compile.board_theme import with_format
from crmsheet.compile.number_formats import COUNT, SHARE
from crmsheet.compile.pieces import Context
from crmsheet.excel.values import Value
from crmsheet.model.boards import AnalysisBlock
from crmsheet.model.words import Label


def win_loss_panel(context: Context, block: AnalysisBlock) -> Panel:
    """Of a ratio of two counts: its numerator are the wins, its denominator all that ended."""
    metric, by = context.model.metric(block.metrics[0]), block.by[0]
    rate = with_format(theme.ROW_FIGURE, SHARE)
    tracks = (
        Track(14, theme.ROW_LABEL),
        *[Track(5, with_format(theme.ROW_FIGURE, COUNT))] * 2,
        *[Track(6, rate)] * 3,
        Track(6, theme.ROW_SMALL),
    )

    def found(facts: Facts) -> Found:
        months = facts.months(metric.id, block.last)
        won, ended = (_counted(facts, part, block, months) for part in (metric.numerator, metric.denominator))
        window = ""
        if months:
            window = context.text(words.WINDOW).format(
                first=month_label(months[0]), last=month_label(months[-1])
            )
        total = share(sum(won.values()), sum(ended.values()))
        method = words.DOT.join(
            filter(None, (context.text(words.WIN_METHOD), words.N.format(n=total.n), window))
        )
        if total.value is None:
            unit = context.text(words.EXAMPLES)
            return Found(context.text(words.TOO_FEW).format(least=LEAST, unit=unit, n=total.n), method)
        rows: list[tuple[Value, ...]] = []
        for group in sorted(ended, key=lambda g: (-ended[g], g))[: block.top]:
            one = share(won[group], ended[group])
            rest = share(sum(won.values()) - won[group], total.n - one.n)
            reading = context.text(_reading(one, rest))
            rows.append((group, one.n, won[group], one.value, one.low, one.high, reading))
        rates = {str(row[0]): row[3] for row in rows if isinstance(row[3], float)}
        said = context.text(words.WIN_SAID).format(rate=percent(total.value), n=total.n)
        worst = min(rates, key=lambda g: (rates[g], g), default="")
        if worst and rates[worst] < total.value:
            said += context.text(words.WIN_WORST).format(
                who=worst, rate=percent(rates[worst]), n=ended[worst]
            )
        else:
            said += context.text(words.WIN_ALIKE)
        heads = (words.ENDED, words.WON, words.RATE, words.LOW95, words.HIGH95, words.READING)
        return Found(said, method, (context.text(by.label), *map(context.text, heads)), tuple(rows))

    title = context.text(words.WIN_LOSS).format(metric=context.text(metric.label), by=context.text(by.label))
    return Panel(title, tracks, block.top, found)


def _counted(facts: Facts, metric_id: str, block: AnalysisBlock, months: range) -> Counter[str]:
    """How many rows of a count there are by group, as whole cases."""
    sums = facts.sums(metric_id, block.by[0], months)
    return Counter({group: round(n) for group, n in sums.items()})


def _reading(one: Share, rest: Share) -> Label:
    """Whether the others' share lies beyond the limits."""
    if one.low is None or one.high is None:
        return words.TOO_FEW_CASES
    if rest.value is None or one.low <= rest.value <= one.high:
        return words.LIKE_OTHERS
    return words.BELOW_OTHERS if one.high < rest.value else words.ABOVE_OTHERS
