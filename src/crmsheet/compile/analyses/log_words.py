"""The words of what the change log tells, in both languages.

Knows texts only. Does not know where they stand.
"""

from __future__ import annotations

from typing import Final

from crmsheet.model.words import Label

LOGGED_SINCE: Final = Label("自 {date} 起有记录", "logged since {date}")
NOTHING_LOGGED: Final = Label(
    "还没有记下任何变化（自 {date} 起）：每次刷新会记下两次刷新之间的修改。",
    "No change has been logged yet (since {date}): each refresh logs what was changed since the last one.",
)
DAYS_FORMAT: Final = Label('0.0"天"', '0.0" d"')
STAGES: Final = Label("{field}：停留天数与去向", "{field}: days spent, and what comes next")
STAGES_METHOD: Final = Label(
    "按修改记录；变化算在发现它的那次刷新；天数为首尾都有记录的停留的中位数，不足 3 次不显示；比例不足 5 次不显示",
    "By the change log; a change counts on the day of the refresh that found it; days: the median of stays of which "
    "both ends were seen, from 3 on; shares from 5 on",
)
STAGES_SAID: Final = Label(
    "停留最久的是“{stage}”：中位数 {days} 天（n={n}）。",
    "“{stage}” takes longest: a median of {days} days (n={n}).",
)
STAGES_FEW: Final = Label(
    "变化还太少，看不出各阶段的停留天数。", "Too few changes yet to tell how long stages take."
)
STAGE: Final = Label("阶段", "Stage")
IN_IT: Final = Label("现有", "There now")
DAYS_IN_IT: Final = Label("停留天数（中位）", "Days spent (median)")
STAYS: Final = Label("样本数", "n")
LEFT_IT: Final = Label("已离开", "Left")
WENT_ON: Final = Label("进入后续阶段", "Moved on")
SLIPS: Final = Label("{field}：推迟了多少", "{field}: how far it was put off")
SLIPS_METHOD: Final = Label(
    "按修改记录；现在的日期晚于最初记下的日期为推迟；推迟天数为推迟者的中位数，不足 3 个不显示",
    "By the change log; late is what stands later now than at first; days: the median of the late ones, from 3 on",
)
SLIPS_SAID: Final = Label(
    "{n} 个中有 {later} 个推迟，中位数 {days} 天。",
    "Of {n}, {later} were put off, by a median of {days} days.",
)
ROWS: Final = Label("个数", "Number")
LATER: Final = Label("推迟", "Put off")
LATER_SHARE: Final = Label("占比", "Share")
PUT_OFF: Final = Label("推迟次数", "Times")
LATE_BY: Final = Label("推迟天数（中位）", "Days (median)")

# Chances by stage

CHANCES: Final = Label("{field}：赢单概率校准", "{field}: chances to win, calibrated")
ASSUMED: Final = Label("设定概率", "Set to")
ENDED: Final = Label("已结束", "Closed")
WON: Final = Label("赢", "Won")
SEEN: Final = Label("实际比例", "Actual")
SUGGESTED: Final = Label("建议概率", "Suggested")
READING: Final = Label("说明", "Reading")
CHANCES_SAID: Final = Label(
    "按 {n} 个已结束商机：“{stage}”设定 {assumed}，实际 {seen}，建议改为 {suggested}（n={of}）。",
    "Of {n} closed deals: “{stage}” is set to {assumed}, {seen} were won; suggested: {suggested} (n={of}).",
)
CHANCES_FEW: Final = Label(
    "已结束的只有 {n} 个，各阶段都还不足 {least} 个：先用设定概率。",
    "{n} closed so far, fewer than {least} of every stage: keep the chances that are set.",
)
CHANCES_METHOD: Final = Label(
    "到过该阶段（或更后）且看到结局的商机；建议＝（赢＋设定×{prior}）÷（结束＋{prior}），样本少时接近设定值",
    "Of those that reached a stage or a later one and whose end was logged; suggested = (won + set × {prior}) ÷ "
    "(closed + {prior}): near what is set while there are few",
)
TOO_FEW_CLOSED: Final = Label("不足 {least} 个，仅供参考", "fewer than {least}: a hint only")
AS_ASSUMED: Final = Label("与设定相符", "as set")
LOWER: Final = Label("低于设定", "below what is set")
HIGHER: Final = Label("高于设定", "above what is set")

# Conversion by cohort

CONVERSION: Final = Label("{field}：各月新增走到哪一步", "{field}: how far each month's new ones got")
BEGAN: Final = Label("开始月份", "Began in")
SIZE: Final = Label("个数", "Number")
OPEN: Final = Label("未结束", "Still open")
CONVERSION_SAID: Final = Label(
    "自 {date} 起开始的 {n} 个中，{share} 到达“{stage}”，{open} 个未结束（灰色月份还会变）。",
    "Of {n} that began since {date}, {share} reached “{stage}”; {open} are still open (grey months will change).",
)
CONVERSION_FEW: Final = Label(
    "自 {date} 起开始的只有 {n} 个，至少需要 {least} 个。",
    "{n} began since {date}; {least} are needed.",
)
CONVERSION_METHOD: Final = Label(
    "按开始月份，到达该阶段或更后的比例；跳过的阶段算到过，重复进入算一次；不足 {least} 个不列比例；灰色：两成以上未结束",
    "By the month they began: the share that reached a stage or a later one; skipped stages count, entering twice counts "
    "once; no share below {least}; grey: over a fifth still open",
)

# Upkeep

UPKEEP: Final = Label("{table}：更新是否及时", "{table}: kept up to date?")
UPDATED: Final = Label("{days} 天内有更新", "Updated in {days} d")
SHARE: Final = Label("及时率", "Share")
AGE: Final = Label("距上次更新（中位）", "Days since (median)")
UPKEEP_SAID: Final = Label(
    "{n} 条中 {updated} 条在 {days} 天内更新过（{share}）。",
    "{updated} of {n} were updated within {days} days ({share}).",
)
UPKEEP_EARLY: Final = Label(
    "修改记录自 {date} 起，还不满 {days} 天，看不出更新是否及时。",
    "Changes are logged since {date}, not for {days} days yet: whether rows are kept up cannot be told.",
)
UPKEEP_METHOD: Final = Label(
    "看修改记录中记录的字段（{fields}）；新增也算更新；距上次更新不足 3 条不列",
    "By logged changes of {fields}; adding a row counts; no median below three",
)
