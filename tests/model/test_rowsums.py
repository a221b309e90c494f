"""Sums tell rows that are as remembered, and no others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crmsheet.excel.values import ExcelError, Value
from crmsheet.model.identity import remembered
from crmsheet.model.rowsums import TOGETHER, RowSums, sums_of

CODE = "k3f9"
SIZE = 1_000
IDS = [f"{CODE}-{i}" for i in range(SIZE)]
KNOWN = {id_: (f"hash{i}", f"'key {i}") for i, id_ in enumerate(IDS)}
VALUES: list[Value] = [i if i % 3 else f"text {i}" for i in range(SIZE)]
SUMS = sums_of(CODE, IDS, {"a": VALUES, "b": [None] * SIZE}, KNOWN)


def _told(columns: dict[str, list[Value]], ids: list[str], known: dict[str, tuple[str, str]]) -> list[int]:
    sums, pairs = RowSums(CODE, SUMS), remembered(ids, known)
    return [at for at in range(0, len(ids), TOGETHER) if sums.hold(ids, columns, pairs, at)]


def test_few_rows_have_none() -> None:
    assert sums_of(CODE, IDS[:10], {"a": VALUES[:10]}, KNOWN) == ""
    assert not RowSums(CODE, "")


def test_rows_as_they_were_are_told_with_what_is_remembered() -> None:
    columns: dict[str, list[Value]] = {"a": VALUES, "b": [None] * SIZE}
    assert _told(columns, IDS, KNOWN) == list(range(0, SIZE, TOGETHER))


@given(st.integers(0, SIZE - 1), st.sampled_from([None, True, 1, 1.5, "1", "text 0", ExcelError.NA]))
def test_another_value_is_another_run(at: int, value: Value) -> None:
    if value.__class__ is VALUES[at].__class__ and value == VALUES[at]:
        return
    changed = [*VALUES[:at], value, *VALUES[at + 1 :]]
    told = _told({"a": changed, "b": [None] * SIZE}, IDS, KNOWN)
    assert told == [first for first in range(0, SIZE, TOGETHER) if not first <= at < first + TOGETHER]


@given(st.integers(0, SIZE - 1), st.sampled_from([("other", "'key"), None]))
def test_another_memory_or_none_is_another_run(at: int, pair: tuple[str, str] | None) -> None:
    known = {**KNOWN, IDS[at]: pair} if pair else {k: v for k, v in KNOWN.items() if k != IDS[at]}
    told = _told({"a": VALUES, "b": [None] * SIZE}, IDS, known)
    assert told == [first for first in range(0, SIZE, TOGETHER) if not first <= at < first + TOGETHER]


def test_other_ids_columns_and_books_are_others() -> None:
    columns: dict[str, list[Value]] = {"a": VALUES, "b": [None] * SIZE}
    assert _told({"b": [None] * SIZE, "a": VALUES}, IDS, KNOWN) == []
    assert _told({"a": VALUES, "c": [None] * SIZE}, IDS, KNOWN) == []
    assert _told(columns, [*IDS[1:], IDS[0]], KNOWN) == []
    assert not RowSums("abcd", SUMS).hold(IDS, columns, remembered(IDS, KNOWN), 0)
