"""How a text sounds: a score between -1 and 1 from the words it praises and complains with.

Knows clauses, words of degree and negations, in Chinese and English. Words of degree and negations count for the word
that follows in the same clause: the sum of weight × degree × (-1)^negations over all words, brought between -1 and 1
as VADER does (Hutto and Gilbert 2014): s / √(s² + 15). What follows 但是 or "but" counts for more. Irony and words not
in the lexicon are not understood: people's own judgement goes beside it. Does not know tables.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Final

from crmsheet.analysis.lexicon import DEGREES, NEGATIONS, WORDS

CLEAR: Final = 0.05
"""From here a text is positive, below its negative it is negative; between them neutral."""
_DAMPING: Final = 15.0
_AFTER_BUT: Final = 1.5
_REACH: Final = 3
"""English words between a negation or degree and the word it counts for."""
_CLAUSES: Final = re.compile(r"[，。！？；：、,.!?;:\n\r（）()…~]+|(?<=\s)-+(?=\s)")
_BUT: Final = re.compile(r"但是|但|可是|不过|然而|\bbut\b|\bhowever\b|\balthough\b", re.IGNORECASE)
_LATIN: Final = re.compile(r"[a-z]+(?:[-'’][a-z]+)*")
_KNOWN: Final = WORDS.keys() | DEGREES.keys() | NEGATIONS
_LONGEST: Final = max(map(len, _KNOWN))


def score(text: str) -> float | None:
    """Between -1 (complaint) and 1 (praise); None for a text without any letter."""
    if not any(character.isalpha() for character in text):
        return None
    total = 0.0
    factor = 1.0
    end = 0
    for turn in _BUT.finditer(text):
        total += factor * _sum(text[end : turn.start()])
        factor, end = _AFTER_BUT, turn.end()
    total += factor * _sum(text[end:])
    return total / math.sqrt(total * total + _DAMPING)


def _sum(text: str) -> float:
    return sum(_clause(clause) for clause in _CLAUSES.split(text) if clause)


def _clause(clause: str) -> float:
    total, degree, sign, since = 0.0, 1.0, 1, 0
    for word in _words(clause.lower()):
        if word in NEGATIONS or word.endswith(("n't", "n’t")):
            sign, since = -sign, 0
            degree *= DEGREES.get(word, 1.0)
        elif word in DEGREES:
            degree, since = degree * DEGREES[word], 0
        elif WORDS.get(word):
            total += WORDS[word] * degree * sign
            degree, sign, since = 1.0, 1, 0
        else:
            since += 1
            if since > _REACH and word.isascii():
                degree, sign = 1.0, 1
    return total


def _words(clause: str) -> Iterator[str]:
    """Latin words as they are written; of other text the longest known words from the left, and single characters."""
    at = 0
    while at < len(clause):
        latin = _LATIN.match(clause, at)
        if latin is not None:
            yield latin.group()
            at = latin.end()
            continue
        if clause[at].isspace():
            at += 1
            continue
        length = next((n for n in range(_LONGEST, 1, -1) if clause[at : at + n] in _KNOWN), 1)
        yield clause[at : at + length]
        at += length
