"""The star: facts with integer keys to dimensions, a dimension of dates among them.

Knows which tables are facts, which are dimensions, and how keys stay the same from one export to the next. Each
dimension has a row with the key 0, for facts that name none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from crmsheet.export.entry import ROW_ID, Entry, Exported
from crmsheet.export.relations import Column, Datum, ForeignKey, Kind, Relation, Stored, free_name
from crmsheet.model.spec import Table
from crmsheet.model.words import Label, Language
from crmsheet.structs import dataclass, field

DATES: Final = "dim_date"
NOBODY: Final = 0
"""The key of the row that stands for none."""
_FOREIGN_KEYS: Final = 2**40
"""Keys of rows whose ids another copy of the book has given begin here; book's own have their number."""
_YEARS: Final = (20, 20)
"""Years before and after the as-of date of which every day is listed."""
_TIMES: Final = (Stored.DATE, Stored.DATETIME)
_WEEKDAYS: Final = (
    Label("周一", "Monday"),
    Label("周二", "Tuesday"),
    Label("周三", "Wednesday"),
    Label("周四", "Thursday"),
    Label("周五", "Friday"),
    Label("周六", "Saturday"),
    Label("周日", "Sunday"),
)


@dataclass(slots=True)
class Star:
    """The facts and dimensions of the exported tables. `relations` are these tables as they are."""

    entry: Entry
    relations: Mapping[str, Relation]
    keys: dict[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def facts(self) -> tuple[Table, ...]:
        """Tables whose rows happen on a day and refer to others, or are what a metric measures over time."""
        metrics = self.entry.source.model.metrics
        measured = {m.table for m in metrics if m.table and m.time}
        return tuple(
            t
            for t in self.entry.tables
            if t.id in measured or (self.references(t) and self.main_date(t) is not None)
        )

    @property
    def dimensions(self) -> tuple[Table, ...]:
        """Tables that rows of others name."""
        named = {
            e.meaning.table for t in self.entry.tables for e in self.references(t) if e.meaning.table != t.id
        }
        return tuple(t for t in self.entry.tables if t.id in named)

    def references(self, table: Table) -> tuple[Exported, ...]:
        """The fields people fill that name a row of an exported table."""
        known = {t.id for t in self.entry.tables}
        return tuple(
            e
            for e in self.entry.fields(table)
            if e.meaning.table in known and e.id_column and not e.own.type.computed
        )

    def main_date(self, table: Table) -> str | None:
        """The date that places a row in time: that of the metrics, else the first required one, else the first."""
        relation = self.relations[table.id]
        fields = [
            e.own
            for e in self.entry.fields(table)
            if e.column and not e.own.type.computed and relation.column(e.column).stored in _TIMES
        ]
        times = [m.time for m in self.entry.source.model.metrics if m.table == table.id and m.time]
        used = [f for time in times for f in fields if f.id == time]
        required = [f for f in fields if f.required]
        return next((f.id for f in (*used, *required, *fields)), None)

    def named(self, kind: str, table: str) -> str:
        """The name of a relation that is made of a table."""
        return free_name(f"{kind}_{table}", (DATES, *(t.id for t in self.entry.source.model.tables)))

    def row_keys(self, table: str) -> Mapping[str, int]:
        """The integer key of each row: the number in its id."""
        if table not in self.keys:
            ids = self.relations[table].column(ROW_ID).values
            self.keys[table] = row_keys((str(i) for i in ids), self.entry.source.book_code)
        return self.keys[table]

    def dimension(self, table: Table) -> Relation:
        relation = self.relations[table.id]
        name = key_column(table.id, relation)
        keys = self.row_keys(table.id)
        ids = relation.column(ROW_ID).values
        columns = [Column(name, Stored.INTEGER, (NOBODY, *(keys[str(i)] for i in ids)))]
        columns += [Column(c.id, c.stored, (None, *c.values)) for c in relation.columns]
        return Relation(self.named("dim", table.id), Kind.DIMENSION, tuple(columns), name, of=table.id)

    def fact(self, table: Table) -> Relation:
        """A row for each row of a table: its columns, and keys to the rows that it names and to its days."""
        relation = self.relations[table.id]
        taken = [c.id for c in relation.columns]
        keys: list[Column] = []
        foreign: list[ForeignKey] = []

        def add(of: str, target: str, target_key: str, values: Iterable[int]) -> None:
            keys.append(Column(free_name(f"{of}_key", taken), Stored.INTEGER, tuple(values)))
            taken.append(keys[-1].id)
            foreign.append(ForeignKey(keys[-1].id, target, target_key, of))

        dimensions = {t.id for t in self.dimensions}
        for one in self.references(table):
            if one.meaning.table in dimensions:
                known = self.row_keys(one.meaning.table)
                there = self.relations[one.meaning.table]
                named = relation.column(one.id_column).values
                add(
                    one.own.id,
                    self.named("dim", one.meaning.table),
                    key_column(one.meaning.table, there),
                    (known.get(str(v), NOBODY) for v in named),
                )
        for column in relation.columns:
            if column.stored in _TIMES:
                add(column.id, DATES, "date_key", (date_key(v) for v in column.values))
        indexed = tuple(c.id for c in keys)
        columns = (*keys, *relation.columns)
        return Relation(
            self.named("fact", table.id), Kind.FACT, columns, ROW_ID, tuple(foreign), indexed, table.id
        )

    def days(self) -> Relation:
        """Every day of the years that any fact names, by day, week, month, quarter, year and fiscal year."""
        found = {
            _day(value)
            for table in self.facts
            for column in self.relations[table.id].columns
            if column.stored in _TIMES
            for value in column.values
            if isinstance(value, date)
        }
        source = self.entry.source
        days = [None, *_calendar(found | {source.as_of}, source.as_of)]
        return date_relation(days, source.model.fiscal_year_start, source.shown)


def key_column(table: str, relation: Relation) -> str:
    """The name of a dimension's key."""
    return free_name(f"{table}_key", (c.id for c in relation.columns))


def row_keys(ids: Iterable[str], book_code: str) -> dict[str, int]:
    """An integer for each row id, the same in every export as long as the row has its id."""
    found: dict[str, int] = {}
    taken = {NOBODY}
    foreign: list[str] = []
    for id_ in ids:
        code, _, number = id_.partition("-")
        key = int(number, 36) if code == book_code and number.isalnum() and number.isascii() else NOBODY
        if NOBODY < key < _FOREIGN_KEYS and key not in taken:
            found[id_] = key
            taken.add(key)
        else:
            foreign.append(id_)
    for id_ in sorted(foreign):
        key = _FOREIGN_KEYS + int.from_bytes(hashlib.blake2b(id_.encode(), digest_size=5).digest(), "big")
        while key in taken:
            key += 1
        found[id_] = key
        taken.add(key)
    return found


def date_key(value: Datum) -> int:
    """20260331 for 31 March 2026, 0 for no date."""
    if not isinstance(value, date):
        return NOBODY
    return value.year * 10_000 + value.month * 100 + value.day


def _day(value: date) -> date:
    return date(value.year, value.month, value.day)


def _calendar(days: set[date], as_of: date) -> Iterator[date]:
    """All days of the years from the first to the last; days very far from the as-of date only for themselves."""
    low, high = as_of.year - _YEARS[0], as_of.year + _YEARS[1]
    near = sorted(d for d in days if low <= d.year <= high)
    yield from sorted(d for d in days if d.year < low)
    day, last = date(near[0].year, 1, 1), date(near[-1].year, 12, 31)
    while day < last:
        yield day
        day += timedelta(days=1)
    yield last
    yield from sorted(d for d in days if d.year > high)


def date_relation(days: Sequence[date | None], first_month: int, language: Language) -> Relation:
    def column(id_: str, stored: Stored, value: Iterable[Datum]) -> Column:
        return Column(id_, stored, tuple(value))

    def made(id_: str, stored: Stored, of: Mapping[date, Datum]) -> Column:
        return column(id_, stored, (None if d is None else of[d] for d in days))

    known = [d for d in days if d is not None]
    whole, text = Stored.INTEGER, Stored.TEXT
    weeks = {d: d.isocalendar() for d in known}
    fiscal = {d: d.year - (d.month < first_month) for d in known}
    fiscal_quarters = {d: (d.month - first_month) % 12 // 3 + 1 for d in known}
    quarters = {d: (d.month - 1) // 3 + 1 for d in known}
    columns = (
        column("date_key", whole, (date_key(d) for d in days)),
        column("date", Stored.DATE, days),
        made("year", whole, {d: d.year for d in known}),
        made("quarter", whole, dict(quarters)),
        made("month", whole, {d: d.month for d in known}),
        made("day", whole, {d: d.day for d in known}),
        made("year_quarter", text, {d: f"{d.year} Q{quarters[d]}" for d in known}),
        made("year_month", text, {d: f"{d.year}-{d.month:02}" for d in known}),
        made("month_start", Stored.DATE, {d: d.replace(day=1) for d in known}),
        made("iso_week", text, {d: f"{weeks[d].year}-W{weeks[d].week:02}" for d in known}),
        made("week_start", Stored.DATE, {d: _monday(d) for d in known}),
        made("weekday", whole, {d: d.isoweekday() for d in known}),
        made("weekday_name", text, {d: _WEEKDAYS[d.weekday()].text(language) for d in known}),
        made("weekend", Stored.BOOLEAN, {d: d.weekday() > 4 for d in known}),
        made("fiscal_year", whole, dict(fiscal)),
        made("fiscal_quarter", whole, dict(fiscal_quarters)),
        made("fiscal_year_quarter", text, {d: f"{fiscal[d]} Q{fiscal_quarters[d]}" for d in known}),
    )
    return Relation(DATES, Kind.DIMENSION, columns, "date_key")


def _monday(day: date) -> date | None:
    try:
        return day - timedelta(days=day.weekday())
    except OverflowError:
        return None
