"""Mistakes before the first word of a line: tabs, spaces that are none, a line that goes in too far.

Knows what indentation looks like and how the line should read. Does not know YAML's errors; it is asked about a line.
"""

from __future__ import annotations

import re
from typing import Final

from crmsheet.diagnostics import Diagnostic
from crmsheet.messages import say
from crmsheet.spec.codes import Code
from crmsheet.spec.nodes import SourceText

_ZERO_WIDTH: Final = "\u200b\u200c\u200d\u2060\ufeff"
_SPACES: Final = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000" + _ZERO_WIDTH
OTHER_SPACE: Final = re.compile(f"[{_SPACES}]")
"""What word processors, web pages and Chinese keyboards write in place of a space."""
_INDENT: Final = re.compile(f"[ \\t{_SPACES}]*")
_WHOLE_ENTRY: Final = re.compile(r"\s*(?:-\s+)*[^\s'\"#{\[][^'\"#{\[]*?:\s+[^\s#|>&].*")


def tab(source: SourceText, line: int, column: int) -> Diagnostic:
    """A tab that indents a line."""
    text = source.lines[line]
    body = text.lstrip()
    indent = text[: len(text) - len(body)].replace("\t", "  ")
    return Diagnostic(
        Code.TAB.code,
        say("a tab indents this line; YAML allows only spaces"),
        source.place(line, column),
        remedy=say("Two spaces for each level:\n{indent}{body}", indent=indent, body=body),
    )


def not_indented(source: SourceText, line: int) -> Diagnostic | None:
    """A line whose indentation holds something else than spaces."""
    text = source.lines[line]
    indent = _INDENT.match(text)
    if indent is None:
        return None
    if "\t" in indent[0]:
        return tab(source, line, indent[0].index("\t"))
    other = OTHER_SPACE.search(indent[0])
    return other_space(source, line, other.start()) if other else None


def other_space(source: SourceText, line: int, column: int) -> Diagnostic:
    """A character that looks like a space, or like nothing, where YAML wants a space."""
    text = source.lines[line]
    plain = OTHER_SPACE.sub(lambda m: "" if m[0] in _ZERO_WIDTH else "  " if m[0] == "\u3000" else " ", text)
    return Diagnostic(
        Code.CONTROL_CHARACTER.code,
        say("U+{ord:04X} looks like a space and is none", ord=ord(text[column])),
        source.place(line, column),
        remedy=say("Write it with spaces:\n{line}", line=plain),
    )


def too_far(source: SourceText, line: int, column: int) -> Diagnostic | None:
    """A line that begins further right than the one above, which has its value already."""
    if line >= len(source.lines) or source.lines[line].lstrip().startswith("#"):
        return None
    own = _width(source.lines[line])
    above = next((n for n in range(line - 1, -1, -1) if _says_something(source.lines[n])), None)
    if above is None or column <= own:
        return None
    begins = _width(source.lines[above])
    first = re.match(r"\s*(?:-\s+)*", source.lines[above])
    begins = len(first[0]) if first else begins
    if own <= begins or not _WHOLE_ENTRY.fullmatch(source.lines[above]):
        return None
    return Diagnostic(
        Code.SYNTAX.code,
        say("this line begins further right than the one above, which has its value already"),
        source.place(line, own),
        remedy=say(
            "Lines of one level begin in the same column:\n{above}\n{line}",
            above=source.lines[above],
            line=" " * begins + source.lines[line].lstrip(),
        ),
    )


def _width(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def _says_something(text: str) -> bool:
    return bool(text.strip()) and not text.lstrip().startswith("#")
