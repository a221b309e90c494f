"""One workbook, read whole.

Knows the order: the record first, then blocks, tables, rows, inputs. Does not know how each is found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crmsheet.diagnostics import FilePlace
from crmsheet.excel.values import Value
from crmsheet.messages import say
from crmsheet.model.baseline import Baseline
from crmsheet.model.layout import AnchorPlace, Layout, TablePlace
from crmsheet.model.merged import CHOICES, Merging
from crmsheet.model.packing import MAGIC, DamagedBaseline, NewerBaseline, unpacked
from crmsheet.model.spec import FieldType
from crmsheet.model.state import State, TableState
from crmsheet.model.visible_ids import filled
from crmsheet.opc.package import Package
from crmsheet.plan.recorded import RECORD_ANCHOR, RECORD_SHEET
from crmsheet.read.anchors import anchor_places, marked_ranges, top_anchors
from crmsheet.read.bycontent import ROW_ID
from crmsheet.read.columns import FoundTable, found_table, tables_by_name
from crmsheet.read.inputs import input_values, list_rows
from crmsheet.read.refusals import Refusal
from crmsheet.read.rows import Extent, FoundRows, KnownRows, ensure_plausible, found_rows
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.names import defined_names
from crmsheet.structs import dataclass, field, replace

_MOST_EMPTY = 20_000


@dataclass(frozen=True, slots=True)
class AsRead:
    """What the bytes of a workbook said, whatever was made of it since: the lines of its record and the record in them,
    and by table from where, and from which row number on, rows were read."""

    lines: tuple[str, ...]
    record: Baseline
    rows: Mapping[str, tuple[Extent, int, FoundRows]]

    def found(self, table: str, extent: Extent, next_row: int) -> FoundRows | None:
        """The rows of a table that were read from here."""
        before = self.rows.get(table)
        return before[2] if before is not None and before[:2] == (extent, next_row) else None


@dataclass(frozen=True, slots=True)
class Reading:
    """All there is to know of a workbook as people left it.

    `sizes` are the blocks' sizes as found (of those that are gone, as last written), to which the compiler
    keeps. `inputs` is where the input cells stand that hold pieces of the State.
    """

    record: Baseline
    state: State
    layout: Layout
    tables: Mapping[str, FoundTable]
    rows: Mapping[str, FoundRows]
    sizes: Mapping[str, tuple[int, int]]
    next_row: int
    next_ids: Mapping[str, int]
    renamed_sheets: Mapping[str, tuple[str, str]]
    """Sheet id to (name as last written, name now)."""
    names: frozenset[str]
    """Casefolded: what names and tables of the workbook are called, those of single sheets too."""
    as_read: AsRead | None = field(default=None, repr=False, compare=False)
    """None once the workbook is to say something else."""


def read_record(contents: Contents) -> tuple[Baseline, AnchorPlace]:
    """The hidden record and where its lines stand. Raises WorkbookRefused when there is none of ours."""
    lines, place = _record_lines(contents)
    return _record_in(lines, contents.package.file), place


def _record_lines(contents: Contents) -> tuple[tuple[str, ...], AnchorPlace]:
    package = contents.package
    place = FilePlace(package.file)
    area = marked_ranges(defined_names(package)).get(RECORD_ANCHOR)
    sheet = contents.sheet(area.sheet) if area is not None else contents.sheet(RECORD_SHEET)
    if sheet is None:
        raise Refusal.NOT_OURS.error(place)
    top, column = (area.top, area.left) if area is not None else (0, 0)
    lines: list[str] = []
    row = top
    while (cell := sheet.at(row, column)) is not None and isinstance(cell.value, str) and cell.value:
        lines.append(cell.value)
        row += 1
    if not lines or not lines[0].startswith(MAGIC + " "):
        raise (
            Refusal.NOT_OURS.error(place)
            if area is None
            else Refusal.DAMAGED_RECORD.error(place, damage=say("it is empty"))
        )
    return tuple(lines), AnchorPlace(sheet.sheet.name, tuple(range(top, top + len(lines))), (column,))


def _record_in(lines: Sequence[str], file: str) -> Baseline:
    place = FilePlace(file)
    try:
        return unpacked(lines)
    except NewerBaseline as newer:
        raise Refusal.NEWER.error(place, version=str(newer)) from newer
    except DamagedBaseline as damage:
        raise Refusal.DAMAGED_RECORD.error(place, damage=damage.args[0]) from damage


def read_book(
    contents: Contents,
    *,
    accept_deletions: bool = False,
    placed: Mapping[str, AnchorPlace] | None = None,
    by: Baseline | None = None,
    known: Reading | None = None,
) -> Reading:
    """Read a workbook of ours. `placed` are blocks whose places were found otherwise than by their size; `by` is
    the record to read it by instead of its own; `known` is a reading of the workbook as it was before a few
    cells changed.

    Raises WorkbookRefused when it cannot be served safely.
    """
    package: Package = contents.package
    lines, record_place = _record_lines(contents)
    before = known.as_read if known is not None and by is None else None
    if before is not None and before.lines != lines:
        before = None
    told = before.record if before is not None else _record_in(lines, package.file)
    record = by or told
    names = defined_names(package)
    ranges = marked_ranges(names)
    anchors = anchor_places(ranges, record.anchors, top_anchors(record.model), contents)
    anchors |= placed or {}
    anchors[RECORD_ANCHOR] = record_place
    tables: dict[str, FoundTable] = {}
    rows: dict[str, FoundRows] = {}
    as_read: dict[str, tuple[Extent, int, FoundRows]] = {}
    states: dict[str, TableState] = {}
    places: dict[str, TablePlace] = {}
    by_name = tables_by_name(contents)
    next_row = record.next_row
    next_ids = dict(record.next_ids)
    for table in record.model.tables:
        mark = record.tables[table.id]
        found = found_table(table, mark, by_name, contents, record.language, record.book_code)
        extent = Extent(
            found.first_row,
            found.last_row,
            {f.id: found.columns[f.id] for f in table.fields if f.id in found.columns},
            found.columns[ROW_ID],
            found.part.totals_rows > 0,
        )
        _refuse_endless(table.label.text(record.language), found, package.file)
        theirs, read = _known_rows(known, table.id), None
        if before is not None and theirs is not None and theirs.cells.rows is found.cells.rows:
            read = before.found(table.id, extent, next_row)
        if read is None:
            read = found_rows(table, found.cells, extent, mark, record.book_code, next_row, theirs)
        as_read[table.id] = extent, next_row, read
        label = table.label.text(record.language)
        place = FilePlace(package.file, found.sheet.name)
        ensure_plausible(label, read, mark, place, accept_deletions=accept_deletions)
        next_row = read.identity.next_row
        columns = dict(read.state.columns)
        blank = [not i for i in read.state.ids]
        for own in table.fields:
            if own.type is FieldType.ID and own.id in columns:
                name = f"{table.id}.{own.id}"
                columns[own.id], next_ids[name] = filled(
                    columns[own.id], blank, own.format, next_ids.get(name, 1)
                )
        tables[table.id], rows[table.id] = found, read
        states[table.id] = replace(read.state, columns=columns)
        places[table.id] = TablePlace(
            sheet=found.sheet.name,
            header_row=found.part.ref.top,
            first_column=found.part.ref.left,
            last_column=found.part.ref.right,
            columns=found.columns,
            headers=found.headers,
            rows=read.rows,
            name=found.part.name,
        )
    inputs = input_values(record, anchors, contents)
    sheets = _sheet_names(record, places, anchors, package)
    state = State(
        states,
        list_rows(record, anchors, contents),
        _named(inputs, "settings."),
        _named(inputs, "selectors."),
        inputs.get("as_of_input"),
        _merging(record, inputs),
    )
    return Reading(
        record,
        state,
        Layout(sheets, places, anchors),
        tables,
        rows,
        dict(record.anchors)
        | {a: (len(p.rows), len(p.columns)) for a, p in anchors.items() if a != RECORD_ANCHOR},
        next_row,
        next_ids,
        {i: (record.sheets[i], n) for i, n in sheets.items() if record.sheets.get(i, n) != n},
        frozenset((*(n.name.casefold() for n in names), *by_name)),
        AsRead(lines, told, as_read) if by is None else None,
    )


def _known_rows(known: Reading | None, table: str) -> KnownRows | None:
    if known is None or table not in known.rows:
        return None
    found = known.tables[table]
    return KnownRows(found.cells, found.columns, known.rows[table], known.record.book_code)


def _refuse_endless(label: str, found: FoundTable, file: str) -> None:
    """A table that was stretched over empty rows: every one of them would get all formulas."""
    filled = found.cells.rows.last_down_to(found.last_row)
    empty = found.last_row - filled
    if empty > _MOST_EMPTY:
        raise Refusal.TABLE_EMPTY.error(FilePlace(file, found.sheet.name), table=label, count=empty)


def _named(inputs: Mapping[str, Value], prefix: str) -> dict[str, Value]:
    return {k.removeprefix(prefix): v for k, v in inputs.items() if k.startswith(prefix)}


def _merging(record: Baseline, inputs: Mapping[str, Value]) -> Merging | None:
    """What copies have brought, with what people chose where it is to be decided."""
    found = record.merging
    if found is None or found.conflicts is None:
        return found
    chosen = tuple(replace(one, choice=inputs.get(CHOICES + one.id)) for one in found.conflicts)
    return replace(found, conflicts=chosen)


def _sheet_names(
    record: Baseline, tables: Mapping[str, TablePlace], anchors: Mapping[str, AnchorPlace], package: Package
) -> dict[str, str]:
    """Sheet id to name now: by what stands on it, else by the old name."""
    names: dict[str, str] = {}
    for sheet_id, written in record.sheets.items():
        if sheet_id in tables:
            names[sheet_id] = tables[sheet_id].sheet
            continue
        here = [p.sheet for a, p in anchors.items() if a == sheet_id or a.startswith(sheet_id + ".")]
        if here:
            names[sheet_id] = here[0]
        elif package.workbook.sheet(written) is not None:
            names[sheet_id] = written
    return names
