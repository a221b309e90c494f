"""The scalar types of specs: what a YAML scalar means where it stands.

A scalar arrives as text (`Plain` or `Quoted`); the type of its place decides what it is. So `Yes` in a list
stays text, a date stays text where text is expected, and `true` is a flag only where a flag is expected.
Raises PydanticCustomError with the kinds that `problems` turns into diagnostics.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Final, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from crmsheet.messages import phrase
from crmsheet.spec.nodes import Plain

Scalar: TypeAlias = bool | int | float | str

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9_]*)")
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9_]*)?(\.[0-9]*)?([eE][-+]?[0-9]+)?%?")
_FLAGS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


class Shape(BaseModel):
    """The base of all forms: frozen, unknown keys refused.

    Built when first used, that is once for the whole tree; building each class by itself takes twice as long.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def number_of(text: str) -> int | float | None:
    """A number as people write it in a spec: `3`, `-0.5`, `1e6`, `10_000`, `20%`; no octal, no base 60."""
    bare = text.strip()
    if _INTEGER.fullmatch(bare):
        return int(bare.replace("_", ""))
    if not _NUMBER.fullmatch(bare) or not any(c.isdigit() for c in bare):
        return None
    value = float(bare.rstrip("%").replace("_", ""))
    if bare.endswith("%"):
        value = round(value / 100, 15)
    return value if math.isfinite(value) else None


def flag_of(text: str) -> bool | None:
    """`true` and `false`, nothing else."""
    return _FLAGS.get(text)


def _text(value: object) -> object:
    if isinstance(value, str):
        return str.__str__(value)
    if value is None:
        raise PydanticCustomError("empty", "a value is missing")
    raise PydanticCustomError("shape", "expected {expected}", {"expected": phrase("a text")})


def _flag(value: object) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, Plain) and value in _FLAGS:
        return _FLAGS[value]
    if value is None:
        raise PydanticCustomError("empty", "a value is missing")
    raise PydanticCustomError("flag", "expected true or false")


def _whole(value: object) -> object:
    number = _number(value)
    if isinstance(number, float) and not number.is_integer():
        raise PydanticCustomError("number", "expected a whole number")
    return int(number)


def _number(value: object) -> int | float:
    if value is None:
        raise PydanticCustomError("empty", "a value is missing")
    number = number_of(value) if isinstance(value, Plain) else None
    if number is None:
        raise PydanticCustomError("number", "expected a number")
    return number


def _scalar(value: object) -> object:
    """A value whose type is its own: flag, number or text."""
    if isinstance(value, Plain):
        flag = flag_of(value)
        number = number_of(value)
        return flag if flag is not None else number if number is not None else str.__str__(value)
    if isinstance(value, str):
        return str.__str__(value)
    return _text(value)


def _expression(value: object) -> object:
    if isinstance(value, list):
        raise PydanticCustomError("unquoted", "an expression needs quotes")
    return _text(value)


def _sequence(value: object) -> object:
    """A list; a single text is a list of one."""
    if isinstance(value, str):
        return (value,)
    if value is None:
        raise PydanticCustomError("empty", "a value is missing")
    if not isinstance(value, list):
        raise PydanticCustomError("shape", "expected {expected}", {"expected": phrase("a list")})
    return value


def _mapping(value: object) -> object:
    """A map; nothing is an empty one."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise PydanticCustomError("shape", "expected {expected}", {"expected": phrase("a map (name: value)")})
    return value


def word(*kinds: type[StrEnum]) -> Callable[[object], object]:
    """A validator for the words of an enumeration (of several: their first member that fits)."""
    members = {member.value: member for kind in kinds for member in kind}

    def chosen(value: object) -> object:
        text = _text(value)
        if text not in members:
            raise PydanticCustomError(
                "word", "not one of the words", {"given": text, "allowed": list(members)}
            )
        return members[str(text)]

    return chosen


Text: TypeAlias = Annotated[str, BeforeValidator(_text, json_schema_input_type=str | float | bool)]
Flag: TypeAlias = Annotated[bool, BeforeValidator(_flag)]
Whole: TypeAlias = Annotated[int, BeforeValidator(_whole, json_schema_input_type=int)]
Number: TypeAlias = Annotated[float, BeforeValidator(_number, json_schema_input_type=float)]
Free: TypeAlias = Annotated[Scalar, BeforeValidator(_scalar)]
Expression: TypeAlias = Annotated[
    str, BeforeValidator(_expression, json_schema_input_type=str | float | bool)
]
Texts: TypeAlias = Annotated[
    tuple[Text, ...], BeforeValidator(_sequence, json_schema_input_type=str | list[str | float])
]
sequence = BeforeValidator(_sequence)
mapping = BeforeValidator(_mapping)


class LabelShape(Shape):
    """A text in each language; a plain text serves both."""

    zh: Text | None = None
    en: Text | None = None


def _label(value: object) -> object:
    if isinstance(value, str):
        return {"zh": value, "en": value}
    return value if isinstance(value, dict) else _text(value)


LabelText: TypeAlias = Annotated[
    LabelShape, BeforeValidator(_label, json_schema_input_type=str | float | LabelShape)
]
