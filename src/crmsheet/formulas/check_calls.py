"""Function calls: known, available, rightly called.

Knows the function table and how criteria over a choice column name list items. The rest of checking is the
checker's, of which this is a part.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import Final

from crmsheet.formulas import surface
from crmsheet.formulas.check_types import Place, Typed, united
from crmsheet.formulas.compatibility import can_be_said
from crmsheet.formulas.functions import TABLE, Function, Kind, Style, Type
from crmsheet.formulas.meant import function_meant, function_remedy
from crmsheet.formulas.problems import ProblemCode
from crmsheet.formulas.scope import Scope
from crmsheet.formulas.surface import Span, Surface
from crmsheet.formulas.tree import Area, Binary, Call, Cell, Column, Item, Missing, Name, Node, Text
from crmsheet.messages import phrase, say

_PREFIX: Final = re.compile(r"(<=|>=|<>|=|<|>)?(.*)", re.DOTALL)
_INSTEAD: Final = {
    "XLOOKUP": "INDEX(table[b], MATCH(x, table[a], 0))",
    "XMATCH": "MATCH(x, table[a], 0)",
    "FILTER": phrase("a list block of the spec"),
    "UNIQUE": phrase("a list of the spec"),
    "SORT": phrase("a list block of the spec"),
    "SORTBY": phrase("a list block of the spec"),
    "LET": phrase("a field of its own for each part"),
    "LAMBDA": phrase("a field of its own"),
    "SEQUENCE": "",
    "TEXTSPLIT": "",
    "VSTACK": "",
    "INDIRECT": phrase("the column itself:  table[field]"),
    "OFFSET": "INDEX(table[field], n)",
    "TODAY": "as_of",
    "NOW": "as_of",
    "RAND": "",
    "RANDBETWEEN": "",
}
_CELL_KINDS: Final = frozenset((Kind.RANGE, Kind.REFERENCE))


class CallChecks(ABC):
    """The part of the checker that reads calls."""

    text: str
    scope: Scope

    @abstractmethod
    def typed(self, node: Surface, place: Place) -> Typed: ...

    @abstractmethod
    def problem(
        self,
        code: ProblemCode,
        message: str,
        span: Span,
        remedy: str = "",
        *,
        warning: bool = False,
        allowed: tuple[str, ...] = (),
    ) -> None: ...

    @abstractmethod
    def item(self, list_id: str, word: str, span: Span) -> Item | None: ...

    def call(self, node: surface.Applied, place: Place) -> Typed:
        """A call in its place."""
        name = node.name.upper()
        function = TABLE.get(name)
        if function is None or name == "TODAY":
            if self._no_function(node, name):
                for argument in node.arguments:
                    self.typed(argument, Place.ARRAY)
            return Typed(Missing(), Type.ANY)
        if wrong := function.arity_problem(len(node.arguments)):
            noun = say("argument") if wrong.endswith(" 1") else say("arguments")
            self.problem(
                ProblemCode.FUNCTION,
                say(
                    "{name} {wrong} {noun}, here are {count}",
                    name=name,
                    wrong=wrong,
                    noun=noun,
                    count=len(node.arguments),
                ),
                node.name_span,
                usage(function),
            )
        if function.style is Style.LAZY and place is Place.ARRAY:
            self.problem(
                ProblemCode.FUNCTION,
                say("{name} does not compute whole columns", name=name),
                node.name_span,
                say("Multiply conditions instead:  SUMPRODUCT((table[a]=x)*table[b])"),
            )
        pieces = [
            self._argument(function, position, argument, place)
            for position, argument in enumerate(node.arguments)
        ]
        nodes = self._criteria(name, pieces, node.arguments)
        if name == "SWITCH":
            nodes = self._cases(pieces, node.arguments, nodes)
        if name == "MATCH" and len(pieces) > 1:
            nodes[0] = self._as_item(pieces[1].list, node.arguments[0], nodes[0])
        self._version(function, node, nodes)
        kind, list_id, empty = self._result(function, pieces)
        return Typed(Call(name, tuple(nodes)), kind, list_id, empty)

    def _no_function(self, node: surface.Applied, name: str) -> bool:
        """Say so; whether what stands in its parentheses is worth looking at, since it is written anew otherwise."""
        if name in _INSTEAD:
            instead = _INSTEAD[name]
            self.problem(
                ProblemCode.FUNCTION,
                say("{name} is not available here", name=name),
                node.name_span,
                say("Use instead:  {instead}", instead=say(instead)) if instead else "",
            )
            return False
        close = function_meant(name, tuple(TABLE))
        self.problem(
            ProblemCode.FUNCTION,
            say("there is no function {node}", node=node.name),
            node.name_span,
            function_remedy(close),
            allowed=close,
        )
        return bool(close)

    def _version(self, function: Function, node: surface.Applied, nodes: list[Node]) -> None:
        wanted = self.scope.compatibility
        if not can_be_said(function.name, nodes, wanted):
            self.problem(
                ProblemCode.FUNCTION,
                say(
                    "{function} needs Excel {since}, and the spec asks for {wanted}",
                    function=function.name,
                    since=function.since,
                    wanted=wanted,
                ),
                node.name_span,
                say("Set:  compatibility: {since}", since=function.since),
            )

    def _argument(self, function: Function, position: int, argument: Surface, place: Place) -> Typed:
        kind = function.parameter(position).kind
        if kind is Kind.ARRAY:
            where = Place.ARRAY
        elif kind in _CELL_KINDS or (function.name in ("IF", "CHOOSE") and position and place is Place.CELLS):
            where = Place.CELLS
        else:
            where = place.of_operand()
        typed = self.typed(argument, where)
        if kind is Kind.REFERENCE and not _is_reference(typed.node):
            self.problem(
                ProblemCode.TYPE,
                say("{function} needs a column here", function=function.name),
                argument.span,
                say("Write:  table[field]"),
            )
        if kind in (Kind.NUMBER, Kind.DATE) and typed.type is Type.TEXT and typed.named:
            self._text_for_number(function, typed, argument, kind)
        return typed

    def _text_for_number(self, function: Function, typed: Typed, argument: Surface, kind: Kind) -> None:
        if typed.number_text:
            return
        certain = isinstance(argument, surface.Literal) or bool(typed.list)
        written = self.text[argument.span.start : argument.span.end]
        self.problem(
            ProblemCode.TYPE,
            say(
                "{function} needs a {kind} here, {written} is text",
                function=function.name,
                kind=say(kind.value),
                written=written,
            ),
            argument.span,
            warning=not certain,
        )

    def _result(self, function: Function, pieces: list[Typed]) -> tuple[Type, str, bool]:
        if function.like is None:
            return function.returns, "", False
        chosen = [pieces[i] for i in function.like(len(pieces)) if i < len(pieces)]
        kind, list_id, empty = united(chosen)
        if function.returns is Type.NUMBER:
            return (Type.DATE if kind is Type.DATE else Type.NUMBER), "", False
        return kind, list_id, empty

    # List items in arguments

    def _criteria(self, name: str, pieces: list[Typed], written: tuple[Surface, ...]) -> list[Node]:
        """The arguments, criteria over choice columns turned into items."""
        nodes = [piece.node for piece in pieces]
        function = TABLE[name]
        for position in range(1, len(pieces)):
            if function.parameter(position).kind is Kind.CRITERION:
                nodes[position] = self._as_item(
                    pieces[position - 1].list, written[position], nodes[position], criterion=True
                )
        return nodes

    def _cases(self, pieces: list[Typed], written: tuple[Surface, ...], nodes: list[Node]) -> list[Node]:
        for position in range(1, len(pieces) - 1, 2):
            nodes[position] = self._as_item(pieces[0].list, written[position], nodes[position])
        return nodes

    def _as_item(self, list_id: str, written: Surface, node: Node, *, criterion: bool = False) -> Node:
        """A text literal that stands for an item of the list; `"<>won"` keeps its operator."""
        if not list_id or not isinstance(written, surface.Literal) or not isinstance(written.value, str):
            return node
        op, word = "", written.value
        if criterion:
            match = _PREFIX.fullmatch(written.value)
            assert match is not None
            op, word = match[1] or "", match[2]
        if not word or (criterion and word in ("*", "?*")):
            return node
        item = self.item(list_id, word, written.span)
        if item is None:
            return node
        return Binary("&", Text(op), item) if op else item


def _is_reference(node: Node) -> bool:
    match node:
        case Cell() | Column() | Area() | Name() | Item() | Missing():
            return True
        case Binary(op=":"):
            return True
        case Call("INDEX" | "IF" | "CHOOSE"):
            return True
        case _:
            return False


def usage(function: Function) -> str:
    """How a function is called, in one line."""
    words = []
    for parameter in function.parameters:
        word = str(parameter.kind)
        words.append(f"[{word}]" if parameter.optional else f"{word}…" if parameter.repeated else word)
    return f"{function.name}({', '.join(words)})"
