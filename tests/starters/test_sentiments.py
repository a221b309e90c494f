"""The texts of the demo sound as they were meant, and the sheet Feedback says so."""

from __future__ import annotations

from datetime import date

import pytest

from crmsheet.analysis.sentiment import CLEAR, score
from crmsheet.model.words import Language
from crmsheet.starters import demo_rows

AS_MEANT = {Language.ZH: 0.9, Language.EN: 0.6}
"""The least share of different texts: English ones often tell what happened without a word of blame."""


@pytest.mark.parametrize("language", list(Language))
def test_texts_of_the_demo_sound_as_they_were_meant(language: Language) -> None:
    """Their writers rated them; a lexicon is not always right."""
    rows = demo_rows("follow-up", language, date(2026, 6, 24), 120)["feedback"]
    rated = {
        str(row["text"]): row["rating"]
        for row in rows
        if isinstance(row["rating"], int) and row["rating"] != 3
    }
    assert len(rated) > 15
    read = {text: score(text) or 0.0 for text in rated}
    against = {
        text: found
        for text, found in read.items()
        if (found <= -CLEAR and rated[text] > 3) or (found >= CLEAR and rated[text] < 3)
    }
    assert against == {}
    missed = [text for text, found in read.items() if abs(found) < CLEAR]
    assert len(missed) <= (1 - AS_MEANT[language]) * len(rated), missed
