"""A folder of CSV files: UTF-8 with a mark for Excel, one file a relation, and their description.

Knows quoting, and how a text that a spreadsheet would take for a formula is written so that it is none: an apostrophe
stands before it, also before a text that begins with one, so that reading takes away one apostrophe and has the text as
it was.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Final

from crmsheet.export import packages
from crmsheet.export.relations import Dataset, Kind, Relation, Stored
from crmsheet.export.texts import text_of

GUARD: Final = "'"
DANGEROUS: Final = frozenset("=+-@\t\r\n＝＋－＠" + GUARD)
"""What a text may begin with that spreadsheets take for a formula, in either width; and the guard itself."""
_FOLDERS: Final = {
    Kind.ENTRY: "",
    Kind.ITEMS: "",
    Kind.ABOUT: "",
    Kind.LIST: "lists/",
    Kind.DIMENSION: "star/",
    Kind.FACT: "star/",
    Kind.FLAT: "flat/",
}


def csv_files(dataset: Dataset) -> Mapping[str, bytes]:
    named = by_file(dataset, ".csv")
    files = {name: _file(relation) for name, relation in named.items()}
    files[packages.NAME] = packages.described(dataset, named, encoding="utf-8-sig", format_="csv")
    return files


def by_file(dataset: Dataset, suffix: str) -> dict[str, Relation]:
    """The relations by the names of their files."""
    return {f"{_FOLDERS[r.kind]}{r.id}{suffix}": r for r in dataset.relations}


def _file(relation: Relation) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([c.id for c in relation.columns])
    columns = [
        [guarded(str(v)) if v is not None else "" for v in c.values]
        if c.stored is Stored.TEXT
        else [text_of(v) for v in c.values]
        for c in relation.columns
    ]
    writer.writerows(zip(*columns, strict=True))
    return stream.getvalue().encode("utf-8-sig", "replace")


def guarded(text: str) -> str:
    """A text that no spreadsheet computes."""
    return GUARD + text if text[:1] in DANGEROUS else text


def unguarded(text: str) -> str:
    """The text that `guarded` made this one of."""
    return text[1:] if text[:1] == GUARD else text
