"""A small book for tests of refresh: customers, their orders, a board; and ways to change its parts.

Knows the spec below and the package as bytes. Does not know how a refresh works.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.judge.package import Package, Value, cell_position, column_letters, column_number
from tests.judge.repair_table import Table, tables

from crmsheet.api.building import built_from
from crmsheet.excel.dates import serial_of_date
from crmsheet.model.words import Language
from crmsheet.spec import load

AS_OF = dt.date(2026, 3, 31)
TODAY = dt.date(2026, 4, 2)

SPEC = """\
crmsheet: 1
name: small
title: Small book
language: en
settings:
  stale_days: {value: 30, type: integer, label: Stale after}
lists:
  region:
    label: Region
    items:
      - {id: east, label: East}
      - {id: north, label: North}
      - {id: south, label: South}
tables:
  customers:
    label: Customers
    key: name
    fields:
      name: {type: text, label: Customer, required: true, unique: true, aliases: [Account]}
      region: {type: choice, list: region, label: Region, required: true}
      since: {type: date, label: Since}
      remark: {type: text, label: Remark}
      revenue: {type: rollup, table: orders, agg: sum, field: amount, label: Revenue}
      last_order: {type: rollup, table: orders, agg: max, field: date, label: Last order}
      idle: {type: formula, expr: 'IF([last_order]="", "", as_of-[last_order])', label: Idle days,
             format: days}
  orders:
    label: Orders
    key: order_no
    fields:
      date: {type: date, label: Date, required: true}
      customer: {type: reference, table: customers, label: Customer, required: true}
      amount: {type: number, label: Amount, required: true}
      order_no: {type: id, format: O0000, label: Order no.}
      late: {type: formula, expr: 'as_of-[date]', label: Days ago, format: days}
metrics:
  revenue: {type: simple, label: Revenue, table: orders, agg: sum, field: amount, time: date}
  n_orders: {type: simple, label: Orders, table: orders, agg: count, time: date}
sheets:
  board:
    label: Board
    selectors: {period: {}, region: {customers: region, orders: customer.region}}
    blocks:
      - cards: [revenue, n_orders]
      - {id: by_month, chart: {type: column, metrics: [revenue], by: month, last: 6}}
      - {id: by_region, table: {metrics: [revenue, n_orders], by: region, totals: true}}
"""

CUSTOMERS: tuple[Mapping[str, Value], ...] = tuple(
    {
        "name": f"Company {n:02}",
        "region": ("East", "North", "South")[n % 3],
        "since": float(serial_of_date(dt.date(2025, 1 + n % 12, 5))),
        "remark": None if n % 2 else f"remark {n}",
    }
    for n in range(1, 13)
)
ORDERS: tuple[Mapping[str, Value], ...] = tuple(
    {
        "date": float(serial_of_date(AS_OF - dt.timedelta(days=n * 5))),
        "customer": f"Company {1 + n % 9:02}",
        "amount": float(100 + n * 7),
    }
    for n in range(30)
)


def built(
    folder: Path,
    *,
    spec: str = SPEC,
    customers: Sequence[Mapping[str, Value]] = CUSTOMERS,
    orders: Sequence[Mapping[str, Value]] = ORDERS,
    as_of: dt.date | None = AS_OF,
) -> bytes:
    """The small book, built."""
    path = folder / "small.yaml"
    path.write_text(spec, encoding="utf-8")
    rows = {"customers": [dict(r) for r in customers], "orders": [dict(r) for r in orders]}
    made = built_from(load(path), rows, Language.EN, today=TODAY, as_of=as_of)  # type: ignore[arg-type] # rows loosely typed
    return made.content


@dataclass(frozen=True, slots=True)
class View:
    """A workbook as bytes, looked at as an outsider does."""

    package: Package

    @staticmethod
    def of(content: bytes | None) -> View:
        assert content is not None, "the refresh changed nothing"
        return View(Package(content))

    def table(self, name: str) -> tuple[str, Table]:
        """The sheet and the definition of a table."""
        return next(
            (sheet.name, table)
            for sheet in self.package.worksheets
            for table in tables(self.package, sheet)
            if table.name == name
        )

    def place(self, name: str, header: str, row: int) -> str:
        """The cell of a table's data row (from 0) as A1."""
        _, table = self.table(name)
        top, left, _, _ = table.box
        return f"{column_letters(left + table.names.index(header))}{top + 1 + row}"

    def column(self, name: str, header: str) -> list[Value]:
        """The values of a table's column."""
        sheet, table = self.table(name)
        top, left, bottom, _ = table.box
        at = left + table.names.index(header)
        held = {c.row: c.value for c in self.package.cells(self.package.sheet(sheet)) if c.column == at}
        return [held.get(row) for row in range(top + 1, bottom + 1)]

    def value(self, sheet: str, ref: str) -> Value:
        return next((c.value for c in self.package.cells(self.package.sheet(sheet)) if c.ref == ref), None)

    def formula(self, sheet: str, ref: str) -> str | None:
        return next((c.formula for c in self.package.cells(self.package.sheet(sheet)) if c.ref == ref), None)

    def name(self, name: str) -> str:
        return self.package.names["", name]


