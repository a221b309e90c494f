"""Columns that people deleted, and of which the spec takes the fields out only then."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.judge import uno_session
from tests.judge.libreoffice import compare_all
from tests.judge.once import made_once
from tests.judge.steps import DeleteColumns, SetCells, Step
from tests.refresh.small_world import SPEC, TODAY, View

from crmsheet import api
from crmsheet.errors import WorkbookRefused
from crmsheet.refresh import NoteKind

FIELDS = {
    "since": "      since: {type: date, label: Since}\n",
    "remark": "      remark: {type: text, label: Remark}\n",
    "revenue": "      revenue: {type: rollup, table: orders, agg: sum, field: amount, label: Revenue}\n",
}
FAX = "      fax: {type: text, label: Fax}\n"
DELETED: Mapping[str, tuple[str, ...]] = {
    "D": ("remark",),
    "E": ("revenue",),
    "ED": ("remark", "revenue"),
    "C": ("since",),
}
"""By the columns that are deleted, one after the other: the fields whose columns they are."""


@pytest.fixture(scope="module")
def cut(small_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The workbook without columns of the customers, by their letters; and `full`, where nothing new has room."""
    uno_session.require()
    folder = tmp_path_factory.mktemp("cut")

    def made() -> Mapping[str, bytes]:
        ways: dict[str, list[Step]] = {
            letters: [DeleteColumns("Customers", c) for c in letters] for letters in DELETED
        }
        ways["full"] = [*ways["D"], SetCells("Customers", {"L6": "mine"})]
        paths = {name: folder / f"{name}.xlsx" for name in ways}
        uno_session.edit_all([(small_path, paths[name], steps) for name, steps in ways.items()])
        return {name: path.read_bytes() for name, path in paths.items()}

    return made_once(tmp_path_factory, "columns-cut", made)


def spec(folder: Path, *gone: str, new: str = "") -> Path:
    text = SPEC
    for field in gone:
        assert FIELDS[field] in text
        text = text.replace(FIELDS[field], "")
    text = text.replace("      last_order:", f"{new}      last_order:", 1)
    path = folder / "changed.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("letters", DELETED)
def test_a_spec_without_the_field_is_followed(cut: Mapping[str, bytes], letters: str, tmp_path: Path) -> None:
    path = spec(tmp_path, *DELETED[letters])
    before = View.of(cut[letters])
    done = api.refresh(cut[letters], name="b.xlsx", today=TODAY, spec=path)
    after = View.of(done.content)
    assert after.table("customers")[1].names == before.table("customers")[1].names
    assert after.table("customers")[1].box == before.table("customers")[1].box
    kept = [h for h in before.table("customers")[1].names if h not in ("_used", "_match", "Data check")]
    assert [after.column("customers", h) for h in kept] == [before.column("customers", h) for h in kept]
    told = {n.kind for n in done.notes}
    assert not told & {NoteKind.RETIRED, NoteKind.FORMULA_RESTORED, NoteKind.ADDED, NoteKind.ROW_DELETED}
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


def test_the_numbers_are_right(cut: Mapping[str, bytes], tmp_path: Path) -> None:
    paths = []
    for letters, gone in DELETED.items():
        done = api.refresh(cut[letters], name="b.xlsx", today=TODAY, spec=spec(tmp_path, *gone))
        paths.append(tmp_path / f"{letters}.xlsx")
        paths[-1].write_bytes(done.content or b"")
    assert [str(d) for found in compare_all(paths).values() for d in found] == []


def test_a_new_field_comes_at_the_same_time(cut: Mapping[str, bytes], tmp_path: Path) -> None:
    """The new column stands to the right of where the deleted one was put for a while; that one is blank."""
    done = api.refresh(cut["D"], name="b.xlsx", today=TODAY, spec=spec(tmp_path, "remark", new=FAX))
    view = View.of(done.content)
    assert view.table("customers")[1].names[-2:] == ("Remark", "Fax")
    assert set(view.column("customers", "Remark")) == {None}
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


@pytest.mark.parametrize(("letters", "gone"), [("D", ()), ("D", ("since",)), ("ED", ("remark",))])
def test_a_column_whose_field_stays_is_missed(
    cut: Mapping[str, bytes], letters: str, gone: tuple[str, ...], tmp_path: Path
) -> None:
    with pytest.raises(WorkbookRefused, match="W205"):
        api.refresh(cut[letters], name="b.xlsx", today=TODAY, spec=spec(tmp_path, *gone))


def test_without_any_room_beside_the_table_the_workbook_is_refused(
    cut: Mapping[str, bytes], tmp_path: Path
) -> None:
    with pytest.raises(WorkbookRefused, match="W205"):
        api.refresh(cut["full"], name="b.xlsx", today=TODAY, spec=spec(tmp_path, "remark"))
