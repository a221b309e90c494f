"""People taken out of a workbook: their rows, what is remembered of them, and what is told of the rest."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.refresh.small_world import CUSTOMERS, SPEC, TODAY, View, built, typed

from crmsheet import api
from crmsheet.api.purging import Purged, Referring, Which
from crmsheet.errors import UsageError


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Saved by another program, so that texts are shared strings."""
    content = built(tmp_path_factory.mktemp("book"))
    workbook = load_workbook(io.BytesIO(content))
    stream = io.BytesIO()
    workbook.save(stream)
    done = api.refresh(stream.getvalue(), name="small.xlsx", today=TODAY)
    assert done.content is not None
    return done.content


def purge(book: bytes, which: Which, referring: Referring | None = Referring.REMOVE) -> Purged:
    return api.purge(book, name="small.xlsx", today=TODAY, which=which, referring=referring)


def everything(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_no_byte_of_the_file_tells_of_them(book: bytes) -> None:
    assert "Company 05" in everything(book)
    done = purge(book, Which("customers", '[name]="Company 05"'))
    assert done.removed == (("Customers", 1), ("Orders", 3))
    assert done.names == ("Company 05",)
    assert done.content is not None
    assert "Company 05" not in everything(done.content)
    assert "remark 5" not in everything(done.content)
    assert "Company 06" in everything(done.content)
    assert done.traces == ()
    assert api.refresh(done.content, name="small.xlsx", today=TODAY).content is None


def test_figures_go_on_without_them(book: bytes) -> None:
    done = purge(book, Which("customers", '[name]="Company 05"'))
    view = View.of(done.content)
    assert len([c for c in view.column("orders", "Customer") if c]) == 27
    assert len([c for c in view.column("customers", "Customer") if c]) == 11


def test_orders_may_stay_without_a_name(book: bytes) -> None:
    done = purge(book, Which("customers", '[name]="Company 05"'), Referring.BLANK)
    assert done.removed == (("Customers", 1),)
    assert [(h.table, h.field, h.rows) for h in done.blanked] == [("orders", "Customer", 3)]
    view = View.of(done.content)
    assert len([a for a in view.column("orders", "Amount") if a is not None]) == 30
    assert view.column("orders", "Customer").count(None) == 3
    assert "Company 05" not in everything(done.content or b"")


def test_rows_that_refer_are_asked_about(book: bytes) -> None:
    with pytest.raises(UsageError, match="3 of 'Orders'"):
        purge(book, Which("customers", '[name]="Company 05"'), None)


def test_age_counts_by_a_computed_date(book: bytes) -> None:
    done = purge(book, Which("customers", until=dt.date(2026, 3, 1), by="last_order"))
    assert set(done.names) == {"Company 08", "Company 09"}
    assert done.undated == 3
    old = purge(book, Which("orders", until=dt.date(2025, 12, 1)))
    days = View.of(book).column("orders", "Date")
    assert len(old.names) == sum(isinstance(d, int | float) and d < 45992 for d in days) > 0


def test_what_people_wrote_elsewhere_is_told_and_stays(book: bytes) -> None:
    mine = typed(book, "Settings", {"K40": "ask Company 05 about it", "K41": "Company 051"})
    done = purge(mine, Which("customers", '[name]="Company 05"'))
    assert [(t.sheet, t.cell) for t in done.traces] == [("Settings", "K40")]
    assert View.of(done.content).value("Settings", "K40") == "ask Company 05 about it"


@pytest.mark.parametrize(
    ("which", "said"),
    [
        (Which("custmers", "1=1"), "Did you mean 'customers'"),
        (Which("customers", '[nme]="x"'), "has no field 'nme'"),
        (Which("customers", "[name]"), "not true or false"),
        (Which("customers", until=TODAY, by="region"), "is no date"),
    ],
)
def test_mistakes_are_told_in_the_users_words(book: bytes, which: Which, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        purge(book, which)


def test_backups_that_hold_them_are_found(book: bytes) -> None:
    done = purge(book, Which("customers", '[name]="Company 05"'))
    assert api.holds_any(book, done.texts)
    assert done.content is not None
    assert not api.holds_any(done.content, done.texts)
    assert not api.holds_any(b"no workbook", done.texts)


def test_an_option_of_the_spec_tells_of_nobody_but_who_is_called_so(tmp_path: Path) -> None:
    spec = SPEC.replace("label: South}\n", "label: South}\n      - {id: west, label: West Coast}\n", 1)
    customers = [
        dict(c) | {"remark": "West Coast" if c["name"] == "Company 05" else None, "region": "East"}
        for c in CUSTOMERS
    ]
    customers[-1]["name"] = "North"
    content = built(tmp_path, spec=spec, customers=customers)
    where = Which("customers", '[name]="Company 05"')
    assert purge(content, where).traces == ()
    named = purge(content, Which("customers", '[name]="North"')).traces
    assert ("Lists", "A7") in {(t.sheet, t.cell) for t in named}
    noted = purge(typed(content, "Lists", {"A10": "friends of Company 05"}), where).traces
    assert ("Lists", "A10") in {(t.sheet, t.cell) for t in noted}
