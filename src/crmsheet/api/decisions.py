"""The sheet on which people decide about duplicates: a row for each row that may be another one.

Knows the sheet: its columns, its words, how it is found again, what was decided on it. It is people's own: no refresh
touches it. Does not know how duplicates are found, nor what becomes of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final

from crmsheet.compile import theme
from crmsheet.excel.references import RangeRef, free_sheet_name, parse_range, quoted_sheet
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Text
from crmsheet.model.words import Label, Language
from crmsheet.opc.package import Package
from crmsheet.plan.book import ColumnWidth, Plan, PlanSheet, PrintSetup, RowHeight, SheetKind
from crmsheet.plan.cells import Block, CellValidation, PlanCell, Validation, ValidationKind
from crmsheet.plan.looks import Align, Style, VerticalAlign
from crmsheet.plan.place import default_layout
from crmsheet.refresh import Patch
from crmsheet.refresh.graft.transplant import Transplant
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.names import NameEdit, defined_names
from crmsheet.structs import dataclass, replace

NAME: Final = "_crmsheet_duplicates"
"""The hidden workbook name that says where the sheet's head stands."""
_HEAD: Final = 3
_ROOM: Final = 500
"""Rows beyond those written that have the drop-down."""
_SHEET: Final = "duplicates"


class Decision(StrEnum):
    KEEP = "keep"
    MERGE = "merge"
    SEPARATE = "separate"


WORDS: Final[Mapping[Decision, Label]] = {
    Decision.KEEP: Label("保留", "keep"),
    Decision.MERGE: Label("合并", "merge"),
    Decision.SEPARATE: Label("不是重复", "not a duplicate"),
}
_TITLE: Final = Label("疑似重复", "Duplicates")
_HINT: Final = Label(
    "每组选一行“保留”，其余选“合并”；不是同一个的选“不是重复”。然后运行 crmsheet dedupe --apply",
    "In each group choose 'keep' for one row and 'merge' for those that go into it, 'not a duplicate' for others; "
    "then run crmsheet dedupe --apply",
)


@dataclass(frozen=True, slots=True)
class _Column:
    id: str
    head: Label
    width: float
    align: Align = Align.LEFT
    code: str = ""
    hidden: bool = False


