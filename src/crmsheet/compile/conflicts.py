"""The sheet of what merged copies left to be decided: both values, whose copy, and a column for the choice.

Knows its columns and where people choose. Does not know how conflicts come about, nor what becomes of a choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crmsheet.compile import theme
from crmsheet.compile.frame import Link
from crmsheet.compile.ledgers import LedgerColumn, ledger_sheet, rows_anchor, token_text
from crmsheet.compile.pieces import Context, Pieces
from crmsheet.compile.shorthand import op
from crmsheet.compile.words import say
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Spot, Text
from crmsheet.model.changelog import Tokens
from crmsheet.model.merged import CHANGED, CHOICES, TAKEN_OUT, Conflict
from crmsheet.model.spec import Field, Table
from crmsheet.model.state import TableState
from crmsheet.plan.book import RowHeight
from crmsheet.plan.cells import (
    Block,
    CellHighlight,
    CellValidation,
    PlanCell,
    Role,
    Validation,
    ValidationKind,
)
from crmsheet.structs import replace

CONFLICTS: Final = "merge_conflicts"
MOST_CONFLICTS: Final = 500
"""Shown at a time; further ones follow when these are decided."""
_CHOICE: Final = 6
_COLUMNS: Final = (
    LedgerColumn("conflict_table", 16),
    LedgerColumn("conflict_row", 34),
    LedgerColumn("conflict_field", 18),
    LedgerColumn("conflict_ours", 44, wrap=True),
    LedgerColumn("conflict_theirs", 44, wrap=True),
    LedgerColumn("conflict_source", 30),
    LedgerColumn("conflict_choice", 14),
)
_HEAD_ROW: Final = 3
_LINE: Final = 15.0
_MOST_LINES: Final = 8


def conflict_sheet(context: Context, links: tuple[Link, ...]) -> Pieces:
    """The sheet, of a workbook in which something ever was to be decided."""
    merging = context.state.merging
    if merging is None or merging.conflicts is None:
        return Pieces()
    hint = say(
        context.language,
        "conflict_hint",
        ours=say(context.language, "choice_ours"),
        theirs=say(context.language, "choice_theirs"),
    )
    made = ledger_sheet(context, CONFLICTS, hint, _COLUMNS, links)
    high = tuple(_heights(context, merging.conflicts))
    sheets = tuple(replace(sheet, heights=(*sheet.heights, *high)) for sheet in made.sheets)
    return replace(made, sheets=sheets) + Pieces(blocks=(_rows(context, merging.conflicts),))


def _heights(context: Context, conflicts: tuple[Conflict, ...]) -> Iterator[RowHeight]:
    """Rows high enough for both values: not every program measures them when it opens the sheet."""
    for row, one in enumerate(conflicts[:MOST_CONFLICTS], _HEAD_ROW + 1):
        lines = max(
            theme.wrapped_lines(str(value or ""), column.width - theme.INDENT)
            for value, column in zip(_row(context, one), _COLUMNS, strict=True)
            if column.wrap
        )
        if lines > 1:
            yield RowHeight(row, row, min(lines, _MOST_LINES) * _LINE)


def _rows(context: Context, conflicts: tuple[Conflict, ...]) -> Block:
    styles = [column.style for column in _COLUMNS]
    shown = [(one, _row(context, one)) for one in conflicts[:MOST_CONFLICTS]]
    cells = [
        PlanCell(
            i,
            j,
            None if value == "" else value,
            style=styles[j],
            role=Role.KEPT,
            holds=f"{CHOICES}{one.id}" if j == _CHOICE else "",
        )
        for i, (one, row) in enumerate(shown)
        for j, value in enumerate(row)
    ]
    cells += [
        PlanCell(i, j, None, style=styles[j], role=Role.KEPT)
        for i in range(len(shown), MOST_CONFLICTS)
        for j in range(len(_COLUMNS))
    ]
    words = ",".join(say(context.language, word) for word in ("choice_ours", "choice_theirs"))
    rule = Validation(ValidationKind.LIST, Text(words))
    # Of each row, for the rule moves with it.
    asked = op(Spot(rows_anchor(CONFLICTS), 0, 0), "<>", "")
    return Block(
        rows_anchor(CONFLICTS),
        CONFLICTS,
        _HEAD_ROW + 1,
        0,
        MOST_CONFLICTS,
        len(_COLUMNS),
        tuple(cells),
        highlights=(CellHighlight(0, _CHOICE, MOST_CONFLICTS - 1, _CHOICE, asked, theme.TO_FILL),),
        validations=(CellValidation(0, _CHOICE, MOST_CONFLICTS - 1, _CHOICE, rule),),
    )


def _row(context: Context, one: Conflict) -> tuple[Value, ...]:
    table = next((t for t in context.model.tables if t.id == one.table), None)
    own = next((f for f in table.fields if f.id == one.column), None) if table is not None else None
    label = context.text(table.label) if table is not None else one.table
    held = context.state.tables.get(one.table, TableState())
    index = held.ids.index(one.row) if one.row in held.ids else -1
    if one.column:
        field = context.text(own.label) if own is not None else one.column
        ours = _ours(context, table, own, index)
        theirs = token_text(context, own, one.theirs)
    else:
        field = say(context.language, "conflict_whole")
        ours = say(context.language, "conflict_gone" if index < 0 else "conflict_changed")
        theirs = say(context.language, _WORDS[one.theirs])
    return (label, one.key, field, ours, theirs, one.source, "" if one.choice is None else one.choice)


_WORDS: Final = {TAKEN_OUT: "conflict_gone", CHANGED: "conflict_changed"}


def _ours(context: Context, table: Table | None, own: Field | None, index: int) -> Value:
    """What the master has in the cell now."""
    if table is None or own is None or index < 0:
        return say(context.language, "conflict_gone")
    column = context.state.tables[table.id].columns.get(own.id, ())
    value = column[index] if index < len(column) else None
    return token_text(context, own, Tokens(context.model, {}, {}).of_column(own, [value])[0])
