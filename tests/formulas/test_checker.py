"""Names, types and functions of expressions: what is resolved, and what is said about mistakes."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest

from crmsheet.formulas.checker import Checked, check
from crmsheet.formulas.functions import Type
from crmsheet.formulas.render import to_spec
from crmsheet.formulas.scope import Known, ValueType
from crmsheet.formulas.tree import Binary, Call, Cell, Column, Item, Measure, Name, Node, Text

FIELDS = {
    "customers": {
        "name": Known(ValueType.TEXT),
        "stage": Known(ValueType.CHOICE, "stage"),
        "revenue": Known(ValueType.NUMBER),
        "next": Known(ValueType.DATE, maybe_blank=True),
        "last": Known(ValueType.DATE, maybe_empty_text=True),
        "金额": Known(ValueType.NUMBER),
    },
    "deals": {
        "customer": Known(ValueType.REFERENCE),
        "value": Known(ValueType.NUMBER),
        "stage": Known(ValueType.CHOICE, "stage"),
        "closed": Known(ValueType.DATE),
    },
}
NAMES = {
    "as_of": Known(ValueType.DATE),
    "stale_months": Known(ValueType.NUMBER),
    "holidays": Known(ValueType.DATE, several=True),
    "focus": Known(ValueType.CHOICE, "stage"),
}
STALE: Node = Binary("<", Cell("customers", "last"), Name("as_of"))


class SalesScope:
    """A small spec."""

    def __init__(self, table: str = "customers", compatibility: int = 2019) -> None:
        self.table = table
        self.compatibility = compatibility

    def tables(self) -> Collection[str]:
        return FIELDS

    def fields(self, table: str) -> Collection[str]:
        return FIELDS.get(table, {})

    def field(self, table: str, id: str) -> Known | None:
        return FIELDS.get(table, {}).get(id)

    def meant(self, table: str, word: str) -> str:  # noqa: ARG002 - the protocol's words
        return ""

    def rules(self) -> Collection[str]:
        return ("stale",) if self.table == "customers" else ()

    def rule(self, id: str) -> Node | None:
        return STALE if id in self.rules() else None

    def names(self) -> Collection[str]:
        return NAMES

    def name(self, id: str) -> Known | None:
        return NAMES.get(id)

    def metrics(self) -> Collection[str]:
        return ("won", "closed") if not self.table else ()

    def metric(self, id: str) -> Known | None:
        return Known(ValueType.NUMBER) if id in self.metrics() else None

    def items(self, list: str) -> Mapping[str, Collection[str]]:
        assert list == "stage"
        return {"new": ("初步接触", "New"), "won": ("赢单", "Won"), "lost": ("输单", "Lost")}


def checked(text: str, table: str = "customers", compatibility: int = 2019) -> Checked:
    return check(text, SalesScope(table, compatibility))


def tree(text: str, table: str = "customers") -> Node:
    found = checked(text, table)
    assert found.node is not None, found.problems
    return found.node


def test_names_become_nodes() -> None:
    assert tree("[name]") == Cell("customers", "name")
    assert tree("SUM(deals[value])") == Call("SUM", (Column("deals", "value"),))
    assert tree("as_of") == Name("as_of")
    assert tree("[stale]") == STALE
    assert tree("won/closed", "") == Binary("/", Measure("won"), Measure("closed"))
    assert tree("[金额]") == Cell("customers", "金额")


def test_text_compared_with_a_choice_names_a_list_item() -> None:
    stage, won = Cell("customers", "stage"), Item("stage", "won")
    assert tree('[stage]="won"') == Binary("=", stage, won)
    assert tree('"won"<>[stage]') == Binary("<>", won, stage)
    assert tree('[stage]=""') == Binary("=", stage, Text(""))
    assert tree('focus="won"') == Binary("=", Name("focus"), won)
    assert tree('COUNTIFS(deals[stage],"won")') == Call("COUNTIFS", (Column("deals", "stage"), won))
    assert tree('COUNTIFS(deals[stage],"<>won")') == Call(
        "COUNTIFS", (Column("deals", "stage"), Binary("&", Text("<>"), won))
    )
    assert tree('MATCH("won",deals[stage],0)').arguments[0] == won  # type: ignore[union-attr]
    assert tree('SWITCH([stage],"won",1,0)').arguments[1] == won  # type: ignore[union-attr]
    assert tree('SUMPRODUCT((deals[stage]="won")*deals[value])') == Call(
        "SUMPRODUCT",
        (Binary("*", Binary("=", Column("deals", "stage"), won), Column("deals", "value")),),
    )


def test_in_means_one_of() -> None:
    stage = Cell("customers", "stage")
    either = Call("OR", tuple(Binary("=", stage, Item("stage", i)) for i in ("won", "lost")))
    assert tree('[stage] in ("won","lost")') == either
    assert tree('[stage] not in ("won","lost")') == Call("NOT", (either,))
    assert tree('[stage] in ("won")') == Binary("=", stage, Item("stage", "won"))
    assert tree("[revenue] in (1, 2)+0=TRUE", "customers") is not None


@pytest.mark.parametrize(
    ("text", "code", "marked", "says"),
    [
        ("[nmae]", "S221", "nmae", "Did you mean name?"),
        ('[stage]="wonn"', "S221", '"wonn"', 'Did you mean "won"?'),
        ('[stage]="赢单"', "S221", '"赢单"', 'by id: "won"'),
        ('COUNTIFS(deals[stage],"<>wonn")', "S221", '"<>wonn"', 'Did you mean "won"?'),
        ("deal[value]", "S221", "deal", "Did you mean deals?"),
        ("SUM(deals[valeu])", "S221", "valeu", "Did you mean value?"),
        ("as_off", "S221", "as_off", "Did you mean as_of?"),
        ("revenue*2", "S221", "revenue", "[revenue]"),
        ("SUMM(1)", "S225", "SUMM", "Did you mean SUM?"),
        ("XLOOKUP(1,2,3)", "S225", "XLOOKUP", "INDEX"),
        ("TODAY()", "S225", "TODAY", "as_of"),
        ("ROUND(1)", "S225", "ROUND", "needs 2 arguments"),
        ("LEFT([name],1,2)", "S225", "LEFT", "at most 2"),
        ("COUNTIFS(deals[value],1,deals[stage])", "S225", "COUNTIFS", "groups of 2"),
        ("PI(1)", "S225", "PI", "takes none"),
        ("deals[value]*2", "S222", "deals[value]", "SUMIFS"),
        ("customers[revenue]*2", "S222", "customers[revenue]", "[revenue]"),
        ("holidays+1", "S222", "holidays", "several cells"),
        ("SUM(deals[value]*2)", "S222", "deals[value]", "whole column"),
        ("SUMPRODUCT(IF(deals[value]>1,1,0))", "S225", "IF", "whole columns"),
        ("COUNTIF(5,1)", "S222", "5", "needs a column"),
        ('[next]>"2025-01-01"', "S222", '"2025-01-01"', "DATE(2025,3,9)"),
        ('[revenue]="12"', "S222", '"12"', "always FALSE"),
        ('"abc"*2', "S222", '"abc"', "number is needed"),
        ("[stage]*2", "S222", "[stage]", "number is needed"),
        ('ROUND("x",1)', "S222", '"x"', "needs a number"),
        ("1:2", "S222", "1", "cells"),
    ],
)
def test_mistake_has_code_place_and_remedy(text: str, code: str, marked: str, says: str) -> None:
    found = checked(text)
    assert found.node is None
    problem = next(p for p in found.problems if not p.warning)
    assert problem.code == code
    assert text[problem.offset : problem.offset + problem.length] == marked
    assert says in f"{problem.message} {problem.remedy}"


def test_all_mistakes_are_reported_at_once() -> None:
    found = checked("[a]+[b]+FOO(c)")
    assert [problem.offset for problem in found.problems] == [0 + 1, 4 + 1, 8, 12]


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("[last]>as_of", 'AND([last]<>"", [last]>as_of)'),
        ("as_of<=[last]", 'AND([last]<>"", as_of<=[last])'),
        ("[next]<as_of", 'AND([next]<>"", [next]<as_of)'),
        ('IF([last]="","",1)>90', "<>"),
    ],
)
def test_comparison_decided_by_emptiness_is_warned_of(text: str, remedy: str) -> None:
    expected = 'IF([last]="","",1)>90' in text
    found = checked(text)
    warnings = [p for p in found.problems if p.code == "S223"]
    assert found.node is not None
    assert len(warnings) == 1
    assert warnings[0].warning
    assert remedy in warnings[0].remedy
    assert not expected or "AND(" in warnings[0].remedy


@pytest.mark.parametrize(
    "text",
    [
        "[last]<as_of",
        '[last]=""',
        'AND([last]<>"", [last]>as_of)',
        "AND(ISNUMBER([next]),[next]<as_of)",
        "[next]>as_of",
        "[revenue]<10",
    ],
)
def test_comparison_that_emptiness_cannot_decide_is_not_warned_of(text: str) -> None:
    assert checked(text).problems == ()


def test_text_used_as_number_is_a_warning_only() -> None:
    found = checked("[name]*2")
    assert found.node is not None
    assert [p.warning for p in found.problems] == [True]


@pytest.mark.parametrize(
    ("text", "expected", "empty"),
    [
        ("[revenue]*2", Type.NUMBER, False),
        ("as_of-[next]", Type.NUMBER, False),
        ("as_of+30", Type.DATE, False),
        ("EDATE(as_of,1)", Type.DATE, False),
        ('IF([last]="","",as_of-[last])', Type.NUMBER, True),
        ("MAX(deals[closed])", Type.DATE, False),
        ("MAXIFS(deals[closed],deals[customer],[name])", Type.DATE, False),
        ('[name]&"x"', Type.TEXT, False),
        ("[last]", Type.DATE, True),
        ("[stage]=[stage]", Type.BOOLEAN, False),
        ("IFERROR([revenue],0)", Type.NUMBER, False),
        ('IF([revenue]>1,"a",2)', Type.ANY, False),
        ("INDEX(deals[closed],1)", Type.DATE, False),
    ],
)
def test_type_and_emptiness_are_known_before_any_row(text: str, expected: Type, empty: bool) -> None:
    found = checked(text)
    assert (found.type, found.maybe_empty_text) == (expected, empty)


def test_list_of_a_result_is_known() -> None:
    assert checked('IF([revenue]>1,[stage],"")').list == "stage"
    assert checked("INDEX(deals[stage],1)").list == "stage"


def test_newer_functions_need_a_newer_excel() -> None:
    assert checked('TEXTJOIN(",",TRUE,deals[customer])', compatibility=2016).node is None
    assert checked("MAXIFS(deals[value],deals[customer],[name])", compatibility=2016).node is not None
    assert checked('IFS([revenue]>1,"a",TRUE,"b")', compatibility=2016).node is not None
    found = checked("MAXIFS(deals[value],deals[customer],as_of)", compatibility=2016)
    assert "2019" in found.problems[0].message + found.problems[0].remedy


def test_a_row_is_needed_for_its_cells() -> None:
    found = checked("[name]", "")
    assert found.node is None
    assert "table[field]" in found.problems[0].remedy


def test_trees_are_written_back() -> None:
    for text in ('IF([last]="","",as_of-[last])', '[stage]="won"', "SUM(deals[value])/2", "-[revenue]^2"):
        assert to_spec(tree(text), "customers") == text
