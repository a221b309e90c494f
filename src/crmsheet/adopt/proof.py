"""That the new workbook holds what the old one held: every value compared, and every difference told.

Knows which differences are none (a date written as text, a tidied name). Does not know how values were converted.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence

from crmsheet.adopt.drafts import FieldDraft, Remark, TableDraft
from crmsheet.adopt.kinds import missing, shown
from crmsheet.excel.dates import serial
from crmsheet.excel.references import column_letters
from crmsheet.excel.values import ExcelError, Value
from crmsheet.intake.grids import Raw
from crmsheet.intake.texts import cleaned, name_text
from crmsheet.messages import say
from crmsheet.model.spec import FieldType

_ERRORS = frozenset(e.value for e in ExcelError)
_TEXTS = (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.REFERENCE, FieldType.EMAIL, FieldType.URL)


def kept(raw: Raw, value: Value) -> bool:
    """Whether a cell of the new workbook holds what the old one's did."""
    if raw is None or (isinstance(raw, str) and not cleaned(raw)):
        return value is None or value == ""
    if isinstance(raw, bool) or isinstance(value, bool):
        return raw is value
    if isinstance(raw, dt.date) and isinstance(value, int | float):
        try:
            return math.isclose(serial(raw), value, abs_tol=1e-6)
        except ValueError:
            return False
    if isinstance(raw, dt.time) and isinstance(value, int | float):
        return math.isclose((raw.hour * 3600 + raw.minute * 60 + raw.second) / 86_400, value, abs_tol=1e-6)
    if isinstance(raw, dt.timedelta) and isinstance(value, int | float):
        return math.isclose(raw.total_seconds() / 86_400, value, abs_tol=1e-6)
    if isinstance(raw, int | float) and isinstance(value, int | float):
        return math.isclose(raw, value, rel_tol=1e-12, abs_tol=1e-12)
    return shown(raw) == (shown(value) if value is not None else "")


def told(table: TableDraft, columns: Mapping[str, Sequence[Value]]) -> tuple[Remark, ...]:
    """What became of values that are not what they were, column by column."""
    remarks: list[Remark] = []
    for field in table.fields:
        values = columns.get(field.id)
        if values is None or field.column < 0 or field.expr or field.rollup:
            continue
        other = [
            (raw, value)
            for raw, value in zip(field.raw, values, strict=True)
            if not kept(raw, value) and not missing(raw)
        ]
        if other:
            remarks.append(_remark(table, field, other))
    return tuple(remarks)


def _remark(table: TableDraft, field: FieldDraft, other: Sequence[tuple[Raw, Value]]) -> Remark:
    letters = column_letters(field.column)
    rows = table.region.rows
    place = f"{letters}{rows[0] + 1}:{letters}{rows[-1] + 1}"
    became = {type(value) for _, value in other}
    examples = f"{shown(other[0][0])} → {'' if other[0][1] is None else shown(other[0][1])}"
    if field.kind.type in (FieldType.DATE, FieldType.DATETIME) and became <= {int, float}:
        text = say(
            "'{header}': {count} dates written as text are dates now", header=field.header, count=len(other)
        )
    elif became <= {int, float}:
        text = say(
            "'{header}': {count} texts are numbers now ({example})",
            header=field.header,
            count=len(other),
            example=examples,
        )
    elif field.kind.type in _TEXTS or field.kind.type is FieldType.PHONE:
        text = say(
            "'{header}': {count} texts were tidied ({example})",
            header=field.header,
            count=len(other),
            example=examples,
        )
    else:
        text = say(
            "'{header}': {count} values are written otherwise ({example})",
            header=field.header,
            count=len(other),
            example=examples,
        )
    return Remark(table.sheet, place, text, understood=True)


def differing(field: FieldDraft, values: Sequence[Value]) -> int:
    """How many computed values are not what the sheet's formulas gave. Rows whose formula gave an error, or that
    hold none or no value, cannot tell."""
    return sum(
        not _alike(raw, value)
        for raw, value, formula in zip(field.raw, values, field.formulas, strict=True)
        if not (formula and raw is None) and shown(raw) not in _ERRORS
    )


def _alike(raw: Raw, value: Value) -> bool:
    blank = (None, "", 0)
    if raw in blank and value in blank:
        return True
    if isinstance(raw, int | float) and isinstance(value, int | float) and not isinstance(raw, bool):
        return math.isclose(raw, value, rel_tol=1e-9, abs_tol=1e-9)
    return kept(raw, value)


def tidied(table: TableDraft, field: FieldDraft, tables: Sequence[TableDraft]) -> bool:
    """Whether names were tidied by which a lookup or rollup finds its rows: then it finds rows that the sheet's own
    formula missed."""
    attributes = dict(field.rollup)
    if not attributes:
        return False
    owner = next((t for t in tables if t.id == attributes.get("table")), table)
    via = next((f for f in owner.fields if f.id == attributes.get("via")), None)
    target = next((t for t in tables if via is not None and t.id == via.table), None)
    keys = [f for f in target.fields if f.id == target.key] if target is not None else []
    return any(
        isinstance(raw, str) and name_text(raw) != raw for f in (via, *keys) if f is not None for raw in f.raw
    )
