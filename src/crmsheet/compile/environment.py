"""Values for a Plan: where each reference of a formula finds its value, and every formula's result.

Knows how columns, blocks and names of `Pieces` depend on each other: everything is computed when first asked
for, and once. Does not know functions (`formulas`), nor why a formula is there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import dropwhile
from typing import Final, TypeVar, cast

from crmsheet.compile.columnwise import Columnwise
from crmsheet.compile.pieces import Pieces
from crmsheet.diagnostics import Diagnostic
from crmsheet.errors import InternalError
from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.evaluate import Evaluator
from crmsheet.formulas.functions.table import Argument, Scalar
from crmsheet.formulas.ranges import RangeValue, column_of
from crmsheet.formulas.semantics import result
from crmsheet.formulas.tree import Area, Binary, Call, Cell, Column, Node, Spot
from crmsheet.messages import say
from crmsheet.model.history import NO_HISTORY, History
from crmsheet.plan.book import PlanName
from crmsheet.plan.cells import Beside, Block, Family, PlanCell, joined, parted
from crmsheet.plan.place import item_name
from crmsheet.plan.tables import PlanColumn, PlanTable
from crmsheet.structs import replace

T = TypeVar("T")
_UNKNOWN: Final = object()
_DEPTH = 20_000
"""Python's recursion limit while evaluating: formulas refer to formulas, a few frames each."""


