"""What becomes of a workbook: tables, fields and lists in draft, and what there is to tell of each sheet.

Plain data that the steps of adopting hand to each other. Knows no steps.
"""

from __future__ import annotations

from crmsheet.adopt.kinds import Kind
from crmsheet.adopt.surface import Region
from crmsheet.intake.grids import Raw
from crmsheet.model.words import Label
from crmsheet.structs import dataclass, field


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to tell of a sheet: what was understood of it, or what was not and what became of it."""

    sheet: str
    place: str
    """Cells or rows of the sheet, such as `C3:C40`; "" for all of it."""
    text: str
    understood: bool = False
    about: str = ""
    """`table.field` when it is about what became of one field, and no longer true if that changes."""


@dataclass(frozen=True, slots=True)
class FieldDraft:
    """A field and where its values come from."""

    id: str
    label: Label
    kind: Kind
    raw: tuple[Raw, ...]
    """Its values, one for each row of the table."""
    column: int
    """The sheet's column, 0-based; -1 for what no column holds."""
    header: str = ""
    formulas: tuple[str, ...] = ()
    """The formula of each row; empty without any."""
    places: tuple[tuple[int, int], ...] = ()
    required: bool = False
    unique: bool = False
    list: str = ""
    table: str = ""
    """Of a reference."""
    expr: str = ""
    """Of what became a computed field."""
    rollup: tuple[tuple[str, str], ...] = ()
    """Of what became a rollup or lookup: its attributes."""
    width: float = 0.0
    comment: str = ""


@dataclass(frozen=True, slots=True)
class RuleDraft:
    id: str
    when: str
    style: str
    label: Label
    column: str = ""


@dataclass(frozen=True, slots=True)
class TableDraft:
    id: str
    label: Label
    sheet: str
    region: Region
    fields: tuple[FieldDraft, ...]
    key: str = ""
    generated_key: bool = False
    """Nothing in the sheet names a row: it gets a number of its own."""
    rules: tuple[RuleDraft, ...] = ()
    sources: tuple[str, ...] = ()
    """The sheets whose rows it holds, when these are several."""

    @property
    def size(self) -> int:
        return len(self.fields[0].raw) if self.fields else 0

    def field(self, field_id: str) -> FieldDraft:
        return next(f for f in self.fields if f.id == field_id)


@dataclass(frozen=True, slots=True)
class ListDraft:
    id: str
    label: Label
    items: tuple[str, ...]
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    tables: tuple[TableDraft, ...]
    lists: tuple[ListDraft, ...] = ()
    remarks: tuple[Remark, ...] = ()
    currency: str = ""
    since_1904: bool = field(default=False)
