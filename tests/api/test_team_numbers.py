"""Rows of others that a copy knows by name only, in tables whose rows are numbered."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from crmsheet.api import merge, split
from crmsheet.api.building import built_from
from crmsheet.model.words import Language
from crmsheet.spec import load

TODAY = dt.date(2026, 3, 31)
SPEC = """\
crmsheet: 1
name: visits
language: en
tables:
  people: {fields: {name: {type: text, unique: true}}}
  customers:
    key: name
    fields:
      code: {type: id, format: C0000}
      name: {type: text, unique: true}
      owner: {type: reference, table: people}
  visits:
    fields:
      what: text
      owner: {type: reference, table: people}
      customer: {type: reference, table: customers}
roles: {rep: {rows: own}}
"""


def test_a_copy_in_which_nobody_changed_anything_brings_nothing(tmp_path: Path) -> None:
    path = tmp_path / "visits.yaml"
    path.write_text(SPEC, encoding="utf-8")
    rows = {
        "people": [{"name": "Ann"}, {"name": "Ben"}],
        "customers": [{"name": "Acme", "owner": "Ann"}, {"name": "Beta", "owner": "Ben"}],
        "visits": [{"what": "Call", "owner": "Ann", "customer": "Beta"}],
    }
    book = built_from(load(path), rows, Language.EN, today=TODAY).content
    made = split(book, name="b", stem="b", by="owner", role="rep", today=TODAY, salt="s")
    copies = [(f"{n}.xlsx", copy.shared.content) for n, copy in enumerate(made.parts)]
    done = merge(book, copies, name="b", today=TODAY, accept_deletions=False)
    assert [one.kept_out for one in done.copies] == [0, 0]
    assert done.content is None
