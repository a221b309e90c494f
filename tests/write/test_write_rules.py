"""Validations and conditional formats: which cells, which addresses."""

from __future__ import annotations

from dataclasses import replace
from xml.etree.ElementTree import fromstring

import pytest
from tests.judge.package import Element, Package, children, descendants, items, local
from tests.write.sample_plans import deals_table, everything, written_bytes

from crmsheet.errors import InternalError
from crmsheet.excel.references import RangeRef
from crmsheet.formulas.tree import Binary, Call, Cell, Column, Name, Number, Text
from crmsheet.plan.book import Plan
from crmsheet.plan.cells import CellHighlight, ErrorStyle, Validation, ValidationKind
from crmsheet.plan.looks import Highlight
from crmsheet.plan.rules import PlacedHighlight
from crmsheet.plan.tables import RowHighlight
from crmsheet.sheetml.ruleedits import format_xml
from crmsheet.write.rules import rows_ruled


def sheet(plan: Plan, name: str = "商机") -> Element:
    package = Package(written_bytes(plan))
    return package.root(package.sheet(name).part)


def with_validation(rule: Validation) -> Plan:
    plan = everything()
    table = plan.tables[0]
    columns = (*table.columns[:1], replace(table.columns[1], validation=rule), *table.columns[2:])
    return replace(plan, tables=(replace(table, columns=columns),))


def validation(rule: Validation) -> Element:
    found = items(sheet(with_validation(rule)), "dataValidations")
    return next(v for v in found if v.get("sqref") == "B5:B1008")


def formulas(element: Element) -> list[str]:
    return [f.text for f in element]


def test_rules_reach_the_room_below_the_table() -> None:
    assert rows_ruled(deals_table(())) == (4, 1004)
    assert rows_ruled(replace(deals_table(()), row=1_048_000)) == (1_048_001, 1_048_575)


def test_a_list_comes_from_a_name() -> None:
    found = validation(Validation(ValidationKind.LIST, Name("stages")))
    assert found.get("type") == "list"
    assert formulas(found) == ["阶段列表"]


def test_limits_on_one_side_and_on_both() -> None:
    both = validation(Validation(ValidationKind.WHOLE, Number(1), Number(5)))
    assert (both.get("type"), both.get("operator"), formulas(both)) == ("whole", None, ["1", "5"])
    least = validation(Validation(ValidationKind.DATE, Number(45000)))
    assert (least.get("type"), least.get("operator"), formulas(least)) == (
        "date",
        "greaterThanOrEqual",
        ["45000"],
    )
    most = validation(Validation(ValidationKind.TEXT_LENGTH, None, Number(9)))
    assert (most.get("type"), most.get("operator"), formulas(most)) == (
        "textLength",
        "lessThanOrEqual",
        ["9"],
    )


def test_a_custom_rule_speaks_of_its_own_row_and_of_whole_columns_by_range() -> None:
    once = Binary("=", Call("COUNTIF", (Column("deals", "name"), Cell("deals", "name"))), Number(1))
    found = validation(
        Validation(
            ValidationKind.CUSTOM, once, ignore_blank=False, error_style=ErrorStyle.WARNING, error="twice"
        )
    )
    assert formulas(found) == ["COUNTIF($A$5:$A$1008,$A5)=1"]
    assert found.get("errorStyle") == "warning"
    assert found.get("allowBlank") is None
    assert found.get("error") == "twice"


def test_text_that_looks_like_a_new_function_stays_text() -> None:
    rule = Binary("<>", Cell("deals", "name"), Text("SORT(a) UNIQUE(b)"))
    assert formulas(validation(Validation(ValidationKind.CUSTOM, rule))) == ['$A5<>"SORT(a) UNIQUE(b)"']


def test_a_note_is_the_headers_prompt() -> None:
    found = next(v for v in items(sheet(everything()), "dataValidations") if v.get("sqref") == "C4")
    assert (found.get("type"), found.get("promptTitle"), found.get("prompt")) == (None, "阶段", "选一个阶段")


def test_a_long_header_is_cut_to_what_a_prompt_title_holds() -> None:
    plan = everything()
    table = plan.tables[0]
    columns = (*table.columns[:2], replace(table.columns[2], header="阶" * 40), *table.columns[3:])
    found = items(sheet(replace(plan, tables=(replace(table, columns=columns),))), "dataValidations")
    title = next(v.get("promptTitle") for v in found if v.get("sqref") == "C4")
    assert title == "阶" * 31 + "…"


