"""The public functions: what they give, what they raise, how files find each other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.spec.reading import CASES

from crmsheet.diagnostics import Severity, TextPlace
from crmsheet.errors import SpecError
from crmsheet.model.spec import SourceFile
from crmsheet.spec import load, load_sources, read

ROOT = Path(__file__).parents[2]
SMALL = "crmsheet: 1\ntables:\n  customers:\n    fields:\n      name: text\n"


def _written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / next(iter(files))


def test_load_raises_everything_at_once(tmp_path: Path) -> None:
    spec = _written(
        tmp_path, {"s.yaml": SMALL + "      a: txt\n      b: dat\n      c: {type: date, max_length: 3}\n"}
    )
    with pytest.raises(SpecError) as caught:
        load(spec)
    assert [d.code for d in caught.value.diagnostics] == ["S134", "S134", "S138"]


def test_problems_of_form_do_not_hide_problems_of_meaning(tmp_path: Path) -> None:
    spec = _written(
        tmp_path,
        {
            "s.yaml": SMALL
            + "      a: txt\n      n: {type: formula, expr: '[a]&[nam]'}\nmetrics:\n"
            + "  x: {type: ratio, numerator: y, denominator: z}\n"
        },
    )
    found = [(d.code, d.place.line) for d in read(spec).diagnostics if isinstance(d.place, TextPlace)]
    assert found == [("S134", 6), ("S221", 7), ("S213", 9), ("S213", 9)]


def test_what_refers_to_a_malformed_field_is_not_wrong_too(tmp_path: Path) -> None:
    spec = _written(
        tmp_path,
        {
            "s.yaml": SMALL
            + "      amount: {type: curency}\n      n: {type: formula, expr: '[amount]*2'}\n"
            + "metrics:\n  total: {type: simple, table: customers, agg: sum, field: amount}\n"
        },
    )
    assert [d.code for d in read(spec).diagnostics] == ["S134"]


def test_warnings_do_not_stop_a_model(tmp_path: Path) -> None:
    result = read(_written(tmp_path, {"s.yaml": SMALL + "lists:\n  color: [red]\n"}))
    assert result.model is not None
    assert [d.severity for d in result.diagnostics] == [Severity.WARNING]


def test_includes_are_relative_to_their_file_and_read_once(tmp_path: Path) -> None:
    spec = _written(
        tmp_path,
        {
            "specs/中文 spec.yaml": "crmsheet: 1\ninclude: [../common/a.yaml, ../common/b.yaml]\n"
            + SMALL[12:],
            "common/a.yaml": "include: deep/c.yaml\nlists: {a: [x]}\n",
            "common/b.yaml": "include: deep/c.yaml\ntables: {users: {fields: {a: choice, c: choice}}}\n",
            "common/deep/c.yaml": "lists: {c: [x]}\n",
        },
    )
    model = load(spec)
    assert [s.name for s in model.sources] == [
        "中文 spec.yaml",
        "../common/a.yaml",
        "../common/deep/c.yaml",
        "../common/b.yaml",
    ]
    assert [t.id for t in model.tables] == ["customers", "users"]
    assert load_sources(model.sources, "中文 spec.yaml") == model


def test_a_problem_in_an_included_file_is_placed_there(tmp_path: Path) -> None:
    spec = _written(
        tmp_path,
        {"s.yaml": "crmsheet: 1\ninclude: part.yaml\n" + SMALL[12:], "part.yaml": "lists:\n  a: [x, x]\n"},
    )
    problem = read(spec).diagnostics[0]
    assert isinstance(problem.place, TextPlace)
    assert (Path(problem.place.file).name, problem.place.line, problem.place.column) == ("part.yaml", 2, 10)


def test_a_file_that_includes_itself(tmp_path: Path) -> None:
    spec = _written(tmp_path, {"s.yaml": "crmsheet: 1\ninclude: s.yaml\n" + SMALL[12:]})
    assert [d.code for d in read(spec).diagnostics] == ["S121"]


def test_a_stored_spec_that_lacks_a_file() -> None:
    with pytest.raises(SpecError, match="part"):
        load_sources([SourceFile("s.yaml", "crmsheet: 1\ninclude: part.yaml\n" + SMALL[12:])], "s.yaml")


@pytest.mark.parametrize("text", ["", "# nothing\n", "just a text\n", "- a\n- list\n"])
def test_not_a_spec(tmp_path: Path, text: str) -> None:
    result = read(_written(tmp_path, {"s.yaml": text}))
    assert result.model is None
    assert [d.code for d in result.diagnostics] == ["S133"]


def test_mark_and_windows_line_ends_are_no_problem(tmp_path: Path) -> None:
    spec = tmp_path / "s.yaml"
    spec.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode("utf-8"))
    assert read(spec).diagnostics == ()


def test_the_name_of_a_spec_without_one_is_the_file_s(tmp_path: Path) -> None:
    model = load(_written(tmp_path, {"客户.yaml": SMALL}))
    assert (model.name, model.title.zh) == ("客户", "客户")


@pytest.mark.parametrize("path", sorted((ROOT / "templates").glob("*.yaml")), ids=lambda p: p.stem)
def test_the_starters_load_without_a_word(path: Path) -> None:
    result = read(path)
    assert [d.text() for d in result.diagnostics] == []
    assert result.model is not None


def test_the_first_screen_needs_no_pydantic() -> None:
    """Only who reads a spec pays for it."""
    code = (
        "import sys, crmsheet.model.spec, crmsheet.formulas.checker;"
        "print('pydantic' in sys.modules, 'yaml' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert done.stdout.split() == ["False", "False"]


def test_the_cases_folder_holds_the_parts() -> None:
    assert (CASES / "parts").is_dir()
