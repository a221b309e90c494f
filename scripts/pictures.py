"""Draws the pictures of README, docs and examples: workbooks through LibreOffice and poppler, a page each.

`python scripts/pictures.py` draws all, `python scripts/pictures.py charts` those whose path has that word.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from crmsheet import api

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PROBE = DOCS / "probe"
EXAMPLES = ROOT / "examples"
MOST_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Picture:
    """The first page of a sheet. Without a folder of data, a starter's demo data are shown."""

    spec: str
    language: str
    sheet: str
    file: Path
    as_of: date
    data: Path | None = None


def _example(name: str, language: str, sheet: str) -> Picture:
    folder = EXAMPLES / name
    return Picture(name, language, sheet, folder / "board.png", date(2026, 6, 24), folder / "data")


PICTURES = (
    Picture("follow-up", "zh", "看板", DOCS / "pictures" / "dashboard-zh.png", date(2026, 3, 31)),
    Picture("follow-up", "en", "Customers", DOCS / "pictures" / "customers-en.png", date(2026, 3, 31)),
    Picture(
        str(PROBE / "probe.yaml"), "en", "Board", PROBE / "board-en.png", date(2026, 6, 30), PROBE / "data"
    ),
    Picture(
        str(PROBE / "probe.yaml"), "zh", "看板", PROBE / "board-zh.png", date(2026, 6, 30), PROBE / "data"
    ),
    _example("performance", "zh", "看板"),
    _example("account-manager", "en", "Dashboard"),
    _example("key-account-kpi", "zh", "看板"),
    _example("follow-up", "zh", "看板"),
    _example("charts", "en", "Overview"),
)


def printed(*command: str) -> str:
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=MOST_SECONDS)
    return done.stdout


def pages(book: Path) -> Path:
    """The workbook as PDF."""
    profile = (book.parent / "profile").as_uri()
    printed(
        "soffice",
        f"-env:UserInstallation={profile}",
        "--headless",
        "--norestore",
        "--convert-to",
        "pdf",
        "--outdir",
        str(book.parent),
        str(book),
    )
    return book.with_suffix(".pdf")


def page_of(pdf: Path, words: str) -> str:
    """The first page (1-based) of a sheet: its first lines hold the sheet's name and a link elsewhere."""
    facts = printed("pdfinfo", str(pdf)).splitlines()
    count = next(int(line.split()[-1]) for line in facts if line.startswith("Pages"))
    title = re.compile(rf"\s*{re.escape(words)}\s+→")
    for page in map(str, range(1, count + 1)):
        text = printed("pdftotext", "-f", page, "-l", page, "-layout", str(pdf), "-")
        # A title stands beside links; rows of the guide may begin with the same words.
        if any(title.match(line) for line in text.splitlines()[:4]):
            return page
    raise SystemExit(f"no page of {pdf.name} begins with {words!r}")


def draw(picture: Picture, folder: Path) -> None:
    book = folder / f"{picture.file.stem}.xlsx"
    made = api.build(
        picture.spec,
        today=picture.as_of,
        as_of=picture.as_of,
        language=picture.language,
        demo=picture.data is None,
        data=picture.data,
    )
    book.write_bytes(made.content)
    pdf = pages(book)
    page = page_of(pdf, picture.sheet)
    picture.file.parent.mkdir(parents=True, exist_ok=True)
    target = str(picture.file.with_suffix(""))
    printed("pdftoppm", "-f", page, "-l", page, "-r", "90", "-png", "-singlefile", str(pdf), target)


def main() -> int:
    wanted = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        for picture in PICTURES:
            if not wanted or any(word in str(picture.file) for word in wanted):
                draw(picture, Path(folder))
                print(picture.file, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
