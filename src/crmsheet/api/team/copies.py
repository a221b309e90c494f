"""A copy of a workbook for somebody, built anew from what they may see.

Knows how a master is read and what a copy remembers of what it was given. Nothing of the master's file goes into the
copy: no part of it is copied. Does not know why a copy is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Final

from crmsheet.api.asof import effective_date
from crmsheet.api.building import Built, composed
from crmsheet.api.keyrenames import Pending, followed
from crmsheet.api.memory import remembered
from crmsheet.api.reading import Options, read
from crmsheet.api.team.memories import changes_for, history_for
from crmsheet.api.team.redaction import Redacted, redacted
from crmsheet.api.team.whose import Person, References
from crmsheet.excel.dates import date_system, serial_of_date
from crmsheet.model.baseline import Given, Origin
from crmsheet.model.changelog import Audited, Tokens
from crmsheet.model.identity import text_value
from crmsheet.model.roles import Role
from crmsheet.model.spec import Model
from crmsheet.model.state import State
from crmsheet.opc.package import Package
from crmsheet.read import Reading
from crmsheet.sheetml.contents import Contents
from crmsheet.structs import dataclass

_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"
_CODE: Final = 4


@dataclass(frozen=True, slots=True)
class Master:
    """A filled workbook as it is read for copies of it."""

    reading: Reading
    pending: Pending
    effective: date
    today: date

    @property
    def model(self) -> Model:
        return self.reading.record.model

    @property
    def state(self) -> State:
        return self.reading.state

    @property
    def former(self) -> dict[str, dict[str, str]]:
        """By table the keys that rows had, and that cells may still hold."""
        return former_keys(self.pending)

    @property
    def references(self) -> References:
        return References.of(self.model, self.state, self.former)

    @property
    def settled(self) -> bool:
        """Whether every row has the id in the file that it is read with."""
        record = self.reading.record
        return (
            self.reading.next_row == record.next_row
            and dict(self.reading.next_ids) == dict(record.next_ids)
            and not any(r.identity.moved or r.identity.copied for r in self.reading.rows.values())
        )


def former_keys(pending: Pending) -> dict[str, dict[str, str]]:
    return {
        table: {str(text_value(k.key)): row for row, keys in rows.items() for k in keys if k.sure}
        for table, rows in pending.items()
    }


@contextmanager
def opened(content: bytes, name: str, today: date, *, accept_deletions: bool = True) -> Iterator[Master]:
    """A workbook as people left it; inside, dates are those of its date system. Raises WorkbookRefused."""
    contents = Contents(Package.of(content, name))
    with date_system(since_1904=contents.package.workbook.date1904):
        reading = read(contents, Options(today, accept_deletions=accept_deletions))
        keys = followed(reading, apply=False)
        yield Master(keys.reading, keys.pending, effective_date(reading, today), today)


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy's bytes, and what it holds. `rows` are the given ones by table id, `names` those told by name only."""

    built: Built
    redacted: Redacted
    rows: tuple[tuple[str, int], ...]
    names: int


def copied(master: Master, role: Role, person: Person | None, *, code: str, merged_back: bool) -> Copy:
    """The workbook that a role sees. `code` begins the ids of rows that are added to it."""
    found = redacted(master.model, master.state, role, person, master.references)
    record = master.reading.record
    history, changes = remembered(record)
    history = history_for(history, found, role)
    changes = changes_for(changes, found)
    inputs = {f"{t.id}.{f.id}" for t in found.model.tables for f in t.fields}
    origin = None
    with date_system(since_1904=False):
        if merged_back:
            origin = Origin(
                record.book_code,
                role.id,
                person.name if person is not None else "",
                serial_of_date(master.today),
                given(found),
            )
        built = composed(
            found.model,
            record.language,
            found.state,
            book_code=code,
            next_row=1,
            next_ids={k: n for k, n in master.reading.next_ids.items() if k in inputs},
            effective=master.effective,
            history=history,
            changes=changes,
            origin=origin,
        )
    rows = tuple((t.id, len(found.given[t.id])) for t in found.model.tables)
    return Copy(built, found, rows, sum(map(len, found.names.values())))


def given(copy: Redacted) -> dict[str, Given]:
    """What a copy holds, as it will be compared with what comes back: without what is masked."""
    hidden = {(t, f) for t, f, _ in copy.hidden}
    tokens = all_tokens(copy.model, copy.state, {})
    found = {}
    for table in copy.model.tables:
        held = copy.state.tables[table.id]
        kept = [i for i, row in enumerate(held.ids) if row in copy.given[table.id]]
        fields = {
            f.id: "\n".join(tokens.of_column(f, [held.columns[f.id][i] for i in kept]))
            for f in table.fields
            if f.id in held.columns and (table.id, f.id) not in hidden
        }
        rows = "\n".join(held.ids[i] for i in kept)
        found[table.id] = Given(Audited(rows, fields), tuple(sorted(copy.names[table.id])))
    return found


def all_tokens(model: Model, state: State, former: Mapping[str, Mapping[str, str]]) -> Tokens:
    """What cells are compared as: items of lists and rows by their ids, all else as it is."""
    items = {name: {r.label: r.id for r in reversed(rows) if r.id} for name, rows in state.lists.items()}
    rows: dict[str, dict[str, str]] = {}
    for table in model.tables:
        held = state.tables[table.id]
        keys = held.columns.get(table.key, ())
        rows[table.id] = dict(former.get(table.id, {})) | {
            str(k): row
            for k, row in reversed(list(zip(keys, held.ids, strict=False)))
            if row and k is not None
        }
    return Tokens(model, items, rows)


def book_codes(master: Master, count: int, salt: str) -> tuple[str, ...]:
    """Codes for so many copies, none of which begins a row id of the master: what is added to a copy never has the
    id of another row."""
    taken = {row.partition("-")[0] for t in master.state.tables.values() for row in t.ids}
    taken |= {row.partition("-")[0] for mark in master.reading.record.tables.values() for row in mark.rows}
    return tuple(_codes(taken | {master.reading.record.book_code}, count, salt))


def _codes(taken: Collection[str], count: int, salt: str) -> Iterator[str]:
    used = set(taken)
    number = 0
    while count:
        digest = hashlib.sha256(f"{salt}\n{number}".encode()).digest()
        code = "".join(_ALPHABET[b % len(_ALPHABET)] for b in digest[:_CODE])
        number += 1
        if code not in used:
            used.add(code)
            count -= 1
            yield code
