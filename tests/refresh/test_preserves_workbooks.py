"""What belongs to a whole workbook is after ten refreshes what it was.

Each test: a workbook that a real program saved holds the thing; a crmsheet book is put into it, edited and
refreshed for ten days; the thing and every foreign byte are compared (`tests/judge/journey.py`).
"""

from __future__ import annotations

from tests.judge.journey import Journey
from tests.judge.saved import saved


@saved(
    "xlsxwriter_cells.xlsx",
    "libreoffice_data.xlsx",
    "openpyxl_names.xlsx",
    collection=("PhpSpreadsheet__issue.3145.xlsx", "poi__64473.xlsx"),
)
def test_refresh_preserves_names(journey: Journey) -> None:
    journey.keeps("names")


@saved(
    "xlsxwriter_cells.xlsx",
    "openpyxl_names.xlsx",
    "handmade.xlsx",
    collection=("poi__64473.xlsx", "poi__62629_target.xlsm"),
)
def test_refresh_preserves_local_names(journey: Journey) -> None:
    journey.keeps("local_names")


@saved("openpyxl_names.xlsx", collection=("Open-XML-SDK__QueryTable.xlsx",))
def test_refresh_preserves_hidden_and_commented_names(journey: Journey) -> None:
    journey.keeps("hidden_and_commented_names")


@saved(
    "handmade.xlsx",
    collection=("Open-XML-SDK__QueryTable.xlsx", "roo__file_item_error.xlsm", "calamine__pivots.xlsx"),
)
def test_refresh_preserves_connections(journey: Journey) -> None:
    journey.keeps("connections")


@saved("openpyxl_names.xlsx", collection=("poi__HsGetVal.xlsx", "poi__64473.xlsx"))
def test_refresh_preserves_external_links(journey: Journey) -> None:
    journey.keeps("external_links")


@saved(
    "xlsxwriter_macros.xlsm",
    collection=(
        "poi__62629_target.xlsm",
        "PhpSpreadsheet__form_pass_print.xlsm",
        "test_files__BlankSheetTypes.xlsm",
    ),
)
def test_refresh_preserves_macros(journey: Journey) -> None:
    journey.keeps("macros")


@saved(
    "xlsxwriter_macros.xlsm",
    "xlsxwriter_cells.xlsx",
    collection=("poi__62629_target.xlsm", "Open-XML-SDK__2006-2007StudentAttendanceRecord_TP10196270.xltx"),
)
def test_refresh_preserves_content_type(journey: Journey) -> None:
    journey.keeps("content_type")


@saved(
    "xlsxwriter_cells.xlsx",
    "libreoffice_data.xlsx",
    "openpyxl_names.xlsx",
    collection=("poi__simple-monthly-budget.xlsx",),
)
def test_refresh_preserves_document_properties(journey: Journey) -> None:
    journey.keeps("document_properties")


@saved(
    "xlsxwriter_cells.xlsx",
    "libreoffice_data.xlsx",
    "openpyxl_names.xlsx",
    collection=("poi__HsGetVal.xlsx", "PhpSpreadsheet__issue.3145.xlsx"),
)
def test_refresh_preserves_custom_properties(journey: Journey) -> None:
    journey.keeps("custom_properties")


@saved(collection=("umya-spreadsheet__issue_285.xlsx",))
def test_refresh_preserves_sensitivity_labels(journey: Journey) -> None:
    journey.keeps("sensitivity_labels")


@saved("handmade.xlsx", collection=("PhpSpreadsheet__issue.3145.xlsx", "poi__simple-monthly-budget.xlsx"))
def test_refresh_preserves_custom_xml(journey: Journey) -> None:
    journey.keeps("custom_xml")


@saved("xlsxwriter_cells.xlsx", "openpyxl_names.xlsx", collection=("ClosedXML__one-variable.xlsx",))
def test_refresh_preserves_themes(journey: Journey) -> None:
    journey.keeps("themes")


@saved(
    collection=("Open-XML-SDK__2006-2007StudentAttendanceRecord_TP10196270.xltx", "xlsx__testcelltypes.xlsx")
)
def test_refresh_preserves_thumbnails(journey: Journey) -> None:
    journey.keeps("thumbnails")


@saved("xlsxwriter_since_1904.xlsx", collection=("poi__47504.xlsx", "xlsx__testcelltypes.xlsx"))
def test_refresh_preserves_1904_dates(journey: Journey) -> None:
    journey.keeps("1904_dates")


@saved(collection=("Open-XML-SDK__VolTypes.xlsx",))
def test_refresh_preserves_volatile_dependencies(journey: Journey) -> None:
    journey.keeps("volatile_dependencies")
