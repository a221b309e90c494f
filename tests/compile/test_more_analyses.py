"""Analyses by customer and product, and insights, in a trade of which the answers are known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.compile.analyses_world import (
    CUSTOMERS,
    MONTHS,
    Disturb,
    Order,
    Shown,
    customer_name,
    halved,
    orders,
    plan_of,
    shown,
    table_rows,
)

from crmsheet.excel.values import Value
from crmsheet.model.words import Language

PARTS = "      - {id: a, analysis: {type: decomposition, metrics: [revenue, units], entity: customer, by: product}}"
SPACE = (
    "      - {id: a, analysis: {type: white_space, metrics: revenue, entity: customer, by: product, top: 24}}"
)
GOES_WITH = (
    "      - {id: a, analysis: {type: association, metrics: n_orders, entity: customer, by: customer.age,"
    " across: product}}"
)
CLV = "      - {id: a, analysis: {type: clv, metrics: revenue, entity: customer, top: 3}}"
STAYING = "      - {id: a, analysis: {type: survival, metrics: n_orders, entity: customer}}"
RATES = "      - {id: a, analysis: {type: win_loss, metrics: large_share, by: seller, last: 12}}"
INSIGHTS = (
    "      - {id: a, analysis: {type: insights, metrics: [revenue, discount_rate], entity: customer,"
    " by: [customer.region, customer]}}"
)


def found(folder: Path, blocks: str, disturb: Disturb, language: Language = Language.ZH) -> Shown:
    return shown(plan_of(folder, blocks, table_rows(orders(disturb)), language=language), "a")


def _figures(seen: Shown) -> dict[Value, list[Value]]:
    return {row[0]: row[1:] for row in seen.rows}


def _number(value: Value) -> float:
    assert isinstance(value, int | float)
    return float(value)


# -- what a change consists of ------------------------------------------------------------------------------


def _came_and_went(one: Order) -> Order | None:
    """Customer 0 left in the last three months, customer 1 had not come a year before, customer 2 pays double."""
    last, before = one.month >= MONTHS - 3, MONTHS - 15 <= one.month < MONTHS - 12
    if (one.customer == 0 and last) or (one.customer == 1 and before):
        return None
    return replace(one, amount=one.amount * 2) if one.customer == 2 and last else one


def test_the_parts_add_up_to_the_change(tmp_path: Path) -> None:
    parts = _figures(found(tmp_path, PARTS, _came_and_went))
    before, now = _number(parts["上年同期"][1]), _number(parts["本期"][1])
    by_customer = [_number(parts[name][1]) for name in ("＋ 新增", "－ 流失", "＋ 扩大", "－ 缩小")]
    assert before + sum(by_customer) == pytest.approx(now)
    by_price = [_number(parts[name][1]) for name in ("价格", "数量", "结构")]
    assert sum(by_price) == pytest.approx(now - before)
    assert (parts["＋ 新增"][0], parts["－ 流失"][0]) == (1, 1)
    assert customer_name(2) in parts


def test_customers_that_brought_nothing_are_not_counted(tmp_path: Path) -> None:
    def cancelled(one: Order) -> Order | None:
        came = _came_and_went(one)
        return came or replace(one, amount=0.0)  # Customers 0 and 1 ordered, but all was cancelled.

    parts, before = (
        _figures(found(tmp_path, PARTS, cancelled)),
        _figures(found(tmp_path, PARTS, _came_and_went)),
    )
    for name in ("上年同期", "＋ 新增", "－ 流失", "＋ 扩大", "－ 缩小", "本期"):
        assert parts[name][0] == before[name][0], name
    assert parts["上年同期"][0] == parts["本期"][0] == CUSTOMERS - 1


def test_what_prices_alone_change(tmp_path: Path) -> None:
    def dearer(one: Order) -> Order:
        usual = replace(one, amount=100.0, product="A")
        return replace(usual, amount=150.0) if one.month >= MONTHS - 3 else usual

    parts = _figures(found(tmp_path, PARTS, dearer))
    assert parts["价格"][1] == pytest.approx(50 * 3 * CUSTOMERS)
    assert parts["数量"][1] == pytest.approx(0)
    assert parts["结构"][1] == pytest.approx(0)


def test_orders_without_a_product_are_part_of_the_change(tmp_path: Path) -> None:
    def unnamed(one: Order) -> Order:
        return (
            replace(one, amount=200.0, product="") if one.month == MONTHS - 1 else replace(one, amount=100.0)
        )

    parts = _figures(found(tmp_path, PARTS, unnamed))
    change = _number(parts["本期"][1]) - _number(parts["上年同期"][1])
    assert change == pytest.approx(100 * CUSTOMERS)
    assert sum(_number(parts[name][1]) for name in ("价格", "数量", "结构")) == pytest.approx(change)


def test_what_comes_back_is_no_change_of_prices(tmp_path: Path) -> None:
    """Of the last three months every third order is sent back: fewer are sold, at the price they always had."""

    def returned(one: Order) -> Order:
        back = one.month >= MONTHS - 3 and one.customer % 3 == 0
        return replace(one, amount=-100.0 if back else 100.0, product="A")

    parts = _figures(found(tmp_path, PARTS.replace("units", "kept"), returned))
    assert parts["价格"][1] == pytest.approx(0)
    assert parts["数量"][1] == pytest.approx(-2 * 100 * 3 * CUSTOMERS / 3)
    assert parts["结构"][1] == pytest.approx(0)


def test_without_a_year_before_there_is_no_change(tmp_path: Path) -> None:
    seen = found(tmp_path, PARTS, lambda one: one if one.month >= MONTHS - 5 else None)
    assert seen.rows == []
    assert "上年同期" in seen.said


# -- white space -------------------------------------------------------------------------------------------


def test_what_a_customer_lacks_is_named_with_its_ground(tmp_path: Path) -> None:
    seen = found(tmp_path, SPACE, lambda one: replace(one, product="A") if one.customer == 4 else one)
    assert seen.heads[:4] == ["客户", "首选", "A", "B"]
    row = _figures(seen)[customer_name(4)]
    # All of the other 23 who have A have B: 23 of 24.
    assert row[:3] == ["B 96%", "●", pytest.approx(23 / 24)]
    others = {name: cells[:3] for name, cells in _figures(seen).items() if name != customer_name(4)}
    assert set(map(tuple, others.values())) == {(None, "●", "●")}
    assert f"{customer_name(4)} 还没有 B" in seen.said


# -- association -------------------------------------------------------------------------------------------


def test_what_goes_together_is_told_and_held_back(tmp_path: Path) -> None:
    seen = found(tmp_path, GOES_WITH, lambda one: replace(one, product="AB"[one.customer % 2]), Language.EN)
    assert "1.00 (strong)" in seen.said
    assert "Correlation is not cause" in seen.said
    assert seen.rows[0][:6] == ["30", "A", 12, 1.0, 0.5, 2.0]
    assert "n=24" in seen.note


def test_no_association_is_said_to_be_none(tmp_path: Path) -> None:
    seen = found(tmp_path, GOES_WITH, lambda one: one)
    assert "看不出" in seen.said


def test_one_kind_only_cannot_be_compared(tmp_path: Path) -> None:
    seen = found(tmp_path, GOES_WITH, lambda one: replace(one, product="A"))
    assert seen.rows == []
    assert "只有一类" in seen.said


# -- lifetime ----------------------------------------------------------------------------------------------


def test_few_customers_get_no_prediction(tmp_path: Path) -> None:
    seen = found(tmp_path, CLV, lambda one: one)
    assert "24 个客户" in seen.said
    assert "100" in seen.said
    largest = [row for row in seen.rows if row[0] == customer_name(4)]
    assert len(seen.rows) == 3
    assert largest[0][1] == MONTHS - 1
    assert largest[0][4:] == [None, None, None]
    total = sum(round(one.amount, 2) for one in orders() if one.customer == 4)
    assert largest[0][2] == pytest.approx(total)


def test_nobody_who_bought_gets_no_head_of_a_table(tmp_path: Path) -> None:
    seen = found(tmp_path, CLV, lambda _: None)
    assert "0 个客户" in seen.said
    assert seen.rows == []
    assert not any(seen.heads)


def test_a_curve_of_customers_who_stay(tmp_path: Path) -> None:
    """Six of 24 buy for the last time in the 13th month, a year after the first one; the others stay."""
    seen = found(tmp_path, STAYING, lambda one: None if one.customer < 6 and one.month > 12 else one)
    shares = {row[0]: row[1] for row in seen.rows}
    assert shares["首购后 6 个月"] == 1
    assert shares["首购后 12 个月"] == 0.75
    assert shares["首购后 24 个月"] == 0.75
    assert "6 个流失" in seen.note
    assert "75%" in seen.said


def test_newcomers_of_whom_nothing_can_be_told_yet_do_not_count_as_staying(tmp_path: Path) -> None:
    """Ten buy once and never again, ten every month; four came three months ago and cannot have been lost yet."""

    def comes(one: Order) -> bool:
        if one.customer < 10:
            return one.month == 0
        return one.customer < 20 or one.month >= MONTHS - 3

    seen = found(tmp_path, STAYING, lambda one: one if comes(one) else None)
    shares = {row[0]: row[1] for row in seen.rows}
    assert (shares["首购后 3 个月"], shares["首购后 24 个月"]) == (0.5, 0.5)
    assert "20 个客户，10 个流失" in seen.note


def test_a_curve_needs_customers(tmp_path: Path) -> None:
    seen = found(tmp_path, STAYING, lambda one: one if one.customer < 10 else None)
    assert seen.rows == []
    assert "样本不足" in seen.said


# -- win rates ---------------------------------------------------------------------------------------------


def test_rates_against_each_have_limits_and_are_held_against_the_others(tmp_path: Path) -> None:
    """Ann's orders are large in half of the cases, Bob's always: of 100 exactly is not above 100."""
    seen = found(
        tmp_path,
        RATES,
        lambda one: replace(one, amount=150.0 if one.seller else 50.0 + 100 * (one.month % 2)),
    )
    rows = {row[0]: row[1:] for row in seen.rows}
    assert rows["Ann"][:3] == [12 * 12, 12 * 6, 0.5]
    assert rows["Bob"][2] == 1.0
    assert (rows["Ann"][5], rows["Bob"][5]) == ("低于其他", "高于其他")
    assert "n=288" in seen.note


def test_nobody_is_the_worst_where_all_are_alike(tmp_path: Path) -> None:
    seen = found(tmp_path, RATES, lambda one: replace(one, amount=50.0))
    assert seen.said == "总体 0%（n=288）。"


def test_few_cases_have_no_rate(tmp_path: Path) -> None:
    seen = found(tmp_path, RATES, lambda one: one if one.customer in (0, 3) and one.month == 35 else None)
    assert seen.rows == []
    assert "样本不足" in seen.said


# -- insights ----------------------------------------------------------------------------------------------


def test_without_rows_nothing_was_looked_at(tmp_path: Path) -> None:
    seen = found(tmp_path, INSIGHTS, lambda _: None)
    assert (seen.said, seen.rows) == ("还没有已结束的月份的数据。", [])


def test_a_quiet_trade_has_little_to_tell(tmp_path: Path) -> None:
    seen = found(tmp_path, INSIGHTS, lambda one: one)
    said = [str(row[0]) for row in seen.rows]
    assert len(said) == 2
    assert "在正常波动之内" in said[0]
    assert "建议目标" in said[1]
    assert seen.rows[0][1] == "n=36 个月"


def test_a_month_without_any_rows_is_first_asked_about(tmp_path: Path) -> None:
    seen = found(tmp_path, INSIGHTS, lambda one: None if one.month == MONTHS - 1 else one)
    said = [str(row[0]) for row in seen.rows]
    assert "先看数据是否录全" in said[0]
    assert not any(text.startswith("全部") and "低于控制下限" in text for text in said)


def test_the_region_and_who_is_behind_it_are_named(tmp_path: Path) -> None:
    def two_leave(one: Order) -> Order:
        # Of the south: customers 14 and 17 nearly stop, the others buy a little less.
        if one.region != 2 or one.month < MONTHS - 6:
            return one
        return replace(one, amount=one.amount * (0.05 if one.customer in (14, 17) else 0.97))

    for language, place in ((Language.ZH, "华南"), (Language.EN, "South")):
        seen = found(tmp_path, INSIGHTS, two_leave, language)
        sentence = next(str(row[0]) for row in seen.rows if place in str(row[0]))
        assert "¥" in sentence


def test_all_of_a_region_behind(tmp_path: Path) -> None:
    seen = found(tmp_path, INSIGHTS, halved(2, MONTHS - 6))
    assert any("华南" in str(row[0]) for row in seen.rows)
    assert not any("华东" in str(row[0]) or "华北" in str(row[0]) for row in seen.rows)


def test_the_silent_are_counted_with_what_they_brought(tmp_path: Path) -> None:
    seen = found(
        tmp_path,
        INSIGHTS,
        lambda one: None if one.customer in (4, 9) and one.month >= MONTHS - 6 else one,
    )
    sentence = next(str(row[0]) for row in seen.rows if "久未购买" in str(row[0]))
    assert sentence.startswith("2 个重要客户")
    assert customer_name(4) in sentence
    assert customer_name(9) in sentence
