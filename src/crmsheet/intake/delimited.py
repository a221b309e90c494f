"""CSV files and their kin as rows.

Knows encodings, delimiters, quotes, and what programs put around values so that Excel keeps them. Does not
know what the values mean: everything is text.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from pathlib import Path
from typing import Final, Literal

from crmsheet.intake.grids import Row, Sheet, SourceKind
from crmsheet.intake.refusals import too_large, unreadable
from crmsheet.messages import say

LARGEST: Final = 512 * 2**20
_FIELD: Final = 2**24
_DELIMITERS: Final = ",;\t|"
_SAMPLE: Final = 60
_SPACES: Final = "\t "
_WRAPPED: Final = "\t ="
"""What a value may begin with that is not all its own."""
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read_delimited(data: bytes, file: str, *, encoding: str = "", delimiter: str = "") -> Sheet:
    """The rows of a text file. Without them, encoding and delimiter are found out. Raises UsageError."""
    if len(data) > LARGEST:
        raise too_large(file, say("It has {count} bytes.", count=f"{len(data):,}"))
    text = decoded(data, file, encoding)
    if "\x00" in text:
        raise unreadable(
            file,
            say("It holds bytes that no text has."),
            say("Save it as CSV or XLSX in the program it comes from."),
        )
    if _is_markup(text):
        raise unreadable(
            file,
            say("It is a web page (some programs save one under the ending .xls)."),
            say("Open it in Excel and save it as .xlsx."),
        )
    told, text = _said_delimiter(text)
    chosen = delimiter or told or sniffed(text)
    return Sheet(file, Path(file).stem, SourceKind.TEXT, _rows(text, chosen, file))


def decoded(data: bytes, file: str = "", encoding: str = "") -> str:
    """The text of a file: by its byte order mark, else UTF-8, else GB18030, else Windows-1252."""
    if encoding:
        try:
            return data.decode(encoding).removeprefix("\ufeff")
        except (LookupError, UnicodeDecodeError) as problem:
            raise unreadable(
                file,
                say("It is not encoded as {encoding}: {problem}.", encoding=encoding, problem=problem),
                say("Name another encoding, or none."),
            ) from problem
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    if wide := _wide(data):
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if not _western(data):
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError:
            pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: every other byte of its line ends and digits is zero."""
    sample = data[:4096]
    if len(sample) < 4 or len(data) % 2:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    least = max(2, len(sample) // 40)
    if odd >= least and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even >= least and odd == 0 else ""


def _western(data: bytes) -> bool:
    """Whether bytes above ASCII stand alone, as accented letters do: Chinese characters have two."""
    alone = paired = 0
    index, end = 0, min(len(data), 2**18)
    while index < end:
        if data[index] < 0x80:
            index += 1
        elif index + 1 < len(data) and data[index + 1] >= 0x80:
            paired += 1
            index += 2
        else:
            alone += 1
            index += 1
    return alone > paired


def _is_markup(text: str) -> bool:
    head = text[:2000].lstrip().casefold()
    return head.startswith(("<!doctype", "<html", "<table", "<?xml", "<meta"))


def _said_delimiter(text: str) -> tuple[str, str]:
    """What a first line such as `sep=;` says, and the text behind it."""
    line, _, rest = text.partition("\n")
    said = line.strip().strip('"')
    if said[:4].casefold() == "sep=" and len(said) == 5:
        return said[4], rest
    if line.strip("\r").casefold() == "sep=\t":
        return "\t", rest
    return "", text


def sniffed(text: str) -> str:
    """The delimiter under which most of the first rows have the same number of columns, more than one."""
    sample = text[: 2**16]
    if len(text) > len(sample):
        sample = sample[: sample.rfind("\n") + 1]
    best, chosen = (0.0, 0), ","
    for delimiter in _DELIMITERS:
        widths: Counter[int] = Counter()
        try:
            for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
                if row:
                    widths[len(row)] += 1
                if widths.total() >= _SAMPLE:
                    break
        except csv.Error:
            continue
        if not widths:
            continue
        width, often = max(widths.items(), key=lambda item: (item[0] > 1, item[1], item[0]))
        score = (often / widths.total(), width)
        if width > 1 and score > best:
            best, chosen = score, delimiter
    return chosen


def _rows(text: str, delimiter: str, file: str) -> tuple[Row, ...]:
    csv.field_size_limit(_FIELD)
    rows, open_at = _parsed(text, delimiter, file, csv.QUOTE_MINIMAL)
    if open_at and text.count('"') % 2:
        # A quote that nothing closes (5" pipe) took the rest of the file for one value.
        rows, _ = _parsed(text, delimiter, file, csv.QUOTE_NONE)
    return rows


def _parsed(text: str, delimiter: str, file: str, quoting: Literal[0, 3]) -> tuple[tuple[Row, ...], bool]:
    """The rows that are not blank, and whether the last one runs over several lines."""
    found: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting)
    line = span = 0
    try:
        for values in reader:
            bare = [_bare(v) if v and (v[0] in _WRAPPED or v[-1] in _SPACES) else v for v in values]
            if any(bare):
                found.append(Row(line + 1, tuple(bare)))
            line, span = reader.line_num, reader.line_num - line
    except csv.Error as problem:
        raise unreadable(
            file, f"{problem}.", say("Look at the quotation marks of this row."), line=reader.line_num
        ) from problem
    return tuple(found), span > 1


def _bare(value: str) -> str:
    """The value without what keeps Excel from reading it: `="0012"`, a tab before digits."""
    text = value.strip(_SPACES)
    if text.startswith('="') and text.endswith('"') and len(text) > 2:
        return text[2:-1]
    return text
