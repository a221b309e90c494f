"""What texts speak of: by the words of the spec and of the Lists sheet, in both languages, until people choose."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.refresh.small_world import View, typed

from crmsheet import api
from crmsheet.api.building import built_from
from crmsheet.excel.references import a1
from crmsheet.model.words import Language
from crmsheet.spec import load

TODAY = date(2026, 4, 2)
SPEC = """\
crmsheet: 1
name: voices
title: {zh: 反馈, en: Voices}
language: en
lists:
  topic:
    - {id: quality, label: {zh: 质量, en: Quality}}
    - {id: delivery, label: {zh: 物流, en: Delivery}}
  words:
    label: {zh: 词语, en: Words}
    depends_on: topic
    items:
      quality:
        - {id: broken, label: {zh: 坏, en: broken}, aliases: [faulty, 损坏]}
        - {id: solid, label: {zh: 结实, en: solid}}
      delivery:
        - {id: late, label: {zh: 晚到, en: late}}
tables:
  comments:
    label: {zh: 留言, en: Comments}
    key: subject
    fields:
      subject: {type: text, label: {zh: 标题, en: Subject}, required: true}
      said: {type: long_text, label: {zh: 内容, en: Said}}
      chosen: {type: choice, list: topic, label: {zh: 人工主题, en: Chosen}}
      heard: {type: topic, of: said, words: words, label: {zh: 文字主题, en: Heard}}
      told: {type: topic_words, of: said, words: words, label: {zh: 依据, en: Told}}
      theme:
        {type: formula, list: topic, override: chosen, expr: 'IF([heard]="", "", [heard])', label: {zh: 主题, en: Theme}}
"""
SAID = ("Late, and the lid is broken and faulty", "东西损坏了", "晚到", None, "The colour is odd", "Solid")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path: Path = tmp_path_factory.mktemp("topics") / "voices.yaml"
    path.write_text(SPEC, encoding="utf-8")
    rows = {"comments": [{"subject": f"s{n}", "said": text} for n, text in enumerate(SAID)]}
    rows["comments"][5]["chosen"] = "delivery"
    return built_from(load(path), rows, Language.EN, today=TODAY).content


def test_a_text_has_the_topic_it_speaks_of_most_and_its_words_are_told(book: bytes) -> None:
    view = View.of(book)
    assert view.column("comments", "Heard") == ["Quality", "Quality", "Delivery", "", "", "Quality"]
    assert view.column("comments", "Told") == [
        "Quality: broken, faulty; Delivery: late",
        "Quality: 损坏",
        "Delivery: 晚到",
        "",
        "",
        "Quality: solid",
    ]


def test_what_people_choose_wins(book: bytes) -> None:
    assert View.of(book).column("comments", "Theme")[4:] == ["", "Delivery"]


def test_the_lists_sheet_says_which_words_count(book: bytes) -> None:
    """A cleared word counts in no spelling, a new one at once, a topic is called as people call it."""
    view = View.of(book)
    lists = view.package.cells(view.package.sheet("Lists"))
    cells = [c for c in lists if isinstance(c.value, str) and c.formula is None]
    at = {c.value: c for c in reversed(cells)}  # labels stand before the ids that are written alike
    below = a1(at["late"].row, at["late"].column - 1)  # a1 counts from 0
    done = api.refresh(
        typed(book, "Lists", {at["broken"].ref: "", below: "colour", at["Delivery"].ref: "Shipping"}),
        name="b.xlsx",
        today=TODAY,
    )
    after = View.of(done.content)
    assert after.column("comments", "Heard") == ["Shipping", "", "Shipping", "", "Shipping", "Quality"]
    assert after.column("comments", "Told")[4] == "Shipping: colour"
    assert after.column("comments", "Theme")[4:] == ["Shipping", "Shipping"]
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None
