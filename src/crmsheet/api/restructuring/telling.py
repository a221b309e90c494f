"""What people are told of a change of structure.

Knows which changes are worth a line. Does not know how a receipt looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from crmsheet.api.restructuring.change import Change, outdated_blocks
from crmsheet.compile.calc import SHEET as CALC_SHEET
from crmsheet.excel.references import a1
from crmsheet.messages import say
from crmsheet.model.carrying import Conflict
from crmsheet.plan.book import Plan
from crmsheet.plan.cells import Block
from crmsheet.plan.charts import PlanChart
from crmsheet.plan.recorded import RECORD_SHEET
from crmsheet.refresh import Note, NoteKind
from crmsheet.refresh.cells import shown
from crmsheet.refresh.structure.arrange import Arrangement
from crmsheet.refresh.structure.figures import Becoming, Fate, Figure


def structure_notes(
    change: Change, plan: Plan, arrangement: Arrangement, charts: Sequence[Becoming]
) -> Iterator[Note]:
    layout = arrangement.layout
    for sheet in arrangement.new_sheets:
        if sheet != RECORD_SHEET:
            yield Note(change.added, layout.sheets[sheet], column=say("sheet"))
    for sheet in sorted(arrangement.left_out):
        yield Note(NoteKind.SHEET_LEFT_OUT, change.record.sheets.get(change.pairs.sheet(sheet), ""))
    yield from _column_notes(change, arrangement)
    yield from _item_notes(change, arrangement)
    yield from _block_notes(change, plan, arrangement)
    planned = {c.anchor: c.title for c in plan.charts}
    words = {Fate.ADDED: change.added, Fate.REPLACED: NoteKind.CHANGED, Fate.REMOVED: NoteKind.REMOVED}
    for becoming in charts:
        chart = becoming.chart
        if becoming.fate in words:
            cell = a1(chart.row, chart.column)
            shown_as = chart.alt_text or chart.title
            yield Note(
                words[becoming.fate], layout.sheets.get(chart.sheet, ""), cell, say("chart"), new=shown_as
            )
        wanted = planned.get(chart.anchor, chart.title)
        if becoming.fate is Fate.REPLACED and chart.title != wanted:
            kind = say("chart title on {sheet}", sheet=layout.sheets.get(chart.sheet, ""))
            yield kept_note(kind, chart.title, wanted)


def followed_notes(astray: Iterable[Figure], following: Mapping[str, PlanChart]) -> Iterator[Note]:
    """Charts that show their numbers again."""
    for figure in astray:
        chart = following.get(figure.chart)
        if chart is not None:
            cell = a1(max(0, figure.floating.row), max(0, figure.floating.column))
            yield Note(
                NoteKind.BROUGHT_BACK, figure.sheet, cell, say("chart"), new=chart.alt_text or chart.title
            )


def stranger_notes(strangers: Iterable[Figure]) -> Iterator[Note]:
    """Charts of people's that showed numbers of ours which were deleted."""
    for figure in strangers:
        cell = a1(max(0, figure.floating.row), max(0, figure.floating.column))
        yield Note(NoteKind.CHART_LEFT, figure.sheet, cell, say("chart"))


def _column_notes(change: Change, arrangement: Arrangement) -> Iterator[Note]:
    for table, columns in arrangement.new_columns.items():
        place = arrangement.layout.tables[table]
        for c in columns:
            if change.new.table(table).has_field(c):
                cell = a1(place.header_row, place.columns[c])
                yield Note(change.added, place.sheet, cell, say("column"), new=place.headers[c])
    for now in change.new.tables:
        former = change.pairs.tables.get(now.id)
        if former is None or former not in change.reading.layout.tables:
            continue
        was = change.reading.layout.tables[former]
        kept = set(change.pairs.fields[now.id].values())
        for f in change.old.table(former).fields:
            if f.id not in kept and f.id in was.columns:
                cell = a1(was.header_row, was.columns[f.id])
                yield Note(NoteKind.RETIRED, was.sheet, cell, say("column"), was.headers[f.id])


def _item_notes(change: Change, arrangement: Arrangement) -> Iterator[Note]:
    """New list values and settings."""
    language, sheets = change.record.language, arrangement.layout.sheets
    for name, former in change.pairs.lists.items():
        known = {row.id for row in change.reading.state.lists.get(former, ())}
        for item in change.new.list(name).items:
            if item.id not in change.pairs.items[name] and item.id not in known:
                label = change.new.list(name).label.text(language)
                yield Note(change.added, sheets.get("lists", ""), "", label, new=item.label.text(language))
    for setting in change.new.settings:
        if setting.id not in change.pairs.settings and setting.editable:
            label = setting.label.text(language)
            yield Note(change.added, sheets.get("settings", ""), "", say("setting"), new=label)


def _block_notes(change: Change, plan: Plan, arrangement: Arrangement) -> Iterator[Note]:
    layout, before = arrangement.layout, change.reading.layout.anchors
    boards, outdated = {b.id for b in change.new.boards}, outdated_blocks(change, plan)
    drawn = {c.anchor.removesuffix(".chart") for c in (*plan.charts, *change.old_plan.charts)}
    for block in plan.blocks:
        place, was = layout.anchors.get(block.anchor), before.get(change.pairs.anchor(block.anchor))
        if change.healing and block.sheet == CALC_SHEET and place is not None and was is None:
            cell = a1(place.rows[0], place.columns[0])
            # What no earlier version had there nobody misses.
            known = change.pairs.anchor(block.anchor) in change.record.anchors
            if block.sheet not in arrangement.new_sheets and known:
                yield Note(change.added, place.sheet, cell, say("block"), new=block.anchor)
        if block.sheet not in boards or block.anchor not in arrangement.fresh or place is None:
            continue
        cell = a1(place.rows[0], place.columns[0])
        if was is None:
            if block.anchor not in drawn:
                yield Note(change.added, place.sheet, cell, say("block"), new=_title(block))
        elif (was.rows[0], was.columns[0]) != (place.rows[0], place.columns[0]):
            yield Note(
                NoteKind.MOVED,
                place.sheet,
                cell,
                say("block"),
                a1(was.rows[0], was.columns[0]),
                _title(block),
            )
        else:
            kind = NoteKind.UPGRADED if block.anchor in outdated else NoteKind.CHANGED
            yield Note(kind, place.sheet, cell, say("block"), new=_title(block))
    now = {change.pairs.anchor(b.anchor) for b in plan.blocks}
    kept_boards = set(change.pairs.boards.values())
    for block in change.old_plan.blocks:
        was = before.get(block.anchor)
        own = block.sheet in kept_boards and block.anchored and block.anchor not in drawn
        if own and block.anchor not in now and was is not None:
            cell = a1(was.rows[0], was.columns[0])
            yield Note(NoteKind.REMOVED, was.sheet, cell, say("block"), _title(block))


def _title(block: Block) -> str:
    """What a block is called on its sheet; its id when nothing is written there."""
    for cell in sorted(block.cells, key=lambda c: (c.row, c.column)):
        if isinstance(cell.value, str) and cell.value:
            return shown(cell.value)
    return block.anchor.partition(".")[2]


def conflict_note(conflict: Conflict) -> Note:
    return Note(
        NoteKind.KEPT_YOURS,
        "",
        "",
        say("{kind} {what}", kind=say(conflict.kind), what=conflict.what),
        shown(conflict.theirs),
        shown(conflict.wanted),
    )


def kept_note(kind: str, theirs: str, wanted: str) -> Note:
    return Note(NoteKind.KEPT_YOURS, "", "", kind, theirs, wanted)
