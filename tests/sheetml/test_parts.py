"""Tables, names, charts, styles and rules: read as data, changed by spans, valid afterwards."""

from __future__ import annotations

import io
from collections.abc import Iterable

import openpyxl
import pytest
import xlsxwriter
from tests.judge import schema

from crmsheet.excel.references import RangeRef, parse_range
from crmsheet.excel.values import ExcelError
from crmsheet.opc.package import Package
from crmsheet.opc.writer import assemble
from crmsheet.sheetml.charts import CacheKind, cache_edits, charts_of
from crmsheet.sheetml.names import (
    NameEdit,
    calculation_edits,
    calculation_on_load,
    defined_names,
    name_edits,
)
from crmsheet.sheetml.pivots import pivot_ranges
from crmsheet.sheetml.rules import (
    added_formats,
    added_validations,
    cells_edits,
    format_rules_of,
    validations_of,
    without_rules,
)
from crmsheet.sheetml.scan import SheetScan, scan_sheet
from crmsheet.sheetml.sharedstrings import parse_shared_strings
from crmsheet.sheetml.spanedit import Replacement, replace_spans
from crmsheet.sheetml.styles import Styles
from crmsheet.sheetml.tables import NewColumn, TableLook, table_edits, tables_of

pytestmark = pytest.mark.filterwarnings("ignore:.*xtension is not supported")  # openpyxl says so of data bars


@pytest.fixture(scope="module")
def package() -> Package:
    """A workbook with one of everything, written by XlsxWriter."""
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer)
    sheet = made.add_worksheet("数据")
    date = made.add_format({"num_format": "yyyy/mm/dd"})
    columns = [
        {"header": "名"},
        {"header": "a\nb & c", "formula": "=tbl[[#This Row],[名]]&1"},
        {"header": "z"},
    ]
    sheet.add_table("B2:D6", {"name": "tbl", "columns": columns, "style": "Table Style Medium 2"})
    sheet.write_column("F1", ["x", "y", "z"])
    sheet.write_column("G1", [1, 2.5, 3], date)
    sheet.data_validation("B3:B6", {"validate": "list", "source": "=opts"})
    sheet.data_validation("C3:C6", {"validate": "decimal", "criteria": ">", "value": 5})
    for criteria in ("=$B3>1", '=$B3="<"'):
        sheet.conditional_format("B3:C6", {"type": "formula", "criteria": criteria, "format": date})
    sheet.conditional_format("G1:G9", {"type": "data_bar", "data_bar_2010": True})
    chart = made.add_chart({"type": "column"})
    series = {"name": "=数据!$F$1", "categories": "=数据!$F$1:$F$3", "values": "=数据!$G$1:$G$3"}
    chart.add_series({**series, "categories_data": ["x", "y", "z"], "values_data": [1, 2.5, 3]})
    chart.add_series({"values": "=crm.range"})
    sheet.insert_chart("I2", chart)
    made.define_name("opts", "=数据!$F$1:$F$3")
    made.define_name("数据!local_one", "=数据!$F$1")
    made.close()
    return Package.of(buffer.getvalue(), "made.xlsx")


def sheet_part(package: Package) -> str:
    return package.workbook.sheets[0].part


def after(package: Package, part: str, edits: Iterable[Replacement]) -> Package:
    """The package with a part changed; still valid, and readable by openpyxl."""
    edits = list(edits)
    data = assemble(package, {part: replace_spans(package.xml(part), edits)})
    if schema.available():
        assert schema.schema_errors(data) == []
    openpyxl.load_workbook(io.BytesIO(data))
    return Package.of(data, "after.xlsx")


# Tables


def test_a_table_is_read(package: Package) -> None:
    (table,) = tables_of(package, sheet_part(package))
    assert (table.name, table.ref, table.body) == ("tbl", parse_range("B2:D6"), parse_range("B3:D6"))
    assert [(c.id, c.name, c.formula) for c in table.columns] == [
        (1, "名", ""),
        (2, "a\nb & c", "tbl[[#This Row],[名]]&1"),
        (3, "z", ""),
    ]
    assert table.filter_ref == table.ref
    assert table.look == TableLook("TableStyleMedium2", True, False, False, False)
    assert table.column("A\nB & C") == table.columns[1]


