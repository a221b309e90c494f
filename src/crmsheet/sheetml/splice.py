"""Changing cells of a worksheet part by splicing bytes.

Knows where edits change bytes and that all others stay; missing cells and rows are put in where they belong.
Does not know what an edited cell looks like (`celledit`), why one changes or which must not (`protected`), and keeps
`sharedStrings.xml` as it is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Final

from crmsheet.excel import limits
from crmsheet.excel.references import RangeRef, a1
from crmsheet.messages import say
from crmsheet.opc.held import HeldBytes
from crmsheet.opc.refusals import Refusal
from crmsheet.opc.xmltree import attribute_span, new_parser, run_parser
from crmsheet.patterns import regex
from crmsheet.sheetml.celledit import CellEditor, retagged
from crmsheet.sheetml.cells import encode
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.following import moved_rows
from crmsheet.sheetml.freshrows import apart, batches
from crmsheet.sheetml.protected import refuse_protected
from crmsheet.sheetml.results import new_results
from crmsheet.sheetml.rowwriting import AS_THE_COLUMN, FreshRows
from crmsheet.sheetml.scan import Memo, SheetScan
from crmsheet.sheetml.sharing import kept_formulas
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.sheetml.spans import CellSpan, RowSpan
from crmsheet.sheetml.splicedbytes import SplicedBytes
from crmsheet.sheetml.tags import widened_spans
from crmsheet.structs import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class PatchedSheet:
    """The new part, and what exactly differs from the old one."""

    held: HeldBytes = field(repr=False)
    replacements: tuple[Replacement, ...]
    """In offsets of the old part; for `proof_outside_spans`."""
    lost_formula: bool
    """A cell that had a formula has none now: the calculation chain must go."""
    changed: tuple[tuple[int, int], ...]
    """The cells whose bytes differ, in order; those of rows that were put in whole are not told."""

    @property
    def data(self) -> bytes:
        """The new part; of a large one a copy, so ask for it only if it is needed as a whole."""
        return self.held.data


_ROW_STYLE: Final = regex(rb"""\ss\s*=\s*["']([0-9]+)["']""")
_CUSTOM_FORMAT: Final = regex(rb"""\scustomFormat\s*=\s*["'](?:1|true)["']""")
_OF_FORMULAS: Final = (EditKind.CACHE, EditKind.FORMULA)


_MANY: Final = 1_000
"""Rows of which only results change that are worth a search of the part."""


def patched_sheet(
    scan: SheetScan,
    edits: Sequence[CellEdit],
    *,
    blocked: Sequence[tuple[RangeRef, str]] = (),
    fresh: Sequence[FreshRows] = (),
) -> PatchedSheet:
    """The sheet with these cells changed, with these rows, and every other byte as it was.

    `blocked` names ranges that must not be written (pivot tables, table headers) with the reason to give.
    Two edits of one cell are a mistake of the caller and raise `ValueError`.
    """
    if not edits and not fresh:
        return PatchedSheet(scan.held, (), lost_formula=False, changed=())
    scan.refuse_disorder()
    if scan.rows.start < 0:
        raise Refusal.NOT_SERVED.error(scan.file, scan.part, say("The sheet has no cells."))
    whole, others = apart(scan, edits, blocked, fresh)
    by_row = _by_row([*edits, *others])
    refuse_protected(scan, by_row, blocked)
    return _Patcher(scan, by_row, whole).run()


def _by_row(edits: Sequence[CellEdit]) -> dict[int, dict[int, CellEdit]]:
    by_row: dict[int, dict[int, CellEdit]] = {}
    for edit in edits:
        if not (0 <= edit.row < limits.ROWS and 0 <= edit.column < limits.COLUMNS):
            raise ValueError(f"no cell at row {edit.row}, column {edit.column}")
        row = by_row.setdefault(edit.row, {})
        if edit.column in row:
            raise ValueError(f"{a1(edit.row, edit.column)} is edited twice")
        row[edit.column] = edit
    return by_row


class _Patcher:
    """The state of one patch: which bytes are replaced so far."""

    def __init__(
        self, scan: SheetScan, by_row: dict[int, dict[int, CellEdit]], fresh: Sequence[FreshRows]
    ) -> None:
        self._scan = scan
        self._by_row = by_row
        self._fresh = fresh
        self._prefix = scan.prefix
        self._formula_end = f"</{scan.prefix}f>".encode()
        self._replacements: list[Replacement] = []
        self._changed: list[tuple[int, int]] = []
        self._new_cells: list[tuple[int, int]] = []
        self._editor = CellEditor(scan)
        self._formulas: dict[tuple[int, int], str] = {}
        """`<f>` elements that take the place of the one a cell has: promoted masters."""
        self._sure: frozenset[int] = frozenset()
        """Rows, by index, which are well-formed: they were, and got nothing but results and formulas of ours."""

    def run(self) -> PatchedSheet:
        scan = self._scan
        existing: dict[int, int] = {}
        for row in self._by_row:
            index = scan.index_of(row)
            if index is not None:
                existing[row] = index
        likely = self._only_results(existing)
        spans = {row: self._cells(row, index) for row, index in existing.items() if row not in likely}
        self._formulas = kept_formulas(scan, self._losing(spans))
        promoting = {row for row, _ in self._formulas}
        done = self._new_results(existing, likely - promoting)
        spans |= {row: self._cells(row, existing[row]) for row in likely - done}
        usual = []
        for row in sorted(self._by_row):
            if row in existing and row not in done:
                unusual, fresh = self._editor.unusual, len(self._new_cells)
                self._edit_row(scan.rows[existing[row]], spans[row], self._by_row[row])
                as_usual = (unusual, fresh) == (self._editor.unusual, len(self._new_cells))
                if as_usual and row not in promoting:
                    usual.append(existing[row])
        spans.clear()
        changed = set(self._changed)
        for place, element in self._formulas.items():
            if place not in changed:
                self._promote_untouched(place, element)
        self._new_rows([row for row in sorted(self._by_row) if row not in existing])
        self._widen_dimension()
        self._sure = frozenset((*(existing[row] for row in done), *usual))
        held = SplicedBytes(scan.held, self._replacements)
        # A part that was not well-formed is refused here; ours always is.
        parsed = self._uncertain(held)
        run_parser(new_parser(scan.file, scan.part, namespaces=False), parsed, scan.file, scan.part)
        return PatchedSheet(
            held,
            tuple(self._replacements),
            self._editor.lost_formula,
            tuple(sorted(set(self._changed))),
        )

    def _only_results(self, existing: Mapping[int, int]) -> set[int]:
        """The rows written like others of which only results change, if there are many."""
        alike = self._scan.alike_rows
        if alike is None or len(existing) < _MANY:
            return set()
        found = {
            row
            for row, index in existing.items()
            if alike[index]
            and all(e.kind is EditKind.CACHE and e.style is None for e in self._by_row[row].values())
        }
        return found if len(found) >= _MANY else set()

    def _new_results(self, existing: Mapping[int, int], rows: set[int]) -> set[int]:
        """Give cells of these rows their results; the rows that this was done for."""
        if not rows:
            return set()
        results = {row: {column: e.value for column, e in self._by_row[row].items()} for row in sorted(rows)}
        done = new_results(self._scan.data, self._scan.rows, existing, results, retagged)
        for row, spans in done.items():
            self._replacements += [span for _, span in spans]
            self._changed += [(row, column) for column, _ in spans]
        return set(done)

    def _cells(self, row: int, index: int) -> Sequence[CellSpan]:
        """The cells of a row, in order. Where only formulas that are there change, or their results, in a row that is
        written like others, these cells will do: that all of them are in order is known of such a row."""
        alike, edits = self._scan.alike_rows, self._by_row[row]
        if alike is not None and alike[index] and all(e.kind in _OF_FORMULAS for e in edits.values()):
            found = [self._cell_alike(index, row, column) for column in sorted(edits)]
            if None not in found:
                return [cell for cell in found if cell is not None]
        return self._scan.ordered_cells_at(index)

    def _cell_alike(self, index: int, row: int, column: int) -> CellSpan | None:
        """A cell with a formula in a row written like others; None when it is not there."""
        data, rows, name = self._scan.data, self._scan.rows, self._prefix + "c"
        stop = rows.close_starts[index]
        start = data.find(f'<{name} r="{a1(row, column)}"'.encode(), rows.open_ends[index], stop)
        if start < 0:
            return None
        opened = data.find(b">", start, stop) + 1
        close = data.find(f"</{name}>".encode(), opened, stop)
        if not opened or data[opened - 2 : opened] == b"/>" or close < 0:
            return None
        return CellSpan(row, column, start, opened, close, close + len(name) + 3)

    def _uncertain(self, held: HeldBytes) -> bytes:
        """What of the new part has not been found to be well-formed when the old one was read."""
        scan, alike = self._scan, self._scan.alike_rows
        moved = moved_rows(scan.rows, self._replacements, held) if alike is not None else None
        if alike is None or moved is None:
            return held.data
        again = bytearray(alike)
        for index in set(moved[1]) - self._sure:
            again[index] = 0
        return replace(scan, held=held, rows=moved[0], _memo=Memo(alike=again)).uncertain()

    def _losing(self, spans: Mapping[int, Sequence[CellSpan]]) -> list[CellSpan]:
        """The cells with a formula that will have another or none."""
        return [
            cell
            for row, cells in spans.items()
            for cell in cells
            if (edit := self._by_row[row].get(cell.column)) is not None
            and edit.kind in (EditKind.VALUE, EditKind.FORMULA)
            and cell.open_end != cell.end
        ]

    # One row that exists.

    def _edit_row(self, row: RowSpan, cells: Sequence[CellSpan], edits: Mapping[int, CellEdit]) -> None:
        data = self._scan.data
        by_column = {cell.column: cell for cell in cells}
        columns = [cell.column for cell in cells]
        insertions: dict[int, list[str]] = {}
        new_columns: list[int] = []
        for column in sorted(edits):
            edit, cell = edits[column], by_column.get(column)
            if cell is not None:
                edited = self._editor.edited(cell, edit, self._formulas.get((cell.row, column)))
                self._replace(cell.start, cell.end, edited, (edit.row, column))
            elif (fresh := self._fresh_cell(edit, row)) is not None:
                following = bisect_left(columns, column)
                at = cells[following].start if following < len(cells) else row.close_start
                insertions.setdefault(at, []).append(fresh)
                new_columns.append(column)
        if not new_columns:
            return
        tag = data[row.start : row.open_end]
        widened = widened_spans(tag, min(new_columns), max(new_columns))
        if row.open_end == row.end:
            opened = widened[:-2].rstrip() + b">"
            fresh_cells = "".join(piece for pieces in insertions.values() for piece in pieces)
            closed = f"{fresh_cells}</{self._prefix}row>"
            self._replacements.append(Replacement(row.start, row.end, opened + closed.encode()))
            return
        if widened != tag:
            self._replacements.append(Replacement(row.start, row.open_end, widened))
        for at, pieces in insertions.items():
            self._replacements.append(Replacement(at, at, "".join(pieces).encode()))

    def _replace(self, start: int, end: int, new: bytes, place: tuple[int, int]) -> None:
        old = self._scan.data[start:end]
        if old == new:
            return
        # A formula that stays needs neither be written nor proven again.
        kept = new.find(self._formula_end) + len(self._formula_end)
        if kept < len(self._formula_end) or not old.startswith(new[:kept]):
            kept = 0
        self._replacements.append(Replacement(start + kept, end, new[kept:]))
        self._changed.append(place)

    def _fresh_cell(self, edit: CellEdit, row: RowSpan | None) -> str | None:
        """A cell that is not written yet; None when there is nothing to write."""
        if edit.kind is EditKind.CACHE:
            raise ValueError(f"{a1(edit.row, edit.column)} has no formula")
        if edit.style is None and (edit.kind is EditKind.STYLE or (edit.value is None and not edit.formula)):
            return None
        style = edit.style if edit.style is not None else self._usual_style(row, edit.column)
        formula = (
            self._editor.element(edit.formula, self._prefix + "f") if edit.kind is EditKind.FORMULA else ""
        )
        value = None if edit.kind is EditKind.STYLE else edit.value
        self._new_cells.append((edit.row, edit.column))
        self._changed.append((edit.row, edit.column))
        return encode(a1(edit.row, edit.column), style, value, formula, self._prefix)

    def _usual_style(self, row: RowSpan | None, column: int) -> int:
        """The format Excel would give a new cell: the row's if it has one, else the column's."""
        data = self._scan.data
        if row is not None and _CUSTOM_FORMAT.search(data, row.start, row.open_end):
            match = _ROW_STYLE.search(data, row.start, row.open_end)
            if match:
                return int(match.group(1))
        holder = self._scan.frame.child("cols")
        for element in holder.all("col") if holder is not None else ():
            first, last, style = element.get("min"), element.get("max"), element.get("style")
            if first.isdecimal() and last.isdecimal() and int(first) <= column + 1 <= int(last):
                return int(style) if style.isdecimal() else 0
        return 0

    def _promote_untouched(self, place: tuple[int, int], element: str) -> None:
        """The next dependant of an overwritten master becomes the master; its value stays."""
        cell = self._scan.span(*place)
        found = next((c for c in self._scan.children(cell) if c[0] == "f"), None) if cell else None
        if found is None:
            raise AssertionError(place)
        self._replace(found[1], found[2], element.encode(), place)

    # Rows that do not exist.

    def _new_rows(self, missing: Sequence[int]) -> None:
        rows, prefix = self._scan.rows, self._prefix
        insertions: dict[int, list[bytes]] = {}
        waiting = sorted(self._fresh, key=lambda fresh: fresh.first_row)
        for number in missing:
            while waiting and waiting[0].first_row < number:
                self._put_rows(waiting.pop(0), insertions)
            edits = self._by_row[number]
            fresh = [self._fresh_cell(edits[column], None) for column in sorted(edits)]
            written = "".join(piece for piece in fresh if piece is not None)
            if written:
                following = bisect_left(rows.numbers, number)
                at = rows.starts[following] if following < len(rows) else rows.close_start
                row = f'<{prefix}row r="{number + 1}">{written}</{prefix}row>'
                insertions.setdefault(at, []).append(row.encode())
        for whole in waiting:
            self._put_rows(whole, insertions)
        if not insertions:
            return
        if rows.open_end == rows.end:
            tag = self._scan.data[rows.start : rows.open_end]
            inside = b"".join(piece for pieces in insertions.values() for piece in pieces)
            new = tag[:-2].rstrip() + b">" + inside + f"</{prefix}sheetData>".encode()
            self._replacements.append(Replacement(rows.start, rows.end, new))
            return
        for at, pieces in insertions.items():
            # Many rows are written some at a time, so that they need not be expanded all at once.
            self._replacements += [Replacement(at, at, b"".join(some)) for some in batches(pieces)]

    def _put_rows(self, fresh: FreshRows, insertions: dict[int, list[bytes]]) -> None:
        rows = self._scan.rows
        following = bisect_left(rows.numbers, fresh.first_row)
        at = rows.starts[following] if following < len(rows) else rows.close_start
        formats = tuple(
            replace(f, style=self._usual_style(None, f.column)) if f.style == AS_THE_COLUMN else f
            for f in fresh.formats
        )
        done = replace(fresh, formats=formats)
        insertions.setdefault(at, []).extend(map(str.encode, done.rows(self._prefix, self._editor.element)))
        area = fresh.area
        self._new_cells += ((area.top, area.left), (area.bottom, area.right))

    def _widen_dimension(self) -> None:
        element, old = self._scan.frame.child("dimension"), self._scan.dimension
        span = attribute_span(self._scan.data, element, "ref") if element is not None else None
        if not self._new_cells or old is None or span is None:
            return
        rows = [row for row, _ in self._new_cells]
        columns = [column for _, column in self._new_cells]
        new = RangeRef(
            min(old.top, *rows), min(old.left, *columns), max(old.bottom, *rows), max(old.right, *columns)
        )
        if new != old:
            self._replacements.append(Replacement(*span, str(new).encode()))
