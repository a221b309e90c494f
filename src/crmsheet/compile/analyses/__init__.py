"""Analyses as blocks of boards: what a sheet cannot compute, written as values at build and at each refresh.

Knows which analysis is made where. Does not know any analysis from inside, nor any statistic (`crmsheet.analysis`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from crmsheet.compile.analyses.accurate import accuracy_panel
from crmsheet.compile.analyses.acting import effects_panel
from crmsheet.compile.analyses.alarming import alarms_panel
from crmsheet.compile.analyses.chances import chances_panel
from crmsheet.compile.analyses.cohorts import cohort_retention
from crmsheet.compile.analyses.converting import conversion_panel
from crmsheet.compile.analyses.correlating import correlation_panel
from crmsheet.compile.analyses.differing import changes_panel
from crmsheet.compile.analyses.forecasting import forecast_panel
from crmsheet.compile.analyses.insights import insights_panel
from crmsheet.compile.analyses.lifetime import clv_panel
from crmsheet.compile.analyses.openings import white_space_panel
from crmsheet.compile.analyses.panels import Panel, panel_widget
from crmsheet.compile.analyses.parts import decomposition_panel
from crmsheet.compile.analyses.slipping import slip_panel
from crmsheet.compile.analyses.staging import stages_panel
from crmsheet.compile.analyses.staying import survival_panel
from crmsheet.compile.analyses.together import association_panel
from crmsheet.compile.analyses.upkeep import timeliness_panel
from crmsheet.compile.analyses.winning import win_loss_panel
from crmsheet.compile.layout import Widget
from crmsheet.compile.pieces import Context
from crmsheet.model.boards import AnalysisBlock, AnalysisType, Board

__all__ = ["analysis_widget"]

_KINDS: Final[Mapping[AnalysisType, Callable[[Context, AnalysisBlock], Panel]]] = {
    AnalysisType.INSIGHTS: insights_panel,
    AnalysisType.COHORT_RETENTION: cohort_retention,
    AnalysisType.FORECAST: forecast_panel,
    AnalysisType.ALARMS: alarms_panel,
    AnalysisType.DECOMPOSITION: decomposition_panel,
    AnalysisType.WHITE_SPACE: white_space_panel,
    AnalysisType.ASSOCIATION: association_panel,
    AnalysisType.CLV: clv_panel,
    AnalysisType.SURVIVAL: survival_panel,
    AnalysisType.WIN_LOSS: win_loss_panel,
    AnalysisType.STAGES: stages_panel,
    AnalysisType.SLIP: slip_panel,
    AnalysisType.EFFECTS: effects_panel,
    AnalysisType.CHANGES: changes_panel,
    AnalysisType.STAGE_CHANCES: chances_panel,
    AnalysisType.STAGE_CONVERSION: conversion_panel,
    AnalysisType.TIMELINESS: timeliness_panel,
    AnalysisType.CORRELATION: correlation_panel,
    AnalysisType.FORECAST_ACCURACY: accuracy_panel,
}


def analysis_widget(context: Context, board: Board, block: AnalysisBlock) -> Widget:
    return panel_widget(context, board, block, _KINDS[block.type](context, block))
