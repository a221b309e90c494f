"""Whether two formula texts mean the same, whoever wrote them.

Knows that programs rewrite formulas when they save. Does not know what a formula computes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from crmsheet.formulas.excel_text import FormulaContext, canonical


@dataclass(frozen=True, slots=True)
class Meanings:
    """Compares formula texts in one workbook; equal texts need no look at what they say."""

    context: FormulaContext
    _same: dict[tuple[str, str], bool] = field(default_factory=dict)

    def same(self, expected: str, found: str, sheet: str, row: int) -> bool:
        """Whether `found`, in a cell of that sheet and row, means what `expected` means there."""
        if expected == found:
            return True
        at = self.context.at(sheet, row)
        return canonical(expected, at) == canonical(found, at)
