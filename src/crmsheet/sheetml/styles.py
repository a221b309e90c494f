"""Cell formats of a workbook, as far as reading and restoring cells needs them.

Knows the number format behind a style index and how a format is added at the end of the list, which is
never reordered. Does not know fonts, fills or borders beyond counting them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from crmsheet.excel.number_formats import is_date_format
from crmsheet.opc.package import Package
from crmsheet.opc.xmltree import Element, escaped, parse_tree
from crmsheet.sheetml.elements import attribute_edits, first_child, last_child
from crmsheet.sheetml.spanedit import Replacement, replace_spans
from crmsheet.structs import dataclass, field

BUILT_IN_FORMATS: Final[Mapping[int, str]] = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy-mm-dd",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm",
    **dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((*range(32, 36), 55, 56), "h:mm:ss"),
    37: "#,##0 ;(#,##0)",
    38: "#,##0 ;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}
"""What the numbers below 164 mean; 27 to 58 are dates and times of East Asian editions."""
_FIRST_CUSTOM: Final = 164


@dataclass(frozen=True, slots=True)
class Styles:
    """The cell formats; `part` is empty when the workbook has none."""

    part: str
    data: bytes = field(repr=False)
    root: Element | None = field(repr=False)
    codes: Mapping[int, str] = field(repr=False)
    """Number format codes by number, those of the workbook before the built-in ones."""
    formats: tuple[Element, ...] = field(repr=False)
    """`xf` elements of `cellXfs`, by style index."""

    @staticmethod
    def of(package: Package) -> Styles:
        parts = package.related(package.workbook.part, "styles")
        return Styles.parse(package.xml(parts[0]), package.file, parts[0]) if parts else Styles.none()

    @staticmethod
    def none() -> Styles:
        return Styles("", b"", None, BUILT_IN_FORMATS, ())

    @staticmethod
    @lru_cache(maxsize=4)
    def parse(data: bytes, file: str = "", part: str = "") -> Styles:
        """The stages of a change look at the same styles again and again."""
        root = parse_tree(data, file, part)
        codes = dict(BUILT_IN_FORMATS)
        stated = root.child("numFmts")
        for element in stated.all("numFmt") if stated is not None else ():
            if element.get("numFmtId").isdecimal():
                codes[int(element.get("numFmtId"))] = element.get("formatCode")
        holder = root.child("cellXfs")
        return Styles(part, data, root, codes, holder.all("xf") if holder is not None else ())

    def number_format(self, style: int) -> str:
        """The code of a style index; `General` for what the list does not hold."""
        if not 0 <= style < len(self.formats):
            return "General"
        number = self.formats[style].get("numFmtId")
        return self.codes.get(int(number), "General") if number.isdecimal() else "General"

    def is_date(self, style: int) -> bool:
        """Whether numbers in this style show as dates or times."""
        return is_date_format(self.number_format(style))

    def font_count(self) -> int:
        return self._count("fonts", "font")

    def fill_count(self) -> int:
        return self._count("fills", "fill")

    def _count(self, holder: str, item: str) -> int:
        found = self.root.child(holder) if self.root is not None else None
        return len(found.all(item)) if found is not None else 0

    def with_number_format(self, style: int, code: str) -> tuple[Styles, int]:
        """A style like `style` with another number format, and its index; the list grows only if needed."""
        if self.number_format(style) == code:
            return self, style
        if self.root is None or not self.formats:
            raise ValueError("the workbook has no list of cell formats")
        base = self.formats[style if 0 <= style < len(self.formats) else 0]
        number = next((n for n, known in self.codes.items() if known == code), None)
        edits: list[Replacement] = []
        if number is None:
            number = max(_FIRST_CUSTOM - 1, *self.codes) + 1
            edits += self._new_code(self.root, number, code)
        wanted = self._variant(base, number)
        for index, existing in enumerate(self.formats):
            if self.data[existing.start : existing.end] == wanted:
                return self, index
        holder = self.root.child("cellXfs")
        if holder is None:
            raise AssertionError(self.part)
        edits += attribute_edits(self.data, holder, {"count": str(len(self.formats) + 1)})
        edits.append(last_child(holder, wanted))
        grown = Styles.parse(replace_spans(self.data, edits), part=self.part)
        return grown, len(self.formats)

    def _variant(self, base: Element, number: int) -> bytes:
        """The bytes of a format with another number format."""
        edits = attribute_edits(self.data, base, {"numFmtId": str(number), "applyNumberFormat": "1"})
        moved = [Replacement(e.start - base.start, e.end - base.start, e.new) for e in edits]
        return replace_spans(self.data[base.start : base.end], moved)

    def _new_code(self, root: Element, number: int, code: str) -> tuple[Replacement, ...]:
        added = b'<%bnumFmt numFmtId="%d" formatCode="%b"/>' % (root.prefix.encode(), number, escaped(code))
        holder = root.child("numFmts")
        if holder is None:
            whole = b'<%bnumFmts count="1">%b</%bnumFmts>' % (
                root.prefix.encode(),
                added,
                root.prefix.encode(),
            )
            return (first_child(root, whole),)
        count = attribute_edits(self.data, holder, {"count": str(len(holder.all("numFmt")) + 1)})
        return (*count, last_child(holder, added))
