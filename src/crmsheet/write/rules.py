"""Validations and conditional formats of a plan, in XlsxWriter's words.

Knows the cells each rule covers and which addresses its formulas use: rules on a table speak of its first
data row, rules on a block of the range's top-left cell, and neither ever uses a structured reference.
Does not know why a rule is there, nor the look behind a highlight (`looks`).
"""

from __future__ import annotations

from collections.abc import Iterable

from xlsxwriter.worksheet import Worksheet

from crmsheet.excel import limits
from crmsheet.excel.escaping import x_escaped
from crmsheet.excel.references import RangeRef
from crmsheet.formulas.render import render
from crmsheet.formulas.tree import Node
from crmsheet.plan.cells import Block, CellHighlight, ErrorStyle, Validation, ValidationKind
from crmsheet.plan.place import Addresses, BlockRuleAddresses, RuleAddresses
from crmsheet.plan.tables import PlanTable
from crmsheet.write.looks import Looks
from crmsheet.write.strict import done, internal_error, plain, utf16_length

RuleScope = RuleAddresses | BlockRuleAddresses

_KINDS = {
    ValidationKind.LIST: "list",
    ValidationKind.CUSTOM: "custom",
    ValidationKind.WHOLE: "integer",
    ValidationKind.DECIMAL: "decimal",
    ValidationKind.DATE: "date",
    ValidationKind.TEXT_LENGTH: "length",
    ValidationKind.ANY: "any",
}


def rows_ruled(table: PlanTable) -> tuple[int, int]:
    """First and last sheet row that a table's rules cover: its data and the room below."""
    first = table.row + 1
    return first, min(first + table.length - 1 + table.room, limits.ROWS - 1)


def add_table_rules(sheet: Worksheet, table: PlanTable, addresses: Addresses, looks: Looks) -> None:
    """The checks, prompts and colours of an entry table."""
    first, last = rows_ruled(table)
    scope = RuleAddresses(addresses, table.id, first, last)
    for column_number, column in enumerate(table.columns, table.column):
        if column.note:
            prompt = Validation(ValidationKind.ANY, prompt_title=column.header, prompt=column.note)
            add_validation(sheet, _cell(table.row, column_number), prompt, scope)
        if column.validation is not None:
            area = RangeRef(first, column_number, last, column_number)
            add_validation(sheet, area, column.validation, scope)
    for highlight in table.highlights:
        columns = [table.column + table.index(c) for c in highlight.columns]
        whole_row = (table.column, table.column + len(table.columns) - 1)
        areas = [RangeRef(first, left, last, right) for left, right in _runs(columns) or [whole_row]]
        options: dict[str, object] = {
            "type": "formula",
            "criteria": _formula(highlight.formula, scope),
            "format": looks.highlight(highlight.look),
            "stop_if_true": highlight.stop,
        }
        _add_highlight(sheet, areas, options)


def add_block_rules(sheet: Worksheet, block: Block, addresses: Addresses, looks: Looks) -> None:
    """The checks and colours of a block's cells."""
    for rule in block.validations:
        area = _inside(block, rule.row, rule.column, rule.bottom, rule.right)
        scope = BlockRuleAddresses(addresses, block.anchor, relative=False)
        add_validation(sheet, area, rule.validation, scope)
    for highlight in block.highlights:
        area = _inside(block, highlight.row, highlight.column, highlight.bottom, highlight.right)
        _add_highlight(sheet, [area], _highlight_options(highlight, block, addresses, looks))


