"""Defaults of new rows, and list values that people relabelled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from crmsheet import api
from crmsheet.api.building import built_from
from crmsheet.api.rows import Raw
from crmsheet.model.words import Language
from crmsheet.refresh import NoteKind
from crmsheet.spec import load

AS_OF = date(2026, 3, 31)
SPEC = """\
crmsheet: 1
name: mini
title: {zh: 小表, en: Mini}
language: en
settings:
  usual_size: {value: 5, label: {zh: 规模, en: Usual size}}
lists:
  stage:
    label: {zh: 阶段, en: Stage}
    items:
      - {id: new, label: {zh: 新, en: New}}
      - {id: won, label: {zh: 赢, en: Won}}
      - {id: lost, label: {zh: 输, en: Lost}}
  tag: {label: {zh: 标签, en: Tag}, items: [red, green]}
tables:
  deals:
    label: {zh: 商机, en: Deals}
    key: name
    fields:
      name: {type: text, label: {zh: 名称, en: Name}, required: true}
      stage: {type: choice, list: stage, label: {zh: 阶段, en: Stage}, required: true, default: new}
      tags: {type: multi_choice, list: tag, label: {zh: 标签, en: Tags}}
      created: {type: date, label: {zh: 建档, en: Created}, required: true, default: =as_of}
      size: {type: integer, label: {zh: 规模, en: Size}, default: =usual_size}
      closed: {type: formula, expr: '[stage] in ("won", "lost")', label: {zh: 结束, en: Closed}}
metrics:
  won: {type: simple, table: deals, agg: count, filter: '[stage]="won"', label: {zh: 赢单, en: Won deals}}
sheets:
  board:
    label: {zh: 看板, en: Board}
    selectors: {stage: {deals: stage}}
    blocks:
      - cards: [won]
"""


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Three deals."""
    spec = tmp_path_factory.mktemp("spec") / "mini.yaml"
    spec.write_text(SPEC, "utf-8")
    rows: list[dict[str, Raw]] = [
        {"name": "A", "stage": "won", "tags": ["red", "green"], "created": date(2026, 1, 5), "size": 1},
        {"name": "B", "stage": "won", "tags": ["red"], "created": date(2026, 1, 6), "size": 2},
        {"name": "C", "stage": "new", "tags": None, "created": date(2026, 1, 7), "size": 3},
    ]
    return built_from(load(spec), {"deals": rows}, Language.EN, today=AS_OF, as_of=AS_OF).content


def _saved(content: bytes, folder: Path, cells: Mapping[tuple[str, str, int], object]) -> bytes:
    """The workbook with (sheet, text of the cell above or at it, rows below) set to a value."""
    path = folder / "book.xlsx"
    path.write_bytes(content)
    workbook = load_workbook(path)
    for (sheet, text, below), value in cells.items():
        row, column = _find(workbook[sheet], text)
        workbook[sheet].cell(row + below, column).value = value
    workbook.save(path)
    return path.read_bytes()


def _find(sheet: Worksheet, text: str) -> tuple[int, int]:
    return next((c.row, c.column) for r in sheet.iter_rows() for c in r if c.value == text)


def _table(content: bytes, folder: Path) -> dict[str, dict[str, object]]:
    path = folder / "result.xlsx"
    path.write_bytes(content)
    sheet = load_workbook(path, data_only=True)["Deals"]
    top, left = _find(sheet, "Name")
    headers = [c.value for c in sheet[top]][left - 1 :]
    rows = sheet.iter_rows(min_row=top + 1, min_col=left, values_only=True)
    return {str(r[0]): dict(zip(map(str, headers), r, strict=True)) for r in rows if r[0]}


def test_a_new_row_gets_the_defaults_in_its_empty_cells(book: bytes, tmp_path: Path) -> None:
    typed = {("Deals", "Name", 4): "D", ("Deals", "Size", 4): 9, ("Deals", "Created", 4): date(2026, 2, 1)}
    done = api.refresh(_saved(book, tmp_path, typed), name="b", today=AS_OF)
    assert done.content is not None
    rows = _table(done.content, tmp_path)
    assert rows["D"]["Stage"] == "New"
    assert rows["D"]["Size"] == 9
    filled = [n for n in done.notes if n.kind is NoteKind.DEFAULT_FILLED]
    assert [(n.column, n.new) for n in filled] == [("Stage", "New")]
    assert api.refresh(done.content, name="b", today=AS_OF).content is None


def test_defaults_follow_the_date_and_settings_and_leave_old_rows_alone(book: bytes, tmp_path: Path) -> None:
    typed = {
        ("Deals", "Name", 4): "D",
        ("Deals", "Stage", 4): "Lost",
        ("Deals", "Tags", 4): "red",
        ("Deals", "Size", 3): None,
        ("Settings", "Usual size", 0): "Usual size",
    }
    done = api.refresh(_saved(book, tmp_path, typed), name="b", today=AS_OF)
    assert done.content is not None
    rows = _table(done.content, tmp_path)
    assert (rows["D"]["Size"], str(rows["D"]["Created"])[:10]) == (5, "2026-03-31")
    assert rows["C"]["Size"] is None


def test_a_relabelled_list_value_is_carried_into_the_rows(book: bytes, tmp_path: Path) -> None:
    renamed = {("Lists", "Won", 0): "Signed", ("Lists", "red", 0): "crimson", ("Board", "Stage", 1): "Won"}
    renamed |= {("Deals", "Tags", 3): "green, red"}
    done = api.refresh(_saved(book, tmp_path, renamed), name="b", today=AS_OF)
    assert done.content is not None
    rows = _table(done.content, tmp_path)
    assert [rows[n]["Stage"] for n in "ABC"] == ["Signed", "Signed", "New"]
    assert [rows[n]["Tags"] for n in "ABC"] == ["crimson, green", "crimson", "green, crimson"]
    assert [rows[n]["Closed"] for n in "ABC"] == [True, True, False]
    told = {(n.old, n.new) for n in done.notes if n.kind is NoteKind.LIST_RELABELLED}
    assert told == {("Won", "Signed (2)"), ("red", "crimson (3)")}
    assert not done.problems
    assert api.refresh(done.content, name="b", today=AS_OF).content is None


def test_a_label_that_another_item_took_over_is_left_to_people(book: bytes, tmp_path: Path) -> None:
    swapped = {("Lists", "Won", 0): "Lost", ("Lists", "Lost", 0): "Won"}
    path = tmp_path / "book.xlsx"
    path.write_bytes(book)
    workbook = load_workbook(path)
    won, lost = _find(workbook["Lists"], "Won"), _find(workbook["Lists"], "Lost")
    workbook["Lists"].cell(*won).value, workbook["Lists"].cell(*lost).value = swapped.values()
    workbook.save(path)
    done = api.refresh(path.read_bytes(), name="b", today=AS_OF)
    assert done.content is not None
    assert _table(done.content, tmp_path)["A"]["Stage"] == "Won"
    assert not [n for n in done.notes if n.kind is NoteKind.LIST_RELABELLED]
