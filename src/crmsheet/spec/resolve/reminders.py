"""Reminders: from their form to the Model.

Knows what a day, an owner and days ahead may be. Does not know rows.
"""

from __future__ import annotations

from typing import Final

from crmsheet.formulas.tree import Cell, Node
from crmsheet.messages import say
from crmsheet.model.due import owner_way, told_fields
from crmsheet.model.ownership import PERSONAL
from crmsheet.model.reminders import SOON, Reminder
from crmsheet.model.spec import FieldType, Table
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.expressions import Expressions
from crmsheet.spec.resolve.kinds import NUMERIC, TEMPORAL, Kinds
from crmsheet.spec.resolve.labels import Labels
from crmsheet.spec.resolve.paths import Paths
from crmsheet.spec.shapes.document import SpecShape
from crmsheet.spec.shapes.reminders import ReminderShape
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.structs import dataclass

MOST_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class Reminders:
    """Resolves the reminders of a spec."""

    tables: tuple[Table, ...]
    kinds: Kinds
    paths: Paths
    labels: Labels
    expressions: Expressions
    problems: Problems

    def resolved(self, shape: SpecShape) -> tuple[Reminder, ...] | None:
        """None when the spec says nothing of reminders."""
        if shape.reminders is None:
            return None
        found = (self._reminder(name, given) for name, given in shape.reminders.items())
        return tuple(one for one in found if one is not None)

    def _reminder(self, name: str, given: ReminderShape) -> Reminder | None:
        path: Path = ("reminders", name)
        table = next((t for t in self.tables if t.id == given.table), None)
        if not self.paths.known_table(given.table, (*path, "table")) or table is None:
            return None
        label = self.labels.of(given.label, name, path)
        due = self._day(given, (*path, "date"))
        done = None
        if given.done is not None:
            done = self.expressions.condition(given.done, (*path, "done"), table.id)
        for index, told in enumerate(given.text):
            self.paths.checked(table.id, told, (*path, "text", index))
        owner = owner_way(self.tables, table)
        if given.owner is not None:
            owner = self._owner(table, given.owner, (*path, "owner"))
        text = given.text or told_fields(self.tables, table, given.date)
        days = self._days(given.days, (*path, "days"))
        return Reminder(name, label, table.id, due, done, owner, text, days) if due is not None else None

    def _day(self, given: ReminderShape, path: Path) -> Node | None:
        """A field that holds days, or an expression that gives them."""
        text = given.date.strip()
        if not text.isidentifier():
            return self.expressions.value(given.date, path, given.table, FieldType.DATE)
        if self.kinds.field(given.table, text) is None:
            if not self.problems.is_broken("tables", given.table, "fields", text):
                self.paths.unknown(given.table, text, path)
            return None
        kind = self.kinds.of(given.table, text)
        if kind.certain and kind.type not in TEMPORAL:
            self.problems.error(
                Code.REMINDER_DAY,
                path,
                say("'{table}.{field}' is {type}, not a date", table=given.table, field=text, type=kind.type),
                remedy=say("Name a date, or write an expression that gives one."),
            )
        return Cell(given.table, text)

    def _owner(self, table: Table, text: str, path: Path) -> tuple[str, ...]:
        """The way to whose a row is: references, and at the end a reference, a choice, a text or a person's name."""
        way = tuple(text.split("."))
        here = table
        for index, step in enumerate(way):
            if not here.has_field(step):
                if not self.problems.is_broken("tables", here.id, "fields", step):
                    self.paths.unknown(here.id, step, path)
                return ()
            found = here.field(step)
            if index == len(way) - 1:
                kind = found.result if found.type.computed else found.type
                if kind in PERSONAL:
                    return way
                self.problems.error(
                    Code.REMINDER_OWNER,
                    path,
                    say(
                        "'{table}.{field}' is {type}, which names nobody",
                        table=here.id,
                        field=step,
                        type=kind,
                    ),
                    remedy=say("Name a reference, a choice or a text."),
                )
                return ()
            there = next((t for t in self.tables if t.id == found.table), None)
            if found.type is not FieldType.REFERENCE or there is None:
                self.problems.error(
                    Code.NOT_A_REFERENCE,
                    path,
                    say(
                        "'{table}.{field}' is {type} and leads to no other table",
                        table=here.id,
                        field=step,
                        type=found.type,
                    ),
                    remedy=say("A path goes through a reference:  reference.field"),
                )
                return ()
            here = there
        return ()

    def _days(self, given: int | str | None, path: Path) -> int | str:
        if given is None:
            return SOON
        if isinstance(given, int):
            if not 0 <= given <= MOST_DAYS:
                self.problems.error(
                    Code.REMINDER_AHEAD,
                    path,
                    say("{days} days ahead cannot be told", days=given),
                    remedy=say("Write a number from 0 to {most}.", most=MOST_DAYS),
                )
            return given
        setting = self.expressions.settings.get(given)
        if setting is None:
            if not self.problems.is_broken("settings", given):
                remedy, allowed = did_you_mean(given, self.expressions.settings)
                self.problems.error(
                    Code.REMINDER_AHEAD,
                    path,
                    say("'{name}' is neither a number nor a setting", name=given),
                    remedy=remedy,
                    allowed=allowed,
                )
        elif setting.type not in NUMERIC:
            self.problems.error(
                Code.REMINDER_AHEAD,
                path,
                say("the setting '{name}' is {type}, not a number", name=given, type=setting.type),
                remedy=say("Name one that holds a number of days."),
            )
        return given
