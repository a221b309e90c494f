"""The form of reminders: what is due, and whose it is."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from crmsheet.spec.nodes import Plain
from crmsheet.spec.shapes.words import Expression, Flag, LabelText, Shape, Text, Texts, Whole, number_of


def _days(value: object) -> object:
    """A whole number, or the name of a setting."""
    if isinstance(value, Plain) and number_of(value) is None:
        return str.__str__(value)
    return value


class ReminderShape(Shape):
    """Every row of a table is due on a day."""

    table: Text
    date: Expression
    """A field, or an expression that gives a day or empty text."""
    label: LabelText | None = None
    done: Expression | None = None
    """An expression; rows for which it is true need nothing any more."""
    owner: Text | None = None
    """The field that says whose a row is, or the way to it: `customer.owner`."""
    text: Texts = ()
    """Fields and paths that are told of a row."""
    days: Annotated[Whole | Text | None, BeforeValidator(_days, json_schema_input_type=int | str)] = None
    """How many days ahead one is reminded: a number, or a setting."""
    extend: Flag = False
    """Changes a reminder that an included file defines."""
