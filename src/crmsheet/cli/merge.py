"""`crmsheet merge`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmsheet.cli.exits import Exit, worst
from crmsheet.cli.keeping import Keeping, Kept, changed, keeping_options
from crmsheet.cli.options import output_format, quiet, verbose
from crmsheet.cli.speech import tell, told
from crmsheet.messages import listed, phrase, say
from crmsheet.structs import asdict

if TYPE_CHECKING:
    from crmsheet.api import Merged
    from crmsheet.api.team.merging import Brought

_SHOWN = 10


@click.command("merge")
@click.argument("book", metavar="MASTER", type=click.Path(path_type=Path))
@click.argument("copies", metavar="COPIES...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--dry-run",
    is_flag=True,
    help="Print what would change and write nothing; exit code 1 if something would.",
)
@click.option(
    "--accept-deletions", is_flag=True, help="More than a fifth of a table's rows were deleted on purpose."
)
@keeping_options
@quiet
@verbose
@output_format
def command(
    book: Path,
    copies: tuple[Path, ...],
    dry_run: bool,
    accept_deletions: bool,
    wait: float,
    copy: Path | None,
    backup_dir: Path | None,
    no_backup: bool,
    ignore_lock: bool,
    quiet: bool,
    verbose: bool,
    output: str,
) -> int:
    """Bring what people did in COPIES, made by crmsheet split, back into MASTER. A folder means all workbooks in it.

    \b
    Cells that both sides changed keep what MASTER has; a sheet of it lists them with a column to choose in, and the next
    merge carries that out. Copies stay as they are; merging one again changes nothing.
    Example:
      crmsheet merge follow-up.xlsx copies/*.xlsx
      crmsheet merge follow-up.xlsx copies --dry-run
    """
    from crmsheet import api
    from crmsheet.cli import passwords, render, replacing

    if copy is not None:
        replacing.ensure_new(copy, book)
    files = _files(copies, book)
    today = date.today()  # noqa: DTZ011 - the user's own calendar day is meant
    contents = [(str(file), passwords.read(replacing.real_book(file))) for file in files]
    kept = changed(
        book,
        Keeping(dry_run, copy, wait, ignore_lock, not no_backup, backup_dir, quiet),
        say("Merging into {book}", book=book),
        lambda content: api.merge(
            content, contents, name=str(book), today=today, accept_deletions=accept_deletions
        ),
        compare=False,
    )
    if output == "json":
        render.show_json(_as_json(book, kept, copy, dry_run=dry_run))
    else:
        _show(book, kept, copy, dry_run=dry_run, quiet=quiet, verbose=verbose)
    codes = [Exit.DONE]
    if any(one.problems for one in kept.done.copies):
        codes.append(Exit.REFUSED)
    if dry_run and kept.done.content is not None:
        codes.append(Exit.NO)
    return worst(codes)


def _files(copies: tuple[Path, ...], book: Path) -> list[Path]:
    """The files meant: of a folder the workbooks in it, without those that programs leave beside open ones."""
    found: list[Path] = []
    for path in copies:
        if path.is_dir():
            here = sorted(f for f in path.iterdir() if f.suffix.lower() in (".xlsx", ".xlsm"))
            found += [f for f in here if not f.name.startswith(("~$", ".")) and not _same(f, book)]
        else:
            found.append(path)
    if not found:
        raise click.UsageError(say("There is no workbook in that folder."))
    return list(dict.fromkeys(found))


def _same(one: Path, other: Path) -> bool:
    return other.exists() and one.samefile(other)


def _show(
    book: Path, kept: Kept[Merged], copy: Path | None, *, dry_run: bool, quiet: bool, verbose: bool
) -> None:
    from crmsheet.cli.render import counted, show_diagnostics

    done = kept.done
    number = counted(sum(not one.problems for one in done.copies), "copy", "copies")
    if done.content is None:
        tell(say("{book}: nothing new in {number}.", book=book, number=number))
    else:
        target = say(" into {file}", file=copy) if copy else ""
        values = {"book": book, "number": number, "target": target}
        tell(
            say("{book}: {number} would be merged{target}.", **values)
            if dry_run
            else say("{book}: {number} merged{target}.", **values)
        )
    for one in done.copies:
        show_diagnostics(one.problems)
    if quiet:
        return
    for one in done.copies:
        if not one.problems:
            tell(say("  {file}: {what}", file=one.file, what=_line(one)))
    if done.decided:
        tell(say("  {counted} of earlier merges settled", counted=counted(done.decided, "conflict")))
    if done.renumbered:
        pairs = ", ".join(f"{old} → {new}" for old, new in done.renumbered[: None if verbose else _SHOWN])
        tell(say("  numbers that were taken, and the new ones: {pairs}", pairs=pairs))
    if done.open:
        tell(
            say(
                "  {counted} to be decided, on the sheet of that name:",
                counted=counted(len(done.open), "conflict"),
            )
        )
        for row in done.open if verbose else done.open[:_SHOWN]:
            click.echo(f"    {row.table} · {row.row} · {row.field or told(say('(row)'))}: {row.copy}")
        if len(done.open) > _SHOWN and not verbose:
            tell(say("    … and {count:,} more (-v lists all)", count=len(done.open) - _SHOWN))
    pending = [r for r in done.refreshed.renames if r.status.value == "pending"]
    if pending:
        names = ", ".join(f"{r.old} → {r.new}" for r in pending[:_SHOWN])
        tell(
            say(
                "  renamed: {names}; crmsheet refresh {book} --apply-renames writes that everywhere",
                names=names,
                book=book,
            )
        )
    if kept.backup:
        tell(say("  backup: {backup}", backup=kept.backup))


def _line(one: Brought) -> str:
    parts: list[str] = [
        say(what, rows=listed(f"{label} {count:,}" for label, count in counts))
        for what, counts in (
            (phrase("new: {rows}"), one.added),
            (phrase("changed cells: {rows}"), one.changed),
            (phrase("deleted: {rows}"), one.removed),
        )
        if counts
    ]
    if one.conflicts:
        parts.append(say("conflicts: {count:,}", count=one.conflicts))
    if one.kept_out:
        parts.append(say("not taken, as the role may not change it: {count:,}", count=one.kept_out))
    return listed(parts, "; ") if parts else say("nothing new")


def _as_json(book: Path, kept: Kept[Merged], copy: Path | None, *, dry_run: bool) -> dict[str, object]:
    from crmsheet.cli.render import as_json

    done = kept.done
    written = done.content is not None and not dry_run
    return {
        "workbook": str(book),
        "changed": done.content is not None,
        "dry_run": dry_run,
        "written_to": str(copy or book) if written else "",
        "backup": str(kept.backup or ""),
        "copies": [
            {
                "file": one.file,
                "person": one.person,
                "merged": not one.problems,
                "added": dict(one.added),
                "changed": dict(one.changed),
                "removed": dict(one.removed),
                "conflicts": one.conflicts,
                "not_taken": one.kept_out,
                "diagnostics": as_json(one.problems),
            }
            for one in done.copies
        ],
        "conflicts_settled": done.decided,
        "conflicts": [asdict(row) for row in done.open],
        "renumbered": dict(done.renumbered),
        "rows": dict(done.refreshed.rows),
        "problems": as_json(done.refreshed.problems),
    }
