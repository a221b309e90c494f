"""What is drawn on sheets, or hangs on cells, is after ten refreshes what it was.

Each test: a workbook that a real program saved holds the thing; a crmsheet book is put into it, edited and
refreshed for ten days; the thing and every foreign byte are compared (`tests/judge/journey.py`).
"""

from __future__ import annotations

from tests.judge.journey import Journey
from tests.judge.saved import saved


@saved(
    "libreoffice_drawings.xlsx",
    "xlsxwriter_drawings.xlsx",
    collection=("Open-XML-SDK__Bing.xlsx", "PhpSpreadsheet__issue.4415.xlsx"),
)
def test_refresh_preserves_images(journey: Journey) -> None:
    journey.keeps("images")


@saved("xlsxwriter_drawings.xlsx", collection=("XlsxWriter__embed_image05.xlsx",))
def test_refresh_preserves_pictures_in_cells(journey: Journey) -> None:
    journey.keeps("pictures_in_cells")


@saved("xlsxwriter_drawings.xlsx", collection=("XlsxWriter__background06.xlsx",))
def test_refresh_preserves_background_pictures(journey: Journey) -> None:
    journey.keeps("background_pictures")


@saved(
    "libreoffice_drawings.xlsx",
    "xlsxwriter_drawings.xlsx",
    collection=("ClosedXML__AllShapes.xlsx", "poi__45540_form_Footer.xlsx"),
)
def test_refresh_preserves_shapes(journey: Journey) -> None:
    journey.keeps("shapes")


@saved("libreoffice_drawings.xlsx")
def test_refresh_preserves_groups_of_shapes(journey: Journey) -> None:
    journey.keeps("groups_of_shapes")


@saved(collection=("ClosedXML__AllShapes.xlsx", "Open-XML-SDK__basicspreadsheet.xlsx"))
def test_refresh_preserves_diagrams(journey: Journey) -> None:
    journey.keeps("diagrams")


@saved("handmade.xlsx")
def test_refresh_preserves_ink(journey: Journey) -> None:
    journey.keeps("ink")


@saved("handmade.xlsx")
def test_refresh_preserves_3d_models(journey: Journey) -> None:
    journey.keeps("3d_models")


@saved(
    "libreoffice_drawings.xlsx",
    collection=(
        "ClosedXML__activex_checkbox.xlsx",
        "PhpSpreadsheet__form_pass_print.xlsm",
        "poi__45540_form_Footer.xlsx",
        "poi__62629_target.xlsm",
    ),
)
def test_refresh_preserves_form_controls(journey: Journey) -> None:
    journey.keeps("form_controls")


@saved(
    "xlsxwriter_drawings.xlsx",
    "xlsxwriter_macros.xlsm",
    "openpyxl_names.xlsx",
    collection=("Open-XML-SDK__Dialogsheet.xlsx",),
)
def test_refresh_preserves_vml_drawings(journey: Journey) -> None:
    journey.keeps("vml_drawings")


@saved("xlsxwriter_drawings.xlsx", collection=("XlsxWriter__checkbox01.xlsx",))
def test_refresh_preserves_checkboxes_in_cells(journey: Journey) -> None:
    journey.keeps("checkboxes_in_cells")


@saved("handmade.xlsx", collection=("poi__WithEmbeded.xlsx",))
def test_refresh_preserves_ole_objects(journey: Journey) -> None:
    journey.keeps("ole_objects")


@saved(collection=("Open-XML-SDK__Youtube.xlsx",))
def test_refresh_preserves_web_extensions(journey: Journey) -> None:
    journey.keeps("web_extensions")


@saved(
    "libreoffice_drawings.xlsx",
    "xlsxwriter_drawings.xlsx",
    "openpyxl_names.xlsx",
    collection=("PhpSpreadsheet__issue.4415.xlsx", "PhpSpreadsheet__issue.3665.xlsx"),
)
def test_refresh_preserves_notes(journey: Journey) -> None:
    journey.keeps("notes")


@saved(
    "handmade.xlsx", collection=("PhpSpreadsheet__namespacenonstd.xlsx", "umya-spreadsheet__issue_285.xlsx")
)
def test_refresh_preserves_threaded_comments(journey: Journey) -> None:
    journey.keeps("threaded_comments")


@saved(
    "libreoffice_drawings.xlsx",
    "xlsxwriter_drawings.xlsx",
    collection=("calamine__issue_530.xlsx", "poi__simple-monthly-budget.xlsx"),
)
def test_refresh_preserves_charts(journey: Journey) -> None:
    journey.keeps("charts")


@saved("libreoffice_data.xlsx", collection=("calamine__pivots.xlsx", "Open-XML-SDK__basicspreadsheet.xlsx"))
def test_refresh_preserves_pivots(journey: Journey) -> None:
    journey.keeps("pivots")


@saved(collection=("openxlsx-data__table_slicer.xlsx",))
def test_refresh_preserves_slicers(journey: Journey) -> None:
    journey.keeps("slicers")


@saved(
    "xlsxwriter_drawings.xlsx",
    "libreoffice_data.xlsx",
    collection=("ClosedXML__SampleSparklines.xlsx", "PhpSpreadsheet__sparklineEdgeCases.xlsx"),
)
def test_refresh_preserves_sparklines(journey: Journey) -> None:
    journey.keeps("sparklines")


@saved("xlsxwriter_drawings.xlsx", collection=("rust_xlsxwriter__header_image12.xlsx",))
def test_refresh_preserves_pictures_in_headers(journey: Journey) -> None:
    journey.keeps("pictures_in_headers")
