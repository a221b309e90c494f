"""The words of how forecasts did.

Knows texts only. Does not know where they stand.
"""

from __future__ import annotations

from typing import Final

from crmsheet.model.words import Label

ACCURACY: Final = Label("{metric}：预测准不准", "{metric}: how forecasts did")
MADE: Final = Label("预测于", "Forecast on")
EXPECTED: Final = Label("预测", "Forecast")
ACTUAL: Final = Label("实际", "Actual")
OFF: Final = Label("偏差", "Off by")
OFF_SHARE: Final = Label("偏差率", "Off by, %")
NAIVE: Final = Label("朴素法偏差率", "Naive, %")
SAID: Final = Label(
    "{n} 个月的预测平均偏差 {wape}，{bias}；朴素法（等于上月）{naive}。",
    "Over {n} months forecasts were off by {wape}, {bias}; the naive forecast (as the month before) by {naive}.",
)
HIGH: Final = Label("总体偏高 {share}", "too high by {share} in all")
LOW: Final = Label("总体偏低 {share}", "too low by {share} in all")
EVEN: Final = Label("总体不偏", "neither high nor low in all")
FEW: Final = Label(
    "能比较的预测只有 {n} 个月，至少需要 {least} 个月：每次刷新都会记下对以后三个月的预测。",
    "Months that can be compared: {n}; {least} are needed. Each refresh writes down what it expects of three months to "
    "come.",
)
METHOD: Final = Label(
    "月份开始前最后一次记下的预测；平均偏差＝绝对偏差之和÷实际之和（WAPE）",
    "The last forecast written down before the month began; mean error = sum of absolute errors ÷ sum of actual "
    "values (WAPE)",
)
