"""The form of what a spec wants remembered from one refresh to the next."""

from __future__ import annotations

from typing import Annotated

from crmsheet.spec.shapes.dimensions import By
from crmsheet.spec.shapes.words import Shape, Text, Texts, Whole, mapping, sequence


class KeepShape(Shape):
    """How much is kept."""

    days: Whole = 92
    """Of so many days every date."""
    months: Whole = 60
    """Of so many months the last date of each."""
    changes: Whole = 5_000
    """So many changes to audited fields."""


class HistoryShape(Shape):
    """Figures that every refresh writes down."""

    metrics: Texts = ()
    """Without it, those of all cards."""
    by: Annotated[tuple[By, ...], sequence] = ()
    period: Text | None = None
    """The window that metrics with a time are measured over."""
    keep: Annotated[KeepShape, mapping] = KeepShape()
