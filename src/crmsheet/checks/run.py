"""All checks over all tables.

Knows which checks there are and in which order their findings are listed: by sheet, row, column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from crmsheet.checks import bounds, cadence, forms, lists, options, presence, references, types
from crmsheet.checks.subject import NO_RENAMES, Subject
from crmsheet.diagnostics import CellPlace, Diagnostic
from crmsheet.excel.references import parse_cell
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Node
from crmsheet.model.layout import Layout
from crmsheet.model.spec import Model
from crmsheet.model.state import State
from crmsheet.model.words import Language

CHECKS: tuple[Callable[[Subject], Iterator[Diagnostic]], ...] = (
    types.check,
    lists.check,
    presence.check_required,
    presence.check_unique,
    references.check,
    bounds.check_range,
    bounds.check_length,
    forms.check,
    cadence.check,
)


def data_problems(
    model: Model,
    language: Language,
    state: State,
    layout: Layout,
    evaluate: Callable[[Node], Callable[[int], Value]],
    renamed: Mapping[tuple[str, str], str] = NO_RENAMES,
) -> tuple[Diagnostic, ...]:
    """Every problem in the rows, then in the lists. `evaluate` compiles an expression for rows; `renamed` are
    former keys."""
    labels = {k: frozenset(r.label.casefold() for r in rows if r.label) for k, rows in state.lists.items()}
    found: list[Diagnostic] = []
    for table in model.tables:
        rows = state.tables.get(table.id)
        place = layout.tables.get(table.id)
        if rows is None or place is None or not rows.size:
            continue
        subject = Subject(model, language, table, rows, place, state, labels, evaluate, renamed)
        of_table = [d for check in CHECKS for d in check(subject)]
        found += sorted(of_table, key=_position)
    found += options.check(model, language, state, layout)
    return tuple(found)


def _position(diagnostic: Diagnostic) -> tuple[int, int]:
    place = diagnostic.place
    if isinstance(place, CellPlace) and place.cell:
        cell = parse_cell(place.cell)
        return cell.row, cell.column
    return 0, 0
