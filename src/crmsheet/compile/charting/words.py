"""The words of charts, in both languages.

Knows texts only. Does not know where they stand.
"""

from __future__ import annotations

from typing import Final

from crmsheet.model.words import Label

KINDS: Final[dict[str, Label]] = {
    "line": Label("折线图", "Line chart"),
    "bar": Label("条形图", "Bar chart"),
    "column": Label("柱状图", "Column chart"),
    "doughnut": Label("环形图", "Doughnut chart"),
    "combo": Label("柱线组合图", "Combination chart"),
    "scatter": Label("散点图", "Scatter chart"),
    "pareto": Label("帕累托图", "Pareto chart"),
    "funnel": Label("漏斗图", "Funnel chart"),
    "bullet": Label("子弹图", "Bullet chart"),
    "waterfall": Label("瀑布图", "Waterfall chart"),
    "control": Label("控制图", "Control chart"),
    "history": Label("历史折线图", "Line chart of history"),
}
"""By chart type."""

SAMPLE: Final = Label("n=", "n=")
AS_OF: Final = Label("截至 ", "as of ")
DOT: Final = " · "
COLON: Final = Label("：", ": ")
SEMICOLON: Final = Label("；", "; ")
NOTHING: Final = Label("暂无数据", "Nothing to show")
FORECAST: Final = Label("预测", "Forecast")
MOVING_AVERAGE: Final = Label("{n}期移动平均", "Moving average of {n}")
TREND: Final = Label("虚线：", "dashed: linear trend of ")
TREND_OF: Final = Label(" 个完整周期的线性趋势，R²=", " complete periods, R²=")
NO_TREND: Final = Label("完整周期不足 {n} 个，不作预测", "fewer than {n} complete periods: no forecast")
LOG: Final = Label("对数坐标，0 和负值不显示", "logarithmic axis; 0 and less not shown")
CUMULATIVE: Final = Label("累计占比", "Running share")
PARETO_FIRST: Final = Label("前 ", "the first ")
PARETO_MAKE: Final = Label(" 个占 80%", " make 80%")
POSITIVE: Final = Label("仅计大于 0 的值", "only values above 0")
STEP_RATE: Final = Label("百分比为占上一步的比例", "percentages are of the step before")
SHARE_RATE: Final = Label("百分比为占合计的比例", "percentages are of the total")
REST: Final = Label("其余 ", "the rest, ")
NOT_DRAWN: Final = Label(" 未画出", ", is not drawn")
SPACE: Final = Label("间隔", "Space")
PREVIOUS: Final = Label("上期", "Before")
CURRENT: Final = Label("本期", "Now")
INCREASE: Final = Label("增加", "Increase")
DECREASE: Final = Label("减少", "Decrease")
OTHERS: Final = Label("其他", "Other")
CHANGE: Final = Label("变化 ", "change ")
NO_TARGET: Final = Label("没有对应的目标", "no matching target")
LEFT_OUT: Final = Label("{what}：n 不足 {n} 时不显示", "{what}: not shown where n is below {n}")
NO_BEFORE: Final = Label("所选期间没有对比期", "this period has nothing to compare with")
CENTRE: Final = Label("均值", "Mean")
UPPER: Final = Label("上限", "Upper limit")
LOWER: Final = Label("下限", "Lower limit")
SIGNAL: Final = Label("超限", "Outside")
XMR: Final = Label(
    "XmR：均值 ± 2.66 × 平均移动极差（Wheeler）；未结束的周期不计",
    "XmR: mean ± 2.66 × mean moving range (Wheeler); the running period is left out",
)
PERIODS: Final = Label("完整周期数：", "complete periods: ")
PROVISIONAL: Final = Label("不足 {n} 个值，界限仅供参考", "fewer than {n} values: limits are provisional")
TOO_FEW: Final = Label(
    "有数值的完整周期不足 {n} 个，不画界限", "fewer than {n} complete periods with figures: no limits"
)
BIGGEST: Final = Label("{n} 个最大者", "the {n} largest")
FIT: Final = Label("虚线：线性趋势，R²=", "dashed: linear trend, R²=")
RECORDED_ON: Final = Label("统计日期", "As of")
RECORDED: Final = Label(
    "每个点是一次刷新当天记下的数值，间隔不按比例，不随筛选变化",
    "each point was written down at a refresh; distances are not to scale; selectors are not followed",
)
NOTHING_RECORDED: Final = Label(
    "还没有记录：从第一次刷新开始", "nothing written down yet: it begins with the first refresh"
)
RUNNING: Final = Label("未结束的周期不计", "the running period is left out")
