"""Columns that people deleted before their fields left the spec: lent to the workbook while it follows the new one.

Knows that such a column is put at the right end of its table, blank, and taken away when nothing needs it any more.
Does not know how a workbook follows a spec. Columns of fields that stay are not lent: the workbook is refused (W205).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from crmsheet.api.proving import ensure_kept
from crmsheet.excel.references import RangeRef
from crmsheet.model.spec import Model, Table
from crmsheet.model.succession import succession
from crmsheet.opc.package import Package
from crmsheet.read import read_record
from crmsheet.read.columns import missing_columns, tables_by_name
from crmsheet.refresh import Note, NoteKind, Patch, applied, broken_promises
from crmsheet.refresh.structure.ground import Ground
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.sheetml.tables import NewColumn, parse_table, table_edits, without_last
from crmsheet.structs import dataclass, replace


@dataclass(frozen=True, slots=True)
class Lent:
    """What was put into one table: the `tableColumn` ids, and the headers."""

    part: str
    sheet: str
    numbers: frozenset[int]
    headers: tuple[str, ...]


def with_columns_lent(contents: Contents, wanted: Model) -> tuple[Contents, tuple[Lent, ...]]:
    """The workbook with the columns that were deleted and that `wanted` does not have either. Raises WorkbookRefused
    where the record cannot be read."""
    record, _ = read_record(contents)
    pairs = succession(record.model, wanted)
    tables = tables_by_name(contents)
    former = {old: new for new, old in pairs.tables.items()}
    cells: dict[str, tuple[CellEdit, ...]] = {}
    spans: dict[str, tuple[Replacement, ...]] = {}
    lent: list[Lent] = []
    for table in record.model.tables:
        mark = record.tables[table.id]
        stays = frozenset(pairs.fields.get(former.get(table.id, ""), {}).values())
        missing = missing_columns(table, mark, tables, contents, record.book_code)
        if not missing or any(m.id in stays or not _is_lent(table, m.id) for m in missing):
            continue
        sheet, part = tables[mark.name.casefold()]
        top, right = part.ref.top, part.ref.right
        area = RangeRef(top, right + 1, part.ref.bottom, right + len(missing))
        if not Ground.of(contents, sheet.name, []).free(area):
            continue
        headers = tuple(m.header for m in missing)
        next_id = max((c.id for c in part.columns), default=0) + 1
        cells[sheet.name] = tuple(
            CellEdit(top, right + 1 + number, EditKind.VALUE, header) for number, header in enumerate(headers)
        )
        spans[part.part] = table_edits(
            part,
            ref=replace(part.ref, right=area.right),
            new_columns=tuple(NewColumn(header) for header in headers),
        )
        numbers = frozenset(range(next_id, next_id + len(headers)))
        lent.append(Lent(part.part, sheet.name, numbers, headers))
    return (_patched(contents, Patch(cells, spans)) if lent else contents), tuple(lent)


def _is_lent(table: Table, column: str) -> bool:
    """Whether a column may be blank for a while: a field's, but not the one that names the rows."""
    return table.has_field(column) and column != table.key


def given_back(content: bytes, file: str, lent: Iterable[Lent]) -> bytes:
    """The workbook without the columns that were lent, where they are still the last ones of their table."""
    contents = Contents(Package.of(content, file))
    cells: dict[str, tuple[CellEdit, ...]] = {}
    spans: dict[str, tuple[Replacement, ...]] = {}
    for one in lent:
        part = parse_table(contents.package, one.part)
        count = 0
        while part.columns[-1 - count].id in one.numbers:
            count += 1
        sheet = next(s for s, p in tables_by_name(contents).values() if p.part == one.part)
        held = contents.sheet(sheet.name)
        if not count or held is None:
            continue
        columns = range(part.ref.right - count + 1, part.ref.right + 1)
        cells[sheet.name] = tuple(
            CellEdit(row, column, EditKind.VALUE, None)
            for row in range(part.ref.top, part.ref.bottom + 1)
            for column, cell in held.row(row).items()
            if column in columns and (cell.value is not None or cell.formula is not None)
        )
        spans[part.part] = without_last(part, count)
    return _patched(contents, Patch(cells, spans)).package.data if spans else content


def _patched(contents: Contents, patch: Patch) -> Contents:
    done = applied(contents, patch)
    after = Contents(Package.of(done.data, contents.package.file))
    ensure_kept(contents.package.file, broken_promises(contents, done, after))
    return after


def untold(notes: Iterable[Note], lent: Iterable[Lent]) -> Iterator[Note]:
    """The notes without those on what was lent, and on formulas that had lost sight of it."""
    headers: Mapping[str, tuple[str, ...]] = {one.sheet: one.headers for one in lent}
    for note in notes:
        own = headers.get(note.sheet, ())
        lost = note.kind is NoteKind.FORMULA_RESTORED and note.old.startswith("=")
        if not (headers and (lost or note.column in own or note.old in own)):
            yield note
