"""Rows of a table that may be one and the same: found by what is equal, and by names that are alike.

Knows which fields tell who somebody is, how rows are put into groups, and which row of a group says most. Decides
nothing: people do (`decisions`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from crmsheet.api.keyclaims import folded
from crmsheet.api.matching import form
from crmsheet.excel.values import Value
from crmsheet.intake.likeness import NameForm, alike, company_form, person_form
from crmsheet.intake.texts import name_form
from crmsheet.model.spec import Field, FieldType, Model, Table
from crmsheet.read import Reading
from crmsheet.structs import dataclass, field

_LEAST: Final = 0.88
_LONGEST_PERSON: Final = 4
"""Characters of a Chinese person's name."""
_PHONE_DIGITS: Final = 7
_MOST_TOGETHER: Final = 50
"""Rows with one phone number or address; where more have it, it tells nothing: a switchboard, a placeholder."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two rows may be one: fields that say the same, and how alike their names are (0 to 1)."""

    same: tuple[str, ...] = ()
    names: float = 0.0

    @property
    def score(self) -> float:
        return max(self.names, 0.97 if self.same else 0.0, 1.0 if self.same and self.names >= _LEAST else 0.0)


@dataclass(frozen=True, slots=True)
class Member:
    """A row of a group, by its index; `referring` counts rows elsewhere that refer to it, `filled` its cells."""

    row: str
    index: int
    key: str
    filled: int
    referring: int
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that may be one, the one that says most first."""

    table: str
    members: tuple[Member, ...]

    @property
    def score(self) -> float:
        return max(m.likeness.score for m in self.members)

    @property
    def sure(self) -> bool:
        """Whether all of them are equal in name but for how it is written, and in something else besides."""
        return all(m.likeness.same and m.likeness.names >= 0.999 for m in self.members)


Pair = frozenset[str]
"""Two row ids."""


def comparable(model: Model) -> tuple[Table, ...]:
    """The tables whose rows are somebody: they have a phone number or mail address, or others refer to them by a name
    that people type and they themselves belong to nobody."""
    referred = {f.table for t in model.tables for f in t.fields if f.type is FieldType.REFERENCE}
    return tuple(
        t
        for t in model.tables
        if any(f.type in (FieldType.PHONE, FieldType.EMAIL) for f in t.fields if not f.type.computed)
        or (t.id in referred and _name(t) is not None and not _belongs(t))
    )


def _belongs(table: Table) -> bool:
    return any(f.type is FieldType.REFERENCE and f.required and f.table != table.id for f in table.fields)


def duplicate_groups(
    reading: Reading, table: Table, *, apart: Collection[Pair] = (), least: float = _LEAST
) -> tuple[Group, ...]:
    """Groups of rows that may be one, the likeliest first. `apart` are pairs that people said are two."""
    state = reading.state.tables[table.id]
    rows = [i for i, id_ in enumerate(state.ids) if id_]
    pairs: dict[tuple[int, int], Likeness] = {}
    for own in _telling(table):
        label = own.label.text(reading.record.language)
        for pair in _equal(own, state.columns[own.id], rows):
            known = pairs.get(pair, Likeness())
            pairs[pair] = Likeness((*known.same, label), known.names)
    names = _name(table)
    if names is not None:
        forms = {i: _form(state.columns[names.id][i]) for i in rows}
        named = [i for i in rows if forms[i].core]
        parents = _parents(table, state.columns)
        for one, other, score in alike([forms[i] for i in named], least):
            pair = named[one], named[other]
            known = pairs.get(pair, Likeness())
            # People of one name are many; those of one company are one.
            if known.same or parents is None or (parents[pair[0]] and parents[pair[0]] == parents[pair[1]]):
                pairs[pair] = Likeness(known.same, score)
    wanted = {
        pair: found
        for pair, found in pairs.items()
        if frozenset((state.ids[pair[0]], state.ids[pair[1]])) not in apart
    }
    return _groups(reading, table, wanted)


def _name(table: Table) -> Field | None:
    """The field that calls a row by name: the key, if people type it."""
    key = table.field(table.key) if table.has_field(table.key) else None
    if key is not None and key.type is FieldType.TEXT and not key.type.computed:
        return key
    words = ("name", "customer", "company", "contact")
    return next((f for f in table.fields if f.type is FieldType.TEXT and f.id in words), None)


def _telling(table: Table) -> tuple[Field, ...]:
    """Fields that two rows of one thing have in common, and others have not."""
    kinds = (FieldType.PHONE, FieldType.EMAIL)
    return tuple(
        f
        for f in table.fields
        if not f.type.computed
        and (f.type in kinds or (f.unique and f.type is FieldType.TEXT and f.id != table.key))
    )


def _parents(table: Table, columns: Mapping[str, Sequence[Value]]) -> list[str] | None:
    """What each row belongs to, where rows of the table belong to one of another."""
    own = next(
        (f for f in table.fields if f.type is FieldType.REFERENCE and f.required and f.table != table.id),
        None,
    )
    if own is None or _telling_key(table):
        return None
    return [folded(v) for v in columns[own.id]]


def _telling_key(table: Table) -> bool:
    return (
        table.has_field(table.key)
        and table.field(table.key).type is FieldType.TEXT
        and table.field(table.key).unique
    )


def _form(value: Value) -> NameForm:
    text = value if isinstance(value, str) else ""
    person = person_form(text)
    return person if person.chinese and len(person.core) <= _LONGEST_PERSON else company_form(text)


def _equal(own: Field, column: Sequence[Value], rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pairs of rows that say the same in a field."""
    found: dict[str, list[int]] = {}
    for index in rows:
        text = form(own, column[index]) if own.type is FieldType.PHONE else name_form(_text(column[index]))
        if text and (own.type is not FieldType.PHONE or len(text) >= _PHONE_DIGITS):
            found.setdefault(text, []).append(index)
    for several in found.values():
        if 1 < len(several) <= _MOST_TOGETHER:
            for n, one in enumerate(several):
                yield from ((one, other) for other in several[n + 1 :])


