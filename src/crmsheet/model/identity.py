"""Which row is which: row ids through sorting, copying, pasting and typing.

Knows ids, keys and hashes of rows as data. Does not know sheets.

A row's hidden id counts only when it agrees with what the workbook last remembered of that id. Of several
rows with one id (a copied row brings its id along) the one nearest that memory keeps it. A row whose id and
key disagree goes by its key (somebody sorted without the hidden column).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crmsheet.excel.numbers import file_text
from crmsheet.excel.values import ExcelError, Value

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def row_id(book_code: str, number: int) -> str:
    """`k3f9-1a`: the book's code, so that two copies never issue the same id, and a base-36 number."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return f"{book_code}-{digits or '0'}"


def value_text(value: Value) -> str:
    """A value as text that differs for values that differ in type or meaning."""
    match value:
        case None:
            return ""
        case bool():
            return "!TRUE" if value else "!FALSE"
        case int() | float():
            return "#" + file_text(value)
        case ExcelError():
            return "!" + value.value
        case str():
            return "'" + value


def row_hash(book_code: str, values: Sequence[Value]) -> str:
    """A keyed 64-bit hash of a row's input values, as 11 characters."""
    digest = hashlib.blake2b(
        "\x1f".join(map(value_text, values)).encode("utf-8", "surrogatepass"),
        digest_size=8,
        key=book_code.encode("ascii", "replace"),
    )
    return base64.urlsafe_b64encode(digest.digest()).decode("ascii").rstrip("=")


@dataclass(frozen=True, slots=True)
class ObservedRow:
    """A row as found: the id in its hidden cell, its key as text, its hash; blank rows have no identity."""

    id: str
    key: str
    hash: str
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Identified:
    """The rows' ids in order (`""` for blank rows), and what had to be decided.

    `new`, `copied`, `moved`, `doubtful` are row indexes: typed or pasted without an id; copied with the id
    of another row; told by key or hash against their id; id kept although nothing else agrees.
    `missing` are ids that no row has any more.
    """

    ids: tuple[str, ...]
    next_row: int
    new: tuple[int, ...] = ()
    copied: tuple[int, ...] = ()
    moved: tuple[int, ...] = ()
    doubtful: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()


def identified(
    rows: Sequence[ObservedRow], known: Mapping[str, tuple[str, str]], book_code: str, next_row: int
) -> Identified:
    """Give every row its id. `known` is id to (hash, key) as last remembered."""
    if all(r.id in known and known[r.id] == (r.hash, r.key) for r in rows if not r.blank):
        ids = tuple("" if r.blank else r.id for r in rows)
        if len(set(ids) - {""}) == sum(not r.blank for r in rows):
            held = set(ids)
            return Identified(ids, next_row, missing=tuple(k for k in known if k not in held))
    by_key = _unique({k: v[1] for k, v in known.items()})
    by_hash = _unique({k: v[0] for k, v in known.items()})
    claims: dict[str, list[tuple[int, int]]] = {}
    moved: set[int] = set()
    doubtful: set[int] = set()
    for index, row in enumerate(rows):
        if row.blank:
            continue
        claim, strength = _claim(row, known, by_key, by_hash)
        if claim:
            claims.setdefault(claim, []).append((-strength, index))
            if claim != row.id:
                moved.add(index)
            elif strength == _DOUBTFUL:
                doubtful.add(index)
    owner: dict[int, str] = {}
    copied: set[int] = set()
    for claim, claimants in claims.items():
        claimants.sort()
        owner[claimants[0][1]] = claim
        for _, index in claimants[1:]:
            moved.discard(index)
            doubtful.discard(index)
            if rows[index].id:
                copied.add(index)
    ids_list: list[str] = []
    new: list[int] = []
    for index, row in enumerate(rows):
        if row.blank:
            ids_list.append("")
        elif index in owner:
            ids_list.append(owner[index])
        else:
            ids_list.append(row_id(book_code, next_row))
            next_row += 1
            if index not in copied:
                new.append(index)
    held = set(ids_list)
    return Identified(
        tuple(ids_list),
        next_row,
        tuple(new),
        tuple(sorted(copied)),
        tuple(sorted(moved)),
        tuple(sorted(doubtful)),
        tuple(k for k in known if k not in held),
    )


_SAME, _HASH, _KEY, _DOUBTFUL = 4, 3, 2, 1


def _claim(
    row: ObservedRow,
    known: Mapping[str, tuple[str, str]],
    by_key: Mapping[str, str],
    by_hash: Mapping[str, str],
) -> tuple[str, int]:
    """The known id a row should have, and how sure that is; ("", 0) for a new row."""
    remembered = known.get(row.id)
    if remembered is not None:
        if remembered[0] == row.hash:
            return row.id, _SAME
        if row.key and remembered[1] == row.key:
            return row.id, _HASH
    if row.hash in by_hash:
        return by_hash[row.hash], _HASH
    if row.key and row.key in by_key:
        return by_key[row.key], _KEY
    return (row.id, _DOUBTFUL) if remembered is not None else ("", 0)


def _unique(texts: Mapping[str, str]) -> dict[str, str]:
    """Text to id, of the texts that only one id has."""
    result: dict[str, str] = {}
    twice: set[str] = set()
    for key, text in texts.items():
        if text in result:
            twice.add(text)
        elif text:
            result[text] = key
    return {t: k for t, k in result.items() if t not in twice}
