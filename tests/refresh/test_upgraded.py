"""A workbook that an earlier crmsheet built, which worded, drew and reckoned some things otherwise, becomes as this one
builds it: nothing of that is told as people's doing, and what people did stays."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.refresh.painting import looks, painted
from tests.refresh.small_world import AS_OF, TODAY, View, built, member, sheet_part, typed, with_text

import crmsheet.compile
from crmsheet import api
from crmsheet.api import marks
from crmsheet.api.reading import context_of
from crmsheet.compile import Compiled, compiled
from crmsheet.compile.pieces import Context
from crmsheet.formulas.tree import Binary, Number
from crmsheet.model.layout import Layout
from crmsheet.opc.package import Package
from crmsheet.plan.book import Plan, PlanSheet
from crmsheet.plan.cells import Block, PlanCell, Role
from crmsheet.plan.place import addresses, default_layout, in_place
from crmsheet.plan.tables import PlanColumn, PlanTable
from crmsheet.read import read_book
from crmsheet.refresh import NoteKind
from crmsheet.refresh.structure.drawn import look_of
from crmsheet.refresh.written import written_by
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.furniture import column_looks
from crmsheet.sheetml.rules import format_rules_of, validations_of

CHART = "xl/charts/chart1.xml"


def _column(column: PlanColumn) -> PlanColumn:
    check = column.validation
    if check is not None:
        column = replace(column, validation=replace(check, prompt=f"Once: {check.prompt}", error="No."))
    if column.id == "late" and column.formula is not None:
        column = replace(column, formula=Binary("+", column.formula, Number(0.0)))
    if column.id == "amount":
        column = replace(column, style=replace(column.style, number_format="0.000"), width=column.width + 9)
    return replace(column, note=f"Once: {column.note}" if column.note else "An explanation of then.")


def _table(table: PlanTable) -> PlanTable:
    highlights = tuple(
        replace(h, formula=Binary("=", h.formula, Number(1.0)), look=replace(h.look, fill="00FF00"))
        for h in table.highlights
    )
    return replace(table, columns=tuple(map(_column, table.columns)), highlights=highlights)


def _cell(cell: PlanCell) -> PlanCell:
    own = cell.role is Role.OWNED and not cell.snapshot
    if own and cell.formula is None and isinstance(cell.value, str) and cell.value:
        return replace(cell, value=f"Once {cell.value}", style=replace(cell.style, color="FF0000"))
    return cell


def _block(block: Block) -> Block:
    if block.sheet != "board" or block.anchor.startswith("options"):
        return block
    return replace(block, cells=tuple(map(_cell, block.cells)))


def _sheet(sheet: PlanSheet) -> PlanSheet:
    if sheet.id != "board":
        return sheet
    return replace(sheet, widths=tuple(replace(w, width=w.width + 3) for w in sheet.widths))


def _otherwise(plan: Plan) -> Plan:
    """The plan as an earlier version might have made it of the same spec."""
    charts = tuple(
        replace(c, title=f"Once {c.title}", series=tuple(replace(s, color="AA0000") for s in c.series))
        for c in plan.charts
    )
    return replace(
        plan,
        sheets=tuple(map(_sheet, plan.sheets)),
        tables=tuple(map(_table, plan.tables)),
        blocks=tuple(map(_block, plan.blocks)),
        charts=charts,
    )


def _earlier(build: Callable[[Context], Compiled]) -> Callable[[Context], Compiled]:
    def made(context: Context) -> Compiled:
        done = build(context)
        return replace(done, plan=_otherwise(done.plan))

    return made


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The small book as an earlier version built it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crmsheet.compile, "compiled", _earlier(compiled))
        patch.setattr(marks, "edition", lambda: "0.0.9")
        return built(tmp_path_factory.mktemp("older"))


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return built(Path(tmp_path_factory.mktemp("newer")))


def _cells(content: bytes) -> dict[str, object]:
    view = View.of(content)
    return {
        f"{sheet.name}!{c.ref}": (c.value, c.formula)
        for sheet in view.package.worksheets
        if sheet.name != "_crmsheet"
        for c in view.package.cells(sheet)
        if (c.value is not None or c.formula is not None) and not str(c.value).startswith("Last refreshed")
    }


def _rules(content: bytes) -> dict[str, set[object]]:
    contents = Contents(Package.of(content, "b.xlsx"))
    found: dict[str, set[object]] = {}
    for sheet in contents.package.workbook.sheets:
        held = contents.sheet(sheet.name)
        assert held is not None
        found[sheet.name] = {
            *((r.kind, r.formulas, r.cells, r.attributes.get("prompt")) for r in validations_of(held.scan)),
            *((r.kind, r.formulas, r.cells) for r in format_rules_of(held.scan)),
        }
    return found


def _widths(content: bytes) -> dict[str, object]:
    contents = Contents(Package.of(content, "b.xlsx"))
    return {
        name: {at: pixels(look.width) for at, look in column_looks(held.scan, range(40)).items()}
        for name in ("Board", "Orders", "Customers")
        if (held := contents.sheet(name)) is not None
    }


def pixels(width: float) -> int:
    """A width as it is seen: files have it with more or less places."""
    return int(width * 7 + 0.5)


def _chart(content: bytes) -> tuple[str, ...]:
    return look_of(Package.of(content, "b.xlsx").tree(CHART))


def _style(content: bytes, sheet: str, ref: str) -> tuple[str, str]:
    """The number format and the colour of a cell."""
    found = load_workbook(io.BytesIO(content))[sheet][ref]
    return found.number_format, str(found.font.color.rgb if found.font.color else "")


def test_the_older_book_differs(older: bytes, newer: bytes) -> None:
    assert _cells(older) != _cells(newer)
    assert _rules(older) != _rules(newer)
    assert _widths(older) != _widths(newer)
    assert _chart(older) != _chart(newer)


def test_what_nobody_touched_becomes_as_this_version_builds_it(older: bytes, newer: bytes) -> None:
    done = api.refresh(older, name="b.xlsx", today=TODAY)
    assert done.content is not None
    assert {n.kind for n in done.notes} == {NoteKind.UPGRADED}
    now, wanted = _cells(done.content), _cells(newer)
    assert {at for at in now.keys() | wanted.keys() if now.get(at) != wanted.get(at)} == set()
    assert _rules(done.content) == _rules(newer)
    assert _widths(done.content) == _widths(newer)
    assert _chart(done.content) == _chart(newer)
    amount = View.of(newer).place("orders", "Amount", 3)
    assert _style(done.content, "Orders", amount) == _style(newer, "Orders", amount)
    title = next(at for at in now if at.startswith("Board!")).partition("!")[2]
    assert _style(done.content, "Board", title) == _style(newer, "Board", title)


def test_it_is_done_once(older: bytes) -> None:
    done = api.refresh(older, name="b.xlsx", today=TODAY)
    again = api.refresh(done.content or b"", name="b.xlsx", today=TODAY)
    assert again.content is None
    assert again.notes == ()


def test_another_version_that_writes_the_same_writes_nothing(
    newer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("recomputing", "marks", "restructuring.change"):
        monkeypatch.setattr(f"crmsheet.api.{module}.edition", lambda: "99.0")
    done = api.refresh(newer, name="b.xlsx", today=TODAY)
    assert done.content is None
    assert done.notes == ()


def test_what_people_did_stays_and_is_told_as_theirs(older: bytes) -> None:
    """A rule, a look, a width, a chart and a formula that they changed, in a book that needs upgrading."""
    view = View.of(older)
    orders, board = sheet_part(older, "Orders"), sheet_part(older, "Board")
    amount = view.place("orders", "Amount", 0)
    content = with_text(
        older,
        orders,
        lambda t: t.replace('error="No."', 'error="Never mind."', 1).replace('width="', 'width="1', 1),
    )
    content = with_text(content, CHART, lambda t: t.replace("Once ", "Ours: ", 1))
    content = typed(content, "Orders", {view.place("orders", "Days ago", 2): 77.0, amount: 12.5})
    assert board != orders
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    told = {(n.kind, n.sheet) for n in done.notes}
    assert (NoteKind.RULE_KEPT, "Orders") in told
    assert (NoteKind.FORMULA_RESTORED, "Orders") in told
    assert {kind for kind, _ in told} == {NoteKind.UPGRADED, NoteKind.RULE_KEPT, NoteKind.FORMULA_RESTORED}
    after = done.content or b""
    assert b"Never mind." in member(after, orders)
    assert b"Ours: " in member(after, CHART)
    assert View.of(after).value("Orders", amount) == 12.5
    assert _first_column(member(after, orders)) == _first_column(member(content, orders))


def test_fills_of_people_stay_in_what_is_drawn_anew(older: bytes, newer: bytes) -> None:
    """On a cell of a board and on a whole column that this version colours and formats otherwise."""
    view = View.of(older)
    board = next(s for s in view.package.worksheets if s.name == "Board")
    title = next(c.ref for c in view.package.cells(board) if str(c.value).startswith("Once "))
    amounts = [view.place("orders", "Amount", row) for row in range(30)]
    content = painted(painted(older, "Board", [title], "FFFF00"), "Orders", amounts, "FFFF00")
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    now, wanted = looks(done.content or b"", "Board", [title]), looks(newer, "Board", [title])
    assert now[title] == replace(wanted[title], fill="FFFFFF00")
    now, wanted = looks(done.content or b"", "Orders", amounts), looks(newer, "Orders", amounts)
    assert now == {at: replace(look, fill="FFFFFF00") for at, look in wanted.items()}


def _first_column(sheet: bytes) -> bytes:
    return sheet[sheet.index(b"<col ") :].split(b"/>")[0]


def _plan(content: bytes) -> Plan:
    """What a refresh of a workbook plans."""
    reading = read_book(Contents(Package.of(content, "small.xlsx")))
    return compiled(context_of(reading, reading.record.model, AS_OF, TODAY)).plan


def _moved(layout: Layout) -> Layout:
    """Everything some rows further down, on sheets with other names."""
    sheets = {i: f"My {name}" for i, name in layout.sheets.items()}
    return Layout(
        sheets,
        {i: replace(t, sheet=f"My {t.sheet}", name=f"my_{t.name}") for i, t in layout.tables.items()},
        {
            a: replace(p, sheet=f"My {p.sheet}", rows=tuple(row + 3 for row in p.rows))
            for a, p in layout.anchors.items()
        },
    )


def test_prints_are_the_same_wherever_people_moved_things(small: bytes) -> None:
    """The formulas of a workbook whose things stand where a new one has them are taken as they are; of any other they
    are told as a new one would have them."""
    plan = _plan(small)
    new = default_layout(plan)
    plain = written_by(plan, "edition")
    for layout in (new, _moved(new)):
        standing = addresses(plan, layout)
        texts = [standing.text(cell.formula) for block in plan.blocks for cell in block.cells if cell.formula]
        assert texts
        assert written_by(plan, "edition", standing) == plain
    assert in_place(plan, new, new)
    assert not in_place(plan, _moved(new), new)
    for anchor, place in new.anchors.items():
        lower = replace(place, rows=tuple(row + 1 for row in place.rows))
        known = any(block.anchored for block in plan.blocks if block.anchor == anchor)
        assert in_place(plan, replace(new, anchors={**new.anchors, anchor: lower}), new) is not known
    for table, at in new.tables.items():
        other = replace(at, headers={**at.headers, next(iter(at.headers)): "Another"})
        assert not in_place(plan, replace(new, tables={**new.tables, table: other}), new)
