"""A second opinion on demo rows: the checks a starter's YAML asks for, read without crmsheet's own loader.

Knows the few expression forms that shipped specs use in `required_when`, `min` and `max`; anything else is an
error here, so that a new form cannot pass unchecked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

import yaml

Tree = dict[str, "Tree | list[Tree] | str | int | float | bool | None"]
Value = None | bool | int | float | str | date
Rows = Mapping[str, Sequence[Mapping[str, object]]]
MERGED = ("settings", "lists", "tables", "metrics", "sheets")
COMPUTED = ("formula", "rollup", "lookup", "sentiment_score", "topic", "topic_words")


class _Core(yaml.SafeLoader):
    """YAML 1.2: no booleans but true and false, no dates."""


_Core.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in found
        if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
    ]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


def merged_spec(path: Path) -> Tree:
    """The spec with its includes merged in, extensions applied."""
    tree = _loaded(path)
    parts = [_loaded(path.parent / name) for name in cast("list[str]", tree.get("include") or [])]
    assert not any("include" in part for part in parts), "only the starter itself includes"
    for name in MERGED:
        whole: dict[str, Tree] = {}
        for part in (*parts, tree):
            for key, value in section(part, name).items():
                if not _extends(value):
                    assert key not in whole, f"{key} twice"
                    whole[key] = deepcopy(value)
        for part in (*parts, tree):
            for key, value in section(part, name).items():
                if _extends(value):
                    _extend(whole[key], value)
        tree[name] = cast("Tree", whole)
    return tree


def _loaded(path: Path) -> Tree:
    return cast("Tree", yaml.load(path.read_text("utf-8"), _Core))


def _extends(value: object) -> bool:
    return isinstance(value, dict) and bool(value.get("extend"))


def _extend(base: Tree, more: Tree) -> None:
    """Adds to an entry what an extension of it says."""
    omit = cast("list[str]", more.get("omit", []))
    for key, value in base.items():
        if key in ("fields", "groups", "segments", "selectors"):
            base[key] = {k: v for k, v in cast("Tree", value).items() if k not in omit}
        elif key in ("rules", "items", "blocks") and isinstance(value, list):
            base[key] = [item for item in value if item["id"] not in omit]
    for key, value in more.items():
        if key in ("extend", "omit"):
            continue
        if key in ("fields", "groups", "segments", "selectors"):
            things = cast("Tree", base.setdefault(key, {}))
            for name, thing in cast("Tree", value).items():
                if _extends(thing):
                    _extend(cast("Tree", things[name]), cast("Tree", thing))
                else:
                    assert name not in things, f"{name} twice"
                    things[name] = deepcopy(thing)
        elif key in ("rules", "items", "blocks"):
            base[key] = [*cast("list[Tree]", base.get(key, [])), *cast("list[Tree]", value)]
        else:
            base[key] = deepcopy(value)


def section(tree: Tree, *names: str) -> dict[str, Tree]:
    for name in names:
        tree = cast("Tree", tree.get(name, {}))
    return cast("dict[str, Tree]", tree)


def items(tree: Tree, name: str) -> dict[str, str]:
    """Item ids of a list with the parent's item, empty for none."""
    found: object = section(tree, "lists", name)["items"]
    groups = cast("Mapping[str, list[Tree]]", found if isinstance(found, dict) else {"": found})
    return {str(item["id"]): parent for parent, group in groups.items() for item in group}


def problems(tree: Tree, rows: Rows, as_of: date) -> Iterator[str]:
    """Everything in the rows that the spec forbids, one line each."""
    tables = section(tree, "tables")
    yield from (f"no table {name}" for name in rows if name not in tables)
    known = _Known(
        {name: items(tree, name) for name in section(tree, "lists")},
        {name: {row[str(tables[name]["key"])] for row in found} for name, found in rows.items()},
        as_of,
    )
    for name, table in tables.items():
        fields = section(table, "fields")
        inputs = sorted(f for f, shape in fields.items() if shape["type"] not in COMPUTED)
        for number, row in enumerate(rows.get(name, ()), 1):
            where = f"{name} row {number}"
            if sorted(row) != inputs:
                yield f"{where}: fields {sorted(set(row) ^ set(inputs))}"
                continue
            for field in inputs:
                for problem in _cell(known, fields[field], cast("Value", row[field]), row):
                    yield f"{where}.{field}: {problem} ({row[field]!r})"
        for field in inputs:
            if fields[field].get("unique") or field == table.get("key") or fields[field]["type"] == "id":
                seen: set[object] = set()
                for row in rows.get(name, ()):
                    if row[field] is not None and row[field] in seen:
                        yield f"{name}.{field}: {row[field]!r} twice"
                    seen.add(row[field])


