"""A workbook under the hands of people: cells, rows, columns, names and sheets changed as Excel changes them.

Edits the XML of the parts with lxml and keeps all else; shares no code with crmsheet. What a program would
compute anew is not computed: formulas keep the value they had. Does not know what stands in the workbook.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree
from tests.judge.package import (
    CellError,
    Element,
    Package,
    Value,
    child,
    children,
    column_letters,
    descendants,
    items,
    local,
    parse,
    rich_text,
)
from tests.refresh.machine.cellrefs import (
    Box,
    Shift,
    box_of,
    mapped,
    ref_of,
    with_column_renamed,
    with_sheet_renamed,
)

NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_FORMULAS = ("f", "formula", "formula1", "formula2", "calculatedColumnFormula", "definedName")


@dataclass(frozen=True, slots=True)
class Held:
    """What a cell holds, taken out of its place: type, style, children."""

    kind: str | None
    style: str | None
    content: tuple[Element, ...]


@dataclass(slots=True)
class Page:
    """A worksheet: its rows and cells by number."""

    name: str
    part: str
    root: Element
    strings: tuple[str, ...]
    rows: dict[int, Element] = field(default_factory=dict)
    cells: dict[tuple[int, int], Element] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.index()

    def index(self) -> None:
        """Look up rows and cells again."""
        self.rows = {int(row.get("r")): row for row in self.data}
        self.cells = {box_of(c.get("r"))[:2]: c for row in self.data for c in row}

    @property
    def data(self) -> Element:
        return child(self.root, "sheetData")

    def value(self, row: int, column: int) -> Value:
        """The value that a cell shows."""
        cell = self.cells.get((row, column))
        if cell is None:
            return None
        inline, v = child(cell, "is"), child(cell, "v")
        if inline is not None:
            return rich_text(inline)
        if v is None or v.text is None:
            return "" if cell.get("t") == "str" and v is not None else None
        match cell.get("t"):
            case "s":
                return self.strings[int(v.text)]
            case "str":
                return str(v.text)
            case "b":
                return bool(v.text == "1")
            case "e":
                return CellError(str(v.text))
            case _:
                return float(v.text)

    def formula(self, row: int, column: int) -> str | None:
        """The formula of a cell."""
        cell = self.cells.get((row, column))
        f = child(cell, "f") if cell is not None else None
        return None if f is None else str(f.text or "")

    def style(self, row: int, column: int) -> str | None:
        """The number of a cell's format."""
        cell = self.cells.get((row, column))
        return None if cell is None else cell.get("s")

    def blank(self, row: int, column: int) -> bool:
        """Whether nothing stands in a cell."""
        return self.formula(row, column) is None and self.value(row, column) in (None, "")

    def ensure(self, row: int, column: int) -> Element:
        """The element of a cell, made when there is none, with the format of its column."""
        found = self.cells.get((row, column))
        if found is not None:
            return found
        line = self.rows.get(row)
        if line is None:
            line = etree.Element(f"{NS}row", r=str(row))
            at = sum(1 for number in self.rows if number < row)
            self.data.insert(at, line)
            self.rows[row] = line
        cell = etree.Element(f"{NS}c", r=f"{column_letters(column)}{row}")
        style = self.column_style(column)
        if style:
            cell.set("s", style)
        at = sum(1 for c in line if box_of(c.get("r"))[1] < column)
        line.insert(at, cell)
        self.cells[row, column] = cell
        return cell

    def column_style(self, column: int) -> str | None:
        """The format that new cells of a column get."""
        for col in items(self.root, "cols"):
            if int(col.get("min")) <= column <= int(col.get("max")):
                style = col.get("style")
                return None if style is None else str(style)
        return None

    def put(self, row: int, column: int, value: Value, formula: str | None = None) -> None:
        """Type into a cell: a constant, or a formula with the value it shows (None: not computed yet)."""
        cell = self.ensure(row, column)
        for inner in list(cell):
            cell.remove(inner)
        cell.attrib.pop("t", None)
        if formula is not None:
            etree.SubElement(cell, f"{NS}f").text = formula
        match value:
            case None:
                return
            case bool():
                cell.set("t", "b")
                etree.SubElement(cell, f"{NS}v").text = str(int(value))
            case int() | float():
                etree.SubElement(cell, f"{NS}v").text = repr(value)
            case CellError(code):
                cell.set("t", "e")
                etree.SubElement(cell, f"{NS}v").text = code
            case str() if formula is not None:
                cell.set("t", "str")
                etree.SubElement(cell, f"{NS}v").text = value
            case str():
                cell.set("t", "inlineStr")
                text = etree.SubElement(etree.SubElement(cell, f"{NS}is"), f"{NS}t")
                text.text = value
                text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")

    def held(self, row: int, column: int) -> Held:
        """A copy of what a cell holds."""
        cell = self.cells.get((row, column))
        if cell is None:
            return Held(None, None, ())
        return Held(cell.get("t"), cell.get("s"), tuple(deepcopy(inner) for inner in cell))

    def hold(self, row: int, column: int, held: Held, *, formats: bool = True) -> None:
        """Put there what was taken elsewhere."""
        cell = self.ensure(row, column)
        for inner in list(cell):
            cell.remove(inner)
        cell.attrib.pop("t", None)
        if held.kind is not None:
            cell.set("t", held.kind)
        if formats:
            cell.attrib.pop("s", None)
            if held.style is not None:
                cell.set("s", held.style)
        for inner in held.content:
            cell.append(deepcopy(inner))

    def drop_value(self, row: int, column: int) -> None:
        """Leave a formula without its value, as programs do that compute nothing."""
        cell = self.cells[row, column]
        v = child(cell, "v")
        if child(cell, "f") is not None and v is not None:
            cell.remove(v)
            cell.attrib.pop("t", None)


