"""The form of what blocks have in common: metrics, and what they are broken down by."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from crmsheet.messages import phrase
from crmsheet.spec.shapes.words import LabelText, Shape, Text, Texts, mapping


def map_expected(value: object) -> object:
    if isinstance(value, dict):
        return value
    if value is None:
        raise PydanticCustomError("empty", "a value is missing")
    raise PydanticCustomError("shape", "expected {expected}", {"expected": phrase("a map (name: value)")})


class DimensionShape(Shape):
    """What numbers are broken down by: a grain of time, a field, or a path for each table."""

    name: Text = ""
    label: LabelText | None = None
    paths: Annotated[dict[str, Text], mapping] = Field(default_factory=dict)


def _dimension(value: object) -> object:
    if isinstance(value, str):
        return {"name": value}
    if value is None:
        raise PydanticCustomError("empty", "a value is missing")
    if not isinstance(value, dict):
        raise PydanticCustomError(
            "shape", "expected {expected}", {"expected": phrase("month, a field, or a path for each table")}
        )
    label = {"label": value["label"]} if "label" in value else {}
    return {"paths": {k: v for k, v in value.items() if k != "label"}, **label}


By: TypeAlias = Annotated[
    DimensionShape, BeforeValidator(_dimension, json_schema_input_type=str | dict[str, object])
]


class MetricsShape(Shape):
    """What blocks of metrics have in common."""

    metrics: Texts
    title: LabelText | None = None
    ignores: Texts = ()
    """Selectors that the block does not follow; it says so."""
