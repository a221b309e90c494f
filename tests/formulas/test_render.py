"""Text from trees: parentheses, prefixes, literals; the spec's text reads back as the same tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formulas.random_trees import WORLD, Maker
from tests.formulas.workbench import Placed, WorldScope

from crmsheet.errors import InternalError
from crmsheet.excel.values import ExcelError
from crmsheet.formulas.check_types import Place
from crmsheet.formulas.checker import Checker, check
from crmsheet.formulas.excel_text import canonical
from crmsheet.formulas.functions import TABLE
from crmsheet.formulas.parser import parse
from crmsheet.formulas.places import FormulaPlace
from crmsheet.formulas.render import render, to_spec
from crmsheet.formulas.tree import (
    Binary,
    Boolean,
    Call,
    Cell,
    Column,
    ErrorValue,
    Item,
    Measure,
    Missing,
    Name,
    Node,
    Number,
    Spot,
    Text,
    Unary,
)

N, D = Cell("t", "n"), Cell("t", "d")
HERE = FormulaPlace("S")


def excel(node: Node) -> str:
    return render(node, Placed(WORLD, 0))


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Binary("*", Binary("+", N, Number(1)), Number(2)), "([n]+1)*2"),
        (Binary("+", N, Binary("*", Number(1), Number(2))), "[n]+1*2"),
        (Binary("-", N, Binary("-", Number(1), Number(2))), "[n]-(1-2)"),
        (Binary("-", Binary("-", N, Number(1)), Number(2)), "[n]-1-2"),
        (Binary("^", Unary("-", Number(2)), Number(2)), "-2^2"),
        (Unary("-", Binary("^", Number(2), Number(2))), "-(2^2)"),
        (Binary("^", Number(2), Unary("-", Number(1))), "2^-1"),
        (Unary("%", Unary("-", N)), "(-[n])%"),
        (Unary("-", Unary("%", N)), "-[n]%"),
        (Binary("=", Binary("&", N, Text("a")), Text('say "x"')), '[n]&"a"="say ""x"""'),
        (Binary("=", Binary("=", N, Number(1)), Boolean(True)), "[n]=1=TRUE"),
        (Binary("=", N, Binary("=", Number(1), Boolean(True))), "[n]=(1=TRUE)"),
        (Call("IF", (N, Missing(), Missing())), "IF([n],,)"),
        (ErrorValue(ExcelError.NA), "#N/A"),
        (Binary("*", Number(-3), N), "-3*[n]"),
        (Number(0.1), "0.1"),
        (Number(1e300), "1E+300"),
        (Name("as_of"), "as_of"),
        (Column("a", "v"), "a[v]"),
    ],
)
def test_parentheses_stand_only_where_needed(node: Node, text: str) -> None:
    assert to_spec(node, "t") == text


def test_references_are_asked_for() -> None:
    node = Binary("*", Call("MAXIFS", (Column("a", "v"), Column("a", "k"), Cell("t", "s"))), Name("n"))
    assert excel(node) == "_xlfn.MAXIFS($J$1:$J$15,$I$1:$I$15,$D1)*$N$1"
    assert excel(Binary("=", Cell("t", "s"), Item("stage", "won"))) == "$D1=$P$1"


def test_functions_newer_than_the_file_format_have_their_prefix() -> None:
    newer = {name: function.file_name for name, function in TABLE.items() if function.since > 2007}
    assert newer.pop("NETWORKDAYS.INTL") == "NETWORKDAYS.INTL"
    assert all(text == f"_xlfn.{name}" for name, text in newer.items())


def test_long_text_is_written_in_pieces_excel_can_read() -> None:
    node = Binary("=", Text("a" * 300 + '"'), N)
    assert excel(node) == f'"{"a" * 255}"&"{"a" * 45}"""=$A1'


def test_metric_left_in_a_formula_is_our_mistake() -> None:
    with pytest.raises(InternalError):
        excel(Binary("+", Measure("won"), Number(1)))


def test_block_cells_have_no_word_in_the_spec() -> None:
    with pytest.raises(ValueError, match="no words"):
        to_spec(Spot("kpi", 0, 0))


@given(st.integers(0, 10**9))
def test_spec_text_reads_back_as_the_same_tree(seed: int) -> None:
    node = Maker(seed).top(4)
    text = to_spec(node, "t")
    root = parse(text).root
    assert root is not None, text
    # the checker refuses some comparisons that random trees make; the tree is the same all the same
    assert Checker(text, WorldScope(WORLD), root).typed(root, Place.VALUE).node == node, text


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300)


@given(TEXTS)
def test_nothing_breaks_out_of_a_text_literal(text: str) -> None:
    node = Binary("&", Text(text), Number(1))
    assert check(to_spec(node, "t"), WorldScope(WORLD)).node == node
    tokens = canonical(excel(node), HERE)
    assert "".join(str(t.meaning) for t in tokens if t.kind == "text") == text
    assert {t.kind for t in tokens} == {"text", "operator", "number"}


@given(st.integers(0, 10**9))
def test_excel_text_has_the_tokens_of_the_tree(seed: int) -> None:
    node = Maker(seed).top(4)
    tokens = canonical(excel(node), HERE)
    assert not any(token.kind == "opaque" for token in tokens)
    assert tokens == canonical(" " + excel(node).replace("_xlfn.", "").replace("$", "") + " ", HERE)
