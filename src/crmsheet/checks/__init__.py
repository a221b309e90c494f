"""What is wrong with the data in a workbook: one check a module, listed once in `run.CHECKS`.

Knows what a row should look like. Does not know where data come from, and changes nothing.
A row that is empty is never wrong.
"""

from __future__ import annotations

from crmsheet.checks.run import data_problems

__all__ = ["data_problems"]
