"""The bad packages are bad in the way their names say, small, and the good one they come from is not."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

import pytest
from lxml import etree
from tests.judge.hostile import HOSTILE, Expect, Hostile, Source
from tests.judge.package import Package
from tests.judge.repair import repair_causes

BROKEN = """
empty file|not a zip|only the zip's first bytes|truncated in the middle|no content types|a web page
no sheet part|the central directory is cut off|password-protected (OLE2)|no workbook part|no sheets
no package relationships|a sheet that ends early|rows out of order|a cell twice|cells out of order
a cell that is none|an empty zip|a shared string that is none|a number that is none
a style that is none|a cell beyond the sheet|a member twice|a column beyond the sheet
a sheet outside the package|encrypted member|unknown compression|a wrong checksum
"""
BY_NAME = {recipe.name: recipe for recipe in HOSTILE}


@pytest.fixture
def source(good: Path) -> Source:
    return Source(good)


def test_names_are_unique_and_the_base_is_good(good: Path, source: Source) -> None:
    assert len(BY_NAME) == len(HOSTILE) > 50
    assert {recipe.expect for recipe in HOSTILE} == set(Expect)
    assert repair_causes(good) == repair_causes(source.packed()) == []


@pytest.mark.parametrize("recipe", HOSTILE, ids=str)
def test_nothing_is_large_and_everything_differs(source: Source, recipe: Hostile) -> None:
    made = recipe.make(source)
    assert len(made) < 8_000_000
    assert made != source.packed()


def test_each_is_bad_as_its_name_says(source: Source) -> None:
    """What another reader sees in each of them; a generator that spoils nothing would pass for a refusal."""

    def members(name: str) -> list[zipfile.ZipInfo]:
        with zipfile.ZipFile(io.BytesIO(BY_NAME[name].make(source))) as archive:
            return archive.infolist()

    def sheet(name: str) -> bytes:
        package = Package(BY_NAME[name].make(source))
        return package.read(package.worksheets[0].part)

    doubles = [entry.filename for entry in members("a member twice")]
    assert len(doubles) == len(set(doubles)) + 1
    letters = [entry.filename.lower() for entry in members("a member twice in other letters")]
    assert len(letters) == len(set(letters)) + 1
    offsets = [entry.header_offset for entry in members("overlapping members")]
    assert len(offsets) == len(set(offsets)) + 1
    assert any(entry.flag_bits & 1 for entry in members("encrypted member"))
    assert any(entry.compress_type == 97 for entry in members("unknown compression"))
    assert any(entry.filename.startswith("..") for entry in members("path tricks"))
    assert max(entry.file_size for entry in members("a bomb: 60 MB of blanks")) > 60_000_000
    lying = max(members("a bomb that lies about its size"), key=lambda entry: entry.compress_size)
    assert lying.file_size == 1000 < lying.compress_size
    assert len(members("30,000 members")) > 30_000
    assert b"<!ENTITY" in sheet("billion laughs")
    assert b"XFD1048576" in sheet("a cell in the far corner")
    assert sheet("a row of a million cells").count(b"<c/>") == 1_000_000
    for name in ("nesting 200,000 deep", "a control character", "bytes that are no UTF-8"):
        with pytest.raises(etree.XMLSyntaxError):
            etree.fromstring(sheet(name))
    for name in ("zeros in the middle", "a wrong checksum"):
        with pytest.raises((zipfile.BadZipFile, zlib.error)):
            Package(BY_NAME[name].make(source))


@pytest.mark.parametrize("name", BROKEN.strip().replace("\n", "|").split("|"))
def test_the_repair_judge_minds_the_broken_ones(source: Source, name: str) -> None:
    assert repair_causes(BY_NAME[name].make(source))
