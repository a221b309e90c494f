"""What is told when a call cannot be carried out as given, and what is never overwritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.refresh.small_world import built

from crmsheet import api
from crmsheet.api import recomputing
from crmsheet.api.restructuring import change
from crmsheet.cli import locks
from crmsheet.compile import Compiled, Context, compiled
from crmsheet.errors import CrmsheetError, UsageError, WorkbookRefused

DAY = date(2026, 3, 31)


def _code(failure: pytest.ExceptionInfo[CrmsheetError]) -> str:
    return failure.value.diagnostics[0].code


def test_a_missing_spec_a_missing_book_and_an_unknown_starter(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as spec:
        api.build(str(tmp_path / "none.yaml"), today=DAY)
    assert _code(spec) == "U101"
    with pytest.raises(UsageError) as book:
        api.check(tmp_path / "none.xlsx", today=DAY)
    assert _code(book) == "U101"
    with pytest.raises(UsageError) as starter:
        api.build("folow-up", today=DAY)
    assert _code(starter) == "U106"
    assert "follow-up" in starter.value.diagnostics[0].remedy


def test_data_folders_without_data_and_with_unknown_columns(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        "crmsheet: 1\nname: s\ntitle: S\nlanguage: en\n"
        "tables:\n  t:\n    label: T\n    key: name\n    fields:\n      name: {type: text, label: Name}\n",
        "utf-8",
    )
    data = tmp_path / "data"
    data.mkdir()
    with pytest.raises(UsageError) as empty:
        api.build(str(tmp_path / "s.yaml"), today=DAY, data=data)
    assert _code(empty) == "U103"
    assert "t.csv" in empty.value.diagnostics[0].remedy
    (data / "t.csv").write_text("Name,Colour\nA,red\n", "utf-8")
    done = api.build(str(tmp_path / "s.yaml"), today=DAY, data=data)
    assert [d.code for d in done.findings if d.code.startswith("U")] == ["U104"]
    assert done.rows == {"t": 1}
    with pytest.raises(UsageError) as demo:
        api.build(str(tmp_path / "s.yaml"), today=DAY, demo=True)
    assert _code(demo) == "U107"


def test_existing_files_and_filled_workbooks_are_kept(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(built(tmp_path))
    with pytest.raises(UsageError) as exists:
        api.ensure_replaceable(book, force=False)
    assert _code(exists) == "U102"
    api.ensure_replaceable(book, force=True)
    book.write_bytes(b"something else entirely")
    with pytest.raises(UsageError) as filled:
        api.ensure_replaceable(book, force=True)
    assert _code(filled) == "U105"


def test_a_read_only_workbook_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(b"x")

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(WorkbookRefused) as refusal:
        locks.ensure_unlocked(book, wait=0, ignore=False)
    assert _code(refusal) == "W302"


def test_a_workbook_with_smaller_blocks_than_ours_gets_larger_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that an earlier version built."""

    def taller(context: Context) -> Compiled:
        done = compiled(context)
        blocks = tuple(
            replace(b, rows=b.rows + 1) if b.anchor == "calc.windows" else b for b in done.plan.blocks
        )
        return replace(done, plan=replace(done.plan, blocks=blocks))

    book = built(tmp_path)
    for module in (recomputing, change):
        monkeypatch.setattr(module, "compiled", taller)
    done = api.refresh(book, name="book", today=DAY)
    assert done.content is not None
    assert api.refresh(done.content, name="book", today=DAY).content is None