@dataclass(frozen=True, slots=True)
class _Known:
    lists: Mapping[str, Mapping[str, str]]
    keys: Mapping[str, set[object]]
    as_of: date


def _cell(known: _Known, shape: Tree, value: Value, row: Mapping[str, object]) -> Iterator[str]:
    if value is None:
        if shape.get("required"):
            yield "missing"
        wanted = shape.get("required_when")
        if wanted and condition(str(wanted), row):
            yield f"missing while {wanted}"
        return
    yield from _typed(known, shape, value, row)
    for bound in ("min", "max"):
        limit = _limit(shape[bound], row, known.as_of) if bound in shape else None
        if limit is not None and (value < limit if bound == "min" else value > limit):  # type: ignore[operator]
            yield f"against {bound} {shape[bound]}"
    if "max_length" in shape and len(str(value)) > cast("int", shape["max_length"]):
        yield "too long"
    if "pattern" in shape and not re.fullmatch(str(shape["pattern"]), str(value)):
        yield "against the pattern"


def _typed(known: _Known, shape: Tree, value: Value, row: Mapping[str, object]) -> Iterator[str]:
    match shape["type"]:
        case "choice":
            allowed = known.lists[str(shape["list"])]
            if value not in allowed:
                yield "not in the list"
            elif "depends_on" in shape and allowed[str(value)] != row[str(shape["depends_on"])]:
                yield f"does not belong to {row[str(shape['depends_on'])]}"
        case "multi_choice":
            chosen = str(value).split("、")
            if len(set(chosen)) < len(chosen) or set(chosen) - set(known.lists[str(shape["list"])]):
                yield "not in the list"
        case "reference":
            if value not in known.keys[str(shape["table"])]:
                yield f"no such row in {shape['table']}"
        case "number" | "currency" | "percent" | "rating":
            if isinstance(value, bool) or not isinstance(value, int | float):
                yield "not a number"
        case "integer":
            if isinstance(value, bool) or not isinstance(value, int):
                yield "not a whole number"
        case "date":
            if type(value) is not date:
                yield "not a date"
        case "boolean":
            if not isinstance(value, bool):
                yield "not a boolean"
        case "email":
            if not re.fullmatch(r"[a-z.]+@([a-z-]+\.)*example\.com", str(value)):
                yield "not a fictitious e-mail address"
        case "id":
            stem = str(shape["format"])
            if not re.fullmatch(re.escape(stem.rstrip("0")) + rf"\d{{{stem.count('0')},}}", str(value)):
                yield "not in the id's format"
        case "text" | "long_text" | "phone" | "url":
            if not isinstance(value, str) or not value.strip() or "{" in value:
                yield "not a text"
        case unknown:
            raise AssertionError(f"no check for {unknown}")


def _limit(bound: object, row: Mapping[str, object], as_of: date) -> object:
    if isinstance(bound, int | float):
        return bound
    text = str(bound)
    if text == "as_of":
        return as_of
    if found := re.fullmatch(r"DATE\((\d+),(\d+),(\d+)\)", text):
        return date(*(int(part) for part in found.groups()))
    if found := re.fullmatch(r"\[(\w+)\]", text):
        return row[found[1]]
    raise AssertionError(f"no reading for the bound {text}")


def condition(text: str, row: Mapping[str, object]) -> bool:
    """The truth of `[f]="x"`, `[f] in ("x","y")`, or NOT of these."""
    if found := re.fullmatch(r"NOT\((.*)\)", text):
        return not condition(found[1], row)
    if found := re.fullmatch(r'\[(\w+)\]="(\w*)"', text):
        return (row[found[1]] or "") == found[2]
    if found := re.fullmatch(r"\[(\w+)\] in \((.*)\)", text):
        return row[found[1]] in [part.strip().strip('"') for part in found[2].split(",")]
    raise AssertionError(f"no reading for the condition {text}")
