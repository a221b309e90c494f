"""Parts of a change that add up to it."""

from __future__ import annotations

from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from crmsheet.analysis.decomposition import by_customers, by_price_volume_mix

_amounts = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(-50_000, 50_000).map(lambda v: v / 100))
_sold = st.dictionaries(
    st.sampled_from("abcdef"),
    st.tuples(st.integers(1, 500).map(float), st.integers(1, 90_000).map(lambda v: v / 100)),
)


def test_customers_by_hand() -> None:
    found = by_customers({"a": 100, "b": 50, "c": 30, "d": 7}, {"b": 80, "c": 10, "d": 7, "e": 25})
    assert (found.new, found.lost, found.expanded, found.shrunk) == (25, -100, 30, -20)
    assert found.counts == (1, 1, 1, 1)
    assert found.total == -65


def test_who_goes_to_nothing_is_lost() -> None:
    found = by_customers({"a": 0, "b": 5}, {"a": 4, "b": 0})
    assert (found.new, found.lost, found.counts) == (4, -5, (1, 1, 0, 0))


@given(_amounts, _amounts)
def test_customers_add_up(before: dict[str, float], after: dict[str, float]) -> None:
    change = sum(after.values()) - sum(before.values())
    assert isclose(by_customers(before, after).total, change, abs_tol=1e-9)


def test_price_volume_and_mix_by_hand() -> None:
    # 10 at 5 and 10 at 15 (average 10); then 20 at 6 and 10 at 15.
    found = by_price_volume_mix({"a": (10, 50), "b": (10, 150)}, {"a": (20, 120), "b": (10, 150)})
    assert found is not None
    assert (found.price, found.volume, found.mix) == (20, 100, -50)


def test_without_old_sales_there_is_no_old_price() -> None:
    assert by_price_volume_mix({}, {"a": (1, 5)}) is None


@given(_sold, _sold)
def test_price_volume_and_mix_add_up(
    before: dict[str, tuple[float, float]], after: dict[str, tuple[float, float]]
) -> None:
    found = by_price_volume_mix(before, after)
    if not before:
        assert found is None
        return
    assert found is not None
    change = sum(r for _, r in after.values()) - sum(r for _, r in before.values())
    assert isclose(found.total, change, rel_tol=1e-9, abs_tol=1e-6)
    alike = by_price_volume_mix(before, before)
    assert alike is not None
    assert (alike.price, alike.volume, alike.mix) == (0, 0, 0)
