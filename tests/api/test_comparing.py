"""What changed between two states of a book: by row id and field, wherever things stand by now."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from tests.refresh.small_world import CUSTOMERS, ORDERS, SPEC, TODAY, built

from crmsheet import api
from crmsheet.api.building import built_from
from crmsheet.api.differences.found import Compared, Content, Kind, TableDifference, What
from crmsheet.errors import UsageError, WorkbookRefused
from crmsheet.model.words import Language
from crmsheet.spec import load

_INPUTS = {"Customer": "name", "Region": "region", "Since": "since", "Remark": "remark"}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The small book with few orders, as built."""
    return built(tmp_path_factory.mktemp("small"), orders=ORDERS[:4])


def compared(old: bytes, new: bytes, **wishes: Any) -> Compared:
    return api.compare(old, new, old_name="old.xlsx", new_name="new.xlsx", today=TODAY, **wishes)


def edited(content: bytes, edit: Callable[[Any], None]) -> bytes:
    """The workbook after somebody's script changed it; no computed cell keeps its value."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    edit(workbook)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def refreshed(content: bytes, **options: Any) -> bytes:
    done = api.refresh(content, name="book.xlsx", today=TODAY, **options)
    assert done.content is not None
    return done.content


def table(found: Compared, table_id: str = "customers") -> TableDifference:
    return next(t for t in found.tables if t.id == table_id)


def cells(found: Compared, table_id: str = "customers") -> dict[tuple[str, str], tuple[object, object]]:
    """(Key, field) to old and new data."""
    return {
        (row.key, cell.field): (cell.old.data, cell.new.data)
        for row in table(found, table_id).changed
        for cell in row.cells
    }


@dataclass
class Grid:
    """A table of a workbook in openpyxl's hands, as rows of values by header."""

    sheet: Any
    part: Any
    headers: list[str]
    rows: list[dict[str, Any]]

    @staticmethod
    def of(workbook: Any, name: str) -> Grid:
        sheet = next(s for s in workbook if name in s.tables)
        part = sheet.tables[name]
        head, *body = [[c.value for c in row] for row in sheet[part.ref]]
        return Grid(sheet, part, head, [dict(zip(head, row, strict=True)) for row in body])

    def write(self, headers: Sequence[str] = ()) -> None:
        """Put the rows back, with the columns in another order if so wished; the table keeps to its rows."""
        order = list(headers) or self.headers
        first, last = self.part.ref.split(":")
        top, left = self.sheet[first].row, self.sheet[first].column
        for r in range(max(len(self.rows), self.sheet[last].row - top)):
            values = self.rows[r] if r < len(self.rows) else {}
            for c, header in enumerate(order):
                self.sheet.cell(top + 1 + r, left + c).value = values.get(header)
        for c, header in enumerate(order):
            self.sheet.cell(top, left + c).value = header
        by_name = {column.name: column for column in self.part.tableColumns}
        self.part.tableColumns = [by_name[header] for header in order]
        end = self.sheet.cell(top + len(self.rows), left + len(order) - 1).coordinate
        self.part.ref = self.part.autoFilter.ref = f"{first}:{end}"


def _find(sheet: Any, text: object) -> Any:
    return next(c for row in sheet.iter_rows() for c in row if c.value == text)


def test_a_book_is_the_same_as_itself(book: bytes) -> None:
    found = compared(book, book)
    assert found.same
    assert not found.by_key
    assert [(t.id, t.old_rows, t.new_rows) for t in found.tables] == [("customers", 12, 12), ("orders", 4, 4)]
    assert found.old.as_of == "2026-03-31"
    assert all(t.without_value == 0 for t in found.tables)


def test_what_another_program_saved_is_the_same_but_for_missing_values(book: bytes) -> None:
    found = compared(book, edited(book, lambda _: None))
    assert found.same
    assert table(found).without_value == 36 - 1 + 1
    assert found.figures_without_value > 0


def test_sorting_and_moving_columns_changes_nothing(book: bytes) -> None:
    def shuffle(workbook: Any) -> None:
        grid = Grid.of(workbook, "customers")
        grid.rows.sort(key=lambda row: str(row["Customer"]), reverse=True)
        grid.write(sorted(grid.headers))

    found = compared(book, edited(book, shuffle))
    assert found.same


