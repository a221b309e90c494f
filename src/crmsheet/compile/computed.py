"""Formulas of computed fields, and the hidden columns they need.

Knows how lookups and rollups are written so that blanks, missing rows and wildcards in names do no harm:
- `_row.<reference>`: where the row referred to stands in its table, empty text when nowhere;
- `_match`: the criterion for this row's key in other tables, empty text without a key;
- `_where.<table>.<field>`: on the counted table, 1 where a rollup's condition holds;
- `_taken.<table>.<field>`: there, too, what a sum, maximum or minimum takes of the row: of rows for which the
  condition does not hold, empty text. One criterion costs a fourth of two;
- `_found.<field>`: a first or last day, 0 when there is none;
- what `since` adds where a rollup compares many rows;
- `_used`: 1 on rows that hold anything. Formula fields are empty text on blank rows, so that the one blank
  row of an empty table never counts.
Does not know how columns look.
"""

from __future__ import annotations

from collections.abc import Iterator

from crmsheet.compile.board_words import BLANK
from crmsheet.compile.columns import with_rules
from crmsheet.compile.forms import ANY_NUMBER, NOTHING, empty, equal_to, filled, position
from crmsheet.compile.pieces import ColumnFilling, ExtraColumn
from crmsheet.compile.scope import DATES, NUMBERS, USED, Scope, cell, inputs
from crmsheet.compile.shorthand import call, if_, op
from crmsheet.compile.since import Since
from crmsheet.compile.snapshots import rolled_up, sentiment_scores
from crmsheet.compile.symbols import row_column
from crmsheet.formulas.tree import Binary, Call, Cell, Column, Item, Node, Number, Text
from crmsheet.model.metrics import Aggregation
from crmsheet.model.spec import Field, FieldType, Rollup, Table
from crmsheet.structs import dataclass, field

MATCH_KEY = "_match"
SNAPSHOTS = (Aggregation.COUNT_DISTINCT, Aggregation.MEDIAN)
"""Aggregations that no formula of the dialect gives: computed at refresh."""
_OF_ONE = (Aggregation.SUM, Aggregation.MIN, Aggregation.MAX)
"""Aggregations that a condition may be folded into the values of: what is left out changes nothing."""


@dataclass(slots=True)
class Computed:
    """The computed fields of all tables: formulas by (table, field), hidden columns, what is not live."""

    since: Since
    formulas: dict[tuple[str, str], Node] = field(default_factory=dict)
    extras: dict[tuple[str, str], ExtraColumn] = field(default_factory=dict)
    fixed: set[tuple[str, str]] = field(default_factory=set)
    """Columns whose formulas would cost too much: they hold values as of the last refresh."""
    fillings: dict[tuple[str, str], ColumnFilling] = field(default_factory=dict)
    """Columns that only Python computes."""

    def extra(self, table: str, column: str, formula: Node) -> Cell:
        """A hidden column, made once."""
        self.extras.setdefault((table, column), ExtraColumn(table, column, formula))
        return Cell(table, column)

    def finish(self) -> None:
        """Add what large counts need, when all of them are known."""
        self.since.finish()
        for place, column in self.since.columns.items():
            self.extras.setdefault(place, column)
        self.fixed |= self.since.fixed
        self.fillings |= self.since.fillings

    def of(self, table: str) -> Iterator[ExtraColumn]:
        return (extra for (owner, _), extra in self.extras.items() if owner == table)


def used_formula(table: Table) -> Node:
    return if_(op(call("COUNTA", *(cell(table, f) for f in inputs(table))), "=", 0), 0, 1)


def computed_fields(scope: Scope) -> Computed:
    """The formulas of all computed fields of the model."""
    done = Computed(Since(scope))
    for table in scope.context.model.tables:
        done.extra(table.id, USED, used_formula(table))
        for own in table.fields:
            if own.type.computed:
                _add(scope, done, table, own)
    return done


