"""A day in the life of the follow-up workbook: what people do to it between two refreshes.

Knows the starter's fields by id and finds their words and places in the workbook. Does not know which program
takes the steps, nor what a refresh makes of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.judge.package import Package, column_letters
from tests.judge.steps import (
    AddSheet,
    Colour,
    ColumnWidth,
    Content,
    CopyRows,
    InsertRows,
    MoveColumn,
    Note,
    RenameSheet,
    SetCells,
    SortRange,
    Step,
    below,
    body,
    column_of,
    find_table,
)

from crmsheet.model.spec import Model
from crmsheet.model.words import Language

AS_OF = dt.date(2026, 3, 31)
GOOD, WRONG, COPIED = 32, 4, 4
_OWN = {Language.ZH: "我的计算", Language.EN: "My figures"}
_RENAMED = {Language.ZH: "客户 2026", Language.EN: "Customers 2026"}


GENERATED = frozenset({"_calc", "_crmsheet", "KPI_History", "指标历史", "ChangeLog", "修改记录"})
"""Sheets on which nothing is people's."""


@dataclass(frozen=True, slots=True)
class Day:
    """The steps, and what is known of the workbook after them (places as on the screen)."""

    steps: tuple[Step, ...]
    typed_over: str
    """Place of a computed cell that holds 123456 by now."""
    first_new: int
    """The first row of those typed below the activities."""
    activities: str
    customers: str
    own: str
    customer_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class World:
    """A built workbook with the words of its language."""

    path: Path
    model: Model
    language: Language

    def word(self, table: str, field: str) -> str:
        return self.model.table(table).field(field).label.text(self.language)

    def item(self, list_: str, item: str) -> str:
        return next(i for i in self.model.list(list_).items if i.id == item).label.text(self.language)

    def column(self, table: str, field: str) -> str:
        return column_of(self.path, table, self.word(table, field))

    def values(self, table: str, field: str) -> list[object]:
        sheet, found = find_table(self.path, table)
        _, left, bottom, _ = found.box
        column = left + found.names.index(self.word(table, field))
        package = Package(self.path)
        held = {c.row: c.value for c in package.cells(package.sheet(sheet)) if c.column == column}
        return [held.get(row) for row in range(found.box[0] + 1, bottom + 1)]


def activity(world: World, number: int, customer: object, owner: object) -> Mapping[str, Content]:
    """One good row of activities."""
    day = AS_OF - dt.timedelta(days=number % 5)
    row: dict[str, Content] = {
        "date": day,
        "customer": str(customer),
        "type": world.item("activity_type", "call"),
        "content": f"{number}",
        "result": world.item("activity_result", "interested"),
        "owner": str(owner),
        "next_action": "call again",
        "next_date": AS_OF + dt.timedelta(days=number % 9 - 3),
    }
    return {world.word("activities", field): content for field, content in row.items()}


def a_day(world: World, *, libreoffice: bool) -> Day:
    """What happens to the workbook; a program other than LibreOffice moves and inserts nothing."""
    path, language = world.path, world.language
    customers = [str(v) for v in world.values("customers", "name")]
    owners = [v for v in world.values("users", "name") if v]
    rows = [dict(activity(world, n, customers[n % 7], owners[n % len(owners)])) for n in range(GOOD + WRONG)]
    w = world.word
    rows[GOOD][w("activities", "customer")] = customers[0] + "x"
    rows[GOOD + 1][w("activities", "type")] = "telepathy"
    rows[GOOD + 2][w("activities", "date")] = dt.date(2036, 1, 1)
    rows[GOOD + 3][w("activities", "result")] = None
    sheet, table = find_table(path, "activities")
    top, _, bottom, _ = table.box
    own, renamed = _OWN[language], _RENAMED[language]
    home, area = body(path, "customers")
    _, found = find_table(path, "customers")
    revenue, name = world.column("customers", "revenue"), world.column("customers", "name")
    first = found.box[0] + 1
    last = found.box[2]
    steps: list[Step] = [
        below(path, "activities", rows),
        CopyRows(sheet, top + 1, top + COPIED, bottom + GOOD + WRONG + 1),
    ]
    dot = "." if libreoffice else "!"
    quoted = f"'{renamed}'"
    if libreoffice:
        deals, _ = find_table(path, "deals")
        board = Package(path).names["", "_crm.dashboard.headline"]
        board_sheet, _, corner = board.partition("!")
        steps += [
            SortRange(home, area, revenue, descending=True),
            MoveColumn(deals, world.column("deals", "remark"), world.column("deals", "owner")),
            InsertRows(board_sheet.strip("'"), int(corner.split("$")[2].rstrip(":")), 2),
        ]
    steps += [
        RenameSheet(home, renamed),
        SetCells(renamed, {f"{revenue}{first + 2}": 123456}),
        Colour(renamed, f"{name}{first + 3}:{name}{first + 6}", "FFEE00"),
        Note(renamed, f"{name}{first + 4}", "ask for the boss / 找老板"),
        ColumnWidth(sheet, world.column("activities", "content"), 61),
        AddSheet(own),
        SetCells(
            own,
            {
                "A1": "自己的 =表",
                "B1": f"=SUM({quoted}{dot}{revenue}{first}:{revenue}{last})",
                "B2": "=B1*2",
                "C1": 0.25,
            },
        ),
        Colour(own, "A1:B2", "00EE99"),
    ]
    return Day(tuple(steps), f"{revenue}{first + 2}", bottom + 1, sheet, renamed, own, tuple(customers))


def places_of(world_path: Path, table: str) -> tuple[int, int, int, int]:
    """The box of a table in a workbook."""
    return find_table(world_path, table)[1].box


def letters(column: int) -> str:
    return column_letters(column)
