"""Workbooks edited and saved by LibreOffice, as a person there would.

Knows how to hand steps to `uno_script.py`, which runs under the system's Python because only that one has
LibreOffice's bridge. Does not import that bridge itself, and does not know what a refresh makes of it.
"""

from __future__ import annotations

import atexit
import dataclasses
import datetime as dt
import functools
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pytest
from tests.judge.libreoffice import LibreOfficeFailedError
from tests.judge.steps import SetCells, Step

PYTHON = Path("/usr/bin/python3")
SCRIPT = Path(__file__).with_name("uno_script.py")
_EPOCH = dt.date(1899, 12, 30)


@functools.cache
def available() -> bool:
    """Whether LibreOffice can be driven."""
    if not PYTHON.exists() or shutil.which("soffice") is None:
        return False
    return subprocess.run([PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode == 0


def require() -> None:
    """Skip the calling test when LibreOffice cannot be driven; fail where CI is set."""
    if available():
        return
    if os.environ.get("CI"):
        pytest.fail("python3-uno is not installed, and CI is set: these edits must not be skipped")
    pytest.skip("python3-uno (LibreOffice's bridge) is not installed")


@functools.cache
def _profile() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="judge-uno-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def edit_with_libreoffice(path: Path, out: Path, steps: Sequence[Step], *, password: str = "") -> Path:
    """Open the workbook in LibreOffice, take the steps in order, save it as .xlsx. A `password` opens
    it; what is saved has none."""
    return edit_all([(path, out, steps)], password=password)[0]


def edit_all(
    jobs: Sequence[tuple[Path, Path, Sequence[Step]]], *, timeout: float = 600, password: str = ""
) -> list[Path]:
    """Several edits with a single start of LibreOffice."""
    orders: list[dict[str, object]] = [
        {
            "source": path.resolve().as_uri(),
            "target": out.resolve().as_uri(),
            "steps": [_as_data(s) for s in steps],
            "password": password,
        }
        for path, out, steps in jobs
    ]
    return _run(orders, [out for _, out, _ in jobs], timeout)


def invalid_cells(
    path: Path, steps: Sequence[Step] = (), *, sheets: Collection[str] = ()
) -> dict[str, list[str]]:
    """Sheet by sheet the cells whose content their own validation forbids, after the steps were taken.

    LibreOffice reads a drop-down's whole list anew for every cell: ask about small books, or few `sheets`.
    """
    with tempfile.TemporaryDirectory(prefix="judge-") as folder:
        report = Path(folder) / "invalid.json"
        order: dict[str, object] = {
            "source": path.resolve().as_uri(),
            "steps": [_as_data(step) for step in steps],
            "invalid": str(report),
            "sheets": list(sheets),
        }
        _run([order], [report], 600)
        found: dict[str, list[str]] = json.loads(report.read_text(encoding="utf-8"))
    return {sheet: cells for sheet, cells in found.items() if cells}


def _run(orders: Sequence[Mapping[str, object]], results: list[Path], timeout: float) -> list[Path]:
    clean = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}
    with subprocess.Popen(
        [PYTHON, str(SCRIPT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=clean,
        start_new_session=True,
    ) as process:
        try:
            order = json.dumps({"profile": _profile().resolve().as_uri(), "jobs": orders})
            _, said = process.communicate(order, timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    missing = [str(path) for path in results if not path.exists()]
    if process.returncode or missing:
        raise LibreOfficeFailedError(f"LibreOffice could not edit: {said.strip()} {missing}")
    return results


def _as_data(step: Step) -> dict[str, object]:
    data: dict[str, object] = {"kind": type(step).__name__, **dataclasses.asdict(step)}
    if isinstance(step, SetCells):
        data["values"] = {ref: _content(value) for ref, value in step.values.items()}
    return data


def _content(value: object) -> object:
    match value:
        case dt.datetime():
            seconds = (value - dt.datetime.combine(_EPOCH, dt.time())).total_seconds()
            return {"date": seconds / 86400, "time": True}
        case dt.date():
            return {"date": (value - _EPOCH).days}
        case _:
            return value
