"""JSON files as rows: a list of objects, objects by table, or one object a line.

Knows the envelopes that web services put around their records. Does not know what values mean.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeAlias

from crmsheet.intake.delimited import LARGEST, decoded
from crmsheet.intake.grids import Raw, Row, Sheet, SourceKind
from crmsheet.intake.refusals import too_large, unreadable
from crmsheet.messages import say

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
_DEPTH: Final = 4
"""How deep below the top a list of records may stand."""
_FLAT: Final = 4
"""How deep objects inside a record become columns `a.b`."""


def read_records(data: bytes, file: str) -> tuple[Sheet, ...]:
    """The lists of records in a JSON file, each as a sheet. Raises UsageError."""
    if len(data) > LARGEST:
        raise too_large(file, say("It has {count} bytes.", count=f"{len(data):,}"))
    text = decoded(data, file)
    sheets = tuple(
        _sheet(file, name, records) for name, records in _lists(_parsed(text, file), Path(file).stem)
    )
    if not sheets:
        raise unreadable(
            file,
            say("It holds no list of objects."),
            say('Write [{{"name": "…"}}, …], or {{"customers": [{{…}}], "orders": [{{…}}]}}.'),
        )
    return sheets


def _parsed(text: str, file: str) -> Json:
    try:
        found: Json = json.loads(text, parse_constant=_constant)
    except json.JSONDecodeError as problem:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and all(line.lstrip()[:1] == "{" for line in lines):
            return [_line(line, number, file) for number, line in enumerate(lines, 1)]
        raise unreadable(
            file, f"{problem.msg}.", say("Correct the JSON there, or export it again."), line=problem.lineno
        ) from problem
    except RecursionError as problem:
        raise unreadable(
            file, say("It is nested too deeply."), say("Give a list of objects with plain values.")
        ) from problem
    except ValueError as problem:
        # Python reads no whole number of more digits than a few thousand.
        raise unreadable(
            file,
            say("A number in it has too many digits."),
            say("Correct the JSON there, or export it again."),
        ) from problem
    return found


def _constant(name: str) -> str | None:
    """What JSON does not have and programs write all the same: no number is nothing, `Infinity` is told."""
    return None if name == "NaN" else name


def _line(line: str, number: int, file: str) -> Json:
    try:
        found: Json = json.loads(line, parse_constant=_constant)
    except (ValueError, RecursionError) as problem:
        raise unreadable(
            file, say("This line is no JSON object."), say("Export it again."), line=number
        ) from problem
    return found


def _lists(value: Json, name: str, depth: int = 0) -> Iterator[tuple[str, list[dict[str, Json]]]]:
    if isinstance(value, list):
        records = [item for item in value if isinstance(item, dict)]
        if records and len(records) == len(value):
            yield name, records
        return
    if isinstance(value, dict) and depth < _DEPTH:
        for key, inner in value.items():
            # Envelopes such as {"data": [...]} say nothing of what the records are.
            envelope = key.casefold() in ("data", "records", "results", "items", "list", "rows", "result")
            yield from _lists(inner, name if envelope else key, depth + 1)


def _sheet(file: str, name: str, records: list[dict[str, Json]]) -> Sheet:
    flat = [dict(_flattened(record)) for record in records]
    keys = tuple(dict.fromkeys(key for record in flat for key in record))
    rows = (Row(number, tuple(record.get(key) for key in keys)) for number, record in enumerate(flat, 1))
    return Sheet(file, name, SourceKind.JSON, (Row(0, keys), *(row for row in rows if not row.blank)))


def _flattened(record: dict[str, Json], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Raw]]:
    for key, value in record.items():
        if isinstance(value, dict) and depth < _FLAT:
            yield from _flattened(value, f"{prefix}{key}.", depth + 1)
        elif isinstance(value, list) and all(not isinstance(item, list | dict) for item in value):
            yield f"{prefix}{key}", tuple(_text(item) for item in value if item is not None)
        elif isinstance(value, list | dict):
            yield f"{prefix}{key}", json.dumps(value, ensure_ascii=False)
        else:
            yield f"{prefix}{key}", value


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
