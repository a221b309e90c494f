"""Workbooks edited and saved by openpyxl, as scripts of other people do.

Knows the steps openpyxl can take without ruining a workbook and refuses the others (it moves no formulas,
tables or names). Does not restore what openpyxl drops: cached values, for one. That is the point.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.formula.translate import Translator
from openpyxl.styles import PatternFill
from tests.judge.package import area as box_of
from tests.judge.package import cell_position
from tests.judge.steps import (
    AddSheet,
    ClearCells,
    Colour,
    ColumnWidth,
    CopyCells,
    CopyRows,
    DeleteSheet,
    HideSheet,
    MoveSheet,
    Note,
    RenameSheet,
    ResizeTable,
    SetCells,
    Step,
)


def edit_with_openpyxl(path: Path, out: Path, steps: Sequence[Step]) -> Path:
    """Load the workbook, take the steps in order, save it."""
    book = openpyxl.load_workbook(path)
    for step in steps:
        _take(book, step)
    book.save(out)
    return out


def _take(book: Any, step: Step) -> None:
    if isinstance(step, AddSheet):
        book.create_sheet(step.sheet)
        return
    sheet = book[step.sheet]
    match step:
        case SetCells(values=values):
            for ref, content in values.items():
                sheet[ref].value = content
        case ClearCells(area=area):
            for cell in _cells(sheet, area):
                cell.value = None
        case CopyCells(area=area, to=to):
            _copy(sheet, box_of(area), cell_position(to))
        case CopyRows(first=first, last=last, to=to_row):
            _copy(sheet, (first, 1, last, sheet.max_column), (to_row, 1))
        case Colour(area=area, rgb=rgb):
            for cell in _cells(sheet, area):
                cell.fill = PatternFill("solid", fgColor="FF" + rgb)
        case Note(ref=ref, text=text):
            sheet[ref].comment = Comment(text, "somebody")
        case ColumnWidth(column=column, width=width):
            sheet.column_dimensions[column].width = width
        case RenameSheet(name=name):
            sheet.title = name
        case DeleteSheet():
            del book[step.sheet]
        case MoveSheet(position=position):
            book.move_sheet(sheet, position - book.index(sheet))
        case HideSheet():
            sheet.sheet_state = "hidden"
        case ResizeTable(table=table, area=area):
            sheet.tables[table].ref = area
            if sheet.tables[table].autoFilter is not None:
                sheet.tables[table].autoFilter.ref = area
        case _:
            raise NotImplementedError(f"openpyxl cannot do this to a real workbook: {type(step).__name__}")


def _cells(sheet: Any, area: str) -> list[Any]:
    top, left, bottom, right = box_of(area)
    return [sheet.cell(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]


def _copy(sheet: Any, box: tuple[int, int, int, int], to: tuple[int, int]) -> None:
    top, left, bottom, right = box
    sources = [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
    copied = [(place, sheet.cell(*place).value, copy(sheet.cell(*place)._style)) for place in sources]
    for (row, column), value, style in copied:
        target = sheet.cell(to[0] + row - top, to[1] + column - left)
        origin = sheet.cell(row, column).coordinate
        formula = isinstance(value, str) and value.startswith("=")
        target.value = Translator(value, origin).translate_formula(target.coordinate) if formula else value
        target._style = style
