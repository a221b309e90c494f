"""The small book of the refresh tests, built once."""

from __future__ import annotations

import pytest
from tests.refresh.small_world import built


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The small book as a build left it."""
    return built(tmp_path_factory.mktemp("small"))
