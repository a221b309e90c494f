"""Ids and labels for what a sheet calls by its own words.

Knows the common words of customer sheets in both languages and what ids may be. Does not know columns.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

from crmsheet.excel.limits import TABLE_HEADER
from crmsheet.excel.names import like_reference
from crmsheet.excel.references import free_sheet_name
from crmsheet.intake.headers import header_form
from crmsheet.intake.synonyms import chinese_word, field_word, table_in, table_word
from crmsheet.intake.texts import cleaned
from crmsheet.model.words import Label, Language
from crmsheet.spec.glossary import GLOSSARY, known_label

_RESERVED: Final = frozenset(("as_of", "true", "false", "and", "or", "not", "in", "null", "all"))
_BARE: Final = frozenset(
    (
        *("currency", "language", "unit", "up_color", "fiscal_year_start"),
        *("guide", "settings", "lists", "glossary", "kpi_history", "change_log", "baseline", "calc"),
    )
)
"""Settings that every spec has and sheets that every workbook has: a table is not called so."""
_LONGEST: Final = 40
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")


def is_chinese(text: str) -> bool:
    return _CHINESE.search(text) is not None


def field_id(header: str, number: int, taken: Container[str]) -> str:
    """An id for the field of a header: the common word, else the header's own letters, else `field_3`."""
    return _free(_word(header) or _slug(header) or f"field_{number}", taken)


def table_id(names: tuple[str, ...], number: int, taken: Container[str]) -> str:
    """An id for a table called so (the first name that gives one)."""
    wanted = next((w for name in names if (w := table_word(name) or table_word(header_form(name)))), "")
    wanted = wanted or next((w for name in names if (w := table_in(name))), "")
    wanted = wanted or next((w for name in names if (w := _slug(name))), "") or f"table_{number}"
    if like_reference(wanted) or wanted in _BARE:
        wanted = f"{wanted}_table"
    return _free(wanted, taken)


def _word(header: str) -> str:
    """The common word for a header; of one made of several rows, for its last part."""
    last = header.rpartition(" ")[2] if is_chinese(header) else ""
    return field_word(header) or field_word(header_form(header)) or (field_word(last) if last else "")


def _slug(text: str) -> str:
    """The text as an ASCII id; "" when it has letters of another kind."""
    plain = cleaned(text)
    if not plain.isascii():
        return ""
    word = re.sub(r"[^a-z0-9]+", "_", plain.casefold().replace("%", " percent ").replace("&", " and ")).strip(
        "_"
    )
    if not word or not re.search(r"[a-z]", word):
        return ""
    if word[0].isdigit():
        word = f"n_{word}"
    return word[:_LONGEST].strip("_")


def _free(wanted: str, taken: Container[str]) -> str:
    word = f"{wanted}_" if wanted in _RESERVED else wanted
    result, number = word, 2
    while result in taken:
        result, number = f"{word}_{number}", number + 1
    return result


def field_label(header: str, name: str) -> Label:
    """The header in its language; in the other one the common word for the same, if there is one."""
    text = header[:TABLE_HEADER]
    return _label(text, _word(header) or name, table=False)


def sheet_label(text: str, name: str, taken: dict[Language, set[str]]) -> Label:
    """A sheet's name in both languages, unlike all others; `taken` learns it."""
    label = _label(text, name, table=True)
    found: list[str] = []
    for language in (Language.ZH, Language.EN):
        free = free_sheet_name(label.text(language), taken[language])
        taken[language].add(free)
        found.append(free)
    return Label(*found)


def _label(text: str, word: str, *, table: bool) -> Label:
    known = known_label(word)
    if is_chinese(text):
        english = known.en if known is not None else word.replace("_", " ").capitalize()
        certain = known is not None or (table_word(text) if table else _word(text))
        return Label(text, english if certain else text)
    chinese = known.zh if known is not None else chinese_word(word, table=table)
    return Label(chinese if chinese and word in _common(text, table=table) else text, text)


def _common(text: str, *, table: bool) -> tuple[str, ...]:
    """The words that a text is known to mean."""
    return (table_word(text), table_word(header_form(text))) if table else (_word(text),)


def generated_names() -> dict[Language, set[str]]:
    """Names of sheets that every workbook of ours has."""
    names = ("guide", "settings", "lists", "glossary", "kpi_history", "change_log")
    return {
        language: {GLOSSARY[name].text(language) for name in names if name in GLOSSARY}
        | {"_calc", "_crmsheet", "使用说明", "指标说明", "Glossary"}
        for language in Language
    }
