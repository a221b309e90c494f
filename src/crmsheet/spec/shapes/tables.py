"""The form of entry tables: fields, rules, groups, segments."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from crmsheet.messages import say
from crmsheet.model.metrics import Aggregation
from crmsheet.model.spec import Consent, FieldType, RuleIcon, RuleStyle, View
from crmsheet.spec.shapes.words import (
    Expression,
    Flag,
    LabelText,
    Number,
    Shape,
    Text,
    Texts,
    Whole,
    mapping,
    sequence,
    word,
)


class Live(StrEnum):
    """Whether a computed column is formulas (`true`), values written by refresh, or as its size allows."""

    AUTO = "auto"
    TRUE = "true"
    FALSE = "false"


def _consent(value: object) -> object:
    return Consent.OPT_IN if value == "true" else None if value == "false" else word(Consent)(value)


class FieldShape(Shape):
    """A field. `note: text` is short for `note: {type: text}`."""

    type: Annotated[FieldType, BeforeValidator(word(FieldType))]
    label: LabelText | None = None
    help: LabelText | None = None
    """The prompt shown when a cell is chosen; at most 255 characters."""
    required: Flag = False
    required_when: Expression | None = None
    """An expression; while it is true the field must be filled."""
    unique: Flag = False
    default: Expression | None = None
    """A value, or an expression that begins with =."""
    min: Expression | None = None
    max: Expression | None = None
    """A number or date, or an expression such as `as_of`."""
    pattern: Text | None = None
    """A regular expression that the whole text must match."""
    max_length: Whole | None = None
    format: Text | None = None
    """A word (currency, percent, days, date, integer, …) or an Excel number format."""
    width: Number | None = None
    group: Text | None = None
    order: Whole | None = None
    view: Annotated[View, BeforeValidator(word(View))] = View.ENTRY
    hidden: Flag = False
    private: Flag = False
    consent: Annotated[Consent | None, BeforeValidator(_consent, json_schema_input_type=bool | Consent)] = (
        None
    )
    """Of boolean: `true` or `opt_in`: only rows that say yes are exported; `opt_out`: all but those that say no."""
    audit: Flag = False
    override: Text | None = None
    """Of a computed field: the input field whose value wins when it is filled."""
    aliases: Texts = ()
    """Other headers accepted for this field."""
    renamed_from: Text | None = None
    """The id this field had before."""
    list: Text | None = None
    """Of choice and multi_choice: the list; without it, the list with the field's own id."""
    depends_on: Text | None = None
    """Of choice: the field whose value selects the part of a dependent list."""
    table: Text | None = None
    """Of reference: the table referred to. Of rollup: the table whose rows are aggregated."""
    via: Text | None = None
    """Of lookup: the reference field. Of rollup: the field of the other table that refers here."""
    field: Text | None = None
    path: Text | None = None
    """Of lookup: `reference.field`, short for `via` and `field`."""
    agg: Annotated[Aggregation, BeforeValidator(word(Aggregation))] | None = None
    where: Expression | None = None
    expr: Expression | None = None
    of: Text | None = None
    """Of sentiment_score, topic and topic_words: the text field that is read."""
    words: Text | None = None
    """Of topic and topic_words: the list of words, below the topics of the list that it depends on."""
    excel: Expression | None = None
    uncached: Flag = False
    extend: Flag = False
    """In an extension: changes only the attributes named here."""
    live: Annotated[Live, BeforeValidator(word(Live), json_schema_input_type=bool | Live)] = Live.AUTO


def _field(value: object) -> object:
    return {"type": value} if isinstance(value, str) else value


def _entry(expected: str) -> BeforeValidator:
    def check(value: object) -> object:
        if value is None:
            raise PydanticCustomError("empty", "a value is missing")
        if not isinstance(value, dict):
            raise PydanticCustomError("shape", "expected {expected}", {"expected": expected})
        return value

    return BeforeValidator(check)


class RuleShape(Shape):
    """Conditional formatting: while `when` is true, the row or one cell is coloured."""

    id: Text
    when: Expression
    style: Annotated[RuleStyle, BeforeValidator(word(RuleStyle))] = RuleStyle.INFO
    label: LabelText | None = None
    column: Text | None = None
    icon: Annotated[RuleIcon | None, BeforeValidator(word(RuleIcon))] = None
    """A sign before what the cell shows."""
    text: LabelText | None = None
    """A word behind what the cell shows."""


class SegmentShape(Shape):
    """A saved filter of a table."""

    where: Expression
    label: LabelText | None = None
    columns: Texts = ()


def _by_id(value: object) -> object:
    """A list of things with ids; a map from id to thing says the same."""
    if isinstance(value, dict):
        return [{"id": key, **item} if isinstance(item, dict) else item for key, item in value.items()]
    return value


Rules: TypeAlias = Annotated[
    tuple[Annotated[RuleShape, _entry(say("a map with id, when and style"))], ...],
    sequence,
    BeforeValidator(_by_id, json_schema_input_type=list[RuleShape]),
]


class TableShape(Shape):
    """An entry table: its sheet, fields and rules."""

    fields: Annotated[
        dict[
            str,
            Annotated[
                FieldShape,
                _entry(say("a type, or a map")),
                BeforeValidator(_field, json_schema_input_type=str | FieldShape),
            ],
        ],
        mapping,
    ]
    label: LabelText | None = None
    help: LabelText | None = None
    key: Text | None = None
    """The field that names a row: what drop-downs that refer to this table offer."""
    display: Texts = ()
    """Fields shown beside the key where keys repeat."""
    cadence: Whole | None = Field(default=None)
    """How many days old the newest row may be."""
    groups: Annotated[dict[str, LabelText], mapping] = Field(default_factory=dict)
    """Groups of fields, in order; a field names its own with `group`."""
    rules: Rules = ()
    segments: Annotated[dict[str, Annotated[SegmentShape, _entry(say("a map with where"))]], mapping] = Field(
        default_factory=dict
    )
    aliases: Texts = ()
    flat: Flag = False
    """Adds folded columns for pivots: parts of the date, and the dimensions of the rows referred to."""
    renamed_from: Text | None = None
    """The id this table had before."""
    extend: Flag = False
    """Adds to the table of this id that an included file defines."""
    omit: Texts = ()
    """With `extend`: ids of that table's fields, rules, segments and groups to leave out."""
