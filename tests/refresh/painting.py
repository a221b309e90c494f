"""Cells of a workbook painted as people do, and looked at afterwards.

A cell that is painted must be there. Knows the styles part and the cells' format numbers. Does not know what
crmsheet wrote.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from openpyxl import load_workbook
from tests.refresh.small_world import member, sheet_part, with_text

STYLES = "xl/styles.xml"


@dataclass(frozen=True, slots=True)
class Painted:
    """What people see of a cell's format."""

    fill: str
    color: str
    bold: bool
    italic: bool
    number: str


def looks(content: bytes, sheet: str, refs: Collection[str]) -> dict[str, Painted]:
    """How cells look."""
    found = {}
    read = load_workbook(io.BytesIO(content))[sheet]
    for ref in refs:
        cell = read[ref]
        fill = str(cell.fill.fgColor.rgb) if cell.fill.patternType == "solid" else ""
        color = str(cell.font.color.rgb) if cell.font.color is not None else ""
        found[ref] = Painted(fill, color, bool(cell.font.bold), bool(cell.font.italic), cell.number_format)
    return found


def painted(content: bytes, sheet: str, refs: Collection[str], colour: str) -> bytes:
    """Cells filled with a colour; all else of their formats stays."""
    fills = re.search(rb'<fills count="(\d+)">', member(content, STYLES))
    assert fills is not None
    number = int(fills[1])
    new = f'<fill><patternFill patternType="solid"><fgColor rgb="FF{colour}"/></patternFill></fill></fills>'
    content = with_text(
        content,
        STYLES,
        lambda t: t.replace("</fills>", new).replace(
            f'<fills count="{number}"', f'<fills count="{number + 1}"'
        ),
    )

    def filled(xf: str) -> str:
        return re.sub(
            r'fillId="\d+"', f'fillId="{number}" applyFill="1"', xf.replace(' applyFill="1"', ""), count=1
        )

    for ref in refs:
        content = _dressed(content, sheet, ref, filled)
    return content


def formatted(content: bytes, sheet: str, refs: Collection[str], code: str) -> bytes:
    """Cells with another number format."""
    text = f'<numFmt numFmtId="399" formatCode="{code}"/>'
    content = with_text(
        content,
        STYLES,
        lambda t: re.sub(
            r'<numFmts count="(\d+)">', lambda m: f'<numFmts count="{int(m[1]) + 1}">{text}', t, count=1
        ),
    )

    def shown(xf: str) -> str:
        xf = xf.replace(' applyNumberFormat="1"', "")
        return re.sub(r'numFmtId="\d+"', 'numFmtId="399" applyNumberFormat="1"', xf, count=1)

    for ref in refs:
        content = _dressed(content, sheet, ref, shown)
    return content


def _dressed(content: bytes, sheet: str, ref: str, change: Callable[[str], str]) -> bytes:
    styles = member(content, STYLES).decode()
    listed = re.search(r'<cellXfs count="(\d+)">(.*?)</cellXfs>', styles, re.S)
    assert listed is not None
    formats = re.findall(r"<xf [^>]*?/>|<xf .*?</xf>", listed[2], re.S)
    assert len(formats) == int(listed[1])
    part = sheet_part(content, sheet)
    cell = re.search(rf'<c r="{ref}"([^>]*)>', member(content, part).decode())
    assert cell is not None, ref
    worn = re.search(r's="(\d+)"', cell[1])
    own = change(formats[int(worn[1]) if worn is not None else 0])
    whole = f'<cellXfs count="{len(formats) + 1}">{listed[2]}{own}</cellXfs>'
    content = with_text(content, STYLES, lambda t: t.replace(listed[0], whole))
    plain = re.sub(r' s="\d+"', "", cell[0])
    new = plain.replace(f'r="{ref}"', f'r="{ref}" s="{len(formats)}"')
    return with_text(content, part, lambda t: t.replace(cell[0], new))
