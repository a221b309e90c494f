"""Package-level causes of a repair prompt: members, content types, relationships, styles, drawings, charts.

Knows what must exist, be unique or be in range between parts. Does not look at cells (`repair_sheet`) nor at
formulas except the references of charts.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from lxml import etree
from tests.judge.formula_lint import Known, formula_problems
from tests.judge.package import Element, Package, cell_position, child, children, descendants, items, local

_XML_PARTS = (".xml", ".rels")
_FORMAT_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')
_MOST_STYLES = 64_000


def duplicates(values: Iterable[str]) -> list[str]:
    """The values that occur more than once, each once."""
    return [value for value, count in Counter(values).items() if count > 1]


def member_problems(source: Path | bytes) -> Iterator[str]:
    """Member names that occur twice; Excel compares them without case."""
    with zipfile.ZipFile(BytesIO(source) if isinstance(source, bytes) else source) as archive:
        for name in duplicates(name.lower() for name in archive.namelist()):
            yield f"{name}: two members of this name"


def part_problems(package: Package, *, dialect: bool) -> Iterator[str]:
    """Parts that are not well-formed, have no content type, or point at what is not there."""
    for part in package.parts:
        if part.lower().endswith(_XML_PARTS):
            try:
                package.root(part)
            except etree.XMLSyntaxError as error:
                yield f"{part}: not well-formed: {error}"
                return
    if not package.has("[Content_Types].xml"):
        yield "there is no [Content_Types].xml"
        return
    yield from _content_type_problems(package, dialect)
    for part in package.parts:
        if part.lower().endswith(".rels"):
            yield from _relationship_problems(package, part)


def _content_type_problems(package: Package, dialect: bool) -> Iterator[str]:
    root = package.root("[Content_Types].xml")
    overrides = [str(e.get("PartName", "")).lstrip("/").lower() for e in children(root, "Override")]
    defaults = [str(e.get("Extension", "")).lower() for e in children(root, "Default")]
    for name in duplicates(overrides) + duplicates(defaults):
        yield f"[Content_Types].xml: {name} is declared twice"
    for name in overrides:
        if not package.has(name):
            yield f"[Content_Types].xml: {name} does not exist"
    for part in package.parts:
        known = part.lower() in overrides or part.lower().rpartition(".")[2] in defaults
        if not known and part != "[Content_Types].xml":
            yield f"{part}: no content type"
        if dialect and part.startswith("xl/") and part.endswith(".xml") and part.lower() not in overrides:
            default = [e for e in children(root, "Default") if e.get("Extension", "").lower() == "xml"]
            if default and default[0].get("ContentType") == "application/xml":
                yield f"{part}: only the content type of any XML"


def _relationship_problems(package: Package, rels: str) -> Iterator[str]:
    folder, _, name = rels.rpartition("/")
    parent = folder.removesuffix("_rels").rstrip("/")
    owner = f"{parent}/{name.removesuffix('.rels')}".strip("/")
    if owner and not package.has(owner):
        yield f"{rels}: belongs to no part"
        return
    leads = package.relationships(owner)
    for rid in duplicates(lead.rid for lead in leads):
        yield f"{rels}: {rid} occurs twice"
    for lead in leads:
        if not lead.external and not package.has(lead.target):
            yield f"{rels}: {lead.rid} leads to {lead.target}, which does not exist"
    if not owner.lower().endswith(".xml"):
        return
    known = {lead.rid for lead in leads}
    for value in _used_ids(package.root(owner)):
        if value not in known:
            yield f"{owner}: <{local(value.getparent())}> uses {value}, which is no relationship"


def _used_ids(root: Element) -> list[Element]:
    """The values of all relationship attributes; each knows its element."""
    found = root.xpath("//@*[contains(namespace-uri(.), '/relationships')]")
    return [value for value in found if value]


def unrelated_ids(package: Package) -> Iterator[str]:
    """Parts that use relationship ids but have no relationships at all."""
    for part in package.parts:
        if part.lower().endswith(".xml") and not package.has(package.relationships_part(part)):
            for value in _used_ids(package.root(part)):
                user = local(value.getparent())
                yield f"{part}: <{user}> uses {value}, but the part has no relationships"


def style_problems(package: Package, *, dialect: bool) -> Iterator[str]:
    """Style records that point outside their lists, and number formats Excel cannot read."""
    for part in package.related(package.workbook_part, "styles"):
        root = package.root(part)
        sizes = {
            name: len(items(root, name)) for name in ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs")
        }
        if sizes["cellXfs"] > _MOST_STYLES:
            yield f"{part}: {sizes['cellXfs']} cell formats (at most {_MOST_STYLES})"
        formats = {str(e.get("numFmtId")): str(e.get("formatCode", "")) for e in descendants(root, "numFmt")}
        for number in duplicates(str(e.get("numFmtId")) for e in items(root, "numFmts")):
            yield f"{part}: number format {number} is declared twice"
        for number, code in formats.items():
            if not code and number == "0" and not dialect:
                continue  # some writers declare the general format anew
            yield from (f"{part}: number format {number}: {p}" for p in number_format_problems(code))
        for group in ("cellStyleXfs", "cellXfs"):
            for place, xf in enumerate(items(root, group)):
                yield from _xf_problems(f"{part}: {group}[{place}]", xf, sizes, formats, group)
        for name in ("fonts", "fills", "borders", "cellXfs", "dxfs", "numFmts", "cellStyles"):
            found = child(root, name)
            if found is not None and found.get("count") not in (None, str(len(found))):
                yield f"{part}: {name} says {found.get('count')}, there are {len(found)}"


def _xf_problems(
    where: str, xf: Element, sizes: dict[str, int], formats: dict[str, str], group: str
) -> Iterator[str]:
    targets = [("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")]
    if group == "cellXfs":
        targets.append(("xfId", "cellStyleXfs"))
    for attribute, target in targets:
        value = int(xf.get(attribute, 0))
        if value and value >= sizes[target]:
            yield f"{where}: {attribute} {value}, there are {sizes[target]}"
    number = xf.get("numFmtId", "0")
    if int(number) >= 164 and number not in formats:
        yield f"{where}: number format {number} is not declared"


def number_format_problems(code: str) -> Iterator[str]:
    """What Excel would not read in a number format."""
    if not code or len(code) > 255:
        yield f"{len(code)} characters"
    bare = _FORMAT_LITERAL.sub("", code)
    if '"' in bare:
        yield f"unbalanced quotes in {code!r}"
    if bare.count("[") != bare.count("]"):
        yield f"unbalanced brackets in {code!r}"
    if bare.count(";") > 3:
        yield f"more than four sections in {code!r}"


def drawing_problems(package: Package) -> Iterator[str]:
    """Drawings used twice, shapes with the same id, anchors that end before they begin."""
    users: Counter[str] = Counter()
    for sheet in package.sheets:
        users.update(package.related(sheet.part, "drawing"))
    for part, count in users.items():
        if count > 1:
            yield f"{part}: drawing of {count} sheets"
    charts = Counter(target for part in users for target in package.related(part, "chart"))
    for part, count in charts.items():
        if count > 1:
            yield f"{part}: stands in {count} places"
    for part in users:
        root = package.root(part)
        shown = [
            e
            for e in descendants(root, "cNvPr")
            if not any(local(a) == "Fallback" for a in e.iterancestors())
        ]
        for number in duplicates(str(e.get("id")) for e in shown):
            yield f"{part}: two shapes have the id {number}"
        for anchor in descendants(root, "twoCellAnchor"):
            begin, end = (_anchor(child(anchor, name)) for name in ("from", "to"))
            if begin[0] > end[0] or begin[1] > end[1]:
                yield f"{part}: an anchor from {begin} to {end}"


def _anchor(element: Element) -> tuple[int, int]:
    row, column = (child(element, name) for name in ("row", "col"))
    return int(row.text), int(column.text)


def chart_problems(package: Package, known: Known, *, dialect: bool) -> Iterator[str]:
    """Axes that are not declared, series with one index, caches longer than they say, wrong references."""
    for part in package.parts:
        if not re.fullmatch(r"xl/charts/chart\d*\.xml", part):
            continue
        root = package.root(part)
        plot = next(iter(descendants(root, "plotArea")), None)
        if plot is None:
            yield f"{part}: no plot area"
            continue
        axes = [str(child(e, "axId").get("val")) for e in plot if local(e).endswith("Ax")]
        used = [
            str(e.get("val"))
            for group in plot
            if local(group).endswith("Chart")
            for e in children(group, "axId")
        ]
        for number in duplicates(axes) + [number for number in used if number not in axes]:
            yield f"{part}: axis {number} is declared twice or not at all"
        series = descendants(plot, "ser")
        for name in ("idx", "order"):
            for number in duplicates(str(e.get("val")) for ser in series for e in children(ser, name)):
                yield f"{part}: two series have {name} {number}"
        for cache in [*descendants(root, "numCache"), *descendants(root, "strCache")]:
            yield from _cache_problems(part, cache)
        for reference in descendants(root, "f"):
            for problem in formula_problems(reference.text or "", known, dialect=dialect):
                yield f"{part}: {reference.text}: {problem}"


def _cache_problems(part: str, cache: Element) -> Iterator[str]:
    counts = children(cache, "ptCount")
    points = [int(e.get("idx", -1)) for e in children(cache, "pt")]
    if len(counts) != 1:
        yield f"{part}: a cache without its number of points"
    elif points and (max(points) >= int(counts[0].get("val")) or sorted(set(points)) != points):
        yield f"{part}: a cache of {counts[0].get('val')} points has points {points[0]}..{max(points)}"
    if local(cache) == "numCache":
        for text in (str(e.text or "") for e in descendants(cache, "v")):
            if not is_number(text) and not text.startswith("#"):
                yield f"{part}: {text!r} in a number cache"


def is_number(text: str) -> bool:
    """Whether the text is a finite number as XML schema writes it."""
    return re.fullmatch(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*", text) is not None


def comment_problems(package: Package) -> Iterator[str]:
    """Notes on no cell or two on one, unknown authors, notes without the shapes that show them."""
    for sheet in package.worksheets:
        for part in package.related(sheet.part, "comments"):
            root = package.root(part)
            authors = len(descendants(root, "author"))
            notes = descendants(root, "comment")
            for ref in duplicates(str(e.get("ref")) for e in notes):
                yield f"{part}: two notes on {ref}"
            for note in notes:
                try:
                    cell_position(str(note.get("ref")))
                except ValueError:
                    yield f"{part}: a note on {note.get('ref')!r}"
                if int(note.get("authorId", -1)) not in range(authors):
                    yield f"{part}: a note by author {note.get('authorId')} of {authors}"
            if notes and not package.related(sheet.part, "vmlDrawing"):
                yield f"{part}: notes without a VML drawing"
