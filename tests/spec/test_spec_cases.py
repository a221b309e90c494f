"""Every bad spec under tests/cases/specs gives exactly the diagnostics it names, at the places it names."""

from __future__ import annotations

import pytest
from tests.spec.reading import Case, cases, short

from crmsheet.diagnostics import Severity, TextPlace
from crmsheet.spec import SpecResult, read
from crmsheet.spec.codes import Code

ALL = cases()


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SpecResult]:
    """What each case gives, read once."""
    folder = tmp_path_factory.mktemp("specs")
    return {case.name: read(case.saved(folder)) for case in ALL}


@pytest.mark.parametrize("case", ALL, ids=lambda c: c.name)
def test_a_bad_spec_gives_what_it_says(case: Case, results: dict[str, SpecResult]) -> None:
    result = results[case.name]
    assert [short(d) for d in result.diagnostics] == list(case.expected)
    failed = any(d.severity is Severity.ERROR for d in result.diagnostics)
    assert (result.model is None) == failed


@pytest.mark.parametrize("case", ALL, ids=lambda c: c.name)
def test_what_is_said_can_be_read_and_acted_on(case: Case, results: dict[str, SpecResult]) -> None:
    for diagnostic in results[case.name].diagnostics:
        assert isinstance(diagnostic.place, TextPlace)
        assert diagnostic.message
        assert "\n" not in diagnostic.message
        assert not diagnostic.message.endswith(".")
        if diagnostic.place.line:
            assert diagnostic.place.excerpt.strip()
            assert 1 <= diagnostic.place.column <= len(diagnostic.place.excerpt) + 1
        diagnostic.text().encode("utf-8")


def test_every_code_has_a_case() -> None:
    shown = {expected.split()[0] for case in ALL for expected in case.expected}
    assert {code.code for code in Code} <= shown


def test_codes_are_unique_and_titled() -> None:
    codes = [code.code for code in Code]
    assert len(set(codes)) == len(codes)
    assert all(code.title and code.code.startswith(("S1", "S2")) for code in Code)


def test_case_names_begin_with_a_code_they_show() -> None:
    for case in ALL:
        assert any(e.startswith(case.name[:4]) for e in case.expected), case.name