def test_a_table_is_changed_only_where_asked(package: Package) -> None:
    (table,) = tables_of(package, sheet_part(package))
    assert table_edits(table) == ()
    same = {c.id: c.formula for c in table.columns}
    assert table_edits(table, ref=table.ref, formulas=same, names={1: "名"}, look=table.look) == ()
    look = TableLook("TableStyleLight9", False, True, False, False)
    edits = table_edits(
        table,
        ref=parse_range("B2:E9"),
        formulas={1: 'IF(1<2,"<a&b>","")', 2: ""},
        names={3: 'new\n"z" <&>'},
        new_columns=(NewColumn("plain"), NewColumn("made", "1+1")),
        look=look,
    )
    changed = after(package, table.part, edits)
    (new,) = tables_of(changed, sheet_part(changed))
    assert (new.ref, new.filter_ref, new.look) == (parse_range("B2:E9"), parse_range("B2:E9"), look)
    assert [(c.id, c.name, c.formula) for c in new.columns] == [
        (1, "名", 'IF(1<2,"<a&b>","")'),
        (2, "a\nb & c", ""),
        (3, 'new\n"z" <&>', ""),
        (4, "plain", ""),
        (5, "made", "1+1"),
    ]


def test_a_filter_is_put_back_and_the_totals_row_left_out(package: Package) -> None:
    (table,) = tables_of(package, sheet_part(package))
    filters = table.element.child("autoFilter")
    style = table.element.child("tableStyleInfo")
    assert filters is not None
    assert style is not None
    bare = after(
        package,
        table.part,
        [Replacement(filters.start, filters.end, b""), Replacement(style.start, style.end, b"")],
    )
    (without,) = tables_of(bare, sheet_part(bare))
    assert (without.filter_ref, without.look) == (None, None)
    assert table_edits(without) == ()
    edits = table_edits(without, with_filter=True, totals_rows=1, look=table.look)
    changed = after(bare, table.part, edits)
    (new,) = tables_of(changed, sheet_part(changed))
    assert new.totals_rows == 1
    assert (new.filter_ref, new.body) == (parse_range("B2:D5"), parse_range("B3:D5"))
    assert new.look == table.look


# Names and calculation


def test_names_are_read_set_added_and_taken_away(package: Package) -> None:
    assert [(n.name, n.text, n.sheet_index, n.hidden) for n in defined_names(package)] == [
        ("local_one", "数据!$F$1", 0, False),
        ("opts", "数据!$F$1:$F$3", None, False),
    ]
    assert name_edits(package, [NameEdit("OPTS", "数据!$F$1:$F$3"), NameEdit("none", None)]) == ()
    changed = after(
        package,
        package.workbook.part,
        name_edits(
            package,
            [
                NameEdit("opts", '"<a&b>"'),
                NameEdit("local_one", None, 0),
                NameEdit("crm.anchor", "数据!$A$1", hidden=True),
                NameEdit("opts", "1", 0),
            ],
        ),
    )
    assert {(n.name, n.text, n.sheet_index, n.hidden) for n in defined_names(changed)} == {
        ("opts", '"<a&b>"', None, False),
        ("crm.anchor", "数据!$A$1", None, True),
        ("opts", "1", 0, False),
    }
    gone = after(
        changed,
        changed.workbook.part,
        name_edits(changed, [NameEdit(n.name, None, n.sheet_index) for n in defined_names(changed)]),
    )
    assert defined_names(gone) == ()
    assert b"definedNames" not in gone.read(gone.workbook.part)
    back = after(gone, gone.workbook.part, name_edits(gone, [NameEdit("a.b", "1")]))
    assert [n.name for n in defined_names(back)] == ["a.b"]


