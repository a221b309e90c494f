"""What the starters' boards and columns say of the demo world, against figures counted from its rows by hand.

One plan for each starter, in Chinese, at its default selectors: the last twelve months.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from statistics import fmean

import pytest
from tests.compile.reading import values as column_values

from crmsheet.analysis import sentiment
from crmsheet.analysis.gates import Gate
from crmsheet.analysis.rfm import Buyer, Thresholds, Tier, eight_segments, scored
from crmsheet.api.rows import initial_state
from crmsheet.compile import compiled
from crmsheet.compile.board_theme import GRID_WIDTH
from crmsheet.compile.pieces import Context
from crmsheet.compile.theme import wrapped_lines
from crmsheet.excel.dates import serial_of_date
from crmsheet.excel.values import Value
from crmsheet.model.boards import ChartBlock
from crmsheet.model.words import Language
from crmsheet.plan.book import Plan
from crmsheet.spec import load
from crmsheet.starters import Row, Rows, demo_rows, starter_path

AS_OF = date(2026, 6, 24)
YEAR_BEGINS = date(2025, 6, 25)
CUSTOMERS = 180


@dataclass(frozen=True)
class Book:
    plan: Plan
    rows: Rows
    labels: Mapping[str, Mapping[str, str]]
    """Of each list, item id to label."""

    def column(self, table: str, field: str) -> dict[str, Value]:
        """A computed column by the key of its row."""
        keys = [str(row["name" if "name" in row else next(iter(row))]) for row in self.rows[table]]
        return dict(zip(keys, column_values(self.plan, table, field), strict=True))

    def block(self, anchor: str) -> list[dict[int, Value]]:
        """The values of a block, line by line."""
        lines: dict[int, dict[int, Value]] = defaultdict(dict)
        for cell in self.plan.block(anchor).cells:
            if cell.value is not None:
                lines[cell.row][cell.column] = cell.value
        return [lines[row] for row in sorted(lines)]

    def line(self, anchor: str, label: str) -> list[Value]:
        """The line of a block that begins with a label, without it."""
        for line in self.block(anchor):
            cells = list(line.values())
            if label in cells[:2]:
                return cells[cells.index(label) + 1 :]
        raise AssertionError(f"{anchor} has no line {label}")

    def has_text(self, anchor: str, text: str) -> bool:
        return any(text in line.values() for line in self.block(anchor))


@cache
def book(name: str, customers: int = CUSTOMERS) -> Book:
    model = load(starter_path(name))
    rows = demo_rows(name, Language.ZH, AS_OF, customers)
    state, _, _ = initial_state(model, Language.ZH, rows, "abcd")
    plan = compiled(Context(model, Language.ZH, state, serial_of_date(AS_OF))).plan
    labels = {found.id: {item.id: item.label.zh for item in found.items} for found in model.lists}
    return Book(plan, rows, labels)


@cache
def told(name: str, language: Language = Language.ZH) -> Book:
    """What statistics say of a larger world, without the rest of the book: few customers prove little."""
    model = load(starter_path(name))
    analyses = {"alarms", "insights"}
    boards = tuple(replace(b, blocks=tuple(x for x in b.blocks if x.id in analyses)) for b in model.boards)
    model = replace(model, boards=tuple(b for b in boards if b.blocks), brief=(), history=None)
    rows = demo_rows(name, language, AS_OF, 300)
    state, _, _ = initial_state(model, language, rows, "abcd")
    plan = compiled(Context(model, language, state, serial_of_date(AS_OF))).plan
    return Book(plan, rows, {})


def _this_year(rows: list[Row]) -> Iterator[Row]:
    for row in rows:
        day = row["date"]
        assert isinstance(day, date)
        if YEAR_BEGINS <= day <= AS_OF:
            yield row


def _number(value: object) -> float:
    assert isinstance(value, int | float), value
    return value


def _net(row: Row) -> float:
    if row["status"] == "cancelled":
        return 0
    return _number(row["quantity"]) * _number(row["price"]) * (-1 if row["type"] == "return" else 1)


def _sums(rows: Iterator[Row], key: Callable[[Row], object]) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for row in rows:
        found[str(key(row))] += _net(row)
    return found


def _counts_as_order(row: Row) -> bool:
    return row["type"] != "return" and row["status"] != "cancelled"


def _last_orders(rows: Rows) -> dict[str, date]:
    found: dict[str, date] = {}
    for row in rows["transactions"]:
        day = row["date"]
        assert isinstance(day, date)
        if _counts_as_order(row):
            found[str(row["customer"])] = max(day, found.get(str(row["customer"]), day))
    return found


THREE_MONTHS_AGO = date(2026, 3, 24)


# -- performance ------------------------------------------------------------------------------------------


def test_the_scorecard_ranks_people_by_revenue_and_shows_their_targets() -> None:
    perf = book("performance")
    sold = _sums(_this_year(perf.rows["transactions"]), lambda row: row["owner"])
    ranked = sorted(sold, key=lambda owner: -sold[owner])
    asked: dict[str, float] = defaultdict(float)
    for row in perf.rows["targets"]:
        month = row["month"]
        assert isinstance(month, date)
        if row["metric"] == "revenue" and date(2025, 7, 1) <= month <= AS_OF:
            asked[str(row["owner"])] += _number(row["value"])
    for place, owner in enumerate(ranked, 1):
        line = next(
            list(found.values()) for found in perf.block("rep_scorecard.results") if owner in found.values()
        )
        assert line[0] == place
        assert line[2] == pytest.approx(sold[owner])
        assert line[3] == pytest.approx(asked[owner])


def test_who_discounts_too_deeply_stands_out() -> None:
    perf = book("performance")
    prices = {row["name"]: _number(row["price"]) for row in perf.rows["products"]}
    listed: dict[str, float] = defaultdict(float)
    given: dict[str, float] = defaultdict(float)
    for row in _this_year(perf.rows["transactions"]):
        if _counts_as_order(row):
            amount = _number(row["quantity"]) * prices[row["product"]]
            listed[str(row["owner"])] += amount
            given[str(row["owner"])] += amount - _number(row["quantity"]) * _number(row["price"])
    rates = {owner: given[owner] / listed[owner] for owner in listed}
    worst = max(rates, key=lambda owner: rates[owner])
    others = [rate for owner, rate in rates.items() if owner != worst]
    assert worst == "孙志强"
    assert rates[worst] > 2 * max(others)
    assert any(
        isinstance(v, float) and v == pytest.approx(rates[worst])
        for v in perf.line("rep_scorecard.results", worst)
    )


def test_only_orders_stand_above_the_discount_limit() -> None:
    made = book("performance")
    prices = {str(row["name"]): _number(row["price"]) for row in made.rows["products"]}
    above = []
    for row in made.rows["transactions"]:
        day = row["date"]
        assert isinstance(day, date)
        if day > THREE_MONTHS_AGO and 1 - _number(row["price"]) / prices[str(row["product"])] > 0.1:
            above.append(row)
    orders = sum(map(_counts_as_order, above))
    assert 0 < orders < len(above)
    title = next(str(v) for v in made.block("alerts.discounts")[0].values())
    assert f"{orders} " in title


def test_gross_profit_is_sales_less_cost() -> None:
    perf = book("performance")
    costs = {row["name"]: _number(row["cost"]) for row in perf.rows["products"]}
    by_hand = []
    for row in perf.rows["transactions"]:
        sign = 0 if row["status"] == "cancelled" else -1 if row["type"] == "return" else 1
        by_hand.append(_net(row) - sign * _number(row["quantity"]) * costs[row["product"]])
    assert column_values(perf.plan, "transactions", "profit") == pytest.approx(by_hand)
    assert 0.2 < sum(by_hand) / sum(map(_net, perf.rows["transactions"])) < 0.6


def test_return_rate_by_product_is_returned_over_sold() -> None:
    perf = book("performance")
    sold: dict[str, float] = defaultdict(float)
    back: dict[str, float] = defaultdict(float)
    for row in _this_year(perf.rows["transactions"]):
        if row["type"] == "return":
            back[str(row["product"])] += _number(row["quantity"])
        elif row["status"] != "cancelled":
            sold[str(row["product"])] += _number(row["quantity"])
    line = perf.line("product_mix.products", "智能手表")
    assert any(isinstance(v, float) and v == pytest.approx(back["智能手表"] / sold["智能手表"]) for v in line)
    assert back["智能手表"] > 0


def test_ideas_access_and_actions_say_what_is_due() -> None:
    perf = book("performance")
    reviews = column_values(perf.plan, "access_reviews", "next_review")
    assert sum(_number(day) < serial_of_date(AS_OF) for day in reviews) == 2
    late = column_values(perf.plan, "actions", "days_late")
    open_ones = [row["due"] for row in perf.rows["actions"] if row["status"] not in ("done", "cancelled")]
    by_hand = [day for day in open_ones if isinstance(day, date) and day < AS_OF]
    assert sum(isinstance(days, int | float) for days in late) == len(by_hand) == 3
    assert any(row["status"] == "open" for row in perf.rows["staff_feedback"])
    shown = [str(v) for line in perf.block("rep_scorecard.practices") for v in line.values()]
    assert sum(row["best_practice"] is True for row in perf.rows["actions"]) == 3
    assert all(str(row["problem"]) in shown for row in perf.rows["actions"] if row["best_practice"])


def test_completeness_is_the_share_of_eight_columns() -> None:
    perf = book("performance")
    fields = ("title", "email", "industry", "company_size", "province", "level", "priority", "needs")
    by_hand = [sum(row[f] is not None for f in fields) / 8 for row in perf.rows["customers"]]
    assert column_values(perf.plan, "customers", "filled_share") == pytest.approx(by_hand)
    assert any(share < 1 for share in by_hand)


# -- account-manager ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["account-manager", "performance", "charts"])
def test_flags_tell_who_may_be_lost_who_matters_and_who_is_active(name: str) -> None:
    made = book(name)
    last = _last_orders(made.rows)
    flags = made.column("customers", "flag")
    words = made.labels["account_flag"]
    for row in made.rows["customers"]:
        high = row["priority"] == "high" or row["level"] == "ka"
        day = last.get(str(row["name"]))
        if day is None:
            expected = "high" if high else "lead"
        elif day < THREE_MONTHS_AGO:
            expected = "at_risk"
        else:
            expected = "high" if high else "active"
        assert flags[str(row["name"])] == words[expected], row["name"]
    assert {words[id_] for id_ in ("high", "active", "at_risk", "lead")} <= set(flags.values())


def test_dates_typed_without_records_count_too() -> None:
    model = load(starter_path("account-manager"))
    rows: Rows = {
        "users": [{"name": "甲", "role": "sales"}],
        "customers": [
            {
                "name": "只填日期",
                "owner": "甲",
                "purchase_date": date(2026, 6, 1),
                "contact_date": date(2026, 6, 2),
            },
            {"name": "什么都没有", "owner": "甲"},
        ],
    }
    state, _, _ = initial_state(model, Language.ZH, rows, "abcd")
    plan = compiled(Context(model, Language.ZH, state, serial_of_date(AS_OF))).plan
    assert column_values(plan, "customers", "last_order") == [serial_of_date(date(2026, 6, 1)), ""]
    assert column_values(plan, "customers", "last_contact") == [serial_of_date(date(2026, 6, 2)), ""]
    assert column_values(plan, "customers", "flag") == ["活跃", "尚未购买"]


def test_customer_360_shows_one_customer_only() -> None:
    made = book("account-manager")
    chosen = str(made.rows["customers"][0]["name"])
    profile = [v for line in made.block("customer_360.profile") for v in line.values()]
    assert made.rows["customers"][0]["contact_name"] in profile
    orders = sorted(
        (str(row["order_no"]) for row in made.rows["transactions"] if row["customer"] == chosen),
        reverse=True,
    )
    shown = [str(v) for line in made.block("customer_360.orders") for v in line.values()]
    assert {number for number in shown if number[:2] in ("SO", "RT")} <= set(orders)
    assert len({number for number in shown if number in orders}) == min(10, len(orders))


def test_a_strategy_stands_beside_the_figures_of_its_industry() -> None:
    made = book("account-manager")
    count: dict[object, int] = defaultdict(int)
    industry = {row["name"]: row["industry"] for row in made.rows["customers"]}
    for row in made.rows["customers"]:
        count[row["industry"]] += 1
    revenue: dict[object, float] = defaultdict(float)
    for row in _this_year(made.rows["transactions"]):
        revenue[industry[row["customer"]]] += _net(row)
    ids = [row["industry"] for row in made.rows["strategies"]]
    assert column_values(made.plan, "strategies", "customer_count") == [count[i] for i in ids]
    assert column_values(made.plan, "strategies", "revenue_12m") == pytest.approx([revenue[i] for i in ids])


def test_the_ranking_by_value_is_by_gross_profit() -> None:
    made = book("account-manager")
    profit = made.column("customers", "profit_total")
    best = sorted((name for name, value in profit.items()), key=lambda name: -_number(profit[name]))[:10]
    shown = [str(v) for line in made.block("clv.ranking") for v in line.values() if str(v) in profit]
    assert shown[:10] == best


# -- key-account-kpi ---------------------------------------------------------------------------------------


def test_health_is_the_weighted_mean_of_what_is_known() -> None:
    made = book("key-account-kpi")
    weights = {"trend": 30, "opinion": 20, "loyalty": 20, "usage": 15, "payment": 15}
    scores = {part: made.column("customers", f"score_{part}") for part in weights}
    words = made.labels["health"]
    seen = set()
    for name, score in made.column("customers", "health_score").items():
        known = {p: _number(scores[p][name]) for p in weights if scores[p][name] != ""}
        state = made.column("customers", "health")[name]
        seen.add(state)
        if not known:
            assert (score, state) == ("", words["unknown"])
            continue
        mean = sum(weights[p] * known[p] for p in known) / sum(weights[p] for p in known)
        assert score == pytest.approx(mean, abs=0.5 + 1e-9)
        level = "healthy" if _number(score) >= 70 else "watch" if _number(score) >= 50 else "risk"
        assert state == words[level]
    assert seen == set(words.values())


def test_scores_of_single_parts_by_hand() -> None:
    made = book("key-account-kpi")
    growth, trend = made.column("customers", "growth"), made.column("customers", "score_trend")
    for name, value in growth.items():
        if value != "":
            assert trend[name] == pytest.approx(max(0, min(100, 60 + 200 * _number(value))))
    usage = made.column("customers", "usage")
    for row in made.rows["customers"]:
        if row["seats_licensed"]:
            by_hand = _number(row["seats_active"]) / _number(row["seats_licensed"])
            assert usage[str(row["name"])] == pytest.approx(by_hand)


def test_key_accounts_of_one_trade_sleep() -> None:
    made = book("key-account-kpi")
    last = _last_orders(made.rows)
    big = [row for row in made.rows["customers"] if row["level"] == "ka" and str(row["name"]) in last]
    sleeping = [row for row in big if last[str(row["name"])] < THREE_MONTHS_AGO]
    shops = [row for row in big if row["industry"] == "ecommerce"]
    asleep = [row for row in shops if row in sleeping]
    assert len(asleep) >= 3
    assert {row["owner"] for row in asleep} == {"周雅婷"}
    rest = [row for row in big if row["industry"] != "ecommerce"]
    assert len(asleep) / len(shops) > 1.5 * len([r for r in rest if r in sleeping]) / len(rest)
    listed = [str(v) for line in made.block("scorecard.accounts") for v in line.values()]
    risky = made.column("customers", "health")
    assert any(str(row["name"]) in listed and risky[str(row["name"])] == "风险" for row in asleep)


def test_overdue_payments_are_those_past_their_date() -> None:
    made = book("key-account-kpi")
    by_hand = 0.0
    for row in made.rows["transactions"]:
        if row["due_date"] is not None and isinstance(row["due_date"], date):
            open_amount = max(0.0, _net(row) - _number(row["paid"]))
            by_hand += open_amount if row["due_date"] < AS_OF else 0
    assert by_hand > 0
    assert sum(map(_number, made.column("customers", "overdue_amount").values())) == pytest.approx(by_hand)


def test_conversion_by_industry_is_that_of_its_leads() -> None:
    made = book("key-account-kpi")
    last = _last_orders(made.rows)
    leads: dict[str, int] = defaultdict(int)
    bought: dict[str, int] = defaultdict(int)
    for row in made.rows["customers"]:
        created = row["created"]
        assert isinstance(created, date)
        if YEAR_BEGINS <= created <= AS_OF:
            leads[str(row["industry"])] += 1
            bought[str(row["industry"])] += str(row["name"]) in last
    for industry, count in leads.items():
        line = made.line("conversion.industries", made.labels["industry"][industry])
        assert line[:2] == [count, bought[industry]]
        if count >= 5:
            assert line[2] == pytest.approx(bought[industry] / count)
        else:
            assert not isinstance(line[2], int | float) or line[2] != bought[industry] / count


def test_only_costs_that_count_make_up_the_acquisition_cost() -> None:
    made = book("key-account-kpi")
    by_hand = [
        0 if row["cost_type"] in ("salary", "tools", "other") else row["amount"] for row in made.rows["costs"]
    ]
    assert column_values(made.plan, "costs", "counted") == by_hand


# -- follow-up ---------------------------------------------------------------------------------------------


def test_a_region_declines() -> None:
    made = book("follow-up")
    region = {row["name"]: row["region"] for row in made.rows["customers"]}
    recent: dict[object, float] = defaultdict(float)
    before: dict[object, float] = defaultdict(float)
    for row in made.rows["transactions"]:
        day = row["date"]
        assert isinstance(day, date)
        if date(2026, 1, 1) <= day:
            recent[region[row["customer"]]] += _net(row)
        elif date(2025, 1, 1) <= day <= date(2025, 6, 24):
            before[region[row["customer"]]] += _net(row)
    change = {r: recent[r] / before[r] for r in before if before[r] > 100_000}
    assert change["south"] < 0.75
    assert change["south"] < fmean(change.values())


def test_stale_is_three_calendar_months_and_never_bought_is_apart() -> None:
    made = book("follow-up")
    last = _last_orders(made.rows)
    flags = made.column("customers", "last_order")
    for row in made.rows["customers"]:
        day = last.get(str(row["name"]))
        assert flags[str(row["name"])] == ("" if day is None else serial_of_date(day))
    stale = {name for name, day in last.items() if day < THREE_MONTHS_AGO}
    title = next(str(v) for v in made.block("dashboard.stale_list")[0].values())
    assert str(len(stale)) in title


def test_lead_scores_add_recent_events_by_their_weight() -> None:
    made = book("follow-up")
    weights = {"visit": 1, "download": 5, "form": 10, "webinar": 8, "trial": 15}
    score: dict[str, int] = defaultdict(int)
    for row in made.rows["lead_events"]:
        day = row["date"]
        assert isinstance(day, date)
        if day > THREE_MONTHS_AGO:
            score[str(row["customer"])] += weights[str(row["event"])]
    assert made.column("customers", "lead_score") == {
        str(row["name"]): score[str(row["name"])] for row in made.rows["customers"]
    }
    assert max(score.values()) >= 15


def test_the_pool_has_only_customers_that_may_be_released() -> None:
    made = book("follow-up")
    contacted: dict[str, date] = {}
    for row in made.rows["activities"]:
        day = row["date"]
        assert isinstance(day, date)
        contacted[str(row["customer"])] = max(day, contacted.get(str(row["customer"]), day))
    busy = {row["customer"] for row in made.rows["deals"] if row["closed_date"] is None}
    free = set()
    for row in made.rows["customers"]:
        day = contacted.get(str(row["name"]), row["created"])
        assert isinstance(day, date)
        if row["locked"] is not True and row["name"] not in busy and (AS_OF - day).days > 60:
            free.add(str(row["name"]))
    shown = {str(v) for line in made.block("pool.candidates") for v in line.values()}
    names = {str(row["name"]) for row in made.rows["customers"]}
    assert shown & names <= free
    assert len(shown & names) == min(50, len(free))
    assert len(free) > 10


def test_interest_leaves_out_who_declined_marketing() -> None:
    made = book("follow-up")
    names = {str(row["name"]) for row in made.rows["customers"]}
    shown = {str(v) for line in made.block("interest.customers") for v in line.values()} & names
    for row in made.rows["customers"]:
        if row["consent"] is False or row["interest"] is None:
            assert str(row["name"]) not in shown
    assert len(shown) == 50


def _complains(row: Row) -> bool:
    """By its rating; without one by its text."""
    if isinstance(row["rating"], int):
        return row["rating"] <= 2
    return (sentiment.score(str(row["text"])) or 0) <= -sentiment.CLEAR


def test_returns_stand_beside_negative_feedback_by_product() -> None:
    made = book("follow-up")
    feedback = [row for row in _this_year(made.rows["feedback"]) if row["product"] == "智能手表"]
    poor = sum(_complains(row) for row in feedback)
    line = made.line("feedback_summary.products", "智能手表")
    assert line[2:4] == [len(feedback), poor]
    assert _number(line[0]) > 0.03


def test_steps_overdue_today_and_soon_are_listed_apart() -> None:
    made = book("follow-up")
    due = [
        row["next_date"] for row in made.rows["activities"] if row["next_date"] and row["done_date"] is None
    ]
    overdue = [day for day in due if isinstance(day, date) and day < AS_OF]
    listed = made.block("today.overdue")
    title = next(str(v) for v in listed[0].values())
    assert str(len(overdue)) in title
    assert len(listed) - 2 >= min(25, len(overdue))


# -- charts ------------------------------------------------------------------------------------------------


def _buyers(made: Book) -> dict[str, Buyer]:
    """Who ever bought, as RFM sees them: days since, orders and net amount of twelve months."""
    last = _last_orders(made.rows)
    orders: dict[str, int] = defaultdict(int)
    money: dict[str, float] = defaultdict(float)
    for row in made.rows["transactions"]:
        day = row["date"]
        assert isinstance(day, date)
        if day > date(2025, 6, 24):
            orders[str(row["customer"])] += _counts_as_order(row)
            money[str(row["customer"])] += _net(row)
    return {
        name: Buyer((AS_OF - day).days, orders[name], round(money[name], 2)) for name, day in last.items()
    }


@pytest.mark.parametrize("customers", [CUSTOMERS, 4], ids=["ranked", "by-thresholds"])
def test_grades_segments_and_tiers_are_those_of_the_statistic(customers: int) -> None:
    made = book("charts", customers)
    buyers = _buyers(made)
    limits = Thresholds((30, 60, 90, 180), (1, 3, 5, 8), (10_000, 50_000, 100_000, 500_000))
    found = scored(list(buyers.values()), limits)
    assert found.gate is (Gate.OK if customers == CUSTOMERS else Gate.SMALL_N)
    scores = dict(zip(buyers, found.scores, strict=True))
    grades, segments, tiers = (made.labels[name] for name in ("rfm_grade", "rfm_segment", "value_tier"))
    eight = dict(zip(buyers, eight_segments(list(buyers.values())), strict=True))
    tier_ids = {Tier.HIGH: "high", Tier.MIDDLE: "usual", Tier.LOW: "low"}
    fields = ("recency", "frequency", "money", "rfm_segment", "value_tier")
    in_eight = made.column("customers", "rfm_eight")
    columns = {field: made.column("customers", field) for field in fields}
    for row in made.rows["customers"]:
        name = str(row["name"])
        shown = tuple(columns[field][name] for field in fields)
        score = scores.get(name)
        assert in_eight[name] == made.labels["rfm_eight"][eight.get(name, "not_bought")]
        if score is None:
            assert shown == (*[grades["none"]] * 3, segments["not_bought"], tiers["not_bought"])
            continue
        marks = (grades[f"g{mark}"] for mark in (score.recency, score.frequency, score.money))
        assert shown == (*marks, segments[score.segment], tiers[tier_ids[score.tier]])


def test_campaigns_count_the_customers_they_brought() -> None:
    made = book("charts")
    brought: dict[object, int] = defaultdict(int)
    for row in made.rows["customers"]:
        brought[row["campaign"]] += 1
    names = [row["name"] for row in made.rows["campaigns"]]
    assert column_values(made.plan, "campaigns", "leads") == [brought[name] for name in names]
    assert sum(brought[name] for name in names) > 0


def test_every_chart_of_the_catalogue_is_there() -> None:
    kinds = {chart.type.value for chart in _charts("charts")}
    assert kinds >= {
        *("line", "column", "bar", "doughnut", "scatter", "pareto", "funnel", "bullet", "waterfall"),
        *("control", "combo"),
    }


def _charts(name: str) -> Iterator[ChartBlock]:
    for board in load(starter_path(name)).boards:
        yield from (block for block in board.blocks if isinstance(block, ChartBlock))


# -- what the analyses find --------------------------------------------------------------------------------


def _sentences(made: Book, anchor: str) -> list[str]:
    return [str(next(iter(line.values()))) for line in made.block(anchor)]


def test_insights_name_the_region_and_the_rep() -> None:
    made = told("performance")
    said = _sentences(made, "dashboard.insights")
    assert any("华南" in sentence and "上年同期" in sentence for sentence in said)
    assert any("孙志强" in sentence and "平均折扣" in sentence for sentence in said)
    assert any("下季度" in sentence and "建议目标" in sentence for sentence in said)


@pytest.mark.parametrize(
    "anchor",
    ["performance:dashboard", "account-manager:meeting", "key-account-kpi:dashboard", "follow-up:dashboard"],
)
def test_sentences_have_room_for_names_as_long_as_those_in_english(anchor: str) -> None:
    name, board = anchor.split(":")
    said = _sentences(told(name, Language.EN), f"{board}.insights")
    assert any("gone silent" in sentence for sentence in said)
    assert all(wrapped_lines(sentence, 38 * GRID_WIDTH) <= 2 for sentence in said), said


def test_alarms_name_the_region_the_rep_and_the_silent() -> None:
    made = told("performance")
    rows = [list(line.values()) for line in made.block("alerts.alarms")]
    assert any(row[:2] == ["华南", "销售额"] for row in rows)
    assert any(row[:2] == ["孙志强", "平均折扣"] for row in rows)
    last = _last_orders(made.rows)
    silent = [row for row in rows if len(row) > 3 and "久未购买" in str(row[3])]
    assert silent
    for row in silent:
        assert row[4] == f"{(AS_OF - last[str(row[0])]).days} 天"


def test_sleeping_key_accounts_are_told_of() -> None:
    made = told("key-account-kpi")
    named = {str(next(iter(line.values()))) for line in made.block("alerts.alarms")}
    trade = {
        str(r["name"]) for r in made.rows["customers"] if r["industry"] == "ecommerce" and r["level"] == "ka"
    }
    assert named & trade


def test_the_white_space_is_what_was_not_bought() -> None:
    made = book("account-manager")
    bought = defaultdict(set)
    for row in made.rows["transactions"]:
        if _net(row) > 0:
            bought[str(row["customer"])].add(str(row["product"]))
    lines = made.block("segments.openings")
    heads = list(next(line for line in lines if "首选" in line.values()).items())
    checked = 0
    for line in lines:
        who = str(next(iter(line.values())))
        for column, product in heads[2:]:
            if who in bought and column in line:
                value = line[column]
                assert (value == "●") or (product not in bought[who]) or isinstance(value, float)
                checked += value == "●" and product in bought[who]
    assert checked > 20


def test_lifetime_values_are_predicted_where_there_are_enough() -> None:
    rows = [line for line in book("account-manager").block("clv.expected") if len(line) == 7]
    values = [list(line.values()) for line in rows if not isinstance(list(line.values())[1], str)]
    assert values
    for row in values:
        assert 0 < _number(row[4]) <= 1
        assert _number(row[6]) > 0
    predicted = [_number(row[6]) for row in values]
    assert predicted == sorted(predicted, reverse=True)


def test_the_parts_of_a_change_add_up() -> None:
    lines = {
        str(next(iter(line.values()))): list(line.values())
        for line in book("follow-up").block("analysis.parts")
    }
    before, now = _number(lines["上年同期"][2]), _number(lines["本期"][2])
    parts = sum(_number(lines[name][2]) for name in ("＋ 新增", "－ 流失", "＋ 扩大", "－ 缩小"))
    assert before + parts == pytest.approx(now)
    by_price = sum(_number(lines[name][1]) for name in ("价格", "数量", "结构"))
    assert by_price == pytest.approx(now - before)


def test_age_and_taste_are_not_said_to_cause_each_other() -> None:
    said = " ".join(_sentences(book("follow-up"), "analysis.tastes"))
    assert "相关不等于因果" in said
    assert "Cramér" in said
