"""The case files: our values, LibreOffice's values, and that no function goes without cases."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from tests.formulas.cases import Case, cases, differences
from tests.formulas.workbench import WorldScope, agree, evaluated, recalculated
from tests.judge.libreoffice import needs_libreoffice

from crmsheet.excel.numbers import number_in
from crmsheet.excel.values import ExcelError, Value, same_value
from crmsheet.formulas.checker import check
from crmsheet.formulas.functions import TABLE
from crmsheet.formulas.tree import Call, Cell, Column, Node, walk

ALL = tuple(cases())
WITHOUT_ARGUMENTS = {"PI", "NA", "TRUE", "FALSE", "TODAY"}


_NODES: dict[str, Node] = {}


def node_of(case: Case) -> Node:
    """The tree of a case, parsed once."""
    if case.place not in _NODES:
        checked = check(case.expression, WorldScope(case.world))
        assert checked.node is not None, f"{case.place}: {checked.problems}"
        _NODES[case.place] = checked.node
    return _NODES[case.place]


def close(expected: Value, found: Value) -> bool:
    """Case files write fractions with 15 digits at most."""
    if isinstance(expected, float) and isinstance(found, float):
        return abs(expected - found) <= 1e-12 * max(1.0, abs(expected))
    return same_value(expected, found)


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.place}")
def test_value_is_the_expected_one(case: Case) -> None:
    found = evaluated(node_of(case), case.world)
    wrong = [
        f"row {row}: expected {expected.value!r}, found {value!r}"
        for row, (expected, value) in enumerate(zip(case.expected, found, strict=True))
        if not close(expected.value, value)
    ]
    assert not wrong, f"{case.place}  {case.expression}\n" + "\n".join(wrong)


@needs_libreoffice
def test_libreoffice_agrees_except_where_it_is_known_not_to(tmp_path: Path) -> None:
    theirs = recalculated([(case.world, [node_of(case)]) for case in ALL], tmp_path)
    wrong = []
    for case, (values,) in zip(ALL, theirs, strict=True):
        for row, (expected, value) in enumerate(zip(case.expected, values, strict=True)):
            same = agree(expected.value, value)
            if same and expected.differs:
                wrong.append(
                    f"{case.place} {case.expression} row {row}: no longer differs ({expected.differs})"
                )
            elif not same and not expected.differs:
                wrong.append(f"{case.place} {case.expression} row {row}: {expected.value!r}, they {value!r}")
    assert not wrong, "\n".join(wrong)


def test_every_difference_has_a_source_and_a_case() -> None:
    known = differences()
    used = {expected.differs for case in ALL for expected in case.expected} - {""}
    assert used == set(known)
    assert [word for word, text in known.items() if "Source:" not in text] == []


@cache
def values_given_to_functions() -> dict[str, list[Value]]:
    """For each function the cells its cases are computed from."""
    seen: dict[str, list[Value]] = {}
    for case in ALL:
        nodes = tuple(walk(node_of(case)))
        cells: list[Value] = []
        for leaf in nodes:
            if isinstance(leaf, Cell | Column):
                cells.extend(case.world.tables[leaf.table][leaf.field])
        for call in nodes:
            if isinstance(call, Call):
                seen.setdefault(call.function, []).extend(cells)
    return seen


@pytest.mark.parametrize("name", sorted(set(TABLE) - WITHOUT_ARGUMENTS))
def test_function_has_cases_with_blank_error_and_text_number(name: str) -> None:
    seen = values_given_to_functions().get(name, [])
    assert any(value is None for value in seen), f"no case of {name} has a blank"
    assert any(isinstance(value, ExcelError) for value in seen), f"no case of {name} has an error"
    assert any(isinstance(value, str) and number_in(value) is not None for value in seen), (
        f"no case of {name} has a text that looks like a number"
    )
