"""The columns of an entry table: roles, looks, widths, validations, values that people entered.

Knows one field at a time. Does not know formulas (`computed`, `rowchecks`) nor the sheet around (`tables`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from crmsheet.compile import theme
from crmsheet.compile.pieces import Context, ExtraColumn
from crmsheet.compile.rowchecks import STATUS
from crmsheet.compile.scope import Scope
from crmsheet.compile.validations import (
    allowed_text,
    assigned_validation,
    computed_validation,
    field_validation,
    fitted,
)
from crmsheet.excel import limits
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Node
from crmsheet.model.spec import Field, FieldType, Rule, Table, View
from crmsheet.model.state import TableState
from crmsheet.plan.looks import Align, Style
from crmsheet.plan.tables import ColumnRole, PlanColumn
from crmsheet.structs import replace

ROW_ID = "_id"
SAMPLE = 200
_COMPUTED_WIDTHS = {
    FieldType.CURRENCY: 14.0,
    FieldType.DATE: 12.0,
    FieldType.DATETIME: 17.0,
    FieldType.TEXT: 14.0,
}
_EMPTY_WIDTHS: Final = {
    FieldType.TEXT: 20.0,
    FieldType.REFERENCE: 20.0,
    FieldType.EMAIL: 24.0,
    FieldType.PHONE: 16.0,
    FieldType.URL: 28.0,
}
"""Columns in which nothing stands yet have room for what people usually type there."""
_LONG_WIDTH: Final = 64.0
"""Notes are read where they stand: their column is wider, their rows stay one line high. So what is in a row is seen at
a glance, rows typed later look alike, and large tables need no heights. What is longer is read in the formula bar."""
_NARROW: Final = 12.0
_NARROW_WIDTHS: Final = {
    FieldType.DATETIME: 17.0,
    FieldType.LONG_TEXT: 26.0,
    FieldType.REFERENCE: 18.0,
    FieldType.TEXT: 18.0,
}
"""Columns for phones, however long their headers and what was typed."""


def is_mobile(field: Field) -> bool:
    """Whether people fill the field on phones."""
    return field.view is View.MOBILE and not field.type.computed


def entered(state: TableState | None, field: str) -> tuple[Value, ...]:
    """What stands in an input column, one value for each row of the table in the sheet."""
    if state is None or not state.size:
        return (None,)
    return tuple(state.columns.get(field, (None,) * state.size))


def _style(scope: Scope, field: Field, base: Style) -> Style:
    kind = field.result if field.type.computed else field.type
    code = theme.number_format(kind, field.format, scope.context.language, scope.context.model.currency)
    if field.type is FieldType.ID or (field.type.computed and code == "@"):
        # The format of an id field is the pattern of its numbers; a formula in a text cell would show itself.
        code = ""
    align = theme.alignment(kind)
    # Texts keep off the numbers in the column before them.
    return replace(base, number_format=code, align=align, indent=1 if align is Align.LEFT else 0)


def field_column(
    scope: Scope,
    table: Table,
    field: Field,
    header: str,
    formula: Node | None,
    state: TableState | None,
    *,
    fixed: bool = False,
) -> PlanColumn:
    """An input, an assigned or a computed column; a `fixed` one holds values as of the last refresh."""
    detail = field.view is View.DETAIL
    if field.type.computed:
        role, style, head = ColumnRole.COMPUTED, theme.ENTRY_COMPUTED, theme.HEADER_COMPUTED
        values: Sequence[Value] = ()
        validation = computed_validation(scope, field, fixed=fixed)
    elif field.type is FieldType.ID:
        role, style, head = ColumnRole.ASSIGNED, theme.ENTRY_COMPUTED, theme.HEADER_COMPUTED
        values = entered(state, field.id)
        validation = assigned_validation(scope, field)
    else:
        role, style = ColumnRole.INPUT, theme.ENTRY_INPUT
        head = theme.HEADER_REQUIRED if field.required else theme.HEADER_INPUT
        values = entered(state, field.id)
        validation = field_validation(scope, table, field)
    style = _style(scope, field, style)
    sample = list(values[:SAMPLE])
    if field.list and field.type is not FieldType.MULTI_CHOICE:
        sample += [row.label for row in scope.lists[field.list].rows]
    width = least_width(field, header, style.number_format)
    if field.width is None and not is_mobile(field):
        most = _LONG_WIDTH if field.type is FieldType.LONG_TEXT else theme.MAX_WIDTH
        width = max(width, theme.column_width(header, sample, style.number_format, most))
        if not any(sample):
            width = max(width, _EMPTY_WIDTHS.get(field.type, 0.0))
    width += _room_beside(scope.context, table, field)
    return PlanColumn(
        field.id,
        header,
        role,
        style,
        head,
        values=tuple(values),
        formula=formula,
        validation=validation,
        width=width,
        hidden=field.hidden or detail,
        level=1 if detail and not field.hidden else 0,
        note=column_note(scope, table, field, fixed=fixed),
    )


def beside(context: Context, rule: Rule) -> tuple[str, str]:
    """What a rule puts before and behind what its cell shows."""
    before = f"{theme.ICONS[rule.icon]} " if rule.icon is not None else ""
    behind = f" {context.text(rule.text)}" if rule.text is not None else ""
    return before, behind.replace('"', "”")


def _room_beside(context: Context, table: Table, field: Field) -> float:
    """What the signs and words of rules need in a column."""
    texts = ["".join(beside(context, rule)) for rule in table.rules if rule.column == field.id]
    return max((theme.text_width(text) for text in texts), default=0)


def least_width(field: Field, header: str, code: str) -> float:
    """The width that a column has at least, whatever is typed into it."""
    if field.width is not None:
        return field.width
    kind = field.result if field.type.computed else field.type
    if is_mobile(field):
        return _NARROW_WIDTHS.get(kind, _NARROW)
    width = theme.column_width(header, (), code)
    if field.type.computed:
        width = max(width, _COMPUTED_WIDTHS.get(kind, 0.0))
    match kind:
        case FieldType.LONG_TEXT:
            return max(width, 36.0)
        case FieldType.DATE:
            return max(width, 12.0)
        case _:
            return width


def column_note(scope: Scope, table: Table, field: Field, *, fixed: bool = False) -> str:
    """What a header explains: the help, and what the column accepts."""
    about = scope.context.text(field.help) if field.help else ""
    if field.type.computed:
        rest = scope.fixed_text() if fixed else scope.say("computed")
    elif field.type is FieldType.ID:
        rest = scope.say("assigned")
    else:
        rest = (scope.say("required") if field.required else "") + allowed_text(scope, table, field)
    return fitted("\n".join(part for part in (about, rest) if part), limits.PROMPT)


def status_column(scope: Scope, header: str, formula: Node) -> PlanColumn:
    style = replace(theme.ENTRY_COMPUTED, color="B00020", align=Align.LEFT, indent=1)
    return PlanColumn(
        STATUS,
        header,
        ColumnRole.COMPUTED,
        style,
        theme.HEADER_COMPUTED,
        formula=formula,
        width=28,
        note=scope.say("status_note"),
    )


def extra_column(extra: ExtraColumn, header: str) -> PlanColumn:
    style = replace(theme.ENTRY_COMPUTED, number_format=extra.number_format)
    return PlanColumn(
        extra.id,
        header,
        ColumnRole.COMPUTED,
        style,
        theme.HEADER_COMPUTED,
        formula=extra.formula,
        width=10,
        hidden=True,
    )


def row_id_column(header: str, state: TableState | None) -> PlanColumn:
    ids: tuple[Value, ...] = (None,)
    if state is not None and state.size:
        ids = tuple(row_id or None for row_id in state.ids)
    return PlanColumn(
        ROW_ID,
        header,
        ColumnRole.ROW_ID,
        theme.ENTRY_COMPUTED,
        theme.HEADER_COMPUTED,
        values=ids,
        width=10,
        hidden=True,
    )


def unlike(header: str, taken: set[str]) -> str:
    """A header that no other column of the table has, compared as Excel does; adds it to `taken`."""
    clean = " ".join(header.split()) or "?"
    result, number = clean[: limits.TABLE_HEADER], 2
    while result.casefold() in taken:
        result = f"{clean[: limits.TABLE_HEADER - 6]} ({number})"
        number += 1
    taken.add(result.casefold())
    return result
