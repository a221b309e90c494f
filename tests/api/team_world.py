"""A small team for tests of copies: people, their customers and orders, roles; and all that is in a file.

Knows the spec below. Does not know how copies are made.
"""

from __future__ import annotations

import base64
import datetime as dt
import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory

from crmsheet.api.building import built_from
from crmsheet.excel.dates import serial_of_date
from crmsheet.model.codec import encoded
from crmsheet.model.words import Language
from crmsheet.opc.package import Package
from crmsheet.read.book import read_record
from crmsheet.sheetml.contents import Contents
from crmsheet.spec import load

TODAY = dt.date(2026, 3, 31)

SPEC = """\
crmsheet: 1
name: team
title: Team book
language: en
lists:
  tier:
    label: Tier
    items: [{id: gold, label: Gold tier}, {id: plain, label: Plain tier}]
  secret:
    label: Secret
    items: [{id: risky, label: Risky payer}, {id: fine, label: Fine payer}]
tables:
  people:
    label: People
    key: name
    fields:
      name: {type: text, label: Name, required: true, unique: true}
      manager: {type: reference, table: people, label: Manager}
      wage: {type: number, label: Wage}
  customers:
    label: Customers
    key: name
    fields:
      name: {type: text, label: Customer, required: true, unique: true}
      owner: {type: reference, table: people, label: Owner}
      phone: {type: phone, label: Phone, private: true, required: true, unique: true, pattern: '^1[0-9]{10}$'}
      mail: {type: email, label: Mail, private: true}
      born: {type: date, label: Born, private: true}
      tier: {type: choice, list: tier, label: Tier, audit: true}
      payer: {type: choice, list: secret, label: Payer}
      remark: {type: long_text, label: Remark}
      credit: {type: number, label: Credit}
      sold: {type: rollup, table: orders, agg: sum, field: amount, label: Sold}
      over: {type: formula, expr: 'IF([sold]>[credit],"over","")', label: Over}
    rules:
      - {id: big, when: '[credit]>100', style: good, label: Big credit}
  orders:
    label: Orders
    key: order_no
    fields:
      order_no: {type: id, format: O0000, label: Order no.}
      customer: {type: reference, table: customers, label: Customer, required: true}
      helper: {type: reference, table: people, label: Helper}
      product: {type: reference, table: products, label: Product}
      date: {type: date, label: Date, required: true}
      amount: {type: number, label: Amount}
      phone: {type: lookup, path: customer.phone, label: Customer phone}
  products:
    label: Products
    key: name
    fields: {name: {type: text, label: Product}, price: {type: number, label: Price}}
metrics:
  sold: {type: simple, label: Sold, table: orders, agg: sum, field: amount, time: date}
  credits: {type: simple, label: Credits, table: customers, agg: sum, field: credit}
  phones: {type: simple, label: Phones, table: customers, agg: count_distinct, field: phone}
  use: {type: ratio, label: Use of credit, numerator: sold, denominator: credits}
sheets:
  board:
    label: Board
    selectors: {period: {}, owner: {customers: owner, orders: customer.owner}}
    blocks:
      - cards: [sold, credits, phones, use]
      - {id: by_owner, table: {metrics: [sold, credits], by: {customers: owner, orders: customer.owner}}}
      - {id: by_month, chart: {type: column, metrics: [sold], by: month, last: 6}}
      - {id: who, list: {table: customers, columns: [name, phone, credit], sort: -credit, limit: 5}}
history: {}
roles:
  boss: {rows: all, tables: {people: {read: all}}}
  manager:
    rows: team
    owner: owner
    team: manager
    tables: {customers: {drop: [credit, payer]}, orders: {owner: customer.owner}, people: {drop: [wage]}}
  rep:
    rows: own
    tables:
      customers: {write: all, read: [tier]}
      orders: {owner: customer.owner}
      people: {drop: [wage]}
  lead:
    rows: team
    team: manager
    tables: {customers: {write: all}, orders: {owner: customer.owner}}
  blind: {tables: {customers: {mask: [name]}, people: none}}
"""

PEOPLE = ("Ann Ahlers", "Ben Borg", "Cid Corte", "Dora Dietz")
"""Ann answers to nobody, Ben and Cid to Ann, Dora to nobody."""


def rows() -> dict[str, list[Mapping[str, object]]]:
    people: list[Mapping[str, object]] = [
        {"name": n, "manager": "Ann Ahlers" if n in PEOPLE[1:3] else None, "wage": 77001.5 + i}
        for i, n in enumerate(PEOPLE)
    ]
    customers: list[Mapping[str, object]] = [
        {
            "name": f"Firma{n:02} GmbH",
            "owner": PEOPLE[n % 4],
            "phone": f"138{n:02}77{n:02}88",
            "mail": f"buyer{n:02}@mail{n:02}.example",
            "born": dt.date(1970, 1, 1) + dt.timedelta(days=37 * n),
            "tier": ("gold", "plain")[n % 2],
            "payer": ("risky", "fine")[n % 2],
            "remark": f"note {n:02}, call 138 {n:02}77 {n:02}88 or Buyer{n:02}@mail{n:02}.example",
            "credit": 40000.25 + n,
        }
        for n in range(8)
    ]
    orders: list[Mapping[str, object]] = [
        {
            "customer": f"Firma{n % 8:02} GmbH",
            "helper": PEOPLE[(n + 1) % 4],
            "product": ("Bolt", "Nut")[n % 2],
            "date": TODAY - dt.timedelta(days=5 * n),
            "amount": 90000.125 + n,
        }
        for n in range(16)
    ]
    products: list[Mapping[str, object]] = [{"name": "Bolt", "price": 1.5}, {"name": "Nut", "price": 0.5}]
    return {"people": people, "customers": customers, "orders": orders, "products": products}


@cache
def master(language: str = "en") -> bytes:
    """The team's workbook, built."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "team.yaml"
        path.write_text(SPEC, encoding="utf-8")
        return built_from(load(path), rows(), Language(language), today=TODAY).content  # type: ignore[arg-type] # rows loosely typed


def everything(content: bytes) -> str:
    """All that a file holds, in the clear: each member inflated, the record and the seal unpacked."""
    found: list[str] = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist():
            found += (info.filename, archive.read(info).decode("utf-8", "replace"), repr(info.extra))
    text = "\n".join(found)
    record, _ = read_record(Contents(Package.of(content, "x.xlsx")))
    packed = [json.dumps(encoded(record), ensure_ascii=False)]
    for piece in re.findall(r"crmsheet-seal \S+ \S+ \S+ ([A-Za-z0-9+/=]+)", text):
        packed.append(zlib.decompress(base64.b64decode(piece)).decode("utf-8"))
    return unescape(text) + "\n".join(packed)


def forms(value: object) -> Sequence[str]:
    """The ways in which a value may stand in a file."""
    if isinstance(value, dt.date):
        return (value.isoformat(), f">{serial_of_date(value)}<", f"#{serial_of_date(value)}")
    return (str(value),)
