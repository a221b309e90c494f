"""The form of roles: what somebody sees and fills in a copy made for them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from crmsheet.messages import phrase
from crmsheet.model.roles import RowScope
from crmsheet.spec.shapes.words import LabelText, Shape, Text, Texts, mapping, word

Rows = Annotated[RowScope, BeforeValidator(word(RowScope))]


class TableAccessShape(Shape):
    """What a role sees of one table. `customers: own` is short for `customers: {rows: own}`."""

    rows: Rows | None = None
    """own, team, all, or none: without the table."""
    owner: Text | None = None
    """The field that holds a row's person, or the way to it: `customer.owner`."""
    write: Texts = ()
    """Fields that are filled in and merged back, or `all`."""
    read: Texts = ()
    """Fields that are shown, and not merged back; or `all`."""
    mask: Texts = ()
    """Fields of which only the shape is left: 138****5678."""
    drop: Texts = ()
    """Fields that are left out, with all that needs them."""


def _table(value: object) -> object:
    if isinstance(value, str):
        return {"rows": value}
    if value is None:
        raise PydanticCustomError("empty", "a value is missing")
    if not isinstance(value, dict):
        raise PydanticCustomError(
            "shape", "expected {expected}", {"expected": phrase("own, team, all, none, or a map")}
        )
    return value


class RoleShape(Shape):
    """A role."""

    label: LabelText | None = None
    rows: Rows = RowScope.ALL
    """Of every table that leads to a person and says nothing else."""
    owner: Text | None = None
    """The field that holds a row's person, where a table has one of this id."""
    team: Text | None = None
    """The field of the people's table that says who belongs together: a text they share, or their manager."""
    tables: Annotated[
        dict[
            str,
            Annotated[
                TableAccessShape, BeforeValidator(_table, json_schema_input_type=str | TableAccessShape)
            ],
        ],
        mapping,
    ] = Field(default_factory=dict)
    sheets: Texts | None = None
    """The boards in the copy; without it, all."""
