"""Packs go with every starter: they add folded columns or speak an industry's words, and break nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crmsheet import api
from crmsheet.errors import UsageError
from crmsheet.model.spec import View
from crmsheet.model.words import Language
from crmsheet.spec import load, read
from crmsheet.starters import PACKS, copied, starter_names, starter_path

COLUMNS = ("profile_extra", "company_cn", "contract")
INDUSTRIES = ("manufacturing", "retail", "services")


def test_there_are_these_packs() -> None:
    assert {p.name for p in PACKS} == {*COLUMNS, *INDUSTRIES}


@pytest.mark.parametrize("starter", starter_names())
def test_every_pack_goes_with_every_starter(starter: str, tmp_path: Path) -> None:
    spec = copied(starter, tmp_path, [p.name for p in PACKS])[0]
    result = read(spec)
    assert [d.text() for d in result.diagnostics] == []
    assert result.model is not None
    ids = {f.id for f in result.model.table("customers").fields}
    assert {"city", "uscc", "contract_end", "supply_role", "member_tier", "billing"} <= ids


@pytest.mark.parametrize("name", [p.name for p in PACKS])
def test_a_pack_adds_folded_columns_that_need_not_be_filled(name: str, tmp_path: Path) -> None:
    plain = {f.id for f in load(starter_path("performance")).table("customers").fields}
    model = load(copied("performance", tmp_path, [name])[0])
    added = [f for f in model.table("customers").fields if f.id not in plain]
    assert added
    for field in added:
        assert field.view is View.DETAIL, field.id
        assert not field.required, field.id


@pytest.mark.parametrize("name", INDUSTRIES)
def test_the_packs_of_industries_change_words_and_lists(name: str, tmp_path: Path) -> None:
    plain, model = load(starter_path("charts")), load(copied("charts", tmp_path, [name])[0])
    assert model.table("products").label != plain.table("products").label
    before = {i.id for i in plain.list("product_category").items}
    assert len({i.id for i in model.list("product_category").items} - before) >= 4


@pytest.mark.slow
def test_a_workbook_with_packs_is_built_and_computed(tmp_path: Path) -> None:
    spec = copied("charts", tmp_path, ["contract", "retail"])[0]
    built = api.build(str(spec), today=date(2026, 6, 24), language=Language.ZH, demo=True, customers=5)
    assert built.rows["customers"] > 0
    assert api.refresh(built.content, name="b.xlsx", today=date(2026, 6, 24)).content is None


def test_what_a_spec_includes_already_is_not_included_twice(tmp_path: Path) -> None:
    spec = copied("key-account-kpi", tmp_path, ["contract", "contract"])[0]
    assert spec.read_text("utf-8").count("packs/contract.yaml") == 1


def test_an_unknown_pack_is_answered_with_the_nearest_and_nothing_is_copied(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="contrakt") as caught:
        copied("follow-up", tmp_path, ["contrakt"])
    assert caught.value.diagnostics[0].remedy == "Did you mean 'contract'?"
    assert list(tmp_path.iterdir()) == []
