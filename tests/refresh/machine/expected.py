"""What must be in the book: rows, values, words and places as the test itself kept them.

Knows the rules of a refresh as its documentation states them: what people entered stays, what the spec renamed
is renamed where people left it as it was. Reads no workbook and shares no code with crmsheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from enum import Enum

from tests.judge.package import CellError, Value
from tests.refresh.machine.spec_edits import COMPUTED, Author, Tree


class Kind(Enum):
    INPUT = "input"
    COMPUTED = "computed"
    HELPER = "helper"
    THEIRS = "theirs"
    """A column of people, or one that the spec no longer has."""


@dataclass(slots=True)
class Column:
    """A table's column; `key` is the field's id, of people's columns one of the test."""

    key: str
    header: str
    kind: Kind
    written: str = ""
    """The label of the spec that the book had last."""
    frozen: bool = False
    """A computed column that the spec no longer has: what it shows is not foreseen."""


@dataclass(slots=True)
class Row:
    """A row; `known` is its hidden id since the last refresh, `cell_id` what stands in the id cell now."""

    values: dict[str, Value] = field(default_factory=dict)
    fills: dict[str, str] = field(default_factory=dict)
    cell_id: str | None = None

    def get(self, key: str) -> Value:
        value = self.values.get(key)
        return None if value == "" else value


@dataclass(slots=True)
class Known:
    """A row as the last refresh left it."""

    content: tuple[Value, ...]
    key: Value


@dataclass(slots=True)
class TableModel:
    """A table: its columns in the order of the sheet, its rows in theirs."""

    id: str
    columns: list[Column]
    rows: list[Row]
    known: dict[str, Known] = field(default_factory=dict)
    former: dict[str, set[str]] = field(default_factory=dict)
    """By hidden id the keys that a row ever had, without capitals."""

    def column(self, key: str) -> Column:
        return next(c for c in self.columns if c.key == key)

    def inputs(self) -> list[Column]:
        return [c for c in self.columns if c.kind is Kind.INPUT]

    def content(self, row: Row) -> tuple[Value, ...]:
        return tuple(folded(row.get(c.key)) for c in sorted(self.inputs(), key=lambda c: c.key))


@dataclass(slots=True)
class Item:
    """A row of a list: its id (people's have none), the label now, as the book had it last, as the spec has it."""

    id: str
    label: str
    written: str
    spec: str


@dataclass(slots=True)
class Note:
    """A cell of people outside of tables and blocks. `formula` has places for names: see `Told`."""

    sheet: str
    row: int
    column: int
    value: Value
    formula: tuple[str, ...] = ()
    fill: str = ""


@dataclass(slots=True)
class World:
    """Everything that must be in the book. Sheets are called by ids: those of tables, boards and generated
    sheets, and `own1` and so on for people's."""

    author: Author
    sheets: dict[str, str]
    sheet_labels: dict[str, str]
    """What the spec called them when the book was last refreshed."""
    tables: dict[str, TableModel]
    lists: dict[str, list[Item]]
    settings: dict[str, float]
    setting_defaults: dict[str, float]
    selectors: dict[str, dict[str, str]]
    notes: list[Note]
    as_of: int
    gone_boards: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    """Blocks of boards of which people deleted rows: they are left out until sheets are restored."""
    leaving: dict[str, frozenset[str]] = field(default_factory=dict)
    """Tables that the last change of the spec retired, and their columns without input: computed a last time."""
    paints: dict[str, str] = field(default_factory=dict)
    """By anchor: the colour that people gave the first cell of a block of a board."""
    program: bool = False
    """Another program saved the book since it was built: what it drops is not looked for."""
    count: int = 0

    def copy(self) -> World:
        return deepcopy(self)

    def fresh(self) -> int:
        self.count += 1
        return self.count

    def field(self, table: str, key: str) -> Tree:
        return self.author.fields(table)[key]


def folded(value: Value) -> Value:
    """A value as it is compared: numbers as numbers, no difference between nothing and empty text."""
    if value == "":
        return None
    return value if value is None or isinstance(value, str | bool | CellError) else float(value)


