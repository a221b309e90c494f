"""Circles: computed columns that need each other, across tables; metrics that do.

Knows what each column is computed from. Reports each circle once, at the field where it is first met.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from crmsheet.formulas.tree import Cell, Column, Measure, Node, walk
from crmsheet.messages import say
from crmsheet.model.metrics import Metric
from crmsheet.model.spec import Field, Model
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.shapes.document import SpecShape

_Key = TypeVar("_Key", bound=Hashable)
At = tuple[str, str]


def check(model: Model, shape: SpecShape, problems: Problems) -> None:
    """Circles among computed columns and among metrics."""
    fields: dict[At, Field] = {(t.id, f.id): f for t in model.tables for f in t.fields}

    def needs(at: At) -> Iterable[At]:
        field = fields[at]
        return (n for n in _needed(at[0], field, model) if n in fields and fields[n].type.computed)

    for circle in _circles([at for at, f in fields.items() if f.type.computed], needs):
        table, name = circle[0]
        kind = fields[circle[0]].type.value
        attribute = {"formula": "expr", "lookup": "field", "rollup": "table"}[kind]
        chain = " → ".join(f"{t}.{f}" for t, f in (*circle, circle[0]))
        problems.error(
            Code.CYCLE,
            ("tables", table, "fields", name, attribute),
            say("'{table}.{name}' depends on itself: {chain}", table=table, name=name, chain=chain),
            remedy=say("Leave one of them out of the other's formula."),
        )
    metrics = {m.id: m for m in model.metrics}
    for metrics_circle in _circles(list(metrics), lambda m: [p for p in _parts(metrics[m]) if p in metrics]):
        chain = " → ".join((*metrics_circle, metrics_circle[0]))
        problems.error(
            Code.CYCLE,
            ("metrics", metrics_circle[0], "expr"),
            say(
                "the metric '{metrics_circle}' depends on itself: {chain}",
                metrics_circle=metrics_circle[0],
                chain=chain,
            ),
            remedy=say("Leave one of them out of the other's expression."),
        )
    _rule_circles(shape, problems)


def _rule_circles(shape: SpecShape, problems: Problems) -> None:
    """Rules that name rules, found in their text since a resolved rule has its parts written out."""
    for table, given in shape.tables.items():
        texts = {rule.id: rule.when for rule in given.rules if rule.id not in given.fields}

        def needs(rule: str, texts: dict[str, str] = texts) -> Iterable[str]:
            return (other for other in texts if f"[{other}]" in texts[rule])

        for circle in _circles(list(texts), needs):
            problems.error(
                Code.CYCLE,
                ("tables", table, "rules", circle[0], "when"),
                say(
                    "the rule '{circle}' depends on itself: {what}",
                    circle=circle[0],
                    what=" → ".join((*circle, circle[0])),
                ),
                remedy=say("Write the condition out."),
            )


def _needed(table: str, field: Field, model: Model) -> Iterable[At]:
    """What a computed column is computed from."""
    if field.expr is not None:
        yield from _cells(field.expr)
    if field.lookup is not None:
        via = next((f for f in model.table(table).fields if f.id == field.lookup.via), None)
        yield table, field.lookup.via
        if via is not None and via.table:
            yield via.table, field.lookup.field
    if field.of:
        yield table, field.of
    if field.rollup is not None:
        yield field.rollup.table, field.rollup.field
        if field.rollup.where is not None:
            yield from _cells(field.rollup.where)


def _cells(node: Node) -> Iterable[At]:
    return ((n.table, n.field) for n in walk(node) if isinstance(n, Cell | Column))


def _parts(metric: Metric) -> tuple[str, ...]:
    """The metrics that one is computed from."""
    trees = (metric.expr, metric.having, *(one.when for one in metric.not_applicable))
    named = (
        metric.numerator,
        metric.denominator,
        metric.metric,
        metric.base,
        metric.conversion,
        metric.sample,
    )
    measures = (n.metric for tree in trees if tree is not None for n in walk(tree) if isinstance(n, Measure))
    return (*(name for name in named if name), *measures)


def _circles(keys: Sequence[_Key], needs: Callable[[_Key], Iterable[_Key]]) -> list[tuple[_Key, ...]]:
    """One circle for each group of keys that need each other, shortest way round."""
    done: set[_Key] = set()
    found: list[tuple[_Key, ...]] = []
    for start in keys:
        if start in done:
            continue
        way = _way_back(start, needs)
        if way is not None:
            found.append(way)
            done.update(way)
    return found


def _way_back(start: _Key, needs: Callable[[_Key], Iterable[_Key]]) -> tuple[_Key, ...] | None:
    ways: dict[_Key, tuple[_Key, ...]] = {start: (start,)}
    queue = [start]
    for key in queue:
        for needed in needs(key):
            if needed == start:
                return ways[key]
            if needed not in ways:
                ways[needed] = (*ways[key], needed)
                queue.append(needed)
    return None
