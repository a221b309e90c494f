"""`crmsheet brief` on the command line: where it writes, what it refuses, that it leaves the book alone."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Crmsheet

from crmsheet.cli.exits import Exit


def test_a_brief_goes_to_the_screen_or_to_a_file(world: Path, crmsheet: Crmsheet, tmp_path: Path) -> None:
    book = world / "客户表.xlsx"
    before = book.read_bytes()
    done = crmsheet("brief", str(book), cwd=tmp_path)
    assert done.code == Exit.DONE
    assert "| 销售额 |" in done.text
    page = tmp_path / "会议 简报.html"
    done = crmsheet("brief", str(book), "-o", str(page), cwd=tmp_path)
    assert (done.code, page.name in done.text) == (Exit.DONE, True)
    assert "<!DOCTYPE html>" in page.read_text("utf-8")
    done = crmsheet("brief", str(book), "--format", "json", "--as-of", "2026-02-28", cwd=tmp_path)
    assert json.loads(done.text)["as_of"] == "2026-02-28"
    assert book.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == [page.name]


def test_a_workbook_is_no_name_for_a_brief(world: Path, crmsheet: Crmsheet) -> None:
    book = world / "客户表.xlsx"
    before = book.read_bytes()
    done = crmsheet("brief", str(book), "-o", str(book), cwd=world)
    assert done.code == Exit.USAGE
    assert ".md" in done.messages
    assert book.read_bytes() == before


def test_what_is_no_workbook_is_refused(world: Path, crmsheet: Crmsheet) -> None:
    assert crmsheet("brief", "小表.yaml", cwd=world).code == Exit.REFUSED
    assert crmsheet("brief", "nowhere.xlsx", cwd=world).code == Exit.USAGE
