"""The proof that a refresh changed nothing else, on the finished bytes, before any file is replaced.

Checks the obligations one to four of the refresh contract, independently of how the bytes were made.
The fifth and sixth (refreshing again changes nothing; every owned formula carries its value) are `difference`
on the result, which `api` asks for.
"""

from __future__ import annotations

from collections.abc import Iterator

from crmsheet.errors import WorkbookRefused
from crmsheet.excel.references import a1
from crmsheet.excel.values import Value
from crmsheet.opc.contenttypes import CONTENT_TYPES
from crmsheet.opc.directory import part_key
from crmsheet.opc.package import Package
from crmsheet.opc.writer import unchanged_members
from crmsheet.refresh.patch import Patched
from crmsheet.sheetml.contents import Contents, SheetCells
from crmsheet.sheetml.decode import Cell
from crmsheet.sheetml.spanedit import proof_outside_spans
from crmsheet.sheetml.tables import tables_of


def broken_promises(before: Contents, patched: Patched, after: Contents) -> Iterator[str]:
    """Each way in which the new package differs from what was promised, in words; none when all is well."""
    named = {*patched.parts, *patched.removed, *patched.added}
    for problem in unchanged_members(before.package, after.package, tuple(named)):
        yield f"obligation 1, members outside the patch are byte-equal: {problem}"
    yield from _other_members(before.package, patched, after.package)
    for part, done in patched.parts.items():
        if before.package.xml(part) != done.before:
            yield f"obligation 2, {part}: the patch was made for other bytes"
        problem = proof_outside_spans(done.before, after.package.xml(part), done.replacements)
        if problem:
            yield f"obligation 2, {part}: {problem}"
    for name, cells in patched.changed_cells.items():
        old, new = before.sheet(name), after.sheet(name)
        if old is None or new is None:
            yield f"obligation 3, the sheet '{name}' is gone"
        else:
            yield from _other_cells(name, old, new, cells)
    yield from _unsound(before.package, after.package)


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
    name: str, old: SheetCells, new: SheetCells, changed: frozenset[tuple[int, int]]
) -> Iterator[str]:
    """Cells outside the patch that do not have the value, formula and format they had."""
    for row in old.rows.keys() | new.rows.keys():
        if old.rows.get(row) == new.rows.get(row):
            continue
        left, right = old.row(row), new.row(row)
        for column in left.keys() | right.keys():
            if (row, column) not in changed and _meaning(left.get(column)) != _meaning(right.get(column)):
                yield f"obligation 3, the cell {name}!{a1(row, column)} changed"


def _meaning(cell: Cell | None) -> tuple[int, Value, str | None] | None:
    return None if cell is None else (cell.style, cell.value, cell.formula)


def _unsound(before: Package, after: Package) -> Iterator[str]:
    """What makes a package unsound that was not so before: damaged members, parts without a content type,
    relationships that lead nowhere, sheets or tables with one id."""
    try:
        after.check_all()
    except WorkbookRefused as damage:
        yield f"obligation 4, {damage}"
    known = set(_flaws(before))
    for flaw in _flaws(after):
        if flaw not in known:
            yield f"obligation 4, {flaw}"


def _flaws(package: Package) -> Iterator[str]:
    for part in package.parts:
        if part.casefold() != CONTENT_TYPES.casefold() and not package.content_types.of(part):
            yield f"{part} has no content type"
        if not part.endswith(".rels"):
            for relationship in package.relationships(part):
                if not relationship.external and not package.has(relationship.target):
                    yield f"{part} refers to {relationship.target}, which is not there"
    for what, ids in (
        ("sheets", [s.sheet_id for s in package.workbook.sheets]),
        ("tables", [t.id for s in package.workbook.sheets for t in tables_of(package, s.part)]),
    ):
        if len(set(ids)) != len(ids):
            yield f"two {what} have one id"
