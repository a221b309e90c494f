"""`crmsheet import` on the command line: dry run, questions, the file of rejected rows, the mapping."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

from tests.cli.conftest import Crmsheet

from crmsheet.cli import import_rows
from crmsheet.cli.exits import Exit
from crmsheet.intake.profiles import PROFILES

ROWS = """\
客户名,所在地区,末购日期,销售额
联航百货,华东,2026-02-15,1500
南方纸业,华南,2026-01-02,20
北洋渔具,华北,2026/3/1,"1,000"
"""


def test_rows_are_taken_after_a_look(world: Path, crmsheet: Crmsheet, tmp_path: Path) -> None:
    book = tmp_path / "客户表.xlsx"
    shutil.copy(world / "客户表.xlsx", book)
    before = book.read_bytes()
    file = tmp_path / "新 客户.csv"
    file.write_text(ROWS, "gb18030")
    mapping = tmp_path / "mapping.json"
    order = ("import", str(book), str(file), "--table", "客户", "--mapping", str(mapping))
    tried = crmsheet(*order, "--dry-run", cwd=tmp_path)
    assert (tried.code, "客户名 → name" in tried.text) == (Exit.NO, True), tried.messages
    assert book.read_bytes() == before
    assert not mapping.exists()
    done = json.loads(crmsheet(*order, "--yes", "--format", "json", cwd=tmp_path).text)
    assert (done["created"], done["updated"], len(done["rejected"])) == (1, 1, 1)
    assert "华南" in done["rejected"][0]["reason"]
    lines = list(csv.reader((tmp_path / "新 客户-rejected.csv").read_text("utf-8-sig").splitlines()))
    assert lines[0][:4] == ["客户名", "所在地区", "末购日期", "销售额"]
    assert lines[1][0] == "南方纸业"
    # What was decided is known the next time, to the table.
    again = json.loads(
        crmsheet(
            "import", str(book), str(file), "--mapping", str(mapping), "--format", "json", cwd=tmp_path
        ).text
    )
    assert (again["changed"], again["unchanged"], len(again["rejected"])) == (False, 2, 1)
    assert again["rejected_file"].endswith("新 客户-rejected-2.csv")
    back = crmsheet("restore", str(book), cwd=tmp_path)
    assert (back.code, book.read_bytes()) == (Exit.DONE, before)


def test_mistakes_are_told(world: Path, crmsheet: Crmsheet, tmp_path: Path) -> None:
    book = world / "客户表.xlsx"
    before = book.read_bytes()
    file = tmp_path / "rows.csv"
    file.write_text("x,y\n1,2\n", "utf-8")
    nameless = crmsheet("import", str(book), str(file), cwd=tmp_path)
    assert (nameless.code, "--table" in nameless.messages) == (Exit.USAGE, True)
    headless = crmsheet("import", str(book), str(file), "--table", "customers", cwd=tmp_path)
    assert (headless.code, "U124" in headless.messages) == (Exit.USAGE, True)
    (tmp_path / "m.json").write_text("[]", "utf-8")
    broken = crmsheet("import", str(book), str(file), "--mapping", "m.json", cwd=tmp_path)
    assert (broken.code, "U126" in broken.messages) == (Exit.USAGE, True)
    assert book.read_bytes() == before


def test_profiles_are_those_of_the_intake() -> None:
    assert (*PROFILES, "none") == import_rows._PROFILES


def test_an_export_of_another_system_is_recognised(world: Path, crmsheet: Crmsheet, tmp_path: Path) -> None:
    book = tmp_path / "客户表.xlsx"
    shutil.copy(world / "客户表.xlsx", book)
    file = tmp_path / "问卷.csv"
    file.write_text(
        "序号,提交答卷时间,所用时间,来自IP,1、您的客户名称,2、您所在的地区,3、销售额（选填）\n"
        "1,2026/3/1 10:00:00,60秒,1.2.3.4,北洋渔具,华北,12\n",
        "utf-8-sig",
    )
    done = json.loads(
        crmsheet(
            "import", book.name, file.name, "--table", "客户", "--yes", "--format", "json", cwd=tmp_path
        ).text
    )
    assert (done["profiles"], done["created"], done["rejected"]) == (["问卷星"], 1, [])
