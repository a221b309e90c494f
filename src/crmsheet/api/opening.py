"""A workbook file's bytes, read only when they may be those of a workbook.

Knows nothing but the way to them. What is not one is refused before it is in memory.
"""

from __future__ import annotations

from pathlib import Path

from crmsheet.errors import WorkbookRefused
from crmsheet.opc.package import Package, read_file
from crmsheet.plan.recorded import RECORD_SHEET


def read_workbook(path: Path) -> bytes:
    """The content of a file. Raises WorkbookRefused when it is no zip, too large, or built to harm."""
    return read_file(path)


def is_ours(path: Path) -> bool:
    """Whether a file is a workbook that crmsheet built, by its hidden sheet; what cannot be read is not."""
    try:
        return Package.of(read_file(path), str(path)).workbook.sheet(RECORD_SHEET) is not None
    except (WorkbookRefused, OSError):
        return False
