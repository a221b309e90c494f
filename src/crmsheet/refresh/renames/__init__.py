"""Sheets, tables, columns and names called otherwise, with everything in the package that mentions them.

`patch` - all places and what is written there, as a patch. `book` - workbook part and tables. `sheetformulas` -
the cells of a sheet. `sheetparts` - a sheet's rules, links, controls. `objects` - charts, drawings, controls'
own parts. `pivots` - the caches of pivot tables and slicers. `texts` - what is found and left alone. `spots` -
how a text or an attribute is replaced. `proof` - that every place reads as renamed, and nothing else changed.

Knows where Excel keeps formulas and names. Does not know why something is renamed, nor whether a name is free.
"""

from __future__ import annotations

from crmsheet.refresh.renames.patch import RenamePatch, rename_patch
from crmsheet.refresh.renames.proof import renamed_only
from crmsheet.refresh.renames.spots import Mention, Rewritten

__all__ = ["Mention", "RenamePatch", "Rewritten", "rename_patch", "renamed_only"]
