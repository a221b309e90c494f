"""The code of data classes' methods, once for each number of fields.

Knows what a method does with `field0`, `field1`, ... of its object. Does not know what they are called (`structs` gives
the code their names), nor which class has which methods.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import CodeType


def _compiled(*lines: str) -> CodeType:
    """The code of one function. Its text is made of numbers only, as that of `dataclasses` is of names."""
    module = compile("\n ".join(lines), "<structs>", "exec")
    return next(c for c in module.co_consts if isinstance(c, CodeType))


def _values(of: str, count: int) -> str:
    return "(" + "".join(f"{of}.field{i}, " for i in range(count)) + ")"


@cache
def initialisation(count: int) -> CodeType:
    parameters = "".join(f", value{i}" for i in range(count))
    return _compiled(
        f"def __init__(self{parameters}):", *(f"set{i}(self, value{i})" for i in range(count)), "return"
    )


@cache
def plain_initialisation(count: int) -> CodeType:
    parameters = "".join(f", value{i}" for i in range(count))
    return _compiled(
        f"def __init__(self{parameters}):", *(f"self.field{i} = value{i}" for i in range(count)), "return"
    )


@cache
def hashing(count: int) -> CodeType:
    return _compiled("def __hash__(self):", f"return hash({_values('self', count)})")


@cache
def equality(count: int) -> CodeType:
    return _comparison("__eq__", "==", count)


def _order(name: str, sign: str) -> Callable[[int], CodeType]:
    return cache(lambda count: _comparison(name, sign, count))


ORDERS = {
    name: _order(name, sign)
    for name, sign in zip(("__lt__", "__le__", "__gt__", "__ge__"), ("<", "<=", ">", ">="), strict=True)
}


def _comparison(name: str, sign: str, count: int) -> CodeType:
    return _compiled(
        f"def {name}(self, other):",
        f"if other.__class__ is self.__class__: return {_values('self', count)} {sign} {_values('other', count)}",
        "return NotImplemented",
    )
