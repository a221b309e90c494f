"""The Guide sheet: what the workbook is, how to fill it, what colours and fields mean.

Knows how its sections are laid out on one grid of columns. Does not know how things are computed (`inwords`
says it). All of it is generated: nothing here is typed by people.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Final

from crmsheet.compile import theme
from crmsheet.compile.conflicts import CONFLICTS
from crmsheet.compile.fieldcolumns import beside
from crmsheet.compile.frame import Link, footer, sheet_name, title_rows, top_block
from crmsheet.compile.inwords import field_text, type_text
from crmsheet.compile.ledgers import FIGURES
from crmsheet.compile.pieces import Pieces
from crmsheet.compile.scope import Scope, in_order, inputs
from crmsheet.model.spec import FieldType, Rule, Table
from crmsheet.plan.book import ColumnWidth, PlanSheet, PrintSetup, RowHeight, SheetKind
from crmsheet.plan.cells import Block, Merge, PlanCell
from crmsheet.plan.looks import Align, Style, VerticalAlign
from crmsheet.structs import dataclass, field, replace

SHEET: Final = "guide"
_FIRST_ROW: Final = 3
_WIDTHS: Final = (0.6, 23.0, 25.0, 14.0, 11.0, 64.0, 12.0, 13.0)
"""Margin; then name, name, type, flag, text, unit, number."""
_LAST: Final = len(_WIDTHS) - 1
_LINE: Final = 15.5
_SHORT: Final = 60
"""Longest list of field names in the purpose of a sheet."""


@dataclass(slots=True)
class _Page:
    """The rows so far."""

    cells: list[PlanCell] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)

    @property
    def row(self) -> int:
        return len(self.heights)

    def put(self, column: int, text: str, style: Style, upto: int | None = None, link: str = "") -> None:
        """A text in the row being written, over several columns if need be."""
        last = column if upto is None else upto
        for i in range(column, last + 1):
            self.cells.append(
                PlanCell(
                    self.row, i, text if i == column else None, style=style, link=link if i == column else ""
                )
            )
        if last > column:
            self.merges.append(Merge(self.row, column, self.row, last))

    def end(self, *texts: tuple[str, int, int], least: float = _LINE) -> None:
        """Closes the row, high enough for each (text, first column, last column)."""
        lines = max(
            (
                theme.wrapped_lines(text, sum(_WIDTHS[first : last + 1]) - theme.INDENT)
                for text, first, last in texts
            ),
            default=1,
        )
        self.heights.append(max(least, lines * _LINE + 4))

    def heading(self, text: str) -> None:
        self.end(least=10)
        self.put(1, text, theme.HEADING)
        self.end(least=24)

    def paragraph(self, text: str) -> None:
        self.put(1, text, theme.BODY, _LAST - 2)
        self.end((text, 1, _LAST - 2))

    def header(self, *titles: tuple[str, int, int]) -> None:
        for text, first, last in titles:
            self.put(first, text, theme.TABLE_HEAD, last)
        self.end(least=20)


def compiled_guide(scope: Scope, others: Pieces, fixed: Container[tuple[str, str]] = ()) -> Pieces:
    """The Guide; `others` are the sheets it leads to, `fixed` the columns that hold values, not formulas."""
    context = scope.context
    page = _Page()
    _about(scope, page)
    _steps(scope, page, others)
    _sheets(scope, page, others)
    _pivots(scope, page)
    _colors(scope, page)
    _fields(scope, page, fixed)
    _metrics(scope, page, others)
    page.heading(scope.say("guide_refresh"))
    page.paragraph(scope.say("guide_refresh_text"))
    if any(f.type is FieldType.REFERENCE for t in scope.context.model.tables for f in t.fields):
        page.paragraph(scope.say("guide_renamed"))
    page.paragraph(scope.say("guide_programs"))
    widths = tuple(ColumnWidth(i, i, width) for i, width in enumerate(_WIDTHS))
    body = Block(SHEET, SHEET, _FIRST_ROW, 0, page.row, len(_WIDTHS), tuple(page.cells), tuple(page.merges))
    heights = tuple(
        RowHeight(_FIRST_ROW + i, _FIRST_ROW + i, height) for i, height in enumerate(page.heights)
    )
    hint = sheet_name(context, SHEET)
    sheet = PlanSheet(
        SHEET,
        sheet_name(context, SHEET),
        SheetKind.GUIDE,
        tab_color=theme.TAB_COLORS[SheetKind.GUIDE],
        freeze_row=2,
        widths=widths,
        heights=title_rows() + heights,
        gridlines=False,
        print_setup=PrintSetup(landscape=True, footer=footer(context)),
    )
    top = top_block(SHEET, context.text(context.model.title), hint, widths, _home(others))
    return Pieces(sheets=(sheet,), blocks=(top, body))


def _home(others: Pieces) -> tuple[Link, ...]:
    boards = [s for s in others.sheets if s.kind is SheetKind.BOARD]
    found = [(s, _entrance(others, s.id)) for s in boards]
    return tuple(Link(anchor, s.name) for s, anchor in found if anchor)[:2]


def _entrance(others: Pieces, sheet: str) -> str:
    """The anchor that a link to a sheet leads to: its first anchored block."""
    blocks = [b for b in others.blocks if b.sheet == sheet and b.anchored]
    return min(blocks, key=lambda b: (b.row, b.column)).anchor if blocks else ""


def _about(scope: Scope, page: _Page) -> None:
    page.heading(scope.say("guide_what"))
    page.paragraph(scope.say("guide_what_text", title=scope.context.text(scope.context.model.title)))


def _steps(scope: Scope, page: _Page, others: Pieces) -> None:
    page.heading(scope.say("guide_steps"))
    arrow = " → "
    steps = []
    if any(s.kind is SheetKind.LISTS for s in others.sheets):
        steps.append(scope.say("guide_step_lists", sheet=sheet_name(scope.context, "lists")))
    names = arrow.join(sheet_name(scope.context, t.id) for t in filling_order(scope.context.model.tables))
    steps.append(scope.say("guide_step_tables", sheets=names))
    steps.append(scope.say("guide_step_row"))
    steps.append(scope.say("guide_step_check", column=scope.say("status_header")))
    if any(s.kind is SheetKind.BOARD for s in others.sheets):
        steps.append(scope.say("guide_step_board"))
    steps.append(scope.say("guide_step_refresh"))
    for number, step in enumerate(steps, 1):
        page.paragraph(f"{number}. {step}")


def filling_order(tables: tuple[Table, ...]) -> tuple[Table, ...]:
    """Tables that others refer to first; otherwise as the spec has them."""
    done: list[Table] = []
    waiting = list(tables)
    while waiting:
        names = {t.id for t in waiting}
        ready = [
            t
            for t in waiting
            if not any(f.table in names and f.table != t.id and f.required for f in inputs(t))
        ]
        for table in ready or waiting[:1]:
            done.append(table)
            waiting.remove(table)
    return tuple(done)


def _sheets(scope: Scope, page: _Page, others: Pieces) -> None:
    page.heading(scope.say("guide_sheets"))
    page.header((scope.say("guide_sheet"), 1, 1), (scope.say("guide_purpose"), 2, 5))
    for sheet in others.sheets:
        if sheet.hidden or sheet.kind in (SheetKind.CALC, SheetKind.BASELINE):
            continue
        purpose = _purpose(scope, sheet)
        link = _entrance(others, sheet.id)
        style = (
            replace(theme.TABLE_CELL, color=theme.LINK_COLOR, underline=True) if link else theme.TABLE_CELL
        )
        page.put(1, sheet.name, style, link=link)
        page.put(2, purpose, theme.TABLE_CELL, 5)
        page.end((sheet.name, 1, 1), (purpose, 2, 5))


def _pivots(scope: Scope, page: _Page) -> None:
    """How a pivot is made of the tables that are ready for it."""
    flat = [sheet_name(scope.context, t.id) for t in scope.context.model.tables if t.flat]
    if flat:
        page.heading(scope.say("guide_pivots"))
        page.paragraph(scope.say("guide_pivots_text", sheets=scope.say("list_join").join(flat)))


def _purpose(scope: Scope, sheet: PlanSheet) -> str:
    match sheet.kind:
        case SheetKind.BOARD:
            boards = [b for b in scope.context.model.boards if b.id == sheet.id]
            if boards and boards[0].help:
                return scope.context.text(boards[0].help)
            return scope.say("purpose_board")
        case SheetKind.ENTRY:
            table = scope.table(sheet.id)
            about = scope.context.text(table.help) if table.help else ""
            about = about or scope.say("purpose_entry", fields=_names(scope, table))
            if table.cadence is not None and table.dated is not None:
                about += "\n" + scope.say("purpose_cadence", days=table.cadence)
            return about
        case SheetKind.SETTINGS:
            return scope.say("purpose_settings")
        case SheetKind.LISTS:
            return scope.say("purpose_lists")
        case SheetKind.GLOSSARY:
            return scope.say("purpose_glossary")
        case SheetKind.HISTORY:
            purposes = {FIGURES: "purpose_history", CONFLICTS: "purpose_conflicts"}
            return scope.say(purposes.get(sheet.id, "purpose_changes"))
        case _:
            return ""


def _names(scope: Scope, table: Table) -> str:
    text = ""
    for own in inputs(table):
        longer = text + (scope.say("list_join") if text else "") + scope.label(own)
        if theme.text_width(longer) > _SHORT:
            return text + "…"
        text = longer
    return text


def _colors(scope: Scope, page: _Page) -> None:
    page.heading(scope.say("guide_colors"))
    page.header(
        (scope.say("guide_color"), 1, 1), (scope.say("guide_meaning"), 2, 4), (scope.say("guide_where"), 5, 5)
    )
    sample = scope.say("sample")
    every = scope.say("purpose_everywhere")
    forms = scope.say("list_join").join(sheet_name(scope.context, name) for name in ("settings", "lists"))
    centered = Align.CENTER
    rows: list[tuple[Style, str, str]] = [
        (theme.chip(theme.HEADER_REQUIRED), "color_required", every),
        (theme.chip(theme.HEADER_INPUT), "color_input", every),
        (theme.chip(theme.HEADER_COMPUTED), "color_computed", every),
        (replace(theme.ENTRY_INPUT, align=centered), "color_input_cell", every),
        (replace(theme.ENTRY_COMPUTED, align=centered), "color_computed_cell", every),
        (replace(theme.FORM_INPUT, align=centered, locked=True), "color_form_cell", forms),
        (theme.highlight_style(theme.MISSING), "color_missing", every),
        (theme.highlight_style(theme.DUPLICATE), "color_repeated", every),
        (theme.highlight_style(theme.UNLISTED), "color_unlisted", every),
    ]
    for style, key, where in rows:
        _color_row(page, style, sample, scope.say(key), where)
    for table in scope.context.model.tables:
        for rule in table.rules:
            look = theme.highlight_style(theme.HIGHLIGHTS[rule.style])
            before, behind = beside(scope.context, rule)
            shown = f"{before}{sample}{behind}"
            _color_row(page, look, shown, scope.context.text(rule.label), _rule_place(scope, table, rule))


def _color_row(page: _Page, style: Style, sample: str, meaning: str, where: str) -> None:
    page.put(1, sample, replace(style, locked=True, vertical=VerticalAlign.CENTER))
    page.put(2, meaning, theme.TABLE_CELL, 4)
    page.put(5, where, theme.TABLE_CELL)
    page.end((meaning, 2, 4), (where, 5, 5))


def _rule_place(scope: Scope, table: Table, rule: Rule) -> str:
    name = sheet_name(scope.context, table.id)
    return f"{name} · {scope.label(table.field(rule.column))}" if rule.column else name


def _fields(scope: Scope, page: _Page, fixed: Container[tuple[str, str]]) -> None:
    page.heading(scope.say("guide_fields"))
    titles = ("guide_table", "guide_field", "guide_type", "guide_required", "guide_allowed")
    page.header(*((scope.say(title), i, i) for i, title in enumerate(titles, 1)))
    for table in scope.context.model.tables:
        shown = [f for f in table.fields if not f.hidden]
        ordered = [f for f in in_order(shown) if not f.type.computed]
        ordered += [f for f in in_order(shown) if f.type.computed]
        for own in ordered:
            required = scope.say("yes") if own.required else ""
            if own.required_when is not None:
                required = scope.say("sometimes")
            text = field_text(scope, table, own)
            if (table.id, own.id) in fixed:
                text += "\n" + scope.fixed_text()
            name = sheet_name(scope.context, table.id)
            _row(page, (name, scope.label(own), type_text(scope, own), required, text))


def _row(page: _Page, texts: Iterable[str]) -> None:
    shown = [(text, i, i) for i, text in enumerate(texts, 1)]
    for text, i, _ in shown:
        page.put(i, text, theme.TABLE_CELL)
    page.end(*shown)


def _metrics(scope: Scope, page: _Page, others: Pieces) -> None:
    """Where figures are explained."""
    glossary = next((s for s in others.sheets if s.kind is SheetKind.GLOSSARY), None)
    if glossary is None:
        return
    page.heading(scope.say("guide_metrics"))
    page.put(1, f"→ {glossary.name}", theme.LINK, link=_entrance(others, glossary.id))
    page.end()
    page.paragraph(scope.say("guide_metrics_text", sheet=glossary.name))
