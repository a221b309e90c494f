"""The validations and conditional formats of a plan, each with its cells and the texts of its formulas.

Knows which cells a rule covers and which addresses its formulas use: rules on a table speak of its first data
row, rules on a block of the range's top-left cell, and neither ever uses a structured reference; they reach
`room` rows below a table. Does not know how a rule is written in a file, nor what is there already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from crmsheet.diagnostics import Diagnostic
from crmsheet.errors import InternalError
from crmsheet.excel import limits
from crmsheet.excel.references import RangeRef
from crmsheet.formulas.render import render
from crmsheet.messages import say
from crmsheet.model.layout import AnchorPlace
from crmsheet.plan.cells import Block, CellHighlight, ErrorStyle, Validation, ValidationKind
from crmsheet.plan.looks import Highlight
from crmsheet.plan.place import Addresses, BlockRuleAddresses, RuleAddresses
from crmsheet.plan.tables import PlanTable
from crmsheet.structs import dataclass

_Scope: TypeAlias = RuleAddresses | BlockRuleAddresses


@dataclass(frozen=True, slots=True)
class RuledTable:
    """Where the rules of a table stand: its header's row, its columns by id, the last row they reach."""

    header_row: int
    columns: Mapping[str, int]
    last_row: int

    @property
    def first_row(self) -> int:
        return self.header_row + 1


@dataclass(frozen=True, slots=True)
class PlacedValidation:
    """A validation on one range. `formulas` are without `=`, relative to the range's first cell."""

    area: RangeRef
    kind: ValidationKind
    operator: str = "between"
    """`between`, `greaterThanOrEqual` or `lessThanOrEqual`; means something only where values are compared."""
    formulas: tuple[str, ...] = ()
    ignore_blank: bool = True
    prompt_title: str = ""
    prompt: str = ""
    error_title: str = ""
    error: str = ""
    error_style: ErrorStyle = ErrorStyle.STOP
    about: str = ""
    """What people call the cells: a column's header."""


@dataclass(frozen=True, slots=True)
class PlacedHighlight:
    """A conditional format. `formula` is without `=`, relative to the first cell of the first range.

    With `data_bar` it is a bar of that colour, with `scale` a scale of its colours, and neither formula nor look
    is used.
    """

    areas: tuple[RangeRef, ...]
    formula: str
    look: Highlight = Highlight()
    stop: bool = False
    data_bar: str = ""
    about: str = ""
    scale: tuple[str, ...] = ()

    @property
    def graphic(self) -> str:
        """The kind of a rule that is no formula with a look, as a file calls it; empty for others."""
        return "dataBar" if self.data_bar else "colorScale" if self.scale else ""


def reach(last_data_row: int, room: int) -> int:
    """The last row that a table's rules cover when its data end there."""
    return min(last_data_row + room, limits.ROWS - 1)


def as_built(table: PlanTable) -> RuledTable:
    """Where a table's rules stand in a workbook just built."""
    columns = {c.id: table.column + i for i, c in enumerate(table.columns)}
    return RuledTable(table.row, columns, reach(table.row + table.length, table.room))


def table_validations(
    table: PlanTable, place: RuledTable, addresses: Addresses
) -> Iterator[PlacedValidation]:
    """The checks and prompts of an entry table, and the explanations of its headers, in column order."""
    scope = RuleAddresses(addresses, table.id, place.first_row, place.last_row)
    for column in table.columns:
        at = place.columns.get(column.id)
        if at is None:
            continue
        if column.note:
            prompt = Validation(ValidationKind.ANY, prompt_title=column.header, prompt=column.note)
            area = RangeRef(place.header_row, at, place.header_row, at)
            yield _placed(area, prompt, scope, column.header)
        if column.validation is not None:
            area = RangeRef(place.first_row, at, place.last_row, at)
            yield _placed(area, column.validation, scope, column.header)