def _add(scope: Scope, done: Computed, table: Table, own: Field) -> None:
    place = (table.id, own.id)
    if own.lookup is not None:
        formula = _lookup(scope, done, table, own)
    elif own.rollup is not None:
        if own.rollup.agg in SNAPSHOTS:
            done.fillings[place] = rolled_up(table, own.rollup)
            done.fixed.add(place)
        if not scope.affordable(table.id, own.rollup.table):
            done.fixed.add(place)
        formula = _rollup(scope, done, table, own, own.rollup)
    elif own.of:
        done.fillings[place] = _read_texts(scope, table, own)
        done.fixed.add(place)
        formula = NOTHING
    else:
        assert own.expr is not None
        formula = if_(op(Cell(table.id, USED), "=", 0), NOTHING, with_rules(scope.context.model, own.expr))
    if own.filled:
        blank = scope.context.text(BLANK)
        shown = if_(empty(formula), blank, formula)
        formula = if_(op(Cell(table.id, USED), "=", 0), NOTHING, call("IFERROR", shown, blank))
    if own.override:
        typed = cell(table, own.override)
        formula = if_(filled(typed), typed, formula)
    if not own.live:
        done.fixed.add(place)
    done.formulas[place] = formula


def _read_texts(scope: Scope, table: Table, own: Field) -> ColumnFilling:
    match own.type:
        case FieldType.TOPIC:
            from crmsheet.compile.spoken import topics

            return topics(scope, table.id, own)
        case FieldType.TOPIC_WORDS:
            from crmsheet.compile.spoken import topics_with_words

            return topics_with_words(scope, table.id, own)
        case _:
            return sentiment_scores(table.id, own.of)


# Lookups


def _lookup(scope: Scope, done: Computed, table: Table, own: Field) -> Node:
    assert own.lookup is not None
    via = table.field(own.lookup.via)
    if via.list:
        shape = scope.lists[via.list]
        if own.lookup.field not in shape.definition.attribute_names:
            return NOTHING
        found = call("INDEX", shape.attribute(own.lookup.field), position(cell(table, via), shape.labels))
        return if_(
            empty(cell(table, via)), NOTHING, call("IFERROR", if_(empty(found), NOTHING, found), NOTHING)
        )
    row = row_position(scope, done, table, via)
    found = call("INDEX", Column(via.table, own.lookup.field), row)
    if not scope.affordable(table.id, via.table):
        done.fixed.add((table.id, own.id))
    return if_(empty(row), NOTHING, if_(empty(found), NOTHING, found))


def row_position(scope: Scope, done: Computed, table: Table, via: Field) -> Cell:
    """The hidden column that finds the row a reference points at."""
    column = row_column(via.id)
    if not scope.affordable(table.id, via.table):
        done.fixed.add((table.id, column))
    return done.extra(table.id, column, done.since.placed(table.id, via.id, scope.table(via.table)))


# Rollups


def _rollup(scope: Scope, done: Computed, table: Table, own: Field, rollup: Rollup) -> Node:
    key = cell(table, table.key)
    match = done.extra(table.id, MATCH_KEY, if_(empty(key), NOTHING, equal_to(key)))
    fact = scope.table(rollup.table)
    criteria: list[Node] = [Column(fact.id, rollup.via), match]
    if rollup.agg in _OF_ONE:
        return _of_one(scope, done, table, own, rollup, match)
    if rollup.where is not None:
        for column, test in _criteria(done, table, own, fact, with_rules(scope.context.model, rollup.where)):
            criteria += [column, test]
    counts = rollup.agg is Aggregation.COUNT
    found = if_(empty(match), Number(0) if counts else NOTHING, _aggregated(fact, rollup, criteria))
    return done.since.counted(table, own, rollup, match, found, number=counts)


def _of_one(scope: Scope, done: Computed, table: Table, own: Field, rollup: Rollup, match: Cell) -> Node:
    """A sum, maximum or minimum by one criterion; the condition is folded into what is taken."""
    fact = scope.table(rollup.table)
    values = Column(fact.id, _taken(scope, done, table, own, rollup))
    criterion = (Column(fact.id, rollup.via), match)
    if rollup.agg is Aggregation.SUM:
        total = if_(empty(match), 0, call("SUMIFS", values, *criterion))
        return done.since.counted(table, own, rollup, match, total, number=True)
    extreme = call("MAXIFS" if rollup.agg is Aggregation.MAX else "MINIFS", values, *criterion)
    if not _dated(fact.field(rollup.field)):
        numbers = call("COUNTIFS", *criterion, values, ANY_NUMBER)
        several = if_(empty(match), NOTHING, if_(op(numbers, "=", 0), NOTHING, extreme))
        return done.since.counted(table, own, rollup, match, several, number=False)
    # No day is 0: there is no need to count.
    day = done.since.counted(table, own, rollup, match, if_(empty(match), 0, extreme), number=True)
    found = done.extra(table.id, f"_found.{own.id}", day)
    if (table.id, own.id) in done.fixed or not own.live:
        done.fixed.add((table.id, found.field))
    return if_(op(found, "=", 0), NOTHING, found)


