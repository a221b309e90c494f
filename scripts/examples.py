"""Writes the data of the examples: the demo world of each starter as CSV files, as people would keep them.

`python scripts/examples.py` writes them, `--check` says which are not current (exit code 1).
"""

from __future__ import annotations

import csv
import io
import sys
from datetime import date
from pathlib import Path

from crmsheet.model.several import COMMA, joined
from crmsheet.model.spec import Field, FieldType, Model
from crmsheet.model.words import Language
from crmsheet.spec import load
from crmsheet.starters import DemoValue, demo_rows, starter_path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
AS_OF = date(2026, 6, 24)
CUSTOMERS = 180
LANGUAGES = {
    "performance": Language.ZH,
    "account-manager": Language.EN,
    "key-account-kpi": Language.ZH,
    "follow-up": Language.ZH,
    "charts": Language.EN,
}
"""In which language each example is."""
_BOOLEANS = {Language.ZH: ("否", "是"), Language.EN: ("no", "yes")}


def files(name: str) -> dict[Path, str]:
    """The CSV files of an example: headers and choices as people see them."""
    language = LANGUAGES[name]
    model = load(starter_path(name))
    rows = demo_rows(name, language, AS_OF, CUSTOMERS)
    found = {}
    for table in model.tables:
        fields = [field for field in table.fields if not field.type.computed]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([field.label.text(language) for field in fields])
        for row in rows[table.id]:
            writer.writerow([_cell(model, language, field, row.get(field.id)) for field in fields])
        found[EXAMPLES / name / "data" / f"{table.id}.csv"] = text.getvalue()
    return found


def _cell(model: Model, language: Language, field: Field, value: DemoValue) -> str:
    match field.type:
        case _ if value is None:
            return ""
        case FieldType.CHOICE | FieldType.MULTI_CHOICE:
            labels = {item.id: item.label.text(language) for item in model.list(field.list).items}
            return joined((labels[item] for item in str(value).split(COMMA)), language)
        case FieldType.BOOLEAN:
            return _BOOLEANS[language][bool(value)]
        case _:
            return str(value)


def main() -> int:
    stale = []
    for name in LANGUAGES:
        for file, text in files(name).items():
            if file.exists() and file.read_text("utf-8-sig") == text:
                continue
            stale.append(file)
            if "--check" not in sys.argv[1:]:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, "utf-8-sig", newline="")
    for file in stale:
        print(("not current: " if "--check" in sys.argv[1:] else "") + str(file.relative_to(ROOT)))
    return 1 if stale and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
