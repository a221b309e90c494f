"""Trees to Python: an expression is compiled once and then answered row by row.

Knows how nodes become closures, what a reference gives where cells are wanted and where one value is.
Does not know the functions (`functions`), the rules of values (`semantics`), nor where data come from: an
environment answers for columns, names and cells, and must always give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Protocol, TypeVar, assert_never, cast

from crmsheet.diagnostics import Diagnostic
from crmsheet.errors import InternalError
from crmsheet.excel.values import Value
from crmsheet.formulas import calls, rectangles, semantics
from crmsheet.formulas.calls import COERCIONS, KEEPS_ERRORS, RANGE_KINDS, Ranged
from crmsheet.formulas.functions import TABLE, Function, Kind, Style
from crmsheet.formulas.functions.table import Argument, Scalar
from crmsheet.formulas.indexes import Indexes
from crmsheet.formulas.lifting import lifted, only_value, same_for_all
from crmsheet.formulas.once import Once
from crmsheet.formulas.ranges import RangeValue, column_of, single
from crmsheet.formulas.rectangles import Cornered
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
from crmsheet.messages import say

_T = TypeVar("_T")
_COMPOSED: Final = (Call, Binary, Unary)
_CONSTANTS: Final = (Text, Number, Boolean, ErrorValue)


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

    `today` is the serial of TODAY(); an expression that needs it and is not told cannot be compiled. `known` are cells
    of blocks that the environment has computed: where it is asked for one of them it does not have to answer.
    """

    def __init__(
        self,
        environment: Environment,
        today: float | None = None,
        known: Mapping[tuple[str, int, int], Value] = MappingProxyType({}),
    ) -> None:
        self._environment = environment
        self._today = today
        self.indexes = Indexes()
        self._ranges: dict[Node, RangeValue] = {}
        self._columns: dict[tuple[str, str], RangeValue] = {}
        self._rowwise: dict[int, tuple[Node, bool]] = {}
        self._once = False
        self._single = Once(self, self.indexes, known)

    def value(self, node: Node) -> Value:
        """The value of an expression that is wanted once and reads no row; it can be blank."""
        return self._single.root(node)

    def ranged(self, name: str, values: Sequence[Argument]) -> Value:
        """A function of ranges, such as SUMIFS, with these arguments."""
        return self._single.ranged(name, values)

    # What an expression that is wanted once asks for

    def spot(self, node: Spot) -> Value:
        return self._environment.spot(node.anchor, node.row, node.column)

    def column(self, node: Column | Cell) -> RangeValue:
        """All cells of a column."""
        return self._column(node.table, node.field)

    def cells(self, node: Area | Name) -> RangeValue:
        return self._block(node) if isinstance(node, Area) else self._name(node.id)

    def compiled_value(self, node: Node) -> Value:
        return self._for_once(self._scalar, node)(0)

    def compiled_range(self, node: Node) -> Argument:
        return self._for_once(self._range, node)(0)

    def compiled_array(self, node: Node) -> Argument:
        return self._for_once(self._array, node)(0)

    def _for_once(self, compile_: Callable[[Node], _T], node: Node) -> _T:
        # Set while the expression is compiled; what it asks the environment for comes later.
        before, self._once = self._once, True
        try:
            return compile_(node)
        finally:
            self._once = before

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
        # By class, and the most frequent first: a workbook's formulas have hundreds of thousands of nodes.
        if isinstance(node, _COMPOSED):
            made = self._computed(node)
            return made if self._once else self._by_row(node, made)
        if isinstance(node, _CONSTANTS):
            constant: Value = node.value
            return lambda _row: constant
        match node:
            case Cell(table, field):
                return self._cell(table, field)
            case Missing():
                return lambda _row: None
            case Item(list_id, item):
                return same_for_all(lambda _row: self._environment.item(list_id, item))
            case Spot(anchor, at_row, at_column):

                def read(_row: int) -> Value:
                    return self._environment.spot(anchor, at_row, at_column)

                return read if self._once else same_for_all(read)
            case Column() | Area() | Name():
                whole = self._range(node)
                return lambda row: only_value(whole(row))
            case Measure(metric):
                raise _not_computable(say("the metric {metric!r} has no value of its own", metric=metric))
            case _:
                assert_never(node)

    def _computed(self, node: Unary | Binary | Call) -> Scalar:
        if isinstance(node, Call):
            return self._call(node)
        match node:
            case Binary(":"):
                whole = self._range(node)
                return lambda row: only_value(whole(row))
            case Binary(op, left, right):
                first, second, operation = self._scalar(left), self._scalar(right), semantics.BINARY[op]
                return lambda row: operation(first(row), second(row))
            case Unary(op, operand):
                inner, unary = self._scalar(operand), semantics.UNARY[op]
                return lambda row: unary(inner(row))

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
                given = tuple(map(self._scalar, node.arguments))
                return cast("Scalar", function.implementation(given))
            case Style.RANGES:
                if node.function == "SUMPRODUCT":
                    from crmsheet.formulas.products import fast_sumproduct

                    fast = fast_sumproduct(node, self._scalar, self._range, self.indexes)
                    if fast is not None:
                        return fast(self._ranges_call(function, node.arguments))
                return self._ranges_call(function, node.arguments)
            case Style.SPECIAL if node.function == "TODAY":
                today = self._today
                if today is None:
                    raise _not_computable(say("TODAY() needs a date"))
                return lambda _row: today
            case Style.SPECIAL:
                whole = self._range(node)
                return lambda row: only_value(whole(row))
            case _:
                assert_never(function.style)

    def _coerced(self, argument: Node, kind: Kind) -> Scalar:
        inner, coerce = self._scalar(argument), COERCIONS.get(kind)
        return inner if coerce is None else lambda row: coerce(inner(row))

    def _scalar_call(self, function: Function, arguments: Sequence[Node]) -> Scalar:
        kinds = [function.parameter(i).kind for i in range(len(arguments))]
        made = [self._coerced(a, kind) for a, kind in zip(arguments, kinds, strict=True)]
        return calls.of_values(function, kinds, made)

    def _ranges_call(self, function: Function, arguments: Sequence[Node]) -> Scalar:
        made: list[tuple[Ranged, bool]] = []
        for position, argument in enumerate(arguments):
            kind = function.parameter(position).kind
            if kind is Kind.ARRAY:
                made.append((self._array(argument), True))
            elif kind in RANGE_KINDS:
                made.append((self._range(argument), True))
            else:
                made.append((self._coerced(argument, kind), kind in KEEPS_ERRORS))
        return calls.of_ranges(function, self.indexes, made)

    # Cells

    def _column(self, table: str, field: str) -> RangeValue:
        known = self._columns.get((table, field))
        if known is None:
            known = self._columns[table, field] = column_of(self._environment.column(table, field))
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
                return self._by_row(node, rectangles.joined(self._corner(left), self._corner(right)))
            case Call("INDEX", arguments):
                index = self._index(arguments)
                return self._by_row(node, lambda row: rectangles.rectangle(index(row)))
            case Call("IF", (test, *choices)) if any(map(_means_cells, choices)):
                return rectangles.by_test(self._scalar(test), [self._range(choice) for choice in choices])
            case Call("CHOOSE", (number, *choices)) if any(map(_means_cells, choices)):
                which = self._coerced(number, Kind.NUMBER)
                return rectangles.by_number(which, [self._range(choice) for choice in choices])
            case _:
                return self._scalar(node)

    def _index(self, arguments: Sequence[Node]) -> Cornered:
        """INDEX as the rectangle it cuts out of its first argument."""
        places = [self._coerced(argument, Kind.NUMBER) for argument in arguments[1:]]
        return rectangles.cut(self._array(arguments[0]), places)

    def _corner(self, node: Node) -> Cornered:
        """A side of `:` as a rectangle of the range it lies in."""
        match node:
            case Call("INDEX", arguments):
                return self._index(arguments)
            case Cell(table, field):
                return lambda row: (self._column(table, field), row, 0, row, 0)
            case _:
                return rectangles.all_of(self._range(node))

    def _by_row(self, node: Node, made: Ranged) -> Scalar:
        """What was made of a node, computed once if no cell of the row is in it.

        Typed for values; where cells are wanted they come through all the same.
        """
        if self._once or self._reads_row(node):
            return made  # type: ignore[return-value] # as above
        return same_for_all(made)

    def _reads_row(self, node: Node) -> bool:
        """Whether a cell of the row is in a node; asked of every part of every formula."""
        below = children(node)
        if not below:
            return isinstance(node, Cell)
        known = self._rowwise.get(id(node))
        if known is None:
            # Held with its answer, so that no other node can have the number.
            known = self._rowwise[id(node)] = (node, any(map(self._reads_row, below)))
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
            (self._array if kind not in RANGE_KINDS or kind is Kind.ARRAY else self._range)(argument)
            for argument, kind in zip(arguments, kinds, strict=True)
        ]
        return calls.of_arrays(function, self.indexes, kinds, made)


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
        raise _not_computable(say("no function is called {name}", name=name))
    return function


def _not_computable(why: str) -> InternalError:
    return InternalError(Diagnostic("B201", say("an expression cannot be computed: {why}", why=why)))
