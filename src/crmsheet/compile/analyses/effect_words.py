"""The words of effects: figures before and after the start of an action. They never say that the one made the other.

Knows texts only. Does not know where they stand.
"""

from __future__ import annotations

from typing import Final

from crmsheet.model.words import Label

EFFECTS: Final = Label("行动前后的指标", "Figures before and after actions")
ACTION: Final = Label("行动", "Action")
FIGURE: Final = Label("指标", "Figure")
SINCE: Final = Label("开始", "Since")
BEFORE: Final = Label("行动前", "Before")
AFTER: Final = Label("行动后", "After")
CHANGED: Final = Label("变化", "Change")
YEAR_BEFORE: Final = Label("上年同期变化", "Same change a year before")
READING: Final = Label("说明", "Reading")
SAID: Final = Label(
    "{n} 项行动，{compared} 项可以比较，其中 {unusual} 项的变化大于以往任何日期。先后不等于因果。",
    "{n} actions, {compared} of them can be compared; {unusual} changed more than at any earlier date. What comes after "
    "need not come from it.",
)
ONE_SAID: Final = Label(
    "1 项行动，{compared} 项可以比较，其中 {unusual} 项的变化大于以往任何日期。先后不等于因果。",
    "1 action, {compared} can be compared; {unusual} changed more than at any earlier date. What comes after need not "
    "come from it.",
)
NONE: Final = Label(
    "还没有可以比较的行动：记下行动的开始日期和针对的指标，刷新后显示前后数值。",
    "No action can be compared yet: record its start and the figure it is about; a refresh shows both sides.",
)
UNNAMED: Final = Label("另有 {n} 项没有对应的指标。", " {n} more are about no figure known here.")
ONE_UNNAMED: Final = Label("另有 1 项没有对应的指标。", " 1 more is about no figure known here.")
METHOD: Final = Label(
    "开始日起至今（最多 {days} 天）与此前同样天数相比；至少满 {least} 天；对照：以往每 4 周一个日期的同样比较",
    "The days since the start (at most {days}) against as many before; from {least} days on; held against the same "
    "comparison at earlier dates, every four weeks",
)
REMEMBERED: Final = Label("按指标历史", "by the history of figures")
CASES: Final = Label("{days} 天，n={before}→{after}", "{days} days, n={before}→{after}")
USUAL: Final = Label(
    "；以往 {earlier} 个日期中 {as_large} 个变化不小于此",
    "; as large at {as_large} of {earlier} earlier dates",
)
UNKNOWN: Final = Label("；以往日期太少，无从对照", "; too few earlier dates to hold it against")
EARLY: Final = Label("为时尚早：{days} 天，至少 {least} 天", "too early: {days} of {least} days")
NO_BEFORE: Final = Label("此前 {days} 天没有数据", "no data of the {days} days before")
FEW: Final = Label("样本不足（n={before}→{after}）", "too few cases (n={before}→{after})")
NOT_REMEMBERED: Final = Label("指标历史里还没有前后的数值", "not remembered yet on both sides")
NOT_SO: Final = Label("这个指标不能按{by}分", "this figure is not known by {by}")
