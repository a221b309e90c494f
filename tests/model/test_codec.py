"""Models and baselines come back from JSON as they were."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsheet import structs
from crmsheet.api.seals import Told
from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas import tree
from crmsheet.model import codec
from crmsheet.model.baseline import FORMAT, Baseline, ColumnMark, TableMark
from crmsheet.model.boards import Board, Card, CardsBlock, ChartBlock, ChartType, Dimension, Grain
from crmsheet.model.codec import decoded, encoded
from crmsheet.model.metrics import Aggregation, Metric, MetricType
from crmsheet.model.packing import CHUNK, DamagedBaseline, NewerBaseline, packed, unpacked
from crmsheet.model.spec import Field, FieldType, ListDefinition, ListItem, Model, Rollup, Setting, Table
from crmsheet.model.words import Label, Language
from crmsheet.structs import dataclass, replace

_LEAVES: st.SearchStrategy[tree.Node] = st.one_of(
    st.builds(tree.Number, st.floats(allow_nan=False, allow_infinity=False)),
    st.builds(tree.Text, st.text(max_size=5)),
    st.builds(tree.Boolean, st.booleans()),
    st.builds(tree.ErrorValue, st.sampled_from(list(ExcelError))),
    st.builds(tree.Missing),
    st.builds(tree.Cell, st.just("t"), st.text(min_size=1, max_size=3)),
    st.builds(tree.Item, st.just("l"), st.just("i")),
    st.builds(tree.Area, st.just("a"), st.just(0), st.just(1), st.just(2), st.just(3)),
)
_NODES: st.SearchStrategy[tree.Node] = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.builds(tree.Unary, st.sampled_from("-+%"), inner),
        st.builds(tree.Binary, st.sampled_from(["+", "=", "&"]), inner, inner),
        st.builds(tree.Call, st.just("IF"), st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=12,
)


def _model(expression: tree.Node, value: Value) -> Model:
    fields = (
        Field("name", Label("名称", "Name"), FieldType.TEXT, required=True, unique=True),
        Field(
            "total",
            Label.same("Σ"),
            FieldType.ROLLUP,
            rollup=Rollup("t", "r", Aggregation.SUM, "x", expression),
        ),
    )
    return Model(
        "book",
        Label("书", "Book"),
        Language.ZH,
        settings=(Setting("s", Label.same("s"), FieldType.NUMBER, value),),
        lists=(ListDefinition("l", Label.same("l"), (ListItem("i", Label.same("i"), "", (("p", value),)),)),),
        tables=(Table("t", Label.same("t"), "name", fields),),
        metrics=(Metric("m", Label.same("m"), MetricType.SIMPLE, filter=expression),),
        boards=(
            Board(
                "b",
                Label.same("b"),
                blocks=(
                    CardsBlock("c", (Card("m", ("owner",)),)),
                    ChartBlock("d", ChartType.LINE, ("m",), Dimension("month", Label.same("m"), Grain.MONTH)),
                ),
            ),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Words:
    words: Mapping[str, tuple[str, ...]]


def _record(model: Model) -> Baseline:
    marks = TableMark("t", (ColumnMark("name", "名称", 1),), {"k3f9-1": ("hash", "'A")})
    return Baseline(
        model,
        Language.EN,
        "k3f9",
        2,
        {"t.id": 3},
        {"t": marks},
        {"t": "客户"},
        {"a": (2, 3)},
        {"as_of_input": ("a", 1, 2)},
    )


@given(
    _NODES,
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.text(max_size=4), st.sampled_from(list(ExcelError))
    ),
)
def test_a_record_comes_back_from_json(expression: tree.Node, value: Value) -> None:
    record = _record(_model(expression, value))
    assert decoded(Baseline, json.loads(json.dumps(encoded(record)))) == record
    assert unpacked(packed(record)) == record


@pytest.mark.parametrize("rows", [0, 1, 255, 256, 1_000])
def test_many_rows_come_back_and_equal_records_have_one_form(rows: int) -> None:
    known = {f"k3f9-{i}": (f"hash {i}", f"'A\n{i}") for i in range(rows)}
    record = _record(_model(tree.Number(1.0), 1))
    many = replace(record, tables={"t": replace(record.tables["t"], rows=known)})
    assert unpacked(packed(many)) == many
    turned = dict(reversed(known.items()))
    assert packed(replace(record, tables={"t": replace(record.tables["t"], rows=turned)})) == packed(many)


def test_texts_by_pairs_need_not_be_rows() -> None:
    many = {str(i): ("a", "b") for i in range(300)}
    assert decoded(_Words, json.loads(json.dumps(encoded(_Words(many))))) == _Words(many)


def test_a_record_with_rows_one_by_one_is_read() -> None:
    """As it was written before, and is for few rows."""
    known = {f"k3f9-{i}": ("hash", "'A") for i in range(300)}
    record = _record(_model(tree.Number(1.0), 1))
    many = replace(record, tables={"t": replace(record.tables["t"], rows=known)})
    form = json.loads(json.dumps(encoded(many)))
    form["tables"]["t"]["rows"] = {id_: list(pair) for id_, pair in known.items()}
    assert decoded(Baseline, form) == many


def test_packing_is_the_same_for_equal_records_and_fits_into_cells() -> None:
    record = _record(_model(tree.Number(1.0), 1))
    lines = packed(record)
    assert lines == packed(_record(_model(tree.Number(1.0), 1)))
    assert max(map(len, lines)) <= CHUNK


def test_a_damaged_record_is_told_from_a_newer_one() -> None:
    lines = list(packed(_record(_model(tree.Number(1.0), 1))))
    with pytest.raises(DamagedBaseline):
        unpacked([lines[0], lines[1][:-8] + "AAAAAAA="])
    with pytest.raises(DamagedBaseline):
        unpacked([])
    head = lines[0].split(" ")
    head[1] = str(FORMAT + 1)
    with pytest.raises(NewerBaseline):
        unpacked([" ".join(head), *lines[1:]])


def test_fields_are_of_the_types_that_typing_says() -> None:
    kinds: set[type] = set()
    waiting: list[object] = [Baseline, Told]
    while waiting:
        kind = waiting.pop()
        waiting += get_args(kind)
        if isinstance(kind, type) and structs.is_dataclass(kind) and kind not in kinds:
            kinds.add(kind)
            meant = get_type_hints(kind)
            assert {f.name: codec._hint(kind, f.name) for f in structs.fields(kind)} == meant
            waiting += meant.values()
    assert len(kinds) > 50
