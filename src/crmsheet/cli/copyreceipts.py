"""What is told of copies for people of a team.

Knows how it reads to a person, and as JSON. Does not know how copies are made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from crmsheet.cli.render import counted
from crmsheet.messages import listed, phrase, say

if TYPE_CHECKING:
    from crmsheet.api import Shared

_SHOWN = 8


def lines(copy: Shared, *, rows: bool = True, verbose: bool = False) -> Iterator[str]:
    """What a copy holds and what it does not, a line each."""
    if rows:
        yield say("rows: {rows}", rows=rows_text(copy))
    if copy.names:
        yield say(
            "{rows} of others by name only, because these refer to them",
            rows=counted(copy.names, "row"),
        )
    for what, names in (
        (phrase("masked: {names}"), copy.masked),
        (phrase("left out: {names}"), copy.dropped),
    ):
        if names:
            yield say(what, names=_listed(names, verbose))
    if copy.followed:
        kinds = [say("{kind} {name}", kind=say(kind), name=label) for kind, label in copy.followed]
        yield say("left out with them: {names}", names=_listed(kinds, verbose))
    if copy.scrubbed:
        yield say(
            "hidden numbers and addresses were masked in {texts} as well",
            texts=counted(copy.scrubbed, "text"),
        )
    if copy.left_sheets:
        yield say("not in it, as people made them: {names}", names=_listed(copy.left_sheets, verbose))


def rows_text(copy: Shared) -> str:
    return listed(f"{label} {count:,}" for label, count in copy.rows)


def _listed(names: Sequence[str], verbose: bool) -> str:
    shown = names if verbose else names[:_SHOWN]
    more = len(names) - len(shown)
    return listed(shown) + (say(" and {more} more (-v lists all)", more=more) if more else "")


def as_json(copy: Shared, file: str) -> dict[str, object]:
    return {
        "workbook": file,
        "role": copy.role,
        "person": copy.person,
        "language": copy.language,
        "as_of": copy.as_of.isoformat(),
        "rows": dict(copy.rows),
        "names_only": copy.names,
        "masked": list(copy.masked),
        "dropped": list(copy.dropped),
        "followed": [{"kind": kind, "label": label} for kind, label in copy.followed],
        "texts_masked": copy.scrubbed,
        "sheets_left_out": list(copy.left_sheets),
    }
