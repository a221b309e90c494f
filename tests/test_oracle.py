"""LibreOffice recalculates every starter: each cached value is the recalculated one.

Also: every part validates against the ECMA-376 schemas, and nothing that makes Excel offer a repair occurs.
The quick suite takes each starter once, small and with something chosen in every selector; the slow one takes both
languages, empty, as built, and with selectors set in several ways.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from tests.judge import charts, repair
from tests.judge.libreoffice import compare_all, needs_libreoffice
from tests.judge.once import made_once
from tests.judge.schema import schema_errors
from tests.judge.selecting import chosen_at_random, chosen_without_rows, with_choices

from crmsheet import api
from crmsheet.starters import starter_names

AS_OF = date(2026, 3, 31)
LEAP_DAY = date(2024, 2, 29)
NEW_YEAR = date(2026, 1, 1)
LANGUAGES = ("zh", "en")
FEW = 12
SOME = 60
WAYS = 3
"""In so many ways selectors are set, beside All and beside what leaves no rows."""

slow_in_both = pytest.mark.parametrize(
    ("starter", "language"), [(s, x) for s in starter_names() for x in LANGUAGES]
)
Books = Callable[[str, str], bytes]


def in_turn() -> list[tuple[str, str]]:
    """Every starter in one language, another from starter to starter."""
    return [(starter, LANGUAGES[number % 2]) for number, starter in enumerate(starter_names())]


def quick_in_turn() -> list[ParameterSet]:
    """The same; the quick suite takes two of them."""
    return [
        pytest.param(*pair, marks=() if number in (0, 3) else pytest.mark.slow)
        for number, pair in enumerate(in_turn())
    ]


def built(starter: str, language: str, customers: int, as_of: date = AS_OF) -> bytes:
    """A starter's workbook; without customers it is empty."""
    return api.build(
        starter,
        today=as_of,
        as_of=as_of,
        language=language,
        demo=customers > 0,
        customers=customers or 1,
    ).content


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Books:
    """Small workbooks, each built once."""
    return lambda starter, language: made_once(
        tmp_path_factory, f"oracle-{starter}-{language}", lambda: built(starter, language, FEW)
    )


def refreshed(content: bytes, chosen: Mapping[str, str], as_of: date = AS_OF) -> bytes:
    """The workbook after somebody set its selectors."""
    done = api.refresh(with_choices(content, chosen), name="chosen", today=as_of)
    assert done.content is not None
    return done.content


def _judged(books: Mapping[str, bytes], folder: Path) -> None:
    """No value differs from LibreOffice's, no chart shows another value, no part is wrong."""
    paths = []
    for name, content in books.items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(content)
        assert repair.repair_causes(path) == []
        assert charts.stale_points(path) == []
        paths.append(path)
    mismatches = compare_all(paths, folder)
    assert {p.stem: [str(x) for x in found[:5]] for p, found in mismatches.items() if found} == {}


@needs_libreoffice
@pytest.mark.parametrize(("starter", "language"), in_turn())
def test_a_small_workbook_is_judged_with_something_chosen(
    starter: str, language: str, small: Books, tmp_path: Path
) -> None:
    book = small(starter, language)
    _judged({starter: refreshed(book, chosen_at_random(book, f"{starter}-{language}"))}, tmp_path)


@needs_libreoffice
@pytest.mark.slow
@slow_in_both
def test_empty_workbooks_are_judged(starter: str, language: str, tmp_path: Path) -> None:
    book = built(starter, language, 0, NEW_YEAR)
    books = {"as-built": book}
    books["nothing"] = refreshed(book, chosen_without_rows(book), NEW_YEAR)
    books["chosen"] = refreshed(book, chosen_at_random(book, "empty"), NEW_YEAR)
    _judged(books, tmp_path)


@needs_libreoffice
@pytest.mark.slow
@slow_in_both
def test_demo_workbooks_are_judged_whatever_is_chosen(starter: str, language: str, tmp_path: Path) -> None:
    as_of = AS_OF if language == "zh" else LEAP_DAY
    book = built(starter, language, SOME, as_of)
    books = {"nothing": refreshed(book, chosen_without_rows(book), as_of)}
    for way in range(WAYS):
        chosen = chosen_at_random(book, f"{starter}-{language}-{way}")
        books[str(way)] = refreshed(book, chosen, as_of)
    _judged(books, tmp_path)


@needs_libreoffice
@pytest.mark.slow
@slow_in_both
def test_whole_demo_workbooks_are_judged(starter: str, language: str, tmp_path: Path) -> None:
    book = built(starter, language, 300)
    _judged({"as-built": book, "chosen": refreshed(book, chosen_at_random(book, "whole"))}, tmp_path)


@needs_libreoffice
@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_three_thousand_customers_are_judged(language: str, tmp_path: Path) -> None:
    _judged({language: built("follow-up", language, 3000)}, tmp_path)


@pytest.mark.parametrize(("starter", "language"), in_turn())
def test_every_part_validates_against_the_schemas(
    starter: str, language: str, small: Books, tmp_path: Path
) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(small(starter, language))
    assert schema_errors(path) == []


@pytest.mark.parametrize(("starter", "language"), quick_in_turn())
def test_two_builds_are_the_same_bytes_and_a_refresh_writes_nothing(
    starter: str, language: str, small: Books
) -> None:
    content = small(starter, language)
    assert content == built(starter, language, FEW)
    assert api.refresh(content, name="book", today=AS_OF).content is None
