"""Refresh: a filled workbook is recomputed in place, by its own spec or by a changed one.

Knows that a workbook with an unbroken seal is up to date. Every other one takes the whole way (`following`), which
is loaded only then.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from crmsheet.api import seals
from crmsheet.api.results import Refreshed
from crmsheet.opc.package import Package

__all__ = ["Refreshed", "refresh"]


def refresh(
    content: bytes,
    *,
    name: str,
    today: date,
    spec: Path | None = None,
    as_of: date | str | None = None,
    accept_deletions: bool = False,
    apply_renames: bool = False,
    restore_sheets: bool = False,
    events: bool = False,
    looking: bool = False,
) -> Refreshed:
    """Recompute a workbook; with `events`, tell what happened since they were asked for last. With `looking` only the
    problems of the rows are told.

    Raises WorkbookRefused, SpecError, UsageError or InternalError; changes nothing.
    """
    package = Package.of(content, name)
    if spec is None and not (accept_deletions or apply_renames or restore_sheets or events):
        known = seals.as_sealed(package, name, today=today, as_of=as_of)
        if known is not None:
            return known
    from crmsheet.api.following import refreshed
    from crmsheet.sheetml.contents import Contents

    return refreshed(
        Contents(package, condensing=True, looking=looking),
        name=name,
        today=today,
        spec=spec,
        as_of=as_of,
        accept_deletions=accept_deletions,
        apply_renames=apply_renames,
        restore_sheets=restore_sheets,
        events=events,
        looking=looking,
    )
