"""Header cells of tables written anew, in the fonts their texts have.

Knows that a header stands in one cell of its own from then on: the shared strings are not touched. Does not
know the table's part, which names the same header.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from crmsheet.excel.references import CellRef
from crmsheet.opc.xmltree import TAG_END
from crmsheet.sheetml.cells import text_element
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.scan import SheetScan
from crmsheet.sheetml.sharedstrings import SharedStrings, item_at
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.sheetml.spans import CellSpan
from crmsheet.sheetml.splice import patched_sheet
from crmsheet.sheetml.tags import changed_tag

_FIRST_RUN: Final = re.compile(
    rb"<(?P<p>(?:[\w.-]+:)?)r(?:\s[^>]*)?>\s*(?P<look><(?P=p)rPr(?:\s[^>]*)?>.*?</(?P=p)rPr\s*>)", re.DOTALL
)
_RUN: Final = re.compile(rb"<(?:[\w.-]+:)?r[\s>]")


def header_edits(
    scan: SheetScan, strings: SharedStrings, texts: Mapping[CellRef, str]
) -> tuple[Replacement, ...]:
    """The changes that give header cells other texts. A text of several fonts keeps the first one's."""
    edits: list[Replacement] = []
    plain: list[CellEdit] = []
    for place, text in texts.items():
        span = scan.span(place.row, place.column)
        look = b"" if span is None else _look(scan, span, strings)
        if span is None or not look:
            plain.append(CellEdit(place.row, place.column, EditKind.VALUE, text))
        else:
            edits.append(_rich(scan, span, look, text))
    return (*edits, *patched_sheet(scan, plain).replacements)


def _look(scan: SheetScan, span: CellSpan, strings: SharedStrings) -> bytes:
    """`<rPr>` of the first run, with the sheet's prefix; empty where the cell's own font is all there is."""
    raw = scan.raw(span)
    if raw.type == "s":
        index = (raw.value or b"").strip()
        item = item_at(strings, int(index)) if index.isdigit() else b""
    else:
        item = next((scan.data[start:end] for local, start, end in scan.children(span) if local == "is"), b"")
    run, first = _RUN.search(item), _FIRST_RUN.search(item)
    if first is None or run is None or first.start() != run.start():
        return b""
    prefix, look = first["p"], first["look"]
    return re.sub(rb"(</?)%b(?=[\w])" % re.escape(prefix), rb"\g<1>%b" % scan.prefix.encode(), look)


def _rich(scan: SheetScan, span: CellSpan, look: bytes, text: str) -> Replacement:
    p = scan.prefix
    tag = changed_tag(scan.data[span.start : span.open_end], "inlineStr", None, drop=(b"cm", b"vm"))
    run = (
        f"<{p}is><{p}r>".encode() + look + text_element(text, f"{p}t").encode() + f"</{p}r></{p}is>".encode()
    )
    kept = b"".join(
        scan.data[start:end] for local, start, end in scan.children(span) if local not in ("f", "v", "is")
    )
    assert TAG_END.match(tag) is not None
    return Replacement(
        span.start, span.close_start, tag.removesuffix(b"/>").removesuffix(b">") + b">" + run + kept
    )
