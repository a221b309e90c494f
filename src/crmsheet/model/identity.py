"""Which row is which: row ids through sorting, copying, pasting and typing.

Knows ids, keys and hashes of rows as data. Does not know sheets.

A row's hidden id counts only when it agrees with what the workbook last remembered of that id. Of several
rows with one id (a copied row brings its id along) the one nearest that memory keeps it. A row that is as
remembered but for its key was renamed. Any other row whose id and key disagree goes by its key (somebody
sorted without the hidden column).
"""

from __future__ import annotations

import base64
import hashlib
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from enum import Enum
from itertools import compress, starmap
from typing import Final, assert_never, cast

from crmsheet.excel.numbers import file_text, file_texts
from crmsheet.excel.values import ExcelError, Value, told_apart
from crmsheet.structs import dataclass, field

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def row_id(book_code: str, number: int) -> str:
    """`k3f9-1a`: the book's code, so that two copies never issue the same id, and a base-36 number."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return f"{book_code}-{digits or '0'}"


def row_ids(book_code: str, first: int, count: int) -> list[str]:
    """The ids of so many rows from a number on."""
    found: list[str] = []
    for ten in range(first // 36, (first + count) // 36 + 1):
        head = row_id(book_code, ten) if ten else f"{book_code}-"
        found += [head + digit for digit in _DIGITS]
    return found[first % 36 :][:count]


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


_NUMBERS: Final = {int, float}
_SAMPLE: Final = 512
"""So many values tell whether the others repeat them."""


def value_texts(values: Iterable[Value]) -> list[str]:
    """`value_text` of many values."""
    values = values if isinstance(values, Sequence) else tuple(values)
    kinds = set(map(type, values))
    some = values[:_SAMPLE]
    if len(set(some)) * 4 < len(some) and told_apart(kinds):
        text_of = {value: value_text(value) for value in set(values)}
        return list(map(text_of.__getitem__, values))
    if kinds == {str}:
        return [f"'{value}" for value in values]
    if kinds <= _NUMBERS:
        return [f"#{text}" for text in file_texts(cast("Sequence[float]", values))]
    if type(None) in kinds:
        filled = iter(value_texts([value for value in values if value is not None]))
        return ["" if value is None else next(filled) for value in values]
    return list(map(value_text, values))


def text_value(text: str) -> Value:
    """The value that `value_text` made a text of."""
    body = text[1:]
    match text[:1]:
        case "'":
            return body
        case "#":
            return int(body) if body.lstrip("-").isdigit() else float(body)
        case "!":
            return body == "TRUE" if body in ("TRUE", "FALSE") else ExcelError(body)
        case _:
            return None


def row_hash(book_code: str, values: Sequence[Value]) -> str:
    """A keyed 64-bit hash of a row's input values, as 11 characters."""
    return hash_of_texts(book_code, map(value_text, values))


def hash_of_texts(book_code: str, texts: Iterable[str]) -> str:
    """The hash of a row whose values have these texts (`value_text`)."""
    digest = hashlib.blake2b(
        "\x1f".join(texts).encode("utf-8", "surrogatepass"),
        digest_size=8,
        key=book_code.encode("ascii", "replace"),
    )
    return base64.urlsafe_b64encode(digest.digest()).decode("ascii").rstrip("=")


def row_hashes(book_code: str, columns: Sequence[Sequence[str]], size: int) -> list[str]:
    """The hashes of many rows whose values have these texts, column by column."""
    empty = hashlib.blake2b(digest_size=8, key=book_code.encode("ascii", "replace"))
    digests: list[bytes] = []
    for texts in zip(*columns, strict=True) if columns else ((),) * size:
        digest = empty.copy()
        digest.update("\x1f".join(texts).encode("utf-8", "surrogatepass"))
        digests.append(digest.digest())
    # Eight bytes and a zero make twelve characters, of which the last says nothing.
    whole = base64.urlsafe_b64encode(b"\0".join((*digests, b""))).decode("ascii")
    return [whole[at : at + 11] for at in range(0, 12 * len(digests), 12)]


