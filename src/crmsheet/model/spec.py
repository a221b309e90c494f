"""The Model: what a spec means, every name resolved, every expression parsed.

Knows meanings only; the YAML forms and their checks are `crmsheet.spec`'s, the look is `crmsheet.compile`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Node
from crmsheet.model.boards import Board
from crmsheet.model.history import HistoryRules
from crmsheet.model.metrics import Aggregation, Metric
from crmsheet.model.reminders import Reminder
from crmsheet.model.roles import Role
from crmsheet.model.words import Label, Language
from crmsheet.structs import dataclass, field


class FieldType(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    INTEGER = "integer"
    CURRENCY = "currency"
    PERCENT = "percent"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    REFERENCE = "reference"
    LOOKUP = "lookup"
    ROLLUP = "rollup"
    FORMULA = "formula"
    ID = "id"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    RATING = "rating"
    SENTIMENT_SCORE = "sentiment_score"
    TOPIC = "topic"
    TOPIC_WORDS = "topic_words"

    @property
    def computed(self) -> bool:
        """Whether cells of this type are ours: formulas, or values of each refresh."""
        return self.reads_text or self in (FieldType.LOOKUP, FieldType.ROLLUP, FieldType.FORMULA)

    @property
    def reads_text(self) -> bool:
        """Whether refresh reads another field's text for it."""
        return self in (FieldType.SENTIMENT_SCORE, FieldType.TOPIC, FieldType.TOPIC_WORDS)


class View(StrEnum):
    """Where a field is shown: `entry` always, `detail` in a collapsed column group, `mobile` always, in a narrow
    column at the left: what people fill on a phone."""

    ENTRY = "entry"
    DETAIL = "detail"
    MOBILE = "mobile"


class Consent(StrEnum):
    """Which rows go out by a field that says whether somebody agreed: those that say yes, or all but those that say
    no."""

    OPT_IN = "opt_in"
    OPT_OUT = "opt_out"


@dataclass(frozen=True, slots=True)
class Setting:
    """A named cell on the Settings sheet. Not editable: fixed at build time, shown only."""

    id: str
    label: Label
    type: FieldType
    value: Value
    editable: bool = True
    help: Label | None = None
    minimum: float | None = None
    maximum: float | None = None
    options: tuple[str, ...] = ()
    renamed_from: str = ""


@dataclass(frozen=True, slots=True)
class ListItem:
    """A row of a list. `parent` is the item id of the list it depends on."""

    id: str
    label: Label
    parent: str = ""
    attributes: tuple[tuple[str, Value], ...] = ()
    aliases: tuple[str, ...] = ()
    renamed_from: str = ""

    def attribute(self, name: str) -> Value:
        return dict(self.attributes).get(name)


@dataclass(frozen=True, slots=True)
class ListDefinition:
    id: str
    label: Label
    items: tuple[ListItem, ...]
    depends_on: str = ""
    renamed_from: str = ""

    @property
    def attribute_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for item in self.items for name, _ in item.attributes))

    def item(self, item_id: str) -> ListItem:
        return next(i for i in self.items if i.id == item_id)


@dataclass(frozen=True, slots=True)
class Lookup:
    """The `field` of the row that this table's reference field `via` points at.

    `via` may be a choice field; then `field` is an attribute of the chosen item of its list.
    """

    via: str
    field: str


@dataclass(frozen=True, slots=True)
class Rollup:
    """`agg` of `field` over the rows of `table` whose reference field `via` points at this row.

    `field` is empty for `count`. `where` is an expression over the rows of `table`.
    """

    table: str
    via: str
    agg: Aggregation
    field: str = ""
    where: Node | None = None


@dataclass(frozen=True, slots=True)
class Field:
    id: str
    label: Label
    type: FieldType
    help: Label | None = None
    required: bool = False
    required_when: Node | None = None
    unique: bool = False
    default: Node | None = None
    minimum: Node | None = None
    maximum: Node | None = None
    pattern: str = ""
    max_length: int | None = None
    format: str = ""
    """A format word (currency, percent, days, date, ...) or an Excel number format; for `id` e.g. `C0000`."""
    result: FieldType = FieldType.TEXT
    """Of a computed field: the type of its values; of others, their own type."""
    may_be_empty: bool = False
    """Of a computed field: whether its value may be empty text."""
    width: float | None = None
    group: str = ""
    order: int | None = None
    view: View = View.ENTRY
    hidden: bool = False
    private: bool = False
    consent: Consent | None = None
    """Of a boolean: rows without it stay out of exports."""
    audit: bool = False
    override: str = ""
    """Of a computed field: the input field whose value wins when filled; empty for none."""
    aliases: tuple[str, ...] = ()
    renamed_from: str = ""
    list: str = ""
    """Of choice and multi_choice: the list's id. Of a formula whose result is an item (`result` is choice): its list.
    Of topic: the list that `words` depends on."""
    depends_on: str = ""
    """Of choice: the field of this table whose value selects the sub-list."""
    table: str = ""
    """Of reference: the table referred to, by its key."""
    lookup: Lookup | None = None
    rollup: Rollup | None = None
    expr: Node | None = None
    of: str = ""
    """Of sentiment_score, topic and topic_words: the text field that is read."""
    words: str = ""
    """Of topic and topic_words: the list of words, which depends on the list of topics."""
    live: bool = True
    filled: bool = False
    """Of a computed field: empty values read “(blank)”, for pivots."""


