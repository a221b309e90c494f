"""Long formulas of rows under a name: the workbook holds each once, and every row only says the name.

What tells what is wrong with a row, whether it holds anything and whether it has changed since the last refresh is
often longer than the rest of the row; in each of 100,000 rows it would be half of the file. The name's references are
relative in their row. A name does not follow when cells of a table alone are moved sideways, as a formula in a cell
does: a cell on `_calc` compares where the columns' headers are with where the names look for them, and while they
differ the check asks for a refresh instead of judging the wrong cells. A hidden column is named only where there is an
answer that does no harm meanwhile: each row counts as used and as changed.

A workbook that has none of our names for a table yet may have names of people's that are called as its check: these
stay, and the rows of that table hold their formulas whole.

Knows which columns those are, and how they are written once every value is computed. Does not know what they check.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from crmsheet.compile.calc import CalcBlock
from crmsheet.compile.pieces import Pieces
from crmsheet.compile.rowchecks import FIRST_PART, STATUS, written_size
from crmsheet.compile.scope import USED, Scope
from crmsheet.compile.shorthand import call, if_, op
from crmsheet.compile.since import CHANGED, SINCE
from crmsheet.compile.symbols import columns_moved, row_check, row_formula
from crmsheet.excel import limits
from crmsheet.excel.names import legal_name
from crmsheet.formulas.tree import Call, Cell, Column, Name, Node, Spot, walk
from crmsheet.plan.book import PlanName
from crmsheet.plan.cells import Block
from crmsheet.plan.tables import PlanColumn, PlanTable
from crmsheet.structs import dataclass, replace

LONG: Final = 500
"""From about so many characters on a check is named: shorter ones are read in the formula bar."""
LONG_HIDDEN: Final = 200
"""The same of a hidden column."""
_COMPARISON: Final = 60
"""What comparing the places of a column takes in a formula, besides the words for its header, table and sheet."""


@dataclass(frozen=True, slots=True)
class RowNames:
    """The columns of a book whose formulas are named, by table; what asks for a refresh, in words, and what stands
    between two problems, with which those of a part of a check begin."""

    columns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    moved: str = ""
    join: str = ""

    def names(self) -> Iterator[PlanName]:
        """The names; what they mean is settled when the values are."""
        for table, columns in self.columns:
            for column in columns:
                hidden = not _is_check(column)
                yield PlanName(_symbol(table, column), _called(table, column), Name(""), hidden=hidden)
            yield PlanName(
                columns_moved(table), _written("moved", table), Name(""), hidden=True, headers=True
            )

    def blocks(self) -> tuple[Block, ...]:
        """On `_calc`, by table: whether a column is elsewhere than its names look for it."""
        found = []
        for table, _ in self.columns:
            calc = CalcBlock(_anchor(table))
            calc.put(0, 0, False)
            found.append(calc.placed())
        return tuple(found)

    def meanwhile(self, column: str) -> str | int:
        """What a column holds while those it reads are elsewhere; a check says it once for all of its parts."""
        if not _is_check(column):
            return 1
        part = _part(column)
        if not part:
            return self.moved
        return self.join + self.moved if part == FIRST_PART else ""


def row_names(scope: Scope, tables: Iterable[PlanTable], blocks: Iterable[Block]) -> RowNames:
    """What is to be named in these tables, beside the blocks of boards, one of which may be marked as ours would."""
    marked = {block.anchor for block in blocks}
    free = (t for t in tables if _anchor(t.id) not in marked)
    found = ((t, tuple(c for c in t.columns if _is_long(scope, c))) for t in free)
    columns = tuple(
        (table.id, tuple(c.id for c in long))
        for table, long in found
        if long and _comparable(table, long) and _are_free(scope, table.id, long)
    )
    return RowNames(columns, scope.say("columns_moved"), scope.say("join"))


def _comparable(table: PlanTable, named: Iterable[PlanColumn]) -> bool:
    """Whether one formula can tell the places of all columns that are read."""
    read = _read(map(_body, named))
    beside = _COMPARISON + len(table.name) + limits.SHEET_NAME
    return sum(beside + len(c.header) for c in table.columns if c.id in read) < limits.FORMULA


def _are_free(scope: Scope, table: str, columns: Iterable[PlanColumn]) -> bool:
    """Whether the names are ours already, or nothing is called so."""
    context = scope.context
    wanted = (_written("moved", table), *(_called(table, c.id) for c in columns))
    return _anchor(table) in context.sizes or context.names.isdisjoint(n.casefold() for n in wanted)


def _is_long(scope: Scope, column: PlanColumn) -> bool:
    body = _body(column)
    if body is None:
        return False
    return written_size(scope, body) >= (LONG if _is_check(column.id) else LONG_HIDDEN)


def _is_check(column: str) -> bool:
    return column == STATUS or column.startswith(f"{STATUS}.")


def _body(column: PlanColumn) -> Node | None:
    """What is named of a column: of a check what it says of rows that are not blank; nothing of columns that must
    not be wrong for a moment."""
    if _is_check(column.id):
        match column.formula:
            case Call("IF", (_, _, body)):
                return body
            case _:
                return None
    if column.id in (USED, CHANGED) or column.id.startswith(SINCE):
        return column.formula
    return None


def _part(column: str) -> str:
    return column.removeprefix(STATUS).removeprefix(".")


def _symbol(table: str, column: str) -> str:
    return row_check(table, _part(column)) if _is_check(column) else row_formula(table, column)


def _called(table: str, column: str) -> str:
    """The name as it is written. That of a hidden column begins as no name of people's does."""
    if _is_check(column):
        return _written("check", table, _part(column))
    return legal_name(f"_row.{table}.{column}")


