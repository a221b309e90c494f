"""Headers and sheets of both books.

Knows which sheets are ours. Of people's own it knows the names, and content only to tell a renamed sheet.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from crmsheet.api.differences.found import Change, Content, Kind, What, Where
from crmsheet.api.differences.sides import Side
from crmsheet.compile.calc import SHEET as CALC_SHEET
from crmsheet.excel.references import a1
from crmsheet.model.spec import Table
from crmsheet.model.succession import Succession

_HIDDEN = "_"
"""Begins the ids of sheets that nobody is to see."""


def header_changes(old: Side, new: Side, was: Table, now: Table, pairs: Succession) -> Iterator[Change]:
    """Columns of a table of both books that are called otherwise."""
    before, after = old.reading.layout.tables[was.id], new.reading.layout.tables[now.id]
    for field in now.fields:
        former = pairs.fields.get(now.id, {}).get(field.id, "")
        one, other = before.headers.get(former), after.headers.get(field.id)
        if one is not None and other is not None and one != other:
            yield Change(
                What.HEADER,
                Kind.RENAMED,
                field.id,
                field.label.text(new.language),
                Where(after.sheet, a1(after.header_row, after.columns[field.id])),
                Content(one, one),
                Content(other, other),
                now.id,
                now.label.text(new.language),
            )


def sheet_changes(old: Side, new: Side, pairs: Succession) -> Iterator[Change]:
    """Sheets that came, went, or are called otherwise. One that was given up by the spec and is people's now,
    or the other way round, is neither."""
    before, after = (
        {i: n for i, n in side.reading.layout.sheets.items() if not i.startswith(_HIDDEN)}
        for side in (old, new)
    )
    theirs = _own(old), _own(new)
    matched: set[str] = set()
    for id_, name in after.items():
        former = pairs.sheet(id_)
        if former in before:
            matched.add(former)
            if before[former] != name:
                yield _change(What.SHEET, Kind.RENAMED, id_, name, before[former], name)
        elif name not in theirs[0]:
            yield _change(What.SHEET, Kind.ADDED, id_, name, "", name)
    for id_, name in before.items():
        if id_ not in matched and name not in theirs[1]:
            yield _change(What.SHEET, Kind.REMOVED, id_, name, name, "")
    gone = [n for n in theirs[0] if n not in theirs[1] and n not in after.values()]
    fresh = [n for n in theirs[1] if n not in theirs[0] and n not in before.values()]
    marks = {n: _mark(old, n) for n in gone} if fresh else {}
    for name in fresh:
        mark = _mark(new, name) if gone else None
        like = [n for n, m in marks.items() if m is not None and m == mark]
        if len(like) == 1:
            gone.remove(like[0])
            del marks[like[0]]
            yield _change(What.OWN_SHEET, Kind.RENAMED, "", name, like[0], name)
        else:
            yield _change(What.OWN_SHEET, Kind.ADDED, "", name, "", name)
    for name in gone:
        yield _change(What.OWN_SHEET, Kind.REMOVED, "", name, name, "")


def _own(side: Side) -> list[str]:
    """The names of people's sheets, in their order."""
    ours = set(side.reading.layout.sheets.values())
    ours |= {p.sheet for p in side.reading.layout.anchors.values()} | {CALC_SHEET}
    return [s.name for s in side.contents.package.workbook.sheets if s.name not in ours]


def _mark(side: Side, name: str) -> Hashable | None:
    """What stands in a sheet; None when that tells nothing."""
    sheet = side.contents.sheet(name)
    if sheet is None:
        return None
    cells = tuple(
        (c.row, c.column, c.formula or "", "" if c.formula is not None else str(c.value))
        for row in sheet.rows.values()
        for c in row
        if c.formula is not None or c.value is not None
    )
    return cells or None


def _change(what: What, kind: Kind, id_: str, label: str, old: str, new: str) -> Change:
    was, now = (Content(text or None, text) for text in (old, new))
    return Change(what, kind, id_, label, Where(label), was, now)
