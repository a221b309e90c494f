"""A segment of a table becomes a list on a board."""

from __future__ import annotations

from pathlib import Path

from crmsheet.model.boards import ListBlock
from crmsheet.spec import load, read

SPEC = """
crmsheet: 1
tables:
  customers:
    fields:
      name: {type: text, required: true}
      revenue: currency
      secret: {type: text, hidden: true}
    segments:
      big: {where: '[revenue]>100', label: 大客户, columns: [name, revenue]}
      small: {where: '[revenue]<10'}
sheets:
  board:
    blocks:
      - segment: customers.big
      - segment: customers.%s
"""


def loaded(folder: Path, second: str) -> Path:
    path = folder / "main.yaml"
    path.write_text(SPEC % second, "utf-8")
    return path


def test_it_lists_the_rows_of_the_segment(tmp_path: Path) -> None:
    big, small = load(loaded(tmp_path, "small")).boards[0].blocks
    assert isinstance(big, ListBlock)
    assert isinstance(small, ListBlock)
    assert (big.table, big.limit, big.link) == ("customers", 50, True)
    assert big.title is not None
    assert big.title.zh == "大客户"
    assert [c.path for c in big.columns] == ["name", "revenue"]
    assert big.where is not None
    # Without columns of its own it shows the first ones that are not hidden.
    assert [c.path for c in small.columns] == ["name", "revenue"]
    assert big.id != small.id


def test_an_unknown_segment_is_told(tmp_path: Path) -> None:
    (problem,) = read(loaded(tmp_path, "bigg")).diagnostics
    assert problem.code == "S265"
    assert "customers.big" in problem.remedy
