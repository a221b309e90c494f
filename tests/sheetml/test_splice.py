"""What one edit does to the bytes of one cell."""

from __future__ import annotations

import pytest

from crmsheet.errors import WorkbookRefused
from crmsheet.excel.references import RangeRef
from crmsheet.excel.values import ExcelError
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.scan import scan_sheet
from crmsheet.sheetml.spanedit import Replacement, proof_outside_spans, replace_spans
from crmsheet.sheetml.splice import PatchedSheet, patched_sheet

VALUE, FORMULA, CACHE, STYLE = EditKind.VALUE, EditKind.FORMULA, EditKind.CACHE, EditKind.STYLE


def patched(rows: str, *edits: CellEdit, head: str = "", tail: str = "") -> PatchedSheet:
    data = f"<worksheet>{head}<sheetData>{rows}</sheetData>{tail}</worksheet>".encode()
    result = patched_sheet(scan_sheet(data), edits)
    assert proof_outside_spans(data, result.data, result.replacements) == ""
    return result


def rows_of(result: PatchedSheet) -> str:
    text = result.data.decode()
    return text[text.index("<sheetData>") + 11 : text.index("</sheetData>")]


def one(cell: str, edit: CellEdit) -> str:
    """The cell A1 after an edit."""
    text = rows_of(patched(f'<row r="1">{cell}</row>', edit))
    return text.removeprefix('<row r="1">').removesuffix("</row>")


@pytest.mark.parametrize(
    ("cell", "edit", "after"),
    [
        ('<c r="A1"/>', CellEdit(0, 0, VALUE, 5), '<c r="A1"><v>5</v></c>'),
        ('<c r="A1"/>', CellEdit(0, 0, VALUE, None), '<c r="A1"/>'),
        (
            "<c s='7' r='A1' t='s' foo='x'><v>3</v></c>",
            CellEdit(0, 0, VALUE, "a"),
            "<c s='7' r='A1' t=\"inlineStr\" foo='x'><is><t>a</t></is></c>",
        ),
        ('<c r="A1" t="s" s="1"><v>3</v></c>', CellEdit(0, 0, VALUE, 2.5), '<c r="A1" s="1"><v>2.5</v></c>'),
        ('<c r="A1" t="s"><v>3</v></c>', CellEdit(0, 0, VALUE, None), '<c r="A1"/>'),
        ('<c r="A1"><v>3</v></c>', CellEdit(0, 0, VALUE, ExcelError.NA), '<c r="A1" t="e"><v>#N/A</v></c>'),
        (
            '<c r="A1" cm="1" vm="2"><v>3</v><extLst><ext uri="u"/></extLst></c>',
            CellEdit(0, 0, VALUE, False),
            '<c r="A1" t="b"><v>0</v><extLst><ext uri="u"/></extLst></c>',
        ),
        (
            '<c r="A1" cm="1"><f ca="1">NOW( )</f><v>3</v></c>',
            CellEdit(0, 0, CACHE, "x"),
            '<c r="A1" cm="1" t="str"><f ca="1">NOW( )</f><v>x</v></c>',
        ),
        (
            '<c r="A1" t="str"><f>A2</f><v>x</v></c>',
            CellEdit(0, 0, CACHE, None),
            '<c r="A1"><f>A2</f></c>',
        ),
        (
            '<c r="A1"><v>3</v></c>',
            CellEdit(0, 0, FORMULA, "", 'A2&"<"', style=4),
            '<c r="A1" s="4" t="str"><f>A2&amp;"&lt;"</f><v></v></c>',
        ),
        (
            '<c r="A1" s="4" t="str"><f ca="1">A2</f><v>x</v></c>',
            CellEdit(0, 0, FORMULA, 7, 'A2&"<"'),
            '<c r="A1" s="4"><f>A2&amp;"&lt;"</f><v>7</v></c>',
        ),
        (
            '<c r="A1" cm="1" vm="2"><f t="array" ref="A1">A2</f><v>3</v></c>',
            CellEdit(0, 0, FORMULA, True, "A3"),
            '<c r="A1" t="b"><f>A3</f><v>1</v></c>',
        ),
        ('<c r="A1" s="9"><v>3</v></c>', CellEdit(0, 0, STYLE, style=2), '<c r="A1" s="2"><v>3</v></c>'),
        ('<c r="A1" s="9"><v>3</v></c>', CellEdit(0, 0, STYLE, style=0), '<c r="A1"><v>3</v></c>'),
        ('<c r="A1" s="9"/>', CellEdit(0, 0, STYLE, style=9), '<c r="A1" s="9"/>'),
        ("", CellEdit(0, 0, VALUE, None), ""),
        ("", CellEdit(0, 0, VALUE, None, style=3), '<c r="A1" s="3"/>'),
        ('<c r="C1"/>', CellEdit(0, 0, VALUE, 1), '<c r="A1"><v>1</v></c><c r="C1"/>'),
        ('<c r="A1"><v>5</v></c>', CellEdit(0, 0, VALUE, 5), '<c r="A1"><v>5</v></c>'),
    ],
)
def test_one_cell(cell: str, edit: CellEdit, after: str) -> None:
    assert one(cell, edit) == after


