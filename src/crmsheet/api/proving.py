"""The proof of a pass on the finished bytes: another refresh would find nothing to change.

Knows what has to be compared again, and what is known already. The first four obligations are `refresh.verify`'s.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Final

from crmsheet.api.asof import effective_date
from crmsheet.api.keyrenames import followed
from crmsheet.api.reading import Options, context_of, parts_of, read
from crmsheet.api.recording import with_record
from crmsheet.api.results import Refreshed
from crmsheet.api.seals import Told
from crmsheet.api.telling import reading_notes, row_problems
from crmsheet.api.usercells import settled
from crmsheet.compile import Compiled, compiled
from crmsheet.compile.flags import flagged
from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import InternalError
from crmsheet.excel.dates import serial_of_date
from crmsheet.excel.references import a1
from crmsheet.messages import say
from crmsheet.model.layout import Layout
from crmsheet.opc.directory import part_key
from crmsheet.plan.place import Texts, addresses
from crmsheet.plan.recorded import RECORD_ANCHOR
from crmsheet.read import Reading, with_tops
from crmsheet.refresh import Patch
from crmsheet.refresh.difference import difference
from crmsheet.refresh.meaning import Meanings
from crmsheet.sheetml.contents import Contents
from crmsheet.structs import dataclass, replace

if TYPE_CHECKING:
    pass


_MANY: Final = 2_000
"""Cells that are compared sooner with all of their columns than one by one."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to be done, and what the proof needs to know. All else of a pass is forgotten by then.

    `problems` are those of the rows' content, `texts` those of formulas, `flags` the rows that rules flag."""

    result: Refreshed
    patch: Patch
    done: Compiled
    reading: Reading
    problems: tuple[Diagnostic, ...]
    texts: Texts
    flags: Mapping[str, str]


def ensure_kept(file: str, broken: Iterable[str]) -> None:
    """Raise InternalError when a promise is broken."""
    found = list(broken)
    if found:
        raise InternalError(
            Diagnostic(
                "B101",
                say("the refreshed workbook did not pass its own proof; it was thrown away"),
                FilePlace(file),
                reason="\n".join(found[:10]),
                remedy=say("Your file is untouched. Please report this."),
            )
        )


def proven(
    contents: Contents,
    after: Contents,
    parts: Collection[str],
    planned: Planned,
    options: Options,
    broken: list[str],
) -> Told | None:
    """What a refresh of the finished bytes, which differ in these parts, would tell. That it would change
    something is added to `broken`, in words; nothing is when all is well.

    The result is read like any workbook. Its plan is computed again only if it holds anything else than
    was computed for: a plan depends on nothing but the model, the state, the blocks' sizes and the date.
    """
    reading = planned.reading
    again = read(after, options, known=reading)
    model = again.record.model
    effective = effective_date(again, options.today)
    done, as_planned = planned.done, True
    if (again.state, again.sizes, effective) != (
        reading.state,
        reading.sizes,
        effective_date(reading, options.today),
    ):
        done, as_planned = compiled(context_of(again, model, effective, options.today)), False
    again = with_tops(again, done.plan.blocks, after)
    keys = followed(again, apply=False)
    flags = planned.flags
    if not as_planned:
        flags = flagged(model, again.state, done.environment, serial_of_date(effective))
    same_places = as_planned and _places(again) == _places(reading)
    places = addresses(done.plan, again.layout, planned.texts if same_places else None)
    plan = with_record(done, again, model, keys.pending, flags, again.record.outbox, places)[0]
    unproven = _unproven(contents, planned.patch, parts, after) if same_places else None
    today = serial_of_date(options.today)
    rest = difference(
        plan, again.layout, after, parts_of(again), (), today, only=unproven, texts=places.texts
    )
    if not rest.patch.empty:
        broken.append(f"obligation 5, a second refresh would change {_first_place(rest.patch)}")
        return None
    theirs = settled(again, serial_of_date(effective))
    if theirs.edits or keys.renames or not same_places:
        return None
    notes = (*keys.notes, *theirs.notes, *reading_notes(again, model), *rest.notes)
    problems = (*planned.problems, *row_problems(again, model))
    return Told(
        planned.result.language,
        effective.isoformat(),
        again.state.as_of_input not in (None, ""),
        planned.result.rows,
        notes,
        problems,
        planned.result.findings,
    )


def _places(reading: Reading) -> Layout:
    """Where everything stands but the record, which is compared for itself."""
    anchors = {a: place for a, place in reading.layout.anchors.items() if a != RECORD_ANCHOR}
    return replace(reading.layout, anchors=anchors)


def _unproven(
    before: Contents, patch: Patch, changed: Collection[str], after: Contents
) -> dict[str, set[tuple[int, int]]] | None:
    """By sheet name the cells of which it is not known whether they are as planned: those that were to change and
    those that did. All others have been compared with the same plan. None when that may be any: formulas may mean
    something else by now, or so many cells were to change that all of them are sooner looked at."""
    if (
        patch.fresh
        or sum(map(len, patch.cells.values())) > _MANY
        or Meanings.of(before) != Meanings.of(after)
    ):
        return None
    found = {name: {(e.row, e.column) for e in edits} for name, edits in patch.cells.items()}
    parts = {part_key(part) for part in changed}
    for sheet in before.package.workbook.sheets:
        if part_key(sheet.part) in parts:
            old, new = before.sheet(sheet.name), after.sheet(sheet.name)
            if old is None or new is None:
                return None
            found.setdefault(sheet.name, set()).update(old.rows.differing_cells(new.rows))
    return found


def _first_place(patch: Patch) -> str:
    for sheet, edits in patch.cells.items():
        for edit in edits:
            return f"{sheet}!{a1(edit.row, edit.column)} ({edit.kind}: {edit.formula or edit.value!r})"
    return ", ".join(part for part, spans in patch.spans.items() if spans)
