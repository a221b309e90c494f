"""A change of Models in one workbook: what was, what is to be, and what a plan of it keeps to.

Knows which blocks keep their size, which sheets are left out, and what of a retired thing stays as it is.
Does not know where things stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from crmsheet import __version__
from crmsheet.api.memory import remembered
from crmsheet.compile import compiled
from crmsheet.compile.calc import SHEET as CALC_SHEET
from crmsheet.compile.ledgers import CHANGES, FIGURES
from crmsheet.compile.pieces import Context
from crmsheet.compile.words import WORDS
from crmsheet.edition import edition
from crmsheet.excel.dates import serial_of_date
from crmsheet.excel.references import RangeRef, free_sheet_name
from crmsheet.messages import phrase, say
from crmsheet.model.baseline import Baseline
from crmsheet.model.boards import Board
from crmsheet.model.spec import Model
from crmsheet.model.state import State
from crmsheet.model.succession import Succession
from crmsheet.plan.book import Plan, SheetKind
from crmsheet.plan.charts import PlanChart
from crmsheet.read import Reading
from crmsheet.read.anchors import marked_ranges
from crmsheet.refresh import Note, NoteKind
from crmsheet.refresh.aging import UNAGED, Aged
from crmsheet.refresh.structure.figures import Becoming, Fate, Figure
from crmsheet.refresh.structure.hidden import hidden_blocks
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.names import defined_names
from crmsheet.structs import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `contents` and `reading` are the workbook before it; `old_plan` is its plan until now.

    `left_out` are boards that it is not to have. `healing`: the Model stays, lost things come back; `restore`:
    also what people deleted.
    """

    contents: Contents
    reading: Reading
    new: Model
    pairs: Succession
    effective: date
    left_out: tuple[Board, ...]
    old_plan: Plan
    healing: bool
    restore: bool
    grown: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """How large blocks are to be that are too small for rows that are entered after it."""
    age: Aged = UNAGED
    """What an earlier crmsheet wrote otherwise."""

    @property
    def old(self) -> Model:
        return self.reading.record.model

    @property
    def record(self) -> Baseline:
        return self.reading.record

    @property
    def file(self) -> str:
        return self.contents.package.file

    @property
    def added(self) -> NoteKind:
        """What to say of something that is put in."""
        return NoteKind.BROUGHT_BACK if self.healing else NoteKind.ADDED


def planned(
    reading: Reading,
    model: Model,
    state: State,
    sizes: Mapping[str, tuple[int, int]],
    effective: date,
    *,
    as_it_is: bool = False,
) -> Plan:
    """The plan of a Model over a State, blocks as large as `sizes` says; larger where that is too small, if they are
    not to stay as they are."""
    record, day = reading.record, serial_of_date(effective)
    memory = remembered(record)
    context = Context(
        model, record.language, state, day, sizes, __version__, *memory, day, reading.names, as_it_is=as_it_is
    )
    return compiled(context).plan


def kept_sizes(change: Change) -> dict[str, tuple[int, int]]:
    """The sizes that blocks keep: all but those of blocks that the spec defines otherwise now."""
    before = {(b.id, x.id): x for b in change.old.boards for x in b.blocks}
    changed = set()
    for board in change.new.boards:
        former = change.pairs.boards.get(board.id, "")
        for block in board.blocks:
            if before.get((former, block.id)) != block:
                changed |= {f"calc.{board.id}.{block.id}", f"{board.id}.{block.id}"}
    sizes: dict[str, tuple[int, int]] = {}
    known = {b.anchor for b in change.old_plan.blocks}
    for new in _new_anchors(change.pairs, known):
        if new not in changed and (size := change.reading.sizes.get(change.pairs.anchor(new))):
            sizes[new] = size
    return {**sizes, **change.grown}


def _new_anchors(pairs: Succession, old: Iterable[str]) -> set[str]:
    """What old anchors are called now."""
    boards = {was: now for now, was in pairs.boards.items()}
    lists = {was: now for now, was in pairs.lists.items()}
    tables = {was: now for now, was in pairs.tables.items()}
    found = set()
    for anchor in old:
        head, dot, rest = anchor.partition(".")
        if head in ("calc", "options"):
            board, second, block = rest.partition(".")
            found.add(f"{head}.{boards.get(board, board)}{second}{block}")
        elif head in ("lists", "listhead"):
            name, second, part = rest.partition(".")
            found.add(f"{head}.{lists.get(name, name)}{second}{part}")
        else:
            found.add(boards.get(head, tables.get(head, head)) + dot + rest)
    return found


def with_free_names(change: Change, plan: Plan) -> Plan:
    """New sheets get names that no sheet of the workbook has."""
    taken = {s.name for s in change.contents.package.workbook.sheets}
    sheets = []
    for sheet in plan.sheets:
        if change.reading.layout.sheets.get(change.pairs.sheet(sheet.id)) is None:
            name = free_sheet_name(sheet.name, taken)
            taken.add(name)
            sheets.append(replace(sheet, name=name))
        else:
            sheets.append(sheet)
    return replace(plan, sheets=tuple(sheets))


