"""The rules that go with a workbook come up for review."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from crmsheet import api
from crmsheet.api.building import built_from
from crmsheet.model.words import Language
from crmsheet.spec import load
from crmsheet.starters import starter_path

TODAY = dt.date(2026, 6, 24)
SPEC = """\
crmsheet: 1
name: rules
title: Rules
language: en
include: [policy.yaml]
tables:
  users:
    label: People
    key: name
    fields:
      name: {type: text, label: Name, required: true, unique: true}
"""


def test_a_policy_is_due_when_its_review_date_comes(tmp_path: Path) -> None:
    core = starter_path("charts").parent / "core" / "policy.yaml"
    (tmp_path / "policy.yaml").write_text(core.read_text("utf-8"), "utf-8")
    (tmp_path / "main.yaml").write_text(SPEC, "utf-8")
    days = {"Discounts": -3, "Backups": 10, "Passwords": 31}
    rows: dict[str, list[dict[str, str | dt.date]]] = {
        "users": [{"name": "Ann"}],
        "policy": [
            {"topic": topic, "rule": "as agreed", "owner": "Ann", "review_date": TODAY + dt.timedelta(days=n)}
            for topic, n in days.items()
        ],
    }
    book = built_from(load(tmp_path / "main.yaml"), rows, Language.EN, today=TODAY, as_of=TODAY).content
    due = api.remind(book, name="rules.xlsx", today=TODAY).due
    assert [(one.owner, one.key, (one.day - TODAY).days) for one in due] == [
        ("Ann", "Discounts", -3),
        ("Ann", "Backups", 10),
    ]
