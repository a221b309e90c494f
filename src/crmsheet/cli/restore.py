"""`crmsheet restore`."""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmsheet.cli.exits import Exit
from crmsheet.cli.options import Span, output_format, quiet
from crmsheet.cli.speech import tell, told
from crmsheet.messages import listed, say
from crmsheet.structs import dataclass

if TYPE_CHECKING:
    from crmsheet.cli.backups import Backup


@click.command("restore")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--list", "only_list", is_flag=True, help="List the backups, newest first; restore nothing.")
@click.option(
    "--backup",
    "wanted",
    metavar="NAME-or-TIME",
    help="The backup meant, as --list shows it; default: the newest that differs from BOOK.",
)
@click.option(
    "--backup-dir", type=click.Path(path_type=Path), help="Where the backups are; as given to refresh."
)
@click.option(
    "-o",
    "--output",
    "copy",
    type=click.Path(path_type=Path),
    help="Write the backup here, leave BOOK alone.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be restored; exit code 1 if something would.")
@click.option(
    "--wait", type=Span(), default=0.0, metavar="TIME", help="Wait so long for an open workbook, such as 30m."
)
@click.option("--ignore-lock", is_flag=True, help="The lock file beside BOOK is left from a crash.")
@quiet
@output_format
def command(
    book: Path,
    only_list: bool,
    wanted: str | None,
    backup_dir: Path | None,
    copy: Path | None,
    dry_run: bool,
    wait: float,
    ignore_lock: bool,
    quiet: bool,
    output: str,
) -> int:
    """Put a backup of BOOK in its place. BOOK as it is now becomes a backup first, so this can be undone.

    \b
    Example:
      crmsheet restore follow-up.xlsx --list
      crmsheet restore follow-up.xlsx --backup "2026-03-31 09:00"
    """
    from crmsheet.cli import backups, locks, replacing
    from crmsheet.cli.progress import working
    from crmsheet.errors import UsageError

    real = book.resolve()
    folder = backups.folder_of(real, backup_dir)
    found = backups.listed(folder)
    present = real.read_bytes() if real.is_file() else None
    if only_list:
        _show_list(book, folder, found, present, output)
        return Exit.DONE
    if not found:
        replacing.real_book(book)
        raise UsageError(backups.none_there(book, folder))
    if wanted is not None:
        choice: Backup | None = backups.chosen(found, wanted, book)
    else:
        choice = next((b for b in reversed(found) if present is None or not b.holds(present)), None)
    if choice is None or (copy is None and present is not None and choice.holds(present)):
        _say(_Done(book, choice, restored=False), output, quiet=quiet)
        return Exit.DONE
    if dry_run:
        _say(_Done(book, choice, copy, dry_run=True), output, quiet=quiet)
        return Exit.NO
    content = choice.file.read_bytes()
    saved: Path | None = None
    if copy is not None:
        replacing.ensure_new(copy, book)
        replacing.created(copy, content)
    elif present is None:
        replacing.created(real, content)
    else:
        with contextlib.ExitStack() as stack:
            with working(say("Waiting for {book}", book=book), quiet=quiet):
                stack.enter_context(locks.held(real, wait=wait, ignore=ignore_lock))
            present = real.read_bytes()
            saved = backups.kept(real, present, backup_dir, datetime.now().astimezone())
            replacing.replaced(real, present, content)
    _say(_Done(book, choice, copy, saved), output, quiet=quiet)
    return Exit.DONE


@dataclass(frozen=True, slots=True)
class _Done:
    """What was restored, or would be; `choice` is None when every backup equals the book."""

    book: Path
    choice: Backup | None
    copy: Path | None = None
    saved: Path | None = None
    dry_run: bool = False
    restored: bool = True


def _say(done: _Done, output: str, *, quiet: bool) -> None:
    from crmsheet.cli import render
    from crmsheet.cli.backups import local_times

    if output == "json":
        render.show_json(
            {
                "workbook": str(done.book),
                "restored": done.restored and not done.dry_run,
                "dry_run": done.dry_run,
                "written_to": str(done.copy or done.book) if done.restored and not done.dry_run else "",
                "from": None
                if done.choice is None
                else {"name": done.choice.name, "when": done.choice.when.astimezone().isoformat()},
                "backup": str(done.saved or ""),
            }
        )
        return
    if not done.restored or done.choice is None:
        tell(say("{book}: nothing to restore; it is the same as the backup already.", book=done.book))
        return
    target = say(" into {file}", file=done.copy) if done.copy else ""
    when = local_times((done.choice,))[0]
    tell(
        say("{book}: would be restored{target} as of {when}.", book=done.book, target=target, when=when)
        if done.dry_run
        else say("{book}: restored{target} as of {when}.", book=done.book, target=target, when=when)
    )
    if not quiet:
        tell(say("  from: {file}", file=done.choice.file))
        if done.saved is not None:
            tell(say("  as it was until now: {file}", file=done.saved))


def _show_list(
    book: Path, folder: Path, found: tuple[Backup, ...], present: bytes | None, output: str
) -> None:
    from crmsheet import api
    from crmsheet.cli import render
    from crmsheet.cli.backups import local_times

    entries: list[dict[str, object]] = []
    lines: list[str] = []
    for backup, time in zip(reversed(found), reversed(local_times(found)), strict=True):
        content = backup.file.read_bytes()
        rows = api.row_counts(content, str(backup.file))
        same = content == present
        entries.append(
            {
                "name": backup.name,
                "path": str(backup.file),
                "when": backup.when.astimezone().isoformat(),
                "bytes": backup.size,
                "rows": dict(rows),
                "is_present": same,
            }
        )
        counts = (
            listed(f"{label} {count:,}" for label, count in rows)
            if rows
            else say("not a workbook of crmsheet")
        )
        mark = say("  (as the workbook is now)") if same else ""
        lines.append(f"  {time}  {_size(backup.size):>8}  {told(counts)}{told(mark)}")
    if output == "json":
        render.show_json({"workbook": str(book), "folder": str(folder), "backups": entries})
    elif lines:
        tell(
            say(
                "{book}: {backups} in {folder}, newest first",
                book=book,
                backups=render.counted(len(lines), "backup"),
                folder=folder,
            )
        )
        for line in lines:
            click.echo(line)
    else:
        tell(say("{book}: no backups in {folder}.", book=book, folder=folder))


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1e3)):,} KB"