def test_nothing_changes_where_all_is_so() -> None:
    cells = '<row r="1"><c r="A1"><v>5</v></c><c r="B1" t="str"><f>A1</f><v>x</v></c></row>'
    result = patched(cells, CellEdit(0, 0, VALUE, 5), CellEdit(0, 1, CACHE, "x"), CellEdit(7, 7, VALUE))
    assert result.replacements == ()
    assert result.changed == ()


def test_cells_without_references_stay_so() -> None:
    result = patched("<row><c><v>1</v></c><c/></row>", CellEdit(0, 1, VALUE, 2), CellEdit(0, 4, VALUE, 3))
    assert rows_of(result) == '<row><c><v>1</v></c><c><v>2</v></c><c r="E1"><v>3</v></c></row>'


def test_rows_are_put_in_order_and_spans_and_dimension_widened() -> None:
    result = patched(
        '<row r="2" spans="2:3"><c r="B2"/></row><row r="5" spans="2:2"/>',
        *(CellEdit(r, c, VALUE, 1) for r, c in ((0, 3), (1, 0), (2, 1), (4, 6), (9, 0))),
        head='<dimension ref="B2:C5"/>',
    )
    one_ = "<v>1</v></c>"
    assert rows_of(result) == (
        f'<row r="1"><c r="D1">{one_}</row><row r="2" spans="1:3"><c r="A2">{one_}<c r="B2"/></row>'
        f'<row r="3"><c r="B3">{one_}</row><row r="5" spans="2:7"><c r="G5">{one_}</row>'
        f'<row r="10"><c r="A10">{one_}</row>'
    )
    assert b'<dimension ref="A1:G10"/>' in result.data


def test_an_empty_sheet_is_opened() -> None:
    data = b'<x:worksheet xmlns:x="m"><x:sheetData/></x:worksheet>'
    result = patched_sheet(scan_sheet(data), [CellEdit(1, 0, VALUE, "a")])
    assert result.data == (
        b'<x:worksheet xmlns:x="m"><x:sheetData><x:row r="2"><x:c r="A2" t="inlineStr"><x:is><x:t>a</x:t>'
        b"</x:is></x:c></x:row></x:sheetData></x:worksheet>"
    )


def test_new_cells_look_like_their_row_or_column() -> None:
    result = patched(
        '<row r="1" s="5" customFormat="1"/><row r="2" s="5"/>',
        CellEdit(0, 0, VALUE, 1),
        CellEdit(1, 0, VALUE, 1),
        CellEdit(1, 5, VALUE, 1),
        CellEdit(2, 1, VALUE, 1, style=1),
        head='<cols><col min="1" max="2" style="8" width="9"/></cols>',
    )
    text = rows_of(result)
    for cell in ('<c r="A1" s="5">', '<c r="A2" s="8">', '<c r="F2">', '<c r="B3" s="1">'):
        assert cell in text


SHARED = "".join(
    f'<row r="{r}"><c r="B{r}"><f t="shared"{head}/><v>{r}</v></c></row>'.replace("/>", tail, 1)
    for r, head, tail in (
        (1, ' ref="B1:B4" si="0"', '>A1+$A$1&amp;"A1"</f>'),
        (2, ' si="0"', "/>"),
        (3, ' si="0"', "/>"),
        (4, ' si="0"', "/>"),
    )
)


def formulas(data: bytes) -> list[str | None]:
    return [c.formula for c in scan_sheet(data).cells()]


