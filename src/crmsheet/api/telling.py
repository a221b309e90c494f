"""What reading a workbook had to decide, as notes and problems for its people.

Knows which decisions are worth telling. Does not know how they are shown.
"""

from __future__ import annotations

from crmsheet.diagnostics import CellPlace, Diagnostic, Severity
from crmsheet.excel.references import a1
from crmsheet.model.spec import Model
from crmsheet.read import Reading
from crmsheet.refresh import Note, NoteKind


def reading_notes(reading: Reading, model: Model) -> list[Note]:
    """What reading the workbook had to decide."""
    notes: list[Note] = []
    for sheet_id, (old, new) in reading.renamed_sheets.items():
        notes.append(Note(NoteKind.SHEET_RENAMED, new, old=old, new=sheet_id and new))
    for table in model.tables:
        found, rows = reading.tables[table.id], reading.rows[table.id]
        sheet, column = found.sheet.name, found.columns.get(table.key, 0)
        for column_id, header in found.renamed.items():
            old = next(m.header for m in reading.record.tables[table.id].columns if m.id == column_id)
            notes.append(
                Note(
                    NoteKind.HEADER_RENAMED,
                    sheet,
                    a1(found.part.ref.top, found.columns[column_id]),
                    header,
                    old,
                    header,
                )
            )
        for kind, indexes in (
            (NoteKind.ROW_COPIED, rows.identity.copied),
            (NoteKind.ROW_RECOGNISED, rows.identity.moved),
        ):
            notes += [Note(kind, sheet, a1(rows.rows[i], column)) for i in indexes]
        notes += [Note(NoteKind.ROW_ADOPTED, sheet, a1(r, column)) for r in rows.adopted]
        known = reading.record.tables[table.id].rows
        notes += [
            Note(NoteKind.ROW_DELETED, sheet, old=known[i][1].lstrip("'#!")) for i in rows.identity.missing
        ]
    return notes


def row_problems(reading: Reading, model: Model) -> list[Diagnostic]:
    """Copied and doubtful rows, as data problems."""
    from crmsheet.checks.words import WORDS

    language = reading.record.language
    problems = []
    for table in model.tables:
        found, rows = reading.tables[table.id], reading.rows[table.id]
        for code, indexes in (("D111", rows.identity.copied), ("D113", rows.identity.doubtful)):
            words = WORDS[code]
            for i in indexes:
                problems.append(
                    Diagnostic(
                        code,
                        words.said(words.message, language),
                        CellPlace(found.sheet.name, a1(rows.rows[i], found.part.ref.left)),
                        Severity.WARNING,
                        remedy=words.said(words.remedy, language),
                    )
                )
    return problems