class BookEnvironment:
    """The values of one compilation; implements `formulas.evaluate.Environment`."""

    def __init__(
        self,
        pieces: Pieces,
        as_of: int,
        reckon: Callable[[BookEnvironment], History] | None = None,
    ) -> None:
        self._reckon = reckon
        self._history: History | None = None
        self._spots: dict[tuple[str, int, int], Value] = {}
        self._evaluator = Evaluator(self, as_of, self._spots)
        self._columnwise = Columnwise(self._evaluator, self.column)
        self._tables = {t.id: (t, {c.id: c for c in t.columns}) for t in pieces.tables}
        self._cells = {block.anchor: _by_place(block) for block in pieces.blocks}
        self._families: dict[str, Family] = {}
        """By name, those that are being computed or were; their holes are columns to them."""
        self._fillings = dict(pieces.fillings)
        self._column_fillings = dict(pieces.column_fillings)
        self._remembered: dict[Hashable, object] = {}
        self._filled_in: dict[str, Mapping[tuple[int, int], Value]] = {}
        self._names = {n.id: n for n in pieces.names}
        self._columns: dict[tuple[str, str], Sequence[Value]] = {}
        self._open: dict[str | tuple[str, int, int], None] = {}
        """What is being computed, outermost first."""

    # What formulas ask for

    def column(self, table: str, field: str) -> Sequence[Value]:
        """All cells of a table column, computed ones included."""
        found = self._columns.get((table, field))
        if found is None:
            if table in self._families:
                found = self._in_hole(self._families[table], int(field))
            else:
                plan_table, columns = self._table(table)
                if field not in columns:
                    raise _missing(say("the column {table}[{field}]", table=table, field=field))
                found = self._filled(plan_table, columns[field])
            self._columns[table, field] = found
        return found

    def name(self, id: str) -> Argument:
        """What a workbook name stands for: one cell's value, or several cells."""
        return self._target(self._name(id).target)

    def item(self, list: str, item: str) -> Value:
        """The label of a list row."""
        value = self.name(item_name(list, item))
        if isinstance(value, RangeValue):
            raise _missing(say("one cell for {list}.{item}", list=list, item=item))
        return value

    def spot(self, anchor: str, row: int, column: int) -> Value:
        """A cell of a block; cells without content are blank."""
        place = (anchor, row, column)
        known = self._spots.get(place, _UNKNOWN)
        if known is not _UNKNOWN:
            return cast("Value", known)
        block = self._cells.get(anchor)
        if block is None:
            raise _missing(say("the block {anchor}", anchor=anchor))
        cell = block.get((row, column))
        value: Value
        if isinstance(cell, Family):
            self._compute(anchor, cell)
            return self._spots[place]
        if cell is None or cell.formula is None:
            value = None if cell is None else cell.value
            if cell is not None and anchor in self._fillings:
                value = self.filled_in(anchor).get((row, column), value)
        else:
            if place in self._open:
                raise self._circle(place)
            self._open[place] = None
            try:
                value = result(self._evaluator.value(cell.formula))
            finally:
                del self._open[place]
        self._spots[place] = value
        return value

    def area(self, anchor: str, top: int, left: int, bottom: int, right: int) -> RangeValue:
        """A rectangle of a block."""
        cells = [
            self.spot(anchor, row, column)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]
        return RangeValue(bottom - top + 1, right - left + 1, cells)

    def filled_in(self, anchor: str) -> Mapping[tuple[int, int], Value]:
        """What an analysis found for the cells of its block; nothing for other blocks."""
        if anchor not in self._filled_in:
            filling = self._fillings.get(anchor)
            with self._computing(anchor):
                self._filled_in[anchor] = {} if filling is None else filling(self)
        return self._filled_in[anchor]

    def results(self, table: str, node: Node) -> Sequence[Value]:
        """An expression over the rows of a table, on each of them."""
        return self._columnwise.results(node, self._table(table)[0].length)

    def value(self, node: Node) -> Value:
        """The value of an expression that no row is needed for."""
        return result(self._evaluator.value(node))

    @property
    def history(self) -> History:
        """What the workbook remembers, with the figures of the as-of date."""
        if self._history is None:
            self._history = self._reckon(self) if self._reckon is not None else NO_HISTORY
        return self._history

    def remembered(self, key: Hashable, compute: Callable[[], T]) -> T:
        """What was computed once for these rows; whoever asks again must mean the same by the key."""
        if key not in self._remembered:
            self._remembered[key] = compute()
        return cast("T", self._remembered[key])

    def compiled(self, node: Node) -> Scalar:
        """An expression over the rows of a table, as a function of the row."""
        return self._evaluator.compiled(node)

    def forget(self) -> None:
        """Hold no longer what only lets the next formulas be computed sooner; all values are still known."""
        self._columnwise = Columnwise(self._evaluator, self.column)
        self._evaluator.indexes.forget()

    # How it is computed

    def _table(self, table: str) -> tuple[PlanTable, Mapping[str, PlanColumn]]:
        if table not in self._tables:
            raise _missing(say("the table {table}", table=table))
        return self._tables[table]

    def _name(self, name_id: str) -> PlanName:
        if name_id not in self._names:
            raise _missing(say("the name {name_id}", name_id=name_id))
        return self._names[name_id]

    def _filled(self, table: PlanTable, column: PlanColumn) -> Sequence[Value]:
        if column.formula is None:
            return column.values
        with self._computing(f"{table.id}[{column.id}]"):
            if (table.id, column.id) in self._column_fillings:
                return self._column_fillings[table.id, column.id](self)
            return self._columnwise.results(column.formula, table.length)

    def _compute(self, anchor: str, family: Family) -> None:
        """All cells of a family: its formula is that of a column, whose other columns are what its holes hold."""
        name = f"{anchor}({family.row},{family.column})"
        with self._computing(name):
            self._families[name] = family
            formula = family.pattern.filled_once([Cell(name, str(n)) for n in range(len(family.holes))])
            values = self._columnwise.results(formula, family.rows * family.columns)
        self._spots.update(zip([(anchor, *place) for place in family.places()], values, strict=True))

    def _in_hole(self, family: Family, number: int) -> list[Value]:
        """What a hole of a family holds, cell by cell."""
        hole, rows, columns = family.holes[number], range(family.rows), range(family.columns)
        if isinstance(hole, Beside):
            anchor, row, column = hole.first.anchor, hole.first.row, hole.first.column
            return [self.spot(anchor, row + k, column + j * hole.step) for k in rows for j in columns]
        held = [self.spot(spot.anchor, spot.row, spot.column) for spot in hole.spots]
        return [held[k * hole.down + j * hole.across] for k in rows for j in columns]

    def _target(self, node: Node) -> Argument:
        match node:
            case Spot(anchor, row, column):
                return self.spot(anchor, row, column)
            case Area(anchor, top, left, bottom, right):
                return self.area(anchor, top, left, bottom, right)
            case Column(table, field):
                return column_of(self.column(table, field))
            case Binary(":", Call("INDEX", (Area() as cells, first)), Call("INDEX", (Area() as end, last))):
                if cells == end:
                    return self._part(cells, first, last)
            case _:
                pass
        return self._evaluator.value(node)

    def _part(self, cells: Area, first: Node, last: Node) -> Argument:
        """The rows of a one-column area between two row numbers."""
        whole = self.area(cells.anchor, cells.top, cells.left, cells.bottom, cells.right)
        numbers = []
        for node in (first, last):
            number = self._evaluator.value(node)
            if isinstance(number, ExcelError):
                return number
            if not isinstance(number, int | float):
                return ExcelError.VALUE
            numbers.append(int(number) - 1)
        return whole.part(min(numbers), 0, max(numbers), whole.columns - 1)

    @contextmanager
    def _computing(self, what: str) -> Iterator[None]:
        if what in self._open:
            raise self._circle(what)
        self._open[what] = None
        try:
            yield
        finally:
            del self._open[what]

    def _circle(self, again: str | tuple[str, int, int]) -> InternalError:
        """What is said of formulas that lead back to themselves."""
        steps = [*dropwhile(lambda outer: outer != again, self._open), again]
        path = " -> ".join(one if isinstance(one, str) else f"{one[0]}({one[1]},{one[2]})" for one in steps)
        return InternalError(Diagnostic("B210", say("formulas depend on themselves: {path}", path=path)))


