"""`crmsheet brief` on the command line: where it writes, what it refuses, that it leaves the book alone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from tests.cli.conftest import Crmsheet

from crmsheet.api.briefing import Brief, Section
from crmsheet.cli.briefs import page
from crmsheet.cli.exits import Exit


def test_a_brief_goes_to_the_screen_or_to_a_file(world: Path, crmsheet: Crmsheet, tmp_path: Path) -> None:
    book = world / "客户表.xlsx"
    before = book.read_bytes()
    done = crmsheet("brief", str(book), cwd=tmp_path)
    assert done.code == Exit.DONE
    assert "| 销售额 |" in done.text
    file = tmp_path / "会议 简报.html"
    done = crmsheet("brief", str(book), "-o", str(file), cwd=tmp_path)
    assert (done.code, file.name in done.text) == (Exit.DONE, True)
    assert "<!DOCTYPE html>" in file.read_text("utf-8")
    done = crmsheet("brief", str(book), "--format", "json", "--as-of", "2026-02-28", cwd=tmp_path)
    assert json.loads(done.text)["as_of"] == "2026-02-28"
    assert book.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == [file.name]


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


def test_a_page_sets_figures_at_the_right_and_keeps_what_is_short_in_a_line() -> None:
    rows = (("Ann Li", "▲10.5%", "15800000444", "2026-06-24"), ("Bo Wang-Smithson", "—", "0512-5550031", ""))
    section = Section("Title", "", ("Who", "Change", "Phone", "Day"), rows, 0, "")
    found = page(Brief("T", "en", date(2026, 6, 24), (section,)))
    assert "<thead><tr><th>Who</th>" in found
    assert '<td class="figure short">▲10.5%</td><td class="short">15800000444</td>' in found
    assert "<td>Bo Wang-Smithson</td>" in found
