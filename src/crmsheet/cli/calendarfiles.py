"""Calendar files: written anew, or changed in place when they are ours.

Knows names of files for people's names, and that no file is replaced which crmsheet did not write. Does not know what
stands in a calendar (`calendars`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crmsheet.cli import calendars, replacing
from crmsheet.cli.reminders import owner_name
from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import UsageError
from crmsheet.messages import say
from crmsheet.structs import dataclass

if TYPE_CHECKING:
    from crmsheet.api import Reminded

_SUFFIX: Final = ".ics"
_UNSAFE: Final = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_DEVICES: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Settings:
    """`now` is in UTC."""

    now: datetime
    todo: bool
    alarm: time | None


def written(file: Path, found: Reminded, settings: Settings, owner: str | None = None) -> None:
    """Write one calendar. Raises UsageError for a file that is no calendar of ours."""
    before: bytes | None = None
    if file.exists():
        if file.is_dir():
            raise UsageError(
                Diagnostic(
                    "U102", say("this is a folder"), FilePlace(str(file)), remedy=say("Name a file in it.")
                )
            )
        before = file.read_bytes()
        if not calendars.is_ours(before):
            raise UsageError(
                Diagnostic(
                    "U155",
                    say("this file is no calendar that crmsheet wrote"),
                    FilePlace(str(file)),
                    remedy=say("Choose another name; nothing of yours is overwritten."),
                )
            )
    after = calendars.calendar(
        found, now=settings.now, before=before, todo=settings.todo, alarm=settings.alarm, owner=owner
    )
    if before is None:
        replacing.created(file, after)
    elif before != after:
        replacing.replaced(file.resolve(), before, after)


def written_for_each(folder: Path, found: Reminded, settings: Settings, *, some: bool) -> list[Path]:
    """A calendar for each owner. Those of owners who have nothing any more are brought up to date, unless only `some`
    owners were asked for."""
    folder.mkdir(parents=True, exist_ok=True)
    known: dict[str, Path] = {}
    for file in sorted(folder.glob(f"*{_SUFFIX}")):
        data = file.read_bytes()
        owner = calendars.owner_of(data) if calendars.is_ours(data) else None
        if owner is not None:
            known[owner] = file
    taken = {file.name.casefold() for file in folder.iterdir()}
    owners = list(found.owners)
    if not some:
        owners += [o for o in known if o not in owners]
    done: list[Path] = []
    for owner in owners:
        file = known.get(owner) or folder / _free(file_name(owner_name(owner, found.language)), taken)
        taken.add(file.name.casefold())
        written(file, found.of(owner), settings, owner)
        done.append(file)
    return done


def file_name(person: str) -> str:
    """A name that every system takes for a file."""
    name = _UNSAFE.sub("_", person).strip(" .")[:_LONGEST].strip(" .")
    return f"_{name}" if not name or _DEVICES.fullmatch(name) else name


def _free(name: str, taken: Iterable[str]) -> str:
    wanted, number = name, 2
    while f"{wanted}{_SUFFIX}".casefold() in taken:
        wanted, number = f"{name} {number}", number + 1
    return wanted + _SUFFIX
