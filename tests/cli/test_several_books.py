"""`refresh A B C`: each is served for itself, and two runs at once follow one another."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Crmsheet

from crmsheet.cli import backups
from crmsheet.cli.exits import Exit, worst


def test_a_refused_book_does_not_stop_the_others(world: Path, tmp_path: Path, crmsheet: Crmsheet) -> None:
    good = [Path(shutil.copy(world / "客户表.xlsx", tmp_path / name)) for name in ("甲.xlsx", "丁.xlsx")]
    (tmp_path / "乙.xlsx").write_bytes(b"not a workbook, whatever it says")
    names = ("甲.xlsx", "乙.xlsx", "丙.xlsx", "丁.xlsx")
    before = good[0].read_bytes()
    done = crmsheet("refresh", *names, "--as-of", "2026-05-01", "--format", "json", cwd=tmp_path)
    assert done.code == Exit.REFUSED
    first, second, third, fourth = json.loads(done.text)["workbooks"]
    assert [b["workbook"] for b in (first, second, third, fourth)] == list(names)
    assert [b["failed"] for b in (first, second, third, fourth)] == [False, True, True, False]
    assert [b["changed"] for b in (first, second, third, fourth)] == [True, False, False, True]
    assert [d["code"] for d in second["diagnostics"]] == ["W101"]
    assert [d["code"] for d in third["diagnostics"]] == ["U101"]
    assert all(book.read_bytes() != before for book in good)
    text = crmsheet("refresh", *names, cwd=tmp_path)
    assert text.code == Exit.REFUSED
    assert text.text.count("up to date") == 2
    for name in names[1:3]:
        assert name in text.messages


@pytest.mark.parametrize(
    ("options", "names", "code"),
    [
        (("--dry-run", "--as-of", "2026-05-01"), ("a.xlsx",), Exit.NO),
        (("--dry-run", "--as-of", "2026-05-01"), ("a.xlsx", "bad.xlsx"), Exit.REFUSED),
        (("--dry-run", "--as-of", "2026-05-01"), ("none.xlsx", "a.xlsx"), Exit.USAGE),
        ((), ("none.xlsx", "bad.xlsx", "a.xlsx"), Exit.REFUSED),
    ],
)
def test_the_exit_code_is_the_worst(
    world: Path,
    tmp_path: Path,
    crmsheet: Crmsheet,
    options: tuple[str, ...],
    names: tuple[str, ...],
    code: Exit,
) -> None:
    shutil.copy(world / "客户表.xlsx", tmp_path / "a.xlsx")
    (tmp_path / "bad.xlsx").write_bytes(b"")
    assert crmsheet("refresh", *names, *options, cwd=tmp_path).code == code


def test_codes_are_ordered_from_good_to_bad() -> None:
    order = (Exit.DONE, Exit.NO, Exit.USAGE, Exit.REFUSED, Exit.BUG, Exit.INTERRUPTED)
    assert set(order) == set(Exit)
    for n, code in enumerate(order):
        assert worst(order[: n + 1]) is code
        assert worst(reversed(order[: n + 1])) is code


def test_a_wrong_spec_is_said_once(world: Path, tmp_path: Path, crmsheet: Crmsheet) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        shutil.copy(world / "客户表.xlsx", tmp_path / name)
    (tmp_path / "s.yaml").write_text("crmsheet: 1\nname: [\n", "utf-8")
    done = crmsheet("refresh", "a.xlsx", "b.xlsx", "--spec", "s.yaml", "--format", "json", cwd=tmp_path)
    assert done.code == Exit.USAGE
    assert len(json.loads(done.text)["workbooks"]) == 1


def test_two_runs_at_once_end_as_if_one_had_followed_the_other(
    world: Path, tmp_path: Path, crmsheet: Crmsheet
) -> None:
    """Different dates, so that the order shows: the book is as after the last of them, the other is a backup."""
    book = Path(shutil.copy(world / "客户表.xlsx", tmp_path / "b.xlsx"))
    built = book.read_bytes()
    days = ("2026-05-01", "2026-06-01")
    alone: dict[tuple[str, ...], bytes] = {}
    for order in (days, days[::-1]):
        folder = tmp_path / order[0]
        folder.mkdir()
        (folder / "b.xlsx").write_bytes(built)
        for n, day in enumerate(order):
            assert crmsheet("refresh", "b.xlsx", "--as-of", day, "--no-backup", cwd=folder).code == Exit.DONE
            alone[order[: n + 1]] = (folder / "b.xlsx").read_bytes()
    source = str(Path(__file__).resolve().parents[2] / "src")
    environment = {**os.environ, "PYTHONPATH": source, "PYTHONIOENCODING": "utf-8", "TMPDIR": str(tmp_path)}
    command = (sys.executable, "-m", "crmsheet", "refresh", book.name, "--as-of")
    for _ in range(3):
        book.write_bytes(built)
        shutil.rmtree(tmp_path / backups.FOLDER, ignore_errors=True)
        runs = [
            subprocess.Popen(
                (*command, day), cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            for day in days
        ]
        for run in runs:
            _, messages = run.communicate(timeout=300)
            assert run.returncode == Exit.DONE, messages
        last = next(order for order in (days, days[::-1]) if book.read_bytes() == alone[order])
        kept = [b.file.read_bytes() for b in backups.listed(backups.folder_of(book, None))]
        assert kept == [built, alone[last[:1]]]
        assert sorted(f.name for f in tmp_path.iterdir() if f.is_file()) == ["b.xlsx"]
