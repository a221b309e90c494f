"""A sheet from outside on its way into a table: which column is which field, and every value converted.

Knows the plan that people confirm before anything is written, and the rows that come of it. Does not know
workbooks: who writes the rows decides what becomes of those with problems.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from crmsheet.diagnostics import Diagnostic, Place, Severity
from crmsheet.excel.references import column_letters
from crmsheet.excel.values import Value
from crmsheet.intake.converted import Problem, Reason
from crmsheet.intake.dates import DateOrder, Ordering
from crmsheet.intake.evidence import Evidence, evidence
from crmsheet.intake.grids import Grid, Row, Sheet
from crmsheet.intake.headers import ColumnMatch, grid_for, matched
from crmsheet.intake.values import Converter
from crmsheet.messages import listed, phrase, say
from crmsheet.model.spec import Field, Model, Table
from crmsheet.model.state import ListRow
from crmsheet.model.words import Language
from crmsheet.structs import dataclass

_TOLD: Final = 3
"""Examples in one message."""
_FIRST: Final = {
    DateOrder.DAY: say("day"),
    DateOrder.MONTH: say("month"),
    DateOrder.YEAR: say("year"),
}
REASONS: Final = {
    Reason.NOT_A_DATE: phrase("not a date"),
    Reason.YEAR_MISSING: phrase("a date without its year"),
    Reason.ONLY_A_YEAR: phrase("only a year"),
    Reason.NOT_A_NUMBER: phrase("not a number"),
    Reason.NOT_IN_LIST: phrase("not in the list"),
    Reason.NOT_YES_OR_NO: phrase("neither yes nor no"),
    Reason.DIGITS_LOST: phrase("a number that lost its digits"),
    Reason.ERROR_VALUE: phrase("an error value"),
    Reason.TOO_LONG: phrase("too long for a cell"),
}


@dataclass(frozen=True, slots=True)
class IntakePlan:
    """What a sheet would give a table."""

    grid: Grid
    table: Table
    columns: tuple[ColumnMatch, ...]
    evidence: Mapping[str, Evidence]
    """By field id."""

    @property
    def fields(self) -> tuple[tuple[int, Field], ...]:
        """The columns that fill a field."""
        return tuple((m.column, self.table.field(m.field)) for m in self.columns if m.field)

    @property
    def unsure(self) -> tuple[ColumnMatch, ...]:
        """Matches that someone should confirm."""
        return tuple(m for m in self.columns if m.field and not m.sure)

    @property
    def left_out(self) -> tuple[ColumnMatch, ...]:
        """Columns with a header or values that fill nothing."""
        return tuple(m for m in self.columns if not m.field and (m.header or self._holds(m.column)))

    def _holds(self, column: int) -> bool:
        return any(value is not None and value != "" for value in self.grid.column(column))


@dataclass(frozen=True, slots=True)
class ValueProblem:
    """A value that did not fit its field, and where it stands."""

    field: str
    header: str
    place: Place
    problem: Problem


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """A row as it would be written: values by field id, blank ones left out."""

    source: Row
    sheet: Sheet
    values: Mapping[str, Value]
    problems: tuple[ValueProblem, ...] = ()

    @property
    def place(self) -> Place:
        return self.sheet.place(self.source.number)


def plan(
    sheet: Sheet,
    table: Table,
    *,
    header_row: int = 0,
    chosen: Mapping[str, str] | None = None,
    orders: Mapping[str, DateOrder] | None = None,
) -> IntakePlan | None:
    """How the sheet fills the table; None when it has no header that names a field.

    `chosen` maps headers to field ids ("" leaves the column out); `orders` says of date fields what stands
    first in dates such as 1/5/2024.
    """
    grid = grid_for(sheet, table, header_row)
    if grid is None:
        return None
    columns = matched(grid.headers, table, chosen)
    told = {
        m.field: _evidence(table.field(m.field), grid, m.column, (orders or {}).get(m.field))
        for m in columns
        if m.field
    }
    return IntakePlan(grid, table, columns, told)


def _evidence(field: Field, grid: Grid, column: int, order: DateOrder | None) -> Evidence:
    return Evidence(Ordering(order)) if order is not None else evidence(field, grid.column(column))


def converted(
    plan: IntakePlan,
    model: Model,
    language: Language,
    lists: Mapping[str, Sequence[ListRow]] | None = None,
) -> Iterator[IntakeRow]:
    """The rows of a plan. `lists` are a workbook's own rows of its lists. Rows that hold nothing for any field, and
    repeated headers, are left out."""
    sheet, names = plan.grid.sheet, [field.id for _, field in plan.fields]
    if not names:
        return
    columns: list[Sequence[Value]] = []
    problems: dict[int, list[ValueProblem]] = {}
    repeated: dict[int, int] = {}
    for column, field in plan.fields:
        raws, header = plan.grid.column(column), plan.grid.headers[column]
        done = Converter(model, language, field, evidence=plan.evidence[field.id], lists=lists).column(raws)
        columns.append(done.values)
        for at, problem in done.problems.items():
            place = plan.grid.place(plan.grid.rows[at], column)
            problems.setdefault(at, []).append(ValueProblem(field.id, header, place, problem))
        if header and header in raws:
            for at, raw in enumerate(raws):
                if raw == header:
                    repeated[at] = repeated.get(at, 0) + 1
    for at, (row, cells) in enumerate(zip(plan.grid.rows, zip(*columns, strict=True), strict=True)):
        values = {name: value for name, value in zip(names, cells, strict=True) if value is not None}
        if values and not (at in repeated and repeated[at] == _filled(plan, row)):
            yield IntakeRow(row, sheet, values, tuple(problems.get(at, ())))


def _filled(plan: IntakePlan, row: Row) -> int:
    """How many of a row's cells that fill a field hold anything."""
    raws = (row.values[column] if column < len(row.values) else None for column, _ in plan.fields)
    return sum(raw is not None and raw != "" for raw in raws)


