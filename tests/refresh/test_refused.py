"""Workbooks that cannot be served safely are refused with a code, a reason and a remedy."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from tests.judge.hostile import HOSTILE, Expect, Hostile, Source
from tests.refresh.small_world import (
    SPEC,
    TODAY,
    View,
    member,
    sheet_part,
    typed,
    with_cell,
    with_text,
)

from crmsheet import api
from crmsheet.diagnostics import Diagnostic
from crmsheet.errors import UsageError, WorkbookRefused
from crmsheet.refresh import NoteKind

RECORD = "_crmsheet"


def refused(content: bytes, **options: object) -> str:
    """The code with which a workbook is refused; every refusal has a remedy."""
    with pytest.raises(WorkbookRefused) as refusal:
        api.refresh(content, name="b.xlsx", today=TODAY, **options)  # type: ignore[arg-type]
    found = refusal.value.diagnostics[0]
    assert found.remedy
    return found.code


def test_another_workbook() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet().write("A1", 1)
    assert refused(stream.getvalue()) == "W201"


def test_a_record_that_was_deleted(small: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(small))
    del book[RECORD]
    stream = io.BytesIO()
    book.save(stream)
    assert refused(stream.getvalue()) == "W201"


def test_a_record_that_was_emptied(small: bytes) -> None:
    assert refused(typed(small, RECORD, {"A1": None})) == "W202"


def test_a_record_that_was_typed_into(small: bytes) -> None:
    text = View.of(small).value(RECORD, "A2")
    assert isinstance(text, str)
    assert refused(typed(small, RECORD, {"A2": text[:200] + "A" + text[201:] + "A"})) == "W202"


def test_a_record_that_lost_a_line(small: bytes) -> None:
    assert refused(typed(small, RECORD, {"A2": None})) == "W202"


def test_a_record_of_a_newer_crmsheet(small: bytes) -> None:
    first = View.of(small).value(RECORD, "A1")
    assert isinstance(first, str)
    newer = re.sub(r"^crmsheet \d+ ", "crmsheet 99 ", first)
    assert newer != first
    assert refused(typed(small, RECORD, {"A1": newer})) == "W203"


def test_a_very_hidden_record_is_read(small: bytes) -> None:
    content = with_text(
        small,
        "xl/workbook.xml",
        lambda t: re.sub(r'(name="_crmsheet" sheetId="\d+" state=)"hidden"', r'\1"veryHidden"', t),
    )
    assert api.refresh(content, name="b.xlsx", today=TODAY).content is None


def test_a_record_on_a_renamed_sheet_is_read(small: bytes) -> None:
    content = with_text(small, "xl/workbook.xml", lambda t: t.replace("_crmsheet", "dont_touch"))
    assert api.refresh(content, name="b.xlsx", today=TODAY).values_changed == 0


def without_cells(content: bytes, anchor: str) -> bytes:
    """A block's name lost its cells, which stand there all the same."""
    name = re.escape(f"_crm.{anchor}")
    return with_text(
        content,
        "xl/workbook.xml",
        lambda t: re.sub(rf'(<definedName name="{name}"[^>]*>)[^<]*', r"\1#REF!", t),
    )


@pytest.mark.parametrize(
    "anchor",
    [
        *("settings.values", "settings.as_of", "lists.region", "calc.windows", "board.selectors"),
        *("guide.top", "board.by_region"),
    ],
)
def test_a_name_that_lost_its_cells_finds_them_again(small: bytes, anchor: str) -> None:
    content = without_cells(small, anchor)
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert [(n.kind, n.new) for n in done.notes] == [(NoteKind.NAME_RESTORED, f"_crm.{anchor}")]
    assert View.of(done.content).name(f"_crm.{anchor}") == View.of(small).name(f"_crm.{anchor}")
    dated = api.refresh(content, name="b.xlsx", today=TODAY, as_of=dt.date(2026, 1, 1))
    assert dated.as_of == dt.date(2026, 1, 1)


