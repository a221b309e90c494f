"""The built wheel works without the sources: what users install is what was tested."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from crmsheet.starters import starter, starter_names

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
def test_the_wheel_builds_a_starter(tmp_path: Path) -> None:
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--wheel-dir",
            str(tmp_path),
            str(ROOT),
        ],
        check=True,
        capture_output=True,
    )
    wheel = next(tmp_path.glob("crmsheet-*.whl"))
    names = zipfile.ZipFile(wheel).namelist()
    shipped = {f"crmsheet/templates/{file}" for name in starter_names() for file in starter(name).files}
    assert shipped <= set(names)
    assert "crmsheet/py.typed" in names
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
    surroundings = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(wheel)], check=True, capture_output=True)
    done = subprocess.run(
        [python, "-m", "crmsheet", "build", "follow-up", "--demo", "-o", "demo.xlsx"],
        cwd=tmp_path,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "demo.xlsx").is_file()
