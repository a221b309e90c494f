"""The small book, built once."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
from tests.judge.journey import Journey
from tests.judge.journey import journey as travelled
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
    folder = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        folder = folder.parent
    kept = folder / f"journey-{path.name}.pickle"
    if kept.exists():
        made: Journey = pickle.loads(kept.read_bytes())
        return made
    found = travelled(path.read_bytes(), path.name)
    if isinstance(found, WorkbookRefused):
        raise found
    new = kept.with_suffix(f".{os.getpid()}")
    new.write_bytes(pickle.dumps(found))
    new.replace(kept)
    return found
