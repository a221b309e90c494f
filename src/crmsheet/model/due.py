"""Which reminders follow from the tables of a spec that says nothing of them.

Knows the signs: a rule that marks a day as passed, a day that says when something was done, whose a row is. Does not know
rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crmsheet.formulas.tree import Binary, Call, Cell, Name, Node, Number, Text, Unary
from crmsheet.model.ownership import OWNER, people_table, ways_to_person
from crmsheet.model.reminders import SOON, Reminder
from crmsheet.model.spec import Field, FieldType, Model, Rule, RuleStyle, Table
from crmsheet.model.words import Label

_AS_OF: Final = Name("as_of")
_NOTHING: Final = Text("")
_BETWEEN: Final = " · "
_TEXTS: Final = 3
_DAYS: Final = (FieldType.DATE, FieldType.DATETIME)


def reminders_of(model: Model) -> tuple[Reminder, ...]:
    """Those of the spec; of one that says nothing, those that follow from its tables."""
    if model.reminders is not None:
        return model.reminders
    return tuple(found for table in model.tables for found in _derived(model, table))


def owner_way(tables: tuple[Table, ...], table: Table) -> tuple[str, ...]:
    """How a row's owner is found, where nothing else is said."""
    people = people_table(tables, OWNER)
    if table.id == people:
        return (table.key,)
    return next(iter(ways_to_person(tables, table, OWNER, people)), ())


def told_fields(tables: tuple[Table, ...], table: Table, date: str) -> tuple[str, ...]:
    """What is told of a row: the text before its date, else the first that must be filled; what it refers to; and its
    key."""
    people = people_table(tables, OWNER)
    found: list[str] = []
    ids = [f.id for f in table.fields]
    before = table.fields[ids.index(date) - 1] if date in ids and ids.index(date) else None
    texts = [f for f in table.fields if f.type in (FieldType.TEXT, FieldType.LONG_TEXT)]
    if before in texts:
        found.append(before.id)
    else:
        found += [f.id for f in texts if f.required][:1]
    found += [
        f.id for f in table.fields if f.type is FieldType.REFERENCE and f.table not in (people, table.id)
    ]
    if table.field(table.key).type is not FieldType.ID or not found:
        found.insert(0, table.key)
    return tuple(dict.fromkeys(found))[:_TEXTS]


def _derived(model: Model, table: Table) -> Iterator[Reminder]:
    """A reminder for each day of a table that a rule marks as passed, or that another day says was kept."""
    kept = _kept(table)
    known: set[str] = set()
    for rule in table.rules:
        if rule.style not in (RuleStyle.BAD, RuleStyle.WARN) or not table.has_field(rule.column):
            continue
        own = table.field(rule.column)
        if own.id in known or _kind(own) not in _DAYS:
            continue
        passed = _passed(rule, table, own)
        if passed is not None:
            due, done = passed
            # What is rolled up from another table is due there.
            if own.type is FieldType.ROLLUP and isinstance(due, Cell):
                continue
        elif _ahead(own):
            due = Cell(table.id, own.id)
            late = Call("AND", (Binary("<", due, _AS_OF), Call("NOT", (rule.when,))))
            done = late if kept is None else Call("OR", (_filled(table, kept), late))
        else:
            continue
        known.add(own.id)
        yield _made(model, table, own, due, done)
    for own in table.fields if kept is not None else ():
        if own.id not in known and _ahead(own) and not own.required and not own.private:
            assert kept is not None
            yield _made(model, table, own, Cell(table.id, own.id), _filled(table, kept))


def _made(model: Model, table: Table, own: Field, due: Node, done: Node | None) -> Reminder:
    label = Label(table.label.zh + _BETWEEN + own.label.zh, table.label.en + _BETWEEN + own.label.en)
    return Reminder(
        f"{table.id}_{own.id}",
        label,
        table.id,
        due,
        done,
        owner_way(model.tables, table),
        told_fields(model.tables, table, own.id),
        SOON if isinstance(due, Cell) else 0,
    )


def _kind(own: Field) -> FieldType:
    return own.result if own.type.computed else own.type


def _ahead(own: Field) -> bool:
    """Whether people fill in a day that may lie in the future."""
    return own.type in _DAYS and own.maximum != _AS_OF


def _kept(table: Table) -> Field | None:
    """The day on which something was done: it need not be filled in, and cannot lie in the future."""
    return next((f for f in table.fields if f.type in _DAYS and f.maximum == _AS_OF and not f.required), None)


def _filled(table: Table, own: Field) -> Node:
    return Binary("<>", Cell(table.id, own.id), _NOTHING)


def _passed(rule: Rule, table: Table, own: Field) -> tuple[Node, Node | None] | None:
    """What a rule such as `AND([open]=1, [day]<>"", [day]<as_of)` says: when a row is due, and when no longer."""
    day = Cell(table.id, own.id)
    due: Node | None = None
    others: list[Node] = []
    for part in _parts(rule.when):
        if isinstance(part, Binary) and part.op == "<" and part.left == day and due is None:
            due = _moved(day, part.right)
            if due is None:
                return None
        elif part != Binary("<>", day, _NOTHING):
            others.append(part)
    if due is None:
        return None
    if not isinstance(due, Cell):
        due = Call("IF", (Binary("=", day, _NOTHING), _NOTHING, due))
    if not others:
        return due, None
    return due, Call("NOT", (others[0] if len(others) == 1 else Call("AND", tuple(others)),))


def _parts(node: Node) -> Iterator[Node]:
    if isinstance(node, Call) and node.function == "AND":
        for part in node.arguments:
            yield from _parts(part)
    else:
        yield node


def _moved(day: Cell, limit: Node) -> Node | None:
    """The day that is due, of one that has passed when it is before `as_of`, `as_of-n` or `EDATE(as_of,-n)`."""
    match limit:
        case Name("as_of"):
            return day
        case Binary("-", Name("as_of"), (Number() | Name()) as days):
            return Binary("+", day, days)
        case Call("EDATE", (Name("as_of"), Unary("-", months))):
            return Call("EDATE", (day, months))
        case Call("EDATE", (Name("as_of"), Number(months))) if months < 0:
            return Call("EDATE", (day, Number(-months)))
        case _:
            return None
