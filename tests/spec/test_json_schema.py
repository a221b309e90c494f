"""The JSON Schema accepts the specs that load, in short and long forms, and refuses what is misspelt."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml
from tests.spec.reading import CASES

from crmsheet.spec import json_schema

ROOT = Path(__file__).parents[2]
SPECS = [*sorted((ROOT / "templates").rglob("*.yaml")), *sorted((CASES / "good").glob("*.yaml"))]


def _faults(schema: object, value: object, root: Mapping[str, object], path: str = "$") -> list[str]:
    """A small judge of the keywords that our schema uses; another keyword is a failure."""
    assert isinstance(schema, dict)
    known = {
        "$ref",
        "$defs",
        "$schema",
        "anyOf",
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "const",
        "title",
        "description",
        "default",
    }
    assert set(schema) <= known, set(schema) - known
    found: list[str] = []
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        definitions = root["$defs"]
        assert isinstance(definitions, dict)
        found += _faults(definitions[name], value, root, path)
    if "anyOf" in schema:
        options = [_faults(option, value, root, path) for option in schema["anyOf"]]
        if all(options):
            fewest = min(len(faults) for faults in options)
            found += next(faults for faults in options if len(faults) == fewest)
    kinds: dict[str, type | tuple[type, ...]] = {
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "object": dict,
        "array": list,
    }
    if "type" in schema:
        kind = schema["type"]
        fits = value is None if kind == "null" else isinstance(value, kinds[str(kind)])
        if isinstance(value, bool) and kind != "boolean":
            fits = False
        if not fits:
            return [*found, f"{path}: {value!r} is not {kind}"]
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{path}: {value!r} is none of {schema['enum']}")
    if isinstance(value, dict):
        found += _object_faults(schema, value, root, path)
    if isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            found += _faults(schema["items"], item, root, f"{path}[{index}]")
    return found


def _object_faults(
    schema: Mapping[str, object], value: Mapping[str, object], root: Mapping[str, object], path: str
) -> list[str]:
    properties, required = schema.get("properties", {}), schema.get("required", [])
    more = schema.get("additionalProperties", True)
    assert isinstance(properties, dict)
    assert isinstance(required, Sequence)
    found = [f"{path}: {name} is missing" for name in required if name not in value]
    for name, inner in value.items():
        if name in properties:
            found += _faults(properties[name], inner, root, f"{path}.{name}")
        elif isinstance(more, dict):
            found += _faults(more, inner, root, f"{path}.{name}")
        elif more is False:
            found.append(f"{path}: {name} is unknown")
    return found


class _Core(yaml.SafeLoader):
    """YAML as editors read it: 1.2 core."""


_Core.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] in ("int", "float", "null")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _letter in "tf":
    _Core.add_implicit_resolver(
        "tag:yaml.org,2002:bool", __import__("re").compile("^(true|false)$"), [_letter]
    )


@pytest.mark.parametrize("path", SPECS, ids=lambda p: p.name)
def test_specs_validate(path: Path) -> None:
    schema = json_schema()
    data = yaml.load(path.read_text(encoding="utf-8"), _Core)
    assert _faults(schema, data, schema) == []


def test_misspelt_keys_and_words_are_refused() -> None:
    schema = json_schema()
    data = {"crmsheet": 1, "tables": {"t": {"fields": {"a": {"type": "txt", "requird": True}}, "rows": 1}}}
    faults = _faults(schema, data, schema)
    assert any("rows is unknown" in f for f in faults)
    assert len(faults) >= 2


def test_it_is_plain_json_and_the_same_each_time() -> None:
    assert json.dumps(json_schema()) == json.dumps(json_schema())


def test_attributes_are_explained() -> None:
    definitions = json_schema()["$defs"]
    assert isinstance(definitions, dict)
    assert "255" in definitions["FieldShape"]["properties"]["help"]["description"]
