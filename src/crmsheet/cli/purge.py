"""`crmsheet purge`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmsheet.cli.exits import Exit
from crmsheet.cli.keeping import Keeping, Kept, changed, keeping_options
from crmsheet.cli.options import Age, output_format, quiet, verbose
from crmsheet.cli.speech import tell, told
from crmsheet.messages import listed, say
from crmsheet.structs import asdict

if TYPE_CHECKING:
    from crmsheet.api import Purged

_SHOWN = 10


@click.command("purge")
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--table", required=True, metavar="TABLE", help="The table, by id or label.")
@click.option("--where", default="", metavar="CONDITION", help="Which rows, such as '[status]=\"lost\"'.")
@click.option(
    "--older-than", "older", type=Age(), metavar="AGE", help="Rows whose date is further back: 90d, 18m, 3y."
)
@click.option(
    "--by", default="", metavar="FIELD", help="The date that counts; default: the first of the table."
)
@click.option(
    "--referring",
    type=click.Choice(["remove", "blank"]),
    help="Rows elsewhere that refer to them: take them out as well, or empty the reference.",
)
@click.option("--remove-backups", is_flag=True, help="Remove the backups of BOOK that still hold them.")
@click.option("--dry-run", is_flag=True, help="Say what would go; exit code 1 if something would.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@keeping_options
@quiet
@verbose
@output_format
def command(
    book: Path,
    table: str,
    where: str,
    older: tuple[int, str] | None,
    by: str,
    referring: str | None,
    remove_backups: bool,
    dry_run: bool,
    yes: bool,
    wait: float,
    copy: Path | None,
    backup_dir: Path | None,
    no_backup: bool,
    ignore_lock: bool,
    quiet: bool,
    verbose: bool,
    output: str,
) -> int:
    """Take people out of BOOK: their rows, and what it remembers of them in history and logs.

    \b
    Where people's own cells, notes or pivots still name them is told, as are the backups that do.
    Example:
      crmsheet purge follow-up.xlsx --table customers --where '[status]="lost"' --older-than 3y --dry-run
    """
    from crmsheet import api
    from crmsheet.api.purging import Referring, Which
    from crmsheet.cli import backups, render, replacing
    from crmsheet.cli.options import before

    if not where and older is None:
        raise click.UsageError(say("Say which rows: --where, --older-than, or both."))
    if copy is not None:
        replacing.ensure_new(copy, book)
    today = date.today()  # noqa: DTZ011 - the user's own calendar day is meant
    which = Which(table, where, None if older is None else before(today, older), by)
    decided = None if referring is None else Referring(referring)

    def work(content: bytes) -> Purged:
        done = api.purge(content, name=str(book), today=today, which=which, referring=decided)
        if done.content is not None and not dry_run and not yes:
            _ask(book, done)
        return done

    keeping = Keeping(dry_run, copy, wait, ignore_lock, not no_backup, backup_dir, quiet)
    kept = changed(book, keeping, say("Purging {book}", book=book), work, compare=False)
    folder = backups.folder_of(replacing.real_book(book), backup_dir)
    holding = [b for b in backups.listed(folder) if _may_hold(b.file, kept.done.texts)]
    removed = remove_backups and not dry_run and copy is None
    if removed:
        for backup in holding:
            backup.file.unlink()
    if output == "json":
        render.show_json(_as_json(book, keeping, kept, [str(b.file) for b in holding], removed=removed))
    elif not quiet:
        _show(book, keeping, kept, [b.file for b in holding], removed=removed, verbose=verbose)
    return Exit.NO if dry_run and kept.done.content is not None else Exit.DONE


def _may_hold(backup: Path, texts: frozenset[str]) -> bool:
    """Whether a backup holds one of these texts; one that a password keeps closed may."""
    from crmsheet import api
    from crmsheet.cli import passwords
    from crmsheet.errors import CrmsheetError

    if not api.is_encrypted(backup):
        return api.holds_any(backup.read_bytes(), texts)
    try:
        return api.holds_any(passwords.read(backup), texts)
    except CrmsheetError:
        return True


def _ask(book: Path, done: Purged) -> None:
    """Go on only if the user says so. Raises click.Abort, or UsageError where nobody can be asked."""
    rows = listed(f"{label} {count:,}" for label, count in done.removed)
    if not sys.stdin.isatty():
        raise click.UsageError(
            say(
                "Rows would be taken out of {book}: {rows}. Say --yes if that is meant.", book=book, rows=rows
            )
        )
    click.confirm(told(say("Take out of {book}: {rows}?", book=book, rows=rows)), abort=True, err=True)


def _show(
    book: Path,
    keeping: Keeping,
    kept: Kept[Purged],
    holding: list[Path],
    *,
    removed: bool,
    verbose: bool,
) -> None:
    done = kept.done
    if done.content is None:
        tell(say("{book}: no such rows; nothing to purge.", book=book))
    elif keeping.dry_run:
        tell(say("{book}: rows would be taken out.", book=book))
    else:
        tell(say("{book}: rows taken out.", book=keeping.copy or book))
    for label, count in done.removed:
        click.echo(f"  {label}: {count:,}")
    _list(done.names, verbose=verbose)
    for held in done.blanked:
        tell(
            say(
                "  reference emptied: {table} [{field}] {count:,}",
                table=held.label,
                field=held.field,
                count=held.rows,
            )
        )
    if done.undated:
        tell(say("  without a date, not touched: {count:,}", count=done.undated))
    if done.traces:
        tell(say("  still named in your own things, which are never changed:"))
        _list([f"{t.sheet}!{t.cell}" if t.sheet else t.part for t in done.traces], verbose=verbose)
        tell(say("  Look at them in Excel; pivot tables forget with Data > Refresh All."))
    if kept.backup:
        tell(say("  backup: {file}", file=kept.backup))
    if holding:
        tell(say("  backups removed:") if removed else say("  backups that still hold them:"))
        for file in holding:
            click.echo(f"    {file}")
        if not removed:
            tell(say("  Delete these files when you no longer need them."))


def _list(words: Sequence[str], *, verbose: bool) -> None:
    for word in words if verbose else words[:_SHOWN]:
        click.echo(f"    {word}")
    if len(words) > _SHOWN and not verbose:
        tell(say("    … and {left:,} more (-v lists all)", left=len(words) - _SHOWN))


def _as_json(
    book: Path, keeping: Keeping, kept: Kept[Purged], holding: list[str], *, removed: bool
) -> dict[str, object]:
    done = kept.done
    return {
        "workbook": str(book),
        "changed": done.content is not None,
        "dry_run": keeping.dry_run,
        "written_to": str(keeping.copy or book) if done.content is not None and not keeping.dry_run else "",
        "backup": str(kept.backup or ""),
        "removed": dict(done.removed),
        "names": list(done.names),
        "emptied": [asdict(h) for h in done.blanked],
        "undated": done.undated,
        "traces": [asdict(t) for t in done.traces],
        "backups": holding,
        "backups_removed": removed,
    }
