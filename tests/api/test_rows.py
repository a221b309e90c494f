"""Rows as they come become the columns of a new workbook."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.refresh.small_world import SPEC

from crmsheet.api.rows import initial_state
from crmsheet.model.words import Language
from crmsheet.spec import load


@pytest.mark.parametrize("count", [0, 1, 499, 1001])
def test_what_a_row_does_not_hold_is_blank(tmp_path: Path, count: int) -> None:
    spec = tmp_path / "small.yaml"
    spec.write_text(SPEC, encoding="utf-8")
    rows = [{"name": f"Company {n}"} | ({} if n % 7 else {"remark": f"remark {n}"}) for n in range(count)]
    state, next_row, _ = initial_state(load(spec), Language.EN, {"customers": rows}, "k3f9")
    customers = state.tables["customers"]
    assert next_row == count + 1
    assert len(set(customers.ids)) == count
    assert customers.columns["name"] == tuple(f"Company {n}" for n in range(count))
    assert customers.columns["remark"] == tuple(None if n % 7 else f"remark {n}" for n in range(count))
    assert customers.columns["region"] == (None,) * count
