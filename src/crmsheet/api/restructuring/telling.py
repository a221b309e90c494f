"""What people are told of a change of structure.

Knows which changes are worth a line. Does not know how a receipt looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crmsheet.api.restructuring.change import Change
from crmsheet.excel.references import a1
from crmsheet.model.carrying import Conflict
from crmsheet.plan.book import Plan
from crmsheet.plan.place import RECORD_SHEET
from crmsheet.refresh import Note, NoteKind
from crmsheet.refresh.cells import shown
from crmsheet.refresh.structure.arrange import Arrangement
from crmsheet.refresh.structure.figures import Becoming, Fate


def structure_notes(
    change: Change, plan: Plan, arrangement: Arrangement, charts: Sequence[Becoming]
) -> Iterator[Note]:
    layout = arrangement.layout
    for sheet in arrangement.new_sheets:
        if sheet != RECORD_SHEET:
            yield Note(change.added, layout.sheets[sheet], column="sheet")
    for sheet in sorted(arrangement.left_out):
        yield Note(NoteKind.SHEET_LEFT_OUT, change.record.sheets.get(change.pairs.sheet(sheet), ""))
    for table, columns in arrangement.new_columns.items():
        place = layout.tables[table]
        for c in columns:
            planned = plan.table(table).columns[plan.table(table).index(c)]
            if not planned.hidden:
                yield Note(
                        change.added, place.sheet, a1(place.header_row, place.columns[c]),
                        "column", new=place.headers[c],
                    )  # fmt: skip
    for now in change.new.tables:
        former = change.pairs.tables.get(now.id)
        if former is None or former not in change.reading.layout.tables:
            continue
        was = change.reading.layout.tables[former]
        kept = set(change.pairs.fields[now.id].values())
        for f in change.old.table(former).fields:
            if f.id not in kept and f.id in was.columns:
                cell = a1(was.header_row, was.columns[f.id])
                yield Note(NoteKind.RETIRED, was.sheet, cell, "column", was.headers[f.id])
    yield from _block_notes(change, plan, arrangement)
    words = {Fate.ADDED: change.added, Fate.REPLACED: NoteKind.CHANGED, Fate.REMOVED: NoteKind.REMOVED}
    for becoming in charts:
        if becoming.fate in words:
            name = layout.sheets.get(becoming.chart.sheet, "")
            yield Note(
                    words[becoming.fate], name, a1(becoming.chart.row, becoming.chart.column),
                    "chart", new=becoming.chart.alt_text or becoming.chart.title,
                )  # fmt: skip


def _block_notes(change: Change, plan: Plan, arrangement: Arrangement) -> Iterator[Note]:
    layout = arrangement.layout
    boards = {b.id: b for b in change.new.boards}
    held = {b.anchor for b in change.old_plan.blocks if b.anchor in change.reading.layout.anchors}
    for block in plan.blocks:
        place = layout.anchors.get(block.anchor)
        if block.sheet in boards and block.anchor in arrangement.fresh and place is not None:
            kind = NoteKind.CHANGED if change.pairs.anchor(block.anchor) in held else change.added
            cell = a1(place.rows[0], place.columns[0])
            yield Note(kind, place.sheet, cell, "block", new=block.anchor)
    now = {change.pairs.anchor(b.anchor) for b in plan.blocks}
    kept_boards = set(change.pairs.boards.values())
    for block in change.old_plan.blocks:
        was = change.reading.layout.anchors.get(block.anchor)
        if block.sheet in kept_boards and block.anchored and block.anchor not in now and was is not None:
            cell = a1(was.rows[0], was.columns[0])
            yield Note(NoteKind.REMOVED, was.sheet, cell, "block", block.anchor)


def conflict_note(conflict: Conflict) -> Note:
    return Note(
        NoteKind.KEPT_YOURS,
        "",
        "",
        f"{conflict.kind} {conflict.what}",
        shown(conflict.theirs),
        shown(conflict.wanted),
    )


def kept_note(kind: str, theirs: str, wanted: str) -> Note:
    return Note(NoteKind.KEPT_YOURS, "", "", kind, theirs, wanted)
