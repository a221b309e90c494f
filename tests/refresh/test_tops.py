"""Titles, links and legends above tables: where they stand is not a matter of what people type."""

from __future__ import annotations

from pathlib import Path

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
    name = "Customers!$A$1:$O$2"
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
