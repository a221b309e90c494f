"""The description of a folder of files, as the data package standard has it (Frictionless Data, version 1).

Knows the standard's words. Does not know what the files hold. By the description a later export knows that the folder is
one of ours, and which files in it are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from crmsheet.export.relations import Column, Dataset, Relation, Stored

NAME: Final = "datapackage.json"
PROFILE: Final = "tabular-data-package"
MADE_BY: Final = "crmsheet"
_TYPES: Final = {Stored.DECIMAL: "number", Stored.DOUBLE: "number"}


def described(dataset: Dataset, files: Mapping[str, Relation], *, encoding: str, format_: str) -> bytes:
    """The description; `files` are the relations by file name."""
    here = {r.id for r in files.values()}
    resources = [
        {
            "name": relation.id,
            "path": name,
            "format": format_,
            **({"encoding": encoding, "dialect": _DIALECT} if encoding else {}),
            "crmsheet:kind": relation.kind.value,
            "schema": _schema(relation, here),
        }
        for name, relation in files.items()
    ]
    package = {
        "profile": PROFILE,
        "name": "export",
        "title": dataset.about["title"],
        "crmsheet:made_by": MADE_BY,
        "crmsheet:book": dict(dataset.about),
        "resources": resources,
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


_DIALECT: Final = {
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "header": True,
}


def _schema(relation: Relation, here: set[str]) -> dict[str, object]:
    schema: dict[str, object] = {"fields": [_field(c) for c in relation.columns]}
    if relation.key:
        schema["primaryKey"] = relation.key
    foreign = [f for f in relation.foreign if f.relation in here]
    if foreign:
        schema["foreignKeys"] = [
            {"fields": f.column, "reference": {"resource": f.relation, "fields": f.target}} for f in foreign
        ]
    return schema


def _field(column: Column) -> dict[str, object]:
    return {"name": column.id, "type": _TYPES.get(column.stored, column.stored.value)}


def ours(data: bytes) -> frozenset[str] | None:
    """The files of an export that a description names, itself included; None when it is not one of ours."""
    try:
        package = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(package, dict) or package.get("crmsheet:made_by") != MADE_BY:
        return None
    resources = package.get("resources")
    if not isinstance(resources, list):
        return None
    return frozenset((NAME, *(str(r.get("path")) for r in resources if isinstance(r, dict))))
