"""Every common metric, worked out by hand or from a published example, and at its edges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import ClassVar

import pytest
from tests.compile.catalogue_world import AS_OF, catalogue, shown_figures
from tests.compile.spec_world import Figures, Rows

from crmsheet.excel.values import ExcelError, Value

NA = ExcelError.NA
Row = Mapping[str, Value | dt.date]


def day(year: int, month: int, of_month: int) -> dt.date:
    return dt.date(year, month, of_month)


def customer(name: str, created: dt.date | None = None, **more: Value) -> Row:
    return {"name": name, "created": created or day(2025, 1, 1), "region": "East China", **more}


def sale(no: str, who: str, date: dt.date, amount: float, **more: Value | dt.date) -> Row:
    return {
        "order_no": no,
        "customer": who,
        "date": date,
        "type": "Sale",
        "status": "Confirmed",
        "quantity": 1,
        "price": amount,
        "product": "Watch",
        "owner": "Ann",
        **more,
    }


def deal(name: str, stage: str, amount: float, **more: Value | dt.date) -> Row:
    return {
        "name": name,
        "customer": "A",
        "stage": stage,
        "amount": amount,
        "created": day(2026, 1, 1),
        **more,
    }


def answers(kind: str, *scores: int | None) -> list[Row]:
    return [{"date": day(2026, 3, 5), "customer": "A", "kind": kind, "score": score} for score in scores]


PRODUCTS: list[Row] = [{"name": "Watch", "code": "W1", "price": 100, "cost": 60}]
NPS, CSAT = "Would recommend (0 to 10)", "Satisfaction (1 to 5)"


def approximately(value: Value) -> object:
    return value if isinstance(value, ExcelError | str) else pytest.approx(value)


def expect(found: Figures, **values: Value) -> None:
    """Each metric has this value."""
    assert {m: found.value(m) for m in values} == {m: approximately(v) for m, v in values.items()}


def reasons(found: Figures, **texts: str) -> None:
    """Each metric has no value, for this reason."""
    assert {m: (found.value(m), found.reason(m)) for m in texts} == {m: (NA, t) for m, t in texts.items()}


class TestSales:
    ROWS: ClassVar[Rows] = {
        "customers": [customer("A"), customer("B"), customer("C")],
        "products": PRODUCTS,
        "transactions": [
            sale("1", "A", day(2026, 3, 1), 100, quantity=4),
            sale("2", "A", day(2026, 3, 20), 90, quantity=2),
            sale("3", "B", day(2026, 3, 31), 120),
            sale("4", "B", day(2026, 3, 31), 120, type="Return"),
            sale("5", "C", day(2026, 3, 2), 999, status="Cancelled"),
            sale("6", "A", day(2026, 2, 10), 200),
            sale("7", "A", day(2025, 3, 31), 400),
            sale("8", "B", day(2025, 12, 31), 50),
        ],
    }

    def test_totals(self) -> None:
        found = shown_figures(
            [
                "revenue",
                "orders",
                "aov",
                "return_rate",
                "gross_profit",
                "gross_margin",
                "discount_rate",
                "buyers",
                "purchase_frequency",
                "revenue_per_buyer",
                "sold_quantity",
                "net_quantity",
            ],
            self.ROWS,
        )
        expect(
            found,
            revenue=400 + 180 + 120 - 120,
            orders=3,
            aov=580 / 3,
            sold_quantity=7,
            net_quantity=6,
            return_rate=1 / 7,
            # Cost 60 a piece: 7 sold, one came back.
            gross_profit=580 - 60 * 6,
            gross_margin=220 / 580,
            # At list price 700; 700 - 400 - 180 - 120.
            discount_rate=0,
            purchase_frequency=3 / found.value("buyers"),  # type: ignore[operator]
            revenue_per_buyer=580 / found.value("buyers"),  # type: ignore[operator]
        )

    def test_nothing_sold(self) -> None:
        found = shown_figures(
            [
                "revenue",
                "aov",
                "gross_margin",
                "discount_rate",
                "purchase_frequency",
                "return_rate",
                "market_share",
            ],
            self.ROWS,
            period="Today",
            as_of=day(2026, 3, 25),
        )
        expect(found, revenue=0)
        reasons(
            found,
            aov="denominator is 0",
            gross_margin="no revenue",
            discount_rate="denominator is 0",
            purchase_frequency="denominator is 0",
            return_rate="denominator is 0",
            market_share="denominator is 0",
        )

    def test_costs_must_be_known(self) -> None:
        rows: Rows = {**self.ROWS, "products": [{"name": "Watch", "code": "W1", "price": 100}]}
        found = shown_figures(["cost_coverage", "gross_margin", "gross_profit"], rows)
        expect(found, cost_coverage=0, gross_profit=400 + 180 + 120 - 120)
        reasons(found, gross_margin="costs missing")

    def test_what_has_no_list_price_has_no_discount(self) -> None:
        rows: Rows = {
            **self.ROWS,
            "products": [*PRODUCTS, {"name": "Repair", "code": "R1"}],
            "transactions": [
                sale("1", "A", day(2026, 3, 1), 90),
                sale("2", "A", day(2026, 3, 2), 500, product="Repair"),
            ],
        }
        expect(shown_figures(["discount_given", "discount_rate"], rows), discount_given=10, discount_rate=0.1)

    def test_an_unknown_product_has_neither_cost_nor_list_price(self) -> None:
        rows: Rows = {
            **self.ROWS,
            "transactions": [sale("1", "A", AS_OF, 90), sale("2", "A", AS_OF, 70, product="Gone")],
        }
        found = shown_figures(["gross_profit", "discount_given", "discount_rate", "cost_coverage"], rows)
        expect(found, gross_profit=30 + 70, discount_given=10, discount_rate=0.1, cost_coverage=0.5)

    def test_growth(self) -> None:
        found = shown_figures(
            ["revenue_mom", "revenue_qoq", "revenue_yoy", "revenue_ytd", "revenue_trailing"], self.ROWS
        )
        expect(
            found,
            revenue_mom=(580 - 200) / 200,
            # A quarter earlier: December.
            revenue_qoq=(580 - 50) / 50,
            revenue_yoy=(580 - 400) / 400,
            revenue_ytd=780,
            revenue_trailing=830,
        )

    def test_growth_over_nothing_and_less(self) -> None:
        rows = {**self.ROWS, "transactions": [sale("1", "A", day(2026, 3, 1), 100)]}
        reasons(shown_figures(["revenue_yoy"], rows), revenue_yoy="new")
        returned = sale("9", "A", day(2025, 3, 2), 30, type="Return")
        rows = {**rows, "transactions": [*rows["transactions"], returned]}
        reasons(shown_figures(["revenue_yoy"], rows), revenue_yoy="negative base")

    def test_a_running_month_is_compared_with_as_many_days(self) -> None:
        # To the 15th of March against the 15th of March a year before: the 400 of the 31st are not in it.
        rows: Rows = {
            **self.ROWS,
            "transactions": [*self.ROWS["transactions"], sale("9", "A", day(2025, 3, 9), 80)],
        }
        found = shown_figures(["revenue_yoy"], rows, as_of=day(2026, 3, 15))
        expect(found, revenue_yoy=(400 - 80) / 80)

    def test_a_leap_day_is_compared_with_the_day_before(self) -> None:
        sales = [sale("1", "A", day(2028, 2, 29), 30), sale("2", "A", day(2027, 2, 28), 20)]
        rows = {**self.ROWS, "transactions": sales}
        found = shown_figures(["revenue_yoy"], rows, period="Today", as_of=day(2028, 2, 29))
        expect(found, revenue_yoy=0.5)

    def test_payments(self) -> None:
        def owed(no: str, amount: float, due: dt.date | None, paid: float) -> Row:
            return sale(no, "A", day(2025, 6, 1), amount, due_date=due, paid=paid)

        rows: Rows = {
            **self.ROWS,
            "transactions": [
                owed("1", 100, day(2026, 3, 1), 40),
                owed("2", 200, day(2026, 3, 31), 200),
                owed("3", 50, day(2026, 1, 30), 0),
                owed("4", 70, day(2025, 12, 1), 10),
                owed("5", 10, None, 0),
            ],
        }
        names = [
            "collection_rate",
            "overdue_ar",
            "receivable",
            "overdue_ar_1",
            "overdue_ar_31",
            "overdue_ar_61",
        ]
        expect(
            shown_figures([*names, "overdue_ar_91"], rows),
            collection_rate=240 / 300,
            receivable=60 + 50 + 60 + 10,
            overdue_ar=60 + 50 + 60,
            overdue_ar_1=60,
            overdue_ar_31=50 if (AS_OF - day(2026, 1, 30)).days <= 60 else 0,
            overdue_ar_61=0,
            overdue_ar_91=60,
        )
        reasons(shown_figures(["collection_rate"], self.ROWS), collection_rate="denominator is 0")

    def test_market_share(self) -> None:
        market: list[Row] = [{"month": day(2026, 3, 1), "region": "East China", "market_size": 5800}]
        expect(shown_figures(["market_share"], {**self.ROWS, "market": market}), market_share=0.1)

    def test_concentration(self) -> None:
        amounts = [27, 24, 18, 16, 6, 5, 4]
        rows: Rows = {
            "products": PRODUCTS,
            "customers": [customer(f"C{i}") for i in range(8)],
            "transactions": [
                *(sale(str(i), f"C{i}", day(2026, 3, 1), a) for i, a in enumerate(amounts)),
                sale("r", "C7", day(2026, 3, 1), 3, type="Return"),
            ],
        }
        found = shown_figures(["top_1_share", "top_5_share", "top_10_share", "hhi"], rows)
        # The ABC example of seven customers; one below 0 does not count.
        expect(
            found,
            top_1_share=0.27,
            top_5_share=0.91,
            top_10_share=1,
            hhi=sum((a / 100) ** 2 for a in amounts),
        )
        reasons(
            shown_figures(["top_5_share", "hhi"], {}), top_5_share="denominator is 0", hhi="denominator is 0"
        )

    def test_intervals(self) -> None:
        found = shown_figures(["interval_median"], self.ROWS)
        # A: four orders over 354 days; B: two over 90; C bought once and cancelled.
        a = (day(2026, 3, 20) - day(2025, 3, 31)).days / 3
        b = (day(2026, 3, 31) - day(2025, 12, 31)).days
        expect(found, interval_median=(a + b) / 2)
        reasons(shown_figures(["interval_median"], {}), interval_median="no data")

    def test_accounts(self) -> None:
        rows: Rows = {
            **self.ROWS,
            "customers": [
                customer("A", wallet=1560, seats_licensed=50, seats_active=40),
                customer("B", seats_licensed=50, seats_active=20),
            ],
        }
        expect(
            shown_figures(["wallet_share", "product_usage"], rows), wallet_share=780 / 1560, product_usage=0.6
        )
        reasons(shown_figures(["product_usage"], {}), product_usage="denominator is 0")


class TestCustomers:
    def test_acquisition(self) -> None:
        rows: Rows = {
            "products": PRODUCTS,
            "customers": [
                customer("A", day(2026, 3, 1)),
                customer("B", day(2026, 3, 2)),
                customer("C", day(2026, 3, 3)),
            ],
            "transactions": [sale("1", "A", day(2026, 3, 5), 10), sale("2", "B", day(2026, 3, 6), 10)],
            "costs": [
                {"month": day(2026, 3, 1), "cost_type": "Advertising", "amount": 900},
                {"month": day(2026, 3, 1), "cost_type": "Trade fair", "amount": 100},
                {"month": day(2026, 3, 1), "cost_type": "Sales staff", "amount": 5000},
                {"month": day(2026, 2, 1), "cost_type": "Advertising", "amount": 7},
            ],
        }
        expect(
            shown_figures(["cac", "cost_per_lead", "new_customers"], rows),
            cac=500,
            cost_per_lead=1000 / 3,
            new_customers=2,
        )
        rows = {**rows, "transactions": []}
        # Not infinite.
        reasons(shown_figures(["cac"], rows), cac="denominator is 0")

    def retained(self) -> Rows:
        def bought(who: str, *dates: dt.date) -> list[Row]:
            return [sale(f"{who}{i}", who, d, 100) for i, d in enumerate(dates)]

        march, january = day(2026, 3, 10), day(2026, 1, 10)
        return {
            "products": PRODUCTS,
            "customers": [customer(n) for n in "ABCDEFGH"],
            "transactions": [
                *(t for n in "ABC" for t in bought(n, january, march)),
                *(t for n in "DE" for t in bought(n, day(2025, 12, 20))),
                *bought("F", march),
                *bought("G", day(2025, 1, 5), march),
                *bought("H", day(2025, 1, 5)),
            ],
        }

    def test_retention(self) -> None:
        # On the first of March A to E had bought within three months; on the last D and E no longer had.
        found = shown_figures(
            ["retention", "churn", "customers_kept", "customers_lost", "reactivated"], self.retained()
        )
        expect(found, retention=0.6, churn=0.4, customers_kept=3, customers_lost=2, reactivated=1)
        assert found.row("retention")["n"] == 5

    def test_nobody_to_retain(self) -> None:
        found = shown_figures(["retention", "churn"], {})
        reasons(found, retention="denominator is 0", churn="denominator is 0")
        few = self.retained()
        few = {**few, "transactions": [t for t in few["transactions"] if t["customer"] != "E"]}
        reasons(shown_figures(["retention"], few), retention="too few: n=4")

    def test_revenue_retention(self) -> None:
        def both(who: str, before: float, now: float) -> list[Row]:
            return [sale(f"{who}1", who, day(2025, 3, 5), before), sale(f"{who}2", who, day(2026, 3, 5), now)]

        rows: Rows = {
            "products": PRODUCTS,
            "customers": [customer(n) for n in "ABC"],
            "transactions": [*both("A", 100, 150), *both("B", 100, 40), sale("c", "C", day(2026, 3, 5), 999)],
        }
        found = shown_figures(["nrr", "grr"], rows)
        expect(found, nrr=190 / 200, grr=140 / 200)
        reasons(shown_figures(["nrr", "grr"], {}), nrr="denominator is 0", grr="denominator is 0")

    def test_repeat_rates(self) -> None:
        rows: Rows = {
            "products": PRODUCTS,
            "customers": [customer(n) for n in "ABCDE"],
            "transactions": [
                *(sale(n, n, day(2026, 3, 1), 10) for n in "ABCDE"),
                *(sale(n * 2, n, day(2026, 3, 9), 10) for n in "AB"),
            ],
        }
        found = shown_figures(["repeat_rate", "repeat_rate_period", "arpa"], rows)
        expect(found, repeat_rate=0.4, repeat_rate_period=0.4, arpa=14)
        reasons(shown_figures(["repeat_rate_period"], {}), repeat_rate_period="denominator is 0")

    def test_rows_filled_by_half(self) -> None:
        """What is missing is left out: it is not 0, not 1900, and no error of the whole board."""
        rows: Rows = {
            "products": PRODUCTS,
            "customers": [customer("A"), {**customer("B"), "created": None}],
            "transactions": [
                sale("1", "A", day(2026, 3, 2), 90),
                sale("2", "A", day(2026, 3, 9), 90),
                {**sale("no date", "A", AS_OF, 90), "date": None},
                {**sale("no price", "A", AS_OF, 0), "price": None},
            ],
            "activities": [{"date": AS_OF, "customer": "B"}],
            "deals": [deal("d", "New", 100), {**deal("no stage", "", 100), "stage": None}],
            "surveys": [*answers(CSAT, 1, 1, 1, 1, 5), {"date": AS_OF, "customer": "A", "score": 5}],
        }
        names = [
            "new_customers",
            "discount_rate",
            "weighted_pipeline",
            "open_deals_count",
            "csat",
            "csat_satisfied",
        ]
        expect(
            shown_figures(names, rows),
            new_customers=1,
            discount_rate=0.1,
            weighted_pipeline=10,
            open_deals_count=2,
            csat=0.2,
            csat_satisfied=1,
        )
        reasons(shown_figures(["first_response"], rows, period="All time"), first_response="no data")

    def test_twelve_months_end_today(self) -> None:
        tomorrow, first, before = AS_OF + dt.timedelta(1), day(2025, 4, 1), day(2025, 3, 31)
        rows: Rows = {
            "products": PRODUCTS,
            "customers": [customer(n) for n in "ABCDEFG"],
            "transactions": [
                *(sale(n, n, AS_OF, 10) for n in "ABCDE"),
                sale("a day to come", "A", tomorrow, 1000),
                {**sale("a date as text", "B", AS_OF, 1000), "date": "2026-03-05"},
                sale("the first day", "C", first, 20),
                sale("the day before it", "D", before, 1000),
                sale("a buyer to come", "F", tomorrow, 1000),
            ],
        }
        found = shown_figures(["repeat_rate", "arpa"], rows)
        expect(found, repeat_rate=1 / 5, arpa=70 / 5)

    def test_conversion_of_leads(self) -> None:
        made = [customer(f"C{i}", day(2025, 10, 1)) for i in range(5)]
        rows: Rows = {
            "products": PRODUCTS,
            "customers": [*made, customer("new", day(2026, 3, 20))],
            "transactions": [
                sale("1", "C0", day(2025, 10, 1), 10),
                sale("2", "C1", day(2025, 12, 30), 10),
                # The ninety-first day.
                sale("3", "C2", day(2025, 12, 31), 10),
                sale("4", "C0", day(2025, 11, 1), 10),
                sale("5", "C1", day(2026, 3, 31), 10),
            ],
        }
        found = shown_figures(
            ["lead_conversion_90", "lead_conversion", "second_purchase_90"], rows, "Last 12 months"
        )
        expect(found, lead_conversion_90=0.4, lead_conversion=0.5)
        reasons(found, second_purchase_90="too few: n=3")
        reasons(shown_figures(["lead_conversion_90"], rows), lead_conversion_90="too early to tell")

    def test_lifetime(self) -> None:
        bought = [sale(f"{n}{m}", n, day(2025, m, 20), 200) for n in "ABCDEFGHIJ" for m in (10, 11, 12)]
        march = [sale(f"{n}3", n, day(2026, 3, 20), 200) for n in "ABCDEFGHI"]
        rows: Rows = {
            "products": [{"name": "Watch", "code": "W1", "price": 200, "cost": 120}],
            "customers": [customer(n) for n in "ABCDEFGHIJ"],
            "transactions": [*bought, *march],
            "costs": [{"month": day(2026, 3, 1), "cost_type": "Advertising", "amount": 400}],
        }
        found = shown_figures(
            ["clv_hist", "churn_month", "arpa_month", "clv_simple", "ltv_cac", "cac_payback"], rows
        )
        arpa = 39 * 200 / 10 / 12
        expect(
            found,
            clv_hist=39 * 80 / 10,
            # J bought last on the twentieth of December: active on the last of February, not on that of March.
            churn_month=0.1,
            arpa_month=arpa,
            clv_simple=arpa * 0.4 / 0.1,
            ltv_cac=arpa * 0.4 / 0.1 / 40,
            cac_payback=40 / (arpa * 0.4),
        )
        # Nobody went: the floor of one per cent counts, and without anybody there is nothing.
        kept = {**rows, "transactions": [*bought, *march, sale("J3", "J", day(2026, 3, 21), 200)]}
        expect(
            shown_figures(["churn_month", "clv_simple"], kept),
            churn_month=0,
            clv_simple=40 * 200 / 10 / 12 * 0.4 / 0.01,
        )
        none = shown_figures(["clv_simple", "cac_payback", "ltv_cac"], {})
        assert [none.value(m) for m in ("clv_simple", "cac_payback", "ltv_cac")] == [NA, NA, NA]
        assert none.reason("cac_payback") == "no profit"


class TestSatisfaction:
    def test_promoters_less_detractors(self) -> None:
        # The published example: 30 % promoters, 20 % detractors.
        found = shown_figures(
            ["nps", "nps_margin"], {"surveys": answers(NPS, 9, 10, 10, 7, 8, 7, 8, 8, 0, 6)}
        )
        expect(found, nps=10, nps_margin=1.96 * (0.5 - 0.01) ** 0.5 / 10**0.5 * 100)
        assert found.row("nps")["n"] == 10

    def test_a_zero_is_an_answer_and_a_blank_is_none(self) -> None:
        found = shown_figures(["nps", "nps_answers"], {"surveys": answers(NPS, 0, 0, 0, 0, 0)})
        expect(found, nps=-100, nps_answers=5)
        reasons(shown_figures(["nps"], {"surveys": answers(NPS, 9, 9, 9, 9)}), nps="too few: n=4")
        reasons(shown_figures(["nps"], {}), nps="too few: n=0")

    def test_csat(self) -> None:
        # The published example: 30 of 50.
        rows = {"surveys": answers(CSAT, *[4] * 20, *[5] * 10, *[3] * 12, *[1] * 8)}
        found = shown_figures(["csat", "csat_mean", "nps"], rows)
        expect(found, csat=0.6, csat_mean=(80 + 50 + 36 + 8) / 50)
        reasons(shown_figures(["csat", "csat_mean"], {}), csat="denominator is 0", csat_mean="no data")

    def test_responses(self) -> None:
        rows = {"surveys": answers(CSAT, 4, None, None, 2)}
        expect(shown_figures(["response_rate"], rows), response_rate=0.5)
        reasons(shown_figures(["response_rate"], {}), response_rate="denominator is 0")

    def test_feedback(self) -> None:
        def said(rating: int | None, resolved: dt.date | None = None, date: dt.date | None = None) -> Row:
            status = "Resolved" if resolved else "Open"
            return {
                "date": date or day(2026, 3, 1),
                "customer": "A",
                "rating": rating,
                "status": status,
                "resolved_date": resolved,
            }

        rows: Rows = {
            "feedback": [
                said(5, day(2026, 3, 2)),
                said(4, day(2026, 3, 3)),
                said(1, day(2026, 3, 30)),
                said(3),
                said(2),
                said(None, date=day(2026, 2, 1)),
            ]
        }
        found = shown_figures(["sentiment", "resolution_median", "oldest_unresolved", "satisfaction"], rows)
        expect(found, sentiment=0, resolution_median=2, satisfaction=0.4)
        assert found.value("oldest_unresolved") == (day(2026, 2, 1) - dt.date(1899, 12, 30)).days
        reasons(
            shown_figures(["sentiment", "resolution_median"], {}),
            sentiment="too few: n=0",
            resolution_median="no data",
        )

    def test_topics_read_from_words(self) -> None:
        texts = (
            ("Price", "It is broken"),
            (None, "It is broken"),
            (None, "The logo is odd"),
            (None, "Too late"),
        )
        rows: Rows = {
            "feedback": [
                {"date": day(2026, 3, 1), "customer": "A", "topic": topic, "text": text, "status": "Open"}
                for topic, text in texts
            ]
        }
        found = shown_figures(["topics_from_words", "unsorted_feedback"], rows)
        expect(found, topics_from_words=2, unsorted_feedback=1)
        expect(shown_figures(["unsorted_feedback"], {}), unsorted_feedback=0)


class TestPipeline:
    def test_weighted(self) -> None:
        # Published examples: 38,530 × 15 % = 5,779.5 and 12,285 × 70 % = 8,599.5.
        deals = [
            deal("a", "Qualified", 38_530, probability_manual=0.15),
            deal("b", "Proposal", 12_285, probability_manual=0.7),
            deal("c", "Won", 1000, closed_date=day(2026, 3, 1)),
            deal("d", "Lost", 1000, closed_date=day(2026, 3, 1)),
            deal("e", "Negotiation", 100),
        ]
        found = shown_figures(
            ["weighted_pipeline", "open_pipeline", "commit_pipeline", "best_case_pipeline"], {"deals": deals}
        )
        expect(
            found,
            weighted_pipeline=5779.5 + 8599.5 + 80,
            open_pipeline=38_530 + 12_285 + 100,
            commit_pipeline=100,
            best_case_pipeline=12_385,
        )

    def test_velocity(self) -> None:
        # The published example: 40 deals × 25,000 × 25 % ÷ 90 days = 2,777.8 a day.
        ended = {"created": day(2025, 12, 1), "closed_date": day(2026, 3, 1)}
        deals = [deal(f"o{i}", "New", 1) for i in range(40)]
        deals += [deal(f"w{i}", "Won", 25_000, **ended) for i in range(5)]
        deals += [deal(f"l{i}", "Lost", 1, **ended) for i in range(15)]
        found = shown_figures(
            ["velocity", "win_rate", "win_loss_ratio", "win_rate_value", "sales_cycle"], {"deals": deals}
        )
        expect(
            found,
            velocity=40 * 25_000 * 0.25 / 90,
            win_rate=0.25,
            win_loss_ratio=1 / 3,
            sales_cycle=90,
            win_rate_value=125_000 / 125_015,
        )
        assert round(float(found.value("velocity")), 1) == 2777.8  # type: ignore[arg-type]
        open_only = {"deals": deals[:40]}
        found = shown_figures(
            ["velocity", "win_rate", "win_loss_ratio", "win_rate_value", "average_deal"], open_only
        )
        reasons(
            found,
            velocity="denominator is 0",
            win_rate="denominator is 0",
            win_loss_ratio="denominator is 0",
            win_rate_value="denominator is 0",
            average_deal="denominator is 0",
        )

    def test_cycles_and_slips(self) -> None:
        won = [
            deal(f"w{i}", "Won", 10, created=day(2026, 3, 1), closed_date=day(2026, 3, 1 + d))
            for i, d in enumerate((0, 2, 2, 3, 30))
        ]
        late = [
            deal("s1", "New", 70, expected_close=day(2026, 3, 21)),
            deal("s2", "New", 30, expected_close=day(2026, 3, 11)),
            deal("s3", "New", 5, expected_close=day(2026, 4, 1)),
        ]
        names = ["sales_cycle", "sales_cycle_median", "close_slip", "overdue_pipeline"]
        found = shown_figures(names, {"deals": [*won, *late]})
        expect(found, sales_cycle=7.4, sales_cycle_median=2, close_slip=15, overdue_pipeline=100)
        reasons(
            shown_figures(["sales_cycle_median", "close_slip"], {}),
            sales_cycle_median="no data",
            close_slip="no data",
        )

    def test_stages(self) -> None:
        stages = ("New", "Qualified", "Proposal", "Negotiation", "Won", "Lost")
        deals = [deal(s, s, 10, created=day(2026, 3, 2), closed_date=day(2026, 3, 9)) for s in stages]
        found = shown_figures(["stage_conversion", "lost_amount", "lost"], {"deals": deals})
        expect(found, stage_conversion=0.5, lost_amount=10, lost=1)
        reasons(shown_figures(["stage_conversion"], {}), stage_conversion="denominator is 0")

    def test_targets(self) -> None:
        rows: Rows = {
            "products": PRODUCTS,
            "customers": [customer("A")],
            "targets": [
                {"month": day(2026, m, 1), "owner": "Ann", "metric": "Net revenue", "value": v}
                for m, v in ((4, 300), (5, 300), (6, 400), (3, 500))
            ],
            "transactions": [sale("1", "A", day(2026, 4, 3), 90)],
            "deals": [
                deal("w", "Won", 200, closed_date=day(2026, 4, 2)),
                deal("x", "New", 900, expected_close=day(2026, 6, 30)),
                deal("y", "New", 700, expected_close=day(2026, 4, 9)),
                deal("z", "New", 9999, expected_close=day(2026, 7, 1)),
            ],
        }
        names = ["quota_attainment", "quota_gap", "coverage", "closing_this_quarter"]
        found = shown_figures(names, rows, as_of=day(2026, 4, 10))
        expect(
            found,
            quota_attainment=0.3,
            quota_gap=300 * 10 / 30 - 90,
            closing_this_quarter=1600,
            coverage=1600 / (1000 - 200),
        )
        # Of the month of today in any period; days gone and days of the month are those of one month.
        for period in ("Last month", "This quarter", "Yesterday"):
            last = shown_figures(["quota_gap"], rows, period=period, as_of=day(2026, 4, 10))
            expect(last, quota_gap=300 * 10 / 30 - 90)
            assert isinstance(last.row("quota_gap", "kpis")["previous"], ExcelError)
        done = {**rows, "deals": [deal("w", "Won", 1000, closed_date=day(2026, 4, 2))]}
        reasons(shown_figures(names, done, as_of=day(2026, 4, 10)), coverage="done")
        found = shown_figures(names, {**rows, "targets": []}, as_of=day(2026, 4, 10))
        reasons(found, coverage="no target", quota_attainment="denominator is 0", quota_gap="no target")


class TestDiscipline:
    def test_steps(self) -> None:
        def step(due: dt.date, done: dt.date | None, result: str = "Reached") -> Row:
            return {
                "date": day(2026, 3, 1),
                "customer": "A",
                "result": result,
                "next_date": due,
                "done_date": done,
                "owner": "Ann",
                "type": "Call",
            }

        rows: Rows = {
            "customers": [customer("A")],
            "activities": [
                step(day(2026, 3, 5), day(2026, 3, 5)),
                step(day(2026, 3, 6), day(2026, 3, 9)),
                step(day(2026, 3, 7), None),
                step(day(2026, 3, 31), None),
                step(day(2026, 4, 2), None),
                step(day(2026, 3, 8), day(2026, 3, 7)),
            ],
        }
        found = shown_figures(
            ["on_time_rate", "overdue_followups", "followups_today", "touches", "touches_per_customer"], rows
        )
        # Five were due by today; two in time.
        expect(
            found, on_time_rate=0.4, overdue_followups=1, followups_today=1, touches=6, touches_per_customer=6
        )
        reasons(shown_figures(["on_time_rate"], {}), on_time_rate="denominator is 0")

    def test_first_responses(self) -> None:
        made = [customer(n, day(2026, 3, 1)) for n in "ABCD"]
        contacts: list[Row] = [
            {"date": day(2026, 3, 1 + d), "customer": n, "owner": "Ann", "type": "Call", "result": "Reached"}
            for n, d in zip("ABC", (0, 1, 9), strict=True)
        ]
        found = shown_figures(["first_response_median"], {"customers": made, "activities": contacts})
        # D has not been contacted.
        expect(found, first_response_median=1)

    def test_pool(self) -> None:
        old = day(2025, 12, 1)
        rows: Rows = {
            "customers": [
                customer("A", old),
                customer("B", old, locked=True),
                customer("C", old),
                customer("D", old),
                customer("E", day(2026, 3, 1)),
            ],
            "deals": [deal("c", "New", 1, customer="C")],
            "activities": [{"date": day(2026, 3, 9), "customer": "D", "type": "Call", "result": "Reached"}],
        }
        expect(shown_figures(["pool_candidates"], rows), pool_candidates=1)

    def test_records(self) -> None:
        rows: Rows = {
            "customers": [
                customer("A", phone="1"),
                customer("B", phone="1"),
                customer("C", phone="2"),
                customer("D"),
            ],
            "activities": [
                {"date": day(2026, 1, 1), "customer": "A", "type": "Call", "result": "Reached"},
                {"date": day(2025, 1, 1), "customer": "B", "type": "Call", "result": "Reached"},
            ],
        }
        found = shown_figures(["duplicate_rate", "timeliness"], rows)
        expect(found, duplicate_rate=1 / 3, timeliness=0.25)
        reasons(
            shown_figures(["duplicate_rate", "timeliness"], {}),
            duplicate_rate="denominator is 0",
            timeliness="denominator is 0",
        )


KPIS = 90


def test_every_shown_metric_says_what_it_is() -> None:
    """What has a label is for boards: it has a definition, and where it is divided an edge and a source."""
    model = catalogue()
    labelled = [m for m in model.metrics if m.label.zh != m.id]
    assert len(labelled) > KPIS
    lacking = [m.id for m in labelled if m.definition is None and m.description is None]
    assert lacking == []
    rates = [m for m in labelled if m.type.value in ("ratio", "conversion", "derived")]
    assert [m.id for m in rates if m.edge is None or m.source is None] == []
