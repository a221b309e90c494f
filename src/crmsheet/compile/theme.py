"""How the workbook looks: palette, typefaces, styles, number formats, widths.

Knows colours and Excel's number formats. Does not know what a cell is for beyond the name of its style.
Contrast of every text on its ground is at least 4.5 to 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Final
from unicodedata import east_asian_width

from crmsheet.excel.dates import date_parts
from crmsheet.excel.values import Value
from crmsheet.model.spec import FieldType, RuleIcon, RuleStyle
from crmsheet.model.words import Language
from crmsheet.plan.book import SheetKind
from crmsheet.plan.looks import Align, Border, Highlight, Style, VerticalAlign
from crmsheet.structs import replace

TEXT: Final = "1F2937"
MUTED: Final = "6B7280"
CARD: Final = "F8FAFC"
LINE: Final = "E5E7EB"
NAVY: Final = "1F3864"
BLUE: Final = "41699E"
GREY: Final = "6B7280"
INPUT: Final = "1F4E9E"
INPUT_FILL: Final = "FFFBE6"
COMPUTED_FILL: Final = "F3F4F6"
COMPUTED_TEXT: Final = "4B5563"
BAND_FILL: Final = "DCE6F2"
WHITE: Final = "FFFFFF"
LINK_COLOR: Final = "0563C1"

CATEGORICAL: Final = ("0072B2", "E69F00", "009E73", "CC79A7", "56B4E9", "D55E00")
"""Okabe and Ito's colours, told apart by colour-blind people too."""
OTHER: Final = "999999"
"""For the slice of all the rest."""

FONTS: Final[Mapping[Language, str]] = {Language.ZH: "微软雅黑", Language.EN: "Calibri"}
FONT_SIZES: Final[Mapping[Language, float]] = {Language.ZH: 10, Language.EN: 11}

TAB_COLORS: Final[Mapping[SheetKind, str]] = {
    SheetKind.GUIDE: "808080",
    SheetKind.BOARD: NAVY,
    SheetKind.GLOSSARY: "808080",
    SheetKind.ENTRY: "2E8B57",
    SheetKind.SETTINGS: "BFBFBF",
    SheetKind.LISTS: "BFBFBF",
    SheetKind.HISTORY: "808080",
    SheetKind.CALC: "D9D9D9",
    SheetKind.BASELINE: "D9D9D9",
}

TITLE: Final = Style(size=16, bold=True, color=NAVY, vertical=VerticalAlign.CENTER)
HEADING: Final = Style(size=13, bold=True, color=NAVY, vertical=VerticalAlign.CENTER)
HINT: Final = Style(size=9, color=MUTED, vertical=VerticalAlign.CENTER)
BODY: Final = Style(color=TEXT, wrap=True, vertical=VerticalAlign.TOP)
BODY_BOLD: Final = replace(BODY, bold=True)
LINK: Final = Style(color=LINK_COLOR, underline=True, vertical=VerticalAlign.CENTER)
BAND: Final = Style(fill=BAND_FILL, color=NAVY, bold=True, size=9, vertical=VerticalAlign.CENTER)

_HEADER: Final = Style(
    bold=True,
    color=WHITE,
    wrap=True,
    align=Align.CENTER,
    vertical=VerticalAlign.CENTER,
    border=Border.BOX,
    border_color=WHITE,
)
HEADER_REQUIRED: Final = replace(_HEADER, fill=NAVY)
HEADER_INPUT: Final = replace(_HEADER, fill=BLUE)
HEADER_COMPUTED: Final = replace(_HEADER, fill=GREY)

ENTRY_INPUT: Final = Style(color=INPUT, locked=False, vertical=VerticalAlign.CENTER)
ENTRY_COMPUTED: Final = Style(color=COMPUTED_TEXT, fill=COMPUTED_FILL, vertical=VerticalAlign.CENTER)
TO_FILL: Final = Highlight(fill=INPUT_FILL)
"""Cells that wait for a choice."""
FORM_INPUT: Final = Style(
    color=INPUT, fill=INPUT_FILL, border=Border.BOX, border_color="D1D5DB", locked=False
)
FORM_OWNED: Final = Style(
    color=COMPUTED_TEXT, fill=COMPUTED_FILL, border=Border.BOX, border_color="D1D5DB", align=Align.LEFT
)
TABLE_CELL: Final = replace(BODY, border=Border.BOX, border_color=LINE, align=Align.LEFT, indent=1)
"""A cell of a printed table, such as the glossaries of the Guide."""
TABLE_HEAD: Final = replace(HEADER_REQUIRED, align=Align.LEFT, indent=1)
INDENT: Final = 1.5
"""What an indent takes of a cell's width, in characters."""

