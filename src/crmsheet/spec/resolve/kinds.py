"""What the cells of each field hold, computed ones included, worked out on demand.

Knows types through lookups, rollups and formulas. Does not know labels or looks. A circle of computed
columns gives text here and is diagnosed by `rules.circles`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from crmsheet.model.metrics import Aggregation
from crmsheet.model.spec import FieldType, ListDefinition
from crmsheet.spec.resolve.lists import attribute_type
from crmsheet.spec.shapes.document import SpecShape
from crmsheet.spec.shapes.tables import FieldShape, TableShape
from crmsheet.structs import dataclass, field

NUMERIC: Final = frozenset(
    (FieldType.NUMBER, FieldType.INTEGER, FieldType.CURRENCY, FieldType.PERCENT, FieldType.RATING)
)
TEMPORAL: Final = frozenset((FieldType.DATE, FieldType.DATETIME))
TEXTUAL: Final = frozenset(
    (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.EMAIL, FieldType.PHONE, FieldType.URL, FieldType.ID)
)
CHOICES: Final = frozenset((FieldType.CHOICE, FieldType.MULTI_CHOICE))


@dataclass(frozen=True, slots=True)
class Kind:
    """What a cell holds: `list` and `table` as for choices and references; `may_be_empty` as in the Model."""

    type: FieldType
    list: str = ""
    table: str = ""
    may_be_empty: bool = False
    certain: bool = True
    """Not certain: a formula that may give anything."""


UNKNOWN: Final = Kind(FieldType.TEXT, certain=False)


@dataclass(slots=True)
class Kinds:
    """The kinds of all fields of a spec."""

    shape: SpecShape
    lists: Mapping[str, ListDefinition]
    formula: Callable[[str, str, FieldShape], Kind] = lambda _table, _field, _shape: UNKNOWN
    """Finds the kind of a formula field; set by who can check formulas."""
    known: dict[tuple[str, str], Kind] = field(default_factory=dict)
    under_way: set[tuple[str, str]] = field(default_factory=set)

    def table(self, table: str) -> TableShape | None:
        return self.shape.tables.get(table)

    def field(self, table: str, name: str) -> FieldShape | None:
        shape = self.shape.tables.get(table)
        return shape.fields.get(name) if shape else None

    def refers_nowhere(self, table: str) -> bool:
        """Whether a reference of the table leads nowhere, so that it cannot be known what was meant."""
        shape = self.table(table)
        return any(
            f.type is FieldType.REFERENCE and (f.table or "") not in self.shape.tables
            for f in (shape.fields.values() if shape else ())
        )

    def of(self, table: str, name: str) -> Kind:
        """The kind of a field that exists; text for one in a circle."""
        at = (table, name)
        if at in self.known:
            return self.known[at]
        shape = self.field(table, name)
        if shape is None or at in self.under_way:
            return UNKNOWN
        self.under_way.add(at)
        kind = self._found(table, name, shape)
        self.under_way.discard(at)
        self.known[at] = kind
        return kind

    def _found(self, table: str, name: str, shape: FieldShape) -> Kind:
        match shape.type:
            case FieldType.CHOICE | FieldType.MULTI_CHOICE:
                return Kind(shape.type, list=shape.list or name)
            case FieldType.REFERENCE:
                return Kind(shape.type, table=shape.table or "")
            case FieldType.LOOKUP:
                return self._lookup(table, shape)
            case FieldType.ROLLUP:
                return self._rollup(shape)
            case FieldType.FORMULA:
                return self.formula(table, name, shape)
            case FieldType.SENTIMENT_SCORE:
                return Kind(FieldType.NUMBER, may_be_empty=True)
            case FieldType.TOPIC:
                return Kind(FieldType.CHOICE, list=self.topics(shape), may_be_empty=True)
            case FieldType.TOPIC_WORDS:
                return Kind(FieldType.LONG_TEXT, may_be_empty=True)
            case _:
                return Kind(shape.type)

    def topics(self, shape: FieldShape) -> str:
        """The list of topics that a list of words depends on; empty for none."""
        words = self.lists.get(shape.words or "")
        return words.depends_on if words is not None else ""

    def _lookup(self, table: str, shape: FieldShape) -> Kind:
        via, name = lookup_path(shape)
        through = self.field(table, via)
        if through is None:
            return UNKNOWN
        reached = self.of(table, via)
        if reached.type is FieldType.CHOICE and reached.list in self.lists:
            definition = self.lists[reached.list]
            complete = all(item.attribute(name) is not None for item in definition.items)
            return Kind(attribute_type(definition, name), may_be_empty=not (through.required and complete))
        target = self.field(reached.table, name)
        if target is None:
            return UNKNOWN
        kind = self.of(reached.table, name)
        filled = target.required or (target.type.computed and not kind.may_be_empty)
        empty = not (through.required and filled)
        return Kind(kind.type, kind.list, kind.table, may_be_empty=empty, certain=kind.certain)

    def _rollup(self, shape: FieldShape) -> Kind:
        aggregated = self.of(shape.table or "", shape.field or "") if shape.field else UNKNOWN
        match shape.agg:
            case Aggregation.COUNT | Aggregation.COUNT_DISTINCT:
                return Kind(FieldType.INTEGER)
            case Aggregation.SUM:
                return Kind(aggregated.type if aggregated.type in NUMERIC else FieldType.NUMBER)
            case Aggregation.MIN | Aggregation.MAX:
                usable = aggregated.type in NUMERIC or aggregated.type in TEMPORAL
                return Kind(aggregated.type if usable else FieldType.NUMBER, may_be_empty=True)
            case _:
                exact = aggregated.type in (FieldType.CURRENCY, FieldType.PERCENT)
                return Kind(aggregated.type if exact else FieldType.NUMBER, may_be_empty=True)


def lookup_path(shape: FieldShape) -> tuple[str, str]:
    """The reference and the field of a lookup, written either way; empty where missing."""
    if shape.path is not None:
        via, _, name = shape.path.partition(".")
        return via, name
    return shape.via or "", shape.field or ""
