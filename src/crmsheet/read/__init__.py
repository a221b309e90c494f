"""Workbook → State and Layout: what people entered, and where everything stands by now.

`record` - the hidden Baseline. `anchors` - blocks by their names, `again` - those that lost it, `tops` - what
stands above tables. `columns` - tables and their columns. `rows` - rows, adopted ones too, and which is which.
`inputs` - settings, selectors, lists; `matrices` - columns of dependent lists. `book` - all of it.

Knows how people and other programs rearrange a workbook. Does not judge data (`checks`) and changes nothing.
"""

from __future__ import annotations

from crmsheet.read.anchors import aligned_places, cut_blocks
from crmsheet.read.book import Reading, read_book, read_record
from crmsheet.read.tops import with_tops

__all__ = ["Reading", "aligned_places", "cut_blocks", "read_book", "read_record", "with_tops"]
