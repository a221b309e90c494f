"""Computed fields: lookups, rollups, and manual values beside them.

Knows how a rollup finds the reference it follows. Formulas are `expressions`'.
"""

from __future__ import annotations

from crmsheet.messages import listed, say
from crmsheet.model.metrics import Aggregation
from crmsheet.model.spec import FieldType, Lookup, Rollup
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.attributes import missing
from crmsheet.spec.resolve.expressions import Expressions
from crmsheet.spec.resolve.kinds import NUMERIC, TEMPORAL, Kind, Kinds, lookup_path
from crmsheet.spec.resolve.paths import Paths
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.spec.shapes.tables import FieldShape
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Computed:
    """Resolves what computed fields are computed from."""

    kinds: Kinds
    paths: Paths
    expressions: Expressions
    problems: Problems

    def referred(self, shape: FieldShape, path: Path) -> str:
        """The table that a reference or rollup names; empty when it names none."""
        if shape.table is None:
            missing(
                path, "table", shape, say("Add `table: …`, the table whose rows it names."), self.problems
            )
            return ""
        if self.kinds.table(shape.table) is None and not self.problems.is_broken("tables", shape.table):
            remedy, allowed = did_you_mean(shape.table, self.kinds.shape.tables)
            self.problems.error(
                Code.UNKNOWN_TABLE,
                (*path, "table"),
                say("there is no table '{table}'", table=shape.table),
                remedy=remedy,
                allowed=allowed,
            )
        return shape.table

    def lookup(self, table: str, shape: FieldShape, path: Path) -> Lookup | None:
        via, name = lookup_path(shape)
        at = "path" if shape.path is not None else ""
        if not via or not name:
            missing(
                path,
                say("via` and `field"),
                shape,
                say("Add `via: <reference>` and `field: <field there>`."),
                self.problems,
            )
            return None
        through = self.kinds.field(table, via)
        if through is None:
            if not self.problems.is_broken("tables", table, "fields", via):
                self.paths.unknown(table, via, (*path, at or "via"))
            return None
        kind = self.kinds.of(table, via)
        where: Path = (*path, at or "field")
        offset = len(via) + 1 if at else None
        chosen = through.type in (FieldType.CHOICE, FieldType.FORMULA) and kind.type is FieldType.CHOICE
        if chosen and kind.list in self.kinds.lists:
            if self.kinds.lists[kind.list].depends_on:
                self.problems.error(
                    Code.NOT_AVAILABLE,
                    (*path, at or "via"),
                    say(
                        "attributes of the dependent list '{list}' are not available in this version",
                        list=kind.list,
                    ),
                    remedy=say("Keep the attribute in a list that depends on none."),
                )
                return None
            names = self.kinds.lists[kind.list].attribute_names
            if name not in names:
                remedy, allowed = did_you_mean(name, names)
                self.problems.error(
                    Code.UNKNOWN_FIELD,
                    where,
                    say("the items of the list '{list}' have no '{name}'", list=kind.list, name=name),
                    remedy=remedy or say("Give the items of the list this attribute."),
                    allowed=allowed,
                    offset=offset,
                )
                return None
            return Lookup(via, name)
        if through.type is not FieldType.REFERENCE:
            self.problems.error(
                Code.NOT_A_REFERENCE,
                (*path, at or "via"),
                say("'{via}' is a {type} and leads to no other table", via=via, type=through.type),
                remedy=say(
                    "A lookup goes through a reference, or through a choice to an attribute of its list."
                ),
            )
            return None
        if self.kinds.table(kind.table) is None or self.problems.is_broken(
            "tables", kind.table, "fields", name
        ):
            return None
        if self.kinds.field(kind.table, name) is None:
            self.paths.unknown(kind.table, name, where, offset)
            return None
        return Lookup(via, name)

    def rollup(self, table: str, shape: FieldShape, path: Path) -> Rollup | None:
        if shape.table is None or shape.agg is None:
            lacking = "table" if shape.table is None else "agg"
            missing(
                path,
                lacking,
                shape,
                say("A rollup names a table, an aggregate and a field of that table."),
                self.problems,
            )
            return None
        other = self.referred(shape, path)
        if self.kinds.table(other) is None:
            return None
        field = self._rollup_field(shape, other, path)
        via = self._via(table, shape, other, path)
        where = self.expressions.condition(shape.where, (*path, "where"), other) if shape.where else None
        if field is None or not via:
            return None
        return Rollup(other, via, shape.agg, field, where)

    def _rollup_field(self, shape: FieldShape, other: str, path: Path) -> str | None:
        agg = shape.agg
        if agg is Aggregation.COUNT:
            if shape.field is not None:
                self.problems.error(
                    Code.ROLLUP,
                    (*path, "field"),
                    say("count counts rows and takes no field"),
                    remedy=say(
                        "Remove it, or count rows where it is filled:  where: '[{field}]<>\"\"'",
                        field=shape.field,
                    ),
                )
            return ""
        if shape.field is None:
            missing(
                path,
                "field",
                shape,
                say("Add `field: …`, the field of '{other}' to aggregate.", other=other),
                self.problems,
            )
            return None
        if self.kinds.field(other, shape.field) is None:
            if not self.problems.is_broken("tables", other, "fields", shape.field):
                self.paths.unknown(other, shape.field, (*path, "field"))
            return None
        kind = self.kinds.of(other, shape.field)
        dates = agg in (Aggregation.MIN, Aggregation.MAX) and kind.type in TEMPORAL
        if kind.type not in NUMERIC and not dates and agg is not Aggregation.COUNT_DISTINCT:
            self.problems.error(
                Code.ROLLUP,
                (*path, "field"),
                say(
                    "{agg} needs {which}; '{other}.{field}' is {type}",
                    agg=agg,
                    which=say("numbers or dates") if agg in ("min", "max") else say("numbers"),
                    other=other,
                    field=shape.field,
                    type=kind.type,
                ),
            )
            return None
        return shape.field

    def _via(self, table: str, shape: FieldShape, other: str, path: Path) -> str:
        candidates = [
            name
            for name in self.paths.fields(other)
            if (f := self.kinds.field(other, name)) and f.type is FieldType.REFERENCE and f.table == table
        ]
        if shape.via is not None:
            if shape.via in candidates:
                return shape.via
            if self.kinds.field(other, shape.via) is None:
                if not self.problems.is_broken("tables", other, "fields", shape.via):
                    self.paths.unknown(other, shape.via, (*path, "via"))
            else:
                between = self._looked_up_through(other, shape.via, table)
                remedy, allowed = did_you_mean(shape.via, candidates)
                if between:
                    remedy = say(
                        "It is looked up through '{between}': total '{other}' in '{between}' first, with a rollup there, "
                        "and that column here.",
                        between=between,
                        other=other,
                    )
                self.problems.error(
                    Code.NOT_A_REFERENCE,
                    (*path, "via"),
                    say(
                        "'{other}.{via}' does not refer to '{table}'", other=other, via=shape.via, table=table
                    ),
                    remedy=remedy,
                    allowed=allowed,
                )
            return ""
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            self.problems.error(
                Code.SEVERAL_PATHS,
                (*path, "table"),
                say(
                    "several fields of '{other}' refer to '{table}': {candidates}",
                    other=other,
                    table=table,
                    candidates=listed(candidates),
                ),
                remedy=say("Name one:  ") + " or ".join(f"via: {name}" for name in candidates),
                allowed=candidates,
            )
        elif not self.kinds.refers_nowhere(other):
            self.problems.error(
                Code.NO_PATH,
                (*path, "table"),
                say("no field of '{other}' refers to '{table}'", other=other, table=table),
                remedy=say(
                    "Add to '{other}', such as  {table}: {{type: reference, table: {table2}}}",
                    other=other,
                    table=table.rstrip("s"),
                    table2=table,
                ),
            )
        return ""

    def _looked_up_through(self, table: str, name: str, target: str) -> str:
        """The table through which a lookup gives a row of the target; empty for other fields."""
        field = self.kinds.field(table, name)
        if field is None or field.type is not FieldType.LOOKUP or self.kinds.of(table, name).table != target:
            return ""
        return self.kinds.of(table, lookup_path(field)[0]).table

    def text_read(self, table: str, shape: FieldShape, path: Path) -> str:
        """The field of the table whose text a sentiment score or a topic reads."""
        if shape.of is None:
            missing(path, "of", shape, say("Add `of: …`, the field with the text."), self.problems)
            return ""
        at = (*path, "of")
        other = self._own(table, shape.of, at)
        if other is None:
            return ""
        if other.type not in (FieldType.TEXT, FieldType.LONG_TEXT):
            self.problems.error(
                Code.NO_TEXT,
                at,
                say("'{of}' is {type}, which holds no sentences", of=shape.of, type=other.type),
                remedy=say("Name a field of type text or long_text."),
            )
            return ""
        return shape.of

    def topic_words(self, shape: FieldShape, path: Path) -> str:
        """The list with the words of topics."""
        if shape.words is None:
            missing(
                path,
                "words",
                shape,
                say("Add `words: …`, a list of words that depends on the list of topics."),
                self.problems,
            )
            return ""
        at = (*path, "words")
        found = self.kinds.lists.get(shape.words)
        if found is None:
            if not self.problems.is_broken("lists", shape.words):
                remedy, allowed = did_you_mean(shape.words, self.kinds.lists)
                self.problems.error(
                    Code.UNKNOWN_LIST,
                    at,
                    say("there is no list '{wanted}'", wanted=shape.words),
                    remedy=remedy,
                    allowed=allowed,
                )
            return ""
        if not found.depends_on:
            self.problems.error(
                Code.NO_TOPICS,
                at,
                say("the words of '{list}' belong to no topics", list=shape.words),
                remedy=say(
                    "Write them below the topics of another list:  "
                    "{list}: {{depends_on: topic, items: {{price: [dear]}}}}",
                    list=shape.words,
                ),
            )
        return shape.words

    def _own(self, table: str, name: str, at: Path) -> FieldShape | None:
        """A field of the same table; reports one that is not there."""
        found = self.kinds.field(table, name)
        if found is None and not self.problems.is_broken("tables", table, "fields", name):
            self.paths.unknown(table, name, at)
        return found

    def override(self, table: str, shape: FieldShape, kind: Kind, path: Path) -> str:
        if shape.override is None:
            return ""
        at = (*path, "override")
        other = self._own(table, shape.override, at)
        if other is None:
            return ""
        if other.type.computed:
            self.problems.error(
                Code.OVERRIDE,
                at,
                say("'{override}' is computed itself", override=shape.override),
                remedy=say("Name a field that people fill; while it is empty the computed value counts."),
            )
        elif (other.type in NUMERIC) != (kind.type in NUMERIC):
            self.problems.error(
                Code.OVERRIDE,
                at,
                say(
                    "'{override}' is {type}, the computed value is {type2}",
                    override=shape.override,
                    type=other.type,
                    type2=kind.type,
                ),
            )
        return shape.override
