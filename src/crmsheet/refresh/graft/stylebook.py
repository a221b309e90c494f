"""The cell formats of two workbooks: one's formats found among the other's, or appended to them.

Knows how a cell format is resolved (number format, font, fill, border, alignment, protection) and that a list
is only ever lengthened, since cells refer to its items by number. Does not know who uses a format.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crmsheet.messages import say
from crmsheet.opc.package import Package
from crmsheet.opc.xmltree import Element, escaped, parse_tree
from crmsheet.refresh.graft import meaning
from crmsheet.refresh.graft.meaning import Flat, Shape
from crmsheet.refresh.graft.refusals import Refusal
from crmsheet.sheetml.elements import STYLES_ORDER, attribute_edits, in_order, last_child
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.sheetml.styles import BUILT_IN_FORMATS
from crmsheet.structs import dataclass, field, replace

_TRUE: Final = ("1", "true")
_FIRST_CUSTOM: Final = 164
_MOST_FORMATS: Final = 65_000
_SAME_EVERYWHERE: Final = (0, 1, 2, 3, 4, 9, 10, 11, 12, 13, 49)
"""Built-in number formats that mean the same code in every edition of Excel; dates and money do not."""
NO_STYLES: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<fonts count="1"><font><sz val="11"/><color theme="1"/><name val="Calibri"/><family val="2"/></font>'
    b'</fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    b'<fill><patternFill patternType="gray125"/></fill></fills>'
    b'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    b'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
"""The formats of a workbook that has none; what its cells look like does not change."""
_FIRST_ITEMS: Final[Mapping[str, tuple[str, ...]]] = {
    "fonts": ('<{p}font><{p}sz val="11"/><{p}name val="Calibri"/></{p}font>',),
    "fills": (
        '<{p}fill><{p}patternFill patternType="none"/></{p}fill>',
        '<{p}fill><{p}patternFill patternType="gray125"/></{p}fill>',
    ),
    "borders": ("<{p}border><{p}left/><{p}right/><{p}top/><{p}bottom/><{p}diagonal/></{p}border>",),
    "cellXfs": ('<{p}xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',),
}
"""What a list begins with when the workbook lacks it: the items that have a fixed meaning."""
_NO_FONT: Final = meaning.font(parse_tree(_FIRST_ITEMS["fonts"][0].format(p="").encode()))
"""What cells are written in when the workbook has no fonts."""
_ITEMS: Final[Mapping[str, str]] = {
    "numFmts": "numFmt",
    "fonts": "font",
    "fills": "fill",
    "borders": "border",
    "cellStyleXfs": "xf",
    "cellXfs": "xf",
    "dxfs": "dxf",
}


@dataclass(frozen=True, slots=True)
class Look:
    """What a cell format means, whatever the numbers of its pieces are."""

    number: str
    """A code, or `#14` for a built-in format whose code depends on the edition of Excel."""
    font: Shape | None
    """None for the font of the workbook."""
    fill: Shape
    border: Shape
    alignment: Flat
    protection: Flat
    quoted: bool


@dataclass(frozen=True, slots=True)
class Dress:
    """What a cell of the target keeps of its format when it gets another: pieces, by their names in `Look`."""

    style: int
    pieces: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stylebook:
    """A styles part, its lists and what their items mean."""

    data: bytes = field(repr=False)
    root: Element = field(repr=False)
    lists: Mapping[str, tuple[Element, ...]] = field(repr=False)
    codes: Mapping[int, str] = field(repr=False)
    """The workbook's own number formats; some stand below 164, in place of built-in ones."""
    fonts: tuple[Shape, ...] = field(repr=False)
    fills: tuple[Shape, ...] = field(repr=False)
    borders: tuple[Shape, ...] = field(repr=False)

    @staticmethod
    def of(package: Package) -> Stylebook:
        parts = package.related(package.workbook.part, "styles")
        if not parts:
            return Stylebook.parse(NO_STYLES)
        return Stylebook.parse(package.xml(parts[0]), package.file, parts[0])

    @staticmethod
    def parse(data: bytes, file: str = "", part: str = "") -> Stylebook:
        root = parse_tree(data, file, part)
        lists: dict[str, tuple[Element, ...]] = {}
        for holder, item in _ITEMS.items():
            found = root.child(holder)
            lists[holder] = found.all(item) if found is not None else ()
        codes = {
            int(e.get("numFmtId")): e.get("formatCode")
            for e in lists["numFmts"]
            if e.get("numFmtId").isdecimal()
        }
        return Stylebook(
            *(data, root, lists, codes),
            fonts=tuple(meaning.font(e) for e in lists["fonts"]) or (_NO_FONT,),
            fills=tuple(meaning.fill(e) for e in lists["fills"]),
            borders=tuple(meaning.border(e) for e in lists["borders"]),
        )

    @property
    def size(self) -> int:
        """How many cell formats there are."""
        return len(self.lists["cellXfs"])

    def number_code(self, number: int) -> str:
        """The meaning of a number format: its code, or `#` and its number."""
        code = self.codes.get(number)
        if code is not None:
            return code
        return BUILT_IN_FORMATS[number] if number in _SAME_EVERYWHERE else f"#{number}"

    def look(self, index: int) -> Look:
        """What a cell format means; the first one for an index that the list does not hold."""
        formats = self.lists["cellXfs"]
        return self.look_of(formats[index] if 0 <= index < len(formats) else formats[0])

    def look_of(self, xf: Element) -> Look:
        font = _item(self.fonts, index_in(xf, "fontId"), meaning.font(None))
        return Look(
            number=self.number_code(index_in(xf, "numFmtId")),
            font=None if font == self.usual_font else font,
            fill=_item(self.fills, index_in(xf, "fillId"), meaning.fill(None)),
            border=_item(self.borders, index_in(xf, "borderId"), meaning.border(None)),
            alignment=meaning.flat(xf.child("alignment")),
            protection=meaning.flat(xf.child("protection")),
            quoted=xf.get("quotePrefix") in _TRUE,
        )

    @property
    def usual_font(self) -> Shape:
        """The font of cells without a format."""
        return _item(self.fonts, 0, meaning.font(None))

    @property
    def normal(self) -> int | None:
        """The index of the base format of cells; None when the workbook has no base formats."""
        if not self.lists["cellStyleXfs"]:
            return None
        holder = self.root.child("cellStyles")
        for style in holder.all("cellStyle") if holder is not None else ():
            if style.get("builtinId") == "0":
                found = index_in(style, "xfId")
                return found if found < len(self.lists["cellStyleXfs"]) else 0
        return 0

    def plain_look(self, xf: Element) -> Look | None:
        """The look of a format that nothing but itself decides on; None for one that a named style may change.

        Programs differ in what they do where a format does not say that it applies a piece of its own, and
        its base has another.
        """
        normal = self.normal
        base_index = index_in(xf, "xfId")
        if normal is not None and base_index != normal:
            return None
        look = self.look_of(xf)
        if normal is None:
            return look
        base = self.look_of(self.lists["cellStyleXfs"][normal])
        for flag, own, inherited in (
            ("applyNumberFormat", look.number, base.number),
            ("applyFont", look.font, base.font),
            ("applyFill", look.fill, base.fill),
            ("applyBorder", look.border, base.border),
            ("applyAlignment", look.alignment, base.alignment),
            ("applyProtection", look.protection, base.protection),
        ):
            if own != inherited and xf.get(flag) not in _TRUE:
                return None
        return look


