"""A workbook as an outsider reads it, whole: cells, tables, blocks, looks.

Knows the judge's reader. Does not know the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree
from tests.judge.package import Cell, Package, Value, child, items
from tests.judge.repair_table import Table, tables
from tests.refresh.machine.cellrefs import Box, box_of, unquoted
from tests.refresh.machine.expected import folded


@dataclass
class _CellsBySheet(Mapping[str, Mapping[tuple[int, int], Cell]]):
    """The cells of each sheet by row and column, read when they are asked for."""

    package: Package
    read: dict[str, dict[tuple[int, int], Cell]] = field(default_factory=dict)

    def __getitem__(self, sheet: str) -> Mapping[tuple[int, int], Cell]:
        if sheet not in self.read:
            found = next((s for s in self.package.worksheets if s.name == sheet), None)
            if found is None:
                raise KeyError(sheet)
            self.read[sheet] = {(c.row, c.column): c for c in self.package.cells(found)}
        return self.read[sheet]

    def __iter__(self) -> Iterator[str]:
        return iter([s.name for s in self.package.worksheets])

    def __len__(self) -> int:
        return len(self.package.worksheets)

    def __contains__(self, sheet: object) -> bool:
        return any(s.name == sheet for s in self.package.worksheets)


@dataclass
class Seen:
    """A workbook as an outsider reads it, by sheets."""

    content: bytes

    @cached_property
    def package(self) -> Package:
        return Package(self.content)

    @cached_property
    def cells(self) -> Mapping[str, Mapping[tuple[int, int], Cell]]:
        return _CellsBySheet(self.package)

    @cached_property
    def tables(self) -> dict[str, tuple[str, Table]]:
        return {t.name: (s.name, t) for s in self.package.worksheets for t in tables(self.package, s)}

    @cached_property
    def blocks(self) -> dict[str, tuple[str, Box]]:
        found = {}
        for (scope, name), text in self.package.names.items():
            sheet, _, ref = text.partition("!")
            if not scope and name.startswith("_crm.") and "#" not in text:
                found[name.removeprefix("_crm.")] = unquoted(sheet), box_of(ref)
        return found

    @cached_property
    def looks(self) -> list[tuple[str, ...]]:
        """What each cell format looks like."""
        styles = self.package.root(self.package.related(self.package.workbook_part, "styles")[0])
        kinds = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}
        parts = {a: [etree.tostring(e, method="c14n") for e in items(styles, n)] for a, n in kinds.items()}
        codes = {e.get("numFmtId"): str(e.get("formatCode")) for e in items(styles, "numFmts")}
        found = []
        for xf in items(styles, "cellXfs"):
            look = [str(parts[a][int(xf.get(a, 0))]) for a in kinds]
            look.append(codes.get(xf.get("numFmtId"), str(xf.get("numFmtId"))))
            look += [etree.tostring(e, method="c14n").decode() for e in xf]
            found.append(tuple(look))
        return found

    @cached_property
    def fills(self) -> list[str]:
        """The background of each cell format, empty for none."""
        styles = self.package.root(self.package.related(self.package.workbook_part, "styles")[0])
        colours = []
        for fill in items(styles, "fills"):
            pattern = child(fill, "patternFill")
            front = child(pattern, "fgColor") if pattern is not None else None
            colours.append("" if front is None else str(front.get("rgb", ""))[2:])
        return [colours[int(xf.get("fillId", 0))] for xf in items(styles, "cellXfs")]

    def at(self, sheet: str, row: int, column: int) -> Value:
        cell = self.cells[sheet].get((row, column))
        return None if cell is None else cell.value

    def fill(self, sheet: str, row: int, column: int) -> str:
        cell = self.cells[sheet].get((row, column))
        return "" if cell is None else self.fills[cell.style]


def same(one: Value, other: Value) -> bool:
    """Whether two values are the same to people: numbers to 12 digits, nothing as empty text."""
    a, b = folded(one), folded(other)
    if isinstance(a, float) and isinstance(b, float):
        return a == b or abs(a - b) <= 1e-12 * max(abs(a), abs(b))
    return type(a) is type(b) and a == b
