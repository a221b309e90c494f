"""The change log: what differs, and that relabelled or renamed things do not."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from crmsheet.excel.values import Value
from crmsheet.model.changelog import (
    Audited,
    Change,
    Tokens,
    change_lines,
    changes,
    changes_of,
    original,
    without,
)
from crmsheet.model.spec import Field, FieldType, Model, Table
from crmsheet.model.state import ListRow, State, TableState
from crmsheet.model.words import Label, Language

LABEL = Label.same("x")
PEOPLE = Table("people", LABEL, "name", (Field("name", LABEL, FieldType.TEXT),))
DEALS = Table(
    "deals",
    LABEL,
    "title",
    (
        Field("title", LABEL, FieldType.TEXT),
        Field("stage", LABEL, FieldType.CHOICE, list="stage", audit=True),
        Field("owner", LABEL, FieldType.REFERENCE, table="people", audit=True),
        Field("note", LABEL, FieldType.LONG_TEXT, audit=True),
        Field("free", LABEL, FieldType.TEXT),
    ),
)
MODEL = Model("m", LABEL, Language.EN, tables=(PEOPLE, DEALS))


def audited(
    rows: Mapping[str, tuple[Value, Value, Value]],
    *,
    stages: tuple[str, str] = ("Open", "Won"),
    people: tuple[str, ...] = ("Li", "Wang"),
    former: Mapping[str, str] | None = None,
) -> Audited:
    columns = dict(zip(("stage", "owner", "note"), map(tuple, zip(*rows.values(), strict=True)), strict=True))
    state = TableState(tuple(rows), {"title": tuple(f"Deal {r}" for r in rows), **columns})
    held = State(
        {"people": TableState(("p1", "p2"), {"name": people}), "deals": state},
        {"stage": (ListRow("open", stages[0]), ListRow("won", stages[1]))},
    )
    return Tokens.of(MODEL, held, {"people": former or {}}).audited(DEALS, state)


BEFORE: dict[str, tuple[Value, Value, Value]] = {
    "a": ("Open", "Li", None),
    "b": ("Open", "Wang", "x\ny\tz"),
    "c": ("Won", "", 12),
}


def told(now: Audited, before: Audited | None = None) -> list[Change]:
    keys = {row: f"Deal {row}" for row in now.rows.split("\n")}
    return list(
        changes(DEALS, before or audited(BEFORE), now, keys, {"c": "Deal c", "b": "Deal b"}, 46000, "Li")
    )


def test_a_cell_that_differs_is_told_with_both_values() -> None:
    found = told(audited(BEFORE | {"a": ("Won", "Li", None)}))
    assert found == [Change(46000, "deals", "a", "Deal a", "stage", "=open", "=won", "Li")]


def test_the_same_rows_in_another_order_are_no_change() -> None:
    assert told(audited(dict(reversed(BEFORE.items())))) == []


def test_a_relabelled_item_is_no_change() -> None:
    relabelled = {row: (("Running" if s == "Open" else s), o, n) for row, (s, o, n) in BEFORE.items()}
    assert told(audited(relabelled, stages=("Running", "Won"))) == []


def test_a_renamed_row_is_no_change_whether_its_name_is_carried_or_not() -> None:
    carried = {row: (s, "Li Lei" if o == "Li" else o, n) for row, (s, o, n) in BEFORE.items()}
    assert told(audited(carried, people=("Li Lei", "Wang"))) == []
    assert told(audited(BEFORE, people=("Li Lei", "Wang"), former={"Li": "p1"})) == []


def test_a_new_row_is_told_by_what_is_filled_and_a_deleted_one_by_its_name() -> None:
    now: dict[str, tuple[Value, Value, Value]] = {r: v for r, v in BEFORE.items() if r != "c"}
    found = told(audited(now | {"d": ("Open", "", None)}))
    assert [(c.row, c.key, c.field, c.old, c.new) for c in found] == [
        ("c", "Deal c", "", "", ""),
        ("d", "Deal d", "stage", "", "=open"),
    ]


def test_a_field_that_was_not_remembered_begins_now() -> None:
    before = audited(BEFORE)
    fewer = Audited(before.rows, {f: v for f, v in before.fields.items() if f != "stage"})
    assert told(audited(BEFORE | {"a": ("Won", "Li", None)}), fewer) == []
    assert told(audited(BEFORE), Audited()) == []


def test_values_come_back_as_they_were() -> None:
    remembered = audited(BEFORE).of("note")
    assert original(remembered["b"]) == "x\ny\tz"
    assert original(remembered["c"]) == 12


def test_what_is_purged_is_gone_from_rows_and_from_cells_that_named_it() -> None:
    log = [
        Change(1, "deals", "a", "A", "owner", "@p1", "@p2", ""),
        Change(1, "people", "p1", "Li", "name", "'a", "'b", ""),
        Change(2, "deals", "b", "B", "stage", "=open", "=won", ""),
    ]
    assert [c.row for c in without(log, {"p1"})] == ["b"]


_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\x1e\x1f"), max_size=8)


@given(
    st.lists(
        st.builds(Change, st.integers(1, 60000), _TEXT, _TEXT, _TEXT, _TEXT, _TEXT, _TEXT, _TEXT), max_size=5
    )
)
def test_lines_read_as_they_were_written(log: list[Change]) -> None:
    again = changes_of(change_lines(log))
    breaks = str.maketrans({"\n": "\x1f", "\t": "\x1e"})
    assert [tuple(map(str, c)) for c in again] == [tuple(str(v).translate(breaks) for v in c) for c in log]
    assert change_lines(again) == change_lines(log)
