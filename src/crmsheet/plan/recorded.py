"""Where the hidden record of a workbook stands.

Knows its sheet and its block by name. Does not know what is recorded (`model.baseline`).
"""

from __future__ import annotations

from typing import Final

RECORD_ANCHOR: Final = "baseline"
"""The block of the hidden record (`model.baseline`), a line a row."""
RECORD_SHEET: Final = "_crmsheet"
"""The hidden sheet it stands on."""
