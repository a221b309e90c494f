"""What openpyxl raises on workbooks it cannot read, and its silence while it reads.

It has no exception of its own for damaged parts: whatever its parsing meets comes through.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from zipfile import BadZipFile

from crmsheet.errors import UsageError
from crmsheet.intake.refusals import unreadable
from crmsheet.messages import say

_RAISED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BadZipFile,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
)


@contextmanager
def openpyxl_reading(file: str) -> Iterator[None]:
    """Inside, openpyxl reads this file: its warnings are not shown, its failures are refusals."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except UsageError:
            raise
        except _RAISED as problem:
            raise unreadable(
                file,
                say("A part of it has another form than Excel writes ({kind}).", kind=type(problem).__name__),
                say("Open it in Excel or LibreOffice and save a copy as .xlsx."),
            ) from problem
