"""Heights of rows on sheets that a changed spec lays out anew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.refresh.small_world import CUSTOMERS, ORDERS, SPEC, TODAY, member, sheet_part, with_text

from crmsheet import api
from crmsheet.api.building import built_from
from crmsheet.model.words import Language
from crmsheet.spec import load

REMARK = "      remark: {type: text, label: Remark}\n"
MORE = REMARK + "".join(f"      more_{n}: {{type: text, label: More {n}}}\n" for n in range(5))


def heights(content: bytes | None, sheet: str) -> Mapping[int, float]:
    assert content is not None
    text = member(content, sheet_part(content, sheet)).decode()
    rows = re.findall(r'<row r="(\d+)"([^>]*)>', text)
    found = {int(row): re.search(r'\bht="([^"]+)"', rest) for row, rest in rows}
    return {row: float(match[1]) for row, match in found.items() if match is not None}


@pytest.mark.parametrize(("old", "new"), [(REMARK, MORE), (REMARK, "")])
def test_a_guide_laid_out_anew_has_the_heights_of_a_new_one(
    small: bytes, tmp_path: Path, old: str, new: str
) -> None:
    path = tmp_path / "changed.yaml"
    path.write_text(SPEC.replace(old, new), encoding="utf-8")
    taller = with_text(
        small,
        sheet_part(small, "Guide"),
        lambda text: re.sub(r'(<row r="5"[^>]*?) ht="[^"]+"', r'\1 ht="77"', text),
    )
    done = api.refresh(taller, name="b.xlsx", today=TODAY, spec=path)
    rows = {"customers": [dict(r) for r in CUSTOMERS], "orders": [dict(r) for r in ORDERS]}
    if not new:
        rows["customers"] = [{k: v for k, v in r.items() if k != "remark"} for r in rows["customers"]]
    built = built_from(load(path), rows, Language.EN, today=TODAY)  # type: ignore[arg-type] # rows loosely typed
    wanted = heights(built.content, "Guide")
    assert heights(small, "Guide") != wanted
    found = heights(done.content, "Guide")
    assert {row: height for row, height in found.items() if row != 5} == {
        row: height for row, height in wanted.items() if row != 5
    }
    assert found[5] == 77, "people made it taller"
