"""The texts of the demo sound as they were meant, and the sheet Feedback says so."""

from __future__ import annotations

from datetime import date

import pytest

from crmsheet.analysis.sentiment import CLEAR, score
from crmsheet.model.words import Language
from crmsheet.starters import demo_rows

LEAST_RIGHT = 0.85


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
    read = {text: score(text) for text in rated}
    right = [
        text for text, found in read.items() if found is not None and (found >= CLEAR) == (rated[text] >= 4)
    ]
    wrong = [text for text in rated if text not in right]
    assert len(right) >= LEAST_RIGHT * len(rated), wrong
