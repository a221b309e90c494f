"""Over synthetic books of every shape: what was written is read, and only what was asked is patched."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator
from tests.judge.synthetic import CellSpec, Shape, at, book

from crmsheet.excel.references import parse_range
from crmsheet.excel.values import ExcelError, Value, same_value
from crmsheet.opc.package import Package
from crmsheet.opc.writer import assemble, unchanged_members
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.scan import SheetScan, scan_sheet
from crmsheet.sheetml.sharedstrings import SharedStrings
from crmsheet.sheetml.spanedit import proof_outside_spans
from crmsheet.sheetml.splice import patched_sheet

PART = "xl/worksheets/sheet1.xml"

TEXT = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff\u0085\u2028"
    ),
    max_size=12,
)
NUMBERS = st.one_of(
    st.integers(-(10**14), 10**14), st.floats(allow_nan=False, allow_infinity=False, width=64)
)
VALUES = st.one_of(st.none(), st.booleans(), NUMBERS, TEXT.filter(lambda t: "_x" not in t))


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    return Shape(
        prefix=draw(st.sampled_from(["", "x:", "main:"])),
        bom=draw(st.booleans()),
        encoding=draw(st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-16", "iso-8859-1"])),
        streamed=draw(st.booleans()),
        row_numbers=draw(st.booleans()),
        cell_refs=draw(st.booleans()),
        spans=draw(st.booleans()),
        dimension=draw(st.booleans()),
        inline=draw(st.booleans()),
        spaced=draw(st.booleans()),
        swapped=draw(st.booleans()),
        odd=draw(st.sampled_from(["", "", "", "comment", "cdata", "instruction"])),
    )


@st.composite
def grids(draw: st.DrawFn) -> dict[tuple[int, int], CellSpec]:
    places = draw(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 7)), max_size=25, unique=True))
    cells: dict[tuple[int, int], CellSpec] = {}
    for place in places:
        formula = draw(st.sampled_from(["", "", "A1+1", 'IF(B$2>0,"<a&b>",$C3)']))
        value = draw(VALUES)
        cells[place] = CellSpec(value=value, formula=formula, style=draw(st.integers(0, 2)))
    if draw(st.booleans()):
        top, column, length = draw(st.integers(0, 8)), draw(st.integers(0, 7)), draw(st.integers(2, 4))
        ref = f"{at(top, column)}:{at(top + length - 1, column)}"
        for offset in range(length):
            text = 'SUM($A1:B$2)*H9&"A1"' if offset == 0 else ""
            cells[top + offset, column] = CellSpec(
                value=offset, formula=text, shared=0, ref=ref if offset == 0 else ""
            )
    return cells


def expected_formulas(cells: dict[tuple[int, int], CellSpec]) -> dict[tuple[int, int], str]:
    found = {}
    master = next(((p, c) for p, c in cells.items() if c.shared is not None and c.formula), None)
    for place, cell in cells.items():
        text = cell.formula
        if cell.shared is not None and not text and master is not None:
            translator = Translator("=" + master[1].formula, origin=at(*master[0]))
            text = translator.translate_formula(at(*place))[1:]
        if text:
            found[place] = text
    return found


RELAXED = settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])


@RELAXED
@given(grids(), shapes())
def test_reads_what_was_written_in_both_ways(cells: dict[tuple[int, int], CellSpec], shape: Shape) -> None:
    package = Package.of(book(cells, shape).zipped())
    strings = SharedStrings.of(package)
    scan = SheetScan.of(package, PART)
    formulas = expected_formulas(cells)
    read = {(c.row, c.column): c for c in scan.cells(strings)}
    assert set(read) == set(cells)
    for place, cell in read.items():
        assert same_value(cell.value, cells[place].value), place
        assert (cell.formula or "") == formulas.get(place, "")
        assert cell.style == cells[place].style
    thorough = scan_sheet(scan.data, thorough=True)
    assert list(thorough.cells(strings)) == list(scan.cells(strings))
    assert list(thorough.rows) == list(scan.rows)
    if not shape.odd:
        fast = scan_sheet(scan.data, thorough=False)
        assert [fast.cells_at(i) for i in range(len(fast.rows))] == [
            thorough.cells_at(i) for i in range(len(thorough.rows))
        ]


@st.composite
def edits_of(draw: st.DrawFn, cells: dict[tuple[int, int], CellSpec]) -> list[CellEdit]:
    places = st.tuples(st.integers(0, 14), st.integers(0, 9))
    if cells:
        places = st.one_of(places, st.sampled_from(sorted(cells)))
    found: list[CellEdit] = []
    for row, column in draw(st.lists(places, max_size=8, unique=True)):
        spec = cells.get((row, column))
        has_formula = spec is not None and (spec.formula != "" or spec.shared is not None)
        kinds = [EditKind.VALUE, EditKind.FORMULA, EditKind.STYLE] + [EditKind.CACHE] * has_formula
        kind = draw(st.sampled_from(kinds))
        value: Value = draw(st.one_of(VALUES, st.sampled_from(list(ExcelError))))
        style: int | None = draw(st.sampled_from([None, 0, 1, 2]))
        if kind is EditKind.STYLE:
            found.append(CellEdit(row, column, kind, style=draw(st.integers(0, 2))))
        elif kind is EditKind.FORMULA:
            found.append(CellEdit(row, column, kind, value, draw(st.sampled_from(["1+1", 'A1&"<"'])), style))
        else:
            found.append(CellEdit(row, column, kind, value, style=style))
    return found


@RELAXED
@given(st.data(), grids(), shapes())
def test_only_what_was_asked_changes(
    data: st.DataObject, cells: dict[tuple[int, int], CellSpec], shape: Shape
) -> None:
    package = Package.of(book(cells, shape).zipped())
    strings = SharedStrings.of(package)
    scan = SheetScan.of(package, PART)
    edits = data.draw(edits_of(cells))
    result = patched_sheet(scan, edits)
    assert proof_outside_spans(scan.data, result.data, result.replacements) == ""
    assert patched_sheet(scan_sheet(scan.data, thorough=True), edits) == result
    whole = Package.of(assemble(package, {PART: result.data}))
    assert unchanged_members(package, whole, [PART]) == ()
    before = {(c.row, c.column): c for c in scan.cells(strings)}
    after = {(c.row, c.column): c for c in SheetScan.of(whole, PART).cells(SharedStrings.of(whole))}
    asked = {(e.row, e.column): e for e in edits}
    assert {p: c for p, c in after.items() if p not in asked} == {
        p: c for p, c in before.items() if p not in asked
    }
    for place, edit in asked.items():
        check_edit(before.get(place), after.get(place), edit)
    again = scan_sheet(result.data)
    assert patched_sheet(again, edits).data == result.data
    check_frame(again, scan, edits, after)


def check_edit(old: Any, new: Any, edit: CellEdit) -> None:
    if new is None:
        assert old is None
        assert edit.value is None
        assert edit.style is None
        return
    if edit.kind is EditKind.STYLE:
        assert new.style == edit.style
        assert old is None or (new.value, new.formula) == (old.value, old.formula)
        return
    assert same_value(new.value, edit.value), (new, edit)
    if edit.kind is EditKind.CACHE:
        assert new.formula == old.formula
    else:
        assert new.formula == (edit.formula or None)
    if edit.style is not None:
        assert new.style == edit.style
    else:
        assert new.style == (old.style if old is not None else 0)


def check_frame(after: SheetScan, before: SheetScan, edits: list[CellEdit], cells: Any) -> None:
    assert after.rows.in_order
    for index in range(len(after.rows)):
        columns = [c.column for c in after.cells_at(index)]
        assert columns == sorted(set(columns))
    dimension = before.frame.child("dimension")
    if dimension is not None:
        area = parse_range((after.frame.child("dimension") or dimension).get("ref"))
        old = {(s.row, s.column) for i in range(len(before.rows)) for s in before.cells_at(i)}
        for edit in edits:
            if (edit.row, edit.column) in cells and (edit.row, edit.column) not in old:
                assert area.contains(edit.row, edit.column)
