"""The form of analyses."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from crmsheet.model.boards import AnalysisType
from crmsheet.spec.shapes.dimensions import By
from crmsheet.spec.shapes.words import LabelText, Shape, Text, Texts, Whole, mapping, word


def _several(value: object) -> object:
    """One dimension or a list of them."""
    return value if isinstance(value, list) else [value]


class AnalysisShape(Shape):
    """A statistic that no formula gives: computed at build and refresh, written as values."""

    type: Annotated[AnalysisType, BeforeValidator(word(AnalysisType))]
    metrics: Texts
    entity: By | None = None
    """Whose rows belong together: customer."""
    by: Annotated[tuple[By, ...], BeforeValidator(_several, json_schema_input_type=By | list[By])] = ()
    """What the metrics are broken down by: a field or a path, or several."""
    across: By | None = None
    """What `by` is crossed with."""
    figures: Annotated[dict[str, Text], mapping] = Field(default_factory=dict)
    """Of effects: which metric each choice stands for."""
    last: Whole | None = None
    """How many months, of those that are over."""
    top: Whole | None = None
    """How many rows there is room for."""
    title: LabelText | None = None
