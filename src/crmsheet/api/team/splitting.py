"""Split: a copy for each person, with their rows and what these need, that can be merged back.

Knows who gets a copy and what its file is called. Does not know how a copy is made, and writes none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from crmsheet.api.team.copies import Master, book_codes, copied, opened
from crmsheet.api.team.sharing import Shared, role_of, their_sheets, told
from crmsheet.api.team.whose import Ownership, Person, name_key
from crmsheet.diagnostics import Diagnostic
from crmsheet.errors import UsageError
from crmsheet.messages import listed, say
from crmsheet.model.ownership import people_table, unsaid, ways_to_person
from crmsheet.model.roles import Role, RowScope, TableAccess
from crmsheet.model.spec import Model
from crmsheet.model.words import Label
from crmsheet.structs import dataclass, field

_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_LONGEST: Final = 130
"""Bytes of a name: file systems take 255, some encrypted ones 143."""
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One copy and the name of its file, without its folder."""

    file: str
    shared: Shared


@dataclass(frozen=True, slots=True)
class Split:
    """The copies. `content` is the master where it had to be refreshed first, so that every row has its id there:
    it is to be written before any copy is; else None."""

    content: bytes | None = field(repr=False)
    parts: tuple[Part, ...]
    nobodys: tuple[tuple[str, int], ...]
    """Rows that name nobody, by the label of their table: they are in no copy."""


def split(
    content: bytes,
    *,
    name: str,
    stem: str,
    by: str,
    role: str = "",
    people: Iterable[str] = (),
    today: date,
    salt: str,
) -> Split:
    """A copy for each person that rows name by the field `by`, or for these `people`. Raises UsageError,
    WorkbookRefused or InternalError; changes nothing."""
    refreshed: bytes | None = None
    with opened(content, name, today) as master:
        settled = master.settled
    if not settled:
        from crmsheet.api.refreshing import refresh

        refreshed = refresh(content, name=name, today=today).content
        content = refreshed or content
    with opened(content, name, today) as master:
        wanted = _role(master.model, by, role)
        ownership = Ownership(master.model, master.state, wanted, master.references)
        everybody = tuple(ownership.person(p) for p in people) if people else _owners(ownership)
        if not everybody:
            raise UsageError(
                Diagnostic(
                    "U143",
                    say("no row names anybody, so there is nothing to split"),
                    remedy=say("Fill in '{by}'.", by=by),
                )
            )
        codes = book_codes(master, len(everybody), salt)
        sheets = their_sheets(master, content, name)
        files = file_names(stem, [p.name for p in everybody])
        parts = tuple(
            Part(
                file, told(master, wanted, p, copied(master, wanted, p, code=code, merged_back=True), sheets)
            )
            for p, code, file in zip(everybody, codes, files, strict=True)
        )
        return Split(refreshed, parts, tuple(_nobodys(master, ownership)))


def _role(model: Model, by: str, role: str) -> Role:
    """The rules of the split: those of a role, whose rows are found by `by`; or everybody's own rows."""
    known = role_of(model, role) if role else None
    people = known.people if known is not None else people_table(model.tables, by)
    accesses = []
    for table in model.tables:
        ways = ways_to_person(model.tables, table, by, people) if table.id != people else ()
        if len(ways) > 1:
            raise UsageError(
                Diagnostic(
                    "U143",
                    say("'{table}' leads to a person in several ways", table=table.id),
                    reason=", ".join(".".join(w) for w in ways),
                    remedy=say(
                        "Say which in a role of the spec:  {table}: {{owner: {ways}}}",
                        table=table.id,
                        ways=".".join(ways[0]),
                    ),
                )
            )
        told_ = known.table(table.id) if known is not None else None
        if told_ is not None:
            mine = told_.rows in (RowScope.OWN, RowScope.TEAM)
            accesses.append(told_ if not mine or told_.owner or not ways else _with_way(told_, ways[0]))
            continue
        own = bool(ways) or table.id == people
        fields = tuple((f.id, unsaid(table, f)) for f in table.fields)
        way = ways[0] if ways else ()
        accesses.append(TableAccess(table.id, RowScope.OWN if own else RowScope.ALL, way, fields))
    if not any(a.owner for a in accesses):
        known_fields = sorted(
            {f.id for t in model.tables for f in t.fields if f.table and not f.type.computed}
        )
        raise UsageError(
            Diagnostic(
                "U143",
                say("no table has a field '{by}' that holds a person", by=by),
                remedy=say("Fields that refer to rows: {known_fields}", known_fields=listed(known_fields))
                if known_fields
                else "",
                allowed=tuple(known_fields),
            )
        )
    if known is not None:
        return Role(known.id, known.label, known.people, known.team, tuple(accesses), known.boards)
    return Role("", Label.same(""), people, "", tuple(accesses), tuple(b.id for b in model.boards))


def _with_way(access: TableAccess, way: tuple[str, ...]) -> TableAccess:
    return TableAccess(access.table, access.rows, way, access.fields)


def _owners(ownership: Ownership) -> tuple[Person, ...]:
    """Those whose name some row has: whoever has no row needs no file."""
    used: set[str] = set()
    for access in ownership.role.tables:
        if access.owner and access.table != ownership.role.people:
            used.update(ownership.of_table(access.table))
    return tuple(p for p in ownership.persons() if p.token in used)


def _nobodys(master: Master, ownership: Ownership) -> Iterator[tuple[str, int]]:
    """How many rows of each table have no person, though the table names persons."""
    language = master.reading.record.language
    for access in ownership.role.tables:
        if access.owner and access.rows in (RowScope.OWN, RowScope.TEAM):
            ids = master.state.tables[access.table].ids
            tokens = ownership.of_table(access.table)
            count = sum(1 for row, token in zip(ids, tokens, strict=True) if row and not token)
            if count:
                yield master.model.table(access.table).label.text(language), count


def file_names(stem: str, names: Iterable[str]) -> tuple[str, ...]:
    """A file name for each person that every system takes, Windows too; all differ, whatever the case."""
    taken: set[str] = set()
    found = []
    for name in names:
        base = _shortened(_safe(f"{stem} {name}"), _LONGEST)
        file, number = f"{base}.xlsx", 1
        while name_key(file) in taken:
            number += 1
            file = f"{base} ({number}).xlsx"
        taken.add(name_key(file))
        found.append(file)
    return tuple(found)


def _safe(name: str) -> str:
    text = re.sub(r"\s+", " ", _FORBIDDEN.sub("_", name)).strip(" .")
    if not text or _DEVICES.fullmatch(text):
        text = f"_{text}"
    return text


def _shortened(text: str, most: int) -> str:
    """As much of a text as fits into so many bytes, cut between characters."""
    return text.encode("utf-8", "replace")[:most].decode("utf-8", "ignore").rstrip(" .")
