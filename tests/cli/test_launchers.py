"""The scripts beside a workbook, and what they start."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath

import pytest
from tests.cli.conftest import Crmsheet

from crmsheet.cli.bookfiles import may_be_book
from crmsheet.cli.exits import Exit
from crmsheet.cli.launched import ARGUMENTS, COMMAND, LAUNCHER, dropped
from crmsheet.cli.launchers import Launcher, ensure_ours, launchers, placed
from crmsheet.errors import UsageError

HERE = r"C:\客户 100%!\刷新.cmd"


@pytest.fixture
def cmd(tmp_path: Path) -> Launcher:
    return next(s for s in launchers(tmp_path, "zh") if s.path.suffix == ".cmd")


# the script for Windows, by its bytes


def test_the_windows_script_is_ascii_up_to_the_switch_of_the_code_page(cmd: Launcher) -> None:
    before, _, after = cmd.content.partition(b"chcp 65001 >nul\r\n")
    assert before.isascii()
    assert not after.isascii()
    assert "没有找到" in after.decode("utf-8")
    assert not cmd.content.startswith(b"\xef\xbb\xbf")


def test_the_windows_script_has_the_line_ends_of_windows(cmd: Launcher) -> None:
    assert cmd.content.endswith(b"\r\n")
    assert cmd.content.count(b"\n") == cmd.content.count(b"\r\n") == cmd.content.count(b"\r")


def test_no_line_of_the_windows_script_can_break_at_a_path(cmd: Launcher) -> None:
    """Paths are expanded late (`!…!`, inside quotes) or stand in the two lines that take them over."""
    lines = cmd.content.decode("utf-8").split("\r\n")
    early = [line for line in lines if re.search(r"%[~*\w]", line)]
    assert early == ['set "CRMSHEET_LAUNCHER=%~f0"', "set CRMSHEET_ARGUMENTS=%*"]
    assert lines.index(early[1]) < lines.index("setlocal EnableDelayedExpansion")
    for line in lines[lines.index("setlocal EnableDelayedExpansion") + 1 :]:
        assert re.sub(r"![\w:/ =]+!", "", re.sub(r'"[^"]*"', "", line)).count("!") == 0
        if line.startswith("echo ") and "%" not in line:
            assert not set(re.sub(r'"[^"]*"', "", line)) & set("&|<>^!%")


def test_every_label_of_the_windows_script_is_there_once_and_before_the_chinese_lines(cmd: Launcher) -> None:
    ascii_part = cmd.content.partition(b"chcp ")[0].decode("ascii")
    labels = re.findall(r"^:(\w+)\r?$", ascii_part, re.MULTILINE)
    assert len(labels) == len(set(labels))
    assert {*re.findall(r"goto (\w+)", ascii_part)} == {*labels}
    assert "(" not in re.sub(r'"[^"]*"', "", ascii_part)


# what a desktop hands over


@pytest.mark.parametrize(
    ("command", "arguments", "found"),
    [
        (rf'C:\WINDOWS\system32\cmd.exe /c ""{HERE}" "', "", ()),
        (rf'cmd.exe /c ""{HERE}" C:\a&b.xlsx"', r"C:\a", (r"C:\a&b.xlsx",)),
        (
            rf'cmd.exe /c ""{HERE.upper()}" "C:\客户 表\a.xlsx" C:\100%!&.xlsx "D:\x y.xlsx""',
            "",
            (r"C:\客户 表\a.xlsx", r"C:\100%!&.xlsx", r"D:\x y.xlsx"),
        ),
        (r'"C:\WINDOWS\system32\cmd.exe" ', r'"C:\a & b.xlsx" c.xlsx', (r"C:\a & b.xlsx", "c.xlsx")),
        (r'"C:\WINDOWS\system32\cmd.exe" ', "", ()),
    ],
    ids=["double-click", "one with &", "three", "prompt", "prompt, nothing"],
)
def test_dropped_files_are_read_from_the_command_line(
    command: str, arguments: str, found: tuple[str, ...]
) -> None:
    environment: Mapping[str, str] = {LAUNCHER: HERE, COMMAND: command, ARGUMENTS: arguments}
    assert tuple(str(p) for p in dropped(environment)) == tuple(
        str(PureWindowsPath(f)) if os.name == "nt" else f for f in found
    )


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("客户表.xlsx", True),
        ("book.XLSM", True),
        ("~$客户表.xlsx", False),
        (".~客户表.xlsx", False),
        ("._book.xlsx", False),
        ("~tmp12.xlsx", False),
        ("book.xlsx.tmp", False),
        ("notes.docx", False),
    ],
)
def test_files_that_programs_leave_for_a_moment_are_no_workbooks(name: str, meant: bool) -> None:
    assert may_be_book(Path(name)) is meant


# the script for macOS, run


def _run(script: Path, path: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": path, "HOME": str(script.parent), "LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        ["/bin/bash", str(script), *arguments],
        env=environment
        | {"PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src"), "CRMSHEET_LANG": "en"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """The launcher in a folder whose name has everything that scripts stumble over."""
    folder = tmp_path / "客户 资料 & 100%! $HOME 'x'"
    folder.mkdir()
    placed(launchers(folder, "en"))
    return folder / "refresh.command"


def _bare_path(tmp_path: Path) -> str:
    """A PATH with the programs that the script itself calls, and no Python."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("dirname", "basename", "cat"):
        (tools / name).symlink_to(str(shutil.which(name)))
    return str(tools)


