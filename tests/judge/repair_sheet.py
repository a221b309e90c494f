"""Sheet-level causes of a repair prompt: child order, rows and cells, merges, validations, formats.

Knows one sheet part at a time; cells are read as a stream, because entry sheets are long.
Does not know tables (`repair_table`) nor anything between parts (`repair_package`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree
from tests.judge.package import (
    Element,
    Package,
    Sheet,
    area,
    cell_position,
    child,
    children,
    column_letters,
    descendants,
    items,
    local,
    rich_text,
)
from tests.judge.repair_package import duplicates, is_number

ROWS, COLUMNS = 1_048_576, 16_384
LONGEST_TEXT = 32_767
LONGEST_RULE = 255

_ORDER = """
sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges
scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr
conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter
rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing
legacyDrawingHF picture oleObjects controls webPublishItems tableParts extLst
"""
ORDER = tuple(_ORDER.split())
_REPEATABLE = frozenset({"conditionalFormatting"})
_NOT_EMPTY = frozenset({"cols", "mergeCells", "conditionalFormatting", "dataValidations", "hyperlinks"})
_ERROR_CODES = """
#NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #N/A #GETTING_DATA #SPILL! #CALC! #FIELD! #BLOCKED! #CONNECT!
#UNKNOWN! #BUSY! #EXTERNAL! #PYTHON!
"""
_ERRORS = frozenset(_ERROR_CODES.split())

Check = Callable[[str], list[str]]
"""What is wrong with a formula's text."""


@dataclass(slots=True)
class SheetScan:
    """What one pass over the cells found; table checks read the cells they asked for from it."""

    dialect: bool
    problems: list[str] = field(default_factory=list)
    formulas: dict[str, str] = field(default_factory=dict)
    array_areas: list[str] = field(default_factory=list)
    kept: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    formula_refs: set[str] = field(default_factory=set)
    masters: set[str] = field(default_factory=set)
    dependants: set[str] = field(default_factory=set)


def skeleton(package: Package, sheet: Sheet) -> Element:
    """The sheet's root without its rows."""
    root = package.root(sheet.part)
    data = child(root, "sheetData")
    if data is not None:
        for row in list(data):
            data.remove(row)
    return root


def order_problems(root: Element, order: tuple[str, ...] = ORDER, *, dialect: bool) -> Iterator[str]:
    """Children out of the schema's order, repeated, or empty where that is an error."""
    last = -1
    seen: set[str] = set()
    for element in root:
        name = local(element)
        if name not in order:
            continue
        place = order.index(name)
        if place < last:
            yield f"<{name}> stands after <{order[last]}>"
        last = max(last, place)
        if name in seen and name not in _REPEATABLE:
            yield f"<{name}> occurs twice"
        seen.add(name)
        if (name in _NOT_EMPTY or (dialect and name == "tableParts")) and not len(element):
            yield f"empty <{name}>"


def scan_cells(
    package: Package, sheet: Sheet, styles: int, keep: set[tuple[int, int]], *, dialect: bool
) -> SheetScan:
    """One pass over the cells: order, references, types, values, styles, formulas."""
    found = SheetScan(dialect)
    strings = len(package.shared_strings)
    last_row, column, row = 0, 0, 0
    stream = etree.iterparse(
        io.BytesIO(package.read(sheet.part)), events=("start", "end"), tag=("{*}row", "{*}c"), huge_tree=True
    )
    for event, element in stream:
        if local(element) == "row":
            if event == "start":
                row, column = int(element.get("r") or row + 1), 0
                if not last_row < row <= ROWS:
                    found.problems.append(f"row {row} after row {last_row}")
                last_row = row
                if int(element.get("s", 0)) >= styles:
                    found.problems.append(f"row {row}: style {element.get('s')} of {styles}")
            else:
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
            continue
        if event == "start":
            continue
        ref = element.get("r") or f"{column_letters(column + 1)}{row}"
        try:
            place = cell_position(ref)
        except ValueError:
            found.problems.append(f"{ref}: not a cell")
            continue
        if place[0] != row:
            found.problems.append(f"{ref}: in row {row}")
        if not column < place[1] <= COLUMNS:
            found.problems.append(f"{ref}: after {column_letters(column)}{row}")
        column = place[1]
        if int(element.get("s", 0)) >= styles:
            found.problems.append(f"{ref}: style {element.get('s')} of {styles}")
        _scan_cell(ref, element, strings, found)
        if place in keep:
            found.kept[place] = (_shown(element, package), _formula(element))
    found.problems += [f"shared formula {si} has no master" for si in found.dependants - found.masters]
    return found