class RuleStyle(StrEnum):
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    MUTED = "muted"
    INFO = "info"
    ACCENT = "accent"


class RuleIcon(StrEnum):
    """A sign before what a coloured cell shows: its value stays as it is."""

    FLAG = "flag"
    UP = "up"
    DOWN = "down"
    CIRCLE = "circle"
    SQUARE = "square"
    DIAMOND = "diamond"
    WARNING = "warning"
    CHECK = "check"
    CROSS = "cross"
    STAR = "star"


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditional formatting: colours `column` (a field id), or the row when that is empty.

    `icon` and `text` stand before and behind what the cell shows, so that colour is not all that tells.
    """

    id: str
    label: Label
    when: Node
    style: RuleStyle
    column: str = ""
    icon: RuleIcon | None = None
    text: Label | None = None


@dataclass(frozen=True, slots=True)
class FieldGroup:
    id: str
    label: Label


@dataclass(frozen=True, slots=True)
class Segment:
    """A saved filter of a table's rows; without columns, all of them are shown."""

    id: str
    label: Label
    where: Node
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    id: str
    label: Label
    key: str
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...] = ()
    groups: tuple[FieldGroup, ...] = ()
    help: Label | None = None
    aliases: tuple[str, ...] = ()
    display: tuple[str, ...] = ()
    """Fields or paths shown beside the key where keys repeat."""
    cadence: int | None = None
    """How many days old the newest row may be; None: any."""
    segments: tuple[Segment, ...] = ()
    renamed_from: str = ""
    flat: bool = False
    """Ready for pivots."""

    @property
    def dated(self) -> Field | None:
        """The field that says how old a row is: the first date that people enter."""
        dates = (FieldType.DATE, FieldType.DATETIME)
        return next((f for f in self.fields if f.type in dates), None)

    def field(self, field_id: str) -> Field:
        return next(f for f in self.fields if f.id == field_id)

    def has_field(self, field_id: str) -> bool:
        return any(f.id == field_id for f in self.fields)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A spec file as read: its name relative to the main one, and its text."""

    name: str
    text: str


AMOUNT_UNITS: Final[Mapping[str, int]] = {
    "one": 0,
    "thousand": 3,
    "wan": 4,
    "million": 6,
    "yi": 8,
    "元": 0,
    "千": 3,
    "万": 4,
    "百万": 6,
    "亿": 8,
}
"""The words of the setting `unit`: which power of ten sums on cards and axes count in."""


class Compatibility(StrEnum):
    EXCEL_2016 = "2016"
    EXCEL_2019 = "2019"


@dataclass(frozen=True, slots=True)
class Model:
    name: str
    title: Label
    language: Language
    settings: tuple[Setting, ...] = ()
    lists: tuple[ListDefinition, ...] = ()
    tables: tuple[Table, ...] = ()
    metrics: tuple[Metric, ...] = ()
    boards: tuple[Board, ...] = ()
    compatibility: Compatibility = Compatibility.EXCEL_2019
    fiscal_year_start: int = 1
    currency: str = "CNY"
    sheet_labels: tuple[tuple[str, Label], ...] = ()
    """Labels for generated sheets (`guide`, `settings`, `lists`, ...) that the spec overrides."""
    sources: tuple[SourceFile, ...] = field(default=())
    history: HistoryRules | None = None
    brief: tuple[tuple[str, str], ...] = ()
    """The blocks that a brief tells, as board and block; empty: those that fit."""
    roles: tuple[Role, ...] = ()
    """Who sees what in copies."""
    reminders: tuple[Reminder, ...] | None = None
    """What people are reminded of; None: what follows from the tables (`due`)."""

    def fixed(self, setting: str) -> str:
        """The text of a setting that only the spec changes; empty without it."""
        found = next((s for s in self.settings if s.id == setting and not s.editable), None)
        return str(found.value) if found is not None else ""

    @property
    def audits(self) -> bool:
        """Whether changes of any field are logged."""
        return any(f.audit and not f.type.computed for t in self.tables for f in t.fields)

    def table(self, table_id: str) -> Table:
        return next(t for t in self.tables if t.id == table_id)

    def list(self, list_id: str) -> ListDefinition:
        return next(x for x in self.lists if x.id == list_id)

    def metric(self, metric_id: str) -> Metric:
        return next(m for m in self.metrics if m.id == metric_id)
