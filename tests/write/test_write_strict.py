"""XlsxWriter's quiet failures are our errors."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from xlsxwriter.exceptions import DuplicateWorksheetName

from crmsheet.errors import InternalError
from crmsheet.write.strict import done, plain, strictly


@pytest.mark.parametrize("answer", [None, 0])
def test_an_answer_that_is_no_refusal_passes(answer: int | None) -> None:
    done(answer, "anything")


def test_a_negative_answer_is_an_error_that_says_what_was_left_out() -> None:
    with pytest.raises(InternalError, match="cannot be written: the panes of 商机"):
        done(-2, "the panes of 商机")


def test_warnings_and_exceptions_are_errors() -> None:
    with pytest.raises(InternalError, match="too long"), strictly():
        warnings.warn("too long", UserWarning, stacklevel=1)
    with pytest.raises(InternalError, match="twice"), strictly():
        raise DuplicateWorksheetName("twice")


def test_other_bugs_stay_what_they_are() -> None:
    with pytest.raises(KeyError), strictly():
        raise KeyError("a bug of the caller")


@given(st.text(st.characters(exclude_categories=())))
def test_plain_text_is_what_xml_can_hold(text: str) -> None:
    escaped = plain(text).replace("&", "&amp;").replace("<", "&lt;").replace("\r", "&#13;")
    assert etree.fromstring(f"<t>{escaped}</t>").text == (plain(text) or None)
    assert plain(plain(text)) == plain(text)
