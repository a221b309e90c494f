"""Every sheet leads to the Guide and to the first board, and the Guide to every sheet."""

from __future__ import annotations

import re

import pytest
from tests.refresh.chosen_world import built
from tests.refresh.small_world import View, member, sheet_part


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return built(tmp_path_factory.mktemp("one"))


def leads_to(content: bytes, sheet: str) -> set[str]:
    text = member(content, sheet_part(content, sheet)).decode("utf-8")
    return set(re.findall(r'location="([^"]+)"', text))


@pytest.mark.parametrize("sheet", ["One customer", "Customers", "Orders", "Settings", "Lists"])
def test_back_to_the_guide_and_the_first_board(book: bytes, sheet: str) -> None:
    assert {"_crm.guide.top", "_crm.board.top"} <= leads_to(book, sheet)


def test_the_guide_leads_everywhere(book: bytes) -> None:
    package = View.of(book).package
    found = leads_to(book, "Guide")
    for sheet in package.worksheets:
        if sheet.state == "visible" and sheet.name != "Guide":
            targets = [name for (_, name), text in package.names.items() if sheet.name in text]
            assert found & set(targets), sheet.name


def test_every_page_says_what_it_is_of(book: bytes) -> None:
    for sheet in View.of(book).package.worksheets:
        if sheet.state == "visible":
            text = member(book, sheet.part).decode("utf-8")
            assert 'paperSize="9"' in text, sheet.name
            assert "&amp;A" in text, sheet.name
            assert "&amp;P" in text, sheet.name
            assert "fitToPage" in text, sheet.name
