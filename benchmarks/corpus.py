"""A collection of workbooks through crmsheet, through openpyxl, and through LibreOffice: what each loses.

crmsheet: a small book is put into the workbook, which is then edited and refreshed for ten days. openpyxl: load
and save. LibreOffice: convert to .xlsx (to .xlsm where there are macros), all in one run. Prints a table and
writes CORPUS.md. Usage: `python -m benchmarks.corpus [FOLDER]`.

A thing is lost when less of it is there than before, counted as `tests/judge/things.py` sees it: by relationship,
element and attribute, whatever a program renamed or wrote otherwise. Values are lost when a cell that people
typed holds another one, such as 1 for TRUE (`tests/judge/fingerprint.py`), results when fewer formulas have one.
"""

from __future__ import annotations

import importlib.util
import io
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
from lxml import etree
from tests.judge.fingerprint import Fingerprint, fingerprint
from tests.judge.journey import DAYS, journey, members
from tests.judge.package import Package
from tests.judge.things import THINGS

from crmsheet.errors import WorkbookRefused

HERE = Path(__file__).resolve().parent
COLLECTION = HERE.parents[1] / "shared" / "corpus"
_UNCOUNTED = frozenset(("cells", "content_type", "order_of_sheets", "views", "shared_formulas"))
"""Things of which fewer may mean the same: shared formulas may be written out, for one."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one workbook: why it failed (empty if it did not), what it lost, and its members."""

    failure: str = ""
    lost: tuple[str, ...] = ()
    members: int = 0
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """A workbook before anything was done to it; `counts` is empty when our judge cannot read it."""

    path: Path
    content: bytes = field(repr=False)
    counts: Mapping[str, int]
    print: Fingerprint | None = field(repr=False)


def before(path: Path) -> Before:
    content = path.read_bytes()
    try:
        return Before(path, content, counted(content), fingerprint(content))
    except Exception:  # noqa: BLE001 - the collection holds damaged and hostile files
        return Before(path, content, {}, None)


def counted(content: bytes) -> Mapping[str, int]:
    package = Package(content)
    return {name: len(see(package)) for name, see in THINGS.items() if name not in _UNCOUNTED}


def lost(was: Before, after: bytes) -> tuple[str, ...]:
    """The kinds of things of which less is there."""
    if was.print is None:
        return ()
    now = counted(after)
    found = [name.replace("_", " ") for name, count in was.counts.items() if now[name] < count]
    old, new = typed_and_results(was.print), typed_and_results(fingerprint(after))
    if any(new[0].get(place) != value for place, value in old[0].items()):
        found.append("values")
    if len(old[1] - new[1]) > 0:
        found.append("results of formulas")
    return tuple(found)


def typed_and_results(book: Fingerprint) -> tuple[dict[str, str], set[str]]:
    """What people typed, and the formulas that have a result, by place. Numbers count to 12 digits."""
    typed: dict[str, str] = {}
    results: set[str] = set()
    for sheet in book.sheets:
        for ref, cell in sheet.cells.items():
            place = f"{sheet.name}!{ref}"
            if cell.formula is not None:
                if cell.value is not None:
                    results.add(place)
            elif cell.value is not None and cell.value != "":
                number = isinstance(cell.value, float)
                typed[place] = (
                    f"{cell.value:.12g}" if number else re.sub(r"_x[0-9A-F]{4}_", "", str(cell.value))
                )
    return typed, results


def ours(was: Before) -> Result:
    try:
        done = journey(was.content, was.path.name)
    except AssertionError as broken:
        return Result(f"broken: {broken}")
    if isinstance(done, WorkbookRefused):
        said = done.diagnostics[0]
        return Result(f"{said.code} {said.message}")
    return Result("", lost(was, done.after), done.foreign_members, tuple(done.changed_members()))


def by_openpyxl(was: Before) -> Result:
    stream = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            macros = was.path.suffix.lower() == ".xlsm"
            openpyxl.load_workbook(io.BytesIO(was.content), keep_vba=macros, rich_text=True).save(stream)
    except Exception as failure:  # noqa: BLE001 - whatever it raises, it did not do it
        return Result(f"{type(failure).__name__}: {failure}"[:120])
    return judged(was, stream.getvalue())


def judged(was: Before, after: bytes) -> Result:
    try:
        old, new = members(was.content), members(after)
        same = {name for name, data in old.items() if new.get(name) == data}
        return Result("", lost(was, after), len(old), tuple(sorted(old.keys() - same)))
    except (ValueError, KeyError, etree.XMLSyntaxError) as failure:
        return Result(f"the result cannot be read: {failure}"[:120])


