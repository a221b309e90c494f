"""Formats that people gave cells of ours stay when the cells are written anew: a changed spec, a newer crmsheet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.judge.libreoffice import needs_libreoffice, recalculated
from tests.judge.package import Cell
from tests.refresh.painting import formatted, looks, painted
from tests.refresh.small_world import SPEC, TODAY, View, built, with_cell

from crmsheet.api.refreshing import refresh
from crmsheet.api.restructuring.scratch import samples
from crmsheet.model.codec import decoded, encoded
from crmsheet.model.words import Language
from crmsheet.model.written import Formats
from crmsheet.plan.book import Plan, PlanSheet, SheetKind
from crmsheet.plan.cells import Block, PlanCell
from crmsheet.plan.formats import block_formats, column_formats, formats_of, style_of
from crmsheet.plan.looks import Align, Border, Style
from crmsheet.plan.tables import ColumnRole, PlanColumn, PlanTable
from crmsheet.refresh.structure.samecells import same_cells

METRIC = "  n_orders: {type: simple, label: Orders, table: orders, agg: count, time: date}\n"
THIRD = (
    METRIC + "  mean: {type: simple, label: Mean order, table: orders, agg: avg, field: amount, time: date}\n"
)
MORE = (
    SPEC.replace(METRIC, THIRD)
    .replace("cards: [revenue, n_orders]", "cards: [revenue, n_orders, mean]")
    .replace("table: {metrics: [revenue, n_orders]", "table: {metrics: [revenue, n_orders, mean]")
)
YELLOW = "FFFF00"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return built(tmp_path_factory.mktemp("book"))


def _cells(content: bytes, sheet: str) -> list[Cell]:
    package = View.of(content).package
    return list(package.cells(next(s for s in package.worksheets if s.name == sheet)))


def _at(content: bytes, sheet: str, *texts: object) -> list[str]:
    """The first cells that hold these values."""
    cells = [(c.ref, c.value) for c in _cells(content, sheet)]
    return [next(ref for ref, value in cells if value == text) for text in texts]


def _changed(content: bytes, spec: str, folder: Path) -> bytes:
    path = folder / "new.yaml"
    path.write_text(spec, encoding="utf-8")
    done = refresh(content, name="b.xlsx", spec=path, today=TODAY)
    assert done.content is not None
    return done.content


def test_a_block_that_the_spec_changes_keeps_its_fills(book: bytes, tmp_path: Path) -> None:
    content = painted(book, "Board", _at(book, "Board", 363.0, "North"), YELLOW)
    without, after = _changed(book, MORE, tmp_path), _changed(content, MORE, tmp_path)
    there = _at(after, "Board", 363.0, "North")
    plain, kept = looks(without, "Board", there), looks(after, "Board", there)
    for ref in there:
        assert plain[ref].fill != "FF" + YELLOW
        assert kept[ref].fill == "FF" + YELLOW
        assert kept[ref].number == plain[ref].number
        assert kept[ref].color == plain[ref].color


def test_a_number_format_of_peoples_stays_too(book: bytes, tmp_path: Path) -> None:
    (value,) = _at(book, "Board", 363.0)
    content = formatted(book, "Board", [value], "0.000")
    after = _changed(content, MORE, tmp_path)
    (there,) = _at(after, "Board", 363.0)
    assert looks(after, "Board", [there])[there].number == "0.000"


def test_it_is_still_peoples_after_the_next_change(book: bytes, tmp_path: Path) -> None:
    once = _changed(painted(book, "Board", _at(book, "Board", 363.0), YELLOW), MORE, tmp_path)
    again = _changed(once, SPEC, tmp_path)
    value, label, other = _at(again, "Board", 363.0, "North", 249.0)
    now = looks(again, "Board", [value, label, other])
    assert now[value].fill == "FF" + YELLOW
    assert now[label] == looks(book, "Board", [label])[label]
    assert now[other] == looks(book, "Board", [other])[other]


def test_a_blank_cell_that_people_painted_keeps_it_under_a_new_block(book: bytes, tmp_path: Path) -> None:
    (mean,) = _at(_changed(book, MORE, tmp_path), "Board", "Mean order")
    assert _blank(book, "Board", mean)
    content = painted(with_cell(book, "Board", mean, "><v></v>"), "Board", [mean], YELLOW)
    assert looks(_changed(content, MORE, tmp_path), "Board", [mean])[mean].fill == "FF" + YELLOW


def test_a_format_that_says_only_what_is_usual_looks_like_none() -> None:
    formats = Formats(("number_format=General", "border_color=FF0000", "bold=1"))
    shown = samples(formats, Plan("", Language.EN, "Calibri", 11, ()), "b.xlsx")
    indexes = [shown.indexes[style_of(text)] for text in formats.styles]
    assert indexes[:2] == [0, 0]
    assert indexes[2] != 0


def test_nobody_changed_anything(book: bytes, tmp_path: Path) -> None:
    """A changed spec makes the board look as a new workbook of it does."""
    after = _changed(book, MORE, tmp_path)
    fresh = built(tmp_path, spec=MORE)
    refs = [c.ref for c in _cells(fresh, "Board") if c.value not in (None, "")]
    assert looks(after, "Board", refs) == looks(fresh, "Board", refs)


def _blank(content: bytes, sheet: str, ref: str) -> bool:
    view = View.of(content)
    return view.value(sheet, ref) in (None, "")


def test_a_column_that_the_spec_formats_anew_keeps_what_people_made_of_it(
    book: bytes, tmp_path: Path
) -> None:
    view = View.of(book)
    cells = [view.place("orders", "Amount", row) for row in range(30)]
    header = view.place("orders", "Amount", -1)
    content = painted(book, "Orders", [*cells, header], YELLOW)
    spec = SPEC.replace("type: number, label: Amount,", "type: number, label: Amount, format: '0.000',")
    plain = looks(_changed(book, spec, tmp_path), "Orders", [*cells, header])
    kept = looks(_changed(content, spec, tmp_path), "Orders", [*cells, header])
    before = looks(book, "Orders", cells)
    for ref in cells:
        assert plain[ref].number != before[ref].number
        assert (kept[ref].fill, kept[ref].number) == ("FF" + YELLOW, plain[ref].number)
    assert kept[header].fill == "FF" + YELLOW


@needs_libreoffice
def test_what_libreoffice_says_otherwise_is_not_peoples(book: bytes, tmp_path: Path) -> None:
    """It numbers formats anew and says much of what holds anyway."""
    path = tmp_path / "book.xlsx"
    path.write_bytes(book)
    saved = recalculated([path], tmp_path)[0].read_bytes()
    after, fresh = _changed(saved, MORE, tmp_path), built(tmp_path, spec=MORE)
    refs = [c.ref for c in _cells(fresh, "Board") if c.value not in (None, "")]
    assert looks(after, "Board", refs) == looks(fresh, "Board", refs)


_STYLES = st.builds(
    Style,
    number_format=st.sampled_from(("", '0.0"天";-0', "#,##0.00", "x=y")),
    fill=st.sampled_from(("", "FFEEDD")),
    bold=st.booleans(),
    size=st.sampled_from((0, 9.5, 14)),
    align=st.sampled_from(Align),
    indent=st.integers(0, 3),
    border=st.sampled_from(Border),
    locked=st.booleans(),
)


@given(
    st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 7)), _STYLES, max_size=30),
    st.tuples(_STYLES, _STYLES),
)
def test_what_was_written_is_read_back(
    cells: dict[tuple[int, int], Style], column: tuple[Style, Style]
) -> None:
    block = Block("a.b", "a", 3, 2, 6, 8, tuple(PlanCell(*at, style=s) for at, s in cells.items()))
    hidden = replace(block, anchor="calc.a", sheet="calc")
    table = PlanTable("t", "t", "t", 0, 0, (PlanColumn("c", "C", ColumnRole.INPUT, *column),), ("1",))
    sheets = (PlanSheet("a", "A", SheetKind.BOARD), PlanSheet("calc", "C", SheetKind.CALC))
    written = formats_of(Plan("", Language.EN, "", 11, sheets, (table,), (block, hidden)))
    read = decoded(Formats, encoded(written))
    assert block_formats(read, "a.b") == cells
    assert block_formats(read, "calc.a") == {}
    assert column_formats(read, "t") == [column]


def test_what_a_later_version_says_of_a_style_is_left_out() -> None:
    assert style_of("bold=1\nshadow=3\nalign=justify") == Style(bold=True)


def test_a_cell_is_known_by_the_texts_around_it() -> None:
    old = {(0, 0): "Region", (0, 4): "Revenue", (1, 0): "East", (2, 0): "North", (3, 0): "Total"}
    new = {(0, 0): "Region", (0, 2): "Orders", (0, 5): "Revenue", (1, 0): "East", (2, 0): "South"}
    new |= {(3, 0): "North", (4, 0): "Total"}
    before = {*old, *((row, 4) for row in (1, 2, 3))}
    now = {*new, *((row, at) for row in (1, 2, 3, 4) for at in (2, 5))}
    found = same_cells(before, old, now, new)
    assert found[0, 5] == (0, 4)
    assert found[3, 0] == (2, 0)
    assert found[3, 5] == (2, 4)
    assert found[4, 5] == (3, 4)
    assert not {(2, 0), (2, 5), (0, 2)} & found.keys()


def test_what_stands_under_a_title_stays_under_it() -> None:
    """Cards have the same words in them."""

    def cards(*titles: str) -> tuple[dict[tuple[int, int], str], set[tuple[int, int]]]:
        texts = {(0, 4 * number): title for number, title in enumerate(titles)}
        texts |= {(row, at): word for _, at in list(texts) for row, word in ((2, "Change"), (3, "Before"))}
        return texts, {*texts, *((row, 4 * n + 2) for n in range(len(titles)) for row in (1, 2, 3))}

    (old, before), (new, now) = cards("Revenue", "Orders"), cards("Revenue", "Leads", "Orders")
    found = same_cells(before, old, now, new)
    for row in (1, 2, 3):
        assert found[row, 2] == (row, 2)
        assert found[row, 10] == (row, 6)
    assert {at for at in now if 4 <= at[1] < 8} & found.keys() == set()