@pytest.mark.parametrize(
    ("anchor", "sheet", "first"),
    [("settings.values", "Settings", "A9"), ("board.selectors", "Board", "B3")],
)
def test_cells_that_formulas_need_and_that_are_gone(
    small: bytes, anchor: str, sheet: str, first: str
) -> None:
    """What is left there is no longer the block: a label is another one."""
    content = with_cell(without_cells(small, anchor), sheet, first, ' t="inlineStr"><is><t>mine</t></is>')
    for options in ({}, {"as_of": dt.date(2026, 1, 1)}, {"as_of": "today"}):
        assert refused(content, **options) == "W213"


def test_rows_deleted_from_a_hidden_block_come_back(small: bytes) -> None:
    whole = View.of(small).name("_crm.calc.board.by_region")
    first, colon, last = whole.partition(":")
    row = re.search(r"\d+$", last)
    assert colon
    assert row is not None
    cut = f"{first}:{last[: row.start()]}{int(row[0]) - 2}"
    content = with_text(small, "xl/workbook.xml", lambda t: t.replace(whole, cut))
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert done.content is not None
    assert api.refresh(done.content, name="b.xlsx", today=TODAY).content is None


def test_a_field_that_turns_from_filled_in_to_computed(small: bytes, tmp_path: Path) -> None:
    spec = tmp_path / "small.yaml"
    computed = "remark: {type: formula, expr: '[name]', label"
    spec.write_text(SPEC.replace("remark: {type: text, label", computed), encoding="utf-8")
    assert refused(small, spec=spec) == "W212"


def test_a_spec_that_does_not_exist(small: bytes, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        api.refresh(small, name="b.xlsx", today=TODAY, spec=tmp_path / "none.yaml")


def test_a_spec_with_another_formula_is_followed(small: bytes, tmp_path: Path) -> None:
    spec = tmp_path / "small.yaml"
    spec.write_text(SPEC.replace("'as_of-[date]'", "'as_of-[date]+1'"), encoding="utf-8")
    done = api.refresh(small, name="b.xlsx", today=TODAY, spec=spec)
    old = View.of(small).column("orders", "Days ago")
    assert View.of(done.content).column("orders", "Days ago") == [v + 1 for v in old if isinstance(v, float)]
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


@pytest.mark.parametrize("recipe", HOSTILE, ids=str)
def test_hostile_packages_are_refused_or_served(small_path: Path, recipe: Hostile) -> None:
    content = recipe.make(Source(small_path))
    problems: tuple[Diagnostic, ...] = ()
    try:
        api.refresh(content, name="bad.xlsx", today=TODAY)
    except WorkbookRefused as refusal:
        problems = refusal.diagnostics
    assert all(p.code.startswith("W") and p.message for p in problems)
    assert problems or recipe.expect is Expect.REFUSE_OR_CORRECT


def test_a_stretched_table_is_no_way_to_stop_a_refresh(small: bytes) -> None:
    """A table that claims a million rows is served or refused, not computed for hours."""
    content = with_text(small, "xl/tables/table1.xml", lambda t: t.replace("A3:L15", "A3:L1048576"))
    assert refused(content) == "W215"


def test_the_same_bytes_come_out_of_the_same_refresh(small: bytes) -> None:
    content = typed(small, "Orders", {View.of(small).place("orders", "Amount", 0): 5000.0})
    digests = {
        hashlib.sha256(api.refresh(content, name="b.xlsx", today=TODAY).content or b"").hexdigest()
        for _ in range(2)
    }
    assert len(digests) == 1
    assert member(content, sheet_part(content, "Orders"))


def test_untouched_is_what_a_build_left(small: bytes) -> None:
    from crmsheet.api.untouched import is_untouched

    assert is_untouched(small, "b.xlsx")
    assert not is_untouched(typed(small, "Customers", {"D4": "a remark"}), "b.xlsx")
    assert not is_untouched(typed(small, "Customers", {"A16": "New", "B16": "East"}), "b.xlsx")
    assert not is_untouched(b"PK", "b.xlsx")
    stream = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(small)).save(stream)
    assert not is_untouched(stream.getvalue(), "b.xlsx")
