"""Charts: which ranges their series show, and the values kept of them.

Knows how the chart parts of a sheet are found and how the numbers and texts cached in a series are
replaced by splicing. Titles, colours and places are the user's and never touched; a chart that points
elsewhere is not changed either. Does not know what a range means.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from crmsheet.excel.numbers import file_text, general_text
from crmsheet.excel.values import ExcelError, Value
from crmsheet.opc.package import Package
from crmsheet.opc.xmltree import Element, escaped
from crmsheet.sheetml.decode import ERRORS, number_value
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.structs import dataclass, field

_ROLES: Final = ("tx", "cat", "val", "xVal", "yVal", "bubbleSize")


class CacheKind(StrEnum):
    NUMBERS = "num"
    TEXTS = "str"
    LEVELS = "multiLvlStr"
    """Categories of several levels; their cache is left as it is."""


@dataclass(frozen=True, slots=True)
class ChartRef:
    """One range that a series shows, and what is kept of it."""

    series: int
    role: str
    """`tx` (its name), `cat`, `val`, `xVal`, `yVal` or `bubbleSize`."""
    kind: CacheKind
    formula: str
    """Without `=`, such as `Sheet1!$B$2:$B$13` or a name `book.xlsx!sales`."""
    values: tuple[Value, ...] | None
    """What is cached; None when nothing is. In a number cache only numbers, errors and blanks."""
    format_code: str
    element: Element = field(repr=False, compare=False)
    """`numRef` or `strRef`."""


@dataclass(frozen=True, slots=True)
class Chart:
    part: str
    sheet_part: str
    refs: tuple[ChartRef, ...]
    data: bytes = field(repr=False, compare=False)


def charts_of(package: Package, sheet_part: str) -> tuple[Chart, ...]:
    """The charts on a sheet, found through its drawings."""
    found: list[Chart] = []
    for drawing in package.related(sheet_part, "drawing"):
        for part in package.related(drawing, "chart"):
            root = package.tree(part)
            found.append(Chart(part, sheet_part, tuple(_refs(root)), package.xml(part)))
    return tuple(found)


def title_of(package: Package, part: str) -> str | None:
    """The text above a chart; None where it has none, or one that a cell gives."""
    chart = package.tree(part).child("chart")
    title = chart.child("title") if chart is not None else None
    texts = [e.text for e in title.walk() if e.local == "t"] if title is not None else []
    return "".join(texts) or None


def _refs(root: Element) -> Iterator[ChartRef]:
    number = -1
    for series in root.walk():
        if series.local != "ser":
            continue
        number += 1
        for role in series.children:
            if role.local not in _ROLES:
                continue
            for ref in role.children:
                if ref.local in ("numRef", "strRef", "multiLvlStrRef"):
                    yield _ref(number, role.local, ref)


def _ref(series: int, role: str, element: Element) -> ChartRef:
    kind = CacheKind(element.local.removesuffix("Ref"))
    formula = element.child("f")
    cache = element.child(f"{kind}Cache")
    values: tuple[Value, ...] | None = None
    code = None
    if cache is not None and kind is not CacheKind.LEVELS:
        values = _cached(cache, kind)
        code = cache.child("formatCode")
    return ChartRef(
        series=series,
        role=role,
        kind=kind,
        formula="" if formula is None else formula.text.strip(),
        values=values,
        format_code="" if code is None else code.text,
        element=element,
    )


def _cached(cache: Element, kind: CacheKind) -> tuple[Value, ...]:
    points: dict[int, Value] = {}
    for point in cache.all("pt"):
        value = point.child("v")
        index = point.get("idx")
        if value is None or not index.isdecimal():
            continue
        if kind is CacheKind.TEXTS:
            points[int(index)] = value.text
        else:
            points[int(index)] = ERRORS.get(value.text) or number_value(value.text.encode())[1]
    stated = cache.child("ptCount")
    count = int(stated.get("val")) if stated is not None and stated.get("val").isdecimal() else 0
    # A hostile count must not make us allocate; points say how far it really goes.
    count = min(count, max(points, default=-1) + 1 + _BLANK_TAIL)
    return tuple(points.get(i) for i in range(max(count, max(points, default=-1) + 1)))


_BLANK_TAIL: Final = 100_000


def cache_edits(chart: Chart, ref: ChartRef, values: Sequence[Value]) -> tuple[Replacement, ...]:
    """The replacement in the chart part that makes the cache hold these values; nothing when it does.

    Blanks are left out, as Excel does; in a number cache text counts 0 and booleans 1 and 0.
    """
    if ref.kind is CacheKind.LEVELS:
        return ()
    wanted = tuple(_text_point(v) if ref.kind is CacheKind.TEXTS else _number_point(v) for v in values)
    if ref.values is not None and len(ref.values) == len(wanted):
        old = tuple(_text_point(v) if ref.kind is CacheKind.TEXTS else _number_point(v) for v in ref.values)
        if old == wanted:
            return ()
    element = ref.element
    p = element.prefix
    cache = element.child(f"{ref.kind}Cache")
    pieces: list[bytes] = []
    if ref.kind is CacheKind.NUMBERS:
        code = cache.child("formatCode") if cache is not None else None
        if code is not None:
            pieces.append(chart.data[code.start : code.end])
        else:
            pieces.append(f"<{p}formatCode>General</{p}formatCode>".encode())
    pieces.append(f'<{p}ptCount val="{len(wanted)}"/>'.encode())
    for index, text in enumerate(wanted):
        if text is not None:
            point = f'<{p}pt idx="{index}"><{p}v>'.encode()
            pieces.append(point + escaped(text).replace(b"&quot;", b'"') + f"</{p}v></{p}pt>".encode())
    name = f"{p}{ref.kind}Cache"
    inside = b"".join(pieces)
    if cache is None:
        formula = element.child("f")
        at = formula.end if formula is not None else element.open_end
        return (Replacement(at, at, f"<{name}>".encode() + inside + f"</{name}>".encode()),)
    if cache.open_end == cache.end:
        return (Replacement(cache.start, cache.end, f"<{name}>".encode() + inside + f"</{name}>".encode()),)
    extension = cache.child("extLst")
    return (Replacement(cache.open_end, extension.start if extension else cache.close_start, inside),)


def _number_point(value: Value) -> str | None:
    if value is None:
        return None
    if isinstance(value, ExcelError):
        return value.value
    if isinstance(value, str):
        return "0"
    return file_text(int(value) if isinstance(value, bool) else value)


def _text_point(value: Value) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, ExcelError):
        return value.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else general_text(value)
