"""Times what a small command costs beside its floor: `python benchmarks/startup.py`. Writes its section of RESULTS.md.

`--help` and `--version` beside `python -c "import click"`, which every command needs; the refresh of a small workbook
beside the same; the build of an empty starter beside XlsxWriter's calls alone for the same package. Wall clock, for that
is what people wait for.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from measuring import CRMSHEET, HEAD, PYTHON, Case, Found, in_turn, script, timed, told
from results import Target, with_targets, write_section

ROUNDS: Final = 7
ROWS: Final = 50
TITLE: Final = "## Start-up and small workbooks"
FLOOR: Final = (PYTHON, "-c", "import click")
STARTERS: Final = ("follow-up", "account-manager", "performance", "key-account-kpi", "charts")
AS_OF: Final = ("--as-of", "2026-03-31")


def copied(source: Path, target: Path) -> Callable[[], object]:
    return lambda: shutil.copyfile(source, target)


def without(target: Path) -> Callable[[], object]:
    """A book that is there already would be looked at, whether people filled it."""
    return lambda: target.unlink(missing_ok=True)


def commands(work: Path) -> list[Case]:
    """The floor first, then what is compared with it."""
    built, edited, sealed, copy = (work / f"{n}.xlsx" for n in ("built", "edited", "sealed", "copy"))
    timed(script("build_rows.py", built, ROWS))
    timed(script("edit_rows.py", built, edited, 3))
    refresh = (*CRMSHEET, "refresh", str(copy), "--no-backup", *AS_OF)
    shutil.copyfile(edited, copy)
    timed(refresh)
    shutil.copyfile(copy, sealed)
    return [
        Case("python -c 'import click'", FLOOR),
        Case("crmsheet --help", (*CRMSHEET, "--help")),
        Case("crmsheet --version", (*CRMSHEET, "--version")),
        Case(f"refresh of {ROWS} rows nobody touched", refresh, copied(sealed, copy)),
        Case(f"refresh of {ROWS} rows after 3 edits", refresh, copied(edited, copy)),
    ]


def builds(work: Path) -> list[Case]:
    """Each empty starter, XlsxWriter's calls for the same package, and reading these calls, which is not its work."""
    found: list[Case] = []
    for starter in STARTERS:
        calls, ours, peer = (work / f"{starter}{end}" for end in (".calls", ".xlsx", "-peer.xlsx"))
        timed(script("peer_replay.py", "record", starter, calls))
        found += [
            Case(
                f"build of `{starter}`, empty",
                (*CRMSHEET, "build", starter, *AS_OF, "-o", str(ours)),
                without(ours),
            ),
            Case("… XlsxWriter's calls alone", script("peer_replay.py", "replay", calls, peer)),
            Case("… of which these are read", script("peer_replay.py", "load", calls)),
        ]
    return found


def targets(floor: Found, commands: list[Found], builds: list[tuple[Found, Found, Found]]) -> list[Target]:
    most = (1.25, 1.25, 2.5, 2.5)
    small = [
        Target(f"{f.case.title}, of `import click` (wall)", limit, f.ratio(floor, "wall"))
        for f, limit in zip(commands, most, strict=True)
    ]
    return [
        *small,
        *(
            Target(
                f"{ours.case.title}, of XlsxWriter without that reading (wall)",
                2,
                ours.wall / (peer.wall - read.wall),
            )
            for ours, peer, read in builds
        ),
    ]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        floor, *rest = in_turn(commands(work), ROUNDS)
        found = in_turn(builds(work), 3)
    built = list(zip(found[::3], found[1::3], found[2::3], strict=True))
    lines = [
        TITLE,
        "",
        f"Medians of {ROUNDS} rounds (builds: 3), everything in turn; ratios to `import click` and to XlsxWriter.",
        "",
        *HEAD,
        told(floor),
        *(told(f, floor) for f in rest),
        *(told(f, three[1]) for three in built for f in three),
    ]
    lines = with_targets(lines, targets(floor, rest, built))
    print("\n".join(lines), flush=True)
    write_section(lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
