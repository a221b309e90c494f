"""What the change log tells of stages and promised days, on a board."""

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
STAGES = {"new": "New", "offer": "Offer", "won": "Won", "lost": "Lost"}
SPEC = """\
crmsheet: 1
language: en
lists:
  stage:
    - {id: new, label: New, kind: open}
    - {id: offer, label: Offer, kind: open}
    - {id: won, label: Won, kind: won}
    - {id: lost, label: Lost, kind: lost}
tables:
  people: {label: People, fields: {name: {type: text, label: Name, required: true}}}
  deals:
    label: Deals
    fields:
      title: {type: text, label: Title}
      owner: {type: reference, table: people, label: Owner}
      stage: {type: choice, label: Stage, audit: true}
      created: {type: date, label: Created}
      due: {type: date, label: Due, audit: true}
metrics:
  n: {type: simple, label: Deals, table: deals, agg: count, time: created}
sheets:
  board:
    label: Board
    blocks:
      - {id: stages, analysis: {type: stages, metrics: n, by: stage}}
      - {id: slip, analysis: {type: slip, metrics: n, by: owner}}
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return model_of(SPEC, tmp_path_factory.mktemp("logged"))


def state(model: Model) -> State:
    now = ("Offer", "Offer", "Offer", "Won", "New")
    rows: Rows = {
        "people": [{"name": "Li"}, {"name": "Wang"}],
        "deals": [
            {
                "title": f"d{i}",
                "owner": "Li" if i < 4 else "Wang",
                "stage": stage,
                "created": DAY - 20 + i,
                "due": DAY + i,
            }
            for i, stage in enumerate(now)
        ],
    }
    held = state_of(model, rows)
    kinds = {"won": "won", "lost": "lost"}
    lists = {
        "stage": tuple(
            ListRow(i, label, attributes={"kind": kinds.get(i, "open")}) for i, label in STAGES.items()
        )
    }
    return State(held.tables, lists, held.settings, held.selectors)


def change(day: int, row: int, field: str, old: str, new: str) -> Change:
    return Change(DAY + day, "deals", f"dea{row:05}", f"d{row}", field, old, new, "")


LOG = (
    Change(DAY - 21, "people", "peo00000", "Li", "name", "", "'Li", ""),
    *(change(-10, i, "stage", "=new", "=offer") for i in range(4)),
    change(-4, 3, "stage", "=offer", "=won"),
    *(change(-9, i, "due", f"#{DAY + i - 5 * (i + 1)}", f"#{DAY + i}") for i in range(3)),
)


def shown(model: Model, block: str, log: tuple[Change, ...] = LOG) -> list[list[Value]]:
    plan = compiled(Context(model, Language.EN, state(model), DAY, changes=log, run=DAY)).plan
    cells = plan.block(f"board.{block}").cells
    rows: dict[int, dict[int, Value]] = {}
    for cell in cells:
        if cell.value not in (None, ""):
            rows.setdefault(cell.row, {})[cell.column] = cell.value
    return [[row[c] for c in sorted(row)] for _, row in sorted(rows.items())]


def test_stages_tell_how_long_and_whereto(model: Model) -> None:
    _, said, heads, *table, method = shown(model, "stages")
    assert said == ["“New” takes longest: a median of 8.5 days (n=4)."]
    assert heads == ["Stage", "There now", "Days spent (median)", "n", "Left", "Moved on"]
    assert table == [
        ["New", 1, 8.5, 4, 4, "–"],
        ["Offer", 3, "–", 1, 1, "–"],
        ["Won", 1, "–", 0, 0, "–"],
    ]
    assert "logged since 2026-03-10 · n=5" in str(method[0])


def test_days_put_off_are_told_by_person(model: Model) -> None:
    _, said, _, *table, _ = shown(model, "slip")
    assert said == ["Of 5, 3 were put off, by a median of 10 days."]
    assert table == [["Li", 4, 3, 0.75, 3, 10], ["Wang", 1, 0, 0, 0, "–"], ["All", 5, 3, 0.6, 3, 10]]


def test_an_empty_log_says_when_it_begins(model: Model) -> None:
    for block in ("stages", "slip"):
        said = shown(model, block, ())[1][0]
        assert (
            said
            == "No change has been logged yet (since 2026-03-31): each refresh logs what was changed since the last one."
        )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("label: Stage, audit: true", "label: Stage", "the changes of 'stage' are not logged"),
        ("label: Due, audit: true", "label: Due", "here are 0"),
        ("label: Created", "label: Created, audit: true", "here are 2"),
    ],
)
def test_what_is_not_logged_cannot_be_told(old: str, new: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "main.yaml"
    assert old in SPEC
    path.write_text(SPEC.replace(old, new), "utf-8")
    (found,) = read(path).diagnostics
    assert found.code == "S265"
    assert message in found.message
