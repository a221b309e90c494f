"""Columns that a table has already and a changed spec asks for.

Knows a column by its header. Does not overwrite what people typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crmsheet.api.restructuring.change import Change
from crmsheet.diagnostics import CellPlace, Diagnostic
from crmsheet.errors import WorkbookRefused
from crmsheet.excel.references import a1
from crmsheet.excel.values import Value
from crmsheet.messages import say
from crmsheet.model.layout import TablePlace
from crmsheet.plan.book import Plan
from crmsheet.plan.tables import ColumnRole
from crmsheet.refresh import Note, NoteKind
from crmsheet.sheetml.contents import SheetCells
from crmsheet.structs import dataclass, field, replace


@dataclass(slots=True)
class Claims:
    """By table and column id: the sheet column that is the new column's. `values` are those people filled."""

    columns: dict[str, dict[str, int]] = field(default_factory=dict)
    values: dict[tuple[str, str], tuple[Value, ...]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def claimed_fields(change: Change) -> Claims:
    """New fields whose header a column of the table bears already, and the values of those people fill."""
    claims = Claims()
    for table in change.new.tables:
        former = change.pairs.tables.get(table.id)
        if former is None or former not in change.reading.tables:
            continue
        held, rows = change.reading.tables[former], change.reading.rows[former]
        ours = set(held.columns.values())
        free = {
            c.name.strip().casefold(): held.part.ref.left + i
            for i, c in enumerate(held.part.columns)
            if held.part.ref.left + i not in ours
        }
        for f in table.fields:
            if f.id in change.pairs.fields.get(table.id, {}):
                continue
            words = (f.label.text(change.record.language), f.label.zh, f.label.en, *f.aliases)
            at = next((free[w.strip().casefold()] for w in words if w.strip().casefold() in free), None)
            if at is None:
                continue
            cells = [held.cells.at(row, at) for row in rows.rows]
            filled = [c for c in cells if c is not None and c.formula is None and c.value not in (None, "")]
            label = f.label.text(change.record.language)
            place = CellPlace(held.sheet.name, a1(held.part.ref.top, at))
            if f.type.computed and filled:
                raise _in_the_way(place, label)
            if not f.type.computed:
                if any(c is not None and c.formula is not None for c in cells):
                    raise _in_the_way(place, label)
                claims.values[table.id, f.id] = tuple(c.value if c is not None else None for c in cells)
            claims.columns.setdefault(table.id, {})[f.id] = at
            claims.notes.append(
                Note(NoteKind.COLUMN_CLAIMED, held.sheet.name, a1(held.part.ref.top, at), label)
            )
    return claims


def claim_helpers(change: Change, plan: Plan, claims: Claims) -> None:
    """Hidden columns of ours that an earlier spec left behind are used again."""
    for table in plan.tables:
        former = change.pairs.tables.get(table.id)
        if former is None or former not in change.reading.tables:
            continue
        held = change.reading.tables[former]
        ours = set(held.columns.values())
        free = {
            c.name: held.part.ref.left + i
            for i, c in enumerate(held.part.columns)
            if held.part.ref.left + i not in ours
            and (c.formula or _is_blank(held.cells, change.reading.rows[former].rows, held.part.ref.left + i))
        }
        fields = {f.id for f in change.new.table(table.id).fields}
        for column in table.columns:
            known = change.pairs.column(table.id, column.id) in held.columns
            if (
                not known
                and column.id not in fields
                and column.role is ColumnRole.COMPUTED
                and column.header in free
            ):
                claims.columns.setdefault(table.id, {}).setdefault(column.id, free[column.header])


def _is_blank(cells: SheetCells, rows: Iterable[int], column: int) -> bool:
    found = (cells.at(row, column) for row in rows)
    return all(c is None or (c.formula is None and c.value in (None, "")) for c in found)


def table_places(change: Change, claims: Mapping[str, Mapping[str, int]]) -> dict[str, TablePlace]:
    """The places of the tables that exist, by new ids."""
    result: dict[str, TablePlace] = {}
    for table, former in change.pairs.tables.items():
        place = change.reading.layout.tables.get(former)
        if place is None:
            continue
        held = change.reading.tables[former]
        headers = {held.part.ref.left + i: c.name for i, c in enumerate(held.part.columns)}
        columns: dict[str, int] = {}
        for column in _candidates(change, table, former):
            at = place.columns.get(change.pairs.column(table, column))
            if at is not None:
                columns[column] = at
        columns |= claims.get(table, {})
        result[table] = replace(place, columns=columns, headers={c: headers[at] for c, at in columns.items()})
    return result


def _candidates(change: Change, table: str, former: str) -> set[str]:
    """The ids that columns of a table have now or had."""
    own = {f.id for f in change.new.table(table).fields}
    gone = {f.id for f in change.old.table(former).fields} - set(change.pairs.fields[table].values())
    helpers = {m.id for m in change.record.tables[former].columns}
    became = {was: now for now, was in change.pairs.fields[table].items()}
    everywhere = {was: now for fields in change.pairs.fields.values() for now, was in fields.items()}
    for helper in tuple(helpers):
        if "." in helper:
            helpers.add(".".join(became.get(p, everywhere.get(p, p)) for p in helper.split(".")))
    return own | {h for h in helpers if h not in gone and not change.old.table(former).has_field(h)}


def _in_the_way(place: CellPlace, label: str) -> WorkbookRefused:
    return WorkbookRefused(
        Diagnostic(
            "W217",
            say(
                "the table has a column '{label}' of yours, and the changed spec brings a field of that name",
                label=label,
            ),
            place,
            reason=say(
                "What stands in your column would be overwritten, or is computed by formulas of yours."
            ),
            remedy=say("Give your column another header, or the field another label, and run again."),
        )
    )
