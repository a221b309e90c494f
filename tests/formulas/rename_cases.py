"""Reads `tests/cases/renames.txt`, whose head says how a case is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crmsheet.excel.references import RangeRef, parse_range, split_sheet
from crmsheet.formulas.renaming import Renames

FILE = Path(__file__).resolve().parents[1] / "cases" / "renames.txt"
_CHANGE = re.compile(r"(sheet|table|name|column|move) (.+?) -> (.+)", re.DOTALL)
_PLACE = re.compile(r"(?:in table|on sheet) (.+)")


@dataclass(frozen=True)
class RenameCase:
    place: str
    renames: Renames
    own_table: str
    sheet: str
    before: str
    after: str


@dataclass
class _Block:
    sheets: dict[str, str] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    moves: dict[str, tuple[tuple[RangeRef, RangeRef], ...]] = field(default_factory=dict)
    own_table: str = ""
    sheet: str = ""

    def change(self, what: str, old: str, new: str) -> None:
        if what == "column":
            table, _, header = old.partition(": ")
            self.columns.setdefault(table, {})[header] = new
        elif what == "move":
            sheet, area = split_sheet(old)
            pair = (parse_range(area), parse_range(new))
            self.moves[sheet] = (*self.moves.get(sheet, ()), pair)
        else:
            {"sheet": self.sheets, "table": self.tables, "name": self.names}[what][old] = new

    @property
    def renames(self) -> Renames:
        return Renames(self.sheets, self.tables, self.columns, self.names, self.moves)


def rename_cases() -> Iterator[RenameCase]:
    """All cases of the file."""
    block = _Block()
    for number, raw in enumerate(FILE.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.replace(r"\n", "\n")
        if line.startswith("#"):
            continue
        if not line.strip():
            block = _Block()
            continue
        before, arrow, after = line.partition(" => ")
        if arrow:
            yield RenameCase(
                f"renames.txt:{number}",
                block.renames,
                block.own_table,
                block.sheet,
                before,
                before if after == "same" else after,
            )
        elif change := _CHANGE.fullmatch(line):
            block.change(*change.groups())
        elif place := _PLACE.fullmatch(line):
            if line.startswith("in table"):
                block.own_table = place[1]
            else:
                block.sheet = place[1]
        else:
            raise ValueError(f"renames.txt:{number}: {line!r} is neither a change, a place nor a formula")
