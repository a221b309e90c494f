"""The words of analyses, in both languages.

Knows texts only. Does not know where they stand.
"""

from __future__ import annotations

from typing import Final

from crmsheet.model.words import Label

DOT: Final = " · "
N: Final = "n={n}"
AS_OF: Final = Label("截至 {date} 的数值，刷新时重算", "values as of {date}, computed at refresh")
MONTH: Final = Label("月份", "Month")
WINDOW: Final = Label("{first} 至 {last}", "{first} to {last}")
TOO_FEW: Final = Label(
    "样本不足：需要至少 {least} {unit}，现有 {n}。数据补充后刷新即可。",
    "Too few to tell: {least} {unit} are needed, there are {n}. Refresh when there are more.",
)
MONTHS_OVER: Final = Label("个已结束的月份", "months that are over")
CUSTOMERS: Final = Label("个客户", "customers")
EXAMPLES: Final = Label("条记录", "records")
TOTAL: Final = Label("合计", "Total")
ALL: Final = Label("全部", "All")

# Cohorts

COHORTS: Final = Label("客户留存：按首购月份", "Retention by month of first purchase")
COHORT: Final = Label("首购月份", "First bought")
SIZE: Final = Label("人数", "Size")
AFTER: Final = Label("{n} 个月后", "{n} mo.")
POOLED: Final = Label("合计（加权）", "All (weighted)")
COHORTS_SAID: Final = Label(
    "首购之后，当月再次购买的客户占比：{ages}（按人数加权）。",
    "Of those who first bought, buy again in a month: {ages} (weighted by size).",
)
COHORTS_AGE: Final = Label("第 {age} 个月 {share}（n={n}）", "{share} in month {age} (n={n})")
COMMA: Final = Label("，", ", ")
COHORTS_METHOD: Final = Label(
    "当月有购买的客户 ÷ 同月首购客户；灰色为尚未到期，斜体为不足 {least} 人",
    "Customers who buy in a month ÷ those who first bought together; grey: not over yet; italic: fewer than {least}",
)
NO_COHORTS: Final = Label("还没有已满一个月的首购客户。", "No customer's first purchase is a month old yet.")

# Forecasts

FORECAST: Final = Label("{metric}：预测与建议目标", "{metric}: forecast and suggested target")
PERIOD: Final = Label("期间", "Period")
EXPECTED: Final = Label("预测", "Forecast")
LOW: Final = Label("下限（80%）", "Low (80 %)")
HIGH: Final = Label("上限（80%）", "High (80 %)")
YEAR_BEFORE: Final = Label("上年同期", "Year before")
VERSUS_YEAR: Final = Label("同比", "Change on year")
QUARTER: Final = Label("{first} 至 {last} 合计", "{first} to {last}, total")
FORECAST_SAID: Final = Label(
    "下季度（{first} 至 {last}）{metric}预计 {point}，80% 的可能在 {low} 到 {high} 之间；建议目标 {point}{year}。",
    "Next quarter ({first} to {last}): {metric} of {point} is expected, between {low} and {high} at 80 %; suggested "
    "target {point}{year}.",
)
FORECAST_YEAR: Final = Label("（上年同期 {before}，{change}）", " ({before} a year before, {change})")
FORECAST_SHORT: Final = Label(
    "数据只够预测 {n} 个月，还不能给出下季度的目标。",
    "There are data for {n} months ahead only: no target of the next quarter yet.",
)
METHODS: Final[dict[str, Label]] = {
    "holt_winters": Label("Holt-Winters 加法季节模型", "Holt-Winters, additive"),
    "seasonal_naive_drift": Label("季节朴素法加漂移", "seasonal naive with drift"),
    "linear": Label("线性趋势", "straight line"),
    "mean_of_three": Label("最近三个月平均", "mean of three months"),
    "naive": Label("朴素法（等于上月）", "naive (as the last month)"),
}
BACKTEST: Final = Label(
    "{method}；回测 {origins} 个起点，MASE {mase}，WAPE {wape}（朴素法 MASE {naive}）",
    "{method}; backtest over {origins} origins: MASE {mase}, WAPE {wape} (naive: MASE {naive})",
)
NO_BACKTEST: Final = Label("{method}；数据太短，无法回测", "{method}; too short for a backtest")

# Alarms

ALARMS: Final = Label("异常与下降", "Alarms")
WHERE: Final = Label("对象", "Where")
METRIC: Final = Label("指标", "Metric")
WHEN: Final = Label("期间", "When")
RULE: Final = Label("规则", "Rule")
VALUE: Final = Label("数值", "Value")
BOUND: Final = Label("界限", "Limit")
PLAY: Final = Label("建议行动", "Suggested play")
RULES: Final[dict[str, Label]] = {
    "below_limit": Label("低于控制下限", "below the control limit"),
    "above_limit": Label("高于控制上限", "above the control limit"),
    "run_below": Label("连续 8 个月低于均值", "8 months below the mean"),
    "run_above": Label("连续 8 个月高于均值", "8 months above the mean"),
    "outlier": Label("离群（修正 z＞3.5）", "outlier (modified z > 3.5)"),
    "run_down": Label("连续下降", "falling for months"),
    "run_up": Label("连续上升", "rising for months"),
    "drop": Label("骤降", "sudden drop"),
    "behind": Label("落后于其余（p＜1%）", "behind the rest (p < 1 %)"),
    "silent": Label("久未购买（＞2.5 倍自身间隔）", "silent (> 2.5 × own pause)"),
}
PLAYS: Final[dict[str, Label]] = {
    "month": Label(
        "先核对数据是否录全，再看是哪些客户、产品造成",
        "Check that all is recorded, then which customers and products it is",
    ),
    "rate": Label(
        "抽查近三个月的记录，核对审批和原因", "Look at three months of records: approvals, reasons"
    ),
    "behind": Label(
        "列出减少最多的客户，逐个回访，立行动项", "List those who buy less, call them, record actions"
    ),
    "silent": Label("本周联系，问清原因，约定下一步", "Call this week, ask why, agree on a next step"),
}
DAYS: Final = Label("{n} 天", "{n} days")
NO_ALARMS: Final = Label(
    "没有异常：检查了 {series} 条序列，都在正常波动之内。",
    "No alarm: {series} series were checked; all vary as usual.",
)
SOME_ALARMS: Final = Label(
    "检查了 {series} 条序列，{n} 条有异常，重要的在前。",
    "{n} of {series} series raise an alarm, the gravest first.",
)
FIRST: Final = Label("此处显示前 {n} 条。", " The first {n} are shown.")
RECENT_MONTHS: Final = Label("近 {n} 个月", "last {n} mo.")
SINCE: Final = Label("{month} 起", "since {month}")
LAST_SEEN: Final = Label("上次 {month}", "last {month}")
ALARMS_METHOD: Final = Label(
    "XmR 控制限以 {base} 为基准；修正 z；连续下降；近 {span} 个月与上年同期相比（以客户为样本）",
    "XmR limits of {base}; modified z; runs; the last {span} months against the year before (customers as sample)",
)
SHORT_BASE: Final = Label(
    "样本不足：不到 {least} 个月，暂无控制限", "fewer than {least} months, no limits yet"
)
EARLIER: Final = Label("{text}（比基准 {change}）", "{text} ({change} on the mean)")
