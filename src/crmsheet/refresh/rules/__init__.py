"""Data validations and conditional formats that a plan asks for against those that are there.

`wanted` - the rules of each sheet, with their places. `meaning` - when two rules are the same.
`coverage` - sets of cells. `validations`, `formats` - what is wrong, by kind. `looks` - differential formats.
`repair` - which sheets are as they should be, `settled` - by the letter, `mending` - the edits of the others. `proof` -
that no rule of people's changed.

Knows no file. Does not know cells' values.
"""

from __future__ import annotations

from crmsheet.refresh.rules.repair import RuleRepair, rule_edits

__all__ = ["RuleRepair", "rule_edits"]