HIGHLIGHTS: Final[Mapping[RuleStyle, Highlight]] = {
    RuleStyle.GOOD: Highlight(color="006100", fill="C6EFCE"),
    RuleStyle.WARN: Highlight(color="7F4A00", fill="FFEB9C"),
    RuleStyle.BAD: Highlight(color="9C0006", fill="FFC7CE"),
    RuleStyle.MUTED: Highlight(color="5F6672", fill="EDEDED"),
    RuleStyle.INFO: Highlight(color="1F4E79", fill="DDEBF7"),
    RuleStyle.ACCENT: Highlight(color="4B3069", fill="E4DFEC"),
}
ICONS: Final[Mapping[RuleIcon, str]] = {
    RuleIcon.FLAG: "⚑",
    RuleIcon.UP: "▲",
    RuleIcon.DOWN: "▼",
    RuleIcon.CIRCLE: "●",
    RuleIcon.SQUARE: "■",
    RuleIcon.DIAMOND: "◆",
    RuleIcon.WARNING: "⚠",
    RuleIcon.CHECK: "✔",
    RuleIcon.CROSS: "✖",
    RuleIcon.STAR: "★",
}
"""Signs of one colour, which print; none of them is an emoji in Excel."""
MISSING: Final = Highlight(fill="FFE4D6", border_color="C2410C")
DUPLICATE: Final = Highlight(color="6B21A8", fill="EDE0F7", bold=True)
UNLISTED: Final = Highlight(color="B00020", italic=True, border_color="B00020")

_SYMBOLS: Final[Mapping[str, str]] = {
    "CNY": "¥",
    "JPY": "¥",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "HKD": '"HK$"',
    "TWD": '"NT$"',
    "SGD": '"S$"',
}
_MIN_WIDTH: Final = 8.0
MAX_WIDTH: Final = 46.0
_NARROW: Final = 0.93
"""Running text is a little narrower than as many digits."""


def highlight_style(look: Highlight) -> Style:
    """A cell that looks as the highlight makes it, for legends."""
    return Style(
        color=look.color or TEXT,
        fill=look.fill,
        bold=look.bold,
        italic=look.italic,
        border=Border.BOX if look.border_color else Border.NONE,
        border_color=look.border_color,
        align=Align.CENTER,
        vertical=VerticalAlign.CENTER,
    )


def chip(header: Style) -> Style:
    """A small cell in the colours of a header."""
    return replace(header, size=9, wrap=False, border=Border.NONE, border_color="")


def legend_entry(header: Style) -> Style:
    """What a header's colour means, in that colour."""
    return Style(color=header.fill, size=9, bold=True, vertical=VerticalAlign.CENTER)


def currency_format(code: str, decimals: int = 2) -> str:
    """Amounts with the currency's sign, negative ones red."""
    sign = _SYMBOLS.get(code, f'"{code} "')
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f"{sign}{digits};[Red]-{sign}{digits}"


def number_format(kind: FieldType, word: str, language: Language, currency: str) -> str:
    """Excel's number format for a field's type and format word; any other word is a format itself."""
    zh = language is Language.ZH
    words = {
        "currency": currency_format(currency),
        "currency0": currency_format(currency, 0),
        "percent": "0.0%",
        "percent0": "0%",
        "percent1": "0.0%",
        "percent2": "0.00%",
        "integer": "#,##0",
        "number": "#,##0.00",
        "decimal": "#,##0.00",
        "decimal1": "#,##0.0",
        "days": '0"天"' if zh else '0" d"',
        "date": "yyyy-mm-dd",
        "datetime": "yyyy-mm-dd hh:mm",
        "month": "yyyy-mm",
        "year": "yyyy",
        "text": "@",
    }
    if word:
        return words.get(word, word)
    match kind:
        case FieldType.CURRENCY | FieldType.PERCENT | FieldType.DATE | FieldType.DATETIME | FieldType.INTEGER:
            return words[kind.value]
        case FieldType.RATING:
            return "0"
        case FieldType.BOOLEAN:
            # Excel shows logical values by itself; LibreOffice would show 1 and 0.
            return '"TRUE";"TRUE";"FALSE"'
        case FieldType.TEXT | FieldType.PHONE | FieldType.ID:
            # Text cells keep leading zeros and long digit strings as they are typed.
            return "@"
        case _:
            return ""


def alignment(kind: FieldType) -> Align:
    match kind:
        case FieldType.DATE | FieldType.DATETIME | FieldType.BOOLEAN | FieldType.RATING | FieldType.ID:
            return Align.CENTER
        case FieldType.NUMBER | FieldType.INTEGER | FieldType.CURRENCY | FieldType.PERCENT:
            return Align.RIGHT
        case _:
            return Align.LEFT


def text_width(text: str) -> int:
    """Characters as a column counts them: Chinese ones are two wide."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def shown_width(value: Value, code: str) -> int:
    """About how wide a value is in a number format."""
    if isinstance(value, bool):
        return 5
    if isinstance(value, str):
        return max((text_width(line) for line in value.splitlines()), default=0)
    if isinstance(value, int | float):
        if "yy" in code:
            return len(code) if date_parts(value) else 8
        if "%" in code:
            return len(f"{value * 100:.1f}%")
        if "#,##0" in code:
            return len(f"{value:,.2f}" if "." in code else f"{value:,.0f}") + text_width(
                code.split("#", 1)[0]
            )
        return len(f"{value:g}") + (2 if '"' in code else 0)
    return 0


def column_width(header: str, values: Iterable[Value], code: str, at_most: float = MAX_WIDTH) -> float:
    """A width that shows the header with its filter button and a sample of values."""
    longest = max((shown_width(value, code) for value in values), default=0)
    wanted = max(min(text_width(header), 24) + 4, longest + 3)
    return min(max(float(wanted), _MIN_WIDTH), at_most)


def wrapped_lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of that width."""
    usable = max(width - 1, 1)
    return sum(max(1, ceil(text_width(line) * _NARROW / usable)) for line in text.split("\n"))
