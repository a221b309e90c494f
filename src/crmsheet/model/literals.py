"""Dates that a spec gives: as bounds and defaults of fields, as values of settings.

Knows that the model keeps them as serials from 1900, while a workbook may count from 1904: the formula `DATE(…)`
means the same day in both, a value has to be counted anew. Does not know what a bound is for.
"""

from __future__ import annotations

from crmsheet.excel.dates import LEAP_BUG, date_of, date_system, serial_here
from crmsheet.excel.values import Value
from crmsheet.formulas.tree import Call, Node, Number
from crmsheet.model.spec import Field, FieldType, Setting

_TEMPORAL = (FieldType.DATE, FieldType.DATETIME)


def bounds(field: Field) -> tuple[Node | None, Node | None]:
    """The least and the greatest value of a field."""
    return _dated(field, field.minimum), _dated(field, field.maximum)


def default(field: Field) -> Node | None:
    """What stands in a new row of a field."""
    return _dated(field, field.default)


def setting_value(setting: Setting) -> Value:
    """What a spec gives a setting, as a cell of the workbook at hand has it."""
    if setting.type in _TEMPORAL and isinstance(setting.value, int | float):
        return serial_here(setting.value)
    return setting.value


def _dated(field: Field, node: Node | None) -> Node | None:
    if field.type not in _TEMPORAL or not isinstance(node, Number) or node.value <= LEAP_BUG:
        return node
    with date_system(since_1904=False):
        day = date_of(node.value)
    return Call("DATE", (Number(day.year), Number(day.month), Number(day.day)))
