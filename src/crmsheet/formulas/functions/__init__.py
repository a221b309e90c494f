"""The one function table: every function an expression may use.

Knows which families there are. A new function is one line in its family.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from crmsheet.formulas.functions import (
    arithmetic,
    arrays,
    calendar,
    conditional,
    information,
    logic,
    lookup,
    statistics,
    texts,
)
from crmsheet.formulas.functions.table import Function, Kind, Parameter, Style, Type

__all__ = ["TABLE", "Function", "Kind", "Parameter", "Style", "Type"]

TABLE: Final[Mapping[str, Function]] = MappingProxyType(
    {
        function.name: function
        for family in (
            arithmetic,
            texts,
            information,
            logic,
            calendar,
            statistics,
            conditional,
            lookup,
            arrays,
        )
        for function in family.FUNCTIONS
    }
)
"""Every function by its upper-case name."""
