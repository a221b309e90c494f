"""Everything that is said can be said in Chinese."""

from __future__ import annotations

from tests.messages.sources import helps, marked, places

from crmsheet.checks.words import NOUNS, WORDS
from crmsheet.messages.catalogue import catalogue

CHINESE = catalogue("zh")
TEXTS = {**marked(), **helps()}


def test_every_text_has_a_translation() -> None:
    assert len(TEXTS) > 1000
    assert {text: where for text, where in TEXTS.items() if text not in CHINESE} == {}


def test_translations_have_the_places_of_their_texts() -> None:
    wrong = {
        text: CHINESE[text] for text in TEXTS if text in CHINESE and places(text) != places(CHINESE[text])
    }
    assert wrong == {}


def test_data_problems_have_the_same_places_in_both_languages() -> None:
    labels = [label for words in WORDS.values() for label in (words.message, words.remedy)] + [
        *NOUNS.values()
    ]
    assert [label for label in labels if places(label.zh) != places(label.en)] == []
