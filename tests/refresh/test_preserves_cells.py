"""What stands in cells, and the rules on them, are after ten refreshes what they were.

Each test: a workbook that a real program saved holds the thing; a crmsheet book is put into it, edited and
refreshed for ten days; the thing and every foreign byte are compared (`tests/judge/journey.py`).
"""

from __future__ import annotations

from tests.judge.journey import Journey
from tests.judge.saved import saved
from tests.refresh.small_world import View

from crmsheet.refresh import NoteKind


@saved(
    "xlsxwriter_cells.xlsx",
    "libreoffice_cells.xlsx",
    "libreoffice_data.xlsx",
    "openpyxl_names.xlsx",
    "handmade.xlsx",
    collection=(
        "PhpSpreadsheet__issue.3145.xlsx",
        "poi__InlineString.xlsx",
        "MiniExcel__OpenXmlSDK_InsertCellValues.xlsx",
    ),
)
def test_refresh_preserves_cells(journey: Journey) -> None:
    journey.keeps("cells")


@saved(
    "xlsxwriter_cells.xlsx",
    "libreoffice_data.xlsx",
    collection=("PhpSpreadsheet__issue.4415.xlsx", "ClosedXML__UsingPhonetics.xlsx"),
)
def test_refresh_preserves_rich_text(journey: Journey) -> None:
    journey.keeps("rich_text")


@saved("handmade.xlsx", collection=("ClosedXML__UsingPhonetics.xlsx", "xlsx__testcelltypes.xlsx"))
def test_refresh_preserves_phonetic_text(journey: Journey) -> None:
    journey.keeps("phonetic_text")


@saved(
    "xlsxwriter_cells.xlsx", "libreoffice_data.xlsx", "openpyxl_names.xlsx", collection=("poi__64473.xlsx",)
)
def test_refresh_preserves_array_formulas(journey: Journey) -> None:
    journey.keeps("array_formulas")


@saved("handmade.xlsx", collection=("calamine__pivots.xlsx", "PhpSpreadsheet__issue.4415.xlsx"))
def test_refresh_preserves_shared_formulas(journey: Journey) -> None:
    journey.keeps("shared_formulas")


@saved("xlsxwriter_cells.xlsx", collection=("poi__64473.xlsx", "XlsxWriter__embed_image05.xlsx"))
def test_refresh_preserves_dynamic_arrays(journey: Journey) -> None:
    journey.keeps("dynamic_arrays")


@saved("openpyxl_names.xlsx", collection=("ClosedXML__multi-table.xlsx", "ClosedXML__one-variable.xlsx"))
def test_refresh_preserves_data_tables(journey: Journey) -> None:
    journey.keeps("data_tables")


@saved("xlsxwriter_drawings.xlsx", collection=("XlsxWriter__embed_image01.xlsx",))
def test_refresh_preserves_rich_values(journey: Journey) -> None:
    journey.keeps("rich_values")


@saved("xlsxwriter_cells.xlsx", "xlsxwriter_drawings.xlsx", collection=("poi__64473.xlsx",))
def test_refresh_preserves_cell_metadata(journey: Journey) -> None:
    journey.keeps("cell_metadata")


@saved("openpyxl_names.xlsx", "libreoffice_data.xlsx", collection=("ClosedXML__InvalidPrintArea.xlsx",))
def test_refresh_preserves_cell_styles(journey: Journey) -> None:
    journey.keeps("cell_styles")


@saved(
    "xlsxwriter_cells.xlsx",
    "libreoffice_cells.xlsx",
    collection=("ClosedXML__databar.xlsx", "PhpSpreadsheet__issue.4318.xlsx"),
)
def test_refresh_preserves_conditional_formats(journey: Journey) -> None:
    journey.keeps("conditional_formats")


@saved(
    "xlsxwriter_cells.xlsx",
    "libreoffice_cells.xlsx",
    collection=("ClosedXML__databar.xlsx", "PhpSpreadsheet__issue.3145.xlsx"),
)
def test_refresh_preserves_x14_rules(journey: Journey) -> None:
    journey.keeps("x14_rules")


