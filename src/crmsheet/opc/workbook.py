"""The workbook of a package and the sheets that it lists.

Knows what the main part says of them. Does not know what stands in a sheet.
"""

from __future__ import annotations

from enum import StrEnum

from crmsheet.structs import dataclass


class SheetKind(StrEnum):
    """What a sheet is; the member's value is the kind of its relationship."""

    WORKSHEET = "worksheet"
    CHARTSHEET = "chartsheet"
    DIALOGSHEET = "dialogsheet"
    MACROSHEET = "xlMacrosheet"
    OTHER = "other"


class SheetState(StrEnum):
    VISIBLE = "visible"
    HIDDEN = "hidden"
    VERY_HIDDEN = "veryHidden"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as the workbook lists it; `index` is its 0-based place, which `localSheetId` refers to."""

    index: int
    name: str
    sheet_id: str
    state: SheetState
    rid: str
    part: str
    kind: SheetKind


@dataclass(frozen=True, slots=True)
class Workbook:
    part: str
    sheets: tuple[Sheet, ...]
    date1904: bool
    strict: bool
    """Written in the strict edition of the standard."""

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of that name; Excel does not distinguish case there."""
        wanted = name.casefold()
        return next((s for s in self.sheets if s.name.casefold() == wanted), None)
