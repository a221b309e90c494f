"""Cells of several choices."""

from __future__ import annotations

import pytest

from crmsheet.model.several import joined, parted, reworded, with_signs
from crmsheet.model.words import Language


@pytest.mark.parametrize(
    "text",
    [
        "Core、API",
        "Core, API",
        "Core,API",
        "Core，API",
        "Core ; API",
        "Core；API",
        "Core|API",
        "Core\nAPI",
        "API、",
    ],
)
def test_items_are_parted_by_what_people_type(text: str) -> None:
    assert parted(text) == (("Core", "API") if "Core" in text else ("API",))


def test_a_label_may_hold_a_sign() -> None:
    labels = with_signs(("Team", "Business (SSO, audit log, support)", "SSO"))
    assert parted("Team, Business (SSO, audit log, support), SSO", labels) == (
        "Team",
        "Business (SSO, audit log, support)",
        "SSO",
    )
    assert parted("business (sso, audit log, support)", labels) == ("business (sso, audit log, support)",)
    assert parted("Team, Business (SSO", labels) == ("Team", "Business (SSO")


def test_items_are_joined_in_the_words_of_the_language() -> None:
    assert joined(("Core", "API"), Language.EN) == "Core, API"
    assert joined(("核心", "接口"), Language.ZH) == "核心、接口"


def test_other_words_leave_the_signs_as_people_typed_them() -> None:
    words = {"Core": "Basis", "A, B": "AB"}
    assert reworded("Core; API、Core", words) == "Basis; API、Basis"
    assert reworded("API, A, B,Core", words) == "API, AB,Basis"
    assert reworded("A, B", {"A": "Z"}, with_signs(("A, B",))) == "A, B"
