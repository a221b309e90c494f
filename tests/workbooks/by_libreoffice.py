"""Runs under the system's Python: workbooks that people made in LibreOffice, saved by it as .xlsx.

Arguments: the folder of the workbooks, a picture. Knows LibreOffice's programming interface; imports nothing
of this project.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

uno: Any = importlib.import_module("uno")

FILTER = "Calc MS Excel 2007 XML"
STAR = "com.sun.star."
ROWS = (("North", 3.0, 12.5), ("South", 4.0, 7.25), ("East", 5.0, 9.0), ("North", 1.0, 30.0))


def struct(name: str, **values: object) -> Any:
    made = uno.createUnoStruct(STAR + name)
    for key, value in values.items():
        setattr(made, key, value)
    return made


def named(name: str, value: object) -> Any:
    return struct("beans.PropertyValue", Name=name, Value=value)


def started(profile: str) -> tuple[Any, Any, Any]:
    """A LibreOffice of our own, what makes its services, and its desktop."""
    pipe = "workbooks" + uuid.uuid4().hex
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nologo"]
    command.append(f"--accept=pipe,name={pipe};urp;")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext(STAR + "bridge.UnoUrlResolver", here)
    for _ in range(300):
        try:
            there = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:  # noqa: BLE001 - the bridge raises its own kinds until the office listens
            time.sleep(0.2)
        else:
            maker = there.ServiceManager
            return process, maker, maker.createInstanceWithContext(STAR + "frame.Desktop", there)
    process.kill()
    raise RuntimeError("LibreOffice did not answer")


def fill(sheet: Any) -> None:
    for column, text in enumerate(("Region", "Count", "Price")):
        sheet.getCellByPosition(column, 0).String = text
    for row, values in enumerate(ROWS, start=1):
        sheet.getCellByPosition(0, row).String = values[0]
        sheet.getCellByPosition(1, row).Value = values[1]
        sheet.getCellByPosition(2, row).Value = values[2]


def rectangle(x: int, y: int, width: int, height: int) -> tuple[Any, Any]:
    return struct("awt.Point", X=x, Y=y), struct("awt.Size", Width=width, Height=height)


def drawn(book: Any, page: Any, kind: str, place: tuple[int, int, int, int], **properties: object) -> Any:
    shape = book.createInstance(STAR + "drawing." + kind)
    shape.Position, shape.Size = rectangle(*place)
    page.add(shape)
    for name, value in properties.items():
        setattr(shape, name, value)
    return shape


def control(book: Any, page: Any, kind: str, place: tuple[int, int, int, int], **properties: object) -> None:
    model = book.createInstance(STAR + "form.component." + kind)
    for name, value in properties.items():
        setattr(model, name, value)
    shape = book.createInstance(STAR + "drawing.ControlShape")
    shape.Position, shape.Size = rectangle(*place)
    shape.Control = model
    page.add(shape)


def drawings(maker: Any, desktop: Any, target: Path, picture: Path) -> None:
    book = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, (named("Hidden", True),))
    sheet = book.Sheets.getByIndex(0)
    sheet.Name = "Drawn 图"
    fill(sheet)
    page = sheet.DrawPage
    drawn(book, page, "RectangleShape", (9000, 500, 3000, 1500), FillColor=0xFFEE00, Name="Box")
    drawn(book, page, "EllipseShape", (9000, 2500, 3000, 1500), FillColor=0x00EE99, Name="Round")
    drawn(book, page, "LineShape", (9000, 4500, 3000, 500), LineColor=0xCC0000, Name="Line")
    text = drawn(book, page, "TextShape", (9000, 5500, 4000, 1200), Name="Words")
    text.String = "Words on a sheet\n表上的字"
    custom = drawn(book, page, "CustomShape", (13500, 500, 2500, 2500), Name="Star")
    geometry = named("Type", "star5")
    custom.CustomShapeGeometry = (geometry,)
    together = maker.createInstance(STAR + "drawing.ShapeCollection")
    for number in range(2):
        together.add(drawn(book, page, "RectangleShape", (13500, 7000 + 800 * number, 900, 600)))
    page.group(together)
    image = book.createInstance(STAR + "drawing.GraphicObjectShape")
    image.Position, image.Size = rectangle(13500, 4000, 2000, 2000)
    page.add(image)
    image.GraphicURL = picture.as_uri()
    image.Name = "Logo"
    image.Description = "our logo"
    control(book, page, "CommandButton", (9000, 8000, 3000, 900), Label="Press me", Name="Press")
    control(book, page, "CheckBox", (9000, 9200, 3000, 700), Label="Agreed", State=1, Name="Agreed")
    control(book, page, "ListBox", (9000, 10200, 3000, 1500), StringItemList=("one", "two"), Name="Pick")
    where = struct("awt.Rectangle", X=500, Y=6000, Width=8000, Height=5000)
    area = sheet.getCellRangeByName("A1:B5").RangeAddress
    sheet.Charts.addNewByName("Chart", where, (area,), True, True)
    sheet.Annotations.insertNew(sheet.getCellRangeByName("A2").CellAddress, "seen by 李雷")
    sheet.Annotations.insertNew(sheet.getCellRangeByName("B3").CellAddress, "why?")
    book.storeToURL((target / "libreoffice_drawings.xlsx").as_uri(), (named("FilterName", FILTER),))
    book.close(True)


def pivot(book: Any, sheet: Any) -> None:
    tables = book.Sheets.getByName("Pivot").DataPilotTables
    found = tables.createDataPilotDescriptor()
    found.setSourceRange(sheet.getCellRangeByName("A1:C5").RangeAddress)
    fields = found.DataPilotFields
    fields.getByIndex(0).Orientation = uno.Enum(STAR + "sheet.DataPilotFieldOrientation", "ROW")
    fields.getByIndex(1).Orientation = uno.Enum(STAR + "sheet.DataPilotFieldOrientation", "DATA")
    place = book.Sheets.getByName("Pivot").getCellRangeByName("A1").CellAddress
    tables.insertNewByName("By region", place, found)


def rules(sheet: Any) -> None:
    formats = sheet.getCellRangeByName("B2:B5")
    entries = formats.ConditionalFormat
    entries.addNew(
        (
            named("Operator", uno.Enum(STAR + "sheet.ConditionOperator", "GREATER")),
            named("Formula1", "3"),
            named("StyleName", "Good"),
        )
    )
    formats.ConditionalFormat = entries


def names(book: Any, sheet: Any) -> None:
    origin = sheet.getCellRangeByName("A1").CellAddress
    book.NamedRanges.addNewByName("Rate", "0.13", origin, 0)
    book.NamedRanges.addNewByName("地区", "$Data.$A$2:$A$5", origin, 0)
    sheet.NamedRanges.addNewByName("only_here", "$Data.$B$2", origin, 0)


def data(desktop: Any, target: Path) -> None:
    """Begins with what XlsxWriter wrote: sparklines can be made in LibreOffice's window only."""
    book = desktop.loadComponentFromURL(
        (target / "xlsxwriter_drawings.xlsx").as_uri(), "_blank", 0, (named("Hidden", True),)
    )
    sheets = book.Sheets
    for name in ("Data", "Pivot", "Deep"):
        sheets.insertNewByName(name, sheets.Count)
    sheet = sheets.getByName("Data")
    fill(sheet)
    sheet.getCellRangeByName("D2").Formula = "=B2*C2"
    sheet.getCellRangeByName("E1:E3").setArrayFormula("=B2:B4*C2:C4")
    sheet.getCellRangeByName("F1").Value = 2
    sheet.getCellRangeByName("F2").Formula = "=F1*F1"
    for row in (3, 4, 5):
        sheet.getCellRangeByName(f"G{row}").Value = row
        sheet.getCellRangeByName(f"H{row}").Formula = f"=MULTIPLE.OPERATIONS($F$2;$F$1;G{row})"
    cell = sheet.getCellRangeByName("A8")
    cell.String = "half bold and red 红"
    cursor = cell.Text.createTextCursor()
    cursor.gotoStart(False)
    cursor.goRight(4, False)
    cursor.goRight(5, True)
    cursor.CharWeight = 150.0
    link = book.createInstance(STAR + "text.TextField.URL")
    link.URL, link.Representation = "https://example.com/?a=1&b=2", "a link"
    place = sheet.getCellRangeByName("A9")
    place.Text.insertTextContent(place.Text.createTextCursor(), link, False)
    sheet.getCellRangeByName("A11:C12").merge(True)
    sheet.getCellRangeByName("A11").String = "together"
    sheet.Rows.getByIndex(3).Height = 1500
    sheet.Columns.getByIndex(0).Width = 6000
    sheet.Rows.getByIndex(14).IsVisible = False
    orientation = uno.Enum(STAR + "table.TableOrientation", "ROWS")
    sheet.group(sheet.getCellRangeByName("A17:A19").RangeAddress, orientation)
    sheet.Rows.getByIndex(24).IsStartOfNewPage = True
    rules(sheet)
    names(book, sheet)
    pivot(book, sheet)
    ranges = book.DatabaseRanges
    ranges.addNewByName("Filtered", sheet.getCellRangeByName("A1:C5").RangeAddress)
    ranges.getByName("Filtered").AutoFilter = True
    style = book.StyleFamilies.getByName("PageStyles").getByName(sheet.PageStyle)
    style.HeaderIsOn = True
    content = style.RightPageHeaderContent
    content.CenterText.String = "Page 页"
    style.RightPageHeaderContent = content
    style.IsLandscape, style.Width, style.Height = True, 29700, 21000
    sheets.getByName("Deep").IsVisible = False
    sheets.getByName("Data").protect("word")
    book.DocumentProperties.Title = "Figures 数字"
    book.DocumentProperties.UserDefinedProperties.addProperty("Client", 0, "ACME 公司")
    book.storeToURL((target / "libreoffice_data.xlsx").as_uri(), (named("FilterName", FILTER),))
    book.close(True)


def cells(desktop: Any, target: Path) -> None:
    """What XlsxWriter wrote, saved by LibreOffice: colour scales, data bars and icons as it writes them."""
    book = desktop.loadComponentFromURL(
        (target / "xlsxwriter_cells.xlsx").as_uri(), "_blank", 0, (named("Hidden", True),)
    )
    book.storeToURL((target / "libreoffice_cells.xlsx").as_uri(), (named("FilterName", FILTER),))
    book.close(True)


def main() -> None:
    target, picture = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    with tempfile.TemporaryDirectory(prefix="workbooks-") as profile:
        process, maker, desktop = started(Path(profile).as_uri())
        try:
            drawings(maker, desktop, target, picture)
            data(desktop, target)
            cells(desktop, target)
        finally:
            try:
                desktop.terminate()
            except Exception:  # noqa: BLE001 - it may be gone before it answers
                process.kill()
            process.wait(30)


if __name__ == "__main__":
    main()