@dataclass(frozen=True, slots=True)
class ObservedRows:
    """Rows as found, column by column, for there may be a million: the ids in their hidden cells, their keys as texts,
    their hashes, and which of them are blank; those have no identity."""

    ids: Sequence[str]
    keys: Sequence[str]
    hashes: Sequence[str]
    blank: Sequence[bool]


@dataclass(frozen=True, slots=True)
class Identified:
    """The rows' ids in order (`""` for blank rows), and what had to be decided.

    `new`, `copied`, `moved`, `renamed`, `doubtful` are row indexes: typed or pasted without an id; copied
    with the id of another row; told by key or hash against their id; as remembered but for the key; id kept
    although nothing else agrees. `crossed` are those of the renamed that have the key another row had.
    `missing` are ids that no row has any more.
    """

    ids: tuple[str, ...]
    next_row: int
    new: tuple[int, ...] = ()
    copied: tuple[int, ...] = ()
    moved: tuple[int, ...] = ()
    renamed: tuple[int, ...] = ()
    crossed: tuple[int, ...] = ()
    doubtful: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()


HashUnderKey = Callable[[int, str], str]
"""The hash that row `index` would have if its key's text were another one."""


def identified(
    rows: ObservedRows,
    known: Mapping[str, tuple[str, str]],
    book_code: str,
    next_row: int,
    hash_under_key: HashUnderKey | None = None,
) -> Identified:
    """Give every row its id. `known` is id to (hash, key) as last remembered; without `hash_under_key` a
    row whose key changed is never told from one that was overwritten."""
    evidence = _Evidence(rows, known, hash_under_key)
    owner: dict[int, str] = {}
    found: dict[_Claim, set[int]] = {kind: set() for kind in _Claim}
    waiting: list[int] = []
    claimed: set[int] = set()
    rest, taken = _but_for_the_same(rows, known)
    for index in rest:
        if rows.blank[index]:
            continue
        if claim := evidence.claim(_Claim.SAME, index):
            claimed.add(index)
            if claim not in taken:
                taken.add(claim)
                owner[index] = claim
                continue
        waiting.append(index)
    unsure = tuple(waiting)
    for kind in tuple(_Claim)[1:]:
        claims: dict[str, list[int]] = {}
        given = evidence.alike(waiting, taken) if kind is _Claim.HASH else None
        for index in waiting:
            claim = evidence.claim(kind, index) if given is None else given.get(index, "")
            if claim:
                claimed.add(index)
                if claim not in taken:
                    claims.setdefault(claim, []).append(index)
        for claim, claimants in claims.items():
            owner[claimants[0]] = claim
            sure = len(claimants) == 1 or kind not in (_Claim.CROSSED, _Claim.RENAMED)
            found[kind if sure else _Claim.DOUBTFUL].add(claimants[0])
        taken.update(claims)
        waiting = [index for index in waiting if index not in owner]
    ids = list(rows.ids)
    for index in rest:
        ids[index] = owner.get(index, "")
    new: list[int] = []
    copied: list[int] = []
    for index in waiting:
        ids[index] = row_id(book_code, next_row)
        next_row += 1
        (copied if index in claimed and rows.ids[index] else new).append(index)
    return Identified(
        tuple(ids),
        next_row,
        new=tuple(new),
        copied=tuple(copied),
        moved=tuple(index for index in unsure if owner.get(index, rows.ids[index]) != rows.ids[index]),
        renamed=tuple(sorted(found[_Claim.CROSSED] | found[_Claim.RENAMED])),
        crossed=tuple(sorted(found[_Claim.CROSSED])),
        doubtful=tuple(sorted(found[_Claim.DOUBTFUL])),
        missing=tuple(k for k in known if k not in taken) if len(taken) < len(known) else (),
    )


