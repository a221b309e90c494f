"""Rules of a plan as bytes, and rules of a sheet changed, taken away and added in one go.

Knows where rules stand, their counts, and that a block or list of rules without any is an error.
Does not know which rules are to change (`refresh.rules`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from crmsheet.excel.escaping import x_escaped
from crmsheet.excel.references import RangeRef
from crmsheet.opc.xmltree import Element, escaped
from crmsheet.plan.cells import ErrorStyle, ValidationKind
from crmsheet.plan.rules import PlacedHighlight, PlacedValidation
from crmsheet.sheetml.elements import WORKSHEET_ORDER, attribute_edits, in_order, is_empty, last_child
from crmsheet.sheetml.rules import FormatRule, ValidationRule, cells_edits, without_rules
from crmsheet.sheetml.scan import SheetScan
from crmsheet.sheetml.shift import shifted
from crmsheet.sheetml.spanedit import Replacement, replace_spans
from crmsheet.structs import dataclass


def sqref(cells: Sequence[RangeRef]) -> str:
    return " ".join(str(RangeRef(r.top, r.left, r.bottom, r.right)) for r in cells)


def validation_xml(rule: PlacedValidation, cells: Sequence[RangeRef], prefix: str) -> bytes:
    """A `<dataValidation>`; its formulas are written for the first of `cells`."""
    said: list[tuple[str, str]] = []
    if rule.kind is not ValidationKind.ANY:
        said.append(("type", rule.kind.value))
    if rule.error_style is not ErrorStyle.STOP:
        said.append(("errorStyle", rule.error_style.value))
    if rule.operator != "between":
        said.append(("operator", rule.operator))
    if rule.ignore_blank:
        said.append(("allowBlank", "1"))
    said += [("showInputMessage", "1"), ("showErrorMessage", "1")]
    texts = (
        ("errorTitle", rule.error_title),
        ("error", rule.error),
        ("promptTitle", rule.prompt_title),
        ("prompt", rule.prompt),
    )
    said += [(name, text) for name, text in texts if text]
    said.append(("sqref", sqref(cells)))
    head = f"<{prefix}dataValidation".encode() + b"".join(
        b' %b="%b"' % (name.encode(), _attribute(text)) for name, text in said
    )
    formulas = [_moved(f, rule.area, cells) for f in rule.formulas]
    if not formulas:
        return head + b"/>"
    inside = b"".join(
        b"<%bformula%d>%b</%bformula%d>" % (prefix.encode(), n, escaped(f), prefix.encode(), n)
        for n, f in enumerate(formulas, 1)
    )
    return head + b">" + inside + f"</{prefix}dataValidation>".encode()


def _attribute(text: str) -> bytes:
    """A text as attribute; line breaks survive only as character references."""
    return escaped(x_escaped(text)).replace(b"\n", b"&#10;").replace(b"\t", b"&#9;")


def _moved(formula: str, written_for: RangeRef, cells: Sequence[RangeRef]) -> str:
    return shifted(formula, cells[0].top - written_for.top, cells[0].left - written_for.left)


def format_xml(rule: PlacedHighlight, dxf: int, priority: int, prefix: str) -> bytes:
    """A `<conditionalFormatting>` with one rule."""
    p = prefix
    if rule.data_bar:
        inside = (
            f'<{p}cfRule type="dataBar" priority="{priority}"><{p}dataBar><{p}cfvo type="min"/>'
            f'<{p}cfvo type="max"/><{p}color rgb="FF{rule.data_bar.upper()}"/></{p}dataBar></{p}cfRule>'
        ).encode()
    elif rule.scale:
        colors = "".join(f'<{p}color rgb="FF{c.upper()}"/>' for c in rule.scale)
        middle = f'<{p}cfvo type="min"/><{p}cfvo type="percentile" val="50"/>'
        steps = middle if len(rule.scale) > 2 else f'<{p}cfvo type="num" val="0"/>'
        inside = (
            f'<{p}cfRule type="colorScale" priority="{priority}"><{p}colorScale>{steps}'
            f'<{p}cfvo type="max"/>{colors}</{p}colorScale></{p}cfRule>'
        ).encode()
    else:
        stop = ' stopIfTrue="1"' if rule.stop else ""
        head = f'<{p}cfRule type="expression" dxfId="{dxf}" priority="{priority}"{stop}><{p}formula>'
        inside = head.encode() + escaped(rule.formula) + f"</{p}formula></{p}cfRule>".encode()
    return format_block(rule.areas, inside, prefix)


def format_block(cells: Sequence[RangeRef], inside: bytes, prefix: str) -> bytes:
    tag = f"{prefix}conditionalFormatting".encode()
    return b'<%b sqref="%b">%b</%b>' % (tag, sqref(cells).encode(), inside, tag)


def moved_format(
    scan: SheetScan, rule: FormatRule, cells: Sequence[RangeRef], priority: int, prefix: str
) -> bytes:
    """A `<conditionalFormatting>` with a rule that is there already, on other cells: the same bytes, its
    formulas as they read there."""
    element = rule.element
    edits = [
        *attribute_edits(scan.data, element, {"priority": str(priority)}),
        *_formula_edits(element.all("formula"), rule.cells, cells),
    ]
    inner = [Replacement(e.start - element.start, e.end - element.start, e.new) for e in edits]
    return format_block(cells, replace_spans(scan.data[element.start : element.end], inner), prefix)


def _formula_edits(
    holders: Sequence[Element], before: Sequence[RangeRef], after: Sequence[RangeRef]
) -> Iterator[Replacement]:
    """Formulas as they read when the rule's first cell is another."""
    if not before or not after:
        return
    down, right = after[0].top - before[0].top, after[0].left - before[0].left
    for holder in holders:
        inner = holder.child("f") or holder
        text = shifted(inner.text, down, right)
        if text != inner.text and not is_empty(inner):
            yield Replacement(inner.open_end, inner.close_start, escaped(text))


