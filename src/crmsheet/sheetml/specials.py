"""Formulas that more cells than their own depend on: shared ones, arrays, data tables.

Knows which master a cell with a shared formula follows, and that some programs use a number again for another range.
Does not know how such formulas are found in a part (`scan`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from crmsheet.excel.references import RangeRef, range_or_none
from crmsheet.opc.refusals import Refusal
from crmsheet.sheetml.decode import FormulaTag
from crmsheet.sheetml.shift import shifted
from crmsheet.sheetml.spans import CellSpan
from crmsheet.structs import dataclass, field

_MOST_MASTERS: Final = 1_000
"""Of one index; programs that use an index again do so a few times. Each cell is looked for in all of them."""


@dataclass(frozen=True, slots=True)
class SpecialFormula:
    """A formula that more cells than its own depend on: `shared` masters, `array`, `dataTable`."""

    row: int
    column: int
    type: str
    text: str
    shared_index: str
    area: RangeRef | None


@dataclass(frozen=True, slots=True)
class SpecialFormulas:
    """Those of one part, in the order written."""

    found: tuple[SpecialFormula, ...]
    file: str = field(default="", compare=False)
    part: str = field(default="", compare=False)
    _masters: list[Mapping[str, tuple[SpecialFormula, ...]]] = field(
        default_factory=list, repr=False, compare=False
    )

    def __iter__(self) -> Iterator[SpecialFormula]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    @property
    def masters(self) -> Mapping[str, tuple[SpecialFormula, ...]]:
        """By shared index. Some programs use an index again for another range."""
        if not self._masters:
            masters: dict[str, list[SpecialFormula]] = {}
            for special in self.found:
                if special.type == "shared":
                    masters.setdefault(special.shared_index, []).append(special)
            if any(len(found) > _MOST_MASTERS for found in masters.values()):
                reason = "More shared formulas have one number than can be told apart."
                raise Refusal.NOT_SERVED.error(self.file, self.part, reason)
            self._masters.append({index: tuple(found) for index, found in masters.items()})
        return self._masters[0]

    def master_of(self, shared_index: str, row: int, column: int) -> SpecialFormula | None:
        """The master whose range holds the cell, else the last one with that index."""
        masters = self.masters.get(shared_index, ())
        for master in masters:
            if master.area is not None and master.area.contains(row, column):
                return master
        return masters[-1] if masters else None

    def shared_text(self, shared_index: str, row: int, column: int) -> str:
        """The formula of a cell that shares one, moved to where it is; empty without a master."""
        master = self.master_of(shared_index, row, column)
        return "" if master is None else shifted(master.text, row - master.row, column - master.column)

    @property
    def array_areas(self) -> tuple[tuple[RangeRef, SpecialFormula], ...]:
        """Ranges that one array formula (also a spilled one) or data table fills."""
        return tuple((s.area, s) for s in self.found if s.type != "shared" and s.area is not None)


def special_of(span: CellSpan, tag: FormulaTag) -> SpecialFormula | None:
    """The formula of a cell, if other cells depend on it."""
    if tag.type not in ("array", "dataTable") and not (tag.type == "shared" and tag.text):
        return None
    area = range_or_none(tag.ref)
    if area is None and tag.type != "shared":
        area = RangeRef(span.row, span.column, span.row, span.column)
    return SpecialFormula(span.row, span.column, tag.type, tag.text, tag.shared_index, area)


@lru_cache(maxsize=16)
def special_formula(prefix: bytes) -> re.Pattern[bytes]:
    """`<f>` of an array or data table, and one that is shared and has a text."""
    p = re.escape(prefix)
    return re.compile(
        rb"<%bf\s(?:[^>]*?\s)?t\s*=\s*[\"'](?:(?:array|dataTable)[\"']|shared[\"'][^>]*(?<!/)>[^<])" % p
    )


@lru_cache(maxsize=64)
def shared_formula(prefix: bytes, shared_index: bytes) -> re.Pattern[bytes]:
    p, si = re.escape(prefix), re.escape(shared_index)
    return re.compile(rb"<%bf\s(?:[^>]*?\s)?si\s*=\s*[\"']%b[\"']" % (p, si))
