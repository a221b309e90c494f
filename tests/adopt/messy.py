"""Messy sheets as people keep them, made with openpyxl, and ways to adopt them.

Knows how a workbook is made and what the new one holds. Does not know how adopting works.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from crmsheet.adopt.adopting import draft_of, rows_of
from crmsheet.adopt.proof import kept
from crmsheet.api.adopting import Adopted, adopt
from crmsheet.api.rows import initial_state
from crmsheet.diagnostics import Diagnostic
from crmsheet.errors import UsageError, WorkbookRefused
from crmsheet.intake.books import read_book
from crmsheet.model.spec import FieldType, Model, SourceFile
from crmsheet.model.words import Language
from crmsheet.spec import load_sources

Cell: TypeAlias = str | float | bool | dt.date | dt.time | None
TODAY = dt.date(2026, 3, 31)


def day(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def sheet(rows: Iterable[Sequence[Cell]], name: str = "Sheet", book: Workbook | None = None) -> Worksheet:
    """A sheet with these rows; its book is `sheet.parent`."""
    if book is None:
        book = openpyxl.Workbook()
        made = book.active
        assert isinstance(made, Worksheet)
    else:
        made = book.create_sheet()
    made.title = name
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value is not None:
                made.cell(number, column, value)
    return made


def valued(book: Workbook, values: Mapping[str, Mapping[str, float | str]], path: Path) -> None:
    """Save with values beside the formulas (openpyxl writes none), by sheet and cell."""
    raw = io.BytesIO()
    book.save(raw)
    from zipfile import ZIP_DEFLATED, ZipFile

    with ZipFile(raw) as source, ZipFile(path, "w", ZIP_DEFLATED) as target:
        for info in source.infolist():
            data = source.read(info)
            for index, name in enumerate(book.sheetnames, 1):
                if info.filename == f"xl/worksheets/sheet{index}.xml":
                    data = _with_values(data, values.get(name, {}))
            target.writestr(info.filename, data)


def _with_values(data: bytes, values: Mapping[str, float | str]) -> bytes:
    for cell, value in values.items():
        kind = b' t="str"' if isinstance(value, str) else b""
        name = cell.encode()
        found = re.search(rb'<c r="%s"([^>]*?)( t="[a-z]*")?><f>(.*?)</f><v\s*/?>(?:</v>)?</c>' % name, data)
        assert found is not None, cell
        made = b'<c r="%s"%s%s><f>%s</f><v>%s</v></c>' % (name, found[1], kind, found[3], str(value).encode())
        data = data[: found.start()] + made + data[found.end() :]
    return data


def adopted(made: Worksheet | Workbook, folder: Path, name: str = "old.xlsx", **options: str) -> Adopted:
    path = folder / name
    book = made if isinstance(made, Workbook) else made.parent
    assert isinstance(book, Workbook)
    book.save(path)
    return adopt(path, today=TODAY, **options)


def model(done: Adopted) -> Model:
    return load_sources((SourceFile("spec.yaml", done.spec),), "spec.yaml")


def types(done: Adopted, table: int = 0) -> dict[str, str]:
    """Field types by id of one of the tables."""
    return {f.id: f.type.value for f in model(done).tables[table].fields}


def column(done: Adopted, header: str, sheet_number: int = 0) -> list[object]:
    """A column of the new workbook by its header, as openpyxl reads it."""
    found = _columns(done)
    return [columns[header] for columns in found if header in columns][sheet_number]


def _columns(done: Adopted) -> list[dict[str, list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(done.workbook), data_only=True)
    result: list[dict[str, list[object]]] = []
    for found in book.worksheets:
        for table in found.tables.values():
            cells = found[table.ref]
            headers = [str(cell.value) for cell in cells[0]]
            result.append({h: [row[i].value for row in cells[1:]] for i, h in enumerate(headers)})
    return result


def told(done: Adopted) -> str:
    """Everything that was told, as one text."""
    lines: list[str] = []
    for each in done.sheets:
        lines += [f"+ {place} {text}" for place, text in each.understood]
        lines += [f"! {place} {text}" for place, text in each.not_understood]
    return "\n".join(lines)


Make: TypeAlias = Callable[[], Worksheet]


def holds_what_the_old_one_held(file: Path) -> None:
    """A file is adopted without a value lost unsaid, or refused with a remedy."""
    problems: tuple[Diagnostic, ...] = ()
    try:
        done = adopt(file, today=dt.date(2026, 1, 1))
    except (UsageError, WorkbookRefused) as refused:
        problems = refused.diagnostics
    if problems:
        assert all(d.code[0] in "UW" and d.remedy for d in problems)
        return
    model = load_sources((SourceFile("spec.yaml", done.spec),), "spec.yaml")
    draft = draft_of(read_book(file))
    state, _, _ = initial_state(model, Language(done.language), rows_of(draft), "aaaa")
    told = "\n".join(text for s in done.sheets for _, text in (*s.understood, *s.not_understood))
    for table in draft.tables:
        for field in table.fields:
            if model.table(table.id).field(field.id).type.computed:
                continue
            values = state.tables[table.id].columns[field.id]
            lost = [
                (raw, value)
                for raw, value in zip(field.raw, values, strict=True)
                if not kept(raw, value) and field.kind.type is not FieldType.MULTI_CHOICE
            ]
            assert not lost or f"'{field.header}'" in told, (table.id, field.id, lost[:3])
