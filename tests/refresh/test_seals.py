"""The seal: a workbook that nobody touched since a refresh is told of as before, without looking at it again."""

from __future__ import annotations

import datetime as dt
import io
import random
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from tests.refresh.small_world import (
    AS_OF,
    CUSTOMERS,
    ORDERS,
    TODAY,
    View,
    built,
    members,
    typed,
    with_parts,
)

from crmsheet import api
from crmsheet.api import seals
from crmsheet.api.results import Refreshed
from crmsheet.api.seals import Told, sealed
from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import WorkbookRefused
from crmsheet.opc.package import Package

# Found before the whole run takes the seal away (`conftest`).
_of_package = seals.as_sealed


def as_sealed(content: bytes, name: str, *, today: dt.date, as_of: dt.date | str | None) -> Refreshed | None:
    """What a workbook is taken for; nothing where it cannot be opened."""
    try:
        package = Package.of(content, name)
    except WorkbookRefused:
        return None
    return _of_package(package, name, today=today, as_of=as_of)


@pytest.fixture(scope="module")
def finished(small: bytes) -> bytes:
    """The small book, refreshed after an edit, with a problem in its rows and a remark of nobody's concern."""
    place = View.of(small).place
    edited = typed(
        small, "Orders", {place("orders", "Amount", 0): 5000.0, place("orders", "Customer", 3): "Nobody"}
    )
    done = api.refresh(edited, name="b.xlsx", today=TODAY)
    assert done.content is not None
    assert done.problems
    return done.content


def whole(content: bytes, *, name: str = "b.xlsx", today: dt.date = TODAY) -> Refreshed:
    """What a refresh that looks at everything tells."""
    done = api.refresh(content, name=name, today=today)
    assert done.content is None
    return done


def test_the_seal_tells_what_a_refresh_would(finished: bytes) -> None:
    assert as_sealed(finished, "b.xlsx", today=TODAY, as_of=None) == whole(finished)
    assert as_sealed(finished, "b.xlsx", today=TODAY, as_of=AS_OF) == whole(finished)


@pytest.mark.parametrize("as_of", [AS_OF, None])
def test_a_build_seals_what_a_refresh_would_tell(tmp_path: Path, as_of: dt.date | None) -> None:
    """Also of rows that have problems: a name twice, a region that is not there, a customer nobody knows."""
    customers = [
        *CUSTOMERS,
        CUSTOMERS[0],
        {"name": "Nowhere", "region": None, "since": "soon", "remark": None},
    ]
    orders = [*ORDERS, {"date": None, "customer": "Nobody", "amount": "much"}]
    book = built(tmp_path, customers=customers, orders=orders, as_of=as_of)
    found = as_sealed(book, "b.xlsx", today=TODAY, as_of=None)
    assert found is not None
    assert len(found.problems) > 4
    assert found == whole(book)
    tomorrow = TODAY + dt.timedelta(days=1)
    assert (as_sealed(book, "b.xlsx", today=tomorrow, as_of=None) is None) == (as_of is None)


def test_any_changed_byte_breaks_it(finished: bytes) -> None:
    chance = random.Random(5)
    places = [*(chance.randrange(len(finished)) for _ in range(400)), len(finished) - 1]
    for at in places:
        other = finished[:at] + bytes((finished[at] ^ 1,)) + finished[at + 1 :]
        if as_sealed(other, "b.xlsx", today=TODAY, as_of=None) is not None:
            # A bit that fills up the last byte of a packed part.
            assert members(other) == members(finished), at
    assert as_sealed(finished + b"\0", "b.xlsx", today=TODAY, as_of=None) is None


def test_any_changed_part_breaks_it(finished: bytes) -> None:
    for part, content in members(finished).items():
        other = with_parts(finished, {part: content + b"\n"})
        assert as_sealed(other, "b.xlsx", today=TODAY, as_of=None) is None, part


