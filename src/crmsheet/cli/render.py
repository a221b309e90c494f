"""Diagnostics as text for people and JSON for programs.

Knows streams and colours. Does not know which problems exist.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

import click

from crmsheet.diagnostics import CellPlace, Diagnostic, FilePlace, Severity, TextPlace

_COLOR = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def show_diagnostics(diagnostics: Iterable[Diagnostic], *, err: bool = True) -> None:
    """One paragraph each; colour only where the stream is a terminal (Click heeds NO_COLOR)."""
    for diagnostic in diagnostics:
        head, *rest = diagnostic.text().split("\n")
        click.echo(
            head.replace(f" {diagnostic.severity}: ", f" {_colored(diagnostic.severity)}: ", 1), err=err
        )
        for line in rest:
            click.echo(line, err=err)


def _colored(severity: Severity) -> str:
    import os

    return severity.value if os.environ.get("NO_COLOR") else click.style(severity.value, fg=_COLOR[severity])


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
                "message": d.message,
                "place": place,
                "reason": d.reason,
                "remedy": d.remedy,
                "allowed": list(d.allowed),
            }
        )
    return result


def show_json(data: Mapping[str, object]) -> None:
    """JSON on stdout, ASCII only, so that it survives every console and pipe."""
    click.echo(json.dumps(data, ensure_ascii=True, indent=2))


def counted(number: int, one: str, many: str = "") -> str:
    """`1 row`, `2 rows`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
