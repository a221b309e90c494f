"""Patterns that are compiled late are what the compiled ones are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import crmsheet
from crmsheet import patterns
from crmsheet.patterns import regex

SOURCE = Path(crmsheet.__file__).parent


def _held(value: object) -> Iterator[object]:
    """The late patterns in a module's own value, also inside of tuples and mappings."""
    if isinstance(value, patterns._Later):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _held(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _held(inner)


def test_a_pattern_answers_as_if_it_had_been_compiled() -> None:
    late, at_once = (
        regex(r"(?P<first>[a-z])(\d*)", re.IGNORECASE),
        re.compile(r"(?P<first>[a-z])(\d*)", re.IGNORECASE),
    )
    for text in ("a1b22", "", "7", "Z"):
        assert late.findall(text) == at_once.findall(text)
        assert late.sub("-", text) == at_once.sub("-", text)
        assert (late.fullmatch(text) is None) == (at_once.fullmatch(text) is None)
    assert (late.pattern, late.flags, late.groups) == (at_once.pattern, at_once.flags, at_once.groups)
    assert late.groupindex == at_once.groupindex


def test_a_pattern_has_no_other_attributes() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        regex("a").nothing  # type: ignore[attr-defined]  # noqa: B018


def test_every_pattern_of_a_module_can_be_compiled() -> None:
    names = [f for f in SOURCE.rglob("*.py") if " regex(" in f.read_text("utf-8") and f.stem != "patterns"]
    found = 0
    for file in names:
        module = import_module(".".join(("crmsheet", *file.relative_to(SOURCE).with_suffix("").parts)))
        for value in vars(module).values():
            for late in _held(value):
                assert isinstance(late, patterns._Later)
                assert re.compile(late.pattern).pattern == late.pattern
                found += 1
    assert found >= len(names)
