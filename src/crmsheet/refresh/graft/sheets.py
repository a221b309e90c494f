"""What changes inside a worksheet or table part of the scratch workbook when it moves.

Knows where cells, rows, columns and rules name formats by number, and where texts are kept outside the sheet.
Does not know which number becomes which.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from crmsheet.opc.xmltree import Element, parse_tree
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.elements import attribute_edits
from crmsheet.sheetml.rowfinding import needs_expat
from crmsheet.sheetml.scan import SheetScan
from crmsheet.sheetml.spanedit import Replacement, replace_spans

_CELL_STYLE: Final = re.compile(rb'(<(?:c|row)\s(?:[^<>]*?\s)?s=")([0-9]+)(?=")')
_SHARED: Final = re.compile(rb'(<c\s[^<>]*?)\st="s"([^<>]*>)<v>([0-9]+)</v>')
_FORMATS: Final = ("cfRule", "sortCondition", "colorFilter")
_TABLE_FORMATS: Final = (
    *("headerRowDxfId", "dataDxfId", "totalsRowDxfId"),
    *("headerRowBorderDxfId", "tableBorderDxfId", "totalsRowBorderDxfId", "dxfId"),
)


def moved_sheet(
    scratch: Contents, part: str, style: Callable[[int], int], dxf: Callable[[int], int]
) -> bytes:
    """A worksheet with its formats renumbered, texts in the cells, and not selected."""
    data = scratch.package.xml(part)
    scan = SheetScan.of(scratch.package, part)
    if scan.prefix or needs_expat(data):
        raise ValueError(f"{part} was not written by crmsheet")
    edits = list(_frame_edits(data, scan.frame, style, dxf))
    rows = scan.rows
    if rows.start >= 0 and rows.close_start > rows.open_end:
        inside = data[rows.open_end : rows.close_start]
        edits.append(Replacement(rows.open_end, rows.close_start, _moved_rows(inside, scratch, style)))
    return replace_spans(data, edits)


def _frame_edits(
    data: bytes, frame: Element, style: Callable[[int], int], dxf: Callable[[int], int]
) -> list[Replacement]:
    edits: list[Replacement] = []
    for element in frame.walk():
        if element.local == "col" and element.get("style").isdecimal():
            edits += attribute_edits(data, element, {"style": str(style(int(element.get("style"))))})
        elif element.local in _FORMATS and element.get("dxfId").isdecimal():
            edits += attribute_edits(data, element, {"dxfId": str(dxf(int(element.get("dxfId"))))})
        elif element.local == "sheetView" and element.get("tabSelected"):
            # Two selected sheets are a group: what people type goes into both.
            edits += attribute_edits(data, element, {"tabSelected": None})
    return edits


def _moved_rows(rows: bytes, scratch: Contents, style: Callable[[int], int]) -> bytes:
    numbers: dict[bytes, bytes] = {}

    def restyled(match: re.Match[bytes]) -> bytes:
        number = match.group(2)
        new = numbers.get(number)
        if new is None:
            new = numbers[number] = str(style(int(number))).encode()
        return match.group(1) + new

    rows = _CELL_STYLE.sub(restyled, rows)
    if b't="s"' not in rows:
        return rows
    items = _string_items(scratch)
    return _SHARED.sub(
        lambda m: m.group(1) + b' t="inlineStr"' + m.group(2) + b"<is>" + items[int(m.group(3))] + b"</is>",
        rows,
    )


def _string_items(scratch: Contents) -> tuple[bytes, ...]:
    """What stands inside each shared string, with its runs."""
    part = scratch.strings.part
    data = scratch.package.xml(part)
    root = parse_tree(data, scratch.package.file, part)
    if root.prefix:
        raise ValueError(f"{part} was not written by crmsheet")
    return tuple(data[item.open_end : item.close_start] for item in root.all("si"))


def moved_table(data: bytes, table_id: int, dxf: Callable[[int], int]) -> bytes:
    """A table part with another id and its formats renumbered."""
    root = parse_tree(data)
    edits = list(attribute_edits(data, root, {"id": str(table_id)}))
    for element in root.walk():
        formats = {n: element.get(n) for n in _TABLE_FORMATS if element.get(n).isdecimal()}
        edits += attribute_edits(data, element, {n: str(dxf(int(v))) for n, v in formats.items()})
    return replace_spans(data, edits)
