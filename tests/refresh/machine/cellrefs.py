"""References in the text of formulas, followed as Excel follows them when rows, columns or names move.

Knows A1 references, sheet names, structured references and text in quotes by one pattern. Shares no code with
crmsheet. Does not know workbooks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from tests.judge.package import column_letters, column_number

Box: TypeAlias = tuple[int, int, int, int]
"""Top, left, bottom, right; from 1, inclusive."""

_REF = r"\$?[A-Z]{1,3}\$?[0-9]+(?::\$?[A-Z]{1,3}\$?[0-9]+)?"
_TOKEN = re.compile(
    rf"""
    (?P<text>"(?:[^"]|"")*")
  | (?P<bracket>\[(?:[^\[\]]|\[[^\]]*\])*\])
  | (?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!(?:(?P<rows>\$?[0-9]+:\$?[0-9]+)|(?P<there>{_REF}))
  | (?<![\w.$!\[])(?P<here>{_REF})(?![\w.(\[])
    """,
    re.VERBOSE,
)
_END = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([0-9]+)")


@dataclass(frozen=True, slots=True)
class Shift:
    """Rows inserted (`by` > 0) above row `at` of a sheet, or `-by` rows deleted from there on."""

    at: int
    by: int

    def row(self, row: int) -> int | None:
        """Where a row is afterwards; None when it was deleted."""
        if row < self.at:
            return row
        if self.by < 0 and row < self.at - self.by:
            return None
        return row + self.by

    def box(self, box: Box) -> Box | None:
        """Where an area is afterwards."""
        top, left, bottom, right = box
        if self.by > 0:
            return (top + self.by * (top >= self.at), left, bottom + self.by * (bottom >= self.at), right)
        gone = range(self.at, self.at - self.by)
        if top in gone and bottom in gone:
            return None
        after = self.at - self.by
        new_top = self.at if top in gone else top + self.by * (top >= after)
        new_bottom = self.at - 1 if bottom in gone else bottom + self.by * (bottom >= after)
        return (new_top, left, new_bottom, right)


def quoted(sheet: str) -> str:
    """A sheet's name as formulas write it."""
    plain = re.fullmatch(r"[^\W\d][\w.]*", sheet) and not re.fullmatch(r"[A-Za-z]{1,3}\d+", sheet)
    return sheet if plain else "'" + sheet.replace("'", "''") + "'"


def unquoted(text: str) -> str:
    """A sheet's name out of a formula."""
    return text[1:-1].replace("''", "'") if text.startswith("'") else text


def mapped(formula: str, home: str, change: Callable[[str, Box], Box | None]) -> str:
    """The formula with every reference changed by `change` (sheet, area); None makes it `#REF!`."""

    def replaced(found: re.Match[str]) -> str:
        ref = found["there"] or found["here"]
        if found["rows"]:
            return _rows(found, change)
        if ref is None:
            return found[0]
        sheet = unquoted(found["sheet"]) if found["sheet"] else home
        before = box_of(ref)
        after = change(sheet, before)
        prefix = f"{found['sheet']}!" if found["sheet"] else ""
        if after == before:
            return found[0]
        return prefix + ("#REF!" if after is None else _spelled(ref, after))

    return _TOKEN.sub(replaced, formula)


def _rows(found: re.Match[str], change: Callable[[str, Box], Box | None]) -> str:
    """Whole rows, as titles for printing are given."""
    first, last = (int(end.strip("$")) for end in found["rows"].split(":"))
    after = change(unquoted(found["sheet"]), (first, 1, last, 1))
    return f"{found['sheet']}!" + ("#REF!" if after is None else f"${after[0]}:${after[2]}")


def with_sheet_renamed(formula: str, old: str, new: str) -> str:
    """The formula after a sheet was renamed."""

    def replaced(found: re.Match[str]) -> str:
        if found["sheet"] and unquoted(found["sheet"]).casefold() == old.casefold():
            return f"{quoted(new)}!{found['there'] or found['rows']}"
        return found[0]

    return _TOKEN.sub(replaced, formula)


def with_column_renamed(formula: str, table: str, old: str, new: str) -> str:
    """The formula after a table's column was renamed; structured references always name their table here."""
    for before, after in (
        (f"{table}[{old}]", f"{table}[{new}]"),
        (f"{table}[[#This Row],[{old}]]", f"{table}[[#This Row],[{new}]]"),
    ):
        formula = formula.replace(before, after)
    return formula


def box_of(ref: str) -> Box:
    """The area that an A1 reference names."""
    first, _, last = ref.partition(":")
    ends = [_END.fullmatch(end) for end in (first, last or first)]
    assert ends[0] is not None
    assert ends[1] is not None
    (_, c1, _, r1), (_, c2, _, r2) = ends[0].groups(), ends[1].groups()
    return int(r1), column_number(c1), int(r2), column_number(c2)


def ref_of(box: Box) -> str:
    """An area as A1."""
    top, left, bottom, right = box
    first = f"{column_letters(left)}{top}"
    return first if (top, left) == (bottom, right) else f"{first}:{column_letters(right)}{bottom}"


def _spelled(ref: str, box: Box) -> str:
    """The area written with the dollar signs of the old reference."""
    places = ((box[0], box[1]), (box[2], box[3]))
    ends = [_END.fullmatch(end) for end in ref.split(":")]
    return ":".join(
        f"{end[1]}{column_letters(column)}{end[3]}{row}"
        for end, (row, column) in zip(ends, places, strict=False)
        if end is not None
    )
