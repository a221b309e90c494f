"""The words of what has changed since the last date that is remembered.

Knows texts only. Does not know where they stand.
"""

from __future__ import annotations

from typing import Final

from crmsheet.model.words import Label

CHANGES: Final = Label("上次刷新以来的变化", "What changed since last time")
WHAT: Final = Label("内容", "What")
BEFORE: Final = Label("上次", "Before")
NOW: Final = Label("现在", "Now")
CHANGED: Final = Label("变化", "Change")
WHICH: Final = Label("涉及", "Which")
SAID: Final = Label(
    "与 {date} 相比：{figures} 项指标有变动；新增 {added} 条，删除 {gone} 条，改动 {edited} 处。",
    "Against {date}: figures that differ: {figures}; rows added: {added}, deleted: {gone}; cells changed: {edited}.",
)
FIRST: Final = Label(
    "还没有可比的记录：从第二次刷新起，这里显示与上次相比的变化。",
    "Nothing to compare with yet: from the second refresh on, what changed since the last one stands here.",
)
ADDED: Final = Label("{table}：新增", "{table}: added")
GONE: Final = Label("{table}：删除", "{table}: deleted")
MOVED: Final = Label("{table} {field}：{old} → {new}", "{table}, {field}: {old} → {new}")
EDITED: Final = Label("{table} {field}：改动", "{table}, {field}: changed")
BLANK: Final = Label("（空）", "(blank)")
ROWS: Final = Label("{n} 条", "{n} rows")
ONE_ROW: Final = Label("{n} 条", "{n} row")
MORE: Final = Label("等", " and others")
METHOD: Final = Label("指标见“{history}”；行的改动见“{log}”", "Figures: {history}; rows: {log}")
FIGURES_ONLY: Final = Label("指标见“{history}”", "Figures: {history}")
ROWS_ONLY: Final = Label("行的改动见“{log}”", "Rows: {log}")
ANEW: Final = Label("（新的一月，重新累计）", " (begun anew)")
