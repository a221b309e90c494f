"""A part damaged at random is read or refused; nothing else ever happens."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.judge.synthetic import Book, CellSpec, Shape, book

from crmsheet.errors import WorkbookRefused
from crmsheet.opc.package import Package
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.names import NameEdit, calculation_edits, name_edits
from crmsheet.sheetml.rules import format_rules_of, validations_of, without_rules
from crmsheet.sheetml.scan import SheetScan
from crmsheet.sheetml.sharedstrings import SharedStrings
from crmsheet.sheetml.splice import patched_sheet
from crmsheet.sheetml.styles import Styles

RULES = (
    '<conditionalFormatting sqref="A1:B2"><cfRule type="expression" priority="1">'
    "<formula>A1</formula></cfRule></conditionalFormatting>"
    '<dataValidations count="1"><dataValidation type="list" sqref="A1"><formula1>x'
    "</formula1></dataValidation></dataValidations>"
)
CELLS = {
    (0, 0): CellSpec("text"),
    (0, 1): CellSpec(1, "A1*2", shared=0, ref="B1:B3"),
    (1, 1): CellSpec(2, shared=0),
    (2, 1): CellSpec("a&b", shared=0),
    (2, 3): CellSpec(3, "SUM(A1:A2)", array=True, ref="D3:E3"),
    (4, 0): CellSpec(value=True, style=1),
}
BOOKS = (
    book(CELLS, merges=("A8:B9",), tail=RULES),
    book(CELLS, Shape(prefix="x:", odd="comment", row_numbers=False)),
)
BITS = st.one_of(
    st.sampled_from(
        [
            b"<",
            b">",
            b"/",
            b'"',
            b"&",
            b"<!--",
            b"<![CDATA[",
            b"</",
            b"-1",
            b"99999999999",
            b"\xff",
            b"",
            b" r=",
        ]
    ),
    st.binary(max_size=3),
)


@settings(max_examples=150)
@given(
    st.sampled_from(BOOKS),
    st.integers(0, 6),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 25), BITS), min_size=1, max_size=3),
)
def test_damage_is_read_or_refused(made: Book, index: int, wounds: list[tuple[int, int, bytes]]) -> None:
    part = sorted(made.parts)[index]
    content = made.parts[part]
    for at, length, new in wounds:
        place = at % len(content) if content else 0
        content = content[:place] + new + content[place + length :]
    assert all(code.startswith("W1") for code in refusals_of(Book({**made.parts, part: content}).zipped()))


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_damaged_container_is_read_or_refused(wounds: list[tuple[int, int]]) -> None:
    data = bytearray(BOOKS[0].zipped())
    for at, value in wounds:
        data[at % len(data)] = value
    assert all(code.startswith("W1") for code in refusals_of(bytes(data)))


def refusals_of(data: bytes) -> list[str]:
    """The codes with which a package is refused; none when all of it can be read and changed."""
    try:
        everything(data)
    except WorkbookRefused as refused:
        return [d.code for d in refused.diagnostics]
    return []


def everything(data: bytes) -> None:
    """All that reads and changes a workbook, once."""
    package = Package.of(data)
    package.check_all()
    styles = Styles.of(package)
    assert all(isinstance(styles.is_date(i), bool) for i in range(len(styles.formats)))
    name_edits(package, [NameEdit("a.b", "1")])
    calculation_edits(package, on_load=True)
    strings = SharedStrings.of(package)
    for sheet in package.workbook.sheets:
        scan = SheetScan.of(package, sheet.part)
        cells = list(scan.cells(strings))
        assert len(cells) < 1000
        without_rules(scan, [*validations_of(scan), *format_rules_of(scan)])
        patched_sheet(scan, [CellEdit(0, 1, EditKind.VALUE, 5), CellEdit(9, 9, EditKind.VALUE, "x")])