def left_out_sheets(change: Change, plan: Plan) -> frozenset[str]:
    """Sheets that people deleted, unless they are to come back or formulas need them."""
    needed = (SheetKind.CALC, SheetKind.BASELINE, SheetKind.SETTINGS, SheetKind.LISTS)
    return frozenset(
        s.id
        for s in plan.sheets
        if not change.restore
        and s.kind not in needed
        and change.pairs.sheet(s.id) in change.record.sheets
        and change.pairs.sheet(s.id) not in change.reading.layout.sheets
    )


def frozen_blocks(change: Change) -> tuple[frozenset[str], tuple[Note, ...]]:
    """Blocks of boards, ledgers, tables and lists that the spec no longer has: they keep what they show."""
    boards = {b.id for b in change.old.boards} - set(change.pairs.boards.values())
    boards &= set(change.reading.layout.sheets)
    boards |= _ledgers(change.old) - _ledgers(change.new)
    tables = {t.id for t in change.old.tables} - set(change.pairs.tables.values())
    lists = {x.id for x in change.old.lists} - set(change.pairs.lists.values())
    found: set[str] = set()
    notes: list[Note] = []
    for block in change.old_plan.blocks:
        head, _, rest = block.anchor.partition(".")
        second = rest.partition(".")[0]
        if (
            block.sheet in boards | tables
            or (head in ("calc", "options") and second in boards)
            or (head in ("lists", "listhead") and second in lists)
        ):
            found.add(block.anchor)
    for kind, gone, labels in (
        (
            phrase("sheet"),
            boards,
            {b.id: b.label for b in change.old.boards} | {i: WORDS[i] for i in (FIGURES, CHANGES)},
        ),
        (phrase("table"), tables, {t.id: t.label for t in change.old.tables}),
        (phrase("list"), lists, {x.id: x.label for x in change.old.lists}),
    ):
        notes += [
            Note(
                NoteKind.RETIRED,
                change.reading.layout.sheets.get(i, ""),
                column=say(kind),
                old=labels[i].text(change.record.language),
            )
            for i in sorted(gone)
        ]
    return frozenset(found), tuple(notes)


def _ledgers(model: Model) -> set[str]:
    """The sheets that a Model remembers on."""
    wanted = ((FIGURES, model.history is not None), (CHANGES, model.audits))
    return {sheet for sheet, there in wanted if there}


def torn_blocks(change: Change) -> dict[str, RangeRef]:
    """What is left, by anchor, of blocks of the hidden sheet that were cut: there is nothing of people's."""
    name = change.reading.layout.sheets.get(CALC_SHEET)
    ranges = marked_ranges(defined_names(change.contents.package))
    left = {anchor.casefold(): area for anchor, area in ranges.items()}
    places = [p for p in change.reading.layout.anchors.values() if p.sheet == name]
    held = [p.extent for p in places]
    found: dict[str, RangeRef] = {}
    for block in change.old_plan.blocks:
        area = left.get(block.anchor.casefold())
        if (
            area is not None
            and block.sheet == CALC_SHEET
            and block.anchor not in change.reading.layout.anchors
            and name is not None
            and area.sheet.casefold() == name.casefold()
            and area.rows <= 2 * block.rows
            and area.columns <= 2 * block.columns
            and not any(area.overlaps(other) for other in (*held, *found.values()))
        ):
            found[block.anchor] = replace(area, sheet=name)
    return found


def followed_charts(
    change: Change, plan: Plan, charts: Iterable[Becoming], astray: Iterable[Figure]
) -> dict[str, PlanChart]:
    """By part: charts that stay and have lost sight of their numbers, as the plan has them."""
    gone = {
        b.figure.chart for b in charts if b.fate in (Fate.REPLACED, Fate.REMOVED) and b.figure is not None
    }
    planned = {change.pairs.anchor(c.anchor): c for c in plan.charts}
    return {f.chart: planned[f.anchor] for f in astray if f.chart not in gone and f.anchor in planned}


def restyled_columns(change: Change, plan: Plan) -> Mapping[str, frozenset[str]]:
    """By table: columns that are there and that the spec makes look otherwise than before."""
    found: dict[str, frozenset[str]] = {}
    for table, former in change.pairs.tables.items():
        restyled = {c for t, c in change.age.styles if t == former}
        before = {c.id: (c.style, c.header_style) for c in change.old_plan.table(former).columns}
        found[table] = frozenset(
            c.id
            for c in plan.table(table).columns
            if c.id in restyled
            or before.get(change.pairs.column(table, c.id), (c.style, c.header_style))
            != (c.style, c.header_style)
        )
    return found


def outdated_blocks(change: Change, plan: Plan) -> frozenset[str]:
    """Blocks of boards that an earlier version formed otherwise. Where nobody remembers, they are those whose cells
    would be hidden by merged ones."""
    if change.age.by == edition():
        return frozenset()
    drawn = (SheetKind.BOARD, SheetKind.GUIDE, SheetKind.GLOSSARY)
    sheets = {s.id for s in plan.sheets if s.kind in drawn}
    formed = {b.anchor for b in plan.blocks if b.sheet in sheets and b.anchor in change.age.forms}
    return frozenset(formed) | frozenset(hidden_blocks(plan, change.reading.layout, change.contents))
