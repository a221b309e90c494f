"""Fields: from their form to the Model, with the defaults of their types.

Knows how the parts of a field come together; attributes, values and computed fields have their modules.
"""

from __future__ import annotations

from crmsheet.excel.limits import CELL_TEXT, COLUMN_WIDTH
from crmsheet.formulas.tree import Node, Number
from crmsheet.messages import listed, say
from crmsheet.model.spec import Field, FieldType
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve import formats
from crmsheet.spec.resolve.attributes import SUITS, check_attributes, missing
from crmsheet.spec.resolve.computed import Computed
from crmsheet.spec.resolve.expressions import Expressions
from crmsheet.spec.resolve.kinds import CHOICES, Kind, Kinds
from crmsheet.spec.resolve.labels import Labels
from crmsheet.spec.resolve.paths import Paths
from crmsheet.spec.resolve.values import Values
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.spec.shapes.tables import FieldShape, Live
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Fields:
    """Resolves the fields of all tables."""

    kinds: Kinds
    paths: Paths
    labels: Labels
    expressions: Expressions
    values: Values
    computed: Computed
    problems: Problems

    def resolved(self, table: str, name: str, shape: FieldShape) -> Field:
        path: Path = ("tables", table, "fields", name)
        check_attributes(shape, path, self.problems)
        kind = self.kinds.of(table, name)
        expr = None
        if shape.type is FieldType.FORMULA:
            expr = self._formula(table, shape, path)
        low = self.values.bound(table, shape, "min", path)
        high = self.values.bound(table, shape, "max", path)
        default = self.values.default(table, shape, kind, path)
        if isinstance(low, Number) and isinstance(high, Number) and low.value > high.value:
            self.problems.error(
                Code.RANGE,
                (*path, "min"),
                say("min {min} is above max {max}", min=shape.min, max=shape.max),
                remedy=say("Exchange them."),
            )
        self.values.check_default(shape, default, low, high, path)
        formats.checked(shape.type, shape.format, path, self.problems)
        return Field(
            name,
            self.labels.of(shape.label, name, path, shown=not shape.hidden),
            shape.type,
            help=self.labels.text(shape.help, (*path, "help")),
            required=shape.required,
            required_when=self._expression(table, shape.required_when, (*path, "required_when")),
            unique=shape.unique,
            default=default,
            minimum=low or (Number(1) if shape.type is FieldType.RATING else None),
            maximum=high or (Number(5) if shape.type is FieldType.RATING else None),
            pattern=self.values.pattern(shape, path),
            max_length=self._length(shape, path),
            format=shape.format or (_id_format(table) if shape.type is FieldType.ID else ""),
            result=kind.type,
            may_be_empty=kind.may_be_empty and shape.type.computed,
            width=self._width(shape, path),
            group=shape.group or "",
            order=shape.order,
            view=shape.view,
            hidden=shape.hidden,
            private=shape.private,
            consent=shape.consent,
            audit=shape.audit,
            override=self.computed.override(table, shape, kind, path),
            aliases=shape.aliases,
            renamed_from=shape.renamed_from or "",
            list=self._list(shape, name, path),
            depends_on=self._depends_on(table, shape, kind, path),
            table=self.computed.referred(shape, path) if shape.type is FieldType.REFERENCE else "",
            lookup=self.computed.lookup(table, shape, path) if shape.type is FieldType.LOOKUP else None,
            rollup=self.computed.rollup(table, shape, path) if shape.type is FieldType.ROLLUP else None,
            expr=expr,
            of=self.computed.text_read(table, shape, path) if shape.type.reads_text else "",
            words=self.computed.topic_words(shape, path) if shape.type in SUITS["words"] else "",
            live=shape.live is not Live.FALSE,
        )

    def _expression(self, table: str, text: str | None, path: Path) -> Node | None:
        return self.expressions.condition(text, path, table) if text is not None else None

    def _formula(self, table: str, shape: FieldShape, path: Path) -> Node | None:
        for name in ("excel", "uncached"):
            if name in shape.model_fields_set:
                self.problems.error(
                    Code.NOT_AVAILABLE,
                    (*path, name),
                    say("`{name}` is not available in this version", name=name),
                    remedy=say("Write the formula as `expr`, with [field] for this row's cells."),
                    key=True,
                )
        if shape.expr is None:
            if shape.excel is None:
                missing(
                    path,
                    "expr",
                    shape,
                    say("Add `expr: '…'`, an Excel formula with [field] for cells."),
                    self.problems,
                )
            return None
        return self.expressions.formula(table, path[-1] if isinstance(path[-1], str) else "").node

    def _length(self, shape: FieldShape, path: Path) -> int | None:
        if shape.max_length is not None and not 1 <= shape.max_length <= CELL_TEXT:
            self.problems.error(
                Code.TOO_LONG,
                (*path, "max_length"),
                say("max_length is {max_length}", max_length=shape.max_length),
                remedy=say("A cell holds 1 to {cell_text} characters.", cell_text=CELL_TEXT),
            )
            return None
        return shape.max_length

    def _width(self, shape: FieldShape, path: Path) -> float | None:
        if shape.width is not None and not 0 < shape.width <= COLUMN_WIDTH:
            self.problems.error(
                Code.TOO_LONG,
                (*path, "width"),
                say("the width is {width:g} characters", width=shape.width),
                remedy=say("Excel's columns are up to {column_width} wide.", column_width=COLUMN_WIDTH),
            )
            return None
        return shape.width

    def _list(self, shape: FieldShape, name: str, path: Path) -> str:
        if shape.type is FieldType.TOPIC:
            return self.kinds.topics(shape)
        if shape.type not in CHOICES and not (shape.type is FieldType.FORMULA and shape.list):
            return ""
        wanted = shape.list or name
        if wanted in self.kinds.lists or self.problems.is_broken("lists", wanted):
            return wanted
        remedy, allowed = did_you_mean(wanted, self.kinds.lists)
        if shape.list is None:
            missing(
                path,
                "list",
                shape,
                say("Did you mean list: {words}?", words=listed(allowed, " or "))
                if remedy.startswith("Did")
                else remedy or say("Add `list: …`."),
                self.problems,
            )
        else:
            self.problems.error(
                Code.UNKNOWN_LIST,
                (*path, "list"),
                say("there is no list '{wanted}'", wanted=wanted),
                remedy=remedy,
                allowed=allowed,
            )
        return wanted

    def _depends_on(self, table: str, shape: FieldShape, kind: Kind, path: Path) -> str:
        definition = self.kinds.lists.get(kind.list)
        parent_list = definition.depends_on if definition else ""
        if shape.type is not FieldType.CHOICE:
            return ""
        wanted = shape.depends_on
        if wanted is None:
            if parent_list:
                same = [n for n in self.paths.fields(table) if self.kinds.of(table, n).list == parent_list]
                self.problems.error(
                    Code.DEPENDENT_LIST,
                    path,
                    say(
                        "the list '{list}' depends on '{parent_list}', but the field on no field",
                        list=kind.list,
                        parent_list=parent_list,
                    ),
                    remedy=say(
                        "Add `depends_on: {same}`.", same=same[0] if same else say("<field with that list>")
                    ),
                    key=True,
                )
            return ""
        parent = self.kinds.field(table, wanted)
        if parent is None:
            if not self.problems.is_broken("tables", table, "fields", wanted):
                self.paths.unknown(table, wanted, (*path, "depends_on"))
            return ""
        found = self.kinds.of(table, wanted)
        if definition is not None and not parent_list:
            self.problems.error(
                Code.DEPENDENT_LIST,
                (*path, "depends_on"),
                say("the list '{list}' depends on no list", list=kind.list),
                remedy=say(
                    "Write it as  {list}: {{depends_on: {list2}, items: {{…}}}}",
                    list=kind.list,
                    list2=found.list or "…",
                ),
            )
        elif definition is not None and found.list != parent_list:
            self.problems.error(
                Code.DEPENDENT_LIST,
                (*path, "depends_on"),
                say(
                    "the list '{list}' depends on '{parent_list}', but '{wanted}' ",
                    list=kind.list,
                    parent_list=parent_list,
                    wanted=wanted,
                )
                + (say("has the list '{list}'", list=found.list) if found.list else say("has no list")),
                remedy=say("Both must be the same list."),
            )
        return wanted


def _id_format(table: str) -> str:
    letter = next((c.upper() for c in table if c.isascii() and c.isalpha()), "N")
    return f"{letter}0000"
