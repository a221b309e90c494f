"""The form of report sheets: selectors and blocks."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from crmsheet.messages import phrase
from crmsheet.model.boards import Figure
from crmsheet.spec.shapes.analyses import AnalysisShape
from crmsheet.spec.shapes.charts import ChartShape, HeatShape
from crmsheet.spec.shapes.dimensions import By, MetricsShape, map_expected
from crmsheet.spec.shapes.words import (
    Expression,
    Flag,
    LabelText,
    Shape,
    Text,
    Texts,
    Whole,
    mapping,
    sequence,
    word,
)


class SelectorShape(Shape):
    """A drop-down on a board. Keys that are no options name tables: `{customers: region}`."""

    label: LabelText | None = None
    default: Text | None = None
    """Of period: this_month, last_month, this_quarter, …; of others an item."""
    offer_blank: Flag = False
    record: Text | None = None
    """The table of which one row is always chosen."""
    paths: Annotated[dict[str, Text], mapping] = Field(default_factory=dict)


_OPTIONS = frozenset(SelectorShape.model_fields)


def _selector(value: object) -> object:
    if value is None:
        return {}
    if isinstance(value, str):
        return {"default": value}
    if not isinstance(value, dict):
        raise PydanticCustomError(
            "shape", "expected {expected}", {"expected": phrase("{{}} or a map of paths")}
        )
    given = {k: v for k, v in value.items() if k in _OPTIONS}
    paths = {k: v for k, v in value.items() if k not in _OPTIONS}
    if paths and "paths" not in given:
        given["paths"] = paths
    elif paths:
        given |= paths
    return given


Selector: TypeAlias = Annotated[
    SelectorShape, BeforeValidator(_selector, json_schema_input_type=dict[str, object] | str | None)
]


class CardShape(Shape):
    metric: Text
    ignores: Texts = ()


def _card(value: object) -> object:
    return {"metric": value} if isinstance(value, str) else map_expected(value)


Card: TypeAlias = Annotated[CardShape, BeforeValidator(_card, json_schema_input_type=str | CardShape)]


class CardsShape(Shape):
    """Cards of single numbers."""

    metrics: Annotated[tuple[Card, ...], sequence]
    title: LabelText | None = None
    ignores: Texts = ()
    trend: Whole | None = None
    """So many months as a small line in each card."""


def _metrics_only(value: object) -> object:
    return {"metrics": value} if isinstance(value, list | str) else map_expected(value)


class FiguresShape(Shape):
    """A metric of a table, and what is shown of it."""

    metric: Text
    show: Annotated[tuple[Annotated[Figure, BeforeValidator(word(Figure))], ...], sequence] = (Figure.VALUE,)


def _figures(value: object) -> object:
    return {"metric": value} if isinstance(value, str) else map_expected(value)


class TableBlockShape(Shape):
    """A table of metrics by a dimension."""

    metrics: Annotated[
        tuple[
            Annotated[FiguresShape, BeforeValidator(_figures, json_schema_input_type=str | FiguresShape)], ...
        ],
        sequence,
    ]
    by: By
    title: LabelText | None = None
    ignores: Texts = ()
    totals: Flag = False
    last: Whole = 12
    top: Whole | None = None
    omit: Texts = ()
    """By a list: ids of items that get no row of their own; what they have counts as other."""
    sort: Text | None = None
    """A metric; with - before it, largest first."""
    rank: Flag = False
    share: Flag = False
    cumulative: Flag = False
    abc: Annotated[tuple[Text, ...], sequence] = ()
    """The running shares at which the classes A and B end: numbers or settings."""

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(one.metric for one in self.metrics)


class ListColumnShape(Shape):
    path: Text
    label: LabelText | None = None


def _column(value: object) -> object:
    return {"path": value} if isinstance(value, str) else map_expected(value)


class ListBlockShape(Shape):
    """Rows of a table for which a condition holds."""

    table: Text
    columns: Annotated[
        tuple[
            Annotated[
                ListColumnShape, BeforeValidator(_column, json_schema_input_type=str | ListColumnShape)
            ],
            ...,
        ],
        sequence,
    ]
    title: LabelText | None = None
    where: Expression | None = None
    sort: Text | None = None
    """A field; with - before it, largest first."""
    limit: Whole = 15
    empty: LabelText | None = None
    """What stands there when there are no rows."""
    ignores: Texts = ()
    link: Flag = False
    """The first column leads to the row on its entry sheet."""


class RecordShape(Shape):
    """Fields of the row that a record selector of the sheet has chosen."""

    table: Text
    fields: Annotated[
        tuple[
            Annotated[
                ListColumnShape, BeforeValidator(_column, json_schema_input_type=str | ListColumnShape)
            ],
            ...,
        ],
        sequence,
    ]
    title: LabelText | None = None


class KpisShape(MetricsShape):
    """Rows of metrics with all that is known of them."""

    trend: Whole | None = None
    """So many months as a small line in each row."""


_Cards: TypeAlias = Annotated[
    CardsShape, BeforeValidator(_metrics_only, json_schema_input_type=list[Card] | CardsShape)
]
_Kpis: TypeAlias = Annotated[
    KpisShape, BeforeValidator(_metrics_only, json_schema_input_type=list[str] | KpisShape)
]
_map = BeforeValidator(map_expected)


class BlockShape(Shape):
    """A block of a board: exactly one of its kinds, and an id if one wants to name it."""

    id: Text | None = None
    title: LabelText | None = None
    cards: _Cards | None = None
    chart: Annotated[ChartShape, _map] | None = None
    heat: Annotated[HeatShape, _map] | None = None
    table: Annotated[TableBlockShape, _map] | None = None
    list: Annotated[ListBlockShape, _map] | None = None
    segment: Text | None = None
    """`table.segment`: the list of its rows."""
    record: Annotated[RecordShape, _map] | None = None
    kpis: _Kpis | None = None
    analysis: Annotated[AnalysisShape, _map] | None = None
    note: LabelText | None = None


class BoardShape(Shape):
    """A report sheet. `guide`, `settings` and `lists` are made anyway; here they may get another label."""

    label: LabelText | None = None
    help: LabelText | None = None
    renamed_from: Text | None = None
    """The id this sheet had before."""
    selectors: Annotated[dict[str, Selector], mapping] = Field(default_factory=dict)
    blocks: Annotated[tuple[Annotated[BlockShape, BeforeValidator(map_expected)], ...], sequence] = ()
    extend: Flag = False
    """Adds to the board of this id that an included file defines."""
    omit: Texts = ()
    """With `extend`: ids of that board's blocks and selectors to leave out."""
