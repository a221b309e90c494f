"""The parsed text of an expression, before anything in it is looked up.

Knows the nodes and where in the text each stands. Does not know whether the names exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, assert_never

from crmsheet.excel.values import ExcelError
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """`start` and `end` (exclusive) are offsets in the text as it was given."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, text, logical value or error written down."""

    value: float | str | bool | ExcelError
    span: Span


@dataclass(frozen=True, slots=True)
class Empty:
    """An argument left empty."""

    span: Span


@dataclass(frozen=True, slots=True)
class Field:
    """`[id]`: this row's cell, or a rule."""

    id: str
    span: Span


@dataclass(frozen=True, slots=True)
class TableField:
    """`table[id]`: a column."""

    table: str
    id: str
    span: Span
    """Of the whole; the table's id begins it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A bare name: a setting, `as_of`, a metric."""

    id: str
    span: Span


@dataclass(frozen=True, slots=True)
class Prefix:
    """`-x`, `+x`, and `x%` as `%`."""

    op: str
    operand: Surface
    span: Span


@dataclass(frozen=True, slots=True)
class Infix:
    op: str
    left: Surface
    right: Surface
    span: Span
    at: Span
    """Where the operator stands."""


@dataclass(frozen=True, slots=True)
class Among:
    """`x in (a, b)` and `x not in (a, b)`."""

    subject: Surface
    options: tuple[Surface, ...]
    negated: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Applied:
    """A function call; `name` as written, `name_span` where."""

    name: str
    arguments: tuple[Surface, ...]
    span: Span
    name_span: Span


Surface: TypeAlias = Literal | Empty | Field | TableField | Word | Prefix | Infix | Among | Applied


def parts(node: Surface) -> tuple[Surface, ...]:
    """The nodes directly below one."""
    match node:
        case Prefix(operand=operand):
            return (operand,)
        case Infix(left=left, right=right):
            return (left, right)
        case Among(subject=subject, options=options):
            return (subject, *options)
        case Applied(arguments=arguments):
            return arguments
        case Literal() | Empty() | Field() | TableField() | Word():
            return ()
        case _:
            assert_never(node)


def walk(node: Surface) -> Iterator[Surface]:
    """The node and all below it, in reading order."""
    yield node
    for part in parts(node):
        yield from walk(part)
