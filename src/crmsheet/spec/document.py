"""A spec as read: its form, where each part of it stands, and the problems found so far.

Knows paths, places and the collecting of diagnostics. Does not know meanings (`resolve`).
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError

from crmsheet.diagnostics import Diagnostic, Severity, TextPlace
from crmsheet.spec.codes import Code
from crmsheet.spec.nodes import MapNode, Node, Path, ScalarNode, data_of, find, without
from crmsheet.spec.shapes.document import SpecShape
from crmsheet.spec.shapes.problems import diagnosed
from crmsheet.spec.yaml_source import character_place
from crmsheet.structs import dataclass, field

_ROUNDS = 12


@dataclass(slots=True)
class Problems:
    """Collects diagnostics, each at the place of a path."""

    root: Node
    found: list[Diagnostic] = field(default_factory=list)
    broken: set[Path] = field(default_factory=set)
    """Things left out because their form is wrong: what refers to them is not wrong too."""

    def place(self, path: Path, *, key: bool = False, offset: int | None = None) -> TextPlace:
        """The place of a value, of its key, or of a character in it."""
        key_node, node = find(self.root, path)
        if key and key_node is not None:
            return key_node.span.place
        if offset is not None and isinstance(node, ScalarNode):
            return node.span.source.place(*character_place(node, offset))
        return node.span.place

    def key_text(self, path: Path) -> str:
        """The YAML line that a path stands on, trimmed."""
        return self.place(path).excerpt.strip()

    def error(
        self,
        code: Code,
        path: Path,
        message: str,
        *,
        reason: str = "",
        remedy: str = "",
        allowed: Iterable[str] = (),
        key: bool = False,
        offset: int | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        place = self.place(path, key=key, offset=offset)
        self.found.append(Diagnostic(code.code, message, place, severity, reason, remedy, tuple(allowed)))

    def warning(
        self, code: Code, path: Path, message: str, *, remedy: str = "", key: bool = False, reason: str = ""
    ) -> None:
        self.error(code, path, message, remedy=remedy, reason=reason, key=key, severity=Severity.WARNING)

    def is_broken(self, *path: str | int) -> bool:
        return path in self.broken


def formed(root: MapNode, problems: Problems) -> SpecShape | None:
    """The form of a spec, less what is malformed, which is diagnosed.

    A malformed part is cut out of the tree and the rest is read again, so that one wrong word does not
    hide the problems elsewhere. What only the cutting made wrong is not reported.
    """
    tree: Node = root
    for attempt in range(_ROUNDS):
        try:
            return SpecShape.model_validate(data_of(tree))
        except ValidationError as failure:
            gone = set()
            for error in failure.errors(include_url=False):
                problem, node = diagnosed(error, tree)
                if attempt == 0:
                    problems.found.append(problem)
                if node is None or node is tree:
                    return None
                gone.add(id(node))
                problems.broken.update(_broken(error["loc"], error["type"]))
            tree = without(tree, frozenset(gone))
    return None


def _broken(path: Path, kind: str) -> Iterable[Path]:
    """The names that a malformed part would have defined; the owner of an unknown key lacks what it meant."""
    if kind == "extra_forbidden":
        return [path[:-1]]
    return [path[:length] for length in (2, 4) if len(path) >= length]
