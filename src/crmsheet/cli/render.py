"""Diagnostics as text for people and JSON for programs.

Knows streams and colours. Does not know which problems exist.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

import click

from crmsheet.cli.speech import language, recorded, told
from crmsheet.diagnostics import CellPlace, Diagnostic, FilePlace, Severity, TextPlace
from crmsheet.messages import say
from crmsheet.structs import asdict

_COLOR = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def show_diagnostics(diagnostics: Iterable[Diagnostic], *, err: bool = True) -> None:
    """One paragraph each; colour only where the stream is a terminal (Click heeds NO_COLOR)."""
    for diagnostic in diagnostics:
        head, *rest = diagnostic.text(language()).split("\n")
        word = told(say(diagnostic.severity.value))
        click.echo(head.replace(f" {word}", f" {_colored(word, diagnostic.severity)}", 1), err=err)
        for line in rest:
            click.echo(line, err=err)


def _colored(word: str, severity: Severity) -> str:
    import os

    return word if os.environ.get("NO_COLOR") else click.style(word, fg=_COLOR[severity])


def as_json(diagnostics: Sequence[Diagnostic]) -> list[dict[str, object]]:
    """Diagnostics as JSON objects; the place's keys say which kind it is."""
    result: list[dict[str, object]] = []
    for d in diagnostics:
        place: dict[str, object] | None
        match d.place:
            case TextPlace() | CellPlace() | FilePlace() as known:
                place = asdict(known)
            case None:
                place = None
        result.append(
            {
                "code": d.code,
                "severity": d.severity.value,
                "message": recorded(d.message),
                "place": place,
                "reason": recorded(d.reason),
                "remedy": recorded(d.remedy),
                "allowed": [recorded(word) for word in d.allowed],
            }
        )
    return result


def show_json(data: Mapping[str, object]) -> None:
    """JSON on stdout, ASCII only, so that it survives every console and pipe."""
    click.echo(json.dumps(data, ensure_ascii=True, indent=2))


def counted(number: int, one: str, many: str = "") -> str:
    """`1 row`, `2 rows`; in a sentence that is said, a value of it."""
    return say(("{number:,} " + one) if number == 1 else "{number:,} " + (many or one + "s"), number=number)
