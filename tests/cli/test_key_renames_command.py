"""A renamed customer, as the command line tells of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

from openpyxl import load_workbook

from crmsheet.cli.exits import Exit

SPEC = """\
crmsheet: 1
name: mini
title: Mini
language: en
tables:
  customers:
    label: Customers
    key: name
    fields:
      name: {type: text, label: Customer, required: true}
      city: {type: text, label: City}
  deals:
    label: Deals
    key: title
    fields:
      title: {type: text, label: Title, required: true}
      customer: {type: reference, table: customers, label: Customer}
"""


class Outcome(Protocol):
    code: int

    @property
    def text(self) -> str: ...


class Crmsheet(Protocol):
    def __call__(self, *arguments: str, cwd: Path) -> Outcome: ...


def _deals(book: Path) -> list[object]:
    sheet = load_workbook(book)["Deals"]
    rows = [r[:2] for r in sheet.iter_rows(values_only=True)]
    return [customer for title, customer in rows if str(title).startswith("Deal ")]


def test_a_renamed_customer_is_listed_then_carried(crmsheet: Crmsheet, tmp_path: Path) -> None:
    (tmp_path / "mini.yaml").write_text(SPEC, "utf-8")
    (tmp_path / "customers.csv").write_text("Customer,City\nAcme,Bonn\nBolt,Kiel\n", "utf-8")
    (tmp_path / "deals.csv").write_text("Title,Customer\nDeal 1,Acme\nDeal 2,Acme\nDeal 3,Bolt\n", "utf-8")
    book = tmp_path / "mini.xlsx"
    assert crmsheet("build", "mini.yaml", "--data", ".", "-o", book.name, cwd=tmp_path).code == Exit.DONE
    workbook = load_workbook(book)
    cell = next(c for row in workbook["Customers"].iter_rows() for c in row if c.value == "Acme")
    cell.value = "Acme Ltd"
    workbook.save(book)

    listed = crmsheet("refresh", book.name, cwd=tmp_path)
    assert listed.code == Exit.DONE
    assert "key renamed: 1" in listed.text
    assert (
        f"Customers!{cell.coordinate} [Customer]: Acme → Acme Ltd: 2 rows in Deals still hold" in listed.text
    )
    assert _deals(book) == ["Acme", "Acme", "Bolt"]
    again = crmsheet("refresh", book.name, cwd=tmp_path)
    assert "up to date" in again.text
    assert "Acme → Acme Ltd: 2 rows in Deals still hold the old text" in again.text

    saved = book.read_bytes()
    dry = crmsheet("refresh", book.name, "--apply-renames", "--dry-run", cwd=tmp_path)
    assert dry.code == Exit.NO
    assert "renamed key carried: 2" in dry.text
    assert book.read_bytes() == saved
    done = crmsheet("refresh", book.name, "--apply-renames", "--format", "json", cwd=tmp_path)
    report = json.loads(done.text)["workbooks"][0]
    (rename,) = report["renames"]
    assert (rename["old"], rename["new"], rename["status"]) == ("Acme", "Acme Ltd", "applied")
    assert rename["held_by"] == [
        {
            "table": "deals",
            "field": "customer",
            "sheet": "Deals",
            "column": "Customer",
            "cells": 2,
            "formulas": 0,
        }
    ]
    assert _deals(book) == ["Acme Ltd", "Acme Ltd", "Bolt"]
    assert "renamed" not in crmsheet("refresh", book.name, cwd=tmp_path).text
