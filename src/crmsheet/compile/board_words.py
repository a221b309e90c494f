"""The words that boards show, in both languages.

Knows texts only. Does not know where they stand.
"""

from __future__ import annotations

from typing import Final

from crmsheet.model.words import Label

SENTINEL: Final = "§∅§"
"""A text that nobody types: `<>` it is the criterion that holds for every row, blanks included."""

ALL: Final = Label("全部", "All")
BLANK: Final = Label("（空白）", "(blank)")
OTHER: Final = Label("其他／未列出", "Other / unlisted")
TOTAL: Final = Label("合计", "Total")
DASH: Final = "—"
YES: Final = Label("是", "Yes")
NO: Final = Label("否", "No")

# Why there is no number

DIV0: Final = Label("分母为 0", "denominator is 0")
NO_DATA: Final = Label("无数据", "no data")
SMALL_N: Final = Label("样本不足 n=", "too few: n=")
NO_TARGET: Final = Label("未设目标", "no target")
NEGATIVE_BASE: Final = Label("上期为负", "negative base")
ZERO_BASE: Final = Label("新增（上期为 0）", "new (base is 0)")
NO_COMPARISON: Final = Label("无对比期", "no comparison window")
NOT_SPLIT: Final = Label("不能按此维度拆分", "cannot be broken down this way")
NEW: Final = Label("新增", "new")
"""Stands for a change over 0, which is no rate."""
IMMATURE: Final = Label("期限未满", "too early to tell")
STOCK_HISTORY: Final = Label("存量指标没有历史值", "a stock has no past values")
FAILED: Final = Label("数据有错误值", "error value in the data")
REASON_BEFORE: Final = Label("【", "[")
REASON_BEHIND: Final = Label("】", "] ")
"""Around a reason that stands before a definition."""

LATE: Final = Label(" 已 ", ": nothing new for ")
LATE_DAYS: Final = Label(" 天没有新记录", " days")

# Windows that metrics have of their own

SPANS: Final[dict[str, Label]] = {
    "day": Label("{count} 天", "{count} days"),
    "week": Label("{count} 周", "{count} weeks"),
    "month": Label("{count} 个月", "{count} months"),
    "quarter": Label("{count} 个季度", "{count} quarters"),
    "year": Label("{count} 年", "{count} years"),
}
ONE_SPAN: Final[dict[str, Label]] = {
    "day": Label("1 天", "1 day"),
    "week": Label("1 周", "1 week"),
    "month": Label("1 个月", "1 month"),
    "quarter": Label("1 个季度", "1 quarter"),
    "year": Label("1 年", "1 year"),
}
TO_DATE: Final[dict[str, Label]] = {
    "day": Label("，当日", ", of the day"),
    "week": Label("，本周累计", ", week to date"),
    "month": Label("，本月累计", ", month to date"),
    "quarter": Label("，本季累计", ", quarter to date"),
    "year": Label("，本年累计", ", year to date"),
}
WHOLE: Final[dict[str, Label]] = {
    "day": Label("，当日全天", ", all of the day"),
    "week": Label("，本周全周", ", the whole week"),
    "month": Label("，本月全月", ", the whole month"),
    "quarter": Label("，本季全季", ", the whole quarter"),
    "year": Label("，本年全年", ", the whole year"),
}
TRAILING: Final = Label("，最近 {span}累计", ", last {span}")
EARLIER: Final = Label("，{span}前同期", ", {span} earlier")
EVER: Final = Label("，累计至今", ", ever")
AT_START: Final = Label("（截至期初）", " (at the start of the period)")
UP_TO: Final = Label("截至 ", "up to ")

# Windows of time

WINDOWS: Final[dict[str, Label]] = {
    "today": Label("今天", "Today"),
    "yesterday": Label("昨天", "Yesterday"),
    "this_week": Label("本周", "This week"),
    "last_week": Label("上周", "Last week"),
    "this_month": Label("本月", "This month"),
    "last_month": Label("上月", "Last month"),
    "this_quarter": Label("本季度", "This quarter"),
    "last_quarter": Label("上季度", "Last quarter"),
    "this_year": Label("本年", "This year"),
    "last_year": Label("去年", "Last year"),
    "last_7_days": Label("最近7天", "Last 7 days"),
    "last_30_days": Label("最近30天", "Last 30 days"),
    "last_90_days": Label("最近90天", "Last 90 days"),
    "last_12_months": Label("最近12个月", "Last 12 months"),
    "all": Label("全部时间", "All time"),
}
"""By window id, in the order of the drop-down."""

NOBODY: Final = "–"
"""The name of a place in a legend that nobody takes."""

