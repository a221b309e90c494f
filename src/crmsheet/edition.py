"""Which crmsheet this is, more exactly than its version says: two that may compute or word anything otherwise differ.

Knows where an installed package lists its files, and that a checkout lists none. Does not know what an edition is asked
for. What it takes is a small part of starting: nothing is read but that list.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from crmsheet import __version__

_HOME: Final = Path(__file__).parent
_CODE: Final = (".py", ".po")
_LENGTH: Final = 10


@cache
def edition() -> str:
    """The version, and a sum over the program: of an installed one over its files' sums as the installer recorded
    them, the same on every machine; of a checkout over its files' sizes and times."""
    return edition_of(_HOME)


def edition_of(home: Path) -> str:
    """The same of the package in a folder; the bare version where its files cannot be told."""
    try:
        files = _recorded(home) or sorted(_standing(str(home), ""))
    except OSError:
        return __version__
    summed = sha256("\n".join(files).encode("utf-8", "surrogateescape")).hexdigest()
    return f"{__version__}+{summed[:_LENGTH]}"


def _recorded(home: Path) -> list[str]:
    """The lines of an installed package's own list that have a sum."""
    record = home.parent / f"{home.name}-{__version__}.dist-info" / "RECORD"
    if not record.is_file():
        return []
    lines = record.read_text("utf-8").splitlines()
    return sorted(line for line in lines if line.startswith(f"{home.name}/") and "sha256=" in line)


def _standing(folder: str, inside: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = inside + entry.name
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _standing(entry.path, name + "/")
            elif entry.name.endswith(_CODE):
                known = entry.stat()
                yield f"{name} {known.st_size} {known.st_mtime_ns}"
