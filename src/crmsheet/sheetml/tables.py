"""Tables: the parts that name a range, its columns and their formulas.

Knows a table part as data and how its range, columns and style are set by splicing. Does not know the
cells below a header: whoever renames a column or grows a table edits those too.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from crmsheet.excel.escaping import x_escaped, x_unescaped
from crmsheet.excel.references import RangeRef, parse_range, range_or_none
from crmsheet.messages import say
from crmsheet.opc.package import Package
from crmsheet.opc.refusals import Refusal
from crmsheet.opc.xmltree import Element, escaped, parse_tree
from crmsheet.sheetml.elements import TABLE_ORDER, attribute_edits, first_child, in_order, last_child
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.structs import dataclass, field

_TRUE: Final = ("1", "true")


@dataclass(frozen=True, slots=True)
class TableColumn:
    """`formula` is the calculated column's, as it stands in the file; empty when there is none."""

    id: int
    name: str
    formula: str
    is_array: bool
    totals_function: str
    totals_label: str
    element: Element = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class TableLook:
    """`tableStyleInfo`."""

    name: str
    row_stripes: bool
    column_stripes: bool
    first_column: bool
    last_column: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a sheet. `ref` includes header and totals rows."""

    part: str
    id: int
    name: str
    """What formulas call it (`displayName`)."""
    ref: RangeRef
    header_rows: int
    totals_rows: int
    columns: tuple[TableColumn, ...]
    look: TableLook | None
    filter_ref: RangeRef | None
    """Of the filter buttons; None when they are off."""
    is_query: bool
    """Filled by a query: Excel rewrites its rows."""
    data: bytes = field(repr=False, compare=False)
    element: Element = field(repr=False, compare=False)

    @property
    def body(self) -> RangeRef:
        """The data rows."""
        return RangeRef(
            self.ref.top + self.header_rows, self.ref.left, self.ref.bottom - self.totals_rows, self.ref.right
        )

    def column(self, name: str) -> TableColumn | None:
        """The column of that header; Excel does not distinguish case there."""
        wanted = name.casefold()
        return next((c for c in self.columns if c.name.casefold() == wanted), None)


@dataclass(frozen=True, slots=True)
class NewColumn:
    """A column to add at the right end of a table."""

    name: str
    formula: str = ""


def tables_of(package: Package, sheet_part: str) -> tuple[Table, ...]:
    """The tables of a sheet, in the order of its relationships."""
    return tuple(parse_table(package, part) for part in package.related(sheet_part, "table"))


def parse_table(package: Package, part: str) -> Table:
    """A table part. Refused as damaged when it has no readable range."""
    return _parsed(package.xml(part), package.file, part)


@lru_cache(maxsize=64)
def _parsed(data: bytes, file: str, part: str) -> Table:
    """One run asks for the same tables again and again."""
    root = parse_tree(data, file, part)
    try:
        ref = parse_range(root.get("ref"))
    except ValueError as problem:
        raise Refusal.DAMAGED.error(file, part, say("A table has no range.")) from problem
    holder = root.child("tableColumns")
    style = root.child("tableStyleInfo")
    filters = root.child("autoFilter")
    return Table(
        part=part,
        id=_number(root.get("id"), 0),
        name=x_unescaped(root.get("displayName") or root.get("name")),
        ref=ref,
        header_rows=_number(root.get("headerRowCount"), 1),
        totals_rows=_number(root.get("totalsRowCount"), 0),
        columns=tuple(_column(e) for e in holder.all("tableColumn")) if holder is not None else (),
        look=None if style is None else _look(style),
        filter_ref=None if filters is None else range_or_none(filters.get("ref")),
        is_query=root.get("tableType") == "queryTable",
        data=data,
        element=root,
    )


def _column(element: Element) -> TableColumn:
    formula = element.child("calculatedColumnFormula")
    return TableColumn(
        id=_number(element.get("id"), 0),
        name=x_unescaped(element.get("name")),
        formula="" if formula is None else formula.text,
        is_array=formula is not None and formula.get("array") in _TRUE,
        totals_function=element.get("totalsRowFunction"),
        totals_label=x_unescaped(element.get("totalsRowLabel")),
        element=element,
    )


def _look(element: Element) -> TableLook:
    names = ("showRowStripes", "showColumnStripes", "showFirstColumn", "showLastColumn")
    return TableLook(element.get("name"), *(element.get(name) in _TRUE for name in names))


def _number(text: str, default: int) -> int:
    return int(text) if text.isdecimal() else default


def table_edits(
    table: Table,
    *,
    ref: RangeRef | None = None,
    formulas: Mapping[int, str] | None = None,
    names: Mapping[int, str] | None = None,
    new_columns: tuple[NewColumn, ...] = (),
    look: TableLook | None = None,
    with_filter: bool = False,
    totals_rows: int | None = None,
) -> tuple[Replacement, ...]:
    """The replacements that give the table part another range, look or columns; nothing where all is so.

    `formulas` and `names` are by column id; an empty formula takes the calculated column away. `ref` must
    cover `new_columns`. The filter follows the range; `with_filter` puts it back when it is gone.
    """
    data, root = table.data, table.element
    new_ref = ref or table.ref
    totals = table.totals_rows if totals_rows is None else totals_rows
    edits: list[Replacement] = []
    changes: dict[str, str | None] = {}
    if new_ref != table.ref:
        changes["ref"] = str(new_ref)
    if totals != table.totals_rows:
        changes["totalsRowCount"] = str(totals) if totals else None
    edits += attribute_edits(data, root, changes)
    edits += _filter_edits(table, new_ref, totals, with_filter=with_filter)
    for column in table.columns:
        edits += _column_edits(table, column, (names or {}).get(column.id), (formulas or {}).get(column.id))
    edits += _added_columns(table, new_columns)
    if look is not None and look != table.look:
        edits += _look_edits(table, look)
    return tuple(edits)


def _filter_edits(table: Table, ref: RangeRef, totals: int, *, with_filter: bool) -> tuple[Replacement, ...]:
    filtered = str(RangeRef(ref.top, ref.left, ref.bottom - totals, ref.right))
    filters = table.element.child("autoFilter")
    if filters is None:
        if not with_filter:
            return ()
        added = f'<{table.element.prefix}autoFilter ref="{filtered}"/>'
        return (in_order(table.element, TABLE_ORDER, "autoFilter", added.encode()),)
    edits = attribute_edits(table.data, filters, {"ref": filtered})
    for sort in (table.element.child("sortState"), filters.child("sortState")):
        sorted_ = range_or_none(sort.get("ref")) if sort is not None else None
        # The sorted range follows only when it was exactly the data rows.
        if sort is not None and sorted_ is not None and sorted_.bottom == table.body.bottom:
            grown = RangeRef(sorted_.top, sorted_.left, ref.bottom - totals, sorted_.right)
            edits += attribute_edits(table.data, sort, {"ref": str(grown)})
    return edits


def _column_edits(
    table: Table, column: TableColumn, name: str | None, formula: str | None
) -> tuple[Replacement, ...]:
    element = column.element
    edits: tuple[Replacement, ...] = ()
    if name is not None and name != column.name:
        edits = attribute_edits(table.data, element, {"name": _attribute(name)})
    if formula is None or formula == column.formula:
        return edits
    old = element.child("calculatedColumnFormula")
    new = _formula(element.prefix, formula) if formula else b""
    if old is not None:
        return (*edits, Replacement(old.start, old.end, new))
    return (*edits, first_child(element, new)) if new else edits


def _formula(prefix: str, formula: str) -> bytes:
    tag = f"{prefix}calculatedColumnFormula".encode()
    return b"<%b>%b</%b>" % (tag, escaped(formula).replace(b"&quot;", b'"'), tag)


def _attribute(text: str) -> str:
    """A header as an attribute: a line break is written `_x000a_` there."""
    return x_escaped(text).replace("\r", "_x000d_").replace("\n", "_x000a_")


def _added_columns(table: Table, columns: tuple[NewColumn, ...]) -> tuple[Replacement, ...]:
    holder = table.element.child("tableColumns")
    if not columns or holder is None:
        return ()
    prefix = holder.prefix
    next_id = max((c.id for c in table.columns), default=0) + 1
    added = b""
    for number, column in enumerate(columns, next_id):
        start = (
            f'<{prefix}tableColumn id="{number}" name="'.encode() + escaped(_attribute(column.name)) + b'"'
        )
        if column.formula:
            added += start + b">" + _formula(prefix, column.formula) + f"</{prefix}tableColumn>".encode()
        else:
            added += start + b"/>"
    count = str(len(table.columns) + len(columns))
    return (*attribute_edits(table.data, holder, {"count": count}), last_child(holder, added))


def without_last(table: Table, count: int) -> tuple[Replacement, ...]:
    """The replacements that take the last columns away."""
    holder = table.element.child("tableColumns")
    assert holder is not None
    left = len(table.columns) - count
    gone = tuple(Replacement(c.element.start, c.element.end, b"") for c in table.columns[left:])
    ref = RangeRef(table.ref.top, table.ref.left, table.ref.bottom, table.ref.right - count)
    fewer = attribute_edits(table.data, holder, {"count": str(left)})
    return (*table_edits(table, ref=ref), *fewer, *gone)


def _look_edits(table: Table, look: TableLook) -> tuple[Replacement, ...]:
    wanted = {
        "name": look.name or None,
        "showFirstColumn": str(int(look.first_column)),
        "showLastColumn": str(int(look.last_column)),
        "showRowStripes": str(int(look.row_stripes)),
        "showColumnStripes": str(int(look.column_stripes)),
    }
    element = table.element.child("tableStyleInfo")
    if element is not None:
        return attribute_edits(table.data, element, wanted)
    attributes = b"".join(
        b' %b="%b"' % (name.encode(), escaped(value)) for name, value in wanted.items() if value is not None
    )
    tag = f"<{table.element.prefix}tableStyleInfo".encode()
    return (in_order(table.element, TABLE_ORDER, "tableStyleInfo", tag + attributes + b"/>"),)
