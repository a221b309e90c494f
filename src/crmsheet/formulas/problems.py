"""What is wrong with an expression, as data.

Knows the codes of expressions and positions inside the text. Does not know files and lines: whoever read the
text from one turns these into diagnostics.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from enum import StrEnum

from crmsheet.messages import say
from crmsheet.structs import dataclass


class ProblemCode(StrEnum):
    SYNTAX = "S220"
    NAME = "S221"
    TYPE = "S222"
    BLANK = "S223"
    FULL_WIDTH = "S224"
    FUNCTION = "S225"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem; `offset` and `length` count characters of the text as it was given."""

    code: ProblemCode
    message: str
    remedy: str = ""
    offset: int = 0
    length: int = 1
    warning: bool = False
    allowed: tuple[str, ...] = ()
    """Words that would be right there, best first."""


def nearest(
    word: str, words: Iterable[str], count: int = 3, *, cutoff: float = 0.6, within: bool = True
) -> tuple[str, ...]:
    """The words most like one, compared without case; the best first. `within`: also those that are part of it."""
    by_lower = {other.lower(): other for other in sorted(words)}
    wanted = word.lower()
    close = difflib.get_close_matches(wanted, by_lower, n=count, cutoff=cutoff)
    if within and not close and len(wanted) > 1:
        close = [other for other in by_lower if wanted in other or (len(other) > 1 and other in wanted)][
            :count
        ]
    return tuple(by_lower[other] for other in close)


def did_you_mean(words: tuple[str, ...]) -> str:
    """The question, or nothing."""
    return say("Did you mean {words}?", words=words[0]) if words else ""
