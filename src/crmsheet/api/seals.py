"""The seal of a workbook: a mark in it, by which it is known that nobody has touched it since it was built, or since a
refresh proved that refreshing it again would change nothing.

Knows where the seal stands (beside the hidden record), what it covers (every other byte of the package) and what it
remembers: what the next refresh would tell people. A workbook is only taken for up to date when all of that is as it
was, for the same date and the very crmsheet that sealed it; anything else takes the ordinary way. Does not know how a
refresh works.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from contextlib import suppress
from datetime import date
from hashlib import sha256
from typing import Final

from crmsheet.api.results import Refreshed
from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.edition import edition
from crmsheet.errors import WorkbookRefused
from crmsheet.model.codec import decoded, encoded
from crmsheet.opc.package import Package
from crmsheet.opc.writer import assemble, other_bytes, unchanged_members
from crmsheet.patterns import regex
from crmsheet.plan.recorded import RECORD_SHEET
from crmsheet.refresh.notes import Note
from crmsheet.structs import dataclass, replace

_BLANK: Final = "0" * 64
_COLUMN: Final = 1
"""Beside the first line of the record."""
_MOST: Final = 32_000
"""Characters in a cell."""
_MOST_JSON: Final = 8 * 2**20
_SEAL: Final = regex(rb"<t>crmsheet-seal 1 ([0-9a-f]{64}) (\S{1,40}) ([A-Za-z0-9+/=]+)</t>")


@dataclass(frozen=True, slots=True)
class Told:
    """What a refresh that changes nothing tells. `as_of` is its date, `fixed` whether it is typed in the workbook."""

    language: str
    as_of: str
    fixed: bool
    rows: tuple[tuple[str, int], ...]
    notes: tuple[Note, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    findings: tuple[Diagnostic, ...] = ()


def sealed(data: bytes, file: str, told: Told, opened: Package | None = None, *, new: bool = False) -> bytes:
    """A finished workbook with its seal; as it is where there is no room for one. `opened` is its package, where
    somebody has it. Beside the seal of a `new` one stands how its charts were drawn."""
    from crmsheet.sheetml.edits import CellEdit, EditKind
    from crmsheet.sheetml.scan import SheetScan
    from crmsheet.sheetml.spanedit import proof_outside_spans
    from crmsheet.sheetml.splice import patched_sheet

    package = opened or Package.of(data, file)
    sheet = package.workbook.sheet(RECORD_SHEET)
    if sheet is not None and package.texts(sheet.part) is not None:
        # Sealed are the bytes that stand there, not what stands for them.
        package = Package.of(data, file)
    text = f"crmsheet-seal 1 {_BLANK} {edition()} {_packed(_moved(told, file, ''))}"
    if sheet is None or len(text) > _MOST:
        return data
    edits = [CellEdit(0, _COLUMN, EditKind.VALUE, text)]
    if new:
        from crmsheet.refresh.structure.drawn import PLACE, drawn_text

        edits.append(CellEdit(*PLACE, EditKind.VALUE, drawn_text(package)))
    done = patched_sheet(SheetScan.of(package, sheet.part), edits)
    match = _SEAL.search(done.data)
    if match is None or proof_outside_spans(package.xml(sheet.part), done.data, done.replacements):
        return data
    digest = _digest(package, sheet.part, done.data).encode()
    content = done.data[: match.start(1)] + digest + done.data[match.end(1) :]
    result = assemble(package, {sheet.part: content})
    after = Package.of(result, file)
    if unchanged_members(package, after, (sheet.part,)) or after.read(sheet.part) != content:
        return data
    return result


def as_sealed(package: Package, name: str, *, today: date, as_of: date | str | None) -> Refreshed | None:
    """What a refresh would tell of a workbook that is as the last one left it; None of any other."""
    with suppress(WorkbookRefused):
        sheet = package.workbook.sheet(RECORD_SHEET)
        told = _told(package, sheet.part) if sheet is not None else None
        if told is None or not _same_date(told, today, as_of):
            return None
        told = _moved(told, "", name)
        return Refreshed(
            None,
            told.language,
            date.fromisoformat(told.as_of),
            told.rows,
            0,
            told.notes,
            told.problems,
            told.findings,
        )
    return None


def _told(package: Package, part: str) -> Told | None:
    """What the seal remembers, if it is whole."""
    # Not kept: the record of a large workbook is large.
    data = b"".join(package.pieces(part))
    match = _SEAL.search(data)
    if match is None or match.group(2).decode() != edition():
        return None
    blank = data[: match.start(1)] + _BLANK.encode() + data[match.end(1) :]
    if _digest(package, part, blank).encode() != match.group(1):
        return None
    try:
        inflated = zlib.decompressobj().decompress(base64.b64decode(match.group(3)), _MOST_JSON)
        return decoded(Told, json.loads(inflated))
    except (binascii.Error, zlib.error, ValueError, KeyError, TypeError, AttributeError):
        return None


def _same_date(told: Told, today: date, as_of: date | str | None) -> bool:
    """Whether a refresh would be for the date that was sealed, and leave the one typed in the workbook alone."""
    if as_of is None:
        return told.fixed or told.as_of == today.isoformat()
    if isinstance(as_of, date):
        return told.fixed and told.as_of == as_of.isoformat()
    return not told.fixed and told.as_of == today.isoformat()


def _digest(package: Package, part: str, blank: bytes) -> str:
    """The sum of all bytes of a package, of the part with the seal as it is with none."""
    summed = sha256()
    for piece in other_bytes(package, part):
        summed.update(piece)
    summed.update(blank)
    return summed.hexdigest()


def _packed(told: Told) -> str:
    text = json.dumps(encoded(told), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return base64.b64encode(zlib.compress(text.encode("utf-8", "surrogatepass"), 9)).decode("ascii")


def _moved(told: Told, file: str, name: str) -> Told:
    """The same of a workbook that has another name by now."""

    def here(found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
        return tuple(
            replace(d, place=replace(d.place, file=name))
            if isinstance(d.place, FilePlace) and d.place.file == file
            else d
            for d in found
        )

    return replace(told, problems=here(told.problems), findings=here(told.findings))