def followed(world: World, after: Author) -> set[tuple[str, str]]:
    """What the documentation says of a refresh by a spec: the model afterwards; fields (by table) that are of
    another type now are returned. Labels of lists that people changed are carried into the rows first, as on
    every refresh."""
    relabelled(world)
    before = world.author
    tables = dict(_paired(before.tables, after.tables))
    fields = {t: dict(_paired(before.fields(was), after.fields(t))) for t, was in tables.items()}
    _follow_lists(world, before, after)
    _follow_sheets(world, before, after, tables)
    found: dict[str, TableModel] = {}
    for table, was in tables.items():
        model = world.tables[was]
        found[table] = _followed_table(model, table, after, fields[table])
    for table in after.tables:
        if table not in found:
            columns = [Column(i, f["label"], _kind(f), f["label"]) for i, f in after.fields(table).items()]
            found[table] = TableModel(table, columns, [])
    retired = {k: t for k, t in world.tables.items() if k not in tables.values()}
    world.tables = found
    world.leaving = {}
    for name, model in retired.items():
        for c in model.columns:
            c.frozen = c.frozen or c.kind is not Kind.INPUT
            c.kind = Kind.THEIRS
        world.leaving[name] = frozenset(c.header for c in model.columns if c.frozen)
    settings = {}
    for id_, s in after.tree["settings"].items():
        wanted = float(s["value"])
        theirs, first = world.settings.get(id_), world.setting_defaults.get(id_)
        settings[id_] = wanted if theirs is None or theirs == first else theirs
        world.setting_defaults[id_] = wanted
    world.settings = settings
    for note in world.notes:
        note.formula = _followed_formula(note.formula, tables, fields)
    world.notes = [
        n for n in world.notes if n.formula[:1] not in (("total",), ("count",)) or n.formula[1] in found
    ]
    retyped = {
        (t, i)
        for t, pairs in fields.items()
        for i, was in pairs.items()
        if before.fields(tables[t])[was]["type"] != after.fields(t)[i]["type"]
    }
    world.author = after.copy()
    return retyped


def _followed_formula(
    formula: tuple[str, ...], tables: dict[str, str], fields: dict[str, dict[str, str]]
) -> tuple[str, ...]:
    match formula:
        case ("total" | "count" as kind, table, key):
            now = next((n for n, was in tables.items() if was == table), table)
            gone = key if ":" in key else f"gone:{key}"
            return kind, now, next((n for n, was in fields.get(now, {}).items() if was == key), gone)
        case _:
            return formula


def _followed_table(model: TableModel, table: str, after: Author, pairs: dict[str, str]) -> TableModel:
    now = {was: new for new, was in pairs.items()}
    columns = []
    for c in model.columns:
        if c.kind in (Kind.THEIRS, Kind.HELPER):
            columns.append(c)
        elif c.key in now:
            f = after.fields(table)[now[c.key]]
            header = f["label"] if c.header == c.written else c.header
            columns.append(Column(now[c.key], header, c.kind, f["label"]))
        else:
            columns.append(Column(f"gone:{c.key}", c.header, Kind.THEIRS, "", frozen=c.kind is Kind.COMPUTED))
    new_rows = [
        Row(
            {now.get(k, k if ":" in k else f"gone:{k}"): v for k, v in row.values.items()},
            {now.get(k, k if ":" in k else f"gone:{k}"): v for k, v in row.fills.items()},
            row.cell_id,
        )
        for row in model.rows
    ]
    claimed: set[str] = set()
    for i, f in after.fields(table).items():
        if i in pairs:
            continue
        own = next(
            (c for c in columns if c.kind is Kind.THEIRS and c.header.casefold() == f["label"].casefold()),
            None,
        )
        if own is not None:
            for row in new_rows:
                for held in (row.values, row.fills):
                    if own.key in held:
                        held[i] = held.pop(own.key)  # type: ignore[assignment]
            own.key, own.kind, own.written, own.frozen = i, _kind(f), f["label"], False
            claimed.add(i)
        else:
            columns.append(Column(i, f["label"], _kind(f), f["label"]))
    return TableModel(table, columns, new_rows, model.known, model.former)


def _kind(f: Tree) -> Kind:
    return Kind.COMPUTED if f["type"] in COMPUTED else Kind.INPUT


def relabelled(world: World) -> None:
    """Labels that people changed on the Lists sheet, carried into rows and selectors."""
    for name, items in world.lists.items():
        now = {i.label for i in items}
        words = {
            i.written: i.label
            for i in items
            if i.written and i.label and i.written != i.label and i.written not in now
        }
        _carry(world, name, words)
        for i in items:
            i.written = i.label


def restored(world: World) -> None:
    """Boards whose sheets people deleted are back, as the spec has them."""
    for board in world.gone_boards:
        spec = world.author.tree["sheets"][board]
        world.sheets[board] = world.sheet_labels[board] = spec["label"]
        world.selectors[board] = first_choices(spec)
    world.gone_boards = set()
    world.lost = set()


