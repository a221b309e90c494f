"""Purge: rows taken out of a workbook with what it remembers of them, for people who are to be forgotten.

Knows which rows a condition and an age mean, which rows elsewhere refer to them, and what is left to tell. How rows
are taken out is `entering`'s, what is remembered `forgetting`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from crmsheet.api.conditions import rows_where
from crmsheet.api.entries import RowChanges
from crmsheet.api.following import refreshed
from crmsheet.api.forgetting import Forgetting, Trace, traces
from crmsheet.api.keyclaims import folded
from crmsheet.api.results import Refreshed
from crmsheet.api.standing import Standing, standing
from crmsheet.api.tables import field_of, table_of
from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import UsageError
from crmsheet.excel.dates import date_of
from crmsheet.excel.values import Value
from crmsheet.messages import listed, say
from crmsheet.model.spec import Field, FieldType, Table
from crmsheet.structs import dataclass

_TELLING: Final = (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.EMAIL, FieldType.PHONE, FieldType.URL)
"""Types of fields whose texts tell who somebody is."""


class Referring(StrEnum):
    """What becomes of rows elsewhere that refer to a row that goes."""

    REMOVE = "remove"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Holder:
    """How many rows of a table refer to rows that go, by one of its fields."""

    table: str
    label: str
    field: str
    rows: int


@dataclass(frozen=True, slots=True)
class Purged:
    """`content` is None when no row is meant. `removed` and `blanked` count rows by label of the table; `undated` are
    rows without a date, which are never old; `traces` is what the new content still holds."""

    content: bytes | None
    refreshed: Refreshed | None
    removed: tuple[tuple[str, int], ...]
    blanked: tuple[Holder, ...]
    undated: int
    traces: tuple[Trace, ...]
    names: tuple[str, ...]
    """What the rows of the table were called."""
    texts: frozenset[str]
    """What told who they were, and no row that stays says."""


@dataclass(frozen=True, slots=True)
class Which:
    """The rows that are meant: those of `table` for which `where` holds and whose date in `by` is before `until`."""

    table: str
    where: str = ""
    until: date | None = None
    by: str = ""


def purge(
    content: bytes, *, name: str, today: date, which: Which, referring: Referring | None = None
) -> Purged:
    """Take rows out. Raises UsageError, also where rows refer to them and `referring` does not say what becomes of
    those, WorkbookRefused or InternalError; changes nothing."""
    with standing(content, name=name, today=today) as book:
        table = table_of(book.model, which.table)
        meant, undated = _meant(book, table, which)
        going: dict[str, set[str]] = {table.id: {book.reading.state.tables[table.id].ids[i] for i in meant}}
        blanks: dict[str, dict[str, dict[str, Value]]] = {}
        held: list[Holder] = []
        _follow(book, table, going, blanks, held, referring)
        if held and referring is None:
            raise _undecided(name, held)
        keys = book.column(table, table.key)
        names = tuple(str(keys[i]) for i in meant)
        options = frozenset(
            label for x in book.model.lists for i in x.items for label in (i.label.zh, i.label.en)
        )
        texts = _texts(book, going, options)
        labels = tuple(
            (t.label.text(book.language), len(going[t.id])) for t in book.model.tables if going.get(t.id)
        )
    if not meant:
        return Purged(None, None, (), (), undated, (), (), frozenset())
    entering = {
        t: RowChanges(
            updates={row: v for row, v in blanks.get(t, {}).items() if row not in going.get(t, ())},
            removals=tuple(sorted(going.get(t, ()))),
        )
        for t in {*going, *blanks}
    }
    rows = frozenset(row for gone in going.values() for row in gone)
    done = refreshed(content, name=name, today=today, entering=entering, forgetting=Forgetting(rows, texts))
    left = tuple(traces(done.content, name, texts)) if done.content is not None else ()
    blanked = tuple(h for h in held if referring is Referring.BLANK)
    return Purged(done.content, done, labels, blanked, undated, left, names, texts)


def _meant(book: Standing, table: Table, which: Which) -> tuple[tuple[int, ...], int]:
    """The rows that are meant, and how many more would be if they had a date."""
    ids = book.reading.state.tables[table.id].ids
    rows: Sequence[int] = [i for i, id_ in enumerate(ids) if id_]
    if which.where:
        rows = rows_where(book, table, which.where)
    if which.until is None:
        return tuple(rows), 0
    dated = _dated(table, which.by)
    days = book.column(table, dated.id)
    old: list[int] = []
    undated = 0
    for index in rows:
        day = days[index]
        if not isinstance(day, int | float) or isinstance(day, bool):
            undated += 1
        elif date_of(day) < which.until:
            old.append(index)
    return tuple(old), undated


def _dated(table: Table, by: str) -> Field:
    kinds = (FieldType.DATE, FieldType.DATETIME)
    dates = [f for f in table.fields if (f.result if f.type.computed else f.type) in kinds]
    if by:
        found = field_of(table, by)
        if found in dates:
            return found
    elif table.dated is not None:
        return table.dated
    raise UsageError(
        Diagnostic(
            "U122",
            say("'{by}' is no date", by=by)
            if by
            else say("'{table}' has no date that people enter", table=table.id),
            remedy=say("Say with --by which date counts: {dates}.", dates=listed(f.id for f in dates))
            if dates
            else say("Leave --older-than out and name the rows with --where."),
            allowed=tuple(f.id for f in dates),
        )
    )


def _follow(
    book: Standing,
    table: Table,
    going: dict[str, set[str]],
    blanks: dict[str, dict[str, dict[str, Value]]],
    held: list[Holder],
    referring: Referring | None,
) -> None:
    """What refers to rows of a table that go; rows that go with them are followed in turn."""
    for owner, own, found in _referring(book, table, going[table.id]):
        fresh = [row for row in found if row not in going.get(owner.id, ())]
        if not fresh:
            continue
        held.append(
            Holder(owner.id, owner.label.text(book.language), own.label.text(book.language), len(fresh))
        )
        match referring:
            case Referring.REMOVE:
                going.setdefault(owner.id, set()).update(fresh)
                _follow(book, owner, going, blanks, held, referring)
            case Referring.BLANK:
                for row in fresh:
                    blanks.setdefault(owner.id, {}).setdefault(row, {})[own.id] = None
            case None:
                pass


def _referring(
    book: Standing, table: Table, rows: set[str]
) -> Iterator[tuple[Table, Field, tuple[str, ...]]]:
    """Tables, their reference fields, and their rows that refer to these and to no other row of that key."""
    ids = book.reading.state.tables[table.id].ids
    keys = [folded(key) for key in book.column(table, table.key)]
    staying = {key for id_, key in zip(ids, keys, strict=True) if id_ and id_ not in rows}
    gone = {key for id_, key in zip(ids, keys, strict=True) if id_ in rows and key} - staying
    for owner in book.model.tables:
        state = book.reading.state.tables[owner.id]
        for own in owner.fields:
            if own.type is FieldType.REFERENCE and own.table == table.id and own.id in state.columns:
                column = state.columns[own.id]
                found = tuple(
                    id_ for id_, key in zip(state.ids, column, strict=True) if id_ and folded(key) in gone
                )
                if found:
                    yield owner, own, found


def _texts(book: Standing, going: Mapping[str, set[str]], options: frozenset[str]) -> frozenset[str]:
    """What the rows said of somebody and no row that stays says. A city that is one of the spec's `options` says nothing
    of anybody; who is called like one is looked for."""
    gone: set[str] = set()
    staying: set[str] = set()
    for table in book.model.tables:
        state = book.reading.state.tables[table.id]
        for own in table.fields:
            told = own.type in _TELLING or own.id == table.key or own.private
            for id_, value in zip(state.ids, state.columns.get(own.id, ()), strict=False):
                if isinstance(value, str) and value.strip():
                    if id_ not in going.get(table.id, ()):
                        staying.add(value)
                    elif told and (own.id == table.key or value not in options):
                        gone.add(value)
    return frozenset(gone - staying)


def _undecided(name: str, held: Sequence[Holder]) -> UsageError:
    rows = ", ".join(f"{h.rows:,} of '{h.label}' ({h.field})" for h in held)
    return UsageError(
        Diagnostic(
            "U123",
            say("other rows refer to those that would go: {rows}", rows=rows),
            FilePlace(name),
            remedy=say(
                "--referring remove takes them out as well; --referring blank keeps them and empties the "
                "reference."
            ),
        )
    )
