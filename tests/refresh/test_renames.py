"""Renames reach every place of a workbook that mentions what is renamed; other readers agree, and the proof sees
what was forgotten."""

from __future__ import annotations

import io
import re
import warnings
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula
from tests.judge import libreoffice
from tests.judge.package import Package as Outside
from tests.judge.repair import repair_causes
from tests.judge.sampling import sampled
from tests.refresh.renaming_world import rich_book
from tests.refresh.small_world import member, with_cell, with_cells, with_text

from crmsheet.errors import WorkbookRefused
from crmsheet.excel.references import parse_range
from crmsheet.formulas.renaming import Renames
from crmsheet.opc.package import Package
from crmsheet.refresh import NoteKind, applied
from crmsheet.refresh.patch import Patched
from crmsheet.refresh.renames import Mention, RenamePatch, rename_patch, renamed_only
from crmsheet.refresh.renames.pivots import field_formula
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.names import defined_names
from crmsheet.sheetml.spanedit import proof_outside_spans
from crmsheet.sheetml.tables import tables_of

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
FILES = sorted(CORPUS.glob("*.xl*")) if CORPUS.is_dir() else []
in_corpus = pytest.mark.skipif(not FILES, reason="the corpus of workbooks is not beside the repository")

ALL = Renames(
    sheets={"DATA": "Facts '26"},
    tables={"deals": "sales"},
    columns={"Deals": {"Amount": "Net [amount]", "line\nbreak": "one"}},
    names={"Rate": "kurs"},
)
HERE = "'Facts ''26'!"


@pytest.fixture(scope="module")
def rich() -> bytes:
    return rich_book()


@pytest.fixture(scope="module")
def done(rich: bytes) -> tuple[RenamePatch, Patched]:
    return _done(rich, ALL)


@pytest.fixture(scope="module")
def after(done: tuple[RenamePatch, Patched]) -> bytes:
    return done[1].data


def _contents(content: bytes) -> Contents:
    return Contents(Package.of(content))


def _done(content: bytes, renames: Renames) -> tuple[RenamePatch, Patched]:
    """The renamed package, proven."""
    before = _contents(content)
    found = rename_patch(before, renames)
    patched = applied(before, found.patch)
    assert list(renamed_only(before, _contents(patched.data), renames)) == []
    for part in patched.parts.values():
        assert proof_outside_spans(part.before, part.after, part.replacements) == ""
    return found, patched