def _shown(element: Element, package: Package) -> str:
    inline, value = child(element, "is"), child(element, "v")
    if inline is not None:
        return "text:" + rich_text(inline)
    if value is None:
        return ""
    text = str(value.text or "")
    if element.get("t") == "s":
        strings = package.shared_strings
        return "text:" + (strings[int(text)] if int(text) < len(strings) else "")
    return ("text:" if element.get("t") == "str" else "") + text


def _formula(element: Element) -> str:
    found = child(element, "f")
    return str(found.text or "") if found is not None else ""


def _scan_cell(ref: str, element: Element, strings: int, found: SheetScan) -> None:
    parts = {local(part): part for part in element}
    formula, value, inline = parts.get("f"), parts.get("v"), parts.get("is")
    if formula is not None:
        found.formula_refs.add(ref)
        kind, text = formula.get("t", "normal"), str(formula.text or "")
        if kind == "shared":
            (found.masters if text else found.dependants).add(str(formula.get("si")))
        elif not text and kind != "dataTable":
            found.problems.append(f"{ref}: an empty formula")
        if kind == "array":
            found.array_areas.append(str(formula.get("ref")))
        if text and kind != "dataTable":
            found.formulas.setdefault(text, ref)
    if inline is not None and element.get("t") != "inlineStr":
        found.problems.append(f"{ref}: inline text in a cell of type {element.get('t')}")
    if inline is not None and len(rich_text(inline)) > LONGEST_TEXT:
        found.problems.append(f"{ref}: text of {len(rich_text(inline))} characters (at most {LONGEST_TEXT})")
    # openpyxl writes an empty value for every formula, and Excel computes it; ours always have one.
    if value is not None and (value.text or found.dialect):
        problem = _value_problem(element.get("t", "n"), str(value.text or ""), strings)
        if problem:
            found.problems.append(f"{ref}: {problem}")


def _value_problem(kind: str, text: str, strings: int) -> str | None:
    match kind:
        case "n":
            return None if is_number(text) else f"the number {text!r}"
        case "b":
            return None if text in ("0", "1") else f"the truth value {text!r}"
        case "e":
            return None if text in _ERRORS else f"the error {text!r}"
        case "s":
            return None if text.isdigit() and int(text) < strings else f"shared string {text!r} of {strings}"
        case "str":
            return (
                f"text of {len(text)} characters (at most {LONGEST_TEXT})"
                if len(text) > LONGEST_TEXT
                else None
            )
        case "d":
            return None if re.match(r"\d{4}-\d\d-\d\d", text) else f"the date {text!r}"
        case "inlineStr":
            return "a value beside inline text"
        case _:
            return f"the type {kind!r}"


def areas(sqref: str) -> list[tuple[int, int, int, int]]:
    """The areas of a `sqref`; raises ValueError where one is not readable or lies outside the sheet."""
    found = []
    for ref in sqref.split():
        whole = re.fullmatch(r"\$?([A-Z]+):\$?([A-Z]+)", ref)
        box = area(f"{whole[1]}1:{whole[2]}{ROWS}" if whole else ref)
        if box[0] > box[2] or box[1] > box[3] or box[2] > ROWS or box[3] > COLUMNS:
            raise ValueError(f"not an area of the sheet: {ref}")
        found.append(box)
    if not found:
        raise ValueError("an empty area")
    return found


def overlap(left: tuple[int, int, int, int], right: tuple[int, int, int, int]) -> bool:
    """Whether two areas share a cell."""
    return left[0] <= right[2] and right[0] <= left[2] and left[1] <= right[3] and right[1] <= left[3]


def layout_problems(root: Element) -> Iterator[str]:
    """Merges that overlap, columns out of order, links, breaks and headers beyond Excel's limits."""
    merges = [area(str(e.get("ref"))) for e in items(root, "mergeCells")]
    for number, box in enumerate(merges):
        if box[:2] == box[2:]:
            yield f"merged cells {box}: a single cell"
        if any(overlap(box, other) for other in merges[:number]):
            yield f"merged cells {box} overlap others"
    last = 0
    for element in items(root, "cols"):
        first, end = int(element.get("min")), int(element.get("max"))
        if not last < first <= end <= COLUMNS:
            yield f"columns {first} to {end} after column {last}"
        last = end
    for element in items(root, "hyperlinks"):
        if len(element.get("tooltip", "")) > LONGEST_RULE:
            yield f"{element.get('ref')}: a link's tip of {len(element.get('tooltip'))} characters"
    for element in items(root, "headerFooter"):
        if len(element.text or "") > LONGEST_RULE:
            yield f"<{local(element)}> of {len(element.text)} characters (at most {LONGEST_RULE})"
    for view in items(root, "sheetViews"):
        pane = child(view, "pane")
        if pane is not None and pane.get("state") in ("frozen", "frozenSplit"):
            splits = [pane.get(name, "0") for name in ("xSplit", "ySplit")]
            if not all(split.isdigit() for split in splits) or splits == ["0", "0"]:
                yield f"a frozen pane at {splits}"
        for selection in children(view, "selection"):
            if pane is None and selection.get("pane", "topLeft") != "topLeft":
                yield f"a selection in pane {selection.get('pane')}, but there is no pane"


