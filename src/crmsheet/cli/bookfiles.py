"""Which files of a folder are workbooks that crmsheet built.

Knows the names that Excel, WPS, LibreOffice and programs that keep folders in step give to files that are not meant.
Does not know what is done with the workbooks.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

_ENDINGS: Final = frozenset({".xlsx", ".xlsm"})
_PASSING: Final = ("~$", ".", "~")
"""How lock files, hidden files and half-written ones begin: Excel's `~$book.xlsx`, WPS's `.~book.xlsx`,
LibreOffice's `.~lock.book.xlsx#`, OneDrive's `~temporary.xlsx`, the `._book.xlsx` of macOS on a network drive."""


def may_be_book(file: Path) -> bool:
    """Whether a name is one that people give to a workbook."""
    return file.suffix.lower() in _ENDINGS and not file.name.startswith(_PASSING)


def candidates(folder: Path) -> tuple[Path, ...]:
    """The files of a folder that may be workbooks of ours by their names, in order of their names."""
    try:
        return tuple(sorted(f for f in folder.iterdir() if may_be_book(f) and f.is_file()))
    except OSError:
        return ()


def books_in(folder: Path) -> tuple[Path, ...]:
    """The workbooks of a folder that crmsheet built. What cannot be read is none."""
    from crmsheet import api

    return tuple(file for file in candidates(folder) if api.is_ours(file))
