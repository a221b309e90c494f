"""The rows behind metrics as plain numbers: a month each, by the values of a dimension.

Knows tables, references and metrics. Does not know any statistic, nor words.

Months are numbers: year * 12 + month - 1. Only months that are over count; one that runs would look like a loss.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import fsum
from statistics import fmean, median
from typing import Final, assert_never

from crmsheet.compile.columns import with_rules
from crmsheet.compile.pieces import Context, Rows
from crmsheet.excel.dates import date_parts
from crmsheet.excel.values import Value
from crmsheet.formulas.criteria import Key
from crmsheet.formulas.criteria import key as criterion_key
from crmsheet.formulas.tree import Measure, Node, Number, rewritten, walk
from crmsheet.model.boards import Dimension
from crmsheet.model.metrics import Aggregation, Metric, MetricType
from crmsheet.model.spec import Table
from crmsheet.structs import dataclass, replace

EVERYWHERE: Final = ""
"""The group of all rows."""
_FIRST_WEEK: Final = 7

Series = list[float | None]
"""A value a month; None where there is none."""


@dataclass(frozen=True, slots=True)
class Events:
    """The rows that a metric counts, as parallel lists: serial of the day, its month, group, amount (1 of counts)."""

    days: tuple[float, ...]
    months: tuple[int, ...]
    groups: tuple[str, ...]
    amounts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What analyses ask of the rows. What was computed once is remembered with the rows, for all analyses of a book."""

    context: Context
    rows: Rows

    # -- time --------------------------------------------------------------------------------------

    @property
    def last_month(self) -> int:
        """The last month that is over on the as-of day."""
        today, tomorrow = month_of(self.context.as_of), month_of(self.context.as_of + 1)
        return today if tomorrow != today else today - 1

    def months(self, metric_id: str, last: int) -> range:
        """The last months that are over, so many of those since the metric's rows begin.

        The month of the first row counts only when it begins in its first week.
        """
        starts: list[int] = []
        for metric in self._simple(metric_id):
            days = [day for day in self._times(metric) if day is not None]
            parts = date_parts(min(days)) if days else None
            if parts is not None:
                starts.append(month_number(parts) + (parts[2] > _FIRST_WEEK))
        end = self.last_month + 1
        return range(max(min(starts, default=end), end - last), end)

    # -- rows --------------------------------------------------------------------------------------

    def events(self, metric_id: str, by: Dimension | None = None) -> Events:
        """The rows of a simple metric that have a date, up to the as-of day, in the order of their days."""
        key = ("events", metric_id, None if by is None else by.paths)
        return self.rows.remembered(key, lambda: self._found(metric_id, by))

    def _found(self, metric_id: str, by: Dimension | None) -> Events:
        metric = self.context.model.metric(metric_id)
        order, whole = self.rows.remembered(("order", metric_id), lambda: self._ordered(metric))
        if by is None:
            return whole
        groups = self.labels(metric.table, by.path(metric.table))
        return replace(whole, groups=tuple(map(groups.__getitem__, order)))

    def _ordered(self, metric: Metric) -> tuple[tuple[int, ...], Events]:
        """The rows that a metric counts in the order of their days, and these as events of no group."""
        times, amounts = self._times(metric), self._amounts(metric)
        days = {row: day for row, day in enumerate(times) if day is not None and amounts[row] is not None}
        # Sorting is stable: rows of one day keep their order.
        order = tuple(sorted(days, key=days.__getitem__))
        return order, _events(
            tuple(map(days.__getitem__, order)),
            (EVERYWHERE,) * len(order),
            tuple(amounts[row] or 0.0 for row in order),
        )

    def labels(self, table: str, path: str) -> Sequence[str]:
        """What a path leads to, as text on every row; empty where it leads nowhere. Texts that Excel takes for
        equal are one."""
        return self.rows.remembered(("labels", table, path), lambda: self._labelled(table, path))

    def _labelled(self, table: str, path: str) -> Sequence[str]:
        shown: dict[Key, str] = {}
        known: dict[str, str] = {"": ""}

        def label(value: Value) -> str:
            return "" if value in (None, "") else shown.setdefault(criterion_key(value), _text(value))

        found: list[str] = []
        for value in self._followed(table, path):
            if value.__class__ is str:
                text = known.get(value)
                if text is None:
                    text = known[value] = label(value)
                found.append(text)
            else:
                found.append(label(value))
        return found

    def _followed(self, table: str, path: str) -> Sequence[Value]:
        head, _, rest = path.partition(".")
        if not rest:
            return self.rows.column(table, head)
        target = self.context.model.table(self.context.model.table(table).field(head).table)
        values = self._followed(target.id, rest)
        rows = self.rows.remembered(("rows", table, head), lambda: self._referred(table, head, target))
        return [None if row is None else values[row] for row in rows]

    def _referred(self, table: str, field: str, target: Table) -> Sequence[int | None]:
        """The row that each row's reference leads to."""
        by_key: dict[Key, int] = {}
        for row, key in enumerate(self.rows.column(target.id, target.key)):
            if key not in (None, ""):
                by_key.setdefault(criterion_key(key), row)
        cells = self.rows.column(table, field)
        texts = {text: by_key.get(criterion_key(text)) for text in {c for c in cells if isinstance(c, str)}}
        return [texts[cell] if isinstance(cell, str) else by_key.get(criterion_key(cell)) for cell in cells]

    def _times(self, metric: Metric) -> Sequence[float | None]:
        """The day of each row that the metric counts, None of the others and of those after the as-of day."""
        return self.rows.remembered(("days", metric.id), lambda: self._counted(metric))

    def _counted(self, metric: Metric) -> Sequence[float | None]:
        cells = self.rows.column(metric.table, metric.time)
        holds: Sequence[Value] = [True] * len(cells)
        if metric.filter is not None:
            holds = self.rows.results(metric.table, with_rules(self.context.model, metric.filter))
        end = self.context.as_of + 1
        found: list[float | None] = []
        for cell, passes in zip(cells, holds, strict=True):
            kind = cell.__class__
            number = float(cell) if kind is float or kind is int else None  # type: ignore[arg-type]  # likewise
            found.append(number if number is not None and passes is True and 0 < number < end else None)
        return found

    def starts(self, metric_id: str) -> Sequence[float | None]:
        """The day of each row of its table that a simple metric counts; None of the others."""
        return self._times(self.context.model.metric(metric_id))

    def _amounts(self, metric: Metric) -> list[float | None]:
        cells = self.rows.column(metric.table, metric.field or metric.time)
        if metric.agg is Aggregation.COUNT:
            return [1.0 if not metric.field or cell not in (None, "") else None for cell in cells]
        return [float(cell) if cell.__class__ is float or cell.__class__ is int else None for cell in cells]

    def _simple(self, metric_id: str) -> list[Metric]:
        """The simple metrics that a metric is made of."""
        metric = self.context.model.metric(metric_id)
        return [self.context.model.metric(m) for m in simple_parts(self.context.model.metric, metric)]

    def sums(self, metric_id: str, by: Dimension, months: range) -> dict[str, float]:
        """What a simple metric's rows of some months add up to, by the values of a dimension."""
        events = self.events(metric_id, by)
        start, end = bisect_left(events.months, months.start), bisect_left(events.months, months.stop)
        found: dict[str, list[float]] = defaultdict(list)
        for group, amount in zip(events.groups[start:end], events.amounts[start:end], strict=True):
            found[group].append(amount)
        return {group: fsum(found[group]) for group in sorted(found) if group}

    def pairs(
        self, metric_id: str, one: Dimension, other: Dimension
    ) -> Iterator[tuple[int, str, str, float]]:
        """Month, both groups and amount of each row of a simple metric, in the order of the days."""
        first, second = self.events(metric_id, one), self.events(metric_id, other)
        return zip(first.months, first.groups, second.groups, first.amounts, strict=True)

    # -- series ------------------------------------------------------------------------------------

    def series(self, metric_id: str, months: range, by: Dimension | None = None) -> dict[str, Series]:
        """A metric by month, of every value of a dimension that has rows; of all rows without one."""
        key = ("series", metric_id, months.start, months.stop, None if by is None else by.paths)
        return self.rows.remembered(key, lambda: self._by_month(metric_id, months, by))

    def _by_month(self, metric_id: str, months: range, by: Dimension | None) -> dict[str, Series]:
        metric = self.context.model.metric(metric_id)
        match metric.type:
            case MetricType.SIMPLE:
                return self._of_rows(metric, months, by)
            case MetricType.RATIO:
                least = metric.min_n

                def share(pair: Sequence[float]) -> float | None:
                    return pair[0] / pair[1] if pair[1] and pair[1] >= least else None

                parts = (metric.numerator, metric.denominator)
                return _combined(months, [self.series(m, months, by) for m in parts], share)
            case MetricType.DERIVED:
                assert metric.expr is not None
                expr, named = metric.expr, measures_of(metric.expr)

                def value(numbers: Sequence[float]) -> float | None:
                    return self.number(expr, dict(zip(named, numbers, strict=True)))

                return _combined(months, [self.series(m, months, by) for m in named], value)
            case MetricType.CUMULATIVE | MetricType.CONVERSION:
                raise ValueError(f"{metric_id} has no value of a single month")
            case _:
                assert_never(metric.type)

    def number(self, expr: Node, numbers: Mapping[str, float]) -> float | None:
        """An expression over metrics, of values of these."""

        def replaced(node: Node) -> Node | None:
            return Number(numbers[node.metric]) if isinstance(node, Measure) else None

        found = self.rows.value(rewritten(expr, replaced))
        return _float(found) if _is_number(found) else None

    def _of_rows(self, metric: Metric, months: range, by: Dimension | None) -> dict[str, Series]:
        events = self.counted(metric, by)
        aggregate = AGGREGATES[metric.agg]
        nothing = aggregate([])
        found: dict[str, Series] = {} if by is not None else {EVERYWHERE: [nothing] * len(months)}
        # Events stand in the order of their days: each month is a slice.
        end = bisect_left(events.months, months.start)
        for at, month in enumerate(months):
            start, end = end, bisect_left(events.months, month + 1, end)
            groups: dict[str, list[float]] = defaultdict(list)
            if by is None:
                groups[EVERYWHERE] = list(events.amounts[start:end])
            else:
                for group, amount in zip(events.groups[start:end], events.amounts[start:end], strict=True):
                    groups[group].append(amount)
            for group, amounts in groups.items():
                if group or by is None:
                    found.setdefault(group, [nothing] * len(months))[at] = aggregate(amounts)
        return {group: found[group] for group in sorted(found)}

    def counted(self, metric: Metric, by: Dimension | None = None) -> Events:
        """The events of a simple metric; of one that counts values, each value as a number of its own."""
        if metric.agg is not Aggregation.COUNT_DISTINCT:
            return self.events(metric.id, by)
        key = ("distinct", metric.id, None if by is None else by.paths)
        return self.rows.remembered(key, lambda: self._distinct(metric, by))

    def _distinct(self, metric: Metric, by: Dimension | None) -> Events:
        """Each value of a field as a number of its own."""
        numbers: dict[Key, float] = {}
        groups = None if by is None else self.labels(metric.table, by.path(metric.table))
        found: list[tuple[float, str, float]] = []
        for row, (day, cell) in enumerate(
            zip(self._times(metric), self.rows.column(metric.table, metric.field), strict=True)
        ):
            if day is not None and cell not in (None, ""):
                number = numbers.setdefault(criterion_key(cell), float(len(numbers)))
                found.append((day, EVERYWHERE if groups is None else groups[row], number))
        found.sort(key=lambda event: event[0])
        days, names, values = zip(*found, strict=True) if found else ((), (), ())
        return _events(days, names, values)


