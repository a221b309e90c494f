"""Brief: what a workbook says, in words and small tables, for a meeting. Changes nothing.

Knows which blocks are told and where their words stand. Does not know how a brief is printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, assert_never

from crmsheet.api.standing import Standing, standing
from crmsheet.compile import board_words as words
from crmsheet.compile.analyses.change_words import CHANGES
from crmsheet.compile.analyses.differing import changes_found
from crmsheet.compile.analyses.facts import Facts
from crmsheet.compile.calc import calc_anchor
from crmsheet.compile.faces import face_anchor
from crmsheet.compile.number_formats import ATTAINMENT, Shown, change_format, metric_format
from crmsheet.compile.pieces import Context
from crmsheet.excel.number_formats import formatted
from crmsheet.excel.values import ExcelError, Value
from crmsheet.model.boards import (
    AnalysisBlock,
    AnalysisType,
    Block,
    Board,
    CardsBlock,
    ChartBlock,
    HeatBlock,
    KpiBlock,
    ListBlock,
    NoteBlock,
    RecordBlock,
    TableBlock,
)
from crmsheet.model.spec import Model
from crmsheet.plan.book import Plan
from crmsheet.structs import dataclass

_MOST: Final = 10
"""Rows of a table that a brief tells."""
_HEADS: Final = 1
_ANALYSIS_HEADS: Final = 2
_DEFAULT: Final = (AnalysisType.INSIGHTS, AnalysisType.ALARMS)


@dataclass(frozen=True, slots=True)
class Section:
    """A block in words: a sentence, a table, how it was found. `more` counts rows that are not told."""

    title: str
    said: str = ""
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    more: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    title: str
    language: str
    as_of: date
    sections: tuple[Section, ...]


def brief(content: bytes, *, name: str, today: date, as_of: date | None = None) -> Brief:
    """What the workbook says as of its date (or another), its rows as they are. Raises WorkbookRefused."""
    with standing(content, name=name, today=today, as_of=as_of) as book:
        model, context, plan = book.model, book.context, book.compiled.plan
        sections = tuple(
            _section(context, plan, *place) if place is not None else _changes(book) for place in _told(model)
        )
    return Brief(context.text(model.title), book.language.value, book.effective, sections)


def _told(model: Model) -> Iterator[tuple[Board, Block] | None]:
    """The blocks the spec names; else the first cards, what changed (None), the first insights and alarms, and the
    lists of the first board."""
    by_id = {(board.id, block.id): (board, block) for board in model.boards for block in board.blocks}
    if model.brief:
        yield from (by_id.get(place) for place in model.brief if place in by_id or not place[0])
        return
    found = list(by_id.values())
    yield from [pair for pair in found if isinstance(pair[1], CardsBlock)][:1]
    if model.history is not None or model.audits:
        yield None
    for kind in _DEFAULT:
        yield from [p for p in found if isinstance(p[1], AnalysisBlock) and p[1].type is kind][:1]
    yield from (p for p in found if p[0] is model.boards[0] and isinstance(p[1], ListBlock))


def _section(context: Context, plan: Plan, board: Board, block: Block) -> Section:
    match block:
        case CardsBlock(cards=cards):
            return _figures(context, plan, board, block, tuple(card.metric for card in cards))
        case KpiBlock(metrics=metrics):
            return _figures(context, plan, board, block, metrics)
        case TableBlock() | ListBlock():
            return _table(_lines(plan, board, block), _HEADS)
        case AnalysisBlock():
            return _table(_lines(plan, board, block), _ANALYSIS_HEADS)
        case NoteBlock(text=text, title=title):
            return Section(context.text(title) if title is not None else "", context.text(text))
        case ChartBlock() | HeatBlock() | RecordBlock():
            return Section(context.text(block.title) if block.title is not None else "")
        case _:
            assert_never(block)


def _changes(book: Standing) -> Section:
    """What changed since the date before, as a block of it would tell."""
    context = book.context
    metrics = context.model.history.metrics if context.model.history is not None else ()
    found = changes_found(Facts(context, book.compiled.environment), metrics)
    rows = [tuple(_plain(value) for value in row) for row in found.rows]
    return Section(
        context.text(CHANGES),
        found.said,
        found.heads,
        tuple(rows[:_MOST]),
        max(0, len(rows) - _MOST),
        found.method,
    )


def _figures(
    context: Context, plan: Plan, board: Board, block: CardsBlock | KpiBlock, metrics: tuple[str, ...]
) -> Section:
    """Each metric with its value, the change, the value before, attainment and status."""
    cells = {(c.row, c.column): c.value for c in plan.block(calc_anchor(board.id, block.id)).cells}
    heads = {str(value): column for (row, column), value in cells.items() if row == 0}
    at = {str(value): row for (row, column), value in cells.items() if column == 0 and row}
    rows: list[tuple[str, ...]] = []
    for id_ in dict.fromkeys(metrics):
        metric, row = context.model.metric(id_), at[id_]
        found = {head: cells.get((row, column)) for head, column in heads.items()}
        code = metric_format(context, metric, Shown.CARD)
        value = _shown(found["value"], code)
        if value == words.DASH and found["reason"]:
            value = f"{words.DASH} {found['reason']}"
        moved = change_format(context, metric)
        rows.append(
            (
                context.text(metric.label),
                value,
                _shown(found["change"], moved),
                _shown(found["previous"], code),
                _shown(found["attainment"], ATTAINMENT),
                _shown(found["status"], ""),
            )
        )
    labels = (words.INDICATOR, words.VALUE, words.CHANGE, words.PREVIOUS, words.ATTAINMENT, words.STATUS)
    title = context.text(block.title if block.title is not None else board.label)
    window = next(
        (str(c.value) for b in plan.blocks if b.anchor == f"{board.id}.window" for c in b.cells), ""
    )
    return Section(title, heads=tuple(map(context.text, labels)), rows=tuple(rows), note=window)


def _lines(plan: Plan, board: Board, block: Block) -> list[dict[int, str]]:
    """The texts of a block as it stands on its board: of each row, by column."""
    found = plan.block(face_anchor(board.id, block.id))
    lines: list[dict[int, str]] = [{} for _ in range(found.rows)]
    for cell in sorted(found.cells, key=lambda c: (c.row, c.column)):
        lines[cell.row][cell.column] = _shown(cell.value, cell.style.number_format)
    return lines


def _table(lines: list[dict[int, str]], heads_at: int) -> Section:
    """A block whose heads stand in a certain row: what is above them is a sentence, the last line a note."""
    title, *beside = lines[0].values()
    said = " ".join(text for line in lines[1:heads_at] for text in line.values() if text)
    columns = [column for column, text in lines[heads_at].items() if text]
    heads = tuple(lines[heads_at][column] for column in columns)
    rows, note = _body(lines[heads_at + 1 :], columns)
    return Section(
        title,
        said,
        heads,
        tuple(rows[:_MOST]),
        max(0, len(rows) - _MOST),
        " ".join(filter(None, (*beside, note))),
    )


def _body(lines: list[dict[int, str]], columns: list[int]) -> tuple[list[tuple[str, ...]], str]:
    """The rows below heads, and what stands below them: a line of one cell that is wider than a column."""
    rows: list[tuple[str, ...]] = []
    note = ""
    for index, line in enumerate(lines):
        if not any(line.values()):
            continue
        if index == len(lines) - 1 and len(line) == 1:
            note = next(iter(line.values()))
        elif columns:
            rows.append(tuple(line.get(column, "") for column in columns))
    return rows, note


def _shown(value: Value, code: str) -> str:
    """A cell's text as its number format shows it."""
    if value is None:
        return ""
    if isinstance(value, ExcelError):
        return words.DASH
    return str(formatted(value, code)) if code else _plain(value)


def _plain(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
