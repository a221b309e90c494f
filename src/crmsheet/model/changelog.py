"""The change log: what became of audited fields between one refresh and the next.

Knows changes as data, what of a workbook's rows has to be remembered to find them, and how values are remembered so
that relabelled list values and renamed rows are no change. Does not know when people changed anything, only between
which refreshes, nor where changes are shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from crmsheet.excel.dates import shift
from crmsheet.excel.values import Value
from crmsheet.model.identity import text_value, value_text, value_texts
from crmsheet.model.spec import Field, FieldType, Model, Table
from crmsheet.model.state import State, TableState
from crmsheet.structs import dataclass, field

DATES: Final = (FieldType.DATE, FieldType.DATETIME)
ITEM: Final = "="
"""Before the id of a list's item."""
ROW: Final = "@"
"""Before the id of a row that is referred to."""
_ESCAPES: Final = str.maketrans({"\n": "\x1f", "\t": "\x1e", "\r": ""})
_BACK: Final = str.maketrans({"\x1f": "\n", "\x1e": "\t"})


class Change(NamedTuple):
    """One cell; or, with no `field`, a row that is gone. `old` and `new` are tokens."""

    day: int
    """Of the refresh that found it."""
    table: str
    row: str
    key: str
    """What the row was called."""
    field: str
    old: str
    new: str
    who: str
    """Whoever saved the file last before that refresh."""


@dataclass(frozen=True, slots=True)
class Audited:
    """The audited values of a table's rows: row ids and, by field, the rows' tokens, a line each."""

    rows: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    def of(self, field_id: str) -> dict[str, str]:
        """Token by row id; nothing for a field that was not remembered."""
        if field_id not in self.fields or not self.rows:
            return {}
        return dict(zip(self.rows.split("\n"), self.fields[field_id].split("\n"), strict=True))


NOT_AUDITED: Final = Audited()


def audited_fields(table: Table) -> tuple[Field, ...]:
    """The fields of a table whose changes are logged: those that people fill."""
    return tuple(f for f in table.fields if f.audit and not f.type.computed)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the cells of a workbook are remembered as: items of lists and rows by their ids, all else as it is.

    `former` are, by table, keys that rows had and that cells may still hold.
    """

    model: Model
    items: Mapping[str, Mapping[str, str]]
    rows: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, model: Model, state: State, former: Mapping[str, Mapping[str, str]]) -> Tokens:
        items = {name: {r.label: r.id for r in reversed(rows) if r.id} for name, rows in state.lists.items()}
        rows: dict[str, dict[str, str]] = {}
        for table in model.tables:
            if any(f.table == table.id and f.audit for t in model.tables for f in t.fields):
                held = state.tables.get(table.id, TableState())
                keys = held.columns.get(table.key, ())
                found = dict(former.get(table.id, {}))
                found |= {str(k): i for k, i in reversed(list(zip(keys, held.ids, strict=False))) if i}
                rows[table.id] = found
        return cls(model, items, rows)

    def token(self, own: Field, value: Value) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, str):
            if own.type is FieldType.CHOICE and (item := self.items.get(own.list, {}).get(value)):
                return ITEM + item
            if own.type is FieldType.REFERENCE and (row := self.rows.get(own.table, {}).get(value)):
                return ROW + row
        return value_text(value).translate(_ESCAPES)

    def of_column(self, own: Field, values: Sequence[Value]) -> list[str]:
        """The tokens of a whole column: equal texts have one, numbers are as they are."""
        if own.type in DATES and shift():
            days = shift()
            values = [
                v + days if isinstance(v, int | float) and not isinstance(v, bool) else v for v in values
            ]
        texts = value_texts(values)
        known: dict[str, str] = {}
        for at, value in enumerate(values):
            if isinstance(value, str):
                token = known.get(value)
                if token is None:
                    token = known[value] = self.token(own, value)
                texts[at] = token
        return texts

    def audited(self, table: Table, state: TableState) -> Audited:
        """What is remembered of a table; nothing where no field is audited."""
        fields = audited_fields(table)
        if not fields:
            return Audited()
        found = {}
        for own in fields:
            column = state.columns.get(own.id)
            if column is not None:
                tokens = self.of_column(own, column)
                found[own.id] = "\n".join([t for t, row in zip(tokens, state.ids, strict=True) if row])
        return Audited("\n".join(filter(None, state.ids)), found)


def changes(
    table: Table,
    before: Audited,
    now: Audited,
    keys: Mapping[str, str],
    gone: Mapping[str, str],
    day: int,
    who: str,
) -> Iterator[Change]:
    """What differs between two memories of a table. `keys` are those of its rows, `gone` those of rows that are
    missing. Fields that were not remembered before begin their history now; of a new row what is filled is told."""
    if before == now:
        return
    known = before.rows.split("\n") if before.rows else []
    present = now.rows.split("\n") if now.rows else []
    moved = before.rows != now.rows
    fields = [
        f.id
        for f in audited_fields(table)
        if f.id in before.fields and (moved or before.fields[f.id] != now.fields.get(f.id))
    ]
    old = {f: before.of(f) for f in fields}
    new = {f: now.of(f) for f in fields}
    for row in sorted(set(known) - set(present)):
        yield Change(day, table.id, row, gone.get(row, ""), "", "", "", who)
    for row in present:
        key = keys.get(row, "")
        for f in fields:
            a, b = old[f].get(row, ""), new[f].get(row, "")
            if a != b:
                yield Change(day, table.id, row, key, f, a, b, who)


def without(log: Iterable[Change], rows: Collection[str]) -> tuple[Change, ...]:
    """A log without what it says of these rows (by their ids), and of cells that referred to them."""
    tokens = {ROW + row for row in rows}
    return tuple(c for c in log if c.row not in rows and c.old not in tokens and c.new not in tokens)


def original(token: str, own: FieldType | None = None) -> Value:
    """The value that a token was made of, of dates as the workbook at hand counts them."""
    value = text_value(token.translate(_BACK))
    if own in DATES and isinstance(value, int | float) and not isinstance(value, bool):
        return value - shift()
    return value


def change_lines(log: Iterable[Change]) -> tuple[str, ...]:
    """A log as text, a line a change."""
    return tuple(
        "\t".join((str(c.day + shift()), *(text.translate(_ESCAPES) for text in c[1:]))) for c in log
    )


def changes_of(lines: Iterable[str]) -> tuple[Change, ...]:
    """The log that `change_lines` made lines of. Raises ValueError for anything else."""
    found = []
    for line in lines:
        day, *rest = line.split("\t")
        if len(rest) != len(Change._fields) - 1:
            raise ValueError("a line of the change log is cut")
        found.append(Change(int(day) - shift(), *rest))
    return tuple(found)
