"""XlsxWriter's quiet failures, made loud.

Knows that XlsxWriter answers most misuse with a negative number or a warning and leaves the feature out, and
what XML cannot hold. Does not know what is written: every limit of Excel was diagnosed earlier, with a line
number, so whatever fails here is a bug of ours.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from xlsxwriter.exceptions import XlsxWriterException

from crmsheet.diagnostics import Diagnostic
from crmsheet.errors import InternalError
from crmsheet.messages import say

_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def internal_error(message: str, reason: str = "") -> InternalError:
    """The error for a plan that cannot be written as it is."""
    return InternalError(
        Diagnostic("B200", say("the workbook cannot be written: {message}", message=message), reason=reason)
    )


def done(answer: int | None, what: str) -> None:
    """Raise unless XlsxWriter's answer means that it did `what`."""
    if answer is not None and answer < 0:
        raise internal_error(what, f"XlsxWriter answered {answer}.")


@contextmanager
def strictly() -> Iterator[None]:
    """Warnings and exceptions of XlsxWriter, and values a file cannot hold, become `InternalError`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            yield
    except (Warning, XlsxWriterException, ValueError) as problem:
        raise internal_error(str(problem)) from problem


def plain(text: str) -> str:
    """A text without the characters XML cannot hold, for places that have no escape for them."""
    return _NOT_XML.sub("", text)


def utf16_length(text: str) -> int:
    """The length of a text as Excel counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
