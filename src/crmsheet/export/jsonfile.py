"""One JSON file: the relations with their rows as objects. The same book gives the same bytes.

Knows the file's form. Amounts are numbers, dates texts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from crmsheet.export.relations import Dataset, Datum, Relation
from crmsheet.export.texts import text_of

FORMAT: Final = 1


def json_file(dataset: Dataset) -> bytes:
    relations = {r.id: _relation(r) for r in dataset.relations}
    head: dict[str, object] = {"crmsheet_export": FORMAT, "book": dict(dataset.about)}
    # A row a line: a file of many rows stays readable, and two of them can be compared.
    parts = [json.dumps(head, ensure_ascii=False, indent=1)[:-2], ',\n "relations": {']
    for index, (name, (about, rows)) in enumerate(relations.items()):
        parts.append(("," if index else "") + f'\n  {_text(name)}: {_text(about)[:-1]}, "rows": [')
        parts.append(",".join(f"\n   {_text(row)}" for row in rows))
        parts.append("\n  ]}" if rows else "]}")
    parts.append("\n }\n}\n")
    return "".join(parts).encode("utf-8", "replace")


def _relation(relation: Relation) -> tuple[Mapping[str, object], list[dict[str, object]]]:
    about: dict[str, object] = {"kind": relation.kind.value}
    if relation.key:
        about["key"] = relation.key
    about["columns"] = {c.id: c.stored.value for c in relation.columns}
    if relation.foreign:
        about["foreign_keys"] = {f.column: f"{f.relation}.{f.target}" for f in relation.foreign}
    names = [c.id for c in relation.columns]
    return about, [dict(zip(names, map(_value, row), strict=True)) for row in relation.rows()]


def _value(value: Datum) -> object:
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return int(value) if whole else float(value)
    return value if value is None or isinstance(value, bool | int | float | str) else text_of(value)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
