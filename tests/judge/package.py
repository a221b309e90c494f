"""An .xlsx package as an outsider reads it: parts, relationships, sheets, cells; with lxml.

Knows the package format well enough to judge it, tolerates prefixes, strict namespaces, backslashes in
member names and cells without `r`. Shares no code with crmsheet, so that one mistake cannot hide another.
Does not know what crmsheet puts into a workbook, and never writes.
"""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote

from lxml import etree

Element: TypeAlias = Any
"""An lxml element (lxml ships no types)."""

_PARSER_OPTIONS = {"resolve_entities": False, "no_network": True, "huge_tree": True}
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")


@dataclass(frozen=True, slots=True)
class CellError:
    """An error value, kept apart from text that merely looks like one."""

    code: str


Value: TypeAlias = bool | float | str | CellError | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One `<c>`; `text` is the raw `<v>`, `value` what it means, `formula` None when there is no `<f>`.

    `shared` is the index of a shared formula (its dependants have no text), `array` an array formula's area.
    """

    ref: str
    row: int
    column: int
    kind: str
    style: int
    formula: str | None
    text: str | None
    value: Value
    shared: str = ""
    array: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One `<sheet>` of the workbook part, with the part it leads to."""

    name: str
    state: str
    part: str
    kind: str
    sheet_id: str


@dataclass(frozen=True, slots=True)
class Relationship:
    """One relationship; `target` is a part name unless `external`."""

    rid: str
    kind: str
    target: str
    external: bool


def parse(data: bytes) -> Element:
    """The root element of a part."""
    return etree.fromstring(data, etree.XMLParser(**_PARSER_OPTIONS))


def local(element: Element) -> str:
    """An element's name without its namespace; comments and processing instructions have none."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def namespace(element: Element) -> str:
    """An element's namespace."""
    return str(etree.QName(element).namespace or "") if isinstance(element.tag, str) else ""


def children(element: Element, name: str) -> list[Element]:
    """The direct children of that local name."""
    return [child for child in element if local(child) == name]


def child(element: Element, name: str) -> Element:
    """The first direct child of that local name, or None."""
    return next((found for found in element if local(found) == name), None)


def items(element: Element, name: str) -> list[Element]:
    """The children of the first direct child of that local name (`fonts`, `mergeCells`); often none."""
    found = child(element, name)
    return [] if found is None else [item for item in found if local(item)]


def descendants(element: Element, name: str) -> list[Element]:
    """All descendants of that local name, in whatever namespace."""
    return list(element.iter("{*}" + name))


def relation(element: Element, name: str = "id") -> str | None:
    """The value of an attribute of the relationships namespace (`r:id`)."""
    for key, value in element.attrib.items():
        if key.endswith("relationships}" + name):
            return str(value)
    return None


def unescape(text: str) -> str:
    """Text with OOXML's `_xHHHH_` escapes resolved."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def rich_text(element: Element) -> str:
    """The text of an `<si>` or `<is>`: its runs together, without phonetic hints."""
    if len(element) == 1 and local(element[0]) == "t":
        return unescape(str(element[0].text or ""))
    parts = [
        str(found.text or "")
        for found in element.iter("{*}t")
        if all(local(parent) != "rPh" for parent in found.iterancestors())
    ]
    return unescape("".join(parts))


@cache
def column_number(letters: str) -> int:
    """1 for A."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """A for 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_position(ref: str) -> tuple[int, int]:
    """(row, column), both from 1, of an A1 reference; dollars are ignored."""
    found = _CELL.fullmatch(ref)
    if found is None:
        raise ValueError(f"not a cell reference: {ref!r}")
    return int(found[2]), column_number(found[1])


def area(ref: str) -> tuple[int, int, int, int]:
    """(first row, first column, last row, last column) of `A1` or `A1:B2`."""
    first, _, last = ref.partition(":")
    top, left = cell_position(first)
    bottom, right = cell_position(last or first)
    return top, left, bottom, right


def serial(iso: str) -> float:
    """The serial number of an ISO date or date-time (`t="d"`)."""
    moment = dt.datetime.fromisoformat(iso if "-" in iso else f"1899-12-30T{iso}").replace(tzinfo=None)
    delta = moment - dt.datetime(1899, 12, 30)  # noqa: DTZ001 - cells know no time zones
    return delta.days + delta.seconds / 86400


