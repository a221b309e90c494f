"""Expressions of a spec: read, checked in their place, and their problems put where they stand in the file.

Knows what each place may name and what it must give. The language itself is `crmsheet.formulas`'.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, TypeVar

from crmsheet.diagnostics import Severity
from crmsheet.formulas import surface
from crmsheet.formulas.checker import Checked, check
from crmsheet.formulas.functions import Type
from crmsheet.formulas.parser import parse
from crmsheet.formulas.problems import Problem, ProblemCode
from crmsheet.formulas.scope import Known, ValueType
from crmsheet.formulas.tree import Boolean, Call, Item, Node, Text
from crmsheet.messages import say
from crmsheet.model.spec import FieldType, Setting
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.mistakes import ascii_punctuation
from crmsheet.spec.nodes import Path, find
from crmsheet.spec.resolve.hints import field_meant
from crmsheet.spec.resolve.kinds import NUMERIC, TEMPORAL, Kind, Kinds
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.spec.shapes.tables import FieldShape
from crmsheet.structs import dataclass, field

AS_OF: Final = "as_of"
_CODES: Final = {code.code: code for code in Code}
_ANYTHING: Final = Known(ValueType.ANY)
_FORMATS: Final = {
    "currency": FieldType.CURRENCY,
    "percent": FieldType.PERCENT,
    "integer": FieldType.INTEGER,
    "date": FieldType.DATE,
    "datetime": FieldType.DATETIME,
    "days": FieldType.NUMBER,
    "number": FieldType.NUMBER,
}
_BRANCHES: Final[Mapping[str, slice]] = {
    "IF": slice(1, None),
    "IFS": slice(1, None, 2),
    "IFERROR": slice(0, None),
    "IFNA": slice(0, None),
}
"""Functions that give one of their arguments, and which."""


@dataclass(frozen=True, slots=True)
class Place:
    """What an expression may name where it stands: the `Scope` of `crmsheet.formulas`."""

    table: str
    compatibility: int
    owner: Expressions
    over_metrics: bool = False

    def tables(self) -> Collection[str]:
        return () if self.over_metrics else self.owner.kinds.shape.tables

    def fields(self, table: str) -> Collection[str]:
        shape = self.owner.kinds.table(table)
        return shape.fields if shape else ()

    def field(self, table: str, id: str) -> Known | None:
        shape = self.owner.kinds.field(table, id)
        if shape is None:
            return _ANYTHING if self.owner.problems.is_broken("tables", table, "fields", id) else None
        return known_as(shape, self.owner.kinds.of(table, id))

    def meant(self, table: str, word: str) -> str:
        return field_meant(self.owner.kinds.shape, table, word)

    def rules(self) -> Collection[str]:
        return self.owner.conditions(self.table)

    def rule(self, id: str) -> Node | None:
        return self.owner.rule(self.table, id) if id in self.owner.conditions(self.table) else None

    def names(self) -> Collection[str]:
        return (AS_OF, *self.owner.settings)

    def name(self, id: str) -> Known | None:
        if id == AS_OF:
            return Known(ValueType.DATE)
        setting = self.owner.settings.get(id)
        if setting is None:
            return _ANYTHING if self.owner.problems.is_broken("settings", id) else None
        return Known(_value_type(setting.type))

    def metrics(self) -> Collection[str]:
        return self.owner.kinds.shape.metrics if self.over_metrics else ()

    def metric(self, id: str) -> Known | None:
        if not self.over_metrics:
            return None
        if id in self.owner.kinds.shape.metrics or self.owner.problems.is_broken("metrics", id):
            return Known(ValueType.NUMBER)
        return None

    def items(self, list: str) -> Mapping[str, Collection[str]]:
        definition = self.owner.kinds.lists.get(list)
        if definition is None:
            return {}
        return {item.id: (item.label.zh, item.label.en) for item in definition.items}


def _value_type(kind: FieldType) -> ValueType:
    if kind in NUMERIC:
        return ValueType.NUMBER
    if kind in TEMPORAL:
        return ValueType.DATE
    named = {
        FieldType.BOOLEAN: ValueType.BOOLEAN,
        FieldType.CHOICE: ValueType.CHOICE,
        FieldType.MULTI_CHOICE: ValueType.MULTI_CHOICE,
        FieldType.REFERENCE: ValueType.REFERENCE,
    }
    return named.get(kind, ValueType.TEXT)


def known_as(shape: FieldShape, kind: Kind) -> Known:
    """A field as expressions see it."""
    if not kind.certain:
        return _ANYTHING
    computed = shape.type.computed
    return Known(
        _value_type(kind.type),
        list=kind.list if kind.type is FieldType.CHOICE else "",
        maybe_empty_text=computed and kind.may_be_empty,
        maybe_blank=not computed and not shape.required,
    )


@dataclass(slots=True)
class Expressions:
    """Reads the expressions of one spec; formulas and rules once, however often they are named."""

    kinds: Kinds
    settings: Mapping[str, Setting]
    compatibility: int
    problems: Problems
    formulas: dict[tuple[str, str], Checked] = field(default_factory=dict)
    rules: dict[tuple[str, str], Node] = field(default_factory=dict)
    under_way: set[tuple[str, str]] = field(default_factory=set)

    def condition(self, text: str, path: Path, table: str) -> Node | None:
        """An expression that is true or false for a row of `table`."""
        checked = self._checked(text, path, Place(table, self.compatibility, self))
        if checked.type in (Type.TEXT, Type.DATE) and checked.node is not None:
            what = say("a text") if checked.type is Type.TEXT else say("a date")
            self.problems.error(
                Code.EXPRESSION_TYPE,
                path,
                say("the condition is {what}, not true or false", what=what),
                remedy=say('Compare it, such as  {text}<>""', text=text.lstrip("=")),
                offset=0,
            )
        return checked.node

    def value(self, text: str, path: Path, table: str, wanted: FieldType) -> Node | None:
        """An expression for a value of a type, for a row of `table`."""
        checked = self._checked(text, path, Place(table, self.compatibility, self))
        numeric = wanted in NUMERIC or wanted in TEMPORAL
        if checked.node is not None and numeric and checked.type in (Type.TEXT, Type.BOOLEAN):
            self.problems.error(
                Code.EXPRESSION_TYPE,
                path,
                say(
                    "this gives {which}, not a {which2}",
                    which=say("a text") if checked.type is Type.TEXT else say("true or false"),
                    which2=say("date") if wanted in TEMPORAL else say("number"),
                ),
                remedy=say("Write a date as 2025-03-01.") if wanted in TEMPORAL else "",
                offset=0,
            )
        return checked.node

    def measures(self, text: str, path: Path) -> Node | None:
        """An expression over metrics."""
        return self._checked(text, path, Place("", self.compatibility, self, over_metrics=True)).node

    def formula(self, table: str, name: str) -> Checked:
        """The formula of a formula field."""
        at = (table, name)
        if at not in self.formulas:
            shape = self.kinds.field(table, name)
            path: Path = ("tables", table, "fields", name, "expr")
            text = (shape.expr if shape else None) or '""'
            checked = self._checked(text, path, Place(table, self.compatibility, self))
            if shape is not None and shape.list is not None:
                checked = self._as_items(checked, text, shape.list, path)
            self.formulas[at] = checked
        return self.formulas[at]

    def formula_kind(self, table: str, name: str, shape: FieldShape) -> Kind:
        """What the cells of a formula field hold; its format says what its type alone does not."""
        checked = self.formula(table, name)
        empty = checked.maybe_empty_text
        if checked.list:
            return Kind(FieldType.CHOICE, list=checked.list, may_be_empty=empty)
        meant = _FORMATS.get(shape.format or "")
        match checked.type:
            case Type.BOOLEAN:
                return Kind(FieldType.BOOLEAN, may_be_empty=empty)
            case Type.DATE:
                return Kind(meant if meant in TEMPORAL else FieldType.DATE, may_be_empty=empty)
            case Type.NUMBER:
                return Kind(meant or FieldType.NUMBER, may_be_empty=empty)
            case Type.TEXT:
                return Kind(FieldType.TEXT, may_be_empty=empty)
            case Type.ANY:
                if meant is None:
                    return Kind(FieldType.TEXT, may_be_empty=empty, certain=False)
                return Kind(meant, may_be_empty=empty)

    def conditions(self, table: str) -> tuple[str, ...]:
        """The rules and segments of a table, whose ids stand for their conditions."""
        shape = self.kinds.table(table)
        return (*(rule.id for rule in shape.rules), *shape.segments) if shape else ()

    def rule(self, table: str, name: str) -> Node:
        """The condition of a rule or segment; false while it is wrong or goes in a circle."""
        at = (table, name)
        shape = self.kinds.table(table)
        if at in self.rules or shape is None or at in self.under_way:
            return self.rules.get(at, Boolean(value=False))
        self.under_way.add(at)
        found: Node | None = None
        index = next((i for i, rule in enumerate(shape.rules) if rule.id == name), None)
        if index is not None:
            path: Path = ("tables", table, "rules", index, "when")
            found = self.condition(shape.rules[index].when, path, table)
        elif name in shape.segments:
            found = self.condition(
                shape.segments[name].where, ("tables", table, "segments", name, "where"), table
            )
        self.under_way.discard(at)
        self.rules[at] = found or Boolean(value=False)
        return self.rules[at]

    def _checked(self, text: str, path: Path, place: Place) -> Checked:
        checked = check(text, place)
        for problem in checked.problems:
            self._report(problem, text, path)
        return checked

    def _report(self, problem: Problem, text: str, path: Path) -> None:
        remedy = problem.remedy
        if problem.code is ProblemCode.FULL_WIDTH:
            key, _ = find(self.problems.root, path)
            name = f"{key.value}: " if key else ""
            remedy = say("Write:  {line}", line=f"{name}'{ascii_punctuation(text)}'")
        self.problems.error(
            _CODES[problem.code.value],
            path,
            problem.message,
            remedy=remedy,
            allowed=problem.allowed,
            offset=problem.offset,
            severity=Severity.WARNING if problem.warning else Severity.ERROR,
        )

    def _as_items(self, checked: Checked, text: str, list_id: str, path: Path) -> Checked:
        """A formula that gives items of a list: its text results are their ids."""
        definition = self.kinds.lists.get(list_id)
        root = parse(text).root
        if definition is None or checked.node is None or root is None:
            return checked
        ids = {item.id for item in definition.items}
        for literal in _results(root):
            if isinstance(literal.value, str) and literal.value and literal.value not in ids:
                remedy, allowed = did_you_mean(literal.value, [i.id for i in definition.items])
                self.problems.error(
                    Code.EXPRESSION_NAME,
                    path,
                    say(
                        "the list '{list_id}' has no item '{literal}'", list_id=list_id, literal=literal.value
                    ),
                    remedy=remedy,
                    allowed=allowed,
                    offset=literal.span.start,
                )
        node = _with_items(checked.node, list_id, ids)
        return Checked(node, checked.type, list_id, checked.maybe_empty_text, checked.problems)


def _results(node: surface.Surface) -> tuple[surface.Literal, ...]:
    """The literals that an expression may give as its value."""
    match node:
        case surface.Literal():
            return (node,)
        case surface.Applied(name=name, arguments=arguments):
            picked = _given(name.upper(), arguments)
            return tuple(literal for argument in picked for literal in _results(argument))
        case _:
            return ()


_Argument = TypeVar("_Argument")


def _given(name: str, arguments: tuple[_Argument, ...]) -> tuple[_Argument, ...]:
    if name == "SWITCH":
        rest = arguments[1:]
        return rest[1::2] + (rest[-1:] if len(rest) % 2 else ())
    return arguments[_BRANCHES[name]] if name in _BRANCHES else ()


def _with_items(node: Node, list_id: str, ids: Collection[str]) -> Node:
    match node:
        case Text(value) if value in ids:
            return Item(list_id, value)
        case Call(function, arguments):
            picked = {id(argument) for argument in _given(function, arguments)}
            return Call(
                function,
                tuple(_with_items(a, list_id, ids) if id(a) in picked else a for a in arguments),
            )
        case _:
            return node
