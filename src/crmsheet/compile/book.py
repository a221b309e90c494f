"""The whole book: contributions in order, values, sheets in order, names that differ.

Knows which families there are. Does not know what they contribute.
"""

from __future__ import annotations

from collections.abc import Iterable

from crmsheet.compile import theme
from crmsheet.compile.boards import compiled_boards, foretold
from crmsheet.compile.calc import below
from crmsheet.compile.columns import extra_columns
from crmsheet.compile.conflicts import conflict_sheet
from crmsheet.compile.environment import BookEnvironment, evaluated
from crmsheet.compile.frame import Link, sheet_name, top_anchor
from crmsheet.compile.glossary import compiled_glossary
from crmsheet.compile.guide import compiled_guide
from crmsheet.compile.ledgers import kept_changes, ledger_rows, ledger_sheets
from crmsheet.compile.lists import compiled_lists
from crmsheet.compile.listshapes import list_shapes
from crmsheet.compile.live import day_stands, standing_day
from crmsheet.compile.older import for_version
from crmsheet.compile.pieces import Context, Pieces
from crmsheet.compile.reckoning import columns_reckoned, reckoned, with_today
from crmsheet.compile.rownames import RowNames, row_names, with_named_rows
from crmsheet.compile.scope import Scope
from crmsheet.compile.settings import compiled_settings
from crmsheet.compile.snapshots import with_values
from crmsheet.compile.tables import compiled_tables, widened
from crmsheet.diagnostics import Diagnostic
from crmsheet.excel.references import free_sheet_name
from crmsheet.model.changelog import Change
from crmsheet.model.history import History
from crmsheet.plan.book import Plan, PlanName, PlanSheet, SheetKind
from crmsheet.plan.recorded import RECORD_SHEET
from crmsheet.plan.tables import PlanTable
from crmsheet.structs import dataclass, replace

_ORDER = (
    SheetKind.GUIDE,
    SheetKind.BOARD,
    SheetKind.GLOSSARY,
    SheetKind.ENTRY,
    SheetKind.SETTINGS,
    SheetKind.LISTS,
    SheetKind.HISTORY,
    SheetKind.CALC,
    SheetKind.BASELINE,
)


@dataclass(frozen=True, slots=True)
class Compiled:
    """`environment` answers for further expressions over the same data; `history` and `changes` are
    what the workbook is to remember."""

    plan: Plan
    findings: tuple[Diagnostic, ...]
    environment: BookEnvironment
    history: History
    changes: tuple[Change, ...]


def compiled(context: Context) -> Compiled:
    """The workbook of a model and a state, every formula cell with its value."""
    boards = compiled_boards(context)
    shapes = list_shapes(context)
    scope = Scope(context, shapes)
    guide_link = Link(top_anchor("guide"), sheet_name(context, "guide"))
    home = _home(boards)
    links = (home, guide_link) if home else (guide_link,)
    reckoning = reckoned(context)
    extras = extra_columns(context.model, columns_reckoned(context), boards.extras)
    tables = compiled_tables(scope, extras, links)
    named = row_names(scope, tables.pieces.tables, boards.blocks) if boards.sheets else RowNames()
    behind = (*tables.behind, *named.blocks())
    pieces = boards + tables.pieces + Pieces(blocks=below(boards.blocks, behind), names=tuple(named.names()))
    stands = bool(boards.sheets) and day_stands(pieces)
    if stands:
        pieces += Pieces(findings=(standing_day(context),))
    pieces += compiled_settings(context, links, stands=stands)
    pieces += compiled_lists(context, shapes, links)
    pieces += compiled_glossary(scope, links)
    pieces += ledger_sheets(context, links)
    pieces += conflict_sheet(context, links)
    pieces += compiled_guide(scope, pieces, tables.fixed)
    pieces += Pieces(
        sheets=(
            PlanSheet(
                RECORD_SHEET,
                RECORD_SHEET,
                SheetKind.BASELINE,
                hidden=True,
                tab_color=theme.TAB_COLORS[SheetKind.BASELINE],
            ),
        )
    )
    plan_tables, names = _named(pieces.tables, pieces.names)
    pieces = replace(pieces, tables=plan_tables, names=names)
    reckoned_too = replace(pieces, blocks=(*pieces.blocks, *reckoning.blocks))
    environment = BookEnvironment(
        reckoned_too, context.as_of, lambda own: with_today(context, reckoning, own, foretold(context, own))
    )
    pieces = evaluated(pieces, environment)
    pieces += Pieces(blocks=ledger_rows(context, environment.history))
    pieces = with_values(pieces, tables.fixed)
    pieces = with_named_rows(for_version(context.model, widened(context.model, pieces)), named)
    sheets = _sheets(pieces.sheets)
    title = context.text(context.model.title)
    plan = Plan(
        title=title,
        language=context.language,
        font=theme.FONTS[context.language],
        font_size=theme.FONT_SIZES[context.language],
        sheets=sheets,
        tables=pieces.tables,
        blocks=pieces.blocks,
        charts=pieces.charts,
        names=pieces.names,
        active_sheet=sheets[0].id,
        properties=(("title", title), ("subject", context.model.name), ("comments", _made_by(context))),
    )
    return Compiled(plan, pieces.findings, environment, environment.history, kept_changes(context))


def _home(boards: Pieces) -> Link | None:
    """The first board, where links of the other sheets lead back to."""
    for sheet in boards.sheets:
        for block in boards.blocks:
            if sheet.kind is SheetKind.BOARD and block.sheet == sheet.id and block.anchored:
                return Link(block.anchor, sheet.name)
    return None


def _made_by(context: Context) -> str:
    return f"crmsheet {context.version}".strip()


def _sheets(sheets: Iterable[PlanSheet]) -> tuple[PlanSheet, ...]:
    """In the order of their kinds, no two with one name."""
    taken: set[str] = set()
    result = []
    for sheet in sorted(sheets, key=lambda s: _ORDER.index(s.kind)):
        name = free_sheet_name(sheet.name, taken)
        taken.add(name)
        result.append(replace(sheet, name=name))
    return tuple(result)


def _named(
    tables: Iterable[PlanTable], names: Iterable[PlanName]
) -> tuple[tuple[PlanTable, ...], tuple[PlanName, ...]]:
    """Table names and workbook names, which Excel keeps in one space without case, made to differ."""
    taken: set[str] = set()

    def free(name: str) -> str:
        result, number = name, 2
        while result.casefold() in taken:
            result, number = f"{name}_{number}", number + 1
        taken.add(result.casefold())
        return result

    named_tables = tuple(replace(table, name=free(table.name)) for table in tables)
    return named_tables, tuple(replace(name, name=free(name.name)) for name in names)
