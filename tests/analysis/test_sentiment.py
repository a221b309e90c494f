"""How texts sound, against what a reader says of them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.analysis.lexicon import DEGREES, NEGATIONS, WORDS
from crmsheet.analysis.sentiment import CLEAR, score


def _read(text: str) -> str:
    found = score(text)
    if found is None:
        return ""
    return "positive" if found >= CLEAR else "negative" if found <= -CLEAR else "neutral"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("物流很快，客服耐心，非常满意", "positive"),
        ("质量不错，下次还会回购", "positive"),
        ("用了三个月没问题", "positive"),
        ("一点都不贵，值得推荐", "positive"),
        ("不满意", "negative"),
        ("服务态度很差，电话没人接", "negative"),
        ("用了一周就坏了，要求退货", "negative"),
        ("音质不好", "negative"),
        ("不太方便", "negative"),
        ("价格便宜，但是质量太差", "negative"),
        ("交货晚了两天，但是客服处理得非常专业，很满意", "positive"),
        ("没有任何问题", "positive"),
        ("希望尽快寄快递，差价怎么算", "neutral"),
        ("请问贵公司周末上班吗", "neutral"),
        ("收到", "neutral"),
        ("Great product, fast delivery, very happy!", "positive"),
        ("Not bad at all", "positive"),
        ("I would not recommend it", "negative"),
        ("Delivery was late and the box was damaged", "negative"),
        ("The screen is nice but it keeps crashing: it crashes daily and support is terrible", "negative"),
        ("It doesn't work well", "negative"),
        ("We have ordered the second lot", "neutral"),
        ("", ""),
        ("12345 ---", ""),
    ],
)
def test_what_a_reader_says(text: str, said: str) -> None:
    assert _read(text) == said


def test_by_hand() -> None:
    """很 (1.5) 快 (1) and 非常 (1.75) 满意 (1): the lexicon has 很快 (1) and 非常满意 (2) as words."""
    assert score("很快，非常满意") == pytest.approx(3 / math.sqrt(9 + 15))
    assert score("不满意") == pytest.approx(-1 / math.sqrt(1 + 15))
    assert score("不太方便") == pytest.approx(-0.6 / math.sqrt(0.36 + 15))
    assert score("not very good") == pytest.approx(-1.5 / math.sqrt(2.25 + 15))
    assert score("good, but slow") == pytest.approx(-0.5 / math.sqrt(0.25 + 15))


def test_stronger_words_count_for_more() -> None:
    plain, very, slightly = score("专业"), score("非常专业"), score("有点专业")
    assert plain is not None
    assert very is not None
    assert slightly is not None
    assert slightly < plain < very


def test_no_word_has_two_roles() -> None:
    assert not WORDS.keys() & DEGREES.keys()
    assert not WORDS.keys() & NEGATIONS
    assert all(-2 <= weight <= 2 for weight in WORDS.values())


@given(st.text())
def test_a_score_lies_between_the_ends(text: str) -> None:
    found = score(text)
    assert found is None or -1 < found < 1


@given(st.lists(st.sampled_from(sorted(w for w, weight in WORDS.items() if weight > 0 and w.isascii()))))
def test_praise_alone_is_never_negative(words: list[str]) -> None:
    found = score(". ".join(words))
    assert found is None or found >= 0
