"""Every text that the program may say, found in its sources.

Knows how a text is marked there: `say("…")`, `phrase("…")`, `counted(n, "row")`, help texts, and the few tables
whose words are said by name.
"""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from crmsheet.cli import cli
from crmsheet.cli.helptexts import pieces
from crmsheet.diagnostics import Severity
from crmsheet.formulas.functions.table import Kind, Type
from crmsheet.refresh.notes import NoteKind

SOURCES = Path(__file__).resolve().parents[2] / "src" / "crmsheet"
THINGS = (
    *("book", "table", "field", "rule", "list", "item", "setting", "metric", "sheet", "block", "segment"),
    *(
        "own",
        "team",
        "all",
        "selector",
        "dimension",
        "role",
        "starter",
        "Starter",
        "Pack",
        "pack",
        "group",
        "option",
        "chart",
        "action",
    ),
)
"""What specs are made of; said by name where any of them may be meant."""


@cache
def marked() -> dict[str, str]:
    """Each English template with the place where it stands."""
    found: dict[str, str] = {}
    for file in sorted(SOURCES.rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                for text in _texts(ast.unparse(node.func).removeprefix("render."), node):
                    found.setdefault(text, f"{file.relative_to(SOURCES)}:{node.lineno}")
    for kind in NoteKind:
        found.setdefault(kind.value, "refresh/notes.py")
    for severity in Severity:
        found.setdefault(severity.value, "diagnostics.py")
    for thing in THINGS:
        found.setdefault(thing, "spec")
    for kind in (*Kind, *Type):
        found.setdefault(kind.value, "formulas")
    return found


def _texts(name: str, call: ast.Call) -> Iterator[str]:
    constants = [a.value if isinstance(a, ast.Constant) else None for a in call.args]
    if name in ("say", "phrase") and constants and isinstance(constants[0], str):
        yield constants[0]
    if name in ("counted", "number") and len(constants) > 1 and isinstance(constants[1], str):
        many = constants[2] if len(constants) > 2 else constants[1] + "s"
        yield "{number:,} " + constants[1]
        yield "{number:,} " + str(many)


@cache
def helps() -> dict[str, str]:
    """Each piece of help with the command it belongs to."""
    from crmsheet.cli import _COMMANDS

    found = dict.fromkeys(pieces(cli), "crmsheet")
    for name, text in _COMMANDS.items():
        found.setdefault(text, name)
        command = cli.get_command(None, name)  # type: ignore[arg-type] # no context is needed
        assert command is not None
        for piece in pieces(command):
            found.setdefault(piece, name)
    return {text.replace("{", "{{").replace("}", "}}"): where for text, where in found.items()}


def places(template: str) -> set[str]:
    """The named places of a template, each with how it is written."""
    return {
        f"{name}!{conversion}:{how}"
        for _, name, how, conversion in string.Formatter().parse(template)
        if name is not None
    }
