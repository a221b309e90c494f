"""What generated and entry sheets have in common: names, the title rows, links to other sheets, footers.

Knows where a title, a hint and links fit above columns of given widths. Does not know what stands below.
"""

from __future__ import annotations

from collections.abc import Iterable

from crmsheet.compile import theme
from crmsheet.compile.pieces import Context
from crmsheet.compile.words import WORDS, say
from crmsheet.excel.references import free_sheet_name
from crmsheet.plan.book import ColumnWidth, RowHeight
from crmsheet.plan.cells import Block, PlanCell
from crmsheet.plan.looks import Style
from crmsheet.structs import dataclass

TITLE_ROW_HEIGHT = 28.0
HINT_ROW_HEIGHT = 18.0
_OTHER_WIDTH = 8.43
_SQUARE = "■"


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go to: the anchor of its block and the sheet's name as shown."""

    anchor: str
    name: str


@dataclass(frozen=True, slots=True)
class Chip:
    """What a colour means: an entry of a legend."""

    text: str
    style: Style


def top_anchor(sheet: str) -> str:
    """Block of the first rows of a sheet: the title, the hint, the links."""
    return f"{sheet}.top"


def sheet_name(context: Context, sheet: str) -> str:
    """What a sheet is called at build; the book sees to it that no two have one name."""
    labels = dict(context.model.sheet_labels)
    labels.update({table.id: table.label for table in context.model.tables})
    labels.update({board.id: board.label for board in context.model.boards})
    if sheet in labels:
        return free_sheet_name(context.text(labels[sheet]), set())
    return WORDS[sheet].text(context.language)


def title_rows() -> tuple[RowHeight, RowHeight]:
    return RowHeight(0, 0, TITLE_ROW_HEIGHT), RowHeight(1, 1, HINT_ROW_HEIGHT)


def footer(context: Context) -> str:
    """Title and sheet at the left, the day of printing in the middle, page numbers at the right."""
    title = context.text(context.model.title).replace("&", "&&")
    return f"&L{title} · &A&C{say(context.language, 'printed')}&R{say(context.language, 'page')}"


def top_block(
    sheet: str,
    title: str,
    hint: str,
    widths: Iterable[ColumnWidth],
    links: Iterable[Link] = (),
    legend: Iterable[Chip] = (),
) -> Block:
    """Title, links and legend in the first row, the hint in the second."""
    edges = _Edges(tuple(widths))
    cells = [PlanCell(0, 0, title, style=theme.TITLE), PlanCell(1, 0, hint, style=theme.HINT)]
    column = edges.after(theme.text_width(title) * 1.6 + 2)
    for link in links:
        text = f"→ {link.name}"
        cells.append(PlanCell(0, column, text, style=theme.LINK, link=link.anchor))
        column = edges.after(edges.left(column) + theme.text_width(text) + 2)
    # Not right above the headers, where its words would be taken for theirs.
    for chip in legend:
        text = f"{_SQUARE} {chip.text}"
        cells.append(PlanCell(0, column, text, style=chip.style))
        column = edges.after(edges.left(column) + theme.text_width(text) + 2)
    last = max(cell.column for cell in cells)
    return Block(top_anchor(sheet), sheet, 0, 0, 2, last + 1, tuple(cells))


class _Edges:
    """Left edges of visible columns, in characters."""

    def __init__(self, widths: tuple[ColumnWidth, ...]) -> None:
        self._widths: dict[int, float] = {}
        for entry in widths:
            for column in range(entry.first, entry.last + 1):
                self._widths[column] = 0 if entry.hidden else entry.width

    def width(self, column: int) -> float:
        return self._widths.get(column, _OTHER_WIDTH)

    def left(self, column: int) -> float:
        return sum(self.width(c) for c in range(column))

    def after(self, characters: float) -> int:
        """The first visible column that begins past so many characters."""
        column, edge = 0, 0.0
        while edge < characters or not self.width(column):
            edge += self.width(column)
            column += 1
        return column
