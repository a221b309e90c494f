"""Tables, charts and lists of boards: rows, ranking, other, totals, periods, against hand computation."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compile.sales_world import (
    BY_MONTH,
    BY_OWNER,
    BY_REGION,
    ORDERS,
    OWNER,
    PERIOD,
    REGION,
    USERS,
    Book,
    book,
    day,
    empty_state,
    full_state,
    rows,
)

from crmsheet.compile import live, measures, rowlists
from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.tree import Area, Binary, Cell, Number
from crmsheet.model.boards import (
    Card,
    CardsBlock,
    ChartBlock,
    ChartType,
    Dimension,
    Grain,
    ListBlock,
    ListColumn,
    TableBlock,
)
from crmsheet.model.state import State
from crmsheet.model.words import Label, Language

NA = ExcelError.NA


def numbers(found: Book, block: str = "table") -> list[list[Value]]:
    """The rows of a table, without title, heads and note; a short note stands beside the title."""
    rows = found.shown(block)
    return rows[2:] if len(rows[0]) > 1 else rows[2:-1]


class TestByValue:
    def test_rows_other_and_total(self) -> None:
        block = TableBlock("table", ("revenue", "orders", "aov"), BY_REGION, totals=True)
        # The order without a customer and that of a customer in no listed region are in "other".
        assert numbers(book(block)) == [
            ["华东", 100, 1, 100],
            ["华北", 50.5, 1, 50.5],
            ["A*?~", 30, 1, 30],
            ["Other / unlisted", -2.5, 2, -1.25],
            ["Total", 178, 5, 35.6],
        ]

    def test_without_totals(self) -> None:
        block = TableBlock("table", ("revenue",), BY_OWNER)
        assert numbers(book(block)) == [["Ann", 137], ["Bob", 50.5], ["Other / unlisted", -9.5]]

    def test_other_is_not_shown_when_it_is_nothing(self) -> None:
        block = TableBlock("table", ("won", "ended", "win_rate"), BY_OWNER, totals=True)
        assert numbers(book(block)) == [
            ["Ann", 1, 2, "—"],
            ["Bob", 1, 1, "—"],
            ["Total", 2, 3, pytest.approx(2 / 3)],
        ]

    def test_what_does_not_add_up_has_no_other(self) -> None:
        block = TableBlock("table", ("largest", "orders", "mean"), BY_OWNER, totals=True)
        assert numbers(book(block)) == [
            ["Ann", 100, 3, pytest.approx(137 / 3)],
            ["Bob", 50.5, 1, 50.5],
            ["Other / unlisted", "—", 1, -9.5],
            ["Total", 100, 5, pytest.approx(35.6)],
        ]

    def test_a_metric_that_the_dimension_does_not_reach(self) -> None:
        by = replace(BY_REGION, paths=(("orders", "customer.region"),))
        block = TableBlock("table", ("orders", "won"), by, totals=True)
        assert numbers(book(block))[0] == ["华东", 1, "—"]
        assert numbers(book(block))[-1] == ["Total", 5, 2]

    def test_selectors_hold_for_every_row(self) -> None:
        block = TableBlock("table", ("revenue",), BY_REGION, totals=True)
        found = numbers(book(block, chosen={"owner": "Ann"}))
        assert found == [["华东", 100], ["华北", 0], ["A*?~", 30], ["Other / unlisted", 7], ["Total", 137]]

    def test_an_empty_book(self) -> None:
        block = TableBlock("table", ("revenue", "aov"), BY_REGION, totals=True)
        shown = numbers(book(block, state=empty_state()))
        assert shown == [["华东", 0, "—"], ["华北", 0, "—"], ["A*?~", 0, "—"], ["Total", 0, "—"]]

    def test_an_empty_dimension(self) -> None:
        block = TableBlock("table", ("revenue",), BY_OWNER, totals=True)
        assert numbers(book(block, state=empty_state())) == [["Nothing to show"]]

    def test_values_of_no_list_are_those_in_the_data(self) -> None:
        by = Dimension("size", Label.same("size"), paths=(("customers", "size"),))
        block = TableBlock("table", ("all_customers",), by, totals=True)
        assert numbers(book(block)) == [["1", 1], ["2", 2], ["3", 1], ["Total", 4]]


class TestTop:
    def test_a_ranking(self) -> None:
        block = TableBlock("table", ("revenue", "orders"), _by_customer(), totals=True, top=2)
        assert numbers(book(block)) == [
            ["甲", 100, 1],
            ["乙", 50.5, 1],
            ["Other / unlisted", 27.5, 3],
            ["Total", 178, 5],
        ]

    def test_ties_keep_the_order_of_the_table(self) -> None:
        block = TableBlock("table", ("orders",), _by_customer(), totals=True, top=4)
        found = numbers(book(block, chosen={"period": "All time"}))
        assert found == [["甲", 3], ["丙*", 2], ["乙", 1], ["丙x", 1], ["Other / unlisted", 1], ["Total", 8]]

    def test_fewer_values_than_asked_for(self) -> None:
        block = TableBlock("table", ("revenue",), BY_OWNER, totals=True, top=10)
        assert numbers(book(block)) == [
            ["Ann", 137],
            ["Bob", 50.5],
            ["Other / unlisted", -9.5],
            ["Total", 178],
        ]

    def test_slices_are_above_zero(self) -> None:
        block = ChartBlock("chart", ChartType.DOUGHNUT, ("revenue",), _by_customer(), top=5)
        found = book(block)
        series = found.plan.charts[0].series[0]
        # Who is below 0 is no slice, and has a name in the legend all the same; a fifth is not there.
        assert _area(found, series.categories) == ["甲", "乙", "丙*", "丙x", "–", "Other / unlisted"]
        assert _area(found, series.values) == [100, 50.5, 30, 0, 0, 7]

    @given(
        amounts=st.lists(
            st.tuples(
                st.sampled_from(["甲", "乙", "丙*", "丙x", None, "丁"]),
                st.integers(-3, 3).map(lambda n: n / 10),
            ),
            max_size=12,
        ),
        top=st.integers(1, 5),
    )
    @settings(max_examples=15)
    def test_shown_and_other_add_up_to_the_total(
        self, amounts: list[tuple[str | None, float]], top: int
    ) -> None:
        found = [(str(i), day(2026, 3, 5), who, None, much, None) for i, (who, much) in enumerate(amounts)]
        state = full_state()
        tables = {**state.tables, "orders": rows(ORDERS, found)}
        block = TableBlock("table", ("revenue", "orders"), _by_customer(), totals=True, top=top)
        shown = numbers(book(block, state=State(tables)))
        if not amounts:
            assert shown == [["Nothing to show"]]
            return
        total = shown[-1]
        assert total == ["Total", pytest.approx(sum(a for _, a in amounts), abs=1e-9), len(amounts)]
        for column in (1, 2):
            assert sum(_number(row[column]) for row in shown[:-1]) == pytest.approx(
                _number(total[column]), abs=1e-6
            )
        ranked = dict.fromkeys(("甲", "乙", "丙*", "丙x"), 0.0)
        for who, much in amounts:
            if who in ranked:
                ranked[who] += much
        # Who has no order is not among the largest.
        there = [name for name in ranked if any(who == name for who, _ in amounts)]
        expected = sorted(there, key=lambda name: (-round(ranked[name], 6), there.index(name)))[:top]
        assert [row[0] for row in shown if row[0] in ranked] == expected

    def test_the_largest_of_nothing_are_nobody(self) -> None:
        chosen = {"period": "Yesterday"}
        block = TableBlock("table", ("revenue", "orders"), _by_customer(), totals=True, top=3)
        assert numbers(book(block, chosen=chosen)) == [["Nothing to show"]]
        in_chinese = book(block, chosen={"period": "昨天"}, language=Language.ZH)
        assert numbers(in_chinese) == [["暂无数据"]]
        bars = book(ChartBlock("chart", ChartType.BAR, ("revenue",), _by_customer(), top=3), chosen=chosen)
        assert set(_area(bars, bars.plan.charts[0].series[0].categories)) == {""}

    def test_the_smallest_may_have_nothing(self) -> None:
        block = TableBlock("table", ("orders",), _by_customer(), sort="orders", descending=False, top=2)
        found = numbers(book(block, chosen={"period": "Last month"}))
        assert [row[1] for row in found[:2]] == [0, 0]


class TestByTime:
    def test_months_up_to_the_as_of_date(self) -> None:
        block = TableBlock("table", ("revenue", "orders", "aov", "largest"), BY_MONTH, totals=True, last=3)
        assert numbers(book(block)) == [
            ["2026-01", 0, 0, "—", "—"],
            ["2026-02", 100, 2, 50, 80],
            ["2026-03", 178, 5, pytest.approx(35.6), 100],
            ["Total", 278, 7, pytest.approx(278 / 7), 100],
        ]

    def test_the_running_month_ends_with_the_as_of_date(self) -> None:
        block = TableBlock("table", ("orders",), BY_MONTH, last=2)
        assert numbers(book(block, as_of=dt.date(2026, 3, 2))) == [["2026-02", 2], ["2026-03", 2]]

    def test_months_end_with_the_window(self) -> None:
        block = TableBlock("table", ("orders",), BY_MONTH, last=2)
        assert numbers(book(block, chosen={"period": "Last month"})) == [["2026-01", 0], ["2026-02", 2]]

    def test_a_stock_has_no_history(self) -> None:
        block = TableBlock("table", ("orders", "all_customers"), BY_MONTH, last=1)
        assert numbers(book(block)) == [["2026-03", 5, "—"]]

    @pytest.mark.parametrize(
        ("grain", "fiscal", "labels"),
        [
            (Grain.DAY, 1, ["03-30", "03-31"]),
            (Grain.WEEK, 1, ["2026-03-23", "2026-03-30"]),
            (Grain.QUARTER, 1, ["2025 Q4", "2026 Q1"]),
            (Grain.QUARTER, 4, ["2025-10~12", "2026-01~03"]),
            (Grain.QUARTER, 2, ["2025-11~01", "2026-02~04"]),
            (Grain.YEAR, 1, ["2025", "2026"]),
            (Grain.YEAR, 4, ["2024-04~03", "2025-04~03"]),
        ],
    )
    def test_labels(self, grain: Grain, fiscal: int, labels: list[str]) -> None:
        by = Dimension(grain.value, Label.same(grain.value), grain=grain)
        found = book(TableBlock("table", ("orders",), by, last=2), fiscal=fiscal)
        assert [row[0] for row in numbers(found)] == labels

    def test_a_line_with_its_target(self) -> None:
        block = ChartBlock("chart", ChartType.LINE, ("revenue",), BY_MONTH, last=2)
        found = book(block)
        line, target = (s for s in found.plan.charts[0].series if not s.spacer)
        assert _area(found, line.categories) == ["26-02", "26-03"]
        assert _area(found, line.values) == [100, 178]
        assert _area(found, target.values) == [999, 200]
        assert target.dashed


class TestLists:
    COLUMNS = (
        ListColumn("no", Label.same("No")),
        ListColumn("customer", Label.same("Customer")),
        ListColumn("customer.region", Label.same("Region")),
        ListColumn("amount", Label.same("Amount")),
    )

    def block(self, **changes: object) -> ListBlock:
        above = Binary(">", Cell("orders", "amount"), Number(25))
        plain = ListBlock("list", "orders", self.COLUMNS, where=above, sort="amount", limit=3)
        return replace(plain, paths=(("owner", "owner"), ("region", "customer.region")), **changes)  # type: ignore[arg-type]

    def test_the_highest_first(self) -> None:
        found = book(self.block()).shown("list")
        assert found[0] == ["Orders  5 in all, first 3", "Not filtered by: Period"]
        assert found[2:5] == [
            ["6", "甲", "华东", 500],
            ["1", "甲", "华东", 100],
            ["4", "甲", "华东", 80],
        ]

    def test_the_lowest_first_and_no_more_than_there_are(self) -> None:
        found = book(self.block(descending=False, limit=10)).shown("list")
        assert found[0] == ["Orders  5 in all", "Not filtered by: Period"]
        assert [row[0] for row in found[2:]] == ["2", "2", "4", "1", "6"]

    def test_selectors_filter_rows(self) -> None:
        found = book(self.block(), chosen={"owner": "Bob"}).shown("list")
        assert [row[0] for row in found[2:]] == ["4", "2"]
        found = book(self.block(), chosen={"region": "A*?~"}).shown("list")
        assert [row[1] for row in found[2:]] == ["丙*"]

    def test_blank_owners(self) -> None:
        block = self.block(where=None)
        found = book(block, chosen={"owner": "(blank)"}).shown("list")
        assert found[2:] == [["5", "丙*", "A*?~", 20]]

    def test_rows_without_an_order_stand_as_in_the_table(self) -> None:
        found = book(self.block(sort="", where=None, limit=50)).shown("list")
        assert [row[0] for row in found[2:]] == ["1", "2", "2", "4", "5", "6", "7", "8"]

    def test_by_text_blanks_last(self) -> None:
        found = book(self.block(sort="owner", descending=False, where=None, limit=50)).shown("list")
        assert [row[0] for row in found[2:]] == ["1", "2", "6", "7", "2", "4", "8", "5"]

    def test_by_a_number_that_may_be_missing(self) -> None:
        found = book(self.block(sort="rating", where=None, limit=50)).shown("list")
        assert [row[0] for row in found[2:]] == ["1", "4", "2", "8", "6", "2", "5", "7"]

    def test_nothing_to_show(self) -> None:
        never = Binary(">", Cell("orders", "amount"), Number(9999))
        assert book(self.block(where=never)).shown("list")[2] == ["Nothing here"]
        named = self.block(where=never, empty=Label("没有", "None"))
        assert book(named, language=Language.ZH).shown("list")[2] == ["没有"]
        assert book(self.block(), state=empty_state()).shown("list")[2] == ["Nothing here"]

    def test_what_the_list_does_not_follow(self) -> None:
        assert book(self.block()).shown("list")[0][1:] == ["Not filtered by: Period"]

    def test_at_most_fifty(self) -> None:
        found = book(self.block(limit=500))
        assert found.plan.block("board.list").rows < 60


def test_a_block_keeps_the_size_it_has_in_the_workbook() -> None:
    block = TableBlock("table", ("orders",), BY_OWNER, totals=True)
    built = book(block)
    sizes = {b.anchor: (b.rows, b.columns) for b in built.plan.blocks}
    state = full_state()
    users = rows(USERS, [(f"User {i}",) for i in range(20)])
    grown = book(block, state=State({**state.tables, "users": users}), sizes=sizes)
    for anchor in ("calc.board.table", "board.table"):
        assert grown.plan.block(anchor).rows == sizes[anchor][0]
    # The users who have orders are not among the first few of the table: their orders are in "other".
    assert numbers(grown)[-2:] == [["Other / unlisted", 5], ["Total", 5]]


def test_too_much_to_be_live_is_written_as_values(monkeypatch: pytest.MonkeyPatch) -> None:
    block = TableBlock("table", ("orders",), BY_OWNER, totals=True)
    alive = book(block)
    monkeypatch.setattr(live, "BUDGET", 10)
    fixed = book(block)
    assert numbers(fixed) == numbers(alive)
    assert not any(c.formula for c in fixed.plan.block("calc.board.table").cells)
    assert any(c.formula for c in alive.plan.block("calc.board.table").cells)
    assert [f.code for f in fixed.findings] == ["S290"]
    assert alive.findings == ()
    assert "computed at refresh (2026-03-31)" in str(fixed.shown("table")[-1][0])


def test_what_no_formula_gives_is_said() -> None:
    by_owner = TableBlock("table", ("middle", "orders"), BY_OWNER)
    assert book(by_owner).findings == ()
    assert numbers(book(by_owner))[0] == ["Ann", 30, 3]
    by_month = TableBlock("table", ("all_customers", "orders"), BY_MONTH)
    assert [f.code for f in book(by_month).findings] == ["S293"]


def test_a_long_list_is_not_sorted_by_text(monkeypatch: pytest.MonkeyPatch) -> None:
    block = ListBlock("list", "orders", TestLists.COLUMNS, sort="owner", descending=False, limit=50)
    monkeypatch.setattr(rowlists, "BUDGET", 10)
    found = book(block)
    assert [f.code for f in found.findings] == ["S291"]
    assert [row[0] for row in found.shown("list")[2:]] == ["1", "2", "2", "4", "5", "6", "7", "8"]


def test_no_two_blocks_of_a_sheet_overlap() -> None:
    blocks = (
        TableBlock("t1", ("orders", "revenue"), BY_OWNER),
        ChartBlock("c1", ChartType.COLUMN, ("orders",), BY_REGION),
        ChartBlock("c2", ChartType.BAR, ("orders",), BY_REGION),
        ChartBlock("c3", ChartType.LINE, ("orders", "revenue"), BY_MONTH),
        TableBlock("t2", ("orders", "revenue", "aov", "mean", "won"), BY_OWNER),
        TableBlock("t3", ("orders",), BY_MONTH),
        ListBlock("l1", "orders", TestLists.COLUMNS),
    )
    plan = book(*blocks, selectors=(PERIOD, OWNER, REGION)).plan
    taken: dict[tuple[str, int, int], str] = {}
    for placed in plan.blocks:
        if placed.sheet not in ("board", "_calc"):
            continue
        for row in range(placed.row, placed.row + placed.rows):
            for column in range(placed.column, placed.column + placed.columns):
                other = taken.setdefault((placed.sheet, row, column), placed.anchor)
                assert other == placed.anchor
    assert {c.series[0].values.anchor.removesuffix(".plot") for c in plan.charts} == {
        f"calc.board.c{i}" for i in (1, 2, 3)
    }


def _by_customer() -> Dimension:
    return Dimension("customer", Label.same("customer"), paths=(("orders", "customer"),), table="customers")


def _area(found: Book, area: Area) -> list[Value]:
    return found.column(area.anchor, area.left)[area.top : area.bottom + 1]


def _number(value: Value) -> float:
    assert isinstance(value, int | float)
    return value


def test_a_key_that_stands_twice_is_counted_once() -> None:
    state = full_state()
    twice = rows(USERS, [("Ann",), ("Bob",), ("Ann",)])
    block = TableBlock("table", ("revenue",), BY_OWNER, totals=True)
    found = book(block, state=State({**state.tables, "users": twice}))
    assert numbers(found) == [["Ann", 137], ["Bob", 50.5], ["Other / unlisted", -9.5], ["Total", 178]]


def test_a_distinct_count_that_costs_too_much_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "CELL", 10)
    monkeypatch.setattr(live, "CELL", 10)
    found = book(CardsBlock("cards", (Card("buyers"), Card("orders"))))
    values = {c.row: c for c in found.plan.block("calc.board.cards").cells if c.column == 1}
    assert values[1].formula is None
    assert values[1].value == 4
    assert values[2].formula is not None
    assert "computed at refresh (2026-03-31)" in str(found.measured("buyers")["note"])
    assert "computed at refresh" not in str(found.measured("orders")["note"])
    assert [(f.code, "Buyers" in f.text("en")) for f in found.findings] == [("S290", True)]


@pytest.mark.parametrize("count", [39, 60])
def test_a_table_stays_what_it_was_built_as(count: int) -> None:
    state = full_state()

    def users(number: int) -> State:
        named = [*[(f"User {i}",) for i in range(number - 2)], ("Ann",), ("Bob",)]
        return State({**state.tables, "users": rows(USERS, named)})

    blocks = (
        TableBlock("table", ("revenue",), BY_OWNER, totals=True),
        ChartBlock("chart", ChartType.BAR, ("revenue",), BY_OWNER),
        ChartBlock("ring", ChartType.DOUGHNUT, ("revenue",), BY_REGION),
        ListBlock("list", "orders", TestLists.COLUMNS),
        CardsBlock("cards", (Card("revenue"),)),
    )
    built = book(*blocks, state=users(count))
    sizes = {b.anchor: (b.rows, b.columns) for b in built.plan.blocks}
    for other in (3, 45, 80):
        refreshed = book(*blocks, state=users(other), sizes=sizes)
        assert {b.anchor: (b.rows, b.columns) for b in refreshed.plan.blocks if b.sheet == "board"} == {
            a: s for a, s in sizes.items() if built.plan.block(a).sheet == "board"
        }
        hidden = [b for b in refreshed.plan.blocks if b.sheet == "_calc"]
        # A ranking looks at all values.
        assert [b.anchor for b in hidden if b.rows < sizes[b.anchor][0]] == []
        grown = [b.anchor for b in hidden if b.rows > sizes[b.anchor][0]]
        assert not grown or (other == 80 and set(grown) <= {"calc.board.chart", "calc.board.table"})
        places = {(c.row, c.column) for c in built.plan.block("board.list").cells}
        assert places == {(c.row, c.column) for c in refreshed.plan.block("board.list").cells}
        assert numbers(refreshed)[-1] == ["Total", 178]
