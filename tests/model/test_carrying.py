"""What people entered, carried from one Model to the next: what they changed wins."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet.excel.values import Value
from crmsheet.model.boards import Board, Selector
from crmsheet.model.carrying import Carried, carried
from crmsheet.model.spec import Field, FieldType, ListDefinition, ListItem, Model, Setting, Table
from crmsheet.model.state import ListRow, State, TableState
from crmsheet.model.succession import succession
from crmsheet.model.words import Label, Language

L = Label.same
STAGE = ListDefinition(
    "stage",
    L("stage"),
    (
        ListItem("new", L("New"), attributes=(("days", 7),)),
        ListItem("won", L("Won"), attributes=(("days", 0),)),
    ),
)
OLD = Model(
    "m",
    L("m"),
    Language.EN,
    settings=(Setting("days", L("days"), FieldType.INTEGER, 30),),
    lists=(STAGE,),
    tables=(
        Table(
            "deals",
            L("Deals"),
            "name",
            (
                Field("name", L("Name"), FieldType.TEXT),
                Field("stage", L("Stage"), FieldType.CHOICE, list="stage"),
                Field("tags", L("Tags"), FieldType.MULTI_CHOICE, list="stage"),
            ),
        ),
    ),
    boards=(Board("board", L("Board"), (Selector("stage", L("Stage"), list="stage"),)),),
)
STATE = State(
    tables={
        "deals": TableState(
            ("a", "b"), {"name": ("A", "B"), "stage": ("New", "Won"), "tags": ("New、Won", None)}
        )
    },
    lists={"stage": (ListRow("new", "New", "", {"days": 7}, 0), ListRow("won", "Won", "", {"days": 0}, 1))},
    settings={"days": 30},
    selectors={"board.stage": "New"},
)


def moved(new: Model, state: State = STATE) -> Carried:
    return carried(OLD, new, succession(OLD, new), state, {}, Language.EN, {})


def with_stage(*items: ListItem) -> Model:
    return replace(OLD, lists=(replace(STAGE, items=items),))


def test_nothing_changes_when_the_model_does_not() -> None:
    assert moved(OLD).state == STATE
    assert moved(OLD).conflicts == ()


def test_a_new_label_reaches_rows_tags_and_selectors() -> None:
    new = with_stage(ListItem("new", L("Fresh"), attributes=(("days", 7),)), STAGE.items[1])
    done = moved(new)
    assert done.state.lists["stage"][0].label == "Fresh"
    assert done.state.tables["deals"].columns["stage"] == ("Fresh", "Won")
    assert done.state.tables["deals"].columns["tags"] == ("Fresh、Won", None)
    assert done.state.selectors == {"board.stage": "Fresh"}
    assert done.relabelled == {"stage": {"New": "Fresh"}}


def test_labels_exchanged_at_once() -> None:
    new = with_stage(replace(STAGE.items[0], label=L("Won")), replace(STAGE.items[1], label=L("New")))
    assert moved(new).state.tables["deals"].columns["stage"] == ("Won", "New")


def test_a_label_of_people_s_stays() -> None:
    mine = replace(
        STATE, lists={"stage": (replace(STATE.lists["stage"][0], label="Mine"), STATE.lists["stage"][1])}
    )
    done = moved(with_stage(ListItem("new", L("Fresh"), attributes=(("days", 7),)), STAGE.items[1]), mine)
    assert done.state.lists["stage"][0].label == "Mine"
    assert [(c.theirs, c.wanted) for c in done.conflicts] == [("Mine", "Fresh")]


@pytest.mark.parametrize(
    ("theirs", "wanted", "after", "conflict"),
    [(7, 9, 9, False), (5, 9, 5, True), (5, 7, 5, False), (9, 9, 9, False)],
)
def test_an_attribute_goes_three_ways(theirs: int, wanted: int, after: int, conflict: bool) -> None:
    row = replace(STATE.lists["stage"][0], attributes={"days": theirs})
    mine = replace(STATE, lists={"stage": (row, STATE.lists["stage"][1])})
    done = moved(with_stage(ListItem("new", L("New"), attributes=(("days", wanted),)), STAGE.items[1]), mine)
    assert done.state.lists["stage"][0].attributes["days"] == after
    assert bool(done.conflicts) == conflict


def test_a_value_that_people_added_becomes_the_spec_s() -> None:
    mine = replace(STATE, lists={"stage": (*STATE.lists["stage"], ListRow("+Lost", "lost", "", {}, 2))})
    done = moved(with_stage(*STAGE.items, ListItem("gone", L("Lost"))), mine)
    assert [r.id for r in done.state.lists["stage"]] == ["new", "won", "gone"]
    assert done.state.lists["stage"][2].label == "lost"


def test_a_value_that_the_spec_drops_stays() -> None:
    done = moved(with_stage(STAGE.items[0]))
    assert [r.id for r in done.state.lists["stage"]] == ["new", "won"]


def test_new_and_retired_fields() -> None:
    table = OLD.tables[0]
    new = replace(
        OLD, tables=(replace(table, fields=(table.fields[0], Field("fax", L("Fax"), FieldType.TEXT))),)
    )
    columns = moved(new).state.tables["deals"].columns
    assert columns == {"name": ("A", "B"), "fax": (None, None)}


_VALUES = st.one_of(st.integers(0, 50), st.booleans(), st.text("ab", max_size=3))


@given(first=_VALUES, theirs=_VALUES, wanted=_VALUES)
def test_a_setting_goes_three_ways(first: Value, theirs: Value, wanted: Value) -> None:
    old = replace(OLD, settings=(replace(OLD.settings[0], type=FieldType.TEXT, value=first),))
    new = replace(OLD, settings=(replace(OLD.settings[0], type=FieldType.TEXT, value=wanted),))
    done = carried(
        old, new, succession(old, new), replace(STATE, settings={"days": theirs}), {}, Language.EN, {}
    )
    same = type(theirs) is type(first) and theirs == first
    assert done.state.settings["days"] == (wanted if same else theirs)
    if same:
        assert done.conflicts == ()
