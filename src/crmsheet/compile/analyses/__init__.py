"""Analyses as blocks of boards: what a sheet cannot compute, written as values at build and at each refresh.

Knows which analysis is made where. Does not know any analysis from inside, nor any statistic (`crmsheet.analysis`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from crmsheet.compile.analyses.alarming import alarms_panel
from crmsheet.compile.analyses.cohorts import cohort_retention
from crmsheet.compile.analyses.forecasting import forecast_panel
from crmsheet.compile.analyses.panels import Panel, panel_widget
from crmsheet.compile.layout import Widget
from crmsheet.compile.pieces import Context
from crmsheet.model.boards import AnalysisBlock, AnalysisType, Board

__all__ = ["analysis_widget"]

_KINDS: Final[Mapping[AnalysisType, Callable[[Context, AnalysisBlock], Panel]]] = {
    AnalysisType.COHORT_RETENTION: cohort_retention,
    AnalysisType.FORECAST: forecast_panel,
    AnalysisType.ALARMS: alarms_panel,
}


def analysis_widget(context: Context, board: Board, block: AnalysisBlock) -> Widget:
    return panel_widget(context, board, block, _KINDS[block.type](context, block))
