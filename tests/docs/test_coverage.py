"""docs/coverage.md names starters, sheets, columns, commands and tests that exist, and every line asked for once."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import click
from tests.docs.pages import page

from crmsheet.cli import cli
from crmsheet.spec import load
from crmsheet.starters import starter_names, starter_path

ROOT = Path(__file__).resolve().parents[2]
COVERAGE = page("coverage.md").text
LINES = {"S0": 24, "S1": 22, "S2": 20, "S3": 33, "S4": 24}
"""How many lines each article has."""
STATES = ("yes", "part", "not promised", "see S")


def _rows() -> list[list[str]]:
    found = [line.strip("|").split(" | ") for line in COVERAGE.splitlines() if line.startswith("| S")]
    return [[cell.strip() for cell in cells] for cells in found]


@cache
def _places(starter: str) -> frozenset[str]:
    """The sheets of a starter, and its tables' columns as `table.field`."""
    model = load(starter_path(starter))
    places = {board.id for board in model.boards} | {table.id for table in model.tables}
    return frozenset(places | {f"{t.id}.{f.id}" for t in model.tables for f in t.fields})


def test_every_line_of_the_articles_is_there_once() -> None:
    expected = [f"{part}-{number:02}" for part, count in LINES.items() for number in range(1, count + 1)]
    assert [cells[0] for cells in _rows()] == expected


def test_each_line_says_what_where_and_how_far() -> None:
    for cells in _rows():
        assert len(cells) == 5, cells
        name, asked, where, test, state = cells
        assert asked, name
        assert state.startswith(STATES), (name, state)
        if state.startswith(("yes", "part")):
            assert where != "—", name
            assert "::" in test, name


def test_sheets_columns_and_commands_exist() -> None:
    names = "|".join(starter_names())
    mentioned = re.findall(rf"`({names})/([\w.]+)`", COVERAGE)
    assert len(mentioned) > 100
    for starter, place in mentioned:
        assert place in _places(starter), f"{starter}/{place}"
    for command in re.findall(r"`crmsheet (\w+)", COVERAGE):
        assert cli.get_command(click.Context(cli), command) is not None, command
    assert {starter for starter, _ in mentioned} == set(starter_names())


def test_the_tests_named_exist() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", COVERAGE))
    assert len(named) > 50
    for file, test in sorted(named):
        path = ROOT / file
        assert path.is_file(), file
        assert f"def {test}(" in path.read_text("utf-8"), f"{file}::{test}"


def test_only_four_things_are_not_promised() -> None:
    said = [cells[0] for cells in _rows() if "ot promised" in cells[4]]
    assert said == ["S0-02", "S1-19", "S2-15", "S3-30", "S4-24"]
