"""A spec that uses every form means what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.spec.reading import CASES

from crmsheet.formulas.tree import Binary, Boolean, Call, Cell, Item, Measure, Name, Number, Text, walk
from crmsheet.model.boards import CardsBlock, ChartBlock, Grain, KpiBlock, ListBlock, NoteBlock, TableBlock
from crmsheet.model.codec import decoded, encoded
from crmsheet.model.metrics import Aggregation, MetricType
from crmsheet.model.spec import Compatibility, Field, FieldType, Lookup, Model, Rollup, RuleStyle, View
from crmsheet.model.words import Label, Language
from crmsheet.spec import load, load_sources, read

GOOD = CASES / "good" / "everything.yaml"


@pytest.fixture(scope="module")
def model() -> Model:
    return load(GOOD)


def _field(model: Model, path: str) -> Field:
    table, _, name = path.partition(".")
    return model.table(table).field(name)


@pytest.mark.parametrize("name", ["everything", "design"])
def test_it_loads_without_a_word(name: str) -> None:
    result = read(CASES / "good" / f"{name}.yaml")
    assert [d.text() for d in result.diagnostics] == []
    assert result.model is not None


def test_every_field_type_is_used(model: Model) -> None:
    used = {f.type for t in model.tables for f in t.fields}
    assert used == set(FieldType)


def test_head(model: Model) -> None:
    assert model.name == "everything"
    assert model.title == Label("客户跟进表", "Customer follow-up")
    assert model.language is Language.ZH
    assert model.compatibility is Compatibility.EXCEL_2016
    assert model.currency == "USD"
    assert model.fiscal_year_start == 4
    assert model.sheet_labels == (("guide", Label("填写说明", "How to")),)


def test_settings_keep_order_and_types(model: Model) -> None:
    free = {s.id: (s.type, s.value) for s in model.settings if s.editable}
    assert free == {
        "stale_months": (FieldType.INTEGER, 3),
        "launch": (FieldType.DATE, 43845),
        "share": (FieldType.PERCENT, 0.2),
        "strict": (FieldType.BOOLEAN, True),
        "greeting": (FieldType.TEXT, "您好"),
    }
    fixed = {s.id: s.value for s in model.settings if not s.editable}
    assert fixed == {"currency": "USD", "fiscal_year_start": 4, "language": "zh", "up_color": "red"}
    assert model.settings[0].label == Label("沉睡月数", "Months until stale")


def test_yes_no_and_numbers_in_lists_stay_text(model: Model) -> None:
    assert [i.id for i in model.list("answer").items] == ["Yes", "No", "On", "2024", "007"]
    assert _field(model, "customers.answers").default == Item("answer", "Yes")


def test_dependent_list(model: Model) -> None:
    province = model.list("province")
    assert province.depends_on == "region"
    assert [(i.id, i.parent) for i in province.items] == [
        ("上海", "华东"),
        ("江苏", "华东"),
        ("北京", "华北"),
        ("广东", "华南"),
    ]
    assert _field(model, "customers.province").depends_on == "region"
    assert _field(model, "customers.province").view is View.DETAIL


def test_list_attributes(model: Model) -> None:
    stage = model.list("stage")
    assert stage.attribute_names == ("probability", "rot_days", "kind")
    assert stage.item("new").attribute("probability") == 0.1
    assert stage.item("won").attribute("kind") == "won"
    assert stage.item("won").aliases == ("成交",)


def test_table(model: Model) -> None:
    customers = model.table("customers")
    assert customers.key == "name"
    assert customers.label == Label("客户", "Customers")
    assert customers.aliases == ("客户名单",)
    assert customers.display == ("region", "phone")
    assert customers.cadence == 7
    assert [(g.id, g.label.en) for g in customers.groups] == [("basic", "Basics"), ("figures", "Computed")]
    assert [s.id for s in customers.segments] == ["big"]
    assert model.table("orders").key == "order_no"
    assert model.table("targets").key == "no"


def test_bounds_and_defaults(model: Model) -> None:
    created = _field(model, "customers.created")
    assert created.default == Name("as_of")
    assert created.minimum == Number(36526)
    assert created.maximum == Name("as_of")
    assert (created.width, created.order) == (12.5, 2)
    assert _field(model, "customers.budget").maximum == Number(1e6)
    assert _field(model, "customers.consent").default == Boolean(value=False)
    score = _field(model, "customers.score")
    assert (score.minimum, score.maximum) == (Number(1), Number(5))
    discount = _field(model, "orders.discount")
    assert (discount.default, discount.maximum) == (Number(0.05), Number(0.5))


def test_id_formats(model: Model) -> None:
    assert _field(model, "customers.no").format == "C0000"
    assert _field(model, "targets.no").format == "T000"


def test_rollups_find_their_reference(model: Model) -> None:
    assert _field(model, "customers.revenue").rollup == Rollup(
        "orders", "customer", Aggregation.SUM, "net_amount"
    )
    counted = _field(model, "customers.orders_n").rollup
    assert counted is not None
    assert counted.where == Binary(">", Cell("orders", "amount"), Number(0))


@pytest.mark.parametrize(
    ("path", "result", "may_be_empty"),
    [
        ("customers.name", FieldType.TEXT, False),
        ("customers.revenue", FieldType.CURRENCY, False),
        ("customers.orders_n", FieldType.INTEGER, False),
        ("customers.last_order", FieldType.DATE, True),
        ("customers.idle_days", FieldType.NUMBER, True),
        ("customers.level_text", FieldType.TEXT, False),
        ("customers.flag", FieldType.CHOICE, False),
        ("customers.budget_used", FieldType.CURRENCY, False),
        ("orders.net_amount", FieldType.CURRENCY, False),
        ("orders.team", FieldType.REFERENCE, True),
        ("orders.probability", FieldType.NUMBER, True),
    ],
)
def test_results(model: Model, path: str, result: FieldType, *, may_be_empty: bool) -> None:
    field = _field(model, path)
    assert (field.result, field.may_be_empty) == (result, may_be_empty)


def test_lookups_written_either_way(model: Model) -> None:
    assert _field(model, "orders.team").lookup == Lookup("customer", "owner")
    assert _field(model, "orders.probability").lookup == Lookup("stage", "probability")


def test_a_formula_can_give_items(model: Model) -> None:
    expr = _field(model, "customers.flag").expr
    assert isinstance(expr, Call)
    assert expr.arguments[1:] == (Item("flag", "stale"), Item("flag", "ok"))
    assert not any(isinstance(n, Text) and n.value == "stale" for n in walk(expr))


def test_rules_and_their_ids_in_expressions(model: Model) -> None:
    stale = model.table("customers").rules[1]
    assert (stale.id, stale.column, stale.style) == ("stale", "last_order", RuleStyle.BAD)
    assert model.metric("stale_customers").filter == stale.when


def test_metrics(model: Model) -> None:
    revenue = model.metric("net_revenue")
    assert revenue.target is not None
    assert revenue.target.by == (("owner", "person"),)
    rate = model.metric("win_rate")
    assert (rate.type, rate.format, rate.numerator) == (MetricType.RATIO, "percent", "won_n")
    assert model.metric("per_order").expr == Binary("/", Measure("net_revenue"), Measure("closed_n"))
    assert model.metric("won_n").format == "integer"


def test_selectors_find_their_paths(model: Model) -> None:
    board = model.boards[0]
    period, owner, region = board.selectors
    assert period.is_period
    assert period.default == "this_month"
    assert owner.table == "users"
    assert dict(owner.paths) == {"orders": "customer.owner", "customers": "owner"}
    assert region.list == "region"
    assert dict(region.paths) == {"orders": "customer.region", "customers": "region"}


def test_blocks(model: Model) -> None:
    blocks = model.boards[0].blocks
    assert [b.id for b in blocks] == [
        "note",
        "cards",
        "chart_net_revenue_month",
        "chart_net_revenue_customer",
        "by_region",
        "table_net_revenue_stage",
        "table_net_revenue_province",
        "list_customers_stale",
        "list_orders",
        "kpis",
    ]
    note, cards, line, doughnut, column, table, provinces, stale, orders, kpis = blocks
    assert isinstance(note, NoteBlock)
    assert isinstance(cards, CardsBlock)
    assert cards.title == Label("概览", "Overview")
    assert cards.cards[2].ignores == ("owner",)
    assert isinstance(line, ChartBlock)
    assert line.by is not None
    assert (line.by.grain, line.last) == (Grain.MONTH, 6)
    assert isinstance(doughnut, ChartBlock)
    assert doughnut.by is not None
    assert (doughnut.by.table, doughnut.top) == ("customers", 5)
    assert isinstance(column, ChartBlock)
    assert column.by is not None
    assert dict(column.by.paths) == {"orders": "customer.region", "customers": "region"}
    assert isinstance(table, TableBlock)
    assert table.totals
    assert isinstance(provinces, TableBlock)
    assert (provinces.by.id, provinces.by.label.en) == ("province", "Province")
    assert isinstance(stale, ListBlock)
    assert (stale.sort, stale.descending) == ("revenue", True)
    assert [c.label.zh for c in stale.columns] == ["名称", "负责人", "组"]
    assert dict(stale.paths) == {"owner": "owner", "region": "region"}
    assert isinstance(orders, ListBlock)
    assert dict(orders.paths) == {"region": "customer.region"}
    assert isinstance(kpis, KpiBlock)


def test_block_ids_do_not_depend_on_the_order_of_blocks(tmp_path: Path, model: Model) -> None:
    text = GOOD.read_text(encoding="utf-8")
    head, mark, blocks = text.partition("    blocks:\n")
    note = "      - note: {zh: 说明, en: A note}\n"
    assert note in blocks
    (tmp_path / "lists.yaml").write_text((GOOD.parent / "lists.yaml").read_text("utf-8"), "utf-8")
    moved = tmp_path / "moved.yaml"
    moved.write_text(head + mark + blocks.replace(note, "") + note, encoding="utf-8")
    other = load(moved).boards[0].blocks
    assert {b.id for b in other} == {b.id for b in model.boards[0].blocks}


def test_the_stored_text_gives_the_same_model(model: Model) -> None:
    assert [s.name for s in model.sources] == ["everything.yaml", "lists.yaml"]
    assert load_sources(model.sources, "everything.yaml") == model


def test_the_model_survives_json(model: Model) -> None:
    assert decoded(Model, encoded(model)) == model