def test_changed_added_and_removed_rows(book: bytes) -> None:
    def edit(workbook: Any) -> None:
        grid = Grid.of(workbook, "customers")
        by_key = {row["Customer"]: row for row in grid.rows}
        by_key["Company 03"]["Region"] = "South"
        by_key["Company 05"]["Since"] = dt.datetime(2025, 7, 1)  # noqa: DTZ001 - openpyxl's own
        by_key["Company 06"]["Customer"] = "Firma 06"
        del by_key["Company 08"]["Remark"]
        grid.rows.remove(by_key["Company 09"])
        grid.rows.reverse()
        grid.write()
        below = grid.sheet[grid.part.ref.split(":")[1]].row + 1
        grid.sheet.cell(below, 1).value, grid.sheet.cell(below, 2).value = "Newcomer", "East"

    changed = edited(book, edit)
    found = compared(book, changed)
    assert cells(found) == {
        ("Company 03", "region"): ("East", "South"),
        ("Company 05", "since"): ("2025-06-05", "2025-07-01"),
        ("Firma 06", "name"): ("Company 06", "Firma 06"),
        ("Company 08", "remark"): ("remark 8", None),
    }
    customers = table(found)
    assert [(r.key, r.where.cell) for r in customers.added] == [("Newcomer", "A15")]
    assert {f: c.data for f, _, c in customers.added[0].values} == {"name": "Newcomer", "region": "East"}
    assert [(r.key, r.where.cell) for r in customers.removed] == [("Company 09", "A12")]
    assert (customers.old_rows, customers.new_rows) == (12, 12)
    renamed = next(r for r in customers.changed if r.key == "Firma 06")
    assert (renamed.old_key, renamed.where.sheet, renamed.where.cell) == ("Company 06", "Customers", "A9")
    assert not found.same
    back = compared(changed, book)
    assert {k[1]: v for k, v in cells(back).items()} == {
        field: (new, old) for (_, field), (old, new) in cells(found).items()
    }
    assert [r.key for r in table(back).added] == ["Company 09"]
    assert [r.key for r in table(back).removed] == ["Newcomer"]


def test_a_typed_row_is_the_same_before_and_after_it_is_adopted(book: bytes) -> None:
    def type_below(workbook: Any) -> None:
        sheet = Grid.of(workbook, "orders").sheet
        for at, (who, amount) in enumerate([("Company 01", 5), ("Company 02", 6)]):
            for column, value in enumerate((dt.datetime(2026, 3, 1), who, amount), start=1):  # noqa: DTZ001
                sheet.cell(8 + at, column).value = value

    typed = edited(book, type_below)
    assert [r.key for r in table(compared(book, typed), "orders").added] == ["O0005", "O0006"]
    after = refreshed(typed)
    found = compared(typed, after)
    assert cells(found, "orders") == {
        ("O0005", "order_no"): (None, "O0005"),
        ("O0006", "order_no"): (None, "O0006"),
    }
    assert table(found, "orders").added == table(found, "orders").removed == ()


def test_rows_typed_in_two_copies_are_told_by_their_keys(book: bytes) -> None:
    def typing(*names: str) -> bytes:
        def edit(workbook: Any) -> None:
            sheet = Grid.of(workbook, "customers").sheet
            for at, name in enumerate(names):
                sheet.cell(16 + at, 1).value, sheet.cell(16 + at, 2).value = name, "East"

        return edited(book, edit)

    found = table(compared(typing("A1", "B2"), typing("C3", "A1")))
    assert [r.key for r in found.added] == ["C3"]
    assert [r.key for r in found.removed] == ["B2"]
    assert found.changed == ()


def test_computed_values_are_counted_or_listed_and_typed_over_ones_told(book: bytes) -> None:
    def edit(workbook: Any) -> None:
        grid = Grid.of(workbook, "orders")
        grid.rows[0]["Amount"] = 1000
        grid.write()

    after = refreshed(edited(book, edit))
    found = compared(book, after)
    customer = ORDERS[0]["customer"]
    assert table(found).computed == (("revenue", "Revenue", 1),)
    assert table(found).changed == ()
    listed = compared(book, after, computed=True)
    assert cells(listed) == {(customer, "revenue"): (100, 1000)}
    assert all(c.computed for r in table(listed).changed for c in r.cells)
    by_field = compared(book, after, fields=["Revenue"])
    assert cells(by_field) == {(customer, "revenue"): (100, 1000)}

    def type_over(workbook: Any) -> None:
        grid = Grid.of(workbook, "customers")
        grid.rows[2]["Revenue"] = 77
        grid.write()

    over = compared(after, edited(after, type_over))
    (cell,) = table(over).changed[0].cells
    assert (cell.field, cell.new.data, cell.old_typed_over, cell.new_typed_over) == (
        "revenue",
        77,
        False,
        True,
    )


