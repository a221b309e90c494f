"""What a sheet has besides cells and rules: merged cells, links, widths of columns, heights of rows.

Knows how each is added or taken away by splicing. Does not know why.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence

from crmsheet.excel.references import RangeRef, range_or_none
from crmsheet.opc.xmltree import Element, escaped
from crmsheet.sheetml.elements import WORKSHEET_ORDER, attribute_edits, in_order, is_empty, last_child
from crmsheet.sheetml.scan import SheetScan
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.structs import dataclass

_PADDING = 0.7109375
"""What a file's column width has more than the characters that fit."""


@dataclass(frozen=True, slots=True)
class ColumnLook:
    """A column's width in characters, whether it is hidden, its outline level and format."""

    width: float
    hidden: bool = False
    level: int = 0
    style: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a cell to a place in the workbook, such as a defined name."""

    row: int
    column: int
    location: str


def merge_edits(
    scan: SheetScan, add: Sequence[RangeRef] = (), remove: Collection[RangeRef] = ()
) -> tuple[Replacement, ...]:
    """The replacements that merge and split cells; ranges already merged are not merged again."""
    frame, prefix = scan.frame, scan.prefix
    holder = frame.child("mergeCells")
    items = holder.all("mergeCell") if holder is not None else ()
    there = {range_or_none(item.get("ref")): item for item in items}
    gone = [there[area] for area in remove if area in there]
    fresh = [area for area in add if area not in there or area in remove]
    if not gone and not fresh:
        return ()
    added = b"".join(f'<{prefix}mergeCell ref="{area}"/>'.encode() for area in fresh)
    count = len(items) - len(gone) + len(fresh)
    if holder is None or is_empty(holder):
        whole = f'<{prefix}mergeCells count="{count}">'.encode() + added + f"</{prefix}mergeCells>".encode()
        if holder is not None:
            return (Replacement(holder.start, holder.end, whole),)
        return (in_order(frame, WORKSHEET_ORDER, "mergeCells", whole),)
    if count == 0:
        return (Replacement(holder.start, holder.end, b""),)
    edits = [Replacement(item.start, item.end, b"") for item in gone]
    if added:
        edits.append(last_child(holder, added))
    return (*attribute_edits(scan.data, holder, {"count": str(count)}), *edits)


def links_of(scan: SheetScan) -> tuple[Link, ...]:
    """The links to places in this workbook."""
    holder = scan.frame.child("hyperlinks")
    found = []
    for item in holder.all("hyperlink") if holder is not None else ():
        area = range_or_none(item.get("ref"))
        if (
            area is not None
            and item.get("location")
            and "id" not in {k.rpartition(":")[2] for k in item.attributes}
        ):
            found.append(Link(area.top, area.left, item.get("location")))
    return tuple(found)


def link_edits(
    scan: SheetScan, add: Sequence[Link] = (), remove: Collection[tuple[int, int]] = ()
) -> tuple[Replacement, ...]:
    """The replacements that link cells to places and take links away, by cell."""
    frame, prefix = scan.frame, scan.prefix
    holder = frame.child("hyperlinks")
    items = holder.all("hyperlink") if holder is not None else ()
    places: dict[tuple[int, int], Element] = {}
    for item in items:
        area = range_or_none(item.get("ref"))
        if area is not None:
            places[area.top, area.left] = item
    wanted = {(link.row, link.column): link for link in add}
    gone = [places[at] for at in {*remove, *wanted} if at in places]
    if not gone and not wanted:
        return ()
    added = b"".join(
        f'<{prefix}hyperlink ref="{RangeRef(r, c, r, c)}" location="'.encode()
        + escaped(link.location)
        + b'"/>'
        for (r, c), link in sorted(wanted.items())
    )
    if holder is None:
        whole = f"<{prefix}hyperlinks>".encode() + added + f"</{prefix}hyperlinks>".encode()
        return (in_order(frame, WORKSHEET_ORDER, "hyperlinks", whole),)
    if len(gone) == len(items) and not added:
        return (Replacement(holder.start, holder.end, b""),)
    edits = [Replacement(item.start, item.end, b"") for item in gone]
    return (*edits, last_child(holder, added)) if added else tuple(edits)


@dataclass(frozen=True, slots=True)
class ColumnStyles:
    """The format that a column gives to cells that are not written."""

    ranges: tuple[tuple[int, int, int], ...]
    """First and last column, and style index."""

    def at(self, column: int) -> int:
        return next((style for first, last, style in self.ranges if first <= column <= last), 0)


def default_styles(scan: SheetScan) -> ColumnStyles:
    """The columns' formats."""
    found = []
    for item in _columns(scan):
        style = item.get("style")
        found.append(
            (int(item.get("min")) - 1, int(item.get("max")) - 1, int(style) if style.isdecimal() else 0)
        )
    return ColumnStyles(tuple(found))


def column_looks(scan: SheetScan, wanted: Collection[int]) -> dict[int, ColumnLook]:
    """How columns look that have a width of their own."""
    found: dict[int, ColumnLook] = {}
    for item in _columns(scan):
        first, last = int(item.get("min")) - 1, int(item.get("max")) - 1
        style, level, width = item.get("style"), item.get("outlineLevel"), item.get("width")
        if not width:
            continue
        look = ColumnLook(
            float(width) - _PADDING,
            item.get("hidden") in ("1", "true"),
            int(level) if level.isdecimal() else 0,
            int(style) if style.isdecimal() else None,
        )
        found.update({at: look for at in wanted if first <= at <= last})
    return found


