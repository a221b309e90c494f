"""Charts whose numbers on the hidden sheet were cut or deleted: they show them again, as people left them."""

from __future__ import annotations

import re

import pytest
from tests.refresh.chosen_world import built as built_by
from tests.refresh.machine.book_edits import Book
from tests.refresh.machine.cellrefs import Shift
from tests.refresh.small_world import SPEC, TODAY, View, member, typed, with_parts, with_text

from crmsheet import api
from crmsheet.api.refreshing import Refreshed
from crmsheet.refresh import NoteKind

CHART = "xl/charts/chart1.xml"
DRAWING = "xl/drawings/drawing1.xml"
BLOCK = "_crm.calc.board.by_month"
ZERO = f"{BLOCK}.zero"
"""Numbers from which the chart's bars begin."""


def without_rows(content: bytes, first: int, count: int) -> bytes:
    book = Book(content)
    book.shift_rows("_calc", Shift(first, -count))
    return book.content()


def shown(content: bytes | None) -> tuple[list[str], list[str]]:
    """The references of the first chart, and all values that it keeps of them."""
    assert content is not None
    text = member(content, CHART).decode()
    return re.findall(r"<c:f>(.*?)</c:f>", text), re.findall(r"<c:v>(.*?)</c:v>", text)


def _rows(view: View, block: str) -> range:
    """The rows of a block, as one counts them in A1."""
    first, _, last = view.name(block).partition("!")[2].partition(":")
    return range(int(first.split("$")[2]), int((last or first).split("$")[2]) + 1)


def _moved(ref: str, before: View, after: View) -> str:
    """A reference into a block of the chart's, where that block stands now."""
    was = next(b for b in (BLOCK, ZERO) if int(ref.split("$")[2].rstrip(":")) in _rows(before, b))
    by = _rows(after, was).start - _rows(before, was).start
    return re.sub(r"\$(\d+)", lambda m: f"${int(m[1]) + by}", ref)


def assert_shows_its_block(done: Refreshed, built: bytes) -> None:
    """The chart reads the block where it is now, as it did, and holds the same values."""
    view, first = View.of(done.content), View.of(built)
    sheet = view.name(BLOCK).partition("!")[0]
    before, values = shown(built)
    moved = [_moved(ref, first, view).replace("_calc!", f"{sheet}!") for ref in before]
    assert shown(done.content) == (moved, values)
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None
    again = api.refresh(
        typed(done.content or b"", "Orders", {view.place("orders", "Amount", 0): 4321.0}),
        name="b.xlsx",
        today=TODAY,
    )
    assert shown(again.content)[0] == moved
    assert shown(again.content)[1] != values


@pytest.mark.parametrize("row", [54, 55, 58, 60, 61])
def test_a_row_deleted_among_the_numbers_of_a_chart(small: bytes, row: int) -> None:
    done = api.refresh(without_rows(small, row, 1), name="b.xlsx", today=TODAY)
    assert_shows_its_block(done, small)
    told = [(n.sheet, n.cell, n.column) for n in done.notes if n.kind is NoteKind.BROUGHT_BACK]
    place = f"A{_rows(View.of(done.content), BLOCK).start}"
    assert told == [("_calc", place, "block"), ("Board", "B14", "chart")]


def test_rows_deleted_twice(small: bytes) -> None:
    first = api.refresh(without_rows(small, 55, 2), name="b.xlsx", today=TODAY)
    assert first.content is not None
    top = int(View.of(first.content).name(BLOCK).split("$")[2].rstrip(":"))
    done = api.refresh(without_rows(first.content, top + 1, 1), name="b.xlsx", today=TODAY)
    assert_shows_its_block(done, small)


def test_all_its_rows_deleted(small: bytes) -> None:
    content = without_rows(small, 54, 9)
    assert shown(content)[0].count("_calc!#REF!") == 4, "all but the zeros, which stand elsewhere"
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert_shows_its_block(done, small)


def test_the_hidden_sheet_deleted(small: bytes) -> None:
    book = Book(small)
    book.delete_sheet("_calc")
    content = book.content()
    assert set(shown(content)[0]) == {"#REF!"}
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert_shows_its_block(done, small)


