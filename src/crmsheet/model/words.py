"""Languages and labels.

Knows that every shown word comes in Chinese and English. Does not know the words themselves.
"""

from __future__ import annotations

from enum import StrEnum

from crmsheet.structs import dataclass


class Language(StrEnum):
    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Label:
    """One shown text in both languages."""

    zh: str
    en: str

    def text(self, language: Language) -> str:
        return self.zh if language is Language.ZH else self.en

    @classmethod
    def same(cls, text: str) -> Label:
        return cls(text, text)
