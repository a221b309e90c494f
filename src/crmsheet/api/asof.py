"""The as-of date of a refresh: the one typed in the workbook, else the calendar's.

Knows the input cell that holds it. Does not know what depends on the date.
"""

from __future__ import annotations

from datetime import date

from crmsheet.diagnostics import CellPlace, Diagnostic
from crmsheet.errors import WorkbookRefused
from crmsheet.excel.dates import date_of, serial_of_date
from crmsheet.excel.references import a1
from crmsheet.messages import say
from crmsheet.read import Reading
from crmsheet.refresh import Note, NoteKind
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.structs import replace

AS_OF_INPUT = "as_of_input"


def effective_date(reading: Reading, today: date) -> date:
    typed = reading.state.as_of_input
    if typed is None or typed == "":
        return today
    if isinstance(typed, int | float) and not isinstance(typed, bool):
        try:
            return date_of(typed)
        except (ValueError, OverflowError):
            pass
    anchor, row, column = reading.record.inputs[AS_OF_INPUT]
    place = reading.layout.anchors[anchor]
    raise WorkbookRefused(
        Diagnostic(
            "W211",
            say("the as-of date is not a date: '{typed}'", typed=typed),
            CellPlace(place.sheet, a1(place.rows[row], place.columns[column]), value=str(typed)),
            remedy=say("Type a date there such as 2026-03-31, or clear the cell to follow the calendar."),
        )
    )


def with_date(
    reading: Reading, as_of: date | str, notes: list[Note], extra: list[tuple[str, CellEdit]]
) -> Reading:
    """The reading with another as-of input, and the edit that puts it into the workbook."""
    value = serial_of_date(as_of) if isinstance(as_of, date) else None
    if reading.state.as_of_input == value:
        return reading
    anchor, row, column = reading.record.inputs[AS_OF_INPUT]
    if anchor not in reading.layout.anchors:
        # What is lacking is told of, with every lost block.
        return reading
    place = reading.layout.anchors[anchor]
    at = place.rows[row], place.columns[column]
    extra.append((place.sheet, CellEdit(*at, EditKind.VALUE, value)))
    notes.append(
        Note(
            NoteKind.DATE_SET,
            place.sheet,
            a1(*at),
            new=as_of.isoformat() if isinstance(as_of, date) else say("today"),
        )
    )
    return replace(reading, state=replace(reading.state, as_of_input=value))
