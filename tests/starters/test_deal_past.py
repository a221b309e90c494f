"""What the demo's change log says agrees with the deals as they are."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from crmsheet.model.words import Language
from crmsheet.starters import demo_rows
from crmsheet.starters.deal_past import past_changes

AS_OF = dt.date(2026, 6, 24)


def test_every_path_ends_where_the_deal_stands() -> None:
    deals = demo_rows("follow-up", Language.EN, AS_OF, 40)["deals"]
    past = past_changes(deals, AS_OF)
    assert past == past_changes(deals, AS_OF)
    assert [c.day for c in past] == sorted(c.day for c in past)
    assert {c.field for c in past} == {"stage", "expected_close"}
    for row, deal in enumerate(deals):
        own = [c for c in past if c.row == row]
        created = deal["created"]
        assert isinstance(created, dt.date)
        assert all(created <= c.day <= AS_OF for c in own)
        steps = [c for c in own if c.field == "stage"]
        assert all(a.new == b.old for a, b in pairwise(steps))
        assert (steps[-1].new if steps else "new") == deal["stage"]
        for one in (c for c in own if c.field == "expected_close"):
            assert one.new == deal["expected_close"]
            assert str(one.old) < str(one.new)
