"""A placed plan × a package → the smallest patch, applied and proven.

`difference` - what differs in meaning. `cells`, `parts`, `charts` - by kind. `patch` - the edits as data,
applied; `merging` and `ledgers` - edits of one part from several sources, and of what a package lists. `graft` -
things of another workbook put in. `verify` and `soundness` - the proof that nothing else changed.

Receives plans and packages; reads no rows and no spec, and writes no file. A name is imported from its module when
it is first asked for: who only tells what was found needs no more than `notes`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crmsheet.refresh.notes import Note, NoteKind
    from crmsheet.refresh.patch import Patch, Patched, applied
    from crmsheet.refresh.verify import broken_promises

__all__ = ["Note", "NoteKind", "Patch", "Patched", "applied", "broken_promises"]

_MODULES = {
    "Note": "notes",
    "NoteKind": "notes",
    "Patch": "patch",
    "Patched": "patch",
    "applied": "patch",
    "broken_promises": "verify",
}


def __getattr__(name: str) -> object:
    """A name of the package, from the module that holds it."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
