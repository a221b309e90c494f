"""Conditional formats of an entry table: what is wrong in a cell, then the spec's rules.

Knows the order: marks of single cells (missing, repeated, not in its list) come first, because they cover
only cells that are wrong; then the rules as listed, the first that holds ends the list. Formulas hold own-row
cells, own columns and names; a rule that looks at other tables goes through a hidden column.
Does not know the palette (`theme`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crmsheet.compile import theme
from crmsheet.compile.columns import with_rules
from crmsheet.compile.computed import Computed
from crmsheet.compile.fieldcolumns import beside
from crmsheet.compile.forms import NOTHING, empty, equal_to, escaped, filled
from crmsheet.compile.scope import USED, Scope, cell, fits_rule, inputs
from crmsheet.compile.shorthand import both, call, if_, op
from crmsheet.compile.symbols import list_labels, list_matrix, list_parents, table_keys
from crmsheet.formulas.tree import Cell, Column, Name, Node
from crmsheet.model.spec import Field, FieldType, Rule, Table
from crmsheet.plan.looks import Highlight
from crmsheet.plan.tables import RowHighlight
from crmsheet.structs import replace

_DATE_FORMATS: Final = {FieldType.DATE: r"yyyy\-mm\-dd", FieldType.DATETIME: r"yyyy\-mm\-dd hh:mm"}
"""As LibreOffice writes them, too: a book that it saved is not taken for another look."""


def highlights(scope: Scope, done: Computed, table: Table) -> tuple[RowHighlight, ...]:
    return (*_marks(scope, table), *(_rule(scope, done, table, rule) for rule in table.rules))


def _marks(scope: Scope, table: Table) -> Iterator[RowHighlight]:
    fields = inputs(table)
    anything = op(call("COUNTA", *(cell(table, f) for f in fields)), ">", 0)
    for field in fields:
        own = cell(table, field)
        if field.required:
            yield RowHighlight(both(empty(own), anything), theme.MISSING, (field.id,))
            continue
        if field.required_when is None:
            continue
        condition = with_rules(scope.context.model, field.required_when)
        if fits_rule(condition, table):
            needed = call("IFERROR", condition, False)
            condition = call("AND", empty(own), anything, needed)
            yield RowHighlight(condition, theme.MISSING, (field.id,))
    for field in fields:
        if field.unique and scope.affordable(table.id, table.id):
            own = cell(table, field)
            several = op(call("COUNTIF", Column(table.id, field.id), equal_to(own)), ">", 1)
            yield RowHighlight(both(filled(own), several), theme.DUPLICATE, (field.id,))
    for field in fields:
        source = _source(scope, table, field)
        if source is not None:
            missing = call("ISERROR", call("MATCH", escaped(cell(table, field)), source, 0))
            yield RowHighlight(both(filled(cell(table, field)), missing), theme.UNLISTED, (field.id,))


def _source(scope: Scope, table: Table, field: Field) -> Node | None:
    """What a cell's value must be in, as names."""
    if field.type is FieldType.CHOICE and field.depends_on:
        heads = call("MATCH", cell(table, field.depends_on), Name(list_parents(field.list)), 0)
        return call("INDEX", Name(list_matrix(field.list)), 0, heads)
    if field.type is FieldType.CHOICE:
        return Name(list_labels(field.list))
    if field.type is FieldType.REFERENCE and scope.affordable(table.id, field.table):
        return Name(table_keys(field.table))
    return None


def _rule(scope: Scope, done: Computed, table: Table, rule: Rule) -> RowHighlight:
    """A rule of the spec, on rows that hold something only."""
    used: Node = op(Cell(table.id, USED), "=", 1)
    when = with_rules(scope.context.model, rule.when)
    if fits_rule(when, table):
        condition = both(used, when)
    else:
        flag = if_(op(Cell(table.id, USED), "=", 0), NOTHING, if_(when, 1, 0))
        condition = op(done.extra(table.id, f"_rule.{rule.id}", flag), "=", 1)
    columns = (rule.column,) if rule.column else ()
    return RowHighlight(condition, rule_look(scope, table, rule), columns, stop=True)


def rule_look(scope: Scope, table: Table, rule: Rule) -> Highlight:
    """A rule's colours; its sign and word are a number format, so that the cell's value stays as it is."""
    look = theme.HIGHLIGHTS[rule.style]
    before, behind = beside(scope.context, rule)
    if not rule.column or not (before or behind):
        return look
    field = table.field(rule.column)
    kind = field.result if field.type.computed else field.type
    shown = _DATE_FORMATS.get(kind, "@")
    texts = [f'"{text}"' if text else "" for text in (before, behind)]
    return replace(look, number_format=f"{texts[0]}{shown}{texts[1]}")
