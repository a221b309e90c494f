"""Three-way: what each copy changed against what it was given, and what the master has by now.

Knows cells as tokens and decides cell by cell: only one side changed - taken; both alike - nothing to do; both, each in
its own way, or two copies - left as the master has it, and listed. Does not know workbooks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from crmsheet.api.team.masking import STARS
from crmsheet.api.team.sides import Cells, CopySide, Wording
from crmsheet.model.merged import CHANGED, ROW_ITSELF, TAKEN_OUT, Brought, Conflict, cell_key
from crmsheet.model.roles import Access, Role
from crmsheet.model.spec import FieldType, Model, Table
from crmsheet.structs import dataclass, field

_UNKNOWN: Final = "\0"
"""In place of a token that nobody remembers."""


@dataclass(slots=True)
class Tally:
    """What came of one copy. `kept_out` are cells and rows that its role may not change."""

    file: str
    person: str
    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    conflicts: int = 0
    kept_out: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A cell as a copy wants it; `base` is what that copy knew."""

    copy: int
    base: str
    token: str


@dataclass(slots=True)
class Weighed:
    """What is to become of the master, as tokens, and what is to be remembered."""

    updates: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    additions: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    removals: dict[str, set[str]] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    brought: dict[str, Brought] = field(default_factory=dict)
    tallies: list[Tally] = field(default_factory=list)

    def update(self, table: str, row: str, column: str, token: str) -> None:
        self.updates.setdefault(table, {}).setdefault(row, {})[column] = token