def test_its_title_colours_and_place_stay(small: bytes) -> None:
    content = with_text(
        small, CHART, lambda text: re.sub(r"<a:t>[^<]*</a:t>", "<a:t>Mine</a:t>", text, count=1)
    )
    content = with_text(
        content, CHART, lambda text: re.sub(r'srgbClr val="\w+"', 'srgbClr val="ABCDEF"', text)
    )
    content = with_text(
        content, DRAWING, lambda text: text.replace("<xdr:col>1</xdr:col>", "<xdr:col>9</xdr:col>", 1)
    )
    content = without_rows(content, 58, 1)
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert_shows_its_block(done, small)
    assert done.content is not None
    assert member(done.content, DRAWING) == member(content, DRAWING)
    bare = [
        re.sub(
            r"<c:f>.*?</c:f>|<c:(num|str)Cache>.*?</c:\1Cache>",
            "",
            member(c, CHART).decode(),
            flags=re.DOTALL,
        )
        for c in (done.content, content)
    ]
    assert bare[0] == bare[1]


def test_a_chart_of_people_that_reads_there_is_left_alone(small: bytes) -> None:
    """It shows the whole sheet's columns: that is none of ours."""
    content = with_text(
        small,
        CHART,
        lambda text: text.replace("_calc!$D$55:$D$60", "_calc!$D$1:$D$90").replace(
            "_calc!$E$55:$E$60", "_calc!$E$1:$E$90"
        ),
    )
    content = without_rows(content, 58, 1)
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert shown(done.content)[0][1:] == shown(content)[0][1:]


def test_a_deleted_chart_stays_away(small: bytes) -> None:
    empty = '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"/>'
    content = with_text(small, DRAWING, lambda _: empty)
    done = api.refresh(without_rows(content, 58, 1), name="b.xlsx", today=TODAY)
    assert [n.column for n in done.notes if n.kind is NoteKind.BROUGHT_BACK] == ["block"]
    assert done.content is not None
    assert member(done.content, DRAWING).decode() == empty
    back = api.refresh(without_rows(content, 58, 1), name="b.xlsx", today=TODAY, restore_sheets=True)
    assert "chart" in [n.column for n in back.notes if n.kind is NoteKind.BROUGHT_BACK]


def test_restoring_does_not_put_a_second_chart_beside_one_that_finds_its_numbers(small: bytes) -> None:
    done = api.refresh(without_rows(small, 58, 1), name="b.xlsx", today=TODAY, restore_sheets=True)
    assert_shows_its_block(done, small)
    assert [p for p in View.of(done.content).package.parts if "/charts/chart" in p] == [CHART]


