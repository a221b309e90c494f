"""Excel's references as fields: a formula of a sheet in the words of the spec.

Knows where the tables of the draft stand. Does not know what a formula is for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crmsheet.adopt.drafts import Draft, FieldDraft, TableDraft
from crmsheet.formulas.excel_tree import excel_tree
from crmsheet.formulas.places import FormulaPlace, TableShape
from crmsheet.formulas.tree import Area, Call, Cell, Column, Name, Node, Spot, rewritten, walk
from crmsheet.intake.books import Book
from crmsheet.structs import dataclass

_LAST: Final = 1_000_000


class NotOursError(Exception):
    """The formula says what the spec has no words for; the message names it."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Where everything stands."""

    tables: tuple[TableDraft, ...]
    shapes: Mapping[str, TableShape]
    """The Excel tables of the workbook, by name in lower case."""

    def tree(self, formula: str, sheet: str, row: int, column: int) -> Node:
        """The formula as a tree that still names sheets, rows and columns."""
        found = excel_tree(formula, FormulaPlace(sheet, row, column, self.shapes))
        if found is None:
            raise NotOursError(formula)
        return found

    def field_at(self, sheet: str, column: int, row: int = -1) -> tuple[TableDraft, FieldDraft] | None:
        """The field in a column of a sheet; with a row, only of the table that has it."""
        for table in self.tables:
            if table.sheet.lower() != sheet.lower():
                continue
            if row >= 0 and row not in table.region.rows and row not in table.region.header_rows:
                continue
            for field in table.fields:
                if field.column == column:
                    return table, field
        return None

    def column_of(self, area: Area) -> tuple[TableDraft, FieldDraft] | None:
        """The field whose every row an area of one column covers."""
        if area.left != area.right:
            return None
        for table in self.tables:
            if table.sheet.lower() == area.anchor.lower() and table.region.rows and _covers(area, table):
                found = next((f for f in table.fields if f.column == area.left), None)
                if found is not None:
                    return table, found
        return None

    def in_row(self, node: Node, table: TableDraft, row: int) -> Node:
        """The tree with this row's cells as fields and whole columns as columns."""

        def change(leaf: Node) -> Node | None:
            match leaf:
                case Spot(sheet, at, column):
                    if sheet.lower() != table.sheet.lower() or at != row:
                        raise NotOursError(f"{sheet}!")
                    found = next((f for f in table.fields if f.column == column), None)
                    if found is None:
                        raise NotOursError(sheet)
                    return Cell(table.id, found.id)
                case Area():
                    return self._area(leaf, table, row)
                case Call("TODAY", ()):
                    return Name("as_of")
                case Call("NOW", ()):
                    raise NotOursError("NOW")
                case Name():
                    raise NotOursError(leaf.id)
                case _:
                    return None

        return rewritten(node, change)

    def _area(self, area: Area, table: TableDraft, row: int) -> Node:
        found = self.column_of(area)
        if found is None:
            raise NotOursError(area.anchor)
        owner, field = found
        if area.top == area.bottom == row:
            return Cell(table.id, field.id)
        return Column(owner.id, field.id)


def _covers(area: Area, table: TableDraft) -> bool:
    rows = table.region.rows
    return area.top <= rows[0] and (area.bottom >= rows[-1] or area.bottom > _LAST)


def grounds(draft: Draft, book: Book) -> Grounds:
    shapes: dict[str, TableShape] = {}
    for sheet in book.sheets:
        for table in sheet.tables:
            area = table.area
            headers = tuple(
                str(cell.value) if (cell := sheet.cells.get((area.top, c))) is not None else ""
                for c in range(area.left, area.right + 1)
            )
            first = area.top + (1 if table.header else 0)
            shapes[table.name.lower()] = TableShape(
                sheet.name,
                area.top if table.header else -1,
                first,
                area.bottom - table.totals,
                area.left,
                headers,
            )
    return Grounds(draft.tables, shapes)


def mentions(node: Node, kind: type) -> bool:
    return any(isinstance(n, kind) for n in walk(node))
