"""A workbook file's bytes, read only when they may be those of a workbook.

Knows nothing but the way to them. What is not one is refused before it is in memory.
"""

from __future__ import annotations

from pathlib import Path

from crmsheet.opc.package import read_file


def read_workbook(path: Path) -> bytes:
    """The content of a file. Raises WorkbookRefused when it is no zip, too large, or built to harm."""
    return read_file(path)
