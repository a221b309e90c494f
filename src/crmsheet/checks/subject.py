"""What a check looks at: the rows of one table, with everything needed to name a cell to its user.

Knows how a finding about a cell is put together. Does not know what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from crmsheet.checks.words import WORDS
from crmsheet.diagnostics import CellPlace, Diagnostic, Severity
from crmsheet.excel.dates import date_of
from crmsheet.excel.numbers import general_text
from crmsheet.excel.references import a1
from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.tree import Node
from crmsheet.model.layout import TablePlace
from crmsheet.model.spec import Field, FieldType, Model, Table
from crmsheet.model.state import State, TableState
from crmsheet.model.words import Language
from crmsheet.structs import dataclass
from crmsheet.structs import field as member

NO_RENAMES: Final[Mapping[tuple[str, str], str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Subject:
    """One table of a workbook under check. `evaluate` turns an expression into a function of the row index."""

    model: Model
    language: Language
    table: Table
    rows: TableState
    place: TablePlace
    state: State
    labels: Mapping[str, frozenset[str]]
    """The labels of each list, casefolded."""
    evaluate: Callable[[Node], Callable[[int], Value]]
    renamed: Mapping[tuple[str, str], str] = NO_RENAMES
    """Of a table's id and a former key, casefolded, the key of the same row by now."""
    _kinds: dict[str, frozenset[type]] = member(default_factory=dict)

    def values(self, field: Field) -> tuple[Value, ...]:
        return self.rows.columns.get(field.id, (None,) * self.rows.size)

    def filled(self, field: Field) -> Iterator[tuple[int, Value]]:
        """The cells of a field that hold something, in rows that are not blank."""
        for index, value in enumerate(self.values(field)):
            if value is not None and value != "" and self.rows.ids[index]:
                yield index, value

    def kinds(self, field: Field) -> frozenset[type]:
        """The Python types of a field's values; what holds for each of them need not be asked row by row."""
        if field.id not in self._kinds:
            self._kinds[field.id] = frozenset(map(type, self.values(field)))
        return self._kinds[field.id]

    def distinct(self, field: Field, *kinds: type) -> frozenset[Value] | None:
        """A field's values, each once, blanks left out; None when there are others than of these types."""
        found = self.kinds(field)
        if not found <= {*kinds, type(None)}:
            return None
        values = frozenset(self.values(field))
        return values - {None} if type(None) in found else values

    def inputs(self) -> Iterator[Field]:
        return (f for f in self.table.fields if not f.type.computed and f.id in self.rows.columns)

    def finding(
        self,
        code: str,
        index: int,
        field: Field,
        *,
        allowed: tuple[str, ...] = (),
        severity: Severity = Severity.ERROR,
        **details: str,
    ) -> Diagnostic:
        """The diagnostic `code` about one cell, in the workbook's language."""
        value = self.values(field)[index]
        shown = shown_value(value, field.type)
        words = WORDS[code]
        fill = {"value": shown, "label": self.header(field), **details}
        return Diagnostic(
            code,
            words.said(words.message, self.language, fill),
            CellPlace(self.place.sheet, self.cell(index, field), self.header(field), shown),
            severity,
            remedy=words.said(words.remedy, self.language, fill),
            allowed=allowed,
        )

    def header(self, field: Field) -> str:
        return self.place.headers.get(field.id, field.label.text(self.language))

    def cell(self, index: int, field: Field) -> str:
        column = self.place.columns.get(field.id)
        return a1(self.place.rows[index], column) if column is not None else ""


def shown_value(value: Value, kind: FieldType) -> str:
    """A value as its user sees it in the sheet, at most 60 characters."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float() if kind in (FieldType.DATE, FieldType.DATETIME):
            try:
                return date_of(value).isoformat()
            except (ValueError, OverflowError):
                return general_text(value)
        case int() | float():
            return general_text(value)
        case ExcelError():
            return value.value
        case str():
            return value if len(value) <= 60 else value[:59] + "…"
