"""Long boards end their pages between blocks."""

from __future__ import annotations

from crmsheet.compile.layout import Laid, Widget, laid_out, pages

LINE = 18.0


def laid(*rows: int, top: int = 2) -> Laid:
    """Blocks of so many rows over the whole width, below a title."""
    return laid_out([Widget(48, n, ()) for n in rows], top, {0: 36.0})


def test_a_page_holds_whole_blocks_and_each_the_title() -> None:
    # Rows 0 and 1 on top, then blocks at rows 2, 13 and 24.
    found = laid(10, 10, 10)
    assert found.shelves == (2, 13, 24)
    height = 36.0 + 23 * LINE
    assert pages(found, height) == ((0, 23), (24, 34))
    assert pages(found, height - 1) == ((0, 12), (13, 34))
    # With the title repeated, the second page holds one block less.
    assert pages(found, 36.0 + 21 * LINE) == ((0, 12), (13, 23), (24, 34))


def test_blocks_side_by_side_stay_together() -> None:
    halves = laid_out([Widget(24, 10, ()), Widget(24, 4, ()), Widget(48, 10, ())], 2, {})
    assert halves.shelves == (2, 13)


def test_a_block_longer_than_a_page_stands_alone() -> None:
    assert pages(laid(5, 100, 5), 40 * LINE) == ((0, 7), (8, 108), (109, 114))


def test_every_row_is_on_one_page() -> None:
    found = laid(7, 30, 12, 3, 25, 9, 18)
    parts = pages(found, 45 * LINE)
    assert [row for first, last in parts for row in range(first, last + 1)] == list(range(found.rows + 1))
