"""The package around the parts: XlsxWriter's list of parts, packed by our own writer.

Knows that XlsxWriter would leave each part in a file of its own before it packs them, with zlib, which for a large
sheet takes longer than making it; here the rows of sheets are packed as they are made. Does not know what the parts
hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from itertools import chain
from typing import BinaryIO

from xlsxwriter.packager import Packager

from crmsheet.opc.deflating import LARGE
from crmsheet.opc.writer import write_new
from crmsheet.write.sheets import SheetPart


class Packing(Packager):  # type: ignore[misc] # XlsxWriter has no types
    """Puts the parts into a stream, and leaves none for XlsxWriter to pack."""

    def __init__(self, target: BinaryIO) -> None:
        super().__init__()
        self._target = target

    def _create_package(self) -> list[tuple[str, str, bool]]:
        parts: list[tuple[StringIO, str, bool]] = super()._create_package()
        sheets = {id(sheet.fh): sheet for sheet in self.workbook.worksheets()}
        write_new(self._target, (_member(name, part, sheets.get(id(part))) for part, name, _ in parts))
        return []


def _member(name: str, part: StringIO, sheet: SheetPart | None) -> tuple[str, Iterable[bytes], int]:
    """A part's name, its bytes, and how many these are; of a large one so many that it is known to be large."""
    if sheet is None:
        content = part.getvalue().encode()
        return name, (content,), len(content)
    pieces = sheet.pieces()
    first: list[bytes] = []
    size = 0
    while size < LARGE and (piece := next(pieces, b"")):
        first.append(piece)
        size += len(piece)
    return name, chain(first, pieces), size
