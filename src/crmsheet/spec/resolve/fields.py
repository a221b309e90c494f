"""Fields: from their form to the Model, with the defaults of their types.

Knows which attributes suit which type and what each needs. Expressions are read by `expressions`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from crmsheet.excel.limits import CELL_TEXT, COLUMN_WIDTH
from crmsheet.formulas.tree import Boolean, Item, Node, Number, Text
from crmsheet.model.spec import Aggregation, Field, FieldType, Lookup, Rollup
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.expressions import Expressions
from crmsheet.spec.resolve.kinds import CHOICES, NUMERIC, TEMPORAL, TEXTUAL, Kind, Kinds, lookup_path
from crmsheet.spec.resolve.labels import Labels
from crmsheet.spec.resolve.paths import Paths
from crmsheet.spec.resolve.settings import date_serial
from crmsheet.spec.shapes.problems import did_you_mean
from crmsheet.spec.shapes.tables import FieldShape, Live
from crmsheet.spec.shapes.words import flag_of, number_of

_COMPUTED: Final = frozenset((FieldType.LOOKUP, FieldType.ROLLUP, FieldType.FORMULA))
_INPUT: Final = frozenset(FieldType) - _COMPUTED
_ORDERED: Final = NUMERIC | TEMPORAL
SUITS: Final[dict[str, frozenset[FieldType]]] = {
    "required": _INPUT - {FieldType.ID},
    "required_when": _INPUT - {FieldType.ID},
    "unique": _INPUT,
    "default": _INPUT - {FieldType.ID},
    "min": _ORDERED,
    "max": _ORDERED,
    "pattern": TEXTUAL - {FieldType.ID},
    "max_length": TEXTUAL - {FieldType.ID},
    "list": CHOICES | {FieldType.FORMULA},
    "depends_on": frozenset((FieldType.CHOICE,)),
    "table": frozenset((FieldType.REFERENCE, FieldType.ROLLUP)),
    "via": frozenset((FieldType.LOOKUP, FieldType.ROLLUP)),
    "field": frozenset((FieldType.LOOKUP, FieldType.ROLLUP)),
    "path": frozenset((FieldType.LOOKUP,)),
    "agg": frozenset((FieldType.ROLLUP,)),
    "where": frozenset((FieldType.ROLLUP,)),
    "expr": frozenset((FieldType.FORMULA,)),
    "override": _COMPUTED,
    "live": _COMPUTED,
    "excel": frozenset((FieldType.FORMULA,)),
    "uncached": frozenset((FieldType.FORMULA,)),
}
"""Attributes that mean something only for some types."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Resolves the fields of all tables."""

    kinds: Kinds
    paths: Paths
    labels: Labels
    expressions: Expressions
    problems: Problems

    def resolved(self, table: str, name: str, shape: FieldShape) -> Field:
        path: Path = ("tables", table, "fields", name)
        self._check_attributes(shape, path)
        kind = self.kinds.of(table, name)
        expr = None
        if shape.type is FieldType.FORMULA:
            expr = self._formula(table, shape, path)
        low = self._bound(table, shape, "min", path)
        high = self._bound(table, shape, "max", path)
        default = self._default(table, shape, kind, path)
        if isinstance(low, Number) and isinstance(high, Number) and low.value > high.value:
            self.problems.error(
                Code.RANGE,
                (*path, "min"),
                f"min {shape.min} is above max {shape.max}",
                remedy="Exchange them.",
            )
        self._check_default(shape, default, low, high, path)
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
            pattern=self._pattern(shape, path),
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
            audit=shape.audit,
            override=self._override(table, shape, kind, path),
            aliases=shape.aliases,
            renamed_from=self._renamed_from(table, shape, path),
            list=self._list(shape, name, path),
            depends_on=self._depends_on(table, shape, kind, path),
            table=self._table(shape, path) if shape.type is FieldType.REFERENCE else "",
            lookup=self._lookup(table, shape, path) if shape.type is FieldType.LOOKUP else None,
            rollup=self._rollup(table, shape, path) if shape.type is FieldType.ROLLUP else None,
            expr=expr,
            live=shape.live is not Live.FALSE,
        )

    def _expression(self, table: str, text: str | None, path: Path) -> Node | None:
        return self.expressions.condition(text, path, table) if text is not None else None

    def _check_attributes(self, shape: FieldShape, path: Path) -> None:
        for name, types in SUITS.items():
            suiting = ", ".join(t for t in FieldType if t in types)
            if name in shape.model_fields_set and shape.type not in types:
                self.problems.error(
                    Code.DOES_NOT_APPLY,
                    (*path, name),
                    f"`{name}` means nothing for a field of type {shape.type}",
                    remedy=f"Remove it, or make the type one of {suiting}.",
                    key=True,
                )

    def _missing(self, path: Path, attribute: str, shape: FieldShape, remedy: str) -> None:
        if not self.problems.is_broken(*path):
            self.problems.error(
                Code.MISSING_KEY, path, f"a {shape.type} needs `{attribute}`", remedy=remedy, key=True
            )

    def _formula(self, table: str, shape: FieldShape, path: Path) -> Node | None:
        for name in ("excel", "uncached"):
            if name in shape.model_fields_set:
                self.problems.error(
                    Code.NOT_AVAILABLE,
                    (*path, name),
                    f"`{name}` is not available in this version",
                    remedy="Write the formula as `expr`, with [field] for this row's cells.",
                    key=True,
                )
        if shape.expr is None:
            if shape.excel is None:
                self._missing(
                    path, "expr", shape, "Add `expr: '…'`, an Excel formula with [field] for cells."
                )
            return None
        return self.expressions.formula(table, path[-1] if isinstance(path[-1], str) else "").node

    def _bound(self, table: str, shape: FieldShape, name: str, path: Path) -> Node | None:
        text: str | None = shape.min if name == "min" else shape.max
        if text is None or shape.type not in SUITS[name]:
            return None
        if shape.type in NUMERIC and (number := number_of(text)) is not None:
            return Number(number)
        if shape.type in TEMPORAL and (serial := date_serial(text)) is not None:
            return Number(serial)
        wanted = FieldType.DATE if shape.type in TEMPORAL else FieldType.NUMBER
        return self.expressions.value(text, (*path, name), table, wanted)

    def _default(self, table: str, shape: FieldShape, kind: Kind, path: Path) -> Node | None:
        text = shape.default
        if text is None or shape.type not in SUITS["default"]:
            return None
        at = (*path, "default")
        if shape.type in NUMERIC:
            number = number_of(text)
            wanted = FieldType.NUMBER
            return Number(number) if number is not None else self.expressions.value(text, at, table, wanted)
        if shape.type in TEMPORAL:
            serial = date_serial(text)
            wanted = FieldType.DATE
            return Number(serial) if serial is not None else self.expressions.value(text, at, table, wanted)
        if text.startswith("="):
            return self.expressions.value(text, at, table, shape.type)
        if shape.type is FieldType.BOOLEAN:
            flag = flag_of(text)
            if flag is None:
                self._bad_default(text, "true or false", at)
                return None
            return Boolean(flag)
        if shape.type in CHOICES:
            return self._default_item(text, kind, at)
        return Text(text)

    def _default_item(self, text: str, kind: Kind, path: Path) -> Node | None:
        definition = self.kinds.lists.get(kind.list)
        if definition is None:
            return None
        for item in definition.items:
            if text in (item.id, item.label.zh, item.label.en):
                return Item(definition.id, item.id)
        remedy, allowed = did_you_mean(text, (item.id for item in definition.items))
        self.problems.error(
            Code.DEFAULT,
            path,
            f"'{text}' is no item of the list '{kind.list}'",
            remedy=remedy,
            allowed=allowed,
        )
        return None

    def _bad_default(self, text: str, wanted: str, path: Path) -> None:
        self.problems.error(
            Code.DEFAULT, path, f"the default '{text}' is not {wanted}", remedy=f"Write {wanted}."
        )

    def _check_default(
        self, shape: FieldShape, default: Node | None, low: Node | None, high: Node | None, path: Path
    ) -> None:
        at = (*path, "default")
        match default:
            case Number(value):
                below = isinstance(low, Number) and value < low.value
                above = isinstance(high, Number) and value > high.value
                if below or above:
                    bound = f"below min {shape.min}" if below else f"above max {shape.max}"
                    self.problems.error(Code.DEFAULT, at, f"the default {shape.default} is {bound}")
                elif shape.type is FieldType.INTEGER and value != int(value):
                    self._bad_default(shape.default or "", "a whole number", at)
            case Text(value):
                if shape.max_length is not None and len(value) > shape.max_length:
                    self.problems.error(
                        Code.DEFAULT,
                        at,
                        f"the default has {len(value)} characters; max_length is {shape.max_length}",
                    )
                elif shape.pattern is not None and _fails(shape.pattern, value):
                    self.problems.error(Code.DEFAULT, at, f"the default '{value}' does not match the pattern")
            case _:
                return

    def _pattern(self, shape: FieldShape, path: Path) -> str:
        if shape.pattern is None:
            return ""
        try:
            re.compile(shape.pattern)
        except re.error as error:
            self.problems.error(
                Code.PATTERN,
                (*path, "pattern"),
                f"the pattern is no regular expression: {error.msg}",
                remedy="Put it in single quotes; a bracket or dot that means itself has \\ before it.",
                offset=error.pos,
            )
        return shape.pattern

    def _length(self, shape: FieldShape, path: Path) -> int | None:
        if shape.max_length is not None and not 1 <= shape.max_length <= CELL_TEXT:
            self.problems.error(
                Code.TOO_LONG,
                (*path, "max_length"),
                f"max_length is {shape.max_length}",
                remedy=f"A cell holds 1 to {CELL_TEXT} characters.",
            )
            return None
        return shape.max_length

    def _width(self, shape: FieldShape, path: Path) -> float | None:
        if shape.width is not None and not 0 < shape.width <= COLUMN_WIDTH:
            self.problems.error(
                Code.TOO_LONG,
                (*path, "width"),
                f"the width is {shape.width:g} characters",
                remedy=f"Excel's columns are up to {COLUMN_WIDTH} wide.",
            )
            return None
        return shape.width

    def _list(self, shape: FieldShape, name: str, path: Path) -> str:
        if shape.type not in CHOICES and not (shape.type is FieldType.FORMULA and shape.list):
            return ""
        wanted = shape.list or name
        if wanted in self.kinds.lists or self.problems.is_broken("lists", wanted):
            return wanted
        remedy, allowed = did_you_mean(wanted, self.kinds.lists)
        if shape.list is None:
            self._missing(
                path, "list", shape, remedy.replace("Did you mean", "Did you mean list:") or "Add `list: …`."
            )
        else:
            self.problems.error(
                Code.UNKNOWN_LIST,
                (*path, "list"),
                f"there is no list '{wanted}'",
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
                    f"the list '{kind.list}' depends on '{parent_list}', but the field on no field",
                    remedy=f"Add `depends_on: {same[0] if same else '<field with that list>'}`.",
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
                f"the list '{kind.list}' depends on no list",
                remedy=f"Write it as  {kind.list}: {{depends_on: {found.list or '…'}, items: {{…}}}}",
            )
        elif definition is not None and found.list != parent_list:
            self.problems.error(
                Code.DEPENDENT_LIST,
                (*path, "depends_on"),
                f"the list '{kind.list}' depends on '{parent_list}', but '{wanted}' "
                + (f"has the list '{found.list}'" if found.list else "has no list"),
                remedy="Both must be the same list.",
            )
        return wanted

    def _table(self, shape: FieldShape, path: Path) -> str:
        if shape.table is None:
            self._missing(path, "table", shape, "Add `table: …`, the table whose rows it names.")
            return ""
        if self.kinds.table(shape.table) is None and not self.problems.is_broken("tables", shape.table):
            remedy, allowed = did_you_mean(shape.table, self.kinds.shape.tables)
            self.problems.error(
                Code.UNKNOWN_TABLE,
                (*path, "table"),
                f"there is no table '{shape.table}'",
                remedy=remedy,
                allowed=allowed,
            )
        return shape.table

    def _lookup(self, table: str, shape: FieldShape, path: Path) -> Lookup | None:
        via, name = lookup_path(shape)
        at = "path" if shape.path is not None else ""
        if not via or not name:
            self._missing(
                path, "via` and `field", shape, "Add `via: <reference>` and `field: <field there>`."
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
        if kind.type is FieldType.CHOICE and kind.list in self.kinds.lists:
            names = self.kinds.lists[kind.list].attribute_names
            if name not in names:
                remedy, allowed = did_you_mean(name, names)
                self.problems.error(
                    Code.UNKNOWN_FIELD,
                    where,
                    f"the items of the list '{kind.list}' have no '{name}'",
                    remedy=remedy or "Give the items of the list this attribute.",
                    allowed=allowed,
                    offset=offset,
                )
                return None
            return Lookup(via, name)
        if kind.type is not FieldType.REFERENCE:
            self.problems.error(
                Code.NOT_A_REFERENCE,
                (*path, at or "via"),
                f"'{via}' is a {through.type} and leads to no other table",
                remedy="A lookup goes through a reference, or through a choice to an attribute of its list.",
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

    def _rollup(self, table: str, shape: FieldShape, path: Path) -> Rollup | None:
        if shape.table is None or shape.agg is None:
            missing = "table" if shape.table is None else "agg"
            self._missing(
                path, missing, shape, "A rollup names a table, an aggregate and a field of that table."
            )
            return None
        other = self._table(shape, path)
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
                    "count counts rows and takes no field",
                    remedy=f"""Remove it, or count rows where it is filled:  where: '[{shape.field}]<>""'""",
                )
            return ""
        if shape.field is None:
            self._missing(path, "field", shape, f"Add `field: …`, the field of '{other}' to aggregate.")
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
                f"{agg} needs {'numbers or dates' if agg in ('min', 'max') else 'numbers'}; "
                f"'{other}.{shape.field}' is {kind.type}",
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
                remedy, allowed = did_you_mean(shape.via, candidates)
                self.problems.error(
                    Code.NOT_A_REFERENCE,
                    (*path, "via"),
                    f"'{other}.{shape.via}' does not refer to '{table}'",
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
                f"several fields of '{other}' refer to '{table}': {', '.join(candidates)}",
                remedy="Name one:  " + " or ".join(f"via: {name}" for name in candidates),
                allowed=candidates,
            )
        else:
            self.problems.error(
                Code.NO_PATH,
                (*path, "table"),
                f"no field of '{other}' refers to '{table}'",
                remedy=f"Add to '{other}', such as  {table.rstrip('s')}: {{type: reference, table: {table}}}",
            )
        return ""

    def _override(self, table: str, shape: FieldShape, kind: Kind, path: Path) -> str:
        if shape.override is None:
            return ""
        at = (*path, "override")
        other = self.kinds.field(table, shape.override)
        if other is None:
            if not self.problems.is_broken("tables", table, "fields", shape.override):
                self.paths.unknown(table, shape.override, at)
            return ""
        if other.type.computed:
            self.problems.error(
                Code.OVERRIDE,
                at,
                f"'{shape.override}' is computed itself",
                remedy="Name a field that people fill; while it is empty the computed value counts.",
            )
        elif (other.type in NUMERIC) != (kind.type in NUMERIC):
            self.problems.error(
                Code.OVERRIDE, at, f"'{shape.override}' is {other.type}, the computed value is {kind.type}"
            )
        return shape.override

    def _renamed_from(self, table: str, shape: FieldShape, path: Path) -> str:
        if shape.renamed_from is not None and self.kinds.field(table, shape.renamed_from) is not None:
            self.problems.error(
                Code.RENAMED,
                (*path, "renamed_from"),
                f"the field '{shape.renamed_from}' still exists",
                remedy="Remove that field, or this line.",
            )
        return shape.renamed_from or ""


def _id_format(table: str) -> str:
    letter = next((c.upper() for c in table if c.isascii() and c.isalpha()), "N")
    return f"{letter}0000"


def _fails(pattern: str, value: str) -> bool:
    try:
        return re.fullmatch(pattern, value) is None
    except re.error:
        return False
