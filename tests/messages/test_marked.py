"""Diagnostics are made of texts that can be translated."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.messages.sources import SOURCES


def test_no_diagnostic_holds_an_unmarked_text() -> None:
    found = [
        f"{file.relative_to(SOURCES)}:{node.lineno} {ast.unparse(node)[:60]}"
        for file in sorted(SOURCES.rglob("*.py"))
        for node in _unmarked(file)
    ]
    assert found == []


def test_an_unmarked_text_is_found(tmp_path: Path) -> None:
    file = tmp_path / "some.py"
    file.write_text(
        'Diagnostic("U100", f"there is no {x}", remedy="Do it." if y else say("Do that."))', "utf-8"
    )
    assert [ast.unparse(node) for node in _unmarked(file)] == ["f'there is no {x}'", "'Do it.'"]


def _unmarked(file: Path) -> Iterator[ast.expr]:
    for call in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "Diagnostic":
            named = [k.value for k in call.keywords if k.arg in ("message", "reason", "remedy")]
            for argument in (*call.args[1:2], *named):
                yield from _texts(argument)


def _texts(node: ast.expr) -> Iterator[ast.expr]:
    """Strings that are written down here, with letters in them."""
    match node:
        case ast.Constant(value=str(text)) if any(c.isalpha() for c in text):
            yield node
        case ast.JoinedStr(values=parts):
            if any(isinstance(p, ast.Constant) and any(c.isalpha() for c in str(p.value)) for p in parts):
                yield node
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            yield from _texts(one)
            yield from _texts(other)
        case ast.BoolOp(values=values):
            for value in values:
                yield from _texts(value)
