"""Remind: what is due in a workbook, by owner. Changes nothing.

Knows which rows are due when, and what is told of them. Does not know how that is printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from crmsheet.api.rowpaths import RowPaths
from crmsheet.api.standing import Standing, standing
from crmsheet.compile.columns import with_rules
from crmsheet.diagnostics import Diagnostic
from crmsheet.errors import UsageError
from crmsheet.excel.dates import date_of
from crmsheet.excel.references import a1
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Cell, Node
from crmsheet.messages import say
from crmsheet.model.due import reminders_of
from crmsheet.model.reminders import SOON, Reminder
from crmsheet.structs import dataclass

_NEAR: Final = 12
"""Names that are offered for one that nobody has."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something told of a row."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Due:
    """A row that is due on `day`; `late` counts the days since, below zero those to come. `owner` is empty for
    nobody's."""

    kind: str
    label: str
    owner: str
    day: date
    late: int
    table: str
    row: str
    key: str
    told: tuple[Told, ...]
    sheet: str
    cell: str

    @property
    def uid(self) -> str:
        """What tells it apart for good: the row and the kind of reminder."""
        return f"{self.row}.{self.kind}"


@dataclass(frozen=True, slots=True)
class Reminded:
    """What is due, by owner (nobody's last), reminder and day."""

    title: str
    language: str
    as_of: date
    due: tuple[Due, ...]

    @property
    def owners(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(d.owner for d in self.due))

    def of(self, owner: str) -> Reminded:
        return Reminded(self.title, self.language, self.as_of, tuple(d for d in self.due if d.owner == owner))

    @property
    def overdue(self) -> int:
        return sum(d.late > 0 for d in self.due)


def remind(
    content: bytes,
    *,
    name: str,
    today: date,
    as_of: date | None = None,
    days: int | None = None,
    owners: Sequence[str] = (),
    kinds: Sequence[str] = (),
) -> Reminded:
    """What is due as of the workbook's date, or another: what has passed, today, and so many days ahead (each reminder
    says how many). Raises WorkbookRefused or UsageError."""
    with standing(content, name=name, today=today, as_of=as_of, rows_only=True) as book:
        reminders = _asked(reminders_of(book.model), kinds, book)
        rows = RowPaths(book.model, book.language, book.reading.state, book.compiled.environment)
        found = [due for one in reminders for due in _due(book, rows, one, days)]
        known = {d.owner for d in found}
        for one in reminders if owners else ():
            known.update(rows.people(book.model.table(one.table), one.owner))
        title = book.model.title.text(book.language)
    wanted = {_known_owner(o, known) for o in owners}
    chosen = [d for d in found if not wanted or d.owner in wanted]
    order = {one.id: place for place, one in enumerate(reminders)}
    chosen.sort(key=lambda d: (not d.owner, d.owner, order[d.kind], d.day, d.row))
    return Reminded(title, book.language.value, book.effective, tuple(chosen))


def _asked(reminders: tuple[Reminder, ...], kinds: Sequence[str], book: Standing) -> tuple[Reminder, ...]:
    """The reminders that a user names by id or label; all without names."""
    found: list[Reminder] = []
    for kind in kinds:
        wanted = kind.strip().casefold()
        same = [r for r in reminders if wanted in {n.casefold() for n in (r.id, r.label.zh, r.label.en)}]
        if not same:
            raise UsageError(
                Diagnostic(
                    "U153",
                    say("there is no reminder '{kind}' in this workbook", kind=kind),
                    remedy=say("Give its id or its label."),
                    allowed=tuple(f"{r.id} ({r.label.text(book.language)})" for r in reminders),
                )
            )
        found += same
    return tuple(found) or reminders


def _known_owner(owner: str, known: set[str]) -> str:
    folded = {k.casefold(): k for k in sorted(known)}
    if owner.strip().casefold() in folded:
        return folded[owner.strip().casefold()]
    names = sorted(k for k in known if k)
    raise UsageError(
        Diagnostic(
            "U154",
            say("nobody is called '{owner}' in this workbook", owner=owner),
            remedy=say("Give the name as it stands there."),
            allowed=tuple(names[:_NEAR]),
        )
    )


def _days(book: Standing, one: Reminder) -> Iterator[tuple[int, str, date]]:
    """Index, id and day of every row that is due some day and not done."""
    state = book.reading.state.tables[one.table]
    due = _results(book, one.table, one.due)
    done = _results(book, one.table, one.done) if one.done is not None else ()
    for index, row in enumerate(state.ids):
        day = _day(due[index]) if row else None
        if day is not None and not (done and _holds(done[index])):
            yield index, row, day


def _results(book: Standing, table: str, node: Node) -> Sequence[Value]:
    return book.compiled.environment.results(table, with_rules(book.model, node))


def _due(book: Standing, rows: RowPaths, one: Reminder, days: int | None) -> Iterator[Due]:
    table = book.model.table(one.table)
    ahead = days if days is not None else _ahead(book, one)
    owner = rows.owner(table, one.owner)
    _, key = rows.reader(table, (table.key,))
    told = [rows.reader(table, path.split(".")) for path in one.text]
    place = book.reading.layout.tables[table.id]
    column = one.due.field if isinstance(one.due, Cell) and one.due.field in place.columns else table.key
    for index, row, day in _days(book, one):
        late = (book.effective - day).days
        if -late > ahead:
            continue
        yield Due(
            one.id,
            one.label.text(book.language),
            owner(index),
            day,
            late,
            table.id,
            row,
            rows.shown(table.field(table.key), key(index)),
            tuple(
                Told(own.label.text(book.language), text)
                for own, read in told
                if (text := rows.shown(own, read(index)))
            ),
            place.sheet,
            a1(place.rows[index], place.columns[column]) if column in place.columns else "",
        )


def _ahead(book: Standing, one: Reminder) -> int:
    """How many days ahead one is reminded, as the workbook's settings have it."""
    if isinstance(one.days, int):
        return one.days
    setting = next((s for s in book.model.settings if s.id == one.days), None)
    value = book.reading.state.settings.get(one.days, setting.value if setting is not None else None)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return max(0, int(value)) if number and isinstance(value, int | float) else SOON


def _day(value: Value) -> date | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return date_of(value)
    except (ValueError, OverflowError):
        return None


def _holds(value: Value) -> bool:
    return isinstance(value, bool | int | float) and bool(value)
