"""Table parts, and the rows of tables for the row writer.

Knows what a table part says and that a column's name in it is its header cell's text.
Does not know the sheet around the table. XlsxWriter's own `add_table` is not used: it keeps a record for
every cell and writes a zero as every computed value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from crmsheet.excel.escaping import x_escaped
from crmsheet.excel.references import RangeRef
from crmsheet.plan.place import Addresses
from crmsheet.plan.tables import PlanTable
from crmsheet.sheetml.rowwriting import ColumnFormat, FreshRows
from crmsheet.write.looks import Looks
from crmsheet.write.rows import LooseCell
from crmsheet.write.strict import internal_error

PartValue: TypeAlias = str | int | bool | list[dict[str, str | int | None]]


def header_cells(table: PlanTable, looks: Looks) -> Mapping[tuple[int, int], LooseCell]:
    """The header row, by place."""
    return {
        (table.row, column): LooseCell(c.header, style=looks.index(c.header_style))
        for column, c in enumerate(table.columns, table.column)
    }


def data_rows(table: PlanTable, addresses: Addresses, looks: Looks) -> FreshRows:
    """The data rows, computed columns with their formula."""
    for c in table.columns:
        if len(c.values) != table.length:
            raise internal_error(
                f"column {c.id} of table {table.id} has {len(c.values)} values for {table.length} rows"
            )
    return FreshRows(
        first_row=table.row + 1,
        length=table.length,
        formats=tuple(
            ColumnFormat(column, looks.index(c.style), "" if c.formula is None else addresses.text(c.formula))
            for column, c in enumerate(table.columns, table.column)
        ),
        columns=tuple(c.values for c in table.columns),
    )


def part(table: PlanTable, addresses: Addresses) -> dict[str, PartValue]:
    """What XlsxWriter's table part writer is told."""
    area = str(
        RangeRef(table.row, table.column, table.row + table.length, table.column + len(table.columns) - 1)
    )
    return {
        "name": table.name,
        "range": area,
        "autofilter": area,
        "header_row_count": 1,
        "totals_row_shown": 0,
        "style": table.table_style,
        "show_first_col": False,
        "show_last_col": False,
        "show_row_stripes": True,
        "show_col_stripes": False,
        "columns": [
            {
                "id": number,
                "name": column_name(c.header),
                "formula": None if c.formula is None else addresses.text(c.formula),
            }
            for number, c in enumerate(table.columns, 1)
        ],
    }


def column_name(header: str) -> str:
    """A header as `tableColumn` has it: Excel writes line breaks there as `_x000a_`."""
    return x_escaped(header).replace("\r", "_x000d_").replace("\n", "_x000a_").replace("\t", "_x0009_")
