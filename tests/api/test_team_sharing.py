"""A copy for a role holds what the role sees, and of anything else nothing, wherever one looks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.api.team_world import PEOPLE, SPEC, TODAY, everything, forms, master, rows

from crmsheet.api import refresh, share
from crmsheet.api.building import built_from
from crmsheet.api.team.copies import opened
from crmsheet.api.team.sharing import Shared
from crmsheet.errors import UsageError
from crmsheet.model.state import TableState
from crmsheet.model.words import Language
from crmsheet.spec import load

ROWS = rows()
BENS = [r for r in ROWS["customers"] if r["owner"] == "Ben Borg"]
OTHERS = [r for r in ROWS["customers"] if r["owner"] != "Ben Borg"]


@pytest.fixture(scope="module")
def for_ben() -> Shared:
    return share(master(), name="m.xlsx", role="rep", person="ben borg", today=TODAY, salt="s")


@pytest.fixture(scope="module")
def for_ann() -> Shared:
    return share(master(), name="m.xlsx", role="manager", person="Ann Ahlers", today=TODAY, salt="s")


@pytest.fixture(scope="module")
def blind() -> Shared:
    return share(master(), name="m.xlsx", role="blind", today=TODAY, salt="s")


def held(content: bytes, table: str) -> TableState:
    with opened(content, "x.xlsx", TODAY) as found:
        return found.state.tables[table]


def absent(content: bytes, values: Iterable[object]) -> list[str]:
    """Those of the values that stand somewhere in the file."""
    text = everything(content)
    return [form for value in values for form in forms(value) if form in text]


def test_what_is_looked_for_is_found_where_it_is() -> None:
    told = [v for r in ROWS["customers"] for v in (r["name"], r["phone"], r["mail"], r["credit"])]
    assert len(absent(master(), told)) == len(told)


def test_rows_of_others_are_nowhere_in_a_file_of_ones_own(for_ben: Shared) -> None:
    hidden = [v for r in OTHERS for k, v in r.items() if k not in ("tier", "payer", "owner")]
    theirs = {r["name"] for r in OTHERS}
    hidden += [v for r in ROWS["orders"] if r["customer"] in theirs for v in (r["amount"],)]
    hidden += [r["wage"] for r in ROWS["people"]]
    assert absent(for_ben.content, hidden) == []
    assert held(for_ben.content, "customers").columns["name"] == tuple(r["name"] for r in BENS)
    assert held(for_ben.content, "customers").columns["phone"] == tuple(r["phone"] for r in BENS)


def test_rows_that_others_refer_to_keep_their_name_only(for_ben: Shared) -> None:
    people = held(for_ben.content, "people")
    assert people.columns["name"] == ("Ann Ahlers", "Ben Borg", "Cid Corte")
    assert people.columns["manager"] == (None, "Ann Ahlers", None)
    assert for_ben.names == 2
    assert "Dora" not in everything(for_ben.content)


def test_what_tells_rows_apart_goes_along_with_their_name(tmp_path: Path) -> None:
    spec = SPEC.replace(
        "  people:\n    label: People\n", "  people:\n    label: People\n    display: [mail]\n"
    ).replace("wage: {type: number", "mail: {type: text, label: Work mail}\n      wage: {type: number")
    people = [{**row, "mail": f"{row['name']}@team"} for row in ROWS["people"]]
    path = tmp_path / "team.yaml"
    path.write_text(spec, encoding="utf-8")
    given = {**ROWS, "people": people}
    book = built_from(load(path), given, Language.EN, today=TODAY).content  # type: ignore[arg-type] # rows loosely typed
    copy = share(book, name="m.xlsx", role="rep", person="ben borg", today=TODAY, salt="s")
    found = held(copy.content, "people").columns
    assert found["mail"] == ("Ann Ahlers@team", "Ben Borg@team", "Cid Corte@team")
    assert found["manager"] == (None, "Ann Ahlers", None)


def test_masked_and_dropped_values_are_nowhere(for_ann: Shared) -> None:
    hidden = [v for r in ROWS["customers"] for v in (r["phone"], r["mail"], r["born"], r["credit"])]
    hidden += ["Risky payer", "risky", "Big credit", "138 0077 0088", "Buyer01@"]
    assert absent(for_ann.content, hidden) == []
    customers = held(for_ann.content, "customers").columns
    assert len(customers["name"]) == 6
    assert customers["phone"][1] == "138****0188"
    assert customers["mail"][1] == "b****"
    assert customers["remark"][1] == "note 01, call 138****0188 or B****"
    assert "credit" not in customers
    assert set(for_ann.masked) == {"Customers.Phone", "Customers.Mail"}
    assert set(for_ann.dropped) == {"Customers.Born", "Customers.Payer", "Customers.Credit", "People.Wage"}


def test_what_needs_dropped_fields_goes_and_is_told(for_ann: Shared) -> None:
    assert ("metric", "Credits") in for_ann.followed
    assert ("metric", "Use of credit") in for_ann.followed
    assert ("metric", "Phones") in for_ann.followed
    assert ("field", "Customers.Over") in for_ann.followed
    text = everything(for_ann.content)
    assert "Use of credit" not in text
    assert ">Sold<" in text


def test_a_masked_key_names_its_row_everywhere(blind: Shared) -> None:
    customers, orders = held(blind.content, "customers"), held(blind.content, "orders")
    names = customers.columns["name"]
    assert names[0] == "F****"
    assert len(set(names)) == 8
    assert orders.columns["customer"] == tuple(names[n % 8] for n in range(16))
    assert absent(blind.content, [r["name"] for r in ROWS["customers"]]) == []
    assert absent(blind.content, PEOPLE) == []


def test_rows_keep_their_ids(for_ben: Shared) -> None:
    ids = dict(zip(held(master(), "customers").columns["name"], held(master(), "customers").ids, strict=True))
    copy = held(for_ben.content, "customers")
    assert copy.ids == tuple(ids[name] for name in copy.columns["name"])


@pytest.mark.parametrize("name", ["for_ben", "for_ann", "blind"])
def test_a_copy_is_up_to_date_and_has_no_problems(name: str, request: pytest.FixtureRequest) -> None:
    copy: Shared = request.getfixturevalue(name)
    done = refresh(copy.content, name="x.xlsx", today=TODAY, accept_deletions=True)
    assert done.content is None
    assert done.problems == ()


def test_figures_of_earlier_dates_are_for_who_sees_everything(for_ben: Shared) -> None:
    boss = share(master(), name="m.xlsx", role="boss", today=TODAY, salt="s")
    with opened(boss.content, "x.xlsx", TODAY) as all_, opened(for_ben.content, "x.xlsx", TODAY) as own:
        assert any("\tSold\t" in line for line in all_.reading.record.history)
        total = sum(float(str(r["amount"])) for r in ROWS["orders"])
        assert f"{total:.12g}" not in "\n".join(own.reading.record.history)


def test_who_is_meant_has_to_be_said() -> None:
    for role, person, code in (
        ("rep", "", "U142"),
        ("rep", "Nobody", "U140"),
        ("chief", "", "U141"),
    ):
        with pytest.raises(UsageError) as refused:
            share(master(), name="m.xlsx", role=role, person=person, today=TODAY, salt="s")
        (told,) = refused.value.diagnostics
        assert told.code == code
        assert told.allowed
