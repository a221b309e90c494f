"""Trees to Python: an expression is compiled once and then answered row by row.

Knows how nodes become closures, what a reference gives where cells are wanted and where one value is.
Does not know the functions (`functions`), the rules of values (`semantics`), nor where data come from: an
environment answers for columns, names and cells, and must always give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol, TypeAlias, assert_never

from crmsheet.diagnostics import Diagnostic
from crmsheet.errors import InternalError
from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas import semantics
from crmsheet.formulas.functions import TABLE, Function, Kind, Style
from crmsheet.formulas.functions.table import Argument, Scalar
from crmsheet.formulas.indexes import Indexes
from crmsheet.formulas.lifting import lifted, only_value, same_for_all
from crmsheet.formulas.products import fast_sumproduct
from crmsheet.formulas.ranges import RangeValue, column_of, single
from crmsheet.formulas.tree import (
    Area,
    Binary,
    Boolean,
    Call,
    Cell,
    Column,
    ErrorValue,
    Item,
    Measure,
    Missing,
    Name,
    Node,
    Number,
    Spot,
    Text,
    Unary,
    children,
    leads_to_cell,
    walk,
)

Ranged: TypeAlias = Callable[[int], Argument]
"""A compiled argument that may be cells: from the row to a range or a value."""
Corner: TypeAlias = tuple[RangeValue, int, int, int, int] | ExcelError
"""A rectangle inside a range: what `:` puts together."""

_RANGE_KINDS: Final = frozenset((Kind.RANGE, Kind.REFERENCE, Kind.ARRAY))
_KEEPS_ERRORS: Final = frozenset((Kind.ANY, Kind.CRITERION))
_COERCIONS: Final[dict[Kind, Callable[[Value], Value]]] = {
    Kind.NUMBER: semantics.number,
    Kind.DATE: semantics.number,
    Kind.TEXT: semantics.text,
    Kind.BOOLEAN: semantics.boolean,
}


class Environment(Protocol):
    """Where values come from. The row given to a compiled expression selects `Cell`s in `column`."""

    def column(self, table: str, field: str) -> Sequence[Value]:
        """All cells of a field; asked for once, and read only when needed: it may compute them on demand."""
        ...

    def name(self, id: str) -> Argument:
        """The value of a name, or its cells when it means several."""
        ...

    def item(self, list: str, item: str) -> Value:
        """The label cell of a list row."""
        ...

    def spot(self, anchor: str, row: int, column: int) -> Value:
        """One cell of a block."""
        ...

    def area(self, anchor: str, top: int, left: int, bottom: int, right: int) -> RangeValue:
        """A rectangle of a block."""
        ...


def compiled(node: Node, environment: Environment, today: float | None = None) -> Scalar:
    """One expression alone; several over the same data share their indexes in one `Evaluator`."""
    return Evaluator(environment, today).compiled(node)


class Evaluator:
    """Compiles expressions over one environment and remembers what they look up.

    `today` is the serial of TODAY(); an expression that needs it and is not told cannot be compiled.
    """

    def __init__(self, environment: Environment, today: float | None = None) -> None:
        self._environment = environment
        self._today = today
        self._indexes = Indexes()
        self._ranges: dict[Node, RangeValue] = {}
        self._rowwise: dict[int, tuple[Node, bool]] = {}

    def compiled(self, node: Node) -> Scalar:
        """From the 0-based row to the value. It can be blank; `semantics.result` makes it a cell's value."""
        match node:
            case Binary(op="+" | "-" as op, left=left, right=right):
                first, second = self._scalar(left), self._scalar(right)
                operation = semantics.BINARY[op]
                return lambda row: semantics.near_zero_snapped(operation, first(row), second(row))
            case _:
                return self._scalar(node)

    # One value

    def _scalar(self, node: Node) -> Scalar:
        match node:
            case Number(value) | Text(value) | Boolean(value) | ErrorValue(value):
                constant: Value = value
                return lambda _row: constant
            case Missing():
                return lambda _row: None
            case Cell(table, field):
                return self._cell(table, field)
            case Item(list_id, item):
                return same_for_all(lambda _row: self._environment.item(list_id, item))
            case Spot(anchor, at_row, at_column):
                return same_for_all(lambda _row: self._environment.spot(anchor, at_row, at_column))
            case Column() | Area() | Name():
                whole = self._range(node)
                return lambda row: only_value(whole(row))
            case Measure(metric):
                raise _not_computable(f"the metric {metric!r} has no value of its own")
            case Unary() | Binary() | Call():
                made = self._computed(node)
                return self._by_row(node, made)
            case _:
                assert_never(node)

    def _computed(self, node: Unary | Binary | Call) -> Scalar:
        match node:
            case Unary(op, operand):
                inner, unary = self._scalar(operand), semantics.UNARY[op]
                return lambda row: unary(inner(row))
            case Binary(":"):
                whole = self._range(node)
                return lambda row: only_value(whole(row))
            case Binary(op, left, right):
                first, second, operation = self._scalar(left), self._scalar(right), semantics.BINARY[op]
                return lambda row: operation(first(row), second(row))
            case Call():
                return self._call(node)

    def _cell(self, table: str, field: str) -> Scalar:
        column: Sequence[Value] | None = None

        def read(row: int) -> Value:
            nonlocal column
            if column is None:
                column = self._column(table, field).cells
            return column[row]

        return read

    def _call(self, node: Call) -> Scalar:
        if leads_to_cell(node):
            return self._scalar(node.arguments[1])
        function = _function(node.function)
        match function.style:
            case Style.SCALAR:
                return self._scalar_call(function, node.arguments)
            case Style.LAZY:
                return function.implementation(  # type: ignore[return-value]
                    tuple(self._scalar(argument) for argument in node.arguments)
                )
            case Style.RANGES:
                if node.function == "SUMPRODUCT":
                    fast = fast_sumproduct(node, self._scalar, self._range, self._indexes)
                    if fast is not None:
                        return fast(self._ranges_call(function, node.arguments))
                return self._ranges_call(function, node.arguments)
            case Style.SPECIAL if node.function == "TODAY":
                today = self._today
                if today is None:
                    raise _not_computable("TODAY() needs a date")
                return lambda _row: today
            case Style.SPECIAL:
                whole = self._range(node)
                return lambda row: only_value(whole(row))
            case _:
                assert_never(function.style)

    def _coerced(self, argument: Node, kind: Kind) -> Scalar:
        inner, coerce = self._scalar(argument), _COERCIONS.get(kind)
        return inner if coerce is None else lambda row: coerce(inner(row))

    def _scalar_call(self, function: Function, arguments: Sequence[Node]) -> Scalar:
        kinds = [function.parameter(i).kind for i in range(len(arguments))]
        made = [self._coerced(a, kind) for a, kind in zip(arguments, kinds, strict=True)]
        call: Callable[..., Value] = function.implementation  # type: ignore[assignment]
        if any(kind in _KEEPS_ERRORS for kind in kinds):
            return lambda row: call(*[argument(row) for argument in made])
        if len(made) == 1:
            only = made[0]

            def one(row: int) -> Value:
                value = only(row)
                return value if value.__class__ is ExcelError else call(value)

            return one
        if len(made) == 2:
            first, second = made

            def two(row: int) -> Value:
                a = first(row)
                if a.__class__ is ExcelError:
                    return a
                b = second(row)
                return b if b.__class__ is ExcelError else call(a, b)

            return two

        def many(row: int) -> Value:
            values = [argument(row) for argument in made]
            for value in values:
                if value.__class__ is ExcelError:
                    return value
            return call(*values)

        return many

    def _ranges_call(self, function: Function, arguments: Sequence[Node]) -> Scalar:
        made: list[tuple[Ranged, bool]] = []
        for position, argument in enumerate(arguments):
            kind = function.parameter(position).kind
            if kind is Kind.ARRAY:
                made.append((self._array(argument), True))
            elif kind in _RANGE_KINDS:
                made.append((self._range(argument), True))
            else:
                made.append((self._coerced(argument, kind), kind in _KEEPS_ERRORS))
        call: Callable[..., Value] = function.implementation  # type: ignore[assignment]
        indexes = self._indexes

        def run(row: int) -> Value:
            values = []
            for argument, keeps in made:
                value = argument(row)
                if not keeps and value.__class__ is ExcelError:
                    return value
                values.append(value)
            return call(indexes, *values)

        return run

    # Cells

    def _column(self, table: str, field: str) -> RangeValue:
        node = Column(table, field)
        known = self._ranges.get(node)
        if known is None:
            known = self._ranges[node] = column_of(self._environment.column(table, field))
        return known

    def _block(self, node: Area) -> RangeValue:
        known = self._ranges.get(node)
        if known is None:
            known = self._environment.area(node.anchor, node.top, node.left, node.bottom, node.right)
            self._ranges[node] = known
        return known

    def _name(self, name: str) -> RangeValue:
        node = Name(name)
        known = self._ranges.get(node)
        if known is None:
            value = self._environment.name(name)
            known = value if isinstance(value, RangeValue) else single(value)
            self._ranges[node] = known
        return known

    def _range(self, node: Node) -> Ranged:
        """The cells a reference means; what is not a reference is one value."""
        match node:
            case Column(table, field):
                return same_for_all(lambda _row: self._column(table, field))
            case Area():
                block = node
                return same_for_all(lambda _row: self._block(block))
            case Name(name):
                return same_for_all(lambda _row: self._name(name))
            case Cell() | Spot() | Item():
                value = self._scalar(node)
                return lambda row: single(value(row))
            case Binary(":", left, right):
                made = self._joined_corners(left, right)
                return self._by_row(node, made)
            case Call("INDEX", arguments):
                index = self._index(arguments)
                cut: Ranged = lambda row: _rectangle(index(row))  # noqa: E731 - it is given away
                return self._by_row(node, cut)
            case Call("IF", (test, *choices)) if any(map(_means_cells, choices)):
                return self._range_if(test, choices)
            case Call("CHOOSE", (number, *choices)) if any(map(_means_cells, choices)):
                return self._range_choose(number, choices)
            case _:
                return self._scalar(node)

    def _range_if(self, test: Node, choices: Sequence[Node]) -> Ranged:
        decide = self._scalar(test)
        answers = [self._range(choice) for choice in choices]

        def choose(row: int) -> Argument:
            truth = semantics.boolean(decide(row))
            if isinstance(truth, ExcelError):
                return truth
            if truth:
                return answers[0](row)
            return answers[1](row) if len(answers) > 1 else False

        return choose

    def _range_choose(self, number: Node, choices: Sequence[Node]) -> Ranged:
        which = self._coerced(number, Kind.NUMBER)
        answers = [self._range(choice) for choice in choices]

        def choose(row: int) -> Argument:
            index = which(row)
            if isinstance(index, ExcelError):
                return index
            assert isinstance(index, int | float)
            return answers[int(index) - 1](row) if 1 <= int(index) <= len(answers) else ExcelError.VALUE

        return choose

    def _index(self, arguments: Sequence[Node]) -> Callable[[int], Corner]:
        """INDEX as the rectangle it cuts out of its first argument."""
        cells = self._array(arguments[0])
        places = [self._coerced(argument, Kind.NUMBER) for argument in arguments[1:]]

        def cut(row: int) -> Corner:
            whole = cells(row)
            if not isinstance(whole, RangeValue):
                if isinstance(whole, ExcelError):
                    return whole
                whole = single(whole)
            numbers: list[int] = []
            for place in places:
                value = place(row)
                if isinstance(value, ExcelError):
                    return value
                assert isinstance(value, int | float)
                numbers.append(int(value))
            if len(numbers) == 1:
                numbers = [0, numbers[0]] if whole.rows == 1 and whole.columns > 1 else [numbers[0], 0]
                if whole.columns > 1 and whole.rows > 1 and numbers[0]:
                    return whole, numbers[0] - 1, 0, numbers[0] - 1, whole.columns - 1
            down, right = numbers
            if down < 0 or right < 0:
                return ExcelError.VALUE
            if down > whole.rows or right > whole.columns:
                return ExcelError.REF
            top, bottom = (down - 1, down - 1) if down else (0, whole.rows - 1)
            left, last = (right - 1, right - 1) if right else (0, whole.columns - 1)
            return whole, top, left, bottom, last

        return cut

    def _corner(self, node: Node) -> Callable[[int], Corner]:
        """A side of `:` as a rectangle of the range it lies in."""
        match node:
            case Call("INDEX", arguments):
                return self._index(arguments)
            case Cell(table, field):
                return lambda row: (self._column(table, field), row, 0, row, 0)
            case _:
                whole = self._range(node)

                def corner(row: int) -> Corner:
                    cells = whole(row)
                    if isinstance(cells, RangeValue):
                        return cells, 0, 0, cells.rows - 1, cells.columns - 1
                    return cells if isinstance(cells, ExcelError) else ExcelError.VALUE

                return corner

    def _joined_corners(self, left: Node, right: Node) -> Ranged:
        first, second = self._corner(left), self._corner(right)

        def join(row: int) -> Argument:
            a, b = first(row), second(row)
            if isinstance(a, ExcelError):
                return a
            if isinstance(b, ExcelError):
                return b
            if a[0] is not b[0]:
                return ExcelError.VALUE
            return a[0].part(min(a[1], b[1]), min(a[2], b[2]), max(a[3], b[3]), max(a[4], b[4]))

        return join

    def _by_row(self, node: Node, made: Ranged) -> Scalar:
        """What was made of a node, computed once if no cell of the row is in it.

        Typed for values; where cells are wanted they come through all the same.
        """
        if self._reads_row(node):
            return made  # type: ignore[return-value] # as above
        return same_for_all(made)

    def _reads_row(self, node: Node) -> bool:
        """Whether a cell of the row is in a node; asked of every part of every formula."""
        known = self._rowwise.get(id(node))
        if known is None:
            found = isinstance(node, Cell) or any(map(self._reads_row, children(node)))
            # Held with its answer, so that no other node can have the number.
            known = self._rowwise[id(node)] = (node, found)
        return known[1]

    # Arrays

    def _array(self, node: Node) -> Ranged:
        """An expression over columns, computed cell by cell."""
        if not any(_means_cells(n) for n in walk(node)):
            return self._scalar(node)
        if isinstance(node, Unary | Call) or (isinstance(node, Binary) and node.op != ":"):
            if isinstance(node, Call) and _means_cells(node):
                return self._range(node)
            made = self._computed_array(node)
            return self._by_row(node, made)
        return self._range(node)

    def _computed_array(self, node: Unary | Binary | Call) -> Ranged:
        match node:
            case Unary(op, operand):
                inner, unary = self._array(operand), semantics.UNARY[op]
                return lambda row: lifted(unary, (inner(row),))
            case Binary(op, left, right):
                first, second, operation = self._array(left), self._array(right), semantics.BINARY[op]
                return lambda row: lifted(operation, (first(row), second(row)))
            case Call(name, arguments):
                return self._array_call(_function(name), arguments)

    def _array_call(self, function: Function, arguments: Sequence[Node]) -> Ranged:
        """A call whose plain parameters are given arrays gives an array."""
        if function.style not in (Style.SCALAR, Style.RANGES):
            return self._scalar(Call(function.name, tuple(arguments)))
        kinds = [function.parameter(i).kind for i in range(len(arguments))]
        made = [
            (self._array if kind not in _RANGE_KINDS or kind is Kind.ARRAY else self._range)(argument)
            for argument, kind in zip(arguments, kinds, strict=True)
        ]
        lifts = [kind not in _RANGE_KINDS for kind in kinds]
        coercions = [_COERCIONS.get(kind) for kind in kinds]
        keeps = [kind in _KEEPS_ERRORS or not lift for kind, lift in zip(kinds, lifts, strict=True)]
        call: Callable[..., Value] = function.implementation  # type: ignore[assignment]
        indexes = (self._indexes,) if function.style is Style.RANGES else ()

        def run(row: int) -> Argument:
            given = [argument(row) for argument in made]

            def once(*varying: Value) -> Value:
                rest = iter(varying)
                values: list[Argument] = []
                for value, lift, coerce, keep in zip(given, lifts, coercions, keeps, strict=True):
                    one: Argument = next(rest) if lift else value
                    if lift and coerce is not None:
                        one = coerce(one)  # type: ignore[arg-type]
                    if not keep and one.__class__ is ExcelError:
                        return one
                    values.append(one)
                return call(*indexes, *values)

            return lifted(once, [value for value, lift in zip(given, lifts, strict=True) if lift])

        return run


def _rectangle(corner: Corner) -> Argument:
    return corner if isinstance(corner, ExcelError) else corner[0].part(*corner[1:])


def _means_cells(node: Node) -> bool:
    """Whether a node by itself can be more than one cell."""
    match node:
        case Column() | Area() | Name() | Binary(op=":"):
            return True
        case Call("INDEX", arguments):
            return bool(arguments)
        case _:
            return False


def _function(name: str) -> Function:
    function = TABLE.get(name)
    if function is None:
        raise _not_computable(f"no function is called {name}")
    return function


def _not_computable(why: str) -> InternalError:
    return InternalError(Diagnostic("B201", f"an expression cannot be computed: {why}"))
