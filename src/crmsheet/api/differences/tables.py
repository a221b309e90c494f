"""The rows of one table in both books: added, removed, changed, and in which cells.

Knows whose a cell is: people's, or computed. Does not know which row is which (`rows`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from crmsheet.api.differences.contents import content, format_of, kind_of, same, shown
from crmsheet.api.differences.found import CellChange, Content, OneSidedRow, RowChange, TableDifference
from crmsheet.api.differences.rows import paired
from crmsheet.api.differences.sides import Rows, Side, Written, rows_of
from crmsheet.excel.values import Value
from crmsheet.model.spec import Field, Table
from crmsheet.structs import dataclass, field


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `fields` are the fields looked at (by new table and field, None: all); then rows that
    were added or removed are none of its business. `computed`: computed cells are listed one by one."""

    fields: frozenset[tuple[str, str]] | None = None
    computed: bool = False

    def looks_at(self, table: str, field_id: str) -> bool:
        return self.fields is None or (table, field_id) in self.fields

    def lists(self, of: Field) -> bool:
        """Whether the changes of a computed field are listed."""
        return self.computed or self.fields is not None or not of.type.computed


def one_sided(side: Side, table: Table, wish: Wish, *, is_new: bool) -> TableDifference:
    """A table that only one of the books has."""
    rows = rows_of(side, table)
    listed = tuple(_one_sided(side, rows, range(rows.size))) if wish.fields is None else ()
    label = table.label.text(side.language)
    if is_new:
        return TableDifference(table.id, "", label, rows.sheet, 0, rows.size, added=listed)
    return TableDifference("", table.id, label, rows.sheet, rows.size, 0, removed=listed)


def compared_table(
    old: Side, new: Side, was: Table, now: Table, fields: Mapping[str, str], wish: Wish, *, by_key: bool
) -> TableDifference:
    """A table of both books. `fields` is new id to old id."""
    before, after = rows_of(old, was), rows_of(new, now)
    pairing = paired(before, after, fields, by_key=by_key)
    columns = tuple(_columns(old, new, before, after, fields, wish))
    changed = tuple(_changed(old, new, before, after, columns, pairing.both))
    all_rows = wish.fields is None
    return TableDifference(
        now.id,
        was.id,
        now.label.text(new.language),
        after.sheet,
        before.size,
        after.size,
        tuple(_one_sided(new, after, pairing.added)) if all_rows else (),
        tuple(_one_sided(old, before, pairing.removed)) if all_rows else (),
        changed,
        tuple((c.now.id, after.headers[c.now.id], n) for c in columns if (n := c.counts["changed"])),
        sum(c.counts["without value"] for c in columns),
    )


@dataclass(frozen=True, slots=True)
class _Column:
    """A field in both books. `old` is empty when only the new spec has it."""

    now: Field
    was: Field
    old: tuple[Value, ...]
    new: tuple[Value, ...]
    old_cells: Written
    new_cells: Written
    old_code: str
    new_code: str
    old_formula: bool
    new_formula: bool
    listed: bool
    typed_formulas: bool
    counts: Counter[str] = field(default_factory=Counter)

    def change(self, i: int, j: int, after: Rows) -> CellChange | None:
        """What differs in a row, when that is to be listed; other changes are counted."""
        one = self.old[i] if self.old else None
        other = self.new[j]
        if self.now.type.computed:
            return self._computed(i, j, one, other, after)
        if not self.typed_formulas:
            return None if same(one, other) else self._listed(i, j, after)
        formulas = (self.old_cells.formula(i), self.new_cells.formula(j))
        if all(formulas) and (one is None or other is None):
            # The program that saved it kept no values, and formulas read otherwise where rows moved.
            return None
        if same(one, other) and bool(formulas[0]) == bool(formulas[1]):
            return None
        return self._listed(i, j, after, *formulas)

    def _computed(self, i: int, j: int, one: Value, other: Value, after: Rows) -> CellChange | None:
        over = (
            self.old_formula and self.old_cells.typed_over(i),
            self.new_formula and self.new_cells.typed_over(j),
        )
        if any(over):
            if over[0] == over[1] and same(one, other):
                return None
            return self._listed(i, j, after, over=over)
        if self.old_cells.without_value(i) or self.new_cells.without_value(j):
            self.counts["without value"] += 1
            return None
        if same(one, other):
            return None
        self.counts["changed"] += 1
        return self._listed(i, j, after) if self.listed else None

    def _listed(
        self,
        i: int,
        j: int,
        after: Rows,
        old_formula: str = "",
        new_formula: str = "",
        over: tuple[bool, bool] = (False, False),
    ) -> CellChange:
        one = self.old[i] if self.old else None
        return CellChange(
            self.now.id,
            after.headers[self.now.id],
            self.now.type.value,
            after.where(j, self.now.id),
            content(one, kind_of(self.was), self.old_code, old_formula),
            content(self.new[j], kind_of(self.now), self.new_code, new_formula),
            self.now.type.computed,
            *over,
        )


def _columns(
    old: Side, new: Side, before: Rows, after: Rows, fields: Mapping[str, str], wish: Wish
) -> Iterator[_Column]:
    for now in after.table.fields:
        if now.id not in after.cells or not wish.looks_at(after.table.id, now.id):
            continue
        former = fields.get(now.id, "")
        known = former in before.cells
        if not known and now.type.computed:
            continue
        was = before.table.field(former) if known else now
        old_cells = before.cells[former] if known else Written()
        yield _Column(
            now,
            was,
            before.values[former] if known else (),
            after.values[now.id],
            old_cells,
            after.cells[now.id],
            format_of(was, old.model, old.language),
            format_of(now, new.model, new.language),
            former in before.formulas,
            now.id in after.formulas,
            wish.lists(now),
            not {*old_cells.formulas, *after.cells[now.id].formulas} <= {None},
        )


def _changed(
    old: Side,
    new: Side,
    before: Rows,
    after: Rows,
    columns: tuple[_Column, ...],
    pairs: Iterable[tuple[int, int]],
) -> Iterator[RowChange]:
    for i, j in pairs:
        cells = tuple(change for c in columns if (change := c.change(i, j, after)) is not None)
        if cells:
            yield RowChange(
                after.ids[j], _key(new, after, j), _key(old, before, i), after.key_place(j), cells
            )


def _one_sided(side: Side, rows: Rows, indexes: Iterable[int]) -> Iterator[OneSidedRow]:
    codes = [(f, kind_of(f), format_of(f, side.model, side.language)) for f in rows.inputs()]
    for i in indexes:
        values: list[tuple[str, str, Content]] = []
        for f, kind, code in codes:
            value, formula = rows.values[f.id][i], rows.cells[f.id].formula(i)
            if value is not None or formula:
                values.append((f.id, rows.headers[f.id], content(value, kind, code, formula)))
        yield OneSidedRow(rows.ids[i], _key(side, rows, i), rows.key_place(i), tuple(values))


def _key(side: Side, rows: Rows, index: int) -> str:
    """What people call a row: its key, or the number it will get."""
    key = rows.key(index)
    value = key if key is not None else rows.numbers[index]
    return shown(value, format_of(rows.table.field(rows.table.key), side.model, side.language))