def add_validation(sheet: Worksheet, area: RangeRef, rule: Validation, scope: RuleScope) -> None:
    """One data validation on one range."""
    options: dict[str, object] = {
        "validate": _KINDS[rule.kind],
        "ignore_blank": rule.ignore_blank,
        "error_type": rule.error_style.value if rule.error_style else ErrorStyle.STOP.value,
    }
    for option, text in (
        ("input_title", _fitting(rule.prompt_title, limits.PROMPT_TITLE)),
        ("input_message", rule.prompt),
        ("error_title", rule.error_title),
        ("error_message", rule.error),
    ):
        if text:
            options[option] = x_escaped(plain(text))
    if rule.kind is ValidationKind.ANY:
        options.setdefault("input_title", "")
    elif rule.kind in (ValidationKind.LIST, ValidationKind.CUSTOM):
        options["value"] = _required(rule.formula, rule, scope)
    elif rule.formula is not None and rule.maximum is not None:
        options |= {
            "criteria": "between",
            "minimum": _formula(rule.formula, scope),
            "maximum": _formula(rule.maximum, scope),
        }
    elif rule.formula is not None:
        options |= {"criteria": ">=", "value": _formula(rule.formula, scope)}
    else:
        options |= {"criteria": "<=", "value": _required(rule.maximum, rule, scope)}
    for option in ("value", "minimum", "maximum"):
        _fits(str(options.get(option, "="))[1:], limits.VALIDATION_FORMULA, f"a formula that checks {area}")
    _fits(rule.error, limits.ERROR_TEXT, f"the alert of {area}")
    where = (area.top, area.left, area.bottom, area.right)
    done(sheet.data_validation(*where, options), f"the validation of {area}")


def _highlight_options(
    highlight: CellHighlight, block: Block, addresses: Addresses, looks: Looks
) -> dict[str, object]:
    if highlight.data_bar:
        return {
            "type": "data_bar",
            "bar_color": "#" + highlight.data_bar,
            "bar_solid": True,
            "bar_no_border": True,
            "stop_if_true": highlight.stop,
        }
    if highlight.formula is None:
        raise internal_error(f"a highlight of block {block.anchor} has neither a formula nor a bar")
    scope = BlockRuleAddresses(addresses, block.anchor, relative=highlight.relative, by_row=highlight.by_row)
    return {
        "type": "formula",
        "criteria": _formula(highlight.formula, scope),
        "format": looks.highlight(highlight.look),
        "stop_if_true": highlight.stop,
    }


def _add_highlight(sheet: Worksheet, areas: Iterable[RangeRef], options: dict[str, object]) -> None:
    covered = list(areas)
    first = covered[0]
    if len(covered) > 1:
        options["multi_range"] = " ".join(str(area) for area in covered)
    where = (first.top, first.left, first.bottom, first.right)
    done(sheet.conditional_format(*where, options), f"the conditional format of {first}")


def _formula(node: Node, scope: RuleScope) -> str:
    return "=" + render(node, scope)


def _required(node: Node | None, rule: Validation, scope: RuleScope) -> str:
    if node is None:
        raise internal_error(f"a {rule.kind} validation has no formula")
    return _formula(node, scope)


def _fits(text: str, length: int, what: str) -> None:
    """Limits of Excel that XlsxWriter does not know; past them Excel repairs the file."""
    if utf16_length(text) > length:
        raise internal_error(f"{what} is longer than {length} characters", text)


def _fitting(text: str, length: int) -> str:
    """A header as prompt title: Excel shows 32 characters and refuses a file with more."""
    while utf16_length(text) > length:
        text = text[:-2] + "…" if text[-1:] == "…" else text[:-1] + "…"
    return text


def _cell(row: int, column: int) -> RangeRef:
    return RangeRef(row, column, row, column)


def _inside(block: Block, row: int, column: int, bottom: int, right: int) -> RangeRef:
    return RangeRef(block.row + row, block.column + column, block.row + bottom, block.column + right)


def _runs(columns: Iterable[int]) -> list[tuple[int, int]]:
    """Columns as first and last of each unbroken run, in order."""
    runs: list[tuple[int, int]] = []
    for column in sorted(set(columns)):
        if runs and runs[-1][1] == column - 1:
            runs[-1] = (runs[-1][0], column)
        else:
            runs.append((column, column))
    return runs
