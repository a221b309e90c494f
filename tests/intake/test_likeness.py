"""Names of companies and people that mean the same one."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmsheet.intake.likeness import NameForm, alike, company_form, likeness, person_form


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        ("北京宏图科技有限公司", "宏图科技（北京）有限公司", 1.0),
        ("北京宏图科技有限公司", "宏图科技", 1.0),
        ("青岛海蓝机电股份有限公司", "青岛海兰机电有限公司", 0.7),
        ("上海联航百货集团", "联航百货", 1.0),
        ("Beaconlink Hotels Co., Ltd.", "BEACONLINK HOTELS LIMITED", 1.0),
        ("Beaconlink Hotels", "Hotels Beaconlink Inc.", 1.0),
        ("Beaconlink Hotels Ltd", "Beconlink Hotels Ltd", 0.9),
        ("Ｂｅａｃｏｎlink", "beaconlink", 1.0),
    ],
)
def test_companies_that_are_one(one: str, other: str, least: float) -> None:
    assert likeness(company_form(one), company_form(other)) >= least


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北京宏图科技有限公司", "北京远大科技有限公司"),
        ("宏图科技（北京）有限公司", "宏图科技（深圳）有限公司"),
        ("青岛安洋电器连锁有限公司", "青岛海蓝机电有限公司"),
        ("Eastwave Education", "Westwave Logistics"),
        ("", "有限公司"),
    ],
)
def test_companies_that_are_two(one: str, other: str) -> None:
    assert likeness(company_form(one), company_form(other)) < 0.86


def test_a_place_alone_is_a_name() -> None:
    assert company_form("上海公司").core
    assert company_form("有限公司").core


def test_people_by_any_order_of_their_names() -> None:
    assert likeness(person_form("Wang Wei"), person_form("Wei Wang")) == 1
    assert likeness(person_form("王伟先生"), person_form("王伟")) == 1
    assert likeness(person_form("王伟"), person_form("李伟")) < 0.86


NAMES = st.lists(st.text("宏图科技远大海蓝机电", min_size=2, max_size=6), min_size=2, max_size=14)


@settings(max_examples=40)
@given(NAMES)
def test_pairs_found_are_those_of_comparing_all(names: list[str]) -> None:
    forms = [company_form(n) for n in names]
    found = {(i, j) for i, j, _ in alike(forms, 0.9)}
    every = {
        (i, j) for i, j in itertools.combinations(range(len(forms)), 2) if likeness(forms[i], forms[j]) >= 0.9
    }
    assert found == every


def test_the_same_name_is_found_however_common_its_pieces_are() -> None:
    forms = [NameForm(f"科技{n:03}") for n in range(200)] + [NameForm("科技")] * 2
    assert (200, 201, 1.0) in list(alike(forms, 0.95))