def _taken(scope: Scope, done: Computed, table: Table, own: Field, rollup: Rollup) -> str:
    """The column of the counted table with what the rollup takes of each row."""
    if rollup.where is None:
        return rollup.field
    # Where the condition is an error it does not hold.
    where = call("IFERROR", with_rules(scope.context.model, rollup.where), False)
    value: Node = cell(scope.table(rollup.table), rollup.field)
    if rollup.agg is not Aggregation.SUM:
        value = if_(empty(value), NOTHING, value)  # An empty cell would be taken for 0, the least of all.
    taken = if_(where, value, NOTHING)
    return _hidden(done, rollup.table, f"_taken.{table.id}.{own.id}", taken)


def _aggregated(fact: Table, rollup: Rollup, criteria: list[Node]) -> Node:
    values = Column(fact.id, rollup.field)
    match rollup.agg:
        case Aggregation.COUNT:
            if rollup.field:
                return call("COUNTIFS", *criteria, values, "<>")
            return call("COUNTIFS", *criteria)
        case Aggregation.AVERAGE:
            numbers = call("COUNTIFS", *criteria, values, ANY_NUMBER)
            return if_(op(numbers, "=", 0), NOTHING, call("AVERAGEIFS", values, *criteria))
        case _:
            return NOTHING


def _criteria(
    done: Computed, table: Table, own: Field, fact: Table, where: Node
) -> Iterator[tuple[Node, Node]]:
    """A condition over the counted rows as criteria; what is no plain comparison becomes a hidden column."""
    match where:
        case Call("AND", conditions):
            for condition in conditions:
                yield from _criteria(done, table, own, fact, condition)
        case Binary("=", Cell(owner, field_id), Number(value)) if (
            value and owner == fact.id and _numeric(fact.field(field_id))
        ):
            yield Column(fact.id, field_id), Number(value)
        case Binary("=", Cell(owner, field_id), Item() as item) if owner == fact.id:
            yield Column(fact.id, field_id), equal_to(item)
        case _:
            yield Column(fact.id, _where_column(done, table, own, fact, where)), Number(1)


def _where_column(done: Computed, table: Table, own: Field, fact: Table, where: Node) -> str:
    return _hidden(done, fact.id, f"_where.{table.id}.{own.id}", if_(where, 1, 0))


def _hidden(done: Computed, table: str, wanted: str, formula: Node) -> str:
    """A hidden column with this formula: one that is there, or a new one."""
    kind = wanted.partition(".")[0] + "."
    for extra in done.of(table):
        if extra.id.startswith(kind) and extra.formula == formula:
            return extra.id
    column, number = wanted, 2
    while (table, column) in done.extras:
        column, number = f"{wanted}.{number}", number + 1
    return done.extra(table, column, formula).field


def _numeric(own: Field) -> bool:
    kind = own.result if own.type.computed else own.type
    return kind in NUMBERS or kind in DATES


def _dated(own: Field) -> bool:
    return (own.result if own.type.computed else own.type) in DATES


def is_flag(extra: ExtraColumn) -> bool:
    """Whether a hidden column asked for by a board counts rows, so that blank rows must not."""
    return extra.id.startswith("_")


def guarded(extra: ExtraColumn) -> ExtraColumn:
    """A board's flag column, empty text on blank rows."""
    if not is_flag(extra) or isinstance(extra.formula, Text):
        return extra
    formula = if_(op(Cell(extra.table, USED), "=", 0), NOTHING, extra.formula)
    return ExtraColumn(extra.table, extra.id, formula, extra.number_format)
