"""Bad specs as text files: how one is written to disk, and what it is expected to give.

A case is a YAML file under `tests/cases/specs`. Comment lines at its top say
`# expect: S116 7:3` (code, line, column; once for each diagnostic) and, where bytes matter,
`# save as: gb18030`.
Lines are counted in the file as it stands, with those comments.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from crmsheet.diagnostics import Diagnostic, TextPlace

CASES = Path(__file__).parent.parent / "cases" / "specs"
_EXPECT = re.compile(r"# expect: (S\d{3}) (\S+)")
_SAVE = re.compile(r"# save as: (.+)")


@dataclass(frozen=True)
class Case:
    """One bad spec."""

    path: Path
    expected: tuple[str, ...]
    save_as: str

    @property
    def name(self) -> str:
        return self.path.stem

    def saved(self, folder: Path) -> Path:
        """The spec as a file with the bytes it is about, its parts beside it."""
        shutil.copytree(CASES / "parts", folder / "parts", dirs_exist_ok=True)
        target = folder / self.path.name
        text = self.path.read_text(encoding="utf-8")
        match self.save_as:
            case "nothing":
                pass
            case "three megabytes":
                target.write_text(text + "# filler\n" * 350_000, encoding="utf-8")
            case "many fields":
                fields = "".join(f"      f{n}: text\n" for n in range(16_384))
                target.write_text(text + fields, encoding="utf-8")
            case encoding:
                target.write_bytes(text.encode(encoding))
        return target


def cases() -> list[Case]:
    """All cases, by name."""
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        save = _SAVE.search(text)
        expected = tuple(f"{code} {place}" for code, place in _EXPECT.findall(text))
        found.append(Case(path, expected, save[1] if save else "utf-8"))
    return found


def short(diagnostic: Diagnostic) -> str:
    """`S116 7:3`, with the file where it is not the case's own."""
    place = diagnostic.place
    assert isinstance(place, TextPlace)
    folder = "parts/" if "parts" in Path(place.file).parts else ""
    name = folder + Path(place.file).name + ":" if folder else ""
    return f"{diagnostic.code} {name}{place.line}:{place.column}"
