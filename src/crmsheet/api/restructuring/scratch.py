"""The plan of a changed workbook written as a new one, from which formats, sheets and charts are taken.

Knows what of it is needed. Does not know what is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from crmsheet.api.restructuring.change import Change
from crmsheet.model.layout import Layout
from crmsheet.model.written import Formats
from crmsheet.opc.package import Package
from crmsheet.plan.book import Plan, PlanSheet, SheetKind
from crmsheet.plan.cells import Block, PlanCell
from crmsheet.plan.formats import formats_of, style_of
from crmsheet.plan.looks import Style, below_table
from crmsheet.plan.place import default_layout
from crmsheet.refresh.graft.stylebook import Stylebook
from crmsheet.refresh.structure.arrange import Arrangement
from crmsheet.refresh.structure.figures import Becoming, Fate
from crmsheet.refresh.structure.wardrobe import Samples, Wardrobe
from crmsheet.sheetml.contents import Contents
from crmsheet.structs import replace

_SOME_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)


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


def samples(formats: Formats, like: Plan, file: str) -> Samples:
    """How cells with these formats look in a workbook of their own, which has the typeface of a plan."""
    from crmsheet.write import written

    given = [style_of(text) for text in formats.styles]
    styles = list(dict.fromkeys((Style(), *given, *map(below_table, given))))
    cells = tuple(PlanCell(row, 0, style=style) for row, style in enumerate(styles))
    block = Block("samples", "samples", 0, 0, len(styles), 1, cells, anchored=False)
    sheet = PlanSheet("samples", "samples", SheetKind.HISTORY)
    plan = Plan(
        "", like.language, like.font, like.font_size, (sheet,), blocks=(block,), active_sheet="samples"
    )
    contents = Contents(Package.of(written(plan, default_layout(plan), created=_SOME_DAY), file))
    held = contents.sheet("samples")
    assert held is not None
    worn = [held.at(row, 0) for row in range(len(styles))]
    indexes = {style: cell.style if cell is not None else 0 for style, cell in zip(styles, worn, strict=True)}
    return Samples(Stylebook.of(contents.package), indexes)


def wardrobe(change: Change) -> Wardrobe:
    """What cells wore before the change. Where nobody wrote down which formats they were given, these are this
    crmsheet's."""
    noted = change.record.written
    formats = (noted.formats if noted is not None else None) or formats_of(change.old_plan)
    shown = samples(formats, change.old_plan, change.file)
    marks = {table: [c.id for c in mark.columns] for table, mark in change.record.tables.items()}
    return Wardrobe(change.contents, change.reading.layout, change.pairs, formats, marks, shown)
