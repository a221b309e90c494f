"""What rows count in large tables: as it was at the last refresh, unless something counted has changed since.

A criterion over each of N rows for each of M costs N × M pairs, after every edit. So a large rollup, and whether a
value stands in a long column twice, keep what they were at the last refresh and count anew only for the rows that
a change since then can concern; they are as live as the formula alone, and their value is the same. Of the table
that is counted, hidden columns hold what the refresh saw (`_was.<reference>`, `_was`) and tell which rows differ
(`_changed` is 1); a block on `_calc` lists the keys that these rows refer to and referred to; of the table that
counts, `_since.<table>.<reference>` says whether the row's key is among them or new. Rows that went away or were
copied with all their hidden cells show in two sums over `_tally`; then, and when more rows differ than the block
lists, everything is counted.
What is looked up in a long column is looked for first where the last refresh found it (`_kept._row.<reference>`);
only where it no longer stands there is the whole column searched.
Does not know how anything is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from crmsheet.compile.calc import CalcBlock
from crmsheet.compile.columns import with_rules
from crmsheet.compile.forms import NOTHING, empty, filled, position
from crmsheet.compile.pieces import ColumnFilling, ExtraColumn, Rows
from crmsheet.compile.scope import PAIRS, USED, Scope, cell
from crmsheet.compile.shorthand import both, call, if_, joined, op
from crmsheet.compile.symbols import row_column
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import COLUMNS, Area, Binary, Cell, Column, Node, Spot, walk
from crmsheet.model.metrics import Aggregation
from crmsheet.model.spec import Field, Rollup, Table
from crmsheet.plan.cells import Block
from crmsheet.structs import dataclass, field

LEAST: Final = 4_000_000
"""Pairs of rows from which counting is worth its hidden columns: some 0.3 seconds of LibreOffice."""
SLOTS: Final = 200
"""Changed rows that are listed."""
ROW_ID: Final = "_id"
CHANGED: Final = "_changed"
"""The column that is 1 where a row differs from what the last refresh saw."""
SINCE: Final = "_since."
"""How the columns begin that are 1 or more where a change concerns the row."""
_REFRESHED: Final = (Aggregation.COUNT_DISTINCT, Aggregation.MEDIAN)
"""Aggregations that are values anyway."""
_WAS: Final = "_was"
_TALLY: Final = "_tally"
_PRIME: Final = 99_991
"""Tallies stay below it, so that sums of their squares are exact for a million rows."""


@dataclass(slots=True)
class _Counted:
    """A table that large rollups count: the references they come by and the columns they read."""

    references: dict[str, None] = field(default_factory=dict)
    read: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Since:
    """The large rollups of a book as they are found, then the hidden columns and blocks they need."""

    scope: Scope
    columns: dict[tuple[str, str], ExtraColumn] = field(default_factory=dict)
    fixed: set[tuple[str, str]] = field(default_factory=set)
    fillings: dict[tuple[str, str], ColumnFilling] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    _tables: dict[str, _Counted] = field(default_factory=dict)
    _kept: dict[str, bool] = field(default_factory=dict)

    def counted(
        self, table: Table, own: Field, rollup: Rollup, match: Cell, full: Node, *, number: bool
    ) -> Node:
        """A rollup's formula; of a large one, with what it was. `number` says that it never is empty text."""
        lasting = own.live and rollup.agg not in _REFRESHED
        if not lasting or not self._large(table.id, rollup.table) or self._entangled(rollup):
            return full
        counted = self._tables.setdefault(rollup.table, _Counted())
        for node in walk(full):
            if isinstance(node, Column) and node.table == rollup.table and node.field != rollup.via:
                counted.read.setdefault(node.field)
        concerned = self._concerned(table, table.key, rollup.table, rollup.via, match)
        kept = self._value(table.id, f"_kept.{own.id}", full)
        return if_(op(concerned, "=", 0), kept if number else _value_of(kept), full)

    def repeated(self, table: Table, own: Field, match: Node, full: Node) -> Node:
        """Whether a value stands in its column more than once, by what it was if the column is long."""
        if not self._large(table.id, table.id):
            return full
        concerned = self._concerned(table, own.id, table.id, own.id, match)
        kept = self._value(table.id, f"_kept._same.{own.id}", if_(full, 1, 0))
        own_filled = filled(cell(table, own))
        same = if_(own_filled, if_(op(concerned, "=", 0), kept, if_(full, 1, 0)), 0)
        return op(self._column(table.id, f"_same.{own.id}", same), "=", 1)

    def placed(self, table: str, reference: str, target: Table) -> Node:
        """Where the row stands that a reference points at; empty text when nowhere."""
        own, keys = Cell(table, reference), Column(target.id, target.key)
        search = call("IFERROR", position(own, keys), NOTHING)
        if (
            LEAST <= self.scope.rows(table) * self.scope.rows(target.id) <= PAIRS
            and self.scope.context.model.boards
        ):
            before = self._value(table, f"_kept.{row_column(reference)}", if_(empty(own), NOTHING, search))
            # A row that somebody inserted has a blank there, for which INDEX would give the whole column.
            stands = if_(before, op(call("INDEX", keys, before), "=", own), False)
            search = if_(call("IFERROR", stands, False), before, search)
        return if_(empty(own), NOTHING, search)

    def finish(self) -> None:
        """Make the columns and blocks that tell what has changed, when all that counts is known."""
        self.blocks = tuple(self._listed(table, counted) for table, counted in self._tables.items())

    # What is large, and can be kept

    def _large(self, table: str, counted: str) -> bool:
        """Whether what a table counts is kept: all counts over another are as soon as one is large; and where they
        once were it stays so, lest columns come and go."""
        context = self.scope.context
        if not context.model.boards or not self.scope.affordable(table, counted):
            return False
        if counted not in self._kept:
            sizes = (self.scope.rows(t) * self.scope.rows(counted) for t in self._counting(counted))
            self._kept[counted] = _anchor(counted) in context.sizes or any(
                LEAST <= pairs <= PAIRS for pairs in sizes
            )
        return self._kept[counted]

    def _counting(self, counted: str) -> Iterator[str]:
        """The tables with rollups over one, and itself where a value must be unique."""
        for table in self.scope.context.model.tables:
            if any(f.rollup is not None and f.rollup.table == counted for f in table.fields) or (
                table.id == counted and any(f.unique for f in table.fields)
            ):
                yield table.id

    def _entangled(self, rollup: Rollup) -> bool:
        """Whether what is counted hangs on a rollup itself: what is kept of one must not wait for the other."""
        waiting: list[tuple[str, str]] = [(rollup.table, rollup.field)] if rollup.field else []
        trees: list[Node] = [] if rollup.where is None else [rollup.where]
        seen: set[tuple[str, str]] = set()
        while waiting or trees:
            if trees:
                tree = with_rules(self.scope.context.model, trees.pop())
                waiting += [(n.table, n.field) for n in walk(tree) if isinstance(n, COLUMNS)]
                continue
            place = waiting.pop()
            if place in seen:
                continue
            seen.add(place)
            table = self.scope.table(place[0])
            if not table.has_field(place[1]):
                return True
            found = table.field(place[1])
            if found.rollup is not None or found.of:
                return True
            if found.lookup is not None:
                via = table.field(found.lookup.via)
                waiting.append((table.id, via.id))
                if via.table:
                    waiting.append((via.table, found.lookup.field))
            if found.override:
                waiting.append((table.id, found.override))
            if found.expr is not None:
                trees.append(found.expr)
        return False

    # The table that counts

    def _concerned(self, table: Table, key: str, counted: str, reference: str, match: Node) -> Cell:
        """The column that is 0 on rows for which what was kept still holds."""
        references = self._tables.setdefault(counted, _Counted()).references
        references.setdefault(reference)
        at = list(references).index(reference)
        anchor = _anchor(counted)
        keys = Area(anchor, 1, 1 + 2 * at, SLOTS, 2 + 2 * at)
        own = cell(table, key)
        was = self._value(table.id, f"{_WAS}.{key}", _value_of(own))
        listed = if_(op(Spot(anchor, 0, 0), "=", 0), 0, call("COUNTIF", keys, match))
        any_key = if_(op(Spot(anchor, 0, 1), "=", 1), 1, listed)
        formula = if_(op(_text(own), "<>", _text(was)), 1, any_key)
        return self._column(table.id, f"{SINCE}{counted}.{reference}", formula)

    # The table that is counted

    def _listed(self, table_id: str, counted: _Counted) -> Block:
        """The rows that differ, and the keys they refer and referred to."""
        table = self.scope.table(table_id)
        same: list[Node] = []
        for reference in counted.references:
            own = cell(table, reference)
            was = self._value(table_id, f"{_WAS}.{reference}", _value_of(own))
            same.append(op(_text(own), "=", _text(was)))
        now = joined(*(part for column in counted.read for part in (cell(table, column), "|")))
        now = if_(op(cell(table, USED), "=", 0), NOTHING, joined("|", now))
        same.append(op(now, "=", self._value(table_id, _WAS, now)))
        changed = call("IFERROR", if_(both(*same), 0, 1), 1)
        self._column(table_id, CHANGED, changed)
        self._column(table_id, _TALLY, NOTHING)
        self.fixed.add((table_id, _TALLY))
        self.fillings[table_id, _TALLY] = _tallies(table_id)
        block = CalcBlock(_anchor(table_id))
        rows, tally = Column(table_id, CHANGED), Column(table_id, _TALLY)
        sums = call("SUM", tally), call("SUMPRODUCT", tally, tally)
        count = block.put(0, 0, call("SUM", rows))
        were = [block.put(0, 2 + i, one, snapshot=True) for i, one in enumerate(sums)]
        # A row that somebody inserted may lack the formula that would tell.
        whole = op(call("COUNT", rows), "=", call("ROWS", rows))
        complete = both(whole, *(op(one, "=", was) for one, was in zip(sums, were, strict=True)))
        block.put(0, 1, if_(op(count, ">", SLOTS), 1, if_(complete, 0, 1)))
        for slot in range(1, SLOTS + 1):
            place = block.put(slot, 0, if_(op(count, "<", slot), "", _next(block, slot, rows)))
            for at, reference in enumerate(counted.references):
                for side, column in enumerate((reference, f"{_WAS}.{reference}")):
                    key = _value_of(call("INDEX", Column(table_id, column), place))
                    block.put(slot, 1 + 2 * at + side, if_(op(place, "=", ""), "", key))
        return block.placed()

    # Hidden columns

    def _column(self, table: str, column: str, formula: Node) -> Cell:
        self.columns.setdefault((table, column), ExtraColumn(table, column, formula))
        return Cell(table, column)

    def _value(self, table: str, column: str, formula: Node) -> Cell:
        """A column that holds what the formula gave at the last refresh."""
        self.fixed.add((table, column))
        return self._column(table, column, formula)


