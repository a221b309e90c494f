"""The form of a whole spec."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from crmsheet.messages import phrase
from crmsheet.model.spec import Compatibility
from crmsheet.model.words import Language
from crmsheet.spec.shapes.boards import BoardShape
from crmsheet.spec.shapes.history import HistoryShape
from crmsheet.spec.shapes.lists import ListForm, SettingForm
from crmsheet.spec.shapes.metrics import MetricShape
from crmsheet.spec.shapes.reminders import ReminderShape
from crmsheet.spec.shapes.roles import RoleShape
from crmsheet.spec.shapes.tables import TableShape
from crmsheet.spec.shapes.words import LabelText, Shape, Text, Texts, Whole, mapping, word


def _map(value: object) -> object:
    if isinstance(value, dict):
        return value
    if value is None:
        raise PydanticCustomError("empty", "a value is missing")
    raise PydanticCustomError("shape", "expected {expected}", {"expected": phrase("a map (name: value)")})


_entry = BeforeValidator(_map)


class SpecShape(Shape):
    """A crmsheet spec."""

    crmsheet: Whole
    """The format of this file: 1."""
    name: Text | None = None
    title: LabelText | None = None
    language: Annotated[Language, BeforeValidator(word(Language))] | None = None
    compatibility: Annotated[
        Compatibility, BeforeValidator(word(Compatibility), json_schema_input_type=int | str)
    ] = Compatibility.EXCEL_2019
    include: Texts = ()
    """Files whose entries are merged into this one, relative to it."""
    settings: Annotated[dict[str, SettingForm], mapping] = Field(default_factory=dict)
    lists: Annotated[dict[str, ListForm], mapping] = Field(default_factory=dict)
    tables: Annotated[dict[str, Annotated[TableShape, _entry]], mapping] = Field(default_factory=dict)
    metrics: Annotated[dict[str, Annotated[MetricShape, _entry]], mapping] = Field(default_factory=dict)
    sheets: Annotated[dict[str, Annotated[BoardShape, _entry]], mapping] = Field(default_factory=dict)
    history: Annotated[HistoryShape, mapping] | None = None
    """What every refresh writes down."""
    roles: Annotated[dict[str, Annotated[RoleShape, _entry]], mapping] = Field(default_factory=dict)
    """What somebody sees in a copy made for them."""
    brief: Texts = ()
    """What `crmsheet brief` tells: blocks as `sheet.block`."""
    reminders: Annotated[dict[str, Annotated[ReminderShape, _entry]], mapping] | None = None
    """What `crmsheet remind` tells; without it, what follows from the tables."""
