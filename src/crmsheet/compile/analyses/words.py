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
    "Share of first-time buyers who bought in a later month: {ages} (weighted by size).",
)
COHORTS_AGE: Final = Label("第 {age} 个月 {share}（n={n}）", "{share} in month {age} (n={n})")
COMMA: Final = Label("，", ", ")
COHORTS_FEW: Final = Label(
    "人数还少：不足 {least} 人的比例只供参考。",
    "Still few: shares of fewer than {least} customers are a hint only.",
)
COHORTS_METHOD: Final = Label(
    "当月有购买的客户 ÷ 同月首购客户；灰色为尚未到期，斜体为不足 {least} 人",
    "Customers who buy in a month ÷ those who first bought together; grey: not over yet; italic: fewer than {least}",
)
NO_COHORTS: Final = Label("还没有已满一个月的首购客户。", "No customer's first purchase is a month old yet.")

# Forecasts

FORECAST: Final = Label("{metric}：预测与建议目标", "{metric}: forecast and suggested target")
PERIOD: Final = Label("期间", "Period")
EXPECTED: Final = Label("预测", "Forecast")
LOW: Final = Label("下限（80%）", "Low (80%)")
HIGH: Final = Label("上限（80%）", "High (80%)")
YEAR_BEFORE: Final = Label("上年同期", "Year before")
VERSUS_YEAR: Final = Label("同比", "Change on year")
QUARTER: Final = Label("{first} 至 {last} 合计", "{first} to {last}, total")
FORECAST_SAID: Final = Label(
    "下季度（{first} 至 {last}）{metric}预计 {point}，80% 的可能在 {low} 到 {high} 之间；建议目标 {point}{year}。",
    "Next quarter ({first} to {last}): {metric} of {point} is expected, between {low} and {high} at 80%; suggested "
    "target {point}{year}.",
)
EXPECTED_SAID: Final = Label(
    "{month} {metric}预计 {point}，80% 的可能在 {low} 到 {high} 之间。",
    "{month}: {metric} of {point} is expected, between {low} and {high} at 80%.",
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
    "behind": Label("落后于其余（p＜5%）", "behind the rest (p < 5%)"),
    "silent": Label("久未购买（超过以往最长间隔）", "silent longer than ever"),
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
    "No alarm in {series} series: all vary as usual.",
)
SOME_ALARMS: Final = Label(
    "检查了 {series} 条序列，{n} 条有异常，重要的在前。",
    "{n} of {series} series raise an alarm, the gravest first.",
)
ONE_ALARM: Final = Label("检查了 {series} 条序列，1 条有异常。", "1 of {series} series raises an alarm.")
FIRST: Final = Label("此处显示前 {n} 条。", " The first {n} are shown.")
RECENT_MONTHS: Final = Label("近 {n} 个月", "last {n} mo.")
SINCE: Final = Label("{month} 起", "since {month}")
LAST_SEEN: Final = Label("上次 {month}", "last {month}")
ALARMS_METHOD: Final = Label(
    "XmR 控制限以 {base} 为基准；修正 z；连续下降；近 {span} 个月与上年同期相比（以客户为样本）；"
    "全部检验合并校正",
    "XmR limits of {base}; modified z; runs; the last {span} months against the year before (customers as sample); "
    "all tests corrected together",
)
SHORT_BASE: Final = Label(
    "样本不足：不到 {least} 个月，暂无控制限", "fewer than {least} months, no limits yet"
)
EARLIER: Final = Label("{text}（比基准 {change}）", "{text} ({change} on the mean)")

# What a change consists of

