"""Old names in the texts inside formulas, as INDIRECT, HYPERLINK and GETPIVOTDATA read them.

Knows when a text looks like a reference. Such texts are never changed: nobody can say what else they are for.
"""

from __future__ import annotations

import re

from crmsheet.excel.escaping import unquoted_text_literal
from crmsheet.formulas.excel_pieces import PieceKind, pieces
from crmsheet.formulas.places import header_key
from crmsheet.formulas.renaming import Renames
from crmsheet.structs import dataclass

_READ_TEXTS = re.compile(r"(?:INDIRECT|HYPERLINK|GETPIVOTDATA)\s*\(", re.IGNORECASE)
_BY_HEADER = "GETPIVOTDATA"


@dataclass(frozen=True, slots=True)
class OldTexts:
    """What a text must look like to mention something renamed."""

    pattern: re.Pattern[str] | None
    headers: frozenset[str]

    @staticmethod
    def of(renames: Renames) -> OldTexts:
        sheets = [re.escape(name.replace("'", "''")) + "'?!" for name in renames.sheets]
        tables = [re.escape(name) + r"\[" for name in (*renames.tables, *renames.columns)]
        whole = [rf"^{re.escape(name)}$" for name in (*renames.tables, *renames.names)]
        whole += [rf"^#{re.escape(name)}$" for name in (*renames.tables, *renames.names)]
        patterns = "|".join((*sheets, *tables, *whole))
        headers = {header_key(h) for mapping in renames.columns.values() for h in mapping}
        return OldTexts(
            re.compile(rf"(?<!\w)(?:{patterns})", re.IGNORECASE) if patterns else None, frozenset(headers)
        )

    def in_formula(self, formula: str) -> str:
        """The first text of a formula that mentions an old name; empty without one."""
        if '"' not in formula or self.pattern is None or not _READ_TEXTS.search(formula):
            return ""
        by_header = _BY_HEADER in formula.upper()
        for piece in pieces(formula):
            if piece.kind is PieceKind.TEXT:
                text = unquoted_text_literal(piece.text)
                if self.pattern.search(text) or (by_header and header_key(text) in self.headers):
                    return text
        return ""
