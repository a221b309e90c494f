"""What a workbook still holds of rows that are taken out: remembered figures and changes, texts that no cell shows.

Knows where such traces stand. Which rows go is decided before; what stands in people's own things is told, never
touched.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from crmsheet.errors import WorkbookRefused
from crmsheet.excel.references import a1
from crmsheet.model.changelog import Change, without
from crmsheet.model.history import History
from crmsheet.opc.directory import part_key
from crmsheet.opc.package import Package
from crmsheet.patterns import regex
from crmsheet.refresh import Patch
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.edits import CellEdit
from crmsheet.sheetml.sharedstrings import emptied, item_spans
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.structs import dataclass

_TAG: Final = regex(r"<[^>]*>")
_SHORTEST: Final = 2
"""Characters of a text that is looked for inside of others."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Rows by their ids, and the texts that told who they were."""

    rows: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()

    def history(self, history: History) -> History:
        return history.without(self.rows) if self.rows else history

    def changes(self, log: Sequence[Change]) -> tuple[Change, ...]:
        return without(log, self.rows) if self.rows else tuple(log)


NOTHING: Final = Forgetting()


@dataclass(frozen=True, slots=True)
class Trace:
    """A place that still holds such a text: a cell of people's, or another part of the file."""

    part: str
    sheet: str = ""
    cell: str = ""
    text: str = ""


def unused_strings(
    contents: Contents, edited: Mapping[str, Sequence[CellEdit]], texts: Collection[str]
) -> Patch:
    """Empties the shared strings that hold these texts and that no cell shows once it is edited."""
    strings = contents.strings
    if not texts or not strings.part:
        return Patch()
    shown: set[str] = set()
    for sheet in contents.package.workbook.sheets:
        changing = {(e.row, e.column) for e in edited.get(sheet.name, ())}
        shown.update(text for place, text in _texts(contents, sheet.name) if place not in changing)
    gone = frozenset(texts) - shown
    data = contents.package.xml(strings.part)
    spans = tuple(
        Replacement(start, end, emptied(data[start:end]))
        for text, (start, end) in zip(strings.texts, item_spans(strings), strict=False)
        if text in gone
    )
    return Patch(spans={strings.part: spans}) if spans else Patch()


def traces(content: bytes, file: str, texts: Collection[str]) -> Iterator[Trace]:
    """Where a workbook still holds one of these texts, also inside of a longer one: cells first, other parts then."""
    wanted = sorted((t for t in texts if len(t) >= _SHORTEST), key=len, reverse=True)
    if not wanted:
        return
    pattern = re.compile("|".join(map(_as_a_word, wanted)), re.IGNORECASE)
    contents = Contents(Package.of(content, file))
    package = contents.package
    told: set[str] = set()
    for sheet in package.workbook.sheets:
        cells = contents.sheet(sheet.name)
        if cells is None:
            continue
        told.add(part_key(sheet.part))
        for row, found in cells.rows.items():
            for cell in found:
                # What a formula shows stands elsewhere, or in the formula itself.
                text = cell.value if cell.formula is None else cell.formula
                if isinstance(text, str) and pattern.search(text):
                    yield Trace(sheet.part, sheet.name, a1(row, cell.column), text)
    # Of shared strings those are told that cells show; what no cell shows is looked for as any other part is.
    used = {text for sheet in package.workbook.sheets for _, text in _texts(contents, sheet.name)}
    for text in contents.strings.texts:
        if text not in used and pattern.search(text):
            yield Trace(contents.strings.part, text=text)
    told.add(part_key(contents.strings.part))
    for part in package.parts:
        if part_key(part) not in told:
            text = _plain(package.read(part))
            if text and (found_text := pattern.search(text)) is not None:
                yield Trace(part, text=found_text[0])


def _as_a_word(text: str) -> str:
    """A pattern for a text that is no piece of a longer word, where words have ends: not in Chinese."""
    before = r"(?<![A-Za-z0-9])" if text[0].isascii() and text[0].isalnum() else ""
    behind = r"(?![A-Za-z0-9])" if text[-1].isascii() and text[-1].isalnum() else ""
    return before + re.escape(text) + behind


def holds_any(content: bytes, texts: Collection[str]) -> bool:
    """Whether a file holds one of these texts, in whatever part; a file that is no workbook is not looked into."""
    try:
        return next(traces(content, "", texts), None) is not None
    except WorkbookRefused:
        return False


def _texts(contents: Contents, sheet: str) -> Iterator[tuple[tuple[int, int], str]]:
    """The texts of a sheet's cells, with row and column."""
    cells = contents.sheet(sheet)
    for row, found in cells.rows.items() if cells is not None else ():
        yield from (((row, c.column), c.value) for c in found if isinstance(c.value, str))


def _plain(data: bytes) -> str:
    """What a part says: all texts and attributes of XML; nothing of pictures and programs."""
    if (
        data[:1] != b"<"
        and not data.startswith(b"\xef\xbb\xbf<")
        and data[:2] not in (b"\xff\xfe", b"\xfe\xff")
    ):
        return ""
    coding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = data.decode(coding, "replace")
    # A text may be cut into runs; attributes stand inside of the tags.
    from html import unescape

    return unescape(f"{_TAG.sub('', text)}\n{text}")