@dataclass(frozen=True, slots=True)
class ValidationEdits:
    """What is to happen to a sheet's validations: new cells of some (none: it goes), and new elements."""

    cells: Mapping[int, tuple[RangeRef, ...]]
    """By the start of the element."""
    added: tuple[bytes, ...]


def validation_edits(
    scan: SheetScan, rules: Sequence[ValidationRule], wanted: ValidationEdits
) -> tuple[Replacement, ...]:
    """The replacements that carry it out."""
    edits: list[Replacement] = []
    gone: list[ValidationRule] = []
    for rule in rules:
        cells = wanted.cells.get(rule.element.start, rule.cells)
        if not cells:
            gone.append(rule)
        elif cells != rule.cells:
            edits += cells_edits(scan, rule, cells)
            holders = [f for f in (rule.element.child("formula1"), rule.element.child("formula2")) if f]
            edits += _formula_edits(holders, rule.cells, cells)
    edits += without_rules(scan, [rule for rule in gone if rule.extension])
    plain = scan.frame.child("dataValidations")
    leaving = [rule for rule in gone if not rule.extension]
    if plain is None:
        return (*edits, *_new_holder(scan, wanted.added))
    there = len(plain.all("dataValidation"))
    if len(leaving) == there and not wanted.added:
        return (*edits, *without_rules(scan, leaving))
    edits += [Replacement(rule.element.start, rule.element.end, b"") for rule in leaving]
    count = there - len(leaving) + len(wanted.added)
    if count != there:
        edits += attribute_edits(scan.data, plain, {"count": str(count)})
    if wanted.added:
        edits.append(last_child(plain, b"".join(wanted.added)))
    return tuple(edits)


def _new_holder(scan: SheetScan, added: Sequence[bytes]) -> tuple[Replacement, ...]:
    if not added:
        return ()
    tag = f"{scan.prefix}dataValidations".encode()
    whole = b'<%b count="%d">%b</%b>' % (tag, len(added), b"".join(added), tag)
    return (in_order(scan.frame, WORKSHEET_ORDER, "dataValidations", whole),)


@dataclass(frozen=True, slots=True)
class FormatEdits:
    """What is to happen to a sheet's conditional formats: the elements that go, other priorities of some
    that stay, by the starts of their elements, and new blocks."""

    gone: frozenset[int]
    priorities: Mapping[int, int]
    added: tuple[bytes, ...]


def format_edits(
    scan: SheetScan, rules: Sequence[FormatRule], wanted: FormatEdits
) -> tuple[Replacement, ...]:
    """The replacements that carry it out."""
    edits = list(without_rules(scan, [r for r in rules if r.element.start in wanted.gone]))
    for rule in rules:
        priority = wanted.priorities.get(rule.element.start)
        if priority is not None and rule.element.start not in wanted.gone:
            edits += attribute_edits(scan.data, rule.element, {"priority": str(priority)})
    if wanted.added:
        edits.append(in_order(scan.frame, WORKSHEET_ORDER, "conditionalFormatting", b"".join(wanted.added)))
    return tuple(edits)
