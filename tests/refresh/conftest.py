"""The small book, built once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.refresh.small_world import built


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
