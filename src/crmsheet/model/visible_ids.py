"""Visible running numbers such as C0001, for fields of type `id`.

Knows the pattern: a prefix and as many zeros as the number has digits. Never issues a number twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crmsheet.excel.values import Value


def id_text(pattern: str, number: int) -> str:
    """`C0000` and 7 give `C0007`; a pattern without zeros gets the number appended."""
    match = re.fullmatch(r"(.*?)(0*)", pattern, re.DOTALL)
    assert match is not None
    return match[1] + str(number).zfill(len(match[2]))


def filled(
    values: Sequence[Value], blank: Sequence[bool], pattern: str, next_number: int
) -> tuple[tuple[Value, ...], int]:
    """The column with a number in every empty cell of a row that is not blank, and the next number.

    Numbers that people typed are respected: the next one is beyond the highest of that pattern.
    """
    prefix = re.sub(r"0*$", "", pattern)
    highest = next_number - 1
    for value in values:
        if isinstance(value, str) and value.startswith(prefix) and value[len(prefix) :].isdecimal():
            highest = max(highest, int(value[len(prefix) :]))
    result: list[Value] = []
    for value, is_blank in zip(values, blank, strict=True):
        if (value is None or value == "") and not is_blank:
            highest += 1
            result.append(id_text(pattern, highest))
        else:
            result.append(value)
    return tuple(result), highest + 1
