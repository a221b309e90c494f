"""Formulas for older Excels, said with the functions these have.

Knows how our criteria are put so that `formulas.compatibility` can turn them into comparisons: a criterion
escapes wildcards, a comparison must not. Applied when every value is computed already.
"""

from __future__ import annotations

from crmsheet.compile.computed import MATCH_KEY
from crmsheet.compile.forms import escaped
from crmsheet.compile.pieces import Pieces
from crmsheet.formulas.compatibility import rewritten_for
from crmsheet.formulas.tree import Binary, Call, Cell, Node, Text, rewritten
from crmsheet.model.spec import Model
from crmsheet.plan.cells import Block
from crmsheet.plan.tables import PlanTable
from crmsheet.structs import replace

NEWEST_NEEDED = 2019
"""No formula of ours needs a newer Excel."""


def for_version(model: Model, pieces: Pieces) -> Pieces:
    """The same book for the Excel that the spec asks for."""
    year = int(model.compatibility)
    if year >= NEWEST_NEEDED:
        return pieces
    keys = {table.id: table.key for table in model.tables}

    def said(node: Node) -> Node:
        return rewritten_for(rewritten(node, lambda n: _comparable(n, keys)), year)

    def table(own: PlanTable) -> PlanTable:
        columns = tuple(c if c.formula is None else replace(c, formula=said(c.formula)) for c in own.columns)
        marks = tuple(replace(mark, formula=said(mark.formula)) for mark in own.highlights)
        return replace(own, columns=columns, highlights=marks)

    def block(own: Block) -> Block:
        cells = tuple(c if c.formula is None else replace(c, formula=said(c.formula)) for c in own.cells)
        return replace(own, cells=cells)

    return replace(pieces, tables=tuple(map(table, pieces.tables)), blocks=tuple(map(block, pieces.blocks)))


def _comparable(node: Node, keys: dict[str, str]) -> Node | None:
    match node:
        case Call("MAXIFS" | "MINIFS" as function, (values, *pairs)):
            plain = [_plain(p, keys) if i % 2 else p for i, p in enumerate(pairs)]
            return Call(function, (values, *plain))
        case _:
            return None


def _plain(criterion: Node, keys: dict[str, str]) -> Node:
    """`"="&escaped text` without the escapes."""
    match criterion:
        case Cell(table, field) if field == MATCH_KEY:
            return Binary("&", Text("="), Cell(table, keys[table]))
        case Binary("&", Text("="), Call("SUBSTITUTE") as text):
            inner: Node = text
            while isinstance(inner, Call) and inner.function == "SUBSTITUTE":
                inner = inner.arguments[0]
                if escaped(inner) == text:
                    return Binary("&", Text("="), inner)
            return criterion
        case _:
            return criterion
