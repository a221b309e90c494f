"""Workbooks that an earlier version wrote, whose plan said some things otherwise: they become as this one's, told in
a few lines, and are never refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.refresh.small_world import TODAY, View, sheet_part, typed, with_text

from crmsheet import api
from crmsheet.api import marks, recomputing
from crmsheet.api.restructuring import change
from crmsheet.compile import Compiled, compiled
from crmsheet.compile.pieces import Context
from crmsheet.plan.cells import Block, PlanCell
from crmsheet.refresh import NoteKind
from crmsheet.refresh.aging import Aged
from crmsheet.refresh.cells import shown
from crmsheet.refresh.written import aged

OURS = 'IF(orders[[#This Row],[_used]]=0,"",as_of-orders[[#This Row],[Date]])'
THEIRS = 'IF(orders[[#This Row],[_used]]=0,"",as_of-1*orders[[#This Row],[Date]])'


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """An earlier version built the workbook, which did not remember yet what it wrote."""
    monkeypatch.setattr(recomputing, "aged", lambda *_: Aged(known=False))


def with_formula(content: bytes, formula: str, rows: int | None = None) -> bytes:
    """The workbook with another formula in (so many cells of) a column."""
    return with_text(
        content,
        sheet_part(content, "Orders"),
        lambda t: t.replace(f"<f>{OURS}<", f"<f>{formula}<", rows or -1),
    )


def as_built(content: bytes | None, small: bytes) -> None:
    now, then = View.of(content), View.of(small)
    for name in ("Customers", "Orders", "Board", "Guide"):
        cells = [
            {c.ref: (c.value, c.formula) for c in v.package.cells(v.package.sheet(name))} for v in (now, then)
        ]
        differing = {ref for ref in {*cells[0], *cells[1]} if cells[0].get(ref) != cells[1].get(ref)}
        assert len(differing) <= (name == "Board"), differing
    assert api.refresh(content or b"", name="b.xlsx", today=TODAY).content is None


@pytest.mark.usefixtures("newer")
def test_a_column_whose_formula_was_another_is_told_once(small: bytes) -> None:
    done = api.refresh(with_formula(small, THEIRS), name="b.xlsx", today=TODAY)
    as_built(done.content, small)
    column = re.sub(r"\d", "", View.of(small).place("orders", "Days ago", 0))
    assert [(n.kind, n.sheet, n.cell, n.column, n.old, n.new) for n in done.notes] == [
        (NoteKind.UPGRADED, "Orders", f"{column}4:{column}33", "Days ago", shown(f"={THEIRS}"), "30 cells")
    ]


@pytest.mark.usefixtures("newer")
def test_cells_that_people_changed_are_told_beside_it(small: bytes) -> None:
    content = typed(
        with_formula(small, THEIRS), "Orders", {View.of(small).place("orders", "Days ago", 4): 77.0}
    )
    content = with_text(
        content, sheet_part(content, "Orders"), lambda t: t.replace(f"<f>{THEIRS}<", "<f>1+1<", 1)
    )
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    as_built(done.content, small)
    assert sorted((n.kind.value, n.old) for n in done.notes) == [
        ("formula restored", "77"),
        ("formula restored", "=1+1"),
        ("upgraded", shown(f"={THEIRS}")),
    ]


def test_a_column_that_people_gave_another_formula_is_told_once(small: bytes) -> None:
    done = api.refresh(with_formula(small, "1+1"), name="b.xlsx", today=TODAY)
    as_built(done.content, small)
    assert [(n.kind, n.old, n.new) for n in done.notes] == [(NoteKind.FORMULA_RESTORED, "=1+1", "30 cells")]


def test_a_few_formulas_are_told_cell_by_cell(small: bytes) -> None:
    done = api.refresh(with_formula(small, "1+1", 3), name="b.xlsx", today=TODAY)
    as_built(done.content, small)
    assert [(n.kind, n.old) for n in done.notes] == [(NoteKind.FORMULA_RESTORED, "=1+1")] * 3


@pytest.mark.usefixtures("newer")
def test_words_above_a_table_and_on_the_guide_become_this_versions(small: bytes) -> None:
    view = View.of(small)
    guide = [
        c.ref
        for c in view.package.cells(view.package.sheet("Guide"))
        if isinstance(c.value, str) and c.formula is None and c.row > 8
    ]
    content = typed(small, "Guide", {ref: f"words of old {ref}" for ref in guide[:12]})
    content = typed(content, "Customers", {"A2": "How one typed here once."})
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    as_built(done.content, small)
    told = [(n.kind, n.sheet) for n in done.notes]
    assert (NoteKind.UPGRADED, "Customers") in told
    assert (NoteKind.UPGRADED, "Guide") in told
    assert len(told) < 8


@pytest.mark.usefixtures("newer")
@pytest.mark.parametrize("sheet", ["board", "_calc", "customers"])
def test_a_block_that_was_not_there_yet_is_put_in(
    small: bytes, monkeypatch: pytest.MonkeyPatch, sheet: str
) -> None:
    row, column = (60, 2) if sheet == "board" else (0, 30) if sheet == "customers" else (900, 0)
    cells = (PlanCell(0, 0, "A new thing"), PlanCell(1, 0, "that says more"))
    block = Block(f"{sheet.strip('_')}.thing", sheet, row, column, 2, 1, cells)

    def with_more(build: Callable[[Context], Compiled]) -> Callable[[Context], Compiled]:
        def made(context: Context) -> Compiled:
            done = build(context)
            return replace(done, plan=replace(done.plan, blocks=(*done.plan.blocks, block)))

        return made

    for module in (recomputing, change):
        monkeypatch.setattr(module, "compiled", with_more(compiled))
    done = api.refresh(small, name="b.xlsx", today=TODAY)
    view = View.of(done.content)
    name, _, place = view.name(f"_crm.{block.anchor}").partition("!")
    top = place.replace("$", "").partition(":")[0]
    assert view.value(name, top) == "A new thing"
    assert not [n for n in done.notes if n.kind is NoteKind.BLOCK_LEFT_OUT]
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


@pytest.mark.usefixtures("newer")
def test_a_hidden_column_that_was_not_there_yet_is_added(
    small: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(context: Context) -> Compiled:
        done = compiled(context)
        orders = done.plan.table("orders")
        used = orders.columns[orders.index("_used")]
        more = replace(used, id="_more", header="_more")
        columns = (*orders.columns[:-1], more, orders.columns[-1])
        tables = tuple(replace(t, columns=columns) if t is orders else t for t in done.plan.tables)
        return replace(done, plan=replace(done.plan, tables=tables))

    for module in (recomputing, change):
        monkeypatch.setattr(module, "compiled", made)
    done = api.refresh(small, name="b.xlsx", today=TODAY)
    view = View.of(done.content)
    assert view.column("orders", "_more") == view.column("orders", "_used")
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


def test_what_was_brought_up_to_date_is_not_taken_for_an_earlier_versions_again(
    small: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record says from then on which version wrote last."""
    for module in (recomputing, marks):
        monkeypatch.setattr(module, "edition", lambda: "99.0")
    up_to_date = api.refresh(small, name="b.xlsx", today=TODAY)
    assert up_to_date.content is None
    monkeypatch.setattr(recomputing, "aged", lambda *_: Aged(known=False))
    done = api.refresh(with_formula(small, THEIRS), name="b.xlsx", today=TODAY)
    monkeypatch.setattr(recomputing, "aged", aged)
    again = api.refresh(with_formula(done.content or b"", "1+1"), name="b.xlsx", today=TODAY)
    assert [(n.kind, n.old) for n in again.notes] == [(NoteKind.FORMULA_RESTORED, "=1+1")]
