"""Actions on a board: the figure each is about, before and after its start."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.compile.spec_world import Rows, model_of, state_of

from crmsheet.compile import Context, compiled
from crmsheet.excel.dates import serial_of_date
from crmsheet.excel.values import Value
from crmsheet.model.history import History, Point, Series, SeriesKey
from crmsheet.model.spec import Model
from crmsheet.model.state import ListRow, State
from crmsheet.model.words import Language
from crmsheet.spec import read

DAY = serial_of_date(dt.date(2026, 3, 31))
BEGAN = DAY - 59
SPEC = """\
crmsheet: 1
language: en
lists:
  area:
    - {id: sales, label: Sales}
    - {id: rate, label: Rate}
    - {id: stock, label: Stock}
    - {id: other, label: Other}
  region: [East, North]
tables:
  people:
    label: People
    fields: {name: {type: text, label: Name, required: true}, region: {type: choice, label: Region}}
  orders:
    label: Orders
    key: no
    fields:
      no: {type: text, label: No.}
      customer: {type: reference, table: people, label: Customer}
      date: {type: date, label: Date}
      amount: {type: currency, label: Amount}
  steps:
    label: Steps
    key: no
    fields:
      no: {type: text, label: No.}
      problem: {type: text, label: Problem}
      area: {type: choice, list: area, label: Area}
      customer: {type: reference, table: people, label: Customer}
      region: {type: choice, list: region, label: Region}
      start: {type: date, label: Start}
metrics:
  begun: {type: simple, table: steps, agg: count, time: start, label: Begun}
  revenue: {type: simple, table: orders, agg: sum, field: amount, time: date, label: Revenue, format: currency}
  n_orders: {type: simple, table: orders, agg: count, time: date, label: Orders}
  n_large: {type: simple, table: orders, agg: count, filter: '[amount]>100', time: date, label: Large}
  large: {type: ratio, numerator: n_large, denominator: n_orders, format: percent, min_n: 5, label: Large share}
  known: {type: simple, table: people, agg: count, label: Known}
history: {metrics: [known]}
sheets:
  board:
    label: Board
    blocks:
      - id: effects
        analysis:
          type: effects
          metrics: begun
          by: [area, customer, {steps: region, orders: customer.region}]
          figures: {sales: revenue, rate: large, stock: known}
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return model_of(SPEC, tmp_path_factory.mktemp("effects"))


def orders() -> list[dict[str, Value | dt.date]]:
    """Each of four customers buys every fifth day for 100; Li, since the action began, for 150."""
    return [
        {
            "no": f"{day}{who}",
            "customer": who,
            "date": day,
            "amount": 150.0 if who == "Li" and day >= BEGAN else 100.0,
        }
        for day in range(DAY - 899, DAY + 1, 5)
        for who in ("Li", "Wang", "Zhao", "Qian")
    ]


def shown(
    model: Model, steps: list[dict[str, Value | dt.date]], history: History | None = None
) -> list[list[Value]]:
    rows: Rows = {
        "people": [
            {"name": name, "region": region}
            for name, region in zip(
                ("Li", "Wang", "Zhao", "Qian"), ("East", "East", "North", "North"), strict=True
            )
        ],
        "orders": orders(),
        "steps": steps,
    }
    held = state_of(model, rows)
    lists = {
        name: tuple(ListRow(i.id, i.label.en) for i in model.list(name).items) for name in ("area", "region")
    }
    state = State(held.tables, lists, held.settings, held.selectors)
    context = Context(model, Language.EN, state, DAY, history=history or History(), run=DAY)
    cells = compiled(context).plan.block("board.effects").cells
    lines: dict[int, dict[int, Value]] = {}
    for cell in cells:
        if cell.value not in (None, ""):
            lines.setdefault(cell.row, {})[cell.column] = cell.value
    return [[line[c] for c in sorted(line)] for _, line in sorted(lines.items())]


def step(no: str, area: str, start: int, **more: Value) -> dict[str, Value | dt.date]:
    return {"no": no, "problem": "why", "area": area, "start": start, **more}


def test_figures_stand_on_both_sides_of_a_start(model: Model) -> None:
    _, said, heads, *table, method = shown(
        model,
        [step("A1", "Sales", BEGAN), step("A2", "Sales", BEGAN, customer="Li"), step("A3", "Rate", BEGAN)],
    )
    assert heads[:4] == ["Action", "Figure", "Since", "Before"]
    first, second, third = table
    # 60 days, 12 of them with four orders.
    assert first[:2] == ["A1 why", "Revenue"]
    assert first[3:6] == ["¥4.8K", "¥5.4K", "+12%"]
    assert first[-1] == "60 days, n=48→48; as large at 0 of 24 earlier dates"
    assert second[1] == "Revenue · Li"
    assert second[5] == "+50%"
    assert third[1:6] == ["Large share", "2026-01-31", "0.0%", "25.0%", "+25.0 points"]
    assert said == [
        "3 actions, 3 of them can be compared; 3 changed more than at any earlier date. What comes after need not come "
        "from it."
    ]
    assert "n=3" in str(method[0])
    assert "values as of 2026-03-31" in str(method[0])


def test_a_region_narrows_where_its_path_leads(model: Model) -> None:
    *_, row, _ = shown(model, [step("A1", "Sales", BEGAN, region="North")])
    assert row[1] == "Revenue · North"
    assert row[5] == "+0%"


def test_too_early_and_too_long_ago_and_nothing_known(model: Model) -> None:
    *_, late, early, long_ago, _ = shown(
        model, [step("A1", "Sales", DAY - 10), step("A2", "Stock", DAY - 40), step("A3", "Sales", DAY - 880)]
    )
    assert late[-1] == "too early: 11 of 28 days"
    assert early[-1] == "not remembered yet on both sides"
    assert long_ago[-1] == "no data of the 91 days before"


def test_what_is_about_no_figure_is_counted(model: Model) -> None:
    _, said, *_ = shown(model, [step("A1", "Other", BEGAN), step("A2", "Sales", BEGAN)])
    assert str(said[0]) == (
        "1 action, 1 can be compared; 1 changed more than at any earlier date. What comes after need not come from it. "
        "1 more is about no figure known here."
    )


def test_a_figure_without_a_time_is_taken_from_history(model: Model) -> None:
    points = {BEGAN - 5: Point(2, None, "", 0), BEGAN + 3: Point(3, None, "", 0)}
    history = History({SeriesKey("known"): Series("Known", "", "", points)})
    *_, row, _ = shown(model, [step("A1", "Stock", BEGAN)], history)
    # What stands now, four, is remembered as well.
    assert row[3:] == ["2", "4", "+100%", "by the history of figures"]


def test_without_actions_the_block_says_what_to_do(model: Model) -> None:
    _, said, *_ = shown(model, [])
    assert str(said[0]).startswith("No action can be compared yet")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("sales: revenue, ", "sale: revenue, ", "'sale' is no item of 'area'"),
        ("rate: large", "rate: larg", "there is no metric 'larg'"),
        ("history: {metrics: [known]}", "", "history does not remember it"),
        ("by: [area, ", "by: [problem, ", "the figure of an action is a choice"),
        ("          figures: {sales: revenue, rate: large, stock: known}\n", "", "effects needs `figures`"),
        ("type: effects", "type: slip", "slip takes no `figures`"),
    ],
)
def test_mistakes_are_told(old: str, new: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "main.yaml"
    assert old in SPEC
    path.write_text(SPEC.replace(old, new), "utf-8")
    assert any(message in d.message for d in read(path).diagnostics), [
        d.message for d in read(path).diagnostics
    ]
