"""Numbers behind cards: windows, selectors, reasons, targets, against hand computation."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.compile import sales_world
from tests.compile.reading import spelled_out
from tests.compile.sales_world import (
    BY_REGION,
    METRICS,
    OWNER,
    PERIOD,
    REGION,
    book,
    day,
    empty_state,
)

from crmsheet.compile.environment import BookEnvironment
from crmsheet.compile.pieces import Pieces
from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.tree import Call, ErrorValue, Name, Node, walk
from crmsheet.model.boards import (
    AnalysisBlock,
    AnalysisType,
    Card,
    CardsBlock,
    ChartBlock,
    ChartType,
    Dimension,
    Figure,
    Grain,
    KpiBlock,
    TableBlock,
)
from crmsheet.model.metrics import Metric
from crmsheet.model.words import Label, Language
from crmsheet.structs import replace

NA = ExcelError.NA
ONE_CARD = CardsBlock("cards", (Card("revenue"),))
ALL_CARDS = CardsBlock("cards", tuple(Card(m.id) for m in METRICS))


def test_values_of_this_month() -> None:
    found = book(ALL_CARDS)
    values = {m.id: found.measured(m.id)["value"] for m in METRICS}
    assert values == pytest.approx(
        {
            "revenue": 100 + 50.5 + 30 + 7 - 9.5,
            "orders": 5,
            "mean": 178 / 5,
            "largest": 100,
            "smallest": -9.5,
            "middle": 30,
            "buyers": 4,
            "numbers": 4,
            "all_customers": 4,
            "won": 2,
            "ended": 3,
            "win_rate": 2 / 3,
            "aov": 178 / 5,
        }
    )


def test_previous_month_is_february() -> None:
    found = book(ALL_CARDS)
    assert found.measured("revenue")["previous"] == 100
    assert found.measured("revenue")["change"] == pytest.approx(0.78)
    assert found.measured("middle")["previous"] == 50
    # One deal ended in February: too few for a rate.
    assert found.measured("win_rate")["previous"] is NA
    assert found.measured("win_rate")["previous reason"] == "too few: n=1"
    assert found.measured("win_rate")["change"] is NA


def test_a_stock_has_no_previous() -> None:
    row = book(ALL_CARDS).measured("all_customers")
    assert row["previous"] is NA
    assert str(row["note"]).startswith("As of 2026-03-31 (whatever the period)")


@pytest.mark.parametrize(
    ("owner", "revenue"),
    [
        ("All", 178),
        ("Ann", 137),
        ("Bob", 50.5),
        ("(blank)", 0),
        ("Nobody", 0),
        ("ann", 137),
        ("*", 0),
        ("A*", 0),
    ],
)
def test_the_owner_selector(owner: str, revenue: float) -> None:
    found = book(ONE_CARD, chosen={"owner": owner})
    assert found.measured("revenue")["value"] == pytest.approx(revenue)


@pytest.mark.parametrize(
    ("region", "revenue"),
    # An order without a customer has no region, as has one whose customer has none.
    [("All", 178), ("华东", 100), ("A*?~", 30), ("(blank)", 7), ("Ab~", -9.5), ("A?", 0)],
)
def test_a_selector_through_a_reference(region: str, revenue: float) -> None:
    found = book(ONE_CARD, chosen={"region": region})
    assert found.measured("revenue")["value"] == pytest.approx(revenue)


@pytest.mark.parametrize("chosen", [{}, {"owner": "Ann"}])
def test_without_a_choice_a_figure_asks_no_more_than_it_must(chosen: dict[str, str]) -> None:
    """While everything is chosen the criteria of selectors hold for all rows; both ways give the same then."""
    plan = book(ALL_CARDS, chosen=chosen).plan
    ways = [
        cell.formula.arguments
        for block in plan.blocks
        for cell in block.cells
        if isinstance(cell.formula, Call) and cell.formula.arguments[1:2] != (ErrorValue(NA),)
        if _selected(cell.formula.arguments[-1])
    ]
    assert len(ways) >= 5
    assert any(isinstance(full, Call) and full.function == "SUMPRODUCT" for *_, full in ways)
    tables = tuple(spelled_out(plan, table) for table in plan.tables)
    environment = BookEnvironment(
        Pieces(tables=tables, blocks=plan.blocks, names=plan.names), day(2026, 3, 31)
    )
    for everything, short, full in ways:
        assert not _selected(short)
        assert environment.value(everything) is not bool(chosen)
        if not chosen:
            assert environment.value(short) == pytest.approx(environment.value(full))


def _selected(node: Node) -> bool:
    names = [n.id for n in walk(node) if isinstance(n, Name)]
    return (
        isinstance(node, Call)
        and node.function.endswith(("IFS", "SUMPRODUCT"))
        and any(":" in n for n in names)
    )


def test_a_blank_owner_in_an_earlier_month() -> None:
    found = book(ALL_CARDS, chosen={"owner": "(blank)", "period": "Last month"})
    assert found.measured("revenue")["value"] == 20
    assert found.measured("buyers")["value"] == 1
    assert found.measured("middle")["value"] == 20


def test_what_a_selector_cannot_reach_says_so() -> None:
    found = book(ALL_CARDS)
    assert "not filtered by: Region" in str(found.measured("won")["note"])
    assert "not filtered" not in str(found.measured("revenue")["note"])


def test_a_card_that_ignores_a_selector() -> None:
    block = CardsBlock("cards", (Card("revenue", ("owner",)), Card("orders")))
    found = book(block, chosen={"owner": "Bob"})
    assert found.measured("revenue")["value"] == 178
    assert found.measured("orders")["value"] == 1
    assert "not filtered by: Owner" in str(found.measured("revenue")["note"])


def test_reasons_over_nothing() -> None:
    found = book(ALL_CARDS, chosen={"owner": "(blank)"})
    reasons = {m.id: found.measured(m.id)["reason"] for m in METRICS}
    values = {m.id: found.measured(m.id)["value"] for m in METRICS}
    none: dict[str, Value] = {m.id: values[m.id] for m in METRICS if values[m.id] in (NA, 0)}
    assert none == {
        "revenue": 0,
        "orders": 0,
        "mean": NA,
        "largest": NA,
        "smallest": NA,
        "middle": NA,
        "buyers": 0,
        "numbers": 0,
        "won": 0,
        "ended": 0,
        "win_rate": NA,
        "aov": NA,
    }
    assert reasons["win_rate"] == reasons["aov"] == "denominator is 0"
    assert reasons["mean"] == reasons["largest"] == reasons["middle"] == "no data"
    assert reasons["revenue"] == reasons["orders"] == ""


def test_small_samples_give_no_rate_but_say_how_small() -> None:
    row = book(ALL_CARDS, chosen={"owner": "Ann"}).measured("win_rate")
    assert row["value"] is NA
    assert row["reason"] == "too few: n=2"
    assert row["n"] == 2


def test_an_empty_book_counts_nothing() -> None:
    found = book(ALL_CARDS, state=empty_state())
    assert [found.measured(m)["value"] for m in ("revenue", "orders", "all_customers", "buyers", "won")] == [
        0
    ] * 5
    assert found.measured("mean")["reason"] == "no data"
    assert found.measured("revenue")["target"] is NA


def test_a_text_of_digits_is_no_value_beside_its_number() -> None:
    held = sales_world.full_state()
    typed = [(no, day(2026, 3, 1), "甲", "Ann", 1, None) for no in ("13800", 13800, "13800", 13900, "A-1")]
    orders = sales_world.rows(sales_world.ORDERS, typed)
    found = book(ALL_CARDS, state=replace(held, tables={**held.tables, "orders": orders}))
    assert found.measured("numbers")["value"] == 3


class TestTargets:
    def test_all_owners(self) -> None:
        row = book(ALL_CARDS).measured("revenue")
        assert row["target"] == 200
        assert row["attainment"] == pytest.approx(0.89)
        # 31 of 31 days have passed: all of it is due.
        assert row["status"] == "Behind"

    def test_one_owner(self) -> None:
        row = book(ALL_CARDS, chosen={"owner": "Ann"}).measured("revenue")
        assert row["target"] == 100
        assert row["status"] == "On track"

    def test_targets_are_not_kept_by_region(self) -> None:
        row = book(ALL_CARDS, chosen={"region": "华东"}).measured("revenue")
        assert row["target"] is NA
        assert row["attainment"] is NA

    def test_only_what_is_due_by_now_counts(self) -> None:
        # Of 200, 31 days a month, 15/31 are due on the 15th: 96.8. Sold until then: 127.5.
        row = book(ALL_CARDS, as_of=dt.date(2026, 3, 15)).measured("revenue")
        assert row["value"] == pytest.approx(100 + 30 + 7 - 9.5)
        assert row["status"] == "On track"

    def test_what_is_still_to_be_filled_in_is_no_target_of_0(self) -> None:
        held = sales_world.full_state()
        planned = [("revenue", day(2026, 3, 1), "Ann", None), ("revenue", day(2026, 3, 1), "Bob", "later")]
        targets = sales_world.rows(sales_world.TARGETS, planned)
        row = book(ALL_CARDS, state=replace(held, tables={**held.tables, "targets": targets})).measured(
            "revenue"
        )
        assert row["target"] is NA
        assert row["status"] != "On track"

    def test_no_rows_are_no_target(self) -> None:
        row = book(ALL_CARDS, chosen={"owner": "(blank)"}).measured("revenue")
        assert row["target"] is NA


def test_the_card_shows_a_dash_and_the_reason() -> None:
    block = CardsBlock("cards", (Card("win_rate"),))
    shown = book(block, chosen={"owner": "Ann"}).shown("cards")
    assert shown[:2] == [["Win Rate"], ["—"]]
    assert shown[-1] == ["too few: n=2"]
    shown = book(block, chosen={"owner": "Ann"}, language=Language.ZH).shown("cards")
    assert shown[-1] == ["样本不足 n=2"]


def test_indicator_rows() -> None:
    found = book(KpiBlock("kpis", ("revenue", "win_rate", "all_customers")), chosen={"owner": "Ann"})
    rows = found.shown("kpis")
    assert rows[2][:2] == ["Revenue", 137]
    assert "On track" in rows[2]
    assert rows[3] == ["Win Rate", "—", "—", "—", 2, "[too few: n=2] Won ÷ Ended"]
    assert rows[4] == ["All_Customers", 4, "Count of Customers"]


# Windows

WINDOW_CASES = [
    # as-of, choice, start, end (exclusive), comparison start, comparison end
    ((2026, 3, 31), "This month", (2026, 3, 1), (2026, 4, 1), (2026, 2, 1), (2026, 3, 1)),
    ((2026, 3, 15), "This month", (2026, 3, 1), (2026, 3, 16), (2026, 2, 1), (2026, 2, 16)),
    ((2026, 2, 28), "This month", (2026, 2, 1), (2026, 3, 1), (2026, 1, 1), (2026, 1, 29)),
    ((2026, 3, 1), "Last month", (2026, 2, 1), (2026, 3, 1), (2026, 1, 1), (2026, 2, 1)),
    ((2026, 1, 1), "This quarter", (2026, 1, 1), (2026, 1, 2), (2025, 10, 1), (2025, 10, 2)),
    ((2026, 5, 31), "Last quarter", (2026, 1, 1), (2026, 4, 1), (2025, 10, 1), (2026, 1, 1)),
    ((2028, 2, 29), "This year", (2028, 1, 1), (2028, 3, 1), (2027, 1, 1), (2027, 3, 1)),
    ((2026, 7, 4), "Last year", (2025, 1, 1), (2026, 1, 1), (2024, 1, 1), (2025, 1, 1)),
    ((2026, 3, 31), "Last 12 months", (2025, 4, 1), (2026, 4, 1), (2024, 4, 1), (2025, 4, 1)),
    ((2026, 3, 31), "Last 30 days", (2026, 3, 2), (2026, 4, 1), (2026, 1, 31), (2026, 3, 2)),
    ((2026, 3, 31), "Last 7 days", (2026, 3, 25), (2026, 4, 1), (2026, 3, 18), (2026, 3, 25)),
    ((2026, 3, 31), "Last 90 days", (2026, 1, 1), (2026, 4, 1), (2025, 10, 3), (2026, 1, 1)),
    ((2026, 3, 31), "Today", (2026, 3, 31), (2026, 4, 1), (2026, 3, 30), (2026, 3, 31)),
    ((2026, 3, 31), "Yesterday", (2026, 3, 30), (2026, 3, 31), (2026, 3, 29), (2026, 3, 30)),
    # 31 March 2026 is a Tuesday.
    ((2026, 3, 31), "This week", (2026, 3, 30), (2026, 4, 1), (2026, 3, 23), (2026, 3, 25)),
    ((2026, 3, 29), "This week", (2026, 3, 23), (2026, 3, 30), (2026, 3, 16), (2026, 3, 23)),
    ((2026, 3, 31), "Last week", (2026, 3, 23), (2026, 3, 30), (2026, 3, 16), (2026, 3, 23)),
]
FISCAL_CASES = [
    ((2026, 3, 31), "This year", 4, (2025, 4, 1), (2026, 4, 1), (2024, 4, 1), (2025, 4, 1)),
    ((2026, 4, 1), "This year", 4, (2026, 4, 1), (2026, 4, 2), (2025, 4, 1), (2025, 4, 2)),
    ((2026, 4, 1), "Last year", 4, (2025, 4, 1), (2026, 4, 1), (2024, 4, 1), (2025, 4, 1)),
    ((2026, 3, 31), "This quarter", 2, (2026, 2, 1), (2026, 4, 1), (2025, 11, 1), (2025, 12, 30)),
    ((2026, 1, 15), "Last quarter", 2, (2025, 8, 1), (2025, 11, 1), (2025, 5, 1), (2025, 8, 1)),
]


@pytest.mark.parametrize(("as_of", "choice", "fiscal", "start", "end", "before", "before_end"), FISCAL_CASES)
def test_fiscal_windows(
    as_of: tuple[int, int, int],
    choice: str,
    fiscal: int,
    start: tuple[int, int, int],
    end: tuple[int, int, int],
    before: tuple[int, int, int],
    before_end: tuple[int, int, int],
) -> None:
    found = book(ONE_CARD, as_of=dt.date(*as_of), chosen={"period": choice}, fiscal=fiscal)
    serials = found.column("calc.board", 1)[1:5]
    assert serials == [day(*d) for d in (start, end, before, before_end)]


@pytest.mark.parametrize(("as_of", "choice", "start", "end", "before", "before_end"), WINDOW_CASES)
def test_windows(
    as_of: tuple[int, int, int],
    choice: str,
    start: tuple[int, int, int],
    end: tuple[int, int, int],
    before: tuple[int, int, int],
    before_end: tuple[int, int, int],
) -> None:
    found = book(ONE_CARD, as_of=dt.date(*as_of), chosen={"period": choice})
    serials = found.column("calc.board", 1)[1:5]
    assert serials == [day(*d) for d in (start, end, before, before_end)]


def test_all_time_has_no_comparison() -> None:
    found = book(ALL_CARDS, chosen={"period": "All time"})
    row = found.measured("revenue")
    assert row["value"] == pytest.approx(778)
    assert row["previous"] is NA
    assert row["previous reason"] == "no comparison window"
    assert row["note"] == "all time"


def test_an_unknown_period_means_the_default() -> None:
    found = book(ALL_CARDS, chosen={"period": "whenever"})
    assert found.measured("revenue")["value"] == 178


def test_the_band_names_the_window_and_the_freshness() -> None:
    found = book(ALL_CARDS, chosen={"period": "Last month"})
    assert found.shown("window") == [
        ["Window: Last month (2026-02-01 – 2026-02-28), compared with 2026-01-01 – 2026-01-31"]
    ]
    assert found.cells("board.top")[0, 38].value == "As of 2026-03-31"
    assert str(found.cells("board.top")[1, 32].value).startswith("Data up to 2026-03-31")


def test_the_band_warns_of_a_choice_that_is_none() -> None:
    found = book(ALL_CARDS, chosen={"owner": "Bib"})
    assert found.shown("window") == [["⚠ No such choice: Bib"]]


def test_selectors_keep_what_people_chose() -> None:
    found = book(ALL_CARDS, chosen={"owner": "Bob"})
    cells = found.cells("board.selectors")
    assert [cells[1, c].value for c in (0, 8, 16)] == ["This month", "Bob", "All"]
    assert [cells[1, c].holds for c in (0, 8, 16)] == [
        f"selectors.board.{s.id}" for s in (PERIOD, OWNER, REGION)
    ]
    assert all(not cells[1, c].style.locked for c in (0, 8, 16))


def test_choices_are_all_blank_and_the_labels_there_are() -> None:
    found = book(ALL_CARDS)
    assert [v for v in found.column("options.board.owner", 0) if v] == ["All", "(blank)", "Ann", "Bob"]
    assert [v for v in found.column("options.board.region", 0) if v] == [
        "All",
        "(blank)",
        "华东",
        "华北",
        "A*?~",
    ]


def test_a_board_without_period_says_its_window() -> None:
    found = book(ALL_CARDS, selectors=(OWNER,))
    assert str(found.shown("window")[0][0]).startswith("Window: This month (2026-03-01 – 2026-03-31)")
    assert found.measured("revenue")["value"] == 178


def test_a_window_that_nothing_on_the_board_shows_is_not_told() -> None:
    month = Dimension("month", Label("月份", "Month"), Grain.MONTH)
    blocks = (
        ChartBlock("chart", ChartType.LINE, ("revenue",), month),
        ChartBlock("past", ChartType.HISTORY, ("revenue",), None),
        TableBlock("table", ("revenue",), month),
        AnalysisBlock("outlook", AnalysisType.FORECAST, ("revenue",)),
    )
    assert "board.window" not in {b.anchor for b in book(*blocks, selectors=()).plan.blocks}
    assert book(*blocks, selectors=(OWNER,)).shown("window") == []
    ended = book(*blocks, chosen={"period": "Last month"})
    assert str(ended.shown("window")[0][0]).startswith("Window: Last month (2026-02-01 – 2026-02-28)")


def test_hidden_columns_are_asked_for_once() -> None:
    found = book(ALL_CARDS)
    orders = found.plan.table("orders")
    ids = [c.id for c in orders.columns]
    assert len(ids) == len(set(ids))
    assert "customer.region" in ids
    assert all(c.hidden for c in orders.columns if c.id.startswith("_f_") or "." in c.id)
    assert list(orders.columns[orders.index("customer.region")].values) == [
        "华东",
        "华北",
        "A*?~",
        "华东",
        "A*?~",
        "华东",
        "",
        "Ab~",
    ]


def test_a_change_over_nothing_is_new() -> None:
    """Ann sold nothing in February."""
    for block in (CardsBlock("cards", (Card("revenue"),)), KpiBlock("cards", ("revenue",))):
        shown = [text for row in book(block, chosen={"owner": "Ann"}).shown("cards") for text in row]
        assert "new" in shown
        shown = [text for row in book(block).shown("cards") for text in row]
        assert "new" not in shown


def test_nothing_after_nothing_is_not_new() -> None:
    for block in (CardsBlock("cards", (Card("revenue"),)), KpiBlock("cards", ("revenue",))):
        found = book(block, state=empty_state())
        assert (found.measured("revenue")["value"], found.measured("revenue")["previous"]) == (0, 0)
        assert "new" not in [text for row in found.shown("cards") for text in row]


def test_a_metric_that_is_shown_with_its_sign_changes_by_a_difference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def signed(metric: Metric) -> Metric:
        return replace(metric, format="+0;-0;0") if metric.id == "revenue" else metric

    changes = TableBlock("table", ("revenue",), BY_REGION, totals=True, figures=(("revenue", tuple(Figure)),))
    grown = book(ONE_CARD, changes).shown("table")[-1]
    monkeypatch.setattr(sales_world, "METRICS", tuple(map(signed, METRICS)))
    found = book(ONE_CARD, changes)
    assert found.measured("revenue")["change"] == pytest.approx(78)
    moved = found.shown("table")[-1]
    different = [pair for pair in zip(grown, moved, strict=True) if pair[0] != pair[1]]
    assert len(different) == 1
    assert different[0] == pytest.approx((0.78, 78))
