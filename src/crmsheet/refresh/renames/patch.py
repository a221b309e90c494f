"""All places of a package that mention something renamed, and what is to stand there, as one patch.

Knows which parts hold mentions, by what they are. Does not know what a mention looks like.

`docProps/app.xml` lists the names of sheets for programs that do not open the workbook; it is left as it is,
and Excel writes it anew. Code of macros is never touched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from crmsheet.excel.references import CellRef
from crmsheet.formulas.renaming import Renames
from crmsheet.opc.package import Package
from crmsheet.opc.workbook import Sheet, SheetKind
from crmsheet.refresh.notes import Note, NoteKind
from crmsheet.refresh.patch import Patch
from crmsheet.refresh.renames.book import table_spots, workbook_spots
from crmsheet.refresh.renames.objects import (
    chart_spots,
    control_spots,
    drawing_spots,
    link_spots,
    vml_spots,
)
from crmsheet.refresh.renames.pivots import cache_spots, slicer_spots
from crmsheet.refresh.renames.sheetformulas import SheetReader
from crmsheet.refresh.renames.sheetparts import SheetPart
from crmsheet.refresh.renames.spots import Mention, Naming, Rewritten, Spot
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.headercells import header_edits
from crmsheet.sheetml.scan import SheetScan
from crmsheet.sheetml.sharedstrings import SharedStrings
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.sheetml.tables import Table, tables_of
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class RenamePatch:
    """`rewritten` says how much was found where; `notes` what could not follow."""

    patch: Patch
    headers: Mapping[str, frozenset[tuple[int, int]]]
    """By the old name of the sheet: header cells that hold another text now, which formulas may read."""
    rewritten: tuple[Rewritten, ...]
    notes: tuple[Note, ...]


_BY_TYPE: Final[tuple[tuple[str, Callable[[Naming, str], Iterator[Spot]]], ...]] = (
    (".chart+xml", chart_spots),
    (".chartex+xml", chart_spots),
    (".drawing+xml", drawing_spots),
    (".chartshapes+xml", drawing_spots),
    ("vmldrawing", vml_spots),
    ("ms-excel.controlproperties+xml", control_spots),
    ("pivotcachedefinition+xml", cache_spots),
    ("ms-excel.slicercache+xml", slicer_spots),
    ("ms-excel.timelinecache+xml", slicer_spots),
)
"""By the end of the content type, whose beginning the first editions of Excel 2007 wrote otherwise."""
_MACROS: Final = "vbaproject"


def rename_patch(contents: Contents, renames: Renames) -> RenamePatch:
    """The patch after which everything in the package that mentioned a renamed thing mentions it by its new
    name, and references follow moved cells. It does not move cells, and touches no value but renamed headers.

    It is a patch of its own: what else changes is planned on the package that results.
    """
    if renames.empty:
        return RenamePatch(Patch(), {}, (), ())
    return _Search(contents.package, renames).run()


class _Search:
    def __init__(self, package: Package, renames: Renames) -> None:
        self._package = package
        self._naming = Naming.of(package, renames)
        self._spans: dict[str, tuple[Replacement, ...]] = {}
        self._headers: dict[str, frozenset[tuple[int, int]]] = {}
        self._rewritten: list[Rewritten] = []
        self._notes: list[Note] = []

    def run(self) -> RenamePatch:
        package = self._package
        self._take(package.workbook.part, workbook_spots(self._naming))
        for sheet in package.workbook.sheets:
            self._sheet(sheet)
        for part in package.parts:
            if part.endswith(".rels"):
                self._take(part, link_spots(self._naming, part))
                continue
            content_type = package.content_types.of(part).casefold()
            for end, spots in _BY_TYPE:
                if content_type.endswith(end):
                    self._take(part, spots(self._naming, part))
        self._note_macros()
        return RenamePatch(
            Patch(spans=self._spans), self._headers, tuple(self._rewritten), tuple(self._notes)
        )

    def _take(self, part: str, spots: Iterable[Spot]) -> None:
        found = tuple(spots)
        if not found:
            return
        self._spans[part] = (*self._spans.get(part, ()), *(s.replacement for s in found))
        sheet = self._naming.sheet_of_part.get(part)
        for mention, count in Counter(s.mention for s in found).items():
            self._rewritten.append(Rewritten(mention, part, "" if sheet is None else sheet.name, count))

    def _sheet(self, sheet: Sheet) -> None:
        package, naming = self._package, self._naming
        tables = tables_of(package, sheet.part)
        for table in tables:
            self._take(table.part, table_spots(naming, table, sheet))
        if sheet.kind is SheetKind.CHARTSHEET or sheet.kind is SheetKind.OTHER:
            return
        scan = SheetScan.of(package, sheet.part)
        formulas = SheetReader(naming, sheet, scan, tables)
        self._take(sheet.part, formulas.spots())
        frame = SheetPart(naming, sheet, scan.data, scan.frame)
        self._take(sheet.part, frame.spots())
        texts = self._header_texts(tables)
        if texts:
            edits = header_edits(scan, SharedStrings.of(package), texts)
            self._take(sheet.part, (Spot(Mention.HEADER, edit) for edit in edits))
            self._headers[sheet.name] = frozenset((place.row, place.column) for place in texts)
        if formulas.left:
            cell, text = formulas.first_left()
            self._notes.append(
                Note(NoteKind.TEXT_LEFT, sheet.name, cell, old=text, new=str(len(formulas.left)))
            )
        if frame.left:
            self._notes.append(Note(NoteKind.RULE_LEFT, sheet.name, new=str(frame.left)))

    def _header_texts(self, tables: tuple[Table, ...]) -> dict[CellRef, str]:
        texts: dict[CellRef, str] = {}
        for table in tables:
            for index, column in enumerate(table.columns):
                new = self._naming.renames.header(table.name, column.name)
                if new != column.name and table.header_rows:
                    texts[CellRef(table.ref.top, table.ref.left + index)] = new
        return texts

    def _note_macros(self) -> None:
        """People's code may name what is called otherwise now; it is theirs to change."""
        renames = self._naming.renames
        if not any(
            self._package.content_types.of(p).casefold().endswith(_MACROS) for p in self._package.parts
        ):
            return
        for old, new in (*renames.sheets.items(), *renames.tables.items(), *renames.names.items()):
            self._notes.append(Note(NoteKind.MACROS_LEFT, "", old=old, new=new))
