"""What is known about one function, and the short way to write it down.

Knows signatures. Does not know any function; the families beside this module do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Final, TypeAlias

from crmsheet.excel.limits import FUNCTION_ARGUMENTS
from crmsheet.excel.values import Value
from crmsheet.formulas.ranges import RangeValue
from crmsheet.messages import say
from crmsheet.patterns import regex
from crmsheet.structs import dataclass

Scalar: TypeAlias = Callable[[int], Value]
"""A compiled expression: from the row to its value."""
Argument: TypeAlias = Value | RangeValue


class Type(StrEnum):
    """The type of an expression as far as it is known before any row is seen."""

    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    BOOLEAN = "boolean"
    ANY = "any"


class Kind(StrEnum):
    """What a parameter takes. All but `any`, `criterion` and those for cells pass errors on by themselves."""

    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    BOOLEAN = "boolean"
    VALUE = "value"
    ANY = "any"
    """A value of which errors are looked at, not passed on."""
    CRITERION = "criterion"
    RANGE = "range"
    """Cells; a plain value is taken as well where Excel does."""
    REFERENCE = "reference"
    """Cells and nothing else."""
    ARRAY = "array"
    """An expression over columns, computed cell by cell."""


class Style(StrEnum):
    """How the implementation wants to be called."""

    SCALAR = "scalar"
    """`f(*values)`, coerced as the parameters say."""
    RANGES = "ranges"
    """`f(indexes, *arguments)`, ranges as they are, other parameters coerced."""
    LAZY = "lazy"
    """`f(arguments) -> Scalar`: takes compiled arguments, gives a compiled call."""
    SPECIAL = "special"
    """The evaluator itself knows what to do (`TODAY`, `INDEX`)."""


@dataclass(frozen=True, slots=True)
class Parameter:
    kind: Kind
    optional: bool = False
    repeated: bool = False


_SURPLUS: Final = Parameter(Kind.VALUE)
"""What an argument belongs to that the function does not take."""


@dataclass(frozen=True, slots=True)
class Function:
    """One function of Excel."""

    name: str
    parameters: tuple[Parameter, ...]
    returns: Type
    style: Style
    implementation: Callable[..., object]
    since: int = 2007
    """The first Excel that has it."""
    like: Callable[[int], Iterable[int]] | None = None
    """For a number of arguments, the positions of those whose type and emptiness the result has."""
    prefix: str = ""
    """What stands before the name in a file, such as `_xlfn.`."""

    @property
    def file_name(self) -> str:
        return self.prefix + self.name

    @property
    def minimum(self) -> int:
        return sum(not (p.optional or p.repeated) for p in self.parameters)

    @property
    def maximum(self) -> int:
        if any(p.repeated for p in self.parameters):
            return FUNCTION_ARGUMENTS
        return len(self.parameters)

    @property
    def step(self) -> int:
        """How many arguments come together when there may be more."""
        return sum(p.repeated for p in self.parameters)

    def parameter(self, index: int) -> Parameter:
        """The parameter an argument at a 0-based position belongs to."""
        if index < len(self.parameters):
            return self.parameters[index]
        step = self.step
        if not step:
            return _SURPLUS
        return self.parameters[len(self.parameters) - step + (index - len(self.parameters)) % step]

    def arity_problem(self, count: int) -> str:
        """What is wrong with a number of arguments, in words; empty when nothing is."""
        if count < self.minimum:
            return (
                say("needs at least {count}", count=self.minimum)
                if self.maximum > self.minimum
                else say("needs {count}", count=self.minimum)
            )
        if count > self.maximum:
            return say("takes at most {count}", count=self.maximum) if self.maximum else say("takes none")
        extra = count - self.minimum
        fixed_optional = sum(p.optional and not p.repeated for p in self.parameters)
        if self.step > 1 and not fixed_optional and extra % self.step:
            return say("takes them in groups of {count}", count=self.step)
        return ""


_TOKEN: Final = regex(r"([a-z]+)([?*]?)")


def signature(text: str) -> tuple[Parameter, ...]:
    """Parameters from words such as `number date? range* criterion*`: `?` optional, `*` repeated together."""
    parameters = []
    for word in text.split():
        match = _TOKEN.fullmatch(word)
        assert match is not None, word
        parameters.append(Parameter(Kind(match[1]), match[2] == "?", match[2] == "*"))
    return tuple(parameters)


def scalar(
    name: str,
    takes: str,
    returns: Type,
    implementation: Callable[..., Value],
    since: int = 2007,
    prefix: str = "",
) -> Function:
    """A function of values."""
    return Function(name, signature(takes), returns, Style.SCALAR, implementation, since, prefix=prefix)


def ranges(
    name: str,
    takes: str,
    returns: Type,
    implementation: Callable[..., Value],
    since: int = 2007,
    like: Callable[[int], Iterable[int]] | None = None,
    prefix: str = "",
) -> Function:
    """A function that reads ranges."""
    return Function(name, signature(takes), returns, Style.RANGES, implementation, since, like, prefix)


def lazy(
    name: str,
    takes: str,
    returns: Type,
    implementation: Callable[[Sequence[Scalar]], Scalar],
    since: int = 2007,
    like: Callable[[int], Iterable[int]] | None = None,
    prefix: str = "",
) -> Function:
    """A function that computes only the arguments it needs."""
    return Function(name, signature(takes), returns, Style.LAZY, implementation, since, like, prefix)
