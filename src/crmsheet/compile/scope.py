"""What the compilers of entry tables share: the context, the lists as they lie, sizes, the words for limits.

Knows how to find things of the Model quickly. Does not know cells or formulas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from crmsheet.compile.listshapes import ListShape
from crmsheet.compile.pieces import Context
from crmsheet.compile.symbols import AS_OF
from crmsheet.compile.words import say
from crmsheet.excel.dates import date_of, serial_of_parts
from crmsheet.excel.numbers import general_text
from crmsheet.formulas.tree import Area, Call, Cell, Column, Name, Node, Number, Spot, Unary, walk
from crmsheet.model.spec import Field, FieldType, Table
from crmsheet.structs import dataclass

PAIRS: Final = 100_000_000
"""Comparisons a live column may cost: rows of this table × rows of the other."""
DATES: Final = (FieldType.DATE, FieldType.DATETIME)
NUMBERS: Final = (
    FieldType.NUMBER,
    FieldType.INTEGER,
    FieldType.CURRENCY,
    FieldType.PERCENT,
    FieldType.RATING,
)
USED: Final = "_used"
"""Hidden column: 1 on rows that hold anything, 0 on blank ones."""


@dataclass(frozen=True, slots=True)
class Scope:
    context: Context
    lists: Mapping[str, ListShape]

    def say(self, key: str, **values: object) -> str:
        return say(self.context.language, key, **values)

    def table(self, table_id: str) -> Table:
        return self.context.model.table(table_id)

    def label(self, field: Field) -> str:
        return self.context.text(field.label)

    def table_label(self, table_id: str) -> str:
        return self.context.text(self.table(table_id).label)

    def rows(self, table_id: str) -> int:
        """Rows of a table as it stands in the sheet: at least one."""
        state = self.context.state.tables.get(table_id)
        return max(1, state.size if state else 0)

    def affordable(self, table_id: str, other_id: str) -> bool:
        """Whether each row of one table may be compared with each of the other, live."""
        return self.rows(table_id) * self.rows(other_id) <= PAIRS

    def fixed_text(self) -> str:
        """What is said of a column that holds values instead of formulas."""
        return self.say("fixed_values")

    def limit(self, kind: FieldType, node: Node, table: Table | None = None) -> str:
        """A bound in words; empty when there are none for it."""
        match node:
            case Number(value):
                return shown_number(kind, value)
            case Unary("-", Number(value)):
                return shown_number(kind, -value)
            case Call("DATE", (Number(year), Number(month), Number(day))):
                serial = serial_of_parts(int(year), int(month), int(day))
                return date_of(serial).isoformat() if serial else ""
            case Name(id) if id == AS_OF:
                return self.say("today")
            case Name(id):
                found = [s for s in self.context.model.settings if s.id == id]
                return self.context.text(found[0].label) if found else ""
            case Cell(table=owner, field=field_id) if table is not None and owner == table.id:
                return self.label(table.field(field_id))
            case _:
                return ""


def shown_number(kind: FieldType, value: float) -> str:
    if kind is FieldType.PERCENT:
        return f"{value * 100:g}%"
    if kind in DATES and value >= 1:
        return date_of(value).isoformat()
    return general_text(value)


def inputs(table: Table) -> tuple[Field, ...]:
    """The fields that people fill, in the order of their columns."""
    own = [f for f in table.fields if not f.type.computed and f.type is not FieldType.ID]
    return in_order(own)


def in_order(fields: Iterable[Field]) -> tuple[Field, ...]:
    """As listed in the spec; those with an `order` first, by it."""
    return tuple(sorted(fields, key=lambda f: (f.order is None, f.order or 0)))


def cell(table: Table, field: Field | str) -> Cell:
    return Cell(table.id, field if isinstance(field, str) else field.id)


def fits_rule(node: Node, table: Table) -> bool:
    """Whether a validation or conditional format of a table may hold this tree: no other sheet's cells."""
    return not any(
        isinstance(n, Spot | Area) or (isinstance(n, Column | Cell) and n.table != table.id)
        for n in walk(node)
    )
