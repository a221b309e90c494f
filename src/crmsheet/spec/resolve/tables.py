"""Entry tables: key, groups, rules, segments.

Knows what makes a table whole. Fields are `fields`'.
"""

from __future__ import annotations

from crmsheet.messages import say
from crmsheet.model.spec import Field, FieldGroup, FieldType, Rule, Segment, Table
from crmsheet.model.words import Label
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.glossary import known_label
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.expressions import Expressions
from crmsheet.spec.resolve.fields import Fields
from crmsheet.spec.resolve.hints import named_field
from crmsheet.spec.resolve.kinds import NUMERIC, TEXTUAL
from crmsheet.spec.resolve.labels import Labels
from crmsheet.spec.resolve.paths import Paths
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.spec.shapes.tables import RuleShape, SegmentShape, TableShape
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Tables:
    """Resolves entry tables."""

    fields: Fields
    paths: Paths
    labels: Labels
    expressions: Expressions
    problems: Problems

    def resolved(self, table: str, shape: TableShape) -> Table:
        path: Path = ("tables", table)
        fields = tuple(self.fields.resolved(table, name, given) for name, given in shape.fields.items())
        if all(f.type.computed or f.hidden for f in fields) and not self.problems.is_broken(*path):
            self.problems.error(
                Code.FIELDLESS,
                path,
                say("the table '{table}' has no field that people fill", table=table),
                key=True,
            )
        self._check_consent(table, shape)
        for name in shape.display:
            self.paths.checked(table, name, (*path, "display", shape.display.index(name)))
        return Table(
            table,
            self.labels.of(shape.label, table, path),
            self._key(table, shape, fields),
            fields,
            rules=tuple(self._rule(table, index, rule) for index, rule in enumerate(shape.rules)),
            groups=self._groups(table, shape, fields),
            help=self.labels.text(shape.help, (*path, "help")),
            aliases=shape.aliases,
            display=shape.display,
            cadence=shape.cadence,
            segments=tuple(self._segment(table, name, given) for name, given in shape.segments.items()),
            renamed_from=shape.renamed_from or "",
        )

    def _check_consent(self, table: str, shape: TableShape) -> None:
        asked = [
            name
            for name, given in shape.fields.items()
            if given.consent is not None and given.type is FieldType.BOOLEAN
        ]
        for name in asked[1:]:
            self.problems.error(
                Code.DOES_NOT_APPLY,
                ("tables", table, "fields", name, "consent"),
                say("'{field}' says already whether somebody consented", field=asked[0]),
                remedy=say("Remove it from one of the two."),
                key=True,
            )

    def _key(self, table: str, shape: TableShape, fields: tuple[Field, ...]) -> str:
        """The key: as given, else the first that can serve as one."""
        path: Path = ("tables", table)
        by_id = {f.id: f for f in fields}
        if shape.key is not None:
            field = by_id.get(shape.key)
            if field is None:
                if not self.problems.is_broken(*path, "fields", shape.key):
                    remedy, allowed = named_field(self.paths.kinds.shape, table, shape.key)
                    self.problems.error(
                        Code.KEY_FIELD,
                        (*path, "key"),
                        say("the table '{table}' has no field '{key}'", table=table, key=shape.key),
                        remedy=remedy,
                        allowed=allowed,
                    )
                return fields[0].id if fields else ""
            if field.type not in TEXTUAL or field.type is FieldType.LONG_TEXT:
                self.problems.error(
                    Code.KEY_FIELD,
                    (*path, "key"),
                    say(
                        "the key '{key}' is {type}; a key is a short text or an id",
                        key=shape.key,
                        type=field.type,
                    ),
                    remedy=say(
                        "Add an id:  {table}_no: {{type: id}}, and name it as the key.",
                        table=table.rstrip("s"),
                    ),
                )
            return shape.key
        return min(fields, key=_serves).id if fields else ""

    def _groups(self, table: str, shape: TableShape, fields: tuple[Field, ...]) -> tuple[FieldGroup, ...]:
        path: Path = ("tables", table, "groups")
        if shape.groups:
            for field in fields:
                if field.group and field.group not in shape.groups:
                    remedy, allowed = did_you_mean(field.group, shape.groups)
                    self.problems.error(
                        Code.UNKNOWN_GROUP,
                        ("tables", table, "fields", field.id, "group"),
                        say("the table '{table}' has no group '{group}'", table=table, group=field.group),
                        remedy=remedy,
                        allowed=allowed,
                    )
            return tuple(
                FieldGroup(group, self.labels.text(label, (*path, group)) or Label.same(group))
                for group, label in shape.groups.items()
            )
        used = dict.fromkeys(f.group for f in fields if f.group)
        return tuple(FieldGroup(group, known_label(group) or Label.same(group)) for group in used)

    def _rule(self, table: str, index: int, given: RuleShape) -> Rule:
        path: Path = ("tables", table, "rules", index)
        column = given.column or ""
        if column and self.paths.kinds.field(table, column) is None:
            if not self.problems.is_broken("tables", table, "fields", column):
                self.paths.unknown(table, column, (*path, "column"))
            column = ""
        if given.icon is not None or given.text is not None:
            self._beside(table, column, given, path)
        return Rule(
            given.id,
            self.labels.of(given.label, given.id, path),
            self.expressions.rule(table, given.id),
            given.style,
            column,
            given.icon,
            self.labels.text(given.text, (*path, "text")),
        )

    def _beside(self, table: str, column: str, given: RuleShape, path: Path) -> None:
        """A sign or word needs one cell that shows a text or a date."""
        key = "icon" if given.icon is not None else "text"
        if not given.column:
            self.problems.error(
                Code.DOES_NOT_APPLY,
                (*path, key),
                say("`{key}` stands in a cell, and this rule colours the row", key=key),
                remedy=say("Name the field whose cell shows it:  column: …"),
                key=True,
            )
            return
        kind = self.paths.kinds.of(table, column) if column else None
        if kind is not None and kind.certain and kind.type in NUMERIC:
            self.problems.error(
                Code.DOES_NOT_APPLY,
                (*path, key),
                say(
                    "`{key}` stands beside texts and dates; '{table}.{column}' is {type}",
                    key=key,
                    table=table,
                    column=column,
                    type=kind.type,
                ),
                remedy=say("Colour a field that shows a text, such as a flag."),
                key=True,
            )

    def _segment(self, table: str, name: str, given: SegmentShape) -> Segment:
        path: Path = ("tables", table, "segments", name)
        for index, column in enumerate(given.columns):
            self.paths.checked(table, column, (*path, "columns", index))
        where = self.expressions.rule(table, name)
        return Segment(name, self.labels.of(given.label, name, path), where, given.columns)


def _serves(field: Field) -> int:
    """How well a field serves as a key when none is named; the least is best, the first of equals wins."""
    if field.type is FieldType.ID:
        return 0
    if field.type in TEXTUAL and field.type is not FieldType.LONG_TEXT:
        return 1 if field.unique else 2 if field.required else 3
    return 5 if field.type.computed else 4
