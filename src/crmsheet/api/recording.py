"""The record that a workbook is to hold after a pass, and the plan with it.

Knows which facts of a reading and of what was compiled are remembered. Does not know how they are packed (`marks`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from crmsheet.api.keyrenames import Pending
from crmsheet.api.marks import as_written, baseline, baseline_block, with_sums
from crmsheet.api.reading import Options
from crmsheet.compile import Compiled
from crmsheet.model.baseline import Baseline
from crmsheet.model.changelog import Change
from crmsheet.model.events import Outbox
from crmsheet.model.spec import Model
from crmsheet.plan.cells import Block
from crmsheet.plan.recorded import RECORD_ANCHOR, RECORD_SHEET
from crmsheet.read import Reading
from crmsheet.structs import replace

if TYPE_CHECKING:
    from crmsheet.model.written import Written
    from crmsheet.plan.book import Plan
    from crmsheet.plan.place import Addresses


def outbox_with(
    reading: Reading,
    done: Compiled,
    flags: Mapping[str, str],
    log: Sequence[Change],
    options: Options,
    effective: date,
) -> Outbox | None:
    """The events that nobody has fetched, with those of this refresh; None where nobody fetches any."""
    old = reading.record
    if old.outbox is None and not options.events:
        return None
    from crmsheet.api.happening import happened
    from crmsheet.api.rowpaths import RowPaths

    paths = RowPaths(old.model, old.language, reading.state, done.environment)
    since = options.since or old
    found = tuple(happened(since, paths, flags, log, as_of=effective, today=options.today))
    outbox = (old.outbox or Outbox()).with_events(found, old.book_code, old.model.name)
    return outbox.without(options.forgetting.rows, options.forgetting.texts)


def with_record(
    done: Compiled,
    reading: Reading,
    model: Model,
    renames: Pending,
    flags: Mapping[str, str],
    outbox: Outbox | None,
    places: Addresses,
    written: Written | None = None,
) -> tuple[Plan, Baseline]:
    """The plan with the record the workbook will hold; the old one when nothing to remember changed. `places` are
    those of the workbook, `written` what this crmsheet writes of the plan, where that is known."""
    old, plan = reading.record, done.plan
    new = baseline(
        model,
        old.language,
        reading.state,
        plan,
        book_code=old.book_code,
        next_row=reading.next_row,
        next_ids=reading.next_ids,
        version=old.version,
        sheet_names=reading.layout.sheets,
        headers={id_: found.headers for id_, found in reading.tables.items()},
        numbers={id_: found.numbers for id_, found in reading.tables.items()},
        renamed_keys=renames,
        found=reading.rows,
        history=done.history,
        changes=done.changes,
        before={id_: mark.rows for id_, mark in old.tables.items()},
        flags=flags,
    )
    # Blocks have the size that they stand in, or had when they were seen last: what the plan says may be less.
    sizes = {anchor: reading.sizes.get(anchor, size) for anchor, size in new.anchors.items()}
    new = replace(
        new,
        anchors=sizes,
        left_out=old.left_out,
        retired=old.retired,
        retired_names=old.retired_names,
        origin=old.origin,
        outbox=outbox,
        written=old.written,
    )
    if new == old:
        # Packing takes its time; what the workbook holds says the same.
        lines = len(reading.layout.anchors[RECORD_ANCHOR].rows)
        block = Block(RECORD_ANCHOR, RECORD_SHEET, 0, 0, lines, 1, ())
    else:
        new = with_sums(as_written(new, plan, old, places, written), reading.state)
        block = baseline_block(new)
    return replace(plan, blocks=(*plan.blocks, block)), new
