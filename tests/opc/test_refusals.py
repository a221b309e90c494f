"""Whatever is no sound workbook is refused with its reason and a remedy, and nothing else is."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.judge.hostile import HOSTILE, Expect, Hostile, Source
from tests.judge.synthetic import MAIN, OFFICE, Book, CellSpec, book

from crmsheet.errors import WorkbookRefused
from crmsheet.excel.references import RangeRef
from crmsheet.opc.limits import Limits
from crmsheet.opc.package import Package
from crmsheet.opc.refusals import Refusal
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.scan import SheetScan, scan_sheet
from crmsheet.sheetml.sharedstrings import SharedStrings
from crmsheet.sheetml.splice import patched_sheet

CELLS = {(0, 0): CellSpec("name"), (1, 1): CellSpec(5), (2, 2): CellSpec(6, "B2+1")}
SHEET = "xl/worksheets/sheet1.xml"


def looked_at(path: Path) -> list[object]:
    """All a command reads of a workbook: every member, every cell."""
    package = Package.open(path)
    package.check_all()
    strings = SharedStrings.of(package)
    values: list[object] = []
    for sheet in package.workbook.sheets:
        scan = SheetScan.of(package, sheet.part)
        values += [cell.value for cell in scan.cells(strings)]
        assert scan.bounds is not None
    return values


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("good") / "good.xlsx"
    path.write_bytes(book(CELLS).zipped())
    return path


def test_the_good_one_is_read(good: Path) -> None:
    assert looked_at(good) == ["name", 5, 6]


@pytest.mark.parametrize("recipe", HOSTILE, ids=str)
def test_hostile_packages_are_refused(recipe: Hostile, good: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad.xlsx"
    path.write_bytes(recipe.make(Source(good)))
    try:
        values = looked_at(path)
    except WorkbookRefused as refused:
        (diagnostic,) = refused.diagnostics
        assert diagnostic.code.startswith("W1")
        assert diagnostic.remedy
        assert "\n" not in diagnostic.remedy
    else:
        assert recipe.expect is Expect.REFUSE_OR_CORRECT
        assert values[:2] == ["name", 5]


def test_an_entity_in_a_cell_is_refused_when_the_sheet_is_changed() -> None:
    data = sheet(b'<row r="1"><c r="A1" t="str"><v>&evil;</v></c></row>')
    with pytest.raises(WorkbookRefused) as caught:
        patched_sheet(scan_sheet(data), [CellEdit(4, 4, EditKind.VALUE, 1)])
    assert caught.value.diagnostics[0].code == Refusal.DAMAGED.code


def sheet(rows: bytes, tail: bytes = b"") -> bytes:
    return b'<worksheet xmlns="%b"><sheetData>%b</sheetData>%b</worksheet>' % (MAIN.encode(), rows, tail)


def changed(part: str, old: str, new: str) -> bytes:
    made = book(CELLS)
    text = made.parts[part].decode()
    assert old in text
    return Book({**made.parts, part: text.replace(old, new, 1).encode()}).zipped()


def more(name: str, content: bytes) -> bytes:
    return Book({**book(CELLS).parts, name: content}).zipped()


def open_of(data: bytes, limits: Limits | None = None) -> Callable[[], object]:
    def run() -> object:
        package = Package.of(data, "book.xlsx", limits=limits or Limits())
        return list(SheetScan.of(package, SHEET).cells(SharedStrings.of(package)))

    return run


def patch_of(data: bytes, **blocked: str) -> Callable[[], object]:
    areas = [(RangeRef(0, 0, 9, 9), reason) for reason in blocked.values()]
    return lambda: patched_sheet(scan_sheet(data), [CellEdit(1, 1, EditKind.VALUE, 1)], blocked=areas)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
ROOT_RELS = "_rels/.rels"
BOOK_RELS = "xl/_rels/workbook.xml.rels"
SIGNATURE = (
    '<Relationship Id="s" Type="http://schemas.openxmlformats.org/package/2006/relationships/'
    'digital-signature/origin" Target="_xmlsignatures/origin.sigs"/></Relationships>'
)
REVISIONS = f'<Relationship Id="v" Type="{OFFICE}/revisionHeaders" Target="h.xml"/></Relationships>'
MERGED = sheet(b"", b'<mergeCells count="1"><mergeCell ref="A1:C3"/></mergeCells>')
ARRAY = sheet(b'<row r="1"><c r="A1"><f t="array" ref="A1:C3">1</f><v>1</v></c></row>')
TABLE = sheet(b'<row r="1"><c r="A1"><f t="dataTable" ref="A1:C3" r1="B1" r2="B2"/><v>1</v></c></row>')

CASES: tuple[tuple[str, Refusal, Callable[[], object]], ...] = (
    ("text", Refusal.NOT_ZIP, open_of(b"name,phone\n" * 20)),
    ("encrypted", Refusal.ENCRYPTED, open_of(OLE + "EncryptedPackage".encode("utf-16-le"))),
    ("xls", Refusal.OLD_XLS, open_of(OLE + "Workbook\0".encode("utf-16-le"))),
    ("xls 5", Refusal.OLD_XLS, open_of(OLE + "Book\0".encode("utf-16-le"))),
    (
        "xlsb",
        Refusal.BINARY_XLSB,
        open_of(
            changed(
                "[Content_Types].xml",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                "application/vnd.ms-excel.sheet.binary.macroEnabled.main",
            )
        ),
    ),
    ("ods", Refusal.NOT_WORKBOOK, open_of(Book({"mimetype": b"application/vnd.oasis"}).zipped())),
    ("signed", Refusal.SIGNED, open_of(changed(ROOT_RELS, "</Relationships>", SIGNATURE))),
    ("shared", Refusal.SHARED, open_of(changed(BOOK_RELS, "</Relationships>", REVISIONS))),
    ("too large", Refusal.TOO_LARGE, open_of(book(CELLS).zipped(), Limits(part_bytes=100))),
    ("too large together", Refusal.TOO_LARGE, open_of(book(CELLS).zipped(), Limits(total_bytes=900))),
    ("too many members", Refusal.TOO_LARGE, open_of(book(CELLS).zipped(), Limits(members=3))),
    ("parent folder", Refusal.HOSTILE_ZIP, open_of(more("xl/../../etc/x", b"x"))),
    ("drive", Refusal.HOSTILE_ZIP, open_of(more("C:/x", b"x"))),
    ("bomb", Refusal.BOMB, open_of(more("xl/media/a.bin", bytes(2 * 2**20)))),
    ("doctype", Refusal.DOCTYPE, open_of(changed(SHEET, "<worksheet", "<!DOCTYPE a><worksheet"))),
    (
        "nested",
        Refusal.TOO_DEEP,
        open_of(changed(SHEET, "<sheetData>", "<a>" * 300 + "</a>" * 300 + "<sheetData>")),
    ),
    ("encoding", Refusal.ENCODING, open_of(changed(SHEET, 'encoding="utf-8"', 'encoding="klingon"'))),
    ("bad reference", Refusal.BAD_REFERENCE, open_of(changed(SHEET, '"B2"', '"XFE2"'))),
    ("row 0", Refusal.BAD_REFERENCE, open_of(changed(SHEET, 'row r="1"', 'row r="0"'))),
    ("rows twice", Refusal.DISORDER, open_of(changed(SHEET, 'row r="2"', 'row r="1"'))),
    ("cell in another row", Refusal.DISORDER, open_of(changed(SHEET, '"B2"', '"B3"'))),
    (
        "missing text",
        Refusal.DAMAGED,
        open_of(changed(SHEET, '<c r="A1" t="s"><v>0', '<c r="A1" t="s"><v>7')),
    ),
    ("negative text", Refusal.DAMAGED, open_of(changed(SHEET, 't="s"><v>0', 't="s"><v>-1'))),
    ("merge", Refusal.PROTECTED_CELL, patch_of(MERGED)),
    ("array", Refusal.PROTECTED_CELL, patch_of(ARRAY)),
    ("data table", Refusal.PROTECTED_CELL, patch_of(TABLE)),
    ("blocked", Refusal.PROTECTED_CELL, patch_of(sheet(b""), pivot="A pivot table stands there.")),
    ("no cells", Refusal.NOT_SERVED, patch_of(b'<dialogsheet xmlns="m"><a/></dialogsheet>')),
)


@pytest.mark.parametrize(("refusal", "run"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_each_reason_has_its_code(refusal: Refusal, run: Callable[[], object]) -> None:
    with pytest.raises(WorkbookRefused) as caught:
        run()
    assert caught.value.diagnostics[0].code == refusal.code


def test_every_code_has_a_case() -> None:
    assert {c[1] for c in CASES} == set(Refusal)
    codes = [r.code for r in Refusal]
    assert len(set(codes)) == len(codes)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    path.write_bytes(book(CELLS).zipped())
    with pytest.raises(WorkbookRefused, match="W109"):
        Package.open(path, limits=Limits(file_bytes=100))


def test_a_member_that_inflates_to_more_than_stated_is_cut_off() -> None:
    data = bytearray(book(CELLS).zipped())
    member = next(m for m in Package.of(bytes(data)).members if m.part == SHEET)
    record = data.index(member.record)
    for place in (member.start + 22, record + 24):
        data[place : place + 4] = (5).to_bytes(4, "little")
    with pytest.raises(WorkbookRefused, match="W111"):
        Package.of(bytes(data)).read(SHEET)


def test_the_cause_of_a_damaged_member_is_told() -> None:
    data = bytearray(book(CELLS).zipped())
    member = next(m for m in Package.of(bytes(data)).members if m.part == SHEET)
    data[member.data_start] ^= 0xFF
    with pytest.raises(WorkbookRefused, match="W106") as caught:
        Package.of(bytes(data)).read(SHEET)
    assert isinstance(caught.value.__cause__, zlib.error) or "checksum" in str(caught.value)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/_rels/workbook.xml.rels", f'Type="{OFFICE}/worksheet"', ""),
        ("xl/_rels/workbook.xml.rels", f"{OFFICE}/worksheet", f"{OFFICE}/theme"),
        ("xl/workbook.xml", "</sheets>", '<sheet name="Twin" sheetId="9" r:id="{id}"/></sheets>'),
    ],
    ids=["without type", "of another type", "twice"],
)
def test_a_sheet_that_is_none_of_its_own_is_damage(part: str, old: str, new: str) -> None:
    rid = Package.of(book(CELLS).zipped()).workbook.sheets[0].rid
    with pytest.raises(WorkbookRefused, match="W106") as caught:
        Package.of(changed(part, old, new.replace("{id}", rid)))
    assert "no sheet of its own" in str(caught.value)
