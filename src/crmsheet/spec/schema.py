"""The JSON Schema of specs, for editors.

Knows how pydantic's schema becomes one that yaml-language-server shows well. The forms are `shapes`', so are
the explanations: the texts below the attributes, read from the source because only editors need them.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping
from typing import Final

from crmsheet.spec.shapes.document import SpecShape
from crmsheet.spec.shapes.problems import SHAPES

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, object]:
    """The schema as plain data; the same every time."""
    schema = SpecShape.model_json_schema()
    definitions = schema["$defs"]
    schema.pop("required")  # included files have no `crmsheet: 1`; that the main one has is checked anyway
    for name, shape in SHAPES.items():
        if "extend" in shape.model_fields and name in definitions:
            _waive(definitions[name])
        properties = (schema if shape is SpecShape else definitions.get(name, {})).get("properties", {})
        for attribute, text in _explanations(shape).items():
            if attribute in properties:
                properties[attribute]["description"] = text
    return {"$schema": DIALECT, **schema, "title": "crmsheet spec"}


def _waive(definition: dict[str, object]) -> None:
    """What an entry must say, an extension of one need not say again."""
    required = definition.pop("required", None)
    if required:
        definition["anyOf"] = [{"required": required}, {"required": ["extend"]}]


def _explanations(shape: type) -> Mapping[str, str]:
    """The texts that stand below attributes of a class."""
    (tree,) = ast.parse(inspect.getsource(shape)).body
    assert isinstance(tree, ast.ClassDef)
    found = {}
    for attribute, text in zip(tree.body, tree.body[1:], strict=False):
        match attribute, text:
            case ast.AnnAssign(target=ast.Name(name)), ast.Expr(ast.Constant(str(words))):
                found[name] = inspect.cleandoc(words)
            case _:
                pass
    return found
