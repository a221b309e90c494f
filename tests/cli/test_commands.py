"""Each command as a user calls it: what it prints, where, and its exit code."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.cli.conftest import SPEC, Crmsheet

from crmsheet.cli.exits import Exit


@pytest.fixture
def book(world: Path, tmp_path: Path) -> Path:
    """A copy of the small workbook, in a folder of its own."""
    return Path(shutil.copy(world / "客户表.xlsx", tmp_path / "客户 表.xlsx"))


def _typed(book: Path, cells: dict[str, object]) -> None:
    """Type into the customer sheet, as openpyxl saves it."""
    workbook = load_workbook(book)
    for ref, value in cells.items():
        workbook["客户"][ref] = value
    workbook.save(book)


def _first_row(book: Path) -> int:
    sheet = load_workbook(book)["客户"]
    return int(next(c.row + 1 for row in sheet.iter_rows() for c in row if c.value == "客户名称"))


def test_build_says_where_the_workbook_is(world: Path, crmsheet: Crmsheet, tmp_path: Path) -> None:
    done = crmsheet("build", str(world / "小表.yaml"), "--lang", "en", cwd=tmp_path)
    assert done.code == Exit.DONE
    assert done.text == "mini.xlsx\n"
    assert "Customers" in load_workbook(tmp_path / "mini.xlsx").sheetnames


def test_build_reads_rows_in_gb18030_and_computes_them(world: Path) -> None:
    sheet = load_workbook(world / "客户表.xlsx", data_only=True)["客户"]
    values = {row[0]: row for row in sheet.iter_rows(values_only=True)}
    assert values["联航百货"][1] == "华东"
    assert 75 in values["联航百货"]


def test_build_never_overwrites_and_force_only_what_nobody_filled(
    world: Path, crmsheet: Crmsheet, book: Path
) -> None:
    spec = str(world / "小表.yaml")
    again = crmsheet("build", spec, "-o", book.name, cwd=book.parent)
    assert again.code == Exit.USAGE
    assert "crmsheet refresh" in again.messages
    forced = crmsheet("build", spec, "-o", book.name, "--force", cwd=book.parent)
    assert forced.code == Exit.DONE
    _typed(book, {f"A{_first_row(book)}": "新客户"})
    before = book.read_bytes()
    filled = crmsheet("build", spec, "-o", book.name, "--force", cwd=book.parent)
    assert filled.code == Exit.USAGE
    assert "U105" in filled.messages
    assert book.read_bytes() == before


def test_the_same_build_gives_the_same_bytes(world: Path, crmsheet: Crmsheet, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        crmsheet("build", str(world / "小表.yaml"), "--as-of", "2026-03-31", "-o", name, cwd=tmp_path)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_refresh_straight_after_build_writes_nothing(crmsheet: Crmsheet, book: Path) -> None:
    before = book.read_bytes()
    done = crmsheet("refresh", book.name, cwd=book.parent)
    assert done.code == Exit.DONE
    assert "up to date" in done.text
    assert book.read_bytes() == before
    assert [f.name for f in book.parent.iterdir()] == [book.name]


def test_refresh_recomputes_backs_up_and_then_rests(crmsheet: Crmsheet, book: Path) -> None:
    row = _first_row(book)
    _typed(book, {f"D{row}": 5000})
    saved = book.read_bytes()
    dry = crmsheet("refresh", book.name, "--dry-run", cwd=book.parent)
    assert dry.code == Exit.NO
    assert book.read_bytes() == saved
    done = crmsheet("refresh", book.name, "--format", "json", cwd=book.parent)
    assert done.code == Exit.DONE
    report = json.loads(done.text)["workbooks"][0]
    assert report["changed"]
    assert Path(report["backup"]).read_bytes() == saved
    numbers = [
        c for s in load_workbook(book, data_only=True) for r in s.iter_rows(values_only=True) for c in r
    ]
    assert 5800 in numbers
    again = crmsheet("refresh", book.name, cwd=book.parent)
    assert "up to date" in again.text


def test_refresh_writes_a_copy_and_leaves_the_book(crmsheet: Crmsheet, book: Path) -> None:
    before = book.read_bytes()
    done = crmsheet("refresh", book.name, "--as-of", "2026-05-01", "-o", "copy.xlsx", cwd=book.parent)
    assert done.code == Exit.DONE
    assert book.read_bytes() == before
    assert (book.parent / "copy.xlsx").read_bytes() != before


def test_refresh_of_an_open_book_is_refused(crmsheet: Crmsheet, book: Path) -> None:
    (book.parent / f"~${book.name}").write_bytes(b"\x04Anna")
    before = book.read_bytes()
    done = crmsheet("refresh", book.name, "--as-of", "2026-05-01", cwd=book.parent)
    assert done.code == Exit.REFUSED
    assert "W301" in done.messages
    assert "Anna" in done.messages
    assert book.read_bytes() == before


def test_check_lists_problems_of_data_with_cell_and_what_is_allowed(crmsheet: Crmsheet, book: Path) -> None:
    row = _first_row(book)
    _typed(book, {f"B{row}": "华东区", f"C{row}": "2026-3-1", f"A{row + 1}": "联航百货"})
    before = book.read_bytes()
    done = crmsheet("check", book.name, "--format", "json", cwd=book.parent)
    assert done.code == Exit.NO
    found = {d["code"]: d for d in json.loads(done.text)["diagnostics"]}
    assert found["D103"]["place"] == {"sheet": "客户", "cell": f"B{row}", "column": "地区", "value": "华东区"}
    assert found["D103"]["allowed"] == ["华东", "华北"]
    assert "2026-03-01" in found["D102"]["remedy"]
    assert found["D105"]["place"]["column"] == "客户名称"
    assert book.read_bytes() == before
    strict = crmsheet("refresh", book.name, "--strict", cwd=book.parent)
    assert strict.code == Exit.NO


def test_check_of_a_good_book_and_spec_has_nothing_to_report(
    world: Path, crmsheet: Crmsheet, book: Path
) -> None:
    assert crmsheet("check", book.name, cwd=book.parent).code == Exit.DONE
    spec = crmsheet("check", str(world / "小表.yaml"), cwd=book.parent)
    assert spec.code == Exit.DONE
    assert "nothing to report" in spec.text


def test_a_spec_error_has_file_line_and_column(crmsheet: Crmsheet, tmp_path: Path) -> None:
    (tmp_path / "错.yaml").write_text(SPEC.replace("type: choice", "type: chioce"), "utf-8")
    done = crmsheet("build", "错.yaml", cwd=tmp_path)
    assert done.code == Exit.USAGE
    line = 1 + SPEC[: SPEC.index("type: choice")].count("\n")
    assert f"错.yaml:{line}:" in done.messages
    assert "choice" in done.messages
    assert not (tmp_path / "mini.xlsx").exists()


def test_a_gbk_spec_gets_a_message_and_no_crash(crmsheet: Crmsheet, tmp_path: Path) -> None:
    (tmp_path / "gbk.yaml").write_text(SPEC, "gbk")
    done = crmsheet("check", "gbk.yaml", cwd=tmp_path)
    assert done.code in (Exit.DONE, Exit.USAGE)
    assert "gbk.yaml" in done.text


@pytest.mark.parametrize("encoding", ["cp936", "ascii", "cp1252"])
def test_output_survives_any_console(crmsheet: Crmsheet, book: Path, encoding: str) -> None:
    _typed(book, {f"B{_first_row(book)}": "华东区"})
    done = crmsheet("check", book.name, cwd=book.parent, env={"PYTHONIOENCODING": encoding})
    assert done.code == Exit.NO
    assert b"D103" in done.out


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.xlsx", b""),
        ("text.xlsx", b"not a workbook"),
        ("old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    ],
)
def test_what_is_no_workbook_is_refused(
    crmsheet: Crmsheet, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    done = crmsheet("refresh", name, cwd=tmp_path)
    assert done.code == Exit.REFUSED
    assert "not touched" in done.messages
    assert (tmp_path / name).read_bytes() == content


def test_a_workbook_of_somebody_else_is_refused(crmsheet: Crmsheet, tmp_path: Path) -> None:
    from openpyxl import Workbook

    Workbook().save(tmp_path / "theirs.xlsx")
    done = crmsheet("refresh", "theirs.xlsx", cwd=tmp_path)
    assert done.code == Exit.REFUSED
    assert "W201" in done.messages


def test_new_lists_copies_and_never_overwrites(crmsheet: Crmsheet, tmp_path: Path) -> None:
    assert "follow-up" in crmsheet("new", cwd=tmp_path).text
    done = crmsheet("new", "follow-up", "team", cwd=tmp_path)
    assert done.code == Exit.DONE
    assert (tmp_path / "team" / "follow-up.yaml").is_file()
    assert crmsheet("new", "follow-up", "team", cwd=tmp_path).code == Exit.USAGE
    assert crmsheet("check", "team/follow-up.yaml", cwd=tmp_path).code == Exit.DONE


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("bild",), "build"),
        (("build", "folow-up"), "follow-up"),
        (("build", "none.yaml"), "no such file"),
        (("refresh", "none.xlsx"), "no such file"),
        (("check", "none.xlsx"), "no such file"),
        (("refresh", "x.xlsx", "--as-of", "31.3."), "2026-03-31"),
        (("refresh", "x.xlsx", "--wait", "long"), "30m"),
    ],
)
def test_wrong_calls_are_told_what_to_write(
    crmsheet: Crmsheet, tmp_path: Path, arguments: tuple[str, ...], word: str
) -> None:
    done = crmsheet(*arguments, cwd=tmp_path)
    assert done.code == Exit.USAGE
    assert word in done.messages


def test_schema_is_json(crmsheet: Crmsheet, tmp_path: Path) -> None:
    assert json.loads(crmsheet("schema", cwd=tmp_path).text)["type"] == "object"


def test_version_and_help(crmsheet: Crmsheet, tmp_path: Path) -> None:
    assert crmsheet("--version", cwd=tmp_path).text.startswith("crmsheet ")
    for command in ("new", "build", "refresh", "check", "schema"):
        shown = crmsheet(command, "-h", cwd=tmp_path)
        assert shown.code == Exit.DONE
        assert "Example:" in shown.text