def with_parts(content: bytes, changed: Mapping[str, bytes]) -> bytes:
    """The package with parts replaced or added."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            new.writestr(info.filename, changed.get(info.filename, old.read(info.filename)))
        for name, data in changed.items():
            if name not in old.namelist():
                new.writestr(name, data)
    return stream.getvalue()


def with_text(content: bytes, part: str, edit: Callable[[str], str]) -> bytes:
    """The package with the text of one part changed; the change must be one."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        before = archive.read(part).decode("utf-8")
    after = edit(before)
    assert after != before, f"the edit of {part} changed nothing"
    return with_parts(content, {part: after.encode("utf-8")})


def member(content: bytes, part: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(part)


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheet_part(content: bytes, name: str) -> str:
    return Package(content).sheet(name).part


def with_cell(content: bytes, sheet: str, ref: str, xml: str) -> bytes:
    """The workbook with one cell written anew: `xml` is what stands inside `<c>`, with its type, e.g.
    ` t="str"><f>A1</f><v>x</v>`; empty text takes the content away."""
    return with_cells(content, sheet, {ref: xml})


def with_cells(content: bytes, sheet: str, cells: Mapping[str, str]) -> bytes:
    """The same with several cells."""

    def edit(text: str) -> str:
        for ref, xml in cells.items():
            text = _with_cell(text, ref, xml)
        return text

    part = sheet_part(content, sheet)
    return with_parts(content, {part: edit(member(content, part).decode("utf-8")).encode("utf-8")})


def _with_cell(text: str, ref: str, xml: str) -> str:
    row, column = cell_position(ref)
    start = text.find(f'<row r="{row}"')
    if start < 0:
        later = next((m for m in re.finditer(r'<row r="(\d+)"', text) if int(m[1]) > row), None)
        at = later.start() if later else text.index("</sheetData>")
        return f'{text[:at]}<row r="{row}"><c r="{ref}"{xml}</c></row>{text[at:]}'
    head = text.index(">", start)
    if text[head - 1] == "/":
        return f'{text[: head - 1]}><c r="{ref}"{xml}</c></row>{text[head + 1 :]}'
    end = text.index("</row>", head)
    at = end
    for m in re.finditer(
        r'<c r="([A-Z]+)\d+"( s="\d+")?[^>]*?(?:/>|>.*?</c>)', text[head + 1 : end], re.DOTALL
    ):
        there = column_number(m[1])
        if there == column:
            style = m[2] or ""
            cell = f'<c r="{ref}"{style}{xml}</c>' if xml else f'<c r="{ref}"{style}/>'
            return text[: head + 1 + m.start()] + cell + text[head + 1 + m.end() :]
        if there > column:
            at = head + 1 + m.start()
            break
    return f'{text[:at]}<c r="{ref}"{xml}</c>{text[at:]}' if xml else text


def typed(content: bytes, sheet: str, cells: Mapping[str, Value]) -> bytes:
    """The workbook after somebody typed constants into cells; None empties one."""
    return with_cells(content, sheet, {ref: _constant(value) for ref, value in cells.items()})


def _constant(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return f' t="b"><v>{int(value)}</v>'
        case int() | float():
            return f"><v>{value!r}</v>"
        case _:
            text = str(value).replace("&", "&amp;").replace("<", "&lt;")
            return f' t="inlineStr"><is><t xml:space="preserve">{text}</t></is>'


def row_below(content: bytes, table: str, values: Mapping[str, Value], *, gap: int = 0) -> bytes:
    """The workbook after a row was typed below a table, `gap` rows further down."""
    view = View.of(content)
    sheet, found = view.table(table)
    _, left, bottom, _ = found.box
    return typed(
        content,
        sheet,
        {f"{column_letters(left + found.names.index(h))}{bottom + 1 + gap}": v for h, v in values.items()},
    )
