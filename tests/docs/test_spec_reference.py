"""docs/spec.md names everything a spec may say and nothing else."""

from __future__ import annotations

import importlib.util
import re
from enum import StrEnum
from pathlib import Path

import pytest
from tests.docs.pages import page

from crmsheet.compile.board_words import WINDOWS
from crmsheet.compile.theme import number_format
from crmsheet.formulas.functions import TABLE
from crmsheet.model.boards import AnalysisType, ChartType, Grain
from crmsheet.model.metrics import Aggregation
from crmsheet.model.spec import FieldType, RuleStyle
from crmsheet.model.words import Language
from crmsheet.spec import read
from crmsheet.spec.glossary import GLOSSARY
from crmsheet.spec.resolve.boards import PERIODS
from crmsheet.spec.resolve.ground import KINDS, MOST_LIVE_ROWS, MOST_PERIODS
from crmsheet.spec.resolve.settings import BUILD_TIME
from crmsheet.spec.rules.names import LONGEST
from crmsheet.spec.shapes.metrics import MetricWord
from crmsheet.spec.shapes.problems import SHAPES

ROOT = Path(__file__).resolve().parents[2]
SPEC = page("spec.md")
_TOLD_IN_SENTENCES = {"MetricsShape", "Shape", "LabelShape", "DimensionShape"}
_ENUMS: dict[str, type[StrEnum]] = {
    e.__name__: e for e in (FieldType, RuleStyle, Aggregation, ChartType, AnalysisType, MetricWord)
}
_SHAPES = {name: list(shape.model_fields) for name, shape in SHAPES.items() if name not in _TOLD_IN_SENTENCES}
_WORDS = {name: [str(member.value) for member in enum] for name, enum in _ENUMS.items()}
KNOWN = _SHAPES | _WORDS | {"PERIODS": list(PERIODS), "BUILD_TIME": list(BUILD_TIME)}


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_a_table_lists_exactly_what_the_program_knows(name: str) -> None:
    assert sorted(SPEC.keys()[name]) == sorted(KNOWN[name])


def test_every_marked_table_is_checked_by_some_test() -> None:
    assert set(SPEC.keys()) - set(KNOWN) == {"formats"}


def test_periods_are_those_of_the_workbook() -> None:
    assert set(WINDOWS) == set(PERIODS)


def test_all_kinds_of_blocks_are_keys_of_a_block() -> None:
    assert set(KINDS) == set(SHAPES["BlockShape"].model_fields) - {"id", "title"}


def test_grains_are_named() -> None:
    said = re.search(r"grain of time \((.*?)\)", SPEC.text)
    assert said is not None
    assert re.findall(r"`(\w+)`", said[1]) == [grain.value for grain in Grain]


@pytest.mark.parametrize("word", SPEC.keys()["formats"])
def test_a_format_word_is_no_excel_format(word: str) -> None:
    assert number_format(FieldType.NUMBER, word, Language.EN, "CNY") != word


def test_every_function_is_listed_as_it_is_called() -> None:
    spec = importlib.util.spec_from_file_location("generated_files", ROOT / "scripts" / "generated.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    match = re.search(r"<!-- functions -->\n(.*)<!-- /functions -->", SPEC.text, re.DOTALL)
    assert match is not None
    assert match[1] == script.functions() + "\n", "run python scripts/generated.py"
    listed = re.findall(r"^\| `([A-Z0-9.]+)\(", match[1], re.MULTILINE)
    assert sorted(listed) == sorted(set(TABLE) - {"TODAY"})


def test_every_function_the_text_calls_exists() -> None:
    called = set(re.findall(r"\b[A-Z][A-Z0-9.]+(?=\()", SPEC.text))
    assert len(called) > 100
    assert called <= set(TABLE)


def test_numbers_in_the_text_are_those_of_the_program() -> None:
    assert f"at most {LONGEST} characters" in SPEC.text
    assert f"how many, 1 to {MOST_LIVE_ROWS};" in SPEC.text
    assert f"how many periods, 1 to {MOST_PERIODS};" in SPEC.text
    said = re.search(r"glossary of about (\d+) common words \((.*?), …\)", SPEC.text)
    assert said is not None
    assert abs(len(GLOSSARY) - int(said[1])) < 25
    assert set(re.findall(r"`(\w+)`", said[2])) <= set(GLOSSARY)


def test_reserved_ids_are_refused(tmp_path: Path) -> None:
    said = re.search(r"These mean something already: (.*?)\. Settings", SPEC.text, re.DOTALL)
    assert said is not None
    words = re.findall(r"`(\w+)`", said[1])
    assert len(words) > 5
    for word in words:
        path = tmp_path / "main.yaml"
        path.write_text(
            f"crmsheet: 1\ntables:\n  t:\n    fields:\n      name: text\n      {word}: text\n", "utf-8"
        )
        assert [d.code for d in read(path).diagnostics] == ["S202"], word


@pytest.mark.parametrize("name", ["spec.md", "diagnostics.md"])
def test_links_lead_somewhere(name: str) -> None:
    text = page(name).text
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        file, _, anchor = target.partition("#")
        there = page(file).text if file else text
        heads = [
            re.sub(r"[^\w\- ]", "", h).strip().lower().replace(" ", "-")
            for h in re.findall(r"^#+ (.*)$", there, re.MULTILINE)
        ]
        assert not anchor or anchor in heads, target
