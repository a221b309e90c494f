"""LibreOffice recalculates every starter: each cached value is the recalculated one.

Also: every part validates against the ECMA-376 schemas, and nothing that makes Excel offer a repair occurs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from tests.judge import charts, repair
from tests.judge.libreoffice import compare_all, needs_libreoffice
from tests.judge.schema import schema_errors

from crmsheet import api
from crmsheet.compile.board_words import WINDOWS
from crmsheet.opc.package import Package
from crmsheet.opc.writer import assemble
from crmsheet.read import Reading, read_book
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.splice import CellEdit, EditKind, patched_sheet
from crmsheet.starters import starter_names

AS_OF = date(2026, 3, 31)
CHOSEN: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("zh", {"dashboard.period": "this_month", "dashboard.owner": "0", "kpi.region": "2", "today.owner": "0"}),
    (
        "en",
        {"dashboard.period": "last_quarter", "dashboard.region": "0", "kpi.owner": "2", "today.owner": "3"},
    ),
    (
        "zh",
        {
            "dashboard.period": "last_30_days",
            "dashboard.owner": "2",
            "dashboard.region": "3",
            "kpi.period": "all",
        },
    ),
)
"""Three ways to set the selectors: a period by its id, another choice by its position in the list."""


LANGUAGES = ("zh", "en")


def in_turn(*, other: bool = False) -> list[pytest.ParameterSet]:
    """Every starter in both languages; the quick suite takes one, another from starter to starter."""
    return [
        pytest.param(starter, language, marks=() if (number + place + other) % 2 == 0 else pytest.mark.slow)
        for number, starter in enumerate(starter_names())
        for place, language in enumerate(LANGUAGES)
    ]


def built(starter: str, language: str, customers: int = 300) -> bytes:
    """A starter's workbook; without customers it is empty."""
    demo = customers > 0
    return api.build(
        starter, today=AS_OF, as_of=AS_OF, language=language, demo=demo, customers=customers or 1
    ).content


def with_selectors(content: bytes, chosen: Mapping[str, str]) -> bytes:
    """The workbook with its selectors set as a person would, then refreshed."""
    contents = Contents(Package.of(content))
    reading = read_book(contents)
    edits: dict[str, list[CellEdit]] = {}
    for selector, choice in chosen.items():
        anchor, row, column = reading.record.inputs[f"selectors.{selector}"]
        place = reading.layout.anchors[anchor]
        edit = CellEdit(
            place.rows[row], place.columns[column], EditKind.VALUE, _shown(reading, selector, choice)
        )
        edits.setdefault(place.sheet, []).append(edit)
    replaced: dict[str, bytes] = {}
    for name, found in edits.items():
        sheet = contents.sheet(name)
        assert sheet is not None
        replaced[sheet.sheet.part] = patched_sheet(sheet.scan, found).data
    done = api.refresh(assemble(contents.package, replaced), name="chosen", today=AS_OF)
    assert done.content is not None
    return done.content


def _shown(reading: Reading, selector: str, choice: str) -> str:
    """What a person picks from the drop-down."""
    board_id, selector_id = selector.split(".")
    model = reading.record.model
    board = next(b for b in model.boards if b.id == board_id)
    found = next(s for s in board.selectors if s.id == selector_id)
    if found.is_period:
        return WINDOWS[choice].text(reading.record.language)
    if found.list:
        return reading.state.lists[found.list][int(choice)].label
    return str(reading.state.tables[found.table].columns[model.table(found.table).key][int(choice)])


def _judged(books: Mapping[str, bytes], folder: Path) -> None:
    """No value differs from LibreOffice's, no chart shows another value, no part is wrong."""
    paths = []
    for name, content in books.items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(content)
        assert repair.repair_causes(path) == []
        assert charts.stale_points(path) == []
        paths.append(path)
    mismatches = compare_all(paths, folder)
    assert {p.stem: found[:5] for p, found in mismatches.items() if found} == {}


@needs_libreoffice
@pytest.mark.parametrize(("starter", "language"), in_turn(other=True))
def test_empty_workbooks_are_judged(starter: str, language: str, tmp_path: Path) -> None:
    _judged({language: built(starter, language, 0)}, tmp_path)


@needs_libreoffice
@pytest.mark.parametrize(("starter", "language"), in_turn())
def test_demo_workbooks_are_judged(starter: str, language: str, tmp_path: Path) -> None:
    _judged({language: built(starter, language, 60)}, tmp_path)


@needs_libreoffice
@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("starter", starter_names())
def test_whole_demo_workbooks_are_judged(starter: str, language: str, tmp_path: Path) -> None:
    _judged({language: built(starter, language)}, tmp_path)


@needs_libreoffice
def test_selectors_set_three_ways_are_judged(tmp_path: Path) -> None:
    books = {
        f"{number}-{language}": with_selectors(built("follow-up", language, 60), chosen)
        for number, (language, chosen) in enumerate(CHOSEN)
    }
    _judged(books, tmp_path)


@needs_libreoffice
@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_three_thousand_customers_are_judged(language: str, tmp_path: Path) -> None:
    _judged({language: built("follow-up", language, 3000)}, tmp_path)


@pytest.mark.parametrize(("starter", "language"), in_turn())
def test_every_part_validates_against_the_schemas(starter: str, language: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(built(starter, language, 20))
    assert schema_errors(path) == []


@pytest.mark.parametrize(("starter", "language"), in_turn(other=True))
def test_two_builds_are_the_same_bytes_and_a_refresh_writes_nothing(starter: str, language: str) -> None:
    content = built(starter, language, 20)
    assert content == built(starter, language, 20)
    assert api.refresh(content, name="book", today=AS_OF).content is None
