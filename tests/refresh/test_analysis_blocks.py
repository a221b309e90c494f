"""Analyses in a filled workbook: computed anew when rows change, left alone when nothing does, the whole block owned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from tests.judge.repair import repair_causes
from tests.judge.schema import schema_errors
from tests.refresh.small_world import CUSTOMERS, SPEC, TODAY, View, typed

from crmsheet.api.building import built_from
from crmsheet.api.refreshing import refresh
from crmsheet.excel.dates import serial_of_date
from crmsheet.model.words import Language
from crmsheet.refresh import NoteKind
from crmsheet.spec import load

_BLOCKS = """\
      - {id: kept, analysis: {type: cohort_retention, metrics: n_orders, entity: customer, last: 3}}
      - {id: next, analysis: {type: forecast, metrics: revenue}}
      - {id: odd, analysis: {type: alarms, metrics: revenue, entity: customer, by: [region, customer], top: 4}}
"""
AS_OF = dt.date(2026, 3, 31)
_ORDERS: tuple[Mapping[str, object], ...] = tuple(
    {
        "date": float(serial_of_date(dt.date(2024 + (2 + month) // 12, (2 + month) % 12 + 1, 1 + n))),
        "customer": f"Company {n:02}",
        "amount": 100.0 + n + month % 3,
    }
    for month in range(25)
    for n in range(1, 13)
    # Company 12 first buys in December 2025 and does not come back.
    if n < 12 or month == 21
)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("analyses") / "small.yaml"
    path.write_text(SPEC + _BLOCKS, encoding="utf-8")
    rows = {"customers": [dict(r) for r in CUSTOMERS], "orders": [dict(r) for r in _ORDERS]}
    return built_from(load(path), rows, Language.EN, today=TODAY, as_of=AS_OF).content  # type: ignore[arg-type] # rows loosely typed


def _texts(content: bytes) -> list[object]:
    package = View.of(content).package
    return [c.value for c in package.cells(package.sheet("Board")) if c.value is not None]


def test_a_build_is_sound_and_settled(book: bytes) -> None:
    assert schema_errors(book) == []
    assert repair_causes(book) == []
    assert refresh(book, name="book.xlsx", today=TODAY).content is None


def test_rows_that_change_are_counted_anew(book: bytes) -> None:
    view = View.of(book)
    customers = view.column("orders", "Customer")
    # The order of a second customer who first bought in December: 11 becomes one more of 12's.
    first = next(i for i, name in enumerate(customers) if name == "Company 12")
    again = len(customers) - 1
    edited = typed(book, "Orders", {view.place("orders", "Customer", again): "Company 12"})
    assert ("2025-12" in _texts(book), first < again) == (True, True)
    done = refresh(edited, name="book.xlsx", today=TODAY)
    assert done.content is not None
    assert _texts(done.content) != _texts(edited)
    # One of one came back in the third month.
    assert 1.0 in _texts(done.content)
    assert refresh(done.content, name="book.xlsx", today=TODAY).content is None


def test_what_an_analysis_no_longer_says_goes_and_is_no_news(book: bytes) -> None:
    done = refresh(book, name="book.xlsx", today=TODAY, as_of=dt.date(2024, 2, 1))
    assert done.content is not None
    assert NoteKind.TEXT_RESTORED not in {n.kind for n in done.notes}
    assert "2025-12" in _texts(book)
    assert "2025-12" not in _texts(done.content)


def test_what_people_type_over_is_restored(book: bytes) -> None:
    package = View.of(book).package
    cell = next(c for c in package.cells(package.sheet("Board")) if c.value == "2025-12")
    edited = typed(book, "Board", {cell.ref: "mine"})
    done = refresh(edited, name="book.xlsx", today=TODAY)
    assert done.content is not None
    assert View.of(done.content).value("Board", cell.ref) == "2025-12"


def test_another_day_gives_other_values(book: bytes) -> None:
    done = refresh(book, name="book.xlsx", today=TODAY, as_of=dt.date(2026, 4, 30))
    assert done.content is not None
    assert any("2026-04-30" in str(text) for text in _texts(done.content))
    assert refresh(done.content, name="book.xlsx", today=TODAY).content is None
