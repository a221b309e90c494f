"""`crmsheet purge` on the command line: nothing goes without a yes, and backups that hold people are named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.cli.conftest import Crmsheet

from crmsheet.cli.exits import Exit


def test_people_are_taken_out_once_it_is_meant(world: Path, crmsheet: Crmsheet, tmp_path: Path) -> None:
    book = tmp_path / "客户表.xlsx"
    shutil.copy(world / "客户表.xlsx", book)
    before = book.read_bytes()
    order = ("purge", str(book), "--table", "客户", "--where", '[region]="north"')
    tried = crmsheet(*order, "--dry-run", cwd=tmp_path)
    assert (tried.code, "宏力部件" in tried.text) == (Exit.NO, True)
    asked = crmsheet(*order, cwd=tmp_path)
    assert (asked.code, "--yes" in asked.messages) == (Exit.USAGE, True)
    assert book.read_bytes() == before
    done = json.loads(crmsheet(*order, "--yes", "--format", "json", cwd=tmp_path).text)
    assert (done["removed"], done["names"], len(done["backups"])) == ({"客户": 1}, ["宏力部件"], 1)
    again = json.loads(crmsheet(*order, "--yes", "--format", "json", "--remove-backups", cwd=tmp_path).text)
    assert (again["changed"], again["backups"]) == (False, [])


def test_backups_go_too_where_that_is_said(world: Path, crmsheet: Crmsheet, tmp_path: Path) -> None:
    book = tmp_path / "客户表.xlsx"
    shutil.copy(world / "客户表.xlsx", book)
    done = crmsheet(
        "purge",
        str(book),
        "--table",
        "customers",
        "--where",
        "[amount]>1000",
        "-y",
        "--remove-backups",
        cwd=tmp_path,
    )
    assert done.code == Exit.DONE, done.messages
    assert not list(tmp_path.rglob("*Z 客户表.xlsx"))
    assert "removed" in done.text
