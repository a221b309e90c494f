"""What is ours and was broken is restored, and said so."""

from __future__ import annotations

import re

import pytest
from tests.refresh.small_world import TODAY, View, member, sheet_part, typed, with_cell, with_parts, with_text

from crmsheet import api
from crmsheet.refresh import NoteKind

TABLE = "xl/tables/table1.xml"


def test_nothing_is_written_after_a_build(small: bytes) -> None:
    done = api.refresh(small, name="small.xlsx", today=TODAY)
    assert done.content is None
    assert done.notes == ()
    assert done.values_changed == 0


def test_a_typed_over_formula_is_restored_with_the_old_value_named(small: bytes) -> None:
    ref = View.of(small).place("customers", "Revenue", 3)
    done = api.refresh(typed(small, "Customers", {ref: "about 500"}), name="b.xlsx", today=TODAY)
    view, before = View.of(done.content), View.of(small)
    assert view.formula("Customers", ref) == before.formula("Customers", ref)
    assert view.value("Customers", ref) == before.value("Customers", ref)
    notes = [n for n in done.notes if n.kind is NoteKind.FORMULA_RESTORED]
    assert [(n.sheet, n.cell, n.column, n.old) for n in notes] == [("Customers", ref, "Revenue", "about 500")]


def test_a_day_that_is_restored_is_told_as_a_day(small: bytes) -> None:
    ref = View.of(small).place("customers", "Last order", 3)
    done = api.refresh(typed(small, "Customers", {ref: 45000}), name="b.xlsx", today=TODAY)
    notes = [n for n in done.notes if n.kind is NoteKind.FORMULA_RESTORED]
    assert [(n.column, n.old) for n in notes] == [("Last order", "2023-03-15")]
    assert re.fullmatch("2026-[0-9]{2}-[0-9]{2}", notes[0].new)


def test_the_as_of_day_that_was_typed_over_is_told_as_a_day(small: bytes) -> None:
    cell = View.of(small).name("as_of").rpartition("!")[2].replace("$", "")
    done = api.refresh(typed(small, "Settings", {cell: "yesterday"}), name="b.xlsx", today=TODAY)
    assert [(n.old, n.new) for n in done.notes if n.cell == cell] == [("yesterday", "2026-03-31")]


def test_another_formula_in_a_computed_cell_is_replaced_and_named(small: bytes) -> None:
    ref = View.of(small).place("customers", "Revenue", 3)
    content = with_cell(small, "Customers", ref, "><f>1+1</f><v>2</v>")
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert View.of(done.content).formula("Customers", ref) == View.of(small).formula("Customers", ref)
    assert [n.old for n in done.notes if n.kind is NoteKind.FORMULA_RESTORED] == ["=1+1"]


def test_an_emptied_computed_cell_is_filled(small: bytes) -> None:
    ref = View.of(small).place("customers", "Revenue", 3)
    done = api.refresh(typed(small, "Customers", {ref: None}), name="b.xlsx", today=TODAY)
    assert View.of(done.content).value("Customers", ref) == View.of(small).value("Customers", ref)


def test_a_stale_value_is_corrected_and_its_formula_kept(small: bytes) -> None:
    ref = View.of(small).place("customers", "Revenue", 3)
    part = sheet_part(small, "Customers")
    content = with_text(
        small, part, lambda t: re.sub(rf'(<c r="{ref}".*?<v>)[^<]*(</v>)', r"\g<1>777\2", t, count=1)
    )
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert done.content is not None
    assert View.of(done.content).value("Customers", ref) == View.of(small).value("Customers", ref)
    assert done.values_changed == 1
    assert not [n for n in done.notes if n.kind is NoteKind.FORMULA_RESTORED]


@pytest.mark.parametrize(
    ("pattern", "what"),
    [
        (r"<calculatedColumnFormula>.*?</calculatedColumnFormula>", "column formulas"),
        (r"<tableStyleInfo[^>]*/>", "table style"),
        (r"<autoFilter[^>]*/>", "filter buttons"),
    ],
)
def test_what_other_programs_drop_of_a_table_is_restored(small: bytes, pattern: str, what: str) -> None:
    content = with_text(small, TABLE, lambda t: re.sub(pattern, "", t))
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    notes = [n for n in done.notes if n.kind is NoteKind.TABLE_REPAIRED]
    assert len(notes) == 1
    assert what in notes[0].new
    assert done.content is not None
    assert re.findall(pattern, member(done.content, TABLE).decode())
    assert api.refresh(done.content, name="b.xlsx", today=TODAY).content is None


