"""Every kind of chart, in a whole workbook: built, judged, refreshed, put into a workbook that is in use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.charts.gallery import AS_OF, SPEC, built, rows
from tests.judge.charts import stale_points
from tests.judge.libreoffice import compare_all, needs_libreoffice
from tests.judge.once import made_once
from tests.judge.package import Element, Package, descendants, local
from tests.judge.repair import repair_causes
from tests.judge.schema import schema_errors
from tests.refresh.small_world import with_cell

from crmsheet.api.building import built_from
from crmsheet.api.refreshing import refresh
from crmsheet.model.boards import ChartType
from crmsheet.model.words import Language
from crmsheet.refresh import NoteKind
from crmsheet.spec import load

ORDERS = {Language.ZH: "订单", Language.EN: "Orders"}
SETTINGS = {Language.ZH: "设置", Language.EN: "Settings"}
BOARD = {Language.ZH: "样张", Language.EN: "Gallery"}
AMOUNT = "F"


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[Language, bytes]:
    return made_once(tmp_path_factory, "gallery", lambda: {x: built(x).content for x in Language})


def charts(content: bytes) -> dict[str, Element]:
    """The chart parts of the board by the block they belong to."""
    package = Package(content)
    found: dict[str, Element] = {}
    for sheet in package.worksheets:
        for drawing in package.related(sheet.part, "drawing"):
            relations = {r.rid: r.target for r in package.relationships(drawing)}
            for frame in descendants(package.root(drawing), "graphicFrame"):
                name = next(e.get("name") for e in frame.iter() if local(e) == "cNvPr")
                rid = next(
                    v
                    for e in frame.iter()
                    if local(e) == "chart"
                    for k, v in e.attrib.items()
                    if k.endswith("}id")
                )
                found[name.split(".")[1]] = package.root(relations[rid])
    return found


def cached(chart: Element, role: str = "val") -> list[dict[int, str]]:
    """What each series of a chart shows, by the number of the point."""
    return [
        {int(p.get("idx")): p[0].text for p in descendants(values, "pt")}
        for series in descendants(chart, "ser")
        for values in series
        if local(values) == role
    ]


def edited(content: bytes, language: Language, amount: float) -> bytes:
    """The first order with another amount."""
    package = Package(content)
    first = next(c for c in package.cells(package.sheet(ORDERS[language])) if c.value == "00-0")
    return with_cell(content, ORDERS[language], f"{AMOUNT}{first.row}", f"><v>{amount}</v>")


@pytest.mark.parametrize("language", list(Language))
def test_the_file_is_sound_and_every_cache_is_what_its_cells_hold(
    books: dict[Language, bytes], language: Language
) -> None:
    content = books[language]
    assert schema_errors(content) == []
    assert repair_causes(content) == []
    assert stale_points(content) == []


def test_every_type_of_chart_is_in_the_gallery() -> None:
    shown = set(re.findall(r"type: (\w+), metrics", SPEC.read_text(encoding="utf-8")))
    assert shown == {kind.value for kind in ChartType}


@pytest.mark.parametrize("language", list(Language))
def test_all_text_of_all_charts_has_an_east_asian_typeface_and_charts_say_what_they_are(
    books: dict[Language, bytes], language: Language
) -> None:
    for name, chart in charts(books[language]).items():
        latin = [e.get("typeface") for e in descendants(chart, "latin")]
        assert latin, name
        assert latin == [e.get("typeface") for e in descendants(chart, "ea")], name
        titles = [t.text for t in descendants(chart, "t")]
        assert titles, name
        assert titles[0].strip(), name
    package = Package(books[language])
    drawing = package.related(package.sheet(BOARD[language]).part, "drawing")[0]
    said = [e.get("descr") for e in descendants(package.root(drawing), "cNvPr")]
    assert all(said)
    assert len(set(said)) > len(ChartType) - 2


def test_every_bar_that_lies_has_its_name(books: dict[Language, bytes]) -> None:
    lying = 0
    for name, chart in charts(books[Language.EN]).items():
        if any(e.get("val") == "bar" for e in descendants(chart, "barDir")):
            skips = [e.get("val") for e in descendants(chart, "tickLblSkip")]
            assert skips == ["1"], name
            lying += 1
    assert lying > 2


def test_months_below_a_line_have_room(books: dict[Language, bytes]) -> None:
    """Of 36 months below a chart of half a page every third is named, below one across the page more of them."""
    seen: dict[int, set[str]] = {}
    for chart in charts(books[Language.EN]).values():
        if descendants(chart, "lineChart") and not descendants(chart, "barChart"):
            count = len(cached(chart, "cat")[0])
            seen.setdefault(count, set()).update(e.get("val") for e in descendants(chart, "tickLblSkip"))
    assert all(skips == {"1"} for count, skips in seen.items() if count <= 8)
    assert any(skips > {"1"} or skips == {"2"} for count, skips in seen.items() if count >= 20)


def test_a_refresh_of_what_was_built_changes_nothing(books: dict[Language, bytes]) -> None:
    for content in books.values():
        assert refresh(content, name="book.xlsx", today=AS_OF).content is None


def test_a_changed_order_changes_the_charts_that_show_it(books: dict[Language, bytes]) -> None:
    language = Language.EN
    after = refresh(edited(books[language], language, 9_000_000), name="book.xlsx", today=AS_OF).content
    assert after is not None
    assert stale_points(after) == []
    before, now = charts(books[language]), charts(after)
    unchanged = {name for name in before if _bytes(before[name]) == _bytes(now[name])}
    # The first order is of March 2024: before all windows but the one that the waterfall compares with, and
    # the months of the control chart.
    assert "steps" in unchanged
    assert "stages" in unchanged
    assert refresh(after, name="book.xlsx", today=AS_OF).content is None


def _bytes(chart: Element) -> list[object]:
    return [cached(chart, role) for role in ("val", "xVal", "yVal", "cat")]


@needs_libreoffice
def test_libreoffice_computes_the_same(books: dict[Language, bytes], tmp_path: Path) -> None:
    """As built, empty, with other settings, periods, and after a refresh of changed data."""
    zh, en = books[Language.ZH], books[Language.EN]
    made = {
        "zh": zh,
        "en": en,
        "empty": built(Language.EN, empty=True).content,
        "few": _refreshed(_with_top(en, 2)),
        "many": _refreshed(_with_top(zh, 8, Language.ZH)),
        "dear": _refreshed(edited(en, Language.EN, 9_000_000)),
    }
    paths = []
    for name, content in made.items():
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(content)
        paths.append(path)
    for path, found in compare_all(paths, tmp_path).items():
        assert [str(f) for f in found][:5] == [], path.stem


def _refreshed(content: bytes) -> bytes:
    after = refresh(content, name="book.xlsx", today=AS_OF).content
    assert after is not None
    assert stale_points(after) == []
    return after


def _with_top(content: bytes, number: int, language: Language = Language.EN) -> bytes:
    """The workbook with another number of values to show, typed on Settings."""
    package = Package(content)
    label = {Language.ZH: "显示前几名", Language.EN: "How many to show"}[language]
    cell = next(c for c in package.cells(package.sheet(SETTINGS[language])) if c.value == label)
    return with_cell(content, SETTINGS[language], f"B{cell.row}", f"><v>{number}</v>")


def test_a_changed_setting_changes_how_many_are_shown(books: dict[Language, bytes]) -> None:
    def named(content: bytes) -> list[str]:
        (labels, *_) = cached(charts(content)["bar"], "cat")
        return list(labels.values())

    assert len(named(books[Language.EN])) == 6
    after = named(_refreshed(_with_top(books[Language.EN], 2)))
    assert after == ["Aurora Electronics", "Beacon", "Other / unlisted"]


BOARD_HEAD = "    blocks:\n"


def test_each_kind_is_put_into_a_workbook_in_use_and_taken_out_again(tmp_path: Path) -> None:
    spec = SPEC.read_text(encoding="utf-8")
    plain = spec[: spec.index(BOARD_HEAD)] + BOARD_HEAD + "      - cards: [revenue]\n"
    small, large = tmp_path / "small.yaml", tmp_path / "large.yaml"
    small.write_text(plain, "utf-8")
    large.write_text(spec, "utf-8")
    book = built_from(load(small), rows(Language.EN), Language.EN, today=AS_OF, as_of=AS_OF).content
    grown = refresh(book, name="book.xlsx", today=AS_OF, spec=large)
    assert grown.content is not None
    added = [n for n in grown.notes if n.kind is NoteKind.ADDED]
    assert len([n for n in added if n.column == "chart"]) == len(charts(grown.content)) == 17
    assert schema_errors(grown.content) == []
    assert repair_causes(grown.content) == []
    assert stale_points(grown.content) == []
    assert refresh(grown.content, name="book.xlsx", today=AS_OF).content is None
    shrunk = refresh(grown.content, name="book.xlsx", today=AS_OF, spec=small)
    assert shrunk.content is not None
    assert charts(shrunk.content) == {}
    assert repair_causes(shrunk.content) == []


@pytest.mark.slow
def test_a_chart_of_another_kind_takes_the_place_of_the_one_there(
    books: dict[Language, bytes], tmp_path: Path
) -> None:
    spec = SPEC.read_text(encoding="utf-8")
    for old, new in (
        (
            "type: pareto, metrics: [revenue], by: customer, top: 10",
            "type: bar, metrics: [revenue], by: customer",
        ),
        ("by: month, last: 12, forecast: 3, moving_average: 3", "by: month, last: 12, forecast: 4"),
        ("stacked: share", "stacked: true"),
    ):
        assert old in spec
        spec = spec.replace(old, new)
    changed = tmp_path / "changed.yaml"
    changed.write_text(spec, "utf-8")
    after = refresh(books[Language.EN], name="book.xlsx", today=AS_OF, spec=changed).content
    assert after is not None
    before, now = charts(books[Language.EN]), charts(after)
    assert set(before) == set(now)
    others = {name for name in before if _bytes(before[name]) != _bytes(now[name])}
    assert others == {"pareto", "trend", "shares"}
    assert [e.get("val") for e in descendants(now["shares"], "grouping")] == ["stacked"]
    assert repair_causes(after) == []
    assert schema_errors(after) == []
    assert stale_points(after) == []
    assert refresh(after, name="book.xlsx", today=AS_OF).content is None
