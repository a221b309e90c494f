"""The two sheets that remember: figures by date, and what became of audited fields.

Knows their columns, and that their rows stand in a block with room for all that is ever kept, the newest on top.
The record is what is true: these cells show it. Does not know how figures come about (`reckoning`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from crmsheet.compile import theme
from crmsheet.compile.frame import Link, footer, sheet_name, title_rows, top_block
from crmsheet.compile.number_formats import metric_format
from crmsheet.compile.pieces import Context, Pieces
from crmsheet.compile.reckoning import window_text
from crmsheet.compile.words import say
from crmsheet.excel.dates import date_of
from crmsheet.excel.numbers import general_text
from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.tree import Binary, Number, Spot
from crmsheet.model.changelog import ITEM, ROW, Change, original
from crmsheet.model.history import MOST_ROWS, History, HistoryRules
from crmsheet.model.spec import Field, FieldType, Table
from crmsheet.plan.book import ColumnWidth, PlanSheet, PrintSetup, RowHeight, SheetKind
from crmsheet.plan.cells import Block, CellHighlight, PlanCell, Role
from crmsheet.plan.looks import Align, Highlight, Style, VerticalAlign
from crmsheet.structs import dataclass, replace

FIGURES: Final = "kpi_history"
CHANGES: Final = "change_log"
MOST_CHANGES: Final = 10_000
_HEAD_ROW: Final = 3
_DAY: Final = "yyyy-mm-dd"
_LONGEST: Final = 120
"""Characters of a value in the change log."""


@dataclass(frozen=True, slots=True)
class LedgerColumn:
    """A column of such a sheet; `head` is a word, `code` a number format."""

    head: str
    width: float
    align: Align = Align.LEFT
    code: str = ""
    hidden: bool = False
    wrap: bool = False
    """Whether a long text takes several lines."""

    @property
    def style(self) -> Style:
        indent = 1 if self.align is Align.LEFT else 0
        upright = VerticalAlign.TOP if self.wrap else VerticalAlign.CENTER
        return Style(self.code, theme.TEXT, align=self.align, vertical=upright, indent=indent, wrap=self.wrap)

    @property
    def head_style(self) -> Style:
        return replace(theme.TABLE_HEAD, align=self.align, indent=self.style.indent)


_OF_FIGURES: Final = (
    LedgerColumn("history_day", 13, Align.CENTER, _DAY),
    LedgerColumn("history_metric", 26),
    LedgerColumn("history_scope", 14),
    LedgerColumn("history_member", 22),
    LedgerColumn("history_value", 16, Align.RIGHT),
    LedgerColumn("history_n", 9, Align.RIGHT, "#,##0"),
    LedgerColumn("history_reason", 26),
    LedgerColumn("history_run", 14, Align.CENTER, _DAY),
    LedgerColumn("history_metric_id", 8, hidden=True),
    LedgerColumn("history_scope_id", 8, hidden=True),
    LedgerColumn("history_member_id", 8, hidden=True),
    LedgerColumn("history_format", 8, hidden=True),
)
_VALUE: Final = 4
_FORMAT: Final = 11
_OF_CHANGES: Final = (
    LedgerColumn("change_day", 13, Align.CENTER, _DAY),
    LedgerColumn("change_table", 16),
    LedgerColumn("change_row", 72),
    LedgerColumn("change_field", 18),
    LedgerColumn("change_old", 26),
    LedgerColumn("change_new", 26),
    LedgerColumn("change_who", 22),
    LedgerColumn("change_table_id", 8, hidden=True),
    LedgerColumn("change_row_id", 8, hidden=True),
    LedgerColumn("change_field_id", 8, hidden=True),
)


def rows_anchor(sheet: str) -> str:
    """The block of a sheet's rows, with room for all that is kept."""
    return f"{sheet}.rows"