def table_highlights(table: PlanTable, place: RuledTable, addresses: Addresses) -> Iterator[PlacedHighlight]:
    """The colours of an entry table, first wins."""
    scope = RuleAddresses(addresses, table.id, place.first_row, place.last_row)
    headers = {c.id: c.header for c in table.columns}
    for highlight in table.highlights:
        ids = highlight.columns or tuple(c.id for c in table.columns)
        columns = [place.columns[c] for c in ids if c in place.columns]
        areas = tuple(RangeRef(place.first_row, left, place.last_row, right) for left, right in runs(columns))
        if areas:
            yield PlacedHighlight(
                areas,
                render(highlight.formula, scope),
                highlight.look,
                highlight.stop,
                about=", ".join(headers[c] for c in highlight.columns),
            )


def block_validations(block: Block, place: AnchorPlace, addresses: Addresses) -> Iterator[PlacedValidation]:
    """The checks of a block's cells; the block's own cells are relative to the range's first one."""
    scope = BlockRuleAddresses(addresses, block.anchor)
    for rule in block.validations:
        area = _inside(place, rule.row, rule.column, rule.bottom, rule.right)
        yield _placed(area, rule.validation, scope, rule.validation.prompt_title)


def block_highlights(block: Block, place: AnchorPlace, addresses: Addresses) -> Iterator[PlacedHighlight]:
    """The colours of a block's cells, first wins."""
    for rule in block.highlights:
        area = _inside(place, rule.row, rule.column, rule.bottom, rule.right)
        graphic = bool(rule.data_bar or rule.scale)
        formula = "" if graphic else _block_formula(rule, block.anchor, addresses)
        yield PlacedHighlight((area,), formula, rule.look, rule.stop, rule.data_bar, scale=rule.scale)


def _block_formula(rule: CellHighlight, anchor: str, addresses: Addresses) -> str:
    if rule.formula is None:
        raise _unwritable(f"a highlight of block {anchor} has neither a formula nor a bar or scale")
    return render(
        rule.formula, BlockRuleAddresses(addresses, anchor, relative=rule.relative, by_row=rule.by_row)
    )


def _placed(area: RangeRef, rule: Validation, scope: _Scope, about: str) -> PlacedValidation:
    operator, nodes = "between", [n for n in (rule.formula, rule.maximum) if n is not None]
    match rule.kind:
        case ValidationKind.ANY:
            nodes = []
        case ValidationKind.LIST | ValidationKind.CUSTOM:
            nodes = nodes[:1]
        case _ if len(nodes) == 1:
            operator = "lessThanOrEqual" if rule.formula is None else "greaterThanOrEqual"
        case _:
            pass
    if not nodes and rule.kind is not ValidationKind.ANY:
        raise _unwritable(f"a {rule.kind} validation has no formula")
    return PlacedValidation(
        area,
        rule.kind,
        operator,
        tuple(render(n, scope) for n in nodes),
        rule.ignore_blank,
        _fitting(rule.prompt_title, limits.PROMPT_TITLE),
        rule.prompt,
        rule.error_title,
        rule.error,
        rule.error_style,
        about,
    )


def _unwritable(message: str) -> InternalError:
    return InternalError(
        Diagnostic("B200", say("the workbook cannot be written: {message}", message=message))
    )


def _fitting(text: str, length: int) -> str:
    """A header as prompt title: Excel shows 32 characters and refuses a file with more."""
    while len(text.encode("utf-16-le", "surrogatepass")) // 2 > length:
        text = text[:-2] + "…" if text[-1:] == "…" else text[:-1] + "…"
    return text


def _inside(place: AnchorPlace, row: int, column: int, bottom: int, right: int) -> RangeRef:
    return RangeRef(place.rows[row], place.columns[column], place.rows[bottom], place.columns[right])


def runs(columns: Iterable[int]) -> list[tuple[int, int]]:
    """Columns as first and last of each unbroken run, in order."""
    found: list[tuple[int, int]] = []
    for column in sorted(set(columns)):
        if found and found[-1][1] == column - 1:
            found[-1] = (found[-1][0], column)
        else:
            found.append((column, column))
    return found
