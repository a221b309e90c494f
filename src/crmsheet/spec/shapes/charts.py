"""The form of charts and heat maps."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from crmsheet.model.boards import ChartType
from crmsheet.spec.nodes import Plain
from crmsheet.spec.shapes.dimensions import By, MetricsShape
from crmsheet.spec.shapes.words import Flag, LabelText, Shape, Text, Texts, Whole, flag_of, number_of, word


class Stacking(StrEnum):
    """How metrics or series stand on each other: not at all, as they are, or to 100 %."""

    NONE = "false"
    STACKED = "true"
    SHARE = "share"


class Scale(StrEnum):
    LINEAR = "linear"
    LOG = "log"


def _stacking(value: object) -> object:
    if isinstance(value, Stacking):
        return value
    flag = flag_of(value) if isinstance(value, Plain) else None
    if flag is not None:
        return Stacking.STACKED if flag else Stacking.NONE
    if isinstance(value, str) and value == Stacking.SHARE:
        return Stacking.SHARE
    raise PydanticCustomError(
        "word", "not one of the words", {"given": str(value), "allowed": ["true", "false", "share"]}
    )


def _limit(value: object) -> object:
    """A number, or the id of a setting that holds one."""
    if isinstance(value, Plain):
        number = number_of(value)
        return number if number is not None else str.__str__(value)
    if isinstance(value, str):
        return str.__str__(value)
    raise PydanticCustomError("number", "expected a number")


Limit: TypeAlias = Annotated[
    int | float | str, BeforeValidator(_limit, json_schema_input_type=int | float | str)
]


class ChartShape(MetricsShape):
    """A chart of one or several metrics."""

    type: Annotated[ChartType, BeforeValidator(word(ChartType))]
    by: By | None = None
    last: Whole = 12
    """By time: how many periods, the current one included."""
    top: Limit | None = None
    """By a value: so many of the largest, the rest as other; a number or a setting."""
    min_share: Limit | None = None
    """By a value: smaller shares of the total go into other; a number or a setting."""
    omit: Texts = ()
    """By a list: ids of items that get no bar of their own; what they have counts as other."""
    series: By | None = None
    """A second dimension: a colour for each of its values."""
    stacked: Annotated[Stacking, BeforeValidator(_stacking, json_schema_input_type=bool | str)] = (
        Stacking.NONE
    )
    line: Texts = ()
    """Of a combo: metrics drawn as lines on the second axis."""
    forecast: Whole | None = None
    """Of a line: so many periods to come."""
    moving_average: Whole | None = None
    """Of a line: the mean of so many periods."""
    axis: Annotated[Scale, BeforeValidator(word(Scale))] = Scale.LINEAR
    trendline: Flag = False

    @property
    def named(self) -> tuple[str, ...]:
        """All metrics, those of lines as well."""
        return (*self.metrics, *self.line)


class HeatShape(Shape):
    """A metric by two dimensions, in cells coloured by their value."""

    metric: Text
    by: By
    across: By
    last: Whole = 12
    top: Limit | None = None
    title: LabelText | None = None
    ignores: Texts = ()
