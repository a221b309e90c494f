"""From pydantic's errors to diagnostics in our words, at their place in the file.

Knows every kind of error the shapes can raise. A kind it does not know is a bug of ours, and raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from pydantic_core import ErrorDetails

from crmsheet.diagnostics import Diagnostic
from crmsheet.messages import listed, phrase, say
from crmsheet.spec.codes import Code
from crmsheet.spec.mistakes import ascii_punctuation, quoted_value
from crmsheet.spec.nodes import MapNode, Node, Path, ScalarNode, SeqNode, find
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
from crmsheet.spec.shapes.words import LabelShape, Shape

_SYNONYMS: Final = {
    "文本": "text",
    "多行文本": "long_text",
    "长文本": "long_text",
    "数字": "number",
    "数值": "number",
    "整数": "integer",
    "金额": "currency",
    "货币": "currency",
    "百分比": "percent",
    "日期": "date",
    "时间": "datetime",
    "日期时间": "datetime",
    "布尔": "boolean",
    "是否": "boolean",
    "单选": "choice",
    "下拉": "choice",
    "选项": "choice",
    "多选": "multi_choice",
    "引用": "reference",
    "关联": "reference",
    "查找": "lookup",
    "汇总": "rollup",
    "公式": "formula",
    "编号": "id",
    "邮箱": "email",
    "电话": "phone",
    "手机": "phone",
    "网址": "url",
    "链接": "url",
    "评分": "rating",
    "类型": "type",
    "标签": "label",
    "名称": "label",
    "标题": "title",
    "说明": "help",
    "提示": "help",
    "必填": "required",
    "唯一": "unique",
    "默认": "default",
    "默认值": "default",
    "最小": "min",
    "最小值": "min",
    "最大": "max",
    "最大值": "max",
    "最大长度": "max_length",
    "格式": "format",
    "宽度": "width",
    "分组": "group",
    "顺序": "order",
    "隐藏": "hidden",
    "列表": "list",
    "表": "table",
    "字段": "fields",
    "规则": "rules",
    "条件": "when",
    "样式": "style",
    "指标": "metrics",
    "设置": "settings",
    "看板": "sheets",
    "主键": "key",
    "公式文本": "expr",
    "求和": "sum",
    "合计": "sum",
    "计数": "count",
    "平均": "avg",
    "中文": "zh",
    "英文": "en",
    "折线": "line",
    "折线图": "line",
    "柱形": "column",
    "柱状图": "column",
    "条形": "bar",
    "饼图": "doughnut",
    "环形图": "doughnut",
    "string": "text",
    "str": "text",
    "varchar": "text",
    "longtext": "long_text",
    "textarea": "long_text",
    "int": "integer",
    "decimal": "number",
    "float": "number",
    "money": "currency",
    "percentage": "percent",
    "bool": "boolean",
    "checkbox": "boolean",
    "enum": "choice",
    "select": "choice",
    "single_select": "choice",
    "dropdown": "choice",
    "multi_enum": "multi_choice",
    "multiselect": "multi_choice",
    "ref": "reference",
    "link": "reference",
    "user": "reference",
    "computed": "formula",
    "autonumber": "id",
    "auto": "id",
    "mail": "email",
    "tel": "phone",
    "mobile": "phone",
    "link_url": "url",
    "stars": "rating",
    "average": "avg",
    "mean": "avg",
    "countd": "count_distinct",
    "pie": "doughnut",
    "donut": "doughnut",
    "columns_chart": "column",
    "name": "label",
    "description": "help",
    "options": "list",
    "values": "list",
    "choices": "list",
    "mandatory": "required",
    "regex": "pattern",
    "minimum": "min",
    "maximum": "max",
    "formula": "expr",
    "expression": "expr",
    "filter": "where",
    "where": "filter",
    "condition": "when",
    "color": "style",
    "colour": "style",
    "kpi": "kpis",
    "card": "cards",
    "text": "note",
    "red": "bad",
    "green": "good",
    "yellow": "warn",
    "amber": "warn",
    "grey": "muted",
    "gray": "muted",
    "blue": "info",
    "aggregation": "agg",
    "aggregate": "agg",
    "metric": "metrics",
    "order_by": "sort",
    "date": "time",
    "time_field": "time",
    "是": "true",
    "否": "false",
}
"""What people write for a word of ours, in Chinese or in the words of other programs."""

SHAPES: Final[Mapping[str, type[Shape]]] = {
    shape.__name__: shape
    for module in (boards, charts, dimensions, document, history, lists, metrics, reminders, roles, tables)
    for shape in vars(module).values()
    if isinstance(shape, type) and issubclass(shape, Shape)
}


def nearest(given: str, allowed: Iterable[str], *, most: int = 3) -> tuple[str, ...]:
    """The allowed words most like the given one, a synonym first."""
    words = list(dict.fromkeys(allowed))
    folded = given.strip().lower().replace("-", "_").replace(" ", "_")
    if folded in words:
        return (folded,)
    synonym = _SYNONYMS.get(given.strip()) or _SYNONYMS.get(folded)
    close = get_close_matches(folded, words, most, 0.6)
    if not close:
        close = get_close_matches(given, words, most, 0.5)
    found = [synonym, *close] if synonym in words else close
    return tuple(dict.fromkeys(w for w in found if w))[:most]


def did_you_mean(given: str, allowed: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """A remedy for a word that is not allowed, and the words to offer, best first."""
    words = tuple(dict.fromkeys(allowed))
    close = nearest(given, words)
    if close:
        return say("Did you mean {words}?", words=listed(close, " or ")), close
    if not words:
        return "", ()
    shown = listed((*words[:24], *(("…",) if len(words) > 24 else ())))
    return say("Allowed: {words}", words=shown), words


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
                say("'{given}' is not a {what}", given=context["given"], what=_what(path)),
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
                remedy=_shape_remedy(node, str(context["expected"])),
            ), node
        case "model_type" | "model_attributes_type" | "dict_type" | "tuple_type":
            return Diagnostic(
                Code.WRONG_SHAPE.code,
                say("{what} cannot be {form}", what=_what(path), form=_form(node)),
                node.span.place,
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
    if isinstance(node, SeqNode) and expected.startswith("a map"):
        return say("Remove the hyphens: write `name: value`, one a line.")
    if isinstance(node, MapNode) and expected == "a list":
        return say("Begin each item with `- `.")
    return ""


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
    return Diagnostic(
        Code.UNKNOWN_KEY.code,
        say("'{name}' is not a key of {owner}", name=name, owner=_owner(path)),
        (key or node).span.place,
        remedy=remedy,
        allowed=offered,
    )


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
