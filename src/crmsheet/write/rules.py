"""Validations and conditional formats of a plan, in XlsxWriter's words.

Knows how XlsxWriter calls each kind of rule and its parts, and the limits it does not check.
Does not know which cells a rule covers and what its formulas say (`plan.rules`), nor the look behind a
highlight (`looks`).
"""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from crmsheet.excel import limits
from crmsheet.excel.escaping import x_escaped
from crmsheet.model.layout import AnchorPlace
from crmsheet.plan.cells import Block, ErrorStyle, ValidationKind
from crmsheet.plan.place import Addresses
from crmsheet.plan.rules import (
    PlacedHighlight,
    PlacedValidation,
    as_built,
    block_highlights,
    block_validations,
    table_highlights,
    table_validations,
)
from crmsheet.plan.tables import PlanTable
from crmsheet.write.looks import Looks
from crmsheet.write.strict import done, internal_error, plain, utf16_length

_KINDS = {
    ValidationKind.LIST: "list",
    ValidationKind.CUSTOM: "custom",
    ValidationKind.WHOLE: "integer",
    ValidationKind.DECIMAL: "decimal",
    ValidationKind.DATE: "date",
    ValidationKind.TEXT_LENGTH: "length",
    ValidationKind.ANY: "any",
}
_OPERATORS = {"greaterThanOrEqual": ">=", "lessThanOrEqual": "<="}


def rows_ruled(table: PlanTable) -> tuple[int, int]:
    """First and last sheet row that a table's rules cover: its data and the room below."""
    place = as_built(table)
    return place.first_row, place.last_row


def add_table_rules(sheet: Worksheet, table: PlanTable, addresses: Addresses, looks: Looks) -> None:
    """The checks, prompts and colours of an entry table."""
    place = as_built(table)
    for rule in table_validations(table, place, addresses):
        _add_validation(sheet, rule)
    for highlight in table_highlights(table, place, addresses):
        _add_highlight(sheet, highlight, looks)


def add_block_rules(sheet: Worksheet, block: Block, addresses: Addresses, looks: Looks) -> None:
    """The checks and colours of a block's cells."""
    rows = tuple(range(block.row, block.row + block.rows))
    place = AnchorPlace("", rows, tuple(range(block.column, block.column + block.columns)))
    for rule in block_validations(block, place, addresses):
        _add_validation(sheet, rule)
    for highlight in block_highlights(block, place, addresses):
        _add_highlight(sheet, highlight, looks)


def _add_validation(sheet: Worksheet, rule: PlacedValidation) -> None:
    area = rule.area
    options: dict[str, object] = {
        "validate": _KINDS[rule.kind],
        "ignore_blank": rule.ignore_blank,
        "error_type": rule.error_style.value if rule.error_style else ErrorStyle.STOP.value,
    }
    for option, text in (
        ("input_title", rule.prompt_title),
        ("input_message", rule.prompt),
        ("error_title", rule.error_title),
        ("error_message", rule.error),
    ):
        if text:
            options[option] = x_escaped(plain(text))
    if rule.kind is ValidationKind.ANY:
        options.setdefault("input_title", "")
    elif len(rule.formulas) == 2:
        low, high = rule.formulas
        options |= {"criteria": "between", "minimum": "=" + low, "maximum": "=" + high}
    else:
        options["value"] = "=" + rule.formulas[0]
        if rule.operator in _OPERATORS:
            options["criteria"] = _OPERATORS[rule.operator]
    for text in rule.formulas:
        _fits(text, limits.VALIDATION_FORMULA, f"a formula that checks {area}")
    _fits(rule.error, limits.ERROR_TEXT, f"the alert of {area}")
    where = (area.top, area.left, area.bottom, area.right)
    done(sheet.data_validation(*where, options), f"the validation of {area}")


def _add_highlight(sheet: Worksheet, rule: PlacedHighlight, looks: Looks) -> None:
    options: dict[str, object] = {"stop_if_true": rule.stop}
    if rule.data_bar:
        options |= {
            "type": "data_bar",
            "bar_color": "#" + rule.data_bar,
            "bar_solid": True,
            "bar_no_border": True,
        }
    elif rule.scale:
        low, *middle, high = ("#" + color for color in rule.scale)
        options |= {"type": f"{len(rule.scale)}_color_scale", "min_color": low, "max_color": high}
        options |= {"mid_color": middle[0]} if middle else {"min_type": "num", "min_value": 0}
    else:
        options |= {
            "type": "formula",
            "criteria": "=" + rule.formula,
            "format": looks.highlight(rule.look),
        }
    first = rule.areas[0]
    if len(rule.areas) > 1:
        options["multi_range"] = " ".join(str(area) for area in rule.areas)
    where = (first.top, first.left, first.bottom, first.right)
    done(sheet.conditional_format(*where, options), f"the conditional format of {first}")


def _fits(text: str, length: int, what: str) -> None:
    """Limits of Excel that XlsxWriter does not know; past them Excel repairs the file."""
    if utf16_length(text) > length:
        raise internal_error(f"{what} is longer than {length} characters", text)
