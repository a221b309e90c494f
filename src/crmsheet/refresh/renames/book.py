"""The workbook's part and its tables: sheet names, defined names, table names, headers, column formulas.

Knows which attributes say what a thing is called. Does not know the cells that show a header.
"""

from __future__ import annotations

from collections.abc import Iterator

from crmsheet.excel.escaping import x_unescaped
from crmsheet.formulas.places import header_key
from crmsheet.formulas.renaming import renamed
from crmsheet.opc.workbook import Sheet
from crmsheet.refresh.renames.spots import Mention, Naming, Spot, attribute_spot, text_spot, xstring
from crmsheet.sheetml.names import defined_names
from crmsheet.sheetml.tables import Table


def workbook_spots(naming: Naming) -> Iterator[Spot]:
    """What sheets and names are called, and what names mean."""
    package, renames = naming.package, naming.renames
    data, root = package.xml(package.workbook.part), package.tree(package.workbook.part)
    listed = root.child("sheets")
    for element in listed.all("sheet") if listed is not None else ():
        new = renames.sheet(element.get("name"))
        yield from attribute_spot(data, element, "name", Mention.SHEET, new)
    sheets = package.workbook.sheets
    for name in defined_names(package):
        local = name.sheet_index
        sheet = sheets[local] if local is not None and local < len(sheets) else None
        if local is None:
            yield from attribute_spot(data, name.element, "name", Mention.NAME, renames.name(name.name))
        text = renamed(
            name.text, naming.on(sheet), sheet="" if sheet is None else sheet.name, fixed_only=True
        )
        yield from text_spot(name.element, Mention.NAME, text)


def table_spots(naming: Naming, table: Table, sheet: Sheet) -> Iterator[Spot]:
    """What a table and its columns are called, and their formulas."""
    renames, root, data = naming.renames, table.element, table.data
    new = renames.table(table.name)
    if new != table.name:
        for attribute in ("displayName", "name"):
            if x_unescaped(root.get(attribute)).lower() == table.name.lower():
                yield from attribute_spot(data, root, attribute, Mention.TABLE, new)
    for column in table.columns:
        header = renames.header(table.name, column.name)
        if header != column.name:
            yield from attribute_spot(data, column.element, "name", Mention.TABLE, xstring(header))
            unique = x_unescaped(column.element.get("uniqueName"))
            if header_key(unique) == header_key(column.name):
                yield from attribute_spot(data, column.element, "uniqueName", Mention.TABLE, xstring(header))
        for local in ("calculatedColumnFormula", "totalsRowFormula"):
            for formula in column.element.all(local):
                text = naming.formula(formula.text, sheet, own_table=table.name)
                yield from text_spot(formula, Mention.TABLE, text)