def _columns(scan: SheetScan) -> Iterator[Element]:
    holder = scan.frame.child("cols")
    for item in holder.all("col") if holder is not None else ():
        if item.get("min").isdecimal() and item.get("max").isdecimal():
            yield item


def column_edits(scan: SheetScan, looks: Mapping[int, ColumnLook]) -> tuple[Replacement, ...]:
    """The replacements that give columns (0-based) another look; all other columns keep theirs."""
    if not looks:
        return ()
    frame, prefix = scan.frame, scan.prefix
    holder = frame.child("cols")
    if holder is None:
        whole = b"".join(
            _column(prefix, at, at, _look_attributes({}, look)) for at, look in sorted(looks.items())
        )
        tag = f"{prefix}cols".encode()
        return (in_order(frame, WORKSHEET_ORDER, "cols", b"<%b>%b</%b>" % (tag, whole, tag)),)
    edits: list[Replacement] = []
    covered: set[int] = set()
    after: dict[int, list[bytes]] = {}
    items = tuple(_columns(scan))
    for item in items:
        first, last = int(item.get("min")) - 1, int(item.get("max")) - 1
        inside = sorted(at for at in looks if first <= at <= last)
        if not inside:
            continue
        covered.update(inside)
        own = {k: v for k, v in item.attributes.items() if k not in ("min", "max")}
        pieces, start = [], first
        for at in inside:
            if start < at:
                pieces.append(_column(prefix, start, at - 1, own))
            pieces.append(_column(prefix, at, at, _look_attributes(own, looks[at])))
            start = at + 1
        if start <= last:
            pieces.append(_column(prefix, start, last, own))
        edits.append(Replacement(item.start, item.end, b"".join(pieces)))
    for at in sorted(set(looks) - covered):
        before = [i for i in items if int(i.get("max")) - 1 < at]
        place = max((i.end for i in before), default=holder.open_end)
        after.setdefault(place, []).append(_column(prefix, at, at, _look_attributes({}, looks[at])))
    edits += [Replacement(place, place, b"".join(pieces)) for place, pieces in after.items()]
    return tuple(edits)


def _look_attributes(own: Mapping[str, str], look: ColumnLook) -> dict[str, str]:
    wanted = {
        k: v for k, v in own.items() if k not in ("width", "hidden", "outlineLevel", "style", "bestFit")
    }
    wanted["width"] = f"{look.width + _PADDING:g}"
    style = str(look.style) if look.style is not None else own.get("style", "")
    if style:
        wanted["style"] = style
    if look.hidden:
        wanted["hidden"] = "1"
    wanted["customWidth"] = "1"
    if look.level:
        wanted["outlineLevel"] = str(look.level)
    return wanted


def _column(prefix: str, first: int, last: int, attributes: Mapping[str, str]) -> bytes:
    written = b"".join(b' %b="%b"' % (k.encode(), escaped(v)) for k, v in attributes.items())
    return f'<{prefix}col min="{first + 1}" max="{last + 1}"'.encode() + written + b"/>"


_HEIGHT = re.compile(rb"""\s(?:ht|customHeight)\s*=\s*(?:"[^"]*"|'[^']*')""")


def row_heights(scan: SheetScan) -> Mapping[int, float]:
    """The heights written in the sheet, in points, by row."""
    found: dict[int, float] = {}
    for index, number in enumerate(scan.rows.numbers):
        row = scan.rows[index]
        match = re.search(rb"""\sht\s*=\s*["']([0-9.]+)["']""", scan.data[row.start : row.open_end])
        if match:
            found[number] = float(match.group(1))
    return found


def height_edits(scan: SheetScan, heights: Mapping[int, float | None]) -> tuple[Replacement, ...]:
    """The replacements that give rows another height, in points (None: the usual one); rows that are not written
    yet are put in."""
    edits: list[Replacement] = []
    rows = scan.rows
    known = set(rows.numbers)
    for index, number in enumerate(rows.numbers):
        if number not in heights:
            continue
        row = rows[index]
        tag = scan.data[row.start : row.open_end]
        end = -2 if tag.endswith(b"/>") else -1
        points = heights[number]
        height = b"" if points is None else f' ht="{points:g}" customHeight="1"'.encode()
        new = _HEIGHT.sub(b"", tag[:end]).rstrip() + height + tag[end:]
        if new != tag:
            edits.append(Replacement(row.start, row.open_end, new))
    if rows.start < 0 or rows.open_end == rows.end:
        return tuple(edits)
    fresh: dict[int, bytes] = {}
    for number in sorted({n for n, points in heights.items() if points is not None} - known):
        following = bisect_left(rows.numbers, number)
        at = rows.starts[following] if following < len(rows) else rows.close_start
        fresh[at] = fresh.get(at, b"") + (
            f'<{scan.prefix}row r="{number + 1}" ht="{heights[number]:g}" customHeight="1"/>'.encode()
        )
    return (*edits, *(Replacement(at, at, rows_) for at, rows_ in fresh.items()))
