"""`crmsheet dedupe` on the command line: a list first, a merge where it is decided."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.cli.conftest import Crmsheet

from crmsheet.cli.exits import Exit


def test_duplicates_are_listed_and_wait_for_a_decision(
    world: Path, crmsheet: Crmsheet, tmp_path: Path
) -> None:
    book = tmp_path / "客户表.xlsx"
    shutil.copy(world / "客户表.xlsx", book)
    rows = tmp_path / "rows.csv"
    rows.write_text("客户名称,地区,销售额\n联航百货有限公司,华北,5\n", "utf-8")
    assert crmsheet("import", book.name, "rows.csv", "--table", "客户", "-q", cwd=tmp_path).code == Exit.DONE
    tried = crmsheet("dedupe", book.name, "--table", "客户", "--dry-run", cwd=tmp_path)
    assert (tried.code, "1" in tried.text) == (Exit.NO, True)
    listed = json.loads(
        crmsheet("dedupe", book.name, "--table", "客户", "--format", "json", cwd=tmp_path).text
    )
    assert (listed["groups"], listed["sheet"], listed["sure"]) == ({"客户": 1}, "疑似重复", 0)
    before = book.read_bytes()
    applied = json.loads(crmsheet("dedupe", book.name, "--apply", "--format", "json", cwd=tmp_path).text)
    assert (applied["changed"], applied["undecided"], applied["merges"]) == (False, 1, [])
    assert book.read_bytes() == before


def test_nothing_to_apply_is_said(world: Path, crmsheet: Crmsheet, tmp_path: Path) -> None:
    done = crmsheet("dedupe", str(world / "客户表.xlsx"), "--apply", cwd=tmp_path)
    assert (done.code, "U127" in done.messages) == (Exit.USAGE, True)
    alone = crmsheet("dedupe", str(world / "客户表.xlsx"), "--take-sure", cwd=tmp_path)
    assert alone.code == Exit.USAGE
