"""Rows written alike are decoded by column: the same cells as one by one, and everything odd is seen."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmsheet.errors import WorkbookRefused
from crmsheet.excel.references import a1
from crmsheet.excel.values import Value
from crmsheet.opc.held import HeldBytes
from crmsheet.sheetml import alike, celledit, splice
from crmsheet.sheetml.decode import Cell
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.following import moved_rows
from crmsheet.sheetml.grid import CellRows
from crmsheet.sheetml.rowcells import Memory
from crmsheet.sheetml.scan import SheetScan, scan_sheet
from crmsheet.sheetml.spanedit import Replacement, replace_spans
from crmsheet.sheetml.splice import patched_sheet

STRINGS = ("one", "two & more", "三")
_HEAD = '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="urn:x"><sheetData>'
_FOOT = "</sheetData></worksheet>"

CONTENTS = (
    ' s="1"><v>{n}</v></c>',
    ' s="1"><v>{n}.5</v></c>',
    ' s="1"><v>-0.25E-3</v></c>',
    ' s="1"><v>nonsense</v></c>',
    ' s="1"/>',
    "/>",
    ' s="2" t="inlineStr"><is><t>text {n}</t></is></c>',
    ' s="2" t="inlineStr"><is><t>a &amp; _x0041_ {n}</t></is></c>',
    ' s="2" t="inlineStr"><is><r><t>rich</t></r></is></c>',
    ' t="s"><v>1</v></c>',
    ' s="3" t="b"><v>1</v></c>',
    ' s="3" t="e"><v>#N/A</v></c>',
    ' s="4" t="str"><f>IF(A1="","",1)</f><v></v></c>',
    ' s="4"><f>IF(A1="","",1)</f><v>{n}</v></c>',
    ' s="4"><f>B{n}*2</f><v>{n}</v></c>',
    ' s="4"><f>IF(A1="","",1)</f></c>',
    ' s="4"><f t="shared" si="0"/><v>{n}</v></c>',
    ' s="4"><f aca="false">TRUE()</f><v>1</v></c>',
    ' s="4"><f aca="false">FALSE()</f><v>0</v></c>',
    ' s="4" t="b"><f aca="false">TRUE()</f><v>1</v></c>',
    ' s="4"><f aca="false">TRUE()</f></c>',
)


@pytest.fixture(autouse=True, scope="module")
def _small_sheets() -> Iterator[None]:
    """A hundred rows are worth a pattern."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alike, "_WORTH", 64)
        patch.setattr(alike, "_WORTH_IN_MANY", 64)
        yield


def known_alike(scan: SheetScan) -> SheetScan:
    """A scan that knows which rows are written alike."""
    held = bytearray(len(scan.rows))
    for block in scan.alike(STRINGS, Memory()):
        for index in block.indexes:
            held[index] = index != block.sample
    scan.known_alike(held)
    return scan


def sheet(rows: Sequence[Sequence[int | None]], space: str = "", foot: str = _FOOT) -> bytes:
    """A sheet with these kinds of contents; None leaves a cell out."""
    written = []
    for row, kinds in enumerate(rows):
        cells = "".join(
            f'<c r="{a1(row, column)}"' + CONTENTS[kind].format(n=row + 1)
            for column, kind in enumerate(kinds)
            if kind is not None
        )
        written.append(f'<row r="{row + 1}" spans="1:4">{cells}</row>{space}')
    return (_HEAD + "".join(written) + foot).encode()


def grid(scan: SheetScan) -> CellRows:
    """The cells as `contents` holds them."""
    memory = Memory()
    blocks = list(scan.alike(STRINGS, memory))
    held = {index for block in blocks for index in block.indexes}
    rest = [index for index in range(len(scan.rows)) if index not in held]
    return CellRows.of(scan, blocks, dict(scan.cell_rows_at(rest, STRINGS, memory)))


def one_by_one(scan: SheetScan) -> dict[int, list[Cell]]:
    return dict(scan.cell_rows(STRINGS))


kind = st.none() | st.integers(0, len(CONTENTS) - 1)
shape = st.lists(kind, min_size=1, max_size=4)


@st.composite
def tables(draw: st.DrawFn) -> list[list[int | None]]:
    """Long runs of a few shapes, with single rows that are otherwise."""
    shapes = draw(st.lists(shape, min_size=1, max_size=3))
    rows = [list(draw(st.sampled_from(shapes))) for _ in range(draw(st.integers(70, 200)))]
    for index in draw(st.lists(st.integers(0, len(rows) - 1), max_size=6)):
        rows[index] = draw(shape)
    return rows


@settings(max_examples=40)
@given(tables(), st.sampled_from(["", "\n"]))
def test_by_column_and_one_by_one_give_the_same(rows: list[list[int | None]], space: str) -> None:
    scan = scan_sheet(sheet(rows, space))
    expected = one_by_one(scan)
    found = grid(scan)
    assert dict(found) == expected
    assert list(found) == list(expected)
    types = {r: [type(c.value) for c in cells] for r, cells in found.items()}
    assert types == {r: [type(c.value) for c in cells] for r, cells in expected.items()}
    wanted = list(expected)
    for column in range(4):
        values, formulas = found.column(column, wanted)
        cells = [next((c for c in expected[r] if c.column == column), None) for r in wanted]
        assert values == [None if c is None else c.value for c in cells]
        assert formulas == [None if c is None else c.formula for c in cells]
    every = [c for cells in expected.values() for c in cells if c.formula is not None]
    assert sorted(found.formula_cells({})) == sorted(every)
    assert list(found.formula_cells(dict.fromkeys(range(4), ((0, 10000),)))) == []
    assert found.lacks_values == any(c.kind == "blank" for c in every)


