"""The common metrics over the core tables: one spec that includes all of them, and rows for it.

Knows which files there are. Does not know what the metrics come to.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from tests.compile.spec_world import Figures, Rows, figures, model_of

from crmsheet.excel.values import Value
from crmsheet.model.boards import Block, KpiBlock
from crmsheet.model.spec import Model

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
AS_OF = dt.date(2026, 3, 31)
_CORE = (
    "customers",
    "activities",
    "deals",
    "transactions",
    "feedback",
    "products",
    "targets",
    "users",
    "surveys",
    "costs",
    "market",
    "profit",
    "payments",
    "actions",
    "completeness",
    "competitors",
)
_BOARD = """
sheets:
  board:
    label: {zh: 看板, en: Board}
    selectors: {period: {}}
    blocks:
      - id: kpis
        kpis: {metrics: [revenue]}
"""
_OWN = """
tables:
  customers:
    extend: true
    fields:
      locked: {type: boolean, label: {zh: 锁定, en: Locked}}
      wallet: {type: currency, label: {zh: 年采购额, en: Yearly spend}}
      seats_licensed: {type: integer, label: {zh: 已购席位数, en: Seats}}
      seats_active: {type: integer, label: {zh: 在用席位数, en: Used seats}}
"""


def files() -> tuple[str, ...]:
    """The files of common metrics, by name."""
    return tuple(sorted(p.stem for p in (TEMPLATES / "common" / "metrics").glob("*.yaml")))


def spec_text() -> str:
    """The spec of a board, with all that metrics count."""
    includes = ["common/settings.yaml", *(f"core/{c}.yaml" for c in _CORE)]
    includes += [f"common/metrics/{m}.yaml" for m in files()]
    lines = "".join(f"  - {i}\n" for i in includes)
    return f"crmsheet: 1\nlanguage: en\ninclude:\n{lines}{_OWN}{_BOARD}"


@cache
def catalogue() -> Model:
    """A model with all common metrics."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "templates"
        shutil.copytree(TEMPLATES, target)
        return model_of(spec_text(), target)


def showing(*blocks: Block) -> Model:
    """The same with other blocks on its board."""
    model = catalogue()
    return replace(model, boards=(replace(model.boards[0], blocks=blocks),))


def shown_figures(
    shown: Sequence[str],
    rows: Rows,
    period: str = "This month",
    as_of: dt.date = AS_OF,
    chosen: Mapping[str, Value] | None = None,
) -> Figures:
    model = showing(KpiBlock("kpis", tuple(shown)))
    return figures(model, rows, as_of, {"board.period": period, **(chosen or {})})
