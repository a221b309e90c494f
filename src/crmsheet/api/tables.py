"""Tables and fields as people name them on the command line: by id, label in either language, or alias.

Knows names only.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Protocol, TypeVar

from crmsheet.diagnostics import Diagnostic
from crmsheet.errors import UsageError
from crmsheet.messages import listed, say
from crmsheet.model.spec import Field, Model, Table
from crmsheet.model.words import Label


class Named(Protocol):
    """What has an id, two labels, and perhaps other names."""

    @property
    def id(self) -> str: ...
    @property
    def label(self) -> Label: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...


_N = TypeVar("_N", bound=Named)


def table_of(model: Model, name: str) -> Table:
    """The table of that name. Raises UsageError."""
    if not name:
        ids = listed((t.id for t in model.tables), " | ")
        raise UsageError(
            Diagnostic(
                "U120", say("say which table gets the rows"), remedy=say("Write:  --table {ids}", ids=ids)
            )
        )
    return _named(model.tables, name, say("table"))


def field_of(table: Table, name: str) -> Field:
    """The field of that name. Raises UsageError."""
    return _named(table.fields, name, say("field of '{table}'", table=table.id))


def _named(things: Iterable[_N], name: str, kind: str) -> _N:
    words: dict[str, _N] = {}
    ids: list[str] = []
    for thing in things:
        ids.append(thing.id)
        for word in (thing.id, thing.label.zh, thing.label.en, *thing.aliases):
            words.setdefault(word.strip().casefold(), thing)
    found = words.get(name.strip().casefold())
    if found is not None:
        return found
    near = get_close_matches(name.strip().casefold(), words, 1)
    raise UsageError(
        Diagnostic(
            "U120",
            say("there is no {kind} called '{name}'", kind=kind, name=name),
            remedy=say("Did you mean '{words}'?", words=words[near[0]].id)
            if near
            else say("There are: {ids}.", ids=listed(ids)),
            allowed=tuple(ids),
        )
    )
