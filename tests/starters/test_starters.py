"""Starters are found by name and copied without overwriting anything."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.judge.starter_rules import merged_spec

from crmsheet.api.rows import initial_state
from crmsheet.compile import compiled
from crmsheet.compile.pieces import Context
from crmsheet.errors import UsageError
from crmsheet.excel.dates import serial_of_date
from crmsheet.model.words import Language
from crmsheet.spec import load
from crmsheet.starters import copied, demo_rows, starter, starter_names, starter_path, starter_title


@pytest.mark.parametrize("name", starter_names())
def test_a_starter_is_what_its_spec_says(name: str) -> None:
    tree = merged_spec(starter_path(name))
    assert tree["name"] == name
    assert tree["title"] == {"zh": starter_title(name).zh, "en": starter_title(name).en}


@pytest.mark.parametrize("name", starter_names())
def test_demo_data_come_with_it(name: str) -> None:
    rows = demo_rows(name, Language.EN, date(2025, 5, 5), 20, 3)
    assert rows == starter(name).demo(Language.EN, date(2025, 5, 5), 20, 3)
    assert set(rows) == set(merged_spec(starter_path(name))["tables"])  # type: ignore[arg-type]
    assert all(rows.values())


@pytest.mark.parametrize("name", starter_names())
def test_notes_of_an_empty_book_have_no_gaps(name: str) -> None:
    model = load(starter_path(name))
    state, _, _ = initial_state(model, Language.EN, {}, "abcd")
    plan = compiled(Context(model, Language.EN, state, serial_of_date(date(2025, 5, 5)))).plan
    texts = [cell.value for block in plan.blocks for cell in block.cells if isinstance(cell.value, str)]
    assert any(" · " in text for text in texts)
    assert not [text for text in texts if "·  ·" in text or text.startswith(" ·") or text.endswith("· ")]


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="follow-up") as caught:
        starter("folow-up")
    assert caught.value.diagnostics[0].remedy == "Did you mean 'follow-up'?"
    with pytest.raises(UsageError, match="Starters: "):
        starter("zzz")


def test_a_copy_is_complete_and_the_spec_comes_first(tmp_path: Path) -> None:
    target = tmp_path / "我的 表格"
    written = copied("follow-up", target)
    assert written[0] == target / "follow-up.yaml"
    assert sorted(written) == sorted(p for p in target.rglob("*") if p.is_file())
    source = starter_path("follow-up").parent
    for path in written:
        assert path.read_bytes() == (source / path.relative_to(target)).read_bytes()
    assert merged_spec(written[0]) == merged_spec(starter_path("follow-up"))


def test_nothing_is_overwritten_nor_half_copied(tmp_path: Path) -> None:
    mine = tmp_path / "core" / "users.yaml"
    mine.parent.mkdir()
    mine.write_text("mine", "utf-8")
    with pytest.raises(UsageError, match="exists already"):
        copied("follow-up", tmp_path)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [mine]
    assert mine.read_text("utf-8") == "mine"


def test_a_file_in_place_of_the_folder_is_left_alone(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("x", "utf-8")
    with pytest.raises(UsageError, match="taken"):
        copied("follow-up", taken)
    assert taken.read_text("utf-8") == "x"
