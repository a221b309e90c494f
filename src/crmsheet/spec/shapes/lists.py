"""The form of lists and settings."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from crmsheet.messages import phrase
from crmsheet.model.spec import FieldType
from crmsheet.spec.shapes.words import Flag, Free, LabelText, Number, Shape, Text, Texts, mapping, word


class ItemShape(Shape):
    """A list item: a text, or a map with an id and attributes of one's own such as `probability`."""

    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True)
    __pydantic_extra__: dict[str, Free]

    id: Text
    label: LabelText | None = None
    aliases: Texts = ()
    parent: Text | None = None
    renamed_from: Text | None = None
    """The id this item had before."""


def _item(value: object) -> object:
    if isinstance(value, str):
        return {"id": value, "label": value}
    if value is None:
        raise PydanticCustomError("empty", "a value is missing")
    if not isinstance(value, dict):
        raise PydanticCustomError(
            "shape", "expected {expected}", {"expected": phrase("a text, or a map with id")}
        )
    return value


Item: TypeAlias = Annotated[ItemShape, BeforeValidator(_item, json_schema_input_type=str | float | ItemShape)]


def _items(value: object) -> object:
    if isinstance(value, list | dict):
        return value if isinstance(value, dict) else {"": value}
    if value is None:
        raise PydanticCustomError("empty", "a value is missing")
    raise PydanticCustomError("shape", "expected {expected}", {"expected": phrase("a list of items")})


class ListShape(Shape):
    """A list: `[a, b]`, a list of maps with ids, or `{depends_on: parent, items: {parent item: [a, b]}}`."""

    items: Annotated[
        dict[str, tuple[Item, ...]],
        BeforeValidator(_items, json_schema_input_type=list[Item] | dict[str, list[Item]]),
    ]
    """By the parent's item; under an empty key when the list depends on none."""
    label: LabelText | None = None
    depends_on: Text | None = None
    renamed_from: Text | None = None
    """The id this list had before."""
    extend: Flag = False
    """Adds items to the list of this id that an included file defines."""
    omit: Texts = ()
    """With `extend`: ids of that list's items to leave out."""


def _list(value: object) -> object:
    if isinstance(value, list):
        return {"items": value}
    if value is None:
        raise PydanticCustomError("empty", "a value is missing")
    if not isinstance(value, dict):
        raise PydanticCustomError("shape", "expected {expected}", {"expected": phrase("a list of items")})
    return value


ListForm: TypeAlias = Annotated[
    ListShape, BeforeValidator(_list, json_schema_input_type=list[Item] | ListShape)
]


class SettingShape(Shape):
    """A setting: a value, or a map with a value and what may be entered."""

    value: Free
    label: LabelText | None = None
    help: LabelText | None = None
    min: Number | None = None
    max: Number | None = None
    type: Annotated[FieldType, BeforeValidator(word(FieldType))] | None = None
    options: Texts = ()
    renamed_from: Text | None = None
    """The id this setting had before."""


def _setting(value: object) -> object:
    return value if isinstance(value, dict) else {"value": value}


SettingForm: TypeAlias = Annotated[
    SettingShape,
    BeforeValidator(_setting, json_schema_input_type=str | float | bool | SettingShape),
]

__all__ = ["Item", "ItemShape", "ListForm", "ListShape", "SettingForm", "SettingShape", "mapping"]
