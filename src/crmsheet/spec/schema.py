"""The JSON Schema of specs, for editors.

Knows how pydantic's schema becomes one that yaml-language-server shows well. The forms are `shapes`'.
"""

from __future__ import annotations

from crmsheet.spec.shapes.document import SpecShape

IDENTIFIER = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, object]:
    """The schema as plain data; the same every time."""
    schema = SpecShape.model_json_schema()
    return {"$schema": IDENTIFIER, **schema, "title": "crmsheet spec"}
