"""The main file and what it includes, as one tree.

Knows how files name each other and how their entries merge. Does not know what the entries mean.
The main file's entries come first, then those of its includes in the order named.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Final, Protocol

from crmsheet.diagnostics import Diagnostic, TextPlace
from crmsheet.messages import listed, say
from crmsheet.model.spec import SourceFile
from crmsheet.spec.codes import Code
from crmsheet.spec.decoding import decoded
from crmsheet.spec.extending import EXTENDABLE, Entry, Extending, duplicate, extends, nothing_to_extend
from crmsheet.spec.mistakes import lookalikes
from crmsheet.spec.nodes import MapNode, Node, ScalarNode, SeqNode, SourceText
from crmsheet.spec.yaml_source import parsed
from crmsheet.structs import dataclass, field

MERGED: Final = ("settings", "lists", "tables", "metrics", "sheets", "history", "roles", "reminders")
MOST_FILES: Final = 50


class Store(Protocol):
    """Where the files of a spec are; names are relative to the main file, with `/`."""

    def read(self, name: str) -> SourceText | Diagnostic:
        """The text of a file, or why there is none (its place is the file's)."""


@dataclass(frozen=True, slots=True)
class FileStore:
    """Files on disk."""

    main: Path

    @property
    def name(self) -> str:
        return self.main.name

    def read(self, name: str) -> SourceText | Diagnostic:
        path = self.main.parent / name
        shown = str(path)
        try:
            data = path.read_bytes()
        except OSError as error:
            return Diagnostic(
                Code.UNREADABLE.code,
                say("cannot read the file: {strerror}", strerror=error.strerror or error),
                TextPlace(shown),
                remedy=_similar(path, self.main),
            )
        return decoded(data, name, shown)


def _similar(path: Path, asking: Path) -> str:
    try:
        names = [p.name for p in path.parent.iterdir() if p.suffix in (".yaml", ".yml") and p != asking]
    except OSError:
        return say("There is no folder {folder}.", folder=path.parent) if not path.parent.exists() else ""
    close = get_close_matches(path.name, names, 3, 0.5)
    return say("Did you mean {words}?", words=listed(close, " or ")) if close else ""


@dataclass(frozen=True, slots=True)
class TextStore:
    """Files as a workbook remembers them."""

    texts: Mapping[str, str]

    @classmethod
    def of(cls, sources: Sequence[SourceFile]) -> TextStore:
        return cls({s.name: s.text for s in sources})

    def read(self, name: str) -> SourceText | Diagnostic:
        if name not in self.texts:
            return Diagnostic(
                Code.UNREADABLE.code, say("the stored spec does not hold this file"), TextPlace(name)
            )
        return SourceText.of(name, name, self.texts[name])


@dataclass(frozen=True, slots=True)
class Loaded:
    """One tree from all files; no root when the main file cannot be read."""

    root: MapNode | None
    sources: tuple[SourceFile, ...]
    problems: tuple[Diagnostic, ...]


def loaded(store: Store, main: str) -> Loaded:
    """Reads the main file and everything it includes."""
    reader = _Reader(store)
    root = reader.file(main, None, ())
    if root is None:
        return Loaded(None, tuple(reader.sources), tuple(reader.problems))
    return Loaded(reader.merged(root), tuple(reader.sources), tuple(reader.problems))


@dataclass(slots=True)
class _Reader:
    store: Store
    sources: list[SourceFile] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    included: list[MapNode] = field(default_factory=list)

    def file(self, name: str, asked: ScalarNode | None, chain: tuple[str, ...]) -> MapNode | None:
        """The tree of a file; its includes are read on the way."""
        found = self.store.read(name)
        self.seen.add(name)
        if isinstance(found, Diagnostic):
            self.problems.append(_at_include(found, asked) if asked else found)
            return None
        self.sources.append(SourceFile(found.name, found.text))
        result = parsed(found)
        self.problems += result.problems
        if result.root is None:
            return None
        alike = lookalikes(result.root)
        self.problems += alike
        if any(problem.code == Code.CONTROL_CHARACTER.code for problem in alike):
            return None  # names that begin with something nobody sees: what they mean is not worth telling
        if not isinstance(result.root, MapNode):
            empty = isinstance(result.root, ScalarNode) and not result.root.value
            self.problems.append(
                Diagnostic(
                    Code.WRONG_SHAPE.code,
                    say("the file is empty") if empty else say("a spec is a map (name: value)"),
                    result.root.span.place,
                    remedy=say("Begin with `crmsheet: 1`.") if not asked else "",
                )
            )
            return None
        self._includes(result.root, name, (*chain, name))
        return result.root

    def _includes(self, root: MapNode, name: str, chain: tuple[str, ...]) -> None:
        entry = root.get("include")
        if entry is None:
            return
        nodes = entry[1].items if isinstance(entry[1], SeqNode) else (entry[1],)
        for node in nodes:
            if not isinstance(node, ScalarNode) or node.is_null:
                continue
            wanted = node.value.replace("\\", "/")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), wanted))
            if target in chain:
                self.problems.append(_cycle(node, (*chain[chain.index(target) :], target)))
            elif target not in self.seen and len(self.seen) < MOST_FILES:
                tree = self.file(target, node, chain)
                if tree is not None:
                    self._check_included(tree)
                    self.included.append(tree)

    def _check_included(self, tree: MapNode) -> None:
        for key, _ in tree.entries:
            if key.value not in (*MERGED, "include", "crmsheet"):
                self.problems.append(
                    Diagnostic(
                        Code.UNKNOWN_KEY.code,
                        say("'{key}' cannot stand in an included file", key=key.value),
                        key.span.place,
                        remedy=say(
                            "Allowed: {merged}, include.\nMove the rest to the main file.",
                            merged=listed(MERGED),
                        ),
                        allowed=MERGED,
                    )
                )

    def merged(self, root: MapNode) -> MapNode:
        entries = {key.value: (key, value) for key, value in root.entries}
        for name in MERGED:
            parts = [found for tree in (root, *self.included) if (found := tree.get(name)) is not None]
            if parts:
                own = root.get(name)
                entries[name] = (parts[0][0], self._joined(name, own, [value for _, value in parts]))
        return MapNode(tuple(entries.values()), root.span)

    def _joined(self, section: str, own: Entry | None, found: list[Node]) -> Node:
        """The entries of one section from all files, the main file's first. Extensions are applied in the
        order of the includes, the main file's last."""
        nodes = [n for n in found if not (isinstance(n, ScalarNode) and n.is_null)]
        if not nodes or not isinstance(nodes[0], MapNode):
            return nodes[0] if nodes else found[0]
        maps = [n for n in nodes if isinstance(n, MapNode)]
        extending = Extending(self.problems)
        defined: dict[str, Entry] = {}
        order: dict[str, None] = {}
        main = own[1] if own is not None else None
        for node in maps:
            for key, value in node.entries:
                added = section in EXTENDABLE and extends(value)
                if node is main or not added:
                    order.setdefault(key.value)
                if added:
                    continue
                if key.value in defined:
                    self.problems.append(duplicate(key, defined[key.value][0].span))
                else:
                    defined[key.value] = extending.defined((key, value))
        if section in EXTENDABLE:
            for node in sorted(maps, key=lambda n: n is main):
                for key, value in node.entries:
                    if not isinstance(value, MapNode) or not extends(value):
                        continue
                    if key.value in defined:
                        defined[key.value] = extending.extended(defined[key.value], value)
                    else:
                        self.problems.append(nothing_to_extend(key, tuple(defined)))
        return MapNode(tuple(defined[name] for name in order if name in defined), nodes[0].span)


def _at_include(problem: Diagnostic, asked: ScalarNode) -> Diagnostic:
    """A file that cannot be read, told at the line that includes it."""
    place = problem.place
    if problem.code != Code.UNREADABLE.code:
        return problem
    return Diagnostic(
        Code.INCLUDE_MISSING.code,
        say("cannot include '{asked}'", asked=asked.value),
        asked.span.place,
        reason=say(
            "{place}: {message}\nLooked for from the folder of the file that names it.",
            place=place,
            message=problem.message,
        ),
        remedy=problem.remedy,
    )


def _cycle(node: ScalarNode, chain: tuple[str, ...]) -> Diagnostic:
    return Diagnostic(
        Code.INCLUDE_CYCLE.code,
        say("files include each other: {chain}", chain=" → ".join(chain))
        if len(chain) > 2
        else say("the file includes itself"),
        node.span.place,
        remedy=say("Remove one of the includes."),
    )