def test_calculation_on_load(package: Package) -> None:
    part = package.workbook.part
    assert calculation_on_load(package)
    assert calculation_edits(package, on_load=True) == ()
    off = after(package, part, calculation_edits(package, on_load=False))
    assert not calculation_on_load(off)
    assert replace_spans(off.xml(part), calculation_edits(off, on_load=True)) == package.xml(part)
    element = off.tree(part).child("calcPr")
    assert element is not None
    bare = after(off, part, [Replacement(element.start, element.end, b"")])
    assert not calculation_on_load(bare)
    assert calculation_on_load(after(bare, part, calculation_edits(bare, on_load=True)))


# Charts


def test_series_are_read_and_their_caches_replaced(package: Package) -> None:
    (chart,) = charts_of(package, sheet_part(package))
    name, categories, values, loose = chart.refs
    assert (name.role, name.formula) == ("tx", "数据!$F$1")
    assert (categories.role, categories.kind, categories.values) == ("cat", CacheKind.TEXTS, ("x", "y", "z"))
    assert (values.role, values.kind, values.values) == ("val", CacheKind.NUMBERS, (1, 2.5, 3))
    assert (loose.series, loose.formula) == (1, "crm.range")
    assert cache_edits(chart, categories, ["x", "y", "z"]) == ()
    assert cache_edits(chart, values, [1.0, 2.5, 3]) == ()
    edits = [
        *cache_edits(chart, categories, ["一 <&>", "", 5, True]),
        *cache_edits(chart, values, [None, ExcelError.NA, 0.1, True, "text"]),
        *cache_edits(chart, loose, [7]),
    ]
    changed = after(package, chart.part, edits)
    (new,) = charts_of(changed, sheet_part(changed))
    assert new.refs[1].values == ("一 <&>", None, "5", "TRUE")
    assert new.refs[2].values == (None, ExcelError.NA, 0.1, 1, 0)
    assert new.refs[2].format_code == values.format_code
    assert new.refs[3].values == (7,)
    assert cache_edits(new, new.refs[2], [None, ExcelError.NA, 0.1, 1, 0]) == ()


def test_a_count_that_lies_does_not_make_us_allocate(package: Package) -> None:
    (chart,) = charts_of(package, sheet_part(package))
    raw = chart.data.replace(b'ptCount val="3"', b'ptCount val="4000000000"')
    (hostile,) = charts_of(Package.of(assemble(package, {chart.part: raw})), sheet_part(package))
    assert all(len(ref.values or ()) <= 100_003 for ref in hostile.refs)


# Styles


def test_number_formats_and_dates(package: Package) -> None:
    styles = Styles.of(package)
    dates = [i for i in range(len(styles.formats)) if styles.is_date(i)]
    assert [styles.number_format(i) for i in dates] == ["yyyy/mm/dd"]
    assert (styles.number_format(0), styles.number_format(999)) == ("General", "General")
    assert styles.font_count() >= 1
    assert styles.fill_count() >= 2


def test_formats_are_only_added_and_only_once(package: Package) -> None:
    styles = Styles.of(package)
    grown, index = styles.with_number_format(0, '0.0 "件"')
    assert index == len(styles.formats)
    assert grown.number_format(index) == '0.0 "件"'
    again, same = grown.with_number_format(0, '0.0 "件"')
    assert (again.data, same) == (grown.data, index)
    percent, built_in = grown.with_number_format(index, "0%")
    assert percent.number_format(built_in) == "0%"
    assert percent.data.count(b"<numFmt ") == grown.data.count(b"<numFmt ")
    assert styles.with_number_format(0, "General") == (styles, 0)
    data = assemble(package, {styles.part: percent.data})
    if schema.available():
        assert schema.schema_errors(data) == []
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == ["数据"]


# Rules


def test_rules_are_read_from_both_places(package: Package) -> None:
    scan = SheetScan.of(package, sheet_part(package))
    first, second = validations_of(scan)
    assert (first.kind, first.formulas, first.cells) == ("list", ("opts",), (parse_range("B3:B6"),))
    assert (second.kind, second.operator, second.formulas) == ("decimal", "greaterThan", ("5",))
    rules = format_rules_of(scan)
    assert [(r.kind, r.extension) for r in rules] == [
        ("expression", False),
        ("expression", False),
        ("dataBar", False),
        ("dataBar", True),
    ]
    assert [r.formulas for r in rules[:2]] == [("$B3>1",), ('$B3="<"',)]
    assert rules[0].cells == (parse_range("B3:C6"),)
    assert rules[3].cells == (parse_range("G1:G9"),)


