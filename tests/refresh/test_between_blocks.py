"""What people typed on a board between the cells of our blocks stays when the spec changes the blocks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.judge.package import Value, area, column_letters
from tests.refresh.small_world import SPEC, TODAY, View, typed

from crmsheet import api

CHANGES = {
    "first": ("      - cards: [revenue", "      - note: A first line\n      - cards: [revenue"),
    "cards": ("cards: [revenue, n_orders]", "cards: [n_orders]"),
    "fewer": (
        "      - {id: by_region, table: {metrics: [revenue, n_orders], by: region, totals: true}}\n",
        "",
    ),
    "other": ("by: region, totals: true", "by: customer.region, totals: false"),
}


def blank_cells(content: bytes) -> dict[str, Value]:
    """A text in a blank cell of each block of the board, and one beside them all."""
    view = View.of(content)
    filled = {
        (c.row, c.column)
        for c in view.package.cells(view.package.sheet("Board"))
        if c.formula is not None or c.value not in (None, "")
    }
    text = view.package.read(view.package.sheet("Board").part).decode()
    merged = [area(m) for m in re.findall(r'<mergeCell ref="([^"]+)"', text)]
    found: dict[str, Value] = {}
    for (_, name), where in view.package.names.items():
        if not name.startswith("_crm.board."):
            continue
        top, left, bottom, right = area(where.partition("!")[2].replace("$", ""))
        free = [
            (row, column)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
            if (row, column) not in filled
            and not any(a <= row <= c and b <= column <= d for a, b, c, d in merged)
        ]
        if free:
            row, column = free[-1]
            found[f"{column_letters(column)}{row}"] = f"mine {name}"
    return found


@pytest.mark.parametrize("change", CHANGES)
def test_notes_between_the_cells_of_blocks_stay(small: bytes, tmp_path: Path, change: str) -> None:
    mine = blank_cells(small)
    assert len(mine) >= 2
    content = typed(small, "Board", mine)
    old, new = CHANGES[change]
    assert old in SPEC
    path = tmp_path / "changed.yaml"
    path.write_text(SPEC.replace(old, new), encoding="utf-8")
    done = api.refresh(content, name="b.xlsx", today=TODAY, spec=path)
    view = View.of(done.content)
    assert {ref: view.value("Board", ref) for ref in mine} == mine
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


def test_a_metric_may_stand_on_two_cards(small: bytes, tmp_path: Path) -> None:
    path = tmp_path / "changed.yaml"
    path.write_text(SPEC.replace("cards: [revenue, n_orders]", "cards: [revenue, n_orders, revenue]"))
    done = api.refresh(small, name="b.xlsx", today=TODAY, spec=path)
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None