def evaluated(pieces: Pieces, environment: BookEnvironment) -> Pieces:
    """The same pieces, every formula cell and computed column with its value."""
    with _deep_recursion():
        tables = tuple(_evaluated_table(table, environment) for table in pieces.tables)
        blocks = tuple(_evaluated_block(block, environment) for block in pieces.blocks)
    return replace(pieces, tables=tables, blocks=blocks)


def _evaluated_table(table: PlanTable, environment: BookEnvironment) -> PlanTable:
    columns = tuple(
        column
        if column.formula is None
        else replace(column, values=tuple(environment.column(table.id, column.id)))
        for column in table.columns
    )
    return replace(table, columns=columns)


def _evaluated_block(block: Block, environment: BookEnvironment) -> Block:
    found = environment.filled_in(block.anchor)
    single, families = parted(block.cells)
    cells = [
        (
            replace(cell, value=found[cell.row, cell.column], snapshot=True)
            if (cell.row, cell.column) in found
            else cell
        )
        if cell.formula is None
        else PlanCell(
            cell.row,
            cell.column,
            environment.spot(block.anchor, cell.row, cell.column),
            None if cell.snapshot else cell.formula,
            cell.style,
            cell.role,
            cell.link,
            cell.holds,
            cell.snapshot,
        )
        for cell in single
    ]
    computed = [
        replace(family, values=tuple([environment.spot(block.anchor, *place) for place in family.places()]))
        for family in families
    ]
    return replace(block, cells=joined(cells, computed))


def _by_place(block: Block) -> dict[tuple[int, int], PlanCell | Family]:
    single, families = parted(block.cells)
    found: dict[tuple[int, int], PlanCell | Family] = {(cell.row, cell.column): cell for cell in single}
    for family in families:
        found |= dict.fromkeys(family.places(), family)
    return found


@contextmanager
def _deep_recursion() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEPTH))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _missing(what: str) -> InternalError:
    return InternalError(
        Diagnostic("B211", say("a formula refers to {what}, which the plan does not have", what=what))
    )