def test_the_next_dependant_becomes_the_master() -> None:
    result = patched(SHARED, CellEdit(0, 1, VALUE, 1), CellEdit(1, 1, FORMULA, 2, "1+1"))
    assert '<c r="B3"><f t="shared" ref="B1:B4" si="0">A3+$A$1&amp;"A1"</f><v>3</v></c>' in rows_of(result)
    assert formulas(result.data) == [None, "1+1", 'A3+$A$1&"A1"', 'A4+$A$1&"A1"']
    assert result.lost_formula
    assert result.changed == ((0, 1), (1, 1), (2, 1))


@pytest.mark.parametrize("edit", [CellEdit(1, 1, CACHE, 9), CellEdit(1, 1, STYLE, style=3)])
def test_an_edited_dependant_may_become_the_master(edit: CellEdit) -> None:
    result = patched(SHARED, CellEdit(0, 1, VALUE, 1), edit)
    assert formulas(result.data) == [None, 'A2+$A$1&"A1"', 'A3+$A$1&"A1"', 'A4+$A$1&"A1"']


def test_only_a_lost_formula_ends_the_calculation_chain() -> None:
    cells = '<row r="1"><c r="A1"><f>1</f><v>1</v></c><c r="B1"><v>1</v></c></row>'
    assert not patched(cells, CellEdit(0, 0, FORMULA, 2, "2"), CellEdit(0, 1, VALUE, 2)).lost_formula
    assert not patched(cells, CellEdit(0, 0, CACHE, 2), CellEdit(0, 1, FORMULA, 2, "2")).lost_formula
    assert patched(cells, CellEdit(0, 0, VALUE, 1)).lost_formula


def test_merges_allow_their_first_cell_and_looks() -> None:
    tail = '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>'
    patched("", CellEdit(0, 0, VALUE, 1), CellEdit(1, 1, STYLE, style=1), CellEdit(2, 2, VALUE, 1), tail=tail)
    with pytest.raises(WorkbookRefused, match="B2"):
        patched("", CellEdit(1, 1, VALUE, 1), tail=tail)


def test_arrays_allow_their_result_and_single_cells() -> None:
    cell = '<row r="1"><c r="A1"><f t="array" ref="{}">SUM(B:B)</f><v>1</v></c><c r="B1"><v>1</v></c></row>'
    patched(cell.format("A1:B1"), CellEdit(0, 0, CACHE, 2))
    patched(cell.format("A1"), CellEdit(0, 0, FORMULA, 2, "2"))
    for edit in (CellEdit(0, 1, VALUE, 1), CellEdit(0, 0, VALUE, 1)):
        with pytest.raises(WorkbookRefused, match="A1:B1"):
            patched(cell.format("A1:B1"), edit)


def test_mistakes_of_the_caller() -> None:
    scan = scan_sheet(b'<worksheet><sheetData><row r="1"><c r="A1"/></row></sheetData></worksheet>')
    for edits in (
        [CellEdit(0, 0, VALUE, 1), CellEdit(0, 0, VALUE, 2)],
        [CellEdit(0, 0, CACHE, 1)],
        [CellEdit(0, 1, CACHE, 1)],
        [CellEdit(-1, 0, VALUE, 1)],
        [CellEdit(0, 16_384, VALUE, 1)],
    ):
        with pytest.raises(ValueError, match=r"edited twice|has no formula|no cell at"):
            patched_sheet(scan, edits)


def test_a_far_corner_costs_nothing() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    scan = scan_sheet(f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode())
    assert scan.bounds == RangeRef(0, 0, 1_048_575, 16_383)
    assert [c.value for c in scan.cells()] == [1, 2]
    assert len(patched_sheet(scan, [CellEdit(5, 5, VALUE, 3)]).changed) == 1


def test_spans_are_replaced_and_proven() -> None:
    edits = [
        Replacement(4, 6, b"XY"),
        Replacement(0, 0, b"<"),
        Replacement(4, 4, b"-"),
        Replacement(8, 10, b""),
    ]
    after = replace_spans(b"0123456789", edits)
    assert after == b"<0123-XY67"
    assert proof_outside_spans(b"0123456789", after, edits) == ""
    assert "changed" in proof_outside_spans(b"0123456789", b"<0123-XY68", edits)
    assert "does not hold" in proof_outside_spans(b"0123456789", b"<0123-XZ67", edits)
    assert "behind" in proof_outside_spans(b"0123456789", after + b"x", edits)
    assert "overlap" in proof_outside_spans(b"01", b"01", [Replacement(0, 2, b""), Replacement(1, 1, b"")])
    with pytest.raises(ValueError, match="overlaps"):
        replace_spans(b"0123", [Replacement(0, 3, b""), Replacement(2, 4, b"")])