@saved(
    "xlsxwriter_cells.xlsx",
    "libreoffice_cells.xlsx",
    collection=("poi__HsGetVal.xlsx", "Open-XML-SDK__2006-2007StudentAttendanceRecord_TP10196270.xltx"),
)
def test_refresh_preserves_validations(journey: Journey) -> None:
    journey.keeps("validations")


@saved(
    "xlsxwriter_cells.xlsx", collection=("Open-XML-SDK__2006-2007StudentAttendanceRecord_TP10196270.xltx",)
)
def test_refresh_preserves_ignored_errors(journey: Journey) -> None:
    journey.keeps("ignored_errors")


@saved(
    "xlsxwriter_cells.xlsx",
    "libreoffice_data.xlsx",
    collection=("PhpSpreadsheet__issue.4415.xlsx", "PhpSpreadsheet__namespacenonstd.xlsx"),
)
def test_refresh_preserves_hyperlinks(journey: Journey) -> None:
    journey.keeps("hyperlinks")


@saved(
    "xlsxwriter_cells.xlsx",
    "libreoffice_data.xlsx",
    collection=(
        "Open-XML-SDK__2006-2007StudentAttendanceRecord_TP10196270.xltx",
        "poi__45540_form_Footer.xlsx",
    ),
)
def test_refresh_preserves_merged_cells(journey: Journey) -> None:
    journey.keeps("merged_cells")


@saved(
    "xlsxwriter_cells.xlsx",
    "libreoffice_cells.xlsx",
    collection=(
        "openxlsx-data__table_slicer.xlsx",
        "Open-XML-SDK__QueryTable.xlsx",
        "poi__simple-monthly-budget.xlsx",
    ),
)
def test_refresh_preserves_own_tables(journey: Journey) -> None:
    journey.keeps("own_tables")


@saved("xlsxwriter_cells.xlsx", "openpyxl_names.xlsx", collection=("PhpSpreadsheet__issue.3145.xlsx",))
def test_refresh_preserves_filters(journey: Journey) -> None:
    journey.keeps("filters")


@saved("openpyxl_names.xlsx")
def test_refresh_preserves_sort_states(journey: Journey) -> None:
    journey.keeps("sort_states")


@saved("openpyxl_names.xlsx")
def test_refresh_preserves_scenarios(journey: Journey) -> None:
    journey.keeps("scenarios")


@saved(collection=("ClosedXML__InvalidPrintArea.xlsx", "PhpSpreadsheet__issue.4318.xlsx"))
def test_refresh_preserves_consolidation(journey: Journey) -> None:
    journey.keeps("consolidation")


@saved(collection=("PhpSpreadsheet__issue.3665.xlsx", "poi__55924.xlsx"))
def test_refresh_preserves_xml_maps(journey: Journey) -> None:
    journey.keeps("xml_maps")


@saved("xlsxwriter_cells.xlsx", "libreoffice_cells.xlsx", "libreoffice_data.xlsx", "openpyxl_names.xlsx")
def test_refresh_preserves_looks_of_cells(journey: Journey) -> None:
    assert journey.lost() == []


@saved("xlsxwriter_reads_ours.xlsx")
def test_refresh_preserves_formulas_that_read_ours(journey: Journey) -> None:
    journey.keeps("cells")
    view = View.of(journey.after)
    revenue = [v for v in view.column("customers", "Revenue") if isinstance(v, float)]
    assert view.value("Reads yours", "A1") == sum(revenue)
    assert view.value("Reads yours", "A2") == 2 * sum(revenue)
    assert view.value("Reads yours", "A4") is False, "what we do not know keeps its value and is named"
    notes = [n for done in journey.refreshes for n in done.notes]
    assert {n.cell for n in notes if n.kind is NoteKind.USER_FORMULA_LEFT} == {"A4"}
