"""The examples: their data are current, are read without a question, and are what the demo tells."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from crmsheet.api.outside import folder_rows
from crmsheet.api.rows import initial_state
from crmsheet.spec import load
from crmsheet.starters import demo_rows, starter_names, starter_path

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("example_files", ROOT / "scripts" / "examples.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def test_every_starter_has_an_example_and_the_index_names_it() -> None:
    folders = {path.name for path in EXAMPLES.iterdir() if path.is_dir()}
    assert folders == set(starter_names())
    index = (EXAMPLES / "README.md").read_text("utf-8")
    for name in folders:
        assert f"({name}/README.md)" in index
        text = (EXAMPLES / name / "README.md").read_text("utf-8")
        assert f"crmsheet build templates/{name}.yaml --data examples/{name}/data" in text
        assert (EXAMPLES / name / "board.png").is_file()


@pytest.mark.parametrize("name", starter_names())
def test_the_files_are_current_and_hold_the_demo_rows(name: str) -> None:
    script = _script()
    for file, text in script.files(name).items():
        assert file.read_text("utf-8-sig") == text, "run python scripts/examples.py"
    model = load(starter_path(name))
    language = script.LANGUAGES[name]
    rows, findings = folder_rows(model, language, EXAMPLES / name / "data")
    assert findings == ()
    told = demo_rows(name, language, script.AS_OF, script.CUSTOMERS)
    assert initial_state(model, language, rows, "abcd") == initial_state(model, language, told, "abcd")