@settings(max_examples=40)
@given(tables(), st.integers(0, 200), st.sampled_from(["array", "shared", "dataTable"]))
def test_formulas_of_many_cells_are_found_also_in_rows_that_are_alike(
    rows: list[list[int | None]], some: int, kind: str
) -> None:
    special = f'<f t="{kind}" ref="A1:A2" si="7">IF('.encode()
    data = sheet(rows).replace(b"<f>IF(", special, some)
    scan = known_alike(scan_sheet(data))
    assert scan.special_formulas == scan_sheet(data).special_formulas


def test_long_runs_are_held_by_column() -> None:
    found = grid(scan_sheet(sheet([[0, 6, 12, None]] * 80 + [[5]] + [[0, 6, 13, None]] * 120)))
    assert sum(len(b.indexes) for b in found.blocks) == 200
    assert set(found.others) == {80}


@settings(max_examples=40)
@given(tables(), st.integers(0, 2**32))
def test_many_new_results_and_formulas_are_written_as_one_by_one(
    rows: list[list[int | None]], seed: int
) -> None:
    part, dice = sheet(rows), random.Random(seed)
    values = (7, 1, 0.5, "", "a<b", True, None, "text")
    share = dice.choice((0, 0.4, 0.9))

    def edited() -> tuple[EditKind, Value, str]:
        at, value = dice.random(), dice.choice(values)
        if at < 0.05:
            return EditKind.VALUE, value, ""
        return (EditKind.FORMULA, value, 'IF(A1<"&",1)') if at < share else (EditKind.CACHE, value, "")

    edits = [
        CellEdit(row, column, *edited())
        for row, cells in enumerate(rows)
        for column, kind in enumerate(cells)
        if kind is not None and kind >= 12 and dice.random() < 0.75
    ]
    with patch.object(celledit.CellEditor, "_as_usual", return_value=None):
        slow = patched_sheet(scan_sheet(part), edits)
    with patch.object(splice, "_MANY", 1):
        quick = patched_sheet(known_alike(scan_sheet(part)), edits)
    assert quick.data == slow.data
    assert quick.changed == slow.changed
    assert quick.lost_formula == slow.lost_formula


@pytest.mark.parametrize("damage", ["a & b", "&unknown;", "x ]]> y", "<c>"])
def test_damage_is_found_where_each_row_gets_another_formula(damage: str) -> None:
    data = sheet([[0, 6, 13]] * 200).replace(b"text 150", damage.encode())
    edits = [CellEdit(row, 2, EditKind.FORMULA, 1, "other") for row in range(200)]
    with pytest.raises(WorkbookRefused):
        patched_sheet(known_alike(scan_sheet(data)), edits)


@settings(max_examples=30)
@given(tables(), st.data())
def test_after_a_patch_only_rows_with_spans_are_read_again(
    rows: list[list[int | None]], data: st.DataObject
) -> None:
    scan = scan_sheet(sheet(rows))
    places = data.draw(
        st.lists(
            st.tuples(st.integers(0, len(rows) - 1), st.integers(0, 5)), min_size=1, max_size=5, unique=True
        )
    )
    edits = [CellEdit(r, c, EditKind.VALUE, f"new {r}<{c}>") for r, c in places]
    done = patched_sheet(scan, edits)
    moved = moved_rows(scan.rows, done.replacements, HeldBytes(done.data))
    assert moved is not None
    whole = scan_sheet(done.data)
    assert moved[0] == whole.rows
    assert {scan.rows.numbers[i] for i in moved[1]} <= {r for r, _ in places} | _masters(rows)
    before = grid(scan)
    after = before.patched(whole, dict(whole.cell_rows_at(moved[1], STRINGS)))
    was, now = one_by_one(scan), one_by_one(whole)
    assert dict(after) == now
    really = {r for r in range(len(rows)) if was[r] != now[r]}
    assert really <= set(before.differing(after))
    assert really <= set(before.differing(grid(whole)))


def _masters(rows: list[list[int | None]]) -> set[int]:
    return {r for r, kinds in enumerate(rows) if 16 in kinds}


def test_rows_that_come_or_go_are_read_again() -> None:
    data = sheet([[0]] * 100)
    scan = scan_sheet(data)
    end = scan.rows.close_start
    new = Replacement(end, end, b'<row r="101"><c r="A101"><v>1</v></c></row>')
    assert moved_rows(scan.rows, (new,), HeldBytes(replace_spans(data, (new,)))) is None
    first = Replacement(scan.rows.starts[3], scan.rows.ends[3], b"")
    assert moved_rows(scan.rows, (first,), HeldBytes(replace_spans(data, (first,)))) is None
    comment = Replacement(scan.rows.open_ends[3], scan.rows.open_ends[3], b"<!-- -->")
    assert moved_rows(scan.rows, (comment,), HeldBytes(replace_spans(data, (comment,)))) is None


@pytest.mark.parametrize("damage", ["a & b", "&unknown;", "x ]]> y"])
def test_damage_in_a_row_like_others_is_found_when_it_is_patched(damage: str) -> None:
    data = sheet([[0, 6]] * 200).replace(b"text 150", damage.encode())
    scan = scan_sheet(data)
    found = grid(scan)
    held = bytearray(len(scan.rows))
    for block in found.blocks:
        for index in block.indexes:
            held[index] = index != block.sample
    scan.known_alike(held)
    with pytest.raises(WorkbookRefused):
        patched_sheet(scan, [CellEdit(3, 0, EditKind.VALUE, 7)])


def test_a_missing_shared_text_is_refused() -> None:
    data = sheet([[9]] * 200).replace(b'<c r="A120" t="s"><v>1</v>', b'<c r="A120" t="s"><v>9</v>')
    with pytest.raises(WorkbookRefused):
        dict(grid(scan_sheet(data)))
