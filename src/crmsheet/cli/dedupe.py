"""`crmsheet dedupe`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmsheet.cli.exits import Exit
from crmsheet.cli.keeping import Keeping, Kept, changed, keeping_options
from crmsheet.cli.options import output_format, quiet, verbose
from crmsheet.cli.speech import tell
from crmsheet.messages import listed, say
from crmsheet.structs import asdict

if TYPE_CHECKING:
    from crmsheet.api import Deduped

_SHOWN = 10


@click.command("dedupe")
@click.argument("book", type=click.Path(path_type=Path))
@click.option(
    "--table",
    "tables",
    multiple=True,
    metavar="TABLE",
    help="Only this table, by id or label; may be given several times. Default: all whose rows are somebody.",
)
@click.option(
    "--likeness",
    type=click.FloatRange(0.5, 1.0),
    default=0.88,
    show_default=True,
    help="How alike names are that are listed.",
)
@click.option("--apply", "apply_", is_flag=True, help="Merge what was decided on the sheet.")
@click.option(
    "--take-sure",
    is_flag=True,
    help="With --apply: merge undecided groups too whose names and something else are equal.",
)
@click.option(
    "--dry-run", is_flag=True, help="Say what would change and write nothing; exit code 1 if something would."
)
@keeping_options
@quiet
@verbose
@output_format
def command(
    book: Path,
    tables: tuple[str, ...],
    likeness: float,
    apply_: bool,
    take_sure: bool,
    dry_run: bool,
    wait: float,
    copy: Path | None,
    backup_dir: Path | None,
    no_backup: bool,
    ignore_lock: bool,
    quiet: bool,
    verbose: bool,
    output: str,
) -> int:
    """List rows of BOOK that may be one and the same on a sheet of it; merge them once people have decided there.

    \b
    A merged row gives what the kept one lacks, whatever refers to it follows, and what is dropped is written down.
    Example:
      crmsheet dedupe follow-up.xlsx
      crmsheet dedupe follow-up.xlsx --apply --dry-run
    """
    from crmsheet.cli import replacing

    if take_sure and not apply_:
        raise click.UsageError(say("--take-sure goes with --apply."))
    if copy is not None:
        replacing.ensure_new(copy, book)
    today = date.today()  # noqa: DTZ011 - the user's own calendar day is meant

    def work(content: bytes) -> Deduped:
        from crmsheet import api

        if apply_:
            return api.apply_decisions(content, name=str(book), today=today, take_sure=take_sure)
        return api.list_duplicates(content, name=str(book), today=today, tables=tables, least=likeness)

    keeping = Keeping(dry_run, copy, wait, ignore_lock, not no_backup, backup_dir, quiet)
    doing = (
        say("Merging duplicates in {book}", book=book)
        if apply_
        else say("Comparing rows in {book}", book=book)
    )
    kept = changed(book, keeping, doing, work, compare=False)
    if output == "json":
        from crmsheet.cli.render import show_json

        show_json(_as_json(book, keeping, kept))
    elif not quiet:
        if apply_:
            _show_merges(book, keeping, kept, verbose=verbose)
        else:
            _show_groups(book, keeping, kept)
    return Exit.NO if dry_run and kept.done.content is not None else Exit.DONE


def _show_groups(book: Path, keeping: Keeping, kept: Kept[Deduped]) -> None:
    done = kept.done
    if not done.groups:
        tell(say("{book}: no duplicates found.", book=book))
    else:
        groups = listed(f"{label} {count:,}" for label, count in done.groups)
        tell(say("{book}: groups that may be one: {groups}.", book=book, groups=groups))
        tell(say("  equal in name and something else: {count:,}", count=done.sure))
        if done.sheet and not keeping.dry_run:
            tell(
                say(
                    "  Decide on the sheet '{sheet}', save, then:  crmsheet dedupe {book} --apply",
                    sheet=done.sheet,
                    book=book,
                )
            )
    if kept.backup:
        tell(say("  backup: {file}", file=kept.backup))


def _show_merges(book: Path, keeping: Keeping, kept: Kept[Deduped], *, verbose: bool) -> None:
    from crmsheet.cli.render import show_diagnostics

    done = kept.done
    if not done.merges:
        tell(say("{book}: nothing is decided that is not done.", book=book))
    elif keeping.dry_run:
        tell(say("{book}: rows would be merged: {count:,}.", book=book, count=len(done.merges)))
    else:
        tell(say("{book}: rows merged: {count:,}.", book=keeping.copy or book, count=len(done.merges)))
    for merge in done.merges if verbose else done.merges[:_SHOWN]:
        click.echo(f"    {merge.key} → {merge.into}")
        if merge.referring:
            tell(say("      rows that refer to it: {count:,}", count=merge.referring))
        if merge.dropped:
            dropped = listed(f"{label} {value}" for label, value in merge.dropped)
            tell(say("      dropped: {dropped}", dropped=dropped))
    if len(done.merges) > _SHOWN and not verbose:
        tell(say("    … and {left:,} more (-v lists all)", left=len(done.merges) - _SHOWN))
    if done.undecided:
        tell(say("  groups without a decision: {count:,}", count=done.undecided))
    if kept.backup:
        tell(say("  backup: {file}", file=kept.backup))
    show_diagnostics(done.findings)


def _as_json(book: Path, keeping: Keeping, kept: Kept[Deduped]) -> dict[str, object]:
    from crmsheet.cli.render import as_json

    done = kept.done
    return {
        "workbook": str(book),
        "changed": done.content is not None,
        "dry_run": keeping.dry_run,
        "written_to": str(keeping.copy or book) if done.content is not None and not keeping.dry_run else "",
        "backup": str(kept.backup or ""),
        "sheet": done.sheet,
        "groups": dict(done.groups),
        "sure": done.sure,
        "undecided": done.undecided,
        "merges": [{**asdict(m), "dropped": dict(m.dropped)} for m in done.merges],
        "findings": as_json(done.findings),
    }
