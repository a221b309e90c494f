"""Conditional formats of a sheet as rules of the spec.

Knows comparisons, texts and formulas over the row, and what a colour means. Colour scales, bars, icons and the like
are told: the spec has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from crmsheet.adopt.drafts import Draft, FieldDraft, Remark, RuleDraft, TableDraft
from crmsheet.adopt.translate import Grounds, NotOursError, grounds
from crmsheet.excel.escaping import text_literal
from crmsheet.excel.references import RangeRef, a1
from crmsheet.formulas.render import to_spec
from crmsheet.intake.books import Book, BookRule
from crmsheet.messages import listed, phrase, say
from crmsheet.model.words import Label
from crmsheet.structs import replace

_OPERATORS: Final = {
    "greaterThan": ">",
    "greaterThanOrEqual": ">=",
    "lessThan": "<",
    "lessThanOrEqual": "<=",
    "equal": "=",
    "notEqual": "<>",
}
_KINDS: Final = {
    "expression": phrase("a formula"),
    "cellIs": phrase("a comparison"),
    "colorScale": phrase("a colour scale"),
    "dataBar": phrase("data bars"),
    "iconSet": phrase("icons"),
    "duplicateValues": phrase("repeated values"),
    "uniqueValues": phrase("values that stand there once"),
    "top10": phrase("the highest or lowest values"),
    "aboveAverage": phrase("values above or below the average"),
    "timePeriod": phrase("dates of a period"),
}
_NO_FORMULAS: Final = ("colorScale", "dataBar", "iconSet", "timePeriod")
_COLUMNS: Final = 3
"""A comparison over more columns than these is not about one of them."""


def ruled(draft: Draft, book: Book) -> Draft:
    """The draft with the rules of its tables."""
    ground = grounds(draft, book)
    remarks = list(draft.remarks)
    rules: dict[str, list[RuleDraft]] = {t.id: [] for t in draft.tables}
    for sheet in book.sheets:
        for rule in sheet.rules:
            placed = _tables(draft, sheet.name, rule)
            area = rule.cells[0] if rule.cells else RangeRef(0, 0, 0, 0)
            done = ""
            for table, part in placed:
                for made in _made(ground, table, rule, part):
                    taken = {*(r.id for r in rules[table.id]), *(f.id for f in table.fields)}
                    same = [r for r in rules[table.id] if (r.when, r.column) == (made.when, made.column)]
                    done = done or made.when
                    if not same:
                        number = next(n for n in range(1, 999) if f"rule_{n}" not in taken)
                        rules[table.id].append(replace(made, id=f"rule_{number}"))
            if placed:
                where = a1(area.top, area.left) + (
                    f":{a1(area.bottom, area.right)}" if area.bottom < 1_000_000 else ""
                )
                text = (
                    say("a conditional format is a rule now: {what}", what=done)
                    if done
                    else say("a conditional format was left out: {what}", what=_shown(rule))
                )
                remarks.append(Remark(sheet.name, where, text, understood=bool(done)))
    tables = tuple(replace(t, rules=tuple(rules[t.id])) for t in draft.tables)
    return replace(draft, tables=tables, remarks=tuple(dict.fromkeys(remarks)))


def _tables(draft: Draft, sheet: str, rule: BookRule) -> list[tuple[TableDraft, RangeRef]]:
    """The tables whose rows a format colours, with the part of it that does."""
    found: list[tuple[TableDraft, RangeRef]] = []
    for table in draft.tables:
        if table.sheet != sheet or not table.region.rows:
            continue
        first, last = table.region.rows[0], table.region.rows[-1]
        left, right = table.region.columns[0], table.region.columns[-1]
        for area in rule.cells:
            if area.top <= last and area.bottom >= first and area.left <= right and area.right >= left:
                found.append((table, area))
                break
    return found


def _shown(rule: BookRule) -> str:
    """What a format does, for people."""
    kind = say(_KINDS[rule.kind]) if rule.kind in _KINDS else rule.kind
    formulas = " ".join(t for t in (rule.operator, *rule.formulas[:2]) if t)
    return listed((kind, formulas), " ") if formulas and rule.kind not in _NO_FORMULAS else kind


def _made(ground: Grounds, table: TableDraft, rule: BookRule, area: RangeRef) -> Iterator[RuleDraft]:
    """The rules that say the same."""
    columns = [f for f in table.fields if area.left <= f.column <= area.right]
    style = _style(rule.color)
    if rule.kind == "expression" and rule.formulas:
        when = _translated(ground, table, rule.formulas[0], area)
        if when:
            column = columns[0].id if len(columns) == 1 else ""
            yield RuleDraft("", when, style, _label(when, table), column)
        return
    if len(columns) > _COLUMNS:
        return
    for field in columns:
        when = _condition(ground, table, rule, area, field)
        if when:
            yield RuleDraft("", when, style, _label(when, table), field.id)


def _condition(ground: Grounds, table: TableDraft, rule: BookRule, area: RangeRef, field: FieldDraft) -> str:
    cell = f"[{field.id}]"
    match rule.kind:
        case "cellIs":
            values = [_translated(ground, table, formula, area) for formula in rule.formulas]
            if not values or not all(values):
                return ""
            if rule.operator in _OPERATORS:
                return f"{cell}{_OPERATORS[rule.operator]}{values[0]}"
            if rule.operator in ("between", "notBetween") and len(values) == 2:
                inside = f"AND({cell}>={values[0]}, {cell}<={values[1]})"
                return inside if rule.operator == "between" else f"NOT({inside})"
            return ""
        case "containsText" if rule.text:
            return f"ISNUMBER(SEARCH({text_literal(rule.text)}, {cell}))"
        case "notContainsText" if rule.text:
            return f"NOT(ISNUMBER(SEARCH({text_literal(rule.text)}, {cell})))"
        case "beginsWith" if rule.text:
            return f"LEFT({cell}, {len(rule.text)})={text_literal(rule.text)}"
        case "endsWith" if rule.text:
            return f"RIGHT({cell}, {len(rule.text)})={text_literal(rule.text)}"
        case "containsBlanks":
            return f'{cell}=""'
        case "notContainsBlanks":
            return f'{cell}<>""'
        case _:
            return ""


def _translated(ground: Grounds, table: TableDraft, formula: str, area: RangeRef) -> str:
    """A formula of the format as an expression over the row that its first cell stands in; "" if there is none."""
    try:
        tree = ground.tree(f"={formula.removeprefix('=')}", table.sheet, area.top, area.left)
        return to_spec(ground.in_row(tree, table, area.top), table.id)
    except (NotOursError, ValueError):
        return ""


def _label(when: str, table: TableDraft) -> Label:
    """The condition in the sheet's own words."""
    words = {f.id: f.label for f in table.fields}

    def said(language: str) -> str:
        return re.sub(
            r"\[(\w+)\]", lambda m: getattr(words[m[1]], language) if m[1] in words else m[0], when
        )[:200]

    return Label(said("zh"), said("en"))


def _style(color: str) -> str:
    """What a colour means: red bad, green good, yellow a warning, grey muted."""
    if len(color) != 6:
        return "info"
    red, green, blue = (int(color[i : i + 2], 16) for i in (0, 2, 4))
    if max(red, green, blue) - min(red, green, blue) < 24:
        return "muted"
    if green >= red and green > blue:
        return "good"
    if red > green > blue + 16 and green > 0.75 * red:
        return "warn"
    if red > green and red >= blue:
        return "bad"
    return "info"
