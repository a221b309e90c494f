"""Tables that are ready for pivots: parts of the date, dimensions of the rows referred to, no blanks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.judge.libreoffice import compare_all, needs_libreoffice
from tests.judge.package import Value
from tests.judge.repair import repair_causes
from tests.judge.schema import schema_errors
from tests.refresh.small_world import SPEC, TODAY, View, typed

from crmsheet.api.building import built_from
from crmsheet.api.refreshing import refresh
from crmsheet.excel.dates import serial_of_date
from crmsheet.model.words import Language
from crmsheet.spec import load

FLAT = SPEC.replace(
    "  orders:\n    label: Orders\n", "  orders:\n    label: Orders\n    flat: true\n"
).replace(
    "      amount: {type: number",
    "      channel: {type: choice, list: region, label: Channel}\n      amount: {type: number",
)
CUSTOMERS: tuple[Mapping[str, Value], ...] = ({"name": "Acme", "region": "East"}, {"name": "Nowhere"})
SUNDAY = dt.date(2026, 3, 1)
ORDERS: tuple[Mapping[str, Value], ...] = (
    {"date": float(serial_of_date(SUNDAY)), "customer": "Acme", "amount": 1.0, "channel": "North"},
    {"date": float(serial_of_date(dt.date(2025, 12, 31))), "customer": "Nowhere", "amount": 2.0},
    {"customer": "Somebody else", "amount": 3.0},
)


def book(folder: Path, spec: str = FLAT, *, orders: tuple[Mapping[str, Value], ...] = ORDERS) -> bytes:
    path = folder / "flat.yaml"
    path.write_text(spec, encoding="utf-8")
    rows = {"customers": [dict(r) for r in CUSTOMERS], "orders": [dict(r) for r in orders]}
    return built_from(load(path), rows, Language.EN, today=TODAY).content  # type: ignore[arg-type] # rows loosely typed


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Year", [2026, 2025, "(blank)"]),
        ("Quarter", ["2026 Q1", "2025 Q4", "(blank)"]),
        ("Month", ["2026-03", "2025-12", "(blank)"]),
        ("Week (its Monday)", ["2026-02-23", "2025-12-29", "(blank)"]),
        ("Weekday (1 = Monday)", [7, 3, "(blank)"]),
        ("Channel (all)", ["North", "(blank)", "(blank)"]),
        ("Customer · Region", ["East", "(blank)", "(blank)"]),
    ],
)
def test_every_dimension_stands_in_the_row_and_none_is_blank(
    header: str, values: list[Value], tmp_path: Path
) -> None:
    assert View.of(book(tmp_path)).column("orders", header) == values


def test_the_fiscal_year_is_named_by_the_year_it_begins_in(tmp_path: Path) -> None:
    spec = FLAT.replace("settings:\n", "settings:\n  fiscal_year_start: 4\n")
    view = View.of(book(tmp_path, spec))
    assert view.column("orders", "Fiscal year") == [2025, 2025, "(blank)"]
    assert view.column("orders", "Fiscal quarter") == ["2025 Q4", "2025 Q3", "(blank)"]


def test_an_empty_table_has_nothing_to_count(tmp_path: Path) -> None:
    assert View.of(book(tmp_path, orders=())).column("orders", "Month") == [""]


@needs_libreoffice
def test_a_workbook_in_use_gets_the_columns(small: bytes, tmp_path: Path) -> None:
    path = tmp_path / "changed.yaml"
    path.write_text(FLAT, encoding="utf-8")
    done = refresh(small, name="book.xlsx", today=TODAY, spec=path).content
    assert done is not None
    assert "" not in View.of(done).column("orders", "Customer · Region")
    assert schema_errors(done) == []
    assert repair_causes(done) == []
    assert refresh(done, name="book.xlsx", today=TODAY).content is None
    place = View.of(done).place("customers", "Region", 1)
    after = refresh(typed(done, "Customers", {place: None}), name="book.xlsx", today=TODAY).content
    assert after is not None
    assert "(blank)" in View.of(after).column("orders", "Customer · Region")
    file = tmp_path / "after.xlsx"
    file.write_bytes(after)
    assert [str(d) for d in compare_all([file], tmp_path)[file]] == []