def _events(days: tuple[float, ...], groups: tuple[str, ...], amounts: tuple[float, ...]) -> Events:
    months = {day: month_of(day) for day in set(days)}
    return Events(days, tuple(map(months.__getitem__, days)), groups, amounts)


def month_of(day: float) -> int:
    """The month of a serial as a number."""
    parts = date_parts(day)
    return month_number(parts) if parts is not None else 0


def month_number(parts: tuple[int, int, int]) -> int:
    return parts[0] * 12 + parts[1] - 1


def month_label(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02}"


def adds_up(metric: Metric) -> bool:
    """Whether the values of months make that of a quarter."""
    return metric.type is MetricType.SIMPLE and metric.agg in (Aggregation.SUM, Aggregation.COUNT)


def simple_parts(metric_of: Callable[[str], Metric], metric: Metric) -> tuple[str, ...]:
    """The simple metrics that a metric is made of, itself if it is one."""
    match metric.type:
        case MetricType.SIMPLE:
            return (metric.id,)
        case MetricType.RATIO:
            needed: tuple[str, ...] = (metric.numerator, metric.denominator)
        case MetricType.DERIVED:
            needed = measures_of(metric.expr) if metric.expr is not None else ()
        case MetricType.CUMULATIVE:
            needed = (metric.metric,)
        case MetricType.CONVERSION:
            needed = (metric.base,)
        case _:
            assert_never(metric.type)
    found = [part for one in needed for part in simple_parts(metric_of, metric_of(one))]
    return tuple(dict.fromkeys(found))