def index_in(element: Element, name: str) -> int:
    """An index that an element states; 0 when it states none."""
    return int(element.get(name)) if element.get(name).isdecimal() else 0


def _item(items: tuple[Shape, ...], index: int, default: Shape) -> Shape:
    return items[index] if index < len(items) else default


class AppendedStyles:
    """Formats of `scratch` in `target`, appended where it has none that looks the same."""

    def __init__(self, target: Stylebook, scratch: Stylebook, file: str = "") -> None:
        self._target = target
        self._scratch = scratch
        self._file = file
        self._added: dict[str, list[bytes]] = {}
        self._styles: dict[tuple[int, Dress | None], int] = {(0, None): 0}
        self._dxfs: dict[int, int] = {}
        self._looks: dict[Look, int] | None = None
        self._differentials: dict[Shape, int] | None = None
        self._fonts = _first(target.fonts)
        self._fills = _first(target.fills or (meaning.fill(None),))
        self._borders = _first(target.borders or (meaning.border(None),))
        self._numbers: dict[str, int] = {}
        for number in (*target.codes, *_SAME_EVERYWHERE):
            self._numbers.setdefault(target.number_code(number), number)

    def style(self, index: int, dress: Dress | None = None) -> int:
        """The cell format of the target that looks like the scratch's, but for what a cell keeps. The first one is
        the workbook's own look, which cells without a format have, and stays that."""
        found = self._styles.get((index, dress))
        if found is None:
            found = self._styles[index, dress] = self._style(index, dress)
        return found

    def _style(self, index: int, dress: Dress | None) -> int:
        if not 0 <= index < self._scratch.size:
            raise ValueError(f"the scratch workbook has no cell format {index}")
        if self._looks is None:
            self._looks = {}
            for number, xf in enumerate(self._target.lists["cellXfs"]):
                there = self._target.plain_look(xf)
                if there is not None:
                    self._looks.setdefault(there, number)
        look = self._scratch.look(index)
        if look.font == self._target.usual_font:
            look = replace(look, font=None)
        if dress is not None:
            worn = self._target.look(dress.style)
            look = replace(look, **{name: getattr(worn, name) for name in dress.pieces})
        if look not in self._looks:
            self._looks[look] = self._append(
                "cellXfs", self._format(look, self._scratch.lists["cellXfs"][index])
            )
            if self._looks[look] >= _MOST_FORMATS:
                raise Refusal.FULL.error(self._file, things=say("cell formats"))
        return self._looks[look]

    def _format(self, look: Look, xf: Element) -> bytes:
        """The bytes of a format; it says of every piece that it applies, so that no base format decides."""
        p = self._target.root.prefix
        lists = self._scratch.lists
        numbers = {
            "numFmtId": self._number(look.number),
            "fontId": 0 if look.font is None else self._piece("fonts", self._fonts, look.font, lists, xf),
            "fillId": self._piece("fills", self._fills, look.fill, lists, xf),
            "borderId": self._piece("borders", self._borders, look.border, lists, xf),
        }
        normal = self._target.normal
        if normal is not None:
            numbers["xfId"] = normal
        if look.quoted:
            numbers["quotePrefix"] = 1
        for name in ("NumberFormat", "Font", "Fill", "Border", "Alignment", "Protection"):
            numbers[f"apply{name}"] = 1
        head = f"<{p}xf" + "".join(f' {name}="{number}"' for name, number in numbers.items())
        inside = "".join(
            f"<{p}{name}" + "".join(f' {k}="{v}"' for k, v in said) + "/>"
            for name, said in (("alignment", look.alignment), ("protection", look.protection))
            if said
        )
        return (f"{head}>{inside}</{p}xf>" if inside else f"{head}/>").encode()

    def _piece(
        self,
        holder: str,
        known: dict[Shape, int],
        shape: Shape,
        lists: Mapping[str, tuple[Element, ...]],
        xf: Element,
    ) -> int:
        if shape not in known:
            element = lists[holder][index_in(xf, _ITEMS[holder] + "Id")]
            known[shape] = self._append(holder, meaning.written(element, self._target.root.prefix))
        return known[shape]

    def _number(self, code: str) -> int:
        found = self._numbers.get(code)
        if found is not None:
            return found
        if code.startswith("#") and code[1:].isdecimal():
            built_in = int(code[1:])
            if built_in not in self._target.codes:
                return built_in
            code = BUILT_IN_FORMATS.get(built_in, "General")
            if code in self._numbers:
                return self._numbers[code]
        number = self._free_number()
        self._numbers[code] = number
        p = self._target.root.prefix.encode()
        self._append("numFmts", b'<%bnumFmt numFmtId="%d" formatCode="%b"/>' % (p, number, escaped(code)))
        return number

    def _free_number(self) -> int:
        used = [index_in(xf, "numFmtId") for xf in self._target.lists["cellXfs"]]
        return max(_FIRST_CUSTOM - 1, *self._target.codes, *used, *self._numbers.values()) + 1

    def dxf(self, index: int) -> int:
        """The differential format of the target that looks like the scratch's."""
        found = self._dxfs.get(index)
        if found is None:
            found = self._dxfs[index] = self._dxf(index)
        return found

    def _dxf(self, index: int) -> int:
        if not 0 <= index < len(self._scratch.lists["dxfs"]):
            raise ValueError(f"the scratch workbook has no differential format {index}")
        if self._differentials is None:
            self._differentials = _first(tuple(meaning.differential(e) for e in self._target.lists["dxfs"]))
        element = self._scratch.lists["dxfs"][index]
        shape = meaning.differential(element)
        if shape not in self._differentials:
            p = self._target.root.prefix
            pieces = []
            for child in element.children:
                if child.local == "numFmt":
                    number = str(self._number(child.get("formatCode")))
                    pieces.append(meaning.written(child, p, {"numFmtId": number}))
                elif child.local != "extLst":
                    pieces.append(meaning.written(child, p))
            whole = f"<{p}dxf>".encode() + b"".join(pieces) + f"</{p}dxf>".encode()
            self._differentials[shape] = self._append("dxfs", whole)
        return self._differentials[shape]

    def _append(self, holder: str, item: bytes) -> int:
        """The index of an item put behind the list's last one."""
        there = len(self._target.lists[holder])
        added = self._added.setdefault(holder, [])
        if not there and not added:
            p = self._target.root.prefix
            added += [first.format(p=p).encode() for first in _FIRST_ITEMS.get(holder, ())]
        added.append(item)
        return there + len(added) - 1

    @property
    def changed(self) -> bool:
        return bool(self._added)

    def edits(self) -> tuple[Replacement, ...]:
        """What changes in the target's styles part."""
        root, data = self._target.root, self._target.data
        edits: list[Replacement] = []
        sections: list[bytes] = []
        for holder in sorted(self._added, key=STYLES_ORDER.index):
            items = self._added[holder]
            element = root.child(holder)
            if element is not None:
                count = len(self._target.lists[holder]) + len(items)
                edits += attribute_edits(data, element, {"count": str(count)})
                edits.append(last_child(element, b"".join(items)))
                continue
            tag = f"{root.prefix}{holder}".encode()
            whole = b'<%b count="%d">%b</%b>' % (tag, len(items), b"".join(items), tag)
            if root.open_end == root.end:
                sections.append(whole)
            else:
                edits.append(in_order(root, STYLES_ORDER, holder, whole))
        if sections:
            edits.append(last_child(root, b"".join(sections)))
        return tuple(edits)


def _first(shapes: tuple[Shape, ...]) -> dict[Shape, int]:
    """Each look's first index."""
    found: dict[Shape, int] = {}
    for index, shape in enumerate(shapes):
        found.setdefault(shape, index)
    return found
