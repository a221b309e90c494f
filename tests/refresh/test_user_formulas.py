"""Formulas that people wrote and that read our cells: recomputed where we can, else left and named."""

from __future__ import annotations

import io
from collections.abc import Mapping

import openpyxl
import pytest
from tests.judge.package import Value
from tests.refresh.small_world import (
    TODAY,
    View,
    member,
    members,
    sheet_part,
    typed,
    with_cells,
    with_parts,
    with_text,
)

from crmsheet import api
from crmsheet.api.refreshing import Refreshed
from crmsheet.refresh import NoteKind

STALE = "-1"


def refreshed(content: bytes, formulas: Mapping[str, str], amount: float = 5000.0) -> tuple[Refreshed, View]:
    """People wrote formulas on Orders, right of the table, and changed an amount."""
    cells = {ref: f"><f>{text}</f><v>{STALE}</v>" for ref, text in formulas.items()}
    content = with_cells(content, "Orders", cells)
    content = typed(content, "Orders", {View.of(content).place("orders", "Amount", 0): amount})
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    return done, View.of(done.content)


def revenue(view: View) -> list[float]:
    return [v for v in view.column("customers", "Revenue") if isinstance(v, float)]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("SUM(Customers!E4:E15)", sum),
        ("SUM(customers[Revenue])", sum),
        ("SUM(Customers!E:E)", sum),
        ("MAX(customers[Revenue])*1", max),
        ("IF(SUM(Customers!$E$4:$E$15)&gt;0,SUM(customers[[#All],[Revenue]]),0)", sum),
    ],
)
def test_a_formula_that_reads_our_cells_is_recomputed(small: bytes, formula: str, expected: object) -> None:
    done, view = refreshed(small, {"L20": formula})
    assert callable(expected)
    assert view.value("Orders", "L20") == pytest.approx(expected(revenue(view)))
    assert view.formula("Orders", "L20") is not None
    notes = [n for n in done.notes if n.kind is NoteKind.USER_FORMULA_COMPUTED]
    assert [(n.sheet, n.cell, n.old) for n in notes] == [("Orders", "L20", "-1")]
    assert api.refresh(member_content(done), name="b.xlsx", today=TODAY).content is None


def member_content(done: Refreshed) -> bytes:
    assert done.content is not None
    return done.content


def test_chains_of_formulas_are_followed(small: bytes) -> None:
    _, view = refreshed(small, {"L20": "L21*2", "L21": "SUM(customers[Revenue])", "L22": 'L20&amp;" in all"'})
    total = sum(revenue(view))
    assert view.value("Orders", "L20") == pytest.approx(2 * total)
    assert view.value("Orders", "L22") == f"{2 * total:.0f} in all"


def test_a_formula_with_an_unknown_function_is_left_and_named(small: bytes) -> None:
    done, view = refreshed(small, {"L20": "OURS(customers[Revenue])", "L21": "L20+1"})
    assert view.value("Orders", "L20") == -1
    left = [n for n in done.notes if n.kind is NoteKind.USER_FORMULA_LEFT]
    assert [(n.sheet, n.cell) for n in left] == [("Orders", "L20"), ("Orders", "L21")]
    assert "OURS" in left[0].old
    assert b'fullCalcOnLoad="1"' in member(member_content(done), "xl/workbook.xml")


def test_formulas_that_read_nothing_of_ours_are_left_alone(small: bytes) -> None:
    done, view = refreshed(small, {"L20": "1+1", "L21": "L20*3", "L22": "OURS(1)"})
    assert [view.value("Orders", ref) for ref in ("L20", "L21", "L22")] == [-1, -1, -1]
    assert not [n for n in done.notes if n.kind.startswith("user formula")]


def test_circles_of_people_s_formulas_are_left(small: bytes) -> None:
    done, view = refreshed(small, {"L20": "L21+Customers!E4", "L21": "L20+1"})
    assert view.value("Orders", "L20") == -1
    assert [n.kind for n in done.notes if n.cell in ("L20", "L21")] == [NoteKind.USER_FORMULA_LEFT] * 2


