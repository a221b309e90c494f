"""What changed between two states of a workbook, as users read it and as programs do."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.cli.conftest import Crmsheet
from tests.docs.pages import page

from crmsheet.api.differences.found import CellChange, Content, RowChange, TableDifference, Where
from crmsheet.cli import backups
from crmsheet.cli.differences import LINES, groups
from crmsheet.cli.exits import Exit


@pytest.fixture
def book(world: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(world / "客户表.xlsx", tmp_path / "客户 表.xlsx"))


def _edit(book: Path, edit: Callable[[Any], None]) -> Path:
    """A copy that somebody's script changed."""
    workbook = openpyxl.load_workbook(book)
    edit(workbook)
    changed = book.with_name("改过.xlsx")
    workbook.save(changed)
    return changed


def _some_edits(workbook: Any) -> None:
    sheet = workbook["客户"]
    cells = {c.value: c for row in sheet.iter_rows() for c in row}
    cells["联航百货"].offset(0, 1).value = "华北"
    cells[1200].value = 0.125
    bottom = cells["云岭咨询"]
    bottom.offset(1, 0).value, bottom.offset(1, 1).value = "新客户", "华东"
    settings = {c.value: c for row in workbook["设置"].iter_rows() for c in row}
    settings["沉睡月数"].offset(0, 1).value = 4
    workbook.create_sheet("笔记")


def test_text_is_grouped_by_table_and_says_where(book: Path, crmsheet: Crmsheet) -> None:
    changed = _edit(book, _some_edits)
    done = crmsheet("diff", book.name, changed.name, cwd=book.parent)
    assert done.code == Exit.NO
    lines = done.text.splitlines()
    assert lines[0] == "客户 表.xlsx → 改过.xlsx"
    at = next(i for i, line in enumerate(lines) if line.startswith("客户: 1 row added, 1 row changed"))
    assert re.fullmatch(
        r"  ~ 联航百货: 地区 \(B\d+\) 华东 → 华北; 销售额 \(D\d+\) ¥1,200\.00 → ¥0\.13", lines[at + 1]
    )
    assert re.fullmatch(r"  \+ 新客户 \(A\d+\)", lines[at + 2])
    assert re.search(r"^  ~ 沉睡月数 \(设置!B\d+\) 3 → 4$", done.text, re.MULTILINE)
    assert re.fullmatch(
        r"Not compared, for want of a stored value: \d+ computed cells and \d+ figures", lines[-1]
    )
    assert "  + 笔记" in lines
    assert changed.read_bytes()
    assert crmsheet("diff", book.name, changed.name, "-q", cwd=book.parent).text == ""


def test_the_same_workbook_does_not_differ(book: Path, crmsheet: Crmsheet) -> None:
    done = crmsheet("diff", book.name, book.name, cwd=book.parent)
    assert done.code == Exit.DONE
    assert "nothing differs" in done.text
    said = json.loads(crmsheet("diff", book.name, book.name, "--format", "json", cwd=book.parent).text)
    assert said["same"] is True


def test_one_workbook_is_compared_with_its_newest_backup_that_differs(book: Path, crmsheet: Crmsheet) -> None:
    none = crmsheet("diff", book.name, cwd=book.parent)
    assert none.code == Exit.USAGE
    assert "U108" in none.messages
    assert crmsheet("refresh", book.name, "--as-of", "2026-04-02", cwd=book.parent).code == Exit.DONE
    folder = backups.folder_of(book, None)
    (folder / "20991231-000000-000000Z x.xlsx").write_bytes(book.read_bytes())
    done = crmsheet("diff", book.name, "-v", cwd=book.parent)
    assert done.code == Exit.NO
    assert "Figures as of 2026-03-31 → 2026-04-02" in done.text
    assert "2 computed values changed (未购买天数 2)" in done.text
    assert "Not compared" not in done.text
    assert ".crmsheet-backups" in done.text.splitlines()[0]


def test_calls_that_cannot_be_carried_out(book: Path, crmsheet: Crmsheet) -> None:
    other = book.with_name("fremd.xlsx")
    openpyxl.Workbook().save(other)
    for arguments, code, said in (
        ((book.name, other.name), Exit.REFUSED, "W201"),
        ((book.name, "none.xlsx"), Exit.USAGE, "U101"),
        ((book.name, book.name, book.name), Exit.USAGE, "two workbooks"),
        ((book.name, book.name, "--table", "客戶"), Exit.USAGE, "U111"),
    ):
        done = crmsheet("diff", *arguments, cwd=book.parent)
        assert (done.code, said in done.messages) == (code, True), done.messages


