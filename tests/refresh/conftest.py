"""The small book, built once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.judge.journey import DAYS, FEW_DAYS, Journey
from tests.judge.journey import journey as travelled
from tests.judge.once import made_once
from tests.refresh.small_world import built

from crmsheet.errors import WorkbookRefused


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The small book as a build left it."""
    return built(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def small_path(small: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file."""
    path = tmp_path_factory.mktemp("small") / "small.xlsx"
    path.write_bytes(small)
    return path


@pytest.fixture
def journey(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Journey:
    """The journey of the workbook that the test names, made once in a run whichever process asks for it."""
    path: Path = request.param
    days = DAYS if "corpus" in path.parts else FEW_DAYS

    def made() -> Journey:
        found = travelled(path.read_bytes(), path.name, days)
        if isinstance(found, WorkbookRefused):
            raise found
        return found

    return made_once(tmp_path_factory, f"journey-{path.name}", made)
