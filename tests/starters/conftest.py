"""The follow-up starter as its tests need it, made once."""

from __future__ import annotations

from datetime import date

import pytest
from tests.judge.starter_rules import Tree, merged_spec

from crmsheet.model.words import Language
from crmsheet.starters import Rows, demo_rows, starter_path

AS_OF = date(2026, 6, 24)


@pytest.fixture(scope="session")
def follow_up_spec() -> Tree:
    return merged_spec(starter_path("follow-up"))


@pytest.fixture(scope="session")
def chinese() -> Rows:
    return demo_rows("follow-up", Language.ZH, AS_OF)


@pytest.fixture(scope="session")
def english() -> Rows:
    return demo_rows("follow-up", Language.EN, AS_OF)
