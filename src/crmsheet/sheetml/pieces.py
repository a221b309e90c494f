"""The pieces of one cell found by its span.

Knows how a cell is usually written and takes it apart by patterns; whatever else it may look like goes to
expat (`decode`). Does not know what the pieces mean.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crmsheet.opc.xmltree import ATTRIBUTE, attribute_text
from crmsheet.sheetml.decode import RawCell, child_spans, formula_tag, raw_cell, style_index
from crmsheet.sheetml.sharedstrings import plain_text
from crmsheet.sheetml.spans import CellSpan


@lru_cache(maxsize=16)
def _inner(prefix: bytes) -> re.Pattern[bytes]:
    """What usually stands inside `<c>`: a formula, a value, an inline string of one run."""
    p = re.escape(prefix)
    return re.compile(
        rb"\s*(?:<%bf((?:\s+[\w:]+\s*=\s*\"[^\"<>]*\")*)\s*(?:/>|>([^<]*)</%bf>)\s*)?" % (p, p)
        + rb"(?:<%bv(?:\s+xml:space=\"preserve\")?>([^<]*)</%bv>\s*|<%bv/>\s*)?" % (p, p, p)
        + rb"(?:<%bis>\s*<%bt(?:\s+xml:space=\"preserve\")?>([^<]*)</%bt>\s*</%bis>\s*)?" % (p, p, p, p)
    )


def pieces_of(data: bytes, span: CellSpan, prefix: str, file: str, part: str) -> RawCell:
    """Attributes, formula, value and inline text of a cell."""
    inner = _inner(prefix.encode()).fullmatch(data, span.open_end, span.close_start)
    if inner is None:
        return raw_cell(data[span.start : span.end], file, part)
    found: dict[bytes, bytes] = {}
    for name, double, single in ATTRIBUTE.findall(data, span.start, span.open_end):
        found[name] = double or single
    attributes, text, value, inline = inner.groups()
    return RawCell(
        ref=found.get(b"r", b"").decode(),
        style=style_index(found.get(b"s", b"").decode().strip()),
        type=attribute_text(found.get(b"t", b"")),
        formula=None if attributes is None else formula_tag(attributes, text or b""),
        value=value,
        inline=None if inline is None else plain_text(inline),
    )


@lru_cache(maxsize=16)
def _child(prefix: bytes) -> re.Pattern[bytes]:
    """One child of a cell that is not of foreign origin, and the space before it."""
    p = re.escape(prefix)
    return re.compile(rb"\s*(<%b(f|v|is)(?=[\s/>])[^>]*?(?:/>|>.*?</%b\2\s*>))" % (p, p), re.DOTALL)


def children_of(
    data: bytes, span: CellSpan, prefix: str, file: str, part: str, *, thorough: bool
) -> tuple[tuple[str, int, int], ...]:
    """The elements inside a cell: (local name, start, end). `thorough` asks expat at once."""
    if span.open_end == span.end:
        return ()
    if not thorough:
        found: list[tuple[str, int, int]] = []
        at = span.open_end
        for match in _child(prefix.encode()).finditer(data, at, span.close_start):
            if match.start() != at:
                break
            found.append((match.group(2).decode(), match.start(1), match.end(1)))
            at = match.end()
        if not data[at : span.close_start].strip():
            return tuple(found)
    inside = child_spans(data[span.start : span.end], file, part)
    return tuple((local, span.start + start, span.start + end) for local, start, end in inside)
