"""Values written in a spec: bounds, defaults and patterns of fields.

Knows how a literal reads for each type and when an expression is meant. Does not know computed fields.
"""

from __future__ import annotations

import re

from crmsheet.formulas.tree import Boolean, Item, Node, Number, Text
from crmsheet.messages import say
from crmsheet.model.spec import FieldType
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.attributes import SUITS
from crmsheet.spec.resolve.expressions import Expressions
from crmsheet.spec.resolve.kinds import CHOICES, NUMERIC, TEMPORAL, Kind, Kinds
from crmsheet.spec.resolve.settings import date_serial
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.spec.shapes.tables import FieldShape
from crmsheet.spec.shapes.words import flag_of, number_of
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Values:
    """Reads the values that fields are given."""

    kinds: Kinds
    expressions: Expressions
    problems: Problems

    def bound(self, table: str, shape: FieldShape, name: str, path: Path) -> Node | None:
        text: str | None = shape.min if name == "min" else shape.max
        if text is None or shape.type not in SUITS[name]:
            return None
        if shape.type in NUMERIC and (number := number_of(text)) is not None:
            return Number(number)
        if shape.type in TEMPORAL and (serial := date_serial(text)) is not None:
            return Number(serial)
        wanted = FieldType.DATE if shape.type in TEMPORAL else FieldType.NUMBER
        return self.expressions.value(text, (*path, name), table, wanted)

    def default(self, table: str, shape: FieldShape, kind: Kind, path: Path) -> Node | None:
        text = shape.default
        if text is None or shape.type not in SUITS["default"]:
            return None
        at = (*path, "default")
        if shape.type in NUMERIC:
            number = number_of(text)
            wanted = FieldType.NUMBER
            return Number(number) if number is not None else self.expressions.value(text, at, table, wanted)
        if shape.type in TEMPORAL:
            serial = date_serial(text)
            wanted = FieldType.DATE
            return Number(serial) if serial is not None else self.expressions.value(text, at, table, wanted)
        if text.startswith("="):
            return self.expressions.value(text, at, table, shape.type)
        if shape.type is FieldType.BOOLEAN:
            flag = flag_of(text)
            if flag is None:
                self._baddefault(text, say("true or false"), at)
                return None
            return Boolean(flag)
        if shape.type in CHOICES:
            return self._item(text, kind, at)
        return Text(text)

    def _item(self, text: str, kind: Kind, path: Path) -> Node | None:
        definition = self.kinds.lists.get(kind.list)
        if definition is None:
            return None
        for item in definition.items:
            if text in (item.id, item.label.zh, item.label.en):
                return Item(definition.id, item.id)
        remedy, allowed = did_you_mean(text, (item.id for item in definition.items))
        self.problems.error(
            Code.DEFAULT,
            path,
            say("'{text}' is no item of the list '{list}'", text=text, list=kind.list),
            remedy=remedy,
            allowed=allowed,
        )
        return None

    def _baddefault(self, text: str, wanted: str, path: Path) -> None:
        self.problems.error(
            Code.DEFAULT,
            path,
            say("the default '{text}' is not {wanted}", text=text, wanted=wanted),
            remedy=say("Write {wanted}.", wanted=wanted),
        )

    def check_default(
        self, shape: FieldShape, default: Node | None, low: Node | None, high: Node | None, path: Path
    ) -> None:
        at = (*path, "default")
        match default:
            case Number(value):
                below = isinstance(low, Number) and value < low.value
                above = isinstance(high, Number) and value > high.value
                if below or above:
                    bound = (
                        say("below min {bound}", bound=shape.min)
                        if below
                        else say("above max {bound}", bound=shape.max)
                    )
                    self.problems.error(
                        Code.DEFAULT,
                        at,
                        say("the default {default} is {bound}", default=shape.default, bound=bound),
                    )
                elif shape.type is FieldType.INTEGER and value != int(value):
                    self._baddefault(shape.default or "", say("a whole number"), at)
            case Text(value):
                if shape.max_length is not None and len(value) > shape.max_length:
                    self.problems.error(
                        Code.DEFAULT,
                        at,
                        say(
                            "the default has {count} characters; max_length is {max_length}",
                            count=len(value),
                            max_length=shape.max_length,
                        ),
                    )
                elif shape.pattern is not None and _fails(shape.pattern, value):
                    self.problems.error(
                        Code.DEFAULT, at, say("the default '{value}' does not match the pattern", value=value)
                    )
            case _:
                return

    def pattern(self, shape: FieldShape, path: Path) -> str:
        if shape.pattern is None:
            return ""
        try:
            re.compile(shape.pattern)
        except re.error as error:
            self.problems.error(
                Code.PATTERN,
                (*path, "pattern"),
                say("the pattern is no regular expression: {msg}", msg=error.msg),
                remedy=say("Put it in single quotes; a bracket or dot that means itself has \\ before it."),
                offset=error.pos,
            )
        return shape.pattern


def _fails(pattern: str, value: str) -> bool:
    try:
        return re.fullmatch(pattern, value) is None
    except re.error:
        return False
