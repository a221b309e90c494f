"""What the program says, in English and in the language of whoever reads it.

Knows texts that remember the template they were made from, and a catalogue for each other language
(`zh.po`, where a translator finds everything in one place). Does not know who says what, nor which language is
asked for: `cli` does. English templates stand where they are used, so that what is said is read there.
"""

from crmsheet.messages.said import Said, in_language, listed, phrase, say, say_in

__all__ = ["Said", "in_language", "listed", "phrase", "say", "say_in"]
