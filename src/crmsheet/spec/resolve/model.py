"""The whole Model from the form of a spec.

Knows the order in which the parts need each other. Does not know the parts.
"""

from __future__ import annotations

from crmsheet.model.metrics import Metric
from crmsheet.model.spec import Model, SourceFile
from crmsheet.model.words import Label
from crmsheet.spec.document import Problems
from crmsheet.spec.resolve.blocks import Boards, shown_metrics
from crmsheet.spec.resolve.boards import Dimensions
from crmsheet.spec.resolve.briefs import resolved_brief
from crmsheet.spec.resolve.computed import Computed
from crmsheet.spec.resolve.expressions import Expressions
from crmsheet.spec.resolve.fields import Fields
from crmsheet.spec.resolve.flat import flattened
from crmsheet.spec.resolve.history import history_metrics, resolved_history
from crmsheet.spec.resolve.kinds import Kinds
from crmsheet.spec.resolve.labels import Labels, speaks_two_languages
from crmsheet.spec.resolve.lists import resolved_lists
from crmsheet.spec.resolve.metrics import Metrics
from crmsheet.spec.resolve.paths import Paths
from crmsheet.spec.resolve.reminders import Reminders
from crmsheet.spec.resolve.roles import Roles
from crmsheet.spec.resolve.settings import resolved_settings
from crmsheet.spec.resolve.tables import Tables
from crmsheet.spec.resolve.values import Values
from crmsheet.spec.rules.sheets import GENERATED
from crmsheet.spec.shapes.document import SpecShape


def resolved_model(shape: SpecShape, sources: tuple[SourceFile, ...], stem: str, problems: Problems) -> Model:
    """The Model as far as it can be made; what cannot is diagnosed and left out."""
    labels = Labels(problems, speaks_two_languages(problems.root))
    settings = resolved_settings(shape, labels, problems)
    lists = resolved_lists(shape, labels, problems)
    kinds = Kinds(shape, {definition.id: definition for definition in lists})
    compatibility = int(shape.compatibility.value)
    expressions = Expressions(kinds, {s.id: s for s in settings.all}, compatibility, problems)
    kinds.formula = expressions.formula_kind
    paths = Paths(kinds, problems)
    values = Values(kinds, expressions, problems)
    computed = Computed(kinds, paths, expressions, problems)
    fields = Fields(kinds, paths, labels, expressions, values, computed, problems)
    tables = Tables(fields, paths, labels, expressions, problems)
    resolved_tables = tuple(tables.resolved(name, given) for name, given in shape.tables.items())
    metrics = _metrics(shape, Metrics(dict(shape.metrics), paths, labels, expressions, problems))
    by_id = {table.id: table for table in resolved_tables}
    resolved_tables = tuple(
        flattened(table, by_id, metrics, settings.fiscal_year_start) if shape.tables[table.id].flat else table
        for table in resolved_tables
    )
    dimensions = Dimensions(paths, labels, problems)
    boards = Boards(metrics, tuple(shape.metrics), dimensions, paths, labels, expressions, problems)
    name = shape.name or stem
    resolved_boards = tuple(
        boards.resolved(board, given)
        for board, given in shape.sheets.items()
        if board not in GENERATED or given.blocks
    )
    return Model(
        name,
        labels.text(shape.title, ("title",)) or Label.same(name),
        settings.language,
        settings.all,
        lists,
        resolved_tables,
        tuple(metrics.values()),
        resolved_boards,
        shape.compatibility,
        settings.fiscal_year_start,
        settings.currency,
        tuple(
            (board, labels.of(given.label, board, ("sheets", board)))
            for board, given in shape.sheets.items()
            if board in GENERATED and not given.blocks
        ),
        sources,
        resolved_history(shape, boards),
        resolved_brief(shape, resolved_boards, problems),
        Roles(resolved_tables, tuple(b.id for b in resolved_boards), labels, problems).resolved(shape),
        Reminders(resolved_tables, kinds, paths, labels, expressions, problems).resolved(shape),
    )


def _metrics(shape: SpecShape, metrics: Metrics) -> dict[str, Metric]:
    shown = shown_metrics(shape.sheets.values()) | set(history_metrics(shape))
    return {name: metrics.resolved(name, shown) for name in shape.metrics}
