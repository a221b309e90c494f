"""Entries of an included file that another file extends.

Knows what `extend: true` and `omit` do to the entry of the same id: things with ids are joined, lists grow, all
else is replaced. Does not know which files there are (`includes`) nor what the entries mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Final, TypeAlias

from crmsheet.diagnostics import Diagnostic
from crmsheet.messages import say
from crmsheet.spec.codes import Code
from crmsheet.spec.nodes import MapNode, Node, ScalarNode, SeqNode, Span, id_of
from crmsheet.structs import dataclass

Entry: TypeAlias = tuple[ScalarNode, Node]

EXTENDABLE: Final = ("lists", "tables", "metrics", "sheets", "reminders")
_BY_ID: Final = ("fields", "groups", "segments", "selectors", "items", "rules")
_WORDS: Final = ("extend", "omit")
_SHORT: Final = {"fields": "type"}
"""What the short form of a thing with an id stands for: `note: text`."""


def extends(node: Node) -> bool:
    """Whether an entry only changes one that another file defines."""
    entry = node.get("extend") if isinstance(node, MapNode) else None
    return entry is not None and _is(entry[1], "true")


def duplicate(key: ScalarNode, first: Span, *, part: bool = False) -> Diagnostic:
    """Two files define one id; `part`, below an entry that one of them extends."""
    return Diagnostic(
        Code.INCLUDE_DUPLICATE.code,
        say("'{key}' is defined in two files", key=key.value),
        key.span.place,
        reason=say("First at {place}: {excerpt}", place=first.place, excerpt=first.place.excerpt.strip()),
        remedy=say("Remove one, or give it another id.")
        + (say(" To change the first, write `extend: true` in the second.") if part else ""),
    )


def nothing_to_extend(key: ScalarNode, known: Sequence[str]) -> Diagnostic:
    """An extension of something that nobody defines."""
    near = get_close_matches(key.value, known, 1)
    return Diagnostic(
        Code.EXTENDS_NOTHING.code,
        say("'{key}' extends nothing", key=key.value),
        key.span.place,
        reason=say("No other file of this spec defines it."),
        remedy=say("Did you mean '{near}'?", near=near[0])
        if near
        else say("Include the file that defines it, or remove `extend: true`."),
        allowed=tuple(known),
    )


@dataclass(slots=True)
class Extending:
    """Collects what is wrong on the way."""

    problems: list[Diagnostic]

    def defined(self, entry: Entry) -> Entry:
        """An entry that stands for itself: nothing in it may extend."""
        key, value = entry
        if not isinstance(value, MapNode):
            return entry
        omit = value.get("omit")
        if omit is not None:
            self.problems.append(
                Diagnostic(
                    Code.DOES_NOT_APPLY.code,
                    say("'omit' belongs to an entry with `extend: true`"),
                    omit[0].span.place,
                    remedy=say("Remove it, or add `extend: true`."),
                )
            )
        fields = value.get("fields")
        if fields is None or not isinstance(fields[1], MapNode):
            return entry
        for name, field in fields[1].entries:
            if extends(field):
                self.problems.append(nothing_to_extend(name, ()))
        return key, _plain(value, "fields", MapNode(tuple(_stripped(fields[1])), fields[1].span))

    def extended(self, entry: Entry, more: MapNode) -> Entry:
        """An entry with what an extension adds to it, less what it leaves out."""
        key, value = entry
        base = _as_map(value, "items") if isinstance(value, SeqNode) else value
        if not isinstance(base, MapNode):
            return entry
        base = self._less(base, more.get("omit"))
        entries = {k.value: (k, v) for k, v in base.entries}
        for name, added in more.entries:
            if name.value in _WORDS:
                continue
            if name.value in entries:
                first_key, first = entries[name.value]
                entries[name.value] = (first_key, self._joined(name.value, first, added))
            else:
                entries[name.value] = (name, added)
        return key, MapNode(tuple(entries.values()), base.span)

    def _less(self, base: MapNode, omit: Entry | None) -> MapNode:
        """Without the fields, rules, segments, groups, items, blocks and selectors that `omit` names."""
        if omit is None:
            return base
        wanted = omit[1].items if isinstance(omit[1], SeqNode) else (omit[1],)
        names = {n.value: n for n in wanted if isinstance(n, ScalarNode) and not n.is_null}
        known = set[str]()
        entries = []
        for key, value in base.entries:
            kept = value
            if isinstance(value, MapNode) and key.value in _BY_ID:
                known |= {k.value for k, _ in value.entries}
                kept = MapNode(tuple(e for e in value.entries if e[0].value not in names), value.span)
            elif isinstance(value, SeqNode):
                known |= {id_of(item) for item in value.items}
                items = tuple(i for i in value.items if id_of(i) not in names)
                kept = SeqNode(items, value.span, value.in_flow)
            entries.append((key, kept))
        for name, node in names.items():
            if name not in known:
                near = get_close_matches(name, sorted(known), 1)
                self.problems.append(
                    Diagnostic(
                        Code.OMITS_NOTHING.code,
                        say("there is no '{name}' to leave out", name=name),
                        node.span.place,
                        remedy=say("Did you mean '{near}'?", near=near[0])
                        if near
                        else say("Remove it from `omit`."),
                        allowed=tuple(sorted(known)),
                    )
                )
        return MapNode(tuple(entries), base.span)

    def _joined(self, name: str, first: Node, second: Node) -> Node:
        if name == "rules":
            first, second = _as_list(first), _as_list(second)
        match first, second:
            case SeqNode(), SeqNode():
                return SeqNode((*first.items, *second.items), first.span, first.in_flow)
            case MapNode(), MapNode() if name in _BY_ID:
                return self._by_id(name, first, second)
            case _:
                return second

    def _by_id(self, name: str, first: MapNode, second: MapNode) -> MapNode:
        entries = {k.value: (k, v) for k, v in first.entries}
        for key, value in second.entries:
            here = entries.get(key.value)
            if name == "items" and here is not None:
                entries[key.value] = (here[0], self._joined(name, here[1], value))
            elif not extends(value):
                if here is not None:
                    self.problems.append(duplicate(key, here[0].span, part=True))
                else:
                    entries = _placed(entries, key, value)
            elif here is None:
                self.problems.append(nothing_to_extend(key, sorted(entries)))
            elif isinstance(value, MapNode):
                base = _as_map(here[1], _SHORT.get(name, "label"))
                entries[key.value] = self.extended((here[0], base), value)
        return MapNode(tuple(entries.values()), first.span)


def _placed(entries: dict[str, Entry], key: ScalarNode, value: Node) -> dict[str, Entry]:
    """A new field stands behind the last one of its group, so that groups stay together."""
    group = _text(value, "group")
    last = max(
        (i for i, e in enumerate(entries.values()) if group and _text(e[1], "group") == group), default=-1
    )
    if last < 0:
        return {**entries, key.value: (key, value)}
    found = list(entries.items())
    return dict([*found[: last + 1], (key.value, (key, value)), *found[last + 1 :]])


def _plain(node: MapNode, name: str, value: Node) -> MapNode:
    return MapNode(tuple((k, value if k.value == name else v) for k, v in node.entries), node.span)


def _stripped(fields: MapNode) -> Iterator[Entry]:
    for key, value in fields.entries:
        if isinstance(value, MapNode) and extends(value):
            yield key, MapNode(tuple(e for e in value.entries if e[0].value != "extend"), value.span)
        else:
            yield key, value


def _as_map(node: Node, key: str) -> Node:
    """The long form of a short one."""
    return (
        node if isinstance(node, MapNode) else MapNode(((ScalarNode(key, "", node.span), node),), node.span)
    )


def _as_list(node: Node) -> Node:
    """A map from id to thing as a list of things with ids."""
    if not isinstance(node, MapNode):
        return node
    things = [
        MapNode(((ScalarNode("id", "", k.span), k), *v.entries), v.span) if isinstance(v, MapNode) else v
        for k, v in node.entries
    ]
    return SeqNode(tuple(things), node.span)


def _text(node: Node, key: str) -> str:
    entry = node.get(key) if isinstance(node, MapNode) else None
    return entry[1].value if entry is not None and isinstance(entry[1], ScalarNode) else ""


def _is(node: Node, word: str) -> bool:
    return isinstance(node, ScalarNode) and not node.style and node.value == word
