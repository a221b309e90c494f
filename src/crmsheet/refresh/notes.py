"""What a refresh did that people should know of, as data.

Knows kinds and places. Does not know how a receipt looks.
"""

from __future__ import annotations

from enum import StrEnum

from crmsheet.structs import dataclass


class NoteKind(StrEnum):
    FORMULA_RESTORED = "formula restored"
    """A typed-over or changed formula of ours is back; `old` is what stood there. Of a column that had another
    one in most rows `cell` is the range and `new` the number of cells."""
    UPGRADED = "upgraded"
    """What an earlier version of crmsheet wrote into a column or block is what this one writes; `new` is the
    number of cells, `old` a column's formula."""
    TEXT_RESTORED = "text restored"
    """A label of ours, or a value that only refresh computes, is back."""
    TABLE_REPAIRED = "table repaired"
    RULE_RESTORED = "rule restored"
    """A validation or conditional format of ours was gone, shredded or pasted over; `old` says what was wrong."""
    RULE_KEPT = "rule kept as people changed it"
    RULE_UPDATED = "rule updated"
    """It follows a changed spec."""
    RULE_EXTENDED = "rules extended"
    """A table has outgrown them."""
    NAME_RESTORED = "name restored"
    """A workbook name that formulas of ours need was gone or pointed elsewhere."""
    LINKS_RESTORED = "links restored"
    """Links to names of ours lead there again; `new` is how many."""
    BLOCK_LEFT_OUT = "block left out"
    """A block whose cells were deleted or cut; it is not refreshed."""
    ROW_ADOPTED = "row adopted"
    ROW_COPIED = "row copied"
    ROW_RECOGNISED = "row recognised"
    ROW_DELETED = "row deleted"
    DEFAULT_FILLED = "default filled"
    """An empty cell of a new row got the spec's default."""
    HEADER_RENAMED = "header renamed"
    SHEET_RENAMED = "sheet renamed"
    LIST_RELABELLED = "list value relabelled"
    """People gave it another label; the rows that hold it follow (their number stands behind the new label)."""
    KEY_RENAMED = "key renamed"
    """A row has another key; behind the new one: how many cells elsewhere held the old one, and whether the
    new key was carried into them."""
    KEY_CARRIED = "renamed key carried"
    """A cell that held a row's old key has the new one, as people asked."""
    KEY_UNCLEAR = "key rename unclear"
    """Cells hold an old key and it is not certain which row they mean; they are left alone."""
    KEY_IN_FORMULA = "old key in a formula"
    """People's formula shows an old key; it is left alone."""
    RENAMED = "renamed by the spec"
    """`column` says what: a sheet, table or column."""
    ADDED = "added by the spec"
    """A sheet, column, block or chart (`column` says which) that the workbook lacked."""
    BROUGHT_BACK = "brought back"
    """A sheet, block or chart of ours that was gone or cut."""
    MOVED = "moved to make room"
    """A block of ours, on a sheet where nothing of people's is shifted by it."""
    CHANGED = "changed by the spec"
    RETIRED = "left to you"
    """The spec no longer has it; it stays as it was last, and is yours now."""
    REMOVED = "removed with the spec"
    """A block or chart of ours that the spec no longer has."""
    COLUMN_CLAIMED = "column taken over"
    """A column that people had added bears the name of a new field: it is that field's now."""
    KEPT_YOURS = "kept as you have it"
    """People and the spec both changed it; `old` is theirs, `new` what the spec says."""
    SHEET_LEFT_OUT = "deleted sheet left out"
    """A report sheet of ours that people deleted; `--restore-sheets` brings it back."""
    CELL_HELD_BACK = "cell not written"
    """People's formula stands there, or a merged cell hides it; `new` is what was to be entered."""
    DATE_SET = "as-of date set"
    FIGURES_KEPT = "figures written down"
    """History has a new date; `new` is their number."""
    CHANGES_LOGGED = "changes logged"
    """Audited fields differ from the last refresh; `new` is the number of cells and deleted rows."""
    HISTORY_RESTORED = "history restored"
    """Cells of what is remembered held something else; `new` is their number."""
    USER_FORMULA_COMPUTED = "user formula computed"
    USER_FORMULAS_FILLED = "user formulas given their value"
    """Another program saved the workbook without values; `new` is their number on the sheet."""
    USER_FORMULA_LEFT = "user formula left to Excel"
    PIVOT_LEFT = "pivot table not refreshed"
    MACROS_LEFT = "macros may mention an old name"
    """A sheet, table or name is called otherwise now; code of people's macros is never changed."""
    TEXT_LEFT = "old name in a formula's text"
    """A text in quotes, as INDIRECT reads it, holds an old name; `new` is the number of such cells."""
    CHART_LEFT = "chart lost its numbers"
    """A chart of people's read cells of the hidden sheet that were deleted; it does not resemble one of ours."""
    RULE_LEFT = "rules that could not follow moved cells"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing done or found; `cell` is A1 or empty, `old` and `new` are as shown to people."""

    kind: NoteKind
    sheet: str
    cell: str = ""
    column: str = ""
    old: str = ""
    new: str = ""
