"""Rows as a test writes them down, one by one, and as `identified` takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from crmsheet.model.identity import ObservedRows


class Row(NamedTuple):
    """A row as found: the id in its hidden cell, its key as text, its hash, whether it is blank."""

    id: str
    key: str
    hash: str
    blank: bool = False


def observed(rows: Sequence[Row]) -> ObservedRows:
    """The rows, column by column."""
    return ObservedRows(
        [row.id for row in rows],
        [row.key for row in rows],
        [row.hash for row in rows],
        [row.blank for row in rows],
    )
