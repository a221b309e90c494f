"""The look: contrast, number formats, widths."""

from __future__ import annotations

import pytest

from crmsheet.compile import theme
from crmsheet.excel.values import Value
from crmsheet.model.spec import FieldType
from crmsheet.model.words import Language
from crmsheet.plan.book import SheetKind
from crmsheet.plan.looks import Highlight, Style


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(color: str, fill: str) -> float:
    """As the Web Content Accessibility Guidelines define it."""
    light, dark = sorted((_luminance(color or "000000"), _luminance(fill or "FFFFFF")), reverse=True)
    return (light + 0.05) / (dark + 0.05)


LOOKS = {
    name: look
    for name, look in [
        *vars(theme).items(),
        *((style.value, look) for style, look in theme.HIGHLIGHTS.items()),
    ]
    if isinstance(look, Style | Highlight) and not name.startswith("_")
}


@pytest.mark.parametrize("name", sorted(LOOKS))
def test_text_stands_out_from_its_ground(name: str) -> None:
    assert _contrast(LOOKS[name].color, LOOKS[name].fill) >= 4.5


def test_every_kind_of_sheet_has_a_colour() -> None:
    assert set(theme.TAB_COLORS) == set(SheetKind)
    assert set(theme.FONTS) == set(theme.FONT_SIZES) == set(Language)


@pytest.mark.parametrize(
    ("kind", "word", "language", "currency", "code"),
    [
        (FieldType.CURRENCY, "", Language.ZH, "CNY", "¥#,##0.00;[Red]-¥#,##0.00"),
        (FieldType.CURRENCY, "", Language.EN, "USD", "$#,##0.00;[Red]-$#,##0.00"),
        (FieldType.CURRENCY, "", Language.EN, "CHF", '"CHF "#,##0.00;[Red]-"CHF "#,##0.00'),
        (FieldType.FORMULA, "days", Language.ZH, "CNY", '0"天"'),
        (FieldType.FORMULA, "days", Language.EN, "CNY", '0" d"'),
        (FieldType.DATE, "", Language.ZH, "CNY", "yyyy-mm-dd"),
        (FieldType.DATE, "yyyy-mm", Language.ZH, "CNY", "yyyy-mm"),
        (FieldType.PERCENT, "", Language.ZH, "CNY", "0.0%"),
        (FieldType.NUMBER, "#,##0", Language.ZH, "CNY", "#,##0"),
        (FieldType.TEXT, "", Language.ZH, "CNY", "@"),
        (FieldType.LONG_TEXT, "", Language.ZH, "CNY", ""),
    ],
)
def test_number_formats(kind: FieldType, word: str, language: Language, currency: str, code: str) -> None:
    assert theme.number_format(kind, word, language, currency) == code


@pytest.mark.parametrize(
    ("header", "values", "code", "width"),
    [
        ("名", [], "", 8),
        ("客户名称", [], "", 12),
        ("名", ["上海星河科技有限公司"], "", 23),
        ("x", ["x" * 90], "", 46),
        ("x", [1234567.5], "¥#,##0.00", 16),
        ("x", [45000], "yyyy-mm-dd", 13),
    ],
)
def test_chinese_characters_are_two_wide(header: str, values: list[Value], code: str, width: float) -> None:
    assert theme.column_width(header, values, code) == width