DECOMPOSITION: Final = Label("{metric}变化的拆解", "What the change of {metric} consists of")
PART: Final = Label("部分", "Part")
COUNT: Final = Label("个数", "Number")
AMOUNT: Final = Label("金额", "Amount")
OF_BEFORE: Final = Label("占上年同期", "Of year before")
MEANING: Final = Label("含义", "Meaning")
BEFORE: Final = Label("上年同期", "Year before")
NOW: Final = Label("本期", "Now")
PARTS: Final[dict[str, tuple[Label, Label]]] = {
    "new": (Label("＋ 新增", "+ New"), Label("上年同期没有购买", "nothing in the year before")),
    "lost": (Label("－ 流失", "- Lost"), Label("本期没有购买", "nothing now")),
    "expanded": (Label("＋ 扩大", "+ Expanded"), Label("比上年同期买得多", "more than the year before")),
    "shrunk": (Label("－ 缩小", "- Shrunk"), Label("比上年同期买得少", "less than the year before")),
    "price": (
        Label("价格", "Price"),
        Label("按本期数量，单价变化的影响", "change of prices, at the quantities of now"),
    ),
    "volume": (
        Label("数量", "Volume"),
        Label("按原均价，总数量变化的影响", "change of the whole quantity, at the old price"),
    ),
    "mix": (Label("结构", "Mix"), Label("产品结构变化的影响", "what is bought differs in price")),
}
DECOMPOSED: Final = Label(
    "{window} {metric} {now}，上年同期 {before}（{change}）：新增 {new}，流失 {lost}，扩大 {expanded}，缩小 {shrunk}。",
    "{window}: {metric} {now} against {before} a year before ({change}): new {new}, lost {lost}, expanded {expanded}, "
    "shrunk {shrunk}.",
)
BY_PRICE: Final = Label(
    "其中价格 {price}，数量 {volume}，结构 {mix}。", " By price {price}, by volume {volume}, by mix {mix}."
)
FEW_MAKE_IT: Final = Label(
    "减少的三分之二来自 {n} 个：{names}。", " Two thirds of the fall come from {n}: {names}."
)
DECOMPOSED_METHOD: Final = Label(
    "近 {n} 个已结束的月份与上年同期相比；各部分相加等于变化",
    "The last {n} months that are over against the year before; the parts add up",
)
NO_YEAR: Final = Label("还没有上年同期的数据。", "There are no data of the year before yet.")
PRICE_UNKNOWN: Final = Label(
    "上年同期没有数量，无法分解价格与数量。",
    " No quantities in the year before: price and volume are unknown.",
)

# White space

WHITE_SPACE: Final = Label("还没买的{what}", "What customers do not buy yet: {what}")
BEST: Final = Label("首选", "Best chance")
HAS: Final = "●"
OPENING: Final = Label(
    "{who} 还没有 {product}：买 {because} 的客户有 {share} 也买（n={n}）",
    "{who} lacks {product}: {share} of those with {because} have it (n={n})",
)
OPENINGS: Final = Label("最有把握：{found}。", "The surest: {found}.")
SEMICOLON: Final = Label("；", "; ")
NO_OPENINGS: Final = Label(
    "没有足够依据：每个建议至少要有 {least} 个客户同时买过两样。",
    "No basis: {least} customers must have both things for any proposal.",
)
SPACE_METHOD: Final = Label(
    "● 已购买；百分数为同类客户的购买比例（至少 {least} 个客户同时购买）；按金额取前 {top} 名",
    "● bought; a share is how many of those alike have it (at least {least} with both); the {top} largest",
)

# Association

ASSOCIATION: Final = Label("{one} × {other}：有无关联", "{one} × {other}: do they go together?")
JOINT: Final = Label("两者兼有", "Both")
SHARE_WITHIN: Final = Label("所占比例", "Share")
SHARE_ALL: Final = Label("总体比例", "Overall")
LIFT: Final = Label("提升度", "Lift")
READING: Final = Label("说明", "Reading")
OFTEN: Final = Label("高于总体", "more than overall")
SELDOM: Final = Label("低于总体", "less than overall")
STRENGTHS: Final = (
    (0.1, Label("几乎没有", "hardly any")),
    (0.3, Label("弱", "weak")),
    (0.5, Label("中等", "medium")),
    (2.0, Label("强", "strong")),
)
NOT_CAUSE: Final = Label("相关不等于因果。", "Correlation is not cause.")
ASSOCIATED: Final = Label(
    "{one}与{other}：Cramér's V = {v}（{strength}），p {p}，n={n}。",
    "{one} and {other}: Cramér's V = {v} ({strength}), p {p}, n={n}. ",
)
NOT_ASSOCIATED: Final = Label(
    "看不出{one}与{other}有关联：p {p}，n={n}，下表不作依据。",
    "No association of {one} and {other} can be seen: p {p}, n={n}. ",
)
THIN: Final = Label(
    "五分之一以上的格子期望不足 5，宜合并类别。",
    "Over a fifth of the cells expect fewer than 5: merge categories. ",
)
ONE_KIND: Final = Label(
    "只有一类，无从比较（n={n}）。", "There is one kind only, nothing to compare (n={n})."
)
NOTHING_TO_COMPARE: Final = Label("还没有可比较的数据。", "Nothing to compare yet.")
ASSOCIATION_METHOD: Final = Label(
    "卡方检验与 Cramér's V；{unit}；提升度＝所占比例÷总体比例，至少 {least} 例",
    "Chi-square and Cramér's V; {unit}; lift = share ÷ overall share, at least {least} cases",
)
PER_ENTITY: Final = Label("同一{entity}同一{other}计一次", "each {entity} counts once for a {other}")
PER_ROW: Final = Label("每行计一次", "each row counts once")

