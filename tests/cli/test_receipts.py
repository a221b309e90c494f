"""What a refresh tells: what is new in full, what is known in a line."""

from __future__ import annotations

from datetime import date

import pytest

from crmsheet.api import Refreshed
from crmsheet.cli.receipts import Report, show
from crmsheet.diagnostics import Diagnostic, Severity
from crmsheet.messages import say

_NOTE = Diagnostic("S290", say("known of the workbook"), severity=Severity.NOTE)
_WARNING = Diagnostic("S291", say("to be looked at"), severity=Severity.WARNING)


def _told(capsys: pytest.CaptureFixture[str], *findings: Diagnostic, verbose: bool = False) -> str:
    done = Refreshed(b"new", "en", date(2026, 3, 31), (), 0, (), (), findings)
    show(Report("b.xlsx", done, dry_run=False, backup="", copy=""), quiet=False, verbose=verbose)
    out, err = capsys.readouterr()
    return out + err


def test_notes_on_the_workbook_are_counted_and_warnings_told(capsys: pytest.CaptureFixture[str]) -> None:
    told = _told(capsys, _NOTE, _WARNING, _NOTE)
    assert "  2 notes on the workbook (-v lists them)\n" in told
    assert "known of the workbook" not in told
    assert "S291 warning: to be looked at" in told


def test_notes_are_listed_for_who_asks(capsys: pytest.CaptureFixture[str]) -> None:
    told = _told(capsys, _NOTE, verbose=True)
    assert "S290 note: known of the workbook" in told
    assert "-v lists" not in told


def test_no_notes_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert "notes" not in _told(capsys, _WARNING)
