"""The edits of a refresh as data, and their application by splicing.

Knows that a part changes only in named spans. Does not know why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crmsheet.excel.references import RangeRef
from crmsheet.opc.contenttypes import CONTENT_TYPES, without_override
from crmsheet.opc.package import Package
from crmsheet.opc.relationships import relationships_part, without_relationships
from crmsheet.opc.writer import assemble
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.spanedit import Replacement, replace_spans
from crmsheet.sheetml.splice import CellEdit, patched_sheet


@dataclass(frozen=True, slots=True)
class Patch:
    """`cells` by sheet name, `spans` by part (offsets into `package.xml(part)`)."""

    cells: Mapping[str, tuple[CellEdit, ...]] = field(default_factory=dict)
    spans: Mapping[str, tuple[Replacement, ...]] = field(default_factory=dict)
    blocked: Mapping[str, tuple[tuple[RangeRef, str], ...]] = field(default_factory=dict)
    """By sheet name: ranges that must not be written, with the reason to give."""

    @property
    def empty(self) -> bool:
        return not any(self.cells.values()) and not any(self.spans.values())


@dataclass(frozen=True, slots=True)
class PatchedPart:
    """A part before and after, and the spans that differ."""

    before: bytes = field(repr=False)
    after: bytes = field(repr=False)
    replacements: tuple[Replacement, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Patched:
    """The new package, and everything `verify` needs to prove what changed."""

    data: bytes = field(repr=False)
    parts: Mapping[str, PatchedPart]
    removed: tuple[str, ...]
    changed_cells: Mapping[str, frozenset[tuple[int, int]]]
    """By sheet name: the cells that were to change."""


_CALC_CHAIN = "calcChain"


def applied(contents: Contents, patch: Patch) -> Patched:
    """Apply a patch. Raises WorkbookRefused where a cell must not be written."""
    package = contents.package
    parts: dict[str, PatchedPart] = {}
    changed: dict[str, frozenset[tuple[int, int]]] = {}
    lost_formula = False
    for name, edits in patch.cells.items():
        sheet = contents.sheet(name)
        if sheet is None or not edits:
            continue
        done = patched_sheet(sheet.scan, edits, blocked=patch.blocked.get(name, ()))
        lost_formula |= done.lost_formula
        parts[sheet.sheet.part] = PatchedPart(sheet.scan.data, done.data, done.replacements)
        changed[name] = frozenset((e.row, e.column) for e in edits) | frozenset(done.changed)
    for part, replacements in patch.spans.items():
        if replacements:
            before = package.xml(part)
            parts[part] = PatchedPart(before, replace_spans(before, replacements), replacements)
    removed: tuple[str, ...] = ()
    if lost_formula:
        removed, without = _without_calc_chain(package)
        parts.update(without)
    replaced = {part: done.after for part, done in parts.items()}
    return Patched(assemble(package, replaced, removed=removed), parts, removed, changed)


def _without_calc_chain(package: Package) -> tuple[tuple[str, ...], dict[str, PatchedPart]]:
    """Drop the calculation chain: Excel repairs a file whose chain names a cell without formula."""
    workbook = package.workbook.part
    chain = package.related(workbook, _CALC_CHAIN)
    if not chain:
        return (), {}
    ids = frozenset(r.id for r in package.relationships(workbook) if r.kind == _CALC_CHAIN)
    rels = relationships_part(workbook)
    content_types = package.xml(CONTENT_TYPES)
    for part in chain:
        content_types = without_override(content_types, part)
    return chain, {
        rels: _compared(package.xml(rels), without_relationships(package.xml(rels), ids)),
        CONTENT_TYPES: _compared(package.xml(CONTENT_TYPES), content_types),
    }


def _compared(before: bytes, after: bytes) -> PatchedPart:
    """Two versions of a part as one replaced span: what is between their common ends."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    old_end, new_end = len(before) - end, len(after) - end
    return PatchedPart(before, after, (Replacement(start, old_end, after[start:new_end]),))
