"""Many rows told at once: a sum over a run of rows with what is remembered of each.

Knows that rows of a large table mostly are as they were, so that one sum says of a hundred of them that they still
have the hashes and keys that are remembered. A sum is over both, content and memory: one that is found again is
right wherever the rows stand, and one that is not says nothing. Does not know how rows are hashed (`identity`).
"""

from __future__ import annotations

import base64
import hashlib
import marshal
from collections.abc import Mapping, Sequence
from typing import Final, cast

from crmsheet.excel.values import Value
from crmsheet.model.identity import remembered

TOGETHER: Final = 128
"""Rows under one sum."""
_FEWEST: Final = 1_000
"""Rows of a table that is worth sums."""
_SIZE: Final = 12
_FORM: Final = 2
"""Of marshal: equal values of equal types have equal bytes, whoever else holds them."""

Pair = tuple[str, str] | None
"""Hash and key of a row, where they are known."""


def sums_of(
    book_code: str,
    ids: Sequence[str],
    columns: Mapping[str, Sequence[Value]],
    known: Mapping[str, tuple[str, str]],
) -> str:
    """The sums of a table's rows as they stand, together; empty for few rows."""
    if len(ids) < _FEWEST:
        return ""
    pairs = remembered(ids, known)
    return "".join([_sum(book_code, ids, columns, pairs, first) for first in range(0, len(ids), TOGETHER)])


class RowSums:
    """The sums that a workbook remembers of a table."""

    def __init__(self, book_code: str, together: str) -> None:
        self._book_code = book_code
        self._sums = {together[at : at + _SIZE] for at in range(0, len(together), _SIZE)}

    def __bool__(self) -> bool:
        return bool(self._sums)

    def hold(
        self, ids: Sequence[str], columns: Mapping[str, Sequence[Value]], pairs: Sequence[Pair], first: int
    ) -> bool:
        """Whether the rows from `first` on are as remembered, all of them; `pairs` are what is known of all rows."""
        total = _sum(self._book_code, ids, columns, pairs, first)
        return bool(total) and total in self._sums


def _sum(
    book_code: str,
    ids: Sequence[str],
    columns: Mapping[str, Sequence[Value]],
    pairs: Sequence[Pair],
    first: int,
) -> str:
    """The sum of the rows from `first` on; empty where one is not known or they hold what only cells can, such as an
    error."""
    last = first + TOGETHER
    known = tuple(pairs[first:last])
    if None in known:
        return ""
    try:
        content = marshal.dumps(
            (
                tuple(columns),
                tuple(ids[first:last]),
                known,
                tuple([tuple(cast("Sequence[str]", values[first:last])) for values in columns.values()]),
            ),
            _FORM,
        )
    except ValueError:
        return ""
    key = book_code.encode("ascii", "replace")
    return base64.b64encode(hashlib.blake2b(content, digest_size=9, key=key).digest()).decode("ascii")
