"""A whole workbook as plain data: values, formulas, formats, merged cells, tables, drop-downs, colours.

Knows how openpyxl shows these. Does not know what any of it means (`crmsheet.adopt`).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crmsheet.errors import UsageError
from crmsheet.excel.references import RangeRef, parse_range
from crmsheet.intake.grids import Raw, SourceKind
from crmsheet.intake.openpyxl_errors import openpyxl_reading
from crmsheet.intake.refusals import too_large
from crmsheet.intake.sources import read_source
from crmsheet.intake.workbook_files import WorkbookFile, workbook_file
from crmsheet.intake.workbooks import plain
from crmsheet.messages import say
from crmsheet.structs import dataclass, field

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_PLAIN: Final = (".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson")
CELLS: Final = 3_000_000


@dataclass(frozen=True, slots=True)
class BookCell:
    """A cell that holds something. `formula` begins with `=`; "" for a plain value."""

    value: Raw
    formula: str = ""
    format: str = "General"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class BookTable:
    """An Excel table."""

    name: str
    area: RangeRef
    header: bool
    totals: int


@dataclass(frozen=True, slots=True)
class BookList:
    """A drop-down: `formula` is a quoted list, a range or a name."""

    cells: tuple[RangeRef, ...]
    formula: str


@dataclass(frozen=True, slots=True)
class BookRule:
    """A conditional format; `kind` and `operator` are OOXML's words, `color` the fill's or the font's RRGGBB."""

    cells: tuple[RangeRef, ...]
    kind: str
    operator: str
    formulas: tuple[str, ...]
    text: str
    color: str


@dataclass(frozen=True, slots=True)
class BookSheet:
    name: str
    hidden: bool
    cells: Mapping[tuple[int, int], BookCell] = field(repr=False)
    """By 0-based row and column."""
    merged: tuple[RangeRef, ...] = ()
    tables: tuple[BookTable, ...] = ()
    lists: tuple[BookList, ...] = ()
    rules: tuple[BookRule, ...] = ()
    widths: Mapping[int, float] = field(default_factory=dict)
    """By 0-based column, where someone set one."""
    pictures: int = 0
    """Charts and images."""


@dataclass(frozen=True, slots=True)
class Book:
    file: str
    sheets: tuple[BookSheet, ...]
    names: Mapping[str, str]
    """Defined names and what they stand for."""
    unvalued: int = 0
    """How many formulas hold no computed value."""
    values_only: bool = False
    """openpyxl cannot read all of it: no formulas, formats, merged cells and so on."""

    def sheet(self, name: str) -> BookSheet | None:
        return next((s for s in self.sheets if s.name.casefold() == name.casefold()), None)


def read_book(path: Path) -> Book:
    """The workbook, or a file of another form as one. Raises WorkbookRefused, UsageError or OSError."""
    if path.suffix.lower() in _PLAIN:
        return _values_only(path, whole=True)
    file = workbook_file(path)
    try:
        return _whole(file)
    except UsageError:
        return _values_only(path)


def _values_only(path: Path, *, whole: bool = False) -> Book:
    """What can be read as a stream, which needs less of the file to be sound; of a text file that is all."""
    sheets = (
        BookSheet(
            sheet.name,
            sheet.hidden,
            {
                (max(0, row.number - (0 if sheet.kind is SourceKind.JSON else 1)), column): BookCell(value)
                for row in sheet.rows
                for column, value in enumerate(row.values)
                if value is not None and value != ""
            },
        )
        for sheet in read_source(path)
    )
    return Book(str(path), tuple(sheets), {}, values_only=not whole)


def _whole(file: WorkbookFile) -> Book:
    import openpyxl

    with openpyxl_reading(file.name):
        formulas = openpyxl.load_workbook(io.BytesIO(file.data), keep_links=False)
        values = openpyxl.load_workbook(io.BytesIO(file.data), data_only=True, keep_links=False)
        sheets = tuple(
            _sheet(file.name, sheet, values[sheet.title])
            for sheet in formulas.worksheets
            if hasattr(sheet, "iter_rows")
        )
        names = {
            name.casefold(): str(defined.attr_text)
            for name, defined in formulas.defined_names.items()
            if defined.attr_text
        }
    return Book(file.name, sheets, names, sum(file.unvalued(sheet.name) for sheet in sheets))


def _sheet(file: str, sheet: Worksheet, values: Worksheet) -> BookSheet:
    if len(sheet._cells) > CELLS:
        raise too_large(
            file,
            say("The sheet '{sheet}' has more than {count} cells.", sheet=sheet.title, count=f"{CELLS:,}"),
        )
    return BookSheet(
        sheet.title,
        sheet.sheet_state != "visible",
        dict(_cells(sheet, values)),
        tuple(parse_range(str(area.coord)) for area in sheet.merged_cells.ranges),
        tuple(_tables(sheet)),
        tuple(_lists(sheet)),
        tuple(_rules(sheet)),
        dict(_widths(sheet)),
        len(sheet._charts) + len(sheet._images),
    )


def _cells(sheet: Worksheet, values: Worksheet) -> Iterator[tuple[tuple[int, int], BookCell]]:
    found: Cell
    for (row, column), found in sheet._cells.items():
        value = found.value
        if value is None or value == "":
            continue
        formula = ""
        if found.data_type == "f":
            formula = value if isinstance(value, str) else str(getattr(value, "text", "") or "=")
            if not formula.startswith("="):
                formula = f"={formula}"
            other = values._cells.get((row, column))
            value = other.value if other is not None else None
        yield (
            (row - 1, column - 1),
            BookCell(plain(value), formula, str(found.number_format), bool(found.font and found.font.b)),
        )


def _tables(sheet: Worksheet) -> Iterator[BookTable]:
    for table in sheet.tables.values():
        yield BookTable(
            str(table.displayName or table.name),
            parse_range(str(table.ref)),
            table.headerRowCount != 0,
            int(table.totalsRowCount or 0),
        )


def _lists(sheet: Worksheet) -> Iterator[BookList]:
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list" and rule.formula1:
            cells = tuple(parse_range(str(area.coord)) for area in rule.sqref.ranges)
            yield BookList(cells, str(rule.formula1))


def _rules(sheet: Worksheet) -> Iterator[BookRule]:
    for block in sheet.conditional_formatting:
        cells = tuple(parse_range(str(area.coord)) for area in block.sqref.ranges)
        for rule in block.rules:
            yield BookRule(
                cells,
                str(rule.type),
                str(rule.operator or ""),
                tuple(str(formula) for formula in rule.formula or ()),
                str(rule.text or ""),
                _color(rule.dxf),
            )


def _color(look: object) -> str:
    fill, font = getattr(look, "fill", None), getattr(look, "font", None)
    for color in (
        getattr(fill, "bgColor", None),
        getattr(fill, "fgColor", None),
        getattr(font, "color", None),
    ):
        rgb = getattr(color, "rgb", None)
        if isinstance(rgb, str) and len(rgb) == 8 and rgb != "00000000":
            return rgb[2:].upper()
    return ""


def _widths(sheet: Worksheet) -> Iterator[tuple[int, float]]:
    from openpyxl.utils import column_index_from_string

    for letters, dimension in sheet.column_dimensions.items():
        if dimension.customWidth and dimension.width and not dimension.hidden:
            first = column_index_from_string(letters)
            last = max(first, int(dimension.max or first))
            for column in range(first, min(last, first + 60) + 1):
                yield column - 1, float(dimension.width)
