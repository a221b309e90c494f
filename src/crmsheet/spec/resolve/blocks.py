"""Blocks of report sheets: from their form to the Model, with stable ids.

Knows each kind of block. Paths and selectors are `boards`'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from crmsheet.formulas.tree import Measure, walk
from crmsheet.model.boards import (
    Block,
    Board,
    Card,
    CardsBlock,
    ChartBlock,
    ChartType,
    Grain,
    KpiBlock,
    ListBlock,
    ListColumn,
    NoteBlock,
    Selector,
    TableBlock,
)
from crmsheet.model.metrics import Metric, MetricType
from crmsheet.model.words import Label
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.glossary import known_label
from crmsheet.spec.nodes import Path
from crmsheet.spec.resolve.boards import Dimensions
from crmsheet.spec.resolve.expressions import Expressions
from crmsheet.spec.resolve.labels import Labels
from crmsheet.spec.resolve.paths import Paths
from crmsheet.spec.shapes.boards import (
    BlockShape,
    BoardShape,
    ChartShape,
    ListBlockShape,
    MetricsShape,
    TableBlockShape,
)
from crmsheet.spec.shapes.problems import did_you_mean
from crmsheet.spec.shapes.words import LabelShape

KINDS: Final = ("cards", "chart", "table", "list", "kpis", "note")
MOST_LIVE_ROWS: Final = 50
MOST_PERIODS: Final = 60


def shown_metrics(boards: Iterable[BoardShape]) -> frozenset[str]:
    """The metrics that any board shows."""
    found: set[str] = set()
    for board in boards:
        for block in board.blocks:
            found.update(_metric_ids(block))
    return frozenset(found)


def _metric_ids(block: BlockShape) -> tuple[str, ...]:
    if block.cards:
        return tuple(card.metric for card in block.cards.metrics)
    for shape in (block.chart, block.table, block.kpis):
        if shape:
            return shape.metrics
    return ()


@dataclass(slots=True)
class Boards:
    """Resolves report sheets; `metrics` are the resolved ones."""

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

    def resolved(self, board: str, shape: BoardShape) -> Board:
        self.path = ("sheets", board)
        self.taken = {}
        facts = self._facts_by_selector(shape)
        self.selectors = tuple(
            self.dimensions.selector(board, name, given, facts[name])
            for name, given in shape.selectors.items()
        )
        for index, block in enumerate(shape.blocks):
            if block.id is not None:
                self._claim(block.id, (*self.path, "blocks", index))
        blocks = [self._block(block, (*self.path, "blocks", i)) for i, block in enumerate(shape.blocks)]
        if not shape.blocks and not self.problems.is_broken(*self.path):
            self.problems.error(
                Code.BLOCK, self.path, f"the sheet '{board}' has no blocks", remedy="Add `blocks:`.", key=True
            )
        return Board(
            board,
            self.labels.of(shape.label, board, self.path),
            self.selectors,
            tuple(b for b in blocks if b is not None),
            self.labels.text(shape.help, (*self.path, "help")),
            shape.renamed_from or "",
        )

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

    def _timeless(self, metric_id: str, seen: set[str]) -> str:
        """The first part of a metric that has no time; empty when all have."""
        metric = self.metrics.get(metric_id)
        if metric is None or metric_id in seen:
            return ""
        seen.add(metric_id)
        match metric.type:
            case MetricType.SIMPLE:
                given = self.paths.kinds.shape.metrics[metric_id].time is not None
                return "" if given else metric_id
            case MetricType.RATIO:
                return self._timeless(metric.numerator, seen) or self._timeless(metric.denominator, seen)
            case MetricType.DERIVED:
                return next((t for part in _measures(metric) if (t := self._timeless(part, seen))), "")

    def _facts_by_selector(self, shape: BoardShape) -> dict[str, dict[str, str]]:
        result: dict[str, dict[str, str]] = {}
        for name in shape.selectors:
            following: list[str] = []
            for block in shape.blocks:
                following += _following(block, name)
            result[name] = self.facts(following)
        return result

    # -- blocks -----------------------------------------------------------------------------------

    def _block(self, shape: BlockShape, path: Path) -> Block | None:
        kinds = [kind for kind in KINDS if getattr(shape, kind) is not None]
        if len(kinds) != 1:
            if not any(self.problems.is_broken(*path[: len(path)], kind) for kind in KINDS):
                self.problems.error(
                    Code.BLOCK,
                    path,
                    "a block is one of "
                    + ", ".join(KINDS)
                    + (f"; here are {' and '.join(kinds)}" if kinds else ""),
                    remedy="Begin another block with `- ` for each." if kinds else "Add what it shows.",
                )
            return None
        at = (*path, kinds[0])
        if shape.cards:
            metrics = tuple(
                card.metric
                for i, card in enumerate(shape.cards.metrics)
                if self._known(card.metric, (*at, "metrics", i))
            )
            cards = tuple(
                Card(card.metric, self._ignored((*shape.cards.ignores, *card.ignores), at))
                for card in shape.cards.metrics
                if card.metric in metrics
            )
            return CardsBlock(
                self._id(shape, "cards", ()), cards, self._title(shape, shape.cards.title, path)
            )
        if shape.kpis:
            return KpiBlock(
                self._id(shape, "kpis", ()),
                self._metrics(shape.kpis, at),
                self._title(shape, shape.kpis.title, path),
                self._ignored(shape.kpis.ignores, at),
            )
        if shape.chart:
            return self._chart(shape, shape.chart, at)
        if shape.table:
            return self._table(shape, shape.table, at)
        if shape.list:
            return self._list(shape, shape.list, at)
        text = self.labels.text(shape.note, at)
        return NoteBlock(self._id(shape, "note", ()), text or Label.same(""))

    def _title(self, shape: BlockShape, inner: object, path: Path) -> Label | None:
        if shape.title is not None:
            return self.labels.text(shape.title, (*path, "title"))
        kind = next(k for k in KINDS if getattr(shape, k) is not None)
        return self.labels.text(inner, (*path, kind, "title")) if isinstance(inner, LabelShape) else None

    def _claim(self, block_id: str, path: Path) -> None:
        if block_id in self.taken:
            self.problems.error(
                Code.TAKEN_ID,
                (*path, "id"),
                f"the block id '{block_id}' is taken",
                remedy="Block ids of a sheet are unique: workbooks find their blocks by them.",
            )
        self.taken[block_id] = 1

    def _id(self, shape: BlockShape, kind: str, words: Sequence[str]) -> str:
        """The id given, else one from what the block shows, so that it stays when blocks are reordered."""
        if shape.id is not None:
            return shape.id
        base = "_".join((kind, *(w.replace(".", "_") for w in words)))
        block_id, number = base, 2
        while block_id in self.taken:
            block_id, number = f"{base}_{number}", number + 1
        self.taken[block_id] = 1
        return block_id

    def _known(self, metric: str, path: Path) -> bool:
        if metric in self.metrics:
            return True
        if metric not in self.declared and not self.problems.is_broken("metrics", metric):
            remedy, allowed = did_you_mean(metric, self.declared)
            self.problems.error(
                Code.UNKNOWN_METRIC, path, f"there is no metric '{metric}'", remedy=remedy, allowed=allowed
            )
        return False

    def _metrics(self, shape: MetricsShape, path: Path) -> tuple[str, ...]:
        found = tuple(m for i, m in enumerate(shape.metrics) if self._known(m, (*path, "metrics", i)))
        if not shape.metrics:
            self.problems.error(Code.BLOCK, path, "the block names no metric", key=True)
        return tuple(dict.fromkeys(found))

    def _ignored(self, names: Sequence[str], path: Path) -> tuple[str, ...]:
        known = [s.id for s in self.selectors]
        for name in names:
            if name not in known:
                remedy, allowed = did_you_mean(name, known)
                self.problems.error(
                    Code.BLOCK,
                    (*path, "ignores"),
                    f"the sheet has no selector '{name}' to ignore",
                    remedy=remedy,
                    allowed=allowed,
                )
        return tuple(dict.fromkeys(n for n in names if n in known))

    def _within(self, value: int | None, most: int, name: str, path: Path) -> None:
        if value is not None and not 1 <= value <= most:
            self.problems.error(
                Code.BLOCK, (*path, name), f"`{name}` is {value}", remedy=f"Allowed: 1 to {most}."
            )

    def _chart(self, block: BlockShape, shape: ChartShape, path: Path) -> ChartBlock | None:
        metrics = self._metrics(shape, path)
        by = self.dimensions.dimension(shape.by, self.facts(metrics), (*path, "by"))
        ignores = self._ignored(shape.ignores, path)
        self._within(shape.last, MOST_PERIODS, "last", path)
        self._within(shape.top, MOST_LIVE_ROWS, "top", path)
        if by is None or not metrics:
            return None
        self._check_time(metrics, by.grain, path)
        if shape.type is ChartType.DOUGHNUT and len(metrics) > 1:
            self.problems.error(
                Code.BLOCK,
                (*path, "metrics"),
                "a doughnut shows one metric",
                remedy="Use a bar or column chart.",
            )
        return ChartBlock(
            self._id(block, "chart", (*metrics, by.id)),
            shape.type,
            metrics,
            by,
            self._title(block, shape.title, path[:-1]),
            shape.last,
            shape.top,
            ignores,
            shape.stacked,
        )

    def _table(self, block: BlockShape, shape: TableBlockShape, path: Path) -> TableBlock | None:
        metrics = self._metrics(shape, path)
        by = self.dimensions.dimension(shape.by, self.facts(metrics), (*path, "by"))
        ignores = self._ignored(shape.ignores, path)
        self._within(shape.last, MOST_PERIODS, "last", path)
        self._within(shape.top, MOST_LIVE_ROWS, "top", path)
        if by is None or not metrics:
            return None
        self._check_time(metrics, by.grain, path)
        return TableBlock(
            self._id(block, "table", (*metrics[:1], by.id)),
            metrics,
            by,
            self._title(block, shape.title, path[:-1]),
            shape.totals,
            shape.last,
            shape.top,
            ignores,
        )

    def _check_time(self, metrics: Sequence[str], grain: Grain | None, path: Path) -> None:
        if grain is None:
            return
        for metric in metrics:
            if timeless := self._timeless(metric, set()):
                through = "" if timeless == metric else f" (through '{timeless}')"
                self.problems.error(
                    Code.METRIC_TIME,
                    (*path, "metrics"),
                    f"'{metric}' has no time{through} and cannot be shown by {grain}",
                    remedy=f"Give the metric '{timeless}' a `time`, or leave it out here.",
                )

    def _list(self, block: BlockShape, shape: ListBlockShape, path: Path) -> ListBlock | None:
        table = shape.table
        if self.paths.kinds.table(table) is None:
            if not self.problems.is_broken("tables", table):
                remedy, allowed = did_you_mean(table, self.paths.kinds.shape.tables)
                self.problems.error(
                    Code.UNKNOWN_TABLE,
                    (*path, "table"),
                    f"there is no table '{table}'",
                    remedy=remedy,
                    allowed=allowed,
                )
            return None
        columns = tuple(
            ListColumn(
                column.path, self._column_label(table, column.path, column.label, (*path, "columns", i))
            )
            for i, column in enumerate(shape.columns)
            if self.paths.checked(table, column.path, (*path, "columns", i))
        )
        sort = (shape.sort or "").lstrip("-+")
        if sort:
            self.paths.checked(table, sort, (*path, "sort"))
        self._within(shape.limit, MOST_LIVE_ROWS, "limit", path)
        return ListBlock(
            self._id(block, "list", (table, *_rule_names(shape.where))),
            table,
            columns,
            self._title(block, shape.title, path[:-1]),
            self.expressions.condition(shape.where, (*path, "where"), table) if shape.where else None,
            sort,
            (shape.sort or "").startswith("-"),
            shape.limit,
            self._list_paths(table, self._ignored(shape.ignores, path), path),
            self.labels.text(shape.empty, (*path, "empty")),
        )

    def _column_label(self, table: str, text: str, given: object, path: Path) -> Label:
        if isinstance(given, LabelShape):
            return self.labels.of(given, text, path)
        reference, dot, name = text.partition(".")
        owner = self.paths.kinds.of(table, reference).table if dot else table
        field_shape = self.paths.kinds.field(owner, name if dot else reference)
        word = name if dot else reference
        quiet = Labels(Problems(self.problems.root), two_languages=False)
        if field_shape is not None and field_shape.label is not None:
            return quiet.of(field_shape.label, word, path)
        return known_label(word) or Label.same(word)

    def _list_paths(self, table: str, ignored: Sequence[str], path: Path) -> tuple[tuple[str, str], ...]:
        """Each selector with the path it filters in this table; one that does not reach it is left out."""
        found = []
        for selector in self.selectors:
            if selector.is_period or selector.id in ignored:
                continue
            explicit = selector.path(table)
            candidates = (explicit,) if explicit else self.dimensions.path_if_any(selector.id, table)
            if len(candidates) > 1:
                self.problems.error(
                    Code.SEVERAL_PATHS,
                    (*path, "table"),
                    f"several paths lead from '{table}' to '{selector.id}': {', '.join(candidates)}",
                    remedy=f"Choose one in the selector:  {selector.id}: {{{table}: {candidates[0]}, …}}\n"
                    f"or let this list say  ignores: [{selector.id}]",
                    allowed=candidates,
                )
            elif candidates:
                end = self.paths.end(table, candidates[0])
                if end is not None and end.choices == (selector.list, selector.table):
                    found.append((selector.id, candidates[0]))
        return tuple(found)


def _measures(metric: Metric) -> tuple[str, ...]:
    if metric.expr is None:
        return ()
    return tuple(node.metric for node in walk(metric.expr) if isinstance(node, Measure))


def _following(block: BlockShape, selector: str) -> list[str]:
    """The metrics of a block that follow a selector."""
    if block.cards:
        if selector in block.cards.ignores:
            return []
        return [card.metric for card in block.cards.metrics if selector not in card.ignores]
    for shape in (block.chart, block.table, block.kpis):
        if shape:
            return [] if selector in shape.ignores else list(shape.metrics)
    return []


def _rule_names(where: str | None) -> tuple[str, ...]:
    """For `[stale]`, the rule's id: a good part of a block's id."""
    text = (where or "").strip().lstrip("=").strip()
    name = text[1:-1]
    return (name,) if text[:1] == "[" and text[-1:] == "]" and name.isidentifier() else ()
