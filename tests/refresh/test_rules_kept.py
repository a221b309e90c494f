"""Validations and conditional formats of people's, and ours as people changed them: kept, and told where ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from tests.refresh.rules_world import boxes, edited, formats, in_force, pasted, set_formats
from tests.refresh.small_world import SPEC, TODAY, built, member, sheet_part, with_text

from crmsheet import api
from crmsheet.api.building import built_from
from crmsheet.api.refreshing import Refreshed
from crmsheet.model.words import Language
from crmsheet.opc.package import Package
from crmsheet.refresh import NoteKind
from crmsheet.refresh.rules.found import Ours
from crmsheet.refresh.rules.proof import RuleClaim, changed_rules
from crmsheet.sheetml.contents import Contents
from crmsheet.spec import load

RULED = SPEC.replace(
    "      idle: {type: formula",
    "      size: {type: number, label: Size, min: 1, max: 9}\n      idle: {type: formula",
).replace(
    "  orders:\n    label: Orders\n",
    "    rules:\n"
    "      - {id: silent, when: '[last_order]=\"\"', column: last_order, style: muted, label: Silent}\n"
    "      - {id: big, when: '[revenue]>500', column: revenue, style: good, label: Big}\n"
    "  orders:\n    label: Orders\n",
)
CUSTOMERS = "A3:L20 A1010:L1016"


def book(folder: Path, spec: str = RULED) -> bytes:
    path = folder / "ruled.yaml"
    path.write_text(spec, encoding="utf-8")
    rows = {"customers": [{"name": f"Company {n:02}", "region": "East"} for n in range(12)], "orders": []}
    return built_from(load(path), rows, Language.EN, today=TODAY, as_of=dt.date(2026, 3, 31)).content


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return built(tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="module")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return book(tmp_path_factory.mktemp("ruled"))


def refreshed(content: bytes) -> Refreshed:
    return api.refresh(content, name="b.xlsx", today=TODAY)


def told(done: Refreshed, kind: NoteKind) -> list[tuple[str, str, str]]:
    return [(n.cell, n.column, n.old) for n in done.notes if n.kind is kind]


def _validation(workbook: Workbook, sheet: str, first: str) -> DataValidation:
    rules: list[DataValidation] = workbook[sheet].data_validations.dataValidation
    return next(r for r in rules if str(r.sqref).startswith(first + ":") or str(r.sqref) == first)


USERS_RULES = (
    '<conditionalFormatting sqref="A4:B15 A20"><cfRule type="expression" dxfId="0" priority="{}">'
    "<formula>LEN($B4)&gt;3</formula></cfRule></conditionalFormatting>"
    '<conditionalFormatting sqref="M1:M9"><cfRule type="colorScale" priority="{}"><colorScale><cfvo type="min"/>'
    '<cfvo type="max"/><color rgb="FFFF0000"/><color rgb="FF00FF00"/></colorScale></cfRule></conditionalFormatting>'
)
USERS_VALIDATION = (
    '<dataValidation sqref="N4:N9 P3" type="whole"  allowBlank="1" showErrorMessage="1"><formula1>N3+1</formula1>'
    "<formula2>99</formula2></dataValidation>"
)


def test_peoples_rules_stay_byte_for_byte_beside_restored_ones(small: bytes) -> None:
    part = sheet_part(small, "Customers")

    def edit(text: str) -> str:
        start, end = text.index("<conditionalFormatting"), text.index("<dataValidations")
        ours = text[start:end].replace('priority="3"', 'priority="7"')
        lost = ours[ours.index("<cfRule") : ours.index("</cfRule>") + len("</cfRule>")]
        theirs = USERS_RULES.format(3, 5)
        text = text[:start] + theirs + ours.replace(lost, "") + text[end:]
        at = text.index("</dataValidations>")
        first = text.index("<dataValidation ")
        return (
            text[:first]
            + text[text.index("<dataValidation ", first + 1) : at]
            + USERS_VALIDATION
            + text[at:].replace('count="14"', 'count="14"')
        )

    content = with_text(small, part, edit)
    done = refreshed(content)
    assert done.content is not None
    after = member(done.content, part).decode()
    assert USERS_VALIDATION in after
    first, second = USERS_RULES.format(3, 5).split("</conditionalFormatting>")[:2]
    assert first in after
    assert second in after
    notes = told(done, NoteKind.RULE_RESTORED)
    assert [n[2].rpartition(": ")[2] for n in notes] == ["1 cell had none", "it was gone"]
    assert in_force(done.content, "Customers", "N3:P10") == in_force(content, "Customers", "N3:P10")


def test_another_validation_on_a_whole_column_is_peoples_choice(small: bytes) -> None:
    def change(workbook: Workbook) -> None:
        rule = _validation(workbook, "Customers", "B4")
        rule.formula1, rule.prompt = '"East,West"', "Only these"

    content = edited(small, change)
    done = refreshed(content)
    assert done.content is None or in_force(done.content, "Customers", CUSTOMERS) == in_force(
        content, "Customers", CUSTOMERS
    )
    assert told(done, NoteKind.RULE_KEPT) == [("B4:B15", "Region", "another validation that people chose")]


def test_another_validation_on_all_rows_is_peoples_choice_too(small: bytes) -> None:
    def change(workbook: Workbook) -> None:
        rule = _validation(workbook, "Customers", "C4")
        rule.sqref = "C16:C1015"
        mine = DataValidation(type="whole", operator="between", formula1="1", formula2="9", sqref="C4:C15")
        workbook["Customers"].add_data_validation(mine)

    done = refreshed(edited(small, change))
    assert told(done, NoteKind.RULE_KEPT) == [("C4:C15", "Since", "another validation that people chose")]
    assert told(done, NoteKind.RULE_RESTORED) == []


def test_another_validation_on_some_rows_is_not(small: bytes) -> None:
    def change(workbook: Workbook) -> None:
        rule = _validation(workbook, "Customers", "C4")
        rule.sqref = "C4:C6 C9:C1015"
        mine = DataValidation(
            type="whole", operator="between", formula1="1", formula2="9", sqref="C7:C8 Z7:Z8"
        )
        workbook["Customers"].add_data_validation(mine)

    content = edited(small, change)
    done = refreshed(content)
    assert told(done, NoteKind.RULE_RESTORED) == [("C4:C1015", "Since", "validation: 2 cells had another")]
    assert done.content is not None
    assert in_force(done.content, "Customers", CUSTOMERS) == in_force(small, "Customers", CUSTOMERS)
    assert in_force(done.content, "Customers", "Z6:Z9") == in_force(content, "Customers", "Z6:Z9")


def test_a_whole_column_of_ours_pasted_over_another_is_not(small: bytes) -> None:
    def paste(workbook: Workbook) -> None:
        pasted(workbook["Customers"], (2, 4, 2, 1015), left=3, top=4)

    done = refreshed(edited(small, paste))
    assert done.content is not None
    assert in_force(done.content, "Customers", CUSTOMERS) == in_force(small, "Customers", CUSTOMERS)


def test_a_validation_that_people_put_below_the_table_stays(small: bytes) -> None:
    def change(workbook: Workbook) -> None:
        rule = _validation(workbook, "Customers", "C4")
        rule.sqref = "C4:C49 C51:C900"
        mine = DataValidation(type="whole", operator="between", formula1="1", formula2="9", sqref="C50")
        workbook["Customers"].add_data_validation(mine)

    content = edited(small, change)
    done = refreshed(content)
    assert done.content is not None
    assert in_force(done.content, "Customers", "C50:C50") == in_force(content, "Customers", "C50:C50")
    here = in_force(done.content, "Customers", "C4:C49 C51:C1015")
    assert here == in_force(small, "Customers", "C4:C49 C51:C1015")


def test_another_look_of_ours_is_peoples_choice(ruled: bytes) -> None:
    def change(workbook: Workbook) -> None:
        found = formats(workbook["Customers"])
        rule = next(r for _, r in found if r.formula == ["AND($K4=1,$F4>500)"] or "F4>500" in r.formula[0])
        rule.dxf.fill = PatternFill(bgColor="FF00B0F0")
        set_formats(workbook["Customers"], found)

    done = refreshed(edited(ruled, change))
    (note,) = told(done, NoteKind.RULE_KEPT)
    assert note[2].endswith("another look that people chose")
    assert told(done, NoteKind.RULE_RESTORED) == []
    again = api.refresh(done.content or edited(ruled, change), name="b.xlsx", today=TODAY)
    assert again.content is None or told(again, NoteKind.RULE_KEPT) == [note]


def test_another_threshold_is_peoples_choice(ruled: bytes) -> None:
    def change(workbook: Workbook) -> None:
        found = formats(workbook["Customers"])
        rule = next(r for _, r in found if "F4>500" in r.formula[0])
        rule.formula = [rule.formula[0].replace("500", "900")]
        set_formats(workbook["Customers"], found)

    content = edited(ruled, change)
    done = refreshed(content)
    (note,) = told(done, NoteKind.RULE_KEPT)
    assert note[2].endswith("another condition that people chose")
    assert in_force(done.content or content, "Customers", CUSTOMERS) == in_force(
        content, "Customers", CUSTOMERS
    )


def test_an_own_format_over_ours_keeps_its_place_in_the_order(small: bytes) -> None:
    def change(workbook: Workbook) -> None:
        sheet = workbook["Customers"]
        mine = FormulaRule(formula=["$A4=$B4"], fill=PatternFill(bgColor="FF00B0F0"))
        found = formats(sheet)
        set_formats(sheet, [found[0], ([(1, 4, 4, 15)], mine), *found[2:]])

    done = refreshed(edited(small, change))
    assert done.content is not None
    said = in_force(done.content, "Customers", "A5:B5")
    planned = in_force(small, "Customers", "A5:B5")
    for ref in said:
        mine = [entry for entry in said[ref] if "$A5=$B5" in str(entry)]
        assert len(mine) == 1
        assert tuple(entry for entry in said[ref] if entry not in mine) == planned[ref]
    order = [str(entry[3]) for entry in said["A5"] if isinstance(entry, tuple) and entry[0] == "format"]
    assert order.index("$A5=$B5") == 1


Change = Callable[[str], str]


def follow(content: bytes, folder: Path, change: Change) -> Refreshed:
    path = folder / "changed.yaml"
    spec = change(RULED)
    assert spec != RULED
    path.write_text(spec, encoding="utf-8")
    return api.refresh(content, name="b.xlsx", today=TODAY, spec=path)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda s: s.replace("min: 1, max: 9", "min: 2, max: 7"), id="bounds"),
        pytest.param(lambda s: s.replace("[revenue]>500", "[revenue]>800"), id="condition"),
        pytest.param(lambda s: s.replace("style: good", "style: bad"), id="look"),
        pytest.param(lambda s: s.replace("label: Since}", "label: Since, help: The first day}"), id="prompt"),
        pytest.param(lambda s: s.replace("min: 1, max: 9}", "required: true, min: 1, max: 9}"), id="new"),
        pytest.param(
            lambda s: "".join(line for line in s.splitlines(keepends=True) if "id: big" not in line),
            id="gone",
        ),
    ],
)
def test_rules_follow_a_changed_spec(ruled: bytes, tmp_path: Path, change: Change) -> None:
    done = follow(ruled, tmp_path, change)
    assert done.content is not None
    wanted = in_force(book(tmp_path, change(RULED)), "Customers", CUSTOMERS)
    assert in_force(done.content, "Customers", CUSTOMERS) == wanted
    assert told(done, NoteKind.RULE_RESTORED) == []


def test_a_rule_that_people_and_the_spec_changed_stays_peoples(ruled: bytes, tmp_path: Path) -> None:
    def change(workbook: Workbook) -> None:
        rule = next(
            r
            for r in workbook["Customers"].data_validations.dataValidation
            if r.type == "decimal" and boxes(r.sqref)[0][1] == 4
        )
        rule.formula2 = "8"

    content = edited(ruled, change)
    done = follow(content, tmp_path, lambda s: s.replace("min: 1, max: 9", "min: 2, max: 7"))
    assert done.content is not None
    kept = told(done, NoteKind.RULE_KEPT)
    assert ("E4:E15", "Size", "another validation that people chose; the spec has changed it too") in kept
    assert in_force(done.content, "Customers", "E4:E20") == in_force(content, "Customers", "E4:E20")


def test_the_proof_sees_a_changed_rule_of_peoples(small: bytes) -> None:
    part = sheet_part(small, "Customers")
    with_rules = with_text(
        small, part, lambda t: t.replace("<dataValidations", USERS_RULES.format(8, 9) + "<dataValidations")
    )
    before = Contents(Package.of(with_rules, "b.xlsx"))
    claims = {"Customers": RuleClaim((), Ours(frozenset(), {}))}
    assert list(changed_rules(before, before, claims)) == []
    for old, new in (
        ("LEN($B4)&gt;3", "LEN($B4)&gt;4"),
        ('sqref="A4:B15 A20"', 'sqref="A4:B15"'),
        ('dxfId="0" priority="8"', 'dxfId="1" priority="8"'),
        ('priority="8"', 'priority="10"'),
        ('<color rgb="FFFF0000"/>', '<color rgb="FFFF0001"/>'),
        ("<formula1>list_region<", "<formula1>keys_customers<"),
    ):
        changed = with_text(with_rules, part, lambda t, old=old, new=new: t.replace(old, new))  # type: ignore[misc]
        after = Contents(Package.of(changed, "b.xlsx"))
        assert len(list(changed_rules(before, after, claims))) >= 1, old
