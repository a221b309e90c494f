"""What crmsheet does, as functions: paths and options in, result objects out. Prints nothing.

Each function is imported from its module when it is first asked for, so that a command pays only for itself.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crmsheet.api.adopting import Adopted, adopt
    from crmsheet.api.briefing import Brief, brief
    from crmsheet.api.building import Built, build, ensure_replaceable
    from crmsheet.api.checking import Checked, check
    from crmsheet.api.comparing import Compared, compare
    from crmsheet.api.counting import row_counts
    from crmsheet.api.deduping import Deduped, apply_decisions, list_duplicates
    from crmsheet.api.exporting import Exported, export
    from crmsheet.api.forgetting import holds_any
    from crmsheet.api.importing import Imported, Rejection, Taken, import_rows
    from crmsheet.api.opening import (
        decrypted,
        encrypted,
        ensure_usable,
        is_encrypted,
        is_ours,
        read_workbook,
    )
    from crmsheet.api.purging import Purged, purge
    from crmsheet.api.refreshing import Refreshed, refresh
    from crmsheet.api.reminding import Due, Reminded, remind
    from crmsheet.api.starting import new, packs, schema, starters
    from crmsheet.api.team.access import RoleRow, access
    from crmsheet.api.team.merging import Merged, merge
    from crmsheet.api.team.sharing import Shared, share
    from crmsheet.api.team.splitting import Split, split

__all__ = [
    "Adopted",
    "Brief",
    "Built",
    "Checked",
    "Compared",
    "Deduped",
    "Due",
    "Exported",
    "Imported",
    "Merged",
    "Purged",
    "Refreshed",
    "Rejection",
    "Reminded",
    "RoleRow",
    "Shared",
    "Split",
    "Taken",
    "access",
    "adopt",
    "apply_decisions",
    "brief",
    "build",
    "check",
    "compare",
    "decrypted",
    "encrypted",
    "ensure_replaceable",
    "ensure_usable",
    "export",
    "holds_any",
    "import_rows",
    "is_encrypted",
    "is_ours",
    "list_duplicates",
    "merge",
    "new",
    "packs",
    "purge",
    "read_workbook",
    "refresh",
    "remind",
    "row_counts",
    "schema",
    "share",
    "split",
    "starters",
]

_MODULES = {
    "Adopted": "adopting",
    "adopt": "adopting",
    "Brief": "briefing",
    "brief": "briefing",
    "Built": "building",
    "build": "building",
    "ensure_replaceable": "building",
    "Checked": "checking",
    "check": "checking",
    "Compared": "comparing",
    "compare": "comparing",
    "row_counts": "counting",
    "Deduped": "deduping",
    "apply_decisions": "deduping",
    "list_duplicates": "deduping",
    "holds_any": "forgetting",
    "Imported": "importing",
    "Rejection": "importing",
    "Taken": "importing",
    "import_rows": "importing",
    "Purged": "purging",
    "purge": "purging",
    "Exported": "exporting",
    "export": "exporting",
    "decrypted": "opening",
    "encrypted": "opening",
    "ensure_usable": "opening",
    "is_encrypted": "opening",
    "is_ours": "opening",
    "read_workbook": "opening",
    "Refreshed": "refreshing",
    "refresh": "refreshing",
    "Due": "reminding",
    "Reminded": "reminding",
    "remind": "reminding",
    "new": "starting",
    "packs": "starting",
    "schema": "starting",
    "starters": "starting",
    "RoleRow": "team.access",
    "access": "team.access",
    "Merged": "team.merging",
    "merge": "team.merging",
    "Shared": "team.sharing",
    "share": "team.sharing",
    "Split": "team.splitting",
    "split": "team.splitting",
}


def __getattr__(name: str) -> object:
    """A public function or class, from the module that holds it."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