# Lifetime value

CLV: Final = Label("客户终身价值：{metric}", "Lifetime value: {metric}")
CUSTOMER: Final = Label("客户", "Customer")
HISTORIC: Final = Label("累计至今", "So far")
SIMPLE: Final = Label("年均", "Per year")
ALIVE: Final = Label("仍是客户", "Still buying")
PURCHASES: Final = Label("未来 {n} 月次数", "Orders, next {n} mo.")
PREDICTED: Final = Label("未来 {n} 月价值", "Value, next {n} mo.")
REPEATS: Final = Label("复购次数", "Repeats")
CLV_SAID: Final = Label(
    "未来 {n} 个月，全部客户预计带来 {total}；前 {top} 名占 {share}。",
    "All customers are expected to bring {total} in the next {n} months, {share} of it the {top} shown.",
)
CLV_CLOSED: Final = Label(
    "样本不足以预测（{customers} 个客户，{repeaters} 个复购；需要 {least} 个和 {repeating} 个）：只列累计与年均。",
    "Too few to predict ({customers} customers, {repeaters} with repeats; {least}, {repeating} are needed): so far and "
    "per year only.",
)
CLV_FAILED: Final = Label(
    "模型对这些数据没有可靠的解：只列累计与年均。",
    "The model has no sound answer for these data: so far and per year only.",
)
CLV_METHOD: Final = Label(
    "BG/NBD（按周合并）与 Gamma-Gamma；未复购者“仍是客户”按定义为 100%，不列；不适用于按合同购买",
    "BG/NBD (weeks merged) and Gamma-Gamma; still buying is 100% by construction without repeats and not shown; not for "
    "contracts",
)
CLV_SAMPLE: Final = Label("参数由 {n} 个客户估计", "parameters of {n} customers")
CLV_SIMPLE_METHOD: Final = Label(
    "累计 ÷ 首购以来的年数（至少一年）", "So far ÷ years since the first purchase (at least one)"
)

# Survival

SURVIVAL: Final = Label("客户存续：首购后多久仍在购买", "How long customers stay")
AFTER_MONTHS: Final = Label("首购后 {n} 个月", "{n} months after the first purchase")
SINCE_FIRST: Final = Label("首购以来", "Since the first purchase")
STAYING: Final = Label("仍在的比例", "Still customers")
AT_RISK: Final = Label("观察人数", "At risk")
SURVIVAL_SAID: Final = Label(
    "首购一年后 {year} 的客户仍在购买（95% 区间 {low} 到 {high}）；{median}。",
    "{year} are still customers a year after their first purchase ({low} to {high} at 95%); {median}.",
)
MEDIAN: Final = Label("半数客户在 {n} 个月内流失", "half of them leave within {n} months")
NO_MEDIAN: Final = Label("观察期内流失未过半", "fewer than half have left so far")
SURVIVAL_METHOD: Final = Label(
    "Kaplan-Meier；{n} 个月没有购买算流失；最近 {n} 个月还看不出去留，只观察到此前",
    "Kaplan-Meier; lost after {n} months without a purchase; followed up to {n} months ago, as none can be seen to "
    "leave since",
)
CUSTOMER_COUNT: Final = Label("{n} 个客户，{lost} 个流失", "{n} customers, {lost} lost")
LOW95: Final = Label("下限（95%）", "Low (95%)")
HIGH95: Final = Label("上限（95%）", "High (95%)")

# Insights

