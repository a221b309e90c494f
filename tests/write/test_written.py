"""A plan's workbook, judged by the schemas, the causes of repair, openpyxl and LibreOffice."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.judge import libreoffice
from tests.judge.package import Cell, CellError, Package, child, descendants, items
from tests.judge.repair import repair_causes
from tests.judge.schema import schema_errors
from tests.write.sample_plans import CREATED, DEALS, deals_table, everything, written_bytes

from crmsheet.errors import InternalError
from crmsheet.excel.names import legal_name
from crmsheet.excel.references import free_sheet_name
from crmsheet.plan.book import Plan, PlanName
from crmsheet.plan.cells import Block, PlanCell, Validation
from crmsheet.plan.looks import Style
from crmsheet.plan.place import default_layout
from crmsheet.write import written


@pytest.fixture(scope="module")
def book() -> bytes:
    return written_bytes(everything())


@pytest.fixture(scope="module")
def package(book: bytes) -> Package:
    return Package(book)


def cell(package: Package, sheet: str, ref: str) -> Cell:
    return next(c for c in package.cells(package.sheet(sheet)) if c.ref == ref)


BOARD = "看板 O'Neil"


def test_every_part_is_as_the_schemas_say(book: bytes) -> None:
    assert schema_errors(book) == []


@pytest.mark.parametrize("rows", [DEALS, ()], ids=["rows", "empty"])
def test_excel_has_no_cause_to_repair(rows: tuple[tuple[str, float | None, str | None], ...]) -> None:
    assert repair_causes(written_bytes(everything(rows))) == []


def test_libreoffice_computes_the_cached_values(tmp_path: Path, libreoffice: None) -> None:  # noqa: ARG001
    paths = [tmp_path / "rows.xlsx", tmp_path / "empty.xlsx"]
    paths[0].write_bytes(written_bytes(everything()))
    paths[1].write_bytes(written_bytes(everything(())))
    assert compare(paths, tmp_path) == {path: [] for path in paths}


compare = libreoffice.compare_all


def test_the_same_plan_gives_the_same_bytes(book: bytes) -> None:
    assert written_bytes(everything()) == book


def test_the_moment_is_written_in_utc(package: Package) -> None:
    plan = everything()
    beijing = dt.timezone(dt.timedelta(hours=8))
    other = written(plan, default_layout(plan), created=CREATED.astimezone(beijing))
    core = Package(other).read("docProps/core.xml")
    assert core == package.read("docProps/core.xml")
    assert b"2026-03-01T08:30:00Z" in core


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_openpyxl_reads_values_tables_and_names(book: bytes) -> None:
    read = openpyxl.load_workbook(io.BytesIO(book), data_only=True)
    sheet = read["商机"]
    assert sheet["A5"].value == "上海 <一> & 二"
    assert sheet["A7"].value == " =SUM(1) "
    assert sheet["B8"].value == 0.1 + 0.2
    assert sheet["F5"].value is True
    assert sheet["E6"].value == "#DIV/0!"
    assert sheet.tables["deals"].ref == "A4:H8"
    assert read.active is not None
    assert read.active.title == "商机"
    assert read.sheetnames == [BOARD, "商机", "Lists", "_calc"]


def test_formula_cells_carry_values_of_each_type(package: Package) -> None:
    found = {ref: cell(package, "商机", ref) for ref in ("D5", "E6", "F5", "G5", "G6")}
    assert {ref: c.kind for ref, c in found.items()} == {
        "D5": "n",
        "E6": "e",
        "F5": "b",
        "G5": "str",
        "G6": "str",
    }
    assert {ref: c.value for ref, c in found.items()} == {
        "D5": 1200.5 / 1.13,
        "E6": CellError("#DIV/0!"),
        "F5": True,
        "G5": "ok",
        "G6": "",
    }
    assert found["D5"].formula == "deals[[#This Row],[金额\n(元)]]/1.13"
    board = cell(package, BOARD, "D4")
    assert board.formula is not None
    assert board.formula.startswith("_xlfn.MAXIFS(")


def test_no_formula_cell_lacks_a_value(package: Package) -> None:
    found = list(libreoffice.formula_cells(package))
    assert len(found) > 15
    assert [name + c.ref for name, c in found if c.text is None] == []


def test_the_table_part_says_what_the_header_cells_say(package: Package) -> None:
    part = package.related(package.sheet("商机").part, "table")
    table = package.root(part[0])
    assert table.get("ref") == "A4:H8"
    assert table.get("totalsRowCount") is None
    assert child(table, "autoFilter").get("ref") == "A4:H8"
    columns = items(table, "tableColumns")
    headers = [cell(package, "商机", f"{letter}4").value for letter in "ABCDEFGH"]
    assert [c.get("name").replace("_x000a_", "\n") for c in columns] == headers
    assert [c.get("id") for c in columns] == [str(i) for i in range(1, 9)]
    formulas = {c.get("name"): c[0].text for c in columns if len(c)}
    assert formulas["占比"] == cell(package, "商机", "E5").formula
    assert set(formulas) == {"净额 [#1] 'a'@", "占比", "大单", "状态"}


def test_an_empty_table_has_one_blank_row_with_formulas() -> None:
    package = Package(written_bytes(everything(())))
    table = package.root(package.related(package.sheet("商机").part, "table")[0])
    assert table.get("ref") == "A4:H5"
    assert cell(package, "商机", "D5").formula is not None
    assert cell(package, "商机", "G5").value == ""


def test_anchors_are_hidden_names_and_settings_visible_ones(package: Package) -> None:
    names = {n.get("name"): n for n in items(package.workbook, "definedNames")}
    assert names["_crm.board.cards"].text == "'看板 O''Neil'!$B$2:$E$4"
    assert names["_crm.board.cards"].get("hidden") == "1"
    assert names["阶段列表"].text == "Lists!$A$2:$A$4"
    assert names["阶段列表"].get("hidden") is None
    assert names["net_total"].text == "SUM(deals[净额 '['#1'] ''a'''@])"
    assert names["net_total"].get("hidden") == "1"
    assert "_crm.deals.title" not in names
    application = package.read("docProps/app.xml").decode()
    assert "<Application>Microsoft Excel</Application>" in application
    assert "_crm." not in application


def test_links_lead_to_names(package: Package) -> None:
    sheet = package.root(package.sheet(BOARD).part)
    assert [(h.get("ref"), h.get("location")) for h in items(sheet, "hyperlinks")] == [
        ("C3", "_crm.list.stage")
    ]


_ALLOWED = {
    "formatCells",
    "formatColumns",
    "formatRows",
    "insertColumns",
    "insertRows",
    "insertHyperlinks",
    "sort",
    "autoFilter",
    "pivotTables",
}


def test_on_a_protected_sheet_only_the_plan_locks(package: Package) -> None:
    sheet = package.root(package.sheet(BOARD).part)
    protection = child(sheet, "sheetProtection")
    assert dict(protection.attrib) == {"sheet": "1"} | dict.fromkeys(_ALLOWED, "0")
    styles = items(package.root("xl/styles.xml"), "cellXfs")
    unlocked = [i for i, xf in enumerate(styles) if any(p.get("locked") == "0" for p in xf)]
    columns = items(sheet, "cols")
    assert {int(c.get("style")) for c in columns} <= set(unlocked)
    assert columns[-1].get("max") == "16384"
    assert cell(package, BOARD, "B3").style not in unlocked
    assert cell(package, BOARD, "C4").style in unlocked
    assert child(package.root(package.sheet("商机").part), "sheetProtection") is None


def test_columns_show_below_the_table_what_is_typed_but_no_fill(package: Package) -> None:
    sheet = package.root(package.sheet("商机").part)
    formats = package.root("xl/styles.xml")
    column = items(sheet, "cols")[3]
    below = items(formats, "cellXfs")[int(column.get("style"))]
    inside = items(formats, "cellXfs")[cell(package, "商机", "D5").style]
    assert below.get("numFmtId") == inside.get("numFmtId")
    assert below.get("fillId") == "0"
    assert inside.get("fillId") != "0"


def test_columns_of_codes_show_no_warning_about_numbers_as_text() -> None:
    plan = everything()
    table = plan.tables[0]
    codes = replace(table.columns[0], style=Style(number_format="@"))
    book = written_bytes(replace(plan, tables=(replace(table, columns=(codes, *table.columns[1:])),)))
    package = Package(book)
    (ignored,) = items(package.root(package.sheet("商机").part), "ignoredErrors")
    assert dict(ignored.attrib) == {"sqref": "A5:A1008", "numberStoredAsText": "1"}
    assert schema_errors(book) == []


def test_details_are_a_closed_group_opened_from_the_left(package: Package) -> None:
    sheet = package.root(package.sheet("商机").part)
    assert descendants(sheet, "outlinePr")[0].get("summaryRight") == "0"
    columns = items(sheet, "cols")
    detail = next(c for c in columns if c.get("outlineLevel"))
    assert (detail.get("min"), detail.get("hidden")) == ("7", "1")
    assert next(c for c in columns if c.get("max") == "6").get("collapsed") == "1"
    assert columns[-1].get("hidden") == "1"


def test_the_default_font_is_the_plans_and_no_theme_font(package: Package) -> None:
    fonts = items(package.root("xl/styles.xml"), "fonts")
    assert {child(font, "name").get("val") for font in fonts} == {"微软雅黑"}
    assert [font for font in fonts if child(font, "scheme") is not None] == []
    assert b'<a:latin typeface="\xe5\xbe\xae' in package.read("xl/theme/theme1.xml")


def test_a_merged_cell_has_its_border_all_around(package: Package) -> None:
    assert {cell(package, BOARD, ref).style for ref in ("B2", "C2", "D2", "E2")} == {
        cell(package, BOARD, "B2").style
    }


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_parts_of_a_sheet_have_pages_of_their_own(book: bytes) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(book))[BOARD]
    quoted = "'看板 O''Neil'!"
    assert sheet.print_area == f"{quoted}$A$1:$M$10,{quoted}$A$11:$M$31"
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_sheets_are_named_as_the_layout_says() -> None:
    plan = everything()
    layout = default_layout(plan)
    sheets = dict(layout.sheets) | {"lists": "下拉列表"}
    anchors = {
        key: replace(place, sheet="下拉列表") if place.sheet == "Lists" else place
        for key, place in layout.anchors.items()
    }
    package = Package(written(plan, replace(layout, sheets=sheets, anchors=anchors), created=CREATED))
    assert "下拉列表" in [s.name for s in package.sheets]
    names = {n.get("name"): n.text for n in items(package.workbook, "definedNames")}
    assert names["阶段列表"] == "下拉列表!$A$2:$A$4"


def _with_block(*cells: PlanCell) -> Plan:
    plan = everything()
    block = Block("deals.more", "deals", 0, 20, rows=1, columns=1, cells=cells)
    return replace(plan, blocks=(*plan.blocks, block))


def _with_name(name: str) -> Plan:
    plan = everything()
    return replace(plan, names=(*plan.names, PlanName("more", name, plan.names[0].target)))


@pytest.mark.parametrize(
    "plan",
    [
        _with_block(PlanCell(0, 0, float("inf"))),
        _with_block(PlanCell(0, 0, "长" * 40_000)),
        _with_block(PlanCell(4, -20, "on a data cell")),
        _with_block(PlanCell(0, -20, "on another block's cell")),
        _with_name("A1"),
        _with_name("LIMIT"),
        replace(everything(), active_sheet="calc"),
        replace(everything(), sheets=(replace(everything().sheets[0], name="a/b"), *everything().sheets[1:])),
    ],
    ids=["infinite", "too long", "on a row", "on a cell", "bad name", "same name", "hidden", "bad sheet"],
)
def test_what_cannot_be_written_is_our_error_not_a_broken_file(plan: Plan) -> None:
    with pytest.raises(InternalError, match=r"B\d+ error: the workbook cannot be written"):
        written_bytes(plan)


TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
"""Any text, lone surrogates and control characters included."""


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(values=st.lists(TEXT, min_size=1, max_size=4), words=st.lists(TEXT, min_size=9, max_size=9))
def test_no_text_breaks_out_of_its_place(values: list[str], words: list[str]) -> None:
    plan = everything(tuple((v, 1.0, v) for v in values))
    table = deals_table(tuple((v, 1.0, v) for v in values))
    header = "h" + words[0].replace("\r", "").strip()
    first, second = table.columns[0], table.columns[1]
    assert second.validation is not None
    rule: Validation = replace(
        second.validation,
        prompt_title=words[1][:16],
        prompt=words[2],
        error_title=words[3][:16],
        error=words[4],
    )
    columns = (replace(first, header=header, note=words[5]), replace(second, validation=rule))
    plan = replace(
        plan,
        title=words[6],
        tables=(replace(table, columns=(*columns, *table.columns[2:])),),
        sheets=(plan.sheets[0], replace(plan.sheets[1], name=_sheet_name(words[7])), *plan.sheets[2:]),
        names=(replace(plan.names[0], name="n" + _name(words[8])), *plan.names[1:]),
        charts=tuple(replace(c, title=words[7], alt_text=words[8], font=words[6]) for c in plan.charts),
        properties=(("subject", words[5]),),
    )
    book = written_bytes(plan)
    assert schema_errors(book) == []
    package = Package(book)
    sheet = package.sheet(plan.sheets[1].name)
    found = {c.ref: c.value for c in package.cells(sheet)}
    assert [found.get(f"A{row}", "") for row in range(5, 5 + len(values))] == values
    assert found["A4"] == header


def _sheet_name(text: str) -> str:
    """A legal sheet name as far as XML can hold it; sheet names have no escape."""
    return free_sheet_name("".join(c for c in text if c.isprintable()), {BOARD, "Lists", "_calc"})


def _name(text: str) -> str:
    return legal_name(text.encode("utf-8", "ignore").decode())[:200]
