"""A folder of files as the rows of a new workbook: a file, or a sheet of one, for each table.

Knows how files and sheets are called after tables. Does not know how their rows are read (`intake`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from crmsheet.diagnostics import Diagnostic, FilePlace, Severity
from crmsheet.errors import UsageError
from crmsheet.intake.grids import Raw, Rows, Sheet
from crmsheet.intake.headers import header_form
from crmsheet.intake.plans import converted, plan, told
from crmsheet.intake.sources import ENDINGS, read_source
from crmsheet.intake.synonyms import table_word
from crmsheet.messages import listed, say
from crmsheet.model.spec import Model, Table
from crmsheet.model.words import Language


def folder_rows(model: Model, language: Language, folder: Path) -> tuple[Rows, tuple[Diagnostic, ...]]:
    """The rows of the files in a folder (or of one file), and what there is to say of them.

    A table's rows stand in a file, or a sheet of a workbook, called after its id, label or an alias. Raises
    UsageError when there is none for any table, WorkbookRefused for a workbook that cannot be read.
    """
    rows: dict[str, list[dict[str, Raw]]] = {}
    findings: list[Diagnostic] = []
    for file in _files(folder):
        sheets = read_source(file)
        found = False
        for sheet in sheets:
            table = _table(model, sheet, alone=len(sheets) == 1)
            if table is None:
                continue
            found = True
            planned = plan(sheet, table)
            if planned is None:
                findings.append(_no_headers(sheet, table))
                continue
            read = tuple(converted(planned, model, language))
            findings += told(planned, read)
            rows.setdefault(table.id, []).extend(dict(row.values) for row in read)
        if not found and sheets:
            findings.append(_nobodys(file, sheets, model))
    if not rows:
        raise _nothing(model, folder)
    return rows, tuple(findings)


def _files(folder: Path) -> Sequence[Path]:
    if folder.is_file():
        return (folder,)
    return tuple(
        file
        for file in sorted(folder.iterdir())
        if file.suffix.lower() in ENDINGS and file.is_file() and not file.name.startswith(("~$", "."))
    )


def _table(model: Model, sheet: Sheet, *, alone: bool) -> Table | None:
    """The table that a sheet is called after; the name of its file counts where it is the only sheet."""
    names = [sheet.name, Path(sheet.file).stem] if alone else [sheet.name]
    for name in names:
        form = header_form(name)
        for table in model.tables:
            if form in map(header_form, _names(table)):
                return table
    for name in names:
        word = table_word(name)
        for table in model.tables:
            if word and word in map(table_word, _names(table)):
                return table
    return None


def _names(table: Table) -> Iterator[str]:
    yield from (table.id, table.label.zh, table.label.en, *table.aliases)


def _no_headers(sheet: Sheet, table: Table) -> Diagnostic:
    return Diagnostic(
        "U138",
        say("no row names a field of {table}; nothing was read", table=table.id),
        sheet.place(0),
        Severity.WARNING,
        remedy=say("Begin with a row of headers: the labels or ids of the fields."),
        allowed=tuple(f.id for f in table.fields if not f.type.computed),
    )


def _nobodys(file: Path, sheets: Sequence[Sheet], model: Model) -> Diagnostic:
    names = listed(sheet.name for sheet in sheets)
    return Diagnostic(
        "U139",
        say("this file is called after no table; it was left out")
        if len(sheets) == 1
        else say("no sheet of this file is called after a table ({names}); it was left out", names=names),
        FilePlace(str(file)),
        Severity.WARNING,
        remedy=say("Tables: {tables}.", tables=listed(t.id for t in model.tables)),
        allowed=tuple(t.id for t in model.tables),
    )


def _nothing(model: Model, folder: Path) -> UsageError:
    expected = ", ".join(f"{t.id}.csv" for t in model.tables)
    return UsageError(
        Diagnostic(
            "U103",
            say("no data found in '{folder}'", folder=folder),
            remedy=say(
                "Name CSV, XLSX or JSON files (or the sheets of one workbook) after the tables: {expected}",
                expected=expected,
            ),
        )
    )
