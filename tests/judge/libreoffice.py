"""LibreOffice as a judge: what every formula cell is worth when somebody else computes it.

Knows how to make LibreOffice recalculate everything (it does not by itself), how to prove that it did, and
how to compare its results with the values a workbook carries. Also prints workbooks to pictures.
Does not know how the workbook was made; it reads packages through `tests.judge.package` alone.
"""

from __future__ import annotations

import atexit
import functools
import math
import os
import re
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.judge.package import Cell, CellError, Package, Value, area, cell_position

SENTINEL = -987654321.125
"""A number no sheet of ours contains; it stands in for every cached value of a poisoned copy."""

ABSOLUTE = 1e-9
RELATIVE = 1e-9

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">\
<value>{mode}</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="ODFRecalcMode" oor:op="fuse">\
<value>{mode}</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Calculation">\
<prop oor:name="UseThreadedCalculationForFormulaGroups" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""
# With several threads LibreOffice 7.4 computes a column while some cells of another one that it reads still hold
# their old values: of 400 rows that look up a reference, the first that finds none took it for found.
_ALWAYS, _NEVER = 0, 1

_CELL = re.compile(rb"<((?:[\w.-]+:)?)c(\s[^>]*)?(?<!/)>(.*?)</\1c>", re.DOTALL)
_FORMULA = re.compile(rb"<((?:[\w.-]+:)?)f(?:\s[^>]*)?(?:(?<=/)>|(?<!/)>.*?</\1f>)", re.DOTALL)
_TYPE = re.compile(rb"""\s+t\s*=\s*(?:"[^"]*"|'[^']*')""")
_REF = re.compile(rb"""\sr\s*=\s*["']([A-Z]+[0-9]+)["']""")
_TODAY = re.compile(rb"TODAY\s*\(\s*\)", re.IGNORECASE)
_VOLATILE = re.compile(r"\b(TODAY|NOW|RAND|RANDBETWEEN)\s*\(", re.IGNORECASE)
_TARGET = re.compile(r"=?(?:'((?:[^']|'')+)'|([^'!]+))!(\$?[A-Z]{1,3}\$?[0-9]+)")


class LibreOfficeFailedError(AssertionError):
    """LibreOffice produced nothing, or did not do what it was told."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A formula cell whose cached value is not what LibreOffice computes."""

    sheet: str
    ref: str
    formula: str
    cached: Value
    recalculated: Value

    @property
    def place(self) -> str:
        """`Sheet!A1`."""
        return f"{self.sheet}!{self.ref}"

    def __str__(self) -> str:
        return f"{self.place}: {self.cached!r}, LibreOffice {self.recalculated!r}  ={self.formula}"


Differs = Callable[[str, Cell, Value], bool]
"""(sheet, formula cell, LibreOffice's value): whether Excel is known to differ from LibreOffice here."""


def available() -> bool:
    """Whether a LibreOffice can be started."""
    return shutil.which("soffice") is not None


def require() -> None:
    """Skip the calling test when LibreOffice is missing; where CI runs, fail: there it must be present."""
    if available():
        return
    if os.environ.get("CI"):
        pytest.fail("LibreOffice (soffice) is not installed, and CI is set: its verdict must not be skipped")
    pytest.skip("LibreOffice (soffice) is not installed")


needs_libreoffice = pytest.mark.usefixtures("libreoffice")
"""Marks a test, class or module that asks LibreOffice; the fixture of that name calls `require`."""


