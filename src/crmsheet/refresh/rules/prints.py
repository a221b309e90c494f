"""Prints of validations and conditional formats, as a plan asks for them and as they stand in a file.

A rule has the same print in every version of crmsheet and wherever people moved its cells: of its formulas count the
words, not the addresses. Does not know which prints a workbook was written with.
"""

from __future__ import annotations

from typing import Final

from crmsheet.excel.escaping import x_unescaped
from crmsheet.plan.cells import ErrorStyle
from crmsheet.plan.prints import print_of, words_of
from crmsheet.plan.rules import PlacedHighlight, PlacedValidation
from crmsheet.refresh.graft.meaning import Shape
from crmsheet.refresh.rules.looks import shape_of
from crmsheet.sheetml.rules import FormatRule, ValidationRule, operands

_TRUE: Final = ("1", "true", "on")


def standing_validation(rule: ValidationRule) -> str:
    said = rule.attributes
    return _validation(
        rule.kind,
        rule.operator,
        rule.formulas,
        tuple(
            said.get(name, "") in _TRUE
            for name in ("allowBlank", "showInputMessage", "showErrorMessage", "showDropDown")
        ),
        said.get("errorStyle", ErrorStyle.STOP.value),
        tuple(said.get(name, "") for name in ("promptTitle", "prompt", "errorTitle", "error")),
    )


def wanted_validation(rule: PlacedValidation) -> str:
    return _validation(
        rule.kind.value,
        rule.operator,
        rule.formulas,
        (rule.ignore_blank, True, True, False),
        rule.error_style.value,
        (rule.prompt_title, rule.prompt, rule.error_title, rule.error),
    )


def _validation(
    kind: str,
    operator: str,
    formulas: tuple[str, ...],
    switches: tuple[bool, ...],
    style: str,
    texts: tuple[str, ...],
) -> str:
    operator, needed = operands(kind, operator)
    shown = tuple(" ".join(x_unescaped(text).split()) for text in texts)
    return print_of(kind, operator, style, tuple(map(words_of, formulas[:needed])), switches, shown)


def standing_format(rule: FormatRule, look: Shape) -> str:
    """`look` is what the rule makes of a cell."""
    return _format(rule.kind, rule.formulas[:1] if rule.kind == "expression" else (), look)


def wanted_format(rule: PlacedHighlight) -> str:
    kind = rule.graphic or "expression"
    return _format(kind, () if rule.graphic else (rule.formula,), shape_of(rule.look))


def _format(kind: str, formulas: tuple[str, ...], look: Shape) -> str:
    if kind != "expression":
        # What bars and scales look like says no formula and no look: they are ours where they stand.
        return print_of(kind)
    return print_of(kind, tuple(map(words_of, formulas)), _plain(look))


def _plain(shape: Shape) -> tuple[object, ...]:
    return shape.name, shape.attributes, tuple(_plain(part) for part in shape.parts)
