"""Excel's size limits, each a number with a name.

Knows the specifications Microsoft publishes for worksheets and validation messages.
Does not check anything: whoever writes a thing compares it here first.
"""

from __future__ import annotations

from typing import Final

ROWS: Final = 1_048_576
COLUMNS: Final = 16_384
CELL_TEXT: Final = 32_767
CELL_LINE_BREAKS: Final = 253
FORMULA: Final = 8_192
FORMULA_TEXT_LITERAL: Final = 255
"""One quoted text inside a formula; longer ones are joined with `&`."""
FUNCTION_ARGUMENTS: Final = 255
FUNCTION_NESTING: Final = 64
CRITERION: Final = 255
"""Text criteria of COUNTIF and its family; longer ones give #VALUE!."""
SHEET_NAME: Final = 31
DEFINED_NAME: Final = 255
TABLE_NAME: Final = 255
TABLE_HEADER: Final = 255
VALIDATION_FORMULA: Final = 255
VALIDATION_LITERAL_LIST: Final = 255
PROMPT_TITLE: Final = 32
PROMPT: Final = 255
ERROR_TITLE: Final = 32
ERROR_TEXT: Final = 225
HEADER_FOOTER: Final = 255
NUMBER_FORMAT: Final = 255
NUMBER_DIGITS: Final = 15
HYPERLINK: Final = 2_079
HYPERLINKS_PER_SHEET: Final = 65_530
COLUMN_WIDTH: Final = 255
ROW_HEIGHT: Final = 409
CELL_FORMATS: Final = 64_000
EXACT_INTEGER: Final = 2**53
SMALLEST_NUMBER: Final = 2.2250738585072014e-308
LARGEST_NUMBER: Final = 1.7976931348623157e308
