"""The proof that a package reads as renamed in every place, and is as it was in all others.

Compares two packages as they are read, independently of how the second was made: cell by cell, and element by
element in all other parts. Does not know offsets nor which places were looked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Final
from urllib.parse import unquote

from crmsheet.excel.escaping import x_unescaped
from crmsheet.excel.references import a1
from crmsheet.excel.values import Value
from crmsheet.formulas.places import header_key
from crmsheet.formulas.renaming import Renames, renamed
from crmsheet.opc.workbook import Sheet, SheetKind
from crmsheet.opc.xmltree import Element, attribute_text
from crmsheet.refresh.renames.pivots import field_formula, renamed_fields
from crmsheet.refresh.renames.spots import Naming
from crmsheet.sheetml.contents import Contents, SheetCells
from crmsheet.sheetml.decode import Cell, CellKind
from crmsheet.sheetml.names import defined_names
from crmsheet.sheetml.tables import Table, tables_of

_COLUMN_FORMULAS: Final = ("calculatedColumnFormula", "totalsRowFormula")
_FORMULAS: Final = ("f", "nf", "formula", "formula1", "formula2", *_COLUMN_FORMULAS)
_WITH_FORMULAS: Final = ("worksheet+xml", "table+xml", "chart+xml", "chartex+xml", "macrosheet+xml")
_XML: Final = ("+xml", "/xml")
_VML_TEXT: Final = re.compile(rb"(?<=>)[^<>]+(?=</)")


def renamed_only(before: Contents, after: Contents, renames: Renames) -> Iterator[str]:
    """Each way in which the second package is not the first one as renamed, in words; none when it is."""
    proof = _Proof(before, after, renames)
    if before.package.parts != after.package.parts:
        yield "there are other parts than before"
        return
    yield from proof.sheets()
    yield from proof.names()
    for part in before.package.parts:
        yield from proof.part(part)


class _Proof:
    def __init__(self, before: Contents, after: Contents, renames: Renames) -> None:
        self._before = before
        self._after = after
        self._renames = renames
        self._naming = Naming.of(before.package, renames)
        self._readings: dict[tuple[str, str, str], str] = {}
        self._still = Renames(renames.sheets, renames.tables, renames.columns, renames.names)

    def sheets(self) -> Iterator[str]:
        """Every sheet under its new name, with every cell."""
        old, new = self._before.package.workbook.sheets, self._after.package.workbook.sheets
        for left, right in zip_longest(old, new):
            if left is None or right is None:
                yield "there are more or fewer sheets than before"
            elif right.name != self._renames.sheet(left.name):
                yield f"the sheet {left.name} is called {right.name}"
            elif left.kind is SheetKind.WORKSHEET:
                yield from self._cells(left, right)

    def _cells(self, left: Sheet, right: Sheet) -> Iterator[str]:
        old, new = self._before.sheet(left.name), self._after.sheet(right.name)
        if old is None or new is None:
            yield f"the cells of {left.name} are gone"
            return
        tables = tables_of(self._before.package, left.part)
        headers = dict(self._headers(tables))
        rows_with_headers = {row for row, _ in headers}
        for row in sorted(old.rows.keys() | new.rows.keys()):
            if row not in rows_with_headers and old.rows.get(row) == new.rows.get(row):
                if not self._stays(left, tables, old.rows[row]):
                    yield f"{left.name}, row {row + 1}: a formula is as it was"
                continue
            one, other = old.row(row), new.row(row)
            for column in sorted(one.keys() | other.keys()):
                wanted = headers.pop((row, column), None)
                there = self._cell_problem(left, tables, one.get(column), other.get(column), wanted)
                if there:
                    yield f"{left.name}!{a1(row, column)} {there}"
        yield from (f"{left.name}!{a1(*place)} does not show '{text}'" for place, text in headers.items())

    def _stays(self, sheet: Sheet, tables: tuple[Table, ...], cells: Sequence[Cell]) -> bool:
        """Whether all formulas of a row mention nothing renamed."""
        for cell in cells:
            if cell.formula is not None:
                table = next((t.name for t in tables if t.ref.contains(cell.row, cell.column)), "")
                if self._reading(cell.formula, sheet, table) != cell.formula:
                    return False
        return True

    def _headers(self, tables: tuple[Table, ...]) -> Iterator[tuple[tuple[int, int], str]]:
        for table in tables:
            for index, column in enumerate(table.columns):
                new = self._renames.header(table.name, column.name)
                if new != column.name and table.header_rows:
                    yield (table.ref.top, table.ref.left + index), new

    def _cell_problem(
        self, sheet: Sheet, tables: tuple[Table, ...], old: Cell | None, new: Cell | None, header: str | None
    ) -> str:
        if header is not None:
            shown = None if new is None else new.value
            same_look = old is None or (new is not None and old.style == new.style)
            return "" if shown == header and same_look else f"shows '{shown}', not '{header}'"
        if old is None or new is None:
            return "was not there before" if old is None else "is gone"
        if _held(old) != _held(new):
            return "has another value or format"
        if old.formula is None or new.formula is None:
            return "" if old.formula == new.formula else "has a formula or lost one"
        table = next((t.name for t in tables if t.ref.contains(old.row, old.column)), "")
        wanted = self._reading(old.formula, sheet, table)
        return "" if new.formula == wanted else f"is ={new.formula}, not ={wanted}"

    def _reading(self, text: str, sheet: Sheet, table: str) -> str:
        key = (text, sheet.name, table)
        found = self._readings.get(key)
        if found is None:
            found = self._readings[key] = self._naming.formula(text, sheet, own_table=table)
        return found

    def names(self) -> Iterator[str]:
        """Every defined name under its new name, with its new meaning."""
        sheets = self._before.package.workbook.sheets
        for old, new in zip_longest(defined_names(self._before.package), defined_names(self._after.package)):
            if old is None or new is None:
                yield "there are more or fewer names than before"
                continue
            local = old.sheet_index
            sheet = sheets[local] if local is not None and local < len(sheets) else None
            name = self._renames.name(old.name) if local is None else old.name
            text = renamed(
                old.text, self._naming.on(sheet), sheet=sheet.name if sheet else "", fixed_only=True
            )
            if (new.name, new.text, new.sheet_index, new.hidden) != (name, text, local, old.hidden):
                yield f"the name {old.name} is {new.name} ={new.text}, not {name} ={text}"

    # Other parts

    def part(self, part: str) -> Iterator[str]:
        """One part without its cells."""
        old, new = self._before.package, self._after.package
        content_type = old.content_types.of(part).casefold()
        same = old.read(part) == new.read(part)
        if same and not content_type.endswith(_WITH_FORMULAS):
            return
        if content_type.endswith("vmldrawing"):
            yield from self._vml(part)
        elif part.endswith(".rels") or content_type.endswith(_XML):
            sheet = self._naming.sheet_of_part.get(part)
            cells = self._before.sheet(sheet.name) if _is_sheet(sheet, part) and sheet else None
            renamed_cells = self._after.sheet(self._renames.sheet(sheet.name)) if cells and sheet else None
            left, right = _root(old.tree, cells, part), _root(new.tree, renamed_cells, part)
            for problem in self._elements(part, left, right, sheet):
                yield f"{part}: {problem}"
        else:
            yield f"{part} changed"

    def _elements(self, part: str, old: Element, new: Element, sheet: Sheet | None) -> Iterator[str]:
        if (old.name, tuple(old.attributes)) != (new.name, tuple(new.attributes)) or len(old.children) != len(
            new.children
        ):
            yield f"<{old.name}> is built otherwise"
            return
        if old.local in _FORMULAS and not old.children:
            if new.text not in self._wanted(part, old, sheet):
                yield f"<{old.name}> is {new.text}, where {old.text} was"
        elif (
            new.text != old.text
            and old.local != "definedName"
            and not self._may_become(part, old, "", old.text, new.text, sheet)
        ):
            yield f"<{old.name}> is {new.text}, where {old.text} was"
        for name, value in old.attributes.items():
            other = new.attributes[name]
            if other != value and not self._may_become(part, old, name, value, other, sheet):
                yield f"{name} of <{old.name}> is {other}, where {value} was"
        for left, right in zip(old.children, new.children, strict=True):
            yield from self._elements(part, left, right, sheet)

    def _wanted(self, part: str, element: Element, sheet: Sheet | None) -> tuple[str, ...]:
        """What a formula may read from now on; a rule for many cells may have to stay where cells moved."""
        text, name = element.text, "" if sheet is None else sheet.name
        table = ""
        if element.local in _COLUMN_FORMULAS:
            table = self._before.package.tree(part).get("displayName")
        renames = self._naming.on(sheet)
        wanted = renamed(text, renames, own_table=table, sheet=name)
        book = re.fullmatch(r"'?[^'!\[\]]+\.[xX][lL]\w+'?!(.+)", text)
        by_book = text[: book.start(1)] + self._renames.name(book[1]) if book is not None else wanted
        if renames.moves and element.local.startswith("f"):
            return wanted, by_book, renamed(text, self._still, own_table=table, sheet=name)
        return wanted, by_book

    def _may_become(
        self, part: str, element: Element, attribute: str, old: str, new: str, sheet: Sheet | None
    ) -> bool:
        """Whether a text or an attribute reads as some name or formula in it does from now on."""
        renames = self._renames
        match element.local, attribute:
            case "sheet" | "worksheetSource" | "rangeSet" | "dataRef", "name" | "sheet" | "ref":
                area = self._naming.formula(old, None) if attribute != "ref" else new
                return new in (renames.sheet(old), renames.name(old), renames.table(old), area)
            case "definedName", "name":
                return new == renames.name(old)
            case "table", "name" | "displayName":
                return new == renames.table(old)
            case "tableColumn", "name" | "uniqueName":
                table = self._before.package.tree(part).get("displayName")
                return x_unescaped(new) == renames.header(table, x_unescaped(old))
            case "cacheField" | "calculatedItem", "name" | "formula":
                fields = renamed_fields(self._naming, part)
                header = fields.get(header_key(x_unescaped(old)), "")
                return (
                    x_unescaped(new) == header if attribute == "name" else new == field_formula(old, fields)
                )
            case (("slicerCacheDefinition" | "timelineCacheDefinition"), "sourceName"):
                headers = {(t, header_key(h)): n for t, m in renames.columns.items() for h, n in m.items()}
                return any(
                    k == header_key(x_unescaped(old)) and n == x_unescaped(new)
                    for (_, k), n in headers.items()
                )
            case "Relationship", "Target":
                return old.startswith("#") and unquote(new[1:]) == self._naming.location(
                    unquote(old[1:]), None
                )
            case "hyperlink", "location":
                return new == self._naming.location(old, sheet)
            case "name", "":
                return any(f"]{s}" in old and new.replace(n, s) == old for s, n in self._spellings())
            case _, ("val" | "textlink" | "cellRange" | "linkedCell" | "listFillRange" | "r"):
                return new == self._naming.formula(old, sheet)
            case ("formControlPr", _) | ("sqref", ""):
                return new == self._naming.formula(old, sheet)
            case _:
                return False

    def _spellings(self) -> Iterator[tuple[str, str]]:
        """Old and new sheet names, plain and as in quotes."""
        for old, new in self._renames.sheets.items():
            yield f"{old}!", f"{new}!"
            yield f"{old}'!".replace("'", "''", old.count("'")), f"{new}'!".replace("'", "''", new.count("'"))

    def _vml(self, part: str) -> Iterator[str]:
        sheet = self._naming.sheet_of_part.get(part)
        old, new = self._before.package.read(part), self._after.package.read(part)
        if _VML_TEXT.sub(b"", old) != _VML_TEXT.sub(b"", new):
            yield f"{part} changed outside its texts"
            return
        for left, right in zip(_VML_TEXT.findall(old), _VML_TEXT.findall(new), strict=True):
            if left != right and attribute_text(right) != self._naming.formula(attribute_text(left), sheet):
                yield f"{part}: {right.decode(errors='replace')} stands where {left.decode(errors='replace')} was"


def _held(cell: Cell) -> tuple[int, CellKind, Value]:
    return cell.style, cell.kind, cell.value


def _is_sheet(sheet: Sheet | None, part: str) -> bool:
    return sheet is not None and sheet.part == part and sheet.kind is SheetKind.WORKSHEET


def _root(tree: Callable[[str], Element], cells: SheetCells | None, part: str) -> Element:
    """A part's tree; of a sheet the tree without its rows."""
    return tree(part) if cells is None else cells.scan.frame
