"""Exit codes, one meaning each."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Exit(IntEnum):
    DONE = 0
    """Done, or nothing to do."""
    NO = 1
    """The answer is no: problems were found, or something would change."""
    USAGE = 2
    """The call, or the spec, is not valid."""
    REFUSED = 3
    """This workbook cannot be served safely; it was not touched."""
    BUG = 70
    """A promise of ours did not hold; the file is untouched."""
    INTERRUPTED = 130


_FROM_GOOD_TO_BAD = (Exit.DONE, Exit.NO, Exit.USAGE, Exit.REFUSED, Exit.BUG, Exit.INTERRUPTED)


def worst(codes: Iterable[Exit]) -> Exit:
    """The code that says most of what went wrong, for a command that did several things."""
    return max(codes, key=_FROM_GOOD_TO_BAD.index)