INSIGHTS: Final = Label("发现", "Insights")
FINDING: Final = Label("发现", "Finding")
RESTS_ON: Final = Label("依据", "Rests on")
SAID_SOME: Final = Label(
    "共 {n} 条发现，重要的在前；数字和依据如下。",
    "Findings: {n}, the gravest first, with what they rest on.",
)
SAID_NONE: Final = Label("没有异常。", "Nothing unusual.")
SAID_EMPTY: Final = Label("还没有已结束的月份的数据。", "No data of a whole month yet.")
LATEST: Final = Label(
    "{month} {metric} {value}，比上年同月 {change}，{state}。",
    "{month}: {metric} {value}, {change} on the year before, {state}.",
)
LATEST_ALONE: Final = Label("{month} {metric} {value}，{state}。", "{month}: {metric} {value}, {state}.")
NOTHING_YET: Final = Label(
    "{month} 没有任何{metric}：先看数据是否录全，下面的发现可能只因缺数据。",
    "{month} has no {metric} at all: see first whether everything was entered; what follows may come from that alone.",
)
STATES: Final[dict[str, Label]] = {
    "usual": Label("在正常波动之内", "within the usual variation"),
    "low": Label("低于控制下限 {bound}", "below the control limit of {bound}"),
    "high": Label("高于控制上限 {bound}", "above the control limit of {bound}"),
    "unknown": Label(
        "数据不足一年，还看不出是否正常",
        "with less than a year of data nobody can say whether that is usual",
    ),
}
BEHIND_SAID: Final = Label(
    "{where} 近 {span} 个月{metric} {value}，比上年同期 {change}，其余 {rest}；按其余的变化应为 {bound}。",
    "{where}: {metric} of the last {span} months {value}, {change} on the year before while the rest made {rest}; as "
    "the rest it would be {bound}.",
)
WHOLE_BEHIND: Final = Label(
    "近 {span} 个月{metric} {value}，比上年同期 {change}，不是个别客户造成。",
    "{metric} of the last {span} months {value}, {change} on the year before, and not by a few customers.",
)
LIMIT_SAID: Final = Label(
    "{where} {month} {metric} {value}，{rule} {bound}（平时 {usual}）。",
    "{where}, {month}: {metric} {value}, {rule} of {bound} (usually {usual}).",
)
RUN_SAID: Final = Label(
    "{where} {metric}到 {month} 已{rule}：{value}（平时 {usual}）。",
    "{where}: {metric} {rule} by {month}: {value} (usually {usual}).",
)
FALL_SAID: Final = Label(
    "{where} {metric}{rule}：{month} 为 {value}，此前 {bound}。",
    "{where}: {metric} is {rule}: {value} in {month} after {bound}.",
)
SILENT_SAID: Final = Label(
    "{n} 个重要客户久未购买，近两年每年共带来 {worth}：{names}。",
    "Valuable customers gone silent: {n}, together worth {worth} a year over the last two years: {names}.",
)
SILENT_ONE: Final = Label(
    "{who}（{days} 天，以往最多 {usual} 天）", "{who} ({days} days, never more than {usual} before)"
)
AND_MORE: Final = Label("等", " and others")
AND: Final = Label("、", ", ")
MONTHS_SEEN: Final = Label("n={n} 个月", "n={n} months")
CUSTOMERS_SEEN: Final = Label("n={n} 个客户，{p}", "n={n} customers, {p}")
INSIGHTS_METHOD: Final = Label(
    "由规则写成：XmR 控制限、与上年同期相比、自身购买间隔、预测",
    "Written by rules: XmR limits, the year before, own pauses, the forecast",
)

# Win rates

WIN_LOSS: Final = Label("{metric}：按{by}", "{metric} by {by}")
ENDED: Final = Label("结束", "Closed")
WON: Final = Label("赢", "Won")
RATE: Final = Label("比率", "Rate")
TOO_FEW_CASES: Final = Label("不足 5 例", "fewer than 5")
LIKE_OTHERS: Final = Label("与其他无明显差别", "as the others")
BELOW_OTHERS: Final = Label("低于其他", "below the others")
ABOVE_OTHERS: Final = Label("高于其他", "above the others")
WIN_SAID: Final = Label("总体 {rate}（n={n}）", "Overall {rate} (n={n})")
WIN_WORST: Final = Label("；最低的是 {who}：{rate}（n={n}）。", "; lowest: {who} with {rate} (n={n}).")
WIN_ALIKE: Final = Label("。", ".")
WIN_METHOD: Final = Label(
    "Wilson 95% 区间；不足 5 例不列比率", "Wilson's 95% limits; no rate below five cases"
)