def first_choices(board: Tree) -> dict[str, str]:
    """What the selectors of a new board show."""
    return {s: "This month" if s == "period" else "All" for s in board.get("selectors", {})}


def _carry(world: World, name: str, words: dict[str, str]) -> None:
    for table in world.tables.values():
        for c in table.inputs():
            f = world.author.fields(table.id).get(c.key)
            if f is not None and f.get("list") == name:
                for row in table.rows:
                    value = row.get(c.key)
                    if isinstance(value, str) and value in words:
                        row.values[c.key] = words[value]
    for chosen in world.selectors.values():
        if name == next(iter(world.author.tree["lists"])) and chosen.get("region") in words:
            chosen["region"] = words[chosen["region"]]


def _follow_lists(world: World, before: Author, after: Author) -> None:
    """The lists as they are then, and what becomes of their words in the rows."""
    lists: dict[str, list[Item]] = {}
    words: dict[str, dict[str, str]] = {}
    pairs = dict(_paired(before.tree["lists"], after.tree["lists"]))
    for name in after.tree["lists"]:
        wanted = _items(after, name)
        if name not in pairs:
            lists[name] = [Item(i, x["label"], x["label"], x["label"]) for i, x in wanted.items()]
            continue
        items = lists[name] = world.lists[pairs[name]]
        became = {was: now for now, was in _paired(_items(before, pairs[name]), wanted)}
        changed = words.setdefault(name, {})
        for item in items:
            now = became.get(item.id)
            if now is None:
                continue
            label = wanted[now]["label"]
            if item.label == item.spec and item.label != label:
                changed[item.label] = label
                item.label = item.written = label
            item.id, item.spec = now, label
        held = {i.id for i in items}
        theirs = {i.label.casefold(): i for i in items if not i.id}
        for id_, new in wanted.items():
            own = theirs.get(new["label"].casefold())
            if id_ not in held and own is not None:
                own.id, own.spec = id_, new["label"]
            elif id_ not in held:
                items.append(Item(id_, new["label"], new["label"], new["label"]))
    for name, was in pairs.items():
        _carry(world, was, words[name])
    world.lists = lists


def _items(author: Author, name: str) -> dict[str, Tree]:
    return {i["id"]: i for i in author.tree["lists"][name]["items"]}


def _follow_sheets(world: World, before: Author, after: Author, tables: dict[str, str]) -> None:
    boards = dict(_paired(before.tree["sheets"], after.tree["sheets"]))
    pairs = {**boards, **tables}
    sheets: dict[str, str] = {}
    labels: dict[str, str] = {}
    now = {was: new for new, was in pairs.items()}
    wanted = {i: b["label"] for i, b in (*after.tree["sheets"].items(), *after.tables.items())}
    for id_, name in world.sheets.items():
        if id_ not in world.sheet_labels:
            sheets[id_] = name
        elif id_ in now:
            new = now[id_]
            sheets[new] = wanted[new] if name == world.sheet_labels[id_] else name
            labels[new] = wanted[new]
        else:
            sheets[f"own:{id_}"] = name
            now[id_] = f"own:{id_}"
    for note in world.notes:
        note.sheet = now.get(note.sheet, note.sheet)
        if note.formula[:1] == ("cell",):
            note.formula = ("cell", now.get(note.formula[1], note.formula[1]), *note.formula[2:])
    for id_, label in wanted.items():
        if id_ not in sheets and pairs.get(id_, id_) not in world.gone_boards:
            sheets[id_] = label
            labels[id_] = label
    world.gone_boards = {now.get(b, b) for b in world.gone_boards if now.get(b, b) in wanted}
    world.selectors = {
        i: {
            s: world.selectors.get(boards.get(i, ""), {}).get(s, first)
            for s, first in first_choices(b).items()
        }
        for i, b in after.tree["sheets"].items()
    }
    world.paints = {
        f"{board}.{block}": world.paints[f"{was}.{block}"]
        for board, was in boards.items()
        for block in (b.get("id", "cards") for b in after.tree["sheets"][board]["blocks"])
        if f"{was}.{block}" in world.paints
    }
    world.sheets, world.sheet_labels = sheets, labels


def _paired(before: dict[str, Tree], after: dict[str, Tree]) -> Iterator[tuple[str, str]]:
    """New id and old id of what was there before: by id, or by `renamed_from`."""
    for id_, thing in after.items():
        was = thing.get("renamed_from")
        if id_ in before:
            yield id_, id_
        elif was in before and was not in after:
            yield id_, was


# What computed cells show


VALUE = CellError("#VALUE!")