def test_array_formulas_are_left_and_named(small: bytes) -> None:
    content = with_cells(
        small, "Orders", {"L20": '><f t="array" ref="L20">SUM(customers[Revenue]*2)</f><v>-1</v>'}
    )
    done, view = refreshed(content, {})
    assert view.value("Orders", "L20") == -1
    assert [n.cell for n in done.notes if n.kind is NoteKind.USER_FORMULA_LEFT] == ["L20"]


def test_shared_formulas_of_people_are_recomputed(small: bytes) -> None:
    content = with_cells(
        small,
        "Customers",
        {
            "N4": '><f t="shared" ref="N4:N6" si="7">E4*2</f><v>-1</v>',
            "N5": '><f t="shared" si="7"/><v>-1</v>',
            "N6": '><f t="shared" si="7"/><v>-1</v>',
        },
    )
    _, view = refreshed(content, {})
    changed = [
        n
        for n, (old, new) in enumerate(zip(revenue(View.of(small)), revenue(view), strict=True))
        if old != new
    ]
    for number in range(3):
        expected = revenue(view)[number] * 2 if number in changed else -1
        assert view.value("Customers", f"N{4 + number}") == expected
    assert set(changed) & {0, 1, 2}


def test_names_of_people_are_followed(small: bytes) -> None:
    content = with_text(
        small,
        "xl/workbook.xml",
        lambda t: t.replace(
            "</definedNames>",
            '<definedName name="zz_all">Customers!$E$4:$E$15</definedName>'
            '<definedName name="zz_sum">SUM(zz_all)</definedName></definedNames>',
        ),
    )
    _, view = refreshed(content, {"L20": "SUM(zz_all)", "L21": "zz_sum/2"})
    assert view.value("Orders", "L20") == pytest.approx(sum(revenue(view)))
    assert view.value("Orders", "L21") == pytest.approx(sum(revenue(view)) / 2)


def test_a_formula_that_fails_has_its_error(small: bytes) -> None:
    _, view = refreshed(small, {"L20": "SUM(customers[Revenue])/0"})
    value = view.value("Orders", "L20")
    assert getattr(value, "code", value) == "#DIV/0!"


def test_pivot_tables_are_named_and_not_touched(small: bytes) -> None:
    part = sheet_part(small, "Guide")
    rels = part.replace("worksheets/", "worksheets/_rels/") + ".rels"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/pivotTable"
    pivot = (
        b'<pivotTableDefinition xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        b'name="Sales by region" cacheId="1"><location ref="L3:M9"/></pivotTableDefinition>'
    )
    content = with_parts(
        small,
        {
            "xl/pivotTables/pivotTable1.xml": pivot,
            rels: (
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                f'<Relationship Id="rId1" Type="{kind}" Target="../pivotTables/pivotTable1.xml"/></Relationships>'
            ).encode(),
            "[Content_Types].xml": member(small, "[Content_Types].xml").replace(
                b"</Types>",
                b'<Override PartName="/xl/pivotTables/pivotTable1.xml" ContentType="application/vnd.openxml'
                b'formats-officedocument.spreadsheetml.pivotTable+xml"/></Types>',
            ),
        },
    )
    done, _ = refreshed(content, {})
    assert [n.old for n in done.notes if n.kind is NoteKind.PIVOT_LEFT] == ["Sales by region"]
    assert member(member_content(done), "xl/pivotTables/pivotTable1.xml") == pivot


def test_values_of_many_kinds_pass_through(small: bytes) -> None:
    values: dict[str, Value] = {"M20": "text", "M21": True, "M22": 2.5}
    content = typed(small, "Orders", values)
    _, view = refreshed(content, {"L20": 'M20&amp;IF(M21,"!","?")&amp;M22&amp;SUM(customers[Revenue])'})
    assert view.value("Orders", "L20") == f"text!2.5{sum(revenue(view)):.0f}"


def without_values(content: bytes, formulas: Mapping[str, str]) -> bytes:
    """Formulas without any value on a sheet of people's, in a workbook that is otherwise up to date."""
    cells = {ref: f"><f>{text}</f>{rest}" for ref, (text, rest) in _halves(formulas).items()}
    return with_cells(content, "Guide", cells)


