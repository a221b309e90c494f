"""`crmsheet import`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from crmsheet.cli.exits import Exit
from crmsheet.cli.keeping import Keeping, Kept, changed, keeping_options
from crmsheet.cli.options import output_format, quiet, verbose
from crmsheet.cli.speech import tell, told
from crmsheet.messages import listed, phrase, say
from crmsheet.structs import replace

if TYPE_CHECKING:
    from crmsheet.api import Imported, Taken
    from crmsheet.cli.mappings import Mapped

_SHOWN = 10
_PROFILES = (
    "wenjuanxing",
    "wecom",
    "dingtalk",
    "jiandaoyun",
    "fxiaoke",
    "hubspot",
    "salesforce",
    "pipedrive",
    "none",
)
"""Of `intake.profiles`, which is imported by an import only; a test holds them equal."""
_ORDERS = {"dmy": "day", "mdy": "month", "ymd": "year"}


class Pair(click.ParamType[tuple[str, str]]):
    """`LEFT=RIGHT`; the right side may be empty."""

    name = "pair"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        left, sign, right = str(value).rpartition("=")
        if not sign or not left.strip():
            self.fail(say("'{value}' is not written as NAME=NAME.", value=str(value)), param, ctx)
        return left.strip(), right.strip()


_HOW: Final = {
    "chosen": phrase("chosen"),
    "label": phrase("its label"),
    "id": phrase("its id"),
    "alias": phrase("another name of it"),
    "alike": phrase("nearly its label"),
    "synonym": phrase("a word for it"),
    "similar": phrase("by likeness"),
    "none": phrase("no field"),
    "computed": phrase("computed, left out"),
}
"""How a column was recognised, by `intake.headers.How`, as people are told."""


@click.command("import")
@click.argument("book", type=click.Path(path_type=Path))
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--table", default="", metavar="TABLE", help="The table that gets the rows, by id or label.")
@click.option(
    "--sheet", default="", metavar="NAME", help="The sheet of a workbook FILE; default: all of them."
)
@click.option(
    "--mode",
    type=click.Choice(["upsert", "create", "update"]),
    help="Rows that BOOK has are updated, others created (upsert); or only one of the two.  [default: upsert]",
)
@click.option(
    "--match",
    multiple=True,
    metavar="FIELDS",
    help="The fields that say which row is which, such as phone or name,city; given again: the next way to try. "
    "Default: the key.",
)
@click.option(
    "--map",
    "columns",
    multiple=True,
    type=Pair(),
    metavar="HEADER=FIELD",
    help="What a column means; nothing behind the sign leaves it out.",
)
@click.option(
    "--value",
    "words",
    multiple=True,
    type=Pair(),
    metavar="FIELD:TEXT=VALUE",
    help="What a text of FILE means in BOOK, such as 'level:VIP=A'.",
)
@click.option(
    "--profile",
    type=click.Choice(_PROFILES),
    help="The system FILE comes from; default: recognised by its headers.",
)
@click.option(
    "--mapping",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file that says all this: read where it exists, written after the import.",
)
@click.option(
    "--dates",
    type=click.Choice(list(_ORDERS)),
    help="What 1/5/2024 means, where a column does not show it.",
)
@click.option("--encoding", default="", metavar="NAME", help="Of a text file; default: found out.")
@click.option("--delimiter", default="", metavar="SIGN", help="Of a text file; default: found out.")
@click.option("--clear-blanks", is_flag=True, help="Blank cells of FILE empty those of BOOK.")
@click.option(
    "--take-problems",
    is_flag=True,
    help="Take values that do not fit as they are; else their row is rejected.",
)
@click.option(
    "--rejected",
    "rejected_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where rejected rows go; default: a CSV file beside FILE.",
)
@click.option(
    "--apply-renames",
    is_flag=True,
    help="Write the new names of renamed rows into the rows that hold the old ones.",
)
@click.option(
    "--dry-run", is_flag=True, help="Say what would change and write nothing; exit code 1 if something would."
)
@click.option("-y", "--yes", is_flag=True, help="Do not ask about columns that were matched by likeness.")
@keeping_options
@quiet
@verbose
@output_format
def command(
    book: Path,
    files: tuple[Path, ...],
    table: str,
    sheet: str,
    mode: str | None,
    match: tuple[str, ...],
    columns: tuple[tuple[str, str], ...],
    words: tuple[tuple[str, str], ...],
    profile: str | None,
    mapping: Path | None,
    dates: str | None,
    encoding: str,
    delimiter: str,
    clear_blanks: bool,
    take_problems: bool,
    rejected_file: Path | None,
    apply_renames: bool,
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
    """Take rows of CSV, XLSX or JSON files into a table of BOOK, in place.

    \b
    Columns find their fields by label in either language, id, alias or likeness. Rows that cannot be taken go to a
    CSV file with the reason; crmsheet restore is the way back.
    Example:
      crmsheet import follow-up.xlsx leads.csv --table customers --match phone --dry-run
    """
    from crmsheet.api.importing import Mode, Wanted
    from crmsheet.cli import mappings, replacing
    from crmsheet.intake.dates import DateOrder
    from crmsheet.intake.sources import read_source

    if copy is not None:
        replacing.ensure_new(copy, book)
    known = mappings.read_mapping(mapping) if mapping is not None else mappings.Mapped()
    table = table or known.table
    mapped = mappings.Mapped(
        table,
        mode or known.mode or "upsert",
        match or known.match,
        {**known.columns, **dict(columns)},
        known.dates,
        _meanings(known.values, words),
        profile or known.profile,
    )
    wanted = Wanted(
        table,
        Mode(mapped.mode),
        tuple(tuple(f.strip() for f in group.split(",")) for group in mapped.match),
        mapped.columns,
        {f: DateOrder(o) for f, o in mapped.dates.items()},
        DateOrder(_ORDERS[dates]) if dates else None,
        mapped.values,
        mapped.profile,
        clear_blanks,
        take_problems,
        apply_renames,
    )
    sheets = [
        s for file in files for s in read_source(file, sheet=sheet, encoding=encoding, delimiter=delimiter)
    ]
    today = date.today()  # noqa: DTZ011 - the user's own calendar day is meant

    def work(content: bytes) -> Imported:
        from crmsheet import api

        done = api.import_rows(content, sheets, name=str(book), today=today, wanted=wanted)
        if done.taken.unsure and not (dry_run or yes):
            _ask(done.taken)
        return done

    keeping = Keeping(dry_run, copy, wait, ignore_lock, not no_backup, backup_dir, quiet)
    kept = changed(book, keeping, say("Importing into {book}", book=book), work, compare=False)
    rejected = None if dry_run else _rejected(kept.done, rejected_file, files[0])
    if mapping is not None and not dry_run:
        _remember(mapping, mapped, kept.done)
    _tell(book, keeping, kept, rejected, output, verbose=verbose)
    if dry_run and kept.done.content is not None:
        return Exit.NO
    return Exit.NO if kept.done.rejected else Exit.DONE


def _meanings(
    known: Mapping[str, Mapping[str, str]], words: tuple[tuple[str, str], ...]
) -> Mapping[str, Mapping[str, str]]:
    """What texts mean, by field: those known, and those said now."""
    found = {name: dict(meant) for name, meant in known.items()}
    for left, value in words:
        name, sign, text = left.partition(":")
        if not sign:
            raise click.UsageError(
                say("Write --value as 'FIELD:TEXT=VALUE', not '{text}'.", text=f"{left}={value}")
            )
        found.setdefault(name.strip(), {})[text.strip()] = value
    return found


def _ask(taken: Taken) -> None:
    """Go on only if somebody confirms what was matched by likeness. Raises click.Abort or UsageError."""
    lines = [f"  {match.header} → {match.field}" for planned in taken.plans for match in planned.unsure]
    text = "\n".join(dict.fromkeys(lines))
    if not sys.stdin.isatty():
        raise click.UsageError(
            say(
                "These columns were matched by likeness:\n{columns}\n"
                "Say --yes if that is right, or --map 'HEADER=FIELD'.",
                columns=text,
            )
        )
    tell(say("These columns were matched by likeness:\n{columns}", columns=text), err=True)
    click.confirm(told(say("Is that right?")), abort=True, err=True)


def _rejected(done: Imported, file: Path | None, source: Path) -> Path | None:
    """The file with the rejected rows, written; None when there are none."""
    from crmsheet.cli import rejections, replacing

    if not done.rejected:
        return None
    target = file or rejections.free_name(source)
    if target.exists():
        replacing.ensure_new(target)
    text = rejections.rejected_text(done.taken.headers, done.rejected)
    replacing.created(target, text.encode("utf-8-sig"))
    return target


def _remember(mapping: Path, mapped: Mapped, done: Imported) -> None:
    """What every column was taken for, for the next time."""
    from crmsheet.cli.mappings import mapping_text

    columns = dict(mapped.columns)
    dates = dict(mapped.dates)
    for planned in done.taken.plans:
        columns |= {m.header: m.field for m in planned.columns if m.header and m.field}
        dates |= {f: e.order.order.value for f, e in planned.evidence.items() if not e.order.certain}
    text = mapping_text(replace(mapped, columns=columns, dates=dates))
    if not mapping.exists() or mapping.read_text("utf-8-sig") != text:
        mapping.write_text(text, "utf-8")


def _tell(
    book: Path, keeping: Keeping, kept: Kept[Imported], rejected: Path | None, output: str, *, verbose: bool
) -> None:
    from crmsheet.cli import render

    if output == "json":
        render.show_json(_as_json(book, keeping, kept, rejected))
    elif not keeping.quiet:
        _show(book, keeping, kept, rejected, verbose=verbose)


def _show(
    book: Path, keeping: Keeping, kept: Kept[Imported], rejected: Path | None, *, verbose: bool
) -> None:
    from crmsheet.cli.render import show_diagnostics

    done, table = kept.done, kept.done.taken.table.id
    if done.content is None:
        tell(say("{book}: nothing to take into '{table}'.", book=book, table=table))
    elif keeping.dry_run:
        tell(say("{book}: rows would be taken into '{table}'.", book=book, table=table))
    else:
        tell(say("{book}: rows taken into '{table}'.", book=keeping.copy or book, table=table))
    if done.taken.profiles:
        tell(say("  read as an export of {systems}", systems=listed(done.taken.profiles)))
    if done.created:
        tell(say("  created: {count:,}", count=done.created))
    if done.updated:
        tell(say("  updated: {count:,}", count=done.updated))
    if done.unchanged:
        tell(say("  unchanged: {count:,}", count=done.unchanged))
    if done.rejected:
        tell(say("  rejected: {count:,}", count=len(done.rejected)))
    for row in done.rejected if verbose else done.rejected[:_SHOWN]:
        click.echo(f"    {row.place}: {told(row.reason)}")
    if len(done.rejected) > _SHOWN and not verbose:
        tell(say("    … and {left:,} more (-v lists all)", left=len(done.rejected) - _SHOWN))
    if rejected is not None:
        tell(say("  rejected rows: {file}", file=rejected))
    if keeping.dry_run or verbose:
        tell(say("  columns:"))
        for planned in done.taken.plans:
            for match in planned.columns:
                if match.header:
                    how = say(_HOW["computed" if match.computed else match.how.value])
                    field = match.field or match.computed or "–"
                    tell(say("    {header} → {field} ({how})", header=match.header, field=field, how=how))
    if done.refreshed is not None:
        for note in [n for n in done.refreshed.notes if n.kind == "cell not written"][:_SHOWN]:
            cell = f"{note.sheet}!{note.cell}"
            tell(say("  not written, a formula of yours stands there: {cell}", cell=cell))
        if done.refreshed.renames:
            count = len(done.refreshed.renames)
            tell(say("  renamed rows: {count:,}; --apply-renames carries the new names", count=count))
    if kept.backup:
        tell(say("  backup: {file}", file=kept.backup))
    show_diagnostics(done.taken.findings)


def _as_json(
    book: Path, keeping: Keeping, kept: Kept[Imported], rejected: Path | None
) -> Mapping[str, object]:
    from crmsheet.cli.render import as_json

    done = kept.done
    return {
        "workbook": str(book),
        "changed": done.content is not None,
        "dry_run": keeping.dry_run,
        "written_to": str(keeping.copy or book) if done.content is not None and not keeping.dry_run else "",
        "backup": str(kept.backup or ""),
        "table": done.taken.table.id,
        "profiles": list(done.taken.profiles),
        "created": done.created,
        "updated": done.updated,
        "unchanged": done.unchanged,
        "rejected": [
            {"place": str(r.place), "cause": r.cause.value, "reason": r.reason, "values": list(r.values)}
            for r in done.rejected
        ],
        "rejected_file": str(rejected or ""),
        "columns": [
            {"header": m.header, "field": m.field, "how": m.how.value, "score": m.score}
            for planned in done.taken.plans
            for m in planned.columns
        ],
        "findings": as_json(done.taken.findings),
    }