class Sums:
    """The computed cells of a world, reckoned row by row."""

    def __init__(self, world: World) -> None:
        self.world = world

    def used(self, table: TableModel, row: Row) -> bool:
        fields = self.world.author.fields(table.id)
        return any(row.get(c.key) is not None for c in table.inputs() if fields[c.key]["type"] != "id")

    def computed(self, table: TableModel, row: Row, key: str) -> Value:
        """What a computed cell shows."""
        f = self.world.field(table.id, key)
        match f["type"]:
            case "rollup":
                return self._rollup(table, row, f)
            case "lookup":
                return self._lookup(table, row, f)
            case _:
                return self._formula(table, row, key)

    def cell(self, table: TableModel, row: Row, key: str) -> Value:
        """What a cell shows, computed or not."""
        column = table.column(key)
        return self.computed(table, row, key) if column.kind is Kind.COMPUTED else row.get(key)

    def partner(self, table: TableModel, row: Row, via: str) -> tuple[TableModel, Row] | None:
        """The row that a reference names: the first of that key, whatever its capitals."""
        other = self.world.tables[self.world.field(table.id, via)["table"]]
        key = self.world.author.tables[other.id]["key"]
        text = row.get(via)
        if text is None:
            return None
        for candidate in other.rows:
            if same_text(candidate.get(key), text):
                return other, candidate
        return None

    def _rollup(self, table: TableModel, row: Row, f: Tree) -> Value:
        key = self.world.author.tables[table.id]["key"]
        name = row.get(key)
        empty: Value = 0.0 if f["agg"] in ("sum", "count") else ""
        if name is None:
            return empty
        child = self.world.tables[f["table"]]
        via = self.world.author.reference(child.id, table.id)
        assert via is not None
        rows = [r for r in child.rows if same_text(r.get(via), name)]
        if f["agg"] == "count":
            return float(len(rows))
        numbers = [v for r in rows if isinstance(v := folded(self.cell(child, r, f["field"])), float)]
        match f["agg"]:
            case "sum":
                return sum(numbers)
            case _ if not numbers:
                return ""
            case "max":
                return max(numbers)
            case "min":
                return min(numbers)
            case _:
                return sum(numbers) / len(numbers)

    def _lookup(self, table: TableModel, row: Row, f: Tree) -> Value:
        found = self.partner(table, row, f["via"])
        if found is None or not self.used(table, row):
            return ""
        value = self.cell(*found, f["field"])
        return "" if value is None else value

    def _formula(self, table: TableModel, row: Row, key: str) -> Value:
        if not self.used(table, row):
            return ""
        kind, reads = self.world.author.formulas[table.id, key]
        value = folded(self.cell(table, row, reads))
        match kind:
            case "idle":
                return "" if value is None else self._since(value)
            case "since":
                return self._since(value)
            case "since2":
                since = self._since(value)
                return since if isinstance(since, CellError) else float(since or 0) + 1
            case "twice":
                return VALUE if isinstance(value, str) else float(value or 0) * 2  # type: ignore[arg-type]
            case _:
                limit = self.world.settings["stale_days"]
                over = isinstance(value, str | bool) or (isinstance(value, float) and value > limit)
                return "yes" if over or (value is None and limit < 0) else "no"

    def _since(self, value: Value) -> Value:
        if isinstance(value, str | CellError):
            return VALUE
        return self.world.as_of - float(value or 0)

    # Boards

    def metric(self, metric: str, start: float, end: float, region: str = "") -> float:
        """A metric over [start, end) and a region (empty: all)."""
        m = self.world.author.tree["metrics"][metric]
        table = self.world.tables[m["table"]]
        total = 0.0
        for row in table.rows:
            day = folded(self.cell(table, row, m["time"]))
            if not isinstance(day, float) or not start <= day < end:
                continue
            if region and not same_text(self.region(table, row), region):
                continue
            value = folded(self.cell(table, row, m["field"])) if "field" in m else 1.0
            total += value if isinstance(value, float) else 0
        return total

    def region(self, table: TableModel, row: Row) -> Value:
        """The region of an order: its customer's."""
        board = next(
            b for b in self.world.author.tree["sheets"].values() if "region" in b.get("selectors", {})
        )
        path = board["selectors"]["region"][table.id].split(".")
        here: tuple[TableModel, Row] | None = (table, row)
        for step in path[:-1]:
            here = self.partner(*here, step) if here is not None else None
        return here[1].get(path[-1]) if here is not None else None


def same_text(one: Value, other: Value) -> bool:
    """Whether Excel finds two keys equal."""
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    return one is not None and folded(one) == folded(other)
