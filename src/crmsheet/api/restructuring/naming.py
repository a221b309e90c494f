"""What is called otherwise under a changed spec: sheets, tables, headers, workbook names.

Knows the three-way rule for names that people see: what they renamed themselves stays. Does not know which
parts of a workbook mention a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crmsheet.api.restructuring.change import Change
from crmsheet.api.restructuring.telling import kept_note
from crmsheet.excel.references import a1
from crmsheet.formulas.renaming import Renames
from crmsheet.formulas.tree import Area, Cell, Spot, walk
from crmsheet.messages import say
from crmsheet.model.layout import Layout, TablePlace
from crmsheet.model.literals import setting_value
from crmsheet.plan.book import Plan
from crmsheet.plan.place import anchor_name, names_of
from crmsheet.plan.recorded import RECORD_ANCHOR
from crmsheet.refresh import Note, NoteKind
from crmsheet.refresh.structure.arrange import Arrangement
from crmsheet.sheetml.names import NameEdit, defined_names
from crmsheet.structs import replace


def renamed(
    change: Change, plan: Plan, arrangement: Arrangement, names: Mapping[str, str]
) -> tuple[Renames, Arrangement, tuple[Note, ...]]:
    """What the spec renames and people left as it was; where people renamed it themselves, theirs stays."""
    layout = arrangement.layout
    notes: list[Note] = []
    sheets: dict[str, str] = {}
    taken = {s.name.casefold() for s in change.contents.package.workbook.sheets}
    was_named = {s.id: s.name for s in change.old_plan.sheets}
    for sheet in plan.sheets:
        if sheet.id in arrangement.new_sheets or sheet.id not in layout.sheets:
            continue
        first, theirs = was_named.get(change.pairs.sheet(sheet.id), sheet.name), layout.sheets[sheet.id]
        if sheet.name in (first, theirs):
            continue
        if theirs == first and sheet.name.casefold() not in taken - {theirs.casefold()}:
            sheets[theirs] = sheet.name
            notes.append(Note(NoteKind.RENAMED, sheet.name, column=say("sheet"), old=theirs, new=sheet.name))
        else:
            notes.append(kept_note(say("sheet name"), theirs, sheet.name))
    tables: dict[str, str] = {}
    columns: dict[str, dict[str, str]] = {}
    places = dict(layout.tables)
    for table in plan.tables:
        former = change.pairs.tables.get(table.id)
        if former is None or former not in change.reading.layout.tables or table.id not in places:
            continue
        place = places[table.id]
        renamed = _headers(change, plan, table.id, place, notes)
        if renamed:
            columns[place.name] = renamed
        if table.name != place.name and change.old_plan.table(former).name == place.name:
            tables[place.name] = table.name
            notes.append(
                Note(NoteKind.RENAMED, place.sheet, column=say("table"), old=place.name, new=table.name)
            )
        places[table.id] = replace(
            place,
            sheet=sheets.get(place.sheet, place.sheet),
            name=tables.get(place.name, place.name),
            headers={c: renamed.get(h, h) for c, h in place.headers.items()},
        )
    renames = Renames(
        sheets=sheets,
        tables=tables,
        columns=columns,
        names=names,
        moves=arrangement.moves,
    )
    new_layout = Layout(
        {i: sheets.get(n, n) for i, n in layout.sheets.items()},
        places,
        {a: replace(p, sheet=sheets.get(p.sheet, p.sheet)) for a, p in layout.anchors.items()},
    )
    return renames, replace(arrangement, layout=new_layout), tuple(notes)


def _headers(change: Change, plan: Plan, table: str, place: TablePlace, notes: list[Note]) -> dict[str, str]:
    former = change.pairs.tables[table]
    first = {c.id: c.header for c in change.old_plan.table(former).columns}
    held = change.reading.tables[former]
    taken = {c.name.casefold() for c in held.part.columns}
    renamed: dict[str, str] = {}
    for column in plan.table(table).columns:
        if column.id not in place.columns or column.id in _fresh_columns(change, table, place):
            continue
        theirs = place.headers[column.id]
        built = first.get(change.pairs.column(table, column.id), column.header)
        if column.header in (built, theirs):
            continue
        # Columns that are only folded are people's to know of.
        told = change.new.table(table).has_field(column.id)
        others = taken - {theirs.casefold()} - {h.casefold() for h in renamed}
        if theirs == built and column.header.casefold() not in others:
            renamed[theirs] = column.header
            if told:
                notes.append(
                    Note(
                        NoteKind.RENAMED,
                        place.sheet,
                        a1(place.header_row, place.columns[column.id]),
                        say("column"),
                        theirs,
                        column.header,
                    )
                )
        elif told:
            notes.append(kept_note(say("header on {sheet}", sheet=place.sheet), theirs, column.header))
    return renamed


def _fresh_columns(change: Change, table: str, place: TablePlace) -> set[str]:
    last = change.reading.tables[change.pairs.tables[table]].part.ref.right
    return {c for c, at in place.columns.items() if at > last}


def renamed_names(change: Change, plan: Plan) -> dict[str, str]:
    """Workbook names of settings, lists and blocks whose id changed."""
    before = {n.id: n.name for n in change.old_plan.names}
    found: dict[str, str] = {}
    for name in plan.names:
        was = before.get(_former_name(change, name.id))
        if was is not None and was.casefold() != name.name.casefold():
            found[was] = name.name
    anchors = {b.anchor for b in change.old_plan.blocks if b.anchored}
    for block in plan.blocks:
        was_anchor = change.pairs.anchor(block.anchor)
        if block.anchored and was_anchor != block.anchor and was_anchor in anchors:
            found[anchor_name(was_anchor)] = anchor_name(block.anchor)
    there = {n.name.casefold() for n in defined_names(change.contents.package)}
    return {
        was: now
        for was, now in found.items()
        if now.casefold() not in there or now.casefold() in {w.casefold() for w in found}
    }


def _former_name(change: Change, name: str) -> str:
    kind, colon, rest = name.partition(":")
    if colon:
        if kind == "criterion":
            board, dot, selector = rest.partition(".")
            return f"{kind}:{change.pairs.boards.get(board, board)}{dot}{selector}"
        if kind in ("keys", "check", "moved"):
            table, dot, part = rest.partition(".")
            return f"{kind}:{change.pairs.tables.get(table, table)}{dot}{part}"
        return f"{kind}:{change.pairs.lists.get(rest, rest)}"
    list_id, dot, item = name.partition(".")
    if dot and list_id in change.pairs.lists:
        return f"{change.pairs.lists[list_id]}.{change.pairs.items[list_id].get(item, item)}"
    return change.pairs.settings.get(name, name)


def retired_names(
    change: Change, plan: Plan, renames: Mapping[str, str], frozen: frozenset[str]
) -> Iterator[NameEdit]:
    """Names of what is no more; a setting that formulas of people mention stays as its last value."""
    kept = {n.casefold() for n in names_of(plan).values()} | {was.casefold() for was in renames}
    left = {t.id for t in change.old.tables} - set(change.pairs.tables.values())
    for block in change.old_plan.blocks:
        name = anchor_name(block.anchor)
        # The blocks above a retired table keep their names: it may be taken up again.
        if (
            block.sheet not in left
            and block.anchored
            and block.anchor != RECORD_ANCHOR
            and name.casefold() not in kept
        ):
            yield NameEdit(name, None)
    settings = {s.id: s for s in change.old.settings if s.id not in change.pairs.settings.values()}
    for own in change.old_plan.names:
        if any(isinstance(n, Cell) and n.table in left for n in walk(own.target)):
            # Rows of a retired table say it.
            continue
        if own.name.casefold() in kept:
            continue
        if own.headers:
            # It tells where columns of a table are that no check of its rows asks for any more.
            yield NameEdit(own.name, None)
            continue
        anchors = {n.anchor for n in walk(own.target) if isinstance(n, Spot | Area)}
        if not anchors or anchors <= frozen:
            continue
        setting = settings.get(own.id)
        value = (
            change.reading.state.settings.get(setting.id, setting_value(setting))
            if setting is not None
            else None
        )
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield NameEdit(own.name, f"{value:.15g}")
        elif isinstance(value, str):
            yield NameEdit(own.name, '"' + value.replace('"', '""') + '"')
        else:
            yield NameEdit(own.name, None)
