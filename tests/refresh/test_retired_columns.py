"""Computed columns that a spec drops: they are people's, and show what they showed."""

from __future__ import annotations

from pathlib import Path

from tests.refresh.small_world import SPEC, TODAY, View, row_below

from crmsheet import api

REVENUE = "      revenue: {type: rollup, table: orders, agg: sum, field: amount, label: Revenue}\n"
LAST = "      last_order: {type: rollup, table: orders, agg: max, field: date, label: Last order}\n"
IDLE = """\
      idle: {type: formula, expr: 'IF([last_order]="", "", as_of-[last_order])', label: Idle days,
             format: days}
"""
HEADERS = ("Revenue", "Last order", "Idle days")


def spec(folder: Path, *dropped: str) -> Path:
    text = SPEC
    for line in dropped:
        assert line in text
        text = text.replace(line, "")
    path = folder / "changed.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def values(content: bytes | None) -> list[list[object]]:
    return [list(View.of(content).column("customers", header)) for header in HEADERS]


def test_columns_that_a_spec_drops_show_what_they_showed(small: bytes, tmp_path: Path) -> None:
    """At once or one after the other; what they read themselves stays, too."""
    once = api.refresh(small, name="b.xlsx", today=TODAY, spec=spec(tmp_path, REVENUE, LAST, IDLE))
    assert values(once.content) == values(small)
    first = api.refresh(small, name="b.xlsx", today=TODAY, spec=spec(tmp_path, REVENUE))
    second = api.refresh(
        first.content or b"", name="b.xlsx", today=TODAY, spec=spec(tmp_path, REVENUE, LAST, IDLE)
    )
    assert values(second.content) == values(small)


def test_they_are_taken_up_again(small: bytes, tmp_path: Path) -> None:
    done = api.refresh(small, name="b.xlsx", today=TODAY, spec=spec(tmp_path, REVENUE, LAST, IDLE))
    longer = row_below(done.content or b"", "customers", {"Customer": "Company 99", "Region": "East"})
    back = api.refresh(longer, name="b.xlsx", today=TODAY, spec=spec(tmp_path))
    assert [column[:-1] for column in values(back.content)] == values(small)
    assert [column[-1] for column in values(back.content)] == [0.0, "", ""]
    assert View.of(back.content).table("customers")[1].names == View.of(small).table("customers")[1].names
