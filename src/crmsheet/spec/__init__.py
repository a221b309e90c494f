"""Spec files: YAML with places, its form, and what it means as a Model.

`load` gives the Model or raises SpecError with all diagnostics, `read` gives both, `load_sources` reads the
text that a workbook remembers, `json_schema` describes the form for editors.

Knows YAML, pydantic and the rules of specs. Does not know workbooks. Import it only where a spec is read:
pydantic takes a tenth of a second.
"""

from crmsheet.spec.loading import SpecResult, load, load_sources, read
from crmsheet.spec.schema import json_schema

__all__ = ["SpecResult", "json_schema", "load", "load_sources", "read"]