def _read(content: bytes, *, rich_text: bool = False) -> openpyxl.Workbook:
    """The workbook as openpyxl reads it; it warns of what it will not save."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(content), rich_text=rich_text)


def _texts(content: bytes, part: str, tag: str) -> list[str]:
    found = re.findall(rf"<(?:\w+:)?{tag}(?:\s[^>]*)?>([^<]*)</", member(content, part).decode())
    return [text.replace("&amp;", "&").replace("&quot;", '"') for text in found]


def test_every_kind_of_mention_is_found(done: tuple[RenamePatch, Patched]) -> None:
    counts = Counter[Mention]()
    for place in done[0].rewritten:
        counts[place.mention] += place.count
    assert set(counts) == set(Mention) - {Mention.OTHER}
    assert counts[Mention.SHEET] == 1
    assert counts[Mention.HEADER] == 2
    assert done[0].headers == {"Data": {(0, 1), (0, 2)}}


def test_cell_formulas(after: bytes) -> None:
    book = _read(after)
    report = book["My report"]
    assert [report.cell(row, 2).value for row in range(1, 11)] == [
        f"=SUM({HERE}B2:B5)",
        "=SUM(sales[Net '[amount']])",
        "=SUM(sales[[#Totals],[total]],sales[[#All],[Net '[amount']]:[one]])",
        f'={HERE}B2&" Data!B2 "&SUMIFS(sales[Net \'[amount\']],sales[kind],"B")',
        f"=kurs*2+{HERE}here",
        "=SUM('Facts ''26:Last'!B2)",
        "=sales[[#Headers],[Net '[amount']]]",
        '=INDIRECT("Data!B3")',
        '=COUNTIF(sales[kind],"kind")',
        "=SUM(all_amounts)",
    ]
    array = report["D1"].value
    assert isinstance(array, ArrayFormula)
    assert array.text == f"={HERE}B2:B3*2"
    assert book["Facts '26"]["D3"].value == "=sales[[#This Row],[Net '[amount']]]*sales[[#This Row],[one]]"
    shared = _contents(after).sheet("My report").rows[32]  # type: ignore[union-attr]
    assert shared[0].formula == f"{HERE}B5+{HERE}$H$1"


def test_cached_values_and_other_cells_stay(rich: bytes, after: bytes) -> None:
    for sheet in ("Data", "My report"):
        old = {c.ref: c for c in Outside(rich).cells(Outside(rich).sheet(sheet))}
        new = {
            c.ref: c for c in Outside(after).cells(Outside(after).sheet(sheet.replace("Data", "Facts '26")))
        }
        assert old.keys() == new.keys()
        headers = {"B1", "C1"} if sheet == "Data" else set()
        assert {r for r, c in old.items() if (c.value, c.style) != (new[r].value, new[r].style)} == headers


def test_tables_and_their_header_cells(after: bytes) -> None:
    data = _read(after, rich_text=True)["Facts '26"]
    table = data.tables["sales"]
    assert (table.name, table.displayName) == ("sales", "sales")
    assert [c.name for c in table.tableColumns] == ["kind", "Net [amount]", "one", "total"]
    assert [str(c.value) for c in data[1]][:4] == ["kind", "Net [amount]", "one", "total"]
    assert data["B1"].value[0].font.b, "the first font of a header stays"
    formula = table.tableColumns[3].calculatedColumnFormula
    assert formula.attr_text == "[[#This Row],[Net '[amount']]]*sales[[#This Row],[one]]"


def test_names(after: bytes) -> None:
    book = _read(after)
    assert {n: d.attr_text for n, d in book.defined_names.items()} == {
        "kurs": f"{HERE}$H$1",
        "all_amounts": "sales[Net '[amount']]",
        "relative": f"{HERE}A1",
    }
    data = book["Facts '26"]
    assert data.defined_names["here"].attr_text == f"{HERE}$H$2"
    assert (data.print_area, data.print_title_rows) == (f"{HERE}$A$1:$D$9", "$1:$1")


def test_rules_and_sparklines(after: bytes) -> None:
    book = _read(after)
    report, data = book["My report"], book["Facts '26"]
    assert [v.formula1 for v in report.data_validations.dataValidation] == [f"{HERE}$A$2:$A$5"]
    assert [v.formula1 for v in data.data_validations.dataValidation] == ["$A$2:$A$5"]
    rules = [r.formula for c in report.conditional_formatting for r in c.rules]
    assert rules == [[f"{HERE}$H$1"]]
    assert [r.formula for c in data.conditional_formatting for r in c.rules if r.formula] == [["$B2>kurs*20"]]
    part = Outside(after).sheet("My report").part
    assert _texts(after, part, "xm:f") == [f"{HERE}$A$2:$A$4", f"{HERE}B2:B5"]


def test_charts_shapes_links_and_controls(after: bytes) -> None:
    book = _read(after)
    series = book["My report"]._charts[0].series[0]
    assert (series.tx.strRef.f, series.cat.strRef.f, series.val.numRef.f) == (
        f"{HERE}$B$1",
        f"{HERE}$A$2:$A$5",
        f"{HERE}$B$2:$B$5",
    )
    assert f"{HERE}$C$2:$C$5" in _texts(after, "xl/charts/chart2.xml", "c:f")
    assert f'textlink="{HERE}$B$2"' in member(after, "xl/drawings/drawing1.xml").decode()
    assert "Target=\"#'Facts%20''26'!A1\"" in member(after, "xl/drawings/_rels/drawing1.xml.rels").decode()
    data = book["Facts '26"]
    assert data["G4"].hyperlink.location == f"{HERE}A1"
    assert data["G5"].hyperlink.location == "'My report'!B2"
    control = member(after, "xl/ctrlProps/ctrlProp1.xml").decode()
    assert f'fmlaLink="{HERE}$H$3" fmlaRange="{HERE}$A$2:$A$5"' in control
    vml = member(after, "xl/drawings/vmlDrawing9.vml").decode()
    assert f"<x:FmlaRange>{HERE}$A$2:$A$5</x:FmlaRange><x:FmlaLink>{HERE}$H$3</x:FmlaLink>" in vml
    assert "<x:FmlaMacro>[0]!Data</x:FmlaMacro><br>" in vml


def test_pivot_caches_and_slicers(after: bytes) -> None:
    for number, source in ((1, 'name="sales"'), (2, 'ref="A1:D5" sheet="Facts \'26"')):
        cache = member(after, f"xl/pivotCache/pivotCacheDefinition{number}.xml").decode()
        assert f"<worksheetSource {source}/>" in cache
        assert re.findall(r'<cacheField name="([^"]*)"', cache) == [
            *("kind", "Net [amount]", "one", "total", "double"),
        ]
        assert "formula=\"'Net [amount]'*2+kind&amp;&quot;amount&quot;\"" in cache
    assert 'sourceName="Net [amount]"' in member(after, "xl/slicerCaches/slicerCache1.xml").decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("amount*2", "'two words'*2"),
        ("'amount'+Amount", "'two words'+'two words'"),
        ("'old one'/kind", "new/kind"),
        ('amount(1)+kind[amount]+"amount"', 'amount(1)+kind[amount]+"amount"'),
        ("it's", "it's"),
    ],
)
def test_formulas_over_fields(before: str, after: str) -> None:
    assert field_formula(before, {"amount": "two words", "old one": "new"}) == after


def test_a_text_that_a_formula_reads_is_reported_not_changed(done: tuple[RenamePatch, Patched]) -> None:
    notes = [(n.kind, n.sheet, n.cell, n.old, n.new) for n in done[0].notes]
    assert notes == [(NoteKind.TEXT_LEFT, "My report", "B8", "Data!B3", "1")]


def test_the_result_is_sound(rich: bytes, after: bytes) -> None:
    assert set(repair_causes(after, dialect=False)) <= set(repair_causes(rich, dialect=False))


def test_back_again_every_byte_but_the_headers_is_as_it_was(rich: bytes, after: bytes) -> None:
    headers = {"amount": "Net [amount]", "line\nbreak": "one"}
    as_written = Renames({"Data": "Facts '26"}, {"Deals": "sales"}, {"Deals": headers}, {"rate": "kurs"})
    back = _done(after, as_written.inverse())[1].data
    data = Outside(rich).sheet("Data").part
    table = "xl/tables/table1.xml"
    for part in Package.of(rich).parts:
        if part not in (data, table):
            assert member(back, part) == member(rich, part), part
    assert "line_x000a_break" in member(back, table).decode()
    header = re.compile(rb'<c r="[BC]1".*?</c>', re.DOTALL)
    assert header.sub(b"", member(back, data)) == header.sub(b"", member(rich, data))


def test_nothing_renamed_changes_nothing(rich: bytes) -> None:
    assert rename_patch(_contents(rich), Renames()).patch.empty
    elsewhere = Renames({"No": "x"}, {"no": "y"}, {"Deals": {"no": "z"}}, {"no": "n"})
    assert rename_patch(_contents(rich), elsewhere).patch.empty


def test_names_of_a_sheet_are_its_own(rich: bytes) -> None:
    part = "xl/workbook.xml"
    local = '<definedName name="rate" localSheetId="1">7</definedName>'
    content = with_text(rich, part, lambda t: t.replace("</definedNames>", local + "</definedNames>"))
    after = _done(content, Renames(names={"rate": "kurs"}))[1].data
    book = _read(after)
    assert book["My report"]["B5"].value == "=rate*2+Data!here"
    assert book["My report"].defined_names["rate"].attr_text == "7"
    assert book.defined_names["kurs"].attr_text == "Data!$H$1"


def test_bare_columns_mean_the_table_their_cell_is_in(rich: bytes) -> None:
    formula = "><f>SUM([amount])+[@amount]</f><v>1</v>"
    content = with_cell(with_cell(rich, "Data", "D4", formula), "Data", "F9", formula)
    after = _done(content, Renames(columns={"Deals": {"amount": "x y"}}))[1].data
    sheet = _read(after)["Data"]
    assert sheet["D4"].value == "=SUM([x y])+[@[x y]]"
    assert sheet["F9"].value == "=SUM([amount])+[@amount]"


def test_formulas_written_in_any_way_xml_allows(rich: bytes) -> None:
    cells = {
        "K1": ' t="str"><f><![CDATA[Data!A2&"<"&rate]]></f><v>A</v>',
        "K2": "><!-- Data!A2 --><f ca='1'>Data!B2<!-- no --></f><v>10</v>",
        "K3": ' t="str"><f>Data!A2&amp;&quot;Data!A2&quot;</f><v>A</v>',
    }
    content = with_cells(rich, "My report", cells)
    after = _done(content, ALL)[1].data
    report = _read(after)["My report"]
    assert [report[ref].value for ref in cells] == [
        f'={HERE}A2&"<"&kurs',
        f"={HERE}B2",
        f'={HERE}A2&"Data!A2"',
    ]
    assert b"<!-- Data!A2 --><f ca='1'>" in member(after, Outside(after).sheet("My report").part)


def test_swapped_names_swap(rich: bytes) -> None:
    both = Renames({"Data": "Last", "Last": "Data"}, {}, {"Deals": {"amount": "total", "total": "amount"}})
    after = _done(rich, both)[1].data
    book = _read(after)
    assert book.sheetnames == ["Last", "My report", "Data", "Picture"]
    assert book["My report"]["B6"].value == "=SUM(Last:Data!B2)"
    assert book["Last"].tables["Deals"].column_names == ["kind", "total", "line\nbreak", "amount"]


# Moved cells

MOVED = Renames(moves={"Data": ((parse_range("H1:H9"), parse_range("K11:K19")),)})


def test_references_follow_moved_cells(rich: bytes) -> None:
    found, patched = _done(rich, MOVED)
    after = patched.data
    report = _read(after)["My report"]
    assert report["B5"].value == "=rate*2+Data!here"
    names = {n.name: n.text for n in defined_names(Package.of(after))}
    assert (names["rate"], names["here"], names["relative"]) == ("Data!$K$11", "Data!$K$12", "Data!A1")
    assert 'fmlaLink="Data!$K$13"' in member(after, "xl/ctrlProps/ctrlProp1.xml").decode()
    assert [c.formula for row in range(29, 33) for c in _contents(after).sheet("My report").rows[row]] == [  # type: ignore[union-attr]
        f"Data!B{row}+Data!$K$11" for row in range(2, 6)
    ]
    assert not found.notes


def test_shared_formulas_follow_cell_by_cell(rich: bytes) -> None:
    move = Renames(moves={"Data": ((parse_range("B3:B4"), parse_range("M3:M4")),)})
    after = _done(rich, move)[1].data
    part = Outside(after).sheet("My report").part
    assert [c.formula for row in range(29, 33) for c in _contents(after).sheet("My report").rows[row]] == [  # type: ignore[union-attr]
        *("Data!B2+Data!$H$1", "Data!M3+Data!$H$1", "Data!M4+Data!$H$1", "Data!B5+Data!$H$1"),
    ]
    assert member(after, part).count(b't="shared"') == 2


def test_a_rule_for_many_cells_follows_as_a_whole_or_not_at_all(rich: bytes) -> None:
    some = Renames(moves={"Data": ((parse_range("B2:B5"), parse_range("M2:M5")),)})
    found, patched = _done(rich, some)
    rules = _read(patched.data)["Data"].conditional_formatting
    assert [r.formula for c in rules for r in c.rules if r.formula] == [["$B2>rate*20"]]
    assert [(n.kind, n.sheet, n.new) for n in found.notes] == [(NoteKind.RULE_LEFT, "Data", "1")]

    whole = Renames(moves={"Data": ((parse_range("B2:B9"), parse_range("M2:M9")),)})
    found, patched = _done(rich, whole)
    rules = _read(patched.data)["Data"].conditional_formatting
    assert [r.formula for c in rules for r in c.rules if r.formula] == [["$M2>rate*20"]]
    assert not found.notes


# The proof


@pytest.mark.parametrize(
    ("part", "right", "wrong"),
    [
        ("xl/workbook.xml", "kurs", "kurz"),
        ("xl/workbook.xml", "sales[Net '[amount']]", "Deals[amount]"),
        ("xl/workbook.xml", '"Facts \'26"', '"Facts 26"'),
        ("xl/worksheets/sheet2.xml", f"<formula1>{HERE}$A$2", f"<formula1>{HERE}$A$3"),
        ("xl/worksheets/sheet2.xml", f"<formula1>{HERE}", "<formula1>Data!"),
        ("xl/worksheets/sheet2.xml", f"<f>SUM({HERE}B2:B5)", "<f>SUM(Data!B2:B5)"),
        ("xl/worksheets/sheet2.xml", '"Data!B3"', '"Facts!B3"'),
        ("xl/worksheets/sheet2.xml", f"<xm:f>{HERE}B2:B5", "<xm:f>Data!B2:B5"),
        ("xl/worksheets/sheet1.xml", "<is><t>one</t></is>", "<is><t>two</t></is>"),
        ("xl/worksheets/sheet1.xml", "<v>0.5</v>", "<v>0.6</v>"),
        ("xl/worksheets/sheet1.xml", f'location="{HERE}A1"', f'location="{HERE}A2"'),
        ("xl/tables/table1.xml", 'name="one"', 'name="two"'),
        ("xl/tables/table1.xml", "[one]", "[two]"),
        ("xl/charts/chart1.xml", f"{HERE}$B$1", "Data!$B$1"),
        ("xl/charts/chart1.xml", f"{HERE}$B$1", f"{HERE}$B$2"),
        ("xl/drawings/drawing1.xml", f'textlink="{HERE}$B$2"', f'textlink="{HERE}$B$3"'),
        ("xl/pivotCache/pivotCacheDefinition2.xml", "Facts '26", "Data 26"),
        ("xl/pivotCache/pivotCacheDefinition1.xml", 'name="one"', 'name="two"'),
        ("xl/slicerCaches/slicerCache1.xml", "Net [amount]", "net"),
        ("xl/ctrlProps/ctrlProp1.xml", "$H$3", "$H$4"),
        ("xl/drawings/vmlDrawing9.vml", "$H$3", "$H$4"),
        ("xl/styles.xml", "Calibri", "Arial"),
    ],
)
def test_the_proof_sees_what_is_wrong(rich: bytes, after: bytes, part: str, right: str, wrong: str) -> None:
    broken = with_text(after, part, lambda t: t.replace(right, wrong, 1))
    assert list(renamed_only(_contents(rich), _contents(broken), ALL))


# Workbooks of real programs


def _everything(package: Package) -> Renames:
    """Other names for all sheets, tables, columns and names."""
    tables = [t for s in package.workbook.sheets for t in tables_of(package, s.part)]
    return Renames(
        {s.name: f"{s.name.strip()[:24]}'s n°" for s in package.workbook.sheets},
        {t.name: f"T_{t.name}" for t in tables},
        {t.name: {c.name: f"新 [{c.name}]" for c in t.columns} for t in tables},
        {
            n.name: f"n.{n.name}"
            for n in defined_names(package)
            if n.sheet_index is None and not n.name.startswith("_xl")
        },
    )


@in_corpus
@pytest.mark.parametrize("path", sampled(FILES), ids=lambda p: p.stem)
def test_workbooks_of_the_corpus(path: Path) -> None:
    try:
        content = path.read_bytes()
        renames = _everything(Package.of(content))
        after = _done(content, renames)[1].data
    except WorkbookRefused as refusal:
        pytest.skip(f"refused: {refusal}")
    back = _done(after, renames.inverse())[1].data
    old, new = Package.of(content), Package.of(back)
    with_headers = {s.part for s in old.workbook.sheets if tables_of(old, s.part)}
    for part in old.parts:
        if part not in with_headers and part not in (
            t.part for s in old.workbook.sheets for t in tables_of(old, s.part)
        ):
            same = old.read(part) == new.read(part)
            assert same or old.xml(part) == new.xml(part), part
    try:
        _read(content)
    except (AttributeError, IndexError, KeyError, OSError, TypeError, ValueError):
        return  # openpyxl does not read the original either
    assert set(_read(after).sheetnames) <= set(renames.sheets.values())


@in_corpus
def test_a_pivot_table_of_excel() -> None:
    content = (CORPUS / "calamine__pivots.xlsx").read_bytes()
    after = _done(content, Renames({"DataSheet": "data '25"}))[1].data
    parts = [p for p in Package.of(after).parts if "pivotCacheDefinition" in p and p.endswith(".xml")]
    sources = {re.search(r"<worksheetSource [^>]*/>", member(after, p).decode())[0] for p in parts}  # type: ignore[index]
    assert sources == {
        '<worksheetSource ref="A1:J11" sheet="data \'25"/>',
        '<worksheetSource ref="A1:J11" sheet="DataSheet2"/>',
    }


@in_corpus
def test_a_slicer_of_excel() -> None:
    content = (CORPUS / "openxlsx-data__table_slicer.xlsx").read_bytes()
    after = _done(content, Renames(columns={"Table1": {"cyl": "cylinders"}}))[1].data
    assert b'sourceName="cylinders"' in member(after, "xl/slicerCaches/slicerCache1.xml")
    sheet = _read(after).worksheets[0]
    assert (sheet["B1"].value, sheet.tables["Table1"].column_names[1]) == ("cylinders", "cylinders")


@in_corpus
def test_macros_are_pointed_out() -> None:
    content = (CORPUS / "poi__62629_target.xlsm").read_bytes()
    found, patched = _done(content, Renames({"Report": "Bericht"}))
    assert [(n.kind, n.old, n.new) for n in found.notes] == [(NoteKind.MACROS_LEFT, "Report", "Bericht")]
    assert member(patched.data, "xl/vbaProject.bin") == member(content, "xl/vbaProject.bin")


# Another program computes the same


@libreoffice.needs_libreoffice
def test_libreoffice_computes_the_same(rich: bytes, after: bytes, small: bytes, tmp_path: Path) -> None:
    small_renames = Renames(
        {"Orders": "Sales '26", "_calc": "计算", "Lists": "My lists"},
        {"orders": "sales", "customers": "accounts"},
        {
            "orders": {"Amount": "Net [amount] #1", "Date": "Day", "customer.region": "region of"},
            "customers": {"Revenue": "收入", "Customer": "it's"},
        },
        {"stale_days": "limit", "keys_customers": "accounts.all", "as_of": "today_is"},
    )
    small_after = _done(small, small_renames)[1].data
    paths = []
    for name, content in (("r0", rich), ("r1", after), ("s0", small), ("s1", small_after)):
        plain, path = tmp_path / f"{name}.xlsx", tmp_path / f"{name}p.xlsx"
        plain.write_bytes(content)
        as_of = "today_is" if name == "s1" else "as_of"
        paths.append(libreoffice.poisoned(plain, path, as_of_name=as_of))
    books = [Outside(p) for p in libreoffice.recalculated(paths, tmp_path / "lo")]
    # B6 is a sum over sheets, which LibreOffice does not read where names need quotes; B7 is a header's text;
    # B8 reads a text that names the sheet.
    changed = {("My report", ref) for ref in ("B6", "B7", "B8")}
    for old, new, renames, compared in (
        (books[0], books[1], ALL, 15),
        (books[2], books[3], small_renames, 500),
    ):
        count = 0
        for sheet, cell in libreoffice.formula_cells(old):
            if (sheet, cell.ref) in changed:
                continue
            there = new.sheet(renames.sheet(sheet))
            value = next((c.value for c in new.cells(there) if c.ref == cell.ref), None)
            assert cell.value != libreoffice.SENTINEL
            assert libreoffice.equal(cell.value, value), (sheet, cell.ref, cell.formula)
            count += 1
        assert count >= compared
