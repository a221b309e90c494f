"""What a text speaks of: the topics whose words stand in it.

Knows how words are found in Chinese and English: of words that overlap the one that begins first counts, of those the
longest (售后服务 is not also 服务); an English word counts whole, with the endings of its forms (leak: leaks, leaked,
leaking), a Chinese one wherever it stands. Does not know what words mean: "not late" speaks of the delivery as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from crmsheet.patterns import regex
from crmsheet.structs import dataclass

_ENDINGS: Final = "(?:s|es|d|ed|ing)?"
_SPACES: Final = regex(r"\s+")


@dataclass(frozen=True, slots=True)
class Mention:
    """A topic of a text, and the words it was found by, as the lexicon writes them, each once."""

    topic: str
    words: tuple[str, ...]
    times: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words of topics, ready to be looked for. Made by `lexicon`."""

    topics: Mapping[str, str]
    """By word, folded."""
    written: Mapping[str, str]
    pattern: re.Pattern[str] | None

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """The topics of a text: the one most spoken of first, of equal ones the one that comes first."""
        found: dict[str, list[str]] = {}
        for match in self.pattern.finditer(_folded(text)) if self.pattern is not None else ():
            word = match[match.lastindex or 0]
            found.setdefault(self.topics[word], []).append(self.written[word])
        mentions = [Mention(topic, tuple(dict.fromkeys(words)), len(words)) for topic, words in found.items()]
        return tuple(sorted(mentions, key=lambda m: -m.times))


def lexicon(words: Iterable[tuple[str, str]]) -> Lexicon:
    """Of pairs of a topic and one of its words; a word that two topics claim belongs to the first."""
    topics: dict[str, str] = {}
    written: dict[str, str] = {}
    for topic, word in words:
        folded = _folded(word)
        if folded:
            topics.setdefault(folded, topic)
            written.setdefault(folded, word.strip())
    if not topics:
        return Lexicon({}, {}, None)
    longest_first = sorted(topics, key=lambda word: (-len(word), word))
    # Most places of a text begin no word: one look at the character passes them by.
    begins = "".join(re.escape(character) for character in sorted({word[0] for word in topics}))
    pattern = f"(?=[{begins}])(?:{'|'.join(map(_looked_for, longest_first))})"
    return Lexicon(topics, written, re.compile(pattern))


def _looked_for(word: str) -> str:
    """A word as a pattern: Latin letters and digits at its ends have to end there in the text, too."""
    before = r"(?<![a-z0-9])" if _latin(word[0]) else ""
    after = _ENDINGS + r"(?![a-z0-9])" if _latin(word[-1]) else ""
    return f"{before}({re.escape(word)}){after}"


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _folded(text: str) -> str:
    return _SPACES.sub(" ", text.replace("’", "'")).strip().lower()
