"""Adopt: a spreadsheet people already have becomes a spec, and a workbook of it that holds their data.

Knows the order of things: draft, spec, check, rows, proof. Whatever of a draft does not pass a check is taken back
to what is always possible, and told. Writes no user file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crmsheet.diagnostics import Diagnostic, FilePlace, Severity, TextPlace
from crmsheet.errors import InternalError, SpecError, UsageError
from crmsheet.excel.references import column_letters
from crmsheet.messages import listed, say
from crmsheet.model.spec import Model, SourceFile
from crmsheet.model.words import Language
from crmsheet.structs import dataclass, replace

if TYPE_CHECKING:
    from crmsheet.adopt.drafts import Draft, Remark
    from crmsheet.adopt.writing import SpecText
    from crmsheet.api.rows import Rows

_ROUNDS: Final = 60


@dataclass(frozen=True, slots=True)
class AdoptedTable:
    """A table of the new spec and where it came from. `fields` are (id, header, type, what it is about)."""

    id: str
    label: str
    sheet: str
    rows: int
    key: str
    fields: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class AdoptedSheet:
    """A sheet of the old workbook: what was made of it, and what there is to tell."""

    name: str
    tables: tuple[AdoptedTable, ...]
    understood: tuple[tuple[str, str], ...]
    """Place and text."""
    not_understood: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Adopted:
    """`spec` is the text of a spec that has no errors; `workbook` the bytes of a workbook built from it."""

    name: str
    language: str
    spec: str
    workbook: bytes
    sheets: tuple[AdoptedSheet, ...]
    rows: Mapping[str, int]
    findings: tuple[Diagnostic, ...]


def adopt(path: Path, *, today: date, language: str | None = None, name: str = "") -> Adopted:
    """Make a spec and a workbook of a spreadsheet. Raises UsageError, WorkbookRefused or OSError."""
    from crmsheet.adopt.adopting import draft_of, language_of, rows_of
    from crmsheet.adopt.formulas import computed
    from crmsheet.adopt.rules import ruled
    from crmsheet.api.building import built_from
    from crmsheet.intake.books import read_book

    if not path.is_file():
        raise UsageError(
            Diagnostic(
                "U101",
                say("there is no such file"),
                FilePlace(str(path)),
                remedy=say("Check the name and the folder."),
            )
        )
    book = read_book(path)
    if book.sheet("_crmsheet") is not None:
        raise UsageError(
            Diagnostic(
                "U131",
                say("this workbook was built by crmsheet already"),
                FilePlace(str(path)),
                remedy=say("To recompute it:  crmsheet refresh {book}", book=path),
            )
        )
    draft = draft_of(book)
    if not draft.tables:
        raise _no_table(path, draft)
    chosen = Language(language) if language is not None else language_of(draft)
    draft = ruled(computed(draft, book), book)
    title = path.stem
    draft, text, model = _checked(draft, name or title, title, chosen, path.name)
    draft, text, model = _proven(draft, text, model, name or title, title, chosen, path.name, today)
    rows = rows_of(draft)
    built = built_from(model, rows, chosen, today=today)
    findings = (*_about(book.values_only, book.unvalued, path), *built.findings)
    draft = replace(draft, remarks=(*draft.remarks, *_kept(draft, model, chosen, rows)))
    return Adopted(
        model.name,
        chosen.value,
        text.text,
        built.content,
        _sheets(draft, model, chosen, tuple(sheet.name for sheet in book.sheets)),
        built.rows,
        findings,
    )


def _checked(
    draft: Draft, name: str, title: str, language: Language, source: str
) -> tuple[Draft, SpecText, Model]:
    """The draft as a spec without errors."""
    from crmsheet.adopt.adopting import without
    from crmsheet.adopt.writing import spec_text
    from crmsheet.spec import load_sources

    problems: tuple[Diagnostic, ...] = ()
    for _ in range(_ROUNDS):
        text = spec_text(draft, name, title, language, source)
        try:
            return draft, text, load_sources((SourceFile("adopted.yaml", text.text),), "adopted.yaml")
        except SpecError as wrong:
            problems = wrong.diagnostics
        found: dict[tuple[str, str], Diagnostic] = {}
        for problem in problems:
            if problem.severity is Severity.ERROR and isinstance(problem.place, TextPlace):
                about = text.fields.get(problem.place.line) or text.rules.get(problem.place.line)
                if about is not None:
                    found.setdefault(about, problem)
        if not found:
            break
        for (table, item), problem in found.items():
            why = say("{item} could not be kept as it was: {why}", item=item, why=problem.message)
            draft = without(draft, table, item, why)
    raise InternalError(
        Diagnostic(
            "B102",
            say("the spec made of this workbook is not valid"),
            reason="\n".join(p.text() for p in problems[:3]),
        )
    )


def _proven(
    draft: Draft,
    text: SpecText,
    model: Model,
    name: str,
    title: str,
    language: Language,
    source: str,
    today: date,
) -> tuple[Draft, SpecText, Model]:
    """The draft with only those computed fields that give what the sheet's own formulas gave."""
    from crmsheet.adopt.adopting import rows_of, without
    from crmsheet.adopt.drafts import Remark
    from crmsheet.adopt.proof import differing, tidied
    from crmsheet.api.rows import initial_state
    from crmsheet.compile import compiled
    from crmsheet.compile.pieces import Context
    from crmsheet.excel.dates import serial_of_date

    for _ in range(_ROUNDS):
        computed = [(t, f) for t in draft.tables for f in t.fields if f.expr or f.rollup]
        if not computed:
            break
        state, _, _ = initial_state(model, language, rows_of(draft), "aaaa")
        environment = compiled(Context(model, language, state, serial_of_date(today), version="")).environment
        wrong = [
            (t, f, count)
            for t, f in computed
            if t.size
            and not re.search(r"\bas_of\b", f.expr)  # what a day long past gave is not what today gives
            and (count := differing(f, environment.column(t.id, f.id)[: t.size]))
        ]
        if not wrong:
            break
        wrong, found_more = (
            [w for w in wrong if not tidied(w[0], w[1], draft.tables)],
            [w for w in wrong if tidied(w[0], w[1], draft.tables)],
        )
        for table, field, count in found_more:
            text_of = say(
                "'{header}': {count} of {rows} rows give something else now: names were tidied, and more rows are found",
                header=field.header,
                count=count,
                rows=table.size,
            )
            more = Remark(table.sheet, column_letters(field.column), text_of)
            if more not in draft.remarks:
                draft = replace(draft, remarks=(*draft.remarks, more))
        if not wrong:
            break
        for table, field, count in wrong:
            why = say(
                "'{header}': its formula was kept as values; computed anew, {count} of {rows} rows would change",
                header=field.header,
                count=count,
                rows=table.size,
            )
            draft = without(draft, table.id, field.id, why)
        draft, text, model = _checked(draft, name, title, language, source)
    return draft, text, model


