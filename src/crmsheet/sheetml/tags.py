"""Start tags of cells and rows with some attributes changed and the others as they are written.

Knows bytes of tags. Does not know where they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from crmsheet.patterns import regex

_NAME_AND_ATTRIBUTES: Final = regex(rb"""<([^\s/>]+)""")
_ONE_ATTRIBUTE: Final = regex(rb"""\s+([^\s=>/"']+)\s*=\s*(?:"[^"]*"|'[^']*')""")
_SPANS: Final = regex(rb"""(\sspans\s*=\s*["'])\s*([0-9]+):([0-9]+)\s*(["'])""")


def changed_tag(tag: bytes, type_: str | None, style: int | None, *, drop: Sequence[bytes]) -> bytes:
    """The start tag of a cell with another type and style; its other attributes stay as written.

    `type_` None leaves the type alone, an empty one takes it away.
    """
    name = _NAME_AND_ATTRIBUTES.match(tag)
    if name is None:
        raise AssertionError(tag)
    wanted: dict[bytes, bytes] = {}
    if style is not None:
        wanted[b"s"] = str(style).encode()
    if type_ is not None:
        wanted[b"t"] = type_.encode()
    out = [name.group()]
    for match in _ONE_ATTRIBUTE.finditer(tag, name.end()):
        key = match.group(1)
        if key in drop:
            continue
        if key in wanted:
            value = wanted.pop(key)
            if value and not (key == b"s" and value == b"0"):
                out.append(b' %b="%b"' % (key, value))
            continue
        out.append(match.group())
    out += [b' %b="%b"' % (key, value) for key, value in wanted.items() if value and value != b"0"]
    out.append(b"/>" if tag.endswith(b"/>") else b">")
    return b"".join(out)


def widened_spans(tag: bytes, first: int, last: int) -> bytes:
    """The start tag of a row whose `spans` cover these columns too; unchanged without `spans`."""
    match = _SPANS.search(tag)
    if match is None:
        return tag
    left, right = min(int(match.group(2)), first + 1), max(int(match.group(3)), last + 1)
    return tag[: match.start(2)] + b"%d:%d" % (left, right) + tag[match.end(3) :]
