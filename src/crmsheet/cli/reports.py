"""The file a user can send when a promise of ours did not hold.

Knows how to say what broke and where without saying what stands in the workbook: versions, codes, obligations,
addresses of cells, names of parts and the lines of our own source that were running; no values, no formulas,
no text of an exception, no path of a user's file.
"""

from __future__ import annotations

import platform
import re
import tempfile
import traceback
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from crmsheet import __version__
from crmsheet.diagnostics import CellPlace, Diagnostic, FilePlace
from crmsheet.errors import CrmsheetError

OBLIGATIONS = {
    "1": "every member that the patch does not name is byte-equal, present and in its place",
    "2": "inside a changed part everything outside the changed spans is byte-equal",
    "3": "every cell of the user's has the value, type, formula and format it had",
    "4": "the package is sound",
    "5": "refreshing the result again changes nothing",
    "6": "every owned formula cell carries the value that was computed",
}
_OBLIGATION = re.compile(r"\bobligation (\d)\b")
_CELL = re.compile(r"(?:\b(?:cell|change) )?([^\s!][^!:\n]{0,40}![A-Z]{1,3}[0-9]{1,7})(?![0-9A-Za-z])")
_PART = re.compile(r"(?<![\w/])(?:\[Content_Types\]\.xml|(?:[\w.-]+/)+[\w.-]+\.(?:xml|rels|vml|bin))(?!\w)")


def written(problem: BaseException) -> Path | None:
    """The report, written to a file of its own in the folder for temporary files; None if that fails."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="crmsheet-report-", suffix=".txt", delete=False
        ) as file:
            file.write("\n".join(lines(problem)) + "\n")
    except OSError:
        return None
    return Path(file.name)


def lines(problem: BaseException) -> Iterator[str]:
    """The report, line by line."""
    yield f"crmsheet {__version__}"
    yield f"Python {platform.python_version()}, {platform.system()} {platform.release()} {platform.machine()}"
    yield f"zlib {zlib.ZLIB_RUNTIME_VERSION}, {expat.EXPAT_VERSION}"
    for diagnostic in problem.diagnostics if isinstance(problem, CrmsheetError) else ():
        yield ""
        yield from _told(diagnostic)
    cause: BaseException | None = problem
    while cause is not None:
        yield ""
        yield f"{type(cause).__module__}.{type(cause).__qualname__} at"
        for frame in traceback.extract_tb(cause.__traceback__):
            yield f"  {_in_package(frame.filename)}:{frame.lineno} {frame.name}"
        cause = cause.__cause__ or cause.__context__


def _told(diagnostic: Diagnostic) -> Iterator[str]:
    place = ""
    match diagnostic.place:
        case CellPlace() as cell:
            place = f" {cell.sheet}!{cell.cell}"
        case FilePlace(part=part) if part:
            place = f" {part}"
    yield f"{diagnostic.code}{place}"
    for line in diagnostic.reason.splitlines():
        if found := _OBLIGATION.search(line):
            number = found[1]
            where = _place(line[found.end() :])
            yield f"  obligation {number} ({OBLIGATIONS.get(number, 'unknown')}): {where}"


def _place(text: str) -> str:
    """The part or the cell that a sentence names; what stands behind it, such as a value, is left out."""
    part, cell = _PART.search(text), _CELL.search(text)
    if cell is not None and (part is None or cell.start() < part.start()):
        return re.sub(r"^.*\b(?:cell|change) ", "", cell[1])
    return part[0] if part is not None else "no single place"


def _in_package(file: str) -> str:
    """A source file without the folders above its package, which may hold a user's name."""
    parts = Path(file).parts
    return "/".join(
        parts[-3:] if "crmsheet" not in parts else parts[len(parts) - 1 - parts[::-1].index("crmsheet") :]
    )
