"""What people do in their copies comes back: nothing is lost, and what both sides changed is asked about."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet
from tests.api.team_world import TODAY, master

from crmsheet.api import Merged, merge, refresh, split
from crmsheet.api.team.copies import opened
from crmsheet.api.team.splitting import Split
from crmsheet.model.state import TableState

Cell = object


def edited(
    content: bytes,
    sheet: str,
    changes: Mapping[tuple[str, str], Cell] | None = None,
    new: Sequence[Mapping[str, Cell]] = (),
    gone: Iterable[str] = (),
) -> bytes:
    """The workbook after openpyxl changed cells (by the row's key and the header), typed rows below and emptied some."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    page: Worksheet = book[sheet]
    (table,) = page.tables.values()
    left, top, right, bottom = range_boundaries(table.ref)
    heads = {page.cell(top, c).value: c for c in range(left, right + 1)}
    rows = {page.cell(r, left).value: r for r in range(top + 1, bottom + 1)}
    for (key, head), value in (changes or {}).items():
        page.cell(rows[key], heads[head]).value = value
    for key in gone:
        for column in range(left, right + 1):
            page.cell(rows[key], column).value = None
    while any(page.cell(bottom + 1, c).value is not None for c in range(left, right + 1)):
        bottom += 1
    for number, row in enumerate(new, 1):
        for head, value in row.items():
            page.cell(bottom + number, heads[head]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def held(content: bytes, table: str) -> TableState:
    with opened(content, "x.xlsx", TODAY) as found:
        return found.state.tables[table]


def by_key(content: bytes, table: str = "customers") -> dict[str, dict[str, object]]:
    with opened(content, "x.xlsx", TODAY) as found:
        rows = found.state.tables[table]
        key = found.model.table(table).key
    return {
        str(rows.columns[key][i]): {name: column[i] for name, column in rows.columns.items()}
        for i, row in enumerate(rows.ids)
        if row
    }


def merged(content: bytes, *copies: bytes, accept: bool = True) -> Merged:
    named = [(f"copy{n}.xlsx", copy) for n, copy in enumerate(copies)]
    return merge(content, named, name="m.xlsx", today=TODAY, accept_deletions=accept)


def result(done: Merged, before: bytes) -> bytes:
    return before if done.content is None else done.content


def conflicts(content: bytes) -> set[tuple[str, str]]:
    """What is to be decided: row and field."""
    with opened(content, "x.xlsx", TODAY) as found:
        merging = found.reading.record.merging
        return {(one.key, one.column) for one in (merging.conflicts or ())} if merging else set()


@pytest.fixture(scope="module")
def reps() -> dict[str, bytes]:
    """A copy for each person, with their own rows."""
    return _by_person(split(master(), name="m", stem="m", by="owner", role="rep", today=TODAY, salt="r"))


@pytest.fixture(scope="module")
def teams() -> dict[str, bytes]:
    """A copy for each person, with the rows of the team: Ann's has those of Ben and Cid, too."""
    return _by_person(split(master(), name="m", stem="m", by="owner", role="manager", today=TODAY, salt="t"))


@pytest.fixture(scope="module")
def leads() -> dict[str, bytes]:
    """The same with nothing masked."""
    return _by_person(split(master(), name="m", stem="m", by="owner", role="lead", today=TODAY, salt="l"))


def _by_person(done: Split) -> dict[str, bytes]:
    assert done.content is None
    return {part.shared.person.split()[0]: part.shared.content for part in done.parts}


@pytest.mark.slow
def test_a_master_does_not_change_by_being_split_unless_rows_lack_ids() -> None:
    typed = edited(master(), "Customers", new=[{"Customer": "Typed AG", "Owner": "Ben Borg"}])
    done = split(
        typed, name="m", stem="m", by="owner", role="rep", today=TODAY, salt="r", people=["Ben Borg"]
    )
    assert done.content is not None
    (part,) = done.parts
    ids = dict(zip(*_names(done.content), strict=True))
    assert ids["Typed AG"] in held(part.shared.content, "customers").ids


def _names(content: bytes) -> tuple[Sequence[object], Sequence[str]]:
    rows = held(content, "customers")
    return rows.columns["name"], rows.ids


def test_changes_and_new_rows_come_back_with_what_refers_to_them(reps: Mapping[str, bytes]) -> None:
    ann = edited(
        reps["Ann"],
        "Customers",
        {("Firma00 GmbH", "Remark"): "called"},
        [{"Customer": "New AG", "Owner": "Ann Ahlers", "Phone": "13900001111"}],
    )
    ann = edited(ann, "Orders", new=[{"Customer": "New AG", "Date": dt.date(2026, 3, 1), "Amount": 77}])
    ben = edited(reps["Ben"], "Orders", new=[{"Customer": "Firma01 GmbH", "Date": TODAY, "Amount": 78}])
    done = merged(master(), ann, ben)
    assert done.content is not None
    assert by_key(done.content)["Firma00 GmbH"]["remark"] == "called"
    assert by_key(done.content)["New AG"]["phone"] == "13900001111"
    orders = by_key(done.content, "orders")
    assert {o["amount"]: o["customer"] for o in orders.values() if o["amount"] in (77, 78)} == {
        77: "New AG",
        78: "Firma01 GmbH",
    }
    # Both copies gave their new order the same number.
    assert done.renumbered == (("O0017", "O0018"),)
    assert len(orders) == 18
    again = merged(done.content, ann, ben)
    assert again.content is None
    assert refresh(done.content, name="x", today=TODAY).content is None


@pytest.mark.slow
def test_rows_that_a_copy_refreshed_since_are_still_the_same_rows(reps: Mapping[str, bytes]) -> None:
    typed = edited(reps["Ann"], "Customers", new=[{"Customer": "One AG"}, {"Customer": "Two AG"}])
    first = result(merged(master(), typed), b"")
    # Somebody sorts, types another row above, and refreshes: ids are given anew.
    later = edited(typed, "Customers", {("Firma00 GmbH", "Remark"): "x"}, [{"Customer": "Three AG"}])
    later = refresh(later, name="x", today=TODAY).content or later
    second = result(merged(first, later), first)
    names = [n for n, i in zip(*_names(second), strict=True) if i]
    assert sorted(names) == sorted({*_names(master())[0], "One AG", "Two AG", "Three AG"})  # type: ignore[type-var]
    third = edited(later, "Customers", {("Two AG", "Remark"): "known"})
    done = result(merged(second, third), second)
    assert by_key(done)["Two AG"]["remark"] == "known"
    assert len(by_key(done)) == len(by_key(second))


def test_fields_that_a_role_may_not_write_stay_as_they_are(
    reps: Mapping[str, bytes], teams: Mapping[str, bytes]
) -> None:
    ben = edited(reps["Ben"], "Customers", {("Firma01 GmbH", "Tier"): "Gold tier"})
    ann = edited(teams["Ann"], "Customers", {("Firma02 GmbH", "Phone"): "10000000000"})
    done = merged(master(), ben, ann)
    assert done.content is None
    assert [one.kept_out for one in done.copies] == [1, 0]
    assert conflicts(master()) == set()


@pytest.mark.slow
def test_a_text_in_which_something_was_masked_is_asked_about(teams: Mapping[str, bytes]) -> None:
    """The copy has not seen what the master holds there: taking its text would lose the number."""
    ben = edited(teams["Ben"], "Customers", {("Firma01 GmbH", "Remark"): "new text"})
    done = merged(master(), ben)
    assert conflicts(result(done, b"")) == {("Firma01 GmbH", "remark")}


def test_what_both_changed_is_listed_and_chosen(reps: Mapping[str, bytes]) -> None:
    book = edited(
        master(), "Customers", {("Firma00 GmbH", "Remark"): "master", ("Firma04 GmbH", "Remark"): "master"}
    )
    ann = edited(
        reps["Ann"], "Customers", {("Firma00 GmbH", "Remark"): "Ann", ("Firma04 GmbH", "Remark"): "Ann too"}
    )
    listed = result(merged(book, ann), b"")
    assert conflicts(listed) == {("Firma00 GmbH", "remark"), ("Firma04 GmbH", "remark")}
    assert by_key(listed)["Firma00 GmbH"]["remark"] == "master"
    chosen = _chosen(listed, {"Firma00 GmbH": "copy", "Firma04 GmbH": "主表"})
    # A refresh in between takes no choice away.
    refreshed = refresh(chosen, name="x", today=TODAY).content or chosen
    done = merged(refreshed, ann)
    assert done.decided == 2
    after = result(done, refreshed)
    assert conflicts(after) == set()
    assert by_key(after)["Firma00 GmbH"]["remark"] == "Ann"
    assert by_key(after)["Firma04 GmbH"]["remark"] == "master"
    assert merged(after, ann).content is None


def test_the_guide_names_the_new_sheet_and_repeats_nothing(reps: Mapping[str, bytes]) -> None:
    book = edited(master(), "Customers", {("Firma00 GmbH", "Remark"): "master"})
    ann = edited(reps["Ann"], "Customers", {("Firma00 GmbH", "Remark"): "Ann"})

    def guide(content: bytes) -> list[str]:
        page = openpyxl.load_workbook(io.BytesIO(content))["Guide"]
        return sorted(str(cell.value) for row in page.iter_rows() for cell in row if cell.value)

    before, after = guide(book), guide(result(merged(book, ann), b""))
    purpose = "Cells that master and copy changed differently, to be decided"
    assert after == sorted([*before, "Merge conflicts", purpose])


def _chosen(content: bytes, choices: Mapping[str, str]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book["Merge conflicts"]
    for row in page.iter_rows(min_row=5):
        if row[1].value in choices:
            row[6].value = choices[str(row[1].value)]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.slow
def test_a_row_that_one_side_took_out_and_the_other_changed(reps: Mapping[str, bytes]) -> None:
    ann = edited(reps["Ann"], "Customers", gone=["Firma00 GmbH"])
    touched = edited(master(), "Customers", {("Firma00 GmbH", "Remark"): "needed"})
    listed = result(merged(touched, ann), b"")
    assert conflicts(listed) == {("Firma00 GmbH", "")}
    assert "Firma00 GmbH" in by_key(listed)
    gone = result(merged(_chosen(listed, {"Firma00 GmbH": "copy"}), ann), b"")
    assert "Firma00 GmbH" not in by_key(gone)
    # And the other way round: what the master took out comes back, with its id.
    without = edited(master(), "Customers", gone=["Firma01 GmbH"])
    ben = edited(reps["Ben"], "Customers", {("Firma01 GmbH", "Remark"): "still here"})
    asked = result(merged(without, ben), b"")
    assert conflicts(asked) == {("Firma01 GmbH", "")}
    back = result(merged(_chosen(asked, {"Firma01 GmbH": "copy"}), ben), b"")
    assert by_key(back)["Firma01 GmbH"]["remark"] == "still here"
    ids = dict(zip(*_names(back), strict=True))
    assert ids["Firma01 GmbH"] == dict(zip(*_names(master()), strict=True))["Firma01 GmbH"]


def test_what_cannot_be_merged_is_told_and_the_rest_is_merged(reps: Mapping[str, bytes]) -> None:
    ann = edited(reps["Ann"], "Customers", {("Firma00 GmbH", "Remark"): "called"})
    emptied = edited(reps["Ben"], "Orders", gone=["O0002", "O0006", "O0010"])
    done = merged(master(), ann, master(), reps["Ann"], b"no workbook", emptied, accept=False)
    codes = [one.problems[0].code if one.problems else "" for one in done.copies]
    assert codes == ["", "W234", "W237", "W101", ""]
    assert by_key(result(done, b""))["Firma00 GmbH"]["remark"] == "called"


@dataclass
class Doing:
    """What one side does, as data: new texts by row and field, rows taken out, names of new rows."""

    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    new: list[str] = field(default_factory=list)


ROWS_OF = {"Ann": (0, 1, 2, 4, 5, 6), "Ben": (1, 5), "Cid": (2, 6), "Dora": (3, 7), "master": tuple(range(8))}
HEADS = {"remark": "Remark", "tier": "Tier"}


@st.composite
def doings(draw: st.DrawFn) -> dict[str, Doing]:
    found = {}
    for who, numbers in ROWS_OF.items():
        rows = st.sampled_from([f"Firma{n:02} GmbH" for n in numbers])
        texts = draw(
            st.dictionaries(
                st.tuples(rows, st.just("remark")), st.sampled_from(["alpha", "beta", "gamma"]), max_size=4
            )
        )
        texts |= draw(
            st.dictionaries(
                st.tuples(rows, st.just("tier")), st.sampled_from(["Gold tier", "Plain tier"]), max_size=2
            )
        )
        gone = draw(st.sets(rows, max_size=1))
        texts = {key: text for key, text in texts.items() if key[0] not in gone}
        new = [f"{who} new {n}" for n in range(draw(st.integers(0, 2)))]
        found[who] = Doing(texts, gone, new)
    return found


def _merged_as_expected(leads: Mapping[str, bytes], sides: Mapping[str, Doing]) -> None:
    def done_to(content: bytes, one: Doing) -> bytes:
        if not (one.texts or one.gone or one.new):
            return content
        changes = {(row, HEADS[name]): text for (row, name), text in one.texts.items()}
        new = [{"Customer": name, "Remark": f"about {name}"} for name in one.new]
        return edited(content, "Customers", changes, new, one.gone)

    base = by_key(master())
    book = done_to(master(), sides["master"])
    copies = {who: done_to(leads[who], one) for who, one in sides.items() if who != "master"}
    done = merged(book, *copies.values())
    after = result(done, book)
    rows = by_key(after)

    wanted: dict[tuple[str, str], dict[str, str]] = {}
    for who, one in sides.items():
        for (row, name), text in one.texts.items():
            if text != base[row][name]:
                wanted.setdefault((row, name), {})[who] = text
    asked: set[tuple[str, str]] = set()
    for row in base:
        own = sides["master"]
        touched = any((row, name) in wanted and "master" in wanted[row, name] for name in HEADS)
        by_copies = {
            w for name in HEADS for w in wanted.get((row, name), ()) if w != "master" and row not in own.gone
        }
        editing = {w for name in HEADS for w in wanted.get((row, name), ()) if w != "master"}
        cutting = {w for w, one in sides.items() if w != "master" and row in one.gone}
        if row in own.gone:
            assert row not in rows
            asked |= {(row, "")} if editing else set()
            continue
        if cutting and not touched and not by_copies:
            assert row not in rows
            continue
        assert row in rows
        asked |= {(row, "")} if cutting else set()
        for name in HEADS:
            mine = wanted.get((row, name), {})
            here = mine.get("master", base[row][name])
            theirs = {text for w, text in mine.items() if w != "master" and text != here}
            if len(theirs) == 1 and "master" not in mine:
                here = theirs.pop()
            elif theirs:
                asked.add((row, name))
            assert rows[row][name] == here, (row, name)
        untouched = set(base[row]) - set(HEADS)
        assert all(rows[row][name] == base[row][name] for name in untouched)
    for one in sides.values():
        for name in one.new:
            assert rows[name]["remark"] == f"about {name}"
    assert len(rows) == len(base.keys() & rows.keys()) + sum(len(one.new) for one in sides.values())
    assert conflicts(after) == asked
    again = merged(after, *copies.values())
    assert again.content is None
    assert again.decided == 0
    assert refresh(after, name="x", today=TODAY).content is None


@pytest.mark.slow
@settings(max_examples=6, suppress_health_check=list(HealthCheck), derandomize=True)
@given(sides=doings())
def test_nothing_is_lost(leads: Mapping[str, bytes], sides: dict[str, Doing]) -> None:
    _merged_as_expected(leads, sides)


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(sides=doings())
def test_nothing_is_lost_in_many_ways(leads: Mapping[str, bytes], sides: dict[str, Doing]) -> None:
    _merged_as_expected(leads, sides)
