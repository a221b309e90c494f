"""Predictive lifetime value against the published figures of the CDNOW sample, and against simulated buyers."""

from __future__ import annotations

from math import exp, lgamma, log
from random import Random

import pytest

from crmsheet.analysis import repeat_buying, spending
from crmsheet.analysis.gates import Gate
from crmsheet.analysis.repeat_buying import History, RepeatBuying
from crmsheet.analysis.spending import Spending

CDNOW = RepeatBuying(0.242593, 4.413532, 0.792886, 2.425752)
SPENT = Spending(6.249, 3.745, 15.448)


def test_the_published_expectation_and_chance_to_be_alive() -> None:
    customer = History(2, 30.43, 38.86)
    assert CDNOW.expected(customer, 39) == pytest.approx(1.2259, abs=5e-5)
    assert CDNOW.alive(customer) == pytest.approx(0.7266, abs=5e-5)


def test_the_published_mean_values() -> None:
    assert SPENT.expected(2, 22.35) == pytest.approx(24.6586, abs=5e-3)
    assert SPENT.expected(0, 0) == pytest.approx(35.171, abs=5e-3)


def test_who_never_bought_again_is_alive_by_construction() -> None:
    assert CDNOW.alive(History(0, 0, 38.86)) == 1


def test_expectations_grow_with_time_and_start_at_nothing() -> None:
    customer = History(3, 20, 30)
    values = [CDNOW.expected(customer, time) for time in (0, 1, 10, 100)]
    assert values[0] == pytest.approx(0, abs=1e-12)
    assert values == sorted(values)
    assert CDNOW.expected_of_new(39) > CDNOW.expected_of_new(1) > 0


def test_a_parameter_of_one_is_no_division_by_nothing() -> None:
    model = RepeatBuying(0.25, 4.4, 1.0, 2.4)
    near = RepeatBuying(0.25, 4.4, 1.001, 2.4)
    assert model.expected(History(1, 5, 10), 20) == pytest.approx(
        near.expected(History(1, 5, 10), 20), rel=2e-3
    )


def simulated(random: Random, model: RepeatBuying, customers: int) -> list[History]:
    """Buyers who live as the model says."""
    histories = []
    for _ in range(customers):
        age = random.uniform(27, 39)
        rate = random.gammavariate(model.r, 1 / model.alpha)
        leaves = random.betavariate(model.a, model.b)
        time = last = 0.0
        repeats = 0
        while True:
            time += random.expovariate(rate) if rate > 1e-12 else age + 1
            if time > age:
                break
            repeats, last = repeats + 1, time
            if random.random() < leaves:
                break
        histories.append(History(repeats, last, age))
    return histories


def likelihood(model: RepeatBuying, histories: list[History]) -> float:
    """Equation 6 of the paper, straight."""
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    total = 0.0
    for h in histories:
        x = h.repeats
        beta = lgamma(b + x) + lgamma(a) - lgamma(a + b + x) - lgamma(a) - lgamma(b) + lgamma(a + b)
        rates = lgamma(r + x) - lgamma(r) + r * log(alpha)
        both = exp(beta + rates - (r + x) * log(alpha + h.age))
        if x:
            left = (
                lgamma(a + 1) + lgamma(b + x - 1) - lgamma(a + b + x) - lgamma(a) - lgamma(b) + lgamma(a + b)
            )
            both += exp(left + rates - (r + x) * log(alpha + h.last))
        total += log(both)
    return total


def test_the_parameters_of_simulated_buyers_are_found_again() -> None:
    histories = simulated(Random(1), CDNOW, 1_500)
    fit = repeat_buying.fitted(histories)
    assert fit.gate is Gate.OK
    assert fit.model is not None
    assert fit.likelihood == pytest.approx(likelihood(fit.model, histories), rel=1e-9)
    assert fit.likelihood >= likelihood(CDNOW, histories)
    assert fit.model.r == pytest.approx(CDNOW.r, rel=0.25)
    assert fit.model.alpha == pytest.approx(CDNOW.alpha, rel=0.35)
    assert fit.model.expected_of_new(39) == pytest.approx(CDNOW.expected_of_new(39), rel=0.1)
    assert (fit.customers, fit.repeaters) == (1_500, sum(h.repeats > 0 for h in histories))


def test_the_unit_of_time_does_not_matter() -> None:
    weeks = simulated(Random(2), CDNOW, 400)
    days = [History(h.repeats, h.last * 7, h.age * 7) for h in weeks]
    a, b = repeat_buying.fitted(weeks).model, repeat_buying.fitted(days).model
    assert a is not None
    assert b is not None
    assert (b.r, b.alpha, b.a, b.b) == pytest.approx((a.r, 7 * a.alpha, a.a, a.b), rel=1e-4)


def test_small_samples_are_refused() -> None:
    assert repeat_buying.fitted([History(1, 1, 2)] * 99).gate is Gate.SMALL_N
    assert repeat_buying.fitted([History(0, 0, 2)] * 80 + [History(1, 1, 2)] * 29).gate is Gate.SMALL_N
    assert spending.fitted([1] * 29, [10.0] * 29).gate is Gate.SMALL_N
    with pytest.raises(ValueError, match="last"):
        History(1, 3, 2)


def test_the_spending_of_simulated_buyers_is_found_again() -> None:
    random = Random(3)
    repeats, means = [], []
    for _ in range(1_200):
        x = 1 + int(random.expovariate(0.5))
        scale = random.gammavariate(SPENT.q, 1 / SPENT.v)
        repeats.append(x)
        means.append(random.gammavariate(SPENT.p * x, 1 / (scale * x)))
    fit = spending.fitted([*repeats, 0], [*means, 0.0])
    assert fit.repeaters == 1_200
    assert fit.model is not None
    assert fit.model.expected(0, 0) == pytest.approx(SPENT.expected(0, 0), rel=0.1)
    assert fit.model.expected(3, 50) == pytest.approx(SPENT.expected(3, 50), rel=0.1)


def test_a_mean_that_is_not_finite_is_not_shown() -> None:
    assert Spending(6, 0.9, 15).expected(0, 0) is None
