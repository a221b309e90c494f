"""Events: what happened to rows between one refresh and another, for other programs.

Knows what an event says, and what a workbook keeps of events that nobody has fetched yet. Does not know how events are
found, nor where they are written to.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from crmsheet.structs import dataclass, field

MOST_PENDING: Final = 5_000
"""Events that are kept for whoever fetches them; of more the oldest go."""


class EventType(StrEnum):
    ROW_ADDED = "row_added"
    ROW_REMOVED = "row_removed"
    STAGE_CHANGED = "stage_changed"
    FIELD_CHANGED = "field_changed"
    FLAG_RAISED = "flag_raised"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Content:
    """A value: as other programs want it (an item's or a row's id, an ISO date), and as people see it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Event:
    """`subject` is the id of the field, rule or reminder it is about, `label` what people call that."""

    type: EventType
    day: str
    as_of: str
    table: str
    row: str
    key: str
    owner: str = ""
    subject: str = ""
    label: str = ""
    old: Content | None = None
    new: Content | None = None
    due: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outbox:
    """What is kept of events: how many there were, and those that nobody has fetched, a line each."""

    told: int = 0
    lines: tuple[str, ...] = ()

    def with_events(self, events: Sequence[Event], book: str, name: str) -> Outbox:
        """The same with more of them, each with an id of its own."""
        added = tuple(line(event, book, name, self.told + n) for n, event in enumerate(events, 1))
        return Outbox(self.told + len(added), (*self.lines, *added)[-MOST_PENDING:])

    def without(self, rows: Collection[str], texts: Iterable[str]) -> Outbox:
        """The same without events of these rows, and without those in which one of these texts stands."""
        gone = tuple(json.dumps(t, ensure_ascii=False)[1:-1] for t in texts if t)
        kept = tuple(
            one
            for one in self.lines
            if json.loads(one)["row"] not in rows and not any(text in one for text in gone)
        )
        return Outbox(self.told, kept)

    @property
    def fetched(self) -> Outbox:
        return Outbox(self.told)


def line(event: Event, book: str, name: str, number: int) -> str:
    """An event as a line of JSON. Its id depends on what it says and on how many there were before it: the same
    refresh run twice gives the same ids."""
    said: dict[str, object] = {
        "type": event.type.value,
        "day": event.day,
        "as_of": event.as_of,
        "book": book,
        "name": name,
        "table": event.table,
        "row": event.row,
        "key": event.key,
        "owner": event.owner or None,
        "subject": event.subject or None,
        "label": event.label or None,
        "old": _content(event.old),
        "new": _content(event.new),
        "due": event.due or None,
        "values": dict(event.values),
    }
    told = {k: v for k, v in said.items() if k not in ("day", "name", "label", "key", "owner")}
    text = json.dumps([number, told], ensure_ascii=False, sort_keys=True)
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()
    return json.dumps({"id": f"{book}-{digest}", **said}, ensure_ascii=False)


def _content(content: Content | None) -> dict[str, str] | None:
    return {"value": content.value, "label": content.label} if content is not None else None
