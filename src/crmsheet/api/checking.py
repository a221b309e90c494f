"""Check: what is wrong with a spec, or with the data in a workbook. Changes nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import UsageError
from crmsheet.messages import say
from crmsheet.structs import dataclass

_SPECS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Checked:
    """`kind` is `spec` or `workbook`."""

    kind: str
    diagnostics: tuple[Diagnostic, ...]


def check(file: Path, *, today: date, password: str = "") -> Checked:
    """Everything there is to say of a spec, a file or a starter's name, or of a workbook.

    Raises UsageError or WorkbookRefused.
    """
    if not file.exists():
        from crmsheet.starters import starter_names, starter_path

        if str(file) in starter_names():
            file = starter_path(str(file))
    if not file.is_file():
        raise UsageError(
            Diagnostic(
                "U101",
                say("there is no such file"),
                FilePlace(str(file)),
                remedy=say("Check the name and the folder."),
            )
        )
    if file.suffix.lower() in _SPECS:
        from crmsheet.spec import read

        return Checked("spec", read(file).diagnostics)
    from crmsheet.api.opening import read_workbook
    from crmsheet.api.refreshing import refresh

    done = refresh(read_workbook(file, password=password), name=str(file), today=today, looking=True)
    return Checked("workbook", done.problems)
