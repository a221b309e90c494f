"""Older Excels: newer functions written with functions that were there before.

Knows how MAXIFS, MINIFS, IFS, SWITCH, TEXTJOIN and CONCAT are said in Excel 2016. Does not know which version
is wanted, nor what the functions mean.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from crmsheet.excel.values import ExcelError
from crmsheet.formulas.criteria import has_wildcards
from crmsheet.formulas.functions import TABLE
from crmsheet.formulas.tree import (
    Area,
    Binary,
    Call,
    Column,
    ErrorValue,
    Name,
    Node,
    Number,
    Spot,
    Text,
    rewritten,
    walk,
)


def rewritten_for(node: Node, compatibility: int) -> Node:
    """The same meaning with functions this version has; functions that cannot be said stay as they are."""

    def change(candidate: Node) -> Node | None:
        match candidate:
            case Call(name, arguments) if _needed(name, compatibility) and _sayable(name, arguments):
                inner = tuple(rewritten_for(argument, compatibility) for argument in arguments)
                return _REWRITES[name](inner)
            case _:
                return None

    return rewritten(node, change)


def missing_in(node: Node, compatibility: int) -> tuple[str, ...]:
    """Functions of a tree that the version lacks, after `rewritten_for`."""
    names = {n.function for n in walk(node) if isinstance(n, Call)}
    return tuple(sorted(n for n in names if n in TABLE and TABLE[n].since > compatibility))


def can_be_said(function: str, arguments: Sequence[Node], compatibility: int) -> bool:
    """Whether a version has a function of the table or can do without it in this call."""
    return not _needed(function, compatibility) or _sayable(function, arguments)


def _needed(function: str, compatibility: int) -> bool:
    return function in TABLE and TABLE[function].since > compatibility


def _sayable(function: str, arguments: Sequence[Node]) -> bool:
    """Whether the older form of a call means the same.

    A criterion that stands in a named cell or a block may begin with an operator, which a comparison would
    not see; joined columns cannot be written out.
    """
    if function not in _REWRITES or len(arguments) < TABLE[function].minimum:
        return False
    if function in ("MAXIFS", "MINIFS"):
        return not any(isinstance(wanted, Name | Spot) or _is_pattern(wanted) for wanted in arguments[2::2])
    if function in ("CONCAT", "TEXTJOIN"):
        return not any(isinstance(argument, Column | Area | Name) for argument in arguments)
    return True


def _is_pattern(wanted: Node) -> bool:
    return isinstance(wanted, Text) and has_wildcards(wanted.value)


def _ifs(arguments: Sequence[Node]) -> Node:
    if not arguments:
        return ErrorValue(ExcelError.NA)
    return Call("IF", (arguments[0], arguments[1], _ifs(arguments[2:])))


def _switch(arguments: Sequence[Node]) -> Node:
    subject, rest = arguments[0], arguments[1:]

    def nested(left: Sequence[Node]) -> Node:
        if not left:
            return ErrorValue(ExcelError.NA)
        if len(left) == 1:
            return left[0]
        return Call("IF", (Binary("=", subject, left[0]), left[1], nested(left[2:])))

    return nested(rest)


def _extreme(which: int) -> Callable[[Sequence[Node]], Node]:
    """MAXIFS and MINIFS as LARGE and SMALL over values divided by the truth of the criteria.

    Rows that do not match divide by zero and are left out. Criteria become comparisons (so that a text that
    looks like a number no longer equals that number); when no row matches the answer is 0, as MAXIFS has it.
    """

    def build(arguments: Sequence[Node]) -> Node:
        values, pairs = arguments[0], arguments[1:]
        tests: Node | None = None
        for where, wanted in zip(pairs[::2], pairs[1::2], strict=True):
            test = _comparison(where, wanted)
            tests = test if tests is None else Binary("*", tests, test)
        assert tests is not None
        divisor = Binary("*", tests, Call("ISNUMBER", (values,)))
        array = Binary("/", values, divisor)
        best = Call("AGGREGATE", (Number(14 if which > 0 else 15), Number(6), array, Number(1)))
        return Call("IFERROR", (best, Number(0)))

    return build


def _comparison(where: Node, wanted: Node) -> Node:
    """A criterion as a comparison over a column: `">="&x` becomes `column>=x`."""
    match wanted:
        case Text("="):
            return Call("ISBLANK", (where,))
        case Text("<>"):
            return Binary("-", Number(1), Call("ISBLANK", (where,)))
        case Binary("&", Text(op), value) if op in ("=", "<>", "<", ">", "<=", ">="):
            test = Binary(op, where, value)
            if op in ("=", "<>"):
                return test
            # a bound that is blank or empty text holds for no number
            bounded = Binary("*", Call("ISNUMBER", (where,)), Binary("<>", value, Text("")))
            return Binary("*", test, bounded)
        case Text(text) if text[:2] in ("<>", "<=", ">="):
            return _against(where, text[:2], text[2:])
        case Text(text) if text[:1] in ("=", "<", ">"):
            return _against(where, text[:1], text[1:])
        case _:
            return Binary("=", where, wanted)


def _against(where: Node, op: str, operand: str) -> Node:
    try:
        value: Node = Number(float(operand))
    except ValueError:
        value = Text(operand)
    test = Binary(op, where, value)
    if op in ("<", ">", "<=", ">=") and isinstance(value, Number):
        return Binary("*", test, Call("ISNUMBER", (where,)))
    return test


def _joined(arguments: Sequence[Node]) -> Node:
    """CONCAT of single values."""
    return Call("CONCATENATE", tuple(arguments))


def _textjoin(arguments: Sequence[Node]) -> Node:
    """TEXTJOIN of single values: each with its delimiter before it, the first delimiter cut off."""
    delimiter, skip, *values = arguments
    pieces: Node | None = None
    for value in values:
        with_delimiter = Binary("&", delimiter, value)
        piece: Node = Call(
            "IF", (Call("AND", (skip, Binary("=", value, Text("")))), Text(""), with_delimiter)
        )
        pieces = piece if pieces is None else Binary("&", pieces, piece)
    assert pieces is not None
    start = Binary("+", Call("LEN", (delimiter,)), Number(1))
    return Call("MID", (pieces, start, Number(32767)))


_REWRITES: Final[dict[str, Callable[[Sequence[Node]], Node]]] = {
    "IFS": _ifs,
    "SWITCH": _switch,
    "MAXIFS": _extreme(1),
    "MINIFS": _extreme(-1),
    "CONCAT": _joined,
    "TEXTJOIN": _textjoin,
}
