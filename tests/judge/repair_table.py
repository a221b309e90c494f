"""Causes of a repair prompt that lie in tables: headers, areas, ids, names, column formulas.

Knows table parts and the header cells of their sheets. Does not know other cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.judge.formula_lint import Known, formula_problems
from tests.judge.package import (
    Element,
    Package,
    Sheet,
    area,
    child,
    children,
    column_letters,
    items,
    unescape,
)
from tests.judge.repair_package import duplicates
from tests.judge.repair_sheet import SheetScan, overlap

_NAME = re.compile(r"[^\W\d][\w.\\?]*|\\[\w.\\?]*")
_LIKE_A_CELL = re.compile(r"[A-Z]{1,3}[0-9]{1,7}|R[0-9]*C[0-9]*|[RC]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """A table part and where it lies."""

    part: str
    root: Element
    box: tuple[int, int, int, int]
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name formulas use."""
        return str(self.root.get("displayName", ""))

    @property
    def header(self) -> int:
        """The number of header rows, 0 or 1."""
        return int(self.root.get("headerRowCount", 1))

    @property
    def totals(self) -> int:
        """The number of totals rows, 0 or 1."""
        return int(self.root.get("totalsRowCount", 0))

    def wanted(self) -> set[tuple[int, int]]:
        """The header cells and the first data row, which the checks must see."""
        top, left, _, right = self.box
        rows = (top, top + 1) if self.header else (top,)
        return {(row, column) for row in rows for column in range(left, right + 1)}


def tables(package: Package, sheet: Sheet) -> list[Table]:
    """The tables of a sheet; a readable `ref` is taken for granted by their other checks."""
    found = []
    for part in package.related(sheet.part, "table"):
        root = package.root(part)
        names = tuple(unescape(str(e.get("name", ""))) for e in items(root, "tableColumns"))
        found.append(Table(part, root, area(str(root.get("ref"))), names))
    return found


def valid_name(name: str) -> bool:
    """Whether Excel accepts the text as the name of a table or of a range."""
    return _NAME.fullmatch(name) is not None and _LIKE_A_CELL.fullmatch(name) is None and len(name) <= 255


def global_problems(package: Package, found: list[Table]) -> Iterator[str]:
    """Ids and names that two tables share, or a table and a defined name."""
    for number in duplicates(str(table.root.get("id")) for table in found):
        yield f"two tables have the id {number}"
    names = [name.lower() for scope, name in package.names if not scope]
    for name in duplicates([table.name.lower() for table in found] + sorted(set(names))):
        yield f"{name}: two tables, or a table and a defined name"
    for part in duplicates(table.part for table in found):
        yield f"{part}: table of two sheets"


def table_problems(
    table: Table, root: Element, scan: SheetScan, known: Known, *, dialect: bool
) -> Iterator[str]:
    """What is wrong with one table; `root` is its sheet without rows."""
    yield from _shape_problems(table)
    yield from _column_problems(table, scan)
    yield from _formula_problems(table, scan, known, dialect)
    top, left, bottom, right = table.box
    for element in items(root, "mergeCells"):
        if overlap(table.box, area(str(element.get("ref")))):
            yield f"merged cells {element.get('ref')} inside"
    own = child(root, "autoFilter")
    if own is not None and overlap(table.box, area(str(own.get("ref")))):
        yield f"the sheet's filter {own.get('ref')} overlaps it"
    for ref in scan.array_areas:
        if ":" in ref and overlap(table.box, area(ref)):
            yield f"an array formula in {ref} inside"
    if not (table.name and valid_name(table.name)):
        yield f"the name {table.name!r}"
    if bottom - top + 1 - table.header - table.totals < 1:
        yield "no data row"
    if right - left + 1 != len(table.names):
        yield f"{right - left + 1} columns wide, {len(table.names)} columns declared"


def _shape_problems(table: Table) -> Iterator[str]:
    top, left, bottom, right = table.box
    wanted = (top, left, bottom - table.totals, right)
    filters = child(table.root, "autoFilter")
    if filters is not None and not table.header:
        yield "a filter without a header row"
    if filters is not None and area(str(filters.get("ref"))) != wanted:
        yield f"the filter covers {filters.get('ref')}, the table {table.root.get('ref')}"
    for column in children(filters, "filterColumn") if filters is not None else ():
        if int(column.get("colId")) > right - left:
            yield f"a filter on column {column.get('colId')}"
    order = ["autoFilter", "sortState", "tableColumns", "tableStyleInfo", "extLst"]
    present = [name for name in order if child(table.root, name) is not None]
    if [str(e.tag).rpartition("}")[2] for e in table.root if isinstance(e.tag, str)] != present:
        yield "children out of order"


def _column_problems(table: Table, scan: SheetScan) -> Iterator[str]:
    holder = child(table.root, "tableColumns")
    columns = items(table.root, "tableColumns")
    if holder is not None and holder.get("count") not in (None, str(len(columns))):
        yield f"<tableColumns> says {holder.get('count')}, there are {len(columns)}"
    for number in duplicates(str(e.get("id")) for e in columns):
        yield f"two columns have the id {number}"
    for name in duplicates(name.lower() for name in table.names):
        yield f"two columns are called {name!r}"
    top, left, _, _ = table.box
    for offset, name in enumerate(table.names):
        where = f"{column_letters(left + offset)}{top}"
        if not name.strip():
            yield f"{where}: a column without a name"
        elif len(name) > 255:
            yield f"{where}: a column name of {len(name)} characters"
        shown = scan.kept.get((top, left + offset), ("", ""))
        if table.header and shown[0] != "text:" + name:
            yield f"{where}: the header cell holds {shown[0]!r}, the column is called {name!r}"
        if table.header and shown[1]:
            yield f"{where}: a formula in the header"


def _formula_problems(table: Table, scan: SheetScan, known: Known, dialect: bool) -> Iterator[str]:
    top, left, _, _ = table.box
    for offset, column in enumerate(items(table.root, "tableColumns")):
        for name in ("calculatedColumnFormula", "totalsRowFormula"):
            found = child(column, name)
            if found is None:
                continue
            text = str(found.text or "")
            for problem in formula_problems(text, known, dialect=dialect):
                yield f"{name} of {table.names[offset]!r}: {problem}"
            first = scan.kept.get((top + table.header, left + offset), ("", ""))[1]
            if dialect and name == "calculatedColumnFormula" and first and first != text:
                yield f"the first cell of {table.names[offset]!r} computes {first!r}, its column {text!r}"
        if column.get("dataDxfId") and not column.get("dataDxfId").isdigit():
            yield f"the look {column.get('dataDxfId')!r} of {table.names[offset]!r}"
