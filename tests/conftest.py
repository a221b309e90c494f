"""What every test of the project may ask for: LibreOffice, the shared reference material."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from tests.judge import libreoffice as judge

SHARED = Path(__file__).resolve().parents[2] / "shared"


LONGEST = ("test_oracle", "test_edited_by", "test_board_judged", "test_odd_tables")
"""Modules that take longest; they run first, so that no worker ends alone with them."""


def pytest_configure() -> None:
    """Collect garbage as seldom as the command line does: what is built here is large and has few cycles.

    No example of a property fails for being slow: how busy the machine is says nothing about the code.
    """
    gc.set_threshold(200_000, 20, 20)
    settings.register_profile("crmsheet", deadline=None)
    settings.load_profile("crmsheet")


def pytest_collection_finish() -> None:
    """Thousands of tests are collected: they are no garbage, and need not be looked at again."""
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first."""
    items.sort(key=lambda item: not any(name in item.nodeid for name in LONGEST))


@pytest.fixture(scope="session", autouse=True)
def _no_seal() -> Iterator[None]:
    """Every refresh takes the whole way: one that finds nothing to do has looked. `test_seals` tests the other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crmsheet.api.seals.as_sealed", lambda *_, **__: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def _english() -> Iterator[None]:
    """Messages are compared in English, whatever the system speaks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRMSHEET_LANG", "en")
        yield


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
