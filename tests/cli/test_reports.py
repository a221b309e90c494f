"""When a promise does not hold, the file is untouched and a report says which and where, and nothing else."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from crmsheet import __version__, api
from crmsheet.cli import main, reports
from crmsheet.cli.exits import Exit
from crmsheet.diagnostics import CellPlace, Diagnostic, FilePlace
from crmsheet.errors import InternalError

SECRET = "张伟 13800138000"


def broken(*reasons: str) -> InternalError:
    return InternalError(
        Diagnostic("B101", "the proof failed", FilePlace(f"/home/{SECRET}.xlsx"), reason="\n".join(reasons))
    )


@pytest.fixture
def report_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where reports go, instead of the folder for temporary files."""
    folder = tmp_path / "reports"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def _run(arguments: list[str]) -> int | str | None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    return stop.value.code


@pytest.mark.parametrize(
    ("problem", "code", "words"),
    [
        (
            broken(f"obligation 5, a second refresh would change 客户 表!B7 (value: 'Board!C9 {SECRET}')"),
            "B101",
            ["obligation 5 (refreshing the result again changes nothing): 客户 表!B7"],
        ),
        (
            broken(
                "obligation 3, the cell 客户!AA17 changed",
                f"obligation 2, xl/worksheets/sheet3.xml: byte 17 of '{SECRET}'",
                "obligation 1, members outside the patch are byte-equal: xl/media/image1.bin changed",
                f"obligation 4, {SECRET}",
            ),
            "B101",
            ["客户!AA17", "xl/worksheets/sheet3.xml", "xl/media/image1.bin", "sound): no single place"],
        ),
        (KeyError(SECRET), "B100", ["builtins.KeyError"]),
    ],
)
def test_the_report_names_what_broke_and_where_and_no_data(
    report_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    problem: Exception,
    code: str,
    words: list[str],
) -> None:
    book = tmp_path / f"{SECRET}.xlsx"
    book.write_bytes(b"the only copy")

    def failing(*_: object, **__: object) -> None:
        raise problem

    monkeypatch.setattr(api, "read_workbook", failing)
    assert _run(["refresh", str(book), "--format", "json"]) == Exit.BUG
    assert book.read_bytes() == b"the only copy"
    shown = capsys.readouterr()
    (report,) = report_folder.iterdir()
    assert str(report) in shown.err
    assert [d["code"] for d in json.loads(shown.out)["workbooks"][0]["diagnostics"]] == [code]
    text = report.read_text("utf-8")
    for word in (*words, __version__, "Python 3", "zlib", "crmsheet/cli/refresh.py:"):
        assert word in text, text
    for part in (SECRET, *SECRET.split(), str(tmp_path)):
        assert part not in text


def test_causes_are_followed_without_their_words() -> None:
    try:
        try:
            raise ValueError(SECRET)
        except ValueError as cause:
            raise InternalError(
                Diagnostic("B201", SECRET, CellPlace("客户", "C5", column=SECRET, value=SECRET))
            ) from cause
    except InternalError as problem:
        text = "\n".join(reports.lines(problem))
    assert "B201 客户!C5" in text
    assert "builtins.ValueError at" in text
    assert "test_causes_are_followed" in text
    assert SECRET.split(maxsplit=1)[0] not in text


def test_too_little_memory_is_not_called_our_mistake(
    report_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "b.xlsx"
    book.write_bytes(b"x")

    def failing(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(api, "read_workbook", failing)
    assert _run(["refresh", str(book)]) == Exit.USAGE
    assert "memory" in capsys.readouterr().err
    assert list(report_folder.iterdir()) == []


def test_where_no_report_can_be_written_the_message_stands_alone(
    report_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    report_folder.rmdir()
    book = tmp_path / "b.xlsx"
    book.write_bytes(b"x")

    def failing(*_: object, **__: object) -> None:
        raise broken("obligation 1, x")

    monkeypatch.setattr(api, "read_workbook", failing)
    assert _run(["refresh", str(book)]) == Exit.BUG
    assert "B101" in capsys.readouterr().err
