"""Look-ups: MATCH, VLOOKUP and their like, and the shape of ranges.

Knows Excel's exact and approximate search. INDEX and CHOOSE-like references are the evaluator's own work,
because they give cells, not values.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.criteria import has_wildcards, wildcard_matcher, without_escapes
from crmsheet.formulas.functions.table import Argument, Function, Style, Type, ranges, signature
from crmsheet.formulas.indexes import Indexes, match_key
from crmsheet.formulas.ranges import RangeValue
from crmsheet.formulas.semantics import boolean, order


def exact_place(indexes: Indexes, wanted: Value, cells: RangeValue) -> int | None:
    """The first position with this value; wildcards count in a text."""
    if wanted is None:
        wanted = 0
    if isinstance(wanted, str):
        if has_wildcards(wanted):
            fits = wildcard_matcher(wanted)
            for position, cell in enumerate(cells.cells):
                if isinstance(cell, str) and fits(cell):
                    return position
            return None
        wanted = without_escapes(wanted)
    place = match_key(wanted)
    if cells.base is not None:
        found = indexes.places(cells.base).get(place, ())
        at = bisect_left(found, cells.start)
        if at < len(found) and found[at] < cells.start + len(cells):
            return found[at] - cells.start
        return None
    positions = indexes.places(cells).get(place)
    return positions[0] if positions else None


def _kind(value: Value) -> type:
    if isinstance(value, bool):
        return bool
    return str if isinstance(value, str) else float


def approximate_place(indexes: Indexes, wanted: Value, cells: RangeValue, direction: int) -> int | None:
    """The last position whose value is not past the wanted one, in rising (1) or falling (-1) cells.

    Cells of another type are passed over. In cells that are not sorted Excel's answer is that of its binary
    search; so is this one, over the cells of the wanted type.
    """
    if wanted is None:
        wanted = 0
    kind = _kind(wanted)

    def compute() -> tuple[list[int], list[Value]]:
        positions = [
            position
            for position, cell in enumerate(cells.cells)
            if cell is not None and not isinstance(cell, ExcelError) and _kind(cell) is kind
        ]
        values = [cells.cells[position] for position in positions]
        return positions, [v.lower() if isinstance(v, str) else v for v in values]

    positions, values = indexes.remembered(f"sorted {kind.__name__}", cells, compute)
    if direction > 0:
        at = bisect_right(values, wanted.lower() if isinstance(wanted, str) else wanted)  # type: ignore[type-var] # all of one class
        return positions[at - 1] if at else None
    best = None
    for position, value in zip(positions, values, strict=True):
        sign = order(value, wanted)
        if isinstance(sign, ExcelError) or sign < 0:
            break
        best = position
        if sign == 0:
            break
    return best


def _match(indexes: Indexes, wanted: Value, cells: Argument, kind: float = 1) -> Value:
    if not isinstance(cells, RangeValue):
        return _no_cells(cells)
    if cells.rows != 1 and cells.columns != 1:
        return ExcelError.NA
    if kind == 0:
        found = exact_place(indexes, wanted, cells)
    else:
        found = approximate_place(indexes, wanted, cells, 1 if kind > 0 else -1)
    return ExcelError.NA if found is None else found + 1


def _slice(indexes: Indexes, table: RangeValue, name: str, index: int) -> RangeValue:
    """One row or column of a table, remembered."""
    if (table.columns if name == "column" else table.rows) == 1:
        return table
    return indexes.remembered(f"{name} {index}", table, lambda: _edge(table, name, index))


def _vlookup(indexes: Indexes, wanted: Value, table: Argument, index: float, near: Value = True) -> Value:
    if not isinstance(table, RangeValue):
        return _no_cells(table)
    column = int(index) - 1
    if column < 0:
        return ExcelError.VALUE
    if column >= table.columns:
        return ExcelError.REF
    found = _looked_up(indexes, wanted, _slice(indexes, table, "column", 0), near)
    if isinstance(found, ExcelError):
        return found
    return table.at(found, column)


def _hlookup(indexes: Indexes, wanted: Value, table: Argument, index: float, near: Value = True) -> Value:
    if not isinstance(table, RangeValue):
        return _no_cells(table)
    row = int(index) - 1
    if row < 0:
        return ExcelError.VALUE
    if row >= table.rows:
        return ExcelError.REF
    found = _looked_up(indexes, wanted, _slice(indexes, table, "row", 0), near)
    if isinstance(found, ExcelError):
        return found
    return table.at(row, found)


def _looked_up(indexes: Indexes, wanted: Value, cells: RangeValue, near: Value) -> int | ExcelError:
    nearly = boolean(near)
    if isinstance(nearly, ExcelError):
        return nearly
    found = approximate_place(indexes, wanted, cells, 1) if nearly else exact_place(indexes, wanted, cells)
    return ExcelError.NA if found is None else found


def _lookup(indexes: Indexes, wanted: Value, cells: Argument, answers: Argument | None = None) -> Value:
    if not isinstance(cells, RangeValue):
        if isinstance(cells, ExcelError):
            return cells
        cells = RangeValue(1, 1, (cells,))
    if answers is None:
        if cells.rows >= cells.columns:
            keys, answers = _edge(cells, "column", 0), _edge(cells, "column", cells.columns - 1)
        else:
            keys, answers = _edge(cells, "row", 0), _edge(cells, "row", cells.rows - 1)
    else:
        keys = cells
        if not isinstance(answers, RangeValue):
            answers = RangeValue(1, 1, (answers,))
    found = approximate_place(indexes, wanted, keys, 1)
    if found is None:
        return ExcelError.NA
    return answers.cells[found] if found < len(answers) else ExcelError.NA


def _edge(cells: RangeValue, name: str, index: int) -> RangeValue:
    if name == "column":
        return cells.part(0, index, cells.rows - 1, index)
    return cells.part(index, 0, index, cells.columns - 1)


def _rows(_indexes: Indexes, cells: Argument) -> Value:
    if isinstance(cells, RangeValue):
        return cells.rows
    return cells if isinstance(cells, ExcelError) else 1


def _columns(_indexes: Indexes, cells: Argument) -> Value:
    if isinstance(cells, RangeValue):
        return cells.columns
    return cells if isinstance(cells, ExcelError) else 1


def _no_cells(argument: Value) -> ExcelError:
    """The answer where cells were wanted: the error that came instead, or not found."""
    return argument if isinstance(argument, ExcelError) else ExcelError.NA


def _special(*_arguments: object) -> Value:
    raise AssertionError("the evaluator computes this function itself")


def _answers(count: int) -> Sequence[int]:
    return (count - 1,)


FUNCTIONS: Final[tuple[Function, ...]] = (
    ranges("MATCH", "value range number?", Type.NUMBER, _match),
    ranges("VLOOKUP", "value range number value?", Type.ANY, _vlookup),
    ranges("HLOOKUP", "value range number value?", Type.ANY, _hlookup),
    ranges("LOOKUP", "value array array?", Type.ANY, _lookup, like=_answers),
    ranges("ROWS", "array", Type.NUMBER, _rows),
    ranges("COLUMNS", "array", Type.NUMBER, _columns),
    Function(
        "INDEX", signature("array number number?"), Type.ANY, Style.SPECIAL, _special, like=lambda _n: (0,)
    ),
)
