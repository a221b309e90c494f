"""The follow-up workbook after a day of work in LibreOffice: right numbers, nothing lost."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.judge import uno_session
from tests.judge.charts import stale_points
from tests.judge.fingerprint import lost
from tests.judge.libreoffice import compare_all
from tests.judge.once import made_once
from tests.judge.package import Package, cell_position
from tests.judge.steps import find_table
from tests.refresh.scenario import AS_OF, COPIED, GENERATED, GOOD, WRONG, Day, World, a_day
from tests.refresh.small_world import TODAY, View, built, typed, with_text

from crmsheet import api
from crmsheet.api.refreshing import Refreshed
from crmsheet.diagnostics import CellPlace
from crmsheet.model.spec import Model
from crmsheet.model.words import Language
from crmsheet.refresh import NoteKind
from crmsheet.spec import load
from crmsheet.starters import starter_path

_MANGLED = re.compile(r": link \S+: was (_crm\.[\w.]+)!(\w+), is \1\.\2$")
"""A link to a name of ours, as LibreOffice saves it, and as it leads there again."""


@dataclass(frozen=True, slots=True)
class Edited:
    """A workbook before and after its refresh."""

    world: World
    day: Day
    before: Path
    after: Path
    done: Refreshed
    words: dict[str, str]


def follow_up(language: Language, factory: pytest.TempPathFactory, folder: Path, customers: int) -> World:
    """The starter with some demo customers, built once for all modules."""

    def made() -> bytes:
        return api.build(
            "follow-up", today=AS_OF, as_of=AS_OF, language=language.value, demo=True, customers=customers
        ).content

    path = folder / f"跟进 {language.value}.xlsx"
    path.write_bytes(made_once(factory, f"edited-follow-up-{language.value}-{customers}", made))
    model: Model = load(starter_path("follow-up"))
    return World(path, model, language)


@pytest.fixture(
    scope="module", params=[Language.ZH, pytest.param(Language.EN, marks=pytest.mark.slow)], ids=str
)
def edited(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Edited:
    """A starter in one language, edited in LibreOffice, refreshed; the slow suite takes the other one, too."""
    uno_session.require()
    folder = tmp_path_factory.mktemp("day")
    world = follow_up(request.param, tmp_path_factory, folder, 15)
    day = a_day(world, libreoffice=True)
    target = folder / f"edited {world.language.value}.xlsx"
    (path,) = uno_session.edit_all([(world.path, target, day.steps)])
    done = api.refresh(path.read_bytes(), name=path.name, today=AS_OF)
    after = folder / f"refreshed {world.language.value}.xlsx"
    after.write_bytes(done.content or b"")
    words = {f.id: f.label.text(world.language) for f in world.model.table("activities").fields}
    return Edited(world, day, path, after, done, words)


def test_the_numbers_are_right(edited: Edited) -> None:
    differences = compare_all([edited.after])
    assert [str(d) for found in differences.values() for d in found] == []


def test_charts_show_what_the_cells_hold(edited: Edited) -> None:
    assert [str(p) for p in stale_points(edited.after)] == []


def test_nothing_of_the_people_is_lost(edited: Edited) -> None:
    _, table = find_table(edited.before, "activities")
    id_column = table.box[1] + table.names.index("_id")

    def owned(sheet: str, ref: str) -> bool:
        if sheet in GENERATED:
            return True
        if sheet == edited.day.customers and ref == edited.day.typed_over:
            return True
        return sheet == edited.day.activities and cell_position(ref)[1] == id_column

    # a table's style is one of the things LibreOffice drops and a refresh restores
    gone = lost(edited.before, edited.after, owned=owned, skip=("table",))
    # Of a validation of ours LibreOffice moves the references when columns of another sheet are moved, by chance.
    healed = [
        (f"{n.sheet}: validation", f" sqref={n.cell} ")
        for n in edited.done.notes
        if n.kind is NoteKind.RULE_RESTORED and n.old.endswith(": it spoke of other cells")
    ]
    # So it does with cells that a name sees from its row.
    healed += [(f"name {n.new} ", "") for n in edited.done.notes if n.kind is NoteKind.NAME_RESTORED]
    gone = [g for g in gone if not _MANGLED.search(g)]
    assert [g for g in gone if not any(g.startswith(head) and cells in g for head, cells in healed)] == []


def test_rows_below_the_table_are_adopted_and_ids_stay_unique(edited: Edited) -> None:
    total = GOOD + WRONG + COPIED
    adopted = [n for n in edited.done.notes if n.kind is NoteKind.ROW_ADOPTED]
    assert len(adopted) == total
    assert {n.sheet for n in adopted} == {edited.day.activities}
    view = View(Package(edited.after))
    for name in ("activities", "customers", "deals"):
        ids = view.column(name, "_id")
        assert all(ids), name
        assert len(set(ids)) == len(ids), name
    before = find_table(edited.world.path, "activities")[1].box
    after = find_table(edited.after, "activities")[1].box
    assert after[2] == before[2] + total


def test_copied_rows_become_new_ones(edited: Edited) -> None:
    copied = [n for n in edited.done.notes if n.kind is NoteKind.ROW_COPIED]
    first = edited.day.first_new + GOOD + WRONG
    assert [cell_position(n.cell)[0] for n in copied] == list(range(first, first + COPIED))


def test_what_was_moved_renamed_and_typed_over_is_named(edited: Edited) -> None:
    notes = edited.done.notes
    renamed = [n for n in notes if n.kind is NoteKind.SHEET_RENAMED]
    assert [n.new for n in renamed] == [edited.day.customers]
    restored = [n for n in notes if n.kind is NoteKind.FORMULA_RESTORED]
    assert [(n.sheet, n.cell, n.old) for n in restored] == [
        (edited.day.customers, edited.day.typed_over, "123456")
    ]
    assert [n for n in notes if n.kind is NoteKind.BLOCK_LEFT_OUT] == []


def test_wrong_data_is_found_with_sheet_cell_and_column(edited: Edited) -> None:
    first = edited.day.first_new + GOOD
    found = {
        (place.sheet, cell_position(place.cell)[0], place.column)
        for p in edited.done.problems
        if isinstance(place := p.place, CellPlace)
    }
    for number, field in enumerate(("customer", "type", "date", "result")):
        assert (edited.day.activities, first + number, edited.words[field]) in found, field


def test_sorted_customers_keep_their_ids(edited: Edited) -> None:
    header = edited.world.word("customers", "name")
    before, after = View(Package(edited.world.path)), View(Package(edited.after))
    old = dict(zip(before.column("customers", header), before.column("customers", "_id"), strict=True))
    new = dict(zip(after.column("customers", header), after.column("customers", "_id"), strict=True))
    assert new == old


def test_formulas_of_the_people_have_their_new_value(edited: Edited) -> None:
    view = View(Package(edited.after))
    header = edited.world.word("customers", "revenue")
    total = sum(v for v in view.column("customers", header) if isinstance(v, float))
    assert view.value(edited.day.own, "B1") == pytest.approx(total)
    assert view.value(edited.day.own, "B2") == pytest.approx(2 * total)


def test_a_second_refresh_writes_nothing(edited: Edited) -> None:
    again = api.refresh(edited.after.read_bytes(), name="again.xlsx", today=AS_OF)
    assert again.content is None
    assert again.values_changed == 0


def test_empty_tables_blank_rows_and_odd_values_are_judged(small: bytes, tmp_path: Path) -> None:
    """Whatever stands in a table, our values are those of LibreOffice, and blank rows are no errors.

    No truth values: LibreOffice counts them as numbers, Excel does not.
    """
    view = View.of(small)
    stretched = with_text(small, "xl/tables/table1.xml", lambda t: t.replace("A3:L15", "A3:L20"))
    hollow = typed(small, "Orders", {f"{c}{r}": None for c in "ABCDEFGHI" for r in (6, 7, 12)})
    empty = built(tmp_path, customers=(), orders=())
    odd = typed(
        small,
        "Orders",
        {
            view.place("orders", "Amount", 0): "12",
            view.place("orders", "Date", 2): "2026-01-05",
            view.place("orders", "Customer", 3): "nobody",
            view.place("orders", "Customer", 4): None,
        },
    )
    chosen = typed(small, "Orders", {view.place("orders", "Amount", 0): 5000.0})
    paths = []
    for name, content in {
        "stretched": stretched,
        "hollow": hollow,
        "empty": empty,
        "odd": odd,
        "chosen": chosen,
    }.items():
        done = api.refresh(content, name=name, today=TODAY)
        if name != "odd":
            assert done.problems == (), name
        assert (done.content is None) == (name == "empty"), name
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(done.content or content)
        assert [str(p) for p in stale_points(path)] == [], name
        paths.append(path)
    differences = compare_all(paths, tmp_path)
    assert {p.name: [str(d) for d in found] for p, found in differences.items() if found} == {}
