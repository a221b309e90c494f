"""What people do to the options on the Lists sheet: none counts twice, none takes blank cells for itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.judge import uno_session
from tests.judge.libreoffice import compare_all
from tests.judge.package import Package, Value, area, cell_position, column_letters
from tests.judge.steps import InsertRows, Step
from tests.read.test_blocks_found import inserted
from tests.refresh.small_world import CUSTOMERS, ORDERS, SPEC, TODAY, View, built, typed, with_cells

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


_CITIES = {"East": ("Shanghai", "Nanjing", "Jinan"), "North": ("Beijing", "Tianjin"), "South": ("Canton",)}
_BY_CITY = _FILTERED.replace(
    "tables:\n",
    "  city:\n    label: City\n    depends_on: region\n    items:\n"
    + "".join(
        f"      {region.lower()}:\n"
        + "".join(f"        - {{id: {city.lower()}, label: {city}}}\n" for city in cities)
        for region, cities in _CITIES.items()
    )
    + "tables:\n",
    1,
).replace(
    "      since: {type: date",
    "      city: {type: choice, list: city, depends_on: region, label: City}\n      since: {type: date",
)


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The small book whose customers stand in cities of their regions, the last one of each first."""
    customers = [
        dict(c) | {"city": _CITIES[str(c["region"])][-1 - n // 3 % len(_CITIES[str(c["region"])])]}
        for n, c in enumerate(CUSTOMERS)
    ]
    return built(tmp_path_factory.mktemp("cities"), spec=_BY_CITY, customers=customers, orders=ORDERS)


def _headed(content: bytes | None) -> dict[Value, list[Value]]:
    """What stands below every heading of the matrix."""
    view = View.of(content)
    cells = {cell_position(c.ref): c.value for c in view.package.cells(view.package.sheet("Lists"))}
    top, left, _, right = area(view.name("parents_city").partition("!")[2].replace("$", ""))
    _, _, bottom, _ = area(view.name("matrix_city").partition("!")[2].replace("$", ""))
    below = range(top + 1, bottom + 1)
    return {
        cells[top, column]: [v for row in below if (v := cells.get((row, column)))]
        for column in range(left, right + 1)
        if cells.get((top, column))
    }


@pytest.mark.parametrize("above", [5, 6, 7, 8, 9, 12, 20])
@pytest.mark.parametrize("count", [1, 2])
def test_a_row_inserted_into_the_lists_moves_no_option_to_another(
    cities: bytes, above: int, count: int
) -> None:
    done = _refreshed(inserted(cities, "Lists", above, count), {})
    assert done.problems == ()
    assert _by_region(done.content) == _ALL
    assert {head: tuple(found) for head, found in _headed(done.content).items()} == _CITIES


def test_an_option_typed_into_an_inserted_row_gets_a_column_of_its_own(cities: bytes) -> None:
    done = _refreshed(inserted(cities, "Lists", 7, 1), {"A7": "West"})
    assert done.problems == ()
    assert {head: tuple(found) for head, found in _headed(done.content).items()} == {**_CITIES, "West": ()}
    view = View.of(done.content)
    top, left, _, right = area(view.name("parents_city").partition("!")[2].replace("$", ""))
    heads = {f"{column_letters(c)}{top}": f"{column_letters(c)}{top + 1}" for c in range(left, right + 1)}
    below = next(under for head, under in heads.items() if view.value("Lists", head) == "West")
    city, region = view.place("customers", "City", 0), view.place("customers", "Region", 0)
    moved = typed(done.content or b"", "Customers", {region: "West", city: "Urumqi"})
    later = _refreshed(moved, {below: "Urumqi"})
    assert later.problems == ()
    assert _headed(later.content)["West"] == ["Urumqi"]


@pytest.mark.parametrize("head", ["", '=IF(Lists!$A$99="","",Lists!$A$99)'])
def test_columns_are_known_by_their_ids_where_headings_were_broken(cities: bytes, head: str) -> None:
    view = View.of(cities)
    row, left, _, _ = area(view.name("parents_city").partition("!")[2].replace("$", ""))
    refs = [f"{column_letters(left + i)}{row}" for i in range(3)]
    broken = with_cells(cities, "Lists", dict.fromkeys(refs, f"><f>{head[1:]}</f>" if head else ""))
    done = _refreshed(inserted(broken, "Lists", 7, 1), {})
    assert done.problems == ()
    assert {head: tuple(found) for head, found in _headed(done.content).items()} == _CITIES


_IN_LIBREOFFICE: Mapping[str, tuple[Step, ...]] = {
    "inside": (InsertRows("Lists", 7, 1),),
    "two before the last": (InsertRows("Lists", 8, 2),),
    "below": (InsertRows("Lists", 9, 1),),
}


def test_rows_inserted_in_libreoffice(cities: bytes, tmp_path: Path) -> None:
    uno_session.require()
    source = tmp_path / "cities.xlsx"
    source.write_bytes(cities)
    paths = uno_session.edit_all(
        [(source, tmp_path / f"{name}.xlsx", steps) for name, steps in _IN_LIBREOFFICE.items()]
    )
    for path in paths:
        done = _refreshed(path.read_bytes(), {})
        path.write_bytes(done.content or b"")
        assert done.problems == ()
        assert uno_session.invalid_cells(path, sheets=["Customers"]) == {}
        assert {head: tuple(found) for head, found in _headed(done.content).items()} == _CITIES
        # The column of all labels, of which drop-downs of selectors are made, has each once.
        sheet, _, cells = View.of(done.content).name("_crm.lists.city.all").partition("!")
        top, left, bottom, _ = area(cells.replace("$", ""))
        held = {cell_position(c.ref): c.value for c in Package(path).cells(Package(path).sheet(sheet))}
        labels = [v for row in range(top, bottom + 1) if (v := held.get((row, left)))]
        assert labels == [city for cities_ in _CITIES.values() for city in cities_]
    differences = compare_all(paths)
    assert [str(d) for found in differences.values() for d in found] == []
