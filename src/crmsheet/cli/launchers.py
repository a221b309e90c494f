"""The small scripts beside a workbook that refresh it without a terminal: one for Windows, one for macOS and Linux.

Knows what they are called, what stands in them and how they find crmsheet. Does not know what happens after the
double-click: `launched` does. All they hand over are names; no path is ever part of a command.

The Windows script is ASCII up to its last lines, so that it reads the same under every code page, and switches the
console to UTF-8 before the first Chinese line. Explorer hands dropped files over without quotes unless they hold a
space, so that `a&b.xlsx` would end the command at the `&`; the whole command line is therefore passed on in a
variable, and read by us. `exit` without `/b` keeps the rest behind the `&` from being run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from crmsheet.cli import replacing
from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import UsageError
from crmsheet.messages import say
from crmsheet.structs import dataclass

MARK: Final = "crmsheet launcher 1"
"""Stands in the second line of each script; a file without it is not ours."""

_CMD: Final = r"""@echo off
rem crmsheet launcher 1 - refreshes the crmsheet workbooks beside it, or those that are dropped on it
setlocal EnableExtensions DisableDelayedExpansion
set "CRMSHEET_LAUNCHER=%~f0"
set CRMSHEET_ARGUMENTS=%*
setlocal EnableDelayedExpansion
set "CRMSHEET_COMMAND=!cmdcmdline!"
set "CRMSHEET_HERE=!CRMSHEET_LAUNCHER!\..\.venv\Scripts\crmsheet.exe"
set "CRMSHEET_HOME=!USERPROFILE!\.local\bin\crmsheet.exe"
where /q crmsheet.exe
if not errorlevel 1 goto by_path
if exist "!CRMSHEET_HERE!" goto by_here
if exist "!CRMSHEET_HOME!" goto by_home
py -3 -c "import crmsheet" >nul 2>nul
if not errorlevel 1 goto by_py
python -c "import crmsheet" >nul 2>nul
if not errorlevel 1 goto by_python
python3 -c "import crmsheet" >nul 2>nul
if not errorlevel 1 goto by_python3
goto missing

:by_path
crmsheet.exe launched
goto end
:by_here
"!CRMSHEET_HERE!" launched
goto end
:by_home
"!CRMSHEET_HOME!" launched
goto end
:by_py
py -3 -m crmsheet launched
goto end
:by_python
python -m crmsheet launched
goto end
:by_python3
python3 -m crmsheet launched
goto end

:end
set "CRMSHEET_CODE=!errorlevel!"
if not "!CRMSHEET_COMMAND:/c =!"=="!CRMSHEET_COMMAND!" exit !CRMSHEET_CODE!
exit /b !CRMSHEET_CODE!

:missing
chcp 65001 >nul
echo.
echo   crmsheet was not found on this computer, so nothing was refreshed.
echo   1. Install Python 3.11 or newer from https://www.python.org/downloads/ and tick "Add python.exe to PATH".
echo   2. Open "Command Prompt" and run:  py -m pip install crmsheet
echo   3. Start this file again.
echo.
echo   这台电脑上没有找到 crmsheet，工作簿没有刷新。
echo   1. 从 https://www.python.org/downloads/ 安装 Python 3.11 或更新版本，安装时勾选 "Add python.exe to PATH"。
echo   2. 打开“命令提示符”，运行：  py -m pip install crmsheet
echo   3. 再次双击本文件。
echo.
pause
if not "!CRMSHEET_COMMAND:/c =!"=="!CRMSHEET_COMMAND!" exit 2
exit /b 2
"""

_SHELL: Final = r"""#!/bin/bash
# crmsheet launcher 1 - refreshes the crmsheet workbooks beside it, or those that are given to it
here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
export CRMSHEET_LAUNCHER="$here/$(basename -- "${BASH_SOURCE[0]}")"
unset CRMSHEET_COMMAND CRMSHEET_ARGUMENTS

# A window opened by double-click may not know where pipx, uv, Homebrew and pip put programs.
for folder in "$here/.venv/bin" "$HOME/.local/bin" /opt/homebrew/bin /usr/local/bin "$HOME"/Library/Python/*/bin; do
    [ -d "$folder" ] && PATH="$PATH:$folder"
done
export PATH

if command -v crmsheet >/dev/null 2>&1; then
    crmsheet launched -- "$@"
    exit
fi
for python in python3 python; do
    if "$python" -c 'import crmsheet' >/dev/null 2>&1; then
        "$python" -m crmsheet launched -- "$@"
        exit
    fi
done

cat <<'END'

  crmsheet was not found on this computer, so nothing was refreshed.
  1. Install Python 3.11 or newer from https://www.python.org/downloads/
  2. Open Terminal and run:  python3 -m pip install --user crmsheet
  3. Start this file again.

  这台电脑上没有找到 crmsheet，工作簿没有刷新。
  1. 从 https://www.python.org/downloads/ 安装 Python 3.11 或更新版本。
  2. 打开“终端”，运行：  python3 -m pip install --user crmsheet
  3. 再次双击本文件。

END
[ -t 0 ] && read -r -n 1 -s
exit 2
"""

_NAMES: Final = {"zh": "刷新", "en": "refresh"}


@dataclass(frozen=True, slots=True)
class Launcher:
    """One script, and the file it goes into."""

    path: Path
    content: bytes
    executable: bool


def launchers(folder: Path, language: str) -> tuple[Launcher, ...]:
    """The scripts for a folder, named in the language of the book that stands there."""
    name = _NAMES[language]
    return (
        Launcher(folder / f"{name}.cmd", _CMD.replace("\n", "\r\n").encode("utf-8"), executable=False),
        Launcher(folder / f"{name}.command", _SHELL.encode("utf-8"), executable=True),
    )


def ensure_ours(wanted: tuple[Launcher, ...]) -> None:
    """Raise UsageError when one of the names is that of another file than a launcher of ours."""
    for launcher in wanted:
        path = launcher.path
        if path.exists() and not (path.is_file() and _is_ours(path)):
            raise UsageError(
                Diagnostic(
                    "U161",
                    say("a file of this name is here already, and is no launcher of crmsheet"),
                    FilePlace(str(path)),
                    remedy=say("Rename it, or build without --launcher."),
                )
            )


def placed(wanted: tuple[Launcher, ...]) -> None:
    """Write the scripts; those that are there and as they should be stay."""
    ensure_ours(wanted)
    for launcher in wanted:
        path = launcher.path
        if not path.exists():
            replacing.created(path, launcher.content)
        elif (before := path.read_bytes()) != launcher.content:
            replacing.replaced(path.resolve(), before, launcher.content)
        if launcher.executable:
            path.chmod(path.stat().st_mode | 0o111)


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        return MARK.encode() in file.read(400)
