"""The flat shape: a row for each row of a fact, with all that its dimensions say of it and the parts of its day.

Knows which columns are joined and what they are called. Does not know how a database joins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from crmsheet.export.entry import ROW_ID
from crmsheet.export.relations import Column, FlatPart, Kind, Relation, free_name
from crmsheet.export.star import DATES

_DATE_PARTS: Final = (
    "year",
    "year_quarter",
    "year_month",
    "iso_week",
    "week_start",
    "weekday",
    "weekday_name",
    "fiscal_year",
    "fiscal_year_quarter",
)


def flat(name: str, fact: Relation, main_date: str | None, dimensions: Mapping[str, Relation]) -> Relation:
    """The join of a fact and the rows that it names."""
    parts = tuple(_parts(fact, main_date, dimensions))
    columns = tuple(_column(fact, part, dimensions) for part in parts)
    return Relation(name, Kind.FLAT, columns, ROW_ID, of=fact.id, parts=parts)


def _parts(fact: Relation, main_date: str | None, dimensions: Mapping[str, Relation]) -> Iterator[FlatPart]:
    keys = {f.column for f in fact.foreign}
    own = [c.id for c in fact.columns if c.id not in keys]
    yield from (FlatPart(id_, id_) for id_ in own)
    taken = list(own)
    day_key = ""
    for foreign in fact.foreign:
        dimension = dimensions[foreign.relation]
        if foreign.relation == DATES:
            day_key = foreign.column if foreign.of == main_date else day_key
            continue
        for far in dimension.columns:
            if far.id not in (dimension.key, ROW_ID):
                name = free_name(f"{foreign.of}_{far.id}", taken)
                taken.append(name)
                yield FlatPart(name, far.id, foreign.column)
    if day_key:
        for id_ in _DATE_PARTS:
            name = free_name(f"{main_date}_{id_}", taken)
            taken.append(name)
            yield FlatPart(name, id_, day_key)


def _column(fact: Relation, part: FlatPart, dimensions: Mapping[str, Relation]) -> Column:
    if not part.via:
        return fact.column(part.column)
    dimension = dimensions[next(f.relation for f in fact.foreign if f.column == part.via)]
    far = dimension.column(part.column)
    place = {key: i for i, key in enumerate(dimension.column(dimension.key).values)}
    values = far.values
    return Column(part.id, far.stored, tuple(values[place[key]] for key in fact.column(part.via).values))
