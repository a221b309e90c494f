"""A small XML tree in which every element knows its bytes.

Knows where each element, its tags and its attribute values begin and end, so that a part can be changed by
splicing instead of being serialised anew; refuses document types, entities and absurd nesting. Knows
encodings: UTF-8 with or without mark, UTF-16, Latin-1 and others. Does not know what any element means.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, TypeAlias
from xml.parsers import expat

from crmsheet.messages import say
from crmsheet.opc.limits import LIMITS, Limits
from crmsheet.opc.refusals import Refusal
from crmsheet.patterns import regex
from crmsheet.structs import dataclass, field

TAG_END: Final = regex(rb"""(?:[^>"']|"[^"]*"|'[^']*')*>""")
"""From inside a start tag up to and including its end."""
ATTRIBUTE: Final = regex(rb"""\s([^\s=>/"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_DECLARED: Final = regex(rb"""^(<\?xml[^>]*?\sencoding\s*=\s*["'])([A-Za-z0-9._-]+)(["'])""")
_USUAL: Final = b'<?xml version="1.0" encoding="UTF-8"'
"""How nearly every part begins."""
_ENTITIES: Final = (("&gt;", ">"), ("&lt;", "<"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
_NO_CHARACTERS: Final = bytes(sorted(set(range(32)) - {9, 10, 13}))
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Element:
    """An element and the spans of its bytes.

    `attributes` holds plain attributes by name and prefixed ones as `:local`, so that `r:id` is `":id"`
    whatever the prefix is and whichever edition of the standard the namespace belongs to.
    """

    name: str
    """As written, with its prefix."""
    local: str
    namespace: str
    attributes: Mapping[str, str]
    text: str
    """The characters directly inside, children's left out."""
    children: tuple[Element, ...]
    start: int
    open_end: int
    """Just behind the start tag; the element is empty (`<a/>`) when this is `end`."""
    close_start: int
    end: int

    @property
    def prefix(self) -> str:
        """`x:` of `x:row`; empty without one."""
        return self.name[: -len(self.local)]

    def get(self, attribute: str, default: str = "") -> str:
        return self.attributes.get(attribute, default)

    def child(self, local: str) -> Element | None:
        """The first child of that local name."""
        return next((c for c in self.children if c.local == local), None)

    def all(self, local: str) -> tuple[Element, ...]:
        """The children of that local name."""
        return tuple(c for c in self.children if c.local == local)

    def at(self, *path: str) -> Element | None:
        """The element reached by first children of these local names."""
        found: Element | None = self
        for local in path:
            found = found.child(local) if found is not None else None
        return found

    def walk(self) -> Iterator[Element]:
        """The element and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


def attribute_span(data: bytes, element: Element, name: str) -> tuple[int, int] | None:
    """Where the value of an attribute stands, without its quotes; `name` as written."""
    wanted = name.encode()
    for match in ATTRIBUTE.finditer(data, element.start, element.open_end):
        if match.group(1) == wanted:
            return match.span(2) if match.group(2) is not None else match.span(3)
    return None


def attribute_whole_span(data: bytes, element: Element, name: str) -> tuple[int, int] | None:
    """Where an attribute stands with the space before it."""
    wanted = name.encode()
    for match in ATTRIBUTE.finditer(data, element.start, element.open_end):
        if match.group(1) == wanted:
            return match.span()
    return None


def escaped(text: str) -> bytes:
    """Text as it may stand between tags or inside `"`."""
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("\r", "&#13;")
        .encode()
    )


def attribute_text(raw: bytes) -> str:
    """The value of an attribute from its bytes; only character references and XML's own entities."""
    text = raw.decode()
    if "&" not in text:
        return text
    if "&#" in text:
        text = re.sub(r"&#(x[0-9A-Fa-f]+|[0-9]+);", _character, text)
    return unescaped(text)


def unescaped(text: str) -> str:
    """Text without XML's own entities. (The standard library's would bring its client for web addresses along.)"""
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


def _character(match: re.Match[str]) -> str:
    digits = match.group(1)
    code = int(digits[1:], 16) if digits[0] == "x" else int(digits)
    return chr(code) if code <= 0x10FFFF else "�"


def as_utf8(data: bytes, file: str = "", part: str = "") -> bytes:
    """The part in UTF-8: the very bytes when it is UTF-8 already (its mark kept), else transcoded."""
    mark, encoding = next(((m, e) for m, e in _MARKS if data.startswith(m)), (b"", ""))
    if not encoding:
        if data[:2] == b"<\0":
            encoding = "utf-16-le"
        elif data[:2] == b"\0<":
            encoding = "utf-16-be"
        elif data.startswith(_USUAL):
            encoding = "utf-8"
        else:
            declared = _DECLARED.match(data)
            encoding = declared.group(2).decode().lower() if declared else "utf-8"
    if encoding in ("utf-8", "utf8", "us-ascii", "ascii"):
        _check_utf8(data, file, part)
        _check_runs(data, file, part)
        return data
    try:
        text = data[len(mark) :].decode(encoding)
    except (LookupError, UnicodeError) as problem:
        raise Refusal.ENCODING.error(file, part, say("It says {encoding}.", encoding=encoding)) from problem
    converted = _DECLARED.sub(rb"\g<1>UTF-8\g<3>", text.encode())
    _check_runs(converted, file, part)
    return converted


def _check_runs(data: bytes, file: str, part: str) -> None:
    """Refuse tags, texts and comments of absurd length before anything makes a string of them."""
    for at in range(0, len(data) - LIMITS.run_bytes, LIMITS.run_bytes):
        if data.find(b">", at, at + LIMITS.run_bytes) < 0:
            raise Refusal.TOO_DEEP.error(
                file,
                part,
                say("A tag, text or comment has more than {run_bytes:,} bytes.", run_bytes=LIMITS.run_bytes),
            )


def _check_utf8(data: bytes, file: str, part: str) -> None:
    """Bytes that are UTF-8 and hold no character that XML has not; looked at piece by piece."""
    decoder = None if data.isascii() else codecs.getincrementaldecoder("utf-8")()
    for at in range(0, len(data), 2**20):
        piece = data[at : at + 2**20]
        if len(piece.translate(None, _NO_CHARACTERS)) != len(piece):
            raise Refusal.DAMAGED.error(file, part, say("It holds a control character."))
        if decoder is None:
            continue
        try:
            decoder.decode(piece, final=at + 2**20 >= len(data))
        except UnicodeDecodeError as problem:
            raise Refusal.ENCODING.error(file, part, say("It says UTF-8 but is not.")) from problem


_SMALL: Final = 2**16
"""Bytes of a part whose tree is worth being remembered."""
_Open: TypeAlias = tuple[str, str, str, dict[str, str], int, int, bool, list[str], list[Element]]
"""An element whose end was not seen yet: name as written, local name, namespace, attributes, where its start tag begins
and ends, whether that is all of it, its texts and children."""


def new_parser(file: str, part: str, *, namespaces: bool) -> expat.XMLParserType:
    """An expat parser that refuses document types and entities."""
    parser = expat.ParserCreate("UTF-8", "\n") if namespaces else expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def refuse(*_: object) -> None:
        raise Refusal.DOCTYPE.error(file, part)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = lambda *_: 0
    return parser


def run_parser(parser: expat.XMLParserType, data: bytes, file: str, part: str) -> None:
    """Parse all of it; malformed XML is a damaged workbook."""
    try:
        parser.Parse(data, True)
    except expat.ExpatError as problem:
        if b"<!DOCTYPE" in data[:4096]:
            raise Refusal.DOCTYPE.error(file, part) from problem
        raise Refusal.DAMAGED.error(file, part, say("XML: {problem}.", problem=problem)) from problem


def parse_tree(
    data: bytes,
    file: str = "",
    part: str = "",
    *,
    cut: tuple[int, int] | None = None,
    limits: Limits = LIMITS,
) -> Element:
    """The tree of a part in UTF-8 (`as_utf8`).

    With `cut` the bytes between two offsets are left out (the rows of a sheet); the spans of all elements
    still refer to `data` as it is.
    """
    if cut is None:
        return _tree(data, len(data) + 1, 0, _Place(file, part), limits)
    return parse_around(data[: cut[0]], data[cut[1] :], cut, file, part, limits=limits)


def parse_around(
    head: bytes, tail: bytes, cut: tuple[int, int], file: str = "", part: str = "", *, limits: Limits = LIMITS
) -> Element:
    """The same of a part of which only what stands before and behind the bytes left out is at hand."""
    return _tree(head + tail, cut[0], cut[1] - cut[0], _Place(file, part), limits)


def _tree(seen: bytes, turn: int, gone: int, place: _Place, limits: Limits) -> Element:
    """The tree of these bytes, of which `gone` were left out at `turn`."""
    file, part = place.file, place.part
    if len(seen) > limits.tree_bytes:
        raise Refusal.TOO_LARGE.error(file, part, say("It holds {count:,} bytes.", count=len(seen) + gone))
    if seen.count(b"<") - seen.count(b"</") > limits.tree_elements:
        # Counted before anything is made of it; comments count too, no program writes so many.
        raise Refusal.TOO_DEEP.error(
            file,
            part,
            say("It has more than {tree_elements:,} elements.", tree_elements=limits.tree_elements),
        )
    if len(seen) > _SMALL:
        return _parsed(seen, turn, gone, limits.depth, place)
    return _known_parsed(seen, turn, gone, limits.depth, place)


@dataclass(frozen=True, slots=True)
class _Place:
    """What an error names; the tree of the same bytes is the same wherever they stand."""

    file: str = field(compare=False)
    part: str = field(compare=False)


def _parsed(seen: bytes, turn: int, gone: int, depth: int, place: _Place) -> Element:
    """The tree of these bytes, of which `gone` were left out at `turn`."""
    parser = new_parser(place.file, place.part, namespaces=True)
    parser.namespace_prefixes = True
    stack: list[_Open] = []
    roots: list[Element] = []
    tag_end = TAG_END.match

    def start(name: str, attributes: list[str]) -> None:
        if len(stack) >= depth:
            raise Refusal.TOO_DEEP.error(place.file, place.part)
        at = parser.CurrentByteIndex
        match = tag_end(seen, at)
        behind = match.end() if match else len(seen)
        namespace, local, written = _split(name)
        named: dict[str, str] = {}
        pairs = iter(attributes)
        for key in pairs:
            space, own, _ = _split(key)
            named[":" + own if space else own] = next(pairs)
        is_empty = seen.startswith(b"/", behind - 2)
        stack.append((written, local, namespace, named, at, behind, is_empty, [], []))

    def text(characters: str) -> None:
        if stack:
            stack[-1][7].append(characters)

    def end(_: str) -> None:
        written, local, namespace, named, opened, open_end, is_empty, texts, children = stack.pop()
        if is_empty:
            close_start = behind = open_end
        else:
            close_start = parser.CurrentByteIndex
            behind = seen.index(b">", close_start) + 1
        if gone:
            # A tag that ends where the cut begins ends before it.
            close_start = (
                _moved(close_start - 1, turn, gone) + 1 if is_empty else _moved(close_start, turn, gone)
            )
            opened, open_end = _moved(opened, turn, gone), _moved(open_end - 1, turn, gone) + 1
            behind = _moved(behind - 1, turn, gone) + 1
        element = Element(
            written,
            local,
            namespace,
            named,
            "".join(texts),
            tuple(children),
            opened,
            open_end,
            close_start,
            behind,
        )
        (stack[-1][8] if stack else roots).append(element)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.ordered_attributes = True
    run_parser(parser, seen, place.file, place.part)
    return roots[0]


_known_parsed = lru_cache(maxsize=128)(_parsed)
"""One run opens a package several times, most parts of which are the same each time."""


def _moved(offset: int, turn: int, gone: int) -> int:
    return offset if offset < turn else offset + gone


@lru_cache(maxsize=2048)
def _split(name: str) -> tuple[str, str, str]:
    """(namespace, local name, name as written) of a name as expat gives it."""
    pieces = name.split("\n")
    match pieces:
        case [local]:
            return "", local, local
        case [namespace, local]:
            return namespace, local, local
        case _:
            return pieces[0], pieces[1], f"{pieces[2]}:{pieces[1]}"
