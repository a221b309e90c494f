"""Texts of the demo speak of what they were meant for."""

from __future__ import annotations

from datetime import date

import pytest

from crmsheet.analysis.topics import lexicon
from crmsheet.model.words import Language
from crmsheet.spec import load
from crmsheet.starters import demo_rows, starter

AS_MEANT = 0.9
"""The least share of different texts whose topic is the one they were written for."""


@pytest.mark.parametrize("language", list(Language))
def test_texts_of_the_demo_speak_of_what_they_were_meant_for(language: Language) -> None:
    words = load(starter("follow-up").spec_path).list("feedback_words")
    known = lexicon((i.parent, w) for i in words.items for w in (i.label.zh, i.label.en, *i.aliases))
    meant = {
        str(row["text"]): row["topic"]
        for row in demo_rows("follow-up", language, date(2026, 6, 24), 150)["feedback"]
        if row["topic"]
    }
    read = {text: [mention.topic for mention in known.mentions(text)] for text in meant}
    assert len(meant) > 40
    assert [text for text, topic in meant.items() if topic == "other" and read[text]] == []
    sorted_ = [text for text, topic in meant.items() if topic != "other"]
    wrong = [text for text in sorted_ if read[text][:1] != [meant[text]]]
    assert len(wrong) <= (1 - AS_MEANT) * len(sorted_), wrong
