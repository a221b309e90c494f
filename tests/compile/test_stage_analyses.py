"""Chances, conversion and upkeep by the change log, on a board."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.compile.spec_world import Rows, model_of, state_of

from crmsheet.compile import Context, compiled
from crmsheet.excel.dates import serial_of_date
from crmsheet.excel.values import Value
from crmsheet.model.changelog import Change
from crmsheet.model.spec import Model
from crmsheet.model.state import ListRow, State
from crmsheet.model.words import Language
from crmsheet.spec import read

DAY = serial_of_date(dt.date(2026, 3, 31))
SPEC = """\
crmsheet: 1
language: en
lists:
  stage:
    - {id: new, label: New, probability: 0.1}
    - {id: offer, label: Offer, probability: 0.8}
    - {id: won, label: Won, probability: 1, kind: won}
    - {id: lost, label: Lost, probability: 0, kind: lost}
  who: [Li, Wang]
tables:
  deals:
    label: Deals
    fields:
      title: {type: text, label: Title}
      owner: {type: choice, list: who, label: Owner}
      stage: {type: choice, label: Stage, audit: true}
      created: {type: date, label: Created}
metrics:
  n: {type: simple, label: Deals, table: deals, agg: count, time: created}
sheets:
  board:
    label: Board
    blocks:
      - {id: chances, analysis: {type: stage_chances, metrics: n, by: stage}}
      - {id: months, analysis: {type: stage_conversion, metrics: n, by: stage, last: 3}}
      - {id: kept, analysis: {type: timeliness, metrics: n, by: owner, last: 1}}
"""
COUNT = 40
BEGAN = DAY - 80
"""January tenth: two deals a day, for twenty days."""
LABELS = {"new": "New", "offer": "Offer", "won": "Won", "lost": "Lost"}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return model_of(SPEC, tmp_path_factory.mktemp("chances"))


def _ways() -> list[tuple[str, ...]]:
    """Of forty deals ten stay new, thirty get an offer, ten of these are won and twenty lost."""
    return [*[("new",)] * 10, *[("new", "offer", "won")] * 10, *[("new", "offer", "lost")] * 20]


def _log(ways: list[tuple[str, ...]]) -> tuple[Change, ...]:
    """Each deal is seen new on its day and moves every tenth one."""
    found = []
    for row, way in enumerate(ways):
        began = BEGAN + row // 2
        for step, stage in enumerate(way):
            old = f"={way[step - 1]}" if step else ""
            day = began + 10 * step
            found.append(Change(day, "deals", f"dea{row:05}", f"d{row}", "stage", old, f"={stage}", ""))
    return tuple(sorted(found, key=lambda one: one.day))


def shown(
    model: Model,
    block: str,
    ways: list[tuple[str, ...]] | None = None,
    *,
    log: tuple[Change, ...] | None = None,
) -> list[list[Value]]:
    ways = _ways() if ways is None else ways
    rows: Rows = {
        "deals": [
            {
                "title": f"d{i}",
                "owner": "Li" if i % 2 else "Wang",
                "stage": LABELS[way[-1]],
                "created": BEGAN + i // 2,
            }
            for i, way in enumerate(ways)
        ]
    }
    held = state_of(model, rows)
    lists = {
        name: tuple(ListRow(i.id, i.label.en, attributes=dict(i.attributes)) for i in model.list(name).items)
        for name in ("stage", "who")
    }
    state = State(held.tables, lists, held.settings, held.selectors)
    log = _log(ways) if log is None else log
    plan = compiled(Context(model, Language.EN, state, DAY, changes=log, run=DAY)).plan
    lines: dict[int, dict[int, Value]] = {}
    for cell in plan.block(f"board.{block}").cells:
        if cell.value not in (None, ""):
            lines.setdefault(cell.row, {})[cell.column] = cell.value
    return [[line[c] for c in sorted(line)] for _, line in sorted(lines.items())]


def test_chances_lie_between_what_was_assumed_and_what_was_seen(model: Model) -> None:
    _, said, heads, new, offer, method = shown(model, "chances")
    assert heads == ["Stage", "Set to", "Closed", "Won", "Actual", "Suggested", "Reading"]
    # (10 + 0.1 * 10) / 40 and (10 + 0.8 * 10) / 40; Wilson's limits of 10 in 30 are 0.19 and 0.51.
    assert new == ["New", 0.1, 30, 10, pytest.approx(1 / 3), pytest.approx(0.275), "above what is set"]
    assert offer == ["Offer", 0.8, 30, 10, pytest.approx(1 / 3), pytest.approx(0.45), "below what is set"]
    assert said == ["Of 30 closed deals: “Offer” is set to 80%, 33% were won; suggested: 45% (n=30)."]
    assert "n=30" in str(method[0])


def test_few_that_closed_are_a_hint_only(model: Model) -> None:
    _, said, _, new, _, _ = shown(model, "chances", _ways()[5:20])
    assert said == ["10 closed so far, fewer than 30 of every stage: keep the chances that are set."]
    assert new[-1] == "fewer than 30: a hint only"


def test_conversion_by_the_month_they_began(model: Model) -> None:
    _, said, heads, january, total, _ = shown(model, "months")
    assert heads == ["Began in", "Number", "Offer", "Won", "Still open"]
    assert january == ["2026-01", 40, 0.75, 0.25, 10]
    assert total == ["Total", 40, 0.75, 0.25, 10]
    assert said == [
        "Of 40 that began since 2026-01-10, 25% reached “Won”; 10 are still open (grey months will change)."
    ]


def test_what_began_before_anybody_watched_is_in_no_cohort(model: Model) -> None:
    log = tuple(one for one in _log(_ways()) if one.day > DAY - 75)
    _, _, _, january, *_ = shown(model, "months", log=log)
    # Days 0 to 5 are gone with two deals each.
    assert january[1] == COUNT - 12


def test_upkeep_by_person(model: Model) -> None:
    _, said, heads, *table, method = shown(model, "kept")
    assert heads == ["Owner", "Number", "Updated in 30 d", "Share", "Days since (median)"]
    # The last move of the thirty that moved was 60 to 45 days ago and more: none within thirty days.
    assert said == ["0 of 40 were updated within 30 days (0%)."]
    assert [row[:3] for row in table] == [["Li", 20, 0], ["Wang", 20, 0], ["All", 40, 0]]
    assert "logged changes of Stage" in str(method[0])


def test_a_change_of_today_is_an_update(model: Model) -> None:
    log = (*_log(_ways()), Change(DAY, "deals", "dea00001", "d1", "stage", "=offer", "=new", ""))
    *_, li, _, every, _ = shown(model, "kept", log=log)
    names = {str(row[0]): row for row in shown(model, "kept", log=log) if len(row) == 5}
    assert names["Li"][2] == 1
    assert names["All"][2] == 1
    assert li[0] != every[0]


def test_an_empty_log_says_when_it_begins(model: Model) -> None:
    assert str(shown(model, "chances", log=())[1][0]).startswith("No change has been logged yet")
    assert str(shown(model, "months", log=())[1][0]) == "0 began since 2026-03-31; 5 are needed."
    assert str(shown(model, "kept", log=())[1][0]).startswith(
        "Changes are logged since 2026-03-31, not for 30 days"
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: won", "kind: open", "does not say how likely"),
        (", audit: true", "", "are not logged"),
    ],
)
def test_what_is_not_said_cannot_be_told(old: str, new: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "main.yaml"
    assert old in SPEC
    path.write_text(SPEC.replace(old, new), "utf-8")
    assert any(message in d.message for d in read(path).diagnostics)
