"""Mistakes with quotation marks, commas and colons inside { } and [ ].

Knows where a quotation mark closes and what has to stand in quotes there. Does not know YAML's errors.
"""

from __future__ import annotations

import re
from typing import Final

from crmsheet.diagnostics import Diagnostic
from crmsheet.messages import say
from crmsheet.spec.codes import Code
from crmsheet.spec.nodes import SourceText

_OPENS: Final = re.compile(r"(?:[{\[,:]\s|[{\[,]|^\s*-\s+)\s*(['\"])")
_COLON: Final = re.compile(r"([A-Za-z_]+):\s+([^\s'\"{\[,][^'\"{}\[\],]*?:\s[^'\"{}\[\],]*?)\s*(?=[,}])")


def quoted_value(text: str) -> str:
    """An expression as a single-quoted YAML scalar."""
    return "'" + text.replace("'", "''") + "'"


def bad_quotes(source: SourceText, line: int) -> Diagnostic | None:
    """A quotation mark in a line of { } or [ ] that is not closed there, or that closes too early."""
    text = source.lines[line]
    if "{" not in text and "[" not in text:
        return None
    at = 0
    while match := _OPENS.search(text, at):
        mark, begin = match[1], match.start(1)
        end = _closing(text, begin)
        if end < 0:
            return Diagnostic(
                Code.SYNTAX.code,
                say("a quotation mark is not closed"),
                source.place(line, begin),
                remedy=say("Close it in the same line:  {mark}…{mark}", mark=mark),
            )
        after = text[end + 1 :].lstrip()
        if after and after[0] not in ",}]:#":
            last = text.rfind(mark, end + 1)
            inner = text[begin + 1 : last] if last > 0 else text[begin + 1 : end]
            fixed = text[:begin] + quoted_value(inner) + text[last + 1 :] if last > 0 else ""
            return Diagnostic(
                Code.SYNTAX.code,
                say("the quotation mark ends the value here, and more follows"),
                source.place(line, end),
                remedy=say("Write: {fixed}", fixed=fixed.strip())
                if fixed
                else say("A quotation mark inside single quotes is written twice ('')."),
            )
        at = end + 1
    return None


def _closing(text: str, begin: int) -> int:
    """Where the quotation mark that opens at `begin` closes in its line; -1 for nowhere."""
    mark, at = text[begin], begin + 1
    while at < len(text):
        if text[at] == "\\" and mark == '"':
            at += 2
            continue
        if text[at] == mark:
            if mark == "'" and text[at + 1 : at + 2] == "'":
                at += 2
                continue
            return at
        at += 1
    return -1


def bare_colon(source: SourceText, line: int) -> Diagnostic | None:
    """A value in { } that holds a colon before a space, which YAML takes for another key."""
    text = source.lines[line]
    match = _COLON.search(text) if "{" in text else None
    if match is None:
        return None
    fixed = text[: match.start(2)] + quoted_value(match[2]) + text[match.end(2) :]
    return Diagnostic(
        Code.SYNTAX.code,
        say("this value needs quotes"),
        source.place(line, match.start(2)),
        remedy=say("Write: {match}", match=fixed.strip()),
    )
