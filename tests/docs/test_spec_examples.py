"""The examples of docs/spec.md load without a word, or are wrong in the way they are shown for."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docs.pages import Example, page

from crmsheet.api.rows import initial_state
from crmsheet.compile import Context, compiled
from crmsheet.diagnostics import TextPlace
from crmsheet.excel.dates import serial_of_parts
from crmsheet.model.spec import Model
from crmsheet.model.words import Language
from crmsheet.plan.book import Plan
from crmsheet.spec import SpecResult, read

SPEC = page("spec.md")
EXAMPLES = SPEC.examples()
WHOLE = EXAMPLES[0]


def _read(example: Example, folder: Path) -> SpecResult:
    """What is said of an example: of a part, when the first example includes it."""
    main = folder / "main.yaml"
    if example.whole:
        main.write_text(example.text, "utf-8")
    else:
        (folder / "part.yaml").write_text(example.text, "utf-8")
        main.write_text(WHOLE.text + "include: [part.yaml]\n", "utf-8")
    return read(main)


def _plan(model: Model, language: Language) -> Plan:
    as_of = serial_of_parts(2026, 3, 31)
    assert as_of is not None
    state, _, _ = initial_state(
        model,
        language,
        {
            "customers": [{"name": "a", "region": "华东"}, {"name": "b"}],
            "deals": [{"customer": "a", "stage": "won", "amount": 5.0, "closed_date": "2026-03-02"}],
        },
        "abcd",
    )
    return compiled(Context(model, language, state, as_of)).plan


def test_the_page_begins_with_a_whole_spec() -> None:
    assert WHOLE.whole
    assert [e.line for e in EXAMPLES if e.whole] == [WHOLE.line]
    assert sum(1 for e in EXAMPLES if not e.code) >= 6
    assert sum(1 for e in EXAMPLES if e.code) >= 6


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"line {e.line}")
def test_an_example_is_what_it_is_shown_for(example: Example, tmp_path: Path) -> None:
    found = _read(example, tmp_path).diagnostics
    if not example.code:
        assert [d.text() for d in found] == []
        return
    assert {d.code for d in found} == {example.code}, [d.text() for d in found]
    assert all(isinstance(d.place, TextPlace) for d in found)


@pytest.mark.parametrize("example", [e for e in EXAMPLES if not e.code], ids=lambda e: f"line {e.line}")
@pytest.mark.parametrize("language", list(Language))
def test_an_example_becomes_a_workbook(example: Example, language: Language, tmp_path: Path) -> None:
    model = _read(example, tmp_path).model
    assert model is not None
    plan = _plan(model, language)
    assert {t.id for t in model.tables} == {t.id for t in plan.tables}
