"""When two rules say the same, whatever program wrote them and wherever they were pasted to.

Knows that a rule's formula is relative to the first cell of its range, that programs write attributes which
hold anyway, and that pasting and inserting rows leave the ranges of whole columns behind. Does not know which
rules are ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from crmsheet.excel.escaping import x_unescaped
from crmsheet.excel.references import CellRef, RangeRef
from crmsheet.formulas.excel_text import Token, canonical
from crmsheet.formulas.places import FormulaPlace, TableShape
from crmsheet.plan.cells import ErrorStyle
from crmsheet.plan.rules import PlacedValidation
from crmsheet.sheetml.rules import ValidationRule, operands
from crmsheet.sheetml.shift import shifted
from crmsheet.structs import dataclass, field

Tokens: TypeAlias = tuple[Token, ...]

_FAR: Final = CellRef(1_000_000, 16_000)
"""Every formula is read as if its rule began here: relative references then point near this cell, which
nothing else does, and equal formulas have equal tokens wherever their rules begin."""
_TRUE: Final = ("1", "true", "on")


@dataclass(frozen=True, slots=True)
class FormulaMeaning:
    """A rule's formula. `loose` leaves out from which row to which ranges of several rows reach."""

    exact: Tokens
    loose: Tokens


@dataclass(frozen=True, slots=True)
class RuleReader:
    """Reads the formulas of one sheet's rules."""

    sheet: str
    tables: Mapping[str, TableShape]
    _known: dict[tuple[str, CellRef], FormulaMeaning] = field(default_factory=dict)

    def formula(self, text: str, first: CellRef) -> FormulaMeaning:
        """The meaning of a formula whose rule begins at `first`."""
        found = self._known.get((text, first))
        if found is None:
            found = self._known[text, first] = self._read(text, first)
        return found

    def _read(self, text: str, first: CellRef) -> FormulaMeaning:
        moved = shifted(text, _FAR.row - first.row, _FAR.column - first.column)
        tokens = canonical(moved, FormulaPlace(self.sheet, _FAR.row, _FAR.column, self.tables))
        own = self.sheet.lower()
        exact = tuple([_on_no_sheet(t, own) for t in tokens])
        return FormulaMeaning(exact, tuple([_loose(t) for t in exact]))

    def on(self, text: str, cells: Sequence[RangeRef]) -> FormulaMeaning:
        """The meaning of a formula of a rule on several ranges. Programs differ in whether it is relative to the
        first of them or to the corner of all; where that matters, it has no exact meaning."""
        found = self.formula(text, cells[0].first)
        if len(cells) > 1:
            corner = CellRef(min(c.top for c in cells), min(c.left for c in cells))
            if corner != cells[0].first and self.formula(text, corner) != found:
                return FormulaMeaning((), found.loose)
        return found

    def validation(self, rule: ValidationRule) -> ValidationMeaning:
        """A validation as it stands."""
        said = rule.attributes
        return self._validation(
            rule.kind,
            rule.operator,
            rule.formulas,
            rule.cells or (RangeRef(_FAR.row, _FAR.column, _FAR.row, _FAR.column),),
            (
                said.get("allowBlank", "") in _TRUE,
                said.get("showInputMessage", "") in _TRUE,
                said.get("showErrorMessage", "") in _TRUE,
                said.get("showDropDown", "") in _TRUE,
            ),
            said.get("errorStyle", ErrorStyle.STOP.value),
            tuple(said.get(name, "") for name in ("promptTitle", "prompt", "errorTitle", "error")),
        )

    def planned(self, rule: PlacedValidation) -> ValidationMeaning:
        """A validation as a plan asks for it."""
        return self._validation(
            rule.kind.value,
            rule.operator,
            rule.formulas,
            (rule.area,),
            (rule.ignore_blank, True, True, False),
            rule.error_style.value,
            (rule.prompt_title, rule.prompt, rule.error_title, rule.error),
        )

    def _validation(
        self,
        kind: str,
        operator: str,
        formulas: tuple[str, ...],
        cells: Sequence[RangeRef],
        switches: tuple[bool, ...],
        style: str,
        texts: tuple[str, ...],
    ) -> ValidationMeaning:
        operator, needed = operands(kind, operator)
        read = [self.on(f, cells) for f in formulas[:needed]]
        shown = tuple(" ".join(x_unescaped(t).split()) for t in texts)
        return ValidationMeaning(
            (kind, operator, style),
            tuple(f.exact for f in read),
            tuple(f.loose for f in read),
            switches,
            shown,
        )


@dataclass(frozen=True, slots=True)
class ValidationMeaning:
    """What a validation says, without its cells."""

    rule: tuple[str, str, str]
    """Kind, operator, how strictly it refuses."""
    exact: tuple[Tokens, ...]
    loose: tuple[Tokens, ...]
    switches: tuple[bool, ...]
    texts: tuple[str, ...]

    def outdated(self) -> object:
        """What it has in common with itself when its ranges reached to other rows, or when rows were put in or
        columns were moved and it speaks of others now: LibreOffice leaves its rows behind where all of its cells
        move, its columns by chance, or moves them with those of another sheet."""
        placeless = tuple(tuple([_in_no_place(t) for t in tokens]) for tokens in self.loose)
        return self.rule, placeless, self.switches, self.texts


def broken(formulas: tuple[str, ...]) -> bool:
    """Whether a formula lost a cell it speaks of."""
    return any("#REF!" in f for f in formulas)


def _on_no_sheet(token: Token, own: str) -> Token:
    meaning = token.meaning
    if isinstance(meaning, RangeRef) and meaning.sheet == own:
        return Token("area", RangeRef(meaning.top, meaning.left, meaning.bottom, meaning.right))
    if isinstance(meaning, bool):
        # LibreOffice writes FALSE in a conditional format as 0.
        return Token("number", float(meaning))
    return token


def _in_no_place(token: Token) -> Token:
    area = token.meaning
    if isinstance(area, RangeRef) and not area.sheet:
        left = 0 if area.left < _FAR.column // 2 else area.left
        return Token(token.kind, RangeRef(0, left, area.rows - 1, left + area.columns - 1))
    return token


def _loose(token: Token) -> Token:
    area = token.meaning
    if isinstance(area, RangeRef) and area.top != area.bottom:
        return Token("rows of", RangeRef(0, area.left, 0, area.right, area.sheet))
    return token
