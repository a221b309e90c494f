"""Killed at any instant of a refresh, the file is the old one or the new one; the next refresh clears up."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crmsheet.cli import backups, replacing

pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX")
ROOT = Path(__file__).resolve().parents[2]
SEED = 20260331


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    events: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Mortal:
    """A book, what it is before and after a refresh, and the process that can be killed while it does it."""

    book: Path
    old: bytes
    new: bytes
    whole: Answer
    """What an undisturbed refresh took."""
    run: Callable[[dict[str, object]], Answer]
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
        assert again.status == "ended"
        assert self.book.read_bytes() == self.new
        assert not list(self.book.parent.rglob(replacing.TEMPORARY + "*")), order
        assert len(backups.listed(backups.folder_of(self.book, None))) == 1
        if content == self.old:
            self.pace.append(again.seconds)
        if answer.status == "ended":
            self.pace.append(answer.seconds)
            return "not killed"
        return ("old" if content == self.old else "new") + (", temporary file left" if left else "")


@pytest.fixture(scope="module")
def mortal(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortal]:
    folder = tmp_path_factory.mktemp("sterblich 会死")
    book = Path(shutil.copy(world / "客户表.xlsx", folder / "客户 表.xlsx"))
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "TMPDIR": str(tmp_path_factory.mktemp("reports")),
    }
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "cli" / "mortal.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    sending, receiving = process.stdin, process.stdout
    receiving.readline()

    def run(order: dict[str, object]) -> Answer:
        sending.write(json.dumps(order) + "\n")
        sending.flush()
        return Answer(**json.loads(receiving.readline()))

    old = book.read_bytes()
    draft = Mortal(book, old, b"", Answer("", 0, 0), run, [])
    undisturbed: list[Answer] = []
    for _ in range(3):
        book.write_bytes(old)
        shutil.rmtree(folder / backups.FOLDER, ignore_errors=True)
        undisturbed.append(draft.refreshed())
        assert undisturbed[-1].status == "ended"
    new = book.read_bytes()
    assert new != old
    yield Mortal(book, old, new, min(undisturbed, key=lambda a: a.seconds), run, [undisturbed[-1].seconds])
    sending.close()
    process.wait(timeout=60)
    receiving.close()


def _at_random_instants(mortal: Mortal, count: int) -> Counter[str]:
    """Half of the instants anywhere, half near the end, where files are written."""
    dice = random.Random(SEED)
    found: Counter[str] = Counter()
    for number in range(count):
        share = dice.uniform(0, 1.05) if number % 2 else dice.uniform(0.85, 1.05)
        found[mortal.survived(delay=share * mortal.pace[-1])] += 1
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
