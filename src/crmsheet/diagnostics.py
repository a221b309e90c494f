"""What the program says to a user about one problem, as data.

Knows codes, severities, places and remedies. Does not know how they are printed (`cli`).
A code's letter says whose problem it is: S the spec, D data in a workbook, W the workbook file,
U the call, B a bug of ours.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias
from unicodedata import east_asian_width

from crmsheet.messages import in_language, say
from crmsheet.structs import dataclass


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class TextPlace:
    """A place in a text file; `line` and `column` are 1-based, 0 when the whole file is meant."""

    file: str
    line: int = 0
    column: int = 0
    excerpt: str = ""
    """The source line, without its line end."""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}:{self.column}" if self.line and self.column else where


@dataclass(frozen=True, slots=True)
class CellPlace:
    """A place in a workbook, in the user's words."""

    sheet: str
    cell: str = ""
    """An A1 reference without sheet, such as `C5` or `C5:C9`; empty for the whole sheet."""
    column: str = ""
    """The column's header as the user sees it."""
    value: str = ""
    """What stands there, as text."""

    def __str__(self) -> str:
        where = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        return f"{where} [{self.column}]" if self.column else where


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A file as a whole, or a part inside it."""

    file: str
    part: str = ""

    def __str__(self) -> str:
        return f"{self.file} ({self.part})" if self.part else self.file


Place: TypeAlias = TextPlace | CellPlace | FilePlace | None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: where, what, why, and what to do.

    `message` is one line without a full stop; `reason` and `remedy` are sentences or empty.
    `allowed` lists values that would be right there, best first.
    """

    code: str
    message: str
    place: Place = None
    severity: Severity = Severity.ERROR
    reason: str = ""
    remedy: str = ""
    allowed: tuple[str, ...] = ()

    def text(self, language: str = "en") -> str:
        """The plain text form: the first line, then reason and remedy indented."""
        where = f" {self.place}" if self.place is not None else ""
        kind = say(self.severity.value)
        head = say(
            "{code}{where} {kind}: {message}", code=self.code, where=where, kind=kind, message=self.message
        )
        lines = [in_language(head, language)]
        if isinstance(self.place, TextPlace) and self.place.excerpt:
            lines.append(f"     | {self.place.excerpt}")
            if self.place.column:
                lines.append("     | " + _caret(self.place.excerpt, self.place.column))
        lines += [f"     {line}" for line in in_language(self.reason, language).splitlines()]
        lines += [f"     {line}" for line in in_language(self.remedy, language).splitlines()]
        return "\n".join(lines)


def _caret(excerpt: str, column: int) -> str:
    """Spaces up to the 1-based column, as wide as the text above (wide characters count two)."""
    before = excerpt[: column - 1]
    return "".join("  " if east_asian_width(c) in "WF" else "\t" if c == "\t" else " " for c in before) + "^"
