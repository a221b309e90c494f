"""The shared strings of a workbook, as plain text.

Knows rich text (its runs are joined) and phonetic guides (they are left out). Parsed on first use.
Does not write: strings of ours stand in the cells themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from crmsheet.excel.escaping import x_unescaped
from crmsheet.opc.limits import LIMITS
from crmsheet.opc.package import Package
from crmsheet.opc.refusals import Refusal
from crmsheet.opc.xmltree import TAG_END, Element, attribute_text, parse_tree
from crmsheet.patterns import regex
from crmsheet.structs import dataclass, field

_ODD_AT_ONCE: Final = 5_000
_PREFIX: Final = regex(rb"<(?:([^\s<>/:\"'=?!]+):)?sst[\s/>]")


@dataclass(frozen=True, slots=True)
class SharedStrings:
    """A list of texts; `part` is empty when the workbook has none."""

    package: Package = field(repr=False)
    part: str
    _cache: list[tuple[str, ...]] = field(default_factory=list, repr=False, compare=False)

    @staticmethod
    def of(package: Package) -> SharedStrings:
        parts = package.related(package.workbook.part, "sharedStrings")
        return SharedStrings(package, parts[0] if parts else "")

    @property
    def texts(self) -> tuple[str, ...]:
        if not self._cache:
            found: tuple[str, ...] = ()
            if self.part:
                found = parse_shared_strings(self.package.xml(self.part), self.package.file, self.part)
            self._cache.append(found)
        return self._cache[0]


def parse_shared_strings(data: bytes, file: str = "", part: str = "") -> tuple[str, ...]:
    """The texts of a shared strings part in UTF-8."""
    head = _PREFIX.search(data)
    if head is None or b"<!" in data or data.find(b"<?", 5) >= 0:
        return _from_tree(data, file, part)
    p = re.escape(head.group(1) + b":") if head.group(1) else b""
    item = re.compile(
        rb"<%bsi><%bt(?: xml:space=\"preserve\")?>([^<]*)</%bt></%bsi>" % (p, p, p, p)
        + rb"|(<%bsi(?:\s[^>]*)?(?:/>|>.*?</%bsi>))" % (p, p),
        re.DOTALL,
    )
    # A rich text as programs write it: runs of properties, which are empty elements, and a text.
    rich = re.compile(
        rb"<%bsi>(?:<%br>(?:<%brPr>(?:<[^<>]*/>)*</%brPr>)?<%bt(?: [^<>]*)?>[^<]*</%bt></%br>)+</%bsi>"
        % ((p,) * 8)
    )
    run = re.compile(rb"<%bt(?: [^<>]*)?>([^<]*)</%bt>" % (p, p))
    root = TAG_END.match(data, head.start())
    if root is None or _has_open_end(data, head.group(1) or b""):
        return _from_tree(data, file, part)
    # Below the root's own start tag, so that every prefix is declared.
    opened = data[head.start() : root.end()]
    closed = b"</" + (head.group(1) + b":" if head.group(1) else b"") + b"sst>"
    texts: list[str] = []
    odd_items: list[tuple[int, bytes]] = []

    def settle() -> None:
        tree = parse_tree(opened + b"".join(raw for _, raw in odd_items) + closed, file, part)
        for (index, _), element in zip(odd_items, tree.children, strict=True):
            texts[index] = item_text(element)
        odd_items.clear()

    for match in item.finditer(data, head.start()):
        plain, odd = match.groups()
        if odd is not None and rich.fullmatch(odd):
            texts.append("".join([plain_text(text) for text in run.findall(odd)]))
            continue
        if odd is not None:
            odd_items.append((len(texts), odd))
            if len(odd_items) == _ODD_AT_ONCE:
                texts.append("")
                settle()
                continue
        texts.append("" if odd is not None else plain_text(plain))
    if odd_items:
        settle()
    return tuple(texts)


def _has_open_end(data: bytes, prefix: bytes) -> bool:
    """Whether an item begins behind the last that is closed: a search for its end would go on for ever."""
    tag = prefix + b":si" if prefix else b"si"
    last = data.rfind(b"</" + tag + b">")
    behind = data[max(last, 0) :]
    return behind.count(b"<" + tag) > behind.count(b"<" + tag + b"/>")


def item_at(strings: SharedStrings, index: int) -> bytes:
    """The `<si>` of that number as it is written; empty when it cannot be found by searching."""
    found = next(islice(item_spans(strings), index, None), None)
    return b"" if found is None else strings.package.xml(strings.part)[found[0] : found[1]]


def item_spans(strings: SharedStrings) -> Iterator[tuple[int, int]]:
    """Where each `<si>` stands in the part, in order; none when they cannot be found by searching."""
    data = strings.package.xml(strings.part) if strings.part else b""
    head = _PREFIX.search(data)
    if head is None or b"<!" in data:
        return
    p = re.escape(head.group(1) + b":") if head.group(1) else b""
    item = re.compile(rb"<%bsi(?:\s[^>]*)?(?:/>|>.*?</%bsi\s*>)" % (p, p), re.DOTALL)
    for found in item.finditer(data, head.start()):
        yield found.span()


def emptied(item: bytes) -> bytes:
    """An `<si>` with nothing in it, under the prefix of the one that stands there."""
    prefix = item[1 : item.index(b"si")].decode()
    return f"<{prefix}si><{prefix}t/></{prefix}si>".encode()


def plain_text(raw: bytes) -> str:
    """The text meant by the bytes between two tags."""
    text = attribute_text(raw) if b"&" in raw else raw.decode()
    if "\r" in text and b"\r" in raw:
        # A line end that stands as such reads as one newline (XML 1.0, 2.11); `&#13;` is kept.
        text = attribute_text(raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    return x_unescaped(text)


def item_text(item: Element) -> str:
    """The text of an `<si>` or `<is>`: its `<t>`, or its runs joined; phonetic guides are no text."""
    texts: list[str] = []
    for child in item.children:
        if child.local == "t":
            texts.append(x_unescaped(child.text))
        elif child.local == "r":
            texts.extend(x_unescaped(t.text) for t in child.all("t"))
    return "".join(texts)


def _from_tree(data: bytes, file: str, part: str) -> tuple[str, ...]:
    if len(data) > LIMITS.tree_bytes:
        raise Refusal.TOO_LARGE.error(file, part)
    return tuple(item_text(item) for item in parse_tree(data, file, part).all("si"))
