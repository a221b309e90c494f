"""A workbook of one Model becomes a workbook of another: stage by stage, each proven before the next.

`change` - what was and is to be. `claims` - columns that are there already. `naming` - what is called otherwise.
`ruling` - rules off and on. `cells` - people's cells that change. `scratch` - the same as a new workbook.
`remembering` - the record. `telling` - notes. `run` - the order.

The values of what was there before are the ordinary pass's, which follows. Writes no file.
"""

from __future__ import annotations

from crmsheet.api.restructuring.run import Restructured, restructured

__all__ = ["Restructured", "restructured"]
