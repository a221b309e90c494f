"""Words to offer for a word that is not allowed: the nearest, and what people call the same thing.

Knows other names of the language's words, in Chinese and English. Does not know where which word is allowed.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from crmsheet.messages import listed, say

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
    "cn": "zh",
    "chinese": "zh",
    "english": "en",
    "mine": "own",
    "我的": "own",
    "本人": "own",
    "团队": "team",
    "全部": "all",
    "今天": "today",
    "日": "day",
    "周": "week",
    "月": "month",
    "季": "quarter",
    "季度": "quarter",
    "年": "year",
    "按月": "month",
    "months": "month",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
    "是": "true",
    "否": "false",
}
"""What people write for a word of ours, in Chinese or in the words of other programs."""


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
    if synonym in words:
        return (synonym,)
    found = close
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