def test_formulas_of_people_in_their_cells(book: bytes) -> None:
    def edit(workbook: Any) -> None:
        grid = Grid.of(workbook, "orders")
        grid.rows[1]["Amount"] = "=100+7"
        grid.write()

    (row,) = table(compared(book, edited(book, edit)), "orders").changed
    assert [(c.field, c.old.formula, c.new.formula) for c in row.cells] == [("amount", "", "=100+7")]


def test_settings_selectors_lists_date_headers_and_sheets(book: bytes) -> None:
    def edit(workbook: Any) -> None:
        at = _find(workbook["Settings"], "Stale after")
        workbook["Settings"].cell(at.row, 2).value = 45
        at = next(
            c for row in workbook["Settings"].iter_rows() for c in row if isinstance(c.value, dt.datetime)
        )
        at.value = None
        lists = workbook["Lists"]
        _find(lists, "East").value = "Eastern"
        south = _find(lists, "South")
        lists.cell(south.row + 1, south.column).value = "West"
        workbook["Board"]["J4"] = "North"
        grid = Grid.of(workbook, "customers")
        next(c for c in grid.part.tableColumns if c.name == "Remark").name = "What we know"
        _find(grid.sheet, "Remark").value = "What we know"
        workbook.create_sheet("Notes")["A1"] = "mine"

    changed = edited(book, edit)
    found = compared(book, changed)
    said = [(c.what, c.kind, c.label, c.old.data, c.new.data) for c in found.changes]
    assert said == [
        (What.AS_OF, Kind.CHANGED, "Effective date", "2026-03-31", None),
        (What.SETTING, Kind.CHANGED, "Stale after", 30, 45),
        (What.SELECTOR, Kind.CHANGED, "Region", "All", "North"),
        (What.LIST_ROW, Kind.RENAMED, "Eastern", "East", "Eastern"),
        (What.LIST_ROW, Kind.ADDED, "West", None, "West"),
        (What.HEADER, Kind.RENAMED, "Remark", "Remark", "What we know"),
        (What.OWN_SHEET, Kind.ADDED, "Notes", None, "Notes"),
    ]
    assert str(next(found.of(What.SELECTOR)).where) == "Board!J4"
    assert str(next(found.of(What.LIST_ROW)).where) == "Lists!A6"
    assert str(next(found.of(What.HEADER)).where) == "Customers!D3"
    assert cells(found) == {}

    def rename(workbook: Any) -> None:
        workbook["Notes"].title = "Diary"

    assert [
        (c.what, c.kind, c.old.data, c.new.data) for c in compared(changed, edited(changed, rename)).changes
    ] == [(What.OWN_SHEET, Kind.RENAMED, "Notes", "Diary")]
    assert [c.kind for c in compared(changed, book).of(What.LIST_ROW)] == [Kind.RENAMED, Kind.REMOVED]


def test_figures_of_cards_have_label_place_and_format(book: bytes) -> None:
    def edit(workbook: Any) -> None:
        grid = Grid.of(workbook, "orders")
        grid.rows[0]["Amount"] = 1000
        grid.write()

    after = refreshed(edited(book, edit))
    found = compared(book, after)
    first = found.figures[0]
    assert (first.board, first.metric, first.part, first.label) == ("board", "revenue", "value", "Revenue")
    assert (first.old.data, first.new.data) == (442, 1342)
    board = openpyxl.load_workbook(io.BytesIO(after), data_only=True)["Board"]
    assert first.where.sheet == "Board"
    shown = board[first.where.cell]
    assert (shown.value, shown.offset(-1, 0).value) == (1342, "Revenue")
    assert first.new.shown == "1,342.0"
    assert {f.part for f in found.figures} <= {"value", "change", "previous"}


