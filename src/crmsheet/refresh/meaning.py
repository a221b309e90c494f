"""Whether two formula texts mean the same, whoever wrote them.

Knows that programs rewrite formulas when they save. Does not know what a formula computes.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsheet.formulas.places import FormulaPlace, TableShape
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.tables import tables_of
from crmsheet.structs import dataclass, replace


@dataclass(frozen=True, slots=True)
class Meanings:
    """Compares formula texts in one workbook; equal texts need no look at what they say."""

    tables: Mapping[str, TableShape]

    @staticmethod
    def of(contents: Contents) -> Meanings:
        """With the tables of the workbook as they stand now."""
        shapes: dict[str, TableShape] = {}
        for sheet in contents.package.workbook.sheets:
            for table in tables_of(contents.package, sheet.part):
                body = table.body
                shapes[table.name.lower()] = TableShape(
                    sheet.name,
                    table.ref.top if table.header_rows else -1,
                    body.top,
                    body.bottom,
                    table.ref.left,
                    tuple(c.name for c in table.columns),
                    table.ref.bottom if table.totals_rows else -1,
                )
        return Meanings(shapes)

    def grown(self, bottoms: Mapping[str, int]) -> Meanings:
        """With some tables as long as they will be: their last rows, by table name."""
        longer = {name.lower(): bottom for name, bottom in bottoms.items()}
        return Meanings(
            {
                name: replace(shape, last_row=max(shape.last_row, longer.get(name, 0)))
                for name, shape in self.tables.items()
            }
        )

    def place(self, sheet: str, row: int, column: int) -> FormulaPlace:
        """A cell as the place of a formula."""
        return FormulaPlace(sheet, row, column, self.tables)

    def same(self, expected: str, found: str, sheet: str, row: int, column: int) -> bool:
        """Whether `found`, in that cell, means what `expected` means there."""
        if expected == found:
            return True
        from crmsheet.formulas.excel_text import same_meaning

        return same_meaning(expected, found, self.place(sheet, row, column))
