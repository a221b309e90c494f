"""The boards' numbers in both books: cards and indicator tables.

Knows that the hidden block behind each says what it holds (heads in its first row, metrics in its first column),
and in which cell of the board a number is shown. Computes nothing: compared is what the books hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crmsheet.api.differences.contents import content, same
from crmsheet.api.differences.found import Figure, Where
from crmsheet.api.differences.sides import Side
from crmsheet.compile import board_words as words
from crmsheet.compile.boards import compiled_boards
from crmsheet.compile.calc import calc_anchor
from crmsheet.compile.faces import face_anchor, number_or_dash
from crmsheet.compile.pieces import Context
from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.tree import Call, Node, Spot
from crmsheet.model.boards import Board, CardsBlock, KpiBlock
from crmsheet.model.spec import FieldType
from crmsheet.model.succession import Succession
from crmsheet.model.words import Label
from crmsheet.structs import dataclass

_PARTS: Mapping[str, Label | None] = {
    "value": None,
    "previous": words.PREVIOUS,
    "change": words.CHANGE,
    "target": words.TARGET,
    "attainment": words.ATTAINMENT,
    "status": words.STATUS,
    "n": words.SAMPLE,
}
_ANY_DAY = 40_000
"""Where cells stand does not depend on the date."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Those that differ, and how many cannot be compared because a program stored no value."""

    changed: tuple[Figure, ...]
    without_value: int


def figures(old: Side, new: Side, pairs: Succession) -> Figures:
    """Compare the boards that both books have."""
    if not new.model.boards:
        return Figures((), 0)
    before = {b.id: b for b in old.model.boards}
    shown = _shown(new)
    changed: list[Figure] = []
    without = 0
    for board in new.model.boards:
        was = before.get(pairs.boards.get(board.id, ""))
        if was is None or board.id not in new.reading.layout.sheets:
            continue
        there = dict(_held(old, was))
        for key, held in _held(new, board):
            face = shown.get(held.spot)
            former = there.get(key)
            if face is None or former is None:
                continue
            if former.missing or held.missing:
                without += 1
            elif not same(former.value, held.value):
                changed.append(_figure(new, board, key, face, former.value, held.value))
    return Figures(tuple(changed), without)


_Key = tuple[str, str, str, int]
"""Block, metric, part, and which of several rows of the metric."""


@dataclass(frozen=True, slots=True)
class _Held:
    spot: Spot
    value: Value
    missing: bool


def _held(side: Side, board: Board) -> Iterator[tuple[_Key, _Held]]:
    """The numbers behind a board."""
    for block in board.blocks:
        if not isinstance(block, CardsBlock | KpiBlock):
            continue
        anchor = calc_anchor(board.id, block.id)
        place = side.reading.layout.anchors.get(anchor)
        if place is None:
            continue
        heads = [_text(side, anchor, 0, column) for column in range(len(place.columns))]
        times: dict[str, int] = {}
        for row in range(1, len(place.rows)):
            metric = _text(side, anchor, row, 0)
            times[metric] = times.get(metric, 0) + 1
            for column, head in enumerate(heads):
                if metric and head in _PARTS:
                    _, cell = side.anchored(anchor, row, column)
                    value = cell.value if cell is not None else None
                    missing = cell is None or (cell.formula is not None and value is None)
                    key = block.id, metric, head, times[metric]
                    yield key, _Held(Spot(anchor, row, column), _plain(value), missing)


def _plain(value: Value) -> Value:
    """Why there is no number is told beside it: all that is none is shown as a dash."""
    return None if isinstance(value, ExcelError) or value == "" else value


def _text(side: Side, anchor: str, row: int, column: int) -> str:
    _, cell = side.anchored(anchor, row, column)
    return cell.value if cell is not None and isinstance(cell.value, str) else ""


@dataclass(frozen=True, slots=True)
class _Face:
    anchor: str
    row: int
    column: int
    code: str


def _shown(side: Side) -> Mapping[Spot, _Face]:
    """The cells of boards that show just one number of a hidden block."""
    reading = side.reading
    context = Context(side.model, side.language, reading.state, _ANY_DAY, reading.sizes, as_it_is=True)
    faces = {
        face_anchor(board.id, block.id)
        for board in side.model.boards
        for block in board.blocks
        if isinstance(block, CardsBlock | KpiBlock)
    }
    found: dict[Spot, _Face] = {}
    for block in compiled_boards(context).blocks:
        if block.anchor in faces:
            for cell in block.cells:
                spot = _only_spot(cell.formula)
                if spot is not None:
                    code = cell.style.number_format
                    found.setdefault(spot, _Face(block.anchor, cell.row, cell.column, code))
    return found


def _only_spot(formula: Node | None) -> Spot | None:
    match formula:
        case Spot():
            return formula
        case Call("IF", (_, Spot() as spot, _)) if formula == number_or_dash(spot):
            return spot
        case _:
            return None


def _figure(side: Side, board: Board, key: _Key, face: _Face, old: Value, new: Value) -> Figure:
    block, metric, part, _ = key
    where, _ = side.anchored(face.anchor, face.row, face.column)
    language = side.language
    label = side.model.metric(metric).label.text(language)
    word = _PARTS[part]
    if word is not None:
        label += f" · {word.text(language)}"
    one, other = (content(v, FieldType.NUMBER, face.code) for v in (old, new))
    sheet = where if where.cell else Where(side.reading.layout.sheets.get(board.id, ""))
    return Figure(board.id, block, metric, part, board.label.text(language), label, sheet, one, other)
