"""What a workbook remembers of earlier dates, from its record and back.

Knows where a refresh finds changes to audited fields: between the record and the rows as they are now. Does not know
what is kept for how long (`model.history`, `compile.ledgers`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from crmsheet.api.marks import key_texts, tokens_of
from crmsheet.compile.ledgers import CHANGES, FIGURES, figure_rows, rows_anchor
from crmsheet.compile.pieces import Context
from crmsheet.excel.dates import date_of, serial_of_date
from crmsheet.excel.numbers import general_text
from crmsheet.excel.references import a1
from crmsheet.excel.values import Value, same_value
from crmsheet.model.baseline import Baseline, FormerKey
from crmsheet.model.changelog import ITEM, Change, audited_fields, changes, changes_of
from crmsheet.model.history import History, history_of
from crmsheet.model.identity import text_value, value_text
from crmsheet.model.spec import FieldType, Model
from crmsheet.model.state import State
from crmsheet.opc.package import Package
from crmsheet.opc.xmltree import attribute_text
from crmsheet.patterns import regex
from crmsheet.read import Reading
from crmsheet.refresh import Note, NoteKind
from crmsheet.sheetml.contents import Contents

if TYPE_CHECKING:
    from crmsheet.starters.deal_past import Past

_WHO: Final = regex(r"<(?:\w+:)?lastModifiedBy[^>]*>([^<]*)<")
_LONGEST: Final = 80


def remembered(record: Baseline) -> tuple[History, tuple[Change, ...]]:
    """The figures and the changes that a record holds."""
    return history_of(record.history), changes_of(record.changes)


def logged_changes(
    reading: Reading,
    contents: Contents,
    pending: Mapping[str, Mapping[str, tuple[FormerKey, ...]]],
    today: date,
) -> tuple[Change, ...]:
    """What became of audited fields since the record was written."""
    model, record = reading.record.model, reading.record
    if not model.audits:
        return ()
    tokens = tokens_of(model, reading.state, pending)
    who, day = last_saved_by(contents.package), serial_of_date(today)
    found: list[Change] = []
    for table in model.tables:
        mark, state = record.tables[table.id], reading.state.tables[table.id]
        if mark.audited.fields:
            texts = key_texts(table, state)
            keys = {row: shown_key(key) for row, key in zip(state.ids, texts, strict=True) if row}
            gone = {row: shown_key(key) for row, (_, key) in mark.rows.items() if row not in keys}
            found += changes(table, mark.audited, tokens.audited(table, state), keys, gone, day, who)
    return tuple(found)


def logged_past(model: Model, state: State, past: Sequence[Past]) -> tuple[Change, ...]:
    """Changes that were before a workbook was built, as far as its fields are audited."""
    audited = {(t.id, f.id) for t in model.tables for f in audited_fields(t)}
    keys = {
        t.id: key_texts(t, state.tables[t.id])
        for t in model.tables
        if any(t.id == table for table, _ in audited)
    }

    def token(one: Past, value: Value | date) -> str:
        field = model.table(one.table).field(one.field)
        if value is not None and field.type is FieldType.CHOICE:
            return f"{ITEM}{value}"
        return value_text(serial_of_date(value) if isinstance(value, date) else value)

    return tuple(
        Change(
            serial_of_date(one.day),
            one.table,
            state.tables[one.table].ids[one.row],
            shown_key(keys[one.table][one.row]),
            one.field,
            token(one, one.old),
            token(one, one.new),
            one.who,
        )
        for one in past
        if (one.table, one.field) in audited
    )


def shown_key(key: str) -> str:
    """A key, remembered with its type, as people read it."""
    value = text_value(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return general_text(value)
    return "" if value is None else str(value)


def last_saved_by(package: Package) -> str:
    """The name that the program which saved the file last left in it."""
    core = next(iter(package.related("", "core-properties")), "")
    match = _WHO.search(package.xml(core).decode("utf-8", "replace")) if core else None
    return " ".join(attribute_text(match.group(1).encode()).split())[:_LONGEST] if match else ""


def memory_notes(
    reading: Reading, contents: Contents, context: Context, record: Baseline
) -> tuple[Note, ...]:
    """What is to be told: that there is a new date, what changed, and what was restored. `context` is that of the
    refresh, `record` what the workbook is to remember."""
    before = reading.record
    sheet = reading.layout.sheets.get(FIGURES, "")
    notes: list[Note] = []
    if record.history != before.history:
        known, now = context.history, history_of(record.history)
        fresh = sum(
            context.as_of in one.points
            and (key not in known.series or context.as_of not in known.series[key].points)
            for key, one in now.series.items()
        )
        if fresh:
            notes.append(
                Note(NoteKind.FIGURES_KEPT, sheet, new=f"{fresh:,} ({date_of(context.as_of).isoformat()})")
            )
    found = len(context.changes) - len(before.changes)
    if found:
        notes.append(Note(NoteKind.CHANGES_LOGGED, reading.layout.sheets.get(CHANGES, ""), new=f"{found:,}"))
    wrong = _overwritten(reading, contents, context)
    if wrong:
        notes.append(Note(NoteKind.HISTORY_RESTORED, sheet, wrong[0], new=f"{len(wrong):,}"))
    return tuple(notes)


def _overwritten(reading: Reading, contents: Contents, context: Context) -> list[str]:
    """The cells of the figures that do not hold what the last refresh wrote."""
    place = reading.layout.anchors.get(rows_anchor(FIGURES))
    cells = contents.sheet(place.sheet) if place is not None else None
    if place is None or cells is None or reading.record.model.history is None:
        return []
    found = []
    for i, row in enumerate(figure_rows(context, context.history)[: len(place.rows)]):
        for j, value in enumerate(row):
            at = place.rows[i], place.columns[j]
            cell = cells.at(*at)
            held = cell.value if cell is not None else None
            blank = held in (None, "") and value in (None, "")
            if (not blank and not same_value(held, value)) or (cell is not None and cell.formula is not None):
                found.append(a1(*at))
    return found