@functools.cache
def _profile(mode: int) -> str:
    """The address of a private profile of this process that recalculates always or never."""
    folder = Path(tempfile.mkdtemp(prefix="judge-lo-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "user").mkdir()
    (folder / "user" / "registrymodifications.xcu").write_text(_PROFILE.format(mode=mode), encoding="utf-8")
    return folder.resolve().as_uri()


def convert(
    paths: Sequence[Path], workdir: Path, *, target: str, mode: int, timeout: float = 900
) -> list[Path]:
    """Convert files in one call; results are numbered (`0000.xlsx`) and in the order of `paths`.

    The sources are copied to plain ASCII names first: two may have the same name, and the locale may be C.
    """
    if not paths:
        return []
    job = Path(tempfile.mkdtemp(prefix="lo-", dir=workdir))
    source, out = job / "in", job / "out"
    source.mkdir()
    copies = []
    for index, path in enumerate(paths):
        copies.append(source / f"{index:04d}{path.suffix.lower()}")
        shutil.copyfile(path, copies[-1])
    command = ["soffice", f"-env:UserInstallation={_profile(mode)}", "--headless", "--norestore", "--nologo"]
    command += ["--convert-to", target, "--outdir", str(out), *map(str, copies)]
    said = _run(command, timeout)
    suffix = "." + target.partition(":")[0]
    results = [out / (copy.stem + suffix) for copy in copies]
    missing = [str(path) for path, result in zip(paths, results, strict=True) if not result.exists()]
    if missing:
        raise LibreOfficeFailedError(f"no result for {', '.join(missing)}:\n{said}")
    return results


def _run(command: Sequence[str], timeout: float) -> str:
    """What the command printed; after the time-out it and all it started are ended."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        try:
            return process.communicate(timeout=timeout)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise


def recalculated(paths: Sequence[Path], workdir: Path) -> list[Path]:
    """The workbooks as LibreOffice saves them after computing every formula, in the order given."""
    workdir.mkdir(parents=True, exist_ok=True)
    return convert(paths, workdir, target="xlsx:Calc MS Excel 2007 XML", mode=_ALWAYS)


def to_pdf(path: Path, outdir: Path, *, recalculate: bool = False) -> Path:
    """The workbook as LibreOffice prints it; by default with the values the file carries."""
    outdir.mkdir(parents=True, exist_ok=True)
    mode = _ALWAYS if recalculate else _NEVER
    return convert([path], outdir, target="pdf", mode=mode)[0].replace(outdir / (path.stem + ".pdf"))


def pdf_to_png(pdf: Path, outdir: Path, dpi: int = 80) -> list[Path]:
    """One picture per page, in page order."""
    outdir.mkdir(parents=True, exist_ok=True)
    prefix = outdir / pdf.stem
    subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-png", str(pdf), str(prefix)], check=True, capture_output=True
    )
    return sorted(outdir.glob(f"{pdf.stem}-*.png"))


def formula_cells(package: Package) -> Iterator[tuple[str, Cell]]:
    """Every formula cell with the name of its sheet."""
    for sheet in package.worksheets:
        for cell in package.cells(sheet):
            if cell.formula is not None:
                yield sheet.name, cell


def volatile_cells(path: Path, except_name: str = "as_of") -> list[str]:
    """Formula cells whose value depends on when they are computed, other than the one named cell."""
    package = Package(path)
    allowed = _named_cell(package, except_name)
    return [
        f"{sheet}!{cell.ref}"
        for sheet, cell in formula_cells(package)
        if _VOLATILE.search(cell.formula or "") and (sheet, cell.ref) != allowed
    ]


def _named_cell(package: Package, name: str) -> tuple[str, str] | None:
    """(sheet, reference) of the single cell a workbook name stands for."""
    found = _TARGET.fullmatch(package.names.get(("", name), ""))
    if found is None:
        return None
    sheet = found[1].replace("''", "'") if found[1] else found[2]
    return sheet, found[3].replace("$", "")


def poisoned(path: Path, out: Path, *, as_of_name: str = "as_of") -> Path:
    """A copy whose formula cells all carry `SENTINEL`: one that survives was not recalculated.

    In the cell named `as_of` every `TODAY()` becomes the date the workbook was computed for, so that the
    copy is worth the same on any day.
    """
    package = Package(path)
    pinned = _named_cell(package, as_of_name)
    dates: dict[str, tuple[bytes, bytes]] = {}
    if pinned is not None:
        sheet = package.sheet(pinned[0])
        cell = next((cell for cell in package.cells(sheet) if cell.ref == pinned[1]), None)
        if cell is not None and cell.formula is not None and _VOLATILE.search(cell.formula):
            if not isinstance(cell.value, float):
                raise LibreOfficeFailedError(f"{as_of_name} carries no date: {cell.value!r}")
            dates[sheet.part.lower()] = (cell.ref.encode(), repr(cell.value).encode())
    sheets = {sheet.part.lower() for sheet in package.worksheets}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in package.members.items():
            part = name.replace("\\", "/").lower()
            archive.writestr(name, _poison(data, dates.get(part)) if part in sheets else data)
    return out


def _poison(data: bytes, pinned: tuple[bytes, bytes] | None) -> bytes:
    def replace(found: re.Match[bytes]) -> bytes:
        prefix, attributes, content = found[1], found[2] or b"", found[3]
        formula = _FORMULA.search(content)
        if formula is None:
            return found[0]
        kept = formula[0]
        place = _REF.search(attributes)
        if pinned is not None and place is not None and place[1] == pinned[0]:
            kept = _TODAY.sub(lambda _: pinned[1], kept)
        value = repr(SENTINEL).encode()
        return b"<%bc%b>%b<%bv>%b</%bv></%bc>" % (
            prefix,
            _TYPE.sub(b"", attributes),
            kept,
            prefix,
            value,
            prefix,
            prefix,
        )

    return _CELL.sub(replace, data)


def equal(cached: Value, computed: Value) -> bool:
    """Whether two values mean the same to a reader: numbers to 9 digits, `1` as TRUE, blank as empty text."""
    if cached is None or cached == "":
        return computed is None or computed == ""
    if isinstance(cached, CellError) or isinstance(computed, CellError):
        return cached == computed
    if isinstance(cached, str) or isinstance(computed, str):
        return cached == computed
    if computed is None:
        return False
    return math.isclose(cached, computed, rel_tol=RELATIVE, abs_tol=ABSOLUTE * 1e-3)


def compare_cached(
    path: Path,
    workdir: Path | None = None,
    *,
    except_cells: Collection[str] = (),
    excel_differs: Differs | None = None,
) -> list[Mismatch]:
    """Every formula cell of the workbook whose cached value is not LibreOffice's.

    `except_cells` are places or areas (`Sheet!B2`, `Sheet!B2:B9`) not to be judged; `excel_differs` says of a
    difference found that it is one where Excel is known to deviate from LibreOffice.
    """
    return compare_all([path], workdir, except_cells=except_cells, excel_differs=excel_differs)[path]


def compare_all(
    paths: Sequence[Path],
    workdir: Path | None = None,
    *,
    except_cells: Collection[str] = (),
    excel_differs: Differs | None = None,
) -> Mapping[Path, list[Mismatch]]:
    """`compare_cached` of several workbooks with a single start of LibreOffice."""
    with tempfile.TemporaryDirectory(prefix="judge-", dir=workdir) as folder:
        work = Path(folder)
        copies = [poisoned(path, work / f"{index}.xlsx") for index, path in enumerate(paths)]
        results = recalculated(copies, work)
        return {
            path: _differences(Package(path), Package(result), except_cells, excel_differs)
            for path, result in zip(paths, results, strict=True)
        }


def _differences(
    ours: Package, theirs: Package, except_cells: Collection[str], excel_differs: Differs | None
) -> list[Mismatch]:
    computed: dict[str, dict[str, Value]] = {}
    for sheet in theirs.worksheets:
        computed[sheet.name] = {cell.ref: cell.value for cell in theirs.cells(sheet)}
    excepted = [_place(place) for place in except_cells]
    found = []
    for name, cell in formula_cells(ours):
        value = computed.get(name, {}).get(cell.ref)
        if value == SENTINEL:
            raise LibreOfficeFailedError(f"{name}!{cell.ref} was not recalculated: ={cell.formula}")
        if equal(cell.value, value) or any(_covers(place, name, cell) for place in excepted):
            continue
        if excel_differs is None or not excel_differs(name, cell, value):
            found.append(Mismatch(name, cell.ref, cell.formula or "", cell.value, value))
    return found


def _place(text: str) -> tuple[str, tuple[int, int, int, int]]:
    sheet, _, ref = text.rpartition("!")
    return sheet.strip("'").replace("''", "'"), area(ref)


def _covers(place: tuple[str, tuple[int, int, int, int]], sheet: str, cell: Cell) -> bool:
    top, left, bottom, right = place[1]
    row, column = cell_position(cell.ref)
    return place[0] == sheet and top <= row <= bottom and left <= column <= right
