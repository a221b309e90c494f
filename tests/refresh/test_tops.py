"""Titles, links and legends above tables: where they stand is not a matter of what people type."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.judge import uno_session
from tests.judge.steps import DeleteColumns, InsertColumns, MoveColumn, SetCells, Step
from tests.refresh.small_world import SPEC, TODAY, View, typed, with_text

from crmsheet import api
from crmsheet.refresh import NoteKind

LINKS = ("→ Board", "→ Guide")


def top(content: bytes | None, sheet: str) -> dict[str, object]:
    """What stands in the first two rows."""
    view = View.of(content)
    cells = view.package.cells(view.package.sheet(sheet))
    return {c.ref: c.value for c in cells if c.row <= 2 and c.value not in (None, "")}


def spec(folder: Path, old: str, new: str) -> Path:
    assert old in SPEC
    path = folder / "changed.yaml"
    path.write_text(SPEC.replace(old, new), encoding="utf-8")
    return path


def test_links_stay_where_they_are_however_long_the_values_become(small: bytes) -> None:
    view = View.of(small)
    content = typed(
        small, "Customers", {view.place("customers", "Customer", 2): "A name as long as that " * 3}
    )
    content = typed(content, "Lists", {"A6": "A region with a name as long as that"})
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    for sheet in ("Customers", "Orders", "Lists"):
        assert top(done.content, sheet) == top(small, sheet)
    assert not [n for n in done.notes if n.kind is NoteKind.TEXT_RESTORED and n.sheet != "Guide"]
    shorter = typed(small, "Customers", {view.place("customers", "Customer", n): f"C{n}" for n in range(12)})
    done = api.refresh(shorter, name="b.xlsx", today=TODAY)
    assert top(done.content, "Customers") == top(small, "Customers")


def test_a_top_whose_cells_were_cut_does_not_go_below_its_table(small: bytes, tmp_path: Path) -> None:
    """Rows are typed there."""
    name = "Customers!$A$1:$H$2"
    cut = with_text(small, "xl/workbook.xml", lambda text: text.replace(name, "Customers!$A$1:$C$2"))
    content = typed(cut, "Customers", {"A1": "My customers", "A2": "mine"})
    changed = spec(tmp_path, "label: Stale after", "label: Idle after")
    done = api.refresh(content, name="b.xlsx", today=TODAY, spec=changed)
    view = View.of(done.content)
    assert view.name("_crm.customers.top") == "Customers!$A$1:$C$2"
    assert top(done.content, "Customers") == top(content, "Customers")
    assert "customers.top" in [n.old for n in done.notes if n.kind is NoteKind.BLOCK_LEFT_OUT]
    _, table = view.table("customers")
    used = [c.row for c in view.package.cells(view.package.sheet("Customers")) if c.value is not None]
    assert max(used) == table.box[2]
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


def test_a_wider_top_reaches_over_cells_that_it_does_not_fill(small: bytes, tmp_path: Path) -> None:
    before = top(small, "Customers")
    content = typed(small, "Customers", {"W1": "a note of mine"})
    label = "Everything that ever was asked"
    done = api.refresh(
        content, name="b.xlsx", today=TODAY, spec=spec(tmp_path, "label: Board", f"label: {label}")
    )
    after = top(done.content, "Customers")
    assert after["W1"] == "a note of mine"
    assert f"→ {label}" in after.values()
    assert len(after) == len(before) + 1
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


COLUMNS = "CDEGH"
"""Where links and legend of the customers stand."""


def moved(content: bytes, places: dict[str, str], name: str) -> bytes:
    """The workbook after cells above the customers came to stand in other columns, as openpyxl moves them."""
    was = top(content, "Customers")
    cells = {ref: value for ref, value in was.items() if ref[0] in places}
    emptied = typed(content, "Customers", dict.fromkeys(cells))
    there = {f"{places[ref[0]]}{ref[1:]}": value for ref, value in cells.items() if places[ref[0]]}
    result = typed(emptied, "Customers", there)  # type: ignore[arg-type]
    old = "Customers!$A$1:$H$2"
    return (
        result if name == old else with_text(result, "xl/workbook.xml", lambda text: text.replace(old, name))
    )


@pytest.mark.parametrize(
    ("to", "name"),
    [
        ("DEFGH", "Customers!$A$1:$H$2"),  # a column inserted, another deleted within the legend
        ("DCEGH", "Customers!$A$1:$H$2"),  # one link's column put before the other's
        ("DEFHI", "Customers!$A$1:$I$2"),  # a column inserted
        ("BCDFG", "Customers!$A$1:$G$2"),  # an empty one deleted
        ("CDEFG", "Customers!$A$1:$H$2"),  # one deleted, another inserted behind the legend
        ("CDEKL", "Customers!$A$1:$L$2"),  # several inserted within the legend
    ],
)
def test_what_stands_above_a_table_follows_its_columns(small: bytes, to: str, name: str) -> None:
    content = moved(small, dict(zip(COLUMNS, to, strict=True)), name)
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert done.content is None
    assert done.notes == ()


def test_a_link_whose_column_was_deleted_stands_in_a_free_cell_again(small: bytes) -> None:
    content = moved(small, dict(zip(COLUMNS, ("C", "", "D", "F", "G"), strict=True)), "Customers!$A$1:$G$2")
    for mine in ({}, {"E1": "a note of mine"}):
        done = api.refresh(typed(content, "Customers", mine), name="b.xlsx", today=TODAY)
        found = top(done.content, "Customers")
        assert sorted(map(str, found.values())) == sorted(
            map(str, (*top(small, "Customers").values(), *mine.values()))
        )
        assert found["H1" if mine else "E1"] == "→ Guide"
        assert mine.items() <= found.items()
        assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


def test_a_text_above_a_table_that_was_typed_over_comes_back_in_its_place(small: bytes) -> None:
    done = api.refresh(typed(small, "Customers", {"D1": "mine"}), name="b.xlsx", today=TODAY)
    assert top(done.content, "Customers") == top(small, "Customers")
    assert [(n.kind, n.cell, n.old) for n in done.notes] == [(NoteKind.TEXT_RESTORED, "D1", "mine")]


def test_a_changed_spec_finds_what_stands_above_moved_columns(small: bytes, tmp_path: Path) -> None:
    content = moved(small, dict(zip(COLUMNS, "DCEHI", strict=True)), "Customers!$A$1:$I$2")
    content = typed(content, "Customers", {"W1": "a note of mine"})
    longer = spec(tmp_path, "label: Board", "label: Everything that ever was asked")
    done = api.refresh(content, name="b.xlsx", today=TODAY, spec=longer)
    expected = {**top(small, "Customers"), "W1": "a note of mine"}
    words = {str(v).replace("Board", "Everything that ever was asked") for v in expected.values()}
    found = top(done.content, "Customers")
    assert sorted(map(str, found.values())) == sorted(words)
    assert found["W1"] == "a note of mine"
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


SESSION: dict[str, tuple[Step, ...]] = {
    "left": (InsertColumns("Customers", "A"),),
    "inside": (InsertColumns("Customers", "C"), SetCells("Customers", {"C1": "mine"})),
    "right": (InsertColumns("Customers", "G", 2),),
    "moved": (MoveColumn("Customers", "D", "B"),),
    "gone": (InsertColumns("Customers", "C"), DeleteColumns("Customers", "P")),
    "own": (InsertColumns("Customers", "B", 2), DeleteColumns("Customers", "B")),
    "cut": (InsertColumns("Customers", "E"), DeleteColumns("Customers", "F")),
}


@pytest.mark.slow
def test_columns_inserted_moved_and_deleted_in_libreoffice(small_path: Path, tmp_path: Path) -> None:
    uno_session.require()
    jobs = [(small_path, tmp_path / f"{name}.xlsx", steps) for name, steps in SESSION.items()]
    for path in uno_session.edit_all(jobs):
        content = path.read_bytes()
        done = api.refresh(content, name="b.xlsx", today=TODAY)
        before, after = top(content, "Customers"), top(done.content, "Customers")
        if path.stem == "cut":
            before["E1"] = "■ Required"
        assert after == before, path.stem
        assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


def test_what_people_typed_between_links_is_theirs(small: bytes, tmp_path: Path) -> None:
    """Also where a longer link needs their cell's column."""
    mine = {"F1": "mine", "L1": "a note of mine", "F2": "another"}
    content = typed(small, "Customers", mine)
    for label, guide in (("Board of today", "E1"), ("Everything that ever was asked", "G1")):
        longer = spec(tmp_path, "label: Board", f"label: {label}")
        done = api.refresh(content, name="b.xlsx", today=TODAY, spec=longer)
        found = top(done.content, "Customers")
        assert mine.items() <= found.items()
        assert found[guide] == "→ Guide"
        assert found["C1"] == f"→ {label}"
        assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None
