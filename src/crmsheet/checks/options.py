"""Options that stand twice in their list.

Knows how a list lies in its block: labels in the first column, of a dependent list in one column for each parent.
"""

from __future__ import annotations

from collections.abc import Iterator

from crmsheet.checks.words import WORDS
from crmsheet.compile.symbols import list_anchor
from crmsheet.diagnostics import CellPlace, Diagnostic
from crmsheet.excel.references import a1
from crmsheet.model.layout import Layout
from crmsheet.model.spec import Model
from crmsheet.model.state import State
from crmsheet.model.words import Language


def check(model: Model, language: Language, state: State, layout: Layout) -> Iterator[Diagnostic]:
    """Every option whose label stands above it already, among those of the same parent."""
    words = WORDS["D115"]
    for definition in model.lists:
        place = layout.anchors.get(list_anchor(definition.id))
        if place is None:
            continue
        rows = state.lists.get(definition.id, ())
        parents = state.lists.get(definition.depends_on, ())
        columns = {row.id: row.column for row in parents}
        first: dict[tuple[str, str], str] = {}
        for row in rows:
            at = columns.get(row.parent, 0)
            if not row.label or not (0 <= row.offset < len(place.rows) and at < len(place.columns)):
                continue
            cell = a1(place.rows[row.offset], place.columns[at])
            above = first.setdefault((row.parent, row.label.casefold()), cell)
            if above != cell:
                label = definition.label.text(language)
                fill = {"value": row.label, "label": label, "cell": above}
                yield Diagnostic(
                    "D115",
                    words.said(words.message, language, fill),
                    CellPlace(place.sheet, cell, label, row.label),
                    remedy=words.said(words.remedy, language, fill),
                )
