"""A condition that somebody types on the command line, over the rows of one table.

Knows what it may name: the fields, rules and segments of that table, settings, `as_of`. The language is that of the
spec (`formulas`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from crmsheet.api.standing import Standing
from crmsheet.compile.symbols import AS_OF
from crmsheet.diagnostics import Diagnostic
from crmsheet.errors import UsageError
from crmsheet.formulas.checker import check
from crmsheet.formulas.functions.table import Type
from crmsheet.formulas.scope import Known, ValueType
from crmsheet.formulas.tree import Node
from crmsheet.messages import listed, say
from crmsheet.model.spec import Field, FieldType, Model, Table
from crmsheet.structs import dataclass

_TYPES: Final[Mapping[FieldType, ValueType]] = {
    FieldType.NUMBER: ValueType.NUMBER,
    FieldType.INTEGER: ValueType.NUMBER,
    FieldType.CURRENCY: ValueType.NUMBER,
    FieldType.PERCENT: ValueType.NUMBER,
    FieldType.RATING: ValueType.NUMBER,
    FieldType.DATE: ValueType.DATE,
    FieldType.DATETIME: ValueType.DATE,
    FieldType.BOOLEAN: ValueType.BOOLEAN,
    FieldType.CHOICE: ValueType.CHOICE,
    FieldType.MULTI_CHOICE: ValueType.MULTI_CHOICE,
    FieldType.REFERENCE: ValueType.REFERENCE,
}


@dataclass(frozen=True, slots=True)
class TableScope:
    """What a condition over the rows of a table may name; a `formulas.scope.Scope`."""

    model: Model
    table: str

    @property
    def compatibility(self) -> int:
        return int(self.model.compatibility)

    def tables(self) -> Collection[str]:
        return [t.id for t in self.model.tables]

    def fields(self, table: str) -> Collection[str]:
        return [f.id for f in self.model.table(table).fields] if table in self.tables() else ()

    def field(self, table: str, id: str) -> Known | None:
        return known_field(self.model.table(table).field(id)) if id in self.fields(table) else None

    def meant(self, table: str, word: str) -> str:
        own = self.model.table(table).fields if table in self.tables() else ()
        ids = [f.id for f in own if word.casefold() in (f.label.zh.casefold(), f.label.en.casefold())]
        return (
            say("'{word}' is the label of {id}; write  [{id}]", word=word, id=ids[0]) if len(ids) == 1 else ""
        )

    def rules(self) -> Collection[str]:
        own = self.model.table(self.table)
        return (*(r.id for r in own.rules), *(s.id for s in own.segments))

    def rule(self, id: str) -> Node | None:
        own = self.model.table(self.table)
        conditions = {r.id: r.when for r in own.rules} | {s.id: s.where for s in own.segments}
        return conditions.get(id)

    def names(self) -> Collection[str]:
        return (AS_OF, *(s.id for s in self.model.settings))

    def name(self, id: str) -> Known | None:
        if id == AS_OF:
            return Known(ValueType.DATE)
        setting = next((s for s in self.model.settings if s.id == id), None)
        return None if setting is None else Known(_TYPES.get(setting.type, ValueType.TEXT))

    def metrics(self) -> Collection[str]:
        return ()

    def metric(self, id: str) -> Known | None:  # noqa: ARG002 - the protocol's signature
        return None

    def items(self, list: str) -> Mapping[str, Collection[str]]:
        found = next((x for x in self.model.lists if x.id == list), None)
        return {} if found is None else {i.id: (i.label.zh, i.label.en) for i in found.items}


def known_field(own: Field) -> Known:
    """A field as expressions see it."""
    kind = own.result if own.type.computed else own.type
    return Known(
        _TYPES.get(kind, ValueType.TEXT),
        list=own.list if kind is FieldType.CHOICE else "",
        maybe_empty_text=own.type.computed and own.may_be_empty,
        maybe_blank=not own.type.computed and not own.required,
    )


def rows_where(book: Standing, table: Table, text: str) -> tuple[int, ...]:
    """The rows (from 0, blank ones never) for which a condition holds. Raises UsageError for one that is wrong."""
    checked = check(text, TableScope(book.model, table.id))
    if checked.node is None or checked.type in (Type.TEXT, Type.DATE):
        problem = next((p for p in checked.problems if not p.warning), None)
        raise UsageError(
            Diagnostic(
                "U121",
                say(
                    "the condition cannot be used: {message}",
                    message=problem.message if problem else say("it is not true or false"),
                ),
                reason="" if problem is None else f"{text}\n{' ' * problem.offset}^",
                remedy=(problem.remedy if problem else "")
                or say(
                    "Fields of '{table}': {fields}.",
                    table=table.id,
                    fields=listed(f.id for f in table.fields),
                ),
                allowed=problem.allowed if problem else (),
            )
        )
    ids = book.reading.state.tables[table.id].ids
    values = book.compiled.environment.results(table.id, checked.node)
    return tuple(i for i, (id_, value) in enumerate(zip(ids, values, strict=False)) if id_ and value is True)