WINDOW: Final = Label("统计期间：", "Window: ")
VERSUS: Final = Label("，对比 ", ", compared with ")
AS_OF: Final = Label("截至 ", "As of ")
STOCK: Final = Label("（存量，不随期间）", " (whatever the period)")
ALL_TIME_SPAN: Final = Label("全部时间", "all time")
FRESH: Final = Label("数据更新到 ", "Data up to ")
NO_ROWS: Final = Label("尚无数据", "No data yet")
REFRESHED: Final = Label("上次刷新 ", "Last refreshed ")
PROBLEMS: Final = Label("待处理数据问题 ", "Open data problems: ")
UNMATCHED: Final = Label("：未匹配 ", ": unmatched ")
UNMATCHED_UNIT: Final = Label(" 条", "")
GUIDE: Final = Label("使用说明", "Guide")
IGNORES: Final = Label("；不随筛选：", "; not filtered by: ")
WARNING: Final = "⚠"
UNKNOWN_CHOICE: Final = Label("没有这个选项：", "No such choice: ")
PART_OF: Final = Label("”是名称的一部分，共 ", "” is part of the names of ")
PART_SHOWN: Final = Label(" 条，请在下拉列表中选择；现在显示 ", ": choose one from the list. Shown now: ")
SEPARATOR: Final = Label("、", ", ")
PERIOD: Final = Label("期间", "Period")

# Cards and KPI rows

CHANGE: Final = Label("较上期", "Change")
PREVIOUS: Final = Label("上期", "Previous")
PREVIOUS_SHORT: Final = Label("上期", "Before")
"""As cards have room for it."""
ATTAINMENT: Final = Label("达成", "Attained")
TARGET: Final = Label("目标", "Target")
COURSE: Final = Label("走势", "Trend")
TREND: Final = Label("{count} 个月", "{count} mo.")
SAMPLE: Final = Label("样本", "n")
INDICATOR: Final = Label("指标", "Indicator")
VALUE: Final = Label("当前值", "Value")
STATUS: Final = Label("状态", "Status")
DEFINITION: Final = Label("口径", "Definition")
ON_TRACK: Final = Label("达标", "On track")
WATCH: Final = Label("关注", "Watch")
BEHIND: Final = Label("落后", "Behind")
IMPROVING: Final = Label("改善", "Improving")
WORSENING: Final = Label("转差", "Worsening")
STEADY: Final = Label("持平", "Steady")

RANK: Final = Label("名次", "Rank")
SHARE: Final = Label("占比", "Share")
CUMULATIVE: Final = Label("累计占比", "Running share")
CLASS: Final = Label("类别", "Class")

# Lists of rows

COUNT_BEFORE: Final = Label("共 ", "")
COUNT_AFTER: Final = Label(" 条", " in all")
SHOWING: Final = Label("，显示前 ", ", first ")
EMPTY_LIST: Final = Label("没有符合条件的记录", "Nothing here")
MONTH_UNIT: Final = Label("月", "months")

# Prompts of selectors

CHOOSE: Final = Label("从下拉列表中选择，整页随之变化", "Choose from the list; the whole sheet follows")
CHOOSE_RECORD: Final = Label(
    "从下拉列表中选择；也可以只输入名称的一部分，列表就只剩含有它的名称",
    "Choose from the list; or type part of a name, and the list shows only the names that contain it",
)
CHOOSE_PART: Final = Label(
    "没有完全相同的名称。点“确定”后再打开下拉列表，里面只有含有这些字的名称。",
    "No name is exactly this. Press OK and open the list: it shows the names that contain it.",
)
CHOOSE_ERROR: Final = Label("请从下拉列表中选择", "Choose a value from the list")
CHOOSE_TITLE: Final = Label("筛选", "Filter")

# Definitions

AGGREGATIONS: Final[dict[str, Label]] = {
    "sum": Label("合计", "Sum"),
    "count": Label("计数", "Count"),
    "avg": Label("平均", "Average"),
    "min": Label("最小", "Minimum"),
    "max": Label("最大", "Maximum"),
    "count_distinct": Label("去重计数", "Distinct count"),
    "median": Label("中位数", "Median"),
}
OF: Final = Label("：", " of ")
BY_TIME: Final = Label("，按", ", by ")
COMPUTED_FROM: Final = Label("由以下指标计算：", "Computed from: ")
UNIT: Final = Label("单位：", "Unit: ")

SNAPSHOT: Final = Label(
    "；数据量大，刷新时计算（{date}），不随筛选即时变化",
    "; many rows: computed at refresh ({date}), does not follow the selectors at once",
)
