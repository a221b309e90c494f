"""Values of rows at the end of paths: a field, or a field of the row that a reference names.

Knows how a reference finds its row, as Excel does: the first of that key, without regard to case. Does not know what the
values are wanted for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from crmsheet.api.differences.contents import format_of, kind_of, meaning, shown
from crmsheet.compile.pieces import Rows
from crmsheet.excel.dates import date_of
from crmsheet.excel.numbers import general_text
from crmsheet.excel.values import ExcelError, Value
from crmsheet.model.spec import Field, FieldType, Model, Table
from crmsheet.model.state import State
from crmsheet.model.words import Language
from crmsheet.structs import dataclass, field


@dataclass(frozen=True, slots=True)
class RowPaths:
    """The rows of a book; `rows` answer for computed columns."""

    model: Model
    language: Language
    state: State
    rows: Rows
    _known: dict[str, Mapping[str, int]] = field(default_factory=dict)

    def reader(self, table: Table, path: Sequence[str]) -> tuple[Field, Callable[[int], Value]]:
        """The field at the end of a path, and its value for a row."""
        own = table.field(path[0])
        values = self.column(table, own)
        if len(path) == 1:
            return own, values.__getitem__
        there = self.model.table(own.table)
        places = self._places(there)
        last, read = self.reader(there, path[1:])

        def value(index: int) -> Value:
            place = places.get(text_of(values[index]).casefold())
            return read(place) if place is not None else None

        return last, value

    def column(self, table: Table, own: Field) -> tuple[Value, ...]:
        """The values of a field, typed or computed, one for each row."""
        state = self.state.tables[table.id]
        if own.type.computed:
            return tuple(self.rows.column(table.id, own.id)[: state.size])
        return state.columns.get(own.id, (None,) * state.size)

    def owner(self, table: Table, way: Sequence[str]) -> Callable[[int], str]:
        """Whose a row is; empty for nobody's."""
        if not way:
            return lambda _: ""
        _, read = self.reader(table, way)
        return lambda index: text_of(read(index))

    def people(self, table: Table, way: Sequence[str]) -> Iterator[str]:
        """Everybody who may own a row."""
        for step in way[:-1]:
            table = self.model.table(table.field(step).table)
        if way and (people := table.field(way[-1]).table):
            there = self.model.table(people)
            yield from map(text_of, self.column(there, there.field(there.key)))

    def shown(self, own: Field, value: Value) -> str:
        """A value as its cell shows it, in one line."""
        if value is None or value == "" or isinstance(value, ExcelError):
            return ""
        if kind_of(own) in (FieldType.DATE, FieldType.DATETIME) and isinstance(value, int | float):
            try:
                return date_of(value).isoformat()
            except (ValueError, OverflowError):
                return text_of(value)
        text = shown(meaning(value, kind_of(own)), format_of(own, self.model, self.language))
        return " ".join(text.split())

    def _places(self, table: Table) -> Mapping[str, int]:
        """The indexes of rows by their keys."""
        if table.id not in self._known:
            keys = self.column(table, table.field(table.key))
            pairs = reversed(list(enumerate(keys)))
            self._known[table.id] = {text_of(k).casefold(): i for i, k in pairs if k not in (None, "")}
        return self._known[table.id]


def text_of(value: Value) -> str:
    """A key or a name as text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return general_text(value)
    return "" if value is None or isinstance(value, ExcelError) else str(value).strip()