class Package:
    """A workbook opened for judging; every answer is computed from the bytes when asked."""

    def __init__(self, source: Path | bytes) -> None:
        stream: Path | io.BytesIO = io.BytesIO(source) if isinstance(source, bytes) else source
        with zipfile.ZipFile(stream) as archive:
            self.members: Mapping[str, bytes] = {
                entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()
            }
        self._by_name = {name.replace("\\", "/").lower(): name for name in self.members}

    def has(self, part: str) -> bool:
        """Whether a part of that name exists (names compare without case)."""
        return part.lower() in self._by_name

    def read(self, part: str) -> bytes:
        """A part's bytes."""
        return self.members[self._by_name[part.lower()]]

    def root(self, part: str) -> Element:
        """A part's root element, parsed anew."""
        return parse(self.read(part))

    @property
    def parts(self) -> tuple[str, ...]:
        """All part names with forward slashes, in archive order."""
        return tuple(name.replace("\\", "/") for name in self.members)

    @staticmethod
    def relationships_part(part: str) -> str:
        """The name of the part that holds a part's relationships (`""` is the package)."""
        folder, name = posixpath.split(part)
        return posixpath.join(folder, "_rels", name + ".rels")

    def relationships(self, part: str) -> tuple[Relationship, ...]:
        """The relationships of a part, targets resolved to part names."""
        name = self.relationships_part(part)
        if not self.has(name):
            return ()
        found = []
        for element in children(self.root(name), "Relationship"):
            external = element.get("TargetMode") == "External"
            target = str(element.get("Target", ""))
            external = external or target.startswith("#")
            if not external:
                target = self._resolve(part, target)
            kind = str(element.get("Type", "")).rsplit("/", 1)[-1]
            found.append(Relationship(str(element.get("Id", "")), kind, target, external))
        return tuple(found)

    def _resolve(self, part: str, target: str) -> str:
        target = unquote(target.replace("\\", "/")).partition("#")[0]
        if target.startswith("/"):
            return target.lstrip("/")
        return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))

    def target(self, part: str, rid: str | None) -> str | None:
        """The part that relationship `rid` of `part` leads to."""
        for found in self.relationships(part):
            if found.rid == rid and not found.external:
                return found.target
        return None

    def related(self, part: str, kind: str) -> tuple[str, ...]:
        """The internal targets of a part's relationships of one kind (`drawing`, `table`, ...)."""
        return tuple(
            found.target
            for found in self.relationships(part)
            if found.kind == kind and not found.external and self.has(found.target)
        )

    @cached_property
    def workbook_part(self) -> str:
        """The workbook part, found by relationship."""
        found = self.related("", "officeDocument")
        if not found:
            raise ValueError("the package has no workbook part")
        return found[0]

    @cached_property
    def workbook(self) -> Element:
        """The root of the workbook part."""
        return self.root(self.workbook_part)

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """All sheets, in their order; chart and dialog sheets included."""
        leads = {found.rid: found for found in self.relationships(self.workbook_part)}
        found = []
        for element in descendants(self.workbook, "sheet"):
            lead = leads.get(relation(element) or "")
            found.append(
                Sheet(
                    name=str(element.get("name", "")),
                    state=str(element.get("state", "visible")),
                    part=lead.target if lead is not None else "",
                    kind=lead.kind if lead is not None else "",
                    sheet_id=str(element.get("sheetId", "")),
                )
            )
        return tuple(found)

    @property
    def worksheets(self) -> tuple[Sheet, ...]:
        """The sheets that have cells."""
        return tuple(sheet for sheet in self.sheets if sheet.kind == "worksheet" and self.has(sheet.part))

    def sheet(self, name: str) -> Sheet:
        """The worksheet of that name."""
        return next(sheet for sheet in self.worksheets if sheet.name == name)

    @cached_property
    def shared_strings(self) -> tuple[str, ...]:
        """The shared strings, by index."""
        found = self.related(self.workbook_part, "sharedStrings")
        if not found:
            return ()
        return tuple(rich_text(element) for element in children(self.root(found[0]), "si"))

    @cached_property
    def names(self) -> Mapping[tuple[str, str], str]:
        """Defined names: (sheet index or "", name) to the formula text."""
        return {
            (str(element.get("localSheetId", "")), str(element.get("name", ""))): str(element.text or "")
            for element in descendants(self.workbook, "definedName")
        }

    def cells(self, sheet: Sheet) -> Iterator[Cell]:
        """Every `<c>` of a sheet in document order, read as a stream."""
        row, column = 0, 0
        stream = etree.iterparse(
            io.BytesIO(self.read(sheet.part)),
            events=("start", "end"),
            tag=("{*}row", "{*}c"),
            **_PARSER_OPTIONS,
        )
        for event, element in stream:
            if local(element) == "row":
                if event == "start":
                    row, column = int(element.get("r") or row + 1), 0
                else:
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
            elif event == "end":
                column += 1
                if element.get("r"):
                    row, column = cell_position(element.get("r"))
                yield self._cell(element, row, column)

    def _cell(self, element: Element, row: int, column: int) -> Cell:
        formula: str | None = None
        shared = array = ""
        text: str | None = None
        value: Value = None
        kind = str(element.get("t", "n"))
        for part in element:
            match local(part):
                case "f":
                    formula = str(part.text or "")
                    shared = str(part.get("si", "")) if part.get("t") == "shared" else ""
                    array = str(part.get("ref", "")) if part.get("t") in ("array", "dataTable") else ""
                case "v":
                    text = str(part.text or "")
                case "is":
                    value = rich_text(part)
        if text is not None:
            value = self._value(kind, text)
        return Cell(
            ref=f"{column_letters(column)}{row}",
            row=row,
            column=column,
            kind=kind,
            style=int(element.get("s", 0)),
            formula=formula,
            text=text,
            value=value,
            shared=shared,
            array=array,
        )

    def _value(self, kind: str, text: str) -> Value:
        match kind:
            case "s":
                return self.shared_strings[int(text)]
            case "b":
                return text.strip() in ("1", "true")
            case "e":
                return CellError(text)
            case "str" | "inlineStr":
                return unescape(text)
            case "d":
                return serial(text)
            case _:
                return float(text) if text.strip() else None
