"""The symbolic ids of workbook names and anchors that several families share.

Knows only how ids are formed. The names' targets are declared by the family that owns the cells.
"""

from __future__ import annotations

from typing import Final

from crmsheet.model.boards import Board, Selector

AS_OF = "as_of"
"""The one owned date cell on Settings: `IF(input="",TODAY(),input)`; in large workbooks `DAY` in place of TODAY()."""
DAY: Final = "calc.day"
"""Block on `_calc`: the effective date of the last refresh, as a value."""


def list_labels(list_id: str) -> str:
    """Name: the labels of a list, as long as it is: the source of a drop-down."""
    return f"list:{list_id}"


def list_parents(list_id: str) -> str:
    """Name: the parents' labels that head the columns of a dependent list's matrix."""
    return f"parents:{list_id}"


def list_matrix(list_id: str) -> str:
    """Name: a dependent list's matrix, one column per parent."""
    return f"matrix:{list_id}"


def table_keys(table_id: str) -> str:
    """Name: the key column of a table, the source of drop-downs that refer to it."""
    return f"keys:{table_id}"


def row_check(table_id: str, part: str = "") -> str:
    """Name: what tells what is wrong with a row of a table, as seen from that row; long ones have parts."""
    return f"check:{table_id}.{part}" if part else f"check:{table_id}"


def row_formula(table_id: str, column: str) -> str:
    """Name: the formula of a hidden column, as seen from its row."""
    return f"row:{table_id}.{column}"


def columns_moved(table_id: str) -> str:
    """Name: whether a column of a table is elsewhere than names of its rows' formulas look for it."""
    return f"moved:{table_id}"


def row_column(reference: str) -> str:
    """Hidden table column: the position of the row that a reference field points at."""
    return f"_row.{reference}"


def list_anchor(list_id: str) -> str:
    """Block on the Lists sheet: a row per item; label first, attributes, the hidden id last."""
    return f"lists.{list_id}"


def glossary_anchor(metric_id: str) -> str:
    """Block on the glossary: the row of a figure."""
    return f"glossary.of.{metric_id}"


def setting_anchor() -> str:
    """Block on Settings: a row per setting."""
    return "settings.values"


def selector_anchor(board_id: str) -> str:
    """Block on a board: labels in the first row, the input cells of its selectors in the second."""
    return f"{board_id}.selectors"


SELECTOR_SPAN = 8
"""Sheet columns a selector takes in its board's selector block; the first of them holds label and input."""
_RECORD_SPAN = 16
"""Names of customers are longer than those of regions and months."""


def selector_span(selector: Selector) -> int:
    """The sheet columns of a selector, one of them the gap behind it."""
    return _RECORD_SPAN if selector.record else SELECTOR_SPAN


def selector_column(board: Board, index: int) -> int:
    """The column, in the selector block, of a selector by its position in `Board.selectors`."""
    return sum(selector_span(s) for s in board.selectors[:index])


def criterion(board_id: str, selector_id: str) -> str:
    """Name: the hidden cell with a selector's criterion text for the *IFS functions."""
    return f"criterion:{board_id}.{selector_id}"
