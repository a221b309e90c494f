"""Draws README's pictures: the follow-up workbook with demo data, through LibreOffice and poppler."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from crmsheet import api

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "pictures"
AS_OF = date(2026, 3, 31)
PICTURES = (("zh", "看板", "dashboard-zh.png"), ("en", "Customers", "customers-en.png"))
"""Language, the sheet shown, the file. A sheet is found by its name in the page's text."""


def pages(book: Path, folder: Path) -> Path:
    """The workbook as PDF."""
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
         "--convert-to", "pdf", "--outdir", str(folder), str(book)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return book.with_suffix(".pdf")


def page_of(pdf: Path, words: str) -> int:
    """The first page (1-based) of a sheet: its first lines hold the sheet's name and a link elsewhere."""
    count = int(
        next(
            line.split()[-1]
            for line in subprocess.run(
                ["pdfinfo", str(pdf)], check=True, capture_output=True, text=True
            ).stdout.splitlines()
            if line.startswith("Pages")
        )
    )
    for page in range(1, count + 1):
        text = subprocess.run(
            ["pdftotext", "-f", str(page), "-l", str(page), "-layout", str(pdf), "-"],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        if any(line.strip().startswith(words) and "→" in line for line in text.splitlines()[:4]):
            return page
    raise SystemExit(f"no page of {pdf.name} begins with {words!r}")


def main() -> int:
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for language, words, file in PICTURES:
            book = folder / f"{language}.xlsx"
            book.write_bytes(
                api.build("follow-up", today=AS_OF, as_of=AS_OF, language=language, demo=True).content
            )
            pdf = pages(book, folder)
            page = str(page_of(pdf, words))
            subprocess.run(
                ["pdftoppm", "-f", page, "-l", page, "-r", "90", "-png", "-singlefile", str(pdf),
                 str((TARGET / file).with_suffix(""))],
                check=True,
            )  # fmt: skip
            print(TARGET / file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