def _anchor(table: str) -> str:
    return f"calc.changed_since.{table}"


def _value_of(node: Node) -> Node:
    """What a cell holds: of a blank one, empty text, where a reference alone would give 0."""
    return if_(empty(node), NOTHING, node)


def _text(node: Node) -> Node:
    """What a cell holds, as text: of a blank one, empty text."""
    return op(node, "&", "")


def _next(block: CalcBlock, slot: int, rows: Column) -> Node:
    """The place of the next changed row."""
    if slot == 1:
        return call("MATCH", 1, rows, 0)
    before = block.spot(slot - 1, 0)
    rest = Binary(":", call("INDEX", rows, op(before, "+", 1)), call("INDEX", rows, call("ROWS", rows)))
    return op(before, "+", call("MATCH", 1, rest, 0))


def _tallies(table: str) -> ColumnFilling:
    """A number of each row, its id's: it stays with the row wherever that is sorted to."""

    def values(rows: Rows) -> Sequence[Value]:
        return [_number(row_id) for row_id in rows.column(table, ROW_ID)]

    return values


def _number(row_id: Value) -> Value:
    digits = row_id.rpartition("-")[2] if isinstance(row_id, str) else ""
    return int(digits, 36) % _PRIME + 1 if digits.isascii() and digits.isalnum() else ""
