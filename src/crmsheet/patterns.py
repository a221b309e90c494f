"""Regular expressions that are compiled when they are first asked for anything.

Knows that half of those a run loads are never asked: a pattern of dates for books whose dates are numbers, one of
comments for parts that have none. Compiling one takes longer than loading the module it stands in. Does not know what
any of them finds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

_ASKED = (
    "findall",
    "finditer",
    "flags",
    "fullmatch",
    "groupindex",
    "groups",
    "match",
    "pattern",
    "search",
    "split",
    "sub",
    "subn",
)


class _Later:
    """What a compiled pattern is, from the first question on with the pattern's own methods."""

    __slots__ = ("_how", "_text", *_ASKED)

    def __init__(self, text: str | bytes, how: int = 0) -> None:
        self._text = text
        self._how = how

    def __getattr__(self, name: str) -> Any:
        if name not in _ASKED:
            raise AttributeError(f"patterns have no {name}")
        compiled = re.compile(self._text, self._how)
        for known in _ASKED:
            setattr(self, known, getattr(compiled, known))
        return getattr(compiled, name)


if TYPE_CHECKING:
    regex = re.compile
else:
    regex = _Later

__all__ = ["regex"]
