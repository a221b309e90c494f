"""Whether the rules of a sheet stand to the letter as a plan asks for: nothing needs to be read then.

Knows texts only. Does not know what they mean: rules that say the same in other words are not settled here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from crmsheet.excel.references import RangeRef
from crmsheet.plan.cells import ErrorStyle, ValidationKind
from crmsheet.plan.rules import PlacedHighlight, PlacedValidation
from crmsheet.refresh.graft.meaning import Shape
from crmsheet.refresh.rules.looks import alike, shape_of
from crmsheet.refresh.rules.wanted import SheetRules
from crmsheet.sheetml.contents import SheetCells
from crmsheet.sheetml.rules import FormatRule, ValidationRule
from crmsheet.structs import dataclass

_COMPARED: Final = (
    ValidationKind.WHOLE,
    ValidationKind.DECIMAL,
    ValidationKind.DATE,
    ValidationKind.TEXT_LENGTH,
)


@dataclass(frozen=True, slots=True)
class RuledSheet:
    """A sheet with the rules on it."""

    cells: SheetCells
    validations: tuple[ValidationRule, ...]
    formats: tuple[FormatRule, ...]

    def areas(self) -> Iterable[RangeRef]:
        for validation in self.validations:
            yield from validation.cells
        for rule in self.formats:
            yield from rule.cells

    def settled(
        self, wanted: SheetRules | None, former: SheetRules | None, look: Callable[[FormatRule], Shape]
    ) -> bool:
        """Whether nothing is to be done on a sheet, told without reading any rule."""
        if wanted is None or (former is not None and former != wanted):
            return False
        return validations_settled(self.validations, wanted.validations) and formats_settled(
            self.formats, wanted.highlights, look
        )


def validations_settled(standing: Sequence[ValidationRule], wanted: Sequence[PlacedValidation]) -> bool:
    """Whether exactly the wanted validations are there."""
    return len(standing) == len(wanted) and {_there(r) for r in standing} == {_asked(r) for r in wanted}


def _there(rule: ValidationRule) -> object:
    said = rule.attributes
    compared = rule.kind in _COMPARED
    return (
        rule.cells,
        rule.kind,
        rule.operator if compared else "",
        rule.formulas,
        *(said.get(name, "0") for name in ("allowBlank", "showInputMessage", "showErrorMessage")),
        said.get("showDropDown", "0"),
        said.get("errorStyle", ErrorStyle.STOP.value),
        *(said.get(name, "") for name in ("promptTitle", "prompt", "errorTitle", "error")),
    )


def _asked(rule: PlacedValidation) -> object:
    return (
        (rule.area,),
        rule.kind.value,
        rule.operator if rule.kind in _COMPARED else "",
        rule.formulas,
        "1" if rule.ignore_blank else "0",
        *("1", "1", "0"),
        rule.error_style.value,
        *(rule.prompt_title, rule.prompt, rule.error_title, rule.error),
    )


def formats_settled(
    standing: Sequence[FormatRule], wanted: Sequence[PlacedHighlight], look: Callable[[FormatRule], Shape]
) -> bool:
    """Whether exactly the wanted conditional formats are there, in any order."""
    if len(standing) != len(wanted):
        return False
    there = {(r.cells, r.formulas): r for r in standing if r.kind == "expression"}
    if len(there) != len(wanted):
        return False
    for rule in wanted:
        found = there.get((rule.areas, (rule.formula,)))
        if found is None or (found.stop and not rule.stop) or not alike(look(found), shape_of(rule.look)):
            return False
    return True
