"""Every workbook of the corpus is patched in ten ways; independent readers find nothing else changed."""

from __future__ import annotations

import random
import warnings
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree
from openpyxl.formula.translate import Translator

from crmsheet.errors import WorkbookRefused
from crmsheet.excel.escaping import x_escaped
from crmsheet.excel.references import a1, parse_cell
from crmsheet.excel.values import ExcelError, Value
from crmsheet.opc.package import Package
from crmsheet.opc.workbook import SheetKind
from crmsheet.opc.writer import assemble, unchanged_members
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.scan import SheetScan, scan_sheet
from crmsheet.sheetml.sharedstrings import SharedStrings
from crmsheet.sheetml.spanedit import proof_outside_spans
from crmsheet.sheetml.splice import patched_sheet

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
FILES = sorted(CORPUS.glob("*.xl*")) if CORPUS.is_dir() else []
REFUSED = {
    "ExcelDataReader__EmptyZipFile.xlsx": "W105",
    "Open-XML-SDK__Revision_NameCommentChange.xlsx": "W108",
    "excelize__encryptAES.xlsx": "W102",
    "poi__54764-2.xlsx": "W112",
    "poi__clusterfuzz-testcase-minimized-POIFuzzer-5040805309710336.xlsx": "W106",
    "poi__clusterfuzz-testcase-minimized-POIXSSFFuzzer-5265527465181184.xlsx": "W106",
    "poi__clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-5636439151607808.xlsx": "W106",
    "poi__clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-6594557414080512.xlsx": "W106",
    "poi__crash-9bf3cd4bd6f50a8a9339d363c2c7af14b536865c.xlsx": "W102",
    "poi__invalid.xlsx": "W105",
    "poi__workbookProtection_workbook_revision_protected.xlsx": "W108",
}

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus of workbooks is not beside the repository")
SERVED = [path for path in FILES if path.name not in REFUSED]
each_served = pytest.mark.parametrize("path", SERVED or [Path("none")], ids=lambda p: p.name[:60])
each_refused = pytest.mark.parametrize("name", REFUSED, ids=lambda name: name[:60])


def sheets(package: Package) -> list[str]:
    return [s.part for s in package.workbook.sheets if s.kind is SheetKind.WORKSHEET]


@each_refused
def test_refused_with_its_reason(name: str) -> None:
    before = (CORPUS / name).read_bytes()
    with pytest.raises(WorkbookRefused) as caught:
        Package.open(CORPUS / name)
    (said,) = caught.value.diagnostics
    assert said.code == REFUSED[name]
    assert name in str(said.place)
    assert said.message
    assert said.remedy
    assert (CORPUS / name).read_bytes() == before


@each_served
def test_read_whole(path: Path) -> None:
    package = Package.open(path)
    package.check_all()
    assert assemble(package) == path.read_bytes()
    touched = package.workbook.part
    after = Package.of(assemble(package, {touched: package.read(touched)}))
    assert unchanged_members(package, after, [touched]) == ()
    assert after.read(touched) == package.read(touched)


@each_served
def test_both_ways_of_scanning_agree(path: Path) -> None:
    package = Package.open(path)
    strings = SharedStrings.of(package)
    for part in sheets(package):
        data = package.xml(part)
        fast, thorough = (scan_sheet(data, file=path.name, part=part, thorough=t) for t in (False, True))
        assert list(fast.rows) == list(thorough.rows)
        assert fast.prefix == thorough.prefix
        for index in range(len(fast.rows)):
            assert fast.cells_at(index) == thorough.cells_at(index)
            for span in fast.cells_at(index):
                assert fast.children(span) == thorough.children(span)
        assert fast.special_formulas == thorough.special_formulas
        if path.name != "poi__54764.xlsx":  # its shared strings declare a document type
            assert list(fast.cells(strings)) == list(thorough.cells(strings))
        assert fast.bounds == thorough.bounds
        assert fast.frame == thorough.frame


