"""The record of a workbook whose structure changed.

Knows what of the old record still holds under the new ids. Does not know how it is packed or written.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsheet import __version__
from crmsheet.api.marks import as_written, baseline, baseline_block
from crmsheet.api.restructuring.change import Change
from crmsheet.model.baseline import Baseline, FormerKey, RetiredTable
from crmsheet.model.carrying import Carried
from crmsheet.model.changelog import change_lines, changes_of
from crmsheet.model.layout import AnchorPlace, TablePlace
from crmsheet.plan.book import Plan
from crmsheet.plan.place import names_of
from crmsheet.plan.recorded import RECORD_ANCHOR, RECORD_SHEET
from crmsheet.refresh import Patch
from crmsheet.refresh.difference import record_edits
from crmsheet.refresh.structure.arrange import Arrangement
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.tables import parse_table
from crmsheet.structs import replace


def record_patch(
    change: Change, contents: Contents, plan: Plan, arrangement: Arrangement, over: Carried
) -> Patch:
    """The edits of the hidden sheet; `contents` is the workbook as it stands by now."""
    layout = arrangement.layout
    record = _record(change, contents, plan, arrangement, over)
    block = baseline_block(record)
    sheet = contents.package.workbook.sheet(RECORD_SHEET)
    at = layout.anchors.get(RECORD_ANCHOR)
    name = at.sheet if at is not None else sheet.name if sheet is not None else RECORD_SHEET
    edits = tuple(record_edits(contents, block, at or AnchorPlace(name, (0,), (0,))))
    return Patch({name: edits} if edits else {})


def _record(
    change: Change, contents: Contents, plan: Plan, arrangement: Arrangement, over: Carried
) -> Baseline:
    layout = arrangement.layout
    tables = {id_: _columns_now(contents, place) for id_, place in layout.tables.items()}
    record = baseline(
        change.new,
        change.record.language,
        over.state,
        plan,
        book_code=change.record.book_code,
        next_row=change.reading.next_row,
        next_ids={**change.reading.next_ids, **over.next_ids},
        version=__version__,
        renamed_keys=_pending(change),
        sheet_names=layout.sheets,
        headers={i: place.headers for i, place in layout.tables.items()},
        numbers={
            i: {c: tables[i][at] for c, at in place.columns.items() if at in tables[i]}
            for i, place in layout.tables.items()
        },
    )
    record = _as_it_stands(change, record, plan, arrangement)
    # What is only brought back leaves all else to the pass behind it, which has to know who wrote that.
    return replace(record, written=change.record.written) if change.healing else as_written(record, plan)


def _as_it_stands(change: Change, record: Baseline, plan: Plan, arrangement: Arrangement) -> Baseline:
    """Rows that are missing since the last refresh are still to be told of; sheets that people deleted stay so.
    Before anything else is done, what people changed in rows and lists is still to be found, too."""
    marks = dict(record.tables)
    for table, former in change.pairs.tables.items():
        if table in marks and former in change.record.tables:
            before = change.record.tables[former].rows
            now = marks[table].rows
            marks[table] = replace(
                marks[table],
                rows=before if change.healing else {i: now.get(i, mark) for i, mark in before.items()},
                audited=change.record.tables[former].audited if change.healing else marks[table].audited,
                name=arrangement.layout.tables[table].name,
            )
    sheets = {s.id: arrangement.layout.sheets.get(s.id, s.name) for s in plan.sheets}
    # Of a block that is gone the size it had stays, so that what is left of it is not taken for it.
    lost = {a for a in record.anchors if a not in arrangement.layout.anchors}
    lost -= {a for a in lost if change.pairs.anchor(a) in change.reading.layout.anchors}
    known = {a: change.record.anchors.get(change.pairs.anchor(a), record.anchors[a]) for a in lost}
    ours = {n.name for n in change.old_plan.names} | set(change.record.retired_names)
    return replace(
        record,
        tables=marks,
        sheets=sheets,
        anchors={**record.anchors, **known},
        lists=change.record.lists if change.healing else record.lists,
        left_out=change.left_out,
        origin=change.record.origin,
        flags=change.record.flags,
        outbox=change.record.outbox,
        retired=_retired(change, record),
        history=change.record.history,
        changes=_renamed_changes(change),
        retired_names=tuple(sorted(ours - set(names_of(plan).values()))),
    )


def _renamed_changes(change: Change) -> tuple[str, ...]:
    """The log with tables and fields by the ids they have now."""
    tables = {was: now for now, was in change.pairs.tables.items()}
    fields = {now: {was: new for new, was in pairs.items()} for now, pairs in change.pairs.fields.items()}
    return change_lines(
        one._replace(
            table=(now := tables.get(one.table, one.table)),
            field=fields.get(now, {}).get(one.field, one.field),
        )
        for one in changes_of(change.record.changes)
    )


def _retired(change: Change, record: Baseline) -> dict[str, RetiredTable]:
    """The tables that were left to people, now or before, and that the new spec does not have."""
    found = {i: old for i, old in change.record.retired.items() if i not in record.tables}
    for table in change.old.tables:
        place = change.reading.layout.tables.get(table.id)
        if table.id in change.pairs.tables.values() or place is None:
            continue
        anchors = {
            b.anchor: change.record.anchors[b.anchor]
            for b in change.old_plan.blocks
            if b.sheet == table.id and b.anchor in change.record.anchors
        }
        mark = replace(change.record.tables[table.id], name=place.name)
        found[table.id] = RetiredTable(table, mark, place.sheet, anchors)
    return found


def _pending(change: Change) -> dict[str, Mapping[str, tuple[FormerKey, ...]]]:
    """Renames of keys that wait for `--apply-renames`, under the new ids."""
    tables = {was: now for now, was in change.pairs.tables.items()}

    def column(name: str) -> str:
        table, dot, f = name.partition(".")
        now = tables.get(table, table)
        became = {was: new for new, was in change.pairs.fields.get(now, {}).items()}
        return now + dot + became.get(f, f)

    return {
        tables[table]: {
            row: tuple(replace(k, cells={column(c): ids for c, ids in k.cells.items()}) for k in keys)
            for row, keys in rows.items()
        }
        for table, rows in change.record.renamed_keys.items()
        if table in tables
    }


def _columns_now(contents: Contents, place: TablePlace) -> dict[int, int]:
    """`tableColumn` ids by sheet column."""
    sheet = contents.package.workbook.sheet(place.sheet)
    assert sheet is not None
    for part in contents.package.related(sheet.part, "table"):
        table = parse_table(contents.package, part)
        if table.name.casefold() == place.name.casefold():
            return {table.ref.left + i: c.id for i, c in enumerate(table.columns)}
    return {}
