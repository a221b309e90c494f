"""Every format, read back by its own reader, holds what the workbook holds."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sqlite3
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from tests.export.small_export import AS_OF, NASTY, TODAY, built

from crmsheet import api
from crmsheet.export.csvfiles import DANGEROUS, unguarded

Rows = list[dict[str, object]]
Tables = Mapping[str, Rows]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return built(tmp_path_factory.mktemp("book"))


@cache
def export(book: bytes, to: str, **options: object) -> api.Exported:
    return again(book, to, **options)


def again(book: bytes, to: str, **options: object) -> api.Exported:
    return api.export(book, name="book.xlsx", to=to, today=TODAY, **options)  # type: ignore[arg-type]


# Readers: tables as rows of Python values


def from_json(done: api.Exported) -> Tables:
    data = json.loads(done.files[""])
    found: dict[str, Rows] = {}
    for name, relation in data["relations"].items():
        found[name] = [
            {k: cast(v, relation["columns"][k]) for k, v in row.items()} for row in relation["rows"]
        ]
    return found


def cast(value: object, kind: str) -> object:
    """A value of a text format in its type."""
    if value is None or value == "":
        return None
    if kind == "date":
        return dt.date.fromisoformat(str(value))
    if kind == "datetime":
        return dt.datetime.fromisoformat(str(value))
    if kind == "boolean":
        return value if isinstance(value, bool) else {"true": True, "false": False}[str(value)]
    if kind == "integer":
        return int(str(value))
    return float(str(value)) if kind in ("number", "decimal") else value


def from_csv(done: api.Exported) -> Tables:
    package = json.loads(done.files["datapackage.json"])
    found: dict[str, Rows] = {}
    for resource in package["resources"]:
        kinds = {f["name"]: f["type"] for f in resource["schema"]["fields"]}
        data = done.files[resource["path"]]
        assert data.startswith(b"\xef\xbb\xbf")
        rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        found[resource["name"]] = [
            {k: cast(unguarded(v) if kinds[k] == "string" else v, kinds[k]) for k, v in row.items()}
            for row in rows
        ]
    return found


def from_sqlite(done: api.Exported) -> Tables:
    connection = opened(done)
    names = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
    found: dict[str, Rows] = {}
    for (name,) in names:
        cursor = connection.execute(f'SELECT * FROM "{name}"')
        heads = [d[0] for d in cursor.description]
        declared = {r[1]: r[2] for r in connection.execute(f'PRAGMA table_info("{name}")')}
        kinds = {"DATE": "date", "DATETIME": "datetime", "BOOLEAN": "boolean"}
        found[name] = [
            {
                h: cast(
                    {0: "false", 1: "true"}[v] if declared[h] == "BOOLEAN" and v is not None else v,
                    kinds.get(declared[h], ""),
                )
                for h, v in zip(heads, row, strict=True)
            }
            for row in cursor
        ]
    return found


def opened(done: api.Exported) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(done.files[""])
    return connection


def from_parquet(done: api.Exported) -> Tables:
    import pyarrow.parquet as pq

    package = json.loads(done.files["datapackage.json"])
    return {
        r["name"]: pq.read_table(io.BytesIO(done.files[r["path"]])).to_pylist() for r in package["resources"]
    }


def from_duckdb(done: api.Exported, folder: Path) -> Tables:
    import duckdb

    path = folder / "read.duckdb"
    path.write_bytes(done.files[""])
    found: dict[str, Rows] = {}
    with duckdb.connect(str(path), read_only=True) as connection:
        names = connection.execute("SELECT table_name FROM information_schema.tables").fetchall()
        for (name,) in names:
            cursor = connection.execute(f'SELECT * FROM "{name}"')
            heads = [d[0] for d in cursor.description]
            found[name] = [dict(zip(heads, row, strict=True)) for row in cursor.fetchall()]
    return found


def plain(value: object) -> object:
    """Exact amounts as numbers, so that formats that have none can be compared."""
    return float(value) if isinstance(value, Decimal | int) and not isinstance(value, bool) else value


def sorted_rows(rows: Rows) -> list[str]:
    return sorted(repr(sorted((k, plain(v)) for k, v in row.items())) for row in rows)


@pytest.fixture(scope="module")
def tables(book: bytes) -> Tables:
    """Everything, private fields and rows without consent included, as JSON has it."""
    return from_json(
        export(book, "json", shapes=("tables", "star", "flat"), private=True, include_without_consent=True)
    )


@pytest.mark.parametrize("to", ["csv", "sqlite", "parquet", "duckdb"])
def test_formats_hold_the_same(book: bytes, tables: Tables, to: str, tmp_path: Path) -> None:
    done = export(book, to, private=True, include_without_consent=True)
    readers: dict[str, Callable[[], Tables]] = {
        "csv": lambda: from_csv(done),
        "sqlite": lambda: from_sqlite(done),
        "parquet": lambda: from_parquet(done),
        "duckdb": lambda: from_duckdb(done, tmp_path),
    }
    found = readers[to]()
    assert set(found) == set(tables)
    for name, rows in tables.items():
        assert list(found[name][0]) == list(rows[0]), name
        # A view's columns have no declared type in SQLite.
        if not (to == "sqlite" and name.startswith("flat_")):
            assert sorted_rows(found[name]) == sorted_rows(rows), name
        else:
            assert len(found[name]) == len(rows)


def test_rows_are_those_of_the_workbook(tables: Tables) -> None:
    customers = tables["customers"]
    first, second, third, fourth = customers
    assert [c["name"] for c in customers] == [NASTY, "'quoted", "不同意公司", "空 Co"]
    assert first["note"] == '两行\n"引号", 逗号\n\'撇号'
    assert (first["region"], first["region_id"]) == ("华东", "east")
    assert [c["city_id"] for c in customers] == ["east_other", "north_other", "bj", None]
    assert (fourth["region"], fourth["region_id"]) == ("华南", None)
    assert first["birthday"] == dt.date(1980, 5, 6)
    assert (first["share"], first["stars"], first["agreed"], third["agreed"], fourth["agreed"]) == (
        0.2,
        4,
        True,
        False,
        None,
    )
    assert second["parent_id"] == first["_id"]
    assert (fourth["owner"], fourth["owner_id"]) == ("nobody", None)
    assert (first["revenue"], second["revenue"], fourth["revenue"]) == (1234.6, 5.0, 0.0)
    assert (first["last_deal"], fourth["last_deal"]) == (dt.date(2026, 3, 1), None)
    tags = tables["customers__tags"]
    assert [(t["row_id"], t["item_id"]) for t in tags] == [(first["_id"], "vip"), (first["_id"], "slow")]


def test_computed_columns_are_typed(tables: Tables) -> None:
    one, two, _, four = tables["deals"]
    assert one["met"] == dt.datetime.fromisoformat("2026-03-01T14:30")
    assert (one["age"], one["chance"], one["unit"]) == (30.0, 1.0, 176.3571)
    assert (one["flag"], one["flag_id"], two["flag_id"]) == ("赢单", "won", "open")
    assert (one["region"], one["region_id"]) == ("华东", "east")
    assert (four["date"], four["unit"], four["customer_id"]) == (None, None, None)
    # A field has the name already that the id would have.
    assert one["customer_id"] == "0007"
    assert one["customer_id__2"] == tables["customers"][0]["_id"]
    assert four["customer_id__2"] == tables["customers"][1]["_id"]


def test_what_does_not_fit_is_told(book: bytes, tables: Tables) -> None:
    ids = [d["_id"] for d in tables["deals"]]
    found = [(m["row_id"], m["field"], m["value"]) for m in tables["_misfits"]]
    assert (ids[3], "date", "明天") in found
    assert (ids[3], "unit", "#DIV/0!") in found
    done = export(book, "json")
    assert {(m.field, m.value) for m in done.misfits} >= {("date", "明天"), ("unit", "#DIV/0!")}


def test_private_fields_stay_in(book: bytes) -> None:
    done = export(book, "json", shapes=("tables", "star", "flat"))
    text = done.files[""].decode()
    for secret in ("138", "1980", "zhang@x.cn", "ann@x.cn"):
        assert secret not in text, secret
    customers = from_json(done)["customers"]
    assert not {"phone", "birthday", "card", "mail"} & set(customers[0])
    assert customers[0]["reachable"] == 1
    assert done.private == 6


def test_rows_without_consent_stay_in(book: bytes) -> None:
    done = export(book, "json", shapes=("tables", "star", "flat"), private=True)
    assert "不同意公司" not in done.files[""].decode()
    assert "secret-555" not in done.files[""].decode()
    assert done.left_out == {"customers": 1}
    found = from_json(done)
    assert len(found["customers"]) == 3
    third = found["deals"][2]
    assert (third["customer"], third["customer_id__2"], third["phone"], third["region"]) == (None,) * 4
    assert third["amount"] == 99
    assert found["fact_deals"][2]["customer_key"] == 0


def test_the_star_joins(book: bytes, tables: Tables) -> None:
    connection = opened(export(book, "sqlite", private=True, include_without_consent=True))
    connection.execute("PRAGMA foreign_keys=ON")
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    found = connection.execute(
        "SELECT c.region, d.year_month, d.fiscal_year, d.fiscal_quarter, sum(f.amount) FROM fact_deals f"
        " JOIN dim_customers c ON c.customers_key = f.customer_key"
        " JOIN dim_date d ON d.date_key = f.date_key GROUP BY 1, 2, 3, 4 ORDER BY 2, 1"
    ).fetchall()
    assert found == [
        ("华北", None, None, None, 5),
        ("华东", "2025-12", 2025, 3, 0.1),
        ("华北", "2026-01", 2025, 4, 99),
        ("华东", "2026-03", 2025, 4, 1234.5),
    ]
    flat = connection.execute(
        "SELECT customer_region, customer_owner, date_year_month FROM flat_deals"
    ).fetchall()
    assert flat[0] == ("华东", "张伟", "2026-03")
    days = [d["date"] for d in tables["dim_date"] if d["date_key"]]
    assert days[:2] == [dt.date(1980, 5, 6), dt.date(2025, 1, 1)]
    assert (days[-1], len(days)) == (dt.date(2026, 12, 31), 731)


def test_a_texts_first_letter_computes_nothing(book: bytes) -> None:
    done = export(book, "csv", private=True, include_without_consent=True)
    seen = 0
    for name, data in done.files.items():
        if name.endswith(".csv"):
            for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
                for cell in row:
                    number = cell[:1] == "-" and cell[1:].replace(".", "").isdigit()
                    assert cell[:1] not in DANGEROUS - {"'"} or number, (name, cell)
                    seen += cell[:2] == "'="
    assert seen > 2


def test_the_same_book_gives_the_same_bytes(book: bytes) -> None:
    for to in ("csv", "sqlite"):
        options = {"private": True, "include_without_consent": True}
        assert export(book, to, **options).files == again(book, to, **options).files


def test_the_dictionary_names_every_column(tables: Tables) -> None:
    listed = {(f["table"], f["column"]): f for f in tables["_fields"]}
    for name in ("people", "customers", "deals"):
        assert {c for t, c in listed if t == name} == set(tables[name][0])
    amount = listed["deals", "amount"]
    assert (amount["unit"], amount["stored_as"], amount["label_zh"], amount["label_en"]) == (
        "CNY",
        "decimal",
        "金额",
        "Amount",
    )
    assert listed["deals", "age"]["definition"] == "as_of-[date]"
    assert listed["customers", "revenue"]["definition"] == "sum(deals[amount]) via customer"
    assert listed["customers", "phone"]["private"] is True
    assert listed["deals", "customer_id__2"]["references"] == "customers"
    (metric,) = tables["_metrics"]
    assert (metric["metric"], metric["filter"], metric["unit"]) == ("won_amount", '[stage]="won"', "CNY")


def test_another_language_another_label(book: bytes) -> None:
    found = from_json(export(book, "json", language="en", private=True))
    assert [c["region"] for c in found["customers"]] == ["East", "North", "华南"]
    assert found["customers"][0]["tags"] == "Key account, Pays late"
    assert found["list_stage"] == [
        {
            "id": "open",
            "label": "Open",
            "label_zh": "洽谈",
            "label_en": "Open",
            "parent_id": None,
            "position": 1,
            "chance": 0.3,
        },
        {
            "id": "won",
            "label": "Won",
            "label_zh": "赢单",
            "label_en": "Won",
            "parent_id": None,
            "position": 2,
            "chance": 1.0,
        },
    ]


def test_some_tables(book: bytes) -> None:
    done = export(book, "sqlite", tables=("商机",))
    found = from_sqlite(done)
    assert {"deals", "fact_deals", "flat_deals", "dim_date", "list_stage"} <= set(found)
    assert not {"customers", "dim_customers"} & set(found)
    with pytest.raises(api_error(), match="U151"):
        export(book, "json", tables=("nothing",))


def api_error() -> type[Exception]:
    from crmsheet.errors import UsageError

    return UsageError


def test_another_day(book: bytes) -> None:
    found = from_json(export(book, "json", as_of=AS_OF + dt.timedelta(days=5)))
    assert found["deals"][0]["age"] == 35
