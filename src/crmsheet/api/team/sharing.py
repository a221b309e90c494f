"""Share: a copy of a workbook that holds what a role may see, and nothing else.

Knows which role and person are meant. Does not know how a copy is made.
"""

from __future__ import annotations

from datetime import date

from crmsheet.api.team.copies import Copy, Master, book_codes, copied, opened
from crmsheet.api.team.whose import Ownership, Person
from crmsheet.diagnostics import Diagnostic
from crmsheet.errors import UsageError
from crmsheet.messages import listed, say
from crmsheet.model.roles import Access, Role, RowScope
from crmsheet.model.spec import Model
from crmsheet.model.words import Language
from crmsheet.structs import dataclass, field


@dataclass(frozen=True, slots=True)
class Shared:
    """A copy and what there is to tell of it; labels are in the workbook's language."""

    content: bytes = field(repr=False)
    role: str
    person: str
    language: str
    as_of: date
    rows: tuple[tuple[str, int], ...]
    """Rows by the label of their table."""
    names: int
    """Rows of which the copy tells the name only, because others refer to them."""
    masked: tuple[str, ...]
    dropped: tuple[str, ...]
    followed: tuple[tuple[str, str], ...]
    """What went because it needs what is dropped: kind and label."""
    scrubbed: int
    left_sheets: tuple[str, ...] = ()
    """Sheets that are people's own: no copy has them."""


def share(content: bytes, *, name: str, role: str, person: str = "", today: date, salt: str) -> Shared:
    """The copy of a workbook for a role. Raises UsageError, WorkbookRefused or InternalError; changes nothing."""
    with opened(content, name, today) as master:
        wanted = role_of(master.model, role)
        who = person_of(master, wanted, person)
        (code,) = book_codes(master, 1, salt)
        copy = copied(master, wanted, who, code=code, merged_back=False)
        return told(master, wanted, who, copy, their_sheets(master, content, name))


def role_of(model: Model, role: str) -> Role:
    """The role of that id or label. Raises UsageError when a workbook has none such."""
    found = next((r for r in model.roles if role in (r.id, r.label.zh, r.label.en)), None)
    if found is not None:
        return found
    ids = tuple(r.id for r in model.roles)
    raise UsageError(
        Diagnostic(
            "U141",
            say("there is no role '{role}'", role=role) if ids else say("the workbook's spec has no roles"),
            remedy=say("Roles: {ids}", ids=listed(ids))
            if ids
            else say(
                "Add `roles:` to the spec and give it to the workbook:  crmsheet refresh BOOK --spec SPEC"
            ),
            allowed=ids,
        )
    )


def person_of(master: Master, role: Role, person: str) -> Person | None:
    """Who the copy is for. Raises UsageError when that matters and is not said, or nobody has that name."""
    ownership = Ownership(master.model, master.state, role, master.references)
    if person:
        return ownership.person(person)
    if not role.needs_person:
        return None
    names = tuple(p.name for p in ownership.persons())
    raise UsageError(
        Diagnostic(
            "U142",
            say("the role '{role}' sees rows of its own: of whom?", role=role.id),
            remedy=say("Name the person:  --person {names}", names=names[0] if names else say("NAME")),
            allowed=names,
        )
    )


def told(master: Master, role: Role, person: Person | None, copy: Copy, sheets: tuple[str, ...]) -> Shared:
    language = master.reading.record.language
    labels = _Labels(master.model, language)
    return Shared(
        copy.built.content,
        role.id,
        person.name if person is not None else "",
        language.value,
        copy.built.as_of,
        tuple((labels.table(t), n) for t, n in copy.rows),
        copy.names,
        tuple(labels.field(t, f) for t, f, a in copy.redacted.hidden if a is Access.MASK),
        tuple(labels.field(t, f) for t, f, a in copy.redacted.hidden if a is Access.DROP)
        + tuple(labels.table(t.table) for t in role.tables if t.rows is RowScope.NONE),
        tuple((kind, labels.of(kind, id_)) for kind, id_ in copy.redacted.followed),
        copy.redacted.scrubbed,
        sheets,
    )


def their_sheets(master: Master, content: bytes, name: str) -> tuple[str, ...]:
    """The sheets of a workbook that are not ours."""
    from crmsheet.opc.package import Package

    ours = set(master.reading.layout.sheets.values())
    book = Package.of(content, name).workbook
    return tuple(s.name for s in book.sheets if s.name not in ours and not s.name.startswith("_"))


@dataclass(frozen=True, slots=True)
class _Labels:
    model: Model
    language: Language

    def table(self, table: str) -> str:
        return self.model.table(table).label.text(self.language)

    def field(self, table: str, name: str) -> str:
        return f"{self.table(table)}.{self.model.table(table).field(name).label.text(self.language)}"

    def of(self, kind: str, id_: str) -> str:
        match kind:
            case "table":
                return self.table(id_)
            case "field":
                return self.field(*id_.split(".", 1))
            case "metric":
                return self.model.metric(id_).label.text(self.language)
            case "sheet":
                return next(b.label.text(self.language) for b in self.model.boards if b.id == id_)
            case _:
                return self._block(*id_.split(".", 1))

    def _block(self, board_id: str, block_id: str) -> str:
        board = next(b for b in self.model.boards if b.id == board_id)
        title = next(b.title for b in board.blocks if b.id == block_id)
        return f"{board.label.text(self.language)}.{title.text(self.language) if title else block_id}"
