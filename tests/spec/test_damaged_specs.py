"""However a spec is damaged, reading it ends with diagnostics, never with a traceback."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.spec.reading import CASES

from crmsheet.diagnostics import Diagnostic, Severity, TextPlace
from crmsheet.errors import SpecError
from crmsheet.model.spec import SourceFile
from crmsheet.spec import load_sources

_MAIN = (CASES / "good" / "everything.yaml").read_text(encoding="utf-8")
_LISTS = (CASES / "good" / "lists.yaml").read_text(encoding="utf-8")
_TOKEN = re.compile(r"[\w.]+|[^\w\s]")
_WORDS = sorted({match[0] for match in _TOKEN.finditer(_MAIN)})


@dataclass(frozen=True)
class Damage:
    """One change: the token at `at` (modulo their number) becomes `text`."""

    at: int
    text: str

    def done(self, text: str) -> str:
        found = list(_TOKEN.finditer(text))
        token = found[self.at % len(found)]
        return text[: token.start()] + self.text + text[token.end() :]


_TEXTS = st.sampled_from(
    [*_WORDS, "", "：", "，", "“", "\t", "[]", "{}", "null", "-", "'", "\n", "99999999999", "[x]", "1 2"]
)


def _told(sources: list[SourceFile]) -> tuple[Diagnostic, ...]:
    """The diagnostics of a spec that has errors; none when it loads."""
    try:
        load_sources(sources, "everything.yaml")
    except SpecError as error:
        return error.diagnostics
    return ()


_DAMAGES = st.lists(st.builds(Damage, st.integers(0, 5000), _TEXTS), min_size=1, max_size=4)


@settings(max_examples=150)
@given(_DAMAGES)
def test_damage_is_told_not_thrown(damages: list[Damage]) -> None:
    text = _MAIN
    for damage in damages:
        text = damage.done(text)
    sources = [SourceFile("everything.yaml", text), SourceFile("lists.yaml", _LISTS)]
    found = _told(sources)
    assert not found or any(d.severity is Severity.ERROR for d in found)
    for diagnostic in found:
        assert isinstance(diagnostic.place, TextPlace)
        assert diagnostic.message
        assert diagnostic.text()


@settings(max_examples=60)
@given(st.lists(st.integers(0, 200), min_size=1, max_size=6))
def test_missing_lines_are_told_not_thrown(gone: list[int]) -> None:
    lines = _MAIN.splitlines()
    text = "\n".join(line for number, line in enumerate(lines) if number not in gone)
    sources = [SourceFile("everything.yaml", text), SourceFile("lists.yaml", _LISTS)]
    assert all(d.code.startswith("S") for d in _told(sources))
