"""Paths: from a table to a field, directly or through one reference.

Knows which paths there are and where they end. Does not know what they are used for.
"""

from __future__ import annotations

from typing import Final

from crmsheet.messages import listed, say
from crmsheet.model.spec import FieldType
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.hints import named_field
from crmsheet.spec.resolve.kinds import TEXTUAL, Kind, Kinds
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.structs import dataclass

_PICKED: Final = (FieldType.CHOICE, FieldType.REFERENCE)


@dataclass(frozen=True, slots=True)
class End:
    """The field at which a path ends."""

    table: str
    field: str
    kind: Kind

    @property
    def choices(self) -> tuple[str, str]:
        """The list or the table that has the values, as (list, table); both empty when there is none."""
        if self.kind.type is FieldType.CHOICE:
            return self.kind.list, ""
        if self.kind.type is FieldType.REFERENCE:
            return "", self.kind.table
        return "", ""


@dataclass(frozen=True, slots=True)
class Paths:
    """Finds and checks paths."""

    kinds: Kinds
    problems: Problems

    def fields(self, table: str) -> tuple[str, ...]:
        shape = self.kinds.table(table)
        return tuple(shape.fields) if shape else ()

    def references(self, table: str) -> tuple[tuple[str, str], ...]:
        """The fields of a table that refer to a row of another, with that table."""
        found = []
        for name in self.fields(table):
            field = self.kinds.field(table, name)
            if field and field.type is FieldType.REFERENCE and self.kinds.table(field.table or ""):
                found.append((name, field.table or ""))
        return tuple(found)

    def end(self, table: str, path: str) -> End | None:
        """Where a path ends, None when there is no such path."""
        first, dot, second = path.partition(".")
        if self.kinds.field(table, first) is None:
            return None
        kind = self.kinds.of(table, first)
        if not dot:
            return self._named(table, first, kind)
        field = self.kinds.field(table, first)
        if field is None or field.type is not FieldType.REFERENCE:
            return None
        if self.kinds.field(kind.table, second) is None:
            return None
        return self._named(kind.table, second, self.kinds.of(kind.table, second))

    def _named(self, table: str, name: str, kind: Kind) -> End:
        """A table's key stands for its rows: it ends where a reference to the table does."""
        shape = self.kinds.table(table)
        if shape and shape.key == name and kind.type in TEXTUAL:
            kind = Kind(FieldType.REFERENCE, table=table)
        return End(table, name, kind)

    def known_table(self, table: str, path: Path) -> bool:
        """Whether there is a table; if not, that is diagnosed."""
        if self.kinds.table(table) is not None:
            return True
        if not self.problems.is_broken("tables", table):
            remedy, allowed = did_you_mean(table, self.kinds.shape.tables)
            self.problems.error(
                Code.UNKNOWN_TABLE,
                path,
                say("there is no table '{table}'", table=table),
                remedy=remedy,
                allowed=allowed,
            )
        return False

    def checked(self, table: str, text: str, path: Path) -> End | None:
        """Where a path written in the spec ends; what is wrong with it is diagnosed."""
        found = self.end(table, text)
        if found is not None:
            return found
        first, dot, second = text.partition(".")
        field = self.kinds.field(table, first)
        if field is None:
            if not self.problems.is_broken("tables", table, "fields", first):
                self.unknown(table, first, path)
            return None
        kind = self.kinds.of(table, first)
        if field.type is not FieldType.REFERENCE:
            self.problems.error(
                Code.NOT_A_REFERENCE,
                path,
                say(
                    "'{table}.{first}' is a {type} and leads to no other table",
                    table=table,
                    first=first,
                    type=field.type,
                ),
                remedy=say("A path goes through a reference:  reference.field"),
            )
        elif "." in second:
            self.problems.error(
                Code.NO_PATH,
                path,
                say("'{text}' goes through more than one reference", text=text),
                remedy=say(
                    "Add a lookup to '{between}' and one to '{table}', and write  {new}  here:\n"
                    "  {between}:  {step}: {{type: lookup, path: {second}}}\n"
                    "  {table}:  {new}: {{type: lookup, path: {first}.{step}}}",
                    between=kind.table,
                    table=table,
                    step=second.replace(".", "_"),
                    new=text.replace(".", "_"),
                    second=second,
                    first=first,
                ),
            )
        elif self.kinds.table(kind.table) and not self.problems.is_broken(
            "tables", kind.table, "fields", second
        ):
            self.unknown(kind.table, second, path, len(first) + len(dot))
        return None

    def with_choices(self, table: str, text: str, end: End) -> str:
        """A remedy for a path that ends at a field without a list of values; empty when none is known."""
        first, dot, second = text.partition(".")
        target = self.kinds.table(end.table)
        if dot and target is not None and (target.key == second or target.fields[second].unique):
            return say("A row is named by the reference itself:  {reference}", reference=first)
        picked = [f for f in self.fields(end.table) if self.kinds.of(end.table, f).type in _PICKED]
        own = picked if end.table == table else [f"{first}.{f}" for f in picked] if dot else []
        return say("Fields with values to choose from: {fields}", fields=listed(own)) if own else ""

    def unknown(self, table: str, name: str, path: Path, offset: int | None = None) -> None:
        """Reports that a table has no such field."""
        remedy, allowed = named_field(self.kinds.shape, table, name)
        self.problems.error(
            Code.UNKNOWN_FIELD,
            path,
            say("the table '{table}' has no field '{name}'", table=table, name=name),
            remedy=remedy,
            allowed=allowed,
            offset=offset,
        )

    def to_name(self, table: str, name: str) -> tuple[str, ...]:
        """The paths from a table to a field called `name`: its own, else those through one reference."""
        if self.kinds.field(table, name) is not None:
            return (name,)
        return tuple(
            f"{reference}.{name}"
            for reference, target in self.references(table)
            if self.kinds.field(target, name) is not None
        )

    def to_table(self, table: str, target: str) -> tuple[str, ...]:
        """The fields of a table that refer to the target; of the target itself, its key."""
        found = tuple(name for name, reached in self.references(table) if reached == target)
        shape = self.kinds.table(table)
        if not found and table == target and shape and shape.key:
            return (shape.key,)
        return found

    def to_row(self, table: str, target: str) -> tuple[str, ...]:
        """The paths from a table to the row of the target that it is about: its own key, a reference to it,
        else the references behind one reference."""
        if table == target:
            shape = self.kinds.table(target)
            return (shape.key,) if shape and shape.key else ()
        direct = self.to_table(table, target)
        if direct:
            return direct
        return tuple(
            f"{reference}.{name}"
            for reference, between in self.references(table)
            if between != table
            for name, reached in self.references(between)
            if reached == target
        )
