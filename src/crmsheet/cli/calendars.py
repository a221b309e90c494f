"""Reminders as a calendar file (RFC 5545).

Knows lines, folding, escaping, and how an entry that calendars know already is changed: the same UID, a higher
SEQUENCE, a new DTSTAMP. What an earlier file of ours says is remembered in it: entries that are as they were stay as
they are, entries that are due no more are cancelled for a while. Does not know where the file is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from crmsheet.cli.reminders import owner_name, told, when
from crmsheet.structs import dataclass, replace

if TYPE_CHECKING:
    from crmsheet.api import Reminded
    from crmsheet.api.reminding import Due

MADE_BY: Final = "-//crmsheet//remind//"
ALARM: Final = time(9)
_WIDTH: Final = 75
"""Octets of a line, without its end."""
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_FORGOTTEN: Final = timedelta(days=60)
"""After that long a cancelled entry is left out."""
_OWN: Final = ("DTSTAMP", "SEQUENCE", "LAST-MODIFIED")
"""What says how often and when an entry was changed, not what it says."""
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_CANCELLED: Final = "STATUS:CANCELLED"


@dataclass(frozen=True, slots=True)
class Entry:
    """An event or a task: `lines` unfolded, without its begin and end, and without `_OWN`."""

    kind: str
    uid: str
    lines: tuple[str, ...]
    stamp: str = ""
    sequence: int = 0

    def written(self) -> Iterator[str]:
        yield f"BEGIN:{self.kind}"
        yield f"UID:{self.uid}"
        yield f"DTSTAMP:{self.stamp}"
        yield f"LAST-MODIFIED:{self.stamp}"
        yield f"SEQUENCE:{self.sequence}"
        yield from self.lines
        yield f"END:{self.kind}"


def calendar(
    found: Reminded,
    *,
    now: datetime,
    before: bytes | None = None,
    todo: bool = False,
    alarm: time | None = ALARM,
    owner: str | None = None,
) -> bytes:
    """The file. `before` is what it held; `now` is in UTC; `owner` is whose calendar it is, None for everybody's."""
    known = entries_of(before) if before is not None else {}
    stamp = now.strftime(_STAMP)
    fresh = [_entry(due, found, todo=todo, alarm=alarm) for due in found.due]
    entries = [_with_past(entry, known.get(entry.uid), stamp) for entry in fresh]
    here = {e.uid for e in entries}
    entries += [
        gone
        for uid, old in known.items()
        if uid not in here and (gone := _cancelled(old, stamp, now)) is not None
    ]
    title = found.title if owner is None else f"{found.title} · {owner_name(owner, found.language)}"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{MADE_BY}{found.language.upper()}",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escaped(title)}",
        *((f"X-CRMSHEET-OWNER:{escaped(owner)}",) if owner is not None else ()),
        *(line for entry in entries for line in entry.written()),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def _entry(due: Due, found: Reminded, *, todo: bool, alarm: time | None) -> Entry:
    """What is due as an entry of a whole day; what is overdue stands on the day of the workbook, where it is seen."""
    late = when(due, found.language)
    summary = f"{due.label} · {told(due, found.language)}"
    if due.late > 0:
        summary = f"[{late}] {summary}"
    described = [
        f"{due.day.isoformat()} ({late})",
        *(f"{t.label}: {t.text}" for t in due.told),
        owner_name(due.owner, found.language),
        f"{due.sheet}!{due.cell}",
    ]
    day = due.day if todo else max(due.day, found.as_of)
    lines = [
        f"SUMMARY:{escaped(summary)}",
        f"DESCRIPTION:{escaped(chr(10).join(described))}",
        f"CATEGORIES:{escaped(due.label)}",
        f"PRIORITY:{1 if due.late > 0 else 5}",
    ]
    if todo:
        kind = "VTODO"
        lines[:0] = [f"DUE;VALUE=DATE:{day:%Y%m%d}"]
        lines.append("STATUS:NEEDS-ACTION")
    else:
        kind = "VEVENT"
        end = day + timedelta(days=1)
        lines[:0] = [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{end:%Y%m%d}"]
        lines += ["TRANSP:TRANSPARENT", "STATUS:CONFIRMED"]
    if alarm is not None:
        after = f"PT{alarm.hour}H{alarm.minute}M" if alarm.minute else f"PT{alarm.hour}H"
        lines += [
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{escaped(summary)}",
            f"TRIGGER;RELATED={'END' if todo else 'START'}:{after}",
            "END:VALARM",
        ]
    # As it reads back, so that it can be compared.
    return Entry(kind, f"{due.uid}@crmsheet", tuple(lines))


def _with_past(entry: Entry, old: Entry | None, stamp: str) -> Entry:
    """The entry as calendars may know it: as it was, or changed once more."""
    if old is None:
        return replace(entry, stamp=stamp)
    if (old.kind, old.lines) == (entry.kind, entry.lines):
        return old
    return replace(entry, stamp=stamp, sequence=old.sequence + 1)


def _cancelled(old: Entry, stamp: str, now: datetime) -> Entry | None:
    """An entry that is due no more; None when that has been told for long enough."""
    if _CANCELLED in old.lines:
        told_since = now - datetime.strptime(old.stamp, _STAMP).replace(tzinfo=now.tzinfo)
        return old if told_since < _FORGOTTEN else None
    lines: list[str] = []
    inside = False
    for line in old.lines:
        inside = inside or line == "BEGIN:VALARM"
        if not inside:
            lines.append(_CANCELLED if line.startswith("STATUS:") else line)
        inside = inside and line != "END:VALARM"
    return replace(old, lines=tuple(lines), stamp=stamp, sequence=old.sequence + 1)


# Reading a file of ours


def is_ours(data: bytes) -> bool:
    return data.startswith(b"BEGIN:VCALENDAR") and f"\nPRODID:{MADE_BY}".encode() in data[:500]


def owner_of(data: bytes) -> str | None:
    """Whose calendar a file of ours is; None for everybody's."""
    for line in unfolded(data):
        if line.startswith("X-CRMSHEET-OWNER:"):
            return unescaped(line.partition(":")[2])
        if line.startswith("BEGIN:V") and line != "BEGIN:VCALENDAR":
            return None
    return None


def entries_of(data: bytes) -> dict[str, Entry]:
    """The entries of a file of ours by their UIDs."""
    found: dict[str, Entry] = {}
    kind = ""
    lines: list[str] = []
    own: dict[str, str] = {}
    for line in unfolded(data):
        if line in ("BEGIN:VEVENT", "BEGIN:VTODO"):
            kind, lines, own = line.partition(":")[2], [], {}
        elif kind and line == f"END:{kind}":
            if entry := _read(kind, lines, own):
                found[entry.uid] = entry
            kind = ""
        elif kind:
            name, _, value = line.partition(":")
            if name in (*_OWN, "UID"):
                own[name] = value
            else:
                lines.append(line)
    return found


def _read(kind: str, lines: Sequence[str], own: Mapping[str, str]) -> Entry | None:
    try:
        datetime.strptime(own["DTSTAMP"], _STAMP)  # noqa: DTZ007 - only whether it is one
        return Entry(kind, own["UID"], tuple(lines), own["DTSTAMP"], int(own.get("SEQUENCE", "0")))
    except (KeyError, ValueError):
        return None


# Lines


def escaped(text: str) -> str:
    """A text as a value."""
    plain = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)


def folded(line: str) -> str:
    """A line in pieces of at most 75 octets, no character cut."""
    data = line.encode("utf-8", "replace")
    pieces: list[bytes] = []
    start = 0
    while start < len(data):
        # The space that a continuation begins with counts.
        end = min(start + _WIDTH - bool(pieces), len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(data[start:end])
        start = end
    return b"\r\n ".join(pieces).decode()


def unfolded(data: bytes) -> list[str]:
    text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    return text.replace("\n ", "").replace("\n\t", "").split("\n")
