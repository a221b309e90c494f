"""The follow-up workbook after a script worked on it with openpyxl, which drops every computed value."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.judge.charts import stale_points
from tests.judge.fingerprint import lost
from tests.judge.libreoffice import compare_cached, needs_libreoffice
from tests.judge.openpyxl_session import edit_with_openpyxl
from tests.judge.package import Package, cell_position
from tests.judge.steps import find_table
from tests.refresh.scenario import AS_OF, COPIED, GENERATED, GOOD, WRONG, Day, World, a_day
from tests.refresh.small_world import View
from tests.refresh.test_edited_by_libreoffice import follow_up

from crmsheet import api
from crmsheet.api.refreshing import Refreshed
from crmsheet.model.words import Language
from crmsheet.refresh import NoteKind


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return follow_up(Language.ZH, tmp_path_factory, tmp_path_factory.mktemp("scripted"), 15)


@pytest.fixture(scope="module")
def day(world: World) -> Day:
    return a_day(world, libreoffice=False)


@pytest.fixture(scope="module")
def edited(world: World, day: Day) -> Path:
    return edit_with_openpyxl(world.path, world.path.with_name("edited.xlsx"), day.steps)


@pytest.fixture(scope="module")
def done(edited: Path) -> Refreshed:
    return api.refresh(edited.read_bytes(), name=edited.name, today=AS_OF)


@pytest.fixture(scope="module")
def after(edited: Path, done: Refreshed) -> Path:
    path = edited.with_name("refreshed.xlsx")
    path.write_bytes(done.content or b"")
    return path


def test_every_computed_value_is_back(after: Path) -> None:
    package = Package(after)
    empty = [
        f"{sheet.name}!{cell.ref}"
        for sheet in package.worksheets
        for cell in package.cells(sheet)
        if cell.formula is not None and cell.value is None
    ]
    assert empty == []


@pytest.mark.slow
@needs_libreoffice
def test_the_numbers_are_right(after: Path, tmp_path: Path) -> None:
    assert [str(m) for m in compare_cached(after, tmp_path)] == []


def test_charts_show_what_the_cells_hold(after: Path) -> None:
    assert [str(p) for p in stale_points(after)] == []


def test_nothing_of_the_people_is_lost(edited: Path, after: Path, day: Day) -> None:
    _, table = find_table(edited, "activities")
    id_column = table.box[1] + table.names.index("_id")

    def owned(sheet: str, ref: str) -> bool:
        if sheet in GENERATED or (sheet, ref) == (day.customers, day.typed_over):
            return True
        below = sheet == day.activities and cell_position(ref)[0] >= day.first_new
        return below and cell_position(ref)[1] >= id_column

    # openpyxl copies the formulas of a row without its table; those of the copied rows are put right. It renames
    # a sheet and leaves the names that point there; ours are put right, too.
    found = lost(edited, after, owned=owned, skip=("table",))
    ours = ("name _crm.", "name _row.", "name check_", "name moved_")
    assert [text for text in found if not text.startswith(ours)] == []


def test_rows_are_adopted_and_copies_are_new(done: Refreshed, day: Day) -> None:
    kinds = [n.kind for n in done.notes]
    assert kinds.count(NoteKind.ROW_ADOPTED) == GOOD + WRONG + COPIED
    assert kinds.count(NoteKind.ROW_COPIED) == COPIED
    restored = [n for n in done.notes if n.kind is NoteKind.FORMULA_RESTORED and n.sheet == day.customers]
    assert [n.cell for n in restored] == [day.typed_over]


def test_ids_stay_unique(after: Path) -> None:
    ids = View(Package(after)).column("activities", "_id")
    assert all(ids)
    assert len(set(ids)) == len(ids)


@pytest.mark.slow
def test_a_second_refresh_writes_nothing(after: Path) -> None:
    assert api.refresh(after.read_bytes(), name="again.xlsx", today=AS_OF).content is None
