"""What people do to the options on the Lists sheet: none counts twice, none takes blank cells for itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.judge.package import Value
from tests.refresh.small_world import CUSTOMERS, ORDERS, SPEC, TODAY, View, built, typed

from crmsheet import api
from crmsheet.api import Refreshed
from crmsheet.diagnostics import CellPlace

_FILTERED = SPEC.replace(
    "metrics:\n",
    "metrics:\n"
    "  easts: {type: simple, label: Easts, table: customers, agg: count, filter: '[region]=\"east\"'}\n",
).replace("cards: [revenue, n_orders]", "cards: [revenue, n_orders, easts]")


def _refreshed(content: bytes, cells: Mapping[str, Value]) -> Refreshed:
    """Refreshed after people typed on Lists; once more changes nothing."""
    done = api.refresh(typed(content, "Lists", cells), name="b.xlsx", today=TODAY)
    assert done.content is not None
    assert api.refresh(done.content, name="b.xlsx", today=TODAY).content is None
    return done


def _by_region(content: bytes | None) -> dict[Value, Value]:
    """The table on the board: revenue by what its rows are called."""
    view = View.of(content)
    cells = {c.ref: c.value for c in view.package.cells(view.package.sheet("Board"))}
    head = next(int(ref[1:]) for ref, value in cells.items() if ref.startswith("Z") and value == "Region")
    revenue = next(ref for ref, value in cells.items() if value == "Revenue" and ref.endswith(f"{head}"))
    column = revenue.removesuffix(f"{head}")
    rows = ((cells.get(f"Z{row}"), cells.get(f"{column}{row}")) for row in range(head + 1, head + 9))
    return {label: value for label, value in rows if label}


_ALL = {"East": 249, "North": 363, "South": 235, "Total": 847}


@pytest.mark.parametrize("id_", [None, "#REF!", "east"])
def test_an_option_that_lost_its_id_is_known_by_its_label(small: bytes, id_: str | None) -> None:
    done = _refreshed(small, {"B8": id_})
    assert View.of(done.content).value("Lists", "B8") == "south"
    assert _by_region(done.content) == _ALL


def test_an_option_of_which_all_cells_are_gone_is_gone_and_leaves_its_place_free(small: bytes) -> None:
    done = _refreshed(small, {"A8": None, "B8": None})
    assert _by_region(done.content) == {"East": 249, "North": 363, "Other / unlisted": 235, "Total": 847}
    assert View.of(done.content).value("Lists", "B8") is None
    assert {p.code for p in done.problems} == {"D103"}
    added = _refreshed(done.content or b"", {"A8": "West"})
    assert View.of(added.content).value("Lists", "B8") == "+West"
    assert not [n for n in added.notes if n.kind.name == "LIST_RELABELLED"]


def test_an_option_that_stands_twice_counts_once_and_is_told(small: bytes) -> None:
    done = _refreshed(small, {"A9": "East"})
    assert _by_region(done.content) == _ALL
    (problem,) = done.problems
    assert problem.code == "D115"
    assert isinstance(problem.place, CellPlace)
    assert (problem.place.sheet, problem.place.cell) == ("Lists", "A9")
    assert "A6" in problem.message


def test_two_options_of_one_name_are_one(small: bytes) -> None:
    done = _refreshed(small, {"A7": "East"})
    # The rows still say North; until they are rewritten that means the same.
    assert _by_region(done.content) == {"East": 612, "South": 235, "Total": 847}
    assert "D115" in {p.code for p in done.problems}


def test_behind_a_cleared_option_all_others_are_still_there(small: bytes) -> None:
    done = _refreshed(small, {"A7": None})
    assert _by_region(done.content) == {"East": 249, "South": 235, "Other / unlisted": 363, "Total": 847}
    later = _refreshed(done.content or b"", {"A9": "West"})
    assert "West" in _by_region(later.content)


def test_what_means_a_cleared_option_does_not_mean_blank_cells(tmp_path: Path) -> None:
    customers = [dict(c) for c in CUSTOMERS]
    customers[0]["region"] = customers[1]["region"] = None
    content = built(tmp_path, spec=_FILTERED, customers=customers, orders=ORDERS)
    easts = sum(1 for c in customers if c["region"] == "East")
    done = _refreshed(content, {"A6": None})
    board = View.of(done.content).package
    cells = {c.ref: c.value for c in board.cells(board.sheet("Board"))}
    (card,) = (ref for ref, value in cells.items() if value == "Easts")
    letters = card.rstrip("0123456789")
    assert cells[f"{letters}{int(card[len(letters) :]) + 1}"] == easts
    assert not [p for p in done.problems if "" in p.allowed]