def test_a_table_that_was_made_shorter_takes_its_rows_back(small: bytes) -> None:
    content = with_text(small, TABLE, lambda t: t.replace("A3:L15", "A3:L12"))
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    view = View.of(done.content)
    assert view.column("customers", "Customer") == View.of(small).column("customers", "Customer")
    assert view.column("customers", "_id") == View.of(small).column("customers", "_id")
    assert not [n for n in done.notes if n.kind in (NoteKind.ROW_COPIED, NoteKind.ROW_DELETED)]


def test_a_table_that_was_made_longer_has_blank_rows_which_are_no_errors(small: bytes) -> None:
    content = with_text(small, TABLE, lambda t: t.replace("A3:L15", "A3:L20"))
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert done.problems == ()
    view = View.of(done.content)
    assert view.column("customers", "_id")[12:] == [None] * 5
    assert view.column("customers", "Revenue")[:12] == View.of(small).column("customers", "Revenue")
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


def test_a_label_of_a_board_is_restored(small: bytes) -> None:
    content = typed(small, "Board", {"B1": "My board"})
    before = View.of(small).value("Board", "B1")
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert View.of(done.content).value("Board", "B1") == before
    assert [n.old for n in done.notes if n.kind is NoteKind.TEXT_RESTORED] == ["My board"]


def test_stale_chart_caches_are_corrected(small: bytes) -> None:
    part = next(n for n in View.of(small).package.parts if n.startswith("xl/charts/chart"))
    content = with_text(
        small, part, lambda t: re.sub(r"(<c:numCache>.*?<c:v>)[^<]*(</c:v>)", r"\g<1>424242\2", t, count=1)
    )
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert done.content is not None
    assert member(done.content, part) == member(small, part)


def test_a_chart_that_people_copied_elsewhere_is_kept_fresh(small: bytes) -> None:
    view = View.of(small)
    chart = next(n for n in view.package.parts if n.startswith("xl/charts/chart"))
    drawing = next(n for n in view.package.parts if re.fullmatch(r"xl/drawings/drawing\d+\.xml", n))
    sheet = "xl/worksheets/sheet1.xml"
    assert "_rels/sheet1.xml.rels" not in "".join(view.package.parts)
    stale = re.sub(
        r"(<c:numCache>.*?<c:v>)[^<]*(</c:v>)", r"\g<1>424242\2", member(small, chart).decode(), count=1
    )
    relationships = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    old_rels = drawing.replace("drawings/", "drawings/_rels/") + ".rels"
    content = with_parts(
        small,
        {
            "xl/charts/chart77.xml": stale.encode(),
            "xl/drawings/drawing77.xml": member(small, drawing),
            "xl/drawings/_rels/drawing77.xml.rels": member(small, old_rels).replace(
                chart.rpartition("/")[2].encode(), b"chart77.xml"
            ),
            "xl/worksheets/_rels/sheet1.xml.rels": relationships.format(
                f'<Relationship Id="rId1" Type="{kind}drawing" Target="../drawings/drawing77.xml"/>'
            ).encode(),
            sheet: member(small, sheet).replace(
                b"</worksheet>",
                f'<drawing xmlns:r="{kind[:-1]}" r:id="rId1"/></worksheet>'.encode(),
            ),
            "[Content_Types].xml": member(small, "[Content_Types].xml").replace(
                b"</Types>",
                b'<Override PartName="/xl/charts/chart77.xml" ContentType="application/vnd.openxml'
                b'formats-officedocument.drawingml.chart+xml"/>'
                b'<Override PartName="/xl/drawings/drawing77.xml" ContentType="application/vnd.openxml'
                b'formats-officedocument.drawing+xml"/></Types>',
            ),
        },
    )
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert done.content is not None
    assert member(done.content, "xl/charts/chart77.xml") == member(small, chart)


def test_the_calculation_chain_goes_only_with_a_formula(small: bytes) -> None:
    ref = View.of(small).place("customers", "Remark", 0)
    done = api.refresh(typed(small, "Customers", {ref: "new remark"}), name="b.xlsx", today=TODAY)
    assert done.content is not None
    workbook = member(done.content, "xl/workbook.xml").decode()
    assert workbook == member(small, "xl/workbook.xml").decode(), (
        "no value changed, so nothing to recalculate"
    )


def test_excel_is_asked_to_recalculate_when_a_value_changed(small: bytes) -> None:
    ref = View.of(small).place("orders", "Amount", 0)
    done = api.refresh(typed(small, "Orders", {ref: 5000.0}), name="b.xlsx", today=TODAY)
    assert done.content is not None
    assert b'fullCalcOnLoad="1"' in member(done.content, "xl/workbook.xml")
