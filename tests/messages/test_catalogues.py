"""Everything that is said can be said in Chinese."""

from __future__ import annotations

from tests.messages.sources import SOURCES, helps, marked, places

from crmsheet.checks.words import NOUNS, WORDS
from crmsheet.messages.catalogue import catalogue, read

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


def test_no_translation_is_left_of_a_text_that_is_gone() -> None:
    """Click's own sentences, which stand in one section, may be those of another version."""
    text = (SOURCES / "messages" / "zh.po").read_text("utf-8")
    own, _, rest = text.partition("# Click: its own sentences\n")
    theirs = set(read(rest.partition("\n# ")[0]))
    assert theirs
    assert [source for source in read(own) if source not in TEXTS] == []
    assert [source for source in CHINESE if source not in TEXTS and source not in theirs] == []
