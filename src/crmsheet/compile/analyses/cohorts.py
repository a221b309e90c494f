"""The retention triangle: of those who first bought in a month, how many buy in each month after it.

Knows its table. The statistic is `analysis.cohorts`.
"""

from __future__ import annotations

from typing import Final

from crmsheet.analysis.cohorts import LEAST_COHORT, pooled, triangle
from crmsheet.analysis.gates import Gate
from crmsheet.compile import board_theme as theme
from crmsheet.compile.analyses import words
from crmsheet.compile.analyses.facts import Facts, month_label
from crmsheet.compile.analyses.numbers import percent
from crmsheet.compile.analyses.panels import FIRST, IMMATURE, UNSURE, Found, Panel, Track
from crmsheet.compile.board_theme import GRID, with_format
from crmsheet.compile.faces import Face
from crmsheet.compile.heat import SCALE
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import op
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Spot
from crmsheet.model.boards import AnalysisBlock
from crmsheet.plan.cells import CellHighlight
from crmsheet.structs import replace

MOST: Final = 12
_AGE: Final = 3
_SIZE: Final = 4
_CELL: Final = replace(with_format(theme.ROW_CENTER, "0%"), size=9)
_NOT_YET: Final = "–"
_NOTED: Final = (3, 6, 9, 12)
"""Ages that are spoken of."""


def cohort_retention(context: Context, block: AnalysisBlock) -> Panel:
    """`last` cohorts that have reached an age of one month, and as many ages."""
    count = block.last
    label = GRID - _SIZE - _AGE * count if count == MOST else _AGE * 3
    tracks = (
        Track(label, theme.ROW_LABEL),
        Track(_SIZE, with_format(theme.ROW_FIGURE, "#,##0")),
        *[Track(_AGE, _CELL)] * count,
    )

    def found(facts: Facts) -> Found:
        events = facts.events(block.metrics[0], block.entity)
        last = facts.last_month
        each = zip(events.groups, events.months, events.amounts, strict=True)
        # A cancelled order or a return is a row, but nothing was bought.
        seen = {(who, month) for who, month, amount in each if who and amount > 0}
        shown = [c for c in triangle(seen, last) if last - count <= c.month < last]
        if not shown:
            return Found(context.text(words.NO_COHORTS), _method(context))
        rows: list[tuple[Value, ...]] = []
        for cohort in shown:
            shares = [cohort.retention(age).value for age in range(1, count + 1)]
            known = (_NOT_YET if share is None else share for share in shares)
            rows.append((month_label(cohort.month), cohort.size, *known))
        together = [pooled(shown, age) for age in range(1, count + 1)]
        size = sum(c.size for c in shown)
        rows.append((context.text(words.POOLED), size, *(one.value for one in together)))
        heads = [context.text(label) for label in (words.COHORT, words.SIZE)]
        ages = [context.text(words.AFTER).format(n=age) for age in range(1, count + 1)]
        told = [age for age in _NOTED if age <= count and together[age - 1].gate is Gate.OK]
        said = context.text(words.COHORTS_FEW).format(least=LEAST_COHORT)
        if told:
            spoken = [
                context.text(words.COHORTS_AGE).format(age=age, share=percent(one.value), n=one.n)
                for age in told
                if (one := together[age - 1]).value is not None
            ]
            said = context.text(words.COHORTS_SAID).format(ages=context.text(words.COMMA).join(spoken))
        window = context.text(words.WINDOW).format(
            first=month_label(shown[0].month), last=month_label(shown[-1].month)
        )
        method = words.DOT.join((_method(context), words.N.format(n=size), window))
        return Found(said, method, (*heads, *ages), tuple(rows))

    def marks(face: Face) -> None:
        bottom, left, right = FIRST + count - 1, label + _SIZE, label + _SIZE + _AGE * count - 1
        few = op(Spot(face.anchor, FIRST, label), "<", LEAST_COHORT)
        unknown = op(Spot(face.anchor, FIRST, left), "=", _NOT_YET)
        face.highlights += [
            CellHighlight(FIRST, left, bottom, right, None, scale=SCALE),
            CellHighlight(FIRST, left, bottom, right, unknown, IMMATURE),
            CellHighlight(FIRST, left, bottom, right, few, UNSURE, by_row=True),
        ]

    return Panel(context.text(words.COHORTS), tracks, count + 1, found, marks, context.text(words.POOLED))


def _method(context: Context) -> str:
    return context.text(words.COHORTS_METHOD).format(least=LEAST_COHORT)