def test_a_book_that_a_program_saved_again_has_none(finished: bytes) -> None:
    """Even if all parts are as they were: the bytes are not those that were proven."""
    saved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(finished)) as old, zipfile.ZipFile(saved, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, old.read(entry), compresslevel=1)
    assert as_sealed(saved.getvalue(), "b.xlsx", today=TODAY, as_of=None) is None


def test_it_holds_for_one_date(finished: bytes) -> None:
    later = TODAY + dt.timedelta(days=1)
    assert as_sealed(finished, "b.xlsx", today=later, as_of=None) is not None, "the date is typed on Settings"
    assert as_sealed(finished, "b.xlsx", today=TODAY, as_of=TODAY) is None
    assert as_sealed(finished, "b.xlsx", today=AS_OF, as_of="today") is None
    cleared = api.refresh(finished, name="b.xlsx", today=TODAY, as_of="today").content
    assert cleared is not None
    assert as_sealed(cleared, "b.xlsx", today=TODAY, as_of=None) == whole(cleared)
    assert as_sealed(cleared, "b.xlsx", today=TODAY, as_of="today") is not None
    assert as_sealed(cleared, "b.xlsx", today=TODAY, as_of=TODAY) is None, "it would be typed"
    assert as_sealed(cleared, "b.xlsx", today=later, as_of=None) is None


@pytest.mark.parametrize("edition", ["99.0", "0.1.0", "0.1.0+0123456789"])
def test_it_holds_for_one_edition(finished: bytes, monkeypatch: pytest.MonkeyPatch, edition: str) -> None:
    """What computes or words anything otherwise has to look, whatever the version says."""
    monkeypatch.setattr(seals, "edition", lambda: edition)
    assert as_sealed(finished, "b.xlsx", today=TODAY, as_of=None) is None


def test_what_is_told_of_the_file_bears_its_name_now(finished: bytes) -> None:
    finding = Diagnostic("W999", "of the workbook", FilePlace("old name.xlsx"))
    told = Told("en", TODAY.isoformat(), fixed=True, rows=(("Orders", 3),), findings=(finding,))
    found = as_sealed(sealed(finished, "old name.xlsx", told), "new name.xlsx", today=TODAY, as_of=None)
    assert found is not None
    assert found.findings == (replace(finding, place=FilePlace("new name.xlsx")),)


def test_what_finds_no_room_is_not_sealed(finished: bytes) -> None:
    chance = random.Random(1)
    many = tuple(
        Diagnostic("D101", "".join(chance.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(60)))
        for _ in range(2_000)
    )
    assert (
        sealed(finished, "b.xlsx", Told("en", "2026-03-31", fixed=True, rows=(), problems=many)) == finished
    )


def test_the_seal_is_nothing_to_a_refresh(finished: bytes) -> None:
    """It neither counts as a change nor stands in the way of one."""
    place = View.of(finished).place("orders", "Amount", 1)
    done = api.refresh(typed(finished, "Orders", {place: 77.0}), name="b.xlsx", today=TODAY)
    assert done.content is not None
    assert as_sealed(done.content, "b.xlsx", today=TODAY, as_of=None) == whole(done.content)


def test_a_sealed_book_is_told_of_without_the_machinery(finished: bytes, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(finished)
    source = str(Path(__file__).resolve().parents[2] / "src")
    script = (
        f"import sys; sys.path.insert(0, {source!r})\nfrom crmsheet.cli import main\n"
        f"try:\n    main(['refresh', {str(book)!r}])\nexcept SystemExit as stop:\n    assert stop.code == 0\n"
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "up to date as of 2026-03-31" in done.stdout
    assert "1 problem in the data" in done.stdout
    heavy = (
        "crmsheet.compile",
        "crmsheet.formulas",
        "crmsheet.sheetml",
        "crmsheet.read",
        "pydantic",
        "urllib.request",
    )
    assert not set(heavy) & set(done.stderr.split())
    assert book.read_bytes() == finished
