"""The words of data problems, in both languages.

A new check is a row here and a module beside this one.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsheet.messages import Said, say_in
from crmsheet.model.words import Label, Language
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """`title` is for the list of codes; `{label}`, `{value}` and details are filled in."""

    title: str
    message: Label
    remedy: Label = Label("", "")

    @staticmethod
    def said(label: Label, language: Language, values: Mapping[str, str] | None = None) -> Said:
        """One of both texts filled in: in the workbook's language, and ready for that of whoever reads it."""
        return say_in(language.value, label.en, {"zh": label.zh}, **(values or {}))


def noun(name: str, language: Language, **values: object) -> Said:
    """One of `NOUNS`, in the workbook's language and ready for another one."""
    label = NOUNS[name]
    return say_in(language.value, label.en, {"zh": label.zh}, **values)


WORDS: dict[str, Words] = {
    "D101": Words(
        "wrong type",
        Label("“{label}”应为{kind}，现为“{value}”", "'{label}' takes {kind}, not '{value}'"),
        Label("请改成{kind}。", "Enter {kind}."),
    ),
    "D102": Words(
        "date stored as text",
        Label("“{value}”是文本，不是日期", "'{value}' is text, not a date"),
        Label("请重新输入为 {suggestion}。", "Type it again as {suggestion}."),
    ),
    "D103": Words(
        "not in the list",
        Label("“{value}”不在“{label}”的选项中", "'{value}' is not an option of '{label}'"),
        Label("可选：{options}", "Options: {options}"),
    ),
    "D104": Words(
        "missing",
        Label("缺少“{label}”", "'{label}' is missing"),
        Label("请填写。", "Fill it in."),
    ),
    "D105": Words(
        "duplicate",
        Label(
            "“{label}”重复：“{value}”也在第 {rows} 行",
            "'{label}' must be unique: '{value}' is also in row {rows}",
        ),
        Label("请修改或删除其中一行。", "Change or delete one of the rows."),
    ),
    "D106": Words(
        "refers to nothing",
        Label("“{value}”不在“{target}”表中", "'{value}' is not in the table '{target}'"),
        Label("{hint}", "{hint}"),
    ),
    "D107": Words(
        "out of range",
        Label("“{label}”应{bound}，现为 {value}", "'{label}' must be {bound}, not {value}"),
        Label("请改正。", "Correct it."),
    ),
    "D108": Words(
        "wrong form",
        Label("“{value}”不是有效的{kind}", "'{value}' is not a valid {kind}"),
        Label("请按此格式填写：{example}", "Write it like this: {example}"),
    ),
    "D109": Words(
        "too long",
        Label(
            "“{label}”最多 {limit} 个字符，现有 {length} 个",
            "'{label}' takes at most {limit} characters, not {length}",
        ),
        Label("请缩短。", "Shorten it."),
    ),
    "D110": Words(
        "does not fit its parent",
        Label("“{value}”不属于“{parent}”", "'{value}' does not belong to '{parent}'"),
        Label("可选：{options}", "Options: {options}"),
    ),
    "D111": Words(
        "copied row",
        Label("此行是复制来的，已按新行处理", "this row was copied from another; it counts as a new one"),
        Label("若是重复录入，请删除。", "Delete it if it is a duplicate."),
    ),
    "D112": Words(
        "error value",
        Label("“{label}”的单元格是错误值 {value}", "the cell of '{label}' holds the error {value}"),
        Label("请改成正确的内容。", "Replace it with the right content."),
    ),
    "D113": Words(
        "doubtful row",
        Label("此行的内容与上次刷新时完全不同", "nothing in this row is as it was at the last refresh"),
        Label("若移动过单元格，请核对本行。", "If cells were moved, check this row."),
    ),
    "D114": Words(
        "not kept up",
        Label(
            "最新一条是 {value}，已 {age} 天没有新记录（应每 {limit} 天至少一条）",
            "the newest row is of {value}: nothing for {age} days (at least one every {limit} days is due)",
        ),
        Label("请补录；如无新情况，可放宽该表的 cadence。", "Enter what is missing, or allow more days."),
    ),
    "D115": Words(
        "option twice",
        Label(
            "“{value}”在列表“{label}”中重复：{cell} 也是",
            "'{value}' stands twice in the list '{label}': {cell} holds it too",
        ),
        Label("请清除其中一个，或改成别的名称。", "Clear one of them, or give it another label."),
    ),
}

NOUNS: dict[str, Label] = {
    "number": Label("数字", "a number"),
    "integer": Label("整数", "a whole number"),
    "date": Label("日期", "a date"),
    "boolean": Label("TRUE 或 FALSE", "TRUE or FALSE"),
    "text": Label("文本", "text"),
    "email": Label("邮箱", "e-mail address"),
    "phone": Label("电话", "phone number"),
    "url": Label("网址", "web address"),
    "pattern": Label("格式", "value"),
    "at_least": Label("不小于 {bound}", "at least {bound}"),
    "at_most": Label("不大于 {bound}", "at most {bound}"),
    "near": Label("是否为“{near}”？", "Did you mean '{near}'?"),
    "renamed": Label(
        "它已改名为“{new}”；刷新时加 --apply-renames 可一并改写。",
        "It is called '{new}' by now; refresh with --apply-renames to rewrite it.",
    ),
    "add_first": Label("请先在“{target}”表中添加。", "Add it to '{target}' first."),
    "and_more": Label("等 {count} 项", "and {count} more"),
}
