"""Model × State → Plan: what the workbook holds, decided here and nowhere else.

Emits trees only; texts of formulas arise in `formulas.render`. Does not know YAML, XML, files or addresses.

`compiled` runs in two steps: every family of things (tables, lists, settings, boards, guide) contributes
`Pieces` whose formula cells have no values yet; then one environment evaluates them all, on demand.
"""

from crmsheet.compile.book import Compiled, compiled
from crmsheet.compile.pieces import Context, ExtraColumn, Pieces

__all__ = ["Compiled", "Context", "ExtraColumn", "Pieces", "compiled"]