@pytest.mark.skipif(os.name == "nt", reason="bash runs it")
def test_the_mac_script_calls_crmsheet_with_what_it_was_given(script: Path, tmp_path: Path) -> None:
    path = _bare_path(tmp_path)
    fake = Path(path) / "crmsheet"
    fake.write_text('#!/bin/bash\nprintf "<%s>" "$@"; printf "%s" "$CRMSHEET_LAUNCHER"; exit 3\n', "utf-8")
    fake.chmod(0o755)
    assert script.stat().st_mode & 0o111 == 0o111
    done = _run(script, path, "a b & c%!.xlsx", "表.xlsx")
    assert done.stdout == f"<launched><--><a b & c%!.xlsx><表.xlsx>{script}"
    assert done.returncode == 3


@pytest.mark.skipif(os.name == "nt", reason="bash runs it")
def test_the_mac_script_says_what_to_install_when_nothing_is_found(script: Path, tmp_path: Path) -> None:
    done = _run(script, _bare_path(tmp_path))
    assert done.returncode == 2
    assert "pip install --user crmsheet" in done.stdout
    assert "没有找到 crmsheet" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="bash runs it")
def test_a_double_click_refreshes_what_stands_beside_the_launcher(
    script: Path, world: Path, tmp_path: Path
) -> None:
    tools = _bare_path(tmp_path)
    (Path(tools) / "python3").symlink_to(sys.executable)
    shutil.copy(world / "客户表.xlsx", script.parent / "客户表.xlsx")
    (script.parent / "~$客户表.xlsx.xlsx").write_text("no book")
    (script.parent / "foreign.xlsx").write_bytes(b"no book either")
    done = _run(script, tools)
    assert done.returncode == 0, done.stderr
    assert "客户表.xlsx: " in done.stdout
    assert "foreign" not in done.stdout + done.stderr
    assert (script.parent / "客户表.xlsx").exists()


# build --launcher


def test_build_puts_launchers_beside_the_book_and_keeps_foreign_files(
    world: Path, crmsheet: Crmsheet, tmp_path: Path
) -> None:
    spec = str(world / "小表.yaml")
    done = crmsheet("build", spec, "--launcher", "--format", "json", cwd=tmp_path)
    assert done.code == Exit.DONE, done.messages
    assert json.loads(done.text)["launchers"] == ["刷新.cmd", "刷新.command"]
    for name in ("刷新.cmd", "刷新.command"):
        assert (tmp_path / name).read_bytes() == next(
            s.content for s in launchers(tmp_path, "zh") if s.path.name == name
        )
    foreign = tmp_path / "refresh.cmd"
    foreign.write_text("@echo mine", "ascii")
    refused = crmsheet("build", spec, "--launcher", "--lang", "en", "-o", "other.xlsx", cwd=tmp_path)
    assert refused.code == Exit.USAGE
    assert "U161" in refused.messages
    assert foreign.read_text("ascii") == "@echo mine"
    assert not (tmp_path / "other.xlsx").exists()


def test_a_launcher_of_ours_is_brought_up_to_date(cmd: Launcher) -> None:
    cmd.path.write_bytes(cmd.content.replace(b"goto end", b"goto END", 1))
    placed((cmd,))
    assert cmd.path.read_bytes() == cmd.content


def test_a_folder_with_the_launchers_name_is_not_ours(cmd: Launcher) -> None:
    cmd.path.mkdir()
    with pytest.raises(UsageError, match="U161"):
        ensure_ours((cmd,))
