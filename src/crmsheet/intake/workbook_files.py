"""Workbook files made ready for openpyxl: looked over for hostile input first, strict ones in the usual edition.

Knows which refusals matter for reading. Does not read cells.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from crmsheet.errors import WorkbookRefused
from crmsheet.opc.opening import read_file
from crmsheet.opc.package import Package
from crmsheet.opc.refusals import Refusal
from crmsheet.opc.writer import assemble
from crmsheet.structs import dataclass

_HARMLESS: Final = frozenset((Refusal.SIGNED.code, Refusal.SHARED.code))
"""Refused are changes to such workbooks; they can be read."""
_STRICT: Final = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
_NO_VALUE: Final = re.compile(
    rb"<((?:\w+:)?)c\b[^>]*>\s*<\1f\b(?:[^>]*/>|[^>]*>[^<]*</\1f>)\s*(?:<\1v\s*/>|<\1v>\s*</\1v>)?\s*</\1c>"
)


@dataclass(frozen=True, slots=True)
class WorkbookFile:
    """The bytes to give to openpyxl; `package` is None where only openpyxl can tell what stands inside."""

    name: str
    data: bytes
    package: Package | None

    def unvalued(self, sheet: str) -> int:
        """How many formula cells of a sheet hold no computed value: programs that write files, and do not
        compute, leave them so."""
        found = self.package.workbook.sheet(sheet) if self.package is not None else None
        if found is None or self.package is None:
            return 0
        return sum(1 for _ in _NO_VALUE.finditer(self.package.read(found.part)))


def workbook_file(path: Path) -> WorkbookFile:
    """The file, if it may be read. Raises WorkbookRefused, or OSError."""
    data = read_file(path)
    try:
        package = Package.of(data, str(path))
    except WorkbookRefused as refused:
        if refused.diagnostics[0].code not in _HARMLESS:
            raise
        return WorkbookFile(str(path), data, None)
    if package.workbook.strict:
        package = Package.of(_transitional(package), str(path))
    return WorkbookFile(str(path), package.data, package)


def _transitional(package: Package) -> bytes:
    """The same workbook with the names of the usual edition, which are all that openpyxl knows."""
    parts = [p for p in package.parts if p.endswith((".xml", ".rels"))]
    texts = {part: package.read(part) for part in parts}
    changed = {part: _STRICT.sub(_usual, text) for part, text in texts.items()}
    return assemble(package, {part: text for part, text in changed.items() if text != texts[part]})


def _usual(match: re.Match[bytes]) -> bytes:
    return b"http://schemas.openxmlformats.org/" + match[1] + b"/2006/" + match[2]
