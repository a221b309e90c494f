"""Import: rows from outside created and updated in a filled workbook.

Knows which row of the workbook a row from outside means, which of its cells change, and which rows are rejected and
why. How files are read and values converted is `intake`'s, how rows are entered `entering`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from crmsheet.api.entries import NewRow, RowChanges
from crmsheet.api.following import refreshed
from crmsheet.api.matching import Keys, Matching, Sought, form, tells_rows_apart
from crmsheet.api.reading import Options, read
from crmsheet.api.results import Refreshed
from crmsheet.api.tables import field_of, table_of
from crmsheet.diagnostics import Diagnostic, Place
from crmsheet.errors import UsageError
from crmsheet.excel.dates import date_system
from crmsheet.excel.values import Value, same_value
from crmsheet.intake.dates import DateOrder
from crmsheet.intake.grids import Row, Sheet
from crmsheet.intake.plans import REASONS, IntakePlan, IntakeRow, converted, plan, told
from crmsheet.intake.profiles import PROFILES, Profile, prepared, recognised
from crmsheet.messages import listed, say
from crmsheet.model.literals import default
from crmsheet.model.spec import Field, FieldType, Table
from crmsheet.opc.package import Package
from crmsheet.read import Reading
from crmsheet.read.rows import TOTALS
from crmsheet.sheetml.contents import Contents
from crmsheet.structs import dataclass, field, replace


class Mode(StrEnum):
    """What becomes of rows that the workbook has already, and of those it has not."""

    CREATE = "create"
    UPDATE = "update"
    UPSERT = "upsert"


class Cause(StrEnum):
    """Why a row is rejected."""

    VALUE = "value"
    REQUIRED = "required"
    UNKNOWN = "unknown reference"
    EXISTS = "exists"
    MISSING = "missing"
    AMBIGUOUS = "ambiguous"
    TWICE = "twice"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was not taken: where it stands, its values as they came, why."""

    place: Place
    values: tuple[str, ...]
    cause: Cause
    reason: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """How rows are to be taken. `match` are alternatives, each of one or more fields: the first by which a row is
    found counts; without any, the key. `columns` says which field a header means (an id; "" for none)."""

    table: str
    mode: Mode = Mode.UPSERT
    match: tuple[tuple[str, ...], ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    orders: Mapping[str, DateOrder] = field(default_factory=dict)
    """Of date fields: what stands first in 1/5/2024."""
    order: DateOrder | None = None
    """The same of every date field whose column does not show it."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By field: what texts of the files mean in the workbook."""
    profile: str = ""
    """The system that exported the files (`intake.profiles`); empty: recognised; `none`: none."""
    clear_blanks: bool = False
    """Blank cells empty the workbook's; else they leave it alone."""
    take_problems: bool = False
    """Values that do not fit are entered as they are, for people to correct; else their row is rejected."""
    apply_renames: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file is understood as, before anything is done."""

    table: Table
    plans: tuple[IntakePlan, ...]
    findings: tuple[Diagnostic, ...]
    headers: tuple[str, ...]
    profiles: tuple[str, ...] = ()
    """The systems that the files come from, as far as they are known."""

    @property
    def unsure(self) -> bool:
        """Whether somebody should look at the columns first."""
        return any(p.unsure for p in self.plans)


@dataclass(frozen=True, slots=True)
class Imported:
    """`content` is None when nothing changes. `unchanged` rows say what the workbook says already."""

    content: bytes | None
    refreshed: Refreshed | None
    taken: Taken
    created: int
    updated: int
    unchanged: int
    rejected: tuple[Rejection, ...]


def import_rows(
    content: bytes, sheets: Sequence[Sheet], *, name: str, today: date, wanted: Wanted
) -> Imported:
    """Take rows into a workbook. Raises UsageError, WorkbookRefused or InternalError; changes nothing."""
    contents = Contents(Package.of(content, name), condensing=True)
    with date_system(since_1904=contents.package.workbook.date1904):
        reading = read(contents, Options(today, accept_deletions=True))
        taken, rows = _taken(reading, sheets, wanted)
        work = _Work(reading, taken.table, wanted, _filled(taken.plans))
        for row in rows:
            work.take(row)
        changes = RowChanges(work.updates, tuple(map(NewRow, work.additions)))
    counts = len(work.additions), len(work.updates), work.unchanged, tuple(work.rejected)
    # As many rows as these need not stay as they came while the workbook is recomputed.
    del reading, work, rows
    if not changes:
        return Imported(None, None, taken, *counts)
    done = refreshed(
        contents,
        name=name,
        today=today,
        accept_deletions=False,
        apply_renames=wanted.apply_renames,
        entering={taken.table.id: changes},
    )
    return Imported(done.content, done, taken, *counts)


def _taken(reading: Reading, sheets: Sequence[Sheet], wanted: Wanted) -> tuple[Taken, tuple[IntakeRow, ...]]:
    model = reading.record.model
    table = table_of(model, wanted.table)
    columns = {header: field_of(table, f).id if f else "" for header, f in wanted.columns.items()}
    orders = {field_of(table, f).id: order for f, order in wanted.orders.items()}
    meant = {field_of(table, f).id: words for f, words in wanted.values.items()}
    plans: list[IntakePlan] = []
    rows: list[IntakeRow] = []
    findings: list[Diagnostic] = []
    profiles: list[str] = []
    for given in sheets:
        profile = _profile(given, wanted.profile)
        sheet = given if profile is None else prepared(given, profile)
        profiles += [] if profile is None else [profile.label]
        planned = plan(sheet, table, chosen=columns, orders=orders)
        if planned is not None and wanted.values:
            planned = plan(_reworded(planned, meant), table, chosen=columns, orders=orders)
        if planned is not None and wanted.order is not None:
            open_ = {f: wanted.order for f, e in planned.evidence.items() if not e.order.certain}
            planned = plan(sheet, table, chosen=columns, orders={**open_, **orders}) if open_ else planned
        if planned is None or not planned.fields:
            raise _no_columns(sheet, table)
        read_rows = tuple(converted(planned, model, reading.record.language, reading.state.lists))
        plans.append(planned)
        rows += read_rows
        # Of values that do not fit each row's rejection tells.
        findings += told(planned, read_rows if wanted.take_problems else ())
    headers = plans[0].grid.headers if plans else ()
    return Taken(table, tuple(plans), tuple(findings), headers, tuple(dict.fromkeys(profiles))), tuple(rows)


def _profile(sheet: Sheet, name: str) -> Profile | None:
    if name == "none":
        return None
    return PROFILES[name] if name else recognised(sheet)


def _reworded(planned: IntakePlan, meant: Mapping[str, Mapping[str, str]]) -> Sheet:
    """A sheet with the texts of some fields as the workbook has them."""
    columns = {column: meant[own.id] for column, own in planned.fields if own.id in meant}

    def reworded(row: Row) -> Row:
        values = tuple(
            columns[c].get(v.strip(), v) if c in columns and isinstance(v, str) else v
            for c, v in enumerate(row.values)
        )
        return replace(row, values=values)

    sheet, data = planned.grid.sheet, {row.number for row in planned.grid.rows}
    return replace(sheet, rows=tuple(reworded(row) if row.number in data else row for row in sheet.rows))


def _filled(plans: Sequence[IntakePlan]) -> frozenset[str]:
    """The fields that every file has a column for."""
    filled = [{own.id for _, own in p.fields} for p in plans]
    return frozenset(set.intersection(*filled)) if filled else frozenset()


def _no_columns(sheet: Sheet, table: Table) -> UsageError:
    return UsageError(
        Diagnostic(
            "U124",
            say("no row of '{sheet}' names a field of '{table}'", sheet=sheet.name, table=table.id),
            sheet.place(0),
            remedy=say("Begin with a row of headers, or say which is which: --map 'HEADER=field'."),
            allowed=tuple(f.id for f in table.fields if not f.type.computed),
        )
    )


class _Work:
    """Rows as they are taken, one after the other."""

    def __init__(self, reading: Reading, table: Table, wanted: Wanted, filled: frozenset[str]) -> None:
        self.reading, self.table, self.wanted, self.filled = reading, table, wanted, filled
        self.state = reading.state.tables[table.id]
        self.index = {id_: i for i, id_ in enumerate(self.state.ids) if id_}
        self.matching = Matching.of(reading, table, self._alternatives())
        self.references = {
            f.id: Keys.of(reading, f.table)
            for f in table.fields
            if f.type is FieldType.REFERENCE and f.id in filled
        }
        self.required = [
            (f.id, f.label.text(reading.record.language))
            for f in table.fields
            if f.required and not f.type.computed and f.type is not FieldType.ID and default(f) is None
        ]
        self.finding = frozenset(f.id for group in self.matching.alternatives for f in group)
        self.updates: dict[str, dict[str, Value]] = {}
        self.additions: list[dict[str, Value]] = []
        self.places: list[Place] = []
        """Where each of the additions stood."""
        self.unchanged = 0
        self.rejected: list[Rejection] = []
        self.seen: dict[str, Place] = {}

    def _alternatives(self) -> tuple[tuple[Field, ...], ...]:
        """The fields by which rows are found. Raises UsageError when the file has none of them."""
        named = tuple(tuple(field_of(self.table, f) for f in group) for group in self.wanted.match)
        if not named and self.table.has_field(self.table.key) and tells_rows_apart(self.reading, self.table):
            named = ((self.table.field(self.table.key),),)
        usable = tuple(group for group in named if all(f.id in self.filled for f in group))
        if not usable and (self.wanted.mode is not Mode.CREATE or self.wanted.match):
            words = " / ".join("+".join(f.id for f in group) for group in named)
            raise UsageError(
                Diagnostic(
                    "U125",
                    say("no column says which row is which: {fields}", fields=words)
                    if words
                    else say(
                        "several rows of '{table}' may have one '{key}': it does not say which row is which",
                        table=self.table.id,
                        key=self.table.key,
                    ),
                    remedy=say(
                        "Name the fields with --match, say which header means them with --map, or take all rows as "
                        "new ones with --mode create."
                    ),
                    allowed=tuple(sorted(self.filled)),
                )
            )
        return usable

    def take(self, row: IntakeRow) -> None:
        if _is_total(row):
            self._reject(row, Cause.TOTAL, say("a total is no row"))
            return
        values = dict(row.values)
        reason = self._resolved(row, values)
        if reason is not None:
            self._reject(row, *reason)
            return
        sought = self.matching.sought(values)
        found = self.matching.found(sought)
        match found:
            case ():
                self._create(row, values, sought)
            case (one,):
                self._update(row, one, values)
            case _:
                self._reject(
                    row,
                    Cause.AMBIGUOUS,
                    say("{count} rows of the workbook are meant by it", count=len(found)),
                )

    def _resolved(self, row: IntakeRow, values: dict[str, Value]) -> tuple[Cause, str] | None:
        """References by the keys that the workbook has; or why the row cannot be taken."""
        if row.problems and not self.wanted.take_problems:
            problem = row.problems[0]
            allowed = problem.problem.allowed
            text = say(
                "'{header}': '{value}' is {reason}",
                header=problem.header,
                value=problem.problem.value,
                reason=say(REASONS[problem.problem.reason]),
            )
            more = f" ({', '.join(allowed[:8])}{' …' if len(allowed) > 8 else ''})" if allowed else ""
            return Cause.VALUE, text + more
        for name, keys in self.references.items():
            value = values.get(name)
            if isinstance(value, str) and value:
                known = keys.known(value)
                if known is not None:
                    values[name] = known
                elif not self.wanted.take_problems:
                    label = self.table.field(name).label.text(self.reading.record.language)
                    return Cause.UNKNOWN, say("'{label}': there is no '{value}'", label=label, value=value)
        return None

    def _create(self, row: IntakeRow, values: dict[str, Value], sought: Sought) -> None:
        if self.wanted.mode is Mode.UPDATE:
            self._reject(row, Cause.MISSING, say("the workbook has no such row"))
            return
        missing = [label for name, label in self.required if values.get(name) in (None, "")]
        if missing and not self.wanted.take_problems:
            self._reject(row, Cause.REQUIRED, say("required and empty: {fields}", fields=listed(missing)))
            return
        self.matching.add(sought, len(self.additions))
        self.additions.append(values)
        self.places.append(row.place)

    def _update(self, row: IntakeRow, found: str | int, values: dict[str, Value]) -> None:
        if isinstance(found, int):
            place = str(self.places[found])
            self._reject(row, Cause.TWICE, say("{place} is the same, and new as well", place=place))
            return
        if self.wanted.mode is Mode.CREATE:
            self._reject(row, Cause.EXISTS, say("the workbook has this row already"))
            return
        if found in self.seen:
            self._reject(row, Cause.TWICE, say("{place} means the same row", place=str(self.seen[found])))
            return
        self.seen[found] = row.place
        if self.wanted.clear_blanks:
            values = {**dict.fromkeys(self.filled), **values}
        index = self.index[found]
        changed = {
            name: value
            for name, value in values.items()
            if name in self.state.columns and not self._says(name, self.state.columns[name][index], value)
        }
        required = [n for n, v in changed.items() if v in (None, "") and self.table.field(n).required]
        if required and not self.wanted.take_problems:
            words = listed(self.table.field(n).label.text(self.reading.record.language) for n in required)
            self._reject(row, Cause.REQUIRED, say("required and empty: {fields}", fields=words))
        elif changed:
            self.updates[found] = changed
        else:
            self.unchanged += 1

    def _says(self, name: str, old: Value, new: Value) -> bool:
        """Whether a cell says already what it is to say; what rows are found by may be written otherwise."""
        if same_value(old, new) or (old in (None, "") and new in (None, "")):
            return True
        own = self.table.field(name)
        return name in self.finding and form(own, old) == form(own, new) != ""

    def _reject(self, row: IntakeRow, cause: Cause, reason: str) -> None:
        texts = tuple("" if v is None else _text(v) for v in row.source.values)
        self.rejected.append(Rejection(row.place, texts, cause, reason))


def _is_total(row: IntakeRow) -> bool:
    """Whether the first words of a row say that it adds up others."""
    first = next((v for v in row.source.values if v not in (None, "")), None)
    return isinstance(first, str) and first.strip().rstrip(":：").casefold() in TOTALS


def _text(value: object) -> str:
    return "、".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
