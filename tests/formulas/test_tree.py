"""Walking over trees."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crmsheet.formulas.tree import (
    COLUMNS,
    Binary,
    Call,
    Cell,
    Column,
    Node,
    Number,
    Spot,
    Unary,
    columns_named,
    walk,
)

LEAVES = st.one_of(
    st.builds(Cell, st.sampled_from("st"), st.sampled_from("ab")),
    st.builds(Column, st.sampled_from("st"), st.sampled_from("ab")),
    st.builds(Number, st.just(1.0)),
    st.builds(Spot, st.just("block"), st.just(0), st.just(1)),
)
TREES: st.SearchStrategy[Node] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Unary, st.just("-"), inner),
        st.builds(Binary, st.just("+"), inner, inner),
        st.builds(Call, st.just("SUM"), st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


@given(st.lists(TREES, max_size=4))
def test_the_columns_of_trees_are_all_that_they_name(trees: list[Node]) -> None:
    shared = [*trees, *(Binary("+", tree, tree) for tree in trees)]
    named = {(n.table, n.field) for tree in trees for n in walk(tree) if isinstance(n, COLUMNS)}
    assert columns_named(shared) == columns_named(iter(trees)) == named
