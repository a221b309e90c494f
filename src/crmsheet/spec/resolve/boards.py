"""Report sheets: selectors and the dimensions of blocks, each with its path in every fact table.

Knows how a path is found when the spec gives none, and when that fails. Blocks are `blocks`'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from crmsheet.messages import listed, say
from crmsheet.model.boards import Dimension, Grain, Selector
from crmsheet.model.spec import FieldType
from crmsheet.model.words import Label
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.glossary import known_label
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.labels import Labels
from crmsheet.spec.resolve.paths import End, Paths
from crmsheet.spec.shapes.boards import SelectorShape
from crmsheet.spec.shapes.dimensions import DimensionShape
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.spec.shapes.tables import FieldShape
from crmsheet.spec.shapes.words import LabelShape
from crmsheet.structs import dataclass

PERIODS: Final = (
    "today",
    "yesterday",
    "this_week",
    "last_week",
    "this_month",
    "last_month",
    "this_quarter",
    "last_quarter",
    "this_year",
    "last_year",
    "last_7_days",
    "last_30_days",
    "last_90_days",
    "last_12_months",
    "all",
)


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Resolves selectors and dimensions."""

    paths: Paths
    labels: Labels
    problems: Problems

    def selector(self, board: str, name: str, shape: SelectorShape, facts: Mapping[str, str]) -> Selector:
        """A selector with its path in each table it is given for, and in each of `facts`.

        `facts` are the tables whose rows the board counts, each with a metric that needs it.
        """
        path: Path = ("sheets", board, "selectors", name)
        if name == "period":
            return self._period(shape, path)
        record = shape.record or ""
        if record and not self.paths.known_table(record, (*path, "record")):
            facts = {}
        ends: dict[str, tuple[str, End]] = {}
        for table, text in shape.paths.items():
            at = (*path, "paths", table)
            if self.paths.kinds.table(table) is None:
                self._unknown_table(table, at)
            elif end := self.paths.checked(table, text, at):
                ends[table] = (text, end)
        for table, metric in facts.items():
            if table not in shape.paths:
                found = self._found(name, table, metric, path, shape.paths, record)
                if found is not None:
                    ends[table] = found
        choices = self._choices(name, ends, path) if not record else ("", record)
        if record:
            self._check_record(shape, ends, path)
        return Selector(
            name,
            self._label(shape.label, name, ends, path),
            tuple((table, text) for table, (text, _) in ends.items()),
            list=choices[0],
            table=choices[1],
            default=self._default(shape, choices[0], path),
            offer_blank=shape.offer_blank,
            record=bool(record),
        )

    def _check_record(self, shape: SelectorShape, ends: Mapping[str, tuple[str, End]], path: Path) -> None:
        """One row is always chosen, and every path leads to it."""
        if shape.offer_blank:
            self.problems.error(
                Code.DOES_NOT_APPLY,
                (*path, "offer_blank"),
                say("a record selector always chooses a row and cannot offer “(blank)”"),
                remedy=say("Leave out `offer_blank`."),
                key=True,
            )
        for table, (text, end) in ends.items():
            if end.choices != ("", shape.record):
                self.problems.error(
                    Code.NO_CHOICES,
                    (*path, "paths", table),
                    say(
                        "'{table}.{text}' does not refer to '{record}'",
                        table=table,
                        text=text,
                        record=shape.record,
                    ),
                    remedy=say("Name a reference to '{record}'.", record=shape.record),
                )

    def _period(self, shape: SelectorShape, path: Path) -> Selector:
        default = shape.default or ""
        if default and default not in PERIODS:
            remedy, allowed = did_you_mean(default, PERIODS)
            self.problems.error(
                Code.UNKNOWN_WORD,
                (*path, "default"),
                say("'{default}' is no period", default=default),
                remedy=remedy,
                allowed=allowed,
            )
        if shape.paths:
            self.problems.error(
                Code.DOES_NOT_APPLY,
                (*path, "paths", next(iter(shape.paths))),
                say("period follows each metric's `time`; it takes no paths"),
                remedy=say("Write  period: {{}}"),
                key=True,
            )
        return Selector("period", self.labels.of(shape.label, "period", path), default=default)

    def _unknown_table(self, table: str, path: Path) -> None:
        if not self.problems.is_broken("tables", table):
            remedy, allowed = did_you_mean(
                table,
                (*self.paths.kinds.shape.tables, *(n for n in SelectorShape.model_fields if n != "paths")),
            )
            self.problems.error(
                Code.UNKNOWN_TABLE,
                path,
                say("there is no table '{table}'", table=table),
                remedy=remedy,
                allowed=allowed,
                key=True,
            )

    def _found(
        self, name: str, table: str, metric: str, path: Path, given: Iterable[str], record: str = ""
    ) -> tuple[str, End] | None:
        """The one path from a fact table to what a selector filters."""
        candidates = self._candidates(name, table, record)
        if len(candidates) == 1:
            end = self.paths.end(table, candidates[0])
            return (candidates[0], end) if end else None
        example = ", ".join([*(f"{t}: …" for t in given), f"{table}: {candidates[0] if candidates else '…'}"])
        if candidates:
            self.problems.error(
                Code.SEVERAL_PATHS,
                path,
                say(
                    "several paths lead from '{table}' to '{name}': {candidates}",
                    table=table,
                    name=name,
                    candidates=listed(candidates),
                ),
                remedy=say("Choose one:  {name}: {{{example}}}", name=name, example=example),
                allowed=candidates,
                key=True,
            )
        else:
            self.problems.error(
                Code.NO_PATH,
                path,
                say(
                    "no path leads from '{table}' to '{name}', which the metric '{metric}' needs",
                    table=table,
                    name=name,
                    metric=metric,
                ),
                remedy=say(
                    "Give the path:  {name}: {{{example}}}\nor let the block that shows it say  ignores: "
                    "[{name}]",
                    name=name,
                    example=example,
                ),
                key=True,
            )
        return None

    def _candidates(self, name: str, table: str, record: str = "") -> tuple[str, ...]:
        if record:
            return self.paths.to_row(table, record)
        found = self.paths.to_name(table, name)
        if not found and self.paths.kinds.table(name) is not None:
            found = self.paths.to_table(table, name)
        return found

    def path_if_any(self, selector: Selector, table: str) -> tuple[str, ...]:
        """The paths from a table to a selector's field, for lists, which may do without."""
        return self._candidates(selector.id, table, selector.table if selector.record else "")

    def _choices(
        self, name: str, ends: Mapping[str, tuple[str, End]], path: Path, *, shown: str = "selector"
    ) -> tuple[str, str]:
        """The list or table that all ends agree on."""
        first = ("", "")
        origin = ""
        for table, (text, end) in ends.items():
            choices = end.choices
            if choices == ("", "") and end.kind.type is FieldType.REFERENCE:
                continue  # a reference to nothing is told where it stands
            if choices == ("", ""):
                self.problems.error(
                    Code.NO_CHOICES,
                    path,
                    say(
                        "'{table}.{field}' is {type} and has no list of values",
                        table=end.table,
                        field=end.field,
                        type=end.kind.type,
                    ),
                    remedy=self.paths.with_choices(table, text, end)
                    or say("A {shown} is a choice or a reference.", shown=say(shown)),
                    key=True,
                )
            elif first == ("", ""):
                first, origin = choices, f"{table}: {text}"
            elif choices != first:
                self.problems.error(
                    Code.NO_CHOICES,
                    path,
                    say(
                        "'{name}' is not the same everywhere: {origin} has the values of '{first}', {table}: "
                        "{text} those of '{choices}'",
                        name=name,
                        origin=origin,
                        first=first[0] or first[1],
                        table=table,
                        text=text,
                        choices=choices[0] or choices[1],
                    ),
                    remedy=say("Name paths that end at the same list or table."),
                    key=True,
                )
        return first

    def _label(
        self,
        given: object,
        name: str,
        ends: Mapping[str, tuple[str, End]],
        path: Path,
    ) -> Label:
        """The label given, else that of the field at the end of the first path."""
        if isinstance(given, LabelShape):
            return self.labels.of(given, name, path)
        for _, end in ends.values():
            field: FieldShape | None = self.paths.kinds.field(end.table, end.field)
            if field is not None and field.label is not None:
                quiet = Labels(Problems(self.problems.root), two_languages=False)
                return quiet.of(field.label, name, path)
        return known_label(name) or self.labels.of(None, name, path)

    def _default(self, shape: SelectorShape, list_id: str, path: Path) -> str:
        default = shape.default or ""
        definition = self.paths.kinds.lists.get(list_id)
        if default and definition is not None:
            ids = {item.id for item in definition.items}
            if default not in ids:
                remedy, allowed = did_you_mean(default, ids)
                self.problems.error(
                    Code.DEFAULT,
                    (*path, "default"),
                    say("'{default}' is no item of the list '{list_id}'", default=default, list_id=list_id),
                    remedy=remedy,
                    allowed=allowed,
                )
        return default

    def dimension(self, shape: DimensionShape, facts: Mapping[str, str], path: Path) -> Dimension | None:
        """What a block is broken down by; `facts` as for `selector`."""
        if shape.name and not shape.paths:
            if shape.name in (grain.value for grain in Grain):
                return Dimension(
                    shape.name, self.labels.of(shape.label, shape.name, path), grain=Grain(shape.name)
                )
            ends = self._by_name(shape.name, facts, path)
            name = shape.name.rpartition(".")[2]
        else:
            ends, name = self._by_table(shape, facts, path)
        if len(ends) < len(facts) or not ends:
            return None
        choices = self._choices(name, ends, path, shown="dimension")
        return Dimension(
            name,
            self._label(shape.label, name, ends, path),
            paths=tuple((table, text) for table, (text, _) in ends.items()),
            list=choices[0],
            table=choices[1],
        )

    def reaches(self, text: str, table: str, facts: Iterable[str]) -> bool:
        """Whether a field or path, as one names it, leads anywhere from a fact table."""
        first, dot, second = text.partition(".")
        if self.paths.end(table, text) is not None:
            return True
        return bool(self._beside(table, first, second, facts) if dot else self._candidates(text, table))

    def _by_table(
        self, shape: DimensionShape, facts: Mapping[str, str], path: Path
    ) -> tuple[dict[str, tuple[str, End]], str]:
        ends: dict[str, tuple[str, End]] = {}
        for table, text in shape.paths.items():
            if self.paths.kinds.table(table) is None:
                self._unknown_table(table, (*path, table))
            elif end := self.paths.checked(table, text, (*path, table)):
                ends[table] = (text, end)
        for table, metric in facts.items():
            if table not in shape.paths:
                self.problems.error(
                    Code.NO_PATH,
                    path,
                    say(
                        "the path for '{table}' is missing, which the metric '{metric}' needs",
                        table=table,
                        metric=metric,
                    ),
                    remedy=f"Add  {table}: …",
                )
        name = next(iter(shape.paths.values()), "").rpartition(".")[2]
        return ends, name

    def _by_name(self, text: str, facts: Mapping[str, str], path: Path) -> dict[str, tuple[str, End]]:
        ends: dict[str, tuple[str, End]] = {}
        first, dot, second = text.partition(".")
        for table, metric in facts.items():
            end = self.paths.end(table, text)
            if end is not None:
                ends[table] = (text, end)
                continue
            candidates = (
                self._candidates(text, table) if not dot else self._beside(table, first, second, facts)
            )
            if len(candidates) == 1 and (found := self.paths.end(table, candidates[0])):
                ends[table] = (candidates[0], found)
            elif candidates:
                self.problems.error(
                    Code.SEVERAL_PATHS,
                    path,
                    say(
                        "several paths lead from '{table}' to '{text}': {candidates}",
                        table=table,
                        text=text,
                        candidates=listed(candidates),
                    ),
                    remedy=say(
                        "Choose one:  by: {{{table}: {candidates}, …}}", table=table, candidates=candidates[0]
                    ),
                    allowed=candidates,
                )
            elif dot and self.paths.kinds.field(table, first) is not None:
                self.paths.checked(table, text, path)
            else:
                self._unreachable(text, table, metric, path)
        return ends

    def _beside(self, table: str, first: str, second: str, facts: Iterable[str]) -> tuple[str, ...]:
        """For `customer.region` in `customers` itself, which other facts refer to: `region`."""
        for other in facts:
            if self.paths.kinds.field(other, first) and self.paths.kinds.of(other, first).table == table:
                return (second,) if self.paths.kinds.field(table, second) else ()
        return ()

    def _unreachable(self, text: str, table: str, metric: str, path: Path) -> None:
        if self.problems.is_broken("tables", table, "fields", text):
            return
        grains = tuple(grain.value for grain in Grain)
        fields = self.paths.fields(table)
        through = tuple(
            f"{r}.{f}" for r, target in self.paths.references(table) for f in self.paths.fields(target)
        )
        remedy, allowed = did_you_mean(text, (*grains, *fields, *(t for t in through if t.endswith(text))))
        self.problems.error(
            Code.NO_PATH,
            path,
            say(
                "no path leads from '{table}' to '{text}', which the metric '{metric}' needs",
                table=table,
                text=text,
                metric=metric,
            ),
            remedy=remedy or say("Name a field of '{table}' or a path through a reference.", table=table),
            allowed=allowed,
        )
