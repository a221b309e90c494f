"""Messages in the language of whoever reads them."""

from __future__ import annotations

import json
import subprocess
import types
from pathlib import Path

import openpyxl
import pytest
from tests.cli.conftest import SPEC, Crmsheet

from crmsheet.cli import locales
from crmsheet.cli.exits import Exit
from crmsheet.cli.helptexts import WideFormatter
from crmsheet.cli.import_rows import _HOW
from crmsheet.intake.headers import How

CHINESE = {"CRMSHEET_LANG": "zh"}


# which language


@pytest.mark.parametrize(
    ("environment", "platform", "language"),
    [
        ({}, "linux", "en"),
        ({"LANG": "zh_CN.UTF-8"}, "linux", "zh"),
        ({"LANG": "zh_TW.UTF-8"}, "linux", "zh"),
        ({"LANG": "de_DE.UTF-8"}, "linux", "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "linux", "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.GBK"}, "linux", "zh"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, "linux", "zh"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "zh_CN"}, "linux", "en"),
        ({"LANG": "zh_CN.UTF-8", "CRMSHEET_LANG": "en"}, "linux", "en"),
        ({"CRMSHEET_LANG": "zh-Hans"}, "win32", "zh"),
        ({"CRMSHEET_LANG": "fr", "LANG": "zh_CN.UTF-8"}, "linux", "zh"),
        ({"LANG": "zh_CN.UTF-8"}, "darwin", "zh"),
    ],
)
def test_the_language_is_asked_for_or_the_systems(
    environment: dict[str, str], platform: str, language: str
) -> None:
    assert locales.wanted(environment, platform) == language


@pytest.mark.parametrize(
    ("identifier", "language"), [(0x0804, "zh"), (0x0404, "zh"), (0x0409, "en"), (0x0411, "en")]
)
def test_windows_is_asked_for_the_language_of_its_display(
    monkeypatch: pytest.MonkeyPatch, identifier: int, language: str
) -> None:
    import ctypes

    kernel = types.SimpleNamespace(GetUserDefaultUILanguage=lambda: identifier)
    monkeypatch.setattr(ctypes, "windll", types.SimpleNamespace(kernel32=kernel), raising=False)
    assert locales.wanted({"LANG": "zh_CN.UTF-8"}, "win32") == language


@pytest.mark.parametrize(
    ("told", "language"),
    [('(\n    "zh-Hans-CN",\n    "en-CN"\n)\n', "zh"), ('(\n    "en-US"\n)\n', "en"), ("", "en")],
)
def test_a_mac_without_a_locale_is_asked_for_its_first_language(
    monkeypatch: pytest.MonkeyPatch, told: str, language: str
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: types.SimpleNamespace(stdout=told))
    assert locales.wanted({"LC_CTYPE": "UTF-8"}, "darwin") == language


# what is said


def test_a_spec_is_judged_in_chinese(crmsheet: Crmsheet, tmp_path: Path) -> None:
    (tmp_path / "坏.yaml").write_text(SPEC.replace("type: choice", "type: chice"), "utf-8")
    done = crmsheet("check", "坏.yaml", cwd=tmp_path, env=CHINESE)
    assert done.code == Exit.USAGE
    assert "S134 坏.yaml:19:22 错误：“chice”不是可用的 type" in done.text
    assert "是不是想写 choice？" in done.text
    assert "坏.yaml：1 个问题，0 个警告。" in done.text


def test_json_is_english_unless_the_call_asks(crmsheet: Crmsheet, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(SPEC.replace("type: choice", "type: chice"), "utf-8")
    call = ("check", "bad.yaml", "--format", "json")
    found, asked = (
        json.loads(crmsheet(*options, *call, cwd=tmp_path, env=CHINESE).text)["diagnostics"][0]
        for options in ((), ("--ui-lang", "zh"))
    )
    assert found["message"] == "'chice' is not allowed as `type`"
    assert asked["message"] == "“chice”不是可用的 type"
    assert {k: found[k] for k in ("code", "severity", "place", "allowed")} == {
        k: asked[k] for k in ("code", "severity", "place", "allowed")
    }


def test_usage_and_help_are_said_in_chinese(crmsheet: Crmsheet, tmp_path: Path) -> None:
    wrong = crmsheet("--ui-lang", "zh", "refresh", "--formt", "x", cwd=tmp_path)
    assert wrong.code == Exit.USAGE
    assert "错误：没有选项" in wrong.messages
    helped = crmsheet("refresh", "--help", cwd=tmp_path, env=CHINESE)
    assert "用法：" in helped.text
    assert "显示本说明并退出。" in helped.text
    assert "crmsheet refresh follow-up.xlsx --as-of 2026-03-31 --dry-run" in helped.text


def test_english_can_be_asked_for_on_a_chinese_system(crmsheet: Crmsheet, tmp_path: Path) -> None:
    done = crmsheet("--ui-lang", "en", "refresh", "none.xlsx", cwd=tmp_path, env=CHINESE)
    assert "there is no such file" in done.messages


def test_a_sealed_workbook_tells_its_problems_in_either_language(world: Path) -> None:
    """What a seal remembers can be said in the language of whoever refreshes next."""
    from crmsheet.api import seals
    from crmsheet.diagnostics import CellPlace, Diagnostic
    from crmsheet.messages import in_language, say, say_in
    from crmsheet.model.codec import decoded, encoded
    from crmsheet.opc.package import Package
    from crmsheet.plan.recorded import RECORD_SHEET
    from crmsheet.refresh.notes import Note, NoteKind

    missing = say_in("zh", "'{label}' is missing", {"zh": "缺少“{label}”"}, label="电话")
    told = seals.Told(
        "zh",
        "2026-03-31",
        fixed=True,
        rows=(("客户", 3),),
        notes=(Note(NoteKind.UPGRADED, "客户", new=say("{count:,} cells", count=1200)),),
        problems=(
            Diagnostic("D104", missing, CellPlace("客户", "C5"), remedy="- " + say("Nothing was changed.")),
        ),
    )
    back = decoded(seals.Told, json.loads(json.dumps(encoded(told))))
    assert back == told
    assert in_language(back.problems[0].message, "en") == "'电话' is missing"
    assert in_language(back.problems[0].remedy, "zh") == "- 没有任何改动。"
    assert in_language(back.notes[0].new, "zh") == "1,200 个单元格"
    book = (world / "客户表.xlsx").read_bytes()
    sealed = seals.sealed(book, "客户表.xlsx", told)
    # conftest takes as_sealed away for the session; the seal itself is read here
    package = Package.of(sealed, "客户表.xlsx")
    sheet = package.workbook.sheet(RECORD_SHEET)
    assert sheet is not None
    read = seals._told(package, sheet.part)
    assert read is not None
    assert in_language(read.problems[0].message, "en") == "'电话' is missing"


def test_chinese_help_fills_the_line_and_no_more() -> None:
    formatter = WideFormatter(width=40)
    formatter.write_dl(
        [("--option", "这是一个很长的说明，" * 4), ("--a-very-long-option-name-of-thirty", "短")]
    )
    formatter.write_text("一" * 30 + " word")
    lines = formatter.getvalue().splitlines()
    widths = [sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in lines]
    assert max(widths) <= 40
    assert not [line for line in lines if line.strip().startswith("，")]


def test_what_an_import_would_take_is_told_in_chinese(crmsheet: Crmsheet, tmp_path: Path) -> None:
    (tmp_path / "crm.yaml").write_text(SPEC, encoding="utf-8")
    assert crmsheet("build", "crm.yaml", "-o", "book.xlsx", cwd=tmp_path).code == Exit.DONE
    rows = "客户名称,Region,未购买天数,脸色,销售额\n甲,华东,3,好,4\n,,3,好,5\n"
    (tmp_path / "rows.csv").write_text(rows, encoding="utf-8")
    command = ("import", "book.xlsx", "rows.csv", "--table", "customers", "--dry-run")
    told = crmsheet(*command, cwd=tmp_path, env=CHINESE).text.splitlines()
    assert told[0] == "book.xlsx：将会向“customers”导入这些行。"
    assert "    rows.csv:3: 必填而未填：客户名称、地区" in told
    assert "    客户名称 → name（名称相同）" in told
    assert "    脸色 → –（没有对应的字段）" in told
    assert "    客户名称 → name (its label)\n" in crmsheet(*command, cwd=tmp_path).text


def test_every_way_to_recognise_a_column_has_a_word() -> None:
    assert {how.value for how in How} < set(_HOW)


def test_a_sheet_without_a_table_is_told_in_chinese(crmsheet: Crmsheet, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].title = "便条"
    workbook.worksheets[0]["B3"] = "hello"
    workbook.save(tmp_path / "note.xlsx")
    told = crmsheet("adopt", "note.xlsx", "-o", "out", cwd=tmp_path, env=CHINESE)
    assert told.code == Exit.USAGE
    assert "便条：" in told.messages
    assert "looks like" not in told.messages


def test_a_deleted_board_is_named_with_the_way_back(crmsheet: Crmsheet, tmp_path: Path) -> None:
    (tmp_path / "crm.yaml").write_text(SPEC, encoding="utf-8")
    assert crmsheet("build", "crm.yaml", "-o", "book.xlsx", cwd=tmp_path).code == Exit.DONE
    workbook = openpyxl.load_workbook(tmp_path / "book.xlsx")
    del workbook["看板"]
    workbook.save(tmp_path / "book.xlsx")
    english = crmsheet("refresh", "book.xlsx", "--dry-run", cwd=tmp_path).text
    assert (
        "  deleted sheet left out: 1\n    看板\n    refresh with --restore-sheets to have them back\n"
        in english
    )
    chinese = crmsheet("refresh", "book.xlsx", "--dry-run", cwd=tmp_path, env=CHINESE).text
    assert "  被删除的工作表未恢复：1\n    看板\n    如需找回，刷新时加 --restore-sheets\n" in chinese
    assert (
        "未恢复" not in crmsheet("refresh", "book.xlsx", "--restore-sheets", cwd=tmp_path, env=CHINESE).text
    )