def _kept(draft: Draft, model: Model, language: Language, rows: Rows) -> list[Remark]:
    """What became of values that are not what they were."""
    from crmsheet.adopt.proof import told
    from crmsheet.api.rows import initial_state

    state, _, _ = initial_state(model, language, rows, "aaaa")
    return [remark for t in draft.tables for remark in told(t, state.tables[t.id].columns)]


def _sheets(
    draft: Draft, model: Model, language: Language, names: tuple[str, ...]
) -> tuple[AdoptedSheet, ...]:
    sheets: list[AdoptedSheet] = []
    for name in names:
        tables = tuple(
            AdoptedTable(
                t.id,
                model.table(t.id).label.text(language),
                ", ".join(t.sources) or t.sheet,
                t.size,
                model.table(t.id).key,
                tuple(
                    (f.id, f.header, model.table(t.id).field(f.id).type.value, f.list or f.table)
                    for f in t.fields
                ),
            )
            for t in draft.tables
            if t.sheet == name
        )
        remarks = list(dict.fromkeys(r for r in draft.remarks if r.sheet == name))
        if tables or remarks:
            sheets.append(
                AdoptedSheet(
                    name,
                    tables,
                    tuple((r.place, r.text) for r in remarks if r.understood),
                    tuple((r.place, r.text) for r in remarks if not r.understood),
                )
            )
    return tuple(sheets)


def _about(values_only: bool, unvalued: int, path: Path) -> tuple[Diagnostic, ...]:
    found: list[Diagnostic] = []
    if values_only:
        found.append(
            Diagnostic(
                "U136",
                say(
                    "only the values of this workbook could be read; formulas, formats and drop-downs could not"
                ),
                FilePlace(str(path)),
                Severity.WARNING,
                remedy=say("Open the file in Excel or LibreOffice, save it as .xlsx, and run again."),
            )
        )
    if unvalued:
        found.append(
            Diagnostic(
                "U136",
                say(
                    "{count} formulas of this workbook hold no value; their cells were read as blank",
                    count=f"{unvalued:,}",
                ),
                FilePlace(str(path)),
                Severity.WARNING,
                reason=say("The program that wrote the file did not compute them."),
                remedy=say("Open the file in Excel or LibreOffice, save it, and run again."),
            )
        )
    return tuple(found)


def _no_table(path: Path, draft: Draft) -> UsageError:
    told = listed((say("{sheet}: {what}", sheet=r.sheet, what=r.text) for r in draft.remarks[:5]), "\n")
    return UsageError(
        Diagnostic(
            "U137",
            say("nothing in this workbook looks like a table"),
            FilePlace(str(path)),
            reason=told,
            remedy=say("Put the names of the columns into one row, with the rows right below it."),
        )
    )
