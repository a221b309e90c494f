"""What crmsheet does, as functions: paths and options in, result objects out. Prints nothing.

Each function imports what it needs when it is called, so that a command pays only for itself.
"""

from __future__ import annotations

from crmsheet.api.build import Built, build, ensure_replaceable
from crmsheet.api.check import Checked, check
from crmsheet.api.refresh import Refreshed, refresh
from crmsheet.api.starting import new, schema, starters

__all__ = [
    "Built",
    "Checked",
    "Refreshed",
    "build",
    "check",
    "ensure_replaceable",
    "new",
    "refresh",
    "schema",
    "starters",
]
