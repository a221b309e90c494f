"""A computed column evaluated as a whole: the same values as row by row, sooner.

Knows two facts about columns: a formula depends on nothing but its own-row cells, so equal cells give equal
values, once; and long texts are joined from parts that depend on few cells each. Everything else is left to
`formulas.evaluate`, which alone knows what functions and operators mean.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, compress
from operator import itemgetter
from typing import Final, TypeAlias, cast

from crmsheet.excel.limits import CELL_TEXT
from crmsheet.excel.values import ExcelError, Value, told_apart
from crmsheet.formulas import grouped
from crmsheet.formulas.evaluate import Evaluator
from crmsheet.formulas.functions.table import Argument
from crmsheet.formulas.operators import compared, compared_to_one, multiplied, picked
from crmsheet.formulas.ranges import RangeValue, passing
from crmsheet.formulas.semantics import boolean, joined, result, text
from crmsheet.formulas.tree import (
    Binary,
    Boolean,
    Call,
    Cell,
    Column,
    ErrorValue,
    Node,
    Number,
    Text,
    Unary,
    children,
)

_EMPTY: Final = Text("")
_Combinations: TypeAlias = tuple[list[object], dict[object, int]]
Columns: TypeAlias = Callable[[str, str], Sequence[Value]]

_REMEMBERED_CELLS: Final = 2
"""Formulas of so few cells are computed once for each combination of their values."""
_REPEATED: Final = 2
"""How often combinations must come up for that, where there is another way."""
_PLAIN_REPEATED: Final = 64
"""How often where they are only compared."""
_FEW: Final = 1000
"""So many rows can ask one by one, and what they ask is remembered."""
_GROUPED: Final = 64
"""Putting so many cells in groups takes as long as looking for those of one row."""
_QUICK: Final = frozenset(("IF", "AND", "OR", "NOT"))
_WRITTEN: Final = {str, int, float, type(None)}
"""Values of these kinds that are equal are the same text."""
_CONSTANTS: Final = (Text, Number, Boolean, ErrorValue)
_ANSWERS: Final = frozenset(
    (
        "AND",
        "OR",
        "NOT",
        "ISNUMBER",
        "ISTEXT",
        "ISNONTEXT",
        "ISERROR",
        "ISERR",
        "ISNA",
        "ISBLANK",
        "ISLOGICAL",
    )
)
"""Functions whose results are logical values, never cells."""
_NOTHING: Final = type(None)
_NUMBERS: Final = frozenset((int, float))
_SAMPLE: Final = 1000
_COMPARISONS: Final = frozenset(("=", "<>", "<", ">", "<=", ">="))


class Columnwise:
    """Evaluates the columns of one environment, and remembers what many formulas ask of a column."""

    def __init__(self, evaluator: Evaluator, columns: Columns) -> None:
        self._evaluator = evaluator
        self._columns = columns
        self._distinct: dict[Cell, int] = {}
        self._types: dict[Cell, frozenset[type]] = {}
        self._known: dict[Cell, _Combinations] = {}
        self._cells: dict[int, tuple[Node, tuple[Cell, ...]]] = {}

    def results(self, node: Node, length: int) -> tuple[Value, ...]:
        """The results of a column's formula."""
        whole = self.values(node, range(length), root=True)
        kinds = set(map(type, whole))
        if type(None) in kinds or (str in kinds and any(map(_too_long, set(whole)))):
            whole = [result(value) for value in whole]
        return tuple(whole)

    def values(self, node: Node, rows: Sequence[int], *, root: bool = False) -> list[Value]:
        """The value of a node on each of these rows."""
        if not rows:
            return []
        if isinstance(node, _CONSTANTS):
            return [node.value] * len(rows)
        if isinstance(node, Cell):
            column = self._columns(node.table, node.field)
            return list(column) if len(column) == len(rows) else [column[row] for row in rows]
        cells = self._cells_of(node)
        if len(cells) <= _REMEMBERED_CELLS and self._worth_remembering(node, cells, len(rows)):
            return self._remembered(node, cells, rows, root=root)
        return self._each(node, rows, root=root)

    def _each(self, node: Node, rows: Sequence[int], *, root: bool) -> list[Value]:
        """The same, although rows may have the same cells."""
        match node:
            case Call("ISNUMBER", (given,)):
                return self._are_numbers(given, rows)
            case Binary("*", left, right):
                return multiplied(self.values(left, rows), self.values(right, rows))
            case Binary("&"):
                return self._joined(node, rows)
            case Binary(op, left, right) if op in _COMPARISONS:
                return self._compared(op, left, right, rows)
            case Call("IF", (test, then, otherwise)):
                return self._chosen(test, then, otherwise, rows)
            case Call("AND" | "OR" as name, arguments) if all(map(_is_answer, arguments)):
                answers = [self.values(argument, rows) for argument in arguments]
                if all(set(map(type, found)) == {bool} for found in answers):
                    return list(map(all if name == "AND" else any, zip(*answers, strict=True)))
                return self._row_by_row(node, rows, root=root)
            case Call("NOT", (given,)) if _is_answer(given):
                found = self.values(given, rows)
                if set(map(type, found)) == {bool}:
                    return list(map(operator.not_, found))
                return self._row_by_row(node, rows, root=root)
            case Call("IFERROR", (given, instead)):
                found = self.values(given, rows)
                wrong = [row for row, v in zip(rows, found, strict=True) if v.__class__ is ExcelError]
                if not wrong:
                    return found
                saved = dict(zip(wrong, self.values(instead, wrong), strict=True))
                return [saved.get(row, v) for row, v in zip(rows, found, strict=True)]
            case Call("SUBSTITUTE", (whole, Text(old), Text())) if old:
                return self._substituted(node, whole, old, rows)
            case Call("MID", (given, Number(start), Number(size))) if start >= 1:
                first, last = int(start) - 1, int(start) - 1 + int(size)
                texts = self.values(Binary("&", given, _EMPTY), rows)
                return [v[first:last] if isinstance(v, str) else v for v in texts]
            case Call("INDEX", (Column() as whole, wanted)):
                chosen = picked(self._evaluator.column(whole).cells, self.values(wanted, rows))
                return self._row_by_row(node, rows, root=root) if chosen is None else chosen
            case Call("COUNTA", arguments) if all(isinstance(a, Cell) for a in arguments):
                filled = [len(arguments)] * len(rows)
                for cell in cast("tuple[Cell, ...]", arguments):
                    held = self._columns(cell.table, cell.field)
                    if _NOTHING in self._kinds(cell, held):
                        filled = [n - (held[row] is None) for n, row in zip(filled, rows, strict=True)]
                return list(filled)
            case Call(name, arguments) if name in grouped.NAMES:
                folded = self._folded(name, arguments, rows)
                return self._row_by_row(node, rows, root=root) if folded is None else folded
            case _:
                return self._row_by_row(node, rows, root=root)

    def _kinds(self, node: Node, values: Sequence[Value]) -> frozenset[type]:
        """The types of a node's values; those of a whole column are asked for again and again."""
        if not isinstance(node, Cell) or len(values) < len(self._columns(node.table, node.field)):
            return frozenset(map(type, values))
        if node not in self._types:
            self._types[node] = frozenset(map(type, values))
        return self._types[node]

    def _are_numbers(self, node: Node, rows: Sequence[int]) -> list[Value]:
        values = self.values(node, rows)
        kinds = self._kinds(node, values)
        if kinds <= _NUMBERS or kinds.isdisjoint(_NUMBERS):
            return [kinds <= _NUMBERS] * len(rows)
        return [v.__class__ is float or v.__class__ is int for v in values]

    def _compared(self, op: str, left: Node, right: Node, rows: Sequence[int]) -> list[Value]:
        lefts = self.values(left, rows)
        if not self._cells_of(right):
            kinds, one = self._kinds(left, lefts), self.values(right, rows[:1])[0]
            found = compared_to_one(op, lefts, kinds, one)
            return compared(op, lefts, [one] * len(rows)) if found is None else found
        return compared(op, lefts, self.values(right, rows))

    def _substituted(self, node: Node, given: Node, old: str, rows: Sequence[int]) -> list[Value]:
        """Most texts have nothing in them that is to be replaced."""
        texts = self.values(given, rows)
        if set(map(type, texts)) == {str} and old not in "".join(cast("list[str]", texts)):
            return texts
        return self._row_by_row(node, rows, root=False)

    def _folded(self, name: str, arguments: tuple[Node, ...], rows: Sequence[int]) -> list[Value] | None:
        """SUMIFS and its family with criteria of each row; None for other calls."""
        first = 0 if name == "COUNTIFS" else 1
        columns = [a for a in (*arguments[:first], *arguments[first::2]) if isinstance(a, Column)]
        criteria = arguments[first + 1 :: 2]
        if len(columns) < first + len(criteria):
            return None
        ranges = [self._evaluator.column(column) for column in columns]
        differing = sum(1 for wanted in criteria if self._cells_of(wanted))
        few = len(rows) <= _FEW
        if differing == 1 and not (few and len(rows) * _GROUPED < len(ranges[-1])):
            return self._by_groups(name, ranges, criteria, rows)
        if not differing or not few:
            return None
        asked: list[Sequence[Argument]] = [[one] * len(rows) for one in ranges[:first]]
        for where, wanted in zip(ranges[first:], criteria, strict=True):
            asked += [[where] * len(rows), self.values(wanted, rows)]
        return [self._evaluator.ranged(name, given) for given in zip(*asked, strict=True)]

    def _by_groups(
        self, name: str, ranges: Sequence[RangeValue], criteria: Sequence[Node], rows: Sequence[int]
    ) -> list[Value] | None:
        """SUMIFS and its family where one criterion differs from row to row."""
        folded = ranges[: len(ranges) - len(criteria)]
        asked: list[tuple[RangeValue, grouped.Tests]] = []
        fixed: list[tuple[RangeValue, Value]] = []
        for where, wanted in zip(ranges[len(folded) :], criteria, strict=True):
            if self._cells_of(wanted):
                asked.append((where, self._criteria(wanted, rows)))
            else:
                fixed.append((where, self.values(wanted, rows[:1])[0]))
        cells = folded[0] if folded else None
        return grouped.folded(self._evaluator.indexes, name, cells, asked[0], fixed)

    def _criteria(self, wanted: Node, rows: Sequence[int]) -> grouped.Tests:
        indexes = self._evaluator.indexes
        if not isinstance(wanted, Cell):
            return grouped.tests_of(indexes, passing(self.values(wanted, rows)))
        tests = grouped.tests_of(indexes, self._evaluator.column(wanted))
        return tests if len(tests) == len(rows) else [tests[row] for row in rows]

    def _row_by_row(self, node: Node, rows: Sequence[int], *, root: bool) -> list[Value]:
        run = self._run(node, root=root)
        return [run(row) for row in rows]

    def _cells_of(self, node: Node) -> tuple[Cell, ...]:
        """The cells that a node reads, each once; asked of every part of a formula."""
        known = self._cells.get(id(node))
        if known is None:
            below = chain.from_iterable(map(self._cells_of, children(node)))
            found = (node,) if isinstance(node, Cell) else tuple(dict.fromkeys(below))
            # Held with its cells, so that no other node can have the number.
            known = self._cells[id(node)] = (node, found)
        return known[1]

    def _worth_remembering(self, node: Node, cells: Sequence[Cell], rows: int) -> bool:
        """Whether the same values of these cells come up again and again, so that telling them apart takes less than
        computing all rows."""
        quick = _quick(node)
        if quick and len(cells) > 1:
            return False
        combinations = 1
        for cell in cells:
            if cell not in self._distinct:
                self._distinct[cell] = _distinct(self._columns(cell.table, cell.field))
            combinations *= self._distinct[cell]
        return combinations * (_PLAIN_REPEATED if quick else _REPEATED) <= rows or rows < _REPEATED

    def _run(self, node: Node, *, root: bool) -> Callable[[int], Value]:
        """A sum that is not the last step of its formula must not be rounded to zero as one is."""
        if not root and isinstance(node, Binary) and node.op in "+-":
            node = Unary("+", node)
        return self._evaluator.compiled(node)

    def _remembered(
        self, node: Node, cells: Sequence[Cell], rows: Sequence[int], *, root: bool
    ) -> list[Value]:
        if not cells:
            return self._row_by_row(node, rows[:1], root=root) * len(rows)
        if len(cells) == 1 and len(rows) == len(self._columns(cells[0].table, cells[0].field)):
            keys, first = self._whole(cells[0])
        else:
            keys, first = self._combinations(cells, rows)
        # Rows are always asked in their order.
        told = sorted(first.items(), key=itemgetter(1))
        answers = self._each(node, [row for _, row in told], root=root)
        if len(answers) == 1 or answers.count("") == len(answers):
            return answers[:1] * len(rows)
        known = {key: answer for (key, _), answer in zip(told, answers, strict=True)}
        return list(map(known.__getitem__, keys))

    def _whole(self, cell: Cell) -> _Combinations:
        """The combinations of one column, which many formulas ask for."""
        found = self._known.get(cell)
        if found is None:
            column = self._columns(cell.table, cell.field)
            found = self._known[cell] = self._combinations((cell,), range(len(column)))
        return found

    def _combinations(self, cells: Sequence[Cell], rows: Sequence[int]) -> _Combinations:
        """Of each row the values of these cells, and of each combination the first row that has it."""
        seen: list[Iterable[object]] = []
        for cell in cells:
            column = self._columns(cell.table, cell.field)
            shown = column if len(column) == len(rows) else [column[row] for row in rows]
            if len(cells) == 1 and told_apart(self._kinds(cell, shown)):
                keys: list[object] = list(shown)
                return keys, dict(zip(reversed(keys), reversed(rows), strict=True))
            seen += [map(type, shown), shown]
        keys = list(zip(*seen, strict=True))
        return keys, dict(zip(reversed(keys), reversed(rows), strict=True))

    def _joined(self, node: Binary, rows: Sequence[int]) -> list[Value]:
        operands: list[Node] = []
        rest: Node = node
        while isinstance(rest, Binary) and rest.op == "&":
            operands.append(rest.right)
            rest = rest.left
        operands.append(rest)
        parts: list[Sequence[Value]] = []
        plain = True
        for operand in reversed(operands):
            part = self.values(operand, rows)
            if part.count("") == len(part):
                continue
            kinds = self._kinds(operand, part)
            if kinds <= _WRITTEN and kinds != {str}:
                texts = {value: text(value) for value in set(part)}
                part = list(map(texts.__getitem__, part))
            plain = plain and kinds <= _WRITTEN
            parts.append(part)
        if not parts:
            return [""] * len(rows)
        if plain:
            whole = map("".join, zip(*cast("list[list[str]]", parts), strict=True))
            return [one if len(one) <= CELL_TEXT else ExcelError.VALUE for one in whole]
        values: list[Value] = []
        for row in zip(*parts, strict=True):
            so_far: Value = ""
            for one in row:
                so_far = joined(so_far, one)
            values.append(so_far)
        return values

    def _chosen(self, test: Node, then: Node, otherwise: Node, rows: Sequence[int]) -> list[Value]:
        truths = self.values(test, rows)
        if set(map(type, truths)) != {bool}:
            truths = [boolean(value) for value in truths]
        answers = set(truths)
        if answers == {True}:
            return self.values(then, rows)
        if answers == {False}:
            return self.values(otherwise, rows)
        if not self._cells_of(then) and not self._cells_of(otherwise):
            either: dict[Value, Value] = dict(zip(answers, answers, strict=True))
            for truth, choice in ((True, then), (False, otherwise)):
                if truth in answers:
                    either[truth] = self.values(choice, rows[:1])[0]
            return list(map(either.__getitem__, truths))
        if answers == {True, False}:
            yes, no = list(compress(rows, truths)), list(compress(rows, map(operator.not_, truths)))
            first, second = iter(self.values(then, yes)), iter(self.values(otherwise, no))
            return [next(first) if truth else next(second) for truth in truths]
        yes = [row for row, truth in zip(rows, truths, strict=True) if truth is True]
        no = [row for row, truth in zip(rows, truths, strict=True) if truth is False]
        first, second = iter(self.values(then, yes)), iter(self.values(otherwise, no))
        return [
            next(first) if truth is True else next(second) if truth is False else truth for truth in truths
        ]


def _distinct(column: Sequence[Value]) -> int:
    """How many different values a column holds, or about as many where no two of a thousand are the same."""
    some = column[:: len(column) // _SAMPLE + 1]
    return len(column) if len(set(some)) == len(some) else len(set(column))


def _quick(node: Node) -> bool:
    """Whether a node is answered for all rows together in hardly more time than they take to be told apart."""
    if isinstance(node, Call):
        return node.function in _QUICK and all(map(_quick, node.arguments))
    if isinstance(node, Binary):
        return node.op in _COMPARISONS and _quick(node.left) and _quick(node.right)
    return not isinstance(node, Unary)


def _too_long(value: Value) -> bool:
    return isinstance(value, str) and len(value) > CELL_TEXT


def _is_answer(node: Node) -> bool:
    """Whether a node is no reference: AND leaves out the texts of cells it refers to."""
    return (isinstance(node, Binary) and node.op in _COMPARISONS) or (
        isinstance(node, Call) and node.function in _ANSWERS
    )
