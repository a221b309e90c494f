"""Number formats of metrics and of fields on boards.

Knows units: a metric's format word, where it is shown, and the currency. Does not know styles.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, assert_never

from crmsheet.compile import theme
from crmsheet.compile.columns import path_field
from crmsheet.compile.pieces import Context
from crmsheet.model.metrics import Aggregation, Metric, MetricType
from crmsheet.model.spec import AMOUNT_UNITS, Field, FieldType
from crmsheet.model.words import Language

CHANGE: Final = "▲0.0%;▼0.0%;0.0%"
POINTS: Final = '▲0.0"pp";▼0.0"pp";0.0"pp"'
DIFFERENCE: Final = "▲#,##0.0;▼#,##0.0;0.0"
ATTAINMENT: Final = "0%"
SHARE: Final = "0.0%"
COUNT: Final = "#,##0"
_POWERS: Final = {
    0: ("#,##0", "#,##0"),
    3: ('#,##0.0,"千"', '#,##0.0,"K"'),
    4: ('0\\.0,"万"', '0\\.0,"×10k"'),
    6: ('#,##0.0,,"百万"', '#,##0.0,,"M"'),
    8: ('0\\.00,,"亿"', '0\\.00,,"×100M"'),
}
"""How sums are shown in each unit, in Chinese and in English."""
_SIGNS: Final = {"CNY": "¥", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


class Shown(StrEnum):
    """Where a number stands: in a table, big on a card, on a chart's axis."""

    TABLE = "table"
    CARD = "card"
    AXIS = "axis"


def metric_word(context: Context, metric: Metric) -> str:
    """A metric's format word, its own or what follows from what it computes."""
    if metric.format:
        return metric.format
    match metric.type:
        case MetricType.RATIO | MetricType.CONVERSION:
            return "percent"
        case MetricType.DERIVED:
            return "number"
        case MetricType.CUMULATIVE:
            return metric_word(context, context.model.metric(metric.metric))
        case MetricType.SIMPLE:
            if metric.agg in (Aggregation.COUNT, Aggregation.COUNT_DISTINCT):
                return "integer"
            if metric.expr is not None:
                return "number"
            field = path_field(context.model, metric.table, metric.field)
            return _field_word(field)
        case _:
            assert_never(metric.type)


def _field_word(field: Field) -> str:
    if field.format:
        return field.format
    kind = field.result if field.type.computed else field.type
    match kind:
        case FieldType.CURRENCY | FieldType.PERCENT | FieldType.DATE | FieldType.DATETIME | FieldType.INTEGER:
            return kind.value
        case _:
            return "number"


def is_share(context: Context, metric: Metric) -> bool:
    """Whether a metric is a share of something, so that its changes are in points."""
    word = metric_word(context, metric)
    return word.startswith("percent") or word.endswith("%")


def is_balance(context: Context, metric: Metric) -> bool:
    """Whether a metric is shown with its sign: it lies on both sides of zero, so growth in percent says nothing."""
    return metric_word(context, metric).startswith("+") and not is_share(context, metric)


def change_format(context: Context, metric: Metric) -> str:
    """How a metric's change is shown: in points, as a difference, or as growth in percent."""
    if is_share(context, metric):
        return POINTS
    return DIFFERENCE if is_balance(context, metric) else CHANGE


def metric_format(context: Context, metric: Metric, shown: Shown = Shown.TABLE) -> str:
    """Excel's number format for a metric's values."""
    word = metric_word(context, metric)
    mean = metric.type is MetricType.SIMPLE and metric.agg in (Aggregation.AVERAGE, Aggregation.MEDIAN)
    match word:
        case "currency" | "currency0":
            scaled = shown is not Shown.TABLE and _is_amount(metric) and not mean
            code = _amount(context, shown, scaled)
            return plain_zero(code) if shown is Shown.CARD else code
        case "days" if mean:
            return '0.0"天"' if context.language is Language.ZH else '0.0" d"'
        case "integer" if mean:
            return "#,##0.0"
        case "number" | "decimal":
            return "#,##0.0"
        case "percent" if shown is Shown.AXIS:
            return "0%"
        case _:
            return theme.number_format(FieldType.NUMBER, word, context.language, context.model.currency)


def _is_amount(metric: Metric) -> bool:
    """Whether it is a sum, of one window or another: a price or a mean is not shown in thousands."""
    return metric.type in (MetricType.SIMPLE, MetricType.CUMULATIVE)


def _amount(context: Context, shown: Shown, scaled: bool) -> str:
    """Amounts of a board are whole; sums on cards and axes count in 万, or in thousands in English.

    `0\\.0,"万"` shows tenths of 万: the comma drops three digits, the point is put before the last one left.
    The usual `0!.0,` is read otherwise by LibreOffice.
    """
    code = context.model.currency
    sign = "" if shown is Shown.AXIS else _SIGNS.get(code, f'"{code} "')
    if not scaled:
        return f"{sign}#,##0"
    power = AMOUNT_UNITS.get(context.model.fixed("unit"))
    if power is not None:
        return sign + _POWERS[power][context.language is Language.EN]
    if context.language is Language.ZH:
        return f'{sign}0\\.0,"万"'
    return f'{sign}#,##0,"K"' if shown is Shown.AXIS else f'{sign}#,##0.0,"K"'


def plain_zero(code: str) -> str:
    """The same format, but nothing is 0 and not 0.0 of a large unit."""
    if ',"' not in code or ";" in code:
        return code
    sign = code[: min(code.index(digit) for digit in "#0" if digit in code)]
    return f"{code};-{code};{sign}0"


def currency_sign(context: Context) -> str:
    """What stands before an amount in a text."""
    code = context.model.currency
    return _SIGNS.get(code, f"{code} ")


def unit(context: Context, metric: Metric) -> str:
    """The unit of an axis, in words; empty when the numbers say it."""
    word = metric_word(context, metric)
    zh = context.language is Language.ZH
    if word.startswith("currency"):
        return ("元" if zh else "CNY") if context.model.currency == "CNY" else context.model.currency
    if word == "days":
        return "天" if zh else "days"
    return ""


def field_format(context: Context, field: Field) -> str:
    """Excel's number format for a field's values in a list of rows; amounts are whole there, as on all boards."""
    kind = field.result if field.type.computed else field.type
    if field.format == "currency" or (kind is FieldType.CURRENCY and not field.format):
        return theme.currency_format(context.model.currency, 0)
    return theme.number_format(kind, field.format, context.language, context.model.currency)
