"""The drop-downs of boards set as people would set them, in several ways.

Knows which selectors a workbook's boards have, what each offers, and how to type choices into their cells.
Does not know what the boards make of them.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Final

from crmsheet.compile import board_words as words
from crmsheet.model.boards import Selector
from crmsheet.opc.package import Package
from crmsheet.opc.writer import assemble
from crmsheet.read import Reading, read_book
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.edits import CellEdit, EditKind
from crmsheet.sheetml.splice import patched_sheet

NOTHING_FOUND: Final = "§ none of them §"
"""What a person types to look for something that does not exist."""


def chosen_at_random(content: bytes, seed: str) -> dict[str, str]:
    """Something chosen in every selector (`board.selector`), another for every seed.

    Of one in five it is All, or, where there is always a row chosen, something that no row is called.
    """
    reading = _reading(content)
    dice = random.Random(seed)
    return {
        f"{board.id}.{selector.id}": dice.choice(_offered(reading, selector))
        if dice.random() < 0.8
        else _extreme(reading, selector)
        for board in reading.record.model.boards
        for selector in board.selectors
    }


def chosen_without_rows(content: bytes) -> dict[str, str]:
    """The last item of everything and a single day: hardly a row is left."""
    reading = _reading(content)
    return {
        f"{board.id}.{selector.id}": words.WINDOWS["yesterday"].text(reading.record.language)
        if selector.is_period
        else NOTHING_FOUND
        if selector.record
        else _offered(reading, selector)[-1]
        for board in reading.record.model.boards
        for selector in board.selectors
    }


def with_choices(content: bytes, chosen: Mapping[str, str]) -> bytes:
    """The workbook with its selectors set; everything else is as it was."""
    contents = Contents(Package.of(content))
    reading = read_book(contents)
    edits: dict[str, list[CellEdit]] = {}
    for selector, choice in chosen.items():
        anchor, row, column = reading.record.inputs[f"selectors.{selector}"]
        place = reading.layout.anchors[anchor]
        edit = CellEdit(place.rows[row], place.columns[column], EditKind.VALUE, choice)
        edits.setdefault(place.sheet, []).append(edit)
    replaced: dict[str, bytes] = {}
    for name, found in edits.items():
        sheet = contents.sheet(name)
        assert sheet is not None
        replaced[sheet.sheet.part] = patched_sheet(sheet.scan, found).data
    return assemble(contents.package, replaced)


def _reading(content: bytes) -> Reading:
    return read_book(Contents(Package.of(content)))


def _offered(reading: Reading, selector: Selector) -> list[str]:
    """What the drop-down offers, without All."""
    language = reading.record.language
    if selector.is_period:
        return [window.text(language) for window in words.WINDOWS.values()]
    if selector.list:
        return [row.label for row in reading.state.lists[selector.list]]
    key = reading.record.model.table(selector.table).key
    kept = [str(value) for value in reading.state.tables[selector.table].columns[key] if value]
    return kept or [NOTHING_FOUND]


def _extreme(reading: Reading, selector: Selector) -> str:
    language = reading.record.language
    if selector.is_period:
        return words.WINDOWS["all"].text(language)
    if selector.record:
        return NOTHING_FOUND
    return (words.BLANK if selector.offer_blank else words.ALL).text(language)