def by_libreoffice(books: Sequence[Before]) -> dict[Path, Result]:
    """Everything in one run for each of the two kinds; what gave nothing is asked for once more, alone."""
    results: dict[Path, Result] = {}
    with tempfile.TemporaryDirectory(prefix="corpus-") as folder:
        work = Path(folder)
        for suffix, filter_ in ((".xlsm", "Calc MS Excel 2007 VBA XML"), (".xlsx", "Calc MS Excel 2007 XML")):
            chosen = [b for b in books if (b.path.suffix.lower() == ".xlsm") == (suffix == ".xlsm")]
            names = {b.path: f"{number:04d}" for number, b in enumerate(chosen)}
            source = work / f"in{suffix}"
            out = work / f"out{suffix}"
            source.mkdir()
            for b in chosen:
                shutil.copyfile(b.path, source / (names[b.path] + b.path.suffix.lower()))
            target = f"{suffix[1:]}:{filter_}"
            convert(sorted(source.iterdir()), target, out, work, 900)
            for b in chosen:
                made = out / (names[b.path] + suffix)
                if not made.exists():
                    convert([source / (names[b.path] + b.path.suffix.lower())], target, out, work, 60)
                results[b.path] = judged(b, made.read_bytes()) if made.exists() else Result("no result")
    return results


def convert(files: Sequence[Path], target: str, out: Path, work: Path, timeout: float) -> None:
    if not files:
        return
    command = ["soffice", f"-env:UserInstallation={(work / 'profile').as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", target, "--outdir", str(out), *map(str, files)]
    try:
        subprocess.run(command, capture_output=True, check=False, timeout=timeout)
    except subprocess.TimeoutExpired:
        print(f"LibreOffice did not end: {files[0].name} …", file=sys.stderr)


def table(books: Sequence[Before], columns: Mapping[str, Mapping[Path, Result]]) -> str:
    lines = [
        "# The collection, through three programs",
        "",
        f"{len(books)} workbooks that other programs saved. crmsheet: a small book put in, then {DAYS} days of edits and",
        f"refreshes. openpyxl {openpyxl.__version__}, {_pictures()}: load and save. LibreOffice: convert to the same",
        "format. Some are damaged, encrypted or hostile on purpose: a refusal is the right answer to them.",
        "A member is a file inside the workbook; for crmsheet all are compared but the four that list what a workbook",
        "consists of and how it looks, in which only additions are allowed (tests/judge/journey.py). A thing is lost",
        "when less of it is there (tests/judge/things.py). Made by `make bench-corpus`.",
        "",
        "| | " + " | ".join(columns) + " |",
        "|---|" + "--:|" * len(columns),
    ]
    rows = {
        "refused or failed": lambda r: bool(r.failure),
        "served": lambda r: not r.failure,
        "… of these with a loss": lambda r: not r.failure and bool(r.lost),
        "members compared": lambda r: r.members,
        "members changed or gone": lambda r: len(r.changed),
    }
    for title, measure in rows.items():
        lines.append(
            f"| {title} | "
            + " | ".join(f"{sum(map(measure, c.values())):,}" for c in columns.values())
            + " |"
        )
    lines += ["", "## What is lost, and in how many workbooks", ""]
    counts = {name: Counter(x for r in c.values() for x in r.lost) for name, c in columns.items()}
    had = Counter(t.replace("_", " ") for b in books for t, count in b.counts.items() if count)
    lines += [
        "| thing | workbooks that have it | " + " | ".join(columns) + " |",
        "|---|--:|" + "--:|" * len(columns),
    ]
    for thing in sorted(
        {x for c in counts.values() for x in c}, key=lambda t: (-sum(c[t] for c in counts.values()), t)
    ):
        held = str(had[thing]) if thing in had else ""
        lines.append(f"| {thing} | {held} | " + " | ".join(str(c[thing]) for c in counts.values()) + " |")
    lines += [
        "",
        "## Each workbook",
        "",
        "| workbook | " + " | ".join(columns) + " |",
        "|---|" + "---|" * len(columns),
    ]
    for b in books:
        lines.append(
            f"| {b.path.name[:60]} | " + " | ".join(told(c[b.path]) for c in columns.values()) + " |"
        )
    return "\n".join(lines) + "\n"


def _pictures() -> str:
    installed = importlib.util.find_spec("PIL") is not None
    return "with Pillow" if installed else "without Pillow, so that it leaves out every picture"


def told(result: Result) -> str:
    if result.failure:
        return "**" + result.failure.replace("|", "/").replace("\n", " ") + "**"
    return ", ".join(result.lost) or "nothing lost"


def main(folder: Path) -> None:
    files = sorted(folder.glob("*.xl[st]*"))
    if not files:
        raise SystemExit(f"no workbooks in {folder}")
    books = [before(path) for path in files]
    columns: dict[str, dict[Path, Result]] = {"crmsheet": {}, "openpyxl": {}}
    for number, book in enumerate(books, start=1):
        print(f"{number}/{len(books)} {book.path.name}", file=sys.stderr)
        columns["crmsheet"][book.path] = ours(book)
        columns["openpyxl"][book.path] = by_openpyxl(book)
    if shutil.which("soffice") is not None:
        columns["LibreOffice"] = by_libreoffice(books)
    text = table(books, columns)
    (HERE / "CORPUS.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else COLLECTION)
