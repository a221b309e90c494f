"""What adopting found, as text for people and JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from crmsheet.api.adopting import Adopted, AdoptedSheet, AdoptedTable
from crmsheet.cli import render
from crmsheet.cli.speech import recorded, told
from crmsheet.messages import say


def show(done: Adopted) -> None:
    """The report, sheet by sheet."""
    for sheet in done.sheets:
        click.echo(sheet.name)
        for table in sheet.tables:
            click.echo(f"  {told(_table(table))}")
            for line in _fields(table):
                click.echo(f"      {line}")
        for sign, remarks in (("+", sheet.understood), ("!", sheet.not_understood)):
            for place, text in remarks:
                click.echo(f"  {sign} {place}{': ' if place else ''}{told(text)}")


def _table(table: AdoptedTable) -> str:
    return say(
        "{label}: table {id}, {rows} rows, {fields} fields, key {key}",
        label=table.label,
        id=table.id,
        rows=f"{table.rows:,}",
        fields=len(table.fields),
        key=table.key,
    )


def _fields(table: AdoptedTable) -> list[str]:
    wide = max((len(name) for name, _, _, _ in table.fields), default=0)
    return [
        f"{name:<{wide}}  {kind}{f' ({about})' if about else ''}{f'  {header}' if header else ''}"
        for name, header, kind, about in table.fields
    ]


def as_json(done: Adopted, written: Sequence[Path]) -> dict[str, object]:
    return {
        "name": done.name,
        "language": done.language,
        "written": [str(file) for file in written],
        "rows": dict(done.rows),
        "sheets": [_sheet(sheet) for sheet in done.sheets],
        "diagnostics": render.as_json(done.findings),
    }


def _sheet(sheet: AdoptedSheet) -> dict[str, object]:
    return {
        "name": sheet.name,
        "tables": [
            {
                "id": t.id,
                "label": t.label,
                "sheet": t.sheet,
                "rows": t.rows,
                "key": t.key,
                "fields": [
                    {"id": name, "header": header, "type": kind, "refers_to": about}
                    for name, header, kind, about in t.fields
                ],
            }
            for t in sheet.tables
        ],
        "understood": _remarks(sheet.understood),
        "not_understood": _remarks(sheet.not_understood),
    }


def _remarks(remarks: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"place": place, "text": recorded(text)} for place, text in remarks]
