"""Association: whether one thing goes with another, and what goes together most.

Knows its table and the words that hold it back. The statistics are `analysis.association`.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from crmsheet.analysis.association import LEAST_JOINT, Association, cramers_v
from crmsheet.analysis.gates import Gate
from crmsheet.compile import board_theme as theme
from crmsheet.compile.analyses import words
from crmsheet.compile.analyses.facts import Facts, month_label
from crmsheet.compile.analyses.numbers import chance
from crmsheet.compile.analyses.panels import Found, Panel, Track
from crmsheet.compile.board_theme import with_format
from crmsheet.compile.number_formats import COUNT, SHARE
from crmsheet.compile.pieces import Context
from crmsheet.excel.values import Value
from crmsheet.model.boards import AnalysisBlock

_SIGNIFICANT: Final = 0.05


def association_panel(context: Context, block: AnalysisBlock) -> Panel:
    metric_id, entity, one, other = block.metrics[0], block.entity, block.by[0], block.across
    assert other is not None
    names = {"one": context.text(one.label), "other": context.text(other.label)}
    tracks = (
        Track(10, theme.ROW_LABEL),
        Track(10, theme.ROW_LABEL),
        Track(5, with_format(theme.ROW_FIGURE, COUNT)),
        Track(5, with_format(theme.ROW_FIGURE, SHARE)),
        Track(5, with_format(theme.ROW_FIGURE, SHARE)),
        Track(5, with_format(theme.ROW_FIGURE, "0.00")),
        Track(8, theme.ROW_SMALL),
    )
    unit = context.text(words.PER_ROW)
    if entity is not None:
        unit = context.text(words.PER_ENTITY).format(entity=context.text(entity.label), other=names["other"])
    method = context.text(words.ASSOCIATION_METHOD).format(unit=unit, least=LEAST_JOINT)

    def found(facts: Facts) -> Found:
        end = facts.last_month + 1
        months = range(end - block.last, end)
        whose = facts.events(metric_id, entity).groups if entity is not None else None
        pairs: list[tuple[str, str]] = []
        seen: set[tuple[str, str, str]] = set()
        for row, (month, first, second, amount) in enumerate(facts.pairs(metric_id, one, other)):
            if month not in months or not first or not second or amount <= 0:
                continue
            unit_of = whose[row] if whose is not None else str(row)
            if (unit_of, first, second) not in seen:
                seen.add((unit_of, first, second))
                pairs.append((first, second))
        window = context.text(words.WINDOW).format(first=month_label(months[0]), last=month_label(months[-1]))
        told = words.DOT.join((method, words.N.format(n=len(pairs)), window))
        result = cramers_v([a for a, _ in pairs], [b for _, b in pairs])
        if result.value is None or result.p is None:
            alone = words.ONE_KIND if result.n else words.NOTHING_TO_COMPARE
            return Found(context.text(alone).format(n=result.n), told)
        heads = (words.JOINT, words.SHARE_WITHIN, words.SHARE_ALL, words.LIFT, words.READING)
        rows = _rows(context, pairs)[: block.top]
        return Found(
            _said(context, names, result), told, (*names.values(), *map(context.text, heads)), tuple(rows)
        )

    title = context.text(words.ASSOCIATION).format(**names)
    return Panel(title, tracks, block.top, found)


def _said(context: Context, names: dict[str, str], result: Association) -> str:
    assert result.value is not None
    assert result.p is not None
    facts = {"p": chance(result.p), "n": f"{result.n:,}"}
    if result.p > _SIGNIFICANT:
        said = context.text(words.NOT_ASSOCIATED).format(**names, **facts)
    else:
        strength = next(label for most, label in words.STRENGTHS if result.value < most)
        said = context.text(words.ASSOCIATED).format(
            **names, **facts, v=f"{result.value:.2f}", strength=context.text(strength)
        )
    if result.gate is Gate.FEW:
        said += context.text(words.THIN)
    return said + context.text(words.NOT_CAUSE)


def _rows(context: Context, pairs: list[tuple[str, str]]) -> list[tuple[Value, ...]]:
    """The pairs that differ most from chance, by leverage: rare pairs have huge lifts."""
    n = len(pairs)
    first, second, both = Counter(a for a, _ in pairs), Counter(b for _, b in pairs), Counter(pairs)
    known = [(a, b, joint) for (a, b), joint in both.items() if joint >= LEAST_JOINT]
    known.sort(key=lambda one: (-abs(one[2] / n - first[one[0]] * second[one[1]] / (n * n)), one))
    rows: list[tuple[Value, ...]] = []
    for a, b, joint in known:
        within, overall = joint / first[a], second[b] / n
        reading = words.OFTEN if within > overall else words.SELDOM
        rows.append((a, b, joint, within, overall, within / overall, context.text(reading)))
    return rows
