"""Sparklines: ours come, come back and go with their cards; people's stay."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from tests.judge.repair import repair_causes
from tests.judge.schema import schema_errors
from tests.refresh.chosen_world import ABOUT_ONE, LINES, PLAIN, again, built, followed, lines
from tests.refresh.small_world import SPEC, sheet_part, with_text

SHEET = "One customer"
THEIRS = (
    '<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
    'uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}"><x14:sparklineGroups '
    'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:sparklineGroup>'
    "<x14:sparklines><x14:sparkline><xm:f>Orders!C4:C9</xm:f><xm:sqref>BA1</xm:sqref></x14:sparkline>"
    "</x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext></extLst></worksheet>"
)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return built(tmp_path_factory.mktemp("one"))


def with_theirs(content: bytes) -> bytes:
    """The workbook after somebody put a sparkline of their own on the board that has none."""
    part = sheet_part(content, SHEET)
    return with_text(content, part, lambda text: text.replace("</worksheet>", THEIRS))


def sound(content: bytes) -> bool:
    return schema_errors(content) == [] and repair_causes(content) == [] and again(content).content is None


def test_a_card_has_a_line_of_its_months(book: bytes) -> None:
    found = lines(book, SHEET)
    assert len(found) == 2
    assert all(source.startswith("_calc!") for source in found.values())
    assert again(book).content is None


def test_lines_that_a_program_dropped_come_back(book: bytes, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(book)
    with pytest.warns(UserWarning, match="Sparkline"):
        loaded = openpyxl.load_workbook(path)
    loaded.save(path)
    assert lines(path.read_bytes(), SHEET) == {}
    done = again(path.read_bytes()).content
    assert done is not None
    assert set(lines(done, SHEET)) == set(lines(book, SHEET))
    assert sound(done)


def test_lines_come_and_go_with_the_spec_and_theirs_stay(tmp_path: Path) -> None:
    plain = SPEC + ABOUT_ONE.replace(LINES, PLAIN)
    start = with_theirs(built(tmp_path, plain))
    with_lines = followed(start, SPEC + ABOUT_ONE, tmp_path).content
    assert with_lines is not None
    found = lines(with_lines, SHEET)
    assert found.pop("BA1") == "Orders!C4:C9"
    assert len(found) == 2
    assert sound(with_lines)
    without = followed(with_lines, plain, tmp_path).content
    assert without is not None
    assert lines(without, SHEET) == {"BA1": "Orders!C4:C9"}
    assert sound(without)


def test_a_sheet_loses_its_list_of_extensions_with_its_last_line(book: bytes, tmp_path: Path) -> None:
    without = followed(book, SPEC + ABOUT_ONE.replace(LINES, PLAIN), tmp_path).content
    assert without is not None
    assert lines(without, SHEET) == {}
    assert sound(without)


def test_lines_follow_numbers_that_moved(book: bytes, tmp_path: Path) -> None:
    # Another board before this one pushes its numbers down on the hidden sheet.
    first = SPEC.replace("cards: [revenue, n_orders]", "cards: {metrics: [revenue, n_orders], trend: 24}")
    done = followed(book, first + ABOUT_ONE, tmp_path).content
    assert done is not None
    assert len(lines(done, "Board")) == 2
    assert set(lines(done, SHEET)) == set(lines(book, SHEET))
    assert sound(done)
