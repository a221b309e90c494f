"""What every test of the project may ask for: LibreOffice, the shared reference material."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.judge import libreoffice as judge

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def libreoffice() -> None:
    """LibreOffice can be started; without it the test is skipped, or fails where CI is set."""
    judge.require()


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of workbooks saved by real programs that stands beside the repository."""
    folder = SHARED / "corpus"
    if not folder.is_dir():
        pytest.skip(f"no collection of workbooks at {folder}")
    return folder
