"""Validations and conditional formats of a workbook as they are in force in each cell, and ways to damage them.

Knows openpyxl's objects and reads formulas with its translator, independently of the product. Does not know
what a refresh does with them.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from copy import copy

import openpyxl
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formatting.rule import Rule
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

Box = tuple[int, int, int, int]
"""Left, top, right, bottom as openpyxl counts, from 1."""
Effective = tuple[object, ...]


def edited(content: bytes, edit: Callable[[Workbook], None]) -> bytes:
    """The workbook after a program based on openpyxl changed and saved it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    edit(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def boxes(sqref: object) -> list[Box]:
    return [range_boundaries(part) for part in str(sqref).split()]


def text(areas: Sequence[Box]) -> str:
    return " ".join(
        f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
        for left, top, right, bottom in areas
    )


def less(areas: Sequence[Box], hole: Box) -> list[Box]:
    """The areas without a rectangle."""
    found: list[Box] = []
    for left, top, right, bottom in areas:
        a, b, c, d = max(left, hole[0]), max(top, hole[1]), min(right, hole[2]), min(bottom, hole[3])
        if a > c or b > d:
            found.append((left, top, right, bottom))
            continue
        pieces = [
            (left, top, right, b - 1),
            (left, b, a - 1, d),
            (c + 1, b, right, d),
            (left, d + 1, right, bottom),
        ]
        found += [p for p in pieces if p[0] <= p[2] and p[1] <= p[3]]
    return found


def rebased(formula: str | None, old: Box, new: Box) -> str | None:
    """A rule's formula when its first cell becomes another."""
    if formula is None or formula.startswith('"') or old[:2] == new[:2]:
        return formula
    start, end = (f"{get_column_letter(box[0])}{box[1]}" for box in (old, new))
    return str(Translator("=" + formula, origin=start).translate_formula(end))[1:]


def on_cells(rule: DataValidation, areas: Sequence[Box]) -> Iterator[DataValidation]:
    """A validation put on other cells; its formulas go on meaning the same. One copy for each range, since
    openpyxl forgets their order."""
    first = boxes(rule.sqref)[0]
    for area in areas:
        moved = copy(rule)
        moved.formula1 = rebased(rule.formula1, first, area)
        moved.formula2 = rebased(rule.formula2, first, area)
        moved.sqref = MultiCellRange(text([area]))
        yield moved


def set_formats(sheet: Worksheet, rules: Sequence[tuple[list[Box], Rule]]) -> None:
    """These conditional formats and no others, first wins."""
    sheet.conditional_formatting = ConditionalFormattingList()
    for priority, (areas, rule) in enumerate(rules, 1):
        rule.priority = priority
        sheet.conditional_formatting.add(text(areas), rule)
        # openpyxl numbers what it adds
        rule.priority = priority


def formats(sheet: Worksheet) -> list[tuple[list[Box], Rule]]:
    """All conditional formats with their areas, first wins."""
    found = [(boxes(held.sqref), rule) for held in sheet.conditional_formatting for rule in held.rules]
    return sorted(found, key=lambda pair: pair[1].priority)


def pasted(sheet: Worksheet, source: Box, left: int, top: int) -> None:
    """Cells copied over others, as Excel does it: the rules of the target go, those of the source come along;
    every conditional format becomes a copy of its own."""
    across, down = left - source[0], top - source[1]
    target = (left, top, source[2] + across, source[3] + down)
    validations = list(sheet.data_validations.dataValidation)
    kept: list[DataValidation] = []
    moved: list[tuple[DataValidation, list[Box]]] = []
    for rule in validations:
        areas = boxes(rule.sqref)
        inside = [
            (
                max(a, source[0]) + across,
                max(b, source[1]) + down,
                min(c, source[2]) + across,
                min(d, source[3]) + down,
            )
            for a, b, c, d in areas
            if a <= source[2] and source[0] <= c and b <= source[3] and source[1] <= d
        ]
        moved.append((rule, inside))
    for rule, inside in moved:
        kept += on_cells(rule, less(boxes(rule.sqref), target) + inside)
    sheet.data_validations.dataValidation = kept
    rules = formats(sheet)
    copies: list[tuple[list[Box], Rule]] = []
    left_over: list[tuple[list[Box], Rule]] = []
    for areas, rule in rules:
        inside = [
            (
                max(a, source[0]) + across,
                max(b, source[1]) + down,
                min(c, source[2]) + across,
                min(d, source[3]) + down,
            )
            for a, b, c, d in areas
            if a <= source[2] and source[0] <= c and b <= source[3] and source[1] <= d
        ]
        if inside:
            copies.append((inside, with_cells(rule, areas[0], inside[0])))
        rest = less(areas, target)
        if rest:
            left_over.append((rest, with_cells(rule, areas[0], rest[0])))
    set_formats(sheet, [*copies, *left_over])


def with_cells(rule: Rule, old: Box, new: Box) -> Rule:
    """A copy of a conditional format that begins elsewhere."""
    formulas = [str(rebased(f, old, new)) for f in rule.formula]
    return Rule(
        type=rule.type,
        dxf=rule.dxf,
        stopIfTrue=rule.stopIfTrue,
        formula=formulas,
        priority=1,
        operator=rule.operator,
    )


def in_force(content: bytes, sheet: str, area: str) -> dict[str, Effective]:
    """What each cell's validation and conditional formats say, with formulas as they read in that cell."""
    worksheet = openpyxl.load_workbook(io.BytesIO(content))[sheet]
    found: dict[str, list[object]] = {
        f"{get_column_letter(column)}{row}": []
        for left, top, right, bottom in boxes(area)
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }
    for rule in worksheet.data_validations.dataValidation:
        for ref, first in _cells(boxes(rule.sqref), found):
            formulas = [_there(f, first, ref) for f in (rule.formula1, rule.formula2)]
            said = (rule.type, rule.operator, rule.allow_blank, rule.errorStyle, *formulas)
            found[ref].append(
                ("validation", *said, rule.promptTitle, rule.prompt, rule.errorTitle, rule.error)
            )
    for areas, rule in formats(worksheet):
        for ref, first in _cells(areas, found):
            formulas = [_there(f, first, ref) for f in rule.formula]
            found[ref].append(("format", rule.type, rule.stopIfTrue, *formulas, repr(rule.dxf)))
    return {ref: tuple(said) for ref, said in found.items()}


def _cells(areas: Sequence[Box], wanted: dict[str, list[object]]) -> Iterator[tuple[str, Box]]:
    for ref in wanted:
        column, row, _, _ = range_boundaries(ref)
        if any(a <= column <= c and b <= row <= d for a, b, c, d in areas):
            yield ref, areas[0]


def _there(formula: str | None, first: Box, ref: str) -> str | None:
    return rebased(formula, first, range_boundaries(ref))
