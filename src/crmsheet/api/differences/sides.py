"""A book as it is compared: its reading, and the cells of its tables by row.

Knows where cells stand. Does not know the other book.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

from crmsheet.api.differences.contents import kind_of, meaning
from crmsheet.api.differences.found import BookState, Where
from crmsheet.api.reading import Options, read
from crmsheet.compile.settings import AS_OF_CELL
from crmsheet.excel.dates import date_of, date_system
from crmsheet.excel.references import a1
from crmsheet.excel.values import Value
from crmsheet.model.spec import Field, Model, Table
from crmsheet.model.words import Language
from crmsheet.opc.package import Package
from crmsheet.read import Reading
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.decode import Cell, is_computing
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two books."""

    name: str
    contents: Contents
    reading: Reading

    @property
    def model(self) -> Model:
        return self.reading.record.model

    @property
    def language(self) -> Language:
        return self.reading.record.language

    @contextmanager
    def dates(self) -> Iterator[None]:
        """Inside, serials are those of this workbook."""
        with date_system(since_1904=self.contents.package.workbook.date1904):
            yield

    def anchored(self, anchor: str, row: int, column: int) -> tuple[Where, Cell | None]:
        """A cell of a block, and where it stands; nowhere when the block is gone."""
        place = self.reading.layout.anchors.get(anchor)
        if place is None or row >= len(place.rows) or column >= len(place.columns):
            return Where(), None
        at = place.rows[row], place.columns[column]
        sheet = self.contents.sheet(place.sheet)
        return Where(place.sheet, a1(*at)), sheet.at(*at) if sheet is not None else None

    def input(self, holds: str) -> tuple[Where, Cell | None]:
        """The input cell of a setting, a selector or the as-of date."""
        anchor, row, column = self.reading.record.inputs.get(holds, ("", 0, 0))
        return self.anchored(anchor, row, column)

    def state(self) -> BookState:
        """What there is to say of the book as a whole."""
        _, cell = self.anchored(AS_OF_CELL.anchor, AS_OF_CELL.row, AS_OF_CELL.column)
        as_of = ""
        if cell is not None and isinstance(cell.value, int | float):
            with self.dates():
                try:
                    as_of = date_of(cell.value).isoformat()
                except (ValueError, OverflowError):
                    as_of = ""
        return BookState(self.name, as_of, self.language.value, self.reading.record.book_code)


def opened(content: bytes, name: str, today: date) -> Side:
    """Read a book. Raises WorkbookRefused for what is none of ours, or cannot be told apart row by row."""
    contents = Contents(Package.of(content, name), condensing=True, looking=True)
    with date_system(since_1904=contents.package.workbook.date1904):
        reading = read(contents, Options(today, accept_deletions=True))
    return Side(name, contents, reading)


@dataclass(frozen=True, slots=True)
class Written:
    """The cells of a field as they stand, row by row: values and formulas, None where there is none."""

    values: Sequence[Value] = ()
    formulas: Sequence[str | None] = ()

    def formula(self, index: int) -> str:
        """A formula that is more than a plain value."""
        found = self.formulas[index] if self.formulas else None
        return (found or "") if is_computing(found) else ""

    def typed_over(self, index: int) -> bool:
        """Whether a constant stands there, in a column that has a formula."""
        return self.formulas[index] is None and self.values[index] not in (None, "")

    def without_value(self, index: int) -> bool:
        """Whether a formula has no value stored: the program that saved the workbook does not compute."""
        return self.formulas[index] is not None and self.values[index] is None


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table that are not blank: `ids`, sheet rows, and of each field a cell for every row.

    `provisional` are the indexes of rows whose ids stand in no cell yet: two books may have given the same
    one to different rows. `formulas` are the fields whose column has a formula.
    """

    table: Table
    sheet: str
    ids: tuple[str, ...]
    rows: tuple[int, ...]
    cells: Mapping[str, Written]
    values: Mapping[str, tuple[Value, ...]]
    places: Mapping[str, int]
    headers: Mapping[str, str]
    provisional: frozenset[int]
    formulas: frozenset[str]
    numbers: tuple[Value, ...]
    """What to call a row whose key cell is still empty: the number it will get."""

    @property
    def size(self) -> int:
        return len(self.ids)

    def key(self, index: int) -> Value:
        """The key as it stands in the sheet."""
        column = self.values.get(self.table.key)
        return column[index] if column is not None else None

    def where(self, index: int, field: str) -> Where:
        column = self.places.get(field)
        return Where(self.sheet, a1(self.rows[index], column)) if column is not None else Where(self.sheet)

    def key_place(self, index: int) -> Where:
        return self.where(index, self.table.key)

    def inputs(self) -> Iterator[Field]:
        """The fields that people fill."""
        return (f for f in self.table.fields if not f.type.computed and f.id in self.cells)


def rows_of(side: Side, table: Table) -> Rows:
    """The rows of one table."""
    found, read_rows = side.reading.tables[table.id], side.reading.rows[table.id]
    place, state = side.reading.layout.tables[table.id], side.reading.state.tables[table.id]
    kept = [i for i, id_ in enumerate(state.ids) if id_]
    columns = {f.id: place.columns[f.id] for f in table.fields if f.id in place.columns}
    rows = tuple(read_rows.rows[i] for i in kept)
    cells = {id_: Written(*found.cells.rows.column(at, rows)) for id_, at in columns.items()}
    with side.dates():
        values = {
            id_: tuple(meaning(value, kind) for value in cells[id_].values)
            for id_, kind in ((f.id, kind_of(f)) for f in table.fields)
            if id_ in cells
        }
        keys = state.columns.get(table.key)
        kind = kind_of(table.field(table.key))
        numbers = tuple(meaning(keys[i], kind) for i in kept) if keys is not None else (None,) * len(kept)
    fresh = {*read_rows.identity.new, *read_rows.identity.copied}
    left = found.part.ref.left
    return Rows(
        table,
        place.sheet,
        tuple(state.ids[i] for i in kept),
        rows,
        cells,
        values,
        columns,
        {f.id: place.headers[f.id] for f in table.fields if f.id in place.headers},
        frozenset(index for index, i in enumerate(kept) if i in fresh),
        frozenset(id_ for id_, at in columns.items() if found.part.columns[at - left].formula),
        numbers,
    )