MANY = f"""{SPEC}\
  many:
    label: Charts
    blocks:
      - {{id: share, chart: {{type: pareto, metrics: [revenue], by: customer, top: 5}}}}
      - {{id: steps, chart: {{type: waterfall, metrics: [revenue], by: customer.region}}}}
      - {{id: noise, chart: {{type: control, metrics: [revenue], by: month, last: 8}}}}
      - {{id: both, chart: {{type: combo, metrics: [revenue], line: [n_orders], by: month, last: 6}}}}
      - {{id: cloud, chart: {{type: scatter, metrics: [revenue, n_orders], by: customer, trendline: true}}}}
"""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The book with a board of charts whose series stand in several blocks."""
    return built_by(tmp_path_factory.mktemp("many"), MANY)


def references(content: bytes | None) -> dict[str, list[str]]:
    """What every chart shows: block by block and cell by cell, however far down the blocks stand."""
    view = View.of(content)
    starts = {
        number: (name, number - _rows(view, name).start)
        for (_, name), text in view.package.names.items()
        if name.startswith("_crm.calc.") and "#" not in text and "!" in text
        for number in _rows(view, name)
    }

    def by_block(ref: str) -> str:
        return re.sub(r"\$(\d+)", lambda m: str(starts.get(int(m[1]), m[1])), ref)

    return {
        part: [
            by_block(ref) for ref in re.findall(r"<c:f>(.*?)</c:f>", member(content or b"", part).decode())
        ]
        for part in view.package.parts
        if part.startswith("xl/charts/chart")
    }


def blocks_of_charts(view: View) -> list[str]:
    return sorted(
        name for _, name in view.package.names if re.match(r"_crm\.calc\.(many|board\.by_month)", name)
    )


@pytest.mark.parametrize(
    ("which", "whole"),
    [
        (1, False),
        pytest.param(0, False, marks=pytest.mark.slow),
        pytest.param(0, True, marks=pytest.mark.slow),
        pytest.param(1, True, marks=pytest.mark.slow),
    ],
)
def test_each_series_finds_its_own_block(many: bytes, which: int, whole: bool) -> None:
    """Every second block of the charts is gone or cut, so that of most charts a part of the series is."""
    view = View.of(many)
    names = blocks_of_charts(view)
    assert len(names) >= 8
    content = many
    for rows in sorted((_rows(view, name) for name in names[which::2]), key=lambda r: -r.start):
        if whole:
            content = without_rows(content, rows.start, len(rows))
        elif len(rows) > 1:
            content = without_rows(content, rows.start + 1, 1)
    broken = {part for part, refs in references(content).items() if any("#REF!" in r for r in refs)}
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert references(done.content) == references(many)
    assert len([n for n in done.notes if (n.kind, n.column) == (NoteKind.BROUGHT_BACK, "chart")]) >= len(
        broken
    )
    assert not [n for n in done.notes if n.kind is NoteKind.CHART_LEFT]


def test_zeros_alone_come_back_to_their_chart(small: bytes) -> None:
    rows = _rows(View.of(small), ZERO)
    content = without_rows(small, rows.start, len(rows))
    assert shown(content)[0].count("_calc!#REF!") == 2
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert_shows_its_block(done, small)
    assert [n.column for n in done.notes if n.kind is NoteKind.BROUGHT_BACK] == ["block", "chart"]


def copied(content: bytes, described: str = "") -> bytes:
    """The workbook with its chart once more, on the first sheet; `described` is the copy's alternative text."""
    sheet = "xl/worksheets/sheet1.xml"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    links = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    drawing = member(content, DRAWING)
    if described:
        drawing = re.sub(rb'descr="[^"]*"', f'descr="{described}"'.encode(), drawing)
    return with_parts(
        content,
        {
            COPY: member(content, CHART),
            "xl/drawings/drawing77.xml": drawing,
            "xl/drawings/_rels/drawing77.xml.rels": member(
                content, "xl/drawings/_rels/drawing1.xml.rels"
            ).replace(b"chart1.xml", b"chart77.xml"),
            "xl/worksheets/_rels/sheet1.xml.rels": links.format(
                f'<Relationship Id="rId1" Type="{kind}drawing" Target="../drawings/drawing77.xml"/>'
            ).encode(),
            sheet: member(content, sheet).replace(
                b"</worksheet>", f'<drawing xmlns:r="{kind[:-1]}" r:id="rId1"/></worksheet>'.encode()
            ),
            "[Content_Types].xml": member(content, "[Content_Types].xml").replace(
                b"</Types>",
                b'<Override PartName="/xl/charts/chart77.xml" ContentType="application/vnd.openxml'
                b'formats-officedocument.drawingml.chart+xml"/>'
                b'<Override PartName="/xl/drawings/drawing77.xml" ContentType="application/vnd.openxml'
                b'formats-officedocument.drawing+xml"/></Types>',
            ),
        },
    )


COPY = "xl/charts/chart77.xml"


@pytest.mark.parametrize("block", [BLOCK, ZERO])
def test_a_copy_on_another_sheet_finds_its_numbers_too(small: bytes, block: str) -> None:
    rows = _rows(View.of(small), block)
    content = without_rows(copied(small), rows.start, len(rows))
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert_shows_its_block(done, small)
    assert member(done.content or b"", COPY) == member(done.content or b"", CHART)
    told = [n.sheet for n in done.notes if (n.kind, n.column) == (NoteKind.BROUGHT_BACK, "chart")]
    assert told == ["Board", "Guide"]


def test_a_chart_that_cannot_be_told_apart_is_named(small: bytes) -> None:
    rows = _rows(View.of(small), BLOCK)
    content = copied(small, "a picture of mine")
    content = with_text(content, COPY, lambda text: re.sub(r"_calc![$A-Z0-9:]+", "_calc!$D$55:$D$60", text))
    content = without_rows(content, rows.start, len(rows))
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert [(n.sheet, n.column) for n in done.notes if n.kind is NoteKind.CHART_LEFT] == [("Guide", "chart")]
    assert member(done.content or b"", COPY) == member(content, COPY)


def test_copies_find_their_numbers_when_the_hidden_sheet_is_gone(small: bytes) -> None:
    for described, kinds in (
        ("", [NoteKind.BROUGHT_BACK, NoteKind.BROUGHT_BACK]),
        ("mine", [NoteKind.BROUGHT_BACK, NoteKind.CHART_LEFT]),
    ):
        book = Book(copied(small, described))
        book.delete_sheet("_calc")
        done = api.refresh(book.content(), name="b.xlsx", today=TODAY)
        assert [n.kind for n in done.notes if n.column == "chart"] == kinds
        assert (b"#REF!" in member(done.content or b"", COPY)) == bool(described)
