"""The schema judge passes what XlsxWriter and openpyxl write and names each kind of bad part."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from tests.judge import schema
from tests.judge.package import parse
from tests.judge_selftest.conftest import edited


@pytest.fixture(autouse=True)
def schemas() -> None:
    schema.require()


def test_good_packages_are_valid(tmp_path: Path, good: Path) -> None:
    assert schema.schema_errors(good) == []
    saved = tmp_path / "saved.xlsx"
    openpyxl.load_workbook(good).save(saved)
    assert schema.schema_errors(saved) == []


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/workbook.xml", "<bookViews>", "<bookViews/><bookViews>"),
        ("xl/worksheets/sheet1.xml", "<pageMargins", "<nonsense/><pageMargins"),
        ("xl/worksheets/sheet1.xml", "<sheetData>", '<sheetData><row r="0"><c r="A0" t="x"/></row>'),
        ("xl/styles.xml", "<fonts ", '<fonts wrong="1" '),
        ("xl/sharedStrings.xml", "<si>", "<si><v/>"),
        ("xl/tables/table1.xml", 'id="1" name', "name"),
        ("xl/drawings/drawing1.xml", "<xdr:clientData/>", ""),
        ("xl/charts/chart1.xml", "<c:plotArea>", "<c:plotArea><c:title/>"),
        ("xl/comments1.xml", "<commentList>", "<commentList><note/>"),
        ("docProps/app.xml", "<Application>", "<Program/><Application>"),
        ("docProps/core.xml", "<dc:creator>", "<dc:mood/><dc:creator>"),
        ("xl/theme/theme1.xml", "<a:themeElements>", "<a:themeElements><a:x/>"),
        ("_rels/.rels", "</Relationships>", "</Relationship>"),
    ],
)
def test_a_bad_part_is_named(tmp_path: Path, good: Path, part: str, old: str, new: str) -> None:
    bad = edited(good, tmp_path / "bad.xlsx", part, lambda text: text.replace(old, new, 1))
    found = schema.schema_errors(bad)
    assert found
    assert all(problem.startswith(part) for problem in found)


def test_unknown_namespaces_are_not_taken_for_valid(tmp_path: Path, good: Path) -> None:
    strict = edited(
        good,
        tmp_path / "strict.xlsx",
        "xl/styles.xml",
        lambda text: text.replace(
            "schemas.openxmlformats.org/spreadsheetml/2006", "purl.oclc.org/ooxml/spreadsheetml"
        ),
    )
    assert schema.schema_errors(strict) == [
        "xl/styles.xml: no schema for http://purl.oclc.org/ooxml/spreadsheetml/main"
    ]


def test_compatibility_markup_is_resolved() -> None:
    root = parse(
        b'<r xmlns="u:r" xmlns:x="u:x" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        b' mc:Ignorable="x" x:a="1" b="2"><x:gone/>'
        b'<mc:AlternateContent><mc:Choice Requires="x"><no/></mc:Choice>'
        b"<mc:Fallback><p/><q/></mc:Fallback></mc:AlternateContent><kept/></r>"
    )
    resolved = schema.resolve_compatibility(root)
    assert [str(element.tag) for element in resolved] == ["{u:r}p", "{u:r}q", "{u:r}kept"]
    assert dict(resolved.attrib) == {"b": "2"}


def test_most_real_workbooks_are_valid(corpus: Path) -> None:
    for name in ("XlsxWriter__background06", "openxlsx-data__table_slicer", "calamine__pivots", "poi__64473"):
        assert schema.schema_errors(corpus / f"{name}.xlsx") == [], name
