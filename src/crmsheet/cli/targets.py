"""What an export writes to: a file or a folder, whole or not at all.

Knows what may be replaced: with `force` a file of the format asked for, and a folder that holds nothing but what an
earlier export wrote. Does not know formats.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from crmsheet.cli import replacing
from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import UsageError
from crmsheet.messages import say


def ensure_free(target: Path, *, force: bool, folder: bool) -> None:
    """Raise UsageError when the target must not be written."""
    if not target.exists():
        return
    if folder != target.is_dir():
        what = say("a folder") if target.is_dir() else say("a file")
        raise UsageError(
            Diagnostic(
                "U102",
                say("this is {what}", what=what),
                FilePlace(str(target)),
                remedy=say("Choose another name with -o."),
            )
        )
    if not force and not (folder and not any(target.iterdir())):
        raise UsageError(
            Diagnostic(
                "U102",
                say("this exists already"),
                FilePlace(str(target)),
                remedy=say(
                    "Choose another name with -o, or replace what an earlier export wrote with --force."
                ),
            )
        )
    if folder and (foreign := _foreign(target)):
        raise UsageError(
            Diagnostic(
                "U152",
                say("this folder holds files that no export wrote"),
                FilePlace(str(target)),
                reason=f"{', '.join(foreign[:5])}{', …' if len(foreign) > 5 else ''}",
                remedy=say("Move them elsewhere, or choose another folder with -o."),
            )
        )


def _foreign(folder: Path) -> list[str]:
    """The files in a folder that are not of an export."""
    from crmsheet.export.packages import NAME, ours

    there = sorted(f.relative_to(folder).as_posix() for f in folder.rglob("*") if not f.is_dir())
    description = folder / NAME
    known = ours(description.read_bytes()) if description.is_file() else None
    return [name for name in there if name not in (known or ())]


def file_written(target: Path, content: bytes, *, force: bool) -> None:
    """Write a file, or put it in the place of one that is there. Raises UsageError or WorkbookRefused."""
    if force and target.exists():
        replacing.replaced(target.resolve(), target.read_bytes(), content)
    else:
        replacing.created(target, content)


def folder_written(target: Path, files: Mapping[str, bytes], *, force: bool) -> None:
    """Write a folder beside the target, then put it in its place. Raises UsageError."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        place = target.resolve()
        new = Path(tempfile.mkdtemp(prefix=replacing.TEMPORARY, suffix=".dir", dir=place.parent))
        try:
            for name, content in files.items():
                file = new / name
                file.parent.mkdir(exist_ok=True)
                with file.open("xb") as stream:
                    stream.write(content)
                    stream.flush()
                    os.fsync(stream.fileno())
            new.chmod(0o777 & ~replacing.umask())
            _put(new, place, force=force)
        finally:
            shutil.rmtree(new, ignore_errors=True)
        replacing.synced(place.parent)
    except OSError as problem:
        raise UsageError(
            Diagnostic(
                "U100",
                say("the system refused to write this folder"),
                FilePlace(str(target)),
                reason=f"{problem.strerror or problem}.",
                remedy=say("Choose another name or place with -o, or make room."),
            )
        ) from problem


def _put(new: Path, place: Path, *, force: bool) -> None:
    """The new folder in its place; the old one goes only when the new one stands."""
    ensure_free(place, force=force, folder=True)
    if not place.exists():
        new.rename(place)
        return
    old = Path(tempfile.mkdtemp(prefix=replacing.TEMPORARY, suffix=".old", dir=place.parent))
    aside = old / place.name
    place.rename(aside)
    try:
        new.rename(place)
    except OSError:
        aside.rename(place)
        raise
    finally:
        with contextlib.suppress(OSError):
            if place.exists():
                shutil.rmtree(old)
