"""What of a workbook an earlier crmsheet wrote, and wrote otherwise than this one.

Knows it as prints, from which follows what of all that differs is people's. Of a workbook whose record does not say it
nothing is known, and what many cells have alike is taken for an earlier version's. Does not know what is done about it,
nor how prints of a whole plan are made and compared (`written`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crmsheet.model.written import Written
from crmsheet.plan.prints import print_of, words_of
from crmsheet.structs import dataclass, field


@dataclass(frozen=True, slots=True)
class Aged:
    """What this crmsheet writes otherwise than the one that wrote the workbook did.

    `known` says whether the record tells. Without it everything may be an earlier version's."""

    by: str = ""
    """The edition that wrote the workbook; empty where nobody knows."""
    known: bool = True
    columns: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Columns (table, column) with another formula: the print of the one that was written."""
    styles: frozenset[tuple[str, str]] = frozenset()
    """Columns (table, column) that look otherwise."""
    words: frozenset[str] = frozenset()
    """Blocks with other formulas or texts."""
    forms: frozenset[str] = frozenset()
    """Blocks whose cells look or stand otherwise."""
    charts: bool = False
    widths: dict[str, str] = field(default_factory=dict)
    """By sheet, where they are others now: the widths that were written."""
    rules: frozenset[str] = frozenset()
    """Prints of the rules that were written."""
    names: frozenset[str] = frozenset()
    """Prints of the names that were written."""
    now: Written | None = field(default=None, repr=False)
    """All that this crmsheet writes, where it had to be made out."""

    def column(self, table: str, column: str) -> bool:
        """Whether a formula that stands in a column may be an earlier one of ours."""
        return not self.known or (table, column) in self.columns

    def wrote(self, table: str, column: str, text: str) -> bool:
        """Whether a formula is the very one that was written into a column."""
        return self.columns.get((table, column)) == print_of(text)

    def block(self, anchor: str) -> bool:
        """Whether what stands in a block may be an earlier one of ours."""
        return not self.known or anchor in self.words

    def name(self, name: str, text: str | None, wanted: str) -> bool:
        """Whether a workbook name that means this, or is not there, may be as an earlier crmsheet had it."""
        if not self.known:
            return True
        if text is None:
            # That was written, and people deleted it.
            return bool(self.names) and print_of(name, words_of(wanted)) not in self.names
        return print_of(name, words_of(text)) in self.names

    @property
    def looks(self) -> bool:
        """Whether anything is drawn otherwise."""
        return not self.known or bool(self.styles or self.forms or self.charts or self.widths)


UNAGED: Final = Aged()
"""Of a workbook that this very crmsheet wrote."""
