"""How sheets are laid out, seen, printed and protected is after ten refreshes what it was.

Each test: a workbook that a real program saved holds the thing; a crmsheet book is put into it, edited and
refreshed for ten days; the thing and every foreign byte are compared (`tests/judge/journey.py`).
"""

from __future__ import annotations

from tests.judge.journey import Journey
from tests.judge.saved import saved


@saved("xlsxwriter_cells.xlsx", "openpyxl_names.xlsx", "libreoffice_data.xlsx")
def test_refresh_preserves_grouped_rows(journey: Journey) -> None:
    journey.keeps("grouped_rows")


@saved("xlsxwriter_cells.xlsx", "libreoffice_cells.xlsx", collection=("poi__62629_target.xlsm",))
def test_refresh_preserves_grouped_columns(journey: Journey) -> None:
    journey.keeps("grouped_columns")


@saved("xlsxwriter_cells.xlsx", "libreoffice_data.xlsx", collection=("roo__file_item_error.xlsm",))
def test_refresh_preserves_hidden_rows(journey: Journey) -> None:
    journey.keeps("hidden_rows")


@saved("xlsxwriter_cells.xlsx", "libreoffice_cells.xlsx", collection=("roo__file_item_error.xlsm",))
def test_refresh_preserves_hidden_columns(journey: Journey) -> None:
    journey.keeps("hidden_columns")


@saved(
    "xlsxwriter_cells.xlsx",
    "libreoffice_drawings.xlsx",
    collection=("Open-XML-SDK__2006-2007StudentAttendanceRecord_TP10196270.xltx",),
)
def test_refresh_preserves_row_heights(journey: Journey) -> None:
    journey.keeps("row_heights")


@saved("xlsxwriter_cells.xlsx", "libreoffice_cells.xlsx", collection=("Open-XML-SDK__basicspreadsheet.xlsx",))
def test_refresh_preserves_column_widths(journey: Journey) -> None:
    journey.keeps("column_widths")


@saved("xlsxwriter_cells.xlsx", collection=("calamine__issue_530.xlsx", "roo__file_item_error.xlsm"))
def test_refresh_preserves_panes(journey: Journey) -> None:
    journey.keeps("panes")


@saved("xlsxwriter_cells.xlsx", "libreoffice_data.xlsx", collection=("poi__47504.xlsx",))
def test_refresh_preserves_views(journey: Journey) -> None:
    journey.keeps("views")


@saved("handmade.xlsx")
def test_refresh_preserves_custom_views(journey: Journey) -> None:
    journey.keeps("custom_views")


@saved("handmade.xlsx")
def test_refresh_preserves_custom_views_of_the_workbook(journey: Journey) -> None:
    journey.keeps("custom_views_of_the_workbook")


@saved("xlsxwriter_cells.xlsx", "libreoffice_data.xlsx", collection=("ClosedXML__InvalidPrintArea.xlsx",))
def test_refresh_preserves_page_setup(journey: Journey) -> None:
    journey.keeps("page_setup")


@saved("xlsxwriter_cells.xlsx", "libreoffice_data.xlsx")
def test_refresh_preserves_page_breaks(journey: Journey) -> None:
    journey.keeps("page_breaks")


@saved(
    "xlsxwriter_cells.xlsx",
    "libreoffice_data.xlsx",
    "openpyxl_names.xlsx",
    collection=("ClosedXML__SampleSparklines.xlsx",),
)
def test_refresh_preserves_headers_and_footers(journey: Journey) -> None:
    journey.keeps("headers_and_footers")


@saved("handmade.xlsx", collection=("ClosedXML__multi-table.xlsx", "PhpSpreadsheet__form_pass_print.xlsm"))
def test_refresh_preserves_printer_settings(journey: Journey) -> None:
    journey.keeps("printer_settings")


@saved(
    "xlsxwriter_cells.xlsx",
    "libreoffice_data.xlsx",
    "openpyxl_names.xlsx",
    collection=("PhpSpreadsheet__issue.4415.xlsx", "PhpSpreadsheet__form_pass_print.xlsm"),
)
def test_refresh_preserves_protection(journey: Journey) -> None:
    journey.keeps("protection")


@saved("openpyxl_names.xlsx", "libreoffice_data.xlsx", collection=("calamine__date_iso.xlsx",))
def test_refresh_preserves_protection_of_the_workbook(journey: Journey) -> None:
    journey.keeps("protection_of_the_workbook")


@saved(
    "xlsxwriter_cells.xlsx",
    "openpyxl_names.xlsx",
    "libreoffice_data.xlsx",
    collection=("PhpSpreadsheet__form_pass_print.xlsm", "poi__customIndexedColors.xlsx"),
)
def test_refresh_preserves_hidden_sheets(journey: Journey) -> None:
    journey.keeps("hidden_sheets")


@saved(
    "xlsxwriter_cells.xlsx",
    "xlsxwriter_drawings.xlsx",
    "openpyxl_names.xlsx",
    collection=("calamine__pivots.xlsx",),
)
def test_refresh_preserves_order_of_sheets(journey: Journey) -> None:
    journey.keeps("order_of_sheets")


@saved("xlsxwriter_drawings.xlsx", collection=("test_files__BlankSheetTypes.xlsm",))
def test_refresh_preserves_chart_sheets(journey: Journey) -> None:
    journey.keeps("chart_sheets")


@saved(
    collection=("test_files__BlankSheetTypes.xlsm", "poi__xlmmacro.xlsm", "Open-XML-SDK__Dialogsheet.xlsx")
)
def test_refresh_preserves_macro_and_dialog_sheets(journey: Journey) -> None:
    journey.keeps("macro_and_dialog_sheets")


@saved(collection=("poi__HsGetVal.xlsx",))
def test_refresh_preserves_sheet_properties(journey: Journey) -> None:
    journey.keeps("sheet_properties")