def test_another_date_changes_figures_and_no_row(book: bytes) -> None:
    found = compared(book, refreshed(book, as_of=dt.date(2026, 4, 2)))
    assert (found.old.as_of, found.new.as_of) == ("2026-03-31", "2026-04-02")
    assert [c.what for c in found.changes] == [What.AS_OF]
    assert table(found).changed == ()
    assert {f: n for f, _, n in table(found).computed}["idle"] == 4
    assert found.figures


_CHANGED_SPEC = (
    (
        "remark: {type: text, label: Remark}",
        "note: {type: text, label: Note, renamed_from: remark}\n      vip: {type: boolean, label: VIP}",
    ),
    ("  region:\n    label: Region\n", "  area:\n    label: Area\n    renamed_from: region\n"),
    ("list: region, label: Region, required", "list: area, label: Region, required"),
    ("- {id: south, label: South}", "- {id: south, label: South}\n      - {id: west, label: West}"),
    ("n_orders: {type: simple, label: Orders,", "n_orders: {type: simple, label: Number of orders,"),
    ("  orders:\n    label: Orders\n", "  deals:\n    label: Deals\n    renamed_from: orders\n"),
    ("table: orders", "table: deals"),
    ("orders: customer.region", "deals: customer.region"),
)


def test_a_changed_spec_and_what_was_renamed_by_it(book: bytes, tmp_path: Path) -> None:
    text = SPEC
    for old, new in _CHANGED_SPEC:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "changed.yaml"
    path.write_text(text, "utf-8")
    after = refreshed(book, spec=path)

    def edit(workbook: Any) -> None:
        grid = Grid.of(workbook, "customers")
        grid.rows[1]["Note"], grid.rows[1]["VIP"] = "other", True
        grid.write()

    found = compared(book, edited(after, edit))
    assert cells(found) == {
        ("Company 02", "note"): ("remark 2", "other"),
        ("Company 02", "vip"): (None, True),
    }
    assert (table(found, "deals").old_id, table(found, "deals").changed) == ("orders", ())
    said = {(c.what, c.kind, c.old_id, c.id) for c in found.spec}
    assert {
        ("field", Kind.RENAMED, "remark", "note"),
        ("field", Kind.ADDED, "", "vip"),
        ("list", Kind.RENAMED, "region", "area"),
        ("table", Kind.RENAMED, "orders", "deals"),
        ("metric", Kind.RENAMED, "n_orders", "n_orders"),
    } == said
    assert [(c.kind, c.label) for c in found.of(What.LIST_ROW)] == [(Kind.ADDED, "West")]
    back = compared(edited(after, edit), book)
    assert cells(back) == {("Company 02", "remark"): ("other", "remark 2")}
    assert {(c.what, c.kind, c.id, c.old_id) for c in back.spec} == {
        (what, {Kind.ADDED: Kind.REMOVED}.get(kind, kind), was, now) for what, kind, was, now in said
    }
    assert next(c.filled for c in back.spec if c.kind is Kind.REMOVED) == 1


def test_a_field_that_means_something_else_now_names_what_of_it_changed(book: bytes, tmp_path: Path) -> None:
    path = tmp_path / "changed.yaml"
    path.write_text(SPEC.replace("label: Amount, required: true", "label: Amount, min: 0"), "utf-8")
    found = compared(book, refreshed(book, spec=path))
    assert [(c.what, c.id, c.within, c.attributes) for c in found.spec] == [
        ("field", "amount", "Orders", ("required", "min"))
    ]


def test_a_field_of_another_type_says_so_in_words_of_the_spec(book: bytes, tmp_path: Path) -> None:
    path = tmp_path / "changed.yaml"
    path.write_text(SPEC.replace("remark: {type: text", "remark: {type: long_text"), "utf-8")
    found = compared(book, refreshed(book, spec=path))
    assert [(c.what, c.id, c.attributes) for c in found.spec] == [("field", "remark", ("type",))]


