"""Whether charts show what the cells hold: cached points against the cells their references lead to.

Knows the references and caches of charts, resolved through defined names. Does not know how charts look.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.judge.package import (
    CellError,
    Element,
    Package,
    Value,
    area,
    child,
    column_letters,
    descendants,
    local,
)

_RANGE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!(\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)")


@dataclass(frozen=True, slots=True)
class StalePoint:
    """A point of a chart's cache that is not what its cell holds."""

    part: str
    reference: str
    index: int
    cached: str | None
    cell: Value

    def __str__(self) -> str:
        return f"{self.part}: {self.reference}[{self.index}]: {self.cached!r}, the cell {self.cell!r}"


def stale_points(source: Path | bytes) -> list[StalePoint]:
    """Every cached point of every chart that disagrees with its cell, and every cell without its point."""
    package = Package(source)
    cells: dict[str, Mapping[tuple[int, int], Value]] = {}
    found: list[StalePoint] = []
    for part in package.parts:
        if re.fullmatch(r"xl/charts/chart\d*\.xml", part):
            for reference in descendants(package.root(part), "f"):
                found += _stale(package, part, reference, cells)
    return found


def _stale(
    package: Package, part: str, reference: Element, cells: dict[str, Mapping[tuple[int, int], Value]]
) -> Iterator[StalePoint]:
    text = str(reference.text or "")
    place = _resolve(package, text)
    cache = next((e for e in reference.getparent() if local(e) in ("numCache", "strCache")), None)
    if place is None or cache is None:
        yield StalePoint(part, text, -1, None, None)
        return
    sheet, (top, left, bottom, right) = place
    if sheet not in cells:
        cells[sheet] = {(c.row, c.column): c.value for c in package.cells(package.sheet(sheet))}
    places = [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
    points = {int(e.get("idx")): str(child(e, "v").text or "") for e in descendants(cache, "pt")}
    if int(child(cache, "ptCount").get("val")) != len(places):
        yield StalePoint(
            part, f"{text} (number of points)", len(places), child(cache, "ptCount").get("val"), None
        )
    for index, where in enumerate(places):
        value, cached = cells[sheet].get(where), points.get(index)
        if not _same(cached, value, numbers=local(cache) == "numCache"):
            name = f"{text} ({column_letters(where[1])}{where[0]})"
            yield StalePoint(part, name, index, cached, value)


def _resolve(package: Package, text: str) -> tuple[str, tuple[int, int, int, int]] | None:
    for _ in range(5):
        found = _RANGE.fullmatch(text)
        if found is not None:
            return (found[1] or found[2]).replace("''", "'"), area(found[3])
        name = text.rpartition("!")[2].lower()
        target = next((f for (_, n), f in package.names.items() if n.lower() == name), None)
        if target is None:
            return None
        text = target
    return None


def _same(cached: str | None, value: Value, *, numbers: bool) -> bool:
    if isinstance(value, CellError):
        # a chart draws nothing for #N/A; Excel writes the code, XlsxWriter leaves the point out
        return cached in (None, "", value.code)
    if value is None or value == "":
        return cached in (None, "")
    if cached is None:
        return numbers and isinstance(value, str)
    if isinstance(value, bool):
        return cached in (str(int(value)), str(value).upper())
    if isinstance(value, float):
        try:
            return math.isclose(float(cached), value, rel_tol=1e-9, abs_tol=1e-12)
        except ValueError:
            return not numbers  # a category shown formatted, such as a month
    return cached == value or (numbers and cached in ("0", ""))
