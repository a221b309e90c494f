"""Boards of a refreshed workbook against the model: cards, tables by region, the numbers that charts show.

Knows how a block shows its metrics. Does not know how they are computed in the workbook.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from tests.judge.package import Element, Value, child, descendants
from tests.refresh.machine.cellrefs import Box, box_of, unquoted
from tests.refresh.machine.expected import Sums, World
from tests.refresh.machine.seen import Seen, same
from tests.refresh.machine.spec_edits import Tree

_EPOCH = dt.date(1899, 12, 30)


def board_problems(world: World, sums: Sums, after: Seen) -> Iterator[str]:
    """What the boards show that is not so."""
    for board, spec in world.author.tree["sheets"].items():
        if board not in world.sheets:
            continue
        chosen = world.selectors[board]
        shown = _Shown(
            world, sums, after, board, chosen.get("period", "All time"), chosen.get("region", "All")
        )
        for block in spec["blocks"]:
            if block.get("id", "cards") in world.lost:
                continue
            match block:
                case {"cards": cards}:
                    yield from shown.cards(block.get("id", "cards"), cards)
                case {"chart": chart} if chart["by"] == "month":
                    yield from shown.chart(block["id"], chart)
                case {"table": table} if table["by"] != "month":
                    yield from shown.regions(block["id"], table)
                case _:
                    pass


def window(period: str, as_of: int) -> tuple[int, int]:
    """The days that a selected period means, the last one excluded."""
    day = _EPOCH + dt.timedelta(days=as_of)
    month = day.replace(day=1)
    match period:
        case "This month":
            start, end = month, day + dt.timedelta(days=1)
        case "Last month":
            start, end = (month - dt.timedelta(days=1)).replace(day=1), month
        case "This year":
            start, end = day.replace(month=1, day=1), day + dt.timedelta(days=1)
        case "Last 30 days":
            start, end = day - dt.timedelta(days=29), day + dt.timedelta(days=1)
        case _:
            return 1, 2958465
    return (start - _EPOCH).days, (end - _EPOCH).days


def months(last: int, end: int) -> list[tuple[int, int]]:
    """The last months up to a day, each as its days."""
    day = _EPOCH + dt.timedelta(days=end)
    first = day.replace(day=1)
    found: list[tuple[int, int]] = []
    following = end + 1
    for _ in range(last):
        start = (first - _EPOCH).days
        found.insert(0, (start, following))
        following = start
        first = (first - dt.timedelta(days=1)).replace(day=1)
    return found


class _Shown:
    """One board with what is selected on it."""

    def __init__(self, world: World, sums: Sums, after: Seen, board: str, period: str, region: str) -> None:
        self.world, self.sums, self.after, self.board = world, sums, after, board
        self.days = window(period, world.as_of)
        self.region = "" if region == "All" else region

    def _metric(self, metric: str, days: tuple[int, int], *regions: str) -> float:
        wanted = {r.casefold() for r in (self.region, *regions) if r}
        if len(wanted) > 1:
            return 0.0
        return self.sums.metric(metric, *days, next((r for r in (self.region, *regions) if r), ""))

    def _label(self, metric: str) -> str:
        return str(self.world.author.tree["metrics"][metric]["label"])

    def _area(self, block: str) -> tuple[str, list[list[tuple[int, Value]]]] | None:
        """The filled cells of a block by rows, each with its column."""
        found = self.after.blocks.get(f"{self.board}.{block}")
        if found is None:
            return None
        sheet, (top, left, bottom, right) = found
        rows: list[list[tuple[int, Value]]] = [
            [(c, v) for c in range(left, right + 1) if (v := self.after.at(sheet, r, c)) not in (None, "")]
            for r in range(top, bottom + 1)
        ]
        return sheet, [row for row in rows if row]

    def cards(self, block: str, metrics: list[str]) -> Iterator[str]:
        area = self._area(block)
        if area is None:
            yield f"the block {self.board}.{block} is gone"
            return
        rows = area[1]
        for metric in metrics:
            label, value = self._label(metric), self._metric(metric, self.days)
            places = [(i, c) for i, row in enumerate(rows) for c, v in row if v == label]
            below = [v for i, column in places for c, v in rows[i + 1] if c == column]
            if len(below) != 1 or not same(below[0], value):
                yield f"the card {self.board}.{block} {label!r} shows {below}, not {value!r}"

    def regions(self, block: str, table: Tree) -> Iterator[str]:
        area = self._area(block)
        if area is None:
            yield f"the block {self.board}.{block} is gone"
            return
        lines = {str(row[0][1]): [v for _, v in row[1:]] for row in area[1]}
        labels = [i.label for i in next(iter(self.world.lists.values()))]
        wanted = {label: [self._metric(m, self.days, label) for m in table["metrics"]] for label in labels}
        total = [self._metric(m, self.days) for m in table["metrics"]]
        for label in labels:
            if label in lines and not _all_same(lines[label], wanted[label]):
                yield f"{self.board}.{block} {label!r} shows {lines[label]}, not {wanted[label]}"
        if not _all_same(lines.get("Total", []), total):
            yield f"{self.board}.{block} shows the total {lines.get('Total')}, not {total}"
        rest = ("Other / unlisted",)
        parts = [lines[k] for k in (*labels, *rest) if k in lines]
        added = [sum(v for v in column if isinstance(v, float)) for column in zip(*parts, strict=False)]
        if parts and not _all_same([round(v, 6) for v in added], [round(v, 6) for v in total]):
            yield f"{self.board}.{block} adds up to {added}, not {total}: {lines}"

    def chart(self, block: str, chart: Tree) -> Iterator[str]:
        area = self.after.blocks.get(f"calc.{self.board}.{block}")
        found = [c for c in self._charts() if area is not None and _reads(c, area)]
        if len(found) != 1:
            if not self.world.program:
                yield f"the chart {self.board}.{block} is there {len(found)} times"
            return
        buckets = months(chart["last"], min(self.world.as_of, self.days[1] - 1))
        for series, metric in zip(descendants(found[0], "ser"), chart["metrics"], strict=False):
            cache = descendants(child(series, "val"), "numCache")
            shown = {int(p.get("idx")): float(child(p, "v").text) for p in descendants(cache[0], "pt")}
            wanted = [self._metric(metric, days) for days in buckets]
            if not _all_same([shown.get(i) for i in range(len(wanted))], list(wanted)):
                yield f"the chart {self.board}.{block} shows {shown}, not {wanted}"

    def _charts(self) -> Iterator[Element]:
        package = self.after.package
        sheet = next(s for s in package.worksheets if s.name == self.world.sheets[self.board])
        for drawing in package.related(sheet.part, "drawing"):
            for part in package.related(drawing, "chart"):
                yield package.root(part)


def _reads(chart: Element, area: tuple[str, Box]) -> bool:
    """Whether the values of a chart's series stand in a block."""
    values = [e for val in descendants(chart, "val") for e in descendants(val, "f")]
    for sheet, _, ref in (str(e.text).rpartition("!") for e in values):
        top, left, bottom, right = box_of(ref)
        home, box = area
        if (
            unquoted(sheet) == home
            and box[0] <= top <= bottom <= box[2]
            and box[1] <= left <= right <= box[3]
        ):
            return True
    return False


def _all_same(one: list[Value], other: list[float]) -> bool:
    return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
