"""A brief tells what the boards say, in their words, and changes nothing."""

from __future__ import annotations

import datetime as dt
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.compile.analyses_world import AS_OF, halved, orders, table_rows
from tests.compile.analyses_world import SPEC as TRADE

from crmsheet.api.briefing import Brief, brief
from crmsheet.api.building import built_from
from crmsheet.cli.briefs import PAGES, markdown
from crmsheet.errors import WorkbookRefused
from crmsheet.model.words import Language
from crmsheet.spec import load, read

_BLOCKS = """\
      - {id: head, cards: [revenue, discount_rate, n_orders]}
      - {id: told, analysis: {type: insights, metrics: revenue, entity: customer, by: customer.region}}
      - id: odd
        analysis: {type: alarms, metrics: revenue, entity: customer, by: [customer.region, seller]}
      - {id: sellers, table: {metrics: [revenue, n_orders], by: seller, totals: true}}
      - id: last
        list: {table: orders, columns: [order_no, customer, amount], sort: -date, limit: 12, title: 最近}
      - {id: word, note: 一句 | 话, title: 说明}
      - {id: picture, chart: {type: line, metrics: [revenue], by: month}}
"""
_ALL = ["head", "told", "odd", "sellers", "last", "word"]
_NAMED = "brief: [" + ", ".join(f"board.{name}" for name in _ALL) + "]\n"


def _book(folder: Path, brief_key: str = _NAMED, language: Language = Language.ZH) -> bytes:
    path = folder / "trade.yaml"
    path.write_text(TRADE.format(blocks=_BLOCKS) + brief_key, encoding="utf-8")
    rows = table_rows(orders(halved(2, 30)))
    return built_from(load(path), rows, language, today=AS_OF, as_of=AS_OF).content


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Brief:
    return brief(_book(tmp_path_factory.mktemp("brief")), name="trade.xlsx", today=AS_OF)


def test_the_blocks_named_are_told_in_their_order(told: Brief) -> None:
    assert [section.title.split("  ")[0] for section in told.sections][3:5] != []
    assert len(told.sections) == len(_ALL)
    assert (told.title, told.language, told.as_of) == ("小生意", "zh", AS_OF)


def test_figures_stand_as_on_cards(told: Brief) -> None:
    head = told.sections[0]
    assert head.heads[:2] == ("指标", "当前值")
    assert [row[0] for row in head.rows] == ["销售额", "折扣率", "订单数"]
    assert re.fullmatch(r"¥[\d.]+万", head.rows[0][1])
    assert head.rows[1][1].endswith("%")


def test_findings_and_alarms_name_the_region(told: Brief) -> None:
    insights, alarms = told.sections[1:3]
    assert any("华南" in row[0] for row in insights.rows)
    assert any(row[0] == "华南" for row in alarms.rows)
    assert "XmR" in alarms.note
    assert AS_OF.isoformat() in alarms.note


def test_tables_and_lists_keep_their_columns(told: Brief) -> None:
    sellers, last, word = told.sections[3:]
    assert [row[0] for row in sellers.rows] == ["Ann", "Bob", "合计"]
    assert {len(row) for row in sellers.rows} == {len(sellers.heads)}
    assert (len(last.rows), last.more) == (10, 2)
    assert last.heads == ("单号", "客户", "金额")
    assert word.said == "一句 | 话"


def test_another_day_leaves_the_book_alone(tmp_path: Path) -> None:
    content = _book(tmp_path)
    other = brief(content, name="trade.xlsx", today=AS_OF, as_of=dt.date(2026, 2, 28))
    assert other.as_of == dt.date(2026, 2, 28)
    assert "2026-02-28" in other.sections[2].note


def test_without_a_wish_what_fits_is_told(tmp_path: Path) -> None:
    found = brief(_book(tmp_path, ""), name="trade.xlsx", today=AS_OF)
    assert len(found.sections) == 4
    assert found.sections[3].title.startswith("最近")


def test_what_is_no_book_is_refused() -> None:
    with pytest.raises(WorkbookRefused):
        brief(b"no workbook", name="x.xlsx", today=AS_OF)


class _Tags(HTMLParser):
    """Every tag that opens is closed again."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tables = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag != "meta":
            self.open.append(tag)
        self.tables += tag == "table"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_page_is_whole(told: Brief) -> None:
    text = PAGES["html"](told)
    tags = _Tags()
    tags.feed(text)
    assert tags.open == []
    assert tags.tables == 5
    assert '<html lang="zh">' in text
    assert "@page" in text


def test_markdown_keeps_its_cells(told: Brief) -> None:
    text = markdown(told)
    assert "一句 \\| 话" in text
    for table in re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.strip().split("\n")}
        assert len(widths) == 1


def test_json_is_plain(told: Brief) -> None:
    found = json.loads(PAGES["json"](told))
    assert sorted(found) == ["as_of", "language", "sections", "title"]
    assert sorted(found["sections"][0]) == ["heads", "more", "note", "rows", "said", "title"]
    assert PAGES["json"](told).isascii()


def test_a_wish_for_what_there_is_not_is_diagnosed(tmp_path: Path) -> None:
    path = tmp_path / "trade.yaml"
    path.write_text(TRADE.format(blocks=_BLOCKS) + "brief: [board.hed, board.picture]\n", encoding="utf-8")
    found = [d.text() for d in read(path).diagnostics]
    assert len(found) == 2
    assert "there is no block 'board.hed'" in found[0]
    assert "board.head" in found[0]
    assert "cannot be told in words" in found[1]