def ledger_sheets(context: Context, links: tuple[Link, ...]) -> Pieces:
    """The sheets that a spec asks for, with all but their rows."""
    pieces = Pieces()
    rules = context.model.history
    if rules is not None:
        hint = say(context.language, "history_hint", days=rules.days, months=rules.months)
        window = window_text(context, rules)
        if window:
            hint += say(context.language, "history_window", window=window)
        pieces += ledger_sheet(context, FIGURES, hint, _OF_FIGURES, links)
    if context.model.audits:
        hint = say(context.language, "change_hint", changes=f"{_most_changes(context):,}")
        pieces += ledger_sheet(context, CHANGES, hint, _OF_CHANGES, links)
    return pieces


def ledger_sheet(
    context: Context, sheet: str, hint: str, columns: tuple[LedgerColumn, ...], links: tuple[Link, ...]
) -> Pieces:
    """A sheet of that kind with all but its rows."""
    widths = tuple(ColumnWidth(i, i, c.width, c.hidden, c.style) for i, c in enumerate(columns))
    name = sheet_name(context, sheet)
    head = tuple(
        PlanCell(0, i, say(context.language, c.head), style=c.head_style) for i, c in enumerate(columns)
    )
    return Pieces(
        sheets=(
            PlanSheet(
                sheet,
                name,
                SheetKind.HISTORY,
                tab_color=theme.TAB_COLORS[SheetKind.HISTORY],
                freeze_row=_HEAD_ROW + 1,
                freeze_column=2,
                widths=widths,
                heights=(*title_rows(), RowHeight(_HEAD_ROW, _HEAD_ROW, 22.0)),
                print_setup=PrintSetup(
                    landscape=True, repeat_first=_HEAD_ROW, repeat_last=_HEAD_ROW, footer=footer(context)
                ),
            ),
        ),
        blocks=(
            top_block(sheet, name, hint, widths, links),
            Block(f"{sheet}.head", sheet, _HEAD_ROW, 0, 1, len(columns), head),
        ),
    )


def ledger_rows(context: Context, history: History) -> tuple[Block, ...]:
    """The rows of the sheets that a spec asks for. Where more stood before, the cells are emptied."""
    blocks: list[Block] = []
    if context.model.history is not None:
        codes = _codes(context, context.model.history)
        rows = figure_rows(context, history)
        block = _block(FIGURES, _OF_FIGURES, rows, context.history.size, MOST_ROWS)
        blocks.append(_with_formats(block, codes))
    if context.model.audits:
        rows = change_rows(context, kept_changes(context))
        # A log only grows until it is full: nothing stands below its rows.
        blocks.append(_block(CHANGES, _OF_CHANGES, rows, len(context.changes), MOST_CHANGES))
    return tuple(blocks)


def _block(
    sheet: str, columns: Sequence[LedgerColumn], rows: Sequence[Sequence[Value]], before: int, most: int
) -> Block:
    styles = [column.style for column in columns]
    cells = [
        PlanCell(i, j, None if value == "" else value, style=styles[j], role=Role.KEPT)
        for i, row in enumerate(rows[:most])
        for j, value in enumerate(row)
    ]
    cells += [
        PlanCell(i, j, None, style=styles[j], role=Role.KEPT)
        for i in range(len(rows), min(before, most))
        for j in range(len(columns))
    ]
    return Block(rows_anchor(sheet), sheet, _HEAD_ROW + 1, 0, most, len(columns), tuple(cells))


def figure_rows(context: Context, history: History) -> list[tuple[Value, ...]]:
    """A row a figure and date: the last date first, figures as the spec has them, those it no longer has behind."""
    rules = context.model.history
    assert rules is not None
    places = {metric: i for i, metric in enumerate(rules.metrics)}
    scopes = {"": 0, **{d.id: i for i, d in enumerate(rules.by, 1)}}
    codes = _codes(context, rules)
    numbers = {metric: codes.index(code) + 1 for metric, code in _metric_codes(context, rules)}
    ordered = sorted(
        history.series,
        key=lambda k: (scopes.get(k.by, len(scopes)), places.get(k.metric, len(places)), k),
    )
    days = sorted({day for one in history.series.values() for day in one.points}, reverse=True)
    total = say(context.language, "history_total")
    found: list[tuple[Value, ...]] = []
    for day in days:
        for key in ordered:
            one = history.series[key]
            point = one.points.get(day)
            if point is not None:
                value: Value = "" if point.value is None else point.value
                n: Value = "" if point.n is None else point.n
                scope = one.scope or total
                words = (day, one.label, scope, one.member, value, n, point.reason, point.run)
                found.append((*words, *key, numbers.get(key.metric, "")))
    return found


