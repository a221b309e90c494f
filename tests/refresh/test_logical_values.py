"""Logical values that LibreOffice saved as formulas (`TRUE()`, with 1 for its result) are what they were."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.judge import uno_session
from tests.judge.libreoffice import compare_all
from tests.judge.package import Value
from tests.judge.steps import SetCells
from tests.refresh.small_world import (
    CUSTOMERS,
    SPEC,
    TODAY,
    View,
    built,
    member,
    row_below,
    sheet_part,
    with_text,
)

from crmsheet import api
from crmsheet.refresh import NoteKind

SPEC_LOCKED = SPEC.replace(
    "      remark: {type: text, label: Remark}\n",
    "      remark: {type: text, label: Remark}\n"
    "      locked: {type: boolean, label: Locked}\n"
    "      free: {type: formula, expr: 'IF([locked]<>TRUE, 1, 0)', label: Free}\n",
)
HALF = [n % 2 == 1 for n in range(len(CUSTOMERS))]


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    rows = [{**row, "locked": is_locked} for row, is_locked in zip(CUSTOMERS, HALF, strict=True)]
    return built(tmp_path_factory.mktemp("locked"), spec=SPEC_LOCKED, customers=rows)


def as_libreoffice_saves(content: bytes) -> bytes:
    """The workbook with its logical values written as LibreOffice does under a number format."""
    part = sheet_part(content, "Customers")

    def rewritten(text: str) -> str:
        text, count = re.subn(
            r' t="b"><v>([01])</v>',
            lambda m: f' t="n"><f aca="false">{("FALSE()", "TRUE()")[int(m[1])]}</f><v>{m[1]}</v>',
            text,
        )
        assert count == len(CUSTOMERS)
        return text

    return with_text(content, part, rewritten)


def test_they_are_no_problem_and_no_change(locked: bytes) -> None:
    saved = as_libreoffice_saves(locked)
    assert api.compare(locked, saved, old_name="old.xlsx", new_name="new.xlsx", today=TODAY).same
    done = api.refresh(saved, name="book.xlsx", today=TODAY)
    assert done.problems == ()
    assert done.content is None


def test_a_copied_row_below_the_table_is_adopted(locked: bytes) -> None:
    new: dict[str, Value] = {"Customer": "Newcomer", "Region": "East", "Since": 46000.0, "Locked": True}
    saved = row_below(locked, "customers", new)
    part = sheet_part(saved, "Customers")
    saved = with_text(
        saved, part, lambda t: re.sub(r' t="b"><v>1</v>', '><f aca="false">TRUE()</f><v>1</v>', t)
    )
    done = api.refresh(saved, name="book.xlsx", today=TODAY)
    assert [n.kind for n in done.notes].count(NoteKind.ROW_ADOPTED) == 1
    assert View.of(done.content).column("customers", "Free")[-2:] == [0, 0]


def test_a_workbook_that_libreoffice_saved_twice_is_judged(locked: bytes, tmp_path: Path) -> None:
    uno_session.require()
    path, once, twice = (tmp_path / f"{name}.xlsx" for name in ("built", "once", "twice"))
    path.write_bytes(locked)
    remark = View.of(locked).place("customers", "Remark", 0)
    uno_session.edit_all([(path, once, [SetCells("Customers", {remark: "seen"})])])
    uno_session.edit_all([(once, twice, [SetCells("Customers", {remark: "seen twice"})])])
    held = member(twice.read_bytes(), sheet_part(twice.read_bytes(), "Customers")).decode()
    assert re.search('<c [^>]*t="n"[^>]*><f[^>]*>TRUE[(][)]</f><v>1</v>', held)
    done = api.refresh(twice.read_bytes(), name="twice.xlsx", today=TODAY)
    assert done.problems == ()
    after = tmp_path / "after.xlsx"
    after.write_bytes(done.content or b"")
    assert View.of(done.content).column("customers", "Free") == [0 if held else 1 for held in HALF]
    assert [str(m) for found in compare_all([after], tmp_path).values() for m in found] == []
    (changed,) = next(
        t for t in api.compare(locked, after.read_bytes(), old_name="a", new_name="b", today=TODAY).tables
    ).changed
    assert [cell.field for cell in changed.cells] == ["remark"]
