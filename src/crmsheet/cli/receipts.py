"""The receipt of a refresh: what changed, what was found, where the backup is.

Knows how it reads to a person. Does not know how a refresh works.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from crmsheet.cli.render import as_json as diagnostics_as_json
from crmsheet.cli.render import counted, show_diagnostics
from crmsheet.cli.speech import recorded, tell, told
from crmsheet.diagnostics import Severity
from crmsheet.messages import Said, listed, say
from crmsheet.structs import asdict, dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmsheet.api import Compared, Refreshed
    from crmsheet.diagnostics import Diagnostic
    from crmsheet.refresh.notes import Note

_SHOWN = 10
_MISSED = ("deleted sheet left out", "block left out")
"""Kinds of notes on what is not there; people may want it back."""


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
    left: bytes = b""
    """The SHA-256 of the workbook's file as it was left."""
    events: int | None = None
    """How many events were told; None where nobody asked."""


def headline(report: Report) -> Said:
    """What became of the workbook, on one line."""
    done = report.done
    target = say(" into {file}", file=report.copy) if report.copy else ""
    values = {"book": report.book, "target": target, "day": done.as_of}
    if done.content is None:
        return say("{book}: up to date as of {day}.", book=report.book, day=done.as_of)
    if report.dry_run:
        return say("{book}: would be refreshed{target} as of {day}.", **values)
    return say("{book}: refreshed{target} as of {day}.", **values)


def show(report: Report, *, quiet: bool, verbose: bool) -> None:
    """The receipt on stdout; problems with the data behind it."""
    done = report.done
    changed = done.content is not None
    tell(headline(report))
    if quiet:
        return
    tell(say("  rows: {rows}", rows=listed(f"{label} {count:,}" for label, count in done.rows)))
    if changed:
        values = counted(done.values_changed, "computed value")
        tell(
            say("  {values} would change", values=values)
            if report.dry_run
            else say("  {values} changed", values=values)
        )
    for kind, number in Counter(n.kind for n in done.notes).items():
        tell(say("  {kind}: {number:,}", kind=say(kind.value), number=number))
        notes = [n for n in done.notes if n.kind is kind]
        for note in notes if verbose else notes[:_SHOWN]:
            where = f"{note.sheet}!{note.cell}" if note.cell else note.sheet
            label = f" [{told(note.column)}]" if note.column else ""
            told_of = " → ".join(told(t) for t in (note.old, note.new) if t)
            click.echo("    " + ": ".join(text for text in (where + label, told_of) if text))
        if len(notes) > _SHOWN and not verbose:
            tell(say("    … and {left:,} more (-v lists all)", left=len(notes) - _SHOWN))
        if kind in _MISSED:
            tell(say("    refresh with --restore-sheets to have them back"))
    if report.compared is not None and not report.compared.same:
        from crmsheet.cli import differences

        tell(say("  what would differ:"))
        differences.show(report.compared, verbose=verbose, lines=_SHOWN, indent="    ")
    if report.events is not None:
        tell(say("  events: {number:,}", number=report.events))
    if report.backup:
        tell(say("  backup: {file}", file=report.backup))
    if done.problems:
        problems = counted(len(done.problems), "problem")
        tell(
            say(
                "  {problems} in the data; crmsheet check {book} lists them",
                problems=problems,
                book=report.book,
            )
        )
    # What is only good to know of the workbook is the same after every refresh.
    known = [f for f in done.findings if f.severity is Severity.NOTE and not verbose]
    if known:
        tell(say("  {notes} on the workbook (-v lists them)", notes=counted(len(known), "note")))
    show_diagnostics(f for f in done.findings if f not in known)
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
        "notes": [_note_json(n) for n in done.notes],
        "renames": [asdict(r) for r in done.renames],
        "problems": diagnostics_as_json(done.problems),
        "findings": diagnostics_as_json(done.findings),
        "differences": _differences_json(report.compared),
        "events": report.events,
        "diagnostics": [],
    }


def _differences_json(compared: Compared | None) -> object:
    if compared is None:
        return None
    from crmsheet.cli import differences

    return differences.as_json(compared)


def _note_json(note: Note) -> dict[str, object]:
    """A note; its kind is the same in every language."""
    texts = {"column": recorded(note.column), "old": recorded(note.old), "new": recorded(note.new)}
    return {**asdict(note), "kind": note.kind.value, **texts}


def failure_as_json(book: str, diagnostics: Sequence[Diagnostic]) -> dict[str, object]:
    """A workbook that was not refreshed: nothing in it changed, and why."""
    return {
        "workbook": book,
        "changed": False,
        "failed": True,
        "diagnostics": diagnostics_as_json(diagnostics),
    }
