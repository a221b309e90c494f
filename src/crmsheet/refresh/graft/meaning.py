"""When two fonts, fills, borders, alignments or differential formats look the same.

Knows which attributes and elements say nothing because they state what holds anyway. Does not know indexes
nor where a format stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from crmsheet.opc.xmltree import Element, escaped
from crmsheet.patterns import regex
from crmsheet.structs import dataclass

_TRUE: Final = ("1", "true", "on")
_SWITCHES: Final = frozenset(("b", "i", "strike", "outline", "shadow", "condense", "extend"))
_SIDES: Final = {"start": "left", "end": "right"}
_USUAL: Final[Mapping[str, str]] = {
    "horizontal": "general",
    "vertical": "bottom",
    "textRotation": "0",
    "wrapText": "0",
    "indent": "0",
    "relativeIndent": "0",
    "justifyLastLine": "0",
    "shrinkToFit": "0",
    "readingOrder": "0",
    "locked": "1",
    "hidden": "0",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """An element by what it says: names without prefixes, what holds anyway left out, in a fixed order."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    parts: tuple[Shape, ...] = ()


_NEEDLESS: Final = regex(r"""\\([^\w#?.,%@*"\\;\[\]/:]|[^\x00-\x7f])""")
"""A backslash before what is shown as it is anyway: LibreOffice writes `\\¥#,##0` for `¥#,##0`."""
Flat: TypeAlias = tuple[tuple[str, str], ...]


def _shape(name: str, attributes: Mapping[str, str], parts: Iterable[Shape] = ()) -> Shape:
    return Shape(name, tuple(sorted(attributes.items())), tuple(sorted(parts, key=repr)))


def any_shape(element: Element) -> Shape:
    """An element whose rules are not known here, as written."""
    return _shape(element.local, element.attributes, (any_shape(c) for c in element.children))


def colour(element: Element) -> Shape:
    """`color`, `fgColor`, `bgColor`."""
    said = {k: v for k, v in element.attributes.items() if k in ("rgb", "theme", "indexed", "tint", "auto")}
    if "rgb" in said:
        said["rgb"] = said["rgb"].upper()
    if "tint" in said and _number(said["tint"]) == "0":
        del said["tint"]
    return _shape(element.local, said)


def _number(text: str) -> str:
    try:
        return f"{float(text):g}"
    except ValueError:
        return text


def font(element: Element | None) -> Shape:
    """A font; the hint at a family of similar fonts says nothing where the font is there."""
    parts: list[Shape] = []
    for child in element.children if element is not None else ():
        value = child.get("val")
        if child.local in _SWITCHES:
            if not value or value in _TRUE:
                parts.append(Shape(child.local))
        elif child.local == "color":
            parts.append(colour(child))
        elif child.local == "u":
            if value != "none":
                parts.append(_shape("u", {"val": value or "single"}))
        elif child.local == "sz":
            parts.append(_shape("sz", {"val": _number(value)}))
        elif child.local in ("name", "charset") or (
            child.local in ("vertAlign", "scheme") and value not in ("baseline", "none", "")
        ):
            parts.append(_shape(child.local, {"val": value}))
    return _shape("font", {}, parts)


def fill(element: Element | None, *, differential: bool = False) -> Shape:
    """A fill. A solid one of a cell shows its foreground only."""
    pattern = element.child("patternFill") if element is not None else None
    if pattern is None:
        gradient = element.child("gradientFill") if element is not None else None
        return Shape("fill") if gradient is None else _shape("fill", {}, (any_shape(gradient),))
    kind = pattern.get("patternType", "solid" if differential else "none")
    if kind == "none":
        return Shape("fill", (("pattern", "none"),)) if differential else Shape("fill")
    shown = ("fgColor",) if kind == "solid" and not differential else ("fgColor", "bgColor")
    return _shape("fill", {"pattern": kind}, (colour(c) for c in pattern.children if c.local in shown))


def border(element: Element | None) -> Shape:
    """A border by its sides that have a line."""
    if element is None:
        return Shape("border")
    parts: list[Shape] = []
    for side in element.children:
        style = side.get("style", "none")
        if style != "none":
            parts.append(
                _shape(
                    _SIDES.get(side.local, side.local),
                    {"style": style},
                    (colour(c) for c in side.all("color")),
                )
            )
    diagonals = {n: "1" for n in ("diagonalUp", "diagonalDown") if element.get(n) in _TRUE}
    return _shape("border", diagonals, parts)


def flat(element: Element | None) -> Flat:
    """`alignment` or `protection` by what is not usual."""
    found: dict[str, str] = {}
    for name, value in element.attributes.items() if element is not None else ():
        plain = {"true": "1", "false": "0"}.get(value, value)
        if name in _USUAL and plain != _USUAL[name]:
            found[name] = plain
    return tuple(sorted(found.items()))


def differential(element: Element) -> Shape:
    """A `dxf`; number formats count by their code."""
    parts: list[Shape] = []
    for child in element.children:
        match child.local:
            case "font":
                parts.append(font(child))
            case "fill":
                parts.append(fill(child, differential=True))
            case "border":
                parts.append(border(child))
            case "numFmt":
                code = _NEEDLESS.sub(r"\1", child.get("formatCode"))
                parts.append(_shape("numFmt", {"code": code}))
            case "alignment" | "protection":
                parts.append(Shape(child.local, flat(child)))
            case "extLst":
                pass
            case _:
                parts.append(any_shape(child))
    return _shape("dxf", {}, (p for p in parts if p.attributes or p.parts))


def written(element: Element, prefix: str, changes: Mapping[str, str] | None = None) -> bytes:
    """An element with all below it under another prefix; what is not of its own namespace is left out."""
    tag = f"{prefix}{element.local}".encode()
    attributes = {k: v for k, v in element.attributes.items() if not k.startswith(":")} | dict(changes or {})
    head = b"<" + tag + b"".join(b' %b="%b"' % (k.encode(), escaped(v)) for k, v in attributes.items())
    inside = b"".join(
        written(c, prefix)
        for c in element.children
        if c.namespace == element.namespace and c.local != "extLst"
    )
    if not element.children:
        inside = escaped(element.text)
    return head + b">" + inside + b"</" + tag + b">" if inside else head + b"/>"