def validation_problems(root: Element, check: Check, *, dialect: bool) -> Iterator[str]:
    """Validations beyond Excel's limits, with formulas it does not read, or two on one cell."""
    holder = child(root, "dataValidations")
    found = children(holder, "dataValidation") if holder is not None else []
    if holder is not None and holder.get("count") not in (None, str(len(found))):
        yield f"<dataValidations> says {holder.get('count')}, there are {len(found)}"
    extended = [e for e in descendants(root, "dataValidation") if e.getparent() is not holder]
    taken: list[tuple[int, int, int, int]] = []
    for element in [*found, *extended]:
        sqref = element.get("sqref") or " ".join(str(e.text) for e in descendants(element, "sqref"))
        where = f"validation of {sqref}"
        try:
            boxes = areas(sqref)
        except ValueError as error:
            yield f"{where}: {error}"
            continue
        if dialect and len(boxes) > 1:
            yield f"{where}: more than one range"
        if any(overlap(box, other) for box in boxes for other in taken):
            yield f"{where}: a cell with two validations"
        taken += boxes
        for name, most in (("promptTitle", 32), ("errorTitle", 32), ("prompt", 255), ("error", 225)):
            if len(element.get(name, "")) > most:
                yield f"{where}: {name} of {len(element.get(name))} characters (at most {most})"
        plain = element.getparent() is holder
        yield from (f"{where}: {problem}" for problem in _rule_formulas(element, check, plain and dialect))


def _rule_formulas(element: Element, check: Check, plain: bool) -> Iterator[str]:
    kind, texts = element.get("type", "none"), {}
    for name in ("formula1", "formula2"):
        holder = child(element, name)
        if holder is not None:
            texts[name] = "".join(str(part) for part in holder.itertext()).strip()
    if kind != "none" and "formula1" not in texts:
        yield f"no formula in a validation of type {kind}"
    between = element.get("operator", "between") in ("between", "notBetween")
    if kind in ("whole", "decimal", "date", "time", "textLength") and between and "formula2" not in texts:
        yield "a range without its upper end"
    for text in texts.values():
        literal = kind == "list" and text.startswith('"') and text.endswith('"')
        if len(text) - 2 * literal > LONGEST_RULE:
            yield f"a formula of {len(text)} characters (at most {LONGEST_RULE})"
        if literal and '"' in text[1:-1].replace('""', ""):
            yield f"a list with a lone quote: {text}"
        yield from _plain_rule(text, check, plain)


def _plain_rule(text: str, check: Check, plain: bool) -> Iterator[str]:
    bare = re.sub(r'"(?:[^"]|"")*"', "", text)
    if "[" in bare:
        yield f"a table reference: {text}"
        return
    if plain and "!" in bare.replace("#REF!", ""):
        yield f"a direct reference to a sheet: {text}"
    yield from (f"{problem} in {text}" for problem in check(text))


def format_problems(root: Element, check: Check, dxfs: int, *, dialect: bool) -> Iterator[str]:
    """Conditional formats whose look, priority, area or formula is not usable."""
    priorities: list[str] = []
    for holder in children(root, "conditionalFormatting"):
        where = f"conditional format of {holder.get('sqref')}"
        try:
            areas(str(holder.get("sqref", "")))
        except ValueError as error:
            yield f"{where}: {error}"
        for rule in children(holder, "cfRule"):
            priorities.append(str(rule.get("priority", "")))
            if not priorities[-1].isdigit() or int(priorities[-1]) < 1:
                yield f"{where}: priority {priorities[-1]!r}"
            if rule.get("dxfId") is not None and int(rule.get("dxfId")) >= dxfs:
                yield f"{where}: look {rule.get('dxfId')} of {dxfs}"
            texts = [str(e.text or "") for e in children(rule, "formula")]
            if rule.get("type") in ("expression", "cellIs") and not texts:
                yield f"{where}: no formula"
            for text in texts:
                yield from (f"{where}: {problem}" for problem in _plain_rule(text, check, dialect))
    for priority in duplicates(priorities):
        yield f"two conditional formats have priority {priority}"
