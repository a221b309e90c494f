"""docs/diagnostics.md lists every code that the program can say, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.docs.pages import page, rows

from crmsheet.checks.words import WORDS
from crmsheet.diagnostics import Diagnostic, TextPlace
from crmsheet.opc.refusals import Refusal
from crmsheet.spec import read
from crmsheet.spec.codes import Code

SOURCES = Path(__file__).resolve().parents[2] / "src" / "crmsheet"
PAGE = page("diagnostics.md").text
_TABLE = re.compile(r"^\| code \|.*\n\|---.*\n(?:\|.*\n?)+", re.MULTILINE)
_WRITTEN = re.compile(r"""["']([SDWUB][1-9]\d\d)(?=["' ])""")
LISTED = [row for table in _TABLE.findall(PAGE) for row in rows(table)]
TITLES = (
    {code.code: code.title for code in Code}
    | {code: words.title for code, words in WORDS.items()}
    | {refusal.code: refusal.value[1] for refusal in Refusal}
)


def _said() -> set[str]:
    """The codes in the sources."""
    return {code for file in SOURCES.rglob("*.py") for code in _WRITTEN.findall(file.read_text("utf-8"))}


def test_every_code_is_listed_and_no_other() -> None:
    said, listed = _said(), {row[0] for row in LISTED}
    assert len(said) > 100
    assert (said - listed, listed - said) == (set(), set())


def test_codes_stand_in_order_each_once() -> None:
    codes = [row[0] for row in LISTED]
    assert codes == sorted(codes, key=lambda code: ("SDWUB".index(code[0]), code))
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("row", LISTED, ids=lambda row: row[0])
def test_a_code_has_its_title_a_meaning_and_a_remedy(row: list[str]) -> None:
    code, title, meaning, remedy = row
    assert title == TITLES.get(code, title)
    assert title[-1] != "."
    for sentence in (meaning, remedy):
        assert sentence[-1] in ".?"


def test_the_message_shown_is_one_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = re.search(r"```console\n(.*?)\n```", PAGE, re.DOTALL)
    assert shown is not None
    place = re.match(r"S221 (\S+?):(\d+):(\d+) ", shown[1])
    assert place is not None
    text = page("spec.md").examples()[0].text.splitlines()
    line = int(place[2]) - 1
    text[line] = text[line].replace('"won"', '"wonn"')
    monkeypatch.chdir(tmp_path)
    path = Path(place[1])
    path.write_text("\n".join(text), "utf-8")
    (found,) = read(path).diagnostics
    assert isinstance(found, Diagnostic)
    assert isinstance(found.place, TextPlace)
    assert found.text() == shown[1]