def measures_of(expr: Node) -> tuple[str, ...]:
    return tuple(dict.fromkeys(node.metric for node in walk(expr) if isinstance(node, Measure)))


def _combined(
    months: range,
    parts: Sequence[Mapping[str, Series]],
    value: Callable[[Sequence[float]], float | None],
) -> dict[str, Series]:
    """Series of several metrics, month by month; None where one of them has no value."""
    groups = sorted({group for part in parts for group in part})
    nothing: Series = [0.0] * len(months)
    found: dict[str, Series] = {}
    for group in groups:
        columns = [part.get(group, nothing) for part in parts]
        series: Series = []
        for at in range(len(months)):
            numbers = [n for column in columns if (n := column[at]) is not None]
            series.append(value(numbers) if len(numbers) == len(columns) else None)
        found[group] = series
    return found


AGGREGATES: Final[Mapping[Aggregation, Callable[[list[float]], float | None]]] = {
    Aggregation.SUM: fsum,
    Aggregation.COUNT: lambda values: float(len(values)),
    Aggregation.AVERAGE: lambda values: fmean(values) if values else None,
    Aggregation.MIN: lambda values: min(values) if values else None,
    Aggregation.MAX: lambda values: max(values) if values else None,
    Aggregation.COUNT_DISTINCT: lambda values: float(len(set(values))),
    Aggregation.MEDIAN: lambda values: median(values) if values else None,
}


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _float(value: Value) -> float:
    assert isinstance(value, int | float)
    return float(value)


def _text(value: Value) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