def _halves(formulas: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Programs leave a value out in three ways."""
    ways = ("", "<v></v>", "<v/>")
    return {ref: (text, ways[n % 3]) for n, (ref, text) in enumerate(formulas.items())}


def test_formulas_without_value_get_theirs(small: bytes) -> None:
    content = without_values(small, {"N20": "1+1", "N21": "N20*3", "N22": "Customers!A4", "N23": "N21/0"})
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    view = View.of(done.content)
    assert [view.value("Guide", f"N{row}") for row in (20, 21, 22)] == [2, 6, "Company 01"]
    error = view.value("Guide", "N23")
    assert getattr(error, "code", error) == "#DIV/0!"
    assert [view.formula("Guide", f"N{row}") for row in (20, 21)] == ["1+1", "N20*3"]
    assert [(n.kind, n.sheet, n.new) for n in done.notes] == [(NoteKind.USER_FORMULAS_FILLED, "Guide", "4")]
    assert done.values_changed == 0
    again = api.refresh(member_content(done), name="b.xlsx", today=TODAY)
    assert (again.content, again.notes) == (None, ())


def test_formulas_with_a_value_are_left_when_others_get_theirs(small: bytes) -> None:
    content = with_cells(without_values(small, {"N20": "1+1"}), "Guide", {"N21": "><f>N20*3</f><v>-1</v>"})
    view = View.of(api.refresh(content, name="b.xlsx", today=TODAY).content)
    assert [view.value("Guide", ref) for ref in ("N20", "N21")] == [2, -1]


def test_an_empty_text_is_a_value(small: bytes) -> None:
    content = with_cells(
        small, "Guide", {"N20": ' t="str"><f>1+1</f><v></v>', "N21": ' t="str"><f>1+1</f><v/>'}
    )
    assert api.refresh(content, name="b.xlsx", today=TODAY).content is None


def test_formulas_without_value_that_we_cannot_compute_are_left_to_excel(small: bytes) -> None:
    content = without_values(small, {"N20": "OURS(1)", "N21": "N20+1", "N22": "'[other.xlsx]A'!A1"})
    content = with_cells(content, "Guide", {"N24": '><f t="array" ref="N24:N25">{1;2}*2</f>'})
    content = with_text(content, "xl/workbook.xml", lambda t: t.replace(' fullCalcOnLoad="1"', ""))
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    left = [n.cell for n in done.notes if n.kind is NoteKind.USER_FORMULA_LEFT]
    assert left == ["N20", "N21", "N22", "N24"] == [n.cell for n in done.notes]
    before, after = members(content), members(member_content(done))
    changed = [name for name in before if before[name] != after[name]]
    assert changed == [sheet_part(content, "Board"), sheet_part(content, "_crmsheet"), "xl/workbook.xml"], (
        "the day of the refresh stands on boards, the seal beside the record"
    )
    assert b'fullCalcOnLoad="1"' in after["xl/workbook.xml"]
    assert api.refresh(member_content(done), name="b.xlsx", today=TODAY).content is None


def test_shared_formulas_without_value_get_theirs(small: bytes) -> None:
    content = with_cells(
        small,
        "Guide",
        {
            "N20": '><f t="shared" ref="N20:N22" si="7">O20*2</f>',
            "N21": '><f t="shared" si="7"/><v></v>',
            "N22": '><f t="shared" si="7"/>',
            "O20": "><v>3</v>",
            "O21": "><v>4</v>",
            "O22": "><v>5</v>",
        },
    )
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert [View.of(done.content).value("Guide", f"N{row}") for row in (20, 21, 22)] == [6, 8, 10]
    assert b'<f t="shared" si="7"/><v>8</v>' in member(member_content(done), sheet_part(content, "Guide"))


def test_everything_has_a_value_again_after_openpyxl(small: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(with_cells(small, "Guide", {"N20": "><f>2*3</f><v>6</v>"})))
    sheet = book.create_sheet("Mine")
    sheet["A1"], sheet["A2"], sheet["A3"] = "=SUM(B1:B9)", "x", '=A2&"!"'
    sheet["B1"], sheet["B2"] = 4, "=Guide!N20+1"
    stream = io.BytesIO()
    book.save(stream)
    view = View.of(api.refresh(stream.getvalue(), name="b.xlsx", today=TODAY).content)
    assert view.value("Guide", "N20") == 6
    assert [view.value("Mine", ref) for ref in ("A1", "A3", "B2")] == [11, "x!", 7]
