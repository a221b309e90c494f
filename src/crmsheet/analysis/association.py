"""What goes together: correlation of numbers, of ranks, of categories; products bought with products.

Knows pairs of observations. Does not know what they are, and never says why they go together.

Sources: Pearson's and Spearman's coefficients with Student's t; Cramér, Mathematical Methods of Statistics (1946);
Agrawal and others (1993) for support, confidence and lift, Piatetsky-Shapiro (1991) for leverage.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from math import fsum, sqrt
from typing import Final

from crmsheet.analysis.gates import Gate
from crmsheet.analysis.special import chi_square_tail, student_tails
from crmsheet.structs import dataclass

LEAST_PAIRS: Final = 3
RELIABLE_PAIRS: Final = 10
LEAST_JOINT: Final = 5
LEAST_LIFT: Final = 1.2


@dataclass(frozen=True, slots=True)
class Association:
    """A coefficient with its two-sided p; both None when the gate is closed."""

    value: float | None
    p: float | None
    n: int
    gate: Gate


@dataclass(frozen=True, slots=True)
class Together:
    """Those who have `one` have `other` as well: counts of baskets, confidence, lift and leverage."""

    one: str
    other: str
    joint: int
    baskets: int
    confidence: float
    lift: float
    leverage: float


def pearson(xs: Sequence[float], ys: Sequence[float]) -> Association:
    """Linear correlation; of two series in time, correlate their differences: two trends always go together."""
    n = len(xs)
    if n < LEAST_PAIRS:
        return Association(None, None, n, Gate.SMALL_N)
    mean_x, mean_y = fsum(xs) / n, fsum(ys) / n
    spread_x = fsum((x - mean_x) ** 2 for x in xs)
    spread_y = fsum((y - mean_y) ** 2 for y in ys)
    if not spread_x or not spread_y or len(set(xs)) == 1 or len(set(ys)) == 1:
        return Association(None, None, n, Gate.NO_VARIANCE)
    both = fsum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    value = max(-1.0, min(1.0, both / sqrt(spread_x * spread_y)))
    gate = Gate.OK if n >= RELIABLE_PAIRS else Gate.FEW
    if abs(value) == 1:
        return Association(value, 0.0, n, gate)
    freedom = n - 2
    return Association(value, student_tails(value * sqrt(freedom / (1 - value * value)), freedom), n, gate)


def spearman(xs: Sequence[float], ys: Sequence[float]) -> Association:
    """Correlation of ranks; ties share the mean of their ranks."""
    return pearson(_ranks(xs), _ranks(ys))


def holm(ps: Sequence[float]) -> list[float]:
    """p values of several tests made at once (Holm, 1979), in their order: the chance that any is wrong stays below."""
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    found = [0.0] * len(ps)
    largest = 0.0
    for rank, i in enumerate(order):
        largest = max(largest, min(1.0, ps[i] * (len(ps) - rank)))
        found[i] = largest
    return found


def false_discoveries(ps: Sequence[float]) -> list[float]:
    """p values of several tests made at once (Benjamini and Hochberg, 1995), in their order: told below a level, that
    share of what is told is chance; where all is chance, so often is anything told."""
    order = sorted(range(len(ps)), key=lambda i: ps[i], reverse=True)
    found = [0.0] * len(ps)
    least = 1.0
    for above, i in enumerate(order):
        least = min(least, ps[i] * len(ps) / (len(ps) - above))
        found[i] = least
    return found


def cramers_v(rows: Sequence[str], columns: Sequence[str]) -> Association:
    """How far one category says the other, 0 to 1, with the p of chi-square.

    The gate warns when more than a fifth of the cells expect fewer than five: merge categories then.
    """
    n = len(rows)
    by_row, by_column = Counter(rows), Counter(columns)
    if not n:
        return Association(None, None, 0, Gate.SMALL_N)
    smaller = min(len(by_row), len(by_column)) - 1
    if smaller < 1:
        return Association(None, None, n, Gate.NO_VARIANCE)
    seen = Counter(zip(rows, columns, strict=True))
    square, thin = 0.0, 0
    for row, in_row in sorted(by_row.items()):
        for column, in_column in sorted(by_column.items()):
            expected = in_row * in_column / n
            thin += expected < 5
            square += (seen[row, column] - expected) ** 2 / expected
    freedom = (len(by_row) - 1) * (len(by_column) - 1)
    gate = Gate.FEW if thin > len(by_row) * len(by_column) / 5 else Gate.OK
    return Association(sqrt(square / (n * smaller)), chi_square_tail(square, freedom), n, gate)


def bought_together(baskets: Iterable[Iterable[str]]) -> list[Together]:
    """The rules of one thing to another, by leverage: rare things have huge lifts.

    Only those of at least five baskets with both and a lift of at least 1.2.
    """
    single: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    n = 0
    for basket in baskets:
        things = sorted(set(basket))
        n += 1
        single.update(things)
        pairs.update(combinations(things, 2))
    found: list[Together] = []
    for (a, b), joint in pairs.items():
        lift = joint * n / (single[a] * single[b])
        if joint < LEAST_JOINT or lift < LEAST_LIFT:
            continue
        leverage = joint / n - single[a] * single[b] / (n * n)
        found += [
            Together(one, other, joint, n, joint / single[one], lift, leverage)
            for one, other in ((a, b), (b, a))
        ]
    return sorted(found, key=lambda t: (-t.leverage, -t.confidence, t.one, t.other))


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=lambda i: values[i])
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for at in order[start : end + 1]:
            ranks[at] = (start + end) / 2 + 1
        start = end + 1
    return ranks
