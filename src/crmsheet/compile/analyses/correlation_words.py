"""The words of correlations. They never say that one figure makes another.

Knows texts only. Does not know where they stand.
"""

from __future__ import annotations

from typing import Final

from crmsheet.model.words import Label

CORRELATION: Final = Label("指标之间有无关联", "Do figures go together?")
ONE: Final = Label("指标", "Figure")
OTHER: Final = Label("与", "With")
PEARSON: Final = Label("Pearson r", "Pearson r")
SPEARMAN: Final = Label("Spearman ρ", "Spearman ρ")
P: Final = Label("p", "p")
READING: Final = Label("说明", "Reading")
TOGETHER: Final = Label("同向变化", "go together")
OPPOSED: Final = Label("反向变化", "go against each other")
NOT_SEEN: Final = Label("看不出关联", "no association seen")
OUTLIERS: Final = Label("只在少数数值上：按名次看不出", "by a few values only: not by ranks")
ONE_VALUE: Final = Label("数值全相同", "all values are equal")
TOO_FEW: Final = Label("样本不足", "too few")
SAID: Final = Label(
    "{pairs} 对指标中 {found} 对有关联{which}。相关不等于因果。",
    "Of {pairs} pairs, {found} go together{which}. Correlation is not cause.",
)
WHICH: Final = Label(
    "，最强的是{one}与{other}（r={r}，n={n}）", ", most of all {one} and {other} (r={r}, n={n})"
)
BY_MONTH: Final = Label(
    "按月，比较逐月的增减（两条趋势总会相关）",
    "by month, of changes from month to month (two trends always go together)",
)
BY_ENTITY: Final = Label("每个{entity}的合计为一个样本", "each {entity}'s total is one case")
METHOD: Final = Label(
    "Pearson 与 Spearman，p 双侧（t 检验）；两者经 Holm 修正都小于 5% 才算有关联；{unit}",
    "Pearson and Spearman, two-sided p (Student's t); told only where both are below 5% after Holm's correction; {unit}",
)
