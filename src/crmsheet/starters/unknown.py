"""What is said of a name that nothing bears.

Knows the sentence. Does not know starters nor packs.
"""

from __future__ import annotations

from difflib import get_close_matches

from crmsheet.diagnostics import Diagnostic
from crmsheet.errors import UsageError
from crmsheet.messages import listed, say


def unknown(kind: str, code: str, name: str, names: tuple[str, ...]) -> UsageError:
    """The error for a starter or pack that there is not, with the nearest that there is."""
    near = get_close_matches(name, names, 1)
    remedy = (
        say("Did you mean '{near}'?", near=near[0])
        if near
        else say("{kind}s: {names}.", kind=say(kind.capitalize()), names=listed(names))
    )
    return UsageError(
        Diagnostic(
            code, say("there is no {kind} '{name}'", kind=say(kind), name=name), remedy=remedy, allowed=names
        )
    )
