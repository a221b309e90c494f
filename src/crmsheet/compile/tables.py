"""Entry sheets: one Excel table each, its title rows, its checks and colours.

Knows the order of columns (inputs in the spec's order, computed ones, the status, hidden helpers, the row id)
and the rows above the table. Does not know single columns (`columns`) or formulas (`computed`, `rowchecks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from crmsheet.compile import theme
from crmsheet.compile.computed import Computed, computed_fields, guarded, row_position
from crmsheet.compile.fieldcolumns import (
    ROW_ID,
    SAMPLE,
    extra_column,
    field_column,
    is_mobile,
    least_width,
    row_id_column,
    status_column,
    unlike,
)
from crmsheet.compile.frame import Chip, Link, footer, sheet_name, title_rows, top_block
from crmsheet.compile.marks import highlights
from crmsheet.compile.pieces import ExtraColumn, Pieces
from crmsheet.compile.rowchecks import status_formula
from crmsheet.compile.scope import Scope, in_order
from crmsheet.compile.symbols import row_column, table_keys
from crmsheet.diagnostics import CellPlace, Diagnostic, Severity
from crmsheet.excel.names import legal_name
from crmsheet.formulas.tree import Column, Node
from crmsheet.messages import say
from crmsheet.model.spec import Model, Table
from crmsheet.plan.book import ColumnWidth, PlanName, PlanSheet, PrintSetup, RowHeight, SheetKind
from crmsheet.plan.cells import Block, PlanCell
from crmsheet.plan.tables import ColumnRole, PlanColumn, PlanTable
from crmsheet.structs import dataclass, replace

_ROOM = 1000
_FROZEN_WIDTH = 45.0
_PHONE = "view.mobile"
"""A group of columns that no spec can call so."""


@dataclass(frozen=True, slots=True)
class CompiledTables:
    """The entry sheets, the columns that lose their formula once computed, and blocks for the hidden sheet."""

    pieces: Pieces
    fixed: frozenset[tuple[str, str]]
    behind: tuple[Block, ...] = ()


def compiled_tables(
    scope: Scope, asked: Iterable[ExtraColumn] = (), links: tuple[Link, ...] = ()
) -> CompiledTables:
    """All entry sheets; `asked` are the hidden columns that boards need."""
    done = computed_fields(scope)
    asked = tuple(map(guarded, asked))
    # First those that say where a reference leads, so that the status column need not look it up again.
    for extra in asked:
        if extra.id.startswith(row_column("")):
            table = scope.table(extra.table)
            row_position(scope, done, table, table.field(extra.id.removeprefix(row_column(""))))
    statuses = {t.id: status_formula(scope, done, t) for t in scope.context.model.tables}
    marks = {t.id: highlights(scope, done, t) for t in scope.context.model.tables}
    done.finish()
    for extra in asked:
        done.extras.setdefault((extra.table, extra.id), extra)
    pieces = Pieces()
    for table in scope.context.model.tables:
        columns = _columns(scope, done, table, statuses[table.id])
        banded = bool(table.groups)
        row = 3 if banded else 2
        state = scope.context.state.tables.get(table.id)
        ids = state.ids if state else ()
        plan = PlanTable(
            table.id,
            legal_name(table.id),
            table.id,
            row,
            0,
            tuple(columns),
            ids,
            marks[table.id],
            header_height=_header_height(columns),
            room=max(_ROOM, len(ids)),
        )
        pieces += Pieces(
            sheets=(_sheet(scope, table, plan),),
            tables=(plan,),
            blocks=tuple(_blocks(scope, table, plan, links)),
            names=(
                PlanName(table_keys(table.id), legal_name(f"keys_{table.id}"), Column(table.id, table.key)),
            ),
            findings=tuple(_findings(scope, done, table)),
        )
    pieces += Pieces(column_fillings=tuple(done.fillings.items()))
    return CompiledTables(pieces, frozenset(done.fixed), done.since.blocks)


def _columns(scope: Scope, done: Computed, table: Table, status: Node) -> list[PlanColumn]:
    state = scope.context.state.tables.get(table.id)
    taken: set[str] = set()
    headers = {field.id: unlike(scope.label(field), taken) for field in table.fields}
    shown = [f for f in in_order(table.fields) if not f.type.computed]
    shown.sort(key=lambda f: not is_mobile(f))
    shown += [f for f in in_order(table.fields) if f.type.computed]
    columns = [
        field_column(
            scope,
            table,
            f,
            headers[f.id],
            done.formulas.get((table.id, f.id)),
            state,
            fixed=(table.id, f.id) in done.fixed,
        )
        for f in shown
    ]
    columns.append(status_column(scope, unlike(scope.say("status_header"), taken), status))
    columns += [extra_column(extra, unlike(extra.id, taken)) for extra in done.of(table.id)]
    columns.append(row_id_column(unlike(ROW_ID, taken), state))
    return columns


def _sheet(scope: Scope, table: Table, plan: PlanTable) -> PlanSheet:
    widths = tuple(ColumnWidth(i, i, c.width, c.hidden) for i, c in enumerate(plan.columns))
    heights: tuple[RowHeight, ...] = title_rows()
    if plan.row > 2:
        heights += (RowHeight(2, 2, 18),)
    return PlanSheet(
        table.id,
        sheet_name(scope.context, table.id),
        SheetKind.ENTRY,
        tab_color=theme.TAB_COLORS[SheetKind.ENTRY],
        freeze_row=plan.row + 1,
        freeze_column=_frozen(table, plan),
        widths=widths,
        heights=heights,
        print_setup=PrintSetup(repeat_first=plan.row, repeat_last=plan.row, footer=footer(scope.context)),
    )


def _frozen(table: Table, plan: PlanTable) -> int:
    """The key column stays in sight when it stands near the left edge."""
    if not any(c.id == table.key for c in plan.columns):
        return 0
    key = plan.index(table.key)
    upto = plan.columns[: key + 1]
    visible = sum(c.width for c in upto if not c.hidden)
    return key + 1 if not plan.columns[key].hidden and visible <= _FROZEN_WIDTH else 0


def _header_height(columns: Sequence[PlanColumn]) -> float:
    lines = max(theme.wrapped_lines(c.header, c.width - 3) for c in columns if not c.hidden)
    return 24.0 if lines == 1 else 16.0 * min(lines, 3) + 4


def _blocks(scope: Scope, table: Table, plan: PlanTable, links: tuple[Link, ...]) -> Iterable[Block]:
    # What people type makes columns wider; nothing on top is to stand elsewhere for it.
    fields = {f.id: f for f in table.fields}
    widths = [
        ColumnWidth(
            i,
            i,
            least_width(fields[c.id], c.header, c.style.number_format) if c.id in fields else c.width,
            c.hidden,
        )
        for i, c in enumerate(plan.columns)
    ]
    about = scope.context.text(table.help) if table.help else ""
    hint = about or scope.say("entry_hint")
    stop = "。" if scope.say("join") == "；" else ". "
    if any(c.level for c in plan.columns):
        hint += stop + scope.say("detail_hint")
    if mobile := sum(map(is_mobile, table.fields)):
        hint = scope.say("mobile_hint", count=mobile) + stop + hint
    legend = (
        Chip(scope.say("legend_required"), theme.legend_entry(theme.HEADER_REQUIRED)),
        Chip(scope.say("legend_input"), theme.legend_entry(theme.HEADER_INPUT)),
        Chip(scope.say("legend_computed"), theme.legend_entry(theme.HEADER_COMPUTED)),
    )
    yield top_block(table.id, sheet_name(scope.context, table.id), hint, widths, links, legend)
    if plan.row > 2:
        yield _bands(scope, table, plan)


def _bands(scope: Scope, table: Table, plan: PlanTable) -> Block:
    """The names of the column groups above the headers; a name stands where its run begins to be seen."""
    labels = {group.id: scope.context.text(group.label) for group in table.groups}
    groups = {field.id: field.group for field in table.fields}
    if any(map(is_mobile, table.fields)):
        labels[_PHONE] = scope.say("mobile_band")
        groups |= {field.id: _PHONE for field in table.fields if is_mobile(field)}
    cells = []
    before = ""
    for i, column in enumerate(plan.columns):
        group = groups.get(column.id, "")
        if group not in labels:
            before = ""
            continue
        if column.hidden:
            cells.append(PlanCell(0, i, style=theme.BAND))
            continue
        cells.append(PlanCell(0, i, labels[group] if group != before else None, style=theme.BAND))
        before = group
    return Block(
        f"{table.id}.bands", table.id, plan.row - 1, 0, 1, len(plan.columns), tuple(cells), anchored=False
    )


_SIGN: Final = 3.0
"""What the sign of a rule takes before the text of a cell."""


def widened(model: Model, pieces: Pieces) -> Pieces:
    """The same sheets, computed columns as wide as what they show, unless the spec says how wide."""
    given = {(t.id, f.id) for t in model.tables for f in t.fields if f.width is not None}
    signed = {(t.id, r.column) for t in model.tables for r in t.rules if r.icon is not None}
    tables = []
    sheets = {sheet.id: sheet for sheet in pieces.sheets}
    for table in pieces.tables:
        columns = tuple(
            c if (table.id, c.id) in given else _widened(c, _SIGN if (table.id, c.id) in signed else 0.0)
            for c in table.columns
        )
        tables.append(replace(table, columns=columns))
        widths = tuple(ColumnWidth(i, i, c.width, c.hidden) for i, c in enumerate(columns))
        sheets[table.sheet] = replace(sheets[table.sheet], widths=widths)
    return replace(pieces, tables=tuple(tables), sheets=tuple(sheets.values()))


def _widened(column: PlanColumn, more: float) -> PlanColumn:
    if column.role is not ColumnRole.COMPUTED or column.hidden:
        return column
    wanted = theme.column_width(column.header, column.values[:SAMPLE], column.style.number_format)
    return replace(column, width=max(column.width, wanted + more))


def _findings(scope: Scope, done: Computed, table: Table) -> Iterable[Diagnostic]:
    for field in table.fields:
        if (table.id, field.id) in done.fixed and field.live and not field.of:
            yield Diagnostic(
                "W410",
                say("{label} holds values as of this refresh, not formulas", label=scope.label(field)),
                CellPlace(sheet_name(scope.context, table.id), column=scope.label(field)),
                Severity.NOTE,
                reason=say("A live formula would compare too many rows, or no formula gives this figure."),
            )
