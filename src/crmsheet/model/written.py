"""Written: what a crmsheet put into a workbook, as prints by which every later one knows it again.

Knows what is told apart. Does not know how a print is made (`plan.prints`, `refresh.rules.prints`) nor what follows from
a difference. The prints of all of a workbook take some thousand characters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crmsheet.structs import dataclass, field

PRINT: Final = 4
"""Characters of a print: of 16 million things one is taken for another."""
SCHEME: Final = 2
"""How prints are made; those of another scheme are not compared."""


@dataclass(frozen=True, slots=True)
class Formats:
    """The format that each visible cell was given (`plan.formats`); what people see otherwise is theirs."""

    styles: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    """By table: of each column, in the order of its mark, the number of its cells' style, then of its header's."""
    blocks: Mapping[str, str] = field(default_factory=dict)
    """By anchor: the numbers of its cells' styles."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written last. Prints stand behind each other in one text."""

    by: str
    """The edition of crmsheet that did."""
    scheme: int = SCHEME
    tables: Mapping[str, str] = field(default_factory=dict)
    """By table: of each column, in the order of its mark, the print of its look, then that of its formula."""
    blocks: Mapping[str, str] = field(default_factory=dict)
    """By anchor: the print of its form, then that of its formulas and texts."""
    rules: str = ""
    """Every validation and conditional format."""
    names: str = ""
    """Workbook names that formulas use."""
    charts: str = ""
    """How charts are drawn."""
    widths: Mapping[str, str] = field(default_factory=dict)
    """By sheet: the widths of its columns (`plan.prints.widths_of`)."""
    formats: Formats | None = None
    """None where nobody wrote them down."""


def prints(text: str) -> tuple[str, ...]:
    """The prints in a text."""
    return tuple([text[i : i + PRINT] for i in range(0, len(text), PRINT)])
