"""Correlations of figures, and how forecasts did, on a board."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from tests.compile.analyses_world import AS_OF, SPEC, Order, compiled_of, orders, shown, table_rows

from crmsheet.api.rows import initial_state
from crmsheet.compile import Compiled, compiled
from crmsheet.compile.analyses.foretelling import FORECAST
from crmsheet.compile.pieces import Context
from crmsheet.excel.dates import serial_of_date
from crmsheet.model.history import NO_HISTORY, History, SeriesKey
from crmsheet.model.words import Language
from crmsheet.spec import load, read

_BLOCK = "      - {{id: tie, analysis: {{type: correlation, metrics: [{metrics}]{more}}}}}\n"


def _tie(folder: Path, metrics: str, more: str = "", language: Language = Language.EN):  # type: ignore[no-untyped-def]
    blocks = _BLOCK.format(metrics=metrics, more=more)
    return shown(compiled_of(folder, blocks, table_rows(orders()), language=language).plan, "tie")


def test_what_is_made_of_the_same_rows_goes_together(tmp_path: Path) -> None:
    found = _tie(tmp_path, "revenue, given")
    ((one, other, n, r, p, rho, rank_p, reading),) = found.rows
    assert (one, other) == ("销售额", "折扣额")
    # 36 months make 35 changes.
    assert n == 35
    assert isinstance(r, float)
    assert isinstance(rho, float)
    assert r > 0.9
    assert rho > 0.8
    assert p == pytest.approx(0, abs=1e-6)
    assert rank_p == pytest.approx(0, abs=1e-6)
    assert reading == "go together"
    assert found.said.endswith("Correlation is not cause.")
    assert "changes from month to month" in found.note


def test_two_constants_are_no_correlation(tmp_path: Path) -> None:
    found = _tie(tmp_path, "n_orders, units")
    assert found.rows[0][3:] == ["–", "–", "–", "–", "all values are equal"]
    assert found.said.startswith("Of 1 pairs, 0 go together.")


def test_customers_are_the_cases_where_there_is_an_entity(tmp_path: Path) -> None:
    found = _tie(tmp_path, "revenue, given, units", ", entity: customer", Language.ZH)
    assert found.rows[0][:3] == ["销售额", "折扣额", 24]
    assert found.rows[0][-1] == "同向变化"
    assert {row[-1] for row in found.rows[1:]} == {"数值全相同"}
    assert "每个客户的合计为一个样本" in found.note
    assert found.said.endswith("相关不等于因果。")


@pytest.mark.parametrize(
    ("metrics", "more", "message"),
    [
        ("revenue", "", "one of two metrics or more"),
        ("revenue, discount_rate", ", entity: customer", "it is no sum and no count"),
    ],
)
def test_mistakes_are_told(metrics: str, more: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "trade.yaml"
    path.write_text(SPEC.format(blocks=_BLOCK.format(metrics=metrics, more=more)), "utf-8")
    assert any(message in d.message for d in read(path).diagnostics)


_ACCURACY = """\
      - {id: ahead, analysis: {type: forecast, metrics: revenue}}
      - {id: did, analysis: {type: forecast_accuracy, metrics: revenue}}
"""
_HISTORY = "history: {metrics: [revenue], keep: {days: 31}}\n"


def _lived(folder: Path, days: list[dt.date], disturb: float = 1.0) -> Compiled:
    """The book of the last of some days, after a refresh on each of the others; March's orders are disturbed."""
    path = folder / "trade.yaml"
    path.write_text(SPEC.format(blocks=_ACCURACY) + _HISTORY, "utf-8")
    model = load(path)

    def changed(one: Order) -> Order:
        return replace(one, amount=one.amount * disturb) if one.month == 35 else one

    state, _, _ = initial_state(model, Language.EN, table_rows(orders(changed)), "abcd")
    history: History = NO_HISTORY
    done = None
    for day in days:
        serial = serial_of_date(day)
        done = compiled(Context(model, Language.EN, state, serial, history=history, run=serial))
        history = done.history
    assert done is not None
    return done


def test_each_date_writes_down_what_it_expects_of_three_months(tmp_path: Path) -> None:
    found = _lived(tmp_path, [dt.date(2026, 1, 20)]).history
    keys = [key for key in found.series if key.by == FORECAST]
    assert keys == [SeriesKey("revenue", FORECAST, f"2026-0{month}") for month in (2, 3, 4)]
    one = found.series[keys[0]]
    (point,) = one.points.values()
    assert (one.label, one.scope, one.member) == ("销售额", "Forecast", "2026-02")
    assert point.value == pytest.approx(7200, rel=0.1)


def test_forecasts_are_held_against_what_came(tmp_path: Path) -> None:
    days = [dt.date(2025, 12, 20), dt.date(2026, 1, 10), dt.date(2026, 1, 31), dt.date(2026, 2, 20), AS_OF]
    done = _lived(tmp_path, days, disturb=0.5)
    found = shown(done.plan, "did")
    assert [row[:2] for row in found.rows] == [
        ["2026-03", "2026-02-20"],
        ["2026-02", "2026-01-31"],
        ["2026-01", "2025-12-20"],
    ]
    # March brought half of what was expected.
    expected, actual, off, share, naive = found.rows[0][2:]
    assert off == pytest.approx(expected - actual)  # type: ignore[operator]
    assert share == pytest.approx(1, abs=0.1)
    assert naive == pytest.approx(1, abs=0.1)
    assert found.said.startswith("Over 3 months forecasts were off by 2")
    assert "too high by" in found.said
    assert "n=3 · 2026-01 to 2026-03" in found.note


def test_one_month_is_not_enough(tmp_path: Path) -> None:
    found = shown(_lived(tmp_path, [dt.date(2026, 2, 20), AS_OF]).plan, "did")
    assert found.said.startswith("Months that can be compared: 1; 3 are needed.")
    assert len(found.rows) == 1


def test_a_forecast_of_the_running_month_is_none(tmp_path: Path) -> None:
    """What is made in March of March has seen a part of it."""
    found = shown(_lived(tmp_path, [dt.date(2026, 3, 5), AS_OF]).plan, "did")
    assert found.rows == []


def test_without_a_history_nothing_is_written_down(tmp_path: Path) -> None:
    path = tmp_path / "trade.yaml"
    path.write_text(SPEC.format(blocks=_ACCURACY), "utf-8")
    assert any("forecasts are not written down" in d.message for d in read(path).diagnostics)
