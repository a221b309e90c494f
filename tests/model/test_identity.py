"""Row ids survive sorting, copying, pasting and typing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.model.observed import Row, observed

from crmsheet.excel.values import ExcelError, Value
from crmsheet.model.identity import (
    identified,
    remembered,
    row_hash,
    row_hashes,
    row_id,
    row_ids,
    text_value,
    value_text,
    value_texts,
)

CODE = "k3f9"


def _book(count: int) -> tuple[list[Row], dict[str, tuple[str, str]]]:
    rows = [
        Row(row_id(CODE, i + 1), f"'customer {i}", row_hash(CODE, [f"customer {i}", i])) for i in range(count)
    ]
    return rows, {r.id: (r.hash, r.key) for r in rows}


def test_untouched_rows_keep_their_ids() -> None:
    rows, known = _book(5)
    done = identified(observed(rows), known, CODE, 6)
    assert done.ids == tuple(r.id for r in rows)
    assert (done.new, done.copied, done.moved, done.missing, done.next_row) == ((), (), (), (), 6)


@given(st.permutations(range(12)))
def test_sorted_rows_keep_their_ids(order: list[int]) -> None:
    rows, known = _book(12)
    done = identified(observed([rows[i] for i in order]), known, CODE, 13)
    assert done.ids == tuple(rows[i].id for i in order)
    assert not done.moved


@given(st.permutations(range(8)))
def test_rows_sorted_without_their_hidden_ids_are_told_by_content(order: list[int]) -> None:
    rows, known = _book(8)
    mixed = [Row(rows[at].id, rows[i].key, rows[i].hash) for at, i in enumerate(order)]
    done = identified(observed(mixed), known, CODE, 9)
    assert done.ids == tuple(rows[i].id for i in order)
    assert done.moved == tuple(at for at, i in enumerate(order) if at != i)


def test_of_two_rows_with_one_id_the_unchanged_one_keeps_it() -> None:
    rows, known = _book(3)
    copy = Row(rows[0].id, "'customer 0 (2)", row_hash(CODE, ["customer 0 (2)", 0]))
    done = identified(observed([copy, *rows]), known, CODE, 4)
    assert done.ids == (row_id(CODE, 4), rows[0].id, rows[1].id, rows[2].id)
    assert done.copied == (0,)
    assert done.next_row == 5


def test_exact_copies_are_one_old_row_and_new_ones() -> None:
    rows, known = _book(2)
    done = identified(observed([rows[0], rows[1], rows[0], rows[0]]), known, CODE, 3)
    assert done.ids[:2] == (rows[0].id, rows[1].id)
    assert done.copied == (2, 3)
    assert len(set(done.ids)) == 4


def test_an_edited_row_keeps_its_id() -> None:
    rows, known = _book(3)
    edited = Row(rows[1].id, rows[1].key, row_hash(CODE, ["customer 1", 99]))
    done = identified(observed([rows[0], edited, rows[2]]), known, CODE, 4)
    assert done.ids == tuple(r.id for r in rows)
    assert not done.doubtful


def test_a_renamed_and_edited_row_keeps_its_id_and_is_doubtful() -> None:
    rows, known = _book(3)
    edited = Row(rows[1].id, "'another", row_hash(CODE, ["another", 99]))
    done = identified(observed([rows[0], edited, rows[2]]), known, CODE, 4)
    assert done.ids == tuple(r.id for r in rows)
    assert done.doubtful == (1,)


def test_typed_rows_get_ids_blank_rows_none_and_missing_ones_are_told() -> None:
    rows, known = _book(3)
    typed = Row("", "'new", row_hash(CODE, ["new", 1]))
    blank = Row("", "", row_hash(CODE, [None, None]), blank=True)
    done = identified(observed([rows[0], blank, typed, rows[2]]), known, CODE, 4)
    assert done.ids == (rows[0].id, "", row_id(CODE, 4), rows[2].id)
    assert done.new == (2,)
    assert done.missing == (rows[1].id,)


def test_a_blank_row_has_no_id_even_where_a_blank_one_is_remembered() -> None:
    rows, known = _book(2)
    nothing = row_hash(CODE, [None, None])
    blank = Row(rows[1].id, "", nothing, blank=True)
    done = identified(observed([rows[0], blank]), {**known, rows[1].id: (nothing, "")}, CODE, 3)
    assert done.ids == (rows[0].id, "")
    assert (done.new, done.missing) == ((), (rows[1].id,))


def test_a_row_whose_id_was_cleared_is_told_by_its_content() -> None:
    rows, known = _book(3)
    cleared = Row("", rows[1].key, rows[1].hash)
    done = identified(observed([rows[0], cleared, rows[2]]), known, CODE, 4)
    assert done.ids == tuple(r.id for r in rows)


def test_an_id_of_another_workbook_is_replaced() -> None:
    rows, known = _book(1)
    foreign = Row("zzzz-1", "'foreign", row_hash(CODE, ["foreign", 1]))
    done = identified(observed([rows[0], foreign]), known, CODE, 2)
    assert done.ids[1] == row_id(CODE, 2)


@given(st.lists(st.integers(0, 6), max_size=20), st.lists(st.booleans(), min_size=20, max_size=20))
def test_ids_are_never_double(picks: list[int], edited: list[bool]) -> None:
    rows, known = _book(7)
    seen = [
        Row(rows[p].id, rows[p].key, row_hash(CODE, [str(n)]) if e else rows[p].hash)
        for n, (p, e) in enumerate(zip(picks, edited, strict=False))
    ]
    done = identified(observed(seen), known, CODE, 8)
    assert len(set(done.ids)) == len(done.ids)
    assert len(done.ids) == len(seen)


_VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(list(ExcelError)),
)


@given(_VALUES, _VALUES)
def test_different_values_have_different_texts(left: Value, right: Value) -> None:
    if type(left) is type(right) and left != right and not isinstance(left, float):
        assert value_text(left) != value_text(right)
    if isinstance(left, str) and not isinstance(right, str):
        assert value_text(left) != value_text(right)


def _under_key(seconds: list[int]) -> Callable[[int, str], str]:
    """The hash of a row of `_book` under another key; `seconds` are the rows' other values."""
    return lambda index, key: row_hash(CODE, [text_value(key), seconds[index]])


