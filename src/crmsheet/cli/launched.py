"""`crmsheet launched`: what the scripts of `build --launcher` start. Not for people to type.

Knows which workbooks were meant, from what a desktop handed over, and that the window has to stay until it was
read. Does not know how a workbook is refreshed: `refresh` does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from crmsheet.cli.exits import Exit
from crmsheet.cli.speech import tell, told
from crmsheet.messages import say

LAUNCHER = "CRMSHEET_LAUNCHER"
"""Where the script stands."""
COMMAND = "CRMSHEET_COMMAND"
"""The whole command line of Windows' cmd.exe."""
ARGUMENTS = "CRMSHEET_ARGUMENTS"
"""What cmd.exe made of the arguments; holds when the script was called from a prompt."""
_WORD = re.compile(r'"([^"]*)"|(\S+)')


@click.command("launched", hidden=True)
@click.argument("books", metavar="[BOOK]...", nargs=-1, type=click.Path(path_type=Path))
@click.pass_context
def command(ctx: click.Context, books: tuple[Path, ...]) -> int:
    """Refresh each BOOK, or the workbooks beside the launcher, and wait for a key.

    \b
    Example:
      crmsheet launched follow-up.xlsx
    """
    from crmsheet.cli import failures

    try:
        return _refreshed(ctx, books or dropped(os.environ))
    except Exception as problem:  # noqa: BLE001 - the window stays until it was read, whatever went wrong
        return failures.reported(problem)
    finally:
        click.echo()
        click.pause(told(say("Press any key to close this window …")))


def _refreshed(ctx: click.Context, named: Sequence[Path]) -> int:
    """Refresh what was named; what stands beside the launcher when nothing was."""
    from crmsheet.cli import refresh
    from crmsheet.cli.bookfiles import books_in

    here = Path(os.environ[LAUNCHER]).parent if os.environ.get(LAUNCHER) else Path.cwd()
    books = [b for path in named or (here,) for b in (books_in(path) if path.is_dir() else (path,))]
    if not books:
        folder = next(iter(named), here)
        tell(say("No workbook that crmsheet built was found in {folder}.", folder=folder))
        return Exit.USAGE
    result = ctx.invoke(refresh.command, books=tuple(books))
    assert isinstance(result, int)
    return result


def dropped(environment: Mapping[str, str]) -> tuple[Path, ...]:
    """The files that were dropped on the Windows launcher, or that it was called with from a prompt."""
    launcher = environment.get(LAUNCHER, "")
    line = environment.get(COMMAND, "")
    at = line.casefold().find(launcher.casefold()) if launcher else -1
    if at >= 0:
        # Explorer's form is  cmd.exe /c ""C:\launcher.cmd" C:\a&b.xlsx "C:\a b.xlsx""
        rest = line[at + len(launcher) :].removeprefix('"').strip()
        return tuple(_paths(rest.removesuffix('"') if rest.count('"') % 2 else rest))
    return tuple(_paths(environment.get(ARGUMENTS, "")))


def _paths(text: str) -> Iterator[Path]:
    for quoted, bare in _WORD.findall(text):
        if (quoted or bare).strip():
            yield Path(quoted or bare)
