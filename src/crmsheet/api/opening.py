"""A workbook file's bytes, read only when they may be those of a workbook.

Knows nothing but the way to them. What is not one is refused before it is in memory.
"""

from __future__ import annotations

from pathlib import Path

from crmsheet.errors import WorkbookRefused
from crmsheet.opc.encryption import decrypted, encrypted, ensure_usable, file_is_encrypted
from crmsheet.opc.opening import read_file
from crmsheet.opc.package import Package
from crmsheet.plan.recorded import RECORD_SHEET

__all__ = ["decrypted", "encrypted", "ensure_usable", "is_encrypted", "is_ours", "read_workbook"]


def read_workbook(path: Path, *, password: str = "") -> bytes:
    """The content of a file; of one that a password protects, what is inside. Raises WorkbookRefused when it is no
    zip, too large, built to harm, or another password's."""
    if password and file_is_encrypted(path):
        return decrypted(path.read_bytes(), password, str(path))
    return read_file(path)


def is_encrypted(path: Path) -> bool:
    """Whether a password protects a file. Raises OSError."""
    return path.is_file() and file_is_encrypted(path)


def is_ours(path: Path) -> bool:
    """Whether a file is a workbook that crmsheet built, by its hidden sheet; what cannot be read is not."""
    try:
        return Package.of(read_file(path), str(path)).workbook.sheet(RECORD_SHEET) is not None
    except (WorkbookRefused, OSError):
        return False
