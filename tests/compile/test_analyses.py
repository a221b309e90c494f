"""Analyses on boards: what they find in a regular trade, in a disturbed one, and in one that has just begun."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.compile.analyses_world import (
    AS_OF,
    Disturb,
    Order,
    Shown,
    compiled_of,
    customer_name,
    halved,
    orders,
    plan_of,
    shown,
    table_rows,
)

from crmsheet.compile.analyses.facts import EVERYWHERE, Facts, month_label
from crmsheet.excel.values import Value
from crmsheet.model.boards import Dimension
from crmsheet.model.words import Label, Language

ALARMS = (
    "      - {id: a, analysis: {type: alarms, metrics: [revenue, discount_rate], entity: customer,"
    " by: [customer.region, seller, customer]}}"
)
FORECAST = "      - {id: a, analysis: {type: forecast, metrics: revenue}}"
COHORTS = "      - {id: a, analysis: {type: cohort_retention, metrics: n_orders, entity: customer, last: 4}}"


def found(
    folder: Path, blocks: str, disturb: Disturb | None = None, language: Language = Language.ZH
) -> Shown:
    rows = table_rows(orders(disturb) if disturb else orders())
    return shown(plan_of(folder, blocks, rows, language=language), "a")


# -- the rows behind metrics ------------------------------------------------------------------------------


def test_months_hold_what_a_table_by_month_holds(tmp_path: Path) -> None:
    metrics = ["revenue", "large", "n_orders", "discount_rate", "thrice", "buyers", "mean"]
    blocks = f"      - {{id: t, table: {{metrics: [{', '.join(metrics)}], by: month, last: 3}}}}\n"
    done = compiled_of(tmp_path, blocks, table_rows(orders()))
    facts = Facts(done.context, done.environment)
    months = facts.months("revenue", 3)
    assert [month_label(m) for m in months] == ["2026-01", "2026-02", "2026-03"]
    cells = {(c.row, c.column): c.value for c in done.plan.block("board.t").cells}
    columns = sorted({column for row, column in cells if row == 2})
    for metric, column in zip(metrics, columns[1:], strict=True):
        live = [cells[row, column] for row in (2, 3, 4)]
        assert facts.series(metric, months)[EVERYWHERE] == pytest.approx(live), metric


def test_groups_add_up_to_the_whole(tmp_path: Path) -> None:
    done = compiled_of(tmp_path, FORECAST, table_rows(orders()))
    facts = Facts(done.context, done.environment)
    months = facts.months("revenue", 6)
    region = Dimension("region", Label.same("region"), paths=(("orders", "customer.region"),))
    parts = facts.series("revenue", months, region)
    assert sorted(parts) == ["华东", "华北", "华南"]
    whole = facts.series("revenue", months)[EVERYWHERE]
    for at, total in enumerate(whole):
        assert sum(part[at] or 0 for part in parts.values()) == pytest.approx(total)


# -- alarms -----------------------------------------------------------------------------------------------


def test_a_regular_trade_raises_no_alarm(tmp_path: Path) -> None:
    seen = found(tmp_path, ALARMS)
    assert seen.rows == []
    assert "没有异常" in seen.said
    # 2 metrics as a whole, by 3 regions and by 2 sellers; the customers who make up four fifths.
    assert "检查了 " in seen.said


def test_chance_alone_hardly_raises_an_alarm(tmp_path: Path) -> None:
    """Amounts, discounts and days off scatter: 2 metrics as a whole, by 3 regions and 2 sellers, and 24 customers, over
    and over. A few of a hundred tables may have an alarm: of six, none."""
    raised = []
    for seed in range(6):
        chance = random.Random(seed)

        def scattered(one: Order, chance: random.Random = chance) -> Order | None:
            if chance.random() < 0.2:
                return None
            amount = one.amount * chance.lognormvariate(0, 0.3)
            share = chance.choice((0, 0, 0.02, 0.03, 0.05, 0.08, 0.1, 0.12))
            return replace(one, amount=amount, discount=amount * share)

        raised.append(len(found(tmp_path, ALARMS, scattered).rows))
    assert raised == [0] * 6


def test_a_declining_region_is_named(tmp_path: Path) -> None:
    seen = found(tmp_path, ALARMS, halved(2, 30))
    assert [row[1] for row in seen.rows if row[0] == "华南"] == ["销售额"]
    assert not {row[0] for row in seen.rows} & {"华东", "华北"}


def test_one_who_gives_too_much_is_named(tmp_path: Path) -> None:
    def generous(one: Order) -> Order:
        return replace(one, discount=one.discount * 3) if one.seller == 1 and one.month >= 25 else one

    seen = found(tmp_path, ALARMS, generous, Language.EN)
    (bob,) = [row for row in seen.rows if row[0] == "Bob"]
    assert (bob[1], bob[3]) == ("折扣率", "8 months above the mean")
    assert "points" in str(bob[4])
    assert all(row[1] == "折扣率" for row in seen.rows)


def test_a_customer_gone_silent_is_named(tmp_path: Path) -> None:
    seen = found(tmp_path, ALARMS, lambda one: None if one.customer == 4 and one.month >= 31 else one)
    silent = [row for row in seen.rows if "久未购买" in str(row[3])]
    assert [row[0] for row in silent] == [customer_name(4)]
    # Last bought on 5 October 2025; the usual pause is a month.
    assert silent[0][4] == f"{(AS_OF - dt.date(2025, 10, 5)).days} 天"


def test_one_alarm_is_singular(tmp_path: Path) -> None:
    """One customer who has gone silent shows in the revenue of all."""
    alarms = "      - {id: a, analysis: {type: alarms, metrics: [revenue], entity: customer}}"
    seen = found(
        tmp_path, alarms, lambda one: None if one.customer == 4 and one.month >= 31 else one, Language.EN
    )
    assert (len(seen.rows), seen.said) == (1, "1 of 1 series raises an alarm.")


def test_too_few_months_say_so(tmp_path: Path) -> None:
    seen = found(tmp_path, ALARMS, lambda one: one if one.month >= 30 else None)
    assert seen.rows == []
    assert "样本不足" in seen.said
    assert "12" in seen.said


# -- forecasts --------------------------------------------------------------------------------------------


def test_a_forecast_reaches_to_the_end_of_next_quarter(tmp_path: Path) -> None:
    seen = found(tmp_path, FORECAST)
    # March is over on its last day: the second quarter comes.
    assert [row[0] for row in seen.rows] == ["2026-04", "2026-05", "2026-06", "2026-04 至 2026-06 合计"]
    figures = [[float(v) for v in row[1:4] if isinstance(v, int | float)] for row in seen.rows]
    for point, low, high in figures:
        assert low <= point <= high
    assert figures[3][0] == pytest.approx(sum(row[0] for row in figures[:3]))
    usual = sum(100 * (1 + customer % 5) for customer in range(24))
    assert figures[0][0] == pytest.approx(usual, rel=0.05)
    assert "建议目标" in seen.said
    assert "n=36" in seen.note


def test_a_short_line_promises_no_quarter(tmp_path: Path) -> None:
    rows = table_rows(one for one in orders() if one.month >= 34)
    seen = shown(plan_of(tmp_path, FORECAST, rows), "a")
    assert seen.rows == []
    assert "3 个已结束的月份" in seen.said


def test_a_note_without_data_has_no_empty_part(tmp_path: Path) -> None:
    seen = found(tmp_path, FORECAST, lambda _: None, Language.EN)
    assert seen.note.startswith("n=0 · values as of")


# -- cohorts ----------------------------------------------------------------------------------------------


def _new_ones() -> Iterator[Order]:
    """Twelve who first bought in January and half of whom came back in March, and two in February."""
    for one in orders():
        early = one.customer < 12 and (one.month == 33 or (one.month == 35 and one.customer % 2))
        if early or (one.customer in (12, 13) and one.month == 34):
            yield one


def test_cohorts_by_hand(tmp_path: Path) -> None:
    seen = shown(plan_of(tmp_path, COHORTS, table_rows(_new_ones())), "a")
    rows: list[list[Value]] = [
        ["2026-01", 12, 0.0, 0.5, "–", "–"],
        ["2026-02", 2, 0.0, "–", "–", "–"],
        ["合计（加权）", 14, 0.0, 0.5, None, None],
    ]
    assert seen.rows == rows
    assert seen.heads[:3] == ["首购月份", "人数", "1 个月后"]
    assert "第 3 个月" not in seen.said
    assert "不足 10 人" in seen.said
    assert "n=14" in seen.note
    assert "不随筛选：期间、地区" in seen.note
    assert AS_OF.isoformat() in seen.note


def test_what_was_cancelled_or_sent_back_is_no_purchase(tmp_path: Path) -> None:
    def disturbed() -> Iterator[Order]:
        for one in _new_ones():
            if one.month == 33:
                yield replace(one, month=32, amount=0.0)  # Cancelled, a month before the first purchase.
                yield replace(one, month=34, amount=-5.0)  # Sent back, a month after it.
            yield one

    by_amount = COHORTS.replace("n_orders", "revenue")
    seen = shown(plan_of(tmp_path, by_amount, table_rows(disturbed())), "a")
    assert seen.rows[0] == ["2026-01", 12, 0.0, 0.5, "–", "–"]


def test_no_cohort_yet(tmp_path: Path) -> None:
    seen = shown(plan_of(tmp_path, COHORTS, table_rows(iter(()))), "a")
    assert seen.rows == []
    assert "还没有" in seen.said
