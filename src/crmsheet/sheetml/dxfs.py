"""Differential formats: what a conditional format lays over a cell's own, as bytes.

Knows how the highlights of a plan are written. Does not know which of them a workbook has, nor when two look
the same.
"""

from __future__ import annotations

from typing import Final

from crmsheet.plan.looks import Highlight

_OWN_FORMAT: Final = 164
"""The first id of formats that are not built in; in a differential format the code alone counts."""
_SIDES = ("left", "right", "top", "bottom")


def dxf_xml(look: Highlight, prefix: str = "") -> bytes:
    """A `<dxf>` element, its tags written with the prefix (`x:` or none)."""
    p = prefix
    font = f"<{p}b/>" * look.bold + f"<{p}i/>" * look.italic
    if look.color:
        font += _color(p, look.color)
    inside = f"<{p}font>{font}</{p}font>" if font else ""
    if look.number_format:
        code = _quoted(look.number_format)
        inside += f'<{p}numFmt numFmtId="{_OWN_FORMAT}" formatCode={code}/>'
    if look.fill:
        inside += (
            f'<{p}fill><{p}patternFill><{p}bgColor rgb="FF{look.fill.upper()}"/></{p}patternFill></{p}fill>'
        )
    if look.border_color:
        line = _color(p, look.border_color)
        sides = "".join(f'<{p}{side} style="thin">{line}</{p}{side}>' for side in _SIDES)
        inside += f"<{p}border>{sides}<{p}vertical/><{p}horizontal/></{p}border>"
    return f"<{p}dxf>{inside}</{p}dxf>".encode()


def _quoted(text: str) -> str:
    """An attribute's value in its quotes. (The standard library's way would load much that nobody needs.)"""
    inside = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if '"' not in inside:
        return f'"{inside}"'
    return f"'{inside}'" if "'" not in inside else '"' + inside.replace('"', "&quot;") + '"'


def _color(prefix: str, rgb: str) -> str:
    return f'<{prefix}color rgb="FF{rgb.upper()}"/>'
