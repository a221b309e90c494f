"""The demo without its stories: nobody quits, no region declines, no discounts are given too freely. No alarm is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crmsheet.api.rows import initial_state
from crmsheet.compile import compiled
from crmsheet.compile.pieces import Context
from crmsheet.excel.dates import serial_of_date
from crmsheet.model.words import Language
from crmsheet.spec import load
from crmsheet.starters import demo_rows, starter_path, surveying, trading

AS_OF = date(2026, 3, 31)
SEEDS = (7, 8, 10)


@pytest.fixture
def _control(monkeypatch: pytest.MonkeyPatch) -> None:
    made = trading._customers
    for module in (trading, surveying):
        monkeypatch.setattr(module, "declines", lambda *_: 1.0)
        monkeypatch.setattr(module, "falls_asleep", lambda *_: False)
    monkeypatch.setattr(trading, "discounter", lambda *_: False)
    monkeypatch.setattr(
        trading,
        "_customers",
        lambda rng, first, last, count: tuple(
            replace(c, quits=last + 1) for c in made(rng, first, last, count)
        ),
    )


@pytest.mark.slow
@pytest.mark.usefixtures("_control")
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", ["performance", "key-account-kpi"])
def test_without_stories_hardly_an_alarm_is_raised(name: str, language: Language) -> None:
    """Of three worlds with some 170 series each, one alarm at most is chance."""
    model = load(starter_path(name))
    boards = tuple(
        replace(b, blocks=tuple(block for block in b.blocks if block.id == "alarms"))
        for b in model.boards
        if b.id == "alerts"
    )
    model = replace(model, boards=boards, brief=(), history=None)
    raised = 0
    for seed in SEEDS:
        state, _, _ = initial_state(model, language, demo_rows(name, language, AS_OF, 300, seed), "abcd")
        cells = (
            compiled(Context(model, language, state, serial_of_date(AS_OF))).plan.block("alerts.alarms").cells
        )
        first = {c.row: c.value for c in cells if c.column == 0 and c.value not in (None, "")}
        # Title, sentence, heads where there are rows, and the note.
        raised += max(0, len(first) - 4)
    assert raised <= 1
