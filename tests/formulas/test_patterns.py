"""A pattern that is filled is the formula with its holes replaced."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from crmsheet.formulas.patterns import Pattern, holes
from crmsheet.formulas.tree import Binary, Call, Column, Node, Number, Spot, Text, Unary, rewritten

HOLES = holes(3)
FILLINGS: st.SearchStrategy[Node] = st.one_of(
    st.builds(Spot, st.just("calc.board"), st.integers(0, 3), st.integers(0, 3)),
    st.builds(Number, st.integers(0, 2)),
)


def _trees() -> st.SearchStrategy[Node]:
    leaves: st.SearchStrategy[Node] = st.sampled_from(
        [*HOLES, Column("t", "a"), Text(">="), Spot("calc", 0, 0)]
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(Binary, st.sampled_from("&+="), inner, inner),
            st.builds(Unary, st.just("-"), inner),
            st.builds(lambda some: Call("SUMIFS", tuple(some)), st.lists(inner, max_size=4)),
        ),
        max_leaves=10,
    )


def _replaced(parts: tuple[Node, ...]) -> Callable[[Node], Node | None]:
    known: dict[Node, Node] = dict(zip(HOLES, parts, strict=True))
    return lambda node: known.get(node)  # noqa: PLW0108 - `get` has more than one type


@settings(max_examples=50)
@given(_trees(), st.lists(st.tuples(FILLINGS, FILLINGS, FILLINGS), min_size=1, max_size=4))
def test_filled_is_rewritten(tree: Node, fillings: list[tuple[Node, ...]]) -> None:
    pattern = Pattern(tree)
    for parts in fillings:
        expected = rewritten(tree, _replaced(parts))
        assert pattern.filled(parts) == expected
        assert pattern.filled_once(parts) == expected


def test_what_is_made_of_one_filling_is_one_tree() -> None:
    first, second, _ = HOLES
    pattern = Pattern(
        Call("COUNTIFS", (Column("t", "day"), Binary("&", Text(">="), first), Column("t", "by"), second))
    )
    start = Spot("calc", 1, 1)
    formulas = [pattern.filled((start, Spot("calc", row, 0))) for row in range(2)]
    bounds = [formula.arguments[1] for formula in formulas if isinstance(formula, Call)]
    assert bounds[0] is bounds[1]
    assert formulas[0] != formulas[1]
