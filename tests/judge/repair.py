"""Why Excel would offer to repair a workbook, as far as anybody has found out.

Knows the rules no schema states: what must be unique, exist, agree or stay below a limit. Each is a sentence
that begins with the place. With `dialect` (for what crmsheet writes itself) also the narrower forms it
promises: table references with their table, no direct references to sheets in rules, no `#REF!`.
Does not open Excel; a clean result is necessary, not sufficient.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.judge.formula_lint import Known, formula_problems
from tests.judge.package import Element, Package, children, descendants, items, local
from tests.judge.repair_package import (
    chart_problems,
    comment_problems,
    drawing_problems,
    duplicates,
    member_problems,
    part_problems,
    style_problems,
    unrelated_ids,
)
from tests.judge.repair_sheet import (
    LONGEST_TEXT,
    format_problems,
    layout_problems,
    order_problems,
    overlap,
    scan_cells,
    skeleton,
    validation_problems,
)
from tests.judge.repair_table import Table, global_problems, table_problems, tables, valid_name

_WORKBOOK_ORDER = """
fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences
definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing
fileRecoveryPr webPublishObjects extLst
"""
WORKBOOK_ORDER = tuple(_WORKBOOK_ORDER.split())
_SHEET_NAME = re.compile(r"(?!')[^\[\]:*?/\\]{1,31}(?<!')")
_NEVER_EMPTY = frozenset({"definedNames", "bookViews", "externalReferences", "pivotCaches"})
_STATES = ("visible", "hidden", "veryHidden")
_FIXED_CELL = re.compile(r"(\$[A-Z]{1,3}\$)[0-9]{1,6}\b")
"""Formulas that differ in the rows of fixed cells alone are right or wrong together."""


def repair_causes(source: Path | bytes, *, dialect: bool = True) -> list[str]:
    """Everything found, in the order of the package; empty for a sound workbook.

    `dialect=False` judges workbooks written by people and other programs: only what Excel itself minds.
    """
    try:
        package = Package(source)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        return [f"not a readable zip: {error}"]
    found = [*member_problems(source), *part_problems(package, dialect=dialect)]
    if any("not well-formed" in problem or "[Content_Types]" in problem for problem in found):
        return found
    try:
        sheets = package.sheets
    except ValueError as error:
        return [*found, str(error)]
    found += unrelated_ids(package)
    found += style_problems(package, dialect=dialect)
    found += _workbook_problems(package)
    all_tables = {sheet.part: tables(package, sheet) for sheet in package.worksheets}
    known = Known(
        sheets=frozenset(sheet.name.lower() for sheet in sheets),
        names=frozenset((scope, name.lower()) for scope, name in package.names),
        tables={table.name: table.names for group in all_tables.values() for table in group},
        external_books=bool(descendants(package.workbook, "externalReference")),
    )
    found += global_problems(package, [table for group in all_tables.values() for table in group])
    found += _name_problems(package, known, dialect)
    formula_refs: dict[str, set[str]] = {}
    for number, sheet in enumerate(sheets):
        if sheet.part in all_tables:
            problems, refs = _sheet_problems(package, number, all_tables[sheet.part], known, dialect)
            formula_refs[sheet.sheet_id] = refs
            found += [f"{sheet.name}: {problem}" for problem in problems]
    found += drawing_problems(package)
    found += chart_problems(package, known, dialect=dialect)
    found += comment_problems(package)
    found += _calc_chain_problems(package, formula_refs)
    return found


def _workbook_problems(package: Package) -> Iterator[str]:
    part, root, sheets = package.workbook_part, package.workbook, package.sheets
    yield from (f"{part}: {problem}" for problem in order_problems(root, WORKBOOK_ORDER, dialect=True))
    if not sheets:
        yield f"{part}: no sheets"
        return
    for sheet in sheets:
        if not _SHEET_NAME.fullmatch(sheet.name) or sheet.name.lower() == "history":
            yield f"{part}: the sheet name {sheet.name!r}"
        if not package.has(sheet.part):
            yield f"{part}: the sheet {sheet.name!r} has no part"
        if sheet.state not in _STATES:
            yield f"{part}: the sheet {sheet.name!r} is {sheet.state!r}"
    for values in ([s.name.lower() for s in sheets], [s.sheet_id for s in sheets], [s.part for s in sheets]):
        for value in duplicates(values):
            yield f"{part}: two sheets share {value!r}"
    visible = [number for number, sheet in enumerate(sheets) if sheet.state == "visible"]
    if not visible:
        yield f"{part}: no visible sheet"
    for view in items(root, "bookViews"):
        for attribute in ("activeTab", "firstSheet"):
            if int(view.get(attribute, 0)) not in range(len(sheets)):
                yield f"{part}: {attribute} {view.get(attribute)} of {len(sheets)} sheets"
        if visible and int(view.get("activeTab", 0)) not in visible:
            yield f"{part}: the active sheet is hidden"
    for element in root:
        if local(element) in ("definedNames", "bookViews", "externalReferences", "pivotCaches") and not len(
            element
        ):
            yield f"{part}: empty <{local(element)}>"
    for number, text in enumerate(package.shared_strings):
        if len(text) > LONGEST_TEXT:
            yield f"shared string {number}: {len(text)} characters (at most {LONGEST_TEXT})"


def _name_problems(package: Package, known: Known, dialect: bool) -> Iterator[str]:
    elements = descendants(package.workbook, "definedName")
    spelled = [(str(e.get("localSheetId", "")), str(e.get("name", "")).lower()) for e in elements]
    for scope, name in {pair for pair in spelled if spelled.count(pair) > 1}:
        yield f"the name {name!r} occurs twice in scope {scope or 'workbook'!r}"
    for element in elements:
        name, text = str(element.get("name", "")), str(element.text or "")
        scope = str(element.get("localSheetId", ""))
        if scope and int(scope) >= len(package.sheets):
            yield f"the name {name!r}: sheet {scope} of {len(package.sheets)}"
        if not valid_name(name.removeprefix("_xlnm.")):
            yield f"the name {name!r} is not one"
        macro = any(
            element.get(attribute) in ("1", "true") for attribute in ("function", "vbProcedure", "xlm")
        )
        if (text.startswith("#") and text != "#REF!") or macro:
            continue
        if text.startswith("="):
            yield f"the name {name!r}: begins with '='"
            continue
        for problem in formula_problems(text, known, scope, dialect=dialect):
            yield f"the name {name!r}: {problem}"


def _sheet_problems(
    package: Package, number: int, own: list[Table], known: Known, dialect: bool
) -> tuple[list[str], set[str]]:
    sheet = package.sheets[number]
    styles, dxfs = _style_sizes(package)
    root = skeleton(package, sheet)
    headers = {place for table in own for place in table.wanted()}
    scan = scan_cells(package, sheet, styles, headers, dialect=dialect)
    check = _checker(known, str(number), dialect)
    found = [*order_problems(root, dialect=dialect), *scan.problems, *layout_problems(root)]
    sound: set[str] = set()
    for text, ref in scan.formulas.items():
        shape = _FIXED_CELL.sub(r"\1", text)
        if shape not in sound:
            wrong = check(text)
            found += [f"{ref}: {problem}" for problem in wrong]
            if not wrong:
                sound.add(shape)
    found += validation_problems(root, check, dialect=dialect)
    found += format_problems(root, check, dxfs, dialect=dialect)
    for table in own:
        problems = table_problems(table, root, scan, known, dialect=dialect)
        found += [f"table {table.name}: {problem}" for problem in problems]
        found += [
            f"table {table.name}: overlaps {other.name}"
            for other in own
            if other.part < table.part and overlap(other.box, table.box)
        ]
    declared = descendants(root, "tablePart")
    if len(declared) != len(own):
        found.append(f"{len(declared)} tables declared, {len(own)} related")
    return found, scan.formula_refs


def _checker(known: Known, scope: str, dialect: bool) -> Callable[[str], list[str]]:
    return lambda text: formula_problems(text, known, scope, dialect=dialect)


def _style_sizes(package: Package) -> tuple[int, int]:
    parts = package.related(package.workbook_part, "styles")
    if not parts:
        return 1, 0
    root: Element = package.root(parts[0])
    return max(1, len(items(root, "cellXfs"))), len(items(root, "dxfs"))


def _calc_chain_problems(package: Package, formula_refs: dict[str, set[str]]) -> Iterator[str]:
    for part in package.related(package.workbook_part, "calcChain"):
        sheet = ""
        for element in children(package.root(part), "c"):
            sheet = str(element.get("i") or sheet)
            if sheet in formula_refs and element.get("r") not in formula_refs[sheet]:
                yield f"{part}: {element.get('r')} of sheet {sheet} has no formula"