def test_what_a_spec_gives_up_and_a_deleted_sheet(book: bytes, tmp_path: Path) -> None:
    path = tmp_path / "less.yaml"
    path.write_text(SPEC[: SPEC.index("      revenue: {type: rollup")], "utf-8")
    after = refreshed(book, spec=path)
    found = compared(book, after)
    assert {(c.what, c.kind, c.old_id) for c in found.spec if c.what in ("table", "board", "field")} == {
        ("table", Kind.REMOVED, "orders"),
        ("board", Kind.REMOVED, "board"),
        *(("field", Kind.REMOVED, name) for name in ("revenue", "last_order", "idle")),
    }
    gone = next(t for t in found.tables if t.old_id == "orders")
    assert (gone.id, gone.old_rows, gone.new_rows, len(gone.removed)) == ("", 4, 0, 4)
    assert table(found).changed == ()
    assert not list(found.of(What.SHEET, What.OWN_SHEET)), "the sheets are there, and people's now"

    def delete(workbook: Any) -> None:
        del workbook["Board"]

    without = edited(book, delete)
    assert [(c.kind, c.label) for c in compared(book, without).of(What.SHEET)] == [(Kind.REMOVED, "Board")]
    left_out = compared(book, refreshed(without))
    assert [(c.kind, c.label) for c in left_out.of(What.SHEET)] == [(Kind.REMOVED, "Board")]
    assert left_out.spec == ()


def test_lists_that_depend_on_others_and_attributes(tmp_path: Path) -> None:
    path = tmp_path / "lists.yaml"
    path.write_text(_LISTS, "utf-8")
    rows: list[dict[str, Any]] = [{"name": "A", "region": "East", "province": "Jiangsu"}]
    content = built_from(load(path), {"people": rows}, Language.EN, today=TODAY).content

    def edit(workbook: Any) -> None:
        sheet = workbook["Lists"]
        _find(sheet, 0.1).value = 0.2
        _find(sheet, "Jiangsu").value = "Jiang Su"
        hebei = _find(sheet, "Hebei")
        hebei.offset(1, 0).value = "Shanxi"
        _find(sheet, "Zhejiang").value = None

    changed = edited(content, edit)
    found = compared(content, changed)
    said = [(c.kind, c.within, c.label, c.old.shown, c.new.shown) for c in found.changes]
    assert said == [
        (Kind.CHANGED, "Region", "East · Probability", "10%", "20%"),
        (Kind.RENAMED, "Province", "Jiang Su", "Jiangsu", "Jiang Su"),
        (Kind.ADDED, "Province", "Shanxi", "", "Shanxi"),
        (Kind.REMOVED, "Province", "Zhejiang", "Zhejiang", ""),
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(changed))["Lists"]
    assert [sheet[c.where.cell].value for c in found.changes] == [0.2, "Jiang Su", "Shanxi", None]


_LISTS = """\
crmsheet: 1
name: lists
title: Lists
language: en
lists:
  region:
    label: Region
    items:
      - {id: east, label: East, probability: 0.1}
      - {id: north, label: North, probability: 0.5}
  province: {label: Province, depends_on: region, items: {east: [Jiangsu, Zhejiang], north: [Hebei]}}
tables:
  people:
    label: People
    key: name
    fields:
      name: {type: text, label: Name}
      region: {type: choice, list: region, label: Region}
      province: {type: choice, list: province, depends_on: region, label: Province}
"""


def test_books_of_one_spec_are_compared_by_key(book: bytes, tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SPEC, "utf-8")
    rows: list[dict[str, Any]] = [dict(r) for r in reversed(CUSTOMERS)]
    rows[0] = {**rows[0], "remark": "changed"}
    del rows[3]
    orders: list[dict[str, Any]] = [dict(r) for r in ORDERS[:4]]
    made = built_from(load(path), {"customers": rows, "orders": orders}, Language.EN, today=TODAY)
    found = compared(book, made.content)
    assert found.by_key
    assert cells(found) == {("Company 12", "remark"): ("remark 12", "changed")}
    assert [r.key for r in table(found).removed] == ["Company 09"]


def test_a_book_that_counts_from_1904_has_the_same_dates(book: bytes) -> None:
    def old_mac(workbook: Any) -> None:
        workbook.epoch = CALENDAR_MAC_1904

    found = compared(book, edited(book, old_mac))
    assert found.same

    def edit(workbook: Any) -> None:
        old_mac(workbook)
        grid = Grid.of(workbook, "customers")
        grid.rows[0]["Since"] = dt.datetime(2026, 1, 2)  # noqa: DTZ001 - openpyxl's own
        grid.write()

    found = compared(book, refreshed(edited(book, edit)))
    (change,) = table(found).changed
    assert change.cells[0].new == Content("2026-01-02", "2026-01-02")
    assert not list(found.of(What.AS_OF))


