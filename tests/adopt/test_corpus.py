"""Workbooks of many programs: a usable spec or a clear refusal for each, and no value lost unsaid."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.adopt.messy import holds_what_the_old_one_held

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
FILES = sorted(f for f in CORPUS.glob("*.xl*")) if CORPUS.is_dir() else []
QUICK = ("openxlsx-data__table_slicer.xlsx", "calamine__pivots.xlsx", "poi__simple-monthly-budget.xlsx")
"""Excel tables; what openpyxl reads only in part; two tables beside a form."""


@pytest.mark.parametrize("name", QUICK)
def test_a_few_workbooks(name: str) -> None:
    if not FILES:
        pytest.skip("the corpus is not here")
    holds_what_the_old_one_held(CORPUS / name)


@pytest.mark.slow
@pytest.mark.skipif(not FILES, reason="the corpus is not here")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_workbook(file: Path) -> None:
    holds_what_the_old_one_held(file)