def test_rules_are_grown_taken_away_and_added(package: Package) -> None:
    part = sheet_part(package)
    scan = SheetScan.of(package, part)
    rules = format_rules_of(scan)
    validations = validations_of(scan)
    assert cells_edits(scan, rules[0], rules[0].cells) == ()
    assert cells_edits(scan, rules[3], rules[3].cells) == ()
    more = (RangeRef(0, 0, 9, 0), RangeRef(2, 2, 2, 2))
    grown = after(
        package,
        part,
        [*(e for r in (rules[0], rules[3], validations[0]) for e in cells_edits(scan, r, more))],
    )
    scan = SheetScan.of(grown, part)
    rules, validations = format_rules_of(scan), validations_of(scan)
    assert rules[0].cells == rules[1].cells == rules[3].cells == validations[0].cells == more
    fewer = after(grown, part, without_rules(scan, [rules[0], rules[3], validations[0]]))
    scan = SheetScan.of(fewer, part)
    assert [(r.kind, r.extension) for r in format_rules_of(scan)] == [
        ("expression", False),
        ("dataBar", False),
    ]
    assert [v.kind for v in validations_of(scan)] == ["decimal"]
    assert scan.frame.child("extLst") is None
    none = after(fewer, part, without_rules(scan, [*format_rules_of(scan), *validations_of(scan)]))
    scan = SheetScan.of(none, part)
    assert not format_rules_of(scan)
    assert not validations_of(scan)
    assert scan.frame.child("dataValidations") is None
    validation = b'<dataValidation type="list" sqref="A1"><formula1>opts</formula1></dataValidation>'
    rule = b'<conditionalFormatting sqref="A1"><cfRule type="expression" dxfId="0" priority="9">'
    rule += b"<formula>A1&gt;1</formula></cfRule></conditionalFormatting>"
    back = after(none, part, [*added_formats(scan, [rule]), *added_validations(scan, [validation])])
    scan = SheetScan.of(back, part)
    assert [r.priority for r in format_rules_of(scan)] == [9]
    twice = after(back, part, added_validations(scan, [validation.replace(b"A1", b"B1")]))
    assert [str(v.cells[0]) for v in validations_of(SheetScan.of(twice, part))] == ["A1", "B1"]


def test_no_pivots_here(package: Package) -> None:
    assert pivot_ranges(package, sheet_part(package)) == ()


# Shared strings


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_shared_strings(prefix: str) -> None:
    p = prefix
    items = (
        "<si><t>plain</t></si>",
        '<si><t xml:space="preserve"> a&amp;b\r\n_x0041_ </t></si>',
        '<si xml:space="preserve"><t>attribute</t></si>',
        "<si/>",
        "<si><t/></si>",
        '<si><r><t>one</t></r><r><rPr><b/></rPr><t>two</t></r><rPh sb="0" eb="1"><t>guide</t></rPh></si>',
        "<si>\n <t>spaced</t>\n</si>",
    )
    inside = "".join(items)
    if prefix:
        inside = inside.replace("</", "<\0/").replace("<", f"<{p}").replace(f"<{p}\0/", f"</{p}")
    data = f'<{p}sst xmlns{":x" if p else ""}="m" count="9">{inside}</{p}sst>'.encode()
    expected = ("plain", " a&b\nA ", "attribute", "", "", "onetwo", "spaced")
    assert parse_shared_strings(data) == expected
    assert parse_shared_strings(data.replace(b"</", b"<!-- < -->" + b"</", 1)) == expected


def test_far_rows_and_frame() -> None:
    scan = scan_sheet(
        b'<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="5"/></sheetData>'
        b'<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="broken"/></mergeCells></worksheet>'
    )
    assert scan.bounds is None
    assert scan.merges == (RangeRef(0, 0, 1, 1),)
    assert scan.dimension == RangeRef(0, 0, 1_048_575, 16_383)
    assert (scan.index_of(4), scan.index_of(3), scan.span(4, 0)) == (0, None, None)
