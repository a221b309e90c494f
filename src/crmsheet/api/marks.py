"""The Baseline of a workbook as it is being written: what the next refresh will remember.

Knows which facts of a plan and a state are remembered. Does not know how they are packed or stored.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from typing import cast

from crmsheet import __version__
from crmsheet.edition import edition
from crmsheet.model.baseline import Baseline, ColumnMark, FormerKey, TableMark
from crmsheet.model.changelog import Change, Tokens, change_lines
from crmsheet.model.history import History, history_lines
from crmsheet.model.identity import remembered, text_value, value_texts
from crmsheet.model.identity import row_hashes as hashes
from crmsheet.model.merged import Merging
from crmsheet.model.packing import packed
from crmsheet.model.rowsums import sums_of
from crmsheet.model.spec import Model, Table
from crmsheet.model.state import State, TableState
from crmsheet.model.words import Language
from crmsheet.model.written import Written
from crmsheet.plan.book import Plan
from crmsheet.plan.cells import Block, PlanCell
from crmsheet.plan.place import Addresses
from crmsheet.plan.recorded import RECORD_ANCHOR, RECORD_SHEET
from crmsheet.read.rows import FoundRows
from crmsheet.refresh.written import with_looks_of, written_by
from crmsheet.structs import replace


def key_texts(table: Table, state: TableState) -> tuple[str, ...]:
    """The key of each row as text, empty where it is blank."""
    column = state.columns.get(table.key)
    return tuple(value_texts(column)) if column is not None else ("",) * state.size


def row_hashes(table: Table, state: TableState, book_code: str) -> tuple[str, ...]:
    """The hash of each row's input values, in the spec's field order."""
    columns = [value_texts(state.columns[f.id]) for f in table.fields if f.id in state.columns]
    return tuple(hashes(book_code, columns, state.size))


def _hashed(
    table: Table, rows: TableState, book_code: str, found: FoundRows | None
) -> tuple[Sequence[str], Sequence[str]]:
    """Hash and key of each row: those found when they were read, if nothing changed since."""
    if found is not None and len(found.hashes) == rows.size:
        read = found.state.columns
        if rows.columns.keys() == read.keys() and all(rows.columns[c] is read[c] for c in read):
            return found.hashes, found.keys
    return row_hashes(table, rows, book_code), key_texts(table, rows)


def _remembered(
    ids: Sequence[str], hashes: Sequence[str], keys: Sequence[str], before: Mapping[str, tuple[str, str]]
) -> dict[str, tuple[str, str]]:
    """Id to hash and key of rows that have an id. What is as before is the very pair: there may be a million."""
    if not before:
        found = dict(zip(ids, zip(hashes, keys, strict=True), strict=True))
        found.pop("", None)
        return found
    known = remembered(ids, before)
    same = map(operator.eq, known, zip(hashes, keys, strict=True))
    kept = dict(zip(ids, known, strict=True))
    kept.update(
        {ids[at]: (hashes[at], keys[at]) for at, as_before in enumerate(same) if not as_before and ids[at]}
    )
    kept.pop("", None)
    return cast("dict[str, tuple[str, str]]", kept)


def baseline(
    model: Model,
    language: Language,
    state: State,
    plan: Plan,
    *,
    book_code: str,
    next_row: int,
    next_ids: Mapping[str, int],
    version: str,
    sheet_names: Mapping[str, str] | None = None,
    headers: Mapping[str, Mapping[str, str]] | None = None,
    numbers: Mapping[str, Mapping[str, int]] | None = None,
    renamed_keys: Mapping[str, Mapping[str, tuple[FormerKey, ...]]] | None = None,
    found: Mapping[str, FoundRows] | None = None,
    history: History | None = None,
    changes: Sequence[Change] = (),
    before: Mapping[str, Mapping[str, tuple[str, str]]] | None = None,
    flags: Mapping[str, str] | None = None,
) -> Baseline:
    """What to remember. `sheet_names`, `headers` and `numbers` (`tableColumn` ids) are those of a workbook
    that exists; without them those of the plan. `found` are the rows as read, whose hashes are known; `before` is
    what was remembered of them until now."""
    marks: dict[str, TableMark] = {}
    tokens = tokens_of(model, state, renamed_keys or {})
    for planned in plan.tables:
        table = model.table(planned.id)
        rows = state.tables.get(planned.id, TableState())
        hashes, keys = _hashed(table, rows, book_code, (found or {}).get(planned.id))
        real = (headers or {}).get(planned.id, {})
        real_numbers = (numbers or {}).get(planned.id, {})
        marks[planned.id] = TableMark(
            planned.name,
            tuple(
                ColumnMark(c.id, real.get(c.id, c.header), real_numbers.get(c.id, number))
                for number, c in enumerate(planned.columns, start=1)
            ),
            _remembered(rows.ids, hashes, keys, (before or {}).get(planned.id, {})),
            tokens.audited(table, rows),
        )
    return Baseline(
        model=model,
        language=language,
        book_code=book_code,
        next_row=next_row,
        next_ids=dict(next_ids),
        tables=marks,
        sheets={s.id: (sheet_names or {}).get(s.id, s.name) for s in plan.sheets},
        anchors={
            b.anchor: (b.rows, b.columns) for b in plan.blocks if b.anchored and b.anchor != RECORD_ANCHOR
        },
        inputs={c.holds: (b.anchor, c.row, c.column) for b in plan.blocks for c in b.cells if c.holds},
        lists={list_id: {r.id: r.label for r in items} for list_id, items in state.lists.items()},
        renamed_keys=renamed_keys or {},
        history=history_lines(history or History()),
        changes=change_lines(changes),
        merging=_without_choices(state.merging),
        flags=flags,
        version=version,
    )


def with_sums(record: Baseline, state: State) -> Baseline:
    """The record with the sums of its rows as they stand."""
    marks = dict(record.tables)
    for table in record.model.tables:
        rows, mark = state.tables.get(table.id), marks.get(table.id)
        if rows is not None and mark is not None:
            own = {f.id: rows.columns[f.id] for f in table.fields if f.id in rows.columns}
            marks[table.id] = replace(mark, sums=sums_of(record.book_code, rows.ids, own, mark.rows))
    return replace(record, tables=marks)


def as_written(
    record: Baseline,
    plan: Plan,
    before: Baseline | None = None,
    standing: Addresses | None = None,
    known: Written | None = None,
) -> Baseline:
    """The record with what this crmsheet writes of a plan; into a workbook that looks as `before` said, when it leaves
    looks alone, and that has things `standing` so. `known` is what it writes, where somebody made that out."""
    written = known or written_by(plan, edition(), standing)
    old = before.written if before is not None else None
    if before is not None and old is not None and old.scheme == written.scheme:
        same = all(
            [c.id for c in mark.columns] == [c.id for c in record.tables[t].columns]
            for t, mark in before.tables.items()
            if t in record.tables
        )
        if same:
            looks = with_looks_of(written, old, record.tables)
            return replace(record, version=__version__, written=looks)
    from crmsheet.plan.formats import formats_of

    return replace(record, version=__version__, written=replace(written, formats=formats_of(plan)))


def _without_choices(merging: Merging | None) -> Merging | None:
    """What people chose stands in its cells."""
    if merging is None or merging.conflicts is None:
        return merging
    return replace(merging, conflicts=tuple(replace(one, choice=None) for one in merging.conflicts))


def tokens_of(
    model: Model, state: State, renamed: Mapping[str, Mapping[str, tuple[FormerKey, ...]]]
) -> Tokens:
    """What cells are remembered as; `renamed` are the keys that rows had and that cells may still hold."""
    former = {
        table: {str(text_value(k.key)): row for row, keys in rows.items() for k in keys if k.sure}
        for table, rows in renamed.items()
    }
    return Tokens.of(model, state, former)


def baseline_block(record: Baseline) -> Block:
    """The block of cells that holds the record, a line a row."""
    lines = packed(record)
    return Block(
        RECORD_ANCHOR,
        RECORD_SHEET,
        0,
        0,
        len(lines),
        1,
        tuple(PlanCell(row, 0, line) for row, line in enumerate(lines)),
    )
