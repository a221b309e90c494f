"""Flat tables: computed columns that make a table of facts ready for pivots.

Knows which parts of the date and which dimensions of the rows referred to such a table gets. Does not know how
they are computed in cells. The columns are of the Model only: a spec names the dimensions by their paths.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from crmsheet.formulas.tree import Binary, Call, Cell, Node, Number, Text
from crmsheet.model.metrics import Metric
from crmsheet.model.spec import Field, FieldGroup, FieldType, Lookup, Table, View
from crmsheet.model.words import Label
from crmsheet.structs import replace

_GROUP: Final = "pivot"
_GROUP_LABEL: Final = Label("透视字段", "For pivots")
_DATES: Final = (FieldType.DATE, FieldType.DATETIME)
_DIMENSIONS: Final = (FieldType.CHOICE, FieldType.REFERENCE)
_YEAR: Final = Label("年", "Year")
_FISCAL_YEAR: Final = Label("财年", "Fiscal year")
_QUARTER: Final = Label("季度", "Quarter")
_FISCAL_QUARTER: Final = Label("财季", "Fiscal quarter")
_MONTH: Final = Label("月份", "Month")
_WEEK: Final = Label("周（周一日期）", "Week (its Monday)")
_WEEKDAY: Final = Label("星期（1=周一）", "Weekday (1 = Monday)")
_BETWEEN: Final = " · "


def flattened(
    table: Table, tables: Mapping[str, Table], metrics: Mapping[str, Metric], fiscal_year_start: int
) -> Table:
    """The table with the columns a pivot wants: parts of its date, its own dimensions that may be blank, and
    those of the rows it refers to. None of them is ever blank."""
    found = [*_parts_of_date(table, metrics, fiscal_year_start), *_dimensions(table, tables)]
    taken = {f.id for f in table.fields}
    grouped = _GROUP if table.groups else ""
    added = tuple(
        replace(f, view=View.DETAIL, group=grouped, filled=True) for f in found if f.id not in taken
    )
    groups = (*table.groups, FieldGroup(_GROUP, _GROUP_LABEL)) if table.groups else ()
    return replace(table, fields=(*table.fields, *added), groups=groups, flat=True)


def _date(table: Table, metrics: Mapping[str, Metric]) -> Field | None:
    """The date that places a row in time: that of the metrics, else the first required one, else the first."""
    dates = [f for f in table.fields if f.type in _DATES]
    times = [m.time for m in metrics.values() if m.table == table.id and m.time]
    used = [f for time in times for f in dates if f.id == time]
    required = [f for f in dates if f.required]
    return next(iter((*used, *required, *dates)), None)


def _parts_of_date(table: Table, metrics: Mapping[str, Metric], first_month: int) -> Iterator[Field]:
    date = _date(table, metrics)
    if date is None:
        return
    day = Cell(table.id, date.id)
    fiscal = first_month > 1
    month = Call("MONTH", (day,))
    start = Call("EDATE", (day, Number(1 - first_month))) if fiscal else day
    into = Call("MOD", (Binary("-", month, Number(first_month)), Number(12)))
    year = Call("YEAR", (start,))
    quarter = Binary("+", Call("INT", (Binary("/", into, Number(3)),)), Number(1))
    monday = Binary("+", Binary("-", day, Call("WEEKDAY", (day, Number(2)))), Number(1))
    yield _formula("year", _FISCAL_YEAR if fiscal else _YEAR, day, year, FieldType.INTEGER, "0")
    named = Binary("&", Binary("&", year, Text(" Q")), quarter)
    yield _formula("quarter", _FISCAL_QUARTER if fiscal else _QUARTER, day, named)
    yield _formula("month", _MONTH, day, Call("TEXT", (day, Text("yyyy-mm"))))
    yield _formula("week", _WEEK, day, Call("TEXT", (monday, Text("yyyy-mm-dd"))))
    yield _formula("weekday", _WEEKDAY, day, Call("WEEKDAY", (day, Number(2))), FieldType.INTEGER)


def _formula(
    name: str,
    label: Label,
    day: Cell,
    made: Node,
    result: FieldType = FieldType.TEXT,
    number_format: str = "",
) -> Field:
    # What is typed as a date may be none.
    expr = Call("IF", (Call("ISNUMBER", (day,)), made, Text("")))
    return Field(
        f"{_GROUP}_{name}",
        label,
        FieldType.FORMULA,
        result=result,
        format=number_format,
        may_be_empty=True,
        expr=expr,
    )


def _dimensions(table: Table, tables: Mapping[str, Table]) -> Iterator[Field]:
    for own in table.fields:
        if (
            own.type in _DIMENSIONS
            and own.table != table.id
            and not own.required
            and not own.hidden
            and not own.private
        ):
            label = Label(own.label.zh + "（全）", f"{own.label.en} (all)")
            yield Field(
                f"{_GROUP}_{own.id}",
                label,
                FieldType.FORMULA,
                may_be_empty=True,
                expr=Cell(table.id, own.id),
            )
    for reference in table.fields:
        if reference.type is not FieldType.REFERENCE or reference.hidden:
            continue
        if reference.table not in tables or reference.table == table.id:
            continue
        for far in tables[reference.table].fields:
            if far.type in _DIMENSIONS and not far.hidden and not far.private:
                yield Field(
                    f"{_GROUP}_{reference.id}_{far.id}",
                    Label(
                        reference.label.zh + _BETWEEN + far.label.zh,
                        reference.label.en + _BETWEEN + far.label.en,
                    ),
                    FieldType.LOOKUP,
                    may_be_empty=True,
                    lookup=Lookup(reference.id, far.id),
                )
