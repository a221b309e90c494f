"""The small book's spec as data, and the changes that its authors make to it; it stays valid.

Knows which fields, blocks and lists depend on each other. Does not know workbooks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml
from tests.refresh.machine.chances import Dice
from tests.refresh.small_world import SPEC

Tree: TypeAlias = Any
"""Maps, lists and scalars as YAML has them."""

COMPUTED = ("rollup", "lookup", "formula")
_FIRST_FORMULAS = {
    ("customers", "idle"): ("idle", "last_order"),
    ("orders", "late"): ("since", "date"),
}
_WORDS = ("Budget", "Channel", "Score", "Stufe", "备注", "等级", "Branch", "Plan (new)", "Größe", "Net sum")


@dataclass(slots=True)
class Author:
    """A spec under the hands of its author. `formulas` says by table and field what a formula computes: the
    kind and the field it reads; their text follows renames."""

    tree: Tree
    formulas: dict[tuple[str, str], tuple[str, str]]
    rules: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """By table and id of a rule its style and the field that it looks at."""
    count: int = 0

    @staticmethod
    def begins() -> Author:
        """The author of the small book."""
        return Author(yaml.safe_load(SPEC), dict(_FIRST_FORMULAS))

    def copy(self) -> Author:
        return deepcopy(self)

    def text(self) -> str:
        """The spec as a file."""
        tree = deepcopy(self.tree)
        for (table, name), (kind, reads) in self.formulas.items():
            tree["tables"][table]["fields"][name]["expr"] = FORMULAS[kind].format(f=reads)
        for (table, rule), (style, reads) in self.rules.items():
            tree["tables"][table].setdefault("rules", []).append(
                {"id": rule, "when": f'[{reads}]<>""', "style": style, "label": rule}
                | ({"column": reads} if style in ("bad", "warn") else {})
            )
        return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=10_000)

    def fresh(self, stem: str) -> str:
        """An id that was never used."""
        self.count += 1
        return f"{stem}{self.count}"

    def label(self, dice: Dice) -> str:
        """A label that was never used."""
        self.count += 1
        return f"{dice.pick(_WORDS)} {self.count}"

    # Looking around

    @property
    def tables(self) -> dict[str, Tree]:
        found: dict[str, Tree] = self.tree["tables"]
        return found

    def fields(self, table: str) -> dict[str, Tree]:
        found: dict[str, Tree] = self.tables[table]["fields"]
        return found

    def reference(self, child: str, parent: str) -> str | None:
        """The field by which a table refers to another."""
        return next(
            (i for i, f in self.fields(child).items() if f["type"] == "reference" and f["table"] == parent),
            None,
        )

    def mentions(self, table: str, field: str) -> bool:
        """Whether anything else in the spec needs a field."""
        if self.tables[table]["key"] == field:
            return True
        for (owner, name), (_, reads) in (*self.formulas.items(), *self.rules.items()):
            if owner == table and reads == field and name != field:
                return True
        for owner, other in self.tables.items():
            for f in other["fields"].values():
                if f["type"] == "rollup" and f["table"] == table and f.get("field") == field:
                    return True
                if f["type"] == "rollup" and owner == self._parent(table, field) and f["table"] == table:
                    return True
                if f["type"] == "lookup":
                    via = other["fields"][f["via"]]
                    if (owner == table and f["via"] == field) or (
                        via["table"] == table and f["field"] == field
                    ):
                        return True
        for metric in self.tree["metrics"].values():
            if metric["table"] == table and field in (metric.get("field"), metric["time"]):
                return True
        return any(
            field in path.split(".") for board in self.tree["sheets"].values() for path in _paths(board)
        )

    def _parent(self, table: str, field: str) -> str | None:
        f = self.fields(table)[field]
        return str(f["table"]) if f["type"] == "reference" else None

    # Changes; each says in words what it did, or nothing when it could not

    def add_field(self, dice: Dice) -> str | None:
        table = dice.pick(list(self.tables))
        if len(self.fields(table)) > 14:
            return None
        id_, label = self.fresh("f"), self.label(dice)
        kind = dice.pick((*_PLAIN, "choice", "rollup", "lookup", "formula", "reference"))
        f: Tree = {"type": kind, "label": label}
        match kind:
            case "choice":
                f["list"] = dice.pick(list(self.tree["lists"]))
            case "rollup":
                children = [t for t in self.tables if t != table and self.reference(t, table)]
                if not children:
                    return None
                f["table"] = dice.pick(children)
                f["agg"] = dice.pick(("sum", "count", "max", "min", "avg"))
                if f["agg"] != "count":
                    fitting = [i for i, x in self.fields(f["table"]).items() if x["type"] == "number"]
                    if not fitting:
                        return None
                    f["field"] = dice.pick(fitting)
            case "lookup":
                ways = [i for i, x in self.fields(table).items() if x["type"] == "reference"]
                if not ways:
                    return None
                f["via"] = dice.pick(ways)
                there = self.fields(table)[f["via"]]["table"]
                f["field"] = dice.pick([i for i, x in self.fields(there).items() if x["type"] in _PLAIN])
            case "formula":
                ways = [i for i, x in self.fields(table).items() if x["type"] in ("number", "date")]
                if not ways:
                    return None
                reads = dice.pick(ways)
                what = (
                    "since" if self.fields(table)[reads]["type"] == "date" else dice.pick(("twice", "over"))
                )
                if what == "over" and "stale_days" not in self.tree["settings"]:
                    return None
                self.formulas[table, id_] = (what, reads)
            case "reference":
                parents = [
                    t
                    for t in self.tables
                    if t != table
                    and not self.reference(table, t)
                    and not self.reference(t, table)
                    and self._typed_key(t)
                ]
                if not parents:
                    return None
                f["table"] = dice.pick(parents)
            case _:
                pass
        fields = list(self.fields(table).items())
        fields.insert(dice.number(1, len(fields)), (id_, f))
        self.tables[table]["fields"] = dict(fields)
        return f"add {kind} {table}.{id_} {label!r}"

    def _typed_key(self, table: str) -> bool:
        return bool(self.fields(table)[self.tables[table]["key"]]["type"] == "text")

    def remove_field(self, dice: Dice) -> str | None:
        found = [(t, f) for t in self.tables for f in self.fields(t) if not self.mentions(t, f)]
        found = [(t, f) for t, f in found if len(self.fields(t)) > 3]
        if not found:
            return None
        table, field = dice.pick(found)
        del self.fields(table)[field]
        self.formulas.pop((table, field), None)
        return f"remove {table}.{field}"

    def rename_field(self, dice: Dice) -> str | None:
        table = dice.pick(list(self.tables))
        old = dice.pick(list(self.fields(table)))
        new = self.fresh("g")
        renamed = {new if i == old else i: f for i, f in self.fields(table).items()}
        renamed[new]["renamed_from"] = old
        self.tables[table]["fields"] = renamed
        self.formulas = {
            (t, new if (t, f) == (table, old) else f): (kind, new if (t, reads) == (table, old) else reads)
            for (t, f), (kind, reads) in self.formulas.items()
        }
        self.rules = {
            (t, rule): (style, new if (t, reads) == (table, old) else reads)
            for (t, rule), (style, reads) in self.rules.items()
        }
        if self.tables[table]["key"] == old:
            self.tables[table]["key"] = new
        for owner, other in self.tables.items():
            for f in other["fields"].values():
                if f["type"] == "rollup" and f["table"] == table and f.get("field") == old:
                    f["field"] = new
                if f["type"] == "lookup":
                    via = other["fields"].get(f["via"]) or other["fields"][new]
                    if via["table"] == table and f["field"] == old:
                        f["field"] = new
                    if owner == table and f["via"] == old:
                        f["via"] = new
        for metric in self.tree["metrics"].values():
            for key in ("field", "time"):
                if metric["table"] == table and metric.get(key) == old:
                    metric[key] = new
        for board in self.tree["sheets"].values():
            for selector in board.get("selectors", {}).values():
                for t, path in selector.items():
                    selector[t] = self._path(t, path, table, old, new)
            for block in board["blocks"]:
                if block.get("table", {}).get("by") == old:
                    block["table"]["by"] = new
        label = ""
        if dice.chance(0.5):
            label = renamed[new]["label"] = self.label(dice)
        return f"rename {table}.{old} to {new} {label!r}"

    def _path(self, table: str, path: str, changed: str, old: str, new: str) -> str:
        parts = path.split(".")
        here = table
        for index, part in enumerate(parts):
            f = self.fields(here).get(part) or self.fields(here).get(new)
            if here == changed and part == old:
                parts[index] = new
            if f is not None and f["type"] == "reference":
                here = f["table"]
        return ".".join(parts)

    def relabel_field(self, dice: Dice) -> str | None:
        table = dice.pick(list(self.tables))
        field = dice.pick(list(self.fields(table)))
        label = self.fields(table)[field]["label"] = self.label(dice)
        return f"relabel {table}.{field} {label!r}"

    def add_item(self, dice: Dice) -> str | None:
        name = dice.pick(list(self.tree["lists"]))
        items = self.tree["lists"][name]["items"]
        if len(items) > 7:
            return None
        items.append({"id": self.fresh("i"), "label": self.label(dice)})
        return f"add item {name}.{items[-1]['id']} {items[-1]['label']!r}"

    def relabel_item(self, dice: Dice) -> str | None:
        name = dice.pick(list(self.tree["lists"]))
        item = dice.pick(self.tree["lists"][name]["items"])
        item["label"] = self.label(dice)
        return f"relabel item {name}.{item['id']} {item['label']!r}"

    def rename_item(self, dice: Dice) -> str | None:
        name = dice.pick(list(self.tree["lists"]))
        item = dice.pick(self.tree["lists"][name]["items"])
        item["renamed_from"], item["id"] = item["id"], self.fresh("j")
        if dice.chance(0.5):
            item["label"] = self.label(dice)
        return f"rename item {name}.{item['renamed_from']} to {item['id']} {item['label']!r}"

    def remove_item(self, dice: Dice) -> str | None:
        name = dice.pick(list(self.tree["lists"]))
        items = self.tree["lists"][name]["items"]
        if len(items) < 3:
            return None
        gone = items.pop(dice.number(0, len(items) - 1))
        return f"remove item {name}.{gone['id']}"

    def change_formula(self, dice: Dice) -> str | None:
        found = [key for key, (kind, _) in self.formulas.items() if kind in _OTHER]
        if not found:
            return None
        key = dice.pick(found)
        kind, reads = self.formulas[key]
        if _OTHER[kind] == "over" and "stale_days" not in self.tree["settings"]:
            return None
        self.formulas[key] = (_OTHER[kind], reads)
        return f"formula {key} is {_OTHER[kind]}"

    def change_rollup(self, dice: Dice) -> str | None:
        found = [
            f
            for t in self.tables
            for f in self.fields(t).values()
            if f["type"] == "rollup" and f["agg"] in ("sum", "avg")
        ]
        if not found:
            return None
        f = dice.pick(found)
        f["agg"] = "avg" if f["agg"] == "sum" else "sum"
        return f"a rollup is {f['agg']} now"

    def add_rule(self, dice: Dice) -> str | None:
        table = dice.pick(list(self.tables))
        if sum(t == table for t, _ in self.rules) > 3:
            return None
        rule = self.fresh("rule")
        style = dice.pick(("good", "warn", "bad", "muted", "info"))
        self.rules[table, rule] = (style, dice.pick(list(self.fields(table))))
        return f"add rule {table}.{rule} {self.rules[table, rule]}"

    def change_rule(self, dice: Dice) -> str | None:
        if not self.rules:
            return None
        key = dice.pick(list(self.rules))
        self.rules[key] = (dice.pick(("good", "bad")), dice.pick(list(self.fields(key[0]))))
        return f"rule {key} is {self.rules[key]}"

    def remove_rule(self, dice: Dice) -> str | None:
        if not self.rules:
            return None
        key = dice.pick(list(self.rules))
        del self.rules[key]
        return f"remove rule {key}"

    def add_list(self, dice: Dice) -> str | None:
        if len(self.tree["lists"]) > 3:
            return None
        id_ = self.fresh("list")
        items = [{"id": self.fresh("i"), "label": self.label(dice)} for _ in range(dice.number(1, 4))]
        self.tree["lists"][id_] = {"label": self.label(dice), "items": items}
        return f"add list {id_}"

    def rename_list(self, dice: Dice) -> str | None:
        old = dice.pick(list(self.tree["lists"]))
        new = self.fresh("choices")
        self.tree["lists"] = {new if i == old else i: x for i, x in self.tree["lists"].items()}
        self.tree["lists"][new]["renamed_from"] = old
        for table in self.tables.values():
            for f in table["fields"].values():
                if f.get("list") == old:
                    f["list"] = new
        return f"rename list {old} to {new}"

    def remove_list(self, dice: Dice) -> str | None:
        used = {f.get("list") for t in self.tables.values() for f in t["fields"].values()}
        found = [i for i in self.tree["lists"] if i not in used]
        if not found:
            return None
        gone = dice.pick(found)
        del self.tree["lists"][gone]
        return f"remove list {gone}"

    def adopt(self, dice: Dice, headers: dict[str, list[str]]) -> str | None:
        """A column that people added is to be a field; `headers` are theirs by table."""
        taken = {t: {f["label"] for f in self.fields(t).values()} for t in self.tables}
        found = [(t, h) for t, names in headers.items() if t in taken for h in names if h not in taken[t]]
        if not found:
            return None
        table, header = dice.pick(found)
        id_ = self.fresh("theirs")
        self.fields(table)[id_] = {"type": "text", "label": header}
        return f"adopt {table} {header!r} as {id_}"

    def add_setting(self, dice: Dice) -> str | None:
        if len(self.tree["settings"]) > 4:
            return None
        id_ = self.fresh("limit")
        self.tree["settings"][id_] = {
            "value": dice.number(1, 90),
            "type": "integer",
            "label": self.label(dice),
        }
        return f"add setting {id_}"

    def change_setting(self, dice: Dice) -> str | None:
        id_ = dice.pick(list(self.tree["settings"]))
        self.tree["settings"][id_]["value"] = dice.number(1, 90)
        return f"setting {id_} is {self.tree['settings'][id_]['value']}"

    def add_table(self, dice: Dice) -> str | None:
        if len(self.tables) > 4:
            return None
        id_ = self.fresh("visits")
        self.tables[id_] = {
            "label": self.label(dice),
            "key": "title",
            "fields": {
                "title": {"type": "text", "label": self.label(dice), "required": True},
                "customer": {
                    "type": "reference",
                    "table": next(iter(self.tables)),
                    "label": self.label(dice),
                },
                "day": {"type": "date", "label": self.label(dice)},
                "cost": {"type": "number", "label": self.label(dice)},
            },
        }
        return f"add table {id_}"

    def rename_table(self, dice: Dice) -> str | None:
        old = dice.pick(list(self.tables))
        new = self.fresh("moved")
        self.tree["tables"] = {new if i == old else i: t for i, t in self.tables.items()}
        self.tables[new]["renamed_from"] = old
        if dice.chance(0.5):
            self.tables[new]["label"] = self.label(dice)
        self.formulas = {(new if t == old else t, f): x for (t, f), x in self.formulas.items()}
        self.rules = {(new if t == old else t, r): x for (t, r), x in self.rules.items()}
        for table in self.tables.values():
            for f in table["fields"].values():
                if f.get("table") == old:
                    f["table"] = new
        for metric in self.tree["metrics"].values():
            if metric["table"] == old:
                metric["table"] = new
        for board in self.tree["sheets"].values():
            for selector in board.get("selectors", {}).values():
                if old in selector:
                    selector[new] = selector.pop(old)
        return f"rename table {old} to {new}"

    def remove_table(self, dice: Dice) -> str | None:
        found = [
            t
            for t in self.tables
            if not any(f.get("table") == t for o in self.tables.values() for f in o["fields"].values())
            and not any(m["table"] == t for m in self.tree["metrics"].values())
            and not any(t in s for b in self.tree["sheets"].values() for s in b.get("selectors", {}).values())
        ]
        if not found:
            return None
        table = dice.pick(found)
        del self.tables[table]
        self.formulas = {k: v for k, v in self.formulas.items() if k[0] != table}
        self.rules = {k: v for k, v in self.rules.items() if k[0] != table}
        return f"remove table {table}"

    def add_metric(self, dice: Dice) -> str | None:
        first = next(iter(self.tree["metrics"].values()))
        table = first["table"]
        numbers = [i for i, f in self.fields(table).items() if f["type"] == "number"]
        if len(self.tree["metrics"]) > 5 or not numbers:
            return None
        id_ = self.fresh("figure")
        self.tree["metrics"][id_] = {
            "type": "simple",
            "label": self.label(dice),
            "table": table,
            "agg": "sum",
            "field": dice.pick(numbers),
            "time": first["time"],
        }
        board = self.tree["sheets"][dice.pick(list(self.tree["sheets"]))]
        cards = next((b["cards"] for b in board["blocks"] if "cards" in b), None)
        if cards is not None and len(cards) < 4 and dice.chance(0.6):
            cards.append(id_)
        return f"add metric {id_}"

    def relabel_metric(self, dice: Dice) -> str | None:
        id_ = dice.pick(list(self.tree["metrics"]))
        self.tree["metrics"][id_]["label"] = self.label(dice)
        return f"relabel metric {id_}"

    def add_block(self, dice: Dice) -> str | None:
        board = self.tree["sheets"][dice.pick(list(self.tree["sheets"]))]
        if len(board["blocks"]) > 5:
            return None
        metrics = dice.some(list(self.tree["metrics"]), 2)
        id_ = self.fresh("b")
        kind = dice.pick(("cards", "chart", "table"))
        block: Tree = {"id": id_}
        match kind:
            case "cards":
                block["cards"] = metrics
            case "chart":
                block["chart"] = {
                    "type": dice.pick(("column", "line")),
                    "metrics": metrics[:1],
                    "by": "month",
                    "last": dice.number(3, 8),
                }
            case _:
                block["table"] = {
                    "metrics": metrics,
                    "by": "month",
                    "last": dice.number(3, 6),
                    "totals": True,
                }
        board["blocks"].insert(dice.number(0, len(board["blocks"])), block)
        return f"add {kind} {id_}"

    def remove_block(self, dice: Dice) -> str | None:
        board = self.tree["sheets"][dice.pick(list(self.tree["sheets"]))]
        if len(board["blocks"]) < 2:
            return None
        gone = board["blocks"].pop(dice.number(0, len(board["blocks"]) - 1))
        return f"remove block {gone.get('id', 'cards')}"

    def change_block(self, dice: Dice) -> str | None:
        board = self.tree["sheets"][dice.pick(list(self.tree["sheets"]))]
        block = dice.pick(board["blocks"])
        match block:
            case {"chart": chart}:
                chart["last"] = dice.number(3, 9)
                return f"chart of {chart['last']} months"
            case {"cards": cards}:
                block["cards"] = dice.shuffled(cards)
                return f"cards are {block['cards']}"
            case {"table": table}:
                table["metrics"] = dice.shuffled(dice.some(list(self.tree["metrics"]), 3))
                return f"table of {table['metrics']}"
            case _:
                return None

    def add_board(self, dice: Dice) -> str | None:
        if len(self.tree["sheets"]) > 2:
            return None
        id_ = self.fresh("report")
        self.tree["sheets"][id_] = {
            "label": self.label(dice),
            "selectors": {"period": {}},
            "blocks": [{"cards": dice.some(list(self.tree["metrics"]), 3)}],
        }
        return f"add board {id_}"

    def rename_board(self, dice: Dice) -> str | None:
        old = dice.pick(list(self.tree["sheets"]))
        new = self.fresh("view")
        self.tree["sheets"] = {new if i == old else i: b for i, b in self.tree["sheets"].items()}
        self.tree["sheets"][new]["renamed_from"] = old
        if dice.chance(0.5):
            self.tree["sheets"][new]["label"] = self.label(dice)
        return f"rename board {old} to {new}"

    def remove_board(self, dice: Dice) -> str | None:
        if len(self.tree["sheets"]) < 2:
            return None
        gone = dice.pick(list(self.tree["sheets"]))
        del self.tree["sheets"][gone]
        return f"remove board {gone}"

    def widen(self, dice: Dice) -> str | None:
        found = [
            (t, i)
            for t in self.tables
            for i, f in self.fields(t).items()
            if f["type"] in _WIDER and not self.mentions(t, i)
        ]
        if not found:
            return None
        table, field = dice.pick(found)
        f = self.fields(table)[field]
        f["type"] = _WIDER[f["type"]]
        return f"widen {table}.{field} to {f['type']}"


def _paths(board: Tree) -> Iterator[str]:
    for selector in board.get("selectors", {}).values():
        yield from selector.values()
    yield from (b["table"]["by"] for b in board["blocks"] if "table" in b)


FORMULAS = {
    "idle": 'IF([{f}]="", "", as_of-[{f}])',
    "since": "as_of-[{f}]",
    "since2": "as_of-[{f}]+1",
    "twice": "[{f}]*2",
    "over": 'IF([{f}]>stale_days, "yes", "no")',
}
_OTHER = {"since": "since2", "since2": "since", "twice": "over", "over": "twice"}
_PLAIN = ("text", "long_text", "number", "date", "email", "url", "phone", "integer", "boolean")
_WIDER = {"text": "long_text", "integer": "number", "email": "text", "url": "text", "phone": "text"}

CHANGES: tuple[Callable[[Author, Dice], str | None], ...] = (
    Author.add_field,
    Author.add_field,
    Author.remove_field,
    Author.rename_field,
    Author.rename_field,
    Author.relabel_field,
    Author.add_item,
    Author.relabel_item,
    Author.rename_item,
    Author.remove_item,
    Author.change_formula,
    Author.change_rollup,
    Author.add_setting,
    Author.change_setting,
    Author.add_table,
    Author.rename_table,
    Author.remove_table,
    Author.add_metric,
    Author.relabel_metric,
    Author.add_block,
    Author.remove_block,
    Author.change_block,
    Author.add_board,
    Author.rename_board,
    Author.remove_board,
    Author.widen,
    Author.add_rule,
    Author.change_rule,
    Author.remove_rule,
    Author.add_list,
    Author.rename_list,
    Author.remove_list,
)