def test_json_has_typed_values_and_only_documented_keys(book: Path, crmsheet: Crmsheet) -> None:
    changed = _edit(book, _some_edits)
    said = json.loads(
        crmsheet("diff", book.name, changed.name, "--format", "json", "--computed", cwd=book.parent).text
    )
    assert (said["same"], said["matched_by"]) == (False, "row id")
    (customers,) = said["tables"]
    assert customers["rows"] == {"old": 3, "new": 4}
    assert customers["added"][0]["values"]["name"]["value"] == "新客户"
    (row,) = customers["changed"]
    amount = next(f for f in row["fields"] if f["field"] == "amount")
    assert (amount["type"], amount["old"]["value"], amount["new"]["value"]) == ("currency", 1200, 0.125)
    assert amount["new"]["shown"] == "¥0.13"
    (setting,) = said["settings"]
    assert (setting["id"], setting["old"]["value"], setting["new"]["value"]) == ("stale_months", 3, 4)
    assert [c["label"] for c in said["own_sheets"]] == ["笔记"]
    section = page("refresh.md").text.split("# What changed\n")[1].split("\n# ")[0]
    documented = set(re.findall(r"`([a-z_]+)`", section))
    fields = {f["id"] for f in customers["changed"]} | {"name", "region", "last_order", "amount"}
    assert set(_keys(said)) - fields <= documented
    assert list(said) == list(
        json.loads(crmsheet("diff", book.name, book.name, "--format", "json", cwd=book.parent).text)
    )


def _keys(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        yield from data
        for value in data.values():
            yield from _keys(value)
    elif isinstance(data, list):
        for value in data:
            yield from _keys(value)


def test_a_dry_run_shows_the_same(book: Path, crmsheet: Crmsheet) -> None:
    changed = _edit(book, _some_edits)
    before = changed.read_bytes()
    filled = crmsheet("refresh", changed.name, "--no-backup", cwd=book.parent)
    assert filled.code == Exit.DONE
    dry = crmsheet("refresh", changed.name, "--as-of", "2026-04-02", "--dry-run", cwd=book.parent)
    assert dry.code == Exit.NO
    assert "what would differ:" in dry.text
    assert re.search(r"^    客户: 2 computed values changed", dry.text, re.MULTILINE)
    assert re.search(r"^      ~ .*\(设置!B\d+\) 2026-03-31 → 2026-04-02$", dry.text, re.MULTILINE)
    as_json = crmsheet(
        "refresh", changed.name, "--as-of", "2026-04-02", "--dry-run", "--format", "json", cwd=book.parent
    )
    (entry,) = json.loads(as_json.text)["workbooks"]
    assert entry["differences"]["as_of"]["new"]["value"] == "2026-04-02"
    none = crmsheet("refresh", changed.name, "--dry-run", "--format", "json", cwd=book.parent)
    (entry,) = json.loads(none.text)["workbooks"]
    assert (none.code, entry["differences"]) == (Exit.DONE, None)
    assert changed.read_bytes() != before


def _change(old: Content, new: Content) -> str:
    from crmsheet.api.differences.found import BookState, Compared

    cell = CellChange("f", "F", "text", Where("S", "B2"), old, new)
    table = TableDifference(
        "t", "t", "T", "S", 1, 1, changed=(RowChange("x-1", "K", "K", Where("S", "A2"), (cell,)),)
    )
    state = BookState("b", "", "en", "code")
    (group,) = groups(Compared(state, state, by_key=False, tables=(table,)))
    assert group.title == "T (sheet S): 1 row changed"
    return group.lines[0].removeprefix("~ K: F (B2) ")


def test_contents_that_look_alike_are_told_apart() -> None:
    assert _change(Content("1", "1"), Content(1, "1")) == "1 (text) → 1 (number 1)"
    assert _change(Content(0.2501, "25%"), Content(0.25, "25%")) == "25% (number 0.2501) → 25% (number 0.25)"
    assert _change(Content(5, "5"), Content(5, "5", "=2+3")) == "5 (number 5) → 5 (=2+3)"
    assert _change(Content(), Content("a\nb", "a\nb")) == "(empty) → a / b"
    long = "same " * 40
    one, other = _change(Content(long + "X", long + "X"), Content(long + "Y", long + "Y")).split(" → ")
    assert (one[-1], other[-1]) == ("X", "Y")
    assert max(len(one), len(other)) <= 62


def test_groups_are_cut_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    from crmsheet.api.differences.found import BookState, Compared
    from crmsheet.cli.differences import show

    cell = CellChange("f", "F", "text", Where("S", "B2"), Content("a", "a"), Content("b", "b"))
    rows = tuple(RowChange(f"x-{n}", f"K{n}", f"K{n}", Where("S", "A2"), (cell,)) for n in range(25))
    state = BookState("b", "", "en", "code")
    found = Compared(
        state, state, by_key=False, tables=(TableDifference("t", "t", "T", "T", 25, 25, changed=rows),)
    )
    show(found, verbose=False)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "T: 25 rows changed"
    assert len(lines) == LINES + 2
    assert lines[-1] == "  … and 5 more (-v lists all)"
    show(found, verbose=True)
    assert len(capsys.readouterr().out.splitlines()) == 26
