"""What people are told of roles and of copies, in their language."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.api.team_world import SPEC, TODAY, master
from tests.cli.conftest import Crmsheet

from crmsheet.api.team.sharing import Shared, _Labels, share
from crmsheet.cli.copyreceipts import lines
from crmsheet.messages import in_language
from crmsheet.model.words import Language
from crmsheet.spec import load
from crmsheet.starters import starter_path


@pytest.fixture(scope="module")
def copy() -> Shared:
    return share(master(), name="m.xlsx", role="manager", person="Ann Ahlers", today=TODAY, salt="s")


def test_what_went_with_dropped_fields_is_named_by_kind_and_label(copy: Shared) -> None:
    (told,) = (line for line in lines(copy, verbose=True) if "with them" in line)
    assert told.startswith("left out with them: ")
    assert {"metric Credits", "field Customers.Over"} <= set(told.partition(": ")[2].split(", "))
    chinese = in_language(told, "zh")
    assert chinese.startswith("随之去掉：")
    assert {"指标“Credits”", "字段“Customers.Over”"} <= set(chinese.partition("：")[2].split("、"))


def test_blocks_are_named_by_their_title_or_else_their_id() -> None:
    model = load(starter_path("follow-up"))
    labels = _Labels(model, Language.ZH)
    named = {labels.of("block", f"{board.id}.{b.id}") for board in model.boards for b in board.blocks}
    assert "关联与变化.ages" not in named
    assert "关联与变化.联系人年龄 × 产品类别销售额" in named
    assert "漏斗.rivals" in named


def test_who_sees_what_is_said_in_chinese(crmsheet: Crmsheet, tmp_path: Path) -> None:
    (tmp_path / "team.yaml").write_text(SPEC, encoding="utf-8")
    english = crmsheet("access", "team.yaml", "--role", "manager", cwd=tmp_path).text
    chinese = crmsheet(
        "access", "team.yaml", "--role", "manager", cwd=tmp_path, env={"CRMSHEET_LANG": "zh"}
    ).text
    assert "    mask   Phone, Mail\n" in english
    assert "    打码     Phone、Mail\n" in chinese
    assert "    去掉     " in chinese
    assert not any(word in chinese for word in ("write", "read", "drop"))
