"""One place of a package where something is mentioned, and how the text there is replaced.

Knows what is escaped where: between tags, inside an attribute, in names that Excel escapes itself. Knows
which names hold on a sheet. Does not know where mentions stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from crmsheet.excel.escaping import x_escaped
from crmsheet.excel.references import quoted_sheet, split_sheet
from crmsheet.formulas.renaming import Renames, renamed
from crmsheet.opc.package import Package
from crmsheet.opc.workbook import Sheet
from crmsheet.opc.xmltree import Element, attribute_span, escaped
from crmsheet.sheetml.names import defined_names
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.structs import dataclass


class Mention(StrEnum):
    """What kind of thing was rewritten."""

    SHEET = "sheet name"
    TABLE = "table"
    HEADER = "table header"
    CELL = "cell formula"
    VALIDATION = "data validation"
    FORMAT = "conditional format"
    SPARKLINE = "sparkline"
    NAME = "defined name"
    CHART = "chart"
    DRAWING = "shape"
    CONTROL = "form control"
    LINK = "hyperlink"
    PIVOT = "pivot source"
    SLICER = "slicer"
    OTHER = "other formula"


class Spot(NamedTuple):
    """A replacement, and what it is about."""

    mention: Mention
    replacement: Replacement


@dataclass(frozen=True, slots=True)
class Rewritten:
    """How many mentions of a kind were rewritten in one part; `sheet` is its sheet, named as it was."""

    mention: Mention
    part: str
    sheet: str
    count: int


@dataclass(frozen=True, slots=True)
class Naming:
    """The renames as they hold in one package."""

    package: Package
    renames: Renames
    hidden: Mapping[int, frozenset[str]]
    """By sheet index: names of the sheet's own, which hide the workbook's there."""
    sheet_of_part: Mapping[str, Sheet]
    """By part: the sheet whose drawing, table or control it is."""
    sheet_names: frozenset[str]
    """In lower case."""

    @staticmethod
    def of(package: Package, renames: Renames) -> Naming:
        hidden: dict[int, set[str]] = {}
        for name in defined_names(package):
            if name.sheet_index is not None:
                hidden.setdefault(name.sheet_index, set()).add(name.name.lower())
        owners: dict[str, Sheet] = {}
        for sheet in package.workbook.sheets:
            owners[sheet.part] = sheet
            for relationship in package.relationships(sheet.part):
                if not relationship.external and relationship.kind in _OF_A_SHEET:
                    owners.setdefault(relationship.target, sheet)
        return Naming(
            package,
            renames,
            {index: frozenset(names) for index, names in hidden.items()},
            owners,
            frozenset(s.name.lower() for s in package.workbook.sheets),
        )

    def on(self, sheet: Sheet | None) -> Renames:
        """What holds for a formula on a sheet."""
        if sheet is None:
            return self.renames
        return self.renames.without_names(self.hidden.get(sheet.index, frozenset()))

    def formula(self, text: str, sheet: Sheet | None, *, own_table: str = "") -> str:
        """A formula on a sheet as it reads from now on."""
        name = "" if sheet is None else sheet.name
        return renamed(text, self.on(sheet), own_table=own_table, sheet=name)

    def location(self, text: str, sheet: Sheet | None) -> str:
        """Where a link leads; many programs write a sheet's name without the quotes it needs."""
        name, rest = split_sheet(text)
        if name.lower() not in self.sheet_names:
            return self.formula(text, sheet)
        new = self.renames.sheet(name)
        before = text[: len(text) - len(rest)]
        if new != name:
            needless = before.startswith("'") and quoted_sheet(name) == name
            before = (f"'{new.replace(chr(39), chr(39) * 2)}'" if needless else quoted_sheet(new)) + "!"
        return before + renamed(rest, Renames(moves=self.renames.moves), sheet=name)


_OF_A_SHEET = ("drawing", "vmlDrawing", "table", "ctrlProp", "control", "pivotTable", "queryTable")


def xstring(text: str) -> str:
    """A name as Excel writes it in attributes: a line break is `_x000a_` there."""
    return x_escaped(text).replace("\r", "_x000d_").replace("\n", "_x000a_")


def formula_bytes(text: str) -> bytes:
    """A formula between tags."""
    return escaped(text).replace(b"&quot;", b'"')


def text_spot(element: Element, mention: Mention, new: str) -> tuple[Spot, ...]:
    """The text of an element without children replaced; nothing where it stays."""
    if new == element.text or element.children:
        return ()
    return (Spot(mention, Replacement(element.open_end, element.close_start, formula_bytes(new))),)


def attribute_spot(
    data: bytes, element: Element, attribute: str, mention: Mention, new: str
) -> tuple[Spot, ...]:
    """The value of an attribute replaced; nothing where it stays."""
    span = attribute_span(data, element, attribute)
    if span is None or new == element.get(attribute):
        return ()
    raw = escaped(new).replace(b"\n", b"&#10;").replace(b"\t", b"&#9;")
    if data[span[0] - 1 : span[0]] == b"'":
        raw = raw.replace(b"'", b"&apos;")
    return (Spot(mention, Replacement(*span, raw)),)
