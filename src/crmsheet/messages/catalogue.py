"""The catalogues of other languages: one `.po` file each, as gettext and translators' programs know them.

Knows the part of the format that is used here: comments, `msgid`, `msgstr`, strings that go on in the next line.
Everything that says something loads this module; what reads a catalogue is loaded for those who need one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Translations by their English templates; none for a language without a file."""
    from pathlib import Path

    file = Path(__file__).parent / f"{language}.po"
    return read(file.read_text("utf-8")) if file.is_file() else {}


def read(text: str) -> dict[str, str]:
    """The entries of a `.po` file. Raises ValueError for lines that are none of the format."""
    import json

    entries: list[tuple[list[str], list[str]]] = []
    into: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        word, _, rest = line.partition(" ")
        if word == "msgid":
            entries.append(([], []))
            into = entries[-1][0]
        elif word == "msgstr" and entries:
            into = entries[-1][1]
        elif line.startswith('"'):
            rest = line
        else:
            raise ValueError(f"line {number} is no line of a .po file: {line!r}")
        string = json.loads(rest)
        assert isinstance(string, str)
        into.append(string)
    found = {"".join(source): "".join(target) for source, target in entries}
    if len(found) < len(entries):
        raise ValueError("a text stands twice in the catalogue")
    return {source: target for source, target in found.items() if source and target}
