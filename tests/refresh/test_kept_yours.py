"""What both people and a changed spec gave another name or title: people's stays, and is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.refresh.small_world import SPEC, TODAY, View, built, typed, with_text

from crmsheet.api.building import build
from crmsheet.api.refreshing import Refreshed, refresh
from crmsheet.refresh import NoteKind

REMARK = "      remark: {type: text, label: Remark}\n"
FOLDED = REMARK.replace("label: Remark", "label: Remark, view: detail")
CHART = "      - {id: trend, chart: {type: line, metrics: [revenue], by: month, title: Trend}}\n"
BOARD = SPEC.replace("      - cards: [revenue, n_orders]\n", "      - cards: [revenue, n_orders]\n" + CHART)


def followed(content: bytes, spec: str, folder: Path) -> Refreshed:
    path = folder / "changed.yaml"
    path.write_text(spec, encoding="utf-8")
    return refresh(content, name="b.xlsx", today=TODAY, spec=path)


def made(spec: str, folder: Path) -> bytes:
    path = folder / "first.yaml"
    path.write_text(spec, encoding="utf-8")
    return build(str(path), today=TODAY).content


def kept(done: Refreshed) -> list[tuple[str, str, str]]:
    return [(str(n.column), n.old, n.new) for n in done.notes if n.kind is NoteKind.KEPT_YOURS]


def drawn_as(content: bytes | None, title: str) -> list[str]:
    """The chart parts with such a title."""
    package = View.of(content).package
    return [
        part
        for part in package.parts
        if re.fullmatch(r"xl/charts/chart\d+\.xml", part) and f">{title}</a:t>" in package.read(part).decode()
    ]


def titled(content: bytes, title: str) -> bytes:
    """The workbook after somebody typed another title over that of a chart."""
    (part,) = drawn_as(content, "Trend")
    return with_text(content, part, lambda text: text.replace(">Trend</a:t>", f">{title}</a:t>"))


def test_a_title_that_people_gave_a_chart_outlives_a_change_of_the_chart(tmp_path: Path) -> None:
    content = titled(made(BOARD, tmp_path), "Mine")
    done = followed(content, BOARD.replace("title: Trend", "title: Course, last: 6"), tmp_path)
    assert len(drawn_as(done.content, "Mine")) == 1
    assert kept(done) == [("chart title on Board", "Mine", "Course")]
    again = followed(done.content or b"", BOARD.replace("title: Trend", "title: Way, last: 8"), tmp_path)
    assert len(drawn_as(again.content, "Mine")) == 1


def test_a_title_that_people_left_follows_the_spec(tmp_path: Path) -> None:
    content = made(BOARD, tmp_path)
    done = followed(content, BOARD.replace("title: Trend", "title: Course"), tmp_path)
    assert len(drawn_as(done.content, "Course")) == 1
    assert kept(done) == []


def test_another_unit_in_a_title_is_no_change_of_peoples(tmp_path: Path) -> None:
    """Behind the title stands what the numbers are counted in; when the chart was drawn, they were smaller."""
    content = titled(made(BOARD, tmp_path), "Trend (thousands)")
    done = followed(content, BOARD.replace("title: Trend", "title: Course"), tmp_path)
    assert len(drawn_as(done.content, "Course")) == 1


@pytest.mark.parametrize("field", [REMARK, FOLDED], ids=["shown", "folded"])
def test_a_header_that_both_changed_is_told(field: str, tmp_path: Path) -> None:
    """Also that of a column which is only folded away."""
    spec = SPEC.replace(REMARK, field)
    content = made(spec, tmp_path)
    part = View.of(content).table("customers")[1].part
    content = with_text(
        typed(content, "Customers", {"D3": "Said"}), part, lambda text: text.replace('"Remark"', '"Said"')
    )
    done = followed(content, spec.replace("label: Remark", "label: Comment"), tmp_path)
    assert kept(done) == [("header on Customers", "Said", "Comment")]
    assert "Said" in View.of(done.content).table("customers")[1].names


def test_a_new_column_that_is_folded_is_told(tmp_path: Path) -> None:
    new = REMARK + "      fax: {type: text, label: Fax, view: detail}\n"
    done = followed(built(tmp_path), SPEC.replace(REMARK, new), tmp_path)
    assert [(n.new) for n in done.notes if n.kind is NoteKind.ADDED] == ["Fax"]
