"""A model without a field has nothing left that needs it, whichever field it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache

import pytest

from crmsheet.api.building import built_from
from crmsheet.formulas.tree import Cell, Column, Measure
from crmsheet.model.reduction import reduced
from crmsheet.model.spec import Model
from crmsheet.model.words import Language
from crmsheet.spec import load
from crmsheet.starters import starter_path


@cache
def starter(name: str) -> Model:
    return load(starter_path(name))


def parts(thing: object) -> Iterator[object]:
    yield thing
    if isinstance(thing, tuple):
        for one in thing:
            yield from parts(one)
    elif is_dataclass(thing):
        for own in fields(thing):
            yield from parts(getattr(thing, own.name))


def astray(model: Model) -> list[str]:
    """What a model names and does not have."""
    have = {(t.id, f.id) for t in model.tables for f in t.fields}
    metrics = {m.id for m in model.metrics}
    lists = {x.id for x in model.lists}
    found = []
    for part in parts((model.tables, model.metrics, model.boards, model.history, model.reminders)):
        match part:
            case Cell(table, name) | Column(table, name) if (table, name) not in have:
                found.append(f"{table}[{name}]")
            case Measure(metric) if metric not in metrics:
                found.append(metric)
            case _:
                wanted = getattr(part, "list", "")
                if isinstance(wanted, str) and wanted and wanted not in lists:
                    found.append(wanted)
    for board in model.boards:
        for block in board.blocks:
            shown = getattr(block, "metrics", ())
            found += [m for m in shown if m not in metrics]
    return found


@pytest.mark.parametrize("name", ["account-manager"])
def test_nothing_is_left_that_needs_what_is_gone(name: str) -> None:
    model = starter(name)
    assert astray(model) == []
    for table in model.tables:
        for one in table.fields[::5]:
            if one.id != table.key and not one.type.computed:
                small = reduced(model, fields=[(table.id, one.id)])
                assert astray(small.model) == [], f"{table.id}.{one.id}"
                assert all(not t.has_field(one.id) for t in small.model.tables if t.id == table.id)


def test_without_a_table_nothing_refers_to_it() -> None:
    model = starter("account-manager")
    for table in model.tables:
        small = reduced(model, tables=[table.id]).model
        assert astray(small) == [], table.id
        assert all(f.table != table.id for t in small.tables for f in t.fields)


def test_nothing_goes_where_nothing_is_to_go() -> None:
    model = starter("account-manager")
    small = reduced(model)
    assert small.followed == ()
    assert small.model == model


@pytest.mark.slow
@pytest.mark.parametrize("name", ["account-manager", "follow-up"])
def test_what_is_left_can_be_built(name: str) -> None:
    model = starter(name)
    for table in model.tables:
        optional = [f.id for f in table.fields if f.id != table.key and not f.type.computed]
        small = reduced(model, fields=[(table.id, f) for f in optional[1::2]]).model
        if small.tables:
            assert built_from(small, {}, Language.EN, today=date(2026, 3, 31)).content
