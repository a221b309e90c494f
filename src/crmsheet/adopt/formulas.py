"""Formulas of a column as one expression of the spec, where they say the same in every row.

Knows row formulas, lookups by key (VLOOKUP, XLOOKUP, INDEX with MATCH) and sums over another table's rows (SUMIFS
and its kin). Does not know whether the results agree: who builds from the draft compares them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from crmsheet.adopt.drafts import Draft, FieldDraft, Remark, TableDraft
from crmsheet.adopt.translate import Grounds, NotOursError, grounds
from crmsheet.excel.references import a1, column_letters
from crmsheet.formulas.render import to_spec
from crmsheet.formulas.tree import Area, Binary, Boolean, Call, Cell, Missing, Node, Number, Spot, Text
from crmsheet.intake.books import Book
from crmsheet.messages import say
from crmsheet.structs import replace

_MOST: Final = 0.8
"""The share of a column's rows that must hold one formula."""
_SUMS: Final = {
    "SUMIF": "sum",
    "SUMIFS": "sum",
    "AVERAGEIF": "avg",
    "AVERAGEIFS": "avg",
    "MAXIFS": "max",
    "MINIFS": "min",
}
_COUNTS: Final = ("COUNTIF", "COUNTIFS")


def computed(draft: Draft, book: Book) -> Draft:
    """The draft with formulas in place of values, where the spec has words for them; others are told."""
    ground = grounds(draft, book)
    remarks = list(draft.remarks)
    tables = tuple(
        replace(t, fields=tuple(_field(ground, t, f, remarks) if f.formulas else f for f in t.fields))
        for t in draft.tables
    )
    return replace(draft, tables=tables, remarks=tuple(remarks))


def _field(ground: Grounds, table: TableDraft, field: FieldDraft, remarks: list[Remark]) -> FieldDraft:
    held = [(i, formula) for i, formula in enumerate(field.formulas) if formula]
    place, about = _place(field), f"{table.id}.{field.id}"
    if table.sources or len(held) < _MOST * len(field.formulas) or field.id == table.key:
        text = say(
            "'{header}': {count} formulas were kept as values ({formula})",
            header=field.header,
            count=len(held),
            formula=held[0][1],
        )
        remarks.append(Remark(table.sheet, place, text))
        return field
    found: Counter[Node] = Counter()
    first: dict[Node, str] = {}
    why = ""
    for index, formula in held:
        row, column = field.places[index]
        try:
            tree = ground.tree(formula, table.sheet, row, column)
            node = _special(ground, tree, table, row) or ground.in_row(tree, table, row)
        except NotOursError:
            why = why or say("{cell} holds {formula}", cell=a1(row, column), formula=formula)
            continue
        found[node] += 1
        first.setdefault(node, formula)
    if found:
        node, count = found.most_common(1)[0]
        if count >= _MOST * len(field.formulas):
            done = _as(field, node, table)
            if done is not None:
                text = say(
                    "'{header}': {formula} is a formula of the spec now",
                    header=field.header,
                    formula=first[node],
                )
                remarks[:] = [r for r in remarks if r.about != about]
                remarks.append(Remark(table.sheet, place, text, understood=True, about=about))
                return done
        why = why or say("they differ from row to row")
    remarks.append(
        Remark(
            table.sheet,
            place,
            say("'{header}': its formulas were kept as values; {why}", header=field.header, why=why),
        )
    )
    return field


def _place(field: FieldDraft) -> str:
    letters = column_letters(field.column)
    return f"{letters}{field.places[0][0] + 1}:{letters}{field.places[-1][0] + 1}"


def _as(field: FieldDraft, node: Node, table: TableDraft) -> FieldDraft | None:
    if isinstance(node, Call) and node.function == _ATTRIBUTES:
        texts = [a.value for a in node.arguments if isinstance(a, Text)]
        return replace(
            field, rollup=tuple(zip(texts[::2], texts[1::2], strict=True)), list="", table="", required=False
        )
    if isinstance(node, Cell) and node.field == field.id:
        return None
    try:
        expr = to_spec(node, table.id)
    except ValueError:
        return None
    if f"[{field.id}]" in expr:
        return None
    return replace(field, expr=expr, list="", table="", required=False)


# Lookups and rollups: their attributes stand in a call that no spec knows, so that they can be counted like trees.

_ATTRIBUTES: Final = "attributes"


