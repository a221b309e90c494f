"""Data validations and conditional formats of a sheet, as data.

Knows both places where they stand: the plain blocks, and the extension (x14) into which Excel moves those
that point at other sheets. Knows how a rule's cells are changed, how rules are taken away and added.
Does not know what a formula means nor how a differential format looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from crmsheet.excel.references import RangeRef, parse_range
from crmsheet.opc.xmltree import Element
from crmsheet.sheetml.elements import (
    WORKSHEET_ORDER,
    attribute_edits,
    in_order,
    is_empty,
    last_child,
)
from crmsheet.sheetml.scan import SheetScan
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.structs import dataclass, field

_COMPARED: Final = frozenset(("whole", "decimal", "date", "time", "textLength"))
"""Kinds of validation that have an operator."""
_TWO: Final = frozenset(("between", "notBetween"))


def operands(kind: str, operator: str) -> tuple[str, int]:
    """What counts of a validation's operator, and of how many formulas: what a program writes besides means nothing.
    LibreOffice gives every validation two formulas."""
    if kind not in _COMPARED:
        return "", 0 if kind == "none" else 1
    return operator, 2 if operator in _TWO else 1


@dataclass(frozen=True, slots=True)
class ValidationRule:
    """A data validation. `formulas` are up to two, without `=`, relative to the first cell of `cells`."""

    kind: str
    """`list`, `custom`, `whole`, `decimal`, `date`, `time`, `textLength` or `none`."""
    operator: str
    formulas: tuple[str, ...]
    cells: tuple[RangeRef, ...]
    attributes: Mapping[str, str]
    """As written, without `sqref`: prompts, error texts, `allowBlank`, `showDropDown`."""
    extension: bool
    element: Element = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class FormatRule:
    """One rule of a conditional format; `formulas` are relative to the first cell of `cells`."""

    kind: str
    """`expression`, `cellIs`, `dataBar`, `colorScale`, `iconSet`, `containsText`, …"""
    operator: str
    formulas: tuple[str, ...]
    cells: tuple[RangeRef, ...]
    priority: int
    dxf: int | None
    """Index of its differential format; None for bars, scales, icons and in the extension."""
    stop: bool
    attributes: Mapping[str, str]
    extension: bool
    element: Element = field(repr=False, compare=False)
    """`cfRule`."""
    block: Element = field(repr=False, compare=False)
    """The `conditionalFormatting` it stands in, which may hold others and carries the cells."""


def validations_of(scan: SheetScan) -> tuple[ValidationRule, ...]:
    """All data validations of a sheet, the plain ones first."""
    frame = scan.frame
    plain = frame.child("dataValidations")
    found = [
        _validation(e, extension=False) for e in (plain.all("dataValidation") if plain is not None else ())
    ]
    for holder in _in_extension(frame, "dataValidations"):
        found += [_validation(e, extension=True) for e in holder.all("dataValidation")]
    return tuple(found)


def _in_extension(frame: Element, local: str) -> Iterator[Element]:
    extensions = frame.child("extLst")
    for ext in extensions.all("ext") if extensions is not None else ():
        yield from ext.all(local)


def _validation(element: Element, *, extension: bool) -> ValidationRule:
    formulas = [f for f in (element.child("formula1"), element.child("formula2")) if f is not None]
    return ValidationRule(
        kind=element.get("type", "none"),
        operator=element.get("operator", "between"),
        formulas=tuple(_formula(f) for f in formulas),
        cells=_cells(_sqref(element)),
        attributes={k: v for k, v in element.attributes.items() if k not in ("sqref", "type", "operator")},
        extension=extension,
        element=element,
    )


def _formula(element: Element) -> str:
    """The text of a formula, which the extension wraps in `xm:f`."""
    inner = element.child("f")
    return (inner if inner is not None else element).text


def _sqref(element: Element) -> str:
    inner = element.child("sqref")
    return element.get("sqref") if inner is None else inner.text


def _cells(sqref: str) -> tuple[RangeRef, ...]:
    """The ranges that can be read; a broken one covers nothing."""
    found: list[RangeRef] = []
    for text in sqref.split():
        try:
            found.append(parse_range(text))
        except ValueError:
            continue
    return tuple(found)


def format_rules_of(scan: SheetScan) -> tuple[FormatRule, ...]:
    """All conditional formats of a sheet, the plain ones first, in the order written."""
    frame = scan.frame
    found: list[FormatRule] = []
    for block in frame.all("conditionalFormatting"):
        found += [_format_rule(e, block, extension=False) for e in block.all("cfRule")]
    for holder in _in_extension(frame, "conditionalFormattings"):
        for block in holder.all("conditionalFormatting"):
            found += [_format_rule(e, block, extension=True) for e in block.all("cfRule")]
    return tuple(found)


def _format_rule(element: Element, block: Element, *, extension: bool) -> FormatRule:
    priority, dxf = element.get("priority"), element.get("dxfId")
    return FormatRule(
        kind=element.get("type"),
        operator=element.get("operator"),
        formulas=tuple(e.text for e in (element.all("f") if extension else element.all("formula"))),
        cells=_cells(_sqref(block)),
        priority=int(priority) if priority.isdecimal() else 0,
        dxf=int(dxf) if dxf.isdecimal() else None,
        stop=element.get("stopIfTrue") in ("1", "true"),
        attributes=element.attributes,
        extension=extension,
        element=element,
        block=block,
    )


def cells_edits(
    scan: SheetScan, rule: ValidationRule | FormatRule, cells: Sequence[RangeRef]
) -> tuple[Replacement, ...]:
    """The replacements that make a rule cover these cells; for a format, all rules of its block with it."""
    holder = rule.element if isinstance(rule, ValidationRule) else rule.block
    sqref = " ".join(str(r) for r in cells)
    inner = holder.child("sqref")
    if inner is None:
        return attribute_edits(scan.data, holder, {"sqref": sqref})
    if inner.text == sqref or is_empty(inner):
        return ()
    return (Replacement(inner.open_end, inner.close_start, sqref.encode()),)


def without_rules(scan: SheetScan, rules: Sequence[ValidationRule | FormatRule]) -> tuple[Replacement, ...]:
    """The replacements that take rules away, with the holders that would be empty; counts are corrected."""
    gone = {rule.element.start for rule in rules}
    edits: list[Replacement] = []
    frame = scan.frame
    plain = frame.child("dataValidations")
    for holder in (*((plain,) if plain is not None else ()), *_in_extension(frame, "dataValidations")):
        edits += _without(scan, holder, holder.all("dataValidation"), gone)
    for block in frame.all("conditionalFormatting"):
        edits += _without(scan, block, block.all("cfRule"), gone)
    for outer in _in_extension(frame, "conditionalFormattings"):
        blocks = outer.all("conditionalFormatting")
        emptied = [b for b in blocks if b.all("cfRule") and all(r.start in gone for r in b.all("cfRule"))]
        if emptied and len(emptied) == len(blocks):
            edits.append(_whole_extension(frame, outer))
            continue
        for block in blocks:
            edits += _without(scan, block, block.all("cfRule"), gone)
    return tuple(edits)


def _without(
    scan: SheetScan, holder: Element, items: Sequence[Element], gone: set[int]
) -> tuple[Replacement, ...]:
    leaving = [item for item in items if item.start in gone]
    if not leaving:
        return ()
    if len(leaving) == len(items):
        return (_whole_extension(scan.frame, holder),)
    removed = tuple(Replacement(item.start, item.end, b"") for item in leaving)
    if "count" not in holder.attributes:
        return removed
    return (
        *attribute_edits(scan.data, holder, {"count": str(len(items) - len(leaving))}),
        *removed,
    )


def _whole_extension(frame: Element, holder: Element) -> Replacement:
    """The holder goes; so does the `ext` around it, and the `extLst`, when it is all they hold."""
    extensions = frame.child("extLst")
    for ext in extensions.all("ext") if extensions is not None else ():
        if any(c.start == holder.start for c in ext.children) and extensions is not None:
            if len(extensions.children) == 1 and len(ext.children) == 1:
                return Replacement(extensions.start, extensions.end, b"")
            if len(ext.children) == 1:
                return Replacement(ext.start, ext.end, b"")
    return Replacement(holder.start, holder.end, b"")


def added_validations(scan: SheetScan, elements: Sequence[bytes]) -> tuple[Replacement, ...]:
    """The replacements that add plain `<dataValidation>` elements, written with the sheet's prefix."""
    if not elements:
        return ()
    added = b"".join(elements)
    holder = scan.frame.child("dataValidations")
    if holder is not None:
        count = len(holder.all("dataValidation")) + len(elements)
        return (
            *attribute_edits(scan.data, holder, {"count": str(count)}),
            last_child(holder, added),
        )
    tag = f"{scan.prefix}dataValidations".encode()
    whole = b'<%b count="%d">%b</%b>' % (tag, len(elements), added, tag)
    return (in_order(scan.frame, WORKSHEET_ORDER, "dataValidations", whole),)


def added_formats(scan: SheetScan, elements: Sequence[bytes]) -> tuple[Replacement, ...]:
    """The replacement that adds plain `<conditionalFormatting>` elements behind those there are."""
    if not elements:
        return ()
    return (in_order(scan.frame, WORKSHEET_ORDER, "conditionalFormatting", b"".join(elements)),)
