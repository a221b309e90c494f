"""The proof that no rule of people's changed, from the finished bytes.

Reads both packages anew and knows only where rules are ours; does not know what was done, nor why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crmsheet.opc.xmltree import Element
from crmsheet.refresh.meaning import Meanings
from crmsheet.refresh.rules.coverage import Cells, minus, same_cells, text, within
from crmsheet.refresh.rules.found import Ours
from crmsheet.refresh.rules.looks import DxfBook
from crmsheet.refresh.rules.meaning import RuleReader, ValidationMeaning
from crmsheet.refresh.rules.prints import standing_format
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.rules import format_rules_of, validations_of
from crmsheet.structs import dataclass, field


@dataclass(frozen=True, slots=True)
class RuleClaim:
    """Where the validations of a sheet are ours, and which conditional formats are."""

    cells: Cells = ()
    ours: Ours = field(default_factory=lambda: Ours(frozenset(), {}))
    graphics: Mapping[str, Cells] = field(default_factory=dict)
    """The cells of our bars and scales, which say nothing in a formula, by their kind."""


def changed_rules(before: Contents, after: Contents, claims: Mapping[str, RuleClaim]) -> Iterator[str]:
    """In words: each rule of people's on these sheets that does not say what it said on the cells it was on."""
    if not claims:
        return
    old, new = _Book.of(before), _Book.of(after)
    for sheet, claim in claims.items():
        validations = old.validations(sheet, claim), new.validations(sheet, claim)
        for meaning in validations[0].keys() | validations[1].keys():
            there, here = (found.get(meaning, ()) for found in validations)
            if not same_cells(there, here):
                cells = minus(there, here) or minus(here, there)
                yield f"the validation of {sheet}!{text(cells[:3])} is another one"
        formats = old.formats(sheet, claim), new.formats(sheet, claim)
        if len(formats[0]) != len(formats[1]):
            yield f"{sheet} had {len(formats[0])} conditional formats of people's and has {len(formats[1])}"
        for was, now in zip(*formats, strict=False):
            if was[1:] != now[1:] or not same_cells(was[0], now[0]):
                yield f"the conditional format of {sheet}!{text(was[0][:3])} changed or is in another place"
                break


@dataclass(frozen=True, slots=True)
class _Book:
    contents: Contents
    meanings: Meanings
    looks: DxfBook

    @staticmethod
    def of(contents: Contents) -> _Book:
        return _Book(contents, Meanings.of(contents), DxfBook.of(contents.package))

    def validations(self, sheet: str, claim: RuleClaim) -> dict[ValidationMeaning, Cells]:
        """The cells outside ours by what their validation says."""
        found: dict[ValidationMeaning, Cells] = {}
        cells = self.contents.sheet(sheet)
        reader = RuleReader(sheet, self.meanings.tables)
        for rule in validations_of(cells.scan) if cells is not None else ():
            left = minus(rule.cells, claim.cells)
            if left:
                meaning = reader.validation(rule)
                found[meaning] = (*found.get(meaning, ()), *left)
        return found

    def formats(self, sheet: str, claim: RuleClaim) -> list[tuple[Cells, object, object]]:
        """People's conditional formats, first wins: their cells, what they say, how they look."""
        cells = self.contents.sheet(sheet)
        if cells is None:
            return []
        reader = RuleReader(sheet, self.meanings.tables)
        rules = sorted(enumerate(format_rules_of(cells.scan)), key=lambda pair: (pair[1].priority, pair[0]))
        found: list[tuple[Cells, object, object]] = []
        for _, rule in rules:
            formulas = tuple(reader.on(f, rule.cells) for f in rule.formulas if rule.cells)
            if rule.kind == "expression" and any(f.loose in claim.ours.highlights for f in formulas):
                continue
            if claim.ours.outlived(standing_format(rule, self.looks.look(rule))):
                continue
            if rule.kind in claim.graphics and within(rule.cells, claim.graphics[rule.kind]):
                continue
            said = {k: v for k, v in rule.attributes.items() if k not in ("priority", "dxfId")}
            says = tuple(f.exact for f in formulas), tuple(sorted(said.items())), _inside(rule.element)
            found.append((rule.cells, says, self.looks.look(rule)))
        return found


def _inside(element: Element) -> object:
    """What stands in a rule besides formulas: the steps of scales, icons, bars."""
    return tuple(
        (c.local, tuple(sorted(c.attributes.items())), c.text, _inside(c))
        for c in element.children
        if c.local not in ("formula", "f", "dxf", "extLst")
    )
