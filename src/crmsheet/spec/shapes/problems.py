"""From pydantic's errors to diagnostics in our words, at their place in the file.

Knows every kind of error the shapes can raise. A kind it does not know is a bug of ours, and raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic_core import ErrorDetails

from crmsheet.diagnostics import Diagnostic
from crmsheet.messages import listed, phrase, say
from crmsheet.spec.codes import Code
from crmsheet.spec.mistakes import ascii_punctuation
from crmsheet.spec.nodes import MapNode, Node, Path, ScalarNode, SeqNode, find
from crmsheet.spec.quoting import quoted_value
from crmsheet.spec.shapes import (
    boards,
    charts,
    dimensions,
    document,
    history,
    lists,
    metrics,
    reminders,
    roles,
    tables,
)
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.spec.shapes.words import LabelShape, Shape

SHAPES: Final[Mapping[str, type[Shape]]] = {
    shape.__name__: shape
    for module in (boards, charts, dimensions, document, history, lists, metrics, reminders, roles, tables)
    for shape in vars(module).values()
    if isinstance(shape, type) and issubclass(shape, Shape)
}


def diagnosed(error: ErrorDetails, root: Node) -> tuple[Diagnostic, Node | None]:
    """The diagnostic of one error, and the node to leave out so that the rest can be read on."""
    path: Path = error["loc"]
    key, node = find(root, path)
    context: dict[str, Any] = error.get("ctx") or {}
    match error["type"]:
        case "extra_forbidden":
            return _unknown_key(path, root), key or node
        case "missing":
            return _missing(path, key, node), node
        case "empty":
            place = (key or node).span.place
            name = say(" '{value}'", value=key.value) if key else ""
            return Diagnostic(
                Code.EMPTY_VALUE.code,
                say("the key{name} has no value", name=name) if key else say("the item is empty"),
                place,
                remedy=say("Give it a value, or remove the line."),
            ), node
        case "word":
            remedy, allowed = did_you_mean(str(context["given"]), context["allowed"])
            return Diagnostic(
                Code.UNKNOWN_WORD.code,
                say("'{given}' is not allowed as `{what}`", given=context["given"], what=_what(path)),
                node.span.place,
                remedy=remedy,
                allowed=allowed,
            ), node
        case "flag":
            return _flag(node), node
        case "number":
            shown = say(", not '{value}'", value=node.value) if isinstance(node, ScalarNode) else ""
            return Diagnostic(
                Code.NOT_A_NUMBER.code,
                say("{what} is a number{shown}", what=_what(path), shown=shown),
                node.span.place,
                remedy=say("Write digits without quotes or a unit, such as 100 or 0.25."),
            ), node
        case "unquoted":
            return _unquoted(node), node
        case "shape":
            return Diagnostic(
                Code.WRONG_SHAPE.code,
                say(
                    "{what} is {expected}, not {form}",
                    what=_what(path),
                    expected=say(str(context["expected"])),
                    form=_form(node),
                ),
                node.span.place,
                remedy=_list_remedy(path, node) or _shape_remedy(node, str(context["expected"])),
            ), node
        case "model_type" | "model_attributes_type" | "dict_type" | "tuple_type":
            return Diagnostic(
                Code.WRONG_SHAPE.code,
                say("{what} cannot be {form}", what=_what(path), form=_form(node)),
                node.span.place,
                remedy=_map_remedy(path),
            ), node
        case kind:
            raise AssertionError(f"no words for the error {kind!r} at {path}")


def _what(path: Path) -> str:
    """A value in words: the last name on its path."""
    names = [step for step in path if isinstance(step, str) and step and step != "[key]"]
    return names[-1] if names else say("the spec")


def _form(node: Node) -> str:
    match node:
        case MapNode():
            return say("a map")
        case SeqNode():
            return say("a list")
        case ScalarNode():
            return say("'{value}'", value=node.value) if node.value else say("empty")


def _shape_remedy(node: Node, expected: str) -> str:
    if isinstance(node, ScalarNode) and ("，" in node.value or "：" in node.value or "【" in node.value):
        line = node.span.source.lines[node.span.line].strip()
        return say("Write: {line}", line=ascii_punctuation(line))
    if isinstance(node, SeqNode) and node.in_flow:
        return say("Brackets make a list: leave them out, or put the whole value in quotes.")
    if isinstance(node, ScalarNode) and "list" in expected and (parts := _parts(node.value)):
        return say("Write:  [{words}]", words=listed(parts))
    if isinstance(node, SeqNode) and expected.startswith("a map"):
        return say("Remove the hyphens: write `name: value`, one a line.")
    if isinstance(node, MapNode) and expected == "a list":
        return say("Begin each item with `- `.")
    return ""


def _parts(text: str) -> tuple[str, ...]:
    """The parts of a text that lists several things, none when it does not."""
    parts = tuple(part.strip() for part in text.replace("，", ",").replace("、", ",").split(","))
    return parts if len(parts) > 1 and all(parts) else ()


def _list_remedy(path: Path, node: Node) -> str:
    """Of a choice whose options stand at the field: where they belong."""
    if not isinstance(node, SeqNode) or path[-1:] != ("list",) or "fields" not in path:
        return ""
    items = listed(item.value for item in node.items if isinstance(item, ScalarNode))
    return say(
        "Options stand under `lists`, and the field names them:\nlists:\n  {name}: [{items}]",
        name=path[-2],
        items=items,
    )


def _map_remedy(path: Path) -> str:
    keys = _keys_at(path)[:2]
    if not keys:
        return ""
    return say("Write:  {line}", line=f"{path[-1]}: {{{', '.join(f'{key}: …' for key in keys)}}}")


def _flag(node: Node) -> Diagnostic:
    given = node.value if isinstance(node, ScalarNode) else ""
    yes = given.lower() in ("yes", "y", "on", "1", "true", "是", "√", "t")
    no = given.lower() in ("no", "n", "off", "0", "false", "否", "f")
    return Diagnostic(
        Code.NOT_A_FLAG.code,
        say("expected true or false, not {form}", form=_form(node)),
        node.span.place,
        remedy=say("Write {which} without quotes.", which=say("true") if yes else say("false"))
        if yes or no
        else "",
        allowed=("true", "false"),
    )


def _unquoted(node: Node) -> Diagnostic:
    span = node.span
    text = span.source.lines[span.line]
    end = span.end_column if span.end_line == span.line else len(text)
    fixed = text[: span.column] + quoted_value(text[span.column : end]) + text[end:]
    return Diagnostic(
        Code.UNQUOTED_EXPRESSION.code,
        say("this expression needs quotes"),
        span.place,
        reason=say("YAML reads [ ] as a list."),
        remedy=say("Write: {fixed}", fixed=fixed.strip()),
    )


def _missing(path: Path, key: ScalarNode | None, node: Node) -> Diagnostic:
    name = str(path[-1])
    owner = (
        say("'{value}'", value=key.value) if key else say("the spec") if len(path) == 1 else say("this item")
    )
    known = listed(k.value for k, _ in node.entries) if isinstance(node, MapNode) else ""
    return Diagnostic(
        Code.MISSING_KEY.code,
        say("{owner} has no `{name}`", owner=owner, name=name),
        (key or node).span.place,
        remedy=say("Add `{name}: {example}`", name=name, example=_EXAMPLES.get(name, "…"))
        + (say(" beside {known}.", known=known) if known else say(".")),
    )


_EXAMPLES: Final = {"crmsheet": "1", "type": "text", "agg": "sum", "by": "month", "style": "bad"}


def _unknown_key(path: Path, root: Node) -> Diagnostic:
    key, node = find(root, path)
    name = str(path[-1])
    allowed = _keys_at(path[:-1])
    remedy, offered = did_you_mean(name, allowed)
    if whole := _cut_by_comma(root, path, key, node):
        remedy, offered = say("A text with a comma stands in quotes inside {{ }}:  {line}", line=whole), ()
    return Diagnostic(
        Code.UNKNOWN_KEY.code,
        say("'{name}' is not a key of {owner}", name=name, owner=_owner(path)),
        (key or node).span.place,
        remedy=remedy,
        allowed=offered,
    )


def _cut_by_comma(root: Node, path: Path, key: ScalarNode | None, node: Node) -> str:
    """The entry before, with what stands behind its comma, when a key in { } has no value: `label: EUR, net`."""
    if key is None or key.style or not isinstance(node, ScalarNode) or node.value or node.style:
        return ""
    _, parent = find(root, path[:-1])
    entries = parent.entries if isinstance(parent, MapNode) else ()
    at = next((i for i, (k, _) in enumerate(entries) if k is key), 0)
    if not at or not key.in_flow:
        return ""
    name, value = entries[at - 1]
    if not isinstance(value, ScalarNode) or value.style or not value.value:
        return ""
    return f"{name.value}: {quoted_value(f'{value.value}, {key.value}')}"


_OWNERS: Final = {
    "fields": (phrase("a field"), "FieldShape"),
    "rules": (phrase("a rule"), "RuleShape"),
    "segments": (phrase("a segment"), "SegmentShape"),
    "tables": (phrase("a table"), "TableShape"),
    "lists": (phrase("a list"), "ListShape"),
    "settings": (phrase("a setting"), "SettingShape"),
    "metrics": (phrase("a metric"), "MetricShape"),
    "sheets": (phrase("a sheet"), "BoardShape"),
    "blocks": (phrase("a block"), "BlockShape"),
    "selectors": (phrase("a selector"), "SelectorShape"),
    "columns": (phrase("a list column"), "ListColumnShape"),
    "groups": (phrase("a label"), "LabelShape"),
    "chart": (phrase("a chart"), "ChartShape"),
    "heat": (phrase("a heat map"), "HeatShape"),
    "analysis": (phrase("an analysis"), "AnalysisShape"),
    "table": (phrase("a table block"), "TableBlockShape"),
    "list": (phrase("a list of rows"), "ListBlockShape"),
    "kpis": (phrase("a KPI block"), "KpisShape"),
    "cards": (phrase("a block of cards"), "CardsShape"),
    "note": (phrase("a label"), "LabelShape"),
    "roles": (phrase("a role"), "RoleShape"),
    "reminders": (phrase("a reminder"), "ReminderShape"),
    "target": (phrase("a target"), "TargetShape"),
    "label": (phrase("a label"), "LabelShape"),
    "title": (phrase("a label"), "LabelShape"),
    "help": (phrase("a label"), "LabelShape"),
    "description": (phrase("a label"), "LabelShape"),
    "empty": (phrase("a label"), "LabelShape"),
}


def _shape_at(path: Path) -> tuple[str, str]:
    """The kind of thing that stands at a path, and its shape's name."""
    steps = [s for s in path if s not in ("paths", "")]
    match steps:
        case []:
            return phrase("a spec"), "SpecShape"
        case [*_, "cards", "metrics", int()]:
            return phrase("a card"), "CardShape"
        case ["roles", _, "tables", _]:
            return phrase("a role's table"), "TableAccessShape"
        case ["history"]:
            return phrase("what is to be remembered"), "HistoryShape"
        case ["history", "keep"]:
            return phrase("how much is kept"), "KeepShape"
        case [*_, "by" | "series" | "across" | "entity"] | [*_, "analysis" | "history", "by", int()]:
            return phrase("a dimension"), "DimensionShape"
        case [*_, str() as last] if last in _OWNERS and len(steps) > 1 and last not in ("fields", "rules"):
            return _OWNERS[last]
        case [*_, str() as kind, _] if kind in _OWNERS:
            return _OWNERS[kind]
        case _:
            return phrase("this map"), ""


def _owner(path: Path) -> str:
    return say(_shape_at(path[:-1])[0])


def _keys_at(path: Path) -> tuple[str, ...]:
    name = _shape_at(path)[1]
    shape = LabelShape if name == "LabelShape" else SHAPES.get(name)
    return tuple(shape.model_fields) if shape else ()
