"""Links between our sheets, after a program that writes their names otherwise."""

from __future__ import annotations

import re

import pytest
from tests.judge.package import descendants
from tests.refresh.small_world import TODAY, View, with_text

from crmsheet import api
from crmsheet.refresh import NoteKind

OURS = re.compile(r'location="(_crm\.\w+)\.(\w+)"')


def locations(content: bytes | None) -> dict[str, list[str]]:
    """By sheet: where its links lead."""
    package = View.of(content).package
    return {
        sheet.name: [str(link.get("location")) for link in descendants(package.root(sheet.part), "hyperlink")]
        for sheet in package.worksheets
    }


def linking(content: bytes, to: str) -> bytes:
    """The workbook with all links of ours leading elsewhere; groups are the two halves of the name."""
    package = View.of(content).package
    for sheet in package.worksheets:
        if any(OURS.fullmatch(f'location="{place}"') for place in locations(content)[sheet.name]):
            content = with_text(content, sheet.part, lambda text: OURS.sub(f'location="{to}"', text))
    return content


def test_links_lead_to_our_names_again(small: bytes) -> None:
    """LibreOffice takes the last point for the one behind a sheet."""
    content = linking(small, r"\1!\2")
    count = sum("!" in place for places in locations(content).values() for place in places)
    assert count > 10
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert locations(done.content) == locations(small)
    assert [n.new for n in done.notes if n.kind is NoteKind.LINKS_RESTORED] == [str(count)]
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


@pytest.mark.parametrize("place", ["_crm.nowhere!top", "Customers!A1", "_crm.customers.top", "Sheet!top"])
def test_other_links_are_left_alone(small: bytes, place: str) -> None:
    content = linking(small, place)
    done = api.refresh(content, name="b.xlsx", today=TODAY)
    assert locations(done.content or content) == locations(content)
    assert not [n for n in done.notes if n.kind is NoteKind.LINKS_RESTORED]
