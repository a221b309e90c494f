"""What was decided of the columns of an import, as a file for the next time.

Knows the file: JSON in UTF-8, with `table`, `profile`, `mode`, `match`, `columns` (header to field), `dates` (field to
what stands first) and `values` (field to what texts of the files mean). Does not know how columns are matched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import UsageError
from crmsheet.messages import say
from crmsheet.structs import dataclass, field


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping as it stands in its file; what is not said is empty."""

    table: str = ""
    mode: str = ""
    match: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    profile: str = ""


def read_mapping(file: Path) -> Mapped:
    """The mapping of a file; an empty one where there is no file yet. Raises UsageError."""
    if not file.exists():
        return Mapped()
    try:
        data = json.loads(file.read_text("utf-8-sig"))
        return Mapped(
            str(data.get("table", "")),
            str(data.get("mode", "")),
            tuple(map(str, data.get("match", ()))),
            {str(h): str(f) for h, f in dict(data.get("columns", {})).items()},
            {str(f): str(o) for f, o in dict(data.get("dates", {})).items()},
            {
                str(f): {str(a): str(b) for a, b in dict(words).items()}
                for f, words in dict(data.get("values", {})).items()
            },
            str(data.get("profile", "")),
        )
    except (ValueError, AttributeError, TypeError) as problem:
        raise UsageError(
            Diagnostic(
                "U126",
                say("this is no mapping of an import"),
                FilePlace(str(file)),
                reason=str(problem),
                remedy=say("Name another file, or delete it: the next import writes it anew."),
            )
        ) from problem


def mapping_text(mapped: Mapped) -> str:
    """The file's content."""
    data = {
        "table": mapped.table,
        "profile": mapped.profile,
        "mode": mapped.mode,
        "match": list(mapped.match),
        "columns": dict(mapped.columns),
        "dates": dict(mapped.dates),
        "values": {f: dict(words) for f, words in mapped.values.items()},
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
