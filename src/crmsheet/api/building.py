"""Build: a spec becomes a new workbook.

Knows the order of things. Does not know how any of them is done, and writes no user file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crmsheet import __version__
from crmsheet.api.marks import as_written, baseline, baseline_block, with_sums
from crmsheet.api.rows import Rows, initial_state
from crmsheet.diagnostics import Diagnostic, FilePlace, Severity
from crmsheet.errors import SpecError, UsageError
from crmsheet.excel.dates import serial_of_date
from crmsheet.messages import listed, say
from crmsheet.model.baseline import Origin
from crmsheet.model.changelog import Change
from crmsheet.model.history import NO_HISTORY, History
from crmsheet.model.spec import Model
from crmsheet.model.state import State
from crmsheet.model.words import Language
from crmsheet.plan.place import Texts, addresses, default_layout
from crmsheet.structs import dataclass, replace

if TYPE_CHECKING:
    from crmsheet.starters.deal_past import Past


@dataclass(frozen=True, slots=True)
class Built:
    """A new workbook: its bytes and what there is to say of it.

    `rows` is the number of rows by table id, `row_labels` the same by label in the book's language.
    """

    name: str
    content: bytes
    language: str
    as_of: date
    rows: Mapping[str, int]
    row_labels: tuple[tuple[str, int], ...]
    findings: tuple[Diagnostic, ...]


def build(
    spec: str,
    *,
    today: date,
    language: str | None = None,
    demo: bool = False,
    data: Path | None = None,
    as_of: date | None = None,
    customers: int = 300,
) -> Built:
    """Build the workbook of `spec`, a file or a starter's name.

    `as_of` is written into the workbook; without it the workbook follows the calendar and is computed
    for `today`. Raises SpecError or UsageError.
    """
    from crmsheet import spec as specs

    result = specs.read(_spec_path(spec))
    if result.model is None:
        raise SpecError(result.diagnostics)
    findings = tuple(d for d in result.diagnostics if d.severity is not Severity.ERROR)
    chosen = Language(language) if language is not None else result.model.language
    if demo:
        rows, past = _demo_rows(spec, chosen, as_of or today, customers)
        built = built_from(result.model, rows, chosen, today=today, as_of=as_of, past=past)
    else:
        given: list[Rows] = []
        if data is not None:
            from crmsheet.api.outside import folder_rows

            read, unknown = folder_rows(result.model, chosen, data)
            given.append(read)
            findings += unknown
            del read
        built = built_from(result.model, given.pop() if given else {}, chosen, today=today, as_of=as_of)
    return replace(built, findings=findings + built.findings)


def built_from(
    model: Model,
    rows: Rows,
    language: Language,
    *,
    today: date,
    as_of: date | None = None,
    past: Sequence[Past] = (),
) -> Built:
    """The workbook of a model that holds these rows (table id to rows of field id to value). `past` is what became of
    them before."""
    from crmsheet.api.memory import logged_past

    effective = as_of or today
    book_code = _book_code(model.name, rows, effective)
    state, next_row, next_ids = initial_state(model, language, rows, book_code)
    # Rows as they came take several times the room of columns; nobody else need hold them.
    del rows
    if as_of is not None:
        state = replace(state, as_of_input=serial_of_date(as_of))
    return composed(
        model,
        language,
        state,
        book_code=book_code,
        next_row=next_row,
        next_ids=next_ids,
        effective=effective,
        changes=logged_past(model, state, past),
    )


def composed(
    model: Model,
    language: Language,
    state: State,
    *,
    book_code: str,
    next_row: int,
    next_ids: Mapping[str, int],
    effective: date,
    history: History = NO_HISTORY,
    changes: Sequence[Change] = (),
    origin: Origin | None = None,
) -> Built:
    """The new workbook of a model and a state, whose rows have their ids. `effective` is the date it is computed
    for; `origin` says of a copy where it comes from."""
    from crmsheet.api.seals import Told, sealed
    from crmsheet.checks import data_problems
    from crmsheet.compile import compiled
    from crmsheet.compile.flags import flagged
    from crmsheet.compile.pieces import Context
    from crmsheet.write import written

    counts = {t.id: state.tables[t.id].size for t in model.tables}
    day = serial_of_date(effective)
    done = compiled(
        Context(
            model,
            language,
            state,
            day,
            version=__version__,
            history=history,
            changes=tuple(changes),
            run=day,
        )
    )
    record = baseline(
        model,
        language,
        state,
        done.plan,
        book_code=book_code,
        next_row=next_row,
        next_ids=next_ids,
        version=__version__,
        history=done.history,
        changes=done.changes,
        flags=flagged(model, state, done.environment, day),
    )
    texts: Texts = {}
    # Where everything stands, row by row, is not kept beside the rows: the texts are all that is wanted of it.
    standing = addresses(done.plan, default_layout(done.plan), texts)
    record = with_sums(as_written(replace(record, origin=origin), done.plan, standing=standing), state)
    del standing
    plan = replace(done.plan, blocks=(*done.plan.blocks, baseline_block(record)))
    layout = default_layout(plan)
    labels = tuple((t.label.text(language), counts[t.id]) for t in model.tables)
    # A refresh of what was just built finds nothing to change; what it would tell is known.
    told = Told(
        language.value,
        effective.isoformat(),
        state.as_of_input is not None,
        labels,
        problems=data_problems(model, language, state, layout, done.environment.compiled),
        findings=done.findings,
    )
    # Hundreds of thousands of rows need not stay while they are written, nor then while they are sealed.
    del record, done, state, changes
    created = datetime(effective.year, effective.month, effective.day, tzinfo=UTC)
    content = written(plan, layout, created=created, texts=texts)
    del plan
    return Built(
        name=model.name,
        content=sealed(content, "", told, new=True),
        language=language.value,
        as_of=effective,
        rows=counts,
        row_labels=labels,
        findings=told.findings,
    )


def ensure_replaceable(book: Path, *, force: bool) -> None:
    """Raise UsageError unless `book` may be overwritten: `force`, and nobody has filled it in."""
    if force and not _filled(book):
        return
    raise UsageError(
        Diagnostic(
            "U105" if force else "U102",
            say("this workbook has been filled in") if force else say("this file exists already"),
            FilePlace(str(book)),
            reason=say("build would replace what people entered.") if force else "",
            remedy=say(
                "To recompute it:  crmsheet refresh {book}\nTo build a new one, choose another name with -o.",
                book=book,
            ),
        )
    )


def _filled(book: Path) -> bool:
    """Whether the file is anything but a workbook exactly as a build left it."""
    from crmsheet.api.untouched import is_untouched

    return not is_untouched(book.read_bytes(), str(book))


def _spec_path(spec: str) -> Path:
    path = Path(spec)
    if path.suffix.lower() in (".yaml", ".yml") or path.exists():
        if not path.is_file():
            raise UsageError(
                Diagnostic(
                    "U101",
                    say("there is no such file"),
                    FilePlace(spec),
                    remedy=say("Check the name and the folder."),
                )
            )
        return path
    from crmsheet.starters import starter_names, starter_path

    if spec not in starter_names():
        from difflib import get_close_matches

        near = get_close_matches(spec, starter_names(), 1)
        raise UsageError(
            Diagnostic(
                "U106",
                say("'{spec}' is neither a file nor a starter", spec=spec),
                remedy=say("Did you mean '{near}'?", near=near[0])
                if near
                else say("Starters: {starter_names}.", starter_names=listed(starter_names())),
                allowed=tuple(starter_names()),
            )
        )
    return starter_path(spec)


def _demo_rows(spec: str, language: Language, as_of: date, customers: int) -> tuple[Rows, Sequence[Past]]:
    """The rows of a demo, and what became of its deals before."""
    from crmsheet.starters import demo_rows, starter_names
    from crmsheet.starters.deal_past import past_changes

    name = Path(spec).stem if Path(spec).suffix else spec
    if name not in starter_names():
        raise UsageError(
            Diagnostic(
                "U107",
                say("there is no demo data for '{spec}'", spec=spec),
                remedy=say(
                    "Demo data exist for the starters: {starter_names}. Use --data DIR for your own.",
                    starter_names=listed(starter_names()),
                ),
            )
        )
    rows = demo_rows(name, language, as_of, customers)
    return rows, past_changes(rows.get("deals", ()), as_of)


def _book_code(name: str, rows: Rows, as_of: date) -> str:
    """Four characters from what the book is made of, so that the same build gives the same bytes."""
    digest = hashlib.sha256(f"{name}\n{as_of.isoformat()}\n{sum(map(len, rows.values()))}".encode()).digest()
    alphabet = "abcdefghijkmnpqrstuvwxyz23456789"
    return "".join(alphabet[b % len(alphabet)] for b in digest[:4])
