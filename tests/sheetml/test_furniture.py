"""Merged cells, links, columns and rows changed by splicing; openpyxl reads the results."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable, Sequence

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from crmsheet.excel.references import RangeRef, parse_range
from crmsheet.opc.package import Package
from crmsheet.opc.writer import assemble
from crmsheet.opc.xmltree import Element
from crmsheet.sheetml.furniture import (
    ColumnLook,
    Link,
    column_edits,
    column_looks,
    default_styles,
    height_edits,
    link_edits,
    links_of,
    merge_edits,
    row_heights,
)
from crmsheet.sheetml.scan import SheetScan
from crmsheet.sheetml.spanedit import Replacement, proof_outside_spans, replace_spans

Edit = Callable[[SheetScan], Sequence[Replacement]]


def book(*, merges: Sequence[str] = (), widths: Sequence[tuple[str, float]] = (), link: str = "") -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    for row in range(1, 6):
        sheet.cell(row, 1, row)
    for area in merges:
        sheet.merge_cells(area)
    for letters, width in widths:
        sheet.column_dimensions[letters].width = width
    if link:
        sheet["A1"].hyperlink = openpyxl.worksheet.hyperlink.Hyperlink("A1", location=link)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def edited(content: bytes, *edits: Edit) -> tuple[SheetScan, Worksheet]:
    """The sheet after the edits, one after the other: as we read it, and as openpyxl does."""
    for edit in edits:
        package = Package.of(content)
        part = package.workbook.sheets[0].part
        before = package.xml(part)
        replacements = tuple(edit(SheetScan.of(package, part)))
        after = replace_spans(before, replacements)
        assert proof_outside_spans(before, after, replacements) == ""
        content = assemble(package, {part: after})
    package = Package.of(content)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert isinstance(sheet, Worksheet)
    return SheetScan.of(package, package.workbook.sheets[0].part), sheet


def merged(sheet: Worksheet) -> set[str]:
    return {str(area) for area in sheet.merged_cells.ranges}


@pytest.mark.parametrize(
    ("there", "add", "remove", "left"),
    [
        ((), ("B2:C3",), (), {"B2:C3"}),
        (("B2:C3",), ("D4:E4",), (), {"B2:C3", "D4:E4"}),
        (("B2:C3", "D4:E4"), (), ("B2:C3",), {"D4:E4"}),
        (("B2:C3",), (), ("B2:C3",), set()),
        (("B2:C3",), ("B2:C3",), (), {"B2:C3"}),
        (("B2:C3",), ("B2:D3",), ("B2:C3",), {"B2:D3"}),
        ((), (), ("B2:C3",), set()),
    ],
)
def test_cells_are_merged_and_split(
    there: Sequence[str], add: Sequence[str], remove: Sequence[str], left: set[str]
) -> None:
    scan, sheet = edited(
        book(merges=there),
        lambda s: merge_edits(s, [parse_range(a) for a in add], [parse_range(a) for a in remove]),
    )
    assert merged(sheet) == left
    holder = scan.frame.child("mergeCells")
    assert (holder is None) == (not left)
    assert holder is None or holder.get("count") in ("", str(len(left)))


def test_links_are_put_in_replaced_and_taken_away() -> None:
    scan, sheet = edited(
        book(link="Sheet!A5"),
        lambda s: link_edits(s, [Link(1, 1, "_crm.board.top"), Link(0, 0, "other")]),
    )
    assert set(links_of(scan)) == {Link(0, 0, "other"), Link(1, 1, "_crm.board.top")}
    assert sheet["B2"].hyperlink is not None
    assert sheet["B2"].hyperlink.location == "_crm.board.top"
    scan, _ = edited(book(link="Sheet!A5"), lambda s: link_edits(s, (), [(0, 0)]))
    assert links_of(scan) == ()
    assert scan.frame.child("hyperlinks") is None


def test_a_link_to_another_file_is_no_place_in_this_one() -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    sheet["A1"] = "web"
    sheet["A1"].hyperlink = "https://example.com/"
    stream = io.BytesIO()
    made.save(stream)
    scan, _ = edited(stream.getvalue(), lambda _: ())
    assert links_of(scan) == ()


_COLUMNS = st.dictionaries(st.integers(0, 12), st.integers(1, 40).map(float), max_size=5)


@settings(max_examples=40)
@given(there=_COLUMNS, wanted=_COLUMNS)
def test_columns_get_their_width_and_others_keep_theirs(
    there: dict[int, float], wanted: dict[int, float]
) -> None:
    letters = "ABCDEFGHIJKLM"
    content = book(widths=[(letters[at], width) for at, width in there.items()])
    scan, _ = edited(content, lambda s: column_edits(s, {at: ColumnLook(w) for at, w in wanted.items()}))
    found = column_looks(scan, range(13))
    for at, width in wanted.items():
        assert found[at].width == pytest.approx(width, abs=0.001)
    for at, width in there.items():
        if at not in wanted:
            assert found[at].width + 0.7109375 == pytest.approx(width, abs=0.001)
    spans = [(int(c.get("min")), int(c.get("max"))) for c in _cols(scan)]
    assert spans == sorted(spans)
    assert all(a[1] < b[0] for a, b in itertools.pairwise(spans))


def _cols(scan: SheetScan) -> Sequence[Element]:
    holder = scan.frame.child("cols")
    return holder.all("col") if holder is not None else ()


def test_a_column_inside_a_run_is_cut_out_of_it() -> None:
    content = book(widths=[("A", 10)])
    package = Package.of(content)
    part = package.workbook.sheets[0].part
    text = re.sub(
        rb"<cols>.*</cols>", b'<cols><col min="1" max="9" width="10" style="0"/></cols>', package.xml(part)
    )
    scan, _ = edited(
        assemble(package, {part: text}), lambda s: column_edits(s, {4: ColumnLook(20, hidden=True, level=1)})
    )
    looks = column_looks(scan, range(9))
    assert (round(looks[4].width, 3), looks[4].hidden, looks[4].level) == (20, True, 1)
    assert {round(looks[at].width, 3) for at in (0, 3, 5, 8)} == {9.289}
    assert default_styles(scan).at(3) == 0


@settings(max_examples=40)
@given(st.dictionaries(st.integers(0, 20), st.integers(5, 90).map(float), max_size=6))
def test_rows_get_their_height_written_or_not(heights: dict[int, float]) -> None:
    scan, sheet = edited(book(), lambda s: height_edits(s, heights))
    assert row_heights(scan) == heights
    for row, height in heights.items():
        assert sheet.row_dimensions[row + 1].height == height
    assert [sheet.cell(row, 1).value for row in range(1, 6)] == [1, 2, 3, 4, 5]
    again, _ = edited(book(), lambda s: height_edits(s, heights), lambda s: height_edits(s, heights))
    assert row_heights(again) == heights
    usual = dict.fromkeys(range(0, 25, 2))
    less, _ = edited(book(), lambda s: height_edits(s, heights), lambda s: height_edits(s, usual))
    assert row_heights(less) == {row: height for row, height in heights.items() if row % 2}


def test_nothing_asked_is_nothing_done() -> None:
    area = RangeRef(0, 0, 1, 1)
    scan, _ = edited(book(merges=("A1:B2",)), lambda _: ())
    assert merge_edits(scan, [area]) == ()
    assert link_edits(scan) == ()
    assert column_edits(scan, {}) == ()
    assert height_edits(scan, {}) == ()
