"""An inventory of a workbook, so that two can be compared for what one of them lost.

Knows everything a person put there or would miss: cells with their look, notes, merges, rules, widths,
drawings, pictures, charts, names, properties, and every part it has no better word for.
Does not know which cells belong to crmsheet (the caller says so), nor whether what was added is right.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from lxml import etree
from openpyxl.formula.translate import Translator
from tests.judge.package import (
    Cell,
    Element,
    Package,
    Sheet,
    Value,
    child,
    descendants,
    items,
    local,
    relation,
)
from tests.judge.repair_sheet import skeleton

Owned = Callable[[str, str], bool]
"""(sheet name, cell reference): whether the cell is not the people's."""

Inventory: TypeAlias = Mapping[str, str]
"""What is there, by a name that says where; compared entry by entry."""

_REWRITTEN = frozenset({"workbook", "styles", "sharedstrings", "calcchain"})
_CACHES = ("numCache", "strCache", "multiLvlStrCache")
_PROPERTIES = ("core-properties", "custom-properties", "extended-properties")


@dataclass(frozen=True, slots=True)
class CellPrint:
    """A cell as people see it: what it holds, what it computes, how it looks."""

    kind: str
    value: Value
    formula: str | None
    look: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetPrint:
    """One sheet: its cells by reference, everything else by aspect."""

    name: str
    state: str
    cells: Mapping[str, CellPrint]
    aspects: Mapping[str, Inventory]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A whole workbook."""

    sheets: tuple[SheetPrint, ...]
    aspects: Mapping[str, Inventory]


def fingerprint(source: Path | bytes) -> Fingerprint:
    """The inventory of a workbook."""
    package = Package(source)
    looks = _looks(package)
    return Fingerprint(
        sheets=tuple(_sheet(package, sheet, looks) for sheet in package.sheets),
        aspects={
            "name": {
                f"{name} ({scope or 'workbook'})": text for (scope, name), text in package.names.items()
            },
            "property": dict(_properties(package)),
            "picture": _counted(_digest(package.read(part)) for part in package.parts if "/media/" in part),
            "part": dict(_other_parts(package)),
        },
    )


def lost(
    before: Fingerprint | Path,
    after: Fingerprint | Path,
    *,
    owned: Owned = lambda _sheet, _ref: False,
    skip: Collection[str] = (),
    results: bool = False,
) -> list[str]:
    """What `before` had and `after` lacks or has otherwise; what was added is not listed.

    `skip` names aspects not to be compared (`validation`, `format`, `column`, `look`, ...). The computed
    values of people's formulas are compared only with `results`: new input may well change them.
    """
    old = fingerprint(before) if isinstance(before, Path) else before
    new = fingerprint(after) if isinstance(after, Path) else after
    found = []
    by_name = {sheet.name: sheet for sheet in new.sheets}
    kept = [sheet.name for sheet in new.sheets if sheet.name in {other.name for other in old.sheets}]
    if kept != [sheet.name for sheet in old.sheets if sheet.name in by_name]:
        found.append(f"the order of the sheets: now {', '.join(kept)}")
    for sheet in old.sheets:
        other = by_name.get(sheet.name)
        if other is None:
            found.append(f"sheet {sheet.name}")
            continue
        if sheet.state != other.state:
            found.append(f"sheet {sheet.name}: was {sheet.state}, is {other.state}")
        found += _lost_cells(sheet, other, owned, "look" not in skip, results)
        found += _lost_aspects(f"{sheet.name}: ", sheet.aspects, other.aspects, skip)
    return found + list(_lost_aspects("", old.aspects, new.aspects, skip))


def added(before: Fingerprint | Path, after: Fingerprint | Path, *, owned: Owned) -> list[str]:
    """Cells that hold something now and were blank or not there before, in the sheets both have."""
    old = fingerprint(before) if isinstance(before, Path) else before
    new = fingerprint(after) if isinstance(after, Path) else after
    blank = CellPrint("", None, None, ())
    cells = {sheet.name: sheet.cells for sheet in old.sheets}
    return [
        f"{sheet.name}!{ref}: {cell.formula or cell.value!r}"
        for sheet in new.sheets
        if sheet.name in cells
        for ref, cell in sheet.cells.items()
        if (cell.formula is not None or cell.value is not None) and not owned(sheet.name, ref)
        for was in (cells[sheet.name].get(ref, blank),)
        if was.formula is None and was.value is None
    ]


def _lost_cells(
    sheet: SheetPrint, other: SheetPrint, owned: Owned, looks: bool, results: bool
) -> Iterator[str]:
    blank = CellPrint("", None, None, ())
    for ref, cell in sheet.cells.items():
        if owned(sheet.name, ref):
            continue
        now = other.cells.get(ref, blank)
        where = f"{sheet.name}!{ref}: "
        if cell.formula is None and cell.value is None:
            now = CellPrint("", None, None, now.look)  # what stands there now was added
        if cell.formula != now.formula:
            yield f"{where}formula {cell.formula!r} is now {now.formula!r}"
        if (cell.formula is None or results) and (cell.kind, cell.value) != (now.kind, now.value):
            yield f"{where}{cell.kind} {cell.value!r} is now {now.kind} {now.value!r}"
        # A workbook without any formats shows the same when it has the usual ones.
        if looks and cell.look and cell.look != now.look:
            changed = [f"{a} -> {b}" for a, b in zip(cell.look, now.look, strict=False) if a != b]
            yield f"{where}look {'; '.join(changed) or 'lost'}"


def _lost_aspects(
    where: str, old: Mapping[str, Inventory], new: Mapping[str, Inventory], skip: Collection[str]
) -> Iterator[str]:
    for aspect, inventory in old.items():
        if aspect in skip:
            continue
        for name, content in inventory.items():
            now = new.get(aspect, {}).get(name)
            if now is None:
                yield f"{where}{aspect} {name}"
            elif now != content:
                yield f"{where}{aspect} {name}: was {content[:200]}, is {now[:200]}"


def _canonical(element: Element) -> str:
    return str(etree.tostring(element, method="c14n").decode("utf-8"))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _counted(names: Iterable[str]) -> dict[str, str]:
    return {name: str(count) for name, count in Counter(names).items()}


def _attributes(element: Element) -> str:
    return " ".join(f"{etree.QName(key).localname}={value}" for key, value in sorted(element.attrib.items()))


def _looks(package: Package) -> list[tuple[str, ...]]:
    """For each cell format: number format, font, fill, border, alignment, protection, resolved."""
    parts = package.related(package.workbook_part, "styles")
    if not parts:
        return [()]
    root = package.root(parts[0])
    codes = {element.get("numFmtId"): str(element.get("formatCode")) for element in items(root, "numFmts")}
    groups = {
        key: [_canonical(record) for record in items(root, name)]
        for key, name in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders"))
    }
    found = []
    for xf in items(root, "cellXfs"):
        look = [codes.get(xf.get("numFmtId", "0"), xf.get("numFmtId", "0"))]
        for key, records in groups.items():
            number = int(xf.get(key, 0))
            look.append(records[number] if number < len(records) else f"{key} {number}")
        look += [
            _attributes(element)
            for name in ("alignment", "protection")
            for element in (child(xf, name),)
            if element is not None
        ]
        found.append(tuple(look))
    return found or [()]


def _sheet(package: Package, sheet: Sheet, looks: list[tuple[str, ...]]) -> SheetPrint:
    if not package.has(sheet.part):
        return SheetPrint(sheet.name, sheet.state, {}, {})
    if sheet.kind != "worksheet":
        digest = {sheet.kind: _canonical(package.root(sheet.part)), **dict(_drawing(package, sheet))}
        return SheetPrint(sheet.name, sheet.state, {}, {"content": digest})
    root = skeleton(package, sheet)
    return SheetPrint(
        name=sheet.name,
        state=sheet.state,
        cells=dict(_cells(package, sheet, looks)),
        aspects={
            "note": dict(_notes(package, sheet)),
            "merge": {str(e.get("ref")): "merged" for e in items(root, "mergeCells")},
            "validation": _counted(_rule(e) for e in descendants(root, "dataValidation")),
            "format": _counted(_formats(root)),
            "column": dict(_columns(root)),
            "row": dict(_rows(package, sheet)),
            "link": {str(e.get("ref")): _link(package, sheet, e) for e in items(root, "hyperlinks")},
            "drawing": dict(_drawing(package, sheet)),
            "table": dict(_tables(package, sheet)),
            "setting": dict(_settings(root)),
            "extension": _counted(str(e.get("uri")) for e in items(root, "extLst")),
        },
    )


def _cells(package: Package, sheet: Sheet, looks: list[tuple[str, ...]]) -> Iterator[tuple[str, CellPrint]]:
    masters: dict[str, Cell] = {}
    for cell in package.cells(sheet):
        formula = cell.formula
        if cell.shared and formula:
            masters.setdefault(cell.shared, cell)
        elif cell.shared and cell.shared in masters:
            master = masters[cell.shared]
            formula = Translator(f"={master.formula}", origin=master.ref).translate_formula(cell.ref)[1:]
        if cell.array and formula is not None:
            formula = f"{{{formula}}} in {cell.array}"
        kind = {bool: "truth", float: "number", str: "text"}.get(type(cell.value), type(cell.value).__name__)
        look = looks[cell.style] if cell.style < len(looks) else (f"style {cell.style}",)
        yield cell.ref, CellPrint("" if cell.value is None else kind, cell.value, formula, look)


def _notes(package: Package, sheet: Sheet) -> Iterator[tuple[str, str]]:
    for part in package.related(sheet.part, "comments"):
        root = package.root(part)
        authors = [str(e.text or "") for e in descendants(root, "author")]
        for element in descendants(root, "comment"):
            author = authors[int(element.get("authorId", 0))] if authors else ""
            text = "".join(str(e.text or "") for e in element.iter("{*}t"))
            yield str(element.get("ref")), f"{author}: {text}"
    for part in package.related(sheet.part, "threadedComment"):
        for element in descendants(package.root(part), "threadedComment"):
            yield f"{element.get('ref')} {element.get('id')}", "".join(element.itertext())


def _rule(element: Element) -> str:
    """A validation in words: attributes and formulas, wherever the block stands."""
    texts = [f"{local(part)} {''.join(part.itertext())}" for part in element]
    return " | ".join([_attributes(element), *texts])


def _formats(root: Element) -> Iterator[str]:
    for holder in descendants(root, "conditionalFormatting"):
        ranges = str(holder.get("sqref") or " ".join(str(e.text) for e in descendants(holder, "sqref")))
        for rule in descendants(holder, "cfRule"):
            kept = {
                key: value for key, value in rule.attrib.items() if key not in ("dxfId", "priority", "id")
            }
            yield f"{ranges} {sorted(kept.items())} {''.join(rule.itertext())}"


def _columns(root: Element) -> Iterator[tuple[str, str]]:
    for element in items(root, "cols"):
        look = " ".join(
            f"{name}={element.get(name)}" for name in ("width", "hidden", "outlineLevel", "collapsed")
        )
        for number in range(int(element.get("min")), min(int(element.get("max")), 1024) + 1):
            yield str(number), look


def _rows(package: Package, sheet: Sheet) -> Iterator[tuple[str, str]]:
    kept = ("ht", "hidden", "outlineLevel", "collapsed", "customFormat")
    for element in descendants(package.root(sheet.part), "row"):
        look = " ".join(f"{name}={element.get(name)}" for name in kept if element.get(name))
        if look and element.get("r"):
            yield str(element.get("r")), look


def _link(package: Package, sheet: Sheet, element: Element) -> str:
    rid = relation(element)
    target = next((lead.target for lead in package.relationships(sheet.part) if lead.rid == rid), "")
    return f"{target} {element.get('location', '')} {element.get('tooltip', '')}".strip()


def _drawing(package: Package, sheet: Sheet) -> Iterator[tuple[str, str]]:
    """Every anchored object by number and name; what it leads to is part of its content."""
    for part in package.related(sheet.part, "drawing"):
        leads = {lead.rid: lead for lead in package.relationships(part)}
        for number, anchor in enumerate(package.root(part)):
            named = next(iter(descendants(anchor, "cNvPr")), None)
            content = [_digest(_canonical(anchor).encode())]
            for element in anchor.iter(etree.Element):
                for key, value in element.attrib.items():
                    lead = leads.get(value) if "relationships}" in key else None
                    if lead is not None and not lead.external and package.has(lead.target):
                        content.append(_drawn(package, lead.target))
            yield (
                f"{number} {named.get('name', '') if named is not None else local(anchor)}",
                " ".join(content),
            )


def _drawn(package: Package, part: str) -> str:
    if "/charts/" not in part:
        return _digest(package.read(part))
    root = package.root(part)
    for name in _CACHES:
        for cache in descendants(root, name):
            cache.getparent().remove(cache)
    return _digest(_canonical(root).encode())


def _tables(package: Package, sheet: Sheet) -> Iterator[tuple[str, str]]:
    for part in package.related(sheet.part, "table"):
        root = package.root(part)
        style = child(root, "tableStyleInfo")
        columns = ", ".join(str(e.get("name")) for e in items(root, "tableColumns"))
        yield str(root.get("displayName")), f"{columns} | {_attributes(style) if style is not None else ''}"


def _settings(root: Element) -> Iterator[tuple[str, str]]:
    """Views, freezes, filters, protection, print set-up: one entry per element of the sheet."""
    simple = ("sheetPr", "sheetViews", "sheetProtection", "autoFilter", "printOptions", "pageMargins")
    for name in (*simple, "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "sheetFormatPr"):
        element = child(root, name)
        if element is not None:
            yield name, _canonical(element)


def _properties(package: Package) -> Iterator[tuple[str, str]]:
    for lead in package.relationships(""):
        if lead.kind not in _PROPERTIES or not package.has(lead.target):
            continue
        for element in package.root(lead.target):
            if local(element) not in ("TitlesOfParts", "HeadingPairs", "modified"):
                yield element.get("name") or local(element), "".join(element.itertext())


def _other_parts(package: Package) -> Iterator[tuple[str, str]]:
    """Parts no other aspect describes, by name and content: macros, pivots, slicers, themes, ..."""
    described = ("worksheets", "chartsheets", "drawings", "charts", "tables", "media", "docprops", "_rels")
    for part in package.parts:
        lowered = "/" + part.lower()
        stem = lowered.rsplit("/", 1)[-1].partition(".")[0]
        if stem in _REWRITTEN or stem.startswith("comments") or lowered == "/[content_types].xml":
            continue
        foreign = not lowered.endswith((".xml", ".rels")) and "/media/" not in lowered
        if foreign or not any(f"/{folder}/" in lowered for folder in described):
            yield part, _digest(package.read(part))
