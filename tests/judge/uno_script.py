"""Runs under the system's Python: drives LibreOffice through the steps it reads as JSON from stdin.

Knows LibreOffice's programming interface. Does not import anything of this project: the interpreter it runs
in has none of its libraries. An error ends it with a traceback, which the caller shows.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

uno: Any = importlib.import_module("uno")

FILTER = "Calc MS Excel 2007 XML"
STRUCTS = "com.sun.star."
CONTENTS = 1 | 2 | 4 | 16  # VALUE, DATETIME, STRING, FORMULA of com.sun.star.sheet.CellFlags


def column_index(letters: str) -> int:
    """0 for A."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def named(name: str, value: object) -> Any:
    """A property value."""
    made = uno.createUnoStruct(STRUCTS + "beans.PropertyValue")
    made.Name, made.Value = name, value
    return made


def start(profile: str) -> tuple[Any, Any]:
    """A LibreOffice of our own and its desktop."""
    pipe = "judge" + uuid.uuid4().hex
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nologo"]
    command.append(f"--accept=pipe,name={pipe};urp;")
    quiet = subprocess.DEVNULL
    # in the group of this script, so that whoever ends the script ends the office too
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet)
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext(STRUCTS + "bridge.UnoUrlResolver", here)
    for _ in range(300):
        try:
            there = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:  # noqa: BLE001 - the bridge raises its own kinds until the office listens
            time.sleep(0.2)
        else:
            return process, there.ServiceManager.createInstanceWithContext(STRUCTS + "frame.Desktop", there)
    process.kill()
    raise RuntimeError("LibreOffice did not answer")


def set_cell(book: Any, cell: Any, content: Any) -> None:
    """Type one content into a cell; a date looks like one afterwards."""
    if content is None:
        cell.clearContents(CONTENTS)
    elif isinstance(content, dict):
        cell.setValue(content["date"])
        locale = uno.createUnoStruct(STRUCTS + "lang.Locale")
        formats = book.getNumberFormats()
        if not formats.getByKey(cell.NumberFormat).Type & 2:  # DATE of com.sun.star.util.NumberFormat
            code = "YYYY-MM-DD HH:MM" if content.get("time") else "YYYY-MM-DD"
            key = formats.queryKey(code, locale, False)
            cell.NumberFormat = key if key != -1 else formats.addNew(code, locale)
    elif isinstance(content, bool):
        cell.setValue(int(content))
        locale = uno.createUnoStruct(STRUCTS + "lang.Locale")
        cell.NumberFormat = book.getNumberFormats().getStandardFormat(1024, locale)  # LOGICAL
    elif isinstance(content, int | float):
        cell.setValue(content)
    elif content.startswith("="):
        cell.setFormula(content)
    else:
        cell.setString(content)


def take(book: Any, step: dict[str, Any]) -> None:  # noqa: PLR0915 - one case a step
    """Carry out one step."""
    kind, sheets = step["kind"], book.Sheets
    if kind == "AddSheet":
        sheets.insertNewByName(step["sheet"], sheets.Count)
        return
    if not sheets.hasByName(step["sheet"]):
        raise LookupError(f"no sheet {step['sheet']!r} among {sheets.ElementNames}")
    sheet = sheets.getByName(step["sheet"])
    if kind == "SetCells":
        for ref, content in step["values"].items():
            set_cell(book, sheet.getCellRangeByName(ref), content)
    elif kind == "ClearCells":
        sheet.getCellRangeByName(step["area"]).clearContents(CONTENTS)
    elif kind == "InsertRows":
        sheet.Rows.insertByIndex(step["row"] - 1, step["count"])
    elif kind == "DeleteRows":
        sheet.Rows.removeByIndex(step["row"] - 1, step["count"])
    elif kind == "InsertColumns":
        sheet.Columns.insertByIndex(column_index(step["column"]), step["count"])
    elif kind == "DeleteColumns":
        sheet.Columns.removeByIndex(column_index(step["column"]), step["count"])
    elif kind == "MoveColumn":
        move_column(sheet, column_index(step["column"]), column_index(step["before"]))
    elif kind == "SortRange":
        sort(sheet.getCellRangeByName(step["area"]), step)
    elif kind == "CopyCells":
        target = sheet.getCellRangeByName(step["to"]).getCellAddress()
        sheet.copyRange(target, sheet.getCellRangeByName(step["area"]).RangeAddress)
    elif kind == "CopyRows":
        rows = sheet.getCellRangeByName(f"A{step['first']}:{last_column(sheet)}{step['last']}")
        sheet.copyRange(sheet.getCellRangeByName(f"A{step['to']}").getCellAddress(), rows.RangeAddress)
    elif kind == "Colour":
        sheet.getCellRangeByName(step["area"]).CellBackColor = int(step["rgb"], 16)
    elif kind == "Note":
        place = sheet.getCellRangeByName(step["ref"]).getCellAddress()
        sheet.Annotations.insertNew(place, step["text"])
    elif kind == "ColumnWidth":
        # a character of the default font is about 2.3 mm wide
        sheet.Columns.getByIndex(column_index(step["column"])).Width = int(step["width"] * 228)
    elif kind == "RenameSheet":
        sheet.Name = step["name"]
    elif kind == "DeleteSheet":
        sheets.removeByName(step["sheet"])
    elif kind == "MoveSheet":
        sheets.moveByName(step["sheet"], step["position"])
    elif kind == "HideSheet":
        if sheet.RangeAddress.Sheet == 0:
            raise ValueError(
                "without a window LibreOffice takes the first sheet for active and shows it again"
            )
        sheet.IsVisible = False
    elif kind == "ResizeTable":
        area = sheet.getCellRangeByName(step["area"]).RangeAddress
        book.DatabaseRanges.getByName(step["table"]).setDataArea(area)
    else:
        raise ValueError(f"unknown step {kind!r}")


