"""The white space: customers by products, what they have and how likely they are to want what they lack.

Knows its table. The shares are `analysis.whitespace`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Final

from crmsheet.analysis.whitespace import Opening, openings
from crmsheet.compile import board_theme as theme
from crmsheet.compile.analyses import words
from crmsheet.compile.analyses.facts import Facts, month_label
from crmsheet.compile.analyses.numbers import percent
from crmsheet.compile.analyses.panels import FIRST, Found, Panel, Track
from crmsheet.compile.board_theme import GRID, with_format
from crmsheet.compile.faces import Face
from crmsheet.compile.heat import SCALE
from crmsheet.compile.pieces import Context
from crmsheet.excel.values import Value
from crmsheet.model.boards import AnalysisBlock
from crmsheet.plan.cells import CellHighlight
from crmsheet.structs import replace

LEAST: Final = 5
_MOST: Final = 10
"""Products across."""
_NAME: Final = 10
_BEST: Final = 8
_PRODUCT: Final = (GRID - _NAME - _BEST) // _MOST
_TOLD: Final = 2
_CELL: Final = replace(with_format(theme.ROW_CENTER, "0%"), size=9)


def white_space_panel(context: Context, block: AnalysisBlock) -> Panel:
    metric_id, entity, product = block.metrics[0], block.entity, block.by[0]
    assert entity is not None
    tracks = (
        Track(_NAME, theme.ROW_LABEL),
        Track(_BEST, theme.ROW_LABEL),
        *[Track(_PRODUCT, _CELL)] * _MOST,
    )

    def found(facts: Facts) -> Found:
        end = facts.last_month + 1
        months = range(end - block.last, end)
        bought: dict[str, set[str]] = {}
        worth: defaultdict[str, float] = defaultdict(float)
        for month, who, what, amount in facts.pairs(metric_id, entity, product):
            if who and what and amount > 0 and month >= months.start:
                bought.setdefault(who, set()).add(what)
                worth[who] += amount
        window = context.text(words.WINDOW).format(
            first=month_label(months[0]), last=month_label(facts.last_month)
        )
        method = context.text(words.SPACE_METHOD).format(least=LEAST, top=block.top)
        method = words.DOT.join((method, words.N.format(n=len(bought)), window))
        chances = openings(bought, LEAST)
        if not chances:
            return Found(context.text(words.NO_OPENINGS).format(least=LEAST), method)
        owners = Counter(what for products in bought.values() for what in products)
        shown = sorted(owners, key=lambda what: (-owners[what], what))[:_MOST]
        customers = sorted(bought, key=lambda who: (-worth[who], who))[: block.top]
        of: dict[str, dict[str, Opening]] = {}
        for chance in chances:
            of.setdefault(chance.customer, {}).setdefault(chance.product, chance)
        rows = tuple(
            (who, _best(of.get(who, {})), *(_cell(bought[who], of.get(who, {}), what) for what in shown))
            for who in customers
        )
        heads = (context.text(entity.label), context.text(words.BEST), *shown)
        told = [c for c in chances if c.customer in customers]
        first: list[Opening] = []
        for chance in told:
            if all(chance.customer != one.customer for one in first):
                first.append(chance)
        sentences = [_said(context, chance) for chance in first[:_TOLD]]
        said = context.text(words.OPENINGS).format(found=context.text(words.SEMICOLON).join(sentences))
        return Found(said if sentences else "", method, heads, rows)

    def marks(face: Face) -> None:
        left = _NAME + _BEST
        right = left + _PRODUCT * _MOST - 1
        face.highlights.append(CellHighlight(FIRST, left, FIRST + block.top - 1, right, None, scale=SCALE))

    title = context.text(words.WHITE_SPACE).format(what=context.text(product.label))
    return Panel(title, tracks, block.top, found, marks)


def _cell(has: set[str], chances: dict[str, Opening], what: str) -> Value:
    if what in has:
        return words.HAS
    return chances[what].confidence if what in chances else None


def _best(chances: dict[str, Opening]) -> str:
    best = min(chances.values(), key=lambda one: (-one.confidence, one.product), default=None)
    return f"{best.product} {percent(best.confidence)}" if best is not None else ""


def _said(context: Context, one: Opening) -> str:
    return context.text(words.OPENING).format(
        who=one.customer,
        product=one.product,
        because=one.because,
        share=percent(one.confidence),
        n=one.n,
    )
