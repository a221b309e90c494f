"""One cell of a worksheet part as it is after an edit, in bytes.

Knows that its attributes, foreign content and formula are kept unless they are what changes, and that tens of thousands
of cells may be written alike. Does not know which cells there are nor what becomes of the others.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from crmsheet.excel.references import a1
from crmsheet.patterns import regex
from crmsheet.sheetml.cells import formula_element, type_and_content
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.scan import SheetScan
from crmsheet.sheetml.spans import CellSpan
from crmsheet.sheetml.tags import changed_tag

_CONTENT: Final = ("v", "is", "f")
_OF_FORMULAS: Final = (EditKind.CACHE, EditKind.FORMULA)
_METADATA: Final = regex(rb"[cv]m[\s=]")
"""Attributes that belong to a formula, or what may be some."""
_HERE: Final = "<f/>"
"""Stands for a formula whose bytes are kept."""


@lru_cache(maxsize=16)
def _formula_cell(prefix: bytes) -> re.Pattern[bytes]:
    p = re.escape(prefix)
    return re.compile(
        rb'(<%bc r="[A-Z]++[0-9]++")([^>/]*+)>' % p
        + rb'(<%bf(?: [\w:]++="[^"<>]*+")*+(?:/>|>[^<]*+</%bf>))' % (p, p)
        + rb"(?:<%bv(?: [^>]*+)?>[^<]*+</%bv>)?+</%bc>" % (p, p, p)
    )


def retagged(attributes: bytes, type_: str, style: int | None = None) -> bytes:
    """The attributes of a cell's start tag with another type."""
    return changed_tag(b"<c" + attributes + b">", type_, style, drop=())[2:-1]


class CellEditor:
    """Edits the cells of one part."""

    def __init__(self, scan: SheetScan) -> None:
        self._scan = scan
        self._prefix = scan.prefix
        self.lost_formula = False
        """A cell that had a formula has none now."""
        self.unusual = 0
        """Cells that had to be taken apart."""
        self._elements: dict[str, str] = {}
        """The elements of formulas that are put in."""
        self._attributes: dict[tuple[bytes, str, int | None], bytes] = {}
        """Attributes of a start tag as they are after an edit, by what they were and the edit."""

    def edited(self, cell: CellSpan, edit: CellEdit, promoted: str | None = None) -> bytes:
        """The new bytes of a cell; `promoted` is the `<f>` that takes the place of its own. Raises ValueError for a
        result of what is no formula."""
        data, prefix = self._scan.data, self._prefix
        if edit.kind in _OF_FORMULAS and promoted is None and self._scan.rows.cells is None:
            quick = self._as_usual(cell, edit)
            if quick is not None:
                return quick
        self.unusual += 1
        tag = data[cell.start : cell.open_end]
        children = self._scan.children(cell)
        formula = next((data[s:e] for local, s, e in children if local == "f"), b"")
        others = b"".join(data[s:e] for local, s, e in children if local not in _CONTENT)
        match edit.kind:
            case EditKind.STYLE:
                if edit.style is None:
                    return data[cell.start : cell.end]
                opened = changed_tag(tag, None, edit.style, drop=())
                if promoted is None or not formula:
                    return opened + data[cell.open_end : cell.end]
                return opened + data[cell.open_end : cell.end].replace(formula, promoted.encode(), 1)
            case EditKind.CACHE:
                if not formula:
                    raise ValueError(f"{a1(edit.row, edit.column)} has no formula")
                kept = promoted if promoted is not None else formula.decode()
                drop: tuple[bytes, ...] = ()
            case EditKind.FORMULA:
                kept = self.element(edit.formula, prefix + "f")
                drop = (b"cm", b"vm")
            case EditKind.VALUE:
                kept = ""
                drop = (b"cm", b"vm")
                self.lost_formula |= bool(formula)
        type_, content = type_and_content(edit.value, kept, prefix)
        opened = changed_tag(tag, type_, edit.style, drop=drop)
        inside = content.encode() + others
        name = prefix + "c"
        if not inside:
            return opened if opened.endswith(b"/>") else opened[:-1].rstrip() + b"/>"
        if opened.endswith(b"/>"):
            opened = opened[:-2].rstrip() + b">"
        return opened + inside + f"</{name}>".encode()

    def _as_usual(self, cell: CellSpan, edit: CellEdit) -> bytes | None:
        """A formula's cell with another result or formula, when it is written as usual; tens of thousands may be."""
        match = _formula_cell(self._prefix.encode()).fullmatch(self._scan.data, cell.start, cell.end)
        if match is None:
            return None
        start, attributes, formula = match.groups()
        if edit.kind is EditKind.FORMULA:
            if _METADATA.search(attributes):
                return None
            formula = self.element(edit.formula, self._prefix + "f").encode()
        type_, value = type_and_content(edit.value, _HERE, self._prefix)
        key = (attributes, type_, edit.style)
        changed = self._attributes.get(key)
        if changed is None:
            changed = self._attributes[key] = retagged(attributes, type_, edit.style)
        return (
            start
            + changed
            + b">"
            + formula
            + value[len(_HERE) :].encode()
            + b"</"
            + start[1 : start.index(b" ")]
            + b">"
        )

    def element(self, formula: str, name: str) -> str:
        """A formula's element as this part has it: with a mark for its text, if the part is held condensed."""
        found = self._elements.get(formula)
        if found is None:
            found, opened = formula_element(formula, name), f"<{name}>"
            if found.startswith(opened) and self._scan.marks.opening == opened.encode():
                text = self._scan.marks.mark(found[len(opened) : -len(opened) - 1].encode())
                found = f"{opened}{text.decode()}</{name}>"
            self._elements[formula] = found
        return found
