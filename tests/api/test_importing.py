"""Rows of other files taken into a workbook: which row is meant, what changes, what is rejected and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.refresh.small_world import CUSTOMERS, SPEC, TODAY, View, built

from crmsheet import api
from crmsheet.api.importing import Cause, Imported, Mode, Wanted, import_rows
from crmsheet.errors import UsageError
from crmsheet.intake.dates import DateOrder
from crmsheet.intake.grids import Row, Sheet, SourceKind
from crmsheet.structs import replace


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return built(tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="module")
def small(book: bytes) -> Callable[[], bytes]:
    """The book, for tests whose failures print what they were given."""

    def content() -> bytes:
        return book

    return content


def sheet(*rows: Sequence[object]) -> Sheet:
    """A text file of these rows, headers first."""
    return Sheet(
        "rows.csv",
        "rows",
        SourceKind.TEXT,
        tuple(Row(n, tuple(r)) for n, r in enumerate(rows, start=1)),  # type: ignore[arg-type]
    )


def take(book: bytes, wanted: Wanted, *rows: Sequence[object]) -> Imported:
    return import_rows(book, (sheet(*rows),), name="small.xlsx", today=TODAY, wanted=wanted)


def causes(done: Imported) -> list[Cause]:
    return [r.cause for r in done.rejected]


def customer(content: bytes | None, name: str) -> dict[str, object]:
    view = View.of(content)
    at = view.column("customers", "Customer").index(name)
    return {h: view.column("customers", h)[at] for h in ("Region", "Since", "Remark", "Revenue")}


def test_rows_are_updated_by_key_and_created(book: bytes) -> None:
    done = take(
        book,
        Wanted("Customers"),
        ("Account*", "region", "Remark", "Since"),
        ("company 02", "south", "", "2024-05-06"),
        ("New Ltd", "北", "", ""),
        ("Newer Ltd", "North", "first", "2025/1/2"),
        ("Company 03", "East", None, None),
    )
    assert (done.created, done.updated, done.unchanged) == (1, 1, 1)
    assert causes(done) == [Cause.VALUE]
    assert "'北'" in done.rejected[0].reason
    assert "North" in done.rejected[0].reason
    assert customer(done.content, "Company 02") == {
        "Region": "South",
        "Since": 45418,
        # A blank cell leaves what is there.
        "Remark": "remark 2",
        "Revenue": customer(book, "Company 02")["Revenue"],
    }
    assert customer(done.content, "Newer Ltd")["Since"] == 45659
    assert done.content is not None
    assert api.refresh(done.content, name="small.xlsx", today=TODAY).content is None


def test_blanks_clear_where_that_is_wanted(book: bytes) -> None:
    done = take(book, Wanted("customers", clear_blanks=True), ("name", "remark"), ("Company 02", ""))
    assert customer(done.content, "Company 02")["Remark"] is None
    kept = take(book, Wanted("customers", clear_blanks=True), ("name", "region"), ("Company 02", ""))
    assert causes(kept) == [Cause.REQUIRED]


def test_modes_reject_what_they_do_not_mean(book: bytes) -> None:
    rows = (("name", "region"), ("Company 02", "South"), ("New Ltd", "South"))
    assert causes(take(book, Wanted("customers", Mode.CREATE), *rows)) == [Cause.EXISTS]
    assert causes(take(book, Wanted("customers", Mode.UPDATE), *rows)) == [Cause.MISSING]


def test_rows_are_found_by_other_fields_one_way_after_the_other(book: bytes) -> None:
    since = CUSTOMERS[3]["since"]
    done = take(
        book,
        Wanted("customers", match=(("remark",), ("since", "region"))),
        ("name", "remark", "since", "region"),
        ("Renamed by remark", "REMARK 2", "", ""),
        ("Renamed by date", "", since, CUSTOMERS[3]["region"]),
    )
    names = View.of(done.content).column("customers", "Customer")
    assert names[1] == "Renamed by remark"
    assert names[3] == "Renamed by date"
    assert done.refreshed is not None
    assert {r.new for r in done.refreshed.renames} == {"Renamed by remark", "Renamed by date"}


def test_references_are_those_the_workbook_knows(book: bytes) -> None:
    done = take(
        book,
        Wanted("orders", Mode.CREATE),
        ("Customer", "Date", "Amount"),
        ("ＣＯＭＰＡＮＹ 01", "2026-03-01", "¥1,200.50"),
        ("Nobody", "2026-03-01", 5),
        ("Company 01", "2026-13-01", 5),
        ("Company 01", "", 5),
    )
    assert causes(done) == [Cause.UNKNOWN, Cause.VALUE, Cause.REQUIRED]
    view = View.of(done.content)
    assert view.column("orders", "Customer")[-1] == "Company 01"
    assert view.column("orders", "Amount")[-1] == 1200.5
    assert view.column("orders", "Order no.")[-1] == "O0031"


def test_problems_are_taken_where_people_want_to_correct_them_there(book: bytes) -> None:
    done = take(
        book,
        Wanted("customers", take_problems=True),
        ("name", "region", "since"),
        ("New Ltd", "Nowhere", "soon"),
    )
    assert customer(done.content, "New Ltd") == {
        "Region": "Nowhere",
        "Since": "soon",
        "Remark": None,
        "Revenue": 0,
    }
    assert done.refreshed is not None
    assert sorted(p.code for p in done.refreshed.problems) == ["D101", "D103"]


def test_one_row_is_never_taken_twice(book: bytes) -> None:
    done = take(
        book,
        Wanted("customers"),
        ("name", "region"),
        ("New Ltd", "South"),
        ("new ltd", "North"),
        ("Company 02", "East"),
        ("Company 02", "North"),
    )
    assert causes(done) == [Cause.TWICE, Cause.TWICE]
    assert (done.created, done.updated) == (1, 1)


def test_rows_of_a_table_whose_key_may_repeat_are_all_taken_as_new_ones(tmp_path: Path) -> None:
    visits = "  visits: {label: Visits, fields: {what: {type: text, required: true}, day: {type: date}}}\n"
    book = built(tmp_path, spec=SPEC.replace("metrics:\n", visits + "metrics:\n"))
    rows = (("what", "day"), ("Call", "2026-03-01"), ("Call", "2026-03-02"), ("Call", "2026-03-02"))
    with pytest.raises(UsageError, match="may have one 'what'"):
        take(book, Wanted("visits"), *rows)
    done = take(book, Wanted("visits", mode=Mode.CREATE), *rows)
    assert (done.created, causes(done)) == (3, [])


def test_totals_are_no_rows(book: bytes) -> None:
    done = take(
        book,
        Wanted("customers"),
        ("name", "region"),
        ("New Ltd", "South"),
        ("Total", "East"),
        ("合计：", "North"),
    )
    assert causes(done) == [Cause.TOTAL, Cause.TOTAL]
    assert done.created == 1


def test_rejected_rows_of_a_workbook_have_their_row(book: bytes) -> None:
    rows = replace(
        sheet(("name", "region"), ("New Ltd", "South"), ("new ltd", "East")), kind=SourceKind.WORKBOOK
    )
    done = import_rows(book, (rows,), name="small.xlsx", today=TODAY, wanted=Wanted("customers"))
    assert [(str(r.place), r.reason) for r in done.rejected] == [
        ("rows.csv:rows!3:3", "rows.csv:rows!2:2 is the same, and new as well")
    ]


def test_words_of_the_file_mean_values_of_the_workbook(book: bytes) -> None:
    done = take(
        book,
        Wanted("customers", columns={"Gebiet": "region", "Notiz": ""}, values={"region": {"Süd": "South"}}),
        ("name", "Gebiet", "Notiz"),
        ("Company 04", "Süd", "x"),
    )
    assert customer(done.content, "Company 04")["Region"] == "South"
    assert customer(done.content, "Company 04")["Remark"] == "remark 4"


def test_what_stands_first_in_dates_may_be_said(book: bytes) -> None:
    rows = (("name", "since"), ("Company 02", "3/4/2024"))
    first = take(book, Wanted("customers", order=DateOrder.DAY), *rows)
    second = take(book, Wanted("customers", order=DateOrder.MONTH), *rows)
    assert customer(first.content, "Company 02")["Since"] == 45385
    assert customer(second.content, "Company 02")["Since"] == 45355


@pytest.mark.parametrize(
    ("wanted", "rows", "said"),
    [
        (Wanted("custmers"), (("name",), ("x",)), "Did you mean 'customers'"),
        (Wanted(""), (("name",), ("x",)), r"--table customers \\| orders"),
        (Wanted("customers"), (("a", "b"), ("x", "y")), "names a field"),
        (Wanted("customers"), (("region",), ("East",)), "which row is which"),
        (Wanted("customers", match=(("since",),)), (("name",), ("x",)), "which row is which"),
        (Wanted("customers", columns={"a": "nothing"}), (("name", "a"), ("x", "y")), "no field"),
    ],
)
def test_mistakes_are_told_in_the_users_words(
    book: bytes, wanted: Wanted, rows: Sequence[Sequence[object]], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        take(book, wanted, *rows)


NAMES = st.sampled_from(["Company 01", "company 02", "Ｃompany 03", "A", "B", "a "])
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)


@settings(max_examples=6, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(
    rows=st.lists(
        st.tuples(NAMES, st.sampled_from(["East", "south", "NORTH", ""]), TEXTS), min_size=1, max_size=6
    )
)
def test_taking_the_same_rows_again_changes_nothing(
    small: Callable[[], bytes], rows: list[tuple[str, str, str]]
) -> None:
    book = small()
    wanted = Wanted("customers")
    header = ("name", "region", "remark")
    first = take(book, wanted, header, *rows)
    accepted = first.created + first.updated + first.unchanged
    assert accepted + len(first.rejected) == len(rows)
    if first.content is None:
        return
    if first.rejected:
        # What was rejected may be meant by what was taken after it: only the others are looked at again.
        places = {str(r.place) for r in first.rejected}
        rows = [row for n, row in enumerate(rows, start=2) if f"rows.csv:{n}" not in places]
    again = take(first.content, wanted, header, *rows)
    assert (again.content, again.created, again.updated) == (None, 0, 0)
    old, new = View.of(book), View.of(first.content)
    assert new.column("customers", "Customer")[3:12] == old.column("customers", "Customer")[3:12]
    assert new.column("orders", "Amount") == old.column("orders", "Amount")


def test_what_is_wrong_with_a_value_is_said_as_a_sentence(tmp_path: Path) -> None:
    spec = SPEC.replace("remark: {type: text", "remark: {type: phone")
    done = take(
        built(tmp_path, spec=spec),
        Wanted("customers"),
        ("name", "region", "remark"),
        ("New Ltd", "East", "1.38E+10"),
    )
    assert [r.reason for r in done.rejected] == ["'remark': '1.38E+10' is a number that lost its digits"]
