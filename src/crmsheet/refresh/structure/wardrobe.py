"""Formats that people gave cells of ours: found before the cells are written anew, so that they wear them again.

Knows a cell's format by its pieces (number format, font, fill, border, alignment, protection): people's are those that
are not as they were written. Does not know where cells stand from now on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

from crmsheet.excel.references import RangeRef
from crmsheet.model.layout import Layout
from crmsheet.model.succession import Succession
from crmsheet.model.written import Formats
from crmsheet.plan.cells import Block
from crmsheet.plan.formats import Grid, block_formats, column_formats
from crmsheet.plan.looks import Style
from crmsheet.refresh.graft.meaning import Shape
from crmsheet.refresh.graft.stylebook import Dress, Stylebook
from crmsheet.refresh.structure.samecells import same_cells
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.furniture import default_styles
from crmsheet.structs import dataclass

_INK: Final = frozenset((Shape("color", (("theme", "1"),)), Shape("color", (("rgb", "FF000000"),))))
"""What text is written in unless a colour is said; programs say it or not."""
_OF_THE_FONT: Final = ("charset", "scheme")


@dataclass(frozen=True, slots=True)
class Samples:
    """Styles as they look in a workbook of their own, by the numbers of their formats there."""

    book: Stylebook
    indexes: Mapping[Style, int]


class Wardrobe:
    """What cells of ours wear in a workbook as it was before a change. `formats` is what they were given, in tables
    by the columns of `marks`; `layout` and `marks` have the former ids."""

    def __init__(
        self,
        contents: Contents,
        layout: Layout,
        pairs: Succession,
        formats: Formats,
        marks: Mapping[str, Sequence[str]],
        samples: Samples,
    ) -> None:
        self._contents = contents
        self._layout = layout
        self._pairs = pairs
        self._formats = formats
        self._samples = samples
        self._found: dict[tuple[int, Style], Dress | None] = {}
        self._columns = {
            (table, column): styles
            for table, columns in marks.items()
            for column, styles in zip(columns, column_formats(formats, table), strict=False)
        }

    @cached_property
    def _book(self) -> Stylebook:
        return Stylebook.of(self._contents.package)

    def dress(self, there: int, written: Style | None) -> Dress | None:
        """What is people's of a format of the workbook, where another was written; None where they left that alone."""
        at = there, written or Style()
        if at not in self._found:
            own, base = _pieces(self._book, there), _pieces(self._samples.book, self._samples.indexes[at[1]])
            pieces = frozenset(name for name, piece in own.items() if piece != base[name])
            self._found[at] = Dress(there, pieces) if pieces else None
        return self._found[at]

    def block(self, block: Block) -> dict[tuple[int, int], Dress]:
        """What cells of a block keep of the formats that people gave them, by their offsets now."""
        former = self._pairs.anchor(block.anchor)
        place = self._layout.anchors.get(former)
        sheet = self._contents.sheet(place.sheet) if place is not None else None
        if place is None or sheet is None:
            return {}
        written = block_formats(self._formats, former)
        usual = default_styles(sheet.scan)
        under = _under(sheet.scan.merges, place.extent)
        columns = {at: offset for offset, at in enumerate(place.columns)}
        worn: dict[tuple[int, int], Dress] = {}
        texts: dict[tuple[int, int], str] = {}
        for row, at in enumerate(place.rows):
            for column, cell in sheet.row(at).items():
                if column not in columns or (at, column) in under:
                    continue
                offset = row, columns[column]
                base = written.get(offset)
                if isinstance(cell.value, str) and cell.value and base is not None:
                    texts[offset] = cell.value
                blank = base is None and cell.style == usual.at(column)
                if not blank and (dress := self.dress(cell.style, base)) is not None:
                    worn[offset] = dress
        return _passed_on(block, written, texts, worn) if worn else {}

    def column(self, table: str, column: str) -> tuple[Style, Style] | None:
        """The formats that the cells and the header of a column were given."""
        return self._columns.get((self._pairs.tables.get(table, table), self._pairs.column(table, column)))


def _passed_on(
    block: Block,
    written: Grid,
    texts: Mapping[tuple[int, int], str],
    worn: Mapping[tuple[int, int], Dress],
) -> dict[tuple[int, int], Dress]:
    """What cells wore before, by where they are now. `written` and `texts` are of the block as it was."""
    cells = {(c.row, c.column): c.value for c in block.cells}
    now = {at: value for at, value in cells.items() if isinstance(value, str) and value}
    before = same_cells(written, texts, cells, now)
    merges = [RangeRef(m.row, m.column, m.bottom, m.right) for m in block.merges]
    inside = _under(merges, RangeRef(0, 0, block.rows - 1, block.columns - 1))
    found = {at: worn[was] for at, was in before.items() if was in worn}
    # What nobody wrote into stays where it is.
    found |= {at: dress for at, dress in worn.items() if at not in written and at not in before}
    return found | {at: found[first] for at, first in inside.items() if first in found}


def _under(merges: Iterable[RangeRef], area: RangeRef) -> dict[tuple[int, int], tuple[int, int]]:
    """The cells of an area under merged ones, with the first of each."""
    return {
        (row, column): (m.top, m.left)
        for m in merges
        if m.overlaps(area)
        for row in range(max(m.top, area.top), min(m.bottom, area.bottom) + 1)
        for column in range(max(m.left, area.left), min(m.right, area.right) + 1)
        if (row, column) != (m.top, m.left)
    }


def _pieces(book: Stylebook, index: int) -> dict[str, object]:
    """A format by its pieces, as people see them, whatever program saved it."""
    look = book.look(index)
    return {
        "number": "".join(c for c in look.number.lower() if c not in '\\"'),
        "font": _font(look.font, book.usual_font),
        "fill": look.fill,
        "border": look.border,
        "alignment": look.alignment,
        "protection": look.protection,
    }


def _font(font: Shape | None, usual: Shape) -> tuple[Shape, ...]:
    """What of a font is not as everywhere in its workbook."""
    if font is None:
        return ()
    return tuple(
        p for p in font.parts if p.name not in _OF_THE_FONT and p not in usual.parts and p not in _INK
    )
