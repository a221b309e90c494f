"""Rows of one shape as XML, column by column: the one writer of table rows, for new sheets and for filled ones.

Knows that the rows of a table repeat each other, so that what is the same down a column is put together once, and
that most columns hold one kind of value. Writes the same as `cells.encode` would cell by cell. Does not know where
rows stand among others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice, repeat
from typing import Final, TypeAlias, cast

from crmsheet.excel.numbers import file_texts
from crmsheet.excel.references import RangeRef, column_letters
from crmsheet.excel.values import Value
from crmsheet.sheetml.cells import formula_element, text_elements, type_and_content
from crmsheet.structs import dataclass

Element: TypeAlias = Callable[[str, str], str]
Piece: TypeAlias = str | Sequence[str]
"""What stands in many rows: a text that is the same in all of them, or one for each."""
BATCH: Final = 128
"""Rows written at a time: they need not all stand in memory, and few stay in the processor's cache until they are
packed."""
AS_THE_COLUMN: Final = -1
"""In the place of a style: the one that the sheet has for cells of the column that are not written yet."""
_REMEMBERED: Final = 20_000
_EQUAL: Final = frozenset((bool, int, float))
"""Kinds of values of which some are equal in Python that are different in a cell."""


@dataclass(frozen=True, slots=True)
class ColumnFormat:
    """What all cells of a column share."""

    column: int
    style: int = 0
    """Or `AS_THE_COLUMN`."""
    formula: str = ""
    """Without `=`; the same text in every row."""


@dataclass(frozen=True, slots=True)
class FreshRows:
    """Rows that follow each other: `formats` and `columns` side by side, each column as long as there are rows."""

    first_row: int
    length: int
    formats: tuple[ColumnFormat, ...]
    """From left to right."""
    columns: tuple[Sequence[Value], ...]

    @property
    def area(self) -> RangeRef:
        bottom = self.first_row + self.length - 1
        return RangeRef(self.first_row, self.formats[0].column, bottom, self.formats[-1].column)

    def cells(self, prefix: str = "") -> Iterator[tuple[int, list[str]]]:
        """The cells of each row as XML, some rows at a time: the first row's number and what stands in each."""
        for first, numbers, pieces in self._pieces(prefix):
            yield first, _each_joined(pieces, len(numbers))

    def rows(self, prefix: str = "", element: Element = formula_element) -> Iterator[str]:
        """The whole rows, some at a time; `element` makes a formula's element, given its text and the tag's name."""
        for _, numbers, pieces in self._pieces(prefix, element):
            row = _together((f'<{prefix}row r="', numbers, '">', *pieces, f"</{prefix}row>"))
            yield "".join(chain.from_iterable(zip(*row, strict=False)))

    def _pieces(
        self, prefix: str, element: Element = formula_element
    ) -> Iterator[tuple[int, list[str], list[Piece]]]:
        """Of some rows at a time the first, the numbers as written, and what their cells are put together from."""
        writers = [_Column(f, prefix, element) for f in self.formats]
        for done in range(0, self.length, BATCH):
            first, size = self.first_row + done, min(BATCH, self.length - done)
            numbers = [str(row) for row in range(first + 1, first + size + 1)]
            pieces: list[Piece] = []
            for writer, column in zip(writers, self.columns, strict=True):
                pieces += writer.pieces(numbers, column[done : done + size])
            yield first, numbers, pieces


class _Column:
    """The cells of one column."""

    __slots__ = ("_end", "_formula", "_head", "_look", "_number", "_prefix", "_rests", "_text", "_texts")

    def __init__(self, column: ColumnFormat, p: str, element: Element) -> None:
        self._prefix = p
        self._head = f'<{p}c r="{column_letters(column.column)}'
        self._look = f'" s="{column.style}"' if column.style else '"'
        self._formula = element(column.formula, p + "f") if column.formula else ""
        # What stands between a row's number and a value, and behind it.
        self._number = f"{self._look}>{self._formula}<{p}v>"
        self._text = (
            f'{self._look} t="str">{self._formula}'
            if self._formula
            else f'{self._look} t="inlineStr"><{p}is>'
        )
        self._end = f"</{p}c>" if self._formula else f"</{p}is></{p}c>"
        self._texts: dict[str, str] = {}
        self._rests: dict[object, str] = {}

    def pieces(self, numbers: Sequence[str], values: Sequence[Value]) -> tuple[Piece, ...]:
        """What the cells of the rows of these numbers are put together from; nothing where nothing is to write."""
        head, p = self._head, self._prefix
        kinds = set(map(type, values))
        if kinds <= {int, float}:
            texts = file_texts(cast("Sequence[float]", values))
            return head, numbers, self._number, texts, f"</{p}v></{p}c>"
        if kinds == {str}:
            return head, numbers, self._text, self._elements(cast("Sequence[str]", values)), self._end
        rests = self._mixed(values, kinds)
        if "" not in rests:
            return head, numbers, rests
        return ([f"{head}{n}{rest}" if rest else "" for n, rest in zip(numbers, rests, strict=True)],)

    def _mixed(self, values: Sequence[Value], kinds: set[type]) -> list[str]:
        """All of the cells behind their rows' numbers; empty where there is nothing to write."""
        known = self._rests
        if len(known) >= _REMEMBERED:
            known.clear()
        if kinds.isdisjoint(_EQUAL):
            for value in set(values).difference(known):
                known[value] = self._rest(value)
            return list(map(known.__getitem__, values))
        keys = list(zip(map(type, values), values, strict=True))
        for key in set(keys).difference(known):
            known[key] = self._rest(key[1])
        return list(map(known.__getitem__, keys))

    def _rest(self, value: Value) -> str:
        """All of a cell behind its row's number; empty when there is nothing to write."""
        p = self._prefix
        if value is None and not self._formula:
            return "" if self._look == '"' else f"{self._look}/>"
        kind, content = type_and_content(value, self._formula, p)
        type_ = f' t="{kind}"' if kind else ""
        return f"{self._look}{type_}>{content}</{p}c>"

    def _elements(self, values: Sequence[str]) -> list[str]:
        """The elements of texts; people write the same words again and again, but not the same codes."""
        known, name = self._texts, self._prefix + ("v" if self._formula else "t")
        if len(known) >= _REMEMBERED:
            known.clear()
        new = list(set(values).difference(known))
        if len(new) == len(values):
            return text_elements(values, name)
        known.update(zip(new, text_elements(new, name), strict=True))
        return list(map(known.__getitem__, values))


def _together(pieces: Iterable[Piece]) -> list[Iterable[str]]:
    """Pieces of rows as iterables of one text a row; those that are the same in all rows are put together."""
    found: list[Iterable[str]] = []
    same = ""
    for piece in pieces:
        if isinstance(piece, str):
            same += piece
            continue
        if same:
            found.append(repeat(same))
            same = ""
        found.append(piece)
    return [*found, repeat(same)] if same else found


def _each_joined(pieces: Sequence[Piece], length: int) -> list[str]:
    """The pieces of each row as one text."""
    together = _together(pieces)
    return list(map("".join, islice(zip(*together, strict=False), length))) if together else [""] * length
