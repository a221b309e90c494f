"""The lowest point of a smooth function of a few parameters, without derivatives.

Knows the simplex method. Does not know what is fitted.

Source: Nelder and Mead (1965), coefficients 1, 2, 1/2, 1/2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from crmsheet.structs import dataclass

Point = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Lowest:
    """Where, how low, after how many rounds, and whether the simplex had shrunk to nothing by then."""

    at: Point
    value: float
    rounds: int
    settled: bool


def lowest(
    function: Callable[[Point], float],
    start: Sequence[float],
    *,
    step: float = 0.5,
    close: float = 1e-8,
    rounds: int = 2_000,
) -> Lowest:
    """The minimum near `start`; settled when values and corners lie within `close` of each other."""
    first = tuple(start)
    corners = [first] + [
        tuple(v + (step if i == at else 0.0) for i, v in enumerate(first)) for at in range(len(first))
    ]
    simplex = sorted((function(corner), corner) for corner in corners)
    size = len(first)
    for turn in range(rounds):
        best, worst = simplex[0], simplex[-1]
        wide = max(abs(a - b) for _, corner in simplex for a, b in zip(corner, best[1], strict=True))
        if wide <= close and abs(worst[0] - best[0]) <= close:
            return Lowest(best[1], best[0], turn, True)
        middle = tuple(sum(corner[i] for _, corner in simplex[:-1]) / size for i in range(size))

        def towards(factor: float, middle: Point = middle, worst: Point = worst[1]) -> tuple[float, Point]:
            point = tuple(m + factor * (m - w) for m, w in zip(middle, worst, strict=True))
            return function(point), point

        reflected = towards(1.0)
        if reflected[0] < best[0]:
            expanded = towards(2.0)
            simplex[-1] = expanded if expanded[0] < reflected[0] else reflected
        elif reflected[0] < simplex[-2][0]:
            simplex[-1] = reflected
        else:
            outside = reflected[0] < worst[0]
            contracted = towards(0.5 if outside else -0.5)
            if contracted[0] < min(reflected[0], worst[0]):
                simplex[-1] = contracted
            else:
                simplex = [best] + [
                    (function(point), point)
                    for _, corner in simplex[1:]
                    for point in (tuple((a + b) / 2 for a, b in zip(corner, best[1], strict=True)),)
                ]
        simplex.sort()
    return Lowest(simplex[0][1], simplex[0][0], rounds, False)
