"""`crmsheet adopt`: a spec and a workbook beside a spreadsheet that stays as it is."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from crmsheet.cli import main


def _run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stop:
        main([str(a) for a in arguments])
    assert isinstance(stop.value.code, int)
    return stop.value.code


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "客户"
    for row in (["客户名称", "手机"], ["甲公司", "138 0000 0001"], ["乙公司", 13800000002]):
        sheet.append(row)
    path = tmp_path / "我的 客户.xlsx"
    book.save(path)
    return path


def test_spec_and_workbook_are_written_and_tell_what_was_found(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = old.read_bytes()
    assert _run("adopt", old, "-o", "crm.yaml", "--book", "crm.xlsx") == 0
    out = capsys.readouterr().out
    assert "table customers, 2 rows, 2 fields, key customer" in out
    assert out.endswith("crm.yaml\ncrm.xlsx\n")
    assert old.read_bytes() == before
    assert _run("check", "crm.yaml") == 0
    assert _run("check", "crm.xlsx") == 0


def test_nothing_is_overwritten(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("adopt", old) == 0
    spec = old.with_suffix(".yaml").read_text("utf-8")
    assert _run("adopt", old) == 2
    assert "U102" in capsys.readouterr().err
    assert _run("adopt", old, "-o", "other.yaml", "--book", old) == 2
    assert not Path("other.yaml").exists()
    assert old.with_suffix(".yaml").read_text("utf-8") == spec


def test_a_dry_run_writes_nothing_and_json_is_data(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(Path().iterdir())
    assert _run("adopt", old, "--dry-run", "--format", "json", "--lang", "en") == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["language"], data["rows"], data["written"]) == ("en", {"customers": 2}, [])
    assert data["sheets"][0]["tables"][0]["fields"][1] == {
        "id": "mobile",
        "header": "手机",
        "type": "phone",
        "refers_to": "",
    }
    assert data["sheets"][0]["understood"][0]["place"] == "B2:B3"
    assert sorted(Path().iterdir()) == files


def test_only_the_spec(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("adopt", old, "--no-book", "--ui-lang", "zh") == 2  # an option of crmsheet, not of adopt
    assert _run("--ui-lang", "zh", "adopt", old, "--no-book") == 0
    assert "整理了 1 个文本" in capsys.readouterr().out
    assert sorted(p.suffix for p in Path().iterdir()) == [".xlsx", ".yaml"]


def test_what_is_no_workbook_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.xlsx"
    file.write_text("no workbook")
    assert _run("adopt", file) == 3
    assert "W101" in capsys.readouterr().err
    assert _run("adopt", tmp_path / "none.xlsx") == 2
