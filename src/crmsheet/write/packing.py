"""The package around the parts: XlsxWriter's list of parts, packed by our own writer.

Knows that XlsxWriter leaves each part in a file of its own before it packs them, with zlib, which for a large sheet
takes longer than making it. Does not know what the parts hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from xlsxwriter.packager import Packager

from crmsheet.opc.writer import write_new

_PIECE: Final = 2**18


class Packing(Packager):  # type: ignore[misc] # XlsxWriter has no types
    """Puts the parts into a new file, and leaves none for XlsxWriter to pack."""

    def __init__(self, target: Path) -> None:
        super().__init__()
        self._target = target

    def _create_package(self) -> list[tuple[str, str, bool]]:
        parts = [(Path(path), name) for path, name, _ in super()._create_package()]
        with self._target.open("xb") as target:
            write_new(target, ((name, _pieces(path), path.stat().st_size) for path, name in parts))
        return []


def _pieces(path: Path) -> Iterator[bytes]:
    """A part's bytes; its file, which may be large, is gone with the last of them."""
    with path.open("rb") as source:
        while piece := source.read(_PIECE):
            yield piece
    path.unlink()
