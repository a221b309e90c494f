"""How much of a workbook file we are willing to look at.

Knows numbers only. They are far above what real workbooks need (the highest inflate ratio seen in
4,000 files is 170, an EMF picture; deflate's own maximum is 1,032) and low enough that a hostile file
costs neither memory nor time.
"""

from __future__ import annotations

from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    file_bytes: int = 512 * 2**20
    members: int = 20_000
    directory_bytes: int = 32 * 2**20
    part_bytes: int = 2**30
    total_bytes: int = 4 * 2**30
    ratio: int = 250
    """Inflated by deflated size; looked at for parts of more than `ratio_from` bytes."""
    ratio_from: int = 2**20
    tree_bytes: int = 64 * 2**20
    """Parts that are parsed into a tree (all but worksheets and shared strings)."""
    tree_elements: int = 200_000
    """Of one tree. The most that Excel itself may need is some 130,000, in the styles: 64,000 formats, each
    with an alignment."""
    run_bytes: int = 2 * 2**20
    """Bytes of XML without a single `>`: no tag, text or comment of a real file comes near."""
    sheets: int = 4_000
    depth: int = 200
    """Nesting of elements; DrawingML of real files stays below 60."""


LIMITS = Limits()
