"""The files that Excel, WPS and LibreOffice keep beside a book while they have it open.

Knows their names and what stands in them. Does not know what to do about it.
"""

from __future__ import annotations

import contextlib
import re
import struct
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from crmsheet.structs import dataclass

_LONGEST = 1024
"""Bytes read of a lock file; Excel's have 165."""
_WIDE = 55
"""Where Excel's second, UTF-16 copy of the name begins: one byte for the length and 54 for the name before."""


class Program(StrEnum):
    EXCEL = "Excel"
    LIBREOFFICE = "LibreOffice"
    WPS = "WPS"


@dataclass(frozen=True, slots=True)
class LockFile:
    """Who has a book open, as the lock file says; `holder` is empty when it does not say."""

    file: Path
    program: Program
    holder: str
    since: datetime


def lock_of(book: Path) -> LockFile | None:
    """The lock file beside a book; None when there is none."""
    for name, program in _names(book):
        file = book.with_name(name)
        try:
            stat = file.stat()
        except (OSError, ValueError):
            continue
        content = b""
        # Excel on Windows lets nobody read its lock file: that it is there says enough.
        with contextlib.suppress(OSError), file.open("rb") as handle:
            content = handle.read(_LONGEST)
        since = datetime.fromtimestamp(stat.st_mtime).astimezone()
        if program is Program.LIBREOFFICE:
            return LockFile(file, program, *_libreoffice(content, since))
        return LockFile(file, program, _owner(content), since)
    return None


def _names(book: Path) -> Iterator[tuple[str, Program]]:
    """Names a lock of this book may have.

    Office takes away the first two characters of longer names, WPS one or two. Where another book's name
    is just what is left, the lock is that book's.
    """
    name = book.name
    yield "~$" + name, Program.EXCEL
    yield f".~lock.{name}#", Program.LIBREOFFICE
    yield ".~" + name, Program.WPS
    for cut, mark, program in ((2, "~$", Program.EXCEL), (1, ".~", Program.WPS), (2, ".~", Program.WPS)):
        rest = name[cut:]
        if len(rest) > len(book.suffix) and not book.with_name(rest).exists():
            yield mark + rest, program


def _owner(content: bytes) -> str:
    """The name in an owner file: length and name in the system's encoding, then the same in UTF-16."""
    wide = content[_WIDE : _WIDE + 2]
    if len(wide) == 2:
        (length,) = struct.unpack("<H", wide)
        raw = content[_WIDE + 2 : _WIDE + 2 + 2 * length]
        if 0 < length <= 54 and len(raw) == 2 * length:
            name = _readable(raw.decode("utf-16-le", "replace"))
            if name:
                return name
    if not content:
        return ""
    raw = content[1 : 1 + content[0]]
    for encoding in ("utf-8", "gb18030", "latin-1"):
        try:
            return _readable(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return ""


def _readable(text: str) -> str:
    text = text.strip("\0 \t\r\n")
    return text if text.isprintable() and "\N{REPLACEMENT CHARACTER}" not in text else ""


def _libreoffice(content: bytes, since: datetime) -> tuple[str, datetime]:
    """(holder, since) of `name,system user,host,time,profile;`; commas inside a field are escaped."""
    text = content.decode("utf-8", "replace").split(";", 1)[0]
    fields = [re.sub(r"\\(.)", r"\1", f).strip() for f in re.split(r"(?<!\\),", text)]
    holder = next((f for f in fields[:3] if f), "")
    if len(fields) > 3:
        with contextlib.suppress(ValueError):
            since = datetime.strptime(fields[3], "%d.%m.%Y %H:%M").astimezone()
    return _readable(holder), since
