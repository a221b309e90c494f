"""A placed plan × a package → the smallest patch, applied and proven.

`difference` - what differs in meaning. `cells`, `parts`, `charts` - by kind. `patch` - the edits as data,
applied; `merging` and `ledgers` - edits of one part from several sources, and of what a package lists. `graft` -
things of another workbook put in. `verify` and `soundness` - the proof that nothing else changed.

Receives plans and packages; reads no rows and no spec, and writes no file.
"""

from __future__ import annotations

from crmsheet.refresh.difference import Difference, difference
from crmsheet.refresh.notes import Note, NoteKind
from crmsheet.refresh.patch import Patch, Patched, applied
from crmsheet.refresh.verify import broken_promises

__all__ = ["Difference", "Note", "NoteKind", "Patch", "Patched", "applied", "broken_promises", "difference"]
