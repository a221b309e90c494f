"""From the bytes of a spec file to its text.

Knows encodings and how to recognise the wrong ones. Does not know YAML.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from crmsheet.diagnostics import Diagnostic, TextPlace
from crmsheet.messages import say
from crmsheet.spec.codes import Code
from crmsheet.spec.nodes import SourceText

MOST_BYTES: Final = 2 * 1024 * 1024

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
"""What YAML refuses (its production c-printable), and a byte order mark inside the text."""
_SAVE_AS = say("Save the file as UTF-8 (in an editor: Save as, Encoding, UTF-8).")


def decoded(data: bytes, name: str, shown: str) -> SourceText | Diagnostic:
    """The text of a file, or why it cannot be read as one."""
    if len(data) > MOST_BYTES:
        return Diagnostic(
            Code.TOO_LARGE.code,
            say(
                "the file has {count:,} bytes; a spec may have {most_bytes:,}",
                count=len(data),
                most_bytes=MOST_BYTES,
            ),
            TextPlace(shown),
            remedy=say("Is this the spec, or a data file?"),
        )
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return Diagnostic(
            Code.NOT_UTF8.code,
            say("the file is a workbook or an archive, not a spec"),
            TextPlace(shown),
            remedy=say("Name the YAML file; a filled workbook is looked at by  crmsheet check BOOK.xlsx"),
        )
    if encoding := _utf16(data):
        text = data.decode(encoding, errors="replace").lstrip("\ufeff")
        return Diagnostic(
            Code.UTF16.code,
            say("the file is encoded as UTF-16, not UTF-8"),
            _first_line(shown, text),
            remedy=say("{save_as}\nPlain “Unicode” in older editors means UTF-16.", save_as=_SAVE_AS),
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _not_utf8(data, error, shown)
    return SourceText.of(name, shown, text)


def invisible(source: SourceText) -> Diagnostic | None:
    """The first character of a text that YAML refuses, None when there is none."""
    bad = _NOT_TEXT.search(source.text)
    if bad is None:
        return None
    before = SourceText.of(source.name, source.shown, source.text[: bad.start()]).lines
    line, column = len(before) - 1, len(before[-1])
    return Diagnostic(
        Code.CONTROL_CHARACTER.code,
        say("the line contains the invisible character U+{ord:04X}", ord=ord(bad[0])),
        TextPlace(source.shown, line + 1, column + 1, _NOT_TEXT.sub("\u2423", source.lines[line])),
        remedy=say("Write it again without: {sub}", sub=_NOT_TEXT.sub("", source.lines[line]).strip()),
    )


def _utf16(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF32_LE):
        return "utf-32-le"
    if data.startswith(_UTF16_MARKS):
        return "utf-32-be" if data.startswith(codecs.BOM_UTF32_BE) else "utf-16"
    head = data[:64]
    if len(head) > 3 and head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    if len(head) > 3 and head[::2].count(0) > len(head) // 4:
        return "utf-16-be"
    return ""


def _first_line(shown: str, text: str) -> TextPlace:
    return TextPlace(shown, 1, 1, text.splitlines()[0] if text else "")


def _not_utf8(data: bytes, error: UnicodeDecodeError, shown: str) -> Diagnostic:
    before = data[: error.start]
    line = before.count(b"\n")
    start = before.rfind(b"\n") + 1
    end = data.find(b"\n", start)
    raw = data[start : end if end >= 0 else len(data)].rstrip(b"\r")
    column = len(before[start:].decode("utf-8", errors="replace")) + 1
    try:
        data.decode("gb18030")
        excerpt = raw.decode("gb18030")
    except UnicodeDecodeError:
        return Diagnostic(
            Code.NOT_UTF8.code,
            say("the file is not encoded as UTF-8"),
            TextPlace(shown, line + 1, column, raw.decode("utf-8", errors="replace")),
            remedy=_SAVE_AS,
        )
    return Diagnostic(
        Code.GBK.code,
        say("the file is encoded as GBK (ANSI), not UTF-8"),
        TextPlace(shown, line + 1, column, excerpt),
        reason=say("Chinese Windows programs save so unless told otherwise."),
        remedy=say(
            "{save_as}\nRead as GBK, this line is: {excerpt}", save_as=_SAVE_AS, excerpt=excerpt.strip()
        ),
    )
