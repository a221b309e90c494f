"""Validations and conditional formats that pasting, programs or people damaged: as planned again, and told."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook
from tests.refresh.rules_world import (
    Box,
    boxes,
    edited,
    formats,
    in_force,
    pasted,
    set_formats,
)
from tests.refresh.small_world import TODAY, built, member, row_below, sheet_part, with_text

from crmsheet import api
from crmsheet.api.refreshing import Refreshed
from crmsheet.messages import in_language
from crmsheet.refresh import NoteKind

Planned = dict[str, tuple[object, ...]]

CUSTOMERS = "A3:H26 A1010:H1016"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return built(tmp_path_factory.mktemp("rules"))


@pytest.fixture(scope="module")
def planned(small: bytes) -> Planned:
    return in_force(small, "Customers", CUSTOMERS)


def refreshed(content: bytes) -> Refreshed:
    """The refresh; its own proof says that a second one has nothing to add."""
    return api.refresh(content, name="b.xlsx", today=TODAY)


def told(done: Refreshed, kind: NoteKind) -> list[tuple[str, str, str]]:
    return [(n.cell, n.column, n.old) for n in done.notes if n.kind is kind]


def healed(done: Refreshed, planned: Planned) -> None:
    assert done.content is not None
    assert in_force(done.content, "Customers", CUSTOMERS) == planned


def test_a_pasted_block_leaves_nothing_behind(small: bytes, planned: Planned) -> None:
    def paste(book: Workbook) -> None:
        pasted(book["Customers"], (2, 5, 3, 8), left=1, top=9)

    content = edited(small, paste)
    assert in_force(content, "Customers", CUSTOMERS) != planned
    done = refreshed(content)
    healed(done, planned)
    notes = told(done, NoteKind.RULE_RESTORED)
    assert ("A4:A1015", "Customer", "validation: 4 cells had another") in notes
    assert ("B4:B1015", "Region", "drop-down: 4 cells had another") in notes
    assert len([n for n in notes if n[1] == "Customer"]) == 3
    chinese = {in_language(n.old, "zh") for n in done.notes if n.kind is NoteKind.RULE_RESTORED}
    assert {"数据校验：4 个单元格是另外的校验", "下拉列表：4 个单元格是另外的校验"} <= chinese


def test_rows_copied_within_a_column_leave_one_rule_of_each(small: bytes, planned: Planned) -> None:
    def paste(book: Workbook) -> None:
        pasted(book["Customers"], (1, 5, 4, 6), left=1, top=11)

    done = refreshed(edited(small, paste))
    healed(done, planned)
    pieces = {n[2].rpartition(": ")[2] for n in told(done, NoteKind.RULE_RESTORED)}
    assert pieces == {"it was in 2 pieces", "it was in 3 pieces"}
    again = api.refresh(done.content or b"", name="b.xlsx", today=TODAY)
    assert again.content is None
    assert again.notes == ()


def test_all_validations_deleted_come_back(small: bytes, planned: Planned) -> None:
    def clear(book: Workbook) -> None:
        for sheet in book.worksheets:
            sheet.data_validations.dataValidation = []

    done = refreshed(edited(small, clear))
    healed(done, planned)
    assert done.content is not None
    for sheet, area in (
        ("Board", "A1:AW30"),
        ("Orders", "A3:F60"),
        ("Settings", "A1:D20"),
        ("Lists", "A1:C40"),
    ):
        assert in_force(done.content, sheet, area) == in_force(small, sheet, area)
    assert ("B4:B1015", "Region", "drop-down: 1,012 cells had none") in told(done, NoteKind.RULE_RESTORED)


def test_all_conditional_formats_deleted_come_back_in_order(small: bytes, planned: Planned) -> None:
    def clear(book: Workbook) -> None:
        for sheet in book.worksheets:
            set_formats(sheet, [])

    done = refreshed(edited(small, clear))
    healed(done, planned)
    assert done.content is not None
    assert in_force(done.content, "Board", "A1:AW30") == in_force(small, "Board", "A1:AW30")


def test_a_single_conditional_format_comes_back_between_its_neighbours(
    small: bytes, planned: Planned
) -> None:
    for number in range(4):

        def without(book: Workbook, number: int = number) -> None:
            found = formats(book["Customers"])
            set_formats(book["Customers"], [pair for n, pair in enumerate(found) if n != number])

        done = refreshed(edited(small, without))
        healed(done, planned)
        (note,) = (n for n in done.notes if n.kind is NoteKind.RULE_RESTORED)
        assert note.old.endswith(": it was gone")
        assert in_language(note.old, "zh").endswith("：整个不见了")


def test_cells_pasted_without_any_rule_get_theirs_back(small: bytes, planned: Planned) -> None:
    def paste(book: Workbook) -> None:
        pasted(book["Customers"], (20, 5, 23, 7), left=1, top=6)

    done = refreshed(edited(small, paste))
    healed(done, planned)
    assert ("A4:A1015", "Customer", "validation: 3 cells had none") in told(done, NoteKind.RULE_RESTORED)


@pytest.mark.parametrize(
    ("cells", "corner"),
    [
        ("$A$4:$A$1013", "$A4"),
        ("$B$4:$B$1015", "$B4"),
        ("$B$4:$B$1013", "$B4"),
        ("$A$3:$A$1014", "$A3"),
        ("$B$2:$B$1013", "$B2"),
    ],
)
def test_a_formula_that_stayed_behind_its_cells_follows(
    small: bytes, planned: Planned, cells: str, corner: str
) -> None:
    """As programs leave it that move cells of a sheet and not what their validations speak of."""
    part = sheet_part(small, "Customers")
    start = "<formula1>COUNTIF("
    before = f"{start}$A$4:$A$1015"

    def behind(text: str) -> str:
        head, tail = text.split(before)
        rule, end, rest = tail.partition("</formula1>")
        return head + start + cells + rule.replace("$A4", corner) + end + rest

    done = refreshed(with_text(small, part, behind))
    healed(done, planned)
    assert told(done, NoteKind.RULE_RESTORED) == [
        ("A4:A1015", "Customer", "validation: it spoke of other cells")
    ]


def test_a_broken_formula_is_no_choice(small: bytes, planned: Planned) -> None:
    part = sheet_part(small, "Customers")
    content = with_text(small, part, lambda t: t.replace("<formula1>list_region<", "<formula1>#REF!<"))
    healed(refreshed(content), planned)


_EXTENSION = (
    '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    '<x14:dataValidations xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1">'
    '<x14:dataValidation type="list" allowBlank="1" showInputMessage="1" showErrorMessage="1"{texts}>'
    "<x14:formula1><xm:f>list_region</xm:f></x14:formula1><xm:sqref>{cells}</xm:sqref></x14:dataValidation>"
    "</x14:dataValidations></ext></extLst>"
)


def _moved_to_extension(content: bytes, cells: str) -> bytes:
    """As Excel writes a list whose source stands on another sheet."""

    def edit(text: str) -> str:
        found = re.search(r'<dataValidation type="list"([^>]*?) sqref="B4:B1015">.*?</dataValidation>', text)
        assert found is not None
        texts = "".join(re.findall(r' (?:errorTitle|error|promptTitle|prompt)="[^"]*"', found[1]))
        extension = _EXTENSION.replace("{texts}", texts).replace("{cells}", cells)
        text = text.replace(found[0], "").replace(
            '<dataValidations count="14"', '<dataValidations count="13"'
        )
        return text.replace("</worksheet>", extension + "</worksheet>")

    return with_text(content, sheet_part(content, "Customers"), edit)


def test_a_validation_that_excel_moved_is_left_where_it_is(small: bytes) -> None:
    done = refreshed(_moved_to_extension(small, "B4:B1015"))
    assert done.content is None
    assert done.notes == ()


def test_a_moved_validation_that_lost_cells_comes_back(small: bytes, planned: Planned) -> None:
    done = refreshed(_moved_to_extension(small, "B4:B9 B12:B1015"))
    healed(done, planned)
    assert done.content is not None
    assert b"x14:dataValidation" not in member(done.content, sheet_part(done.content, "Customers"))


def test_a_table_that_outgrew_its_rules_has_them_extended(small: bytes) -> None:
    def shorter(book: Workbook) -> None:
        sheet = book["Customers"]
        for rule in sheet.data_validations.dataValidation:
            areas = boxes(rule.sqref)
            if areas[0][3] == 1015:
                rule.sqref = f"{str(rule.sqref).replace('1015', '20')}"
                rule.formula1 = rule.formula1 and rule.formula1.replace("$1015", "$20")
        found = []
        for areas, rule in formats(sheet):
            rule.formula = [f.replace("$1015", "$20") for f in rule.formula]
            found.append(([(a, b, c, 20) for a, b, c, _ in areas], rule))
        set_formats(sheet, found)

    done = refreshed(edited(small, shorter))
    healed(done, in_force(small, "Customers", CUSTOMERS))
    assert told(done, NoteKind.RULE_EXTENDED) == [("A4:L1015", "", "down to row 1,015")]
    assert told(done, NoteKind.RULE_RESTORED) == []


def test_a_row_more_does_not_touch_the_rules(small: bytes) -> None:
    content = row_below(small, "customers", {"Customer": "Company 77", "Region": "East"})
    done = refreshed(content)
    assert done.content is not None
    assert in_force(done.content, "Customers", CUSTOMERS) == in_force(small, "Customers", CUSTOMERS)
    assert not [n for n in done.notes if n.kind in (NoteKind.RULE_RESTORED, NoteKind.RULE_EXTENDED)]


_PIECES = st.lists(
    st.tuples(st.integers(4, 18), st.integers(0, 5), st.sampled_from(["split", "drop", "other"])),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module")
def example(small: bytes, planned: Planned) -> Callable[[list[tuple[int, int, str]]], None]:
    def heal(pieces: list[tuple[int, int, str]]) -> None:
        def shred(book: Workbook) -> None:
            for top, more, how in pieces:
                _shred(book, (1, top, 4, top + more), how)

        content = edited(small, shred)
        done = api.refresh(content, name="b.xlsx", today=TODAY)
        assert in_force(done.content or content, "Customers", CUSTOMERS) == planned

    return heal


@settings(max_examples=8, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(data=st.data())
def test_any_fragments_heal_to_the_same_cells(
    example: Callable[[list[tuple[int, int, str]]], None], data: st.DataObject
) -> None:
    example(data.draw(_PIECES))


def _shred(book: Workbook, hole: Box, how: str) -> None:
    """Take a rectangle out of every rule on it, put back on as a rule of its own, not at all, or shuffled."""
    sheet = book["Customers"]
    if how == "drop":
        pasted(sheet, (40, 1, 40 + hole[2] - hole[0], 1 + hole[3] - hole[1]), hole[0], hole[1])
    elif how == "other":
        pasted(sheet, (2, hole[1], 2, hole[3]), 1, hole[1])
    else:
        pasted(sheet, (hole[0], hole[1], hole[2], hole[3]), 30, hole[1])
        pasted(sheet, (30, hole[1], 30 + hole[2] - hole[0], hole[3]), hole[0], hole[1])
        pasted(sheet, (40, 1, 43, 1 + hole[3] - hole[1]), 30, hole[1])
