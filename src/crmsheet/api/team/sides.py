"""The two sides of a merge as plain data: rows by id, cells as tokens.

Knows how a copy and a master are read so that their cells can be compared: list values and rows by id, all else as it
is. Does not decide anything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from crmsheet.api.team.copies import Master, all_tokens, opened
from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import WorkbookRefused
from crmsheet.messages import say
from crmsheet.model.baseline import Baseline, Origin
from crmsheet.model.changelog import ITEM, ROW
from crmsheet.model.spec import FieldType, Model, Table
from crmsheet.model.state import State
from crmsheet.structs import dataclass, field

NEW_ITEM = "+"
"""Begins the id of a list value that people added to one workbook."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The rows of a table: by row id, token by input field. Blank rows are none."""

    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CopySide:
    """A copy as it came back. `fresh` are rows whose ids stand in no cell yet; `labels` the wording of its lists."""

    file: str
    code: str
    origin: Origin
    model: Model
    tables: Mapping[str, Cells]
    fresh: frozenset[str]
    labels: Mapping[str, Mapping[str, str]]
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By table the tokens of rows' keys, by row id: of those that it was given, and of its own."""

    @property
    def who(self) -> str:
        """The copy in words: its file, and whose it is."""
        return f"{self.file} ({self.origin.person})" if self.origin.person else self.file


def copy_side(content: bytes, file: str, today: date, master: Baseline) -> CopySide:
    """Read a copy. Raises WorkbookRefused for what is no copy of this master."""
    with opened(content, file, today) as copy:
        record = copy.reading.record
        if record.origin is None or record.origin.book_code != master.book_code:
            raise not_a_copy(file, ours=record.origin is not None)
        fresh = frozenset(
            rows.state.ids[i]
            for rows in copy.reading.rows.values()
            for i in (*rows.identity.new, *rows.identity.copied)
            if i < len(rows.state.ids)
        )
        cells = cells_of(copy)
        labels = {name: {r.id: r.label for r in rows} for name, rows in copy.state.lists.items()}
        return CopySide(
            file,
            record.book_code,
            record.origin,
            copy.model,
            cells,
            fresh,
            labels,
            {t.id: _names(t, record.origin, cells[t.id]) for t in copy.model.tables},
        )


def _names(table: Table, origin: Origin, now: Cells) -> dict[str, str]:
    given = origin.given.get(table.id)
    found = {row: tokens.get(table.key, "") for row, tokens in now.rows.items()}
    return found | (given.rows.of(table.key) if given is not None else {})


def cells_of(book: Master) -> dict[str, Cells]:
    """All cells that people fill, as tokens."""
    tokens = all_tokens(book.model, book.state, book.former)
    found = {}
    for table in book.model.tables:
        held = book.state.tables[table.id]
        columns = {
            f.id: tokens.of_column(f, held.columns[f.id]) for f in table.fields if f.id in held.columns
        }
        found[table.id] = Cells(
            {row: {name: c[i] for name, c in columns.items()} for i, row in enumerate(held.ids) if row}
        )
    return found


@dataclass(frozen=True, slots=True)
class Wording:
    """How tokens of copies read in the master: its own ids of list values and rows, where it has them."""

    model: Model
    items: Mapping[str, Mapping[str, str]]
    """By list, label to id."""
    known: Mapping[str, frozenset[str]]
    """By list, the ids."""
    rows: Mapping[str, Mapping[str, str]]
    """By table, key to row id."""
    ids: Mapping[str, frozenset[str]]
    """By table, the rows that are there."""

    @classmethod
    def of(cls, model: Model, state: State, former: Mapping[str, Mapping[str, str]]) -> Wording:
        tokens = all_tokens(model, state, former)
        known = {name: frozenset(r.id for r in rows) for name, rows in state.lists.items()}
        ids = {table: frozenset(filter(None, held.ids)) for table, held in state.tables.items()}
        return cls(model, tokens.items, known, tokens.rows, ids)

    def read(
        self,
        table: Table,
        column: str,
        token: str,
        copy: CopySide,
        aliases: Mapping[str, str],
        new: Collection[str],
    ) -> str:
        """A copy's token as the master would have it. `aliases` say by `table` and row id in the copy which row of the
        master that is, `new` are rows that the master is about to get. A row that it does not have any more is a
        name only."""
        own = table.field(column)
        if token.startswith(ROW) and own.type is FieldType.REFERENCE:
            row = aliases.get(f"{own.table}\t{token[1:]}", token[1:])
            if row in self.ids.get(own.table, ()) or row in new:
                return ROW + row
            return copy.names.get(own.table, {}).get(token[1:], "") or ROW + row
        if token.startswith(ITEM) and own.list:
            if token[1:] in self.known.get(own.list, ()):
                return token
            token = "'" + copy.labels.get(own.list, {}).get(token[1:], token[1:].removeprefix(NEW_ITEM))
        if token.startswith("'"):
            if own.type is FieldType.CHOICE and (item := self.items.get(own.list, {}).get(token[1:])):
                return ITEM + item
            if own.type is FieldType.REFERENCE and (named := self.rows.get(own.table, {}).get(token[1:])):
                return ROW + named
        return token


def not_a_copy(file: str, *, ours: bool) -> WorkbookRefused:
    return WorkbookRefused(
        Diagnostic(
            "W234",
            say("this is a copy of another workbook")
            if ours
            else say("this is no copy that crmsheet split made"),
            FilePlace(file),
            remedy=say("Only copies that crmsheet split made of this very workbook can be merged into it."),
        )
    )
