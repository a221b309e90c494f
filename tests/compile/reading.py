"""Ways to look at a compiled book in tests: formulas as text, cells and columns by id.

Knows plans. Does not know how they are compiled.
"""

from __future__ import annotations

from crmsheet.excel.values import Value
from crmsheet.formulas.render import render
from crmsheet.formulas.tree import Call, Name, Node, rewritten
from crmsheet.plan.book import Plan
from crmsheet.plan.cells import PlanCell
from crmsheet.plan.place import (
    Addresses,
    BlockRuleAddresses,
    RuleAddresses,
    addresses,
    default_layout,
)
from crmsheet.plan.place import name_text as placed_name
from crmsheet.plan.tables import PlanColumn, PlanTable
from crmsheet.structs import replace


def cell_addresses(plan: Plan) -> Addresses:
    return addresses(plan, default_layout(plan))


def rule_addresses(plan: Plan, table: str) -> RuleAddresses:
    place = plan.table(table)
    return RuleAddresses(cell_addresses(plan), table, place.row + 1, place.row + place.length + place.room)


def block_rule_addresses(plan: Plan, anchor: str) -> BlockRuleAddresses:
    return BlockRuleAddresses(cell_addresses(plan), anchor)


def column(plan: Plan, table: str, field: str) -> PlanColumn:
    found = plan.table(table)
    return found.columns[found.index(field)]


def formula(plan: Plan, table: str, field: str) -> str:
    own = column(plan, table, field).formula
    return "" if own is None else render(own, cell_addresses(plan))


def rule(plan: Plan, table: str, node: Node | None) -> str:
    return "" if node is None else render(node, rule_addresses(plan, table))


def values(plan: Plan, table: str, field: str) -> list[Value]:
    return list(column(plan, table, field).values)


def block_cell(plan: Plan, anchor: str, row: int, at: int) -> PlanCell:
    return next(c for c in plan.block(anchor).cells if (c.row, c.column) == (row, at))


def name_text(plan: Plan, name_id: str) -> str:
    return placed_name(next(n for n in plan.names if n.id == name_id), cell_addresses(plan))


def spelled_out(plan: Plan, table: PlanTable) -> PlanTable:
    """A table whose rows hold their long formulas themselves."""
    named = {n.id: n.target for n in plan.names if n.id.startswith(("check:", "row:"))}

    def said(node: Node) -> Node | None:
        match node:
            case Name(id) if id in named:
                whole = named[id]
                assert isinstance(whole, Call)
                return whole.arguments[-1]
            case _:
                return None

    columns = tuple(
        c if c.formula is None else replace(c, formula=rewritten(c.formula, said)) for c in table.columns
    )
    return replace(table, columns=columns)
