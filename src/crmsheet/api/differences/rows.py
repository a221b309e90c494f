"""Which row of one book is which of the other.

Knows hidden ids, keys and contents of rows. Does not know what differs within a row.

A row that is in both books has one id in both. Rows that were typed or copied since the last refresh have none
in the sheet yet, only the one they would get: that counts when the rows agree, else their keys tell, or all of
their content. In books that are not one book (another code) ids say nothing: keys tell.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping

from crmsheet.api.differences.contents import same
from crmsheet.api.differences.sides import Rows
from crmsheet.excel.values import Value
from crmsheet.model.identity import value_text
from crmsheet.model.spec import FieldType
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Pairing:
    """Indexes of rows: of both books (old, new), in the new book's order; of one only."""

    both: tuple[tuple[int, int], ...]
    removed: tuple[int, ...]
    added: tuple[int, ...]


def paired(old: Rows, new: Rows, fields: Mapping[str, str], *, by_key: bool) -> Pairing:
    """Pair the rows of a table. `fields` is new id to old id."""
    found: dict[int, int] = {}
    left_old, left_new = dict.fromkeys(range(old.size)), dict.fromkeys(range(new.size))
    compare = _Comparison(old, new, fields)

    def settle(pairs: Iterable[tuple[int, int]]) -> None:
        for i, j in pairs:
            if i in left_old and j in left_new:
                found[j] = i
                del left_old[i], left_new[j]

    if by_key:
        settle(_by(left_old, left_new, compare.old_exactly, compare.new_exactly))
        settle(_by(left_old, left_new, compare.old_key, compare.new_key))
    else:
        known = {id_: i for i, id_ in enumerate(old.ids)}
        settle(
            (i, j)
            for j, id_ in enumerate(new.ids)
            if (i := known.get(id_, -1)) >= 0 and (compare.sure(i, j) or compare.agree(i, j))
        )
        fresh = (
            (compare.old_key, compare.new_key),
            (compare.old_content, compare.new_content),
        )
        for of_old, of_new in fresh:
            settle([p for p in _by(left_old, left_new, of_old, of_new, once=True) if not compare.sure(*p)])
    return Pairing(tuple((found[j], j) for j in sorted(found)), tuple(left_old), tuple(left_new))


def _by(
    old: Iterable[int],
    new: Iterable[int],
    of_old: Callable[[int], Hashable],
    of_new: Callable[[int], Hashable],
    *,
    once: bool = False,
) -> list[tuple[int, int]]:
    """Rows with the same mark, in order; with `once` only marks that one row of each book has."""
    there: dict[Hashable, list[int]] = {}
    for i in old:
        if (mark := of_old(i)) is not None:
            there.setdefault(mark, []).append(i)
    here: dict[Hashable, list[int]] = {}
    for j in new:
        if (mark := of_new(j)) is not None:
            here.setdefault(mark, []).append(j)
    return [
        pair
        for mark, rows in here.items()
        if not once or len(rows) == len(there.get(mark, ())) == 1
        for pair in zip(there.get(mark, ()), rows, strict=False)
    ]


class _Comparison:
    """What marks the rows of two tables."""

    def __init__(self, old: Rows, new: Rows, fields: Mapping[str, str]) -> None:
        self._old, self._new = old, new
        typed = [
            (old.values[fields[f.id]], new.values[f.id])
            for f in new.inputs()
            if f.type is not FieldType.ID and fields.get(f.id) in old.values
        ]
        self._old_columns = [column for column, _ in typed]
        self._new_columns = [column for _, column in typed]
        was = fields.get(new.table.key, "")
        empty: tuple[Value, ...] = ()
        self._old_keys = old.values.get(was) or empty
        self._new_keys = new.values.get(new.table.key) or empty

    def sure(self, i: int, j: int) -> bool:
        """Whether both ids stand in cells."""
        return i not in self._old.provisional and j not in self._new.provisional

    def agree(self, i: int, j: int) -> bool:
        """Whether two rows may be one: the same key, else mostly the same content."""
        one, other = self.old_key(i), self.new_key(j)
        if one is not None and one == other:
            return True
        filled = [
            same(a[i], b[j])
            for a, b in zip(self._old_columns, self._new_columns, strict=True)
            if a[i] is not None and b[j] is not None
        ]
        return 2 * sum(filled) > len(filled)

    def old_key(self, i: int) -> Hashable:
        return _folded(self._old_keys[i]) if self._old_keys else None

    def new_key(self, j: int) -> Hashable:
        return _folded(self._new_keys[j]) if self._new_keys else None

    def old_content(self, i: int) -> Hashable:
        return tuple(value_text(column[i]) for column in self._old_columns)

    def new_content(self, j: int) -> Hashable:
        return tuple(value_text(column[j]) for column in self._new_columns)

    def old_exactly(self, i: int) -> Hashable:
        return self.old_key(i), self.old_content(i)

    def new_exactly(self, j: int) -> Hashable:
        return self.new_key(j), self.new_content(j)


def _folded(key: Value) -> str | None:
    """A key as Excel finds it: without capitals."""
    return value_text(key).strip().casefold() if key is not None else None
