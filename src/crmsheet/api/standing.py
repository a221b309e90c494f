"""A filled workbook as it stands: read, and computed for its date. Changes nothing.

Knows how to come by rows and by the values of computed columns as a refresh would write them, without one. Does not
know what they are wanted for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from crmsheet import __version__
from crmsheet.api.asof import effective_date, with_date
from crmsheet.api.keyrenames import followed
from crmsheet.api.memory import logged_changes, remembered
from crmsheet.api.reading import Options, read
from crmsheet.api.usercells import settled
from crmsheet.compile import Compiled, compiled
from crmsheet.compile.pieces import Context
from crmsheet.excel.dates import date_system, serial_of_date
from crmsheet.excel.values import Value
from crmsheet.model.spec import Model, Table
from crmsheet.model.words import Language
from crmsheet.opc.package import Package
from crmsheet.read import Reading
from crmsheet.sheetml.contents import Contents
from crmsheet.structs import dataclass, replace


@dataclass(frozen=True, slots=True)
class Standing:
    """A workbook's content, what people entered, and all of it computed as of `effective`."""

    contents: Contents
    reading: Reading
    context: Context
    compiled: Compiled
    effective: date

    @property
    def model(self) -> Model:
        return self.reading.record.model

    @property
    def language(self) -> Language:
        return self.reading.record.language

    def column(self, table: Table, field: str) -> tuple[Value, ...]:
        """The values of any field, typed or computed, one for each row of the State."""
        state = self.reading.state.tables[table.id]
        if field in state.columns:
            return state.columns[field]
        return tuple(self.compiled.environment.column(table.id, field)[: state.size])


@contextmanager
def standing(
    content: bytes, *, name: str, today: date, as_of: date | None = None, rows_only: bool = False
) -> Iterator[Standing]:
    """The workbook as of its own date, or of another. Dates are those of its date system inside of `with` only.

    With `rows_only` boards are not computed, and the rows are as a refresh would leave them: empty cells of new ones
    have their defaults, relabelled list values their new words. Raises WorkbookRefused.
    """
    contents = Contents(Package.of(content, name), condensing=True)
    with date_system(since_1904=contents.package.workbook.date1904):
        reading = read(contents, Options(today, accept_deletions=True))
        if as_of is not None:
            reading = with_date(reading, as_of, [], [])
        effective = effective_date(reading, today)
        history, changes = remembered(reading.record)
        # What people changed since the last refresh is told as the next one will log it.
        log = logged_changes(reading, contents, followed(reading, apply=False).pending, today)
        model = reading.record.model
        if rows_only:
            reading = settled(followed(reading, apply=False).reading, serial_of_date(effective)).reading
            model = replace(model, boards=(), history=None)
        context = Context(
            model,
            reading.record.language,
            reading.state,
            serial_of_date(effective),
            reading.sizes,
            __version__,
            history,
            (*changes, *log),
            serial_of_date(today),
            reading.names,
        )
        yield Standing(contents, reading, context, compiled(context), effective)
