"""A YAML file as a tree in which everything knows where it stands.

Knows texts, places and the three kinds of node. Does not know YAML's syntax (`yaml_source`) nor what a
spec may contain (`shapes`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from crmsheet.diagnostics import TextPlace
from crmsheet.structs import dataclass, field

_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""The line ends that the YAML scanner counts; `str.splitlines` knows more of them."""

Path: TypeAlias = tuple[str | int, ...]
"""The way to a value from the top of a spec: keys and list positions."""


@dataclass(frozen=True, slots=True, eq=False)
class SourceText:
    """A spec file: its name relative to the main file, the name to show, and its text."""

    name: str
    shown: str
    text: str
    lines: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, name: str, shown: str, text: str) -> SourceText:
        return cls(name, shown, text, tuple(_LINE_END.split(text)))

    def place(self, line: int, column: int) -> TextPlace:
        """The place of a 0-based line and column."""
        excerpt = self.lines[line] if line < len(self.lines) else ""
        return TextPlace(self.shown, line + 1, column + 1, excerpt)


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """Where a node begins and ends, 0-based."""

    source: SourceText
    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def place(self) -> TextPlace:
        return self.source.place(self.line, self.column)


@dataclass(frozen=True, slots=True, eq=False)
class ScalarNode:
    """`style` is empty for a plain scalar, else one of `' " | >`."""

    value: str
    style: str
    span: Span
    in_flow: bool = False

    @property
    def is_null(self) -> bool:
        return not self.style and self.value in ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True, eq=False)
class MapNode:
    entries: tuple[tuple[ScalarNode, Node], ...]
    span: Span

    def get(self, key: str) -> tuple[ScalarNode, Node] | None:
        return next((e for e in self.entries if e[0].value == key), None)


@dataclass(frozen=True, slots=True, eq=False)
class SeqNode:
    items: tuple[Node, ...]
    span: Span
    in_flow: bool = False


Node: TypeAlias = ScalarNode | MapNode | SeqNode


class Plain(str):
    """The text of a plain scalar: what it means depends on where it stands."""

    __slots__ = ()


class Quoted(str):
    """The text of a quoted or block scalar: always text."""

    __slots__ = ()


Data: TypeAlias = "Plain | Quoted | list[Data] | dict[str, Data] | None"
"""A node as plain data, for pydantic."""


def data_of(node: Node) -> Data:
    """The node's content; positions are found again by path (`find`)."""
    match node:
        case ScalarNode():
            if node.is_null:
                return None
            return Quoted(node.value) if node.style else Plain(node.value)
        case MapNode():
            return {key.value: data_of(value) for key, value in node.entries}
        case SeqNode():
            return [data_of(item) for item in node.items]


_SHORT: Final = frozenset(("items", "", "paths", "value", "type", "metrics", "metric", "path", "name", "id"))
"""Steps that a short form leaves out: `region: [a]` for `region: {items: [a]}`."""


def find(root: Node, path: Path) -> tuple[ScalarNode | None, Node]:
    """The deepest node on a path and its key, if it has one.

    Short forms make paths longer than the file is deep; then the short form itself is the answer.
    In a list, a text step is the `id` of an item.
    """
    key: ScalarNode | None = None
    node = root
    for step in path:
        below = _step(node, step)
        if below is None:
            if step in _SHORT:
                continue
            break
        key, node = below
    return key, node


def _step(node: Node, step: str | int) -> tuple[ScalarNode | None, Node] | None:
    match node, step:
        case MapNode(), str():
            return node.get(step)
        case MapNode(), int() if step < len(node.entries):
            return node.entries[step]
        case SeqNode(), int() if step < len(node.items):
            return None, node.items[step]
        case SeqNode(), str():
            return next(((None, i) for i in node.items if id_of(i) == step), None)
        case _:
            return None


def without(node: Node, gone: frozenset[int]) -> Node:
    """The tree without the nodes whose `id()` is in `gone`, and without the keys of such."""
    match node:
        case MapNode():
            return MapNode(
                tuple((k, without(v, gone)) for k, v in node.entries if not {id(k), id(v)} & gone), node.span
            )
        case SeqNode():
            return SeqNode(
                tuple(without(i, gone) for i in node.items if id(i) not in gone), node.span, node.in_flow
            )
        case ScalarNode():
            return node


def id_of(node: Node) -> str:
    """What an item of a list is called: its `id`, or itself when it is a text."""
    if isinstance(node, MapNode):
        entry = node.get("id")
        node = entry[1] if entry else node
    return node.value if isinstance(node, ScalarNode) else ""


def scalars(node: Node) -> Iterator[ScalarNode]:
    """All scalars of a tree, keys included, in reading order; aliased parts once for each use."""
    match node:
        case ScalarNode():
            yield node
        case SeqNode():
            for item in node.items:
                yield from scalars(item)
        case MapNode():
            for key, value in node.entries:
                yield key
                yield from scalars(value)
