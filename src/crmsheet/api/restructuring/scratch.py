"""The plan of a changed workbook written as a new one, from which formats, sheets and charts are taken.

Knows what of it is needed. Does not know what is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from crmsheet.api.restructuring.change import Change
from crmsheet.model.layout import Layout
from crmsheet.opc.package import Package
from crmsheet.plan.book import Plan
from crmsheet.plan.place import default_layout
from crmsheet.refresh.structure.arrange import Arrangement
from crmsheet.refresh.structure.figures import Becoming, Fate
from crmsheet.sheetml.contents import Contents
from crmsheet.structs import replace


def scratch_workbook(
    change: Change, plan: Plan, arrangement: Arrangement, charts: Sequence[Becoming]
) -> Contents:
    """The plan as a new workbook that names the places of this one; tables that exist have one row."""
    from crmsheet.write import written

    placed = {c.chart.anchor: c.chart for c in charts if c.fate is not Fate.REMOVED}
    kept = set(arrangement.layout.sheets)
    new = set(arrangement.new_sheets)
    tables = tuple(
        t
        if t.sheet in new
        else replace(
            t,
            row_ids=t.row_ids[:1],
            columns=tuple(replace(c, values=c.values[: max(1, len(t.row_ids[:1]))]) for c in t.columns),
        )
        for t in plan.tables
        if t.sheet in kept
    )
    sheets = tuple(s for s in plan.sheets if s.id in kept)
    small = replace(
        plan,
        sheets=sheets,
        tables=tables,
        blocks=tuple(b for b in plan.blocks if b.sheet in kept),
        charts=tuple(placed.get(c.anchor, c) for c in plan.charts if c.sheet in kept),
        active_sheet=next(s.id for s in sheets if not s.hidden),
    )
    moment = datetime(change.effective.year, change.effective.month, change.effective.day, tzinfo=UTC)
    content = written(small, _with_absent(arrangement.layout, plan), created=moment)
    return Contents(Package.of(content, change.file))


def _with_absent(layout: Layout, plan: Plan) -> Layout:
    """The layout, and for what the workbook has no place for, where a new one would have it."""
    default = default_layout(plan)
    return Layout(
        {**default.sheets, **layout.sheets},
        {**default.tables, **layout.tables},
        {**default.anchors, **layout.anchors},
    )