_COLUMNS: Final = (
    _Column("group", Label("组", "Group"), 7, Align.CENTER),
    _Column("table", Label("表", "Table"), 14),
    _Column("decision", Label("处理", "Decision"), 17, Align.CENTER),
    _Column("suggestion", Label("建议", "Suggestion"), 13),
    _Column("name", Label("名称", "Name"), 40),
    _Column("details", Label("主要信息", "What it says"), 64),
    _Column("filled", Label("已填项", "Cells filled"), 11, Align.RIGHT),
    _Column("referring", Label("关联行数", "Referring rows"), 13, Align.RIGHT),
    _Column("why", Label("依据", "Why"), 30),
    _Column("likeness", Label("相似度", "Likeness"), 10, Align.RIGHT, "0%"),
    _Column("result", Label("结果", "Result"), 52),
    _Column("row", Label("行号", "Row id"), 12, hidden=True),
)
_AT: Final = {c.id: n for n, c in enumerate(_COLUMNS)}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet. `table` is shown as its label."""

    group: int
    table: str
    row: str
    name: str
    details: str = ""
    suggestion: Decision | None = None
    decision: Decision | None = None
    filled: int = 0
    referring: int = 0
    why: str = ""
    likeness: float = 0.0
    result: str = ""

    def values(self, language: Language) -> tuple[Value, ...]:
        """The cells, in the order of the columns."""

        def word(decision: Decision | None) -> str | None:
            return None if decision is None else WORDS[decision].text(language)

        return (
            self.group,
            self.table,
            word(self.decision),
            word(self.suggestion),
            self.name,
            self.details or None,
            self.filled or None,
            self.referring or None,
            self.why or None,
            self.likeness or None,
            self.result or None,
            self.row,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """The sheet as it is in a workbook: its name, the 0-based row and column of its first head, its lines."""

    sheet: str
    row: int
    column: int
    lines: tuple[Line, ...]
    length: int
    """Rows below the head that hold anything."""


def decided(contents: Contents) -> Found | None:
    """The sheet with what was decided on it; None where there is none. Sorted and filtered rows are no matter."""
    area = next((_area(n.text) for n in defined_names(contents.package) if n.name == NAME), None)
    cells = contents.sheet(area.sheet) if area is not None else None
    if area is None or cells is None:
        return None
    last = max((row for row in cells.rows if row > area.top), default=area.top)
    lines: list[Line] = []
    for row in range(area.top + 1, last + 1):
        held = [cells.at(row, area.left + n) for n in range(len(_COLUMNS))]
        values = dict(zip(_AT, (None if c is None else c.value for c in held), strict=True))
        if isinstance(values["row"], str) and values["row"]:
            lines.append(
                Line(
                    int(values["group"]) if isinstance(values["group"], int | float) else 0,
                    _text(values["table"]),
                    values["row"],
                    _text(values["name"]),
                    _text(values["details"]),
                    _decision(values["suggestion"]),
                    _decision(values["decision"]),
                    why=_text(values["why"]),
                    result=_text(values["result"]),
                )
            )
    return Found(area.sheet, area.top, area.left, tuple(lines), last - area.top)


def _area(text: str) -> RangeRef | None:
    try:
        area = parse_range(text)
    except ValueError:
        return None
    return area if area.sheet else None


def _decision(value: Value) -> Decision | None:
    word = _text(value).strip().casefold()
    known = {w.casefold(): d for d, label in WORDS.items() for w in (label.zh, label.en, d.value)}
    return known.get(word)


def _text(value: Value) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def edits(found: Found, lines: Sequence[Line], language: Language) -> Iterator[tuple[str, CellEdit]]:
    """What makes the sheet say these lines and no others."""
    for number in range(max(len(lines), found.length)):
        values = lines[number].values(language) if number < len(lines) else (None,) * len(_COLUMNS)
        for n, value in enumerate(values):
            yield found.sheet, CellEdit(found.row + 1 + number, found.column + n, EditKind.VALUE, value)


def sheet_patch(contents: Contents, lines: Sequence[Line], language: Language, day: date) -> Patch:
    """The sheet with these lines, put into a workbook that has none."""
    taken = {s.name for s in contents.package.workbook.sheets}
    name = free_sheet_name(_TITLE.text(language), taken)
    scratch = Contents(Package.of(_scratch(lines, language, name, day), contents.package.file))
    transplant = Transplant(contents, scratch)
    transplant.sheet(name)
    transplant.define(NameEdit(NAME, f"{quoted_sheet(name)}!$A${_HEAD + 1}", hidden=True))
    return transplant.patch()


def _scratch(lines: Sequence[Line], language: Language, name: str, day: date) -> bytes:
    """A workbook of that sheet alone."""
    from crmsheet.write import written

    cells = [
        PlanCell(0, 0, _TITLE.text(language), style=theme.TITLE),
        PlanCell(1, 0, _HINT.text(language), style=theme.HINT),
    ]
    for n, column in enumerate(_COLUMNS):
        head = theme.HEADER_INPUT if column.id == "decision" else theme.HEADER_COMPUTED
        style = replace(head, align=column.align, indent=_style(column).indent)
        cells.append(PlanCell(_HEAD, n, column.head.text(language), style=style))
    for number, line in enumerate(lines):
        for n, (column, value) in enumerate(zip(_COLUMNS, line.values(language), strict=True)):
            cells.append(PlanCell(_HEAD + 1 + number, n, value, style=_style(column)))
    words = ",".join(WORDS[d].text(language) for d in Decision)
    at, rows = _AT["decision"], _HEAD + 1 + len(lines) + _ROOM
    choose = Validation(ValidationKind.LIST, Text(words))
    block = Block(
        _SHEET,
        _SHEET,
        0,
        0,
        rows,
        len(_COLUMNS),
        tuple(cells),
        validations=(CellValidation(_HEAD + 1, at, rows - 1, at, choose),),
        anchored=False,
    )
    sheet = PlanSheet(
        _SHEET,
        name,
        SheetKind.HISTORY,
        freeze_row=_HEAD + 1,
        widths=tuple(ColumnWidth(n, n, c.width, c.hidden, _style(c)) for n, c in enumerate(_COLUMNS)),
        heights=(RowHeight(0, 0, 28), RowHeight(1, 1, 18), RowHeight(_HEAD, _HEAD, 22)),
        gridlines=False,
        print_setup=PrintSetup(repeat_first=_HEAD, repeat_last=_HEAD),
    )
    font, size = theme.FONTS[language], theme.FONT_SIZES[language]
    plan = Plan(name, language, font, size, (sheet,), blocks=(block,), active_sheet=_SHEET)
    return written(plan, default_layout(plan), created=datetime(day.year, day.month, day.day, tzinfo=UTC))


def _style(column: _Column) -> Style:
    if column.id == "decision":
        return replace(theme.FORM_INPUT, align=Align.CENTER)
    indent = 1 if column.align is Align.LEFT else 0
    return Style(column.code, theme.TEXT, align=column.align, vertical=VerticalAlign.CENTER, indent=indent)
