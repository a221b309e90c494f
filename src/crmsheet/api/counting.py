"""How many rows the tables of a workbook have, at a glance.

Knows tables' ranges and which of their rows hold something that people entered. Does not read values: rows typed just
below a table are not counted, nor is it looked whether the workbook could be served.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsheet.errors import WorkbookRefused
from crmsheet.model.baseline import TableMark
from crmsheet.model.spec import FieldType, Table
from crmsheet.opc.package import Package
from crmsheet.read import read_record
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.decode import Cell
from crmsheet.sheetml.tables import Table as TablePart
from crmsheet.sheetml.tables import tables_of


def row_counts(content: bytes, name: str) -> tuple[tuple[str, int], ...]:
    """Label and number of rows of each table, in the order of the spec; nothing for what is no book of ours."""
    try:
        package = Package.of(content, name)
        contents = Contents(package, looking=True)
        record, _ = read_record(contents)
        found = {
            part.name.casefold(): (sheet.name, part)
            for sheet in package.workbook.sheets
            for part in tables_of(package, sheet.part)
        }
        return tuple(
            (table.label.text(record.language), _filled(contents, *found[mark.name.casefold()], table, mark))
            for table in record.model.tables
            if (mark := record.tables.get(table.id)) is not None and mark.name.casefold() in found
        )
    except WorkbookRefused:
        return ()


def _filled(contents: Contents, sheet: str, part: TablePart, table: Table, mark: TableMark) -> int:
    """The rows in which people entered something; all of them where no column is called as it was."""
    body, cells = part.body, contents.sheet(sheet)
    size = body.bottom - body.top + 1
    entered = {f.id for f in table.fields if not f.type.computed and f.type is not FieldType.ID}
    headers = {m.header for m in mark.columns if m.id in entered}
    columns = [body.left + at for at, column in enumerate(part.columns) if column.name in headers]
    if cells is None or not columns:
        return size
    return sum(_says_something(cells.row(row), columns) for row in range(body.top, body.bottom + 1))


def _says_something(row: Mapping[int, Cell], columns: list[int]) -> bool:
    return any((cell := row.get(column)) is not None and cell.value not in (None, "") for column in columns)
