"""The proof that a refresh changed nothing else, on the finished bytes, before any file is replaced.

Checks the obligations one to four of the refresh contract, independently of how the bytes were made.
The fifth and sixth (refreshing again changes nothing; every owned formula carries its value) are `difference`
on the result, which `api` asks for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import Final

from crmsheet.errors import WorkbookRefused
from crmsheet.excel.references import a1
from crmsheet.opc.directory import part_key
from crmsheet.opc.package import Package
from crmsheet.opc.writer import unchanged_members
from crmsheet.refresh.condensed import condensed_proof
from crmsheet.refresh.patch import Patched
from crmsheet.refresh.soundness import flaws, format_counts
from crmsheet.sheetml.contents import Contents, SheetCells
from crmsheet.sheetml.grid import Fresh
from crmsheet.sheetml.spanedit import proof_outside_spans
from crmsheet.sheetml.splicedbytes import SplicedBytes

_MANY: Final = 1_000
"""Cells whose styles are sooner read column by column."""


def broken_promises(before: Contents, patched: Patched, after: Contents) -> Iterator[str]:
    """Each way in which the new package differs from what was promised, in words; none when all is well."""
    named = {*patched.parts, *patched.removed, *patched.added}
    for problem in unchanged_members(before.package, after.package, tuple(named)):
        yield f"obligation 1, members outside the patch are byte-equal: {problem}"
    yield from _other_members(before.package, patched, after.package)
    for part, done in patched.parts.items():
        if before.package.xml(part) != done.before:
            yield f"obligation 2, {part}: the patch was made for other bytes"
        texts = before.package.texts(part)
        if texts is None:
            after.package.known_as_utf8(part, before.package, (span.new for span in done.replacements))
            problem = proof_outside_spans(done.before, after.package.xml(part), done.replacements)
        else:
            problem = condensed_proof(before.package, after.package, part, done.replacements)
            if not problem:
                # That the file holds just this is proven; it is put together only if somebody needs all of it.
                held = SplicedBytes(before.package.held(part), done.replacements)
                after.package.hold_condensed(part, held, texts.elsewhere())
        if problem:
            yield f"obligation 2, {part}: {problem}"
    for name, cells in patched.changed_cells.items():
        old, new = before.sheet(name), after.sheet(name)
        if old is None or new is None:
            yield f"obligation 3, the sheet '{name}' is gone"
        else:
            yield from _other_cells(name, old, new, cells, patched.fresh.get(name, ()))
    if patched.rules:
        from crmsheet.refresh.rules.proof import changed_rules

        for problem in changed_rules(before, after, patched.rules):
            yield f"obligation 3, {problem}"
    yield from _unsound(before, patched, after)


def _other_members(before: Package, patched: Patched, after: Package) -> Iterator[str]:
    """New parts hold what was promised, behind all others; parts that go are gone, parts that change stay."""
    for part, content in patched.added.items():
        if not after.has(part) or after.read(part) != content:
            yield f"obligation 1, {part} does not hold what was to be added"
    if patched.added and after.parts[-len(patched.added) :] != tuple(patched.added):
        yield "obligation 1, new members do not stand behind the others"
    new = {part_key(part) for part in patched.added}
    gone = {part_key(part) for part in patched.removed}
    for part in before.parts:
        key = part_key(part)
        if after.has(part) == (key in gone and key not in new):
            yield f"obligation 1, {part} is {'still there' if key in gone else 'gone'}"


def _other_cells(
    name: str,
    old: SheetCells,
    new: SheetCells,
    changed: frozenset[tuple[int, int]],
    fresh: Sequence[Fresh],
) -> Iterator[str]:
    """Cells outside the patch that do not have the value, formula and format they had."""
    for row, column in old.rows.differing_cells(new.rows, fresh):
        if (row, column) not in changed:
            yield f"obligation 3, the cell {name}!{a1(row, column)} changed"


def _unsound(before: Contents, patched: Patched, after: Contents) -> Iterator[str]:
    """What makes the package unsound that did not before."""
    try:
        after.package.check_all(before.package)
    except WorkbookRefused as damage:
        yield f"obligation 4, {damage}"
    known = set(flaws(before, patched.parts))
    for flaw in flaws(after, patched.parts, patched.added):
        if flaw not in known:
            yield f"obligation 4, {flaw}"
    formats, _ = format_counts(after.package)
    for name, places in patched.changed_cells.items():
        old, new = before.sheet(name), after.sheet(name)
        if old is not None and new is not None:
            for row, column, was, style in _styles(old, new, places):
                if style >= formats and was != style:
                    yield f"obligation 4, {name}!{a1(row, column)} has the cell format {style} of {formats}"
            for rows in patched.fresh.get(name, ()):
                for column in rows.columns:
                    most = max(new.rows.styles(column, rows.rows), default=0)
                    if most >= formats:
                        yield f"obligation 4, {name}!{a1(rows.rows[0], column)} has the cell format {most} of {formats}"


def _styles(
    old: SheetCells, new: SheetCells, places: Set[tuple[int, int]]
) -> Iterator[tuple[int, int, int, int]]:
    """Of each place (row and column) the style before and after; -1 where no cell is written."""
    if len(places) < _MANY:
        for row, column in places:
            was, cell = old.at(row, column), new.at(row, column)
            yield row, column, -1 if was is None else was.style, -1 if cell is None else cell.style
        return
    by_column: dict[int, list[int]] = {}
    for row, column in sorted(places):
        by_column.setdefault(column, []).append(row)
    for column, rows in by_column.items():
        pairs = zip(old.rows.styles(column, rows), new.rows.styles(column, rows), strict=True)
        yield from ((row, column, was, style) for row, (was, style) in zip(rows, pairs, strict=True))
