"""YAML text to a tree of nodes with positions, and every character of a scalar to its place.

Knows YAML 1.2's core ideas through PyYAML's event parser, which no tag or boolean rule of YAML 1.1 touches:
scalars stay text, and who reads them decides what they mean. Does not know what a spec may contain.
Limits: depth, and the number of nodes after aliases are followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import yaml

from crmsheet.diagnostics import Diagnostic
from crmsheet.messages import say
from crmsheet.spec.codes import Code
from crmsheet.spec.decoding import invisible
from crmsheet.spec.mistakes import explained
from crmsheet.spec.nodes import MapNode, Node, ScalarNode, SeqNode, SourceText, Span
from crmsheet.structs import dataclass, field

DEEPEST: Final = 40
MOST_NODES: Final = 100_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Parsed:
    root: Node | None
    problems: tuple[Diagnostic, ...] = ()


class _RefusedError(Exception):
    def __init__(self, problem: Diagnostic) -> None:
        self.problem = problem
        super().__init__(problem.message)


def parsed(source: SourceText) -> Parsed:
    """The tree of a file, None when it cannot be read; an empty file is an empty scalar."""
    if problem := invisible(source):
        return Parsed(None, (problem,))
    builder = _Builder(source)
    try:
        root = builder.document()
    except yaml.MarkedYAMLError as error:
        return Parsed(None, (*builder.problems, _explained(source, error)))
    except _RefusedError as refused:
        return Parsed(None, (*builder.problems, refused.problem))
    return Parsed(root, tuple(builder.problems))


def _explained(source: SourceText, error: yaml.MarkedYAMLError) -> Diagnostic:
    mark, context = error.problem_mark, error.context_mark
    start = (context.line, context.column) if context else None
    at = (mark.line, mark.column) if mark else start or (0, 0)
    return explained(source, at, error.problem or str(error), start)


def _between(source: SourceText, first: yaml.Event, last: yaml.Event) -> Span:
    """From the beginning of one event to the end of another; a parser that reads text gives both marks."""
    start, end = first.start_mark, last.end_mark
    if start is None or end is None:
        return Span(source, 0, 0, 0, 0)
    return Span(source, start.line, start.column, end.line, end.column)


@dataclass(slots=True)
class _Builder:
    source: SourceText
    problems: list[Diagnostic] = field(default_factory=list)
    anchors: dict[str, Node] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
    events: Iterator[yaml.Event] = field(init=False)

    def __post_init__(self) -> None:
        self.events = yaml.parse(self.source.text, Loader=_LOADER)

    def document(self) -> Node:
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise _RefusedError(
                        Diagnostic(
                            Code.TAG.code,
                            say("a second document begins here"),
                            self._span(event).place,
                            remedy=say("A spec is one document: remove the line `---`."),
                        )
                    )
                root = self._node(next(self.events), 0, in_flow=False)
        return root or ScalarNode("", "", Span(self.source, 0, 0, 0, 0))

    def _span(self, event: yaml.Event) -> Span:
        return _between(self.source, event, event)

    def _node(self, event: yaml.Event, depth: int, *, in_flow: bool) -> Node:
        if depth > DEEPEST:
            raise _RefusedError(
                Diagnostic(
                    Code.TOO_DEEP.code,
                    say("more than {deepest} levels of nesting", deepest=DEEPEST),
                    self._span(event).place,
                )
            )
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        self._refuse_tag(event)
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            style = event.style or ""
            node = ScalarNode(event.value, style, self._span(event), in_flow)
            size = 1
        elif isinstance(event, yaml.SequenceStartEvent):
            node, size = self._sequence(event, depth)
        elif isinstance(event, yaml.MappingStartEvent):
            node, size = self._mapping(event, depth)
        else:
            raise AssertionError(f"no node begins with {event}")
        if size > MOST_NODES:
            raise _RefusedError(self._too_many(event))
        self.sizes[id(node)] = size
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def _too_many(self, event: yaml.Event) -> Diagnostic:
        return Diagnostic(
            Code.TOO_DEEP.code,
            say("more than {most_nodes:,} values, aliases counted each time", most_nodes=MOST_NODES),
            self._span(event).place,
        )

    def _alias(self, event: yaml.AliasEvent) -> Node:
        node = self.anchors.get(event.anchor or "")
        if node is None:
            raise _RefusedError(
                Diagnostic(
                    Code.SYNTAX.code,
                    say(
                        "`*{anchor}` repeats something that has no anchor `&{anchor}` before it",
                        anchor=event.anchor,
                    ),
                    self._span(event).place,
                    remedy=say("A value that begins with * stands in quotes."),
                )
            )
        return node

    def _refuse_tag(self, event: yaml.Event) -> None:
        tag = getattr(event, "tag", None)
        if tag and tag not in ("!", "tag:yaml.org,2002:str"):
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            self.problems.append(
                Diagnostic(
                    Code.TAG.code,
                    say("the YAML tag {shown} means nothing in a spec", shown=shown),
                    self._span(event).place,
                    remedy=say(
                        "Remove it, or put the value in quotes if it begins with an exclamation mark."
                    ),
                )
            )

    def _sequence(self, start: yaml.SequenceStartEvent, depth: int) -> tuple[SeqNode, int]:
        items = []
        size = 1
        flow = bool(start.flow_style)
        event = next(self.events)
        while not isinstance(event, yaml.SequenceEndEvent):
            item = self._node(event, depth + 1, in_flow=flow)
            size += self.sizes[id(item)]
            items.append(item)
            event = next(self.events)
        return SeqNode(tuple(items), _between(self.source, start, event), flow), size

    def _mapping(self, start: yaml.MappingStartEvent, depth: int) -> tuple[MapNode, int]:
        entries: dict[str, tuple[ScalarNode, Node]] = {}
        size = 1
        flow = bool(start.flow_style)
        event = next(self.events)
        while not isinstance(event, yaml.MappingEndEvent):
            key = self._node(event, depth + 1, in_flow=flow)
            value = self._node(next(self.events), depth + 1, in_flow=flow)
            size += 1 + self.sizes[id(value)]
            if size > MOST_NODES:
                raise _RefusedError(self._too_many(start))
            if not isinstance(key, ScalarNode):
                self.problems.append(
                    Diagnostic(
                        Code.KEY_NOT_TEXT.code,
                        say("a list or map stands where a key is expected"),
                        key.span.place,
                        remedy=say("An expression or text that begins with [ or {{ stands in quotes."),
                    )
                )
            elif key.value == "<<" and not key.style:
                self.problems.append(
                    Diagnostic(
                        Code.TAG.code,
                        say("merge keys (<<) are no part of YAML 1.2"),
                        key.span.place,
                        remedy=say("Repeat the entries, or use `include`."),
                    )
                )
            elif key.value in entries:
                self.problems.append(_repeated(key, entries[key.value][0]))
            else:
                entries[key.value] = (key, value)
            event = next(self.events)
        return MapNode(tuple(entries.values()), _between(self.source, start, event)), size


def _repeated(key: ScalarNode, first: ScalarNode) -> Diagnostic:
    return Diagnostic(
        Code.REPEATED_KEY.code,
        say("the key '{key}' stands twice in one map", key=key.value),
        key.span.place,
        reason=say(
            "First at {place}: {excerpt}", place=first.span.place, excerpt=first.span.place.excerpt.strip()
        ),
        remedy=say("Remove one, or rename it. (Other programs silently keep the last one.)"),
    )


def character_place(node: ScalarNode, offset: int) -> tuple[int, int]:
    """The 0-based line and column at which the character `offset` of a scalar's value stands."""
    places = _places(node)
    if not places:
        return node.span.line, node.span.column
    if offset < len(places):
        return places[offset]
    line, column = places[-1]
    return line, column + 1 + (offset - len(places) if node.style in ("", "'", '"') else 0)


