"""A small world for expressions: tables of values, names, a list, and the sheet that LibreOffice computes.

Knows how trees are evaluated here and how the same trees are put into a workbook. Does not know any case.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter
from tests.judge import libreoffice
from tests.judge.package import CellError, Package

from crmsheet.excel.references import a1, column_letters
from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.evaluate import Evaluator
from crmsheet.formulas.ranges import RangeValue
from crmsheet.formulas.render import render
from crmsheet.formulas.scope import Known, ValueType
from crmsheet.formulas.semantics import result
from crmsheet.formulas.tree import Node

AS_OF = 45823
"""2025-06-15."""
ITEMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "stage": {"new": ("新", "New"), "won": ("赢单", "Won"), "lost": ("输单", "Lost")}
}


@dataclass(frozen=True)
class World:
    """Tables (columns by field) and names; the rows of `t` are those that expressions are computed for."""

    tables: Mapping[str, Mapping[str, Sequence[Value]]]
    names: Mapping[str, Value] = field(default_factory=lambda: {"as_of": AS_OF, "n": 3})
    types: Mapping[str, Known] = field(default_factory=dict)
    """What is known of fields, where it is not just anything."""

    @property
    def rows(self) -> int:
        return len(next(iter(self.tables["t"].values())))


class WorldEnvironment:
    """A world as `formulas.evaluate.Environment`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def column(self, table: str, field: str) -> Sequence[Value]:
        return self._world.tables[table][field]

    def name(self, id: str) -> Value:
        return self._world.names[id]

    def item(self, list: str, item: str) -> Value:
        return ITEMS[list][item][0]

    def spot(self, anchor: str, row: int, column: int) -> Value:
        raise AssertionError((anchor, row, column))

    def area(self, anchor: str, top: int, left: int, bottom: int, right: int) -> RangeValue:
        raise AssertionError((anchor, top, left, bottom, right))


class WorldScope:
    """A world as `formulas.scope.Scope`: in `t`, everything of any type unless the world says more."""

    table = "t"

    def __init__(self, world: World, compatibility: int = 2019) -> None:
        self._world = world
        self.compatibility = compatibility

    def tables(self) -> Collection[str]:
        return self._world.tables

    def fields(self, table: str) -> Collection[str]:
        return self._world.tables.get(table, {})

    def field(self, table: str, id: str) -> Known | None:
        if id not in self.fields(table):
            return None
        return self._world.types.get(id, Known(ValueType.ANY))

    def meant(self, table: str, word: str) -> str:  # noqa: ARG002 - the protocol's words
        return ""

    def rules(self) -> Collection[str]:
        return ()

    def rule(self, id: str) -> Node | None:  # noqa: ARG002 - the protocol's word
        return None

    def names(self) -> Collection[str]:
        return self._world.names

    def name(self, id: str) -> Known | None:
        return Known(ValueType.ANY) if id in self._world.names else None

    def metrics(self) -> Collection[str]:
        return ()

    def metric(self, id: str) -> Known | None:  # noqa: ARG002 - the protocol's word
        return None

    def items(self, list: str) -> Mapping[str, Collection[str]]:
        return ITEMS[list]


def evaluated(node: Node, world: World) -> list[Value]:
    """The cells of a column with this formula."""
    run = Evaluator(WorldEnvironment(world), AS_OF).compiled(node)
    return [result(run(row)) for row in range(world.rows)]


class Placed:
    """Where a world stands on a sheet, as `formulas.render.Addresses` for one of its rows."""

    def __init__(self, world: World, top: int, row: int = 0) -> None:
        self._top, self._row = top, row
        self._columns: dict[tuple[str, str], tuple[int, int]] = {}
        self.width = 0
        for table, fields in world.tables.items():
            for name, cells in fields.items():
                self._columns[table, name] = (self.width, len(cells))
                self.width += 1
        self._names: dict[str, int] = {}
        for name in (*world.names, *(f"{k}.{i}" for k, v in ITEMS.items() for i in v)):
            self._names[name] = self.width
            self.width += 1
        self._world = world

    def cell(self, table: str, field: str) -> str:
        return f"${column_letters(self._columns[table, field][0])}{self._top + self._row + 1}"

    def column(self, table: str, field: str) -> str:
        at, length = self._columns[table, field]
        letters = column_letters(at)
        return f"${letters}${self._top + 1}:${letters}${self._top + length}"

    def name(self, id: str) -> str:
        return a1(self._top, self._names[id], absolute=True)

    def item(self, list: str, item: str) -> str:
        return self.name(f"{list}.{item}")

    def spot(self, anchor: str, row: int, column: int) -> str:
        raise AssertionError((anchor, row, column))

    def area(self, anchor: str, top: int, left: int, bottom: int, right: int) -> str:
        raise AssertionError((anchor, top, left, bottom, right))

    def write(self, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        """The values themselves."""
        for (table, name), (column, _) in self._columns.items():
            for row, value in enumerate(self._world.tables[table][name]):
                write_value(sheet, self._top + row, column, value)
        for name, value in self._world.names.items():
            write_value(sheet, self._top, self._names[name], value)
        for list_id, items in ITEMS.items():
            for item, labels in items.items():
                write_value(sheet, self._top, self._names[f"{list_id}.{item}"], labels[0])


def write_value(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: Value) -> None:
    """A constant cell; errors and empty texts only formulas can give."""
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, ExcelError):
        sheet.write_formula(row, column, f"={value.value}")
    elif isinstance(value, str):
        if value:
            sheet.write_string(row, column, value)
        else:
            sheet.write_formula(row, column, '=""')
    else:
        sheet.write_number(row, column, value)


def recalculated(worlds: Sequence[tuple[World, Sequence[Node]]], folder: Path) -> list[list[list[Value]]]:
    """For each world and each of its formulas the values that LibreOffice computes, row by row."""
    path = folder / "expressions.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("S")
    places: list[tuple[int, int]] = []
    top = 0
    for world, nodes in worlds:
        placed = Placed(world, top)
        placed.write(sheet)
        places.append((top, placed.width))
        for at, node in enumerate(nodes):
            for row in range(world.rows):
                text = render(node, Placed(world, top, row))
                sheet.write_formula(top + row, placed.width + at, "=" + text)
        top += max(len(cells) for fields in world.tables.values() for cells in fields.values()) + 1
    book.close()
    done = Package(libreoffice.recalculated([path], folder / "out")[0])
    values = {(c.row - 1, c.column - 1): c.value for c in done.cells(done.sheet("S"))}
    return [
        [
            [_value(values.get((top + row, left + at))) for row in range(world.rows)]
            for at in range(len(nodes))
        ]
        for (world, nodes), (top, left) in zip(worlds, places, strict=True)
    ]


def _value(value: object) -> Value:
    if isinstance(value, CellError):
        return ExcelError(value.code)
    assert value is None or isinstance(value, bool | int | float | str)
    return value


def agree(ours: Value, theirs: Value) -> bool:
    """LibreOffice writes 15 digits and some logical results as numbers."""
    if isinstance(ours, bool) and isinstance(theirs, int | float):
        return int(ours) == theirs
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return abs(ours - theirs) <= 1e-9 * max(1.0, abs(ours))
    if ours == "" and theirs is None:
        return True
    return type(ours) is type(theirs) and ours == theirs
