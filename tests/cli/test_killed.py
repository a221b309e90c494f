"""Killed at any instant of a refresh, the file is the old one or the new one; the next refresh clears up."""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.cli.conftest import Answer, MortalProcess

from crmsheet.cli import backups, replacing

pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX")
SEED = 20260331


@dataclass(frozen=True, slots=True)
class Mortal:
    """A book, what it is before and after a refresh, and the process that can be killed while it does it."""

    book: Path
    old: bytes
    new: bytes
    whole: Answer
    """What an undisturbed refresh took."""
    run: MortalProcess
    pace: list[float]
    """Seconds that the last undisturbed refreshes took; machines are not equally fast at all times."""

    def refreshed(self, **order: object) -> Answer:
        arguments = ["refresh", self.book.name, "--as-of", "2026-06-30"]
        return self.run({"arguments": arguments, "folder": str(self.book.parent), **order})

    def survived(self, **order: object) -> str:
        """Kill a refresh; what the file is then, checked together with what the next refresh makes of it."""
        self.book.write_bytes(self.old)
        shutil.rmtree(self.book.parent / backups.FOLDER, ignore_errors=True)
        answer = self.refreshed(**order)
        content = self.book.read_bytes()
        assert content in (self.old, self.new), f"{order}: neither the old nor the new file"
        kept = backups.listed(backups.folder_of(self.book, None))
        assert all(b.file.read_bytes() == self.old for b in kept), f"{order}: a backup is not whole"
        left = list(self.book.parent.rglob(replacing.TEMPORARY + "*"))
        again = self.refreshed()
        assert again.status == 0
        assert self.book.read_bytes() == self.new
        assert not list(self.book.parent.rglob(replacing.TEMPORARY + "*")), order
        assert len(backups.listed(backups.folder_of(self.book, None))) == 1
        if content == self.old:
            self.pace.append(again.seconds)
        if answer.status == 0:
            self.pace.append(answer.seconds)
            return "not killed"
        return ("old" if content == self.old else "new") + (", temporary file left" if left else "")


@pytest.fixture(scope="module")
def mortal(world: Path, tmp_path_factory: pytest.TempPathFactory, mortal_process: MortalProcess) -> Mortal:
    folder = tmp_path_factory.mktemp("sterblich 会死")
    book = Path(shutil.copy(world / "客户表.xlsx", folder / "客户 表.xlsx"))
    old = book.read_bytes()
    draft = Mortal(book, old, b"", Answer(0, 0, 0), mortal_process, [])
    undisturbed: list[Answer] = []
    for _ in range(3):
        book.write_bytes(old)
        shutil.rmtree(folder / backups.FOLDER, ignore_errors=True)
        undisturbed.append(draft.refreshed())
        assert undisturbed[-1].status == 0
    new = book.read_bytes()
    assert new != old
    return Mortal(
        book, old, new, min(undisturbed, key=lambda a: a.seconds), mortal_process, [undisturbed[-1].seconds]
    )


def _at_random_instants(mortal: Mortal, count: int) -> Counter[str]:
    """Half of the instants anywhere, half near the end, where files are written."""
    dice = random.Random(SEED)
    found: Counter[str] = Counter()
    for number in range(count):
        share = dice.uniform(0, 1.05) if number % 2 else dice.uniform(0.85, 1.05)
        found[mortal.survived(delay=share * min(mortal.pace[-4:]))] += 1
    return found


def _told(found: Counter[str], record: Callable[[str, object], None], what: str) -> None:
    summary = ", ".join(f"{count} {name}" for name, count in sorted(found.items()))
    record("killed", f"{what}: {summary}")
    print(f"{what}: {summary}")


def test_killed_at_random_instants(mortal: Mortal, record_property: Callable[[str, object], None]) -> None:
    found = _at_random_instants(mortal, 12)
    _told(found, record_property, "12 random instants")
    assert found["old"] > 0


def test_killed_before_calls_that_touch_files(
    mortal: Mortal, record_property: Callable[[str, object], None]
) -> None:
    """Every third of them, and the last ones, behind the replacement."""
    last = mortal.whole.events
    chosen = {*range(1, last, 3), last - 1, last}
    found = Counter(mortal.survived(event=event) for event in sorted(chosen))
    _told(found, record_property, f"{len(chosen)} of {last} calls")
    assert found["old, temporary file left"] > 0
    assert found["new"] > 0
    assert found["not killed"] == 0


@pytest.mark.slow
def test_killed_two_hundred_times(mortal: Mortal, record_property: Callable[[str, object], None]) -> None:
    found = _at_random_instants(mortal, 200)
    _told(found, record_property, "200 random instants")
    assert found.total() == 200


@pytest.mark.slow
def test_killed_before_every_call_that_touches_files(
    mortal: Mortal, record_property: Callable[[str, object], None]
) -> None:
    found = Counter(mortal.survived(event=event) for event in range(1, mortal.whole.events + 1))
    _told(found, record_property, f"all {mortal.whole.events} calls")
    assert found["not killed"] == 0
