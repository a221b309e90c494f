"""A workbook as a pass over it finds it: read by its record, lost blocks looked for by their content.

Knows what a pass may be asked to do, and what the compiler needs to know of a reading. Does not know what is done
with either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from crmsheet import __version__
from crmsheet.api.entries import Entering
from crmsheet.api.forgetting import NOTHING, Forgetting
from crmsheet.api.memory import remembered
from crmsheet.compile import compiled
from crmsheet.compile.pieces import Context
from crmsheet.excel.dates import serial_of_date
from crmsheet.excel.references import RangeRef
from crmsheet.model.baseline import Baseline
from crmsheet.model.changelog import Change
from crmsheet.model.merged import Merging
from crmsheet.model.spec import Model
from crmsheet.read import Reading, aligned_places, cut_blocks, read_book
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.edits import CellEdit
from crmsheet.structs import dataclass, field, replace

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class Options:
    """What a refresh was asked to do. `today` is the user's calendar day."""

    today: date
    as_of: date | str | None = None
    accept_deletions: bool = False
    apply_renames: bool = False
    stale: tuple[RangeRef, ...] = ()
    """Cells that changed just before, so that people's formulas that read them are out of date."""
    entering: Entering = field(default_factory=dict)
    """Rows that are to be changed, added and taken out first."""
    typing: tuple[tuple[str, CellEdit], ...] = ()
    """Cells of people's own sheets that a command writes, by sheet name."""
    forgetting: Forgetting = NOTHING
    """Of rows that are taken out: what is not to be remembered of them."""
    merging: Merging | None = None
    """What copies brought, to be remembered."""
    events: bool = False
    """Whether somebody fetches the events."""
    looking: bool = False
    """Whether only the problems of the rows are asked for: nothing is to be written."""
    since: Baseline | None = None
    """The record that events are told since, where the workbook's own was written just now."""


def read(
    contents: Contents, options: Options, by: Baseline | None = None, known: Reading | None = None
) -> Reading:
    """The workbook; blocks that only their content can place are looked for with what they should hold.

    `by` is the record to read it by instead of its own; `known` a reading of it before it was patched.
    """
    reading = read_book(contents, accept_deletions=options.accept_deletions, by=by, known=known)
    if all(anchor in reading.layout.anchors for anchor in reading.record.anchors):
        return reading
    from crmsheet.read.again import found_again

    context = context_of(reading, reading.record.model, options.today, options.today)
    plan = compiled(replace(context, as_it_is=True)).plan
    lost = [b for b in plan.blocks if b.anchored and b.anchor not in reading.layout.anchors]
    placed = aligned_places(lost, contents)
    # Of what was cut the rest is known: what resembles it elsewhere is something else.
    cut = cut_blocks([b for b in lost if b.anchor not in placed], contents)
    nameless = [b for b in lost if b.anchor not in placed and b.anchor not in cut]
    standing = (*reading.layout.anchors.values(), *placed.values())
    taken = [replace(p.extent, sheet=p.sheet) for p in standing if p.rows]
    placed |= found_again(nameless, reading.layout.sheets, contents, (*taken, *cut.values()))
    if not placed:
        return reading
    return read_book(contents, accept_deletions=options.accept_deletions, placed=placed, by=by, known=known)


def context_of(
    reading: Reading,
    model: Model,
    effective: date,
    today: date,
    log: Sequence[Change] = (),
    forgetting: Forgetting = NOTHING,
) -> Context:
    """`log` are the changes that were found just now."""
    history, before = remembered(reading.record)
    return Context(
        model,
        reading.record.language,
        reading.state,
        serial_of_date(effective),
        reading.sizes,
        __version__,
        forgetting.history(history),
        forgetting.changes((*before, *log)),
        serial_of_date(today),
        reading.names,
    )


def parts_of(reading: Reading) -> Mapping[str, tuple[str, frozenset[int]]]:
    """Of each table: its part, and the sheet rows new to it."""
    return {
        id_: (found.part.part, frozenset(reading.rows[id_].adopted)) for id_, found in reading.tables.items()
    }