def _but_for_the_same(
    rows: ObservedRows, known: Mapping[str, tuple[str, str]]
) -> tuple[Sequence[int], set[str]]:
    """The rows without those that are as remembered, and the ids of these; all rows where two such have one id.
    Nearly all rows are as they were: they are told without a look at each."""
    observed = zip(rows.hashes, rows.keys, strict=True)
    same = list(starmap(operator.eq, zip(remembered(rows.ids, known), observed, strict=True)))
    if True in rows.blank:
        same = list(starmap(operator.gt, zip(same, rows.blank, strict=True)))
    ids = list(compress(rows.ids, same))
    taken = set(ids)
    if len(taken) < len(ids):
        return range(len(same)), set()
    return list(compress(range(len(same)), map(operator.not_, same))), taken


def remembered(ids: Sequence[str], known: Mapping[str, tuple[str, str]]) -> Sequence[tuple[str, str] | None]:
    """What is known of each of the ids. Where they are all that are known, in that order, none is looked up."""
    if len(ids) == len(known) and list(known) == list(ids):
        return tuple(known.values())
    return tuple(map(known.get, ids))


class _Claim(Enum):
    """Why a row should have a known id, the surest reason first."""

    SAME = "nothing changed"
    KEPT = "its id and key"
    HASH = "another row's content; of several rows alike, any of them"
    CROSSED = "its id and all but the key, which was that of a row with other content"
    KEY = "another row's key, against the id it has"
    RENAMED = "its id and all but the key, which no row had"
    TYPED = "another row's key; it has no id of its own"
    DOUBTFUL = "its id alone"


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What speaks for a row being one of the known ones."""

    rows: ObservedRows
    known: Mapping[str, tuple[str, str]]
    hash_under_key: HashUnderKey | None
    _by_key: list[Mapping[str, str]] = field(default_factory=list)

    @property
    def by_key(self) -> Mapping[str, str]:
        """The id of each key that only one row had; made when a row is in doubt."""
        if not self._by_key:
            self._by_key.append(_unique({id_: key for id_, (_, key) in self.known.items()}))
        return self._by_key[0]

    def alike(self, waiting: Sequence[int], taken: Set[str]) -> dict[int, str]:
        """Of each row a known one with the same content that is still to be found. Which of several does not
        matter: nothing tells them apart."""
        wanted = {self.rows.hashes[index] for index in waiting}
        free: dict[str, list[str]] = {}
        for id_, (digest, _) in reversed(tuple(self.known.items())) if wanted else ():
            if digest in wanted and id_ not in taken:
                free.setdefault(digest, []).append(id_)
        return {index: ids.pop() for index in waiting if (ids := free.get(self.rows.hashes[index]))}

    def claim(self, kind: _Claim, index: int) -> str:
        """The known id that a row should have for this reason; empty for none."""
        id_, key, digest = self.rows.ids[index], self.rows.keys[index], self.rows.hashes[index]
        pair = self.known.get(id_)
        match kind:
            case _Claim.SAME:
                return id_ if pair is not None and pair[0] == digest else ""
            case _Claim.KEPT:
                return id_ if pair is not None and key and pair[1] == key else ""
            case _Claim.HASH:
                raise ValueError("rows alike are told together")
            case _Claim.CROSSED:
                return id_ if key in self.by_key and self._but_for_the_key(index) else ""
            case _Claim.KEY:
                return self.by_key.get(key, "") if pair is not None else ""
            case _Claim.RENAMED:
                return id_ if self._but_for_the_key(index) else ""
            case _Claim.TYPED:
                return self.by_key.get(key, "")
            case _Claim.DOUBTFUL:
                return id_ if pair is not None else ""
            case _:
                assert_never(kind)

    def _but_for_the_key(self, index: int) -> bool:
        """Whether a row is what is remembered of its id, apart from the key."""
        pair = self.known.get(self.rows.ids[index])
        if self.hash_under_key is None or pair is None:
            return False
        digest, key = pair
        return self.hash_under_key(index, key) == digest


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