def test_a_validation_without_its_formula_is_our_error() -> None:
    with pytest.raises(InternalError, match="has no formula"):
        written_bytes(with_validation(Validation(ValidationKind.LIST)))


@pytest.mark.parametrize(
    "rule",
    [
        Validation(ValidationKind.CUSTOM, Binary("=", Cell("deals", "name"), Text("长" * 250))),
        Validation(ValidationKind.LIST, Name("stages"), error="长" * 226),
        Validation(ValidationKind.LIST, Name("stages"), prompt="长" * 256),
        Validation(ValidationKind.LIST, Name("stages"), error_title="长" * 33),
    ],
    ids=["formula", "alert", "prompt", "title"],
)
def test_what_excel_would_repair_is_our_error(rule: Validation) -> None:
    with pytest.raises(InternalError, match="cannot be written"):
        written_bytes(with_validation(rule))


def test_highlights_keep_their_order_and_cover_rows_or_columns() -> None:
    found = [
        (f.get("sqref"), rule.get("priority"), rule.get("stopIfTrue"), formulas(rule))
        for f in children(sheet(everything()), "conditionalFormatting")
        for rule in f
    ]
    assert found == [
        ("A5:H1008", "1", "1", ["$B5>limit"]),
        ("A5:A1008 C5:C1008", "2", None, ['$C5="赢单"']),
    ]


def test_neighbouring_columns_share_one_range() -> None:
    plan = everything()
    highlight = RowHighlight(
        Binary(">", Cell("deals", "amount"), Number(1)), Highlight(bold=True), ("stage", "amount", "_id")
    )
    found = sheet(replace(plan, tables=(replace(plan.tables[0], highlights=(highlight,)),)))
    assert [f.get("sqref") for f in children(found, "conditionalFormatting")] == ["B5:C1008 H5:H1008"]


def test_equal_looks_share_a_differential_format() -> None:
    plan = everything()
    look = Highlight("9C0006", "FFC7CE", border_color="FF0000")
    rules = tuple(RowHighlight(Binary(">", Cell("deals", "amount"), Number(n)), look) for n in (1, 2))
    package = Package(
        written_bytes(
            replace(
                plan, tables=(replace(plan.tables[0], highlights=rules),), blocks=plan.blocks[1:], charts=()
            )
        )
    )
    root = package.root(package.sheet("商机").part)
    assert len({rule.get("dxfId") for rule in descendants(root, "cfRule")}) == 1
    assert len(items(package.root("xl/styles.xml"), "dxfs")) == 1


def test_a_blocks_rules_are_relative_to_its_cells_and_name_no_own_sheet() -> None:
    board = sheet(everything(), "看板 O'Neil")
    first, bar = children(board, "conditionalFormatting")
    assert (first.get("sqref"), formulas(first[0])) == ("B3:C4", ["B3<0"])
    assert (bar.get("sqref"), bar[0].get("type")) == ("B3", "dataBar")
    (rule,) = items(board, "dataValidations")
    assert (rule.get("sqref"), formulas(rule)) == ("C4", ["阶段列表"])


@pytest.mark.parametrize("colors", [("F7FBFF", "6BAED6"), ("F7FBFF", "C6DBEF", "6BAED6")])
def test_a_colour_scale_is_built_as_it_is_mended(colors: tuple[str, ...]) -> None:
    plan = everything()
    block = next(b for b in plan.blocks if any(h.data_bar for h in b.highlights))
    scaled = replace(block, highlights=(CellHighlight(0, 0, 1, 1, None, scale=colors),))
    board = sheet(
        replace(plan, blocks=tuple(scaled if b is block else b for b in plan.blocks)), "看板 O'Neil"
    )
    (built,) = children(board, "conditionalFormatting")
    rule = PlacedHighlight((RangeRef(0, 0, 1, 1),), "", scale=colors)
    mended = fromstring(format_xml(rule, 0, 1, "").decode())
    assert steps(built) == steps(mended)


def steps(element: Element) -> list[tuple[str, dict[str, str]]]:
    """The limits and colours of a scale, in order. A smallest or largest value has no number that says anything."""
    found = [(local(e), dict(e.attrib)) for e in element.iter() if local(e) in ("cfvo", "color")]
    return [(n, {"type": a["type"]} if a.get("type") in ("min", "max") else a) for n, a in found]