def _places(node: ScalarNode) -> list[tuple[int, int]]:
    """A place for each character of the value, found by matching it against the source text.

    Folding turns line breaks into spaces and drops indentation; escapes and doubled quotes take several
    characters. Walking the source and the value together needs no second YAML parser.
    """
    raw = list(_raw(node))
    result: list[tuple[int, int]] = []
    position = 0
    for wanted in node.value:
        found = _matched(raw, position, wanted, node.style)
        if found is None:
            break
        at, position = found
        result.append((raw[at][1], raw[at][2]))
    return result


def _raw(node: ScalarNode) -> Iterator[tuple[str, int, int]]:
    span, lines = node.span, node.span.source.lines
    for number in range(span.line, min(span.end_line, len(lines) - 1) + 1):
        line = lines[number]
        start = span.column if number == span.line else 0
        if node.style in ("|", ">") and number == span.line:
            yield "\n", number, len(line)
            continue
        end = span.end_column if number == span.end_line else len(line)
        for column in range(start, min(end, len(line))):
            yield line[column], number, column
        if number != span.end_line:
            yield "\n", number, len(line)


_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "e": "\x1b", "_": "\xa0", "N": "\x85"}


def _matched(
    raw: list[tuple[str, int, int]], position: int, wanted: str, style: str
) -> tuple[int, int] | None:
    """Where the wanted character begins in the source at or after `position`, and what follows it."""
    at = position
    while at < len(raw):
        found = raw[at][0]
        if style == '"' and found == "\\" and at + 1 < len(raw):
            escape = raw[at + 1][0]
            length = {"x": 4, "u": 6, "U": 10}.get(escape, 2)
            if escape == "\n":
                at += 2
                while at < len(raw) and raw[at][0] in " \t":
                    at += 1
                continue
            code = "".join(c for c, _, _ in raw[at + 2 : at + length])
            value = chr(int(code, 16)) if length > 2 else _ESCAPES.get(escape, escape)
            return (at, at + length) if value == wanted else None
        if style == "'" and found == "'" and wanted == "'" and at + 1 < len(raw) and raw[at + 1][0] == "'":
            return at, at + 2
        if found == wanted and not (style in ("'", '"') and at == 0):
            return at, at + 1
        if wanted == " " and found == "\n":
            return at, at + 1
        at += 1
    return None