def test_it_is_narrowed_to_tables_and_fields(book: bytes) -> None:
    def edit(workbook: Any) -> None:
        grid = Grid.of(workbook, "customers")
        grid.rows[0]["Region"], grid.rows[0]["Remark"] = "East", "new"
        grid.rows.pop()
        grid.write()
        workbook.create_sheet("Notes")

    changed = edited(book, edit)
    assert [t.id for t in compared(book, changed, tables=["Orders"]).tables] == ["orders"]
    assert compared(book, changed, tables=["orders"]).same
    narrowed = compared(book, changed, tables=["customers"])
    assert (len(table(narrowed).removed), narrowed.changes) == (1, ())
    field = compared(book, changed, fields=["Remark"])
    assert cells(field) == {("Company 01", "remark"): (None, "new")}
    assert table(field).removed == ()
    for wrong in ({"tables": ["custmers"]}, {"fields": ["Regio"]}):
        with pytest.raises(UsageError) as failure:
            compared(book, changed, **wrong)
        assert failure.value.diagnostics[0].code == "U111"
        assert "Did you mean" in failure.value.diagnostics[0].remedy


def test_what_is_no_book_of_ours_is_refused(book: bytes) -> None:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    for pair in ((book, stream.getvalue()), (stream.getvalue(), book)):
        with pytest.raises(WorkbookRefused) as refusal:
            compared(*pair)
        assert refusal.value.diagnostics[0].code == "W201"


_VALUES = {
    "Region": st.sampled_from(["East", "North", "South"]),
    "Since": st.dates(dt.date(2001, 1, 1), dt.date(2026, 1, 1)).map(
        lambda d: dt.datetime(d.year, d.month, d.day)  # noqa: DTZ001 - openpyxl's own
    ),
    "Remark": st.text("aä中 _=<&\"'\n", max_size=8).map(lambda t: t.strip("=\n ") or None),
}
_EDITS = st.dictionaries(
    st.integers(0, 11),
    st.sampled_from(sorted(_VALUES)).flatmap(lambda h: st.tuples(st.just(h), _VALUES[h])),
    max_size=5,
)


@settings(max_examples=2)
@given(
    edits=_EDITS,
    renamed=st.sets(st.integers(0, 11), max_size=2),
    deleted=st.sets(st.integers(0, 11), max_size=3),
    added=st.integers(0, 3),
    seed=st.integers(0, 1000),
)
def test_random_edits_are_found_and_nothing_else(
    book: bytes,
    edits: dict[int, tuple[str, Any]],
    renamed: set[int],
    deleted: set[int],
    added: int,
    seed: int,
) -> None:
    expected: dict[tuple[str, str], tuple[object, object]] = {}
    gone: set[str] = set()

    def edit(workbook: Any) -> None:
        grid = Grid.of(workbook, "customers")
        rows = list(grid.rows)
        for index in renamed - deleted:
            rows[index]["Customer"] = f"Renamed {index}"
            expected[f"Renamed {index}", "name"] = (f"Company {index + 1:02}", f"Renamed {index}")
        for index, (header, value) in edits.items():
            if index not in deleted and rows[index][header] != value:
                key = rows[index]["Customer"], _INPUTS[header]
                expected[key] = _data(rows[index][header]), _data(value)
                rows[index][header] = value
        gone.update(rows[i]["Customer"] for i in deleted)
        grid.rows = [row for i, row in enumerate(rows) if i not in deleted]
        order = list(grid.headers)
        random.Random(seed).shuffle(order)
        random.Random(seed).shuffle(grid.rows)
        grid.rows += [{"Customer": f"Added {n}", "Region": "East"} for n in range(added)]
        grid.write(order)

    changed = edited(book, edit)
    found = compared(book, changed)
    assert cells(found) == expected
    assert {r.key for r in table(found).removed} == gone
    assert [r.key for r in table(found).added] == [f"Added {n}" for n in range(added)]
    assert found.same == (not expected and not gone and not added)
    assert compared(changed, changed).same


def _data(value: Any) -> object:
    return value.date().isoformat() if isinstance(value, dt.datetime) else value
