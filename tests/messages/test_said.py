"""Texts that know how they were made."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from crmsheet.messages import catalogue as catalogues
from crmsheet.messages import in_language, listed, say, say_in
from crmsheet.messages.said import Said

ENTRIES = {
    "the table '{table}' is gone": "工作表区域“{table}”不见了",
    "{number:,} rows": "{number:,} 行",
    "Undo that.": "请撤销。",
    "Broken: {x}": "坏了：{y}",
}


@pytest.fixture(autouse=True)
def _few_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "crmsheet.messages.said.catalogue", lambda language: ENTRIES if language == "zh" else {}
    )


def test_a_said_text_is_its_english_text() -> None:
    text = say("the table '{table}' is gone", table="客户 {x}")
    assert text == "the table '客户 {x}' is gone"
    assert json.dumps(text) == json.dumps(str(text))
    assert hash(text) == hash(str(text))


def test_it_is_said_in_another_language_with_the_same_values() -> None:
    text = say("the table '{table}' is gone", table="客户 {x}")
    assert in_language(text, "zh") == "工作表区域“客户 {x}”不见了"
    assert in_language(text, "en") == text
    assert in_language("plain", "zh") == "plain"


def test_values_that_were_said_are_translated_too() -> None:
    rows = say("{number:,} rows", number=1200)
    assert in_language(say("the table '{table}' is gone", table=rows), "zh") == "工作表区域“1,200 行”不见了"


def test_texts_added_to_each_other_stay_translatable() -> None:
    whole = "- " + say("Undo that.") + "\n" + say("{number:,} rows", number=2) + " (x)"
    assert whole == "- Undo that.\n2 rows (x)"
    assert in_language(whole, "zh") == "- 请撤销。\n2 行 (x)"


def test_lists_have_the_separator_of_the_language() -> None:
    assert listed(["a", "b", "c"]) == "a, b, c"
    assert in_language(listed(["a", "b", "c"]), "zh") == "a、b、c"
    assert listed([]) == ""


def test_texts_in_two_languages_read_as_their_workbook_does() -> None:
    text = say_in("zh", "'{label}' is missing", {"zh": "缺少“{label}”"}, label="电话")
    assert text == "缺少“电话”"
    assert in_language(text, "en") == "'电话' is missing"
    assert in_language(text, "zh") == "缺少“电话”"


def test_a_translation_that_does_not_fit_never_hides_the_message() -> None:
    assert in_language(say("Broken: {x}", x=1), "zh") == "Broken: 1"
    assert in_language(say("Nobody translated {x}", x=1), "zh") == "Nobody translated 1"


def test_copies_and_pickles_keep_how_it_was_made() -> None:
    text = say("the table '{table}' is gone", table="x")
    for other in (copy.deepcopy(text), pickle.loads(pickle.dumps(text)), copy.copy(text)):
        assert isinstance(other, Said)
        assert in_language(other, "zh") == "工作表区域“x”不见了"


def test_a_catalogue_reads_strings_over_several_lines() -> None:
    text = '# about\n\nmsgid ""\nmsgstr "head"\n\nmsgid "a "\n"b\\n"\nmsgstr "甲"\n"乙\\"\\n"\n\nmsgid "c"\nmsgstr ""\n'
    assert catalogues.read(text) == {"a b\n": '甲乙"\n'}


@pytest.mark.parametrize("text", ["msgfoo", 'msgid "a"\nmsgstr "x"\nmsgid "a"\nmsgstr "y"\n'])
def test_a_catalogue_with_mistakes_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"line 1|twice"):
        catalogues.read(text)
