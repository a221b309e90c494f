"""Which charts people left as they were drawn, in workbooks whose record does not say how that was."""

from __future__ import annotations

import re

import pytest
from tests.refresh.small_world import View, with_text

from crmsheet.opc.package import Package
from crmsheet.refresh.structure.drawn import untouched

SAVED = {
    "LibreOffice": r'\1<c:roundedCorners val="0"/>',
    "an older LibreOffice": r'<c:date1904 val="0"/><c:roundedCorners val="0"/>',
    "Excel": r'<c:date1904 val="0"/>\1<c:roundedCorners val="0"/>',
}
"""How each of them begins a chart; the group is its language."""


def chart_part(content: bytes) -> str:
    return next(p for p in View.of(content).package.parts if re.fullmatch(r"xl/charts/chart\d+\.xml", p))


def test_a_chart_that_no_other_program_saved_is_untouched(small: bytes) -> None:
    assert untouched(Package.of(small, "b.xlsx").tree(chart_part(small)), None)


@pytest.mark.parametrize("program", SAVED)
def test_a_chart_that_another_program_saved_may_be_peoples(small: bytes, program: str) -> None:
    part = chart_part(small)
    saved = with_text(small, part, lambda text: re.sub(r"(<c:lang [^>]*/>)", SAVED[program], text, count=1))
    assert not untouched(Package.of(saved, "b.xlsx").tree(part), None)
