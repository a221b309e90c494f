"""Pages of the documentation: their marked tables and their examples.

A table is marked by `<!-- keys: NAME -->` on the line before it. An example is a `yaml` block; a code behind
the word says that it is a mistake which gives that diagnostic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
_MARK = re.compile(r"<!-- keys: (?P<name>\w+) -->\n(?P<table>(?:\|.*\n)+)")
_FENCE = re.compile(r"^```yaml ?(?P<code>[A-Z]\d{3})?\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """A whole spec, or a part that may be included; `code` is empty when nothing is wrong with it."""

    line: int
    text: str
    code: str

    @property
    def whole(self) -> bool:
        return self.text.startswith("crmsheet:")


@dataclass(frozen=True)
class Page:
    text: str

    def keys(self) -> dict[str, list[str]]:
        """For each marked table the words in code type of its first column."""
        return {m["name"]: list(_first_column(m["table"])) for m in _MARK.finditer(self.text)}

    def examples(self) -> list[Example]:
        return [
            Example(self.text[: m.start()].count("\n") + 1, m["text"], m["code"] or "")
            for m in _FENCE.finditer(self.text)
        ]


def page(name: str) -> Page:
    return Page((DOCS / name).read_text("utf-8"))


def rows(table: str) -> Iterator[list[str]]:
    """The cells of each row of a Markdown table, without its two head lines."""
    for line in table.strip().splitlines()[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def _first_column(table: str) -> Iterator[str]:
    for row in rows(table):
        yield from re.findall(r"`([^`]+)`", row[0])
