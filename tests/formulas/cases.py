"""Reads `tests/cases/expressions/*.txt` and `tests/cases/excel_differs.txt`.

A case file is blocks separated by blank lines; `#` begins a comment. In a block

    given a        | 1.005 | "12" | blank | #N/A        the rows of the table `t`: one column each
    given a.k      | "x"   | "y"                        a column of another table
    ROUND([a],2)   | 1.01  | 12   | 0     | #N/A        an expression and its value in each row

Values are numbers, "texts" (`""` is empty text), TRUE, FALSE, errors and `blank`. `{word}` after a value says
that LibreOffice computes another one, for the reason that `excel_differs.txt` gives under this word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.formulas.workbench import World

from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.scope import Known, ValueType

FOLDER = Path(__file__).resolve().parents[1] / "cases"
_BAR = re.compile(r'\|(?=(?:[^"]*"[^"]*")*[^"]*$)')
_MARK = re.compile(r"\{([\w-]+)\}\s*$")


@dataclass(frozen=True)
class Expected:
    value: Value
    differs: str = ""


@dataclass(frozen=True)
class Case:
    place: str
    """`file:line`."""
    expression: str
    world: World
    expected: tuple[Expected, ...]


def cases() -> Iterator[Case]:
    """All cases of all files."""
    for path in sorted((FOLDER / "expressions").glob("*.txt")):
        for line, block in _blocks(path.read_text(encoding="utf-8")):
            yield from _block_cases(path.name, line, block)


def differences() -> dict[str, str]:
    """The words of `excel_differs.txt` with what is said about each."""
    text = (FOLDER / "excel_differs.txt").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    word = ""
    for line in text.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if not line.startswith(" "):
            word = line.strip()
            found[word] = ""
        else:
            found[word] += line.strip() + "\n"
    return found


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    start = 1
    block: list[str] = []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.strip():
            if not block:
                start = number
            block.append(line)
        elif block:
            yield start, block
            block = []


def _block_cases(name: str, start: int, block: list[str]) -> Iterator[Case]:
    tables: dict[str, dict[str, list[Value]]] = {"t": {}}
    for offset, line in enumerate(block):
        if line.startswith("#"):
            continue
        head, *cells = [part.strip() for part in _BAR.split(line)]
        if head.startswith("given "):
            table, _, field = head.removeprefix("given ").strip().rpartition(".")
            tables.setdefault(table or "t", {})[field] = [value(cell) for cell in cells]
            continue
        types = {"stage": Known(ValueType.CHOICE, "stage")}
        world = World({k: dict(v) for k, v in tables.items()}, types=types)
        expected = tuple(_expected(cell) for cell in cells)
        place = f"{name}:{start + offset}"
        assert len(expected) == world.rows, f"{place}: {len(expected)} values for {world.rows} rows"
        yield Case(place, head, world, expected)


def _expected(cell: str) -> Expected:
    mark = _MARK.search(cell)
    return Expected(value(_MARK.sub("", cell).strip()), mark[1] if mark else "")


def value(text: str) -> Value:
    """The value that a cell of a case file means."""
    if text == "blank":
        return None
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    if text.startswith('"'):
        assert text.endswith('"'), text
        return text[1:-1]
    if text.startswith("#"):
        return ExcelError(text)
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number
