"""Numbers in sentences: as their metric shows them on cards, and how things change.

Knows formats. Does not know what is said.
"""

from __future__ import annotations

from crmsheet.compile.number_formats import Shown, is_share, metric_format
from crmsheet.compile.pieces import Context
from crmsheet.excel.number_formats import formatted
from crmsheet.model.metrics import Metric
from crmsheet.model.words import Language


def amount(context: Context, metric: Metric, value: float) -> str:
    """A value of a metric, as a card shows it."""
    return str(formatted(value, metric_format(context, metric, Shown.CARD)))


def change(context: Context, metric: Metric, before: float, after: float) -> str:
    """How far a value has moved: in points for shares, else in percent; empty where that says nothing."""
    if is_share(context, metric):
        points = (after - before) * 100
        return f"{points:+.1f}" + ("个百分点" if context.language is Language.ZH else " points")
    return f"{after / before - 1:+.0%}" if before > 0 else ""


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def signed(context: Context, metric: Metric, value: float) -> str:
    """An amount that was added or taken away."""
    return ("+" if value > 0 else "") + amount(context, metric, value)


def chance(p: float) -> str:
    """A p value, as it is read in a sentence after the letter."""
    return "< 0.001" if p < 0.001 else f"= {p:.3f}"
