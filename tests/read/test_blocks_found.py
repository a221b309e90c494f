"""Blocks of boards are found after people inserted rows and columns, and renamed sheets."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.judge.package import Value, area, cell_position, column_letters
from tests.refresh.small_world import TODAY, View, typed, with_parts

from crmsheet import api
from crmsheet.read.anchors import _aligned
from crmsheet.refresh import NoteKind

_REF = re.compile(r"(\$?[A-Z]{1,3}\$?)(\d+)")


def inserted(content: bytes, sheet: str, above: int, count: int) -> bytes:
    """The workbook after rows were inserted: cells, merges, names and formulas of other cells follow."""

    def moved(row: int) -> int:
        return row + count if row >= above else row

    def on_sheet(text: str) -> str:
        text = re.sub(r'(<row r=")(\d+)"', lambda m: f'{m[1]}{moved(int(m[2]))}"', text)
        text = re.sub(r'(<c r="[A-Z]+)(\d+)"', lambda m: f'{m[1]}{moved(int(m[2]))}"', text)
        text = re.sub(
            r"<conditionalFormatting .*?</conditionalFormatting>",
            lambda m: re.sub(
                r"(?<=<formula>)[^<]*",
                lambda f: re.sub(
                    r"(?<![\w!$.])(\$?[A-Z]{1,3}\$?)(\d+)\b", lambda r: f"{r[1]}{moved(int(r[2]))}", f[0]
                ),
                m[0],
            ),
            text,
        )
        return re.sub(
            r'(ref|sqref)="([A-Z0-9: ]+)"',
            lambda m: f'{m[1]}="' + _REF.sub(lambda r: f"{r[1]}{moved(int(r[2]))}", m[2]) + '"',
            text,
        )

    def names(text: str) -> str:
        return re.sub(
            rf"\b{sheet}!\$?[A-Z]+\$?\d+(:\$?[A-Z]+\$?\d+)?",
            lambda m: (
                m[0].partition("!")[0]
                + "!"
                + _REF.sub(lambda r: f"{r[1]}{moved(int(r[2]))}", m[0].partition("!")[2])
            ),
            text,
        )

    book = View.of(content).package
    changed = {"xl/workbook.xml": names(book.read("xl/workbook.xml").decode()).encode()}
    for other in book.worksheets:
        text = names(book.read(other.part).decode())
        changed[other.part] = (on_sheet(text) if other.name == sheet else text).encode()
    return with_parts(content, changed)


def table_of_board(content: bytes) -> list[Value]:
    """All values of the board's table block, row by row, blank lines left out."""
    view = View.of(content)
    sheet, _, text = view.name("_crm.board.by_region").partition("!")
    top, left, bottom, right = area(text.replace("$", ""))
    held = {(c.row, c.column): c.value for c in view.package.cells(view.package.sheet(sheet))}
    return [
        v
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (v := held.get((row, column))) is not None
    ]


@pytest.mark.parametrize("above", [1, 2, 4, 6, 7, 8, 13, 14, 15, 18, 22])
def test_rows_inserted_above_and_inside_blocks(small: bytes, above: int) -> None:
    content = inserted(small, "Board", above, 2)
    content = typed(content, "Orders", {View.of(content).place("orders", "Amount", 0): 5000.0})
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert [n for n in done.notes if n.kind is not NoteKind.USER_FORMULA_COMPUTED] == []
    straight = api.refresh(
        typed(small, "Orders", {View.of(small).place("orders", "Amount", 0): 5000.0}),
        name="b.xlsx",
        today=TODAY,
    )
    assert table_of_board(done.content or b"") == table_of_board(straight.content or b"")
    assert table_of_board(done.content or b"") != table_of_board(small)
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


def test_settings_are_read_after_rows_were_inserted(small: bytes) -> None:
    content = inserted(small, "Settings", 2, 3)
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert done.as_of.isoformat() == "2026-03-31"
    assert done.values_changed == 0


def test_list_rows_inserted_by_people_are_kept(small: bytes) -> None:
    content = typed(small, "Lists", {"A9": "West"})
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    after = done.content or content
    assert View.of(after).value("Lists", "A9") == "West"
    assert "West" in table_of_board(after)
    assert api.refresh(after, name="b.xlsx", today=TODAY).content is None


@given(
    expected=st.lists(st.sampled_from([True, False]), min_size=1, max_size=8),
    gaps=st.lists(st.integers(0, 2), min_size=9, max_size=9),
)
def test_lines_are_told_apart_by_what_is_planned(expected: list[bool], gaps: list[int]) -> None:
    lines: list[tuple[int, bool]] = []
    for wanted, gap in zip(expected, gaps, strict=False):
        lines += [(len(lines) + i, True) for i in range(gap)]
        lines.append((len(lines), not wanted))
    lines += [(len(lines) + i, True) for i in range(gaps[8])]
    found = _aligned(lines, list(expected))
    assert found is not None
    assert len(found) == len(expected)
    assert sorted(set(found)) == list(found)
    filled = [number for number, blank in lines if not blank]
    assert [n for n, wanted in zip(found, expected, strict=True) if wanted] == filled


def test_lines_that_do_not_fit_are_not_guessed() -> None:
    assert _aligned([(0, False), (1, False)], [True, False]) is None
    assert _aligned([(0, False)], [True, True]) is None
    assert _aligned([(0, False), (1, False)], [True]) is None
    assert _aligned([(0, True), (1, False)], [None, True]) == (0, 1)
    assert column_letters(cell_position("C3")[1]) == "C"
