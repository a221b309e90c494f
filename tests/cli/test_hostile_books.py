"""Whatever is put before it, refresh answers soon, with little memory, and leaves the file as it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.cli.conftest import Answer, MortalProcess
from tests.judge.hostile import HOSTILE, Expect, Hostile, Source
from tests.judge.overgrown import OVERGROWN, Overgrown

from crmsheet.cli.exits import Exit

pytestmark = pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
LIMITS = [300, 30]
"""Megabytes of address space; seconds of CPU, far above what is needed, which stop only what runs away."""
SLOW = (
    *("300,000 rows", "100,000 rows with numbers", "a million shared strings", "a chain of 20,000 formulas"),
    *("30,000 marks of ours", "10,000 tables that are one", "a million rows of one number"),
    *("rows without places and without end", "200,000 rich shared strings"),
)


@pytest.fixture(scope="module")
def source(world: Path) -> Source:
    return Source(world / "客户表.xlsx")


def _answered(folder: Path, content: bytes, run: MortalProcess) -> tuple[Answer, str]:
    """A refresh that has to change something, of a book with this content."""
    book = folder / "书 b.xlsx"
    book.write_bytes(content)
    messages = folder.parent / f"{folder.name}.messages"
    answer = run(
        {
            "arguments": ["refresh", book.name, "--as-of", "2026-06-30", "--dry-run"],
            "folder": str(folder),
            "messages": str(messages),
            "limits": LIMITS,
        }
    )
    said = messages.read_text("utf-8")
    assert book.read_bytes() == content
    assert [f.name for f in folder.iterdir()] == [book.name]
    assert "Traceback" not in said
    book.unlink()
    return answer, said


def test_the_good_one_is_served(source: Source, tmp_path: Path, mortal_process: MortalProcess) -> None:
    answer, _ = _answered(tmp_path, source.packed(), mortal_process)
    assert answer.status == Exit.NO


@pytest.mark.parametrize("recipe", HOSTILE, ids=str)
def test_hostile_books(
    recipe: Hostile, source: Source, tmp_path: Path, mortal_process: MortalProcess
) -> None:
    answer, said = _answered(tmp_path, recipe.make(source), mortal_process)
    allowed = (Exit.REFUSED,) if recipe.expect is Expect.REFUSE else (Exit.REFUSED, Exit.NO)
    assert answer.status in allowed, said
    assert answer.status != Exit.REFUSED or said.startswith("W")


@pytest.mark.parametrize(
    "recipe",
    [
        pytest.param(r, marks=pytest.mark.slow if r.name in SLOW or " MB" in r.name else (), id=r.name)
        for r in OVERGROWN
    ],
)
def test_overgrown_books(
    recipe: Overgrown, source: Source, tmp_path: Path, mortal_process: MortalProcess
) -> None:
    answer, said = _answered(tmp_path, recipe.make(source), mortal_process)
    assert answer.status in (Exit.REFUSED, Exit.NO), f"{answer.status} {said}"
    assert answer.status != Exit.REFUSED or said.startswith("W")


def test_recipes_are_named_once_and_the_slow_ones_are_there() -> None:
    names = [r.name for r in OVERGROWN]
    assert len(set(names)) == len(names)
    assert set(SLOW) <= set(names)