@dataclass(frozen=True, slots=True)
class TableHere:
    """A table where it stands now."""

    page: Page
    part: str
    root: Element

    @property
    def box(self) -> Box:
        return box_of(self.root.get("ref"))

    @property
    def names(self) -> list[str]:
        return [str(c.get("name")) for c in items(self.root, "tableColumns")]

    def column(self, header: str) -> int:
        """The sheet column of a header."""
        return int(self.box[1] + self.names.index(header))

    def stretch(self, bottom: int) -> None:
        """Drag the table's corner to another last row."""
        top, left, _, right = self.box
        self.root.set("ref", ref_of((top, left, bottom, right)))
        own = child(self.root, "autoFilter")
        if own is not None:
            own.set("ref", ref_of((top, left, bottom, right)))


class Book:
    """A workbook open for editing; `content` is the file as saved."""

    def __init__(self, content: bytes) -> None:
        package = Package(content)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self._trees: dict[str, Element] = {}
        self._workbook_part = package.workbook_part
        self.pages = {
            s.name: Page(s.name, s.part, self.tree(s.part), package.shared_strings)
            for s in package.worksheets
        }
        self._tables: dict[str, tuple[str, str]] = {}
        self._drawings: dict[str, tuple[str, ...]] = {}
        for sheet in package.worksheets:
            for part in package.related(sheet.part, "table"):
                self._tables[str(self.tree(part).get("displayName"))] = sheet.name, part
            self._drawings[sheet.name] = package.related(sheet.part, "drawing")
        self._styles = package.related(package.workbook_part, "styles")[0]
        self._charts = tuple(name for name in self.parts if "/charts/chart" in name)

    def tree(self, part: str) -> Element:
        """A part as elements; they are written back when the file is saved."""
        if part not in self._trees:
            self._trees[part] = parse(self.parts[part])
        return self._trees[part]

    def content(self) -> bytes:
        """The file."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, data in self.parts.items():
                tree = self._trees.get(name)
                written = (
                    data
                    if tree is None
                    else etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
                )
                archive.writestr(name, written)
        return stream.getvalue()

    @property
    def workbook(self) -> Element:
        return self.tree(self._workbook_part)

    def table(self, name: str) -> TableHere:
        """A table by its Excel name."""
        sheet, part = self._tables[name]
        return TableHere(self.pages[sheet], part, self.tree(part))

    def names(self) -> dict[str, str]:
        """Workbook names and what they say."""
        return {str(e.get("name")): str(e.text or "") for e in descendants(self.workbook, "definedName")}

    def delete_name(self, name: str) -> None:
        """Delete a workbook name."""
        for element in descendants(self.workbook, "definedName"):
            if element.get("name") == name:
                element.getparent().remove(element)

    # What touches every formula

    def _formulas(self) -> Iterator[tuple[Element, str]]:
        """Every formula element, with the sheet it stands on (empty elsewhere)."""
        for page in self.pages.values():
            for element in page.root.iter(*(f"{NS}{name}" for name in _FORMULAS)):
                yield element, page.name
        for sheet, part in self._tables.values():
            for element in self.tree(part).iter(f"{NS}calculatedColumnFormula"):
                yield element, sheet
        for element in descendants(self.workbook, "definedName"):
            yield element, ""
        for part in self._charts:
            for element in self.tree(part).iter("{*}f"):
                yield element, ""

    def _each_formula(self, change: Callable[[str, str], str]) -> None:
        for element, home in self._formulas():
            if element.text:
                element.text = change(element.text, home)

    def map_references(self, sheet: str, change: Callable[[Box], Box | None]) -> None:
        """Let all formulas follow cells of a sheet that moved."""

        def one(name: str, box: Box) -> Box | None:
            return change(box) if name.casefold() == sheet.casefold() else box

        self._each_formula(lambda text, home: mapped(text, home, one))

    def rename_sheet(self, old: str, new: str) -> None:
        """Double-click the tab and type."""
        for element in descendants(self.workbook, "sheet"):
            if element.get("name") == old:
                element.set("name", new)
        self._each_formula(lambda text, _: with_sheet_renamed(text, old, new))
        for page in self.pages.values():
            for link in items(page.root, "hyperlinks"):
                if link.get("location"):
                    link.set("location", with_sheet_renamed(link.get("location"), old, new))
        page = self.pages[old]
        page.name = new
        self.pages = {p.name: p for p in self.pages.values()}
        self._tables = {n: (new if s == old else s, part) for n, (s, part) in self._tables.items()}
        self._drawings = {new if s == old else s: d for s, d in self._drawings.items()}

    def rename_column(self, table: str, old: str, new: str) -> None:
        """Type another header over a table's column."""
        here = self.table(table)
        here.page.put(here.box[0], here.column(old), new)
        for column in items(here.root, "tableColumns"):
            if column.get("name") == old:
                column.set("name", new)
        self._each_formula(lambda text, _: with_column_renamed(text, table, old, new))

    # Rows and columns

    def shift_rows(self, sheet: str, shift: Shift) -> None:
        """Insert or delete whole rows."""
        page = self.pages[sheet]
        for row in list(page.data):
            number = shift.row(int(row.get("r")))
            if number is None:
                page.data.remove(row)
                continue
            row.set("r", str(number))
            for cell in row:
                cell.set("r", f"{column_letters(box_of(cell.get('r'))[1])}{number}")
        page.index()
        self._move_areas(page, shift.box)
        for name, (home, part) in self._tables.items():
            if home == sheet:
                root = self.tree(part)
                moved = shift.box(box_of(root.get("ref")))
                assert moved is not None, name
                for element in (root, child(root, "autoFilter")):
                    if element is not None:
                        element.set("ref", ref_of(moved))
        for part in self._drawings[sheet]:
            for end in self.tree(part).iter("{*}row"):
                number = int(end.text) + 1
                end.text = str((shift.row(number) or shift.at) - 1)
        self.map_references(sheet, shift.box)

    def move_column(self, table: str, header: str, before: str) -> dict[int, int]:
        """Cut a table's column and insert it before another; old to new sheet columns are returned."""
        here = self.table(table)
        page, (top, left, _, right) = here.page, here.box
        order = list(range(left, right + 1))
        source, target = here.column(header), here.column(before)
        order.remove(source)
        order.insert(order.index(target), source)
        now = {old: left + index for index, old in enumerate(order)}
        for row in sorted(r for r in page.rows if r >= top):
            taken = {c: page.held(row, c) for c in order if (row, c) in page.cells}
            for column in taken:
                page.rows[row].remove(page.cells.pop((row, column)))
            for column, held in taken.items():
                page.hold(row, now[column], held)
        self._permute_widths(page, now)
        columns = child(here.root, "tableColumns")
        elements = {left + index: element for index, element in enumerate(list(columns))}
        for old in order:
            columns.append(elements[old])

        def follow(box: Box) -> Box:
            if box[0] >= top and box[1] == box[3] and box[1] in now:
                return (box[0], now[box[1]], box[2], now[box[1]])
            return box

        self._move_areas(page, follow, merges=False)
        self.map_references(page.name, follow)
        return now

    def add_column(self, table: str, header: str) -> None:
        """Type a header right of a table; the table takes the column in."""
        here = self.table(table)
        top, left, bottom, right = here.box
        here.page.put(top, right + 1, header)
        columns = child(here.root, "tableColumns")
        number = 1 + max(int(c.get("id")) for c in columns)
        etree.SubElement(columns, f"{NS}tableColumn", id=str(number), name=header)
        columns.set("count", str(len(columns)))
        for element in (here.root, child(here.root, "autoFilter")):
            if element is not None:
                element.set("ref", ref_of((top, left, bottom, right + 1)))

    def _permute_widths(self, page: Page, now: dict[int, int]) -> None:
        cols = child(page.root, "cols")
        if cols is None:
            return
        single: list[tuple[int, Element]] = []
        for col in list(cols):
            first, last = int(col.get("min")), int(col.get("max"))
            cols.remove(col)
            if last - first > 200:
                single.append((first, col))
                continue
            for number in range(first, last + 1):
                one = deepcopy(col)
                at = str(now.get(number, number))
                one.set("min", at)
                one.set("max", at)
                single.append((int(at), one))
        for _, col in sorted(single, key=lambda pair: pair[0]):
            cols.append(col)

    def _move_areas(self, page: Page, change: Callable[[Box], Box | None], *, merges: bool = True) -> None:
        """Areas of a sheet's furniture follow: rules, merged cells, links, filters."""
        if merges:
            self._attributes(page, "mergeCells", "mergeCell", "ref", change)
        self._attributes(page, "dataValidations", "dataValidation", "sqref", change)
        self._attributes(page, "hyperlinks", "hyperlink", "ref", change)
        self._attributes(page, "ignoredErrors", "ignoredError", "sqref", change)
        for element in children(page.root, "conditionalFormatting"):
            self._area(element, "sqref", change)
        dimension = child(page.root, "dimension")
        if dimension is not None:
            page.root.remove(dimension)

    def _attributes(
        self, page: Page, holder: str, item: str, attribute: str, change: Callable[[Box], Box | None]
    ) -> None:
        outer = child(page.root, holder)
        for element in children(outer, item) if outer is not None else ():
            self._area(element, attribute, change)
        if outer is not None:
            if not len(outer):
                page.root.remove(outer)
            elif outer.get("count"):
                outer.set("count", str(len(outer)))

    @staticmethod
    def _area(element: Element, attribute: str, change: Callable[[Box], Box | None]) -> None:
        moved = [change(box_of(ref)) for ref in str(element.get(attribute)).split()]
        kept = [ref_of(box) for box in moved if box is not None]
        if kept:
            element.set(attribute, " ".join(kept))
        else:
            element.getparent().remove(element)

    # Looks

    def colour(self, page: Page, row: int, column: int, rgb: str) -> None:
        """Give a cell a background."""
        styles = self.tree(self._styles)
        fills, formats = child(styles, "fills"), child(styles, "cellXfs")
        cell = page.ensure(row, column)
        fill = etree.SubElement(fills, f"{NS}fill")
        pattern = etree.SubElement(fill, f"{NS}patternFill", patternType="solid")
        etree.SubElement(pattern, f"{NS}fgColor", rgb="FF" + rgb)
        new = deepcopy(list(formats)[int(cell.get("s", 0))])
        new.set("fillId", str(len(fills) - 1))
        new.set("applyFill", "1")
        formats.append(new)
        fills.set("count", str(len(fills)))
        formats.set("count", str(len(formats)))
        cell.set("s", str(len(formats) - 1))

    # Sheets

    def add_sheet(self, name: str) -> Page:
        """A new empty sheet behind the others."""
        number = 1 + max(
            int("".join(ch for ch in part if ch.isdigit()) or 0)
            for part in self.parts
            if part.startswith("xl/worksheets/")
        )
        part = f"xl/worksheets/sheet{number}.xml"
        self.parts[part] = (
            b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
        )
        types = self.tree("[Content_Types].xml")
        etree.SubElement(
            types, types.tag.replace("Types", "Override"), PartName=f"/{part}", ContentType=_SHEET_TYPE
        )
        folder, _, file = self._workbook_part.rpartition("/")
        relations = self.tree(f"{folder}/_rels/{file}.rels")
        taken = {r.get("Id") for r in relations}
        rid = next(f"rId{n}" for n in range(1, 1000) if f"rId{n}" not in taken)
        etree.SubElement(
            relations,
            f"{{{_RELATIONS}}}Relationship",
            Id=rid,
            Type=f"{_OFFICE}/worksheet",
            Target=f"/{part}",
        )
        sheets = child(self.workbook, "sheets")
        ids = {int(s.get("sheetId")) for s in sheets}
        element = etree.SubElement(sheets, f"{NS}sheet", name=name, sheetId=str(max(ids) + 1))
        element.set(f"{REL}id", rid)
        page = Page(name, part, self.tree(part), ())
        self.pages[name] = page
        self._drawings[name] = ()
        return page

    def delete_sheet(self, name: str) -> None:
        """Delete a sheet; formulas and names that point there say `#REF!`."""
        page = self.pages.pop(name)
        sheets = child(self.workbook, "sheets")
        at = next(i for i, s in enumerate(sheets) if s.get("name") == name)
        rid = sheets[at].get(f"{REL}id")
        sheets.remove(sheets[at])
        for element in descendants(self.workbook, "definedName"):
            scope = element.get("localSheetId")
            if scope is not None and int(scope) == at:
                element.getparent().remove(element)
            elif scope is not None and int(scope) > at:
                element.set("localSheetId", str(int(scope) - 1))
        for view in items(self.workbook, "bookViews"):
            view.attrib.pop("activeTab", None)
            view.attrib.pop("firstSheet", None)
        folder, _, file = self._workbook_part.rpartition("/")
        for relation in list(self.tree(f"{folder}/_rels/{file}.rels")):
            if relation.get("Id") == rid:
                relation.getparent().remove(relation)
        gone = [page.part, *self._drawings.pop(name)]
        for drawing in gone[1:]:
            rels = drawing.replace("/drawings/", "/drawings/_rels/") + ".rels"
            if rels in self.parts:
                for relation in self.tree(rels):
                    gone.append("xl/" + str(relation.get("Target")).removeprefix("../").removeprefix("/xl/"))
                gone.append(rels)
        gone.append(page.part.replace("/worksheets/", "/worksheets/_rels/") + ".rels")
        for part in gone:
            self.parts.pop(part, None)
            self._trees.pop(part, None)
        types = self.tree("[Content_Types].xml")
        for element in list(types):
            if element.get("PartName", "")[1:] in gone:
                types.remove(element)
        self._charts = tuple(c for c in self._charts if c in self.parts)
        self.map_references(name, lambda _: None)
        self._each_formula(lambda text, _: text.replace(f"{name}!#REF!", "#REF!"))

    def drop_rules(self, name: str, kind: str) -> None:
        """Drop what a paste or another program took away: validations or conditional formats."""
        root = self.pages[name].root
        for element in [e for e in root if local(e) == kind]:
            root.remove(element)
