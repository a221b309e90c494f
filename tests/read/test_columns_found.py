"""Tables and columns are found after people renamed and moved them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from tests.judge.package import Value
from tests.refresh.small_world import TODAY, View, typed, with_text

from crmsheet import api
from crmsheet.errors import WorkbookRefused
from crmsheet.refresh import NoteKind

HEADERS = {"Customer": "A", "Region": "B", "Since": "C", "Remark": "D"}


def rearranged(content: bytes, edit: Callable[[openpyxl.worksheet.worksheet.Worksheet], None]) -> bytes:
    """The workbook after openpyxl changed the sheet of customers."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    edit(book["Customers"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def renamed(column: int, to: str) -> Callable[[openpyxl.worksheet.worksheet.Worksheet], None]:
    def edit(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet.cell(3, column).value = to
        sheet.tables["customers"].tableColumns[column - 1].name = to

    return edit


def swapped(
    left: int, right: int, *, ids_too: bool = True
) -> Callable[[openpyxl.worksheet.worksheet.Worksheet], None]:
    """Two columns change places; a program that renumbers gives them ids by position."""

    def edit(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        for row in range(3, 16):
            a, b = sheet.cell(row, left), sheet.cell(row, right)
            a.value, b.value = b.value, a.value
            a._style, b._style = b._style, a._style
        columns = sheet.tables["customers"].tableColumns
        columns[left - 1], columns[right - 1] = columns[right - 1], columns[left - 1]
        if not ids_too:
            for number, column in enumerate(columns, start=1):
                column.id = number

    return edit


def column(view: View, header: str) -> list[Value]:
    return view.column("customers", header)


def test_a_renamed_header_is_kept_and_named(small: bytes) -> None:
    done = api.refresh(rearranged(small, renamed(4, "My remark")), name="b.xlsx", today=TODAY)
    view = View.of(done.content)
    assert column(view, "My remark") == column(View.of(small), "Remark")
    assert column(view, "Revenue") == column(View.of(small), "Revenue")
    notes = [n for n in done.notes if n.kind is NoteKind.HEADER_RENAMED]
    assert [(n.cell, n.old, n.new) for n in notes] == [("D3", "Remark", "My remark")]
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


def test_a_header_renamed_to_an_alias_is_recognised(small: bytes) -> None:
    done = api.refresh(rearranged(small, renamed(1, "Account")), name="b.xlsx", today=TODAY)
    assert column(View.of(done.content), "Revenue") == column(View.of(small), "Revenue")


@pytest.mark.parametrize("ids_too", [True, False])
def test_moved_columns_are_found(small: bytes, ids_too: bool) -> None:
    content = rearranged(small, swapped(3, 4, ids_too=ids_too))
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    view, before = View.of(done.content), View.of(small)
    for header in ("Customer", "Since", "Remark", "Revenue", "Idle days"):
        assert column(view, header) == column(before, header), header


def test_a_computed_column_moved_among_the_inputs_is_found(small: bytes) -> None:
    done = api.refresh(rearranged(small, swapped(2, 5)), name="b.xlsx", today=TODAY)
    view, before = View.of(done.content), View.of(small)
    for header in ("Customer", "Region", "Revenue", "Last order"):
        assert column(view, header) == column(before, header), header
    assert not [n for n in done.notes if n.kind is NoteKind.FORMULA_RESTORED]


def test_a_renamed_and_moved_column_is_found_by_its_content(small: bytes) -> None:
    def both(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        renamed(4, "Other words")(sheet)
        swapped(3, 4, ids_too=False)(sheet)

    done = api.refresh(rearranged(small, both), name="b.xlsx", today=TODAY)
    view, before = View.of(done.content), View.of(small)
    assert column(view, "Other words") == column(before, "Remark")
    assert column(view, "Since") == column(before, "Since")


def test_renamed_columns_keep_their_meaning_in_rules_of_other_tables(small: bytes) -> None:
    content = rearranged(small, renamed(1, "Who"))
    content = typed(content, "Customers", {"A4": "Company 01"})
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert column(View.of(done.content), "Who")[0] == "Company 01"
    assert column(View.of(done.content), "Revenue") == column(View.of(small), "Revenue")


def test_a_column_that_is_gone_is_refused_and_others_are_named(small: bytes) -> None:
    def lost(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        renamed(4, "Mystery")(sheet)
        for number, column in enumerate(sheet.tables["customers"].tableColumns):
            column.id = number + 40
        for row in range(4, 16):
            sheet.cell(row, 4).value = f"something else {row}"

    with pytest.raises(WorkbookRefused) as refusal:
        api.refresh(rearranged(small, lost), name="b.xlsx", today=TODAY)
    found = refusal.value.diagnostics[0]
    assert found.code == "W205"
    assert "Remark" in found.message
    assert "Mystery" in found.message
    for way in ("crmsheet restore", "crmsheet refresh BOOK --spec SPEC", "renamed_from"):
        assert way in found.remedy


def test_a_table_that_is_gone_is_refused(small: bytes) -> None:
    def without(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        del sheet.tables["customers"]

    with pytest.raises(WorkbookRefused) as refusal:
        api.refresh(rearranged(small, without), name="b.xlsx", today=TODAY)
    assert refusal.value.diagnostics[0].code == "W204"


def test_own_columns_inside_the_table_are_left_alone(small: bytes) -> None:
    def with_own(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        table = sheet.tables["customers"]
        table.ref = table.autoFilter.ref = "A3:M15"
        extra = openpyxl.worksheet.table.TableColumn(id=99, name="Mine")
        table.tableColumns.append(extra)
        sheet["M3"] = "Mine"
        for row in range(4, 16):
            sheet.cell(row, 13).value = f"=LEN(A{row})"

    done = api.refresh(rearranged(small, with_own), name="b.xlsx", today=TODAY)
    view = View.of(done.content)
    sheet, table = view.table("customers")
    assert table.names[-1] == "Mine"
    assert view.formula(sheet, "M7") == "LEN(A7)"
    assert column(view, "Revenue") == column(View.of(small), "Revenue")


def test_two_columns_that_could_be_one_field_are_refused(small: bytes) -> None:
    part = next(n for n in View.of(small).package.parts if n.endswith("table1.xml"))

    def doubled(text: str) -> str:
        text = text.replace('name="Customer"', 'name="Account"', 1)
        text = text.replace('name="Remark"', 'name="ACCOUNT "', 1)
        return re.sub(r'<tableColumn id="(\d+)"', lambda m: f'<tableColumn id="{int(m[1]) + 50}"', text)

    with pytest.raises(WorkbookRefused) as refusal:
        api.refresh(with_text(small, part, doubled), name="b.xlsx", today=TODAY)
    assert refusal.value.diagnostics[0].code == "W206"
    assert "'Customer': 'Account' and 'ACCOUNT '" in refusal.value.diagnostics[0].message


def test_columns_in_another_order_than_in_the_table_are_refused(small: bytes) -> None:
    headers = typed(small, "Customers", {"B3": "Since", "C3": "Region"})
    with pytest.raises(WorkbookRefused, match="W106") as caught:
        api.refresh(headers, name="b.xlsx", today=TODAY)
    assert "another order" in str(caught.value)
    assert caught.value.diagnostics[0].remedy


def renumbered(
    *edits: Callable[[openpyxl.worksheet.worksheet.Worksheet], None],
) -> Callable[[openpyxl.worksheet.worksheet.Worksheet], None]:
    """Edits in a program that numbers the columns anew when it saves."""

    def edit(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        for one in edits:
            one(sheet)
        for number, column in enumerate(sheet.tables["customers"].tableColumns, start=1):
            column.id = number + 40

    return edit


def with_own(*columns: tuple[str, Callable[[int], Value]]) -> Callable[..., None]:
    """Columns of people's own at the right end of the table."""

    def edit(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        table = sheet.tables["customers"]
        for number, (header, value) in enumerate(columns):
            table.ref = table.autoFilter.ref = f"A3:{chr(ord('M') + number)}15"
            table.tableColumns.append(openpyxl.worksheet.table.TableColumn(id=99 + number, name=header))
            sheet.cell(3, 13 + number).value = header
            for row in range(4, 16):
                sheet.cell(row, 13 + number).value = value(row)

    return edit


def retyped(rows: range) -> Callable[[openpyxl.worksheet.worksheet.Worksheet], None]:
    """Rows of which another cell was changed meanwhile."""

    def edit(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        for row in rows:
            sheet.cell(row, 2).value = "South" if sheet.cell(row, 2).value != "South" else "North"

    return edit


def blank(content: bytes) -> bytes:
    """The workbook without any remark, refreshed."""
    emptied = typed(content, "Customers", {f"D{row}": None for row in range(4, 16)})
    return api.refresh(emptied, name="b.xlsx", today=TODAY).content or emptied


def test_a_renamed_column_is_found_among_own_ones_though_many_rows_have_changed(small: bytes) -> None:
    """LibreOffice numbers the columns anew; of months of work many rows are no longer what they were."""
    own = with_own(("Tag", lambda row: "x" if row % 3 else None), ("Discount", lambda row: f"=ROW()*{row}"))
    content = rearranged(small, renumbered(renamed(4, "Said"), own, retyped(range(4, 10))))
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert [(n.old, n.new) for n in done.notes if n.kind is NoteKind.HEADER_RENAMED] == [("Remark", "Said")]
    assert column(View.of(done.content), "Said") == column(View.of(small), "Remark")


def test_of_columns_that_fit_alike_the_one_that_still_contains_the_old_header_is_meant(small: bytes) -> None:
    """Blank columns tell nothing; the first of them is not taken for the field's."""
    own = with_own(("Tag", lambda _: None), ("Own", lambda _: None))
    content = rearranged(blank(small), renumbered(own, renamed(4, "Remark (old)"), swapped(4, 13)))
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    notes = [n for n in done.notes if n.kind is NoteKind.HEADER_RENAMED]
    assert [(n.cell, n.old, n.new) for n in notes] == [("M3", "Remark", "Remark (old)")]


def test_of_columns_that_fit_alike_none_is_guessed(small: bytes) -> None:
    own = with_own(("Tag", lambda _: None))
    content = rearranged(blank(small), renumbered(renamed(4, "Said"), own))
    with pytest.raises(WorkbookRefused, match="W205"):
        api.refresh(content, name="b.xlsx", today=TODAY)


def test_the_best_column_is_taken_not_the_first_that_would_do(small: bytes) -> None:
    """An own column that is nearly blank fits a blank field nearly as well."""

    def first(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        with_own(("Tag", lambda row: "t" if row == 9 else None))(sheet)
        renamed(4, "Said")(sheet)
        swapped(4, 13)(sheet)

    done = api.refresh(rearranged(blank(small), renumbered(first)), name="b.xlsx", today=TODAY)
    assert [n.new for n in done.notes if n.kind is NoteKind.HEADER_RENAMED] == ["Said"]
