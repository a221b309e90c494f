"""`crmsheet export` on the command line: what it writes where, what it replaces and what it leaves alone."""

from __future__ import annotations

import builtins
import json
import sqlite3
from pathlib import Path

import pytest
from tests.cli.conftest import Crmsheet

from crmsheet.cli import targets
from crmsheet.cli.exits import Exit
from crmsheet.errors import UsageError
from crmsheet.export import packages
from crmsheet.export.formats import Format, written
from crmsheet.export.relations import Dataset


def test_an_export_from_the_shell(world: Path, crmsheet: Crmsheet, tmp_path: Path) -> None:
    book = world / "客户表.xlsx"
    before = book.read_bytes()
    done = crmsheet("export", str(book), "--to", "sqlite", "-o", "数据 库.sqlite", cwd=tmp_path)
    assert (done.code, done.text.strip()) == (Exit.DONE, "数据 库.sqlite")
    with sqlite3.connect(tmp_path / "数据 库.sqlite") as connection:
        rows = connection.execute("SELECT name, region_id, last_order, amount FROM customers").fetchall()
    assert rows[0] == ("联航百货", "east", "2026-01-15", 1200)
    done = crmsheet(
        "export", str(book), "--to", "csv", "-o", "out", "--format", "json", "--shape", "tables", cwd=tmp_path
    )
    told = json.loads(done.text)
    assert (told["rows"]["customers"], told["as_of"]) == (3, "2026-03-31")
    assert {str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.csv")} == {
        name for name in told["files"] if name != packages.NAME
    }
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "数据 库.sqlite"]
    assert book.read_bytes() == before


def test_a_workbook_is_never_the_target(world: Path, crmsheet: Crmsheet) -> None:
    done = crmsheet("export", "客户表.xlsx", "--to", "json", "-o", "客户表.xlsx", "--force", cwd=world)
    assert (done.code, ".json" in done.messages) == (Exit.USAGE, True)


def package(*names: str) -> bytes:
    return json.dumps({"crmsheet:made_by": "crmsheet", "resources": [{"path": n} for n in names]}).encode()


def test_a_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    place = tmp_path / "out"
    targets.folder_written(
        place, {packages.NAME: package("a.csv", "b/c.csv"), "a.csv": b"1", "b/c.csv": b"2"}, force=False
    )
    with pytest.raises(UsageError, match="U102"):
        targets.ensure_free(place, force=False, folder=True)
    targets.folder_written(place, {packages.NAME: package("a.csv"), "a.csv": b"3"}, force=True)
    assert {p.name: p.read_bytes() for p in place.iterdir() if p.suffix == ".csv"} == {"a.csv": b"3"}
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_folder_with_something_of_the_users_stays(tmp_path: Path) -> None:
    place = tmp_path / "out"
    targets.folder_written(place, {packages.NAME: package("a.csv"), "a.csv": b"1"}, force=False)
    (place / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"notes\.txt"):
        targets.folder_written(place, {"a.csv": b"2"}, force=True)
    assert sorted(p.name for p in place.iterdir()) == ["a.csv", packages.NAME, "notes.txt"]
    assert (place / "a.csv").read_bytes() == b"1"
    other = tmp_path / "photos"
    other.mkdir()
    (other / "cat.png").write_bytes(b"x")
    with pytest.raises(UsageError, match="U152"):
        targets.ensure_free(other, force=True, folder=True)


def test_a_failure_on_the_way_leaves_the_old_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "out"
    targets.folder_written(place, {packages.NAME: package("a.csv"), "a.csv": b"1"}, force=False)
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.suffix == ".dir":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(UsageError, match="No space left"):
        targets.folder_written(place, {packages.NAME: package("a.csv"), "a.csv": b"2"}, force=True)
    monkeypatch.undo()
    assert (place / "a.csv").read_bytes() == b"1"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(("to", "library"), [("parquet", "pyarrow"), ("duckdb", "duckdb")])
def test_a_missing_library_is_named_with_the_extra(
    to: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: object, **named: object) -> object:
        if name in ("crmsheet.export.parquet", "crmsheet.export.duck"):
            raise ImportError(name)
        return real(name, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError) as caught:
        written(Dataset({}, ()), Format(to))
    (told,) = caught.value.diagnostics
    assert told.code == "U150"
    assert library in told.message
    assert f'"crmsheet[{to}]"' in told.remedy