def _anchor(table: str) -> str:
    return f"calc.columns.{table}"


def _written(kind: str, table: str, part: str = "") -> str:
    return legal_name("_".join(filter(None, (kind, table, part))))


def with_named_rows(pieces: Pieces, named: RowNames) -> Pieces:
    """Evaluated pieces in which the rows say the names of their formulas."""
    if not named.columns:
        return pieces
    targets: dict[str, Node] = {}
    tables = {table.id: table for table in pieces.tables}
    for table_id, columns in named.columns:
        table = tables[table_id]
        bodies = {c.id: body for c in table.columns if c.id in columns and (body := _body(c)) is not None}
        moved = call("IFERROR", Spot(_anchor(table_id), 0, 0), True)
        for column, body in bodies.items():
            targets[_symbol(table_id, column)] = if_(moved, named.meanwhile(column), body)
        targets[columns_moved(table_id)] = _elsewhere(table, bodies.values())
        naming = tuple(_naming(table, c) if c.id in bodies else c for c in table.columns)
        tables[table_id] = replace(table, columns=naming)
    comparing = {_anchor(table): Name(columns_moved(table)) for table, _ in named.columns}
    return replace(
        pieces,
        tables=tuple(tables.values()),
        names=tuple(replace(n, target=targets[n.id]) if n.id in targets else n for n in pieces.names),
        blocks=tuple(_with(b, comparing[b.anchor]) if b.anchor in comparing else b for b in pieces.blocks),
    )


def _naming(table: PlanTable, column: PlanColumn) -> PlanColumn:
    name = Name(_symbol(table.id, column.id))
    if not _is_check(column.id):
        return replace(column, formula=name)
    assert isinstance(column.formula, Call)
    blank, nothing, _ = column.formula.arguments
    return replace(column, formula=if_(blank, nothing, name))


def _elsewhere(table: PlanTable, bodies: Iterable[Node]) -> Node:
    """Whether the header of a column that the names read is elsewhere than they look for it."""
    read = _read(bodies)
    compared = [
        op(call("COLUMN", Column(table.id, c.id)), "<>", call("COLUMN", Cell(table.id, c.id)))
        for c in table.columns
        if c.id in read
    ]
    return call("OR", *compared)


def _read(bodies: Iterable[Node | None]) -> set[str]:
    """The columns whose cells in the row are read."""
    return {n.field for body in bodies if body is not None for n in walk(body) if isinstance(n, Cell)}


def _with(block: Block, formula: Node) -> Block:
    return replace(block, cells=tuple(replace(cell, formula=formula) for cell in block.cells))