def _metric_codes(context: Context, rules: HistoryRules) -> list[tuple[str, str]]:
    return [(m, metric_format(context, context.model.metric(m))) for m in rules.metrics]


def _codes(context: Context, rules: HistoryRules) -> list[str]:
    """The number formats of the figures, each once."""
    return list(dict.fromkeys(code for _, code in _metric_codes(context, rules)))


def _with_formats(block: Block, codes: Iterable[str]) -> Block:
    """A figure has its metric's number format, whatever row it stands in."""
    marks = tuple(
        CellHighlight(
            0,
            _VALUE,
            block.rows - 1,
            _VALUE,
            Binary("=", Spot(block.anchor, 0, _FORMAT), Number(index)),
            Highlight(number_format=code),
            by_row=True,
        )
        for index, code in enumerate(codes, 1)
        if code
    )
    return replace(block, highlights=marks)


def _most_changes(context: Context) -> int:
    rules = context.model.history
    return min(rules.changes if rules is not None else HistoryRules(()).changes, MOST_CHANGES)


def kept_changes(context: Context) -> tuple[Change, ...]:
    """The changes that are kept: the last ones."""
    return context.changes[-_most_changes(context) :]


def change_rows(context: Context, log: Sequence[Change]) -> list[tuple[Value, ...]]:
    """A row a change, the newest first."""
    tables = {t.id: t for t in context.model.tables}
    found: list[tuple[Value, ...]] = []
    for one in islice(reversed(log), MOST_CHANGES):
        table = tables.get(one.table)
        own = next((f for f in table.fields if f.id == one.field), None) if table is not None else None
        gone = say(context.language, "change_gone")
        field = (context.text(own.label) if own is not None else one.field) if one.field else gone
        old, new = (token_text(context, own, token) for token in (one.old, one.new))
        label = context.text(table.label) if table is not None else one.table
        found.append((one.day, label, one.key, field, old, new, one.who, one.table, one.row, one.field))
    return found


def token_text(context: Context, own: Field | None, token: str) -> Value:
    """What a token stands for, in the words of today."""
    if not token:
        return ""
    if token.startswith(ITEM):
        rows = context.state.lists.get(own.list, ()) if own is not None else ()
        return next((r.label for r in rows if r.id == token[1:]), token[1:])
    if token.startswith(ROW):
        table = context.model.table(own.table) if own is not None and own.table else None
        return _key(context, table, token[1:])
    value = original(token, own.type if own is not None else None)
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
    if isinstance(value, bool | ExcelError) or value is None:
        return str(value)
    kind = own.type if own is not None else FieldType.TEXT
    return _number_text(own, kind, value)


def _key(context: Context, table: Table | None, row: str) -> str:
    if table is not None:
        held = context.state.tables.get(table.id)
        keys = held.columns.get(table.key, ()) if held is not None else ()
        ids = held.ids if held is not None else ()
        return next((str(k) for i, k in zip(ids, keys, strict=False) if i == row), row)
    return row


def _number_text(own: Field | None, kind: FieldType, value: float) -> str:
    """A number as its cell shows it, near enough."""
    if kind in (FieldType.DATE, FieldType.DATETIME) and value >= 1:
        return date_of(value).isoformat()
    if kind is FieldType.PERCENT or (own is not None and own.format.startswith("percent")):
        return general_text(value * 100) + "%"
    if kind is FieldType.CURRENCY:
        return f"{value:,.2f}".removesuffix(".00")
    return general_text(value)
