"""What a refresh gives back, as data.

Knows nothing of how a refresh works, so that whoever has one need not load what makes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsheet.structs import dataclass, field

if TYPE_CHECKING:
    from datetime import date

    from crmsheet.api.keyrenames import KeyRename
    from crmsheet.diagnostics import Diagnostic
    from crmsheet.model.baseline import Baseline
    from crmsheet.refresh.aging import Aged
    from crmsheet.refresh.notes import Note


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh found and made. `content` is None when the workbook is up to date.

    `problems` are what `check` says of the data; `findings` concern the workbook.
    """

    content: bytes | None = field(repr=False)
    language: str
    as_of: date
    rows: tuple[tuple[str, int], ...]
    values_changed: int
    notes: tuple[Note, ...]
    problems: tuple[Diagnostic, ...]
    findings: tuple[Diagnostic, ...]
    renames: tuple[KeyRename, ...] = ()
    """Rows with another key than cells elsewhere say."""
    events: tuple[str, ...] = ()
    """What happened since events were fetched last, a line of JSON each, if they were asked for."""
    record: Baseline | None = field(default=None, repr=False, compare=False)
    """What the workbook remembers of itself."""
    age: Aged | None = field(default=None, repr=False, compare=False)
    """What an earlier crmsheet wrote otherwise; None when nobody looked."""
