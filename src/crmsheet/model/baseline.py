"""The Baseline: what a workbook remembers of itself, kept on the hidden sheet `_crmsheet`.

Knows the data. How it is packed into cells is `codec`'s, where they stand is the plan's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from crmsheet.model.boards import Board
from crmsheet.model.changelog import NOT_AUDITED, Audited
from crmsheet.model.events import Outbox
from crmsheet.model.merged import Merging
from crmsheet.model.spec import Model, Table
from crmsheet.model.words import Language
from crmsheet.model.written import Written
from crmsheet.structs import dataclass, field, replace

FORMAT = 1
"""The version of this record; a workbook with a newer one is refused."""


@dataclass(frozen=True, slots=True)
class ColumnMark:
    """A table column as last written: its id, header and `tableColumn` id."""

    id: str
    header: str
    number: int


@dataclass(frozen=True, slots=True)
class TableMark:
    """A table as last written: its columns, and of each row a keyed hash and its key."""

    name: str
    """The Excel table name."""
    columns: tuple[ColumnMark, ...]
    rows: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Row id to (hash of the input values, the key's text)."""
    audited: Audited = NOT_AUDITED
    """The values of audited fields."""
    sums: str = field(default="", compare=False)
    """By which many rows are told at once (`rowsums`). They go by the order of the rows, and that is people's."""


@dataclass(frozen=True, slots=True)
class FormerKey:
    """A key that a row had before people renamed it, kept while cells elsewhere still hold it."""

    key: str
    """As `identity.value_text` has it."""
    sure: bool = True
    """False: other cells of the row changed with it, so it may be another thing by now."""
    cells: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By `table.field`: the ids of the rows that mean this row by it. Empty: every row that holds the text;
    filled when another row has taken the key over."""


@dataclass(frozen=True, slots=True)
class RetiredTable:
    """A table that a spec no longer has, as it was last: a later spec may take it up again."""

    table: Table
    mark: TableMark
    sheet: str
    """The name of its sheet."""
    anchors: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """The blocks of its sheet, with their sizes."""


@dataclass(frozen=True, slots=True)
class Given:
    """The rows of a table as a copy was given them: row ids, a line each, and by field their tokens, likewise."""

    rows: Audited = NOT_AUDITED
    names: tuple[str, ...] = ()
    """Ids of rows of which the copy has the name only."""

    def without(self, rows: Collection[str]) -> Given:
        """The same without these rows, and with no cell that refers to them."""
        ids = self.rows.rows.split("\n") if self.rows.rows else []
        kept = [i for i, row in enumerate(ids) if row not in rows]
        gone = {f"@{row}" for row in rows}
        columns = {name: tokens.split("\n") for name, tokens in self.rows.fields.items()}
        fields = {
            name: "\n".join("" if tokens[i] in gone else tokens[i] for i in kept)
            for name, tokens in columns.items()
        }
        names = tuple(row for row in self.names if row not in rows)
        return Given(Audited("\n".join(ids[i] for i in kept), fields), names)


@dataclass(frozen=True, slots=True)
class Origin:
    """Of a copy that was split off: whose it is, from which workbook, and what it was given."""

    book_code: str
    role: str
    person: str
    day: int
    given: Mapping[str, Given] = field(default_factory=dict)

    def without(self, rows: Collection[str]) -> Origin:
        """The same with nothing of these rows (by their ids)."""
        return replace(self, given={table: one.without(rows) for table, one in self.given.items()})


@dataclass(frozen=True, slots=True)
class Baseline:
    model: Model
    language: Language
    book_code: str
    """Four characters that begin every row id of this workbook."""
    next_row: int
    """The number the next row id gets."""
    next_ids: Mapping[str, int] = field(default_factory=dict)
    """By `table.field` of type id: the next visible number."""
    tables: Mapping[str, TableMark] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)
    """Sheet id to its name as last written."""
    anchors: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Anchor to its size in rows and columns; the compiler keeps to it."""
    inputs: Mapping[str, tuple[str, int, int]] = field(default_factory=dict)
    """Of each input cell that holds a piece of the State (`settings.ID`, ...): its anchor and offset."""
    lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """List id to item id to label, as last written."""
    renamed_keys: Mapping[str, Mapping[str, tuple[FormerKey, ...]]] = field(default_factory=dict)
    """Table id to row id to the keys it had, while rows elsewhere hold them."""
    left_out: tuple[Board, ...] = ()
    """Boards whose sheets people deleted; they are no part of `model` until they are asked for again."""
    retired: Mapping[str, RetiredTable] = field(default_factory=dict)
    """Tables that are people's by now, by the id they had."""
    retired_names: tuple[str, ...] = ()
    """Workbook names that earlier specs left behind, for people's formulas: a spec may have them back."""
    history: tuple[str, ...] = ()
    """Figures of earlier dates (`history.history_lines`)."""
    changes: tuple[str, ...] = ()
    """Changes to audited fields, the oldest first (`changelog.change_lines`)."""
    flags: Mapping[str, str] | None = None
    """By rule and reminder the rows that were flagged (`compile.flags`); None: nobody looked yet."""
    outbox: Outbox | None = None
    """Events for other programs that were not fetched yet; None: nobody fetches any."""
    origin: Origin | None = None
    """Of copies: where they come from."""
    merging: Merging | None = None
    """Of masters: what copies have brought."""
    written: Written | None = field(default=None, compare=False)
    """What stands in the workbook by crmsheet; None: an earlier version did not say. It goes by the program, and a
    workbook is not written anew for that alone."""
    version: str = ""
    format: int = FORMAT
