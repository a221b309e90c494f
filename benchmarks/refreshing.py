"""Times the refresh of a filled workbook beside what others take to read or save it: `python benchmarks/refreshing.py`.

Rows of 15 columns: after 100 edits at several sizes beside openpyxl's load and save and LibreOffice's recalculation;
with 100,000 rows also after another choice on the board, when another program saved it and nothing changed, when nobody
touched it, and for the next day. The floor beside them reads every cell once with python-calamine and copies the file.
Last, what some hundreds of changed indicators cost beyond reading, beside a copy of the file. Writes its section of
RESULTS.md.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from measuring import CRMSHEET, HEAD, Case, Found, in_turn, script, timed, told
from results import Target, with_targets, write_section

SIZES: Final = (1_000, 10_000)
LARGE: Final = 100_000
AS_OF: Final = "2026-03-31"
NEXT_DAY: Final = "2026-04-01"
TITLE: Final = "## Refreshing"


def refreshed(title: str, book: Path, day: str = AS_OF) -> Case:
    """The refresh of a copy, made anew before each run."""
    copy = book.with_name("copy.xlsx")
    command = (*CRMSHEET, "refresh", str(copy), "--no-backup", "--as-of", day)
    return Case(title, command, _copied(book, copy))


def _copied(source: Path, target: Path) -> Callable[[], object]:
    return lambda: shutil.copyfile(source, target)


def peers(work: Path, filled: Path) -> list[Case]:
    """What others do with the same file."""
    saved = work / "saved.xlsx"
    found = [Case("… openpyxl, load and save", script("peer_openpyxl.py", filled, saved))]
    if shutil.which("soffice"):
        office = script("peer_libreoffice.py", filled, saved, work / "profile")
        found.append(Case("… LibreOffice, load, compute everything and save", office))
    return found


def small(work: Path, rows: int) -> list[Case]:
    built, filled = work / f"built{rows}.xlsx", work / f"filled{rows}.xlsx"
    timed(script("build_rows.py", built, rows))
    timed(script("edit_rows.py", built, filled))
    return [refreshed(f"{rows:,} rows after 100 edits", filled), *peers(work, filled)]


def large(work: Path) -> list[Case]:
    """Ours, each after something else; then the floor and the peers."""
    names = ("built", "again", "filled", "chosen", "sealed", "copy")
    built, again, filled, chosen, sealed, copy = (work / f"{n}.xlsx" for n in names)
    timed(script("build_rows.py", built, LARGE))
    timed(script("peer_copy.py", built, again, 1))
    timed(script("edit_rows.py", built, filled))
    timed(script("edit_board.py", built, chosen))
    shutil.copyfile(filled, copy)
    timed(refreshed("", filled).command)
    shutil.copyfile(copy, sealed)
    title = f"{LARGE:,} rows"
    return [
        refreshed(f"{title} after 100 edits", filled),
        refreshed(f"{title} after another choice on the board", chosen),
        refreshed(f"{title}, saved by another program, nothing changed", again),
        refreshed(f"{title} nobody touched since a build", built),
        refreshed(f"{title} nobody touched since a refresh", sealed),
        refreshed(f"{title} the next day", built, NEXT_DAY),
        Case("… every cell read with calamine, the file copied", script("peer_calamine.py", filled, copy)),
        *peers(work, filled),
    ]


def indicators(work: Path) -> list[Case]:
    """A board of 393 indicators: nothing changed, all of them changed, the file copied."""
    built, plain, chosen = (work / f"{n}.xlsx" for n in ("kpis", "plain", "chosen"))
    timed(script("build_rows.py", built, LARGE, "kpis.yaml"))
    timed(script("peer_copy.py", built, plain, 1))
    timed(script("edit_board.py", built, chosen, "kpis"))
    title = f"{LARGE:,} rows with a board of 393 indicators"
    return [
        refreshed(f"{title}, nothing changed", plain),
        refreshed(f"{title}, a choice that changes all of them", chosen),
        Case("… the file copied with zipfile", script("peer_copy.py", chosen, work / "again.xlsx")),
    ]


def targets(found: list[Found], board: list[Found]) -> list[Target]:
    edits, choice, saved, built, sealed, _, floor, openpyxl, *office = found
    plain, changed, copy = board
    return [
        Target("100 edits: CPU, of openpyxl", 1 / 20, edits.ratio(openpyxl)),
        Target("100 edits: CPU, of openpyxl, aimed at", 1 / 25, edits.ratio(openpyxl)),
        Target("100 edits: memory, of openpyxl", 1 / 3, edits.ratio(openpyxl, "memory")),
        *(Target("100 edits: CPU, of LibreOffice", 1 / 10, edits.ratio(f)) for f in office),
        Target("another choice: CPU, of reading with calamine and copying", 2, choice.ratio(floor)),
        Target("saved by another program: CPU, of reading with calamine and copying", 2, saved.ratio(floor)),
        Target("nobody touched it since a build: CPU, of openpyxl", 1 / 25, built.ratio(openpyxl)),
        Target("nobody touched it since a refresh: CPU, of openpyxl", 1 / 25, sealed.ratio(openpyxl)),
        Target("393 indicators beyond reading: CPU, of a copy", 2, (changed.cpu - plain.cpu) / copy.cpu),
    ]


def main() -> int:
    lines = [
        TITLE,
        "",
        "Up to 10,000 rows medians of three rounds, else one round. The ratios are to openpyxl's load and save, those of",
        "the indicators to the copy.",
        "",
        *HEAD,
    ]
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for rows in SIZES:
            found = in_turn(small(work, rows), 3)
            lines += [told(f, found[1]) for f in found]
            print("\n".join(lines[-len(found) :]), flush=True)
        found = in_turn(large(work), 1, warm=False)
        lines += [told(f, found[7]) for f in found]
        print("\n".join(lines[-len(found) :]), flush=True)
        board = in_turn(indicators(work), 1, warm=False)
        lines += [told(f, board[2]) for f in board]
    lines = with_targets(lines, targets(found, board))
    print("\n".join(lines[-11:]), flush=True)
    write_section(lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
