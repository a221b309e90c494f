"""Colours of slices and of stacked metrics: those of what they mean where the spec says so, else one each.

Knows rules of the form `[field]="item"` and which way of a metric is good. Does not know how charts are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from crmsheet.compile import theme
from crmsheet.compile.charting.plots import Sketch
from crmsheet.formulas.tree import Binary, Cell, Item, Node
from crmsheet.model.metrics import Good, Metric
from crmsheet.model.spec import RuleStyle, Table

_MEANINGS: Final[Mapping[RuleStyle, str]] = {
    RuleStyle.GOOD: "009E73",
    RuleStyle.WARN: "E69F00",
    RuleStyle.BAD: "D55E00",
    RuleStyle.MUTED: "CBD5E1",
    RuleStyle.INFO: "56B4E9",
    RuleStyle.ACCENT: "CC79A7",
}
"""Strong enough to stand alone in a chart; the cells' own colours are pale."""
_WAYS: Final[Mapping[Good, str]] = {Good.UP: "009E73", Good.DOWN: "D55E00", Good.NONE: "CBD5E1"}


def slice_colors(sketch: Sketch, count: int) -> tuple[str, ...]:
    """A colour a value, in the order of its list; the rest of all values is grey."""
    named = tuple(_of_items(sketch, count))
    free = iter(c for c in _all_colors(count) if c not in named)
    return (*(c or next(free) for c in named), theme.OTHER)


def metric_colors(metrics: tuple[Metric, ...]) -> tuple[str, ...]:
    """Of metrics stacked on each other: good and bad ones look it, where there are both."""
    ways = {m.good for m in metrics}
    if {Good.UP, Good.DOWN} <= ways:
        return tuple(_WAYS[m.good] for m in metrics)
    return _all_colors(len(metrics))


def _all_colors(count: int) -> tuple[str, ...]:
    return tuple(theme.CATEGORICAL[i % len(theme.CATEGORICAL)] for i in range(count)) + theme.CATEGORICAL


def _of_items(sketch: Sketch, count: int) -> Iterator[str]:
    """What the rules say of each item of the dimension's list; empty where they say nothing."""
    styles: dict[str, str] = {}
    listed = sketch.by.list
    if listed:
        for table in sketch.context.model.tables:
            styles |= dict(_said(table, listed))
    items = [row.id for row in sketch.context.state.lists.get(listed, ())] if listed else []
    for k in range(count):
        yield styles.get(items[k], "") if k < len(items) else ""


def _said(table: Table, listed: str) -> Iterator[tuple[str, str]]:
    for rule in reversed(table.rules):
        item = _item_of(rule.when, rule.column)
        if item is not None and item.list == listed:
            yield item.item, _MEANINGS[rule.style]


def _item_of(when: Node, column: str) -> Item | None:
    """The one item of which a rule colours that very cell."""
    match when:
        case Binary(op="=", left=Cell(field=field), right=Item() as item) if field == column:
            return item
        case _:
            return None
