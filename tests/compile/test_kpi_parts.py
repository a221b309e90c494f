"""The common metrics that others are made of, worked out by hand in one small world; what they are over nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.compile.catalogue_world import shown_figures
from tests.compile.spec_world import Figures, Rows

from crmsheet.excel.values import ExcelError, Value

Row = Mapping[str, Value | dt.date]
ROOT = Path(__file__).resolve().parents[2]
MARCH = dt.date(2026, 3, 1)


def march(day: int) -> dt.date:
    return dt.date(2026, 3, day)


def sale(no: str, who: str, date: dt.date, quantity: int, price: float, **more: Value | dt.date) -> Row:
    return {
        "order_no": no,
        "customer": who,
        "date": date,
        "type": "Sale",
        "status": "Confirmed",
        "quantity": quantity,
        "price": price,
        "product": "Watch",
        "owner": "Ann",
        **more,
    }


def talk(who: str, date: dt.date, **more: Value | dt.date) -> Row:
    return {
        "customer": who,
        "date": date,
        "type": "Call",
        "result": "Not interested",
        "owner": "Ann",
        **more,
    }


def deal(name: str, stage: str, amount: float, created: dt.date, closed: dt.date | None = None) -> Row:
    return {
        "name": name,
        "customer": "A",
        "stage": stage,
        "amount": amount,
        "created": created,
        "closed_date": closed,
    }


def said(rating: int | None, days: int | None, text: str = "") -> Row:
    return {
        "date": march(1),
        "customer": "A",
        "rating": rating,
        "text": text or None,
        "status": "Open" if days is None else "Resolved",
        "resolved_date": None if days is None else march(1 + days),
    }


UNRATED = said(None, None, "Very slow, we are disappointed")
"""Feedback without a rating counts by its text."""


def answer(kind: str, score: int | None) -> Row:
    return {"date": march(4), "customer": "A", "kind": kind, "score": score}


def action(
    status: str, due: dt.date, done: dt.date | None = None, start: dt.date = dt.date(2026, 1, 1)
) -> Row:
    return {
        "problem": "p",
        "status": status,
        "start": start,
        "due": due,
        "done_date": done,
    }


WORLD: Rows = {
    "products": [{"name": "Watch", "code": "W", "price": 100, "cost": 60}],
    "customers": [
        # Two of eight columns are filled.
        {
            "name": "A",
            "created": march(2),
            "phone": "1",
            "title": "CEO",
            "email": "a@b.cn",
            "wallet": 1000,
            "seats_licensed": 10,
            "seats_active": 4,
        },
        {"name": "B", "created": dt.date(2025, 1, 1), "phone": "1"},
        {"name": "C", "created": dt.date(2025, 1, 1)},
        {"name": "D", "created": march(10), "phone": "2"},
        {"name": "E", "created": march(1)},
        {"name": "F", "created": march(1)},
        {"name": "G", "created": march(1)},
    ],
    "transactions": [
        sale("1", "A", march(5), 2, 90),
        sale("2", "A", march(20), 1, 100),
        sale("3", "B", dt.date(2025, 2, 10), 1, 50),
        sale("4", "B", march(8), 1, 50, type="Return"),
        # In the window a year ago, and longer than twelve months ago.
        sale("5", "A", dt.date(2025, 3, 15), 3, 100),
        sale("6", "C", march(9), 1, 10, status="Cancelled"),
        sale("7", "B", dt.date(2025, 12, 20), 1, 100, due_date=march(10), paid=30),
    ],
    "activities": [
        talk("A", march(1), result="Reached", next_date=march(5), done_date=march(5)),
        talk("A", march(2), result="Reached", next_date=march(6), done_date=march(9)),
        talk("B", march(3), result="Reached", next_date=dt.date(2026, 4, 3)),
        talk("D", march(14), result="Reached", next_date=dt.date(2026, 4, 20), deal="planned"),
        talk("E", march(3)),
        talk("F", march(4)),
        talk("G", march(7)),
    ],
    "deals": [
        deal("planned", "New", 100, march(5)),
        deal("old", "Qualified", 200, dt.date(2026, 1, 1)),
        # As many days as a proposal may rest, not more.
        deal("resting", "Proposal", 300, march(10)),
        deal("won", "Won", 400, march(1), march(7)),
        deal("lost", "Lost", 50, dt.date(2026, 1, 1), march(8)),
        deal("talking", "Negotiation", 10, march(2)),
        deal("new", "New", 5, march(3)),
    ],
    "feedback": [said(5, 1), said(4, 2), said(1, 3), said(3, 4), said(2, 10), UNRATED],
    "surveys": [
        *(answer("Would recommend (0 to 10)", score) for score in (9, 10, 7, 0, 6, 10, None)),
        *(answer("Satisfaction (1 to 5)", score) for score in (4, 5, 2, None)),
    ],
    "costs": [
        {"month": MARCH, "cost_type": "Advertising", "amount": 900},
        {"month": MARCH, "cost_type": "Sales staff", "amount": 5000},
    ],
    "market": [{"month": MARCH, "region": "East China", "market_size": 5800}],
    "targets": [
        {"month": MARCH, "owner": "Ann", "metric": "Net revenue", "value": 500},
        {"month": dt.date(2026, 4, 1), "owner": "Ann", "metric": "Net revenue", "value": 70},
    ],
    "actions": [
        action("Not started", march(30)),
        action("In progress", dt.date(2026, 4, 5), start=march(10)),
        action("Done", march(25), march(20)),
        action("Done", march(25), dt.date(2026, 2, 20)),
        action("Cancelled", march(2), start=march(1)),
    ],
}

EXPECTED: Mapping[str, float] = {
    # Customers
    "customer_count": 7,
    "new_leads": 5,
    "converted_leads": 1,
    "active_customers": 1,
    # B bought last on the twentieth of December; C cancelled, D to G never bought.
    "stale_customers": 1,
    "never_bought_customers": 5,
    "ever_bought": 2,
    "buyers_12m": 2,
    "repeat_buyers_12m": 1,
    "revenue_12m_total": 180 + 100 + (100 - 50),
    "repeat_buyers": 1,
    "customers_at_start": 1,
    "base_revenue": 300,
    "kept_revenue": 280,
    "with_phone": 3,
    "different_phones": 2,
    "current_customers": 6,
    "completeness": 2 / 8 / 7,
    # Accounts
    "account_revenue_12m": 280,
    "wallet_total": 1000,
    "licensed_seats": 10,
    "active_seats": 4,
    # Sales and payments
    "returned_quantity": 1,
    "list_revenue": 200 + 100,
    "discount_given": 20,
    "profit_to_date": (180 - 120) + (100 - 60) + (50 - 60) + (-50 + 60) + (300 - 180) + (100 - 60),
    "costed_orders": 2,
    "invoiced_due": 100,
    "received_due": 30,
    "market_total": 5800,
    "acquisition_cost": 900,
    "revenue_target": 500,
    # Follow-up
    "contacted_customers": 6,
    "steps_due": 2,
    "steps_on_time": 1,
    "followups_due": 1,
    # A was contacted before it was recorded; E to G after 2, 3 and 6 days, D after 4.
    "first_response": (0 + 4 + 2 + 3 + 6) / 5,
    # Deals
    "open_deals_count": 5,
    "deals_with_next": 1,
    "next_step_coverage": 0.2,
    "no_next_step_deals": 4,
    "rotting_deals": 3,
    "new_deals": 5,
    "won": 1,
    "closed": 2,
    "won_amount": 400,
    "closed_amount": 450,
    "reached_qualified": 3,
    "reached_proposal": 3,
    "reached_negotiation": 2,
    "won_of_new": 1,
    # What customers say
    "feedback_count": 6,
    "rated": 5,
    "average_rating": 3,
    "satisfied": 2,
    "positive_feedback": 2,
    "negative_feedback": 3,
    "judged_feedback": 6,
    "unresolved_feedback": 1,
    "resolution_time": 4,
    "nps_answers": 6,
    "promoters": 3,
    "passives": 1,
    "detractors": 2,
    "csat_answers": 3,
    "csat_satisfied": 2,
    "surveys_sent": 11,
    "surveys_answered": 9,
    # Actions
    "open_actions": 2,
    "overdue_actions": 1,
    "done_actions": 1,
    "begun_actions": 1,
}


@pytest.fixture(scope="module")
def found() -> Figures:
    return shown_figures(list(EXPECTED), WORLD)


@pytest.mark.parametrize("metric", EXPECTED)
def test_a_metric_is_what_one_counts_by_hand(metric: str, found: Figures) -> None:
    assert found.value(metric) == pytest.approx(EXPECTED[metric])


def test_an_own_probability_wins_over_the_stage_s() -> None:
    deals = [{**deal("a", "Proposal", 1000, march(1)), "probability_manual": own} for own in (0.2, 0, None)]
    deals = [{**one, "name": str(place)} for place, one in enumerate(deals)]
    shown = shown_figures(["weighted_pipeline"], {"deals": deals})
    assert shown.value("weighted_pipeline") == pytest.approx(200 + 0 + 500)


def test_over_nothing_there_is_0_or_a_reason() -> None:
    nothing = shown_figures(list(EXPECTED), {})
    for metric in EXPECTED:
        value = nothing.value(metric)
        assert value == 0 or (value is ExcelError.NA and nothing.reason(metric)), metric


def test_every_figure_of_the_catalogue_has_a_vector() -> None:
    ids = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "kpis.md").read_text("utf-8"), re.MULTILINE)
    assert len(ids) > len(EXPECTED)
    other = (Path(__file__).parent / "test_kpi_catalogue.py").read_text("utf-8")
    vectors = set(re.findall(r"\b(\w+)=", other)) | set(re.findall(r'found\.value\("(\w+)"\)', other))
    assert [i for i in ids if i not in vectors and i not in EXPECTED] == []