class Weighing:
    """One merge. `brought` is what each copy brought before."""

    def __init__(
        self,
        model: Model,
        master: Mapping[str, Cells],
        wording: Wording,
        copies: Iterable[CopySide],
        brought: Mapping[str, Brought],
        keys: Mapping[str, Mapping[str, str]],
        known_ids: frozenset[str],
    ) -> None:
        self.model, self.master, self.wording = model, master, wording
        self.copies = tuple(copies)
        self.before = brought
        self.keys = {table: dict(names) for table, names in keys.items()}
        self.known_ids = set(known_ids)
        self.done = Weighed(brought=dict(brought))
        self.cells: dict[tuple[str, str, str], list[Proposal]] = {}
        self.rows_out: dict[tuple[str, str], list[int]] = {}
        self.seen = [dict(brought[c.code].cells) if c.code in brought else {} for c in self.copies]
        self.aliases = [dict(brought[c.code].rows) if c.code in brought else {} for c in self.copies]
        self.bases: dict[tuple[int, str], dict[str, dict[str, str]]] = {}
        self.new: set[str] = set()
        self.agreed: set[str] = set()
        """Conflicts that are none any more: the copy has what the master has."""

    def weighed(self) -> Weighed:
        for number, copy in enumerate(self.copies):
            self.done.tallies.append(Tally(copy.file, copy.origin.person))
            self._pair(number, copy)
        for number, copy in enumerate(self.copies):
            for table in copy.model.tables:
                if any(t.id == table.id for t in self.model.tables):
                    self._look(number, copy, self.model.table(table.id))
        self._settle_rows()
        self._settle_cells()
        for number, copy in enumerate(self.copies):
            if self.seen[number] or self.aliases[number]:
                self.done.brought[copy.code] = Brought(self.seen[number], self.aliases[number])
        return self.done

    def _base(self, number: int, copy: CopySide, table: str) -> dict[str, dict[str, str]]:
        """What the copy knew: what it was given, and what was seen there since."""
        given = copy.origin.given.get(table)
        found: dict[str, dict[str, str]] = {}
        if given is not None:
            ids = given.rows.rows.split("\n") if given.rows.rows else []
            columns = {name: tokens.split("\n") for name, tokens in given.rows.fields.items()}
            found = {row: {name: c[i] for name, c in columns.items()} for i, row in enumerate(ids)}
        added = set(self.aliases[number].values())
        for key, token in self.seen[number].items():
            where, row, column = key.split("\t")
            if where == table and column != ROW_ITSELF and (row in found or row in added):
                found.setdefault(row, {})[column] = token
            elif where == table and column == ROW_ITSELF and token == TAKEN_OUT:
                found.pop(row, None)
        return found

    def _pair(self, number: int, copy: CopySide) -> None:
        """Give the rows that a copy added their ids in the master: those they had at an earlier merge, by id or by
        what stands in them, else their own; a row whose id stands in no cell yet may get another one at the next
        refresh, so it gets one here that no refresh gives."""
        aliases = self.aliases[number]
        for table in copy.model.tables:
            given = copy.origin.given.get(table.id)
            known = set(given.rows.rows.split("\n")) | set(given.names) if given is not None else set()
            now = copy.tables[table.id].rows
            new = [row for row in now if row not in known and f"{table.id}\t{row}" not in aliases]
            held = self.master[table.id].rows if table.id in self.master else {}
            there = {
                aliases[key]
                for key in aliases
                if key.startswith(f"{table.id}\t") and key.split("\t")[1] in now
            }
            lost = {
                master: old
                for old, master in (
                    (k.split("\t")[1], v) for k, v in aliases.items() if k.startswith(f"{table.id}\t")
                )
                if master not in there
            }
            last = {master: self._last(number, table, master) for master in lost}
            for alike in (_content, _key):
                wanted = {alike(table, tokens): master for master, tokens in last.items() if tokens}
                for row in tuple(new):
                    master = wanted.get(alike(table, now[row]), "")
                    if master in lost:
                        aliases.pop(f"{table.id}\t{lost.pop(master)}")
                        last.pop(master)
                        aliases[f"{table.id}\t{row}"] = master
                        new.remove(row)
            for row in new:
                stands = row in held and row not in copy.fresh
                found = row if stands else self._free(copy, row)
                aliases[f"{table.id}\t{row}"] = found
                self.new.add(found)

    def _last(self, number: int, table: Table, row: str) -> dict[str, str]:
        return {
            f.id: self.seen[number][key]
            for f in table.fields
            if (key := cell_key(table.id, row, f.id)) in self.seen[number]
        }

    def _free(self, copy: CopySide, row: str) -> str:
        found, number = row, 0
        while found in self.known_ids or (row in copy.fresh and found == row):
            number += 1
            found = f"{copy.code}-~{number}"
        self.known_ids.add(found)
        return found

    def _look(self, number: int, copy: CopySide, table: Table) -> None:
        """What a copy changed in a table."""
        tally, seen, aliases = self.done.tallies[number], self.seen[number], self.aliases[number]
        access = _access(self.model, copy, table)
        writes = any(a is Access.WRITE for a in access.values())
        base = self.bases[number, table.id] = self._base(number, copy, table.id)
        names = copy.origin.given[table.id].names if table.id in copy.origin.given else ()
        held = self.master[table.id].rows
        present: set[str] = set()
        for row, tokens in copy.tables[table.id].rows.items():
            own = aliases.get(f"{table.id}\t{row}", row)
            present.add(own)
            if row in names:
                # Of such a row the copy knows the name; what was written beside it has no place. Ids are given by us.
                ours = {table.key, *table.display, *(f.id for f in table.fields if f.type is FieldType.ID)}
                tally.kept_out += sum(1 for column, token in tokens.items() if token and column not in ours)
                continue
            read = self._read(number, table, tokens)
            if own in base:
                before = self._read(number, table, base[own])
            elif own in held:
                before = dict.fromkeys(held[own], _UNKNOWN)
            else:
                self._add(number, table, own, read, access)
                continue
            for column, token in read.items():
                if column not in before:
                    # What the copy was not given, or only as a mask, it cannot change.
                    continue
                if token in (before[column], held.get(own, {}).get(column, _UNKNOWN)):
                    self._same(number, table.id, own, column, token, before[column])
                elif access.get(column) is not Access.WRITE:
                    tally.kept_out += 1
                else:
                    proposal = Proposal(number, before[column], token)
                    self.cells.setdefault((table.id, own, column), []).append(proposal)
        for row in base.keys() - present:
            if not writes:
                tally.kept_out += 1
            elif row in held:
                self.rows_out.setdefault((table.id, row), []).append(number)
            else:
                seen[cell_key(table.id, row)] = TAKEN_OUT

    def _read(self, number: int, table: Table, tokens: Mapping[str, str]) -> dict[str, str]:
        """A copy's tokens as the master would have them, by the master's fields."""
        copy, aliases = self.copies[number], self.aliases[number]
        now = {f.renamed_from: f.id for f in table.fields if f.renamed_from}
        named = ((c if table.has_field(c) else now.get(c, ""), t) for c, t in tokens.items())
        return {c: self.wording.read(table, c, t, copy, aliases, self.new) for c, t in named if c}

    def _add(
        self, number: int, table: Table, row: str, tokens: dict[str, str], access: Mapping[str, Access]
    ) -> None:
        """A row that the copy added, unless its role fills nothing in there."""
        tally = self.done.tallies[number]
        if not any(a is Access.WRITE for a in access.values()):
            tally.kept_out += 1
            return
        # A mask that was copied down from another row says nothing.
        plain = {
            c: "" if access.get(c) is Access.MASK and STARS in t else t
            for c, t in tokens.items()
            if not table.field(c).type.computed
        }
        self.done.additions.setdefault(table.id, {})[row] = plain
        tally.added[table.id] = tally.added.get(table.id, 0) + 1
        self.seen[number].update({cell_key(table.id, row, c): t for c, t in tokens.items()})

    def _same(self, number: int, table: str, row: str, column: str, token: str, before: str) -> None:
        """A cell in which a copy has what the master has, or what it had: nothing is to be decided there."""
        if token != before:
            self.seen[number][cell_key(table, row, column)] = token
            self.agreed.add("\t".join((table, row, column, self.copies[number].code)))

    def _settle_rows(self) -> None:
        """Rows that copies took out: gone when nobody else changed them, else listed."""
        for (table, row), numbers in self.rows_out.items():
            held = self.master[table].rows[row]
            others = any(key[:2] == (table, row) for key in self.cells)
            for number in numbers:
                base = self.bases[number, table].get(row, {})
                before = self._read(number, self.model.table(table), base)
                touched = any(held.get(c, "") != t for c, t in before.items())
                self.seen[number][cell_key(table, row)] = TAKEN_OUT
                if touched or others:
                    self._list(number, table, row, ROW_ITSELF, TAKEN_OUT)
                elif row not in self.done.removals.get(table, ()):
                    self.done.removals.setdefault(table, set()).add(row)
                    tally = self.done.tallies[number]
                    tally.removed[table] = tally.removed.get(table, 0) + 1

    def _settle_cells(self) -> None:
        for (table, row, column), proposals in self.cells.items():
            held = self.master[table].rows.get(row)
            key = cell_key(table, row, column)
            if held is None:
                self._gone(table, row, proposals)
                continue
            now = held.get(column, "")
            rest = [p for p in proposals if p.token != now]
            for p in proposals:
                self.seen[p.copy][key] = p.token
            if not rest:
                continue
            wanted = {p.token for p in rest}
            agreed = len(wanted) == 1 and all(p.base == now for p in rest) and len(rest) == len(proposals)
            if agreed and row not in self.done.removals.get(table, ()):
                self.done.update(table, row, column, rest[0].token)
                tally = self.done.tallies[rest[0].copy]
                tally.changed[table] = tally.changed.get(table, 0) + 1
                continue
            for p in rest:
                self._list(p.copy, table, row, column, p.token)

    def _gone(self, table: str, row: str, proposals: Iterable[Proposal]) -> None:
        """A row that the master has no more, and that copies changed: once for each copy."""
        for number in dict.fromkeys(p.copy for p in proposals):
            copy = self.copies[number]
            own = self.model.table(table)
            source = next(
                (r for r in copy.tables[table].rows if self.aliases[number].get(f"{table}\t{r}", r) == row),
                row,
            )
            values = self._read(number, own, copy.tables[table].rows[source])
            for p in proposals:
                if p.copy == number:
                    self.seen[number][cell_key(table, row)] = CHANGED
            for c, t in values.items():
                self.seen[number][cell_key(table, row, c)] = t
            self._list(number, table, row, ROW_ITSELF, CHANGED, values)

    def _list(
        self,
        number: int,
        table: str,
        row: str,
        column: str,
        token: str,
        values: Mapping[str, str] | None = None,
    ) -> None:
        copy = self.copies[number]
        self.done.tallies[number].conflicts += 1
        key = self.keys.get(table, {}).get(row, "") or _name(self.model.table(table), values or {})
        self.done.conflicts.append(
            Conflict(table, row, column, key, copy.code, copy.who, token, dict(values or {}))
        )


def _access(model: Model, copy: CopySide, table: Table) -> dict[str, Access]:
    """What the copy's role may do with each field; without a role all that it was given is written."""
    if not copy.origin.role:
        given = copy.origin.given.get(table.id)
        return dict.fromkeys(given.rows.fields, Access.WRITE) if given is not None else {}
    role: Role = next(r for r in model.roles if r.id == copy.origin.role)
    return dict(role.table(table.id).fields)


def _content(table: Table, tokens: Mapping[str, str]) -> object:
    """What a row says, apart from numbers that the workbook gave it."""
    return tuple(tokens.get(f.id, "") for f in table.fields if f.type is not FieldType.ID)


def _key(table: Table, tokens: Mapping[str, str]) -> object:
    return (
        tokens.get(table.key, "")
        if table.field(table.key).type is not FieldType.ID
        else _content(table, tokens)
    )


def _name(table: Table, values: Mapping[str, str]) -> str:
    return values.get(table.key, "")[1:]
