"""Everything the compiler writes into a book exists in both languages."""

from __future__ import annotations

from string import Formatter

import pytest

from crmsheet.compile.words import AGGREGATIONS, TYPES, WORDS, say
from crmsheet.model.metrics import Aggregation
from crmsheet.model.spec import FieldType
from crmsheet.model.words import Label, Language


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(WORDS))
def test_a_word_has_both_languages_with_the_same_blanks(key: str) -> None:
    label = WORDS[key]
    assert label.zh
    assert label.en
    assert _names(label.zh) == _names(label.en)


@pytest.mark.parametrize("key", sorted(k for k in WORDS if k.startswith(("form_", "pick_"))))
def test_what_a_field_accepts_is_a_whole_sentence(key: str) -> None:
    assert WORDS[key].zh.endswith("。")
    assert WORDS[key].en.endswith(".")


def test_english_has_no_chinese_characters() -> None:
    assert [k for k, v in WORDS.items() if any("一" <= c <= "鿿" for c in v.en)] == []


@pytest.mark.parametrize("words", [TYPES, AGGREGATIONS])
def test_tables_of_words_are_complete(words: dict[FieldType, Label] | dict[Aggregation, Label]) -> None:
    kinds: set[object] = set(FieldType) if words is TYPES else set(Aggregation)
    assert set(words) == kinds
    assert all(label.zh and label.en for label in words.values())


def test_blanks_are_filled() -> None:
    assert say(Language.ZH, "missing", label="电话") == "缺电话"
    assert say(Language.EN, "missing", label="Phone") == "Phone missing"
