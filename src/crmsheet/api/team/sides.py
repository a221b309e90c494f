"""The two sides of a merge as plain data: rows by id, cells as tokens.

Knows how a copy and a master are read so that their cells can be compared: list values and rows by id, all else as it
is. Does not decide anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from crmsheet.api.team.copies import Master, all_tokens, opened
from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import WorkbookRefused
from crmsheet.messages import say
from crmsheet.model.baseline import Baseline, Origin
from crmsheet.model.changelog import ITEM, ROW
from crmsheet.model.spec import FieldType, Model, Table
from crmsheet.model.state import State

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
    next_row: int

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
        labels = {name: {r.id: r.label for r in rows} for name, rows in copy.state.lists.items()}
        return CopySide(
            file,
            record.book_code,
            record.origin,
            copy.model,
            cells_of(copy),
            fresh,
            labels,
            copy.reading.next_row,
        )


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

    @classmethod
    def of(cls, model: Model, state: State, former: Mapping[str, Mapping[str, str]]) -> Wording:
        tokens = all_tokens(model, state, former)
        known = {name: frozenset(r.id for r in rows) for name, rows in state.lists.items()}
        return cls(model, tokens.items, known, tokens.rows)

    def read(
        self,
        table: Table,
        column: str,
        token: str,
        labels: Mapping[str, Mapping[str, str]],
        aliases: Mapping[str, str],
    ) -> str:
        """A copy's token as the master would have it. `labels` are the copy's lists, `aliases` say by `table` and
        row id in the copy which row of the master that is."""
        own = table.field(column)
        if token.startswith(ROW) and own.type is FieldType.REFERENCE:
            return ROW + aliases.get(f"{own.table}\t{token[1:]}", token[1:])
        if token.startswith(ITEM) and own.list:
            if token[1:] in self.known.get(own.list, ()):
                return token
            token = "'" + labels.get(own.list, {}).get(token[1:], token[1:].removeprefix(NEW_ITEM))
        if token.startswith("'"):
            if own.type is FieldType.CHOICE and (item := self.items.get(own.list, {}).get(token[1:])):
                return ITEM + item
            if own.type is FieldType.REFERENCE and (row := self.rows.get(own.table, {}).get(token[1:])):
                return ROW + row
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