def chosen_edits(scan: SheetScan, seed: str) -> list[CellEdit]:
    """Ten kinds of edits at places that may be written."""
    rng = random.Random(seed)
    forbidden = [*scan.merges, *(area for area, _ in scan.special_formulas.array_areas)]
    spans = [s for i in range(len(scan.rows)) for s in scan.cells_at(i)]
    free = [s for s in spans if not any(r.contains(s.row, s.column) for r in forbidden)]
    used = {(s.row, s.column) for s in spans}
    results: list[Value] = [7, "x", False]
    rng.shuffle(free)
    masters = {(m.row, m.column) for ms in scan.special_formulas.masters.values() for m in ms}
    free.sort(key=lambda s: (s.row, s.column) not in masters)
    kinds: list[dict[str, Any]] = [
        {"kind": EditKind.VALUE, "value": 42.5},
        {"kind": EditKind.VALUE, "value": ' a<b & "c" _x0041_\n行 '},
        {"kind": EditKind.VALUE, "value": True},
        {"kind": EditKind.VALUE, "value": None},
        {"kind": EditKind.FORMULA, "formula": 'IF(1<2,"a&b",A1)', "value": "a&b"},
        {"kind": EditKind.VALUE, "value": ExcelError.NA},
        {"kind": EditKind.STYLE, "style": 0},
        {"kind": EditKind.FORMULA, "formula": "1=1", "value": True},
    ]
    edits = [CellEdit(s.row, s.column, **kind) for s, kind in zip(free, kinds, strict=False)]
    for span in free[len(kinds) :]:
        if scan.raw(span).formula is not None:
            edits.append(CellEdit(span.row, span.column, EditKind.CACHE, results[len(edits) % 3]))
            break
    bottom = max((s.row for s in spans), default=-1)
    places = [(bottom + 1, 0), (bottom + 5, 3), (max(bottom - 1, 0), 40), (0, 1), (max(bottom // 2, 0), 2)]
    new_values: list[Value] = [3, "new", 2.5, False, "x"]
    for number, (row, column) in enumerate(places):
        taken = used | {(e.row, e.column) for e in edits}
        if (row, column) not in taken and not any(r.contains(row, column) for r in forbidden):
            edits.append(CellEdit(row, column, EditKind.VALUE, new_values[number]))
    return edits


def without(data: bytes, places: set[tuple[int, int]], fresh_rows: set[int]) -> bytes:
    """The canonical form of a sheet without these cells and rows, and without what sums them up."""
    root = etree.fromstring(data)
    row_number = -1
    for row in list(root.iterfind("{*}sheetData/{*}row")):
        row_number = int(row.get("r")) - 1 if row.get("r") else row_number + 1
        column = -1
        for cell in list(row.iterfind("{*}c")):
            column = parse_cell(cell.get("r")).column if cell.get("r") else column + 1
            if (row_number, column) in places:
                row.remove(cell)
        if row_number in fresh_rows:
            assert len(row) == 0
            row.getparent().remove(row)
        if any(r == row_number for r, _ in places):
            row.attrib.pop("spans", None)
            if not len(row):
                row.text = None
    for dimension in root.iterfind("{*}dimension"):
        dimension.attrib.pop("ref", None)
    for holder in root.iterfind("{*}sheetData"):
        if not len(holder):
            holder.text = None
    return bytes(etree.tostring(root, method="c14n"))


def formulas_of(data: bytes) -> dict[tuple[int, int], str]:
    """Each cell's formula, shared ones moved by openpyxl."""
    root = etree.fromstring(data)
    found: dict[tuple[int, int], str] = {}
    masters: dict[str, tuple[str, str]] = {}
    row_number = -1
    for row in root.iterfind("{*}sheetData/{*}row"):
        row_number = int(row.get("r")) - 1 if row.get("r") else row_number + 1
        column = -1
        for cell in row.iterfind("{*}c"):
            column = parse_cell(cell.get("r")).column if cell.get("r") else column + 1
            f = cell.find("{*}f")
            if f is None:
                continue
            here = a1(row_number, column)
            text = f.text or ""
            if f.get("t") == "shared":
                if text:
                    masters[f.get("si")] = (text, here)
                elif f.get("si") in masters:
                    master, origin = masters[f.get("si")]
                    text = Translator("=" + master, origin=origin).translate_formula(here)[1:]
            found[row_number, column] = text
    return found


@each_served
def test_patched_and_all_else_equal(path: Path) -> None:
    package = Package.open(path)
    patched_any = False
    replaced: dict[str, bytes] = {}
    all_edits: dict[str, list[CellEdit]] = {}
    for part in sheets(package):
        scan = SheetScan.of(package, part)
        edits = chosen_edits(scan, path.name + part)
        result = patched_sheet(scan, edits)
        patched_any = True
        replaced[part], all_edits[part] = result.data, edits
        assert proof_outside_spans(scan.data, result.data, result.replacements) == ""
        edited = {(e.row, e.column) for e in edits}
        promoted = set(result.changed) - edited
        old_rows = set(scan.rows.numbers)
        fresh = {e.row for e in edits} - old_rows
        assert without(scan.data, edited | promoted, set()) == without(result.data, edited | promoted, fresh)
        before, after = formulas_of(scan.data), formulas_of(result.data)
        assert {k: v for k, v in before.items() if k not in edited} == {
            k: v for k, v in after.items() if k not in edited
        }
        again = scan_sheet(result.data, part=part)
        for edit in edits:
            cell = again.cell(edit.row, edit.column)
            if edit.kind is EditKind.STYLE:
                assert cell is not None
                assert cell.style == (edit.style or 0)
            elif cell is None:
                assert edit.value is None
            else:
                assert cell.value == edit.value, edit
                if edit.kind is not EditKind.CACHE:
                    assert cell.formula == (edit.formula or None)
        thorough = scan_sheet(scan.data, part=part, thorough=True)
        assert patched_sheet(thorough, edits) == result
        repeated = patched_sheet(again, [e for e in edits if e.kind is not EditKind.STYLE])
        assert repeated.data == result.data
    assert patched_any or not sheets(package)
    whole = assemble(package, replaced)
    assert unchanged_members(package, Package.of(whole), list(replaced)) == ()
    check_with_openpyxl(path, package, whole, all_edits)


def check_with_openpyxl(
    path: Path, package: Package, whole: bytes, all_edits: dict[str, list[CellEdit]]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            before = openpyxl.load_workbook(path, data_only=True)
            if not before.sheetnames:
                return
        except Exception:  # noqa: BLE001  what openpyxl cannot read says nothing about the patch
            return
        after = openpyxl.load_workbook(BytesIO(whole), data_only=True)
    for sheet in package.workbook.sheets:
        if sheet.part not in all_edits or sheet.name not in before.sheetnames:
            continue
        old, new = before[sheet.name], after[sheet.name]
        edits = {(e.row, e.column): e for e in all_edits[sheet.part]}
        for row in old.iter_rows():
            for cell in row:
                if (cell.row - 1, cell.column - 1) not in edits:
                    assert new.cell(cell.row, cell.column).value == cell.value
        for (r, c), edit in edits.items():
            found = new.cell(r + 1, c + 1)
            if edit.kind is EditKind.STYLE or found.is_date or found.hyperlink:
                continue
            expected = edit.value.value if isinstance(edit.value, ExcelError) else edit.value
            if isinstance(expected, str):
                expected = x_escaped(expected)  # openpyxl leaves these escapes as they are
            assert found.value == expected, edit
