"""The grammar: precedence, positions, and what is said about mistakes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.formulas.parser import parse
from crmsheet.formulas.problems import ProblemCode
from crmsheet.formulas.surface import Applied, Field, Infix, Prefix, Surface, TableField, walk


def root(text: str) -> Surface:
    parsed = parse(text)
    assert parsed.root is not None, parsed.problems
    return parsed.root


def shape(node: Surface) -> str:
    """The tree with every operation in parentheses."""
    match node:
        case Prefix(op="%", operand=operand):
            return f"({shape(operand)}%)"
        case Prefix(op=op, operand=operand):
            return f"({op}{shape(operand)})"
        case Infix(op=op, left=left, right=right):
            return f"({shape(left)}{op}{shape(right)})"
        case Applied(name=name, arguments=arguments):
            return f"{name}({','.join(map(shape, arguments))})"
        case Field(id=id):
            return f"[{id}]"
        case TableField(table=table, id=id):
            return f"{table}[{id}]"
        case _:
            value = getattr(node, "value", getattr(node, "id", ""))
            return f'"{value}"' if isinstance(value, str) and hasattr(node, "value") else str(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+2*3", "(1+(2*3))"),
        ("-2^2", "((-2)^2)"),
        ("2^3^2", "((2^3)^2)"),
        ("2^-1", "(2^(-1))"),
        ("-[a]%", "(-([a]%))"),
        ('1&2=3&"x"', '((1&2)=(3&"x"))'),
        ("1<2=TRUE", "((1<2)=True)"),
        ("a-b-c", "((a-b)-c)"),
        ("a/b*c", "((a/b)*c)"),
        ("--[a]", "(-(-[a]))"),
        ("INDEX(t[a],1):INDEX(t[a],2)", "(INDEX(t[a],1):INDEX(t[a],2))"),
        ("sum( t[金额] , 2 )", "sum(t[金额],2)"),
        ("[金额（元）]*2", "([金额（元）]*2)"),
        ("(1+2)*3", "((1+2)*3)"),
        ("RANK.EQ([a],t[a])", "RANK.EQ([a],t[a])"),
    ],
)
def test_operators_bind_as_in_excel(text: str, expected: str) -> None:
    assert shape(root(text)) == expected


def test_every_node_knows_where_it_stands() -> None:
    text = '=IF([last]="", "", as_of-[last])'
    whole = root(text)
    fields = [text[n.span.start : n.span.end] for n in walk(whole) if isinstance(n, Field)]
    assert fields == ["[last]", "[last]"]
    assert text[whole.span.start : whole.span.end] == text[1:]


@pytest.mark.parametrize(
    ("text", "code", "offset", "says"),
    [
        ("", "S220", 0, "empty"),
        ("=", "S220", 0, "empty"),
        ("IF(（1，2)", "S224", 3, "IF((1,2)"),
        ("【a】＝“won”", "S224", 0, '[a]="won"'),
        ("[a] ≥ 3", "S224", 4, "[a] >= 3"),
        ('[a]="已（签）"，1', "S224", 10, '[a]="已（签）",1'),
        ("[金额】*2", "S224", 0, "[金额]*2"),
        ("1==2", "S220", 1, "one equals sign"),
        ("[a]!=2", "S220", 3, "<>"),
        ("[a]='x'", "S220", 4, "double quotes"),
        ("a and b", "S220", 2, "AND(a, b)"),
        ("not [a]", "S220", 0, "NOT(a)"),
        ("IF([a];1;2)", "S220", 6, "commas"),
        ("$A$1", "S220", 0, "no addresses"),
        ("[@a]+{1}", "S220", 5, "array constants"),
        ("(1+2", "S220", 0, "closed"),
        ("SUM(1,2", "S220", 3, "closed"),
        ("1)", "S220", 1, "without its '('"),
        ('"abc', "S220", 0, "not closed"),
        ("[abc", "S220", 0, "not closed"),
        ("1 2", "S220", 2, "missing before it"),
        ("1+", "S220", 1, "too early"),
        ("*2", "S220", 0, "missing before it"),
        ("[s] in won", "S220", 7, "parentheses"),
        ("[s] in ()", "S220", 0, "missing"),
        ("#WAT!", "S220", 0, "error value"),
        ("1+" * 5000 + "1" + ")" * 3, "S220", 10001, "without"),
        ("(" * 500 + "1" + ")" * 500, "S220", 100, "deeply"),
        ("-" * 500 + "1", "S220", 100, "deeply"),
    ],
)
def test_mistake_is_named_at_its_place(text: str, code: str, offset: int, says: str) -> None:
    parsed = parse(text)
    assert parsed.root is None
    (problem,) = parsed.problems
    assert (problem.code, problem.offset) == (ProblemCode(code), offset)
    assert says in problem.message + " " + problem.remedy


@given(st.text(alphabet='[]()"ab1.,=<>+-*/^&%:#（），“” \t\n在in not', max_size=30))
def test_any_text_parses_or_has_one_problem_inside_it(text: str) -> None:
    parsed = parse(text)
    assert (parsed.root is None) == (len(parsed.problems) == 1)
    for problem in parsed.problems:
        assert 0 <= problem.offset <= len(text)
        assert problem.length >= 1
