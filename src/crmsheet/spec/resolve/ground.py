"""What blocks of a report sheet have in common: metrics, titles, ids, ignored selectors, limits.

Knows a sheet while its blocks are read. Does not know any kind of block from inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, assert_never

from crmsheet.formulas.tree import Measure, walk
from crmsheet.messages import say
from crmsheet.model.boards import (
    Dimension,
    Grain,
    Selector,
)
from crmsheet.model.metrics import Metric, MetricType
from crmsheet.model.words import Label
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.boards import Dimensions
from crmsheet.spec.resolve.expressions import Expressions
from crmsheet.spec.resolve.hints import named_metric
from crmsheet.spec.resolve.labels import Labels
from crmsheet.spec.resolve.paths import Paths
from crmsheet.spec.shapes.boards import BlockShape
from crmsheet.spec.shapes.dimensions import DimensionShape, MetricsShape
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.spec.shapes.words import LabelShape
from crmsheet.structs import dataclass, field

KINDS: Final = ("cards", "chart", "heat", "table", "list", "segment", "record", "kpis", "analysis", "note")
MOST_LIVE_ROWS: Final = 50
MOST_PERIODS: Final = 60


@dataclass(slots=True)
class BoardGround:
    """A report sheet being resolved; `metrics` are the resolved ones of the spec."""

    metrics: Mapping[str, Metric]
    declared: Sequence[str]
    dimensions: Dimensions
    paths: Paths
    labels: Labels
    expressions: Expressions
    problems: Problems
    selectors: tuple[Selector, ...] = ()
    path: Path = ()
    taken: dict[str, int] = field(default_factory=dict)

    # -- which tables a metric counts -------------------------------------------------------------

    def facts(self, metric_ids: Iterable[str]) -> dict[str, str]:
        """The fact tables of metrics, each with the first metric that needs it."""
        found: dict[str, str] = {}
        for metric_id in metric_ids:
            for table in self._tables(metric_id, set()):
                found.setdefault(table, metric_id)
        return found

    def _tables(self, metric_id: str, seen: set[str]) -> tuple[str, ...]:
        metric = self.metrics.get(metric_id)
        if metric is None or metric_id in seen:
            return ()
        seen.add(metric_id)
        match metric.type:
            case MetricType.SIMPLE:
                return (metric.table,) if metric.table else ()
            case MetricType.RATIO:
                return self._tables(metric.numerator, seen) + self._tables(metric.denominator, seen)
            case MetricType.DERIVED:
                return tuple(t for part in _measures(metric) for t in self._tables(part, seen))
            case MetricType.CUMULATIVE:
                return self._tables(metric.metric, seen)
            case MetricType.CONVERSION:
                return self._tables(metric.base, seen)
            case _:
                assert_never(metric.type)

    def _timeless(self, metric_id: str, seen: set[str]) -> str:
        """The first part of a metric that has no time; empty when all have."""
        metric = self.metrics.get(metric_id)
        if metric is None or metric_id in seen:
            return ""
        seen.add(metric_id)
        match metric.type:
            case MetricType.SIMPLE if metric.per_row:
                return next((t for part in _measures(metric) if (t := self._timeless(part, seen))), "")
            case MetricType.SIMPLE:
                given = self.paths.kinds.shape.metrics[metric_id].time is not None
                return "" if given else metric_id
            case MetricType.RATIO:
                return self._timeless(metric.numerator, seen) or self._timeless(metric.denominator, seen)
            case MetricType.DERIVED:
                return next((t for part in _measures(metric) if (t := self._timeless(part, seen))), "")
            case MetricType.CUMULATIVE:
                return self._timeless(metric.metric, seen)
            case MetricType.CONVERSION:
                return self._timeless(metric.base, seen)
            case _:
                assert_never(metric.type)

    def title(self, shape: BlockShape, inner: object, path: Path) -> Label | None:
        if shape.title is not None:
            return self.labels.text(shape.title, (*path, "title"))
        kind = next(k for k in KINDS if getattr(shape, k) is not None)
        return self.labels.text(inner, (*path, kind, "title")) if isinstance(inner, LabelShape) else None

    def claim(self, block_id: str, path: Path) -> None:
        if block_id in self.taken:
            self.problems.error(
                Code.TAKEN_ID,
                (*path, "id"),
                say("the block id '{block_id}' is taken", block_id=block_id),
                remedy=say("Block ids of a sheet are unique: workbooks find their blocks by them."),
            )
        self.taken[block_id] = 1

    def id(self, shape: BlockShape, kind: str, words: Sequence[str]) -> str:
        """The id given, else one from what the block shows, so that it stays when blocks are reordered."""
        if shape.id is not None:
            return shape.id
        base = "_".join((kind, *(w.replace(".", "_") for w in words)))
        block_id, number = base, 2
        while block_id in self.taken:
            block_id, number = f"{base}_{number}", number + 1
        self.taken[block_id] = 1
        return block_id

    def known(self, metric: str, path: Path) -> bool:
        if metric in self.metrics:
            return True
        if metric not in self.declared and not self.problems.is_broken("metrics", metric):
            remedy, allowed = named_metric(self.paths.kinds.shape, metric, self.declared)
            self.problems.error(
                Code.UNKNOWN_METRIC,
                path,
                say("there is no metric '{metric}'", metric=metric),
                remedy=remedy,
                allowed=allowed,
            )
        return False

    def metrics_of(self, shape: MetricsShape, path: Path) -> tuple[str, ...]:
        return self.known_metrics(shape.metrics, path)

    def known_metrics(self, ids: Sequence[str], path: Path) -> tuple[str, ...]:
        """Those of the metrics of a block that there are."""
        found = tuple(m for i, m in enumerate(ids) if self.known(m, (*path, "metrics", i)))
        if not ids:
            self.problems.error(Code.BLOCK, path, say("the block names no metric"), key=True)
        return tuple(dict.fromkeys(found))

    def partly(
        self, shape: DimensionShape, facts: Mapping[str, str], path: Path, needed: str = ""
    ) -> Dimension | None:
        """A dimension with a path in each fact table that has one, and in the one that needs it."""
        named = shape.name and not shape.paths
        reached = {
            table: metric
            for table, metric in facts.items()
            if table == needed
            or (self.dimensions.reaches(shape.name, table, facts) if named else table in shape.paths)
        }
        return self.dimensions.dimension(shape, reached or facts, path)

    def ignored(self, names: Sequence[str], path: Path) -> tuple[str, ...]:
        known = [s.id for s in self.selectors]
        for name in names:
            if name not in known:
                remedy, allowed = did_you_mean(name, known)
                self.problems.error(
                    Code.BLOCK,
                    (*path, "ignores"),
                    say("the sheet has no selector '{name}' to ignore", name=name),
                    remedy=remedy,
                    allowed=allowed,
                )
        return tuple(dict.fromkeys(n for n in names if n in known))

    def omitted(self, items: Sequence[str], by: Dimension | None, path: Path) -> tuple[str, ...]:
        """Items of the list behind a dimension that a block leaves out."""
        if not items:
            return ()
        definition = self.expressions.kinds.lists.get(by.list) if by is not None and by.list else None
        if definition is None:
            self.problems.error(
                Code.BLOCK,
                (*path, "omit"),
                say("`omit` leaves out items of a list, and `by` names none"),
                remedy=say("Remove it, or break down by a choice field."),
                key=True,
            )
            return ()
        known = [item.id for item in definition.items]
        for place, item in enumerate(items):
            if item not in known:
                remedy, allowed = did_you_mean(item, known)
                self.problems.error(
                    Code.BLOCK,
                    (*path, "omit", place),
                    say("'{text}' is no item of the list '{list}'", text=item, list=definition.id),
                    remedy=remedy,
                    allowed=allowed,
                )
        return tuple(dict.fromkeys(item for item in items if item in known))

    def within(self, value: int | None, most: int, name: str, path: Path) -> None:
        if value is not None and not 1 <= value <= most:
            self.problems.error(
                Code.BLOCK,
                (*path, name),
                say("`{name}` is {value}", name=name, value=value),
                remedy=say("Allowed: 1 to {most}.", most=most),
            )

    def check_time(self, metrics: Sequence[str], grain: Grain | None, path: Path) -> None:
        if grain is None:
            return
        for metric in metrics:
            if timeless := self._timeless(metric, set()):
                through = "" if timeless == metric else say(" (through '{metric}')", metric=timeless)
                self.problems.error(
                    Code.METRIC_TIME,
                    (*path, "metrics"),
                    say(
                        "'{metric}' has no time{through} and cannot be shown by {grain}",
                        metric=metric,
                        through=through,
                        grain=grain,
                    ),
                    remedy=say(
                        "Give the metric '{timeless}' a `time`, or leave it out here.", timeless=timeless
                    ),
                )


def _measures(metric: Metric) -> tuple[str, ...]:
    trees = [tree for tree in (metric.expr, metric.having) if tree is not None]
    return tuple(node.metric for tree in trees for node in walk(tree) if isinstance(node, Measure))