def told(plan: IntakePlan, rows: Sequence[IntakeRow]) -> tuple[Diagnostic, ...]:
    """What there is to say of a plan and its rows: columns left out, guesses, values that were not understood."""
    return (*_columns_told(plan), *_orders_told(plan), *_values_told(rows), *_formulas_told(plan))


def _columns_told(plan: IntakePlan) -> Iterator[Diagnostic]:
    sheet, at = plan.grid.sheet, plan.grid.header_row
    allowed = tuple(f.id for f in plan.table.fields if not f.type.computed)
    for match in plan.left_out:
        if match.computed:
            continue
        yield Diagnostic(
            "U104",
            say(
                "column '{header}' is no input field of {table}; it was left out",
                header=match.header or _letter(match),
                table=plan.table.id,
            ),
            sheet.place(at, match.column, match.header),
            Severity.WARNING,
            remedy=say("Rename the column, or add its name to the field's aliases."),
            allowed=allowed,
        )
    for match in plan.unsure:
        yield Diagnostic(
            "U133",
            say(
                "column '{header}' was taken for the field {field}, which is called much the same",
                header=match.header,
                field=match.field,
            ),
            sheet.place(at, match.column, match.header),
            Severity.WARNING,
            remedy=say(
                "If that is wrong, rename the column; if it is right, add its name to the field's aliases."
            ),
        )


def _letter(match: ColumnMatch) -> str:
    return column_letters(match.column)


def _orders_told(plan: IntakePlan) -> Iterator[Diagnostic]:
    for column, field in plan.fields:
        found = plan.evidence[field.id]
        header = plan.grid.headers[column]
        if not found.order.certain:
            yield Diagnostic(
                "U134",
                say(
                    "dates such as 1/5/2024 in column '{header}' were read with the {first} first",
                    header=header,
                    first=_FIRST[found.order.order],
                ),
                plan.grid.sheet.place(plan.grid.header_row, column, header),
                Severity.WARNING,
                reason=say("Nothing in the column shows whether the day or the month stands first."),
                remedy=say("If that is wrong, write the dates as 2024-05-01."),
            )
        if found.points:
            yield Diagnostic(
                "U134",
                say("numbers in column '{header}' were read as hundredths: 30 as 30%", header=header),
                plan.grid.sheet.place(plan.grid.header_row, column, header),
                Severity.NOTE,
            )


def _values_told(rows: Sequence[IntakeRow]) -> Iterator[Diagnostic]:
    """One message for each column and reason, with the first places."""
    found: dict[tuple[str, Reason], list[ValueProblem]] = {}
    for row in rows:
        for problem in row.problems:
            found.setdefault((problem.field, problem.problem.reason), []).append(problem)
    for (_, reason), problems in found.items():
        first = problems[0]
        values = Counter(p.problem.value for p in problems)
        shown = ", ".join(f"'{value}'" for value in list(values)[:_TOLD])
        more = "…" if len(values) > _TOLD else ""
        yield Diagnostic(
            "U135",
            say(
                "column '{header}': {count} values are {reason}: {shown}",
                header=first.header,
                count=f"{len(problems):,}",
                reason=say(REASONS[reason]),
                shown=shown + more,
            ),
            first.place,
            Severity.WARNING,
            remedy=_remedy(first.problem),
            allowed=first.problem.allowed,
        )


def _remedy(problem: Problem) -> str:
    match problem.reason:
        case Reason.NOT_IN_LIST:
            allowed = listed(problem.allowed[:12])
            return say("Allowed: {allowed}.", allowed=allowed) if problem.allowed else ""
        case Reason.NOT_A_DATE | Reason.YEAR_MISSING | Reason.ONLY_A_YEAR:
            return say("Write dates as 2024-01-05.")
        case Reason.NOT_A_NUMBER:
            return say("Write digits only.")
        case Reason.NOT_YES_OR_NO:
            return say("Write 是 or 否, yes or no.")
        case Reason.DIGITS_LOST:
            return say("Make the column text in the source, and export it again.")
        case Reason.ERROR_VALUE:
            return say("Correct the formula in the source.")
        case Reason.TOO_LONG:
            return say("A cell holds 32,767 characters; the rest was cut off.")


def _formulas_told(plan: IntakePlan) -> Iterator[Diagnostic]:
    sheet = plan.grid.sheet
    if sheet.unvalued:
        yield Diagnostic(
            "U136",
            say(
                "{count} formulas of this sheet hold no value; their cells were read as blank",
                count=f"{sheet.unvalued:,}",
            ),
            sheet.place(0),
            Severity.WARNING,
            reason=say("The program that wrote the file did not compute them."),
            remedy=say("Open the file in Excel or LibreOffice, save it, and run again."),
        )