def _attributes(**values: str) -> Node:
    return Call(_ATTRIBUTES, tuple(Text(t) for pair in values.items() for t in pair))


def _special(ground: Grounds, tree: Node, table: TableDraft, row: int) -> Node | None:
    """The tree as a lookup or rollup, if it is one."""
    match tree:
        case Call("IFERROR" | "IFNA", (inner, Text("") | Missing())):
            return _special(ground, inner, table, row)
        case Call(
            "VLOOKUP", (Spot() as key, Area() as area, Number(number), Boolean(False) | Number(0) | Missing())
        ):
            wanted = Area(area.anchor, area.top, area.left, area.bottom, area.left)
            given = Area(
                area.anchor, area.top, area.left + int(number) - 1, area.bottom, area.left + int(number) - 1
            )
            return _lookup(ground, table, row, key, wanted, given)
        case Call("XLOOKUP", (Spot() as key, Area() as wanted, Area() as given, *_)):
            return _lookup(ground, table, row, key, wanted, given)
        case Call("INDEX", (Area() as given, Call("MATCH", (Spot() as key, Area() as wanted, Number(0))))):
            return _lookup(ground, table, row, key, wanted, given)
        case Call("SUMIF" | "AVERAGEIF" as name, (Area() as criteria, Spot() as key, Area() as summed)):
            return _rollup(ground, table, row, _SUMS[name], summed, [(criteria, key)])
        case Call(name, (Area() as summed, *pairs)) if name in _SUMS and name.endswith("S"):
            return _rollup(ground, table, row, _SUMS[name], summed, _paired(pairs))
        case Call(name, pairs) if name in _COUNTS:
            return _rollup(ground, table, row, "count", None, _paired(pairs))
        case _:
            return None


def _lookup(
    ground: Grounds, table: TableDraft, row: int, key: Spot, wanted: Area, given: Area
) -> Node | None:
    """`via` and `field`, when the key's column refers to the table in which it is looked up."""
    via = ground.field_at(key.anchor, key.column) if key.row == row else None
    there, shown = ground.column_of(wanted), ground.column_of(given)
    if via is None or there is None or shown is None or via[0].id != table.id:
        return None
    if via[1].table != there[0].id or there[0].key != there[1].id or shown[0].id != there[0].id:
        return None
    return _attributes(type="lookup", via=via[1].id, field=shown[1].id)


def _paired(arguments: Sequence[Node]) -> list[tuple[Node, Node]]:
    return list(zip(arguments[::2], arguments[1::2], strict=False))


def _rollup(
    ground: Grounds,
    table: TableDraft,
    row: int,
    agg: str,
    summed: Area | None,
    pairs: Sequence[tuple[Node, Node]],
) -> Node | None:
    """The rows of another table that refer to this one, with conditions on them."""
    via = None
    where: list[str] = []
    for criteria, wanted in pairs:
        found = ground.column_of(criteria) if isinstance(criteria, Area) else None
        if found is None:
            return None
        owner, field = found
        if isinstance(wanted, Spot) and wanted.row == row:
            own = ground.field_at(wanted.anchor, wanted.column)
            if own is None or own[0].id != table.id or own[1].id != table.key or field.table != table.id:
                return None
            via = found
        elif (condition := _condition(owner, field, wanted)) is not None:
            where.append(condition)
        else:
            return None
    if via is None or via[0].id == table.id:
        return None
    values = {"type": "rollup", "table": via[0].id, "agg": agg}
    if summed is not None:
        amount = ground.column_of(summed)
        if amount is None or amount[0].id != via[0].id:
            return None
        values["field"] = amount[1].id
    values["via"] = via[1].id
    if where:
        values["where"] = where[0] if len(where) == 1 else f"AND({', '.join(where)})"
    return _attributes(**values)


def _condition(table: TableDraft, field: FieldDraft, wanted: Node) -> str | None:
    """A constant criterion as an expression."""
    match wanted:
        case Text(text):
            operator = next((o for o in (">=", "<=", "<>", ">", "<", "=") if text.startswith(o)), "")
            rest = text[len(operator) :]
            if "*" in rest or "?" in rest:
                return None
            try:
                number: Node = Number(float(rest))
            except ValueError:
                number = Text(rest)
            return to_spec(Binary(operator or "=", Cell(table.id, field.id), number), table.id)
        case Number():
            return to_spec(Binary("=", Cell(table.id, field.id), wanted), table.id)
        case _:
            return None
