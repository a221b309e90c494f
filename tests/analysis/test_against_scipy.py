"""Our small exact implementations against scipy 1.17.1 and statsmodels 0.15.0: what these say, to twelve digits.

The numbers were computed by the calls named beside them; the libraries themselves are not needed.
"""

from __future__ import annotations

import pytest

from crmsheet.analysis.association import cramers_v, false_discoveries, holm, pearson, spearman
from crmsheet.analysis.forecast import SEASON, line, smoothed
from crmsheet.analysis.proportions import share
from crmsheet.analysis.special import chi_square_tail, hypergeometric, student_tails
from crmsheet.analysis.survival import curve

XS = (2.1, 3.4, 1.9, 5.6, 4.4, 7.3, 6.1, 8.8, 3.4, 9.0, 7.7, 5.2)
YS = (1.0, 2.2, 2.4, 3.9, 4.1, 4.4, 6.0, 5.1, 1.7, 7.2, 4.9, 4.9)


def test_correlations() -> None:
    """scipy.stats.pearsonr, spearmanr (with ties)."""
    linear, ranks = pearson(XS, YS), spearman(XS, YS)
    assert (linear.value, linear.p) == pytest.approx((0.8631944234424844, 0.0002985975374048264), rel=1e-9)
    assert (ranks.value, ranks.p) == pytest.approx((0.8596491228070177, 0.0003372366811379999), rel=1e-9)


def test_cramers_v() -> None:
    """scipy.stats.chi2_contingency(table, correction=False), contingency.association(table, "cramer")."""
    table = {("a", "x"): 12, ("a", "y"): 7, ("a", "z"): 3, ("b", "x"): 5, ("b", "y"): 9, ("b", "z"): 14}
    pairs = [pair for pair, n in table.items() for _ in range(n)]
    found = cramers_v([a for a, _ in pairs], [b for _, b in pairs])
    assert (found.value, found.p) == pytest.approx((0.43975531862586975, 0.00794972051330088), rel=1e-11)


@pytest.mark.parametrize(
    ("freedom", "x", "tail"),
    [
        (1, 2.0, 0.15729920705028105),
        (3, 7.8, 0.050331097859853326),
        (6, 0.4, 0.9988515187551379),
        (40, 55.3, 0.05440137245060073),
    ],
)
def test_chi_square(freedom: int, x: float, tail: float) -> None:
    """scipy.stats.chi2.sf."""
    assert chi_square_tail(x, freedom) == pytest.approx(tail, rel=1e-11)


@pytest.mark.parametrize(
    ("freedom", "t", "tails"),
    [
        (1, 1.5, 0.3743340836219977),
        (5, -2.3, 0.06977246933203732),
        (34, 3.1, 0.0038727708715384727),
        (200, 0.2, 0.8416837917584334),
    ],
)
def test_student(freedom: int, t: float, tails: float) -> None:
    """2 * scipy.stats.t.sf(abs(t), freedom)."""
    assert student_tails(t, freedom) == pytest.approx(tails, rel=1e-10)


@pytest.mark.parametrize(
    ("a", "b", "c", "z", "value"),
    [
        (0.3, 2.5, 1.2, 0.4, 1.431707117718071),
        (1.2, 3.1, 4.6, 0.9, 4.177828975694507),
        (2.4, 2.4, 3.2, 0.05, 1.096601084381191),
    ],
)
def test_hypergeometric(a: float, b: float, c: float, z: float, value: float) -> None:
    """scipy.special.hyp2f1."""
    assert hypergeometric(a, b, c, z) == pytest.approx(value, rel=1e-10)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (3, 20, 0.052368745896216595, 0.36041886474075696),
        (0, 12, 0.0, 0.24249400665524096),
        (45, 50, 0.7863976856252034, 0.9565242350681095),
        (10, 30, 0.19230498083676129, 0.5121994835545616),
    ],
)
def test_wilson(hits: int, n: int, low: float, high: float) -> None:
    """statsmodels.stats.proportion.proportion_confint(hits, n, 0.05, "wilson")."""
    found = share(hits, n)
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-11, abs=1e-15)


def test_holm() -> None:
    """statsmodels.stats.multitest.multipletests(ps, method="holm")."""
    assert holm([0.01, 0.04, 0.03, 0.005, 0.2]) == pytest.approx([0.04, 0.09, 0.09, 0.025, 0.2])


def test_false_discoveries() -> None:
    """statsmodels.stats.multitest.multipletests(ps, method="fdr_bh")."""
    found = false_discoveries([0.01, 0.04, 0.03, 0.005, 0.2])
    assert found == pytest.approx([0.025, 0.05, 0.05, 0.025, 0.2])
    assert false_discoveries([]) == []


def test_kaplan_meier() -> None:
    """statsmodels.duration.survfunc.SurvfuncRight(times, status): times of events, share, at risk."""
    times = [1, 2, 2, 3, 4, 4, 5, 6, 7, 8, 8, 9]
    lost = [True, True, False, True, False, True, True, False, True, False, True, False]
    steps = [one for one in curve([float(t) for t in times], lost) if one.lost]
    assert [(one.time, one.at_risk) for one in steps] == [
        (1, 12),
        (2, 11),
        (3, 9),
        (4, 8),
        (5, 6),
        (7, 4),
        (8, 3),
    ]
    expected = [11 / 12, 10 / 12, 20 / 27, 35 / 54, 175 / 324, 0.40509259259259256, 0.2700617283950617]
    assert [one.share for one in steps] == pytest.approx(expected, rel=1e-12)


def test_line() -> None:
    """scipy.stats.linregress over positions from 0."""
    found = line([12, 15, 14, 18, 21, 19, 24, 26, 25, 29])
    assert found == pytest.approx((12.145454545454546, 1.8121212121212122, 0.9403405803961169), rel=1e-12)


YEARS = (
    *(95.0, 111.0, 124.3, 122.0, 125.3, 124.0, 109.0, 105.0, 103.7, 96.0, 104.7, 107.0),
    *(123.0, 139.0, 141.3, 150.0, 153.3, 141.0, 137.0, 133.0, 120.7, 124.0, 121.7, 135.0),
    *(151.0, 156.0, 169.3, 178.0, 170.3, 169.0, 165.0, 150.0, 148.7, 141.0, 149.7, 163.0),
)


def test_holt_winters() -> None:
    """statsmodels.tsa.holtwinters.ExponentialSmoothing(trend="add", seasonal="add", initialization_method="known").

    Started with our level, trend and season; `smoothing_seasonal` is our weight times what the level's weight leaves,
    0.2 × (1 - 0.4), because the season there learns from the level that was expected, here from the new one.
    """
    squares, level, trend, season = smoothed(YEARS, 0.4, 0.1, 0.2)
    coming = [level + trend * (step + 1) + season[(len(YEARS) + step) % SEASON] for step in range(3)]
    assert (squares, level, trend) == pytest.approx(
        (659.7902851530589, 171.44367061435148, 2.1752804573273257), rel=1e-12
    )
    assert coming == pytest.approx([171.70142536717884, 186.21947403190154, 195.14044760576368], rel=1e-12)