def _with_key(row: Row, key: str, second: int) -> Row:
    return Row(row.id, value_text(key), row_hash(CODE, [key, second]))


def test_a_row_that_is_as_it_was_but_for_the_key_was_renamed() -> None:
    rows, known = _book(3)
    now = [_with_key(rows[0], "other", 0), rows[1], rows[2]]
    done = identified(observed(now), known, CODE, 4, _under_key([0, 1, 2]))
    assert done.ids == tuple(r.id for r in rows)
    assert (done.renamed, done.crossed, done.doubtful, done.moved) == ((0,), (), (), ())


def test_rows_that_exchanged_keys_were_renamed_if_their_other_values_tell_them_apart() -> None:
    rows, known = _book(3)
    now = [_with_key(rows[0], "customer 1", 0), _with_key(rows[1], "customer 0", 1), rows[2]]
    done = identified(observed(now), known, CODE, 4, _under_key([0, 1, 2]))
    assert done.ids == tuple(r.id for r in rows)
    assert (done.renamed, done.crossed) == ((0, 1), (0, 1))
    alike = {r.id: (row_hash(CODE, [f"customer {i}", 7]), r.key) for i, r in enumerate(rows)}
    now = [_with_key(rows[0], "customer 1", 7), _with_key(rows[1], "customer 0", 7)]
    done = identified(observed(now), alike, CODE, 4, _under_key([7, 7]))
    assert done.ids == (rows[1].id, rows[0].id)
    assert (done.renamed, done.moved) == ((), (0, 1))


def test_a_new_row_under_the_old_key_of_a_renamed_one_is_new() -> None:
    rows, known = _book(2)
    now = [_with_key(rows[0], "other", 0), rows[1], Row("", "'customer 0", row_hash(CODE, ["x", 5]))]
    done = identified(observed(now), known, CODE, 3, _under_key([0, 1, 5]))
    assert done.ids == (rows[0].id, rows[1].id, row_id(CODE, 3))
    assert (done.renamed, done.new) == ((0,), (2,))


@given(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(min_size=1),
        st.sampled_from(ExcelError),
    )
)
def test_values_come_back_from_their_texts(value: Value) -> None:
    assert value_text(text_value(value_text(value))) == value_text(value)
    if isinstance(value, str | bool | ExcelError | None):
        assert text_value(value_text(value)) == value


_CELLS: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, -0.0, 1.0, 0.1, 1e15, 1e-7, 123456789012345.6, 1 / 3]),
    st.text(max_size=5),
    st.sampled_from(list(ExcelError)),
)


@given(st.lists(st.tuples(_CELLS, _CELLS), max_size=12), st.booleans())
def test_many_rows_at_once_have_the_texts_and_hashes_of_each(
    rows: list[tuple[Value, Value]], repeated: bool
) -> None:
    rows = rows * 9 if repeated else rows
    columns = [value_texts(row[i] for row in rows) for i in range(2)]
    assert columns == [[value_text(row[i]) for row in rows] for i in range(2)]
    assert row_hashes("k3f9", columns, len(rows)) == [row_hash("k3f9", row) for row in rows]


@given(st.permutations(range(5)), st.integers(0, 5))
def test_what_is_remembered_is_that_of_each_id_in_any_order(order: list[int], count: int) -> None:
    _, known = _book(5)
    ids = [row_id(CODE, i + 1) for i in order[:count]] + [""] * (count % 2)
    assert list(remembered(ids, known)) == [known.get(id_) for id_ in ids]
    assert list(remembered(tuple(known), known)) == list(known.values())


@pytest.mark.parametrize(
    ("first", "count"), [(1, 0), (1, 1), (1, 34), (1, 36), (35, 3), (36, 40), (1290, 80)]
)
def test_many_ids_are_those_of_each(first: int, count: int) -> None:
    assert row_ids("k3f9", first, count) == [row_id("k3f9", first + at) for at in range(count)]


def test_rows_without_columns_have_the_hash_of_nothing() -> None:
    assert row_hashes("k3f9", (), 2) == [row_hash("k3f9", ())] * 2
