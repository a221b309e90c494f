"""Lists as they lie on their sheet: plain ones, matrices, names, and what people added."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.compile.reading import block_cell, name_text, values

from crmsheet.compile import Context, compiled
from crmsheet.compile.listshapes import all_anchor, list_shapes, parents_anchor
from crmsheet.compile.symbols import list_anchor, list_labels, list_matrix, list_parents
from crmsheet.model.spec import Field, FieldType, ListDefinition, ListItem, Lookup, Model
from crmsheet.model.state import ListRow, State
from crmsheet.model.words import Label, Language
from crmsheet.plan.cells import Role

Made = Callable[..., Context]


def test_a_plain_list_has_labels_attributes_and_hidden_ids(context: Made) -> None:
    plan = compiled(context()).plan
    block = plan.block(list_anchor("stage"))
    first = [block_cell(plan, block.anchor, 0, i) for i in range(block.columns)]
    assert [c.value for c in first] == ["初步接触", 0.1, 7, "new"]
    assert [c.role for c in first] == [Role.INPUT, Role.INPUT, Role.INPUT, Role.OWNED]
    assert block_cell(plan, block.anchor, 1, 2).value is None


def test_a_dependent_list_is_a_matrix_with_parallel_ids(context: Made) -> None:
    plan = compiled(context()).plan
    block = plan.block(list_anchor("province"))
    count = block.columns // 2
    assert [block_cell(plan, block.anchor, r, 0).value for r in (0, 1, 2)] == ["上海", "江苏", None]
    assert [block_cell(plan, block.anchor, 0, j).value for j in (1, count, count + 1)] == [
        "广东",
        "shanghai",
        "guangdong",
    ]
    heads = plan.block(parents_anchor("province"))
    assert [c.value for c in heads.cells][:3] == ["华东", "华南", ""]
    everything = plan.block(all_anchor("province"))
    assert [c.value for c in everything.cells] == ["上海", "江苏", "广东"]


def test_words_of_the_program_are_hidden_from_chinese_readers(context: Made) -> None:
    items = tuple(
        ListItem(id_, Label(zh, id_), attributes=(("probability", chance), ("kind", kind)))
        for id_, zh, chance, kind in (("new", "初步接触", 0.1, "open"), ("won", "赢单", 1.0, "won"))
    )

    def hidden(language: Language, *, own: str = "") -> list[bool]:
        made = context(language=language)
        last = replace(items[1], attributes=(("probability", 1.0), ("kind", own or "won")))
        stage = replace(made.model.list("stage"), items=(items[0], last))
        lists = tuple(stage if x.id == "stage" else x for x in made.model.lists)
        made = context(language=language, model=replace(made.model, lists=lists))
        plan = compiled(made).plan
        left = plan.block(list_anchor("stage")).column
        widths = plan.sheet("lists").widths
        assert block_cell(plan, list_anchor("stage"), 0, 2).value == "open"
        return [w.hidden for at in range(3) for w in widths if w.first == left + at]

    assert hidden(Language.ZH) == [False, False, True]
    assert hidden(Language.EN) == [False, False, False]
    # What an author calls kinds is for people to read.
    assert hidden(Language.ZH, own="重点") == [False, False, False]


def test_names_lead_to_the_cells(context: Made) -> None:
    plan = compiled(context(language=Language.EN)).plan
    assert name_text(plan, "stage.won") == "Lists!$A$7"
    assert name_text(plan, "province.guangdong") == "Lists!$G$6"
    assert name_text(plan, list_parents("province")) == "Lists!$F$5:$K$5"
    assert name_text(plan, list_matrix("province")) == "Lists!$F$6:$K$27"
    assert name_text(plan, list_labels("region")) == (
        "INDEX(Lists!$T$6:$T$27,1):INDEX(Lists!$T$6:$T$27,MAX(1,COUNTA(Lists!$T$6:$T$27)))"
    )


def test_relabelled_and_added_rows_stay_where_people_put_them(context: Made) -> None:
    made = context()
    rows = (ListRow("new", "刚认识", offset=0), ListRow("x1", "搁置", offset=4), ListRow("won", "", offset=2))
    state = replace(made.state, lists={"stage": rows})
    plan = compiled(replace(made, state=state)).plan
    anchor = list_anchor("stage")
    assert [block_cell(plan, anchor, r, 0).value for r in (0, 2, 4)] == ["刚认识", None, "搁置"]
    assert [block_cell(plan, anchor, r, 3).value for r in (0, 2, 4)] == ["new", "won", "x1"]


def test_items_the_workbook_lacks_are_added_behind(context: Made) -> None:
    made = context()
    state = replace(made.state, lists={"stage": (ListRow("x1", "搁置", offset=0),)})
    shape = list_shapes(replace(made, state=state))["stage"]
    assert [(r.id, r.offset) for r in shape.rows] == [("x1", 0), ("new", 1), ("won", 2)]


def test_a_block_keeps_the_size_it_has_in_the_workbook(context: Made) -> None:
    made = replace(
        context(),
        sizes={
            list_anchor("stage"): (12, 4),
            list_anchor("province"): (9, 16),
            all_anchor("province"): (11, 1),
        },
    )
    shapes = list_shapes(made)
    province = shapes["province"]
    assert (shapes["stage"].capacity, province.depth, province.capacity, province.parents) == (12, 9, 11, 8)


def test_three_levels(context: Made) -> None:
    made = context()
    city = ListDefinition(
        "city",
        Label.same("city"),
        (ListItem("gz", Label.same("广州"), "guangdong"), ListItem("nj", Label.same("南京"), "jiangsu")),
        "province",
    )
    model = replace(made.model, lists=(city, *made.model.lists))
    plan = compiled(replace(made, model=model)).plan
    heads = [c.value for c in plan.block(parents_anchor("city")).cells]
    assert heads[:3] == ["上海", "江苏", "广东"]
    assert block_cell(plan, list_anchor("city"), 0, 1).value == "南京"
    assert block_cell(plan, list_anchor("city"), 0, 2).value == "广州"


def test_attributes_of_a_dependent_list_are_looked_up_too(context: Made) -> None:
    made = context()
    province = next(x for x in made.model.lists if x.id == "province")
    items = tuple(replace(i, attributes=(("zone", n),)) for n, i in enumerate(province.items, 1))
    customers = made.model.table("customers")
    zone = Field("zone", Label.same("zone"), FieldType.LOOKUP, lookup=Lookup("province", "zone"))
    model = replace(
        made.model,
        lists=(replace(province, items=items), *(x for x in made.model.lists if x.id != "province")),
        tables=(replace(customers, fields=(*customers.fields, zone)), made.model.table("orders")),
    )
    assert values(compiled(replace(made, model=model)).plan, "customers", "zone") == [1, 1, ""]


@given(offsets=st.lists(st.sampled_from([-1, -1, 0, 1, 2, 5, 40]), max_size=12))
def test_no_two_rows_share_a_cell(offsets: list[int]) -> None:
    seen: set[int] = set()
    rows = []
    for i, offset in enumerate(offsets):
        kept = offset if offset not in seen else -1
        seen.add(kept)
        rows.append(ListRow(f"i{i}", f"标{i}", offset=kept))
    model = Model("m", Label.same("m"), Language.ZH, lists=(ListDefinition("x", Label.same("x"), ()),))
    shape = list_shapes(Context(model, Language.ZH, State(lists={"x": tuple(rows)}), 1))["x"]
    placed = [row.offset for row in shape.rows]
    assert len(set(placed)) == len(placed)
    assert all(0 <= offset < shape.capacity for offset in placed)
    assert all(r.offset in (-1, p) for r, p in zip(rows, placed, strict=True))
