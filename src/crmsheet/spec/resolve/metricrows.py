"""Metrics for each row of a table: what may be asked of a row, and how the rows counted lead to it.

Knows which metrics can be had for every row at once, sums and counts, and the reference from their tables.
Does not know types of metrics otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from crmsheet.formulas.tree import Call, Measure, Node, walk
from crmsheet.messages import listed, say
from crmsheet.model.metrics import Aggregation
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.expressions import Expressions
from crmsheet.spec.resolve.paths import Paths
from crmsheet.spec.shapes.metrics import MetricShape, MetricWord
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.structs import dataclass, replace

_TOTALS: Final = (Aggregation.SUM, Aggregation.COUNT)
_ROW_BY_ROW: Final = frozenset(("AND", "OR", "NOT", "ABS", "INT", "ROUND", "SQRT", "LN", "EXP"))
"""Functions that a formula over whole columns computes for each of their cells."""


@dataclass(frozen=True, slots=True)
class MetricRows:
    """Finds the way from counted rows to the rows of another table."""

    shapes: Mapping[str, MetricShape]
    paths: Paths
    expressions: Expressions
    problems: Problems

    def ways(self, name: str, table: str, path: Path, *trees: Node | None) -> tuple[tuple[str, str], ...]:
        """For each table counted in the trees, the reference from it to `table`."""
        found: dict[str, str] = {}
        for key, tree in zip(("having", "expr"), trees, strict=True):
            for fact, leaf in self._facts(name, tree, (*path, key)):
                if fact not in found:
                    found[fact] = self.way(
                        fact, table, self.shapes[name].via.get(fact, ""), (*path, key), leaf
                    )
        if found:
            self._check_given(name, path, found)
        return tuple((fact, way) for fact, way in found.items() if way)

    def way(self, fact: str, table: str, given: str, path: Path, metric: str) -> str:
        """The one reference from a fact table to the rows; of the table itself, its key."""
        if given:
            return given
        candidates = self.paths.to_table(fact, table)
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            self.problems.error(
                Code.SEVERAL_PATHS,
                path,
                say(
                    "several paths lead from '{fact}' to '{table}': {candidates}",
                    fact=fact,
                    table=table,
                    candidates=listed(candidates),
                ),
                remedy=say("Choose one:  via: {{{fact}: {candidates}}}", fact=fact, candidates=candidates[0]),
                allowed=candidates,
            )
        elif not self.problems.is_broken("tables", fact):
            self.problems.error(
                Code.NO_PATH,
                path,
                say(
                    "no path leads from '{fact}' to '{table}', which the metric '{metric}' needs",
                    fact=fact,
                    table=table,
                    metric=metric,
                ),
                remedy=say("Give '{fact}' a reference to '{table}'.", fact=fact, table=table),
            )
        return ""

    def _check_given(self, name: str, path: Path, found: Mapping[str, str]) -> None:
        for fact, reference in self.shapes[name].via.items():
            at = (*path, "via", fact)
            if fact not in found:
                remedy, allowed = did_you_mean(fact, found)
                self.problems.error(
                    Code.UNKNOWN_TABLE,
                    at,
                    say("the metrics of '{name}' count no rows of '{fact}'", name=name, fact=fact),
                    remedy=remedy,
                    allowed=allowed,
                    key=True,
                )
            else:
                self.paths.checked(fact, reference, at)

    def _facts(self, name: str, tree: Node | None, path: Path) -> Iterator[tuple[str, str]]:
        """The tables counted in a tree, each with the metric that counts it."""
        for node in walk(tree) if tree is not None else ():
            if isinstance(node, Measure):
                yield from self._leaves(node.metric, path, {name})
            elif isinstance(node, Call) and node.function not in _ROW_BY_ROW:
                self.problems.error(
                    Code.EXPRESSION_FUNCTION,
                    path,
                    say("{function} cannot be computed for each row here", function=node.function),
                    remedy=say(
                        "Here stand comparisons, arithmetic and {row_by_row}.",
                        row_by_row=listed(sorted(_ROW_BY_ROW)),
                    ),
                )

    def _leaves(self, metric: str, path: Path, seen: set[str]) -> Iterator[tuple[str, str]]:
        shape = self.shapes.get(metric)
        if shape is None or metric in seen:
            return
        deeper = seen | {metric}
        match shape.type:
            case MetricWord.SIMPLE if shape.agg in _TOTALS and shape.having is None and shape.expr is None:
                if shape.table and self.paths.kinds.table(shape.table):
                    yield shape.table, metric
            case MetricWord.CUMULATIVE if shape.metric:
                yield from self._leaves(shape.metric, path, deeper)
            case MetricWord.DERIVED if shape.expr:
                # What is wrong with it is told where it stands.
                quiet = replace(self.expressions, problems=Problems(self.problems.root))
                tree = quiet.measures(shape.expr, ("metrics", metric, "expr"))
                for node in walk(tree) if tree is not None else ():
                    if isinstance(node, Measure):
                        yield from self._leaves(node.metric, path, deeper)
            case _:
                what = (
                    say("{agg} of {table}", agg=shape.agg, table=shape.table)
                    if shape.type is MetricWord.SIMPLE
                    else say("a {type}", type=shape.type)
                )
                self.problems.error(
                    Code.METRIC_PART,
                    path,
                    say("'{metric}' ({what}) cannot be had for each row", metric=metric, what=what),
                    remedy=say(
                        "Here stand sums and counts, cumulative ones of these, and expressions over them."
                    ),
                )
