"""The random life of a workbook: people, the spec's author and refreshes take turns, the model follows.

After every refresh everything people entered, every row, every computed value and every foreign member is as the
model says, and a second refresh changes nothing. A step is one doing, one changed spec or one refresh.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from tests.refresh.machine.life import Life
from tests.refresh.machine.repertoire import DOINGS

_SEEDS = st.integers(0, 2**32 - 1)
_DOINGS = tuple(name for name, (_, often) in DOINGS.items() for _ in range(often))
_STEPS = (*_DOINGS * 2, *("refresh",) * 15, *("spec",) * 6)
_LONG = 10_000
_FIRST_LIFE = 20_260_000
"""What the first life of a long run is drawn from; each has a number of its own and can be led alone."""
_LEAST = {"sort": 300, "paste": 300, "rename": 100, "spec change": 100}
"""What a long run must have met, by the words that the names of doings begin with."""


def take(life: Life, step: str, seed: int) -> None:
    """One step."""
    life.met["step"] += 1
    match step:
        case "spec":
            life.change_spec(seed)
        case "refresh":
            life.refresh(seed)
        case "openpyxl":
            life.openpyxl_saves()
        case _:
            life.do(step, seed)


class WorkbookMachine(RuleBasedStateMachine):
    """Hypothesis draws the steps; a failing run is made as short as it can be."""

    folder: ClassVar[Path]
    met: ClassVar[Counter[str]]

    @initialize()
    def begin(self) -> None:
        self.life = Life(self.folder, self.met)

    @rule(step=st.sampled_from(_STEPS), seed=_SEEDS)
    def step(self, step: str, seed: int) -> None:
        take(self.life, step, seed)

    def teardown(self) -> None:
        if hasattr(self, "life"):
            self.life.refresh(0)


def test_five_hundred_steps(tmp_path: Path) -> None:
    WorkbookMachine.folder = tmp_path
    WorkbookMachine.met = Counter()
    run_state_machine_as_test(
        WorkbookMachine,
        settings=settings(
            derandomize=True,
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
    met = WorkbookMachine.met
    assert met["step"] >= 450
    assert met["refresh"] >= 60
    assert met["spec change"] >= 15


def _steps(dice: random.Random) -> Iterator[tuple[str, int]]:
    while True:
        share = dice.random()
        name = "spec" if share < 0.025 else "refresh" if share < 0.1 else dice.choice(_DOINGS)
        name = "openpyxl" if share > 0.998 else name
        yield name, dice.randrange(2**32)


@pytest.mark.slow
def test_ten_thousand_steps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In lives of a hundred steps; prints what was met."""
    met: Counter[str] = Counter()
    for number in range(_LONG // 100):
        life = Life(tmp_path, met)
        dice = random.Random(_FIRST_LIFE + number)
        try:
            for step, seed in itertools.islice(_steps(dice), 100):
                take(life, step, seed)
            life.refresh(0)
        except Exception as error:
            error.add_note("\n".join((f"life {number}", *life.told[-30:])))
            raise
    with capsys.disabled():
        print()
        for what, number in met.most_common():
            print(f"{number:7,} {what}")
    for stem, least in _LEAST.items():
        assert sum(n for what, n in met.items() if what.startswith(stem)) >= least, stem
