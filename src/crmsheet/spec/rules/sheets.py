"""Sheet names and headers: legal in Excel and unlike each other, in each language.

Knows the names that a workbook's sheets and columns will have. Does not know their order.
"""

from __future__ import annotations

from typing import Final

from crmsheet.excel import limits
from crmsheet.excel.references import sheet_name_problem
from crmsheet.messages import say
from crmsheet.model.spec import Model
from crmsheet.model.words import Label, Language
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.glossary import known_label
from crmsheet.spec.nodes import Path

GENERATED: Final = ("guide", "glossary", "settings", "lists", "kpi_history", "change_log", "merge_conflicts")
_HIDDEN: Final = ("_calc", "_crmsheet")
_OWN_COLUMNS: Final = 3
"""Columns that crmsheet adds to a table: status, row id, and one to spare."""


def check(model: Model, problems: Problems) -> None:
    """Names of sheets, headers of tables, and how many columns these have."""
    _sheets(model, problems)
    for table in model.tables:
        if len(table.fields) > limits.COLUMNS - _OWN_COLUMNS:
            problems.error(
                Code.TOO_MANY,
                ("tables", table.id, "fields"),
                say("the table '{table}' has {count:,} fields", table=table.id, count=len(table.fields)),
                remedy=say("Excel has {columns:,} columns.", columns=limits.COLUMNS),
                key=True,
            )
        _headers(model, table.id, problems)


def _sheets(model: Model, problems: Problems) -> None:
    own = dict(model.sheet_labels)
    named: list[tuple[Label, Path]] = [
        *((t.label, ("tables", t.id, "label")) for t in model.tables),
        *((b.label, ("sheets", b.id, "label")) for b in model.boards),
        *((label, ("sheets", name, "label")) for name, label in own.items()),
    ]
    for label, path in named:
        for language in Language:
            text = label.text(language)
            if trouble := sheet_name_problem(text):
                problems.error(
                    Code.SHEET_NAME,
                    (*path, language.value) if label.zh != label.en else path,
                    say("'{text}' cannot be the name of a sheet: {trouble}", text=text, trouble=trouble),
                    remedy=say(
                        "At most {sheet_name} characters, none of [ ] : * ? / \\",
                        sheet_name=limits.SHEET_NAME,
                    ),
                )
                break
    told: set[Path] = set()
    for language in Language:
        taken: dict[str, Path | None] = dict.fromkeys(_HIDDEN)
        for name in GENERATED:
            known = known_label(name)
            if name not in own and known is not None:
                taken[known.text(language).casefold()] = None
        for label, path in named:
            text = label.text(language)
            folded = text.casefold()
            if folded not in taken:
                taken[folded] = path
            elif path not in told:
                told.add(path)
                _same_name(text, taken[folded], path, problems)


def _same_name(text: str, first: Path | None, path: Path, problems: Problems) -> None:
    where = (
        say("First at {place}", place=problems.place(first))
        if first
        else say("crmsheet makes a sheet of this name itself.")
    )
    problems.error(
        Code.SAME_SHEET_NAME,
        path,
        say("two sheets are called '{text}'", text=text),
        reason=where,
        remedy=say("Reword one label."),
    )


def _headers(model: Model, table: str, problems: Problems) -> None:
    told: set[str] = set()
    for language in Language:
        taken: dict[str, str] = {}
        for field in model.table(table).fields:
            text = field.label.text(language).strip()
            if field.id in told:
                continue
            path: Path = ("tables", table, "fields", field.id, "label")
            if not 1 <= len(text) <= limits.TABLE_HEADER:
                told.add(field.id)
                problems.error(
                    Code.TOO_LONG,
                    path,
                    say("the label of '{field}' has {count} characters", field=field.id, count=len(text)),
                    remedy=say("A header has 1 to {table_header}.", table_header=limits.TABLE_HEADER),
                )
            elif (other := taken.setdefault(text.casefold(), field.id)) != field.id:
                told.add(field.id)
                first: Path = ("tables", table, "fields", other)
                problems.error(
                    Code.SAME_HEADER,
                    path,
                    say(
                        "'{other}' and '{field}' have the header '{text}'",
                        other=other,
                        field=field.id,
                        text=text,
                    ),
                    reason=say("First at {place}", place=problems.place(first, key=True)),
                    remedy=say("Excel's tables need different headers: reword one label."),
                )