def last_column(sheet: Any) -> str:
    """The letter of the last column in use."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    name = cursor.AbsoluteName.rsplit(".", 1)[-1]
    return re.sub(r"[^A-Z]", "", name)


def move_column(sheet: Any, source: int, before: int) -> None:
    """Cut a column, insert it before another, close the gap."""
    sheet.Columns.insertByIndex(before, 1)
    source += source >= before
    column = sheet.Columns.getByIndex(source)
    width = column.Width
    target = sheet.getCellByPosition(before, 0).getCellAddress()
    sheet.moveRange(target, column.RangeAddress)
    sheet.Columns.getByIndex(before).Width = width
    sheet.Columns.removeByIndex(source, 1)


def sort(area: Any, step: dict[str, Any]) -> None:
    """Sort the rows of an area by one column."""
    by = uno.createUnoStruct(STRUCTS + "table.TableSortField")
    by.Field = column_index(step["column"]) - area.RangeAddress.StartColumn
    by.IsAscending = not step["descending"]
    fields = uno.Any("[]com.sun.star.table.TableSortField", (by,))
    area.sort(
        (
            named("SortFields", fields),
            named("ContainsHeader", step["header"]),
            named("IsSortColumns", False),
            named("BindFormatsToContent", True),
        )
    )


def circled(sheet: Any) -> list[str]:
    """The cells whose content their validation does not allow: LibreOffice draws a circle around each."""
    before = sheet.DrawPage.Count
    sheet.showInvalid()
    found = []
    for number in range(before, sheet.DrawPage.Count):
        shape = sheet.DrawPage.getByIndex(number)
        middle = shape.Position.X + shape.Size.Width // 2, shape.Position.Y + shape.Size.Height // 2
        column = last_before(lambda index: sheet.getCellByPosition(index, 0).Position.X, middle[0], 16383)
        row = last_before(lambda index: sheet.getCellByPosition(0, index).Position.Y, middle[1], 1048575)
        found.append(sheet.getCellByPosition(column, row).AbsoluteName.rsplit(".", 1)[-1].replace("$", ""))
    return sorted(found)


def last_before(start_of: Callable[[int], int], point: int, highest: int) -> int:
    """The last row or column that starts at or before a point; starts only grow."""
    low, high = 0, highest
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if start_of(middle) <= point else (low, middle - 1)
    return low


def main() -> None:
    """Take all jobs of the order on stdin."""
    order = json.load(sys.stdin)
    process, desktop = start(order["profile"])
    try:
        for job in order["jobs"]:
            secret = (named("Password", job["password"]),) if job.get("password") else ()
            hidden = (named("Hidden", True), *secret)
            book = desktop.loadComponentFromURL(job["source"], "_blank", 0, hidden)
            if book is None:
                raise RuntimeError(f"LibreOffice cannot read {job['source']}")
            for step in job["steps"]:
                take(book, step)
            if job.get("invalid"):
                wanted = job["sheets"] or list(book.Sheets.ElementNames)
                found = {name: circled(book.Sheets.getByName(name)) for name in wanted}
                with open(job["invalid"], "w", encoding="utf-8") as report:  # noqa: PTH123
                    json.dump(found, report)
            else:
                book.storeToURL(job["target"], (named("FilterName", FILTER),))
            book.close(True)
    finally:
        try:
            desktop.terminate()
            process.wait(30)
        except Exception:  # noqa: BLE001 - the bridge dies with the office it ends
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                os.killpg(os.getpgid(0), signal.SIGTERM)


if __name__ == "__main__":
    main()
