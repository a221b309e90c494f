"""Rules in workbooks that LibreOffice or openpyxl saved: the same to a refresh, unless the people's steps broke them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.judge import uno_session
from tests.judge.steps import (
    CopyCells,
    DeleteRows,
    InsertColumns,
    InsertRows,
    MoveColumn,
    SetCells,
    SortRange,
    Step,
)
from tests.refresh.rules_world import edited
from tests.refresh.small_world import TODAY, built, sheet_part

from crmsheet import api
from crmsheet.api.refreshing import Refreshed
from crmsheet.opc.package import Package
from crmsheet.refresh import NoteKind
from crmsheet.sheetml.rules import format_rules_of, validations_of
from crmsheet.sheetml.scan import SheetScan

RULES = (NoteKind.RULE_RESTORED, NoteKind.RULE_KEPT, NoteKind.RULE_UPDATED, NoteKind.RULE_EXTENDED)
STEPS: dict[str, tuple[Step, ...]] = {
    "saved": (),
    "sorted": (SortRange("Customers", "A4:L15", "A", descending=True),),
    "moved": (MoveColumn("Customers", "C", "B"),),
    "widened": (InsertColumns("Customers", "C", 1),),
    "shifted": (InsertColumns("Customers", "A", 1),),
    "rows": (
        InsertRows("Customers", 7, 2),
        SetCells("Customers", {"A7": "New 1", "B7": "East", "A8": "New 2", "B8": "North"}),
        DeleteRows("Customers", 12, 1),
    ),
    "pasted": (CopyCells("Customers", "B5:C7", "A9"),),
}


@pytest.fixture(scope="module")
def starter() -> bytes:
    made = api.build(
        "follow-up", today=TODAY, as_of=dt.date(2026, 3, 31), language="zh", demo=True, customers=8
    )
    return made.content


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return built(tmp_path_factory.mktemp("resaved"))


@pytest.fixture(scope="module")
def books(small: bytes, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """All of them in one session of LibreOffice."""
    uno_session.require()
    folder = tmp_path_factory.mktemp("libreoffice")
    path = folder / "small.xlsx"
    path.write_bytes(small)
    saved = uno_session.edit_all([(path, folder / f"{name}.xlsx", steps) for name, steps in STEPS.items()])
    return {path.stem: path.read_bytes() for path in saved}


def refreshed(content: bytes) -> Refreshed:
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    if done.content is not None:
        assert api.refresh(done.content, name="b.xlsx", today=TODAY).content is None
    return done


def rule_notes(done: Refreshed) -> list[tuple[NoteKind, str, str]]:
    return [(n.kind, n.column, n.old) for n in done.notes if n.kind in RULES]


@pytest.mark.parametrize("name", ["saved", "sorted", "moved", "widened"])
def test_what_libreoffice_rewrites_means_the_same(books: dict[str, bytes], name: str) -> None:
    assert rule_notes(refreshed(books[name])) == []


def test_what_openpyxl_rewrites_means_the_same(small: bytes) -> None:
    assert rule_notes(refreshed(edited(small, lambda _: None))) == []


@pytest.mark.slow
def test_a_whole_starter_means_the_same(starter: bytes, tmp_path: Path) -> None:
    uno_session.require()
    path = tmp_path / "starter.xlsx"
    path.write_bytes(starter)
    (saved,) = uno_session.edit_all([(path, tmp_path / "saved.xlsx", ())])
    for content in (saved.read_bytes(), edited(starter, lambda _: None)):
        assert rule_notes(refreshed(content)) == []


@pytest.mark.parametrize(("name", "cells"), [("rows", "$A$4:$A$1016"), ("shifted", "$B$4:$B$1015")])
def test_a_validation_that_libreoffice_left_behind_follows(
    books: dict[str, bytes], name: str, cells: str
) -> None:
    """Whether LibreOffice moves the ranges of a validation with its cells is a matter of chance, of one start
    even: about half of the workbooks are saved with either."""
    done = refreshed(books[name])
    behind = [(NoteKind.RULE_RESTORED, "Customer", "validation: it spoke of other cells")]
    assert rule_notes(done) in ([], behind)
    content = done.content or books[name]
    scan = SheetScan.of(Package.of(content, "b.xlsx"), sheet_part(content, "Customers"))
    assert [v.formulas[0].count(cells) for v in validations_of(scan) if v.kind == "custom"] == [1]


def test_cells_pasted_in_libreoffice_get_their_own_rules_back(books: dict[str, bytes]) -> None:
    done = refreshed(books["pasted"])
    notes = rule_notes(done)
    assert (NoteKind.RULE_RESTORED, "Customer", "validation: 3 cells had another") in notes
    assert (NoteKind.RULE_RESTORED, "Region", "drop-down: 3 cells had another") in notes
    assert done.content is not None
    package = Package.of(done.content, "b.xlsx")
    scan = SheetScan.of(package, sheet_part(done.content, "Customers"))
    kinds = {str(v.cells[0]): v.kind for v in validations_of(scan) if v.cells[0].bottom == 1014}
    assert (kinds["A4:A1015"], kinds["B4:B1015"]) == ("custom", "list")
    assert [str(f.cells[0]) for f in format_rules_of(scan)].count("A4:A1015") == 2
