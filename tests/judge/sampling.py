"""A few of many cases in every run, all of them in the slow one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import pytest
from _pytest.mark.structures import ParameterSet

_T = TypeVar("_T")
_EVERY = 6


def sampled(cases: Sequence[_T]) -> list[ParameterSet]:
    """The cases as parameters of a test: every sixth is quick, the others carry the mark `slow`."""
    return [pytest.param(c, marks=() if i % _EVERY == 0 else pytest.mark.slow) for i, c in enumerate(cases)]