def _text(value: Value) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


@dataclass(slots=True)
class _Sets:
    """Rows that belong together, joined pair by pair."""

    parent: dict[int, int] = field(default_factory=dict)

    def root(self, index: int) -> int:
        self.parent.setdefault(index, index)
        while self.parent[index] != index:
            self.parent[index] = self.parent[self.parent[index]]
            index = self.parent[index]
        return index

    def join(self, one: int, other: int) -> None:
        self.parent[self.root(other)] = self.root(one)


def _groups(reading: Reading, table: Table, pairs: Mapping[tuple[int, int], Likeness]) -> tuple[Group, ...]:
    sets = _Sets()
    best: dict[int, Likeness] = {}
    for pair, found in pairs.items():
        sets.join(*pair)
        for index in pair:
            if index not in best or found.score > best[index].score:
                best[index] = found
    together: dict[int, list[int]] = {}
    for index in best:
        together.setdefault(sets.root(index), []).append(index)
    referring = _referring(reading, table) if together else {}
    groups = [
        Group(table.id, _members(reading, table, indexes, best, referring)) for indexes in together.values()
    ]
    return tuple(sorted(groups, key=lambda g: (-g.score, g.members[0].index)))


def _members(
    reading: Reading,
    table: Table,
    indexes: Sequence[int],
    best: Mapping[int, Likeness],
    referring: Mapping[str, int],
) -> tuple[Member, ...]:
    state = reading.state.tables[table.id]
    keys = state.columns.get(table.key, ("",) * state.size)
    members = [
        Member(
            state.ids[i],
            i,
            _text(keys[i]),
            sum(column[i] not in (None, "") for column in state.columns.values()),
            referring.get(folded(keys[i]), 0),
            best[i],
        )
        for i in indexes
    ]
    return tuple(sorted(members, key=lambda m: (-m.referring, -m.filled, m.index)))


def _referring(reading: Reading, table: Table) -> dict[str, int]:
    """How many rows refer to each key of a table."""
    found: dict[str, int] = {}
    for owner in reading.record.model.tables:
        columns = reading.state.tables[owner.id].columns
        for own in owner.fields:
            if own.type is FieldType.REFERENCE and own.table == table.id and own.id in columns:
                for value in columns[own.id]:
                    key = folded(value)
                    if key:
                        found[key] = found.get(key, 0) + 1
    return found
