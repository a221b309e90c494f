"""Random expressions over rows with blanks, text-numbers and errors: LibreOffice computes the same."""

from __future__ import annotations

import re
from pathlib import Path

from tests.formulas.random_trees import WORLD, Maker
from tests.formulas.workbench import agree, evaluated, recalculated
from tests.judge.libreoffice import needs_libreoffice

from crmsheet.excel.values import ExcelError, Value
from crmsheet.formulas.render import to_spec

EXPRESSIONS = 600
_SMALL_NUMBER = re.compile(r"\dE-\d")


def known_to_differ(ours: Value, theirs: Value) -> bool:
    """`error-kind`, `error-order` and `scientific` of `tests/cases/excel_differs.txt`."""
    if isinstance(ours, ExcelError) and isinstance(theirs, ExcelError):
        return True
    return isinstance(ours, str) and _SMALL_NUMBER.search(ours) is not None


@needs_libreoffice
def test_random_expressions_have_the_values_libreoffice_computes(tmp_path: Path) -> None:
    maker = Maker(2025)
    nodes = [maker.top(3) for _ in range(EXPRESSIONS)]
    (theirs,) = recalculated([(WORLD, nodes)], tmp_path)
    wrong = []
    values = 0
    for node, column in zip(nodes, theirs, strict=True):
        for row, (ours, other) in enumerate(zip(evaluated(node, WORLD), column, strict=True)):
            values += not isinstance(ours, ExcelError)
            if not agree(ours, other) and not known_to_differ(ours, other):
                wrong.append(f"{to_spec(node, 't')} row {row}: {ours!r}, LibreOffice {other!r}")
    assert not wrong, "\n".join(wrong)
    assert values > EXPRESSIONS * WORLD.rows // 2, "too many errors to judge by"
