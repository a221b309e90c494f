"""Dimensions: the values a table or chart is broken down by, and the buckets of time.

Knows where the labels of a dimension's values stand and how many there are, and where buckets begin and end.
Does not know metrics.
"""

from __future__ import annotations

from typing import Final, assert_never

from crmsheet.compile import board_words as words
from crmsheet.compile.columns import first_id, path_field
from crmsheet.compile.forms import equal_to, position
from crmsheet.compile.pieces import Context
from crmsheet.compile.shorthand import call, if_, iso_date, joined, op
from crmsheet.compile.symbols import AS_OF, list_labels
from crmsheet.compile.windows import BoardWindows
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Boolean, Column, Name, Node
from crmsheet.model.boards import Dimension, Grain
from crmsheet.model.spec import Field, FieldType
from crmsheet.structs import dataclass

_MONTHS: Final = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}
_MOST_CONSTANTS: Final = 60


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a dimension: `labels[k]` and `criteria[k]` are formulas or constants, k up to `known`.

    Beyond them `label(k)` keeps giving what people add, where they can.
    """

    source: Node | None
    constants: tuple[Value, ...]
    known: int
    first: Node | None = None
    """A column beside the source with 1 where a value stands for the first time."""

    def label(self, context: Context, k: int) -> Node | str:
        """The text of value k (0-based), empty when there is none."""
        if self.source is not None:
            text = op(call("INDEX", self.source, k + 1), "&", "")
            if self.first is not None:
                # A key that stands twice has one row, or its numbers would be counted twice.
                text = if_(op(call("INDEX", self.first, k + 1), "=", 1), text, "")
            elif k:
                # The same of an option that people typed a second time.
                before = call("IFERROR", op(position(text, self.source), "<=", k), Boolean(False))
                text = if_(before, "", text)
            return call("IFERROR", text, "")
        if k >= len(self.constants):
            return ""
        value = self.constants[k]
        if isinstance(value, bool):
            return context.text(words.YES if value else words.NO)
        return f"{value:g}" if isinstance(value, int | float) else str(value)

    def criterion(self, k: int, label: Node) -> Node | str:
        """The criterion for exactly value k; no row meets that of an empty label."""
        if self.source is None and k < len(self.constants) and isinstance(self.constants[k], bool):
            return "=TRUE" if self.constants[k] else "=FALSE"
        return if_(op(label, "=", ""), "=" + words.SENTINEL, equal_to(label))


def values(context: Context, dimension: Dimension) -> Values:
    """The values of a dimension that is not time: of a list, of a table's keys, else those in the data."""
    if dimension.list:
        known = context.state.lists.get(dimension.list, ())
        count = max(len(known), len(context.model.list(dimension.list).items))
        return Values(Name(list_labels(dimension.list)), (), count)
    if dimension.table:
        table = context.model.table(dimension.table)
        state = context.state.tables.get(table.id)
        size = state.size if state is not None else 0
        return Values(Column(table.id, table.key), (), size, Column(table.id, first_id(table.key)))
    constants = _constants(context, dimension)
    return Values(None, constants, len(constants))


def _constants(context: Context, dimension: Dimension) -> tuple[Value, ...]:
    """The values that occur at the ends of the dimension's paths, as far as people typed them."""
    found: dict[Value, None] = {}
    for table, path in dimension.paths:
        field, owner = _owner(context, table, path)
        if field.type is FieldType.BOOLEAN:
            return (True, False)
        state = context.state.tables.get(owner)
        column = state.columns.get(field.id, ()) if state is not None else ()
        for value in column:
            if isinstance(value, str | int | float) and value != "":
                found[value] = None
    ordered = sorted(found, key=lambda v: (isinstance(v, str), v if isinstance(v, str) else "", _number(v)))
    return tuple(ordered[:_MOST_CONSTANTS])


def _number(value: Value) -> float:
    return value if isinstance(value, int | float) else 0


def _owner(context: Context, table: str, path: str) -> tuple[Field, str]:
    """The field at the end of a path, and its table."""
    head, _, rest = path.partition(".")
    if rest:
        return _owner(context, context.model.table(table).field(head).table, rest)
    return path_field(context.model, table, path), table


# Time


def last_day(windows: BoardWindows) -> Node:
    """The day buckets run up to: the last of the board's window, never past the as-of date."""
    return call("MIN", Name(AS_OF), op(windows.current.end, "-", 1))


def bucket_start(context: Context, grain: Grain, day: Node, back: int) -> Node:
    """The first day of the bucket that lies `back` buckets before the one a day is in."""
    month = op(op(day, "-", call("DAY", day)), "+", 1)
    match grain:
        case Grain.DAY:
            return op(day, "-", back)
        case Grain.WEEK:
            return op(op(day, "-", call("WEEKDAY", day, 2)), "+", 1 - 7 * back)
        case Grain.MONTH:
            return call("EDATE", month, -back)
        case Grain.QUARTER | Grain.YEAR:
            months = _MONTHS[grain]
            into = call("MOD", op(call("MONTH", day), "-", context.model.fiscal_year_start), months)
            return call("EDATE", month, op(-months * back, "-", into))
        case _:
            assert_never(grain)


def bucket_end(grain: Grain, start: Node) -> Node:
    """The first day after a bucket."""
    match grain:
        case Grain.DAY:
            return op(start, "+", 1)
        case Grain.WEEK:
            return op(start, "+", 7)
        case Grain.MONTH | Grain.QUARTER | Grain.YEAR:
            return call("EDATE", start, _MONTHS[grain])
        case _:
            assert_never(grain)


def bucket_label(context: Context, grain: Grain, start: Node) -> Node:
    """A bucket's name: `2026-11`, `2026 Q4`, `2026`, a week's Monday.

    Quarters and years of another year than the calendar's are named by their months: `2026 Q2` is from July in a
    fiscal year that begins in April, so in its columns for pivots, and from April for everybody else.
    """
    calendar = context.model.fiscal_year_start == 1
    match grain:
        case Grain.DAY:
            return call("TEXT", start, "mm-dd")
        case Grain.WEEK:
            return iso_date(start)
        case Grain.MONTH:
            return call("TEXT", start, "yyyy-mm")
        case Grain.QUARTER if calendar:
            quarter = op(op(op(call("MONTH", start), "-", 1), "/", 3), "+", 1)
            return joined(call("YEAR", start), " Q", quarter)
        case Grain.YEAR if calendar:
            return op(call("YEAR", start), "&", "")
        case Grain.QUARTER | Grain.YEAR:
            months = _MONTHS[grain]
            return joined(
                call("TEXT", start, "yyyy-mm"), "~", call("TEXT", call("EDATE", start, months - 1), "mm")
            )
        case _:
            assert_never(grain)


def short_label(context: Context, grain: Grain, start: Node) -> Node:
    """A bucket's name on an axis, where twelve must stand side by side."""
    match grain:
        case Grain.MONTH:
            return call("TEXT", start, "yy-mm")
        case Grain.WEEK:
            return call("TEXT", start, "mm-dd")
        case _:
            return bucket_label(context, grain, start)
