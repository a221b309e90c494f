"""The edits of a refresh as data, and their application by splicing.

Knows that a part changes only in named spans, that new parts stand behind all others, and how edits of several
sources become one patch. Does not know why anything changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from crmsheet.excel.references import RangeRef
from crmsheet.opc.condensing import Texts
from crmsheet.opc.contenttypes import CONTENT_TYPES
from crmsheet.opc.directory import part_key
from crmsheet.opc.package import Package
from crmsheet.opc.relationships import relationships_part
from crmsheet.opc.writer import assemble
from crmsheet.refresh.merging import merged
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.edits import CellEdit
from crmsheet.sheetml.grid import Fresh
from crmsheet.sheetml.rowwriting import FreshRows
from crmsheet.sheetml.spanedit import Replacement, ordered, replace_spans, spliced
from crmsheet.sheetml.splice import patched_sheet
from crmsheet.structs import dataclass, field

if TYPE_CHECKING:
    from crmsheet.refresh.rules.proof import RuleClaim


@dataclass(frozen=True, slots=True)
class Patch:
    """`cells` by sheet name, `spans` by part (offsets into `package.xml(part)`)."""

    cells: Mapping[str, tuple[CellEdit, ...]] = field(default_factory=dict)
    spans: Mapping[str, tuple[Replacement, ...]] = field(default_factory=dict)
    blocked: Mapping[str, tuple[tuple[RangeRef, str], ...]] = field(default_factory=dict)
    """By sheet name: ranges that must not be written, with the reason to give."""
    added: Mapping[str, bytes] = field(default_factory=dict)
    """New parts, in the order in which they are to stand behind the others."""
    removed: tuple[str, ...] = ()
    """Parts that go; whoever names one has seen to its relationships and content type."""
    rules: Mapping[str, RuleClaim] = field(default_factory=dict)
    """By the names of sheets whose validations or conditional formats change: which of them are ours."""
    fresh: Mapping[str, tuple[FreshRows, ...]] = field(default_factory=dict)
    """By sheet name: rows that are put in whole."""

    @property
    def empty(self) -> bool:
        edits = any(self.cells.values()) or any(self.spans.values()) or any(self.fresh.values())
        return not (edits or self.added or self.removed)


def combined(patches: Iterable[Patch]) -> Patch:
    """Several patches of one package as one. Raises ValueError where they contradict each other."""
    cells: dict[str, tuple[CellEdit, ...]] = {}
    blocked: dict[str, tuple[tuple[RangeRef, str], ...]] = {}
    spans: dict[str, list[Sequence[Replacement]]] = {}
    added: dict[str, bytes] = {}
    removed: dict[str, str] = {}
    rules: dict[str, RuleClaim] = {}
    fresh: dict[str, tuple[FreshRows, ...]] = {}
    for patch in patches:
        rules |= patch.rules
        for sheet, rows in patch.fresh.items():
            fresh[sheet] = (*fresh.get(sheet, ()), *rows)
        for sheet, edits in patch.cells.items():
            cells[sheet] = (*cells.get(sheet, ()), *edits)
        for sheet, ranges in patch.blocked.items():
            known = blocked.get(sheet, ())
            blocked[sheet] = (*known, *(r for r in ranges if r not in known))
        for part, replacements in patch.spans.items():
            spans.setdefault(part, []).append(replacements)
        for part, content in patch.added.items():
            if added.setdefault(part, content) != content:
                raise ValueError(f"{part} is added twice")
        removed |= {part_key(part): part for part in patch.removed}
    together = {part: merged(found) for part, found in spans.items()}
    return Patch(cells, together, blocked, added, tuple(removed.values()), rules, fresh)


@dataclass(frozen=True, slots=True)
class PatchedPart:
    """A part before, and the spans that differ. What it is then stands in the new package."""

    before: bytes = field(repr=False)
    replacements: tuple[Replacement, ...] = field(repr=False)

    @property
    def after(self) -> bytes:
        """The part with its spans replaced."""
        return replace_spans(self.before, self.replacements)


@dataclass(frozen=True, slots=True)
class Patched:
    """The new package, and everything `verify` needs to prove what changed."""

    data: bytes = field(repr=False)
    parts: Mapping[str, PatchedPart]
    removed: tuple[str, ...]
    changed_cells: Mapping[str, frozenset[tuple[int, int]]]
    """By sheet name: the cells that were to change."""
    added: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    rules: Mapping[str, RuleClaim] = field(default_factory=dict, repr=False)
    fresh: Mapping[str, tuple[Fresh, ...]] = field(default_factory=dict)
    """By sheet name: the rows that were put in."""


_CALC_CHAIN = "calcChain"


def applied(contents: Contents, patch: Patch) -> Patched:
    """Apply a patch. Raises WorkbookRefused where a cell must not be written, ValueError where edits overlap."""
    package = contents.package
    sources: dict[str, list[Sequence[Replacement]]] = {}
    finished: dict[str, bytes | Iterable[bytes]] = {}
    changed: dict[str, frozenset[tuple[int, int]]] = {}
    lost_formula = False
    for name in dict.fromkeys((*patch.cells, *patch.fresh)):
        sheet, edits, fresh = contents.sheet(name), patch.cells.get(name, ()), patch.fresh.get(name, ())
        if sheet is None or not (edits or fresh):
            continue
        done = patched_sheet(sheet.scan, edits, blocked=patch.blocked.get(name, ()), fresh=fresh)
        lost_formula |= done.lost_formula
        sources[sheet.sheet.part] = [done.replacements]
        if package.texts(sheet.sheet.part) is None:
            finished[sheet.sheet.part] = done.data
        changed[name] = frozenset((e.row, e.column) for e in edits) | frozenset(done.changed)
    of_cells = frozenset(sources)
    for part, replacements in patch.spans.items():
        if replacements:
            sources.setdefault(_same_part(sources, part), []).append(replacements)
    removed = dict.fromkeys(patch.removed)
    if lost_formula:
        chain, without = _without_calc_chain(package)
        removed |= dict.fromkeys(chain)
        for part, replacements in without.items():
            sources.setdefault(_same_part(sources, part), []).append(replacements)
    parts: dict[str, PatchedPart] = {}
    for part, found in sources.items():
        before = package.xml(part)
        if len(found) == 1 and part in finished:
            parts[part] = PatchedPart(before, tuple(found[0]))
        else:
            replacements = tuple(found[0]) if len(found) == 1 and part in of_cells else merged(found)
            parts[part] = PatchedPart(before, replacements)
            texts = package.texts(part)
            finished[part] = (
                parts[part].after if texts is None else _spliced(package, part, replacements, texts)
            )
    replaced = {part: finished[part] for part in parts}
    data = assemble(package, replaced, patch.added, tuple(removed))
    put_in = {name: tuple(map(Fresh.of, rows)) for name, rows in patch.fresh.items()}
    return Patched(data, parts, tuple(removed), changed, dict(patch.added), patch.rules, put_in)


def _spliced(
    package: Package, part: str, replacements: Sequence[Replacement], texts: Texts
) -> Iterator[bytes]:
    """What a part that is held condensed is with these spans of its condensed form replaced, piece by piece: it is
    large. What is kept comes from the file itself."""
    data, spans = package.xml(part), ordered(replacements)
    places = texts.places(data, [span.start for span in spans])
    yield from spliced(
        package.pieces(part),
        (
            Replacement(place, place + len(texts.expanded(data[start:end])), texts.expanded(new))
            for place, (start, end, new) in zip(places, spans, strict=True)
        ),
    )


def _same_part(known: Iterable[str], part: str) -> str:
    """The name under which a part is known already; names differ in case and slashes only."""
    return next((name for name in known if part_key(name) == part_key(part)), part)


def _without_calc_chain(package: Package) -> tuple[tuple[str, ...], dict[str, tuple[Replacement, ...]]]:
    """Drop the calculation chain: Excel repairs a file whose chain names a cell without formula."""
    workbook = package.workbook.part
    chain = package.related(workbook, _CALC_CHAIN)
    if not chain:
        return (), {}
    from crmsheet.refresh.ledgers import dropped_overrides, dropped_relationships

    ids = frozenset(r.id for r in package.relationships(workbook) if r.kind == _CALC_CHAIN)
    return chain, {
        relationships_part(workbook): dropped_relationships(package, workbook, ids),
        CONTENT_TYPES: dropped_overrides(package, chain),
    }
