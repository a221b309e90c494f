"""Who sees what: the roles of a spec or workbook as a table for people.

Knows roles, tables and fields. Does not know how it is printed.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from crmsheet.model.roles import Access
from crmsheet.model.spec import Model
from crmsheet.model.words import Language
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class TableRow:
    """What a role sees of one table; `owner` is the way to the person of a row. Labels go with ids."""

    table: str
    label: str
    rows: str
    owner: str
    fields: tuple[tuple[str, str, str], ...]
    """Of each field its id, its label and what becomes of it."""

    def of(self, access: Access) -> tuple[str, ...]:
        """The labels of the fields with which this is done."""
        return tuple(label for _, label, found in self.fields if found == access.value)


@dataclass(frozen=True, slots=True)
class RoleRow:
    role: str
    label: str
    people: str
    team: str
    tables: tuple[TableRow, ...]
    sheets: tuple[tuple[str, str], ...]


def access(
    file: Path, *, today: date, language: str | None = None, password: str = ""
) -> tuple[RoleRow, ...]:
    """The roles of a spec, a starter or a workbook. Raises SpecError, UsageError or WorkbookRefused."""
    model, spoken = _model(file, today, password)
    chosen = Language(language) if language is not None else spoken
    return tuple(
        RoleRow(
            role.id,
            role.label.text(chosen),
            role.people,
            role.team,
            tuple(
                TableRow(
                    t.table,
                    model.table(t.table).label.text(chosen),
                    t.rows.value,
                    ".".join(t.owner),
                    tuple(
                        (f.id, f.label.text(chosen), t.of(f.id).value) for f in model.table(t.table).fields
                    ),
                )
                for t in role.tables
            ),
            tuple((b.id, b.label.text(chosen)) for b in model.boards if b.id in role.boards),
        )
        for role in model.roles
    )


def _model(file: Path, today: date, password: str) -> tuple[Model, Language]:
    from crmsheet.starters import starter_names

    if file.suffix.lower() in (".yaml", ".yml") or (not file.exists() and str(file) in starter_names()):
        from crmsheet.errors import SpecError
        from crmsheet.spec import read
        from crmsheet.starters import starter_path

        result = read(file if file.exists() else starter_path(str(file)))
        if result.model is None:
            raise SpecError(result.diagnostics)
        return result.model, result.model.language
    from crmsheet.api.opening import read_workbook
    from crmsheet.api.team.copies import opened

    with opened(read_workbook(file, password=password), str(file), today) as master:
        return master.model, master.reading.record.language
