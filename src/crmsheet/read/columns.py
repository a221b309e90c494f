"""Tables and their columns, found again after people renamed headers and moved columns.

Knows the order of proofs: header, the `tableColumn` id, another label of the field, the content (`bycontent`). Does
not read rows as State (`rows`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crmsheet.diagnostics import FilePlace
from crmsheet.messages import listed, say
from crmsheet.model.baseline import ColumnMark, TableMark
from crmsheet.model.spec import Table
from crmsheet.model.words import Language
from crmsheet.opc.refusals import Refusal as Damage
from crmsheet.opc.workbook import Sheet
from crmsheet.read.bycontent import columns_by_content
from crmsheet.read.refusals import Refusal
from crmsheet.sheetml.contents import Contents, SheetCells
from crmsheet.sheetml.tables import Table as TablePart
from crmsheet.sheetml.tables import tables_of
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class FoundTable:
    """An Excel Table that is one of ours; `columns` are sheet columns by column id."""

    sheet: Sheet
    part: TablePart
    cells: SheetCells
    columns: Mapping[str, int]
    headers: Mapping[str, str]
    numbers: Mapping[str, int]
    """Column id to `tableColumn` id."""
    renamed: Mapping[str, str]
    """Column id to its new header, where people renamed it."""

    @property
    def first_row(self) -> int:
        return self.part.ref.top + 1

    @property
    def last_row(self) -> int:
        return self.part.ref.bottom - self.part.totals_rows


def tables_by_name(contents: Contents) -> dict[str, tuple[Sheet, TablePart]]:
    """All Excel Tables of the workbook by casefolded name."""
    return {
        part.name.casefold(): (sheet, part)
        for sheet in contents.package.workbook.sheets
        for part in tables_of(contents.package, sheet.part)
    }


def found_table(
    table: Table,
    mark: TableMark,
    tables: Mapping[str, tuple[Sheet, TablePart]],
    contents: Contents,
    language: Language,
    book_code: str,
) -> FoundTable:
    """The table with all its columns. Raises WorkbookRefused when it or one of its columns is gone."""
    label = table.label.text(language)
    held = tables.get(mark.name.casefold())
    cells = contents.sheet(held[0].name) if held is not None else None
    if held is None or cells is None:
        raise Refusal.TABLE_GONE.error(FilePlace(contents.package.file), table=label)
    sheet, part = held
    headers = [c.name for c in part.columns]
    _ensure_in_order(contents, part, cells, label)
    claimed, twice = _claimed(table, mark, part, cells, book_code)
    for id_, several in twice.items():
        field = table.field(id_).label.text(language)
        raise Refusal.COLUMN_TWICE.error(
            FilePlace(contents.package.file, sheet.name),
            table=label,
            field=field,
            one=headers[several[0]],
            other=headers[several[1]],
        )
    left = part.ref.left
    for m in mark.columns:
        if m.id not in claimed:
            free = [h for i, h in enumerate(headers) if i not in claimed.values()]
            hint = say(" (not ours: {headers})", headers=listed(free[:5])) if free else ""
            raise Refusal.COLUMN_GONE.error(
                FilePlace(contents.package.file, sheet.name), column=m.header, table=label, others=hint
            )
    return FoundTable(
        sheet,
        part,
        cells,
        {id_: left + index for id_, index in claimed.items()},
        {id_: headers[index] for id_, index in claimed.items()},
        {id_: part.columns[index].id for id_, index in claimed.items()},
        {m.id: headers[claimed[m.id]] for m in mark.columns if headers[claimed[m.id]] != m.header},
    )


def missing_columns(
    table: Table,
    mark: TableMark,
    tables: Mapping[str, tuple[Sheet, TablePart]],
    contents: Contents,
    book_code: str,
) -> tuple[ColumnMark, ...]:
    """The columns of a table that are gone; none where the table itself is, or a column could be two."""
    held = tables.get(mark.name.casefold())
    cells = contents.sheet(held[0].name) if held is not None else None
    if held is None or cells is None:
        return ()
    claimed, twice = _claimed(table, mark, held[1], cells, book_code)
    return () if twice else tuple(m for m in mark.columns if m.id not in claimed)


def _claimed(
    table: Table, mark: TableMark, part: TablePart, cells: SheetCells, book_code: str
) -> tuple[dict[str, int], Mapping[str, list[int]]]:
    """Column id to index, as far as columns are found; and those that several could be."""
    headers = [c.name for c in part.columns]
    claimed = _by_header(mark, headers)
    _by_number(mark, part, claimed)
    twice = _by_words(table, mark, headers, claimed)
    missing = [m for m in mark.columns if m.id not in claimed]
    if missing and not twice:
        claimed |= columns_by_content(table, mark, part, cells, claimed, missing, book_code)
    return claimed, twice


def _ensure_in_order(contents: Contents, part: TablePart, cells: SheetCells, label: str) -> None:
    """Refuse a table whose columns stand in another order in its definition than on the sheet, as a program leaves it
    that moves cells and does not know tables: nobody can tell whose the values are."""
    names = [c.name.strip().casefold() for c in part.columns]
    for index, name in enumerate(names):
        cell = cells.at(part.ref.top, part.ref.left + index)
        text = cell.value.strip().casefold() if cell is not None and isinstance(cell.value, str) else name
        if text != name and text in names:
            raise Damage.DAMAGED.error(
                contents.package.file,
                part.part,
                say(
                    "The columns of the table “{table}” stand in another order on its sheet than in the table.",
                    table=label,
                ),
            )


def _by_header(mark: TableMark, headers: Sequence[str]) -> dict[str, int]:
    """Column id to index, of the columns whose header is as last written."""
    folded = [h.strip().casefold() for h in headers]
    claimed: dict[str, int] = {}
    for m in mark.columns:
        word = m.header.strip().casefold()
        if folded.count(word) == 1:
            claimed[m.id] = folded.index(word)
    return claimed


def _by_words(
    table: Table, mark: TableMark, headers: Sequence[str], claimed: dict[str, int]
) -> dict[str, list[int]]:
    """Claim columns that bear another label or alias of their field; those that several bear are returned."""
    several: dict[str, list[int]] = {}
    for m in mark.columns:
        if m.id in claimed or not table.has_field(m.id):
            continue
        field = table.field(m.id)
        words = {
            w.strip().casefold() for w in (m.header, field.label.zh, field.label.en, *field.aliases) if w
        }
        free = [
            i for i, h in enumerate(headers) if h.strip().casefold() in words and i not in claimed.values()
        ]
        if len(free) == 1:
            claimed[m.id] = free[0]
        elif free:
            several[m.id] = free
    return several


def _by_number(mark: TableMark, part: TablePart, claimed: dict[str, int]) -> None:
    """Columns that only lost their header, if the `tableColumn` ids of the others are as they were."""
    numbers = [c.id for c in part.columns]
    marks = {m.id: m for m in mark.columns}
    if not all(numbers[index] == marks[id_].number for id_, index in claimed.items()):
        return
    taken = set(claimed.values())
    for m in mark.columns:
        if m.id not in claimed and m.number in numbers:
            index = numbers.index(m.number)
            if index not in taken:
                claimed[m.id] = index
                taken.add(index)
