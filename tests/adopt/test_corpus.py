"""Workbooks of many programs: a usable spec or a clear refusal for each, and no value lost unsaid."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from crmsheet.adopt.adopting import draft_of, rows_of
from crmsheet.adopt.proof import kept
from crmsheet.api.adopting import adopt
from crmsheet.api.rows import initial_state
from crmsheet.diagnostics import Diagnostic
from crmsheet.errors import UsageError, WorkbookRefused
from crmsheet.intake.books import read_book
from crmsheet.model.spec import FieldType, SourceFile
from crmsheet.model.words import Language
from crmsheet.spec import load_sources

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
FILES = sorted(f for f in CORPUS.glob("*.xl*")) if CORPUS.is_dir() else []
QUICK = ("openxlsx-data__table_slicer.xlsx", "calamine__pivots.xlsx", "poi__simple-monthly-budget.xlsx")
"""Excel tables; what openpyxl reads only in part; two tables beside a form."""


def _holds_what_the_old_one_held(file: Path) -> None:
    problems: tuple[Diagnostic, ...] = ()
    try:
        done = adopt(file, today=dt.date(2026, 1, 1))
    except (UsageError, WorkbookRefused) as refused:
        problems = refused.diagnostics
    if problems:
        assert all(d.code[0] in "UW" and d.remedy for d in problems)
        return
    model = load_sources((SourceFile("spec.yaml", done.spec),), "spec.yaml")
    draft = draft_of(read_book(file))
    state, _, _ = initial_state(model, Language(done.language), rows_of(draft), "aaaa")
    told = "\n".join(text for s in done.sheets for _, text in (*s.understood, *s.not_understood))
    for table in draft.tables:
        for field in table.fields:
            if model.table(table.id).field(field.id).type.computed:
                continue
            values = state.tables[table.id].columns[field.id]
            lost = [
                (raw, value)
                for raw, value in zip(field.raw, values, strict=True)
                if not kept(raw, value) and field.kind.type is not FieldType.MULTI_CHOICE
            ]
            assert not lost or f"'{field.header}'" in told, (table.id, field.id, lost[:3])


@pytest.mark.parametrize("name", QUICK)
def test_a_few_workbooks(name: str) -> None:
    if not FILES:
        pytest.skip("the corpus is not here")
    _holds_what_the_old_one_held(CORPUS / name)


@pytest.mark.slow
@pytest.mark.skipif(not FILES, reason="the corpus is not here")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_workbook(file: Path) -> None:
    _holds_what_the_old_one_held(file)
