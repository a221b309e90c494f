"""The day of the last refresh stands on boards, and changes only when something else did."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.refresh.chosen_world import ABOUT_ONE, followed
from tests.refresh.small_world import SPEC, TODAY, View, typed

from crmsheet.api.refreshing import refresh

LATER = dt.date(2026, 4, 9)


def told(content: bytes, sheet: str = "Board") -> list[str]:
    package = View.of(content).package
    texts = [str(c.value) for c in package.cells(package.sheet(sheet)) if isinstance(c.value, str)]
    return [text for text in texts if text.startswith("Last refreshed")]


def changed(content: bytes, amount: float) -> bytes:
    return typed(content, "Orders", {View.of(content).place("orders", "Amount", 0): amount})


def test_a_refresh_that_changes_something_says_when(small: bytes) -> None:
    assert told(small) == []
    assert refresh(small, name="book.xlsx", today=TODAY).content is None
    done = refresh(changed(small, 1), name="book.xlsx", today=TODAY).content
    assert done is not None
    assert told(done) == ["Last refreshed 2026-04-02"]
    assert refresh(done, name="book.xlsx", today=LATER).content is None
    later = refresh(changed(done, 2), name="book.xlsx", today=LATER).content
    assert later is not None
    assert told(later) == ["Last refreshed 2026-04-09"]


def test_a_changed_spec_is_a_change(small: bytes, tmp_path: Path) -> None:
    done = followed(small, SPEC + ABOUT_ONE, tmp_path).content
    assert done is not None
    assert told(done) == told(done, "One customer") == ["Last refreshed 2026-04-02"]
