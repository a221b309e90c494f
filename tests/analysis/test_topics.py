"""What texts speak of, found by words, against what a reader says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.analysis.topics import Lexicon, Mention, lexicon

WORDS = (
    ("quality", "坏"),
    ("quality", "质量"),
    ("quality", "broken"),
    ("quality", "leak"),
    ("delivery", "物流"),
    ("delivery", "late"),
    ("delivery", "did not arrive"),
    ("service", "服务"),
    ("aftersale", "售后"),
    ("aftersale", "售后服务"),
    ("price", "price"),
    ("app", "App闪退"),
)
KNOWN = lexicon(WORDS)


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("物流太慢", ["delivery"]),
        ("用了一周就坏了，质量真差，物流倒是很快", ["quality", "delivery"]),
        ("物流慢，质量差", ["delivery", "quality"]),
        ("售后服务不错", ["aftersale"]),
        ("服务不错，售后也好", ["service", "aftersale"]),
        ("It leaks. The box was BROKEN.", ["quality"]),
        ("Later we talked about plates", []),
        ("It did  not\narrive", ["delivery"]),
        ("Prices rose; it came late", ["price", "delivery"]),
        ("质量ok, price高", ["quality", "price"]),
        ("app闪退", ["app"]),
        ("请问周末上班吗", []),
        ("", []),
    ],
)
def test_what_a_reader_says(text: str, topics: list[str]) -> None:
    assert [mention.topic for mention in KNOWN.mentions(text)] == topics


def test_the_words_are_told_once_and_counted_each_time() -> None:
    assert KNOWN.mentions("Broken, leaking, broken again. late") == (
        Mention("quality", ("broken", "leak"), 3),
        Mention("delivery", ("late",), 1),
    )


def test_a_word_of_two_topics_belongs_to_the_first() -> None:
    both = lexicon([("a", "Box"), ("b", "box")])
    assert both.mentions("a box") == (Mention("a", ("Box",), 1),)


def test_without_words_nothing_is_found() -> None:
    assert lexicon([("a", " ")]).mentions("anything") == ()


@given(st.lists(st.sampled_from([word for _, word in WORDS]), min_size=1))
def test_every_word_is_found_by_itself(words: list[str]) -> None:
    """Sentences of one known word each."""
    found = KNOWN.mentions(". ".join(words))
    topics = {word: topic for topic, word in WORDS}
    assert {mention.topic for mention in found} == {topics[word] for word in words}
    assert sum(mention.times for mention in found) == len(words)


@given(st.text(), st.lists(st.tuples(st.sampled_from("ab"), st.text())))
def test_any_words_and_texts_will_do(text: str, words: list[tuple[str, str]]) -> None:
    made: Lexicon = lexicon(words)
    for mention in made.mentions(text):
        assert mention.words
        assert mention.times >= len(mention.words)
