"""The receipt of a refresh: what changed, what was found, where the backup is.

Knows how it reads to a person. Does not know how a refresh works.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from crmsheet.cli import differences
from crmsheet.cli.render import as_json as diagnostics_as_json
from crmsheet.cli.render import counted, show_diagnostics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmsheet.api import Compared, Refreshed
    from crmsheet.diagnostics import Diagnostic

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Report:
    """One workbook's refresh and what was done with the result."""

    book: str
    done: Refreshed
    dry_run: bool
    backup: str
    copy: str
    compared: Compared | None = None
    """Of a dry run that would change something: the workbook as it is against what it would be."""


def show(report: Report, *, quiet: bool, verbose: bool) -> None:
    """The receipt on stdout; problems with the data behind it."""
    done = report.done
    changed = done.content is not None
    tense = "would be refreshed" if report.dry_run else "refreshed"
    target = f" into {report.copy}" if report.copy else ""
    click.echo(
        f"{report.book}: {tense}{target} as of {done.as_of}."
        if changed
        else f"{report.book}: up to date as of {done.as_of}."
    )
    if quiet:
        return
    click.echo("  rows: " + ", ".join(f"{label} {count:,}" for label, count in done.rows))
    if changed:
        click.echo(
            f"  {counted(done.values_changed, 'computed value')} {'would change' if report.dry_run else 'changed'}"
        )
    for kind, number in Counter(n.kind for n in done.notes).items():
        click.echo(f"  {kind}: {number:,}")
        notes = [n for n in done.notes if n.kind is kind]
        for note in notes if verbose else notes[:_SHOWN]:
            where = f"{note.sheet}!{note.cell}" if note.cell else note.sheet
            label = f" [{note.column}]" if note.column else ""
            change = f": {' → '.join(t for t in (note.old, note.new) if t)}" if note.old or note.new else ""
            click.echo(f"    {where}{label}{change}")
        if len(notes) > _SHOWN and not verbose:
            click.echo(f"    … and {len(notes) - _SHOWN:,} more (-v lists all)")
    if report.compared is not None and not report.compared.same:
        click.echo("  what would differ:")
        differences.show(report.compared, verbose=verbose, lines=_SHOWN, indent="    ")
    if report.backup:
        click.echo(f"  backup: {report.backup}")
    if done.problems:
        click.echo(
            f"  {counted(len(done.problems), 'problem')} in the data; crmsheet check {report.book} lists them"
        )
    show_diagnostics(done.findings)
    if verbose:
        show_diagnostics(done.problems)


def as_json(report: Report) -> dict[str, object]:
    """The same as JSON."""
    done = report.done
    return {
        "workbook": report.book,
        "changed": done.content is not None,
        "failed": False,
        "dry_run": report.dry_run,
        "written_to": report.copy or (report.book if done.content is not None and not report.dry_run else ""),
        "backup": report.backup,
        "as_of": done.as_of.isoformat(),
        "rows": dict(done.rows),
        "values_changed": done.values_changed,
        "notes": [{**asdict(n), "kind": n.kind.value} for n in done.notes],
        "renames": [asdict(r) for r in done.renames],
        "problems": diagnostics_as_json(done.problems),
        "findings": diagnostics_as_json(done.findings),
        "differences": None if report.compared is None else differences.as_json(report.compared),
        "diagnostics": [],
    }


def failure_as_json(book: str, diagnostics: Sequence[Diagnostic]) -> dict[str, object]:
    """A workbook that was not refreshed: nothing in it changed, and why."""
    return {
        "workbook": book,
        "changed": False,
        "failed": True,
        "diagnostics": diagnostics_as_json(diagnostics),
    }
