"""Which crmsheet this is: any other file of the program is another edition, and nothing else is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crmsheet import __version__
from crmsheet.edition import edition, edition_of


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A package without a list of its files."""
    home = tmp_path / "crmsheet"
    (home / "inner").mkdir(parents=True)
    for name in ("a.py", "inner/b.py", "inner/zh.po"):
        (home / name).write_text(f"# {name}")
        os.utime(home / name, (1_000_000, 1_000_000))
    return home


@pytest.fixture
def installed(checkout: Path) -> Path:
    """The same with one."""
    record = checkout.parent / f"crmsheet-{__version__}.dist-info" / "RECORD"
    record.parent.mkdir()
    record.write_text(
        "crmsheet/a.py,sha256=one,4\ncrmsheet/inner/b.py,sha256=two,8\n"
        "crmsheet/__pycache__/a.cpython-311.pyc,,\n../../bin/crmsheet,sha256=three,200\n"
    )
    return checkout


def test_it_begins_with_the_version(checkout: Path) -> None:
    assert edition() == edition()
    for told in (edition(), edition_of(checkout)):
        version, plus, rest = told.partition("+")
        assert (version, plus, len(rest)) == (__version__, "+", 10)
        assert " " not in told
        assert len(told) <= 40, "the seal has room for it"


def test_a_checkout_is_told_by_its_files(checkout: Path) -> None:
    first = edition_of(checkout)
    (checkout / "inner" / "__pycache__").mkdir()
    (checkout / "inner" / "__pycache__" / "b.py").write_text("compiled")
    (checkout / "notes.txt").write_text("no part of the program")
    assert edition_of(checkout) == first
    seen = {first}
    os.utime(checkout / "a.py", (2_000_000, 2_000_000))
    seen.add(edition_of(checkout))
    (checkout / "inner" / "zh.po").write_text("# another text")
    seen.add(edition_of(checkout))
    (checkout / "c.py").write_text("")
    seen.add(edition_of(checkout))
    assert len(seen) == 4


def test_an_installed_one_is_told_by_the_sums_of_its_files(installed: Path) -> None:
    """So it is the same wherever and whenever it was installed."""
    record = installed.parent / f"crmsheet-{__version__}.dist-info" / "RECORD"
    first = edition_of(installed)
    os.utime(installed / "a.py", (3_000_000, 3_000_000))
    record.write_text(
        "\n".join(reversed(record.read_text().splitlines())).replace(
            "../../bin/crmsheet,sha256=three,200", ""
        )
    )
    assert edition_of(installed) == first
    record.write_text(record.read_text().replace("one", "other"))
    assert edition_of(installed) != first


def test_without_files_it_is_the_version(tmp_path: Path) -> None:
    assert edition_of(tmp_path / "archive.zip" / "crmsheet") == __version__
